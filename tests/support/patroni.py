"""Two PostgreSQL nodes under Patroni, with etcd, on loopback: a primary and a
replica that each commit waits for."""

import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import tempfile
import urllib.error
import urllib.request

from support.cluster import own, programs, user
from support.wait import eventually

START_S = 90
NAMES = "one", "two"
# docs/postgresql.md says the same: the least time that Patroni takes.
TTL_S, LOOP_WAIT_S, RETRY_S = 20, 5, 5
NODE = """
scope: cleat
name: {name}
restapi:
  listen: 127.0.0.1:{rest}
  connect_address: 127.0.0.1:{rest}
etcd3:
  host: 127.0.0.1:{etcd}
bootstrap:
  dcs:
    ttl: {ttl}
    loop_wait: {loop_wait}
    retry_timeout: {retry}
    synchronous_mode: {is_synchronous}
    postgresql:
      use_pg_rewind: true
      parameters:
        max_connections: 200
        wal_log_hints: "on"
  initdb:
    - encoding: UTF8
    - locale: C.UTF-8
    - no-sync
  pg_hba:
    - local all all trust
    - host all all 127.0.0.1/32 trust
    - host replication all 127.0.0.1/32 trust
postgresql:
  listen: 127.0.0.1:{port}
  connect_address: 127.0.0.1:{port}
  data_dir: {folder}/{name}/data
  bin_dir: {programs}
  pgpass: {folder}/{name}/pgpass
  authentication:
    superuser: {{username: postgres}}
    replication: {{username: replicator}}
    rewind: {{username: postgres}}
  parameters:
    unix_socket_directories: {folder}/{name}
"""


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


class Node:

    def __init__(self, patroni, name):
        self.name, self.folder = name, patroni.folder / name
        self.folder.mkdir()
        self.rest, self.port = free_port(), free_port()
        (self.folder / "patroni.yml").write_text(NODE.format(
            name=name, rest=self.rest, port=self.port, etcd=patroni.etcd_port,
            ttl=TTL_S, loop_wait=LOOP_WAIT_S, retry=RETRY_S,
            is_synchronous=str(patroni.is_synchronous).lower(),
            folder=patroni.folder, programs=programs()))
        own(self.folder)
        self.process = None

    def start(self):
        with open(self.folder / "log", "ab") as log:
            self.process = subprocess.Popen(
                ["/usr/bin/patroni", self.folder / "patroni.yml"],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                cwd=self.folder, **user())

    def state(self):
        """As its Patroni says; {} when it says nothing."""
        try:
            with urllib.request.urlopen(
                    f"http://127.0.0.1:{self.rest}/patroni", timeout=5) as got:
                return json.load(got)
        except urllib.error.HTTPError as refused:
            return json.load(refused)
        except OSError:
            return {}

    def processes(self):
        """Of PostgreSQL: the postmaster and its children."""
        try:
            first = int((self.folder / "data" / "postmaster.pid")
                        .read_text().split()[0])
            children = pathlib.Path(f"/proc/{first}/task/{first}/children")
            return [first, *map(int, children.read_text().split())]
        except (FileNotFoundError, ValueError, IndexError):
            return []

    def signal(self, number):
        """To all of the node at once."""
        for process in [self.process.pid, *self.processes()]:
            try:
                os.kill(process, number)
            except ProcessLookupError:
                pass

    def kill(self):
        self.signal(signal.SIGKILL)
        self.process.wait()


class Patroni:

    def __init__(self, is_synchronous=True):
        self.is_synchronous = is_synchronous
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="cleat-patroni-"))
        self.etcd_port, self.peer_port = free_port(), free_port()
        (self.folder / "etcd").mkdir(mode=0o700)
        own(self.folder)
        self.etcd = self._start_etcd()
        self.nodes = [Node(self, name) for name in NAMES]
        for node in self.nodes:
            node.start()
        self.wait_until_whole()
        for sql in "CREATE ROLE cleat LOGIN", \
                "CREATE DATABASE cleat OWNER cleat":
            self.sql(self.primary(), sql)
        # libpq goes on to the next host from one that is not the primary, but
        # not from one that has not heard of the database yet
        eventually(lambda: self.sql(
            self.replica(), "SELECT count(*) FROM pg_database "
            "WHERE datname = 'cleat'") == "1", "the replica", START_S)
        hosts = ",".join(f"127.0.0.1:{node.port}" for node in self.nodes)
        self.url = f"postgresql://cleat@{hosts}/cleat" \
            "?target_session_attrs=read-write&connect_timeout=2"

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for node in self.nodes:
            node.signal(signal.SIGCONT)
            node.kill()
        self.etcd.kill()
        self.etcd.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _start_etcd(self):
        client = f"http://127.0.0.1:{self.etcd_port}"
        peer = f"http://127.0.0.1:{self.peer_port}"
        with open(self.folder / "etcd.log", "wb") as log:
            return subprocess.Popen(
                ["/usr/bin/etcd", "--name", "e", "--data-dir",
                 self.folder / "etcd", "--listen-client-urls", client,
                 "--advertise-client-urls", client, "--listen-peer-urls", peer,
                 "--initial-advertise-peer-urls", peer, "--initial-cluster",
                 f"e={peer}"], stdin=subprocess.DEVNULL, stdout=log,
                stderr=log, cwd=self.folder, **user())

    def sql(self, node, sql):
        done = subprocess.run(
            [programs() / "psql", "-qAt", "-h", node.folder, "-p",
             str(node.port), "-U", "postgres", "-d", "postgres", "-c", sql],
            check=False, capture_output=True, text=True, **user())
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def _of_role(self, role):
        """The one that runs as such, or None."""
        for node in self.nodes:
            state = node.state()
            if state.get("role") in role and state.get("state") == "running":
                return node
        return None

    def primary(self):
        return self._of_role(("master", "primary"))

    def replica(self):
        return self._of_role(("replica", "sync_standby", "quorum_standby"))

    def _is_whole(self):
        """Patroni lets nobody take over who is not named in etcd as what
        commits wait for."""
        primary, replica = self.primary(), self.replica()
        if not primary or not replica or (
                self.is_synchronous and
                not replica.state().get("sync_standby")):
            return False
        return self.sql(primary, "SELECT count(*) FROM pg_stat_replication "
                        "WHERE state = 'streaming'") == "1"

    def wait_until_whole(self):
        """The replica has all, and is waited for."""
        def is_whole():
            try:
                return self._is_whole()
            except AssertionError:
                return False
        eventually(is_whole, "a primary with its replica", START_S)
