"""A PostgreSQL cluster in a folder of its own, on a Unix socket alone.

Its database's owner, `cleat`, may do no more than a server of Cleat needs.
Servers of PostgreSQL refuse root: then the cluster is the user postgres's."""

import glob
import os
import pathlib
import pwd
import re
import shutil
import signal
import subprocess
import tempfile
import time

START_S = 30
# What a power cut leaves is PostgreSQL's own promise, and not tried here.
SETTINGS = """
listen_addresses = ''
unix_socket_directories = '{folder}'
port = {port}
max_connections = 500
shared_buffers = 128MB
fsync = off
full_page_writes = off
"""


def programs():
    """Debian keeps each version's in a folder of its own: the newest."""
    found = glob.glob("/usr/lib/postgresql/*/bin")
    return pathlib.Path(max(found, key=lambda path: int(
        re.search(r"/(\d+)/", path)[1])))


def user():
    """Whose the servers are, as subprocess has it: not root's."""
    if os.getuid() != 0:
        return {}
    owner = pwd.getpwnam("postgres")
    return {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []}


def own(folder):
    """The folder, and what is in it, is theirs."""
    its = user()
    for path in [folder, *folder.rglob("*")] if its else []:
        os.chown(path, its["user"], its["group"])


class Cluster:
    """`settings` are lines for its postgresql.conf."""

    port = 5432

    def __init__(self, settings=""):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="cleat-cluster-"))
        self.data = self.folder / "data"
        self.user = user()
        self.prepare()
        own(self.folder)
        self.run("initdb", "-U", "postgres", "-A", "trust", "-E", "UTF8",
                 "--locale=C.UTF-8", "--no-sync", "-D", self.data)
        with open(self.data / "postgresql.conf", "a", encoding="ascii") as to:
            to.write(SETTINGS.format(folder=self.folder, port=self.port)
                     + settings)
        self.start()
        self.sql("CREATE ROLE cleat LOGIN")
        self.sql("CREATE DATABASE cleat OWNER cleat")
        self.url = f"postgresql:///cleat?host={self.folder}&user=cleat"

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.remove()

    def prepare(self):
        """Before anything is in its folder."""

    def run(self, program, *words):
        done = subprocess.run(
            [programs() / program, *map(str, words)], check=False,
            stdin=subprocess.DEVNULL, capture_output=True, text=True,
            **self.user)
        assert done.returncode == 0, f"{program}: {done.stdout}{done.stderr}"
        return done.stdout

    def sql(self, sql):
        return self.run("psql", "-q", "-A", "-t", "-h", self.folder, "-p",
                        self.port, "-U", "postgres", "-c", sql)

    def start(self):
        """After a kill too: what the others of it are about to end with."""
        deadline = time.monotonic() + START_S
        while True:
            done = subprocess.run(
                [programs() / "pg_ctl", "-D", self.data, "-l",
                 self.folder / "log", "-w", "start"], check=False,
                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL, **self.user)
            if done.returncode == 0:
                return
            assert time.monotonic() < deadline, \
                (self.folder / "log").read_text()[-2000:]
            time.sleep(0.1)

    def processes(self):
        """The postmaster first, then its children."""
        first = int((self.data / "postmaster.pid").read_text().split()[0])
        children = pathlib.Path(f"/proc/{first}/task/{first}/children")
        return [first, *map(int, children.read_text().split())]

    def signal(self, number):
        for process in self.processes():
            try:
                os.kill(process, number)
            except ProcessLookupError:
                pass

    def kill(self):
        """All of it, at once."""
        self.signal(signal.SIGKILL)

    def stop(self):
        try:
            self.signal(signal.SIGCONT)
            self.run("pg_ctl", "-D", self.data, "-m", "immediate", "stop")
        except (AssertionError, FileNotFoundError):
            pass  # it was killed, and not started again

    def remove(self):
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)
