"""A store's rows, read or changed in its file, and what must hold of them
whatever happened to it."""

import contextlib

from support import engine
from support.server import Server, Store
from support.tampering import verify

HOLDERS = "(SELECT id FROM connection UNION SELECT id FROM integration " \
    "UNION SELECT id FROM provider_app UNION SELECT id FROM destination " \
    "UNION SELECT id FROM variable " \
    "UNION SELECT id FROM step WHERE state = 'waiting')"

# (rows, their column, the rows that it names)
NAMES = [("(SELECT * FROM installation WHERE deleted_at IS NULL)",
          "connection_id", "connection"),
         ("installation", "integration_id", "integration"),
         ("secret", "owner_id", HOLDERS),
         ("deployment", "worker_id", "worker"),
         ("variable_value", "variable_id", "variable"),
         ("variable_value", "environment_id", "environment"),
         ("delivery_body", "delivery_id", "delivery"),
         ("delivery_attempt", "delivery_id", "delivery"),
         ("delivery", "id", "(SELECT delivery_id AS id FROM delivery_body)")]


def reader(store):
    """A connection that only reads; somebody may serve the store."""
    return engine.connect(store.url)


@contextlib.contextmanager
def opened(store):
    """rows(sql, values), for several looks at it."""
    with contextlib.closing(reader(store)) as connection:
        yield lambda sql, values=(): connection.execute(
            sql, values).fetchall()


def rows_of(store, sql, values=()):
    """For one look at it."""
    with opened(store) as rows:
        return rows(sql, values)


@contextlib.contextmanager
def changing(store):
    """A connection to a store that nobody serves, for changes behind the
    program's back; they are committed at the end."""
    with contextlib.closing(engine.connect(store.url, may_write=True)) \
            as connection:
        with connection:
            yield connection


@contextlib.contextmanager
def verified_store():
    """At its end, whatever was done to it: every event is under its link."""
    with Store() as store:
        yield store
        done = verify(store.url)
        assert done.returncode == 0, done


@contextlib.contextmanager
def served(**named):
    """A server on such a store, stopped and judged at the end."""
    with verified_store() as store:
        server = Server(store, **named)
        try:
            yield server
            server.stop()
        finally:
            if not server.is_over:
                server.kill()


def row_faults(store):
    """What is broken, and rows that name one that is not there; as
    sentences."""
    found = []
    with opened(store) as rows:
        if not engine.is_postgres():
            found += [said for (said,) in rows("PRAGMA integrity_check")
                      if said != "ok"]
        for child, column, parent in NAMES:
            [(lost,)] = rows(
                f"SELECT count(*) FROM {child} c LEFT JOIN {parent} p "
                f"ON p.id = c.{column} WHERE p.id IS NULL")
            if lost:
                found.append(f"{lost} of {child} without {parent}")
    return found
