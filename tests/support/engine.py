"""The engine that stores of tests are on: SQLite, or PostgreSQL where
CLEAT_TEST_POSTGRES has a cluster's URL (tools/cluster). A store on PostgreSQL
is a schema of its own; the cluster goes, so nobody drops it. Where
CLEAT_TEST_PGBOUNCER has the URL of one, servers go through it, each store is a
database, and tests look at it past pgbouncer."""

import contextlib
import itertools
import os
import re
import sqlite3
import uuid

CLUSTER = os.environ.get("CLEAT_TEST_POSTGRES")
PGBOUNCER = os.environ.get("CLEAT_TEST_PGBOUNCER")
_numbers = itertools.count()


def is_postgres():
    return bool(CLUSTER)


def new_url(folder, cluster=None):
    """Where `cleat init` may make a store."""
    if not cluster and not CLUSTER:
        return f"sqlite:{folder}/store.db"
    name = f"store_{os.getpid()}_{next(_numbers)}"
    is_pooled = PGBOUNCER and not cluster
    with contextlib.closing(_Connection(cluster or CLUSTER, False)) as one:
        one.execute(f"CREATE {'DATABASE' if is_pooled else 'SCHEMA'} {name}")
    if is_pooled:
        return PGBOUNCER.replace("/cleat?", f"/{name}?")
    return f"{cluster or CLUSTER}&options=-csearch_path%3D{name}"


def _direct(url):
    """Past pgbouncer."""
    database = re.match(r"postgresql:///(\w+)\?.*pgbouncer=true", url)
    return CLUSTER.replace("/cleat?", f"/{database[1]}?") if database else url


def other_url(folder):
    """The same, of SQLite, whatever the tests' engine is."""
    return f"sqlite:{folder}/store-{next(_numbers)}.db"


def master_key(url, folder):
    """The file that it must be told of; None: it lies beside the store."""
    return str(folder / "store.db.key") if url.startswith("postgresql:") else None


def connect(url, may_write=False):
    """execute(sql with ?, values), commit(), close(): as sqlite3 has them."""
    if url.startswith("postgresql:"):
        return _Connection(url, may_write)
    path = url.removeprefix("sqlite:")
    return sqlite3.connect(path) if may_write else sqlite3.connect(
        f"file:{path}?mode=ro", uri=True)


def columns_by_table(connection):
    if isinstance(connection, _Connection):
        # the views of information_schema look through all stores' columns
        pairs = connection.execute(
            "SELECT relname, attname FROM pg_class JOIN pg_attribute "
            "ON attrelid = pg_class.oid AND attnum > 0 AND NOT attisdropped "
            "WHERE relkind = 'r' "
            "AND relnamespace = current_schema()::regnamespace "
            "ORDER BY attnum")
    else:
        pairs = connection.execute(
            "SELECT m.name, c.name FROM sqlite_master m, "
            "pragma_table_info(m.name) c WHERE m.type = 'table'")
    found = {}
    for table, column in pairs:
        found.setdefault(table, []).append(column)
    return found


def dump(connection):
    """Its tables and rows, as lines."""
    if not is_postgres():
        return list(connection.iterdump())
    return sorted(f"{table} {row!r}" for table in columns_by_table(connection)
                  for row in connection.execute(f"SELECT * FROM {table}"))


def contents(store):
    """{what: bytes} of all that is stored: files, or values of rows."""
    if not is_postgres():
        return {path.name: path.read_bytes()
                for path in store.folder.iterdir()
                if path.is_file() and path.suffix != ".key"}
    with contextlib.closing(connect(store.url)) as connection:
        values = [value for table in columns_by_table(connection)
                  for row in connection.execute(f"SELECT * FROM {table}")
                  for value in row]
    return {"rows": b"\n".join(
        value if isinstance(value, bytes) else str(value).encode()
        for value in values)}


def version(connection):
    """Another number as soon as anything was committed, here or nearby."""
    sql = "SELECT txid_snapshot_xmax(txid_current_snapshot())" \
        if is_postgres() else "PRAGMA data_version"
    return connection.execute(sql).fetchone()[0]


class _Connection:
    """psycopg2's, with what sqlite3 gives and takes: uuids are 16 bytes,
    truths are numbers."""

    def __init__(self, url, may_write):
        import psycopg2  # not there where nobody tests on PostgreSQL
        import psycopg2.extensions as extensions
        self.connection = psycopg2.connect(_direct(url))
        # who only reads sees at each look what is committed
        self.connection.autocommit = not may_write
        for name, kinds, read in (
                ("uuid", (2950,), lambda text, _: text and uuid.UUID(
                    text).bytes),
                ("bytea", (17,), lambda text, _: text and bytes.fromhex(
                    text[2:])),
                ("bool", (16,), lambda text, _: text and int(text == "t")),
                ("numeric", (1700,), lambda text, _: text and int(text))):
            extensions.register_type(
                extensions.new_type(kinds, name, read), self.connection)
        self._run("SET cleat.project = 'store'")
        self.commit()

    def _run(self, sql, values=()):
        cursor = self.connection.cursor()
        cursor.execute(sql.replace("%", "%%").replace("?", "%s"),
                       [_adapted(value) for value in values])
        return _Rows(cursor)

    def execute(self, sql, values=()):
        return self._run(sql, values)

    def executemany(self, sql, rows):
        for values in rows:
            self.execute(sql, values)

    def commit(self):
        self.connection.commit()

    def rollback(self):
        self.connection.rollback()

    def close(self):
        self.connection.close()

    def __enter__(self):
        return self

    def __exit__(self, kind, *_):
        self.rollback() if kind else self.commit()


class _Rows:

    def __init__(self, cursor):
        self.cursor = cursor
        self.description = cursor.description
        self.rowcount = cursor.rowcount

    def __iter__(self):
        return iter(self.fetchall())

    def fetchall(self):
        return [tuple(row) for row in self.cursor.fetchall()]

    def fetchone(self):
        row = self.cursor.fetchone()
        return row and tuple(row)


def _adapted(value):
    if isinstance(value, bytes) and len(value) == 16:
        return str(uuid.UUID(bytes=value))
    return value


