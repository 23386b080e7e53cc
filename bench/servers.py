"""The servers under test: how each starts, is found ready, and stops."""

import contextlib
import glob
import json
import os
import pathlib
import pwd
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request

import load_cleat
import tools

CLEAT = pathlib.Path(
    os.environ.get("CLEAT_BIN", tools.HERE.parent / "build" / "cleat")
)
BASELINE = tools.HERE / "baseline"
START_WITHIN_S = 30
STOP_WITHIN_S = 30


@contextlib.contextmanager
def running(server):
    try:
        yield server
    finally:
        server.stop()


class Server:
    """A process on the server's core that says where it listens."""

    has_core_alone = True  # and needs nothing of the load generator's

    def __init__(self, name, argv, log, env=None, core=tools.SERVER_CORE):
        self.name = name
        self.key = None
        self.log = log
        self.started_at = time.perf_counter()
        with open(log, "ab") as stderr:
            self.process = subprocess.Popen(
                [str(word) for word in argv],
                env={**os.environ, **(env or {})},
                stdout=subprocess.PIPE,
                stderr=stderr,
                text=True,
                preexec_fn=tools.on_core(core),
            )
        line = self.process.stdout.readline()
        if not line.startswith("listening on http://"):
            self.stop()
            raise SystemExit(f"bench: {name} did not start:\n{tail(log)}")
        self.address = line.split("//")[1].strip()

    def wait_ready(self, path):
        """Milliseconds from the start to the first 200."""
        url = f"http://{self.address}{path}"
        while time.perf_counter() < self.started_at + START_WITHIN_S:
            try:
                with urllib.request.urlopen(url):
                    return (time.perf_counter() - self.started_at) * 1e3
            except (urllib.error.URLError, ConnectionError):
                time.sleep(0.001)
        self.stop()
        raise SystemExit(f"bench: {self.name} is not ready:\n{tail(self.log)}")

    def get(self, path):
        request = urllib.request.Request(
            f"http://{self.address}{path}",
            headers={"X-Api-Key": self.key},
        )
        with urllib.request.urlopen(request) as answer:
            return answer.read()

    def cpu_s(self):
        """Processor time that it has used so far."""
        stat = pathlib.Path(f"/proc/{self.process.pid}/stat").read_text()
        user, system = stat.rpartition(")")[2].split()[11:13]
        return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")

    def private_mb(self):
        """RssAnon: memory that is its own, not a file's."""
        path = pathlib.Path(f"/proc/{self.process.pid}/status")
        for line in path.read_text().splitlines():
            if line.startswith("RssAnon:"):
                return int(line.split()[1]) / 1024
        raise SystemExit(f"bench: {self.name} has ended")

    def stop(self):
        status = self.process.poll()
        if status is not None:
            print(f"bench: {self.name} had ended by itself with {status}:\n"
                  f"{tail(self.log)}", file=sys.stderr)
        stop_process(self.name, self.process, signal.SIGTERM)


def tail(log):
    """Its last lines: the folder that it is in goes away."""
    return "\n".join(log.read_text().splitlines()[-5:])


