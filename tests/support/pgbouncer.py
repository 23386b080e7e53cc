"""pgbouncer in transaction mode, in front of a cluster (support/cluster.py),
in whose folder it lies.

All who connect here share a few connections to each database, and have one of
them for a transaction. Options of a session are refused: a store here is a
database of its own (support/engine.py)."""

import signal
import subprocess

from support.cluster import START_S, own
from support.wait import eventually

POOL_SIZE = 3  # less than the sessions of one server
PORT = 6432
SETTINGS = """
[databases]
* = host={cluster}

[pgbouncer]
pool_mode = transaction
default_pool_size = {pool_size}
max_client_conn = 1000
server_idle_timeout = 10
listen_addr =
unix_socket_dir = {folder}
listen_port = {port}
auth_type = trust
auth_file = {folder}/users
logfile = {folder}/log
"""


class Pgbouncer:

    def __init__(self, cluster, pool_size=POOL_SIZE):
        self.cluster = cluster
        self.folder = cluster.folder / "pgbouncer"
        self.folder.mkdir()
        (self.folder / "users").write_text('"cleat" ""\n')
        (self.folder / "ini").write_text(SETTINGS.format(
            cluster=cluster.folder, folder=self.folder, port=PORT,
            pool_size=pool_size))
        own(self.folder)
        self.start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()

    def url(self, database="cleat"):
        return f"postgresql:///{database}?host={self.folder}&port={PORT}" \
            "&user=cleat&pgbouncer=true"

    def start(self):
        self.process = subprocess.Popen(
            ["/usr/sbin/pgbouncer", "-q", self.folder / "ini"],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL, **self.cluster.user)
        eventually((self.folder / f".s.PGSQL.{PORT}").exists, "pgbouncer",
                   START_S)

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        (self.folder / f".s.PGSQL.{PORT}").unlink(missing_ok=True)
