"""Stores that `cleat store copy` makes, and what lies in them."""

import contextlib
import pathlib
import shutil
import signal
import subprocess
import tempfile

from support import cli, engine, filled
from support.server import Store
from support.wait import eventually

TIMEOUT_S = 600
OWN = {"schema_migration", "store_copy"}  # of each end, and not copied


class FileStore(Store):
    """On SQLite, whatever the tests' engine is."""

    def __init__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="cleat-"))
        self.url = engine.other_url(self.folder)
        self.keys = self._command("init")

    @property
    def master_key(self):
        return cli.keys.get(
            self.url, self.url.removeprefix("sqlite:") + ".key")


class Target(Store):
    """Where a store is copied to: of the tests' engine, or on SQLite."""

    def __init__(self, source, is_file=False):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="cleat-"))
        self.is_file = is_file
        self.keys = source.keys
        path = source.url.removeprefix("sqlite:")
        self.master_key = cli.keys.get(source.url, f"{path}.key")
        self.start_anew()

    def start_anew(self):
        """Where there is nothing yet."""
        for path in self.folder.glob("store*"):
            path.unlink()
        self.url = engine.other_url(self.folder) if self.is_file \
            else engine.new_url(self.folder)
        cli.keys[self.url] = self.master_key


def copy(source, target):
    """The finished process."""
    return subprocess.run(
        [cli.binary(), "store", "copy", "--from", source.url, "--to",
         target.url], env=cli.environment(), stdin=subprocess.DEVNULL,
        capture_output=True, text=True, timeout=TIMEOUT_S, check=False)


@contextlib.contextmanager
def held(url):
    """As a command holds a store on PostgreSQL that must have it alone; gives
    whether it could be had."""
    with contextlib.closing(engine.connect(url)) as connection:
        yield connection.execute(
            "SELECT pg_try_advisory_lock(1668048237, "
            "hashtext(current_schema()))").fetchone()[0]


def is_free(url):
    with held(url) as is_held:
        return is_held


def copy_and_kill(source, target, after_s):
    """Whether it was killed before its end. What it was doing in PostgreSQL
    has ended too."""
    with subprocess.Popen(
            [cli.binary(), "store", "copy", "--from", source.url, "--to",
             target.url], env=cli.environment(), stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            process.wait(after_s)
        except subprocess.TimeoutExpired:
            process.kill()
    for url in source.url, target.url:
        if url.startswith("postgresql:"):
            eventually(lambda url=url: is_free(url), f"{url} let go of")
    return process.returncode == -signal.SIGKILL


def contents(store):
    """{table: its rows}: what a copy must have, to the byte. Where SQLite
    puts an installation is its own affair."""
    found = {}
    with contextlib.closing(engine.connect(store.url)) as connection:
        for table, columns in engine.columns_by_table(connection).items():
            names = sorted(set(columns) - (
                {"number"} if table == "installation" else set()))
            if table not in OWN:
                found[table] = sorted(map(repr, connection.execute(
                    f"SELECT {', '.join(names)} FROM {table}")))
    return found


def is_half(store):
    """Whether it is marked as a copy that is not whole."""
    if store.url.startswith("sqlite:") and not pathlib.Path(
            store.url.removeprefix("sqlite:")).exists():
        return False  # it was not even begun
    with contextlib.closing(engine.connect(store.url)) as connection:
        tables = engine.columns_by_table(connection)
        return "store_copy" in tables and bool(connection.execute(
            "SELECT 1 FROM store_copy").fetchall())


def filled_store(customers):
    """One on SQLite with so many in one project."""
    store = FileStore()
    with filled.filling(store.url) as fill:
        project = fill.connection.execute("SELECT id FROM project") \
            .fetchone()[0]
        fill.tenant(project, 10, customers // 10)
    return store


def remove(*stores):
    for store in stores:
        shutil.rmtree(store.folder, ignore_errors=True)