def stop_process(name, process, how):
    if process.poll() is None:
        process.send_signal(how)
        try:
            process.wait(STOP_WITHIN_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            raise SystemExit(f"bench: {name} did not stop") from None
    if process.stdout:
        process.stdout.close()


class Hello(Server):
    THREADS = 2

    def __init__(self, body, folder):
        argv = [tools.program("hello"), body, self.THREADS]
        super().__init__("hello", argv, folder / "hello.log")


class Upstream(Server):
    """What is behind those that pass calls on: on the load's core."""

    def __init__(self, body, folder):
        super().__init__("upstream", [tools.program("hello"), body, 1],
                         folder / "upstream.log", core=tools.LOAD_CORE)


class Relay(Server):
    """libmicrohttpd and libcurl, and nothing between."""

    def __init__(self, upstream, folder):
        super().__init__("relay", [tools.program("relay"),
                                   f"http://{upstream.address}"],
                         folder / "relay.log")


class Cleat(Server):
    """Its store is made when there is none."""

    def __init__(self, folder, options=()):
        """The folder is named for what the figures call it."""
        folder.mkdir(exist_ok=True)
        cleat = folder / "cleat"  # a build meanwhile changes nothing
        if not cleat.exists():
            shutil.copy(CLEAT, cleat)
        store = self.store_options(folder)
        keys = folder / "keys.json"
        if not keys.exists():
            keys.write_bytes(
                subprocess.check_output([cleat, "init", *store])
            )
        argv = [cleat, "serve", *store, "--listen", "127.0.0.1:0",
                "--key-rate", "0", *options]
        super().__init__(folder.name, argv, folder / "cleat.log")
        self.key = json.loads(keys.read_bytes())["ampersand"]["apiKey"]
        self.folder = folder
        self.ready_ms = self.wait_ready("/readyz")
        self.integrations = []

    def store_options(self, folder):
        return ["--store", f"sqlite:{folder}/cleat.db"]

    def fill(self, integrations, installations):
        self.integrations = load_cleat.fill(
            self.address, self.key, integrations, installations, self.folder
        )

    def connect_groups(self, label, count, lines):
        load_cleat.connect_groups(
            self.address, self.key, self.integrations, label, count, lines
        )


class Postgres:
    """A cluster of its own, reached by a socket in its folder."""

    USER = "postgres"

    def __init__(self, folder):
        self.folder = folder
        folder.mkdir()
        owner = {}
        if os.geteuid() == 0:  # which PostgreSQL refuses to run as
            account = pwd.getpwnam(self.USER)
            os.chown(folder, account.pw_uid, account.pw_gid)
            owner = {
                "user": account.pw_uid,
                "group": account.pw_gid,
                "extra_groups": [],
            }
        data = folder / "data"
        programs = self.programs()
        with open(folder / "postgres.log", "ab") as log:
            subprocess.run(
                [programs / "initdb", "-D", data, "-U", self.USER, "-A",
                 "trust", "-E", "UTF8", "--locale=C.UTF-8"],
                stdout=log, stderr=log, check=True, cwd=folder, **owner,
            )
            self.process = subprocess.Popen(
                [programs / "postgres", "-D", data, "-k", folder, "-c",
                 "listen_addresses=", "-c", "unix_socket_permissions=0700"],
                stdout=log, stderr=log, cwd=folder, **owner,
            )
        self.log = folder / "postgres.log"
        self.wait_ready(programs / "pg_isready")

    @staticmethod
    def programs():
        found = glob.glob("/usr/lib/postgresql/*/bin/postgres")
        if not found:
            raise SystemExit("bench: install Debian's package postgresql")
        return pathlib.Path(max(found)).parent

    def wait_ready(self, pg_isready):
        while subprocess.run([pg_isready, "-q", "-h", self.folder]).returncode:
            if self.process.poll() is not None:
                raise SystemExit(f"bench: no PostgreSQL:\n{tail(self.log)}")
            time.sleep(0.05)

    def psql(self, *arguments, **values):
        """What the statements answer, as tab-separated lines."""
        command = ["psql", "-qXAt", "-F", "\t", "-v", "ON_ERROR_STOP=1"]
        command += ["-h", self.folder, "-U", self.USER, "-d", "postgres"]
        for name, value in values.items():
            command += ["-v", f"{name}={value}"]
        return subprocess.check_output([*command, *arguments], text=True)

    def stop(self):
        stop_process("PostgreSQL", self.process, signal.SIGINT)


class CleatOnPostgres(Cleat):
    """In a database beside the baseline's, as a role of its own."""

    has_core_alone = False

    def __init__(self, postgres, folder):
        self.postgres = postgres
        if not folder.exists():
            postgres.psql("-c", "create role cleat login",
                          "-c", "create database cleat owner cleat")
        super().__init__(folder)

    def store_options(self, folder):
        return ["--store",
                f"postgresql:///cleat?host={self.postgres.folder}&user=cleat",
                "--master-key", folder / "master.key"]


class Baseline(Server):
    """Fastify on the server's core; PostgreSQL's own processes go where
    they like."""

    has_core_alone = False

    def __init__(self, postgres, folder):
        env = {
            "PGHOST": str(postgres.folder),
            "PGUSER": postgres.USER,
            "PGDATABASE": "postgres",
            "NODE_ENV": "production",
        }
        self.folder = folder
        self.postgres = postgres
        argv = ["node", install_baseline() / "server.js"]
        super().__init__("baseline", argv, folder / "baseline.log", env)
        self.key = "bench"

    def fill(self, integrations, installations):
        psql = self.postgres.psql
        psql("-f", BASELINE / "schema.sql")
        psql("-f", BASELINE / "load.sql", key=self.key,
             integrations=integrations, installations=installations)
        (self.folder / "integrations.tsv").write_text(
            psql("-c", "select id from integration")
        )
        (self.folder / "installations.tsv").write_text(psql("-c", """
            select i.integration_id, g.ref, i.id
            from installation i join customer_group g on g.id = i.group_id
        """))

    def connect_groups(self, label, count, lines):
        lines.write_text(self.postgres.psql(
            "-f", BASELINE / "spare.sql", label=label, count=count
        ))


def install_baseline():
    """A copy beside the build, so that npm leaves the source alone."""
    copy = tools.BUILD / "baseline"
    lock = BASELINE / "package-lock.json"
    installed = copy / "installed.json"
    shutil.copytree(BASELINE, copy, dirs_exist_ok=True)
    if not installed.exists() or (
        installed.read_bytes() != lock.read_bytes()
    ):
        subprocess.run(
            ["npm", "ci", "--omit=dev", "--no-audit", "--no-fund",
             "--ignore-scripts", "--loglevel=error"],
            cwd=copy, check=True, stdout=subprocess.DEVNULL,
        )
        shutil.copy(lock, installed)
    return copy
