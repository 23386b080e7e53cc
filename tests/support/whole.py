"""What must hold of a store's rows, whatever happened to it."""

import contextlib
import sqlite3

HOLDERS = "(SELECT id FROM connection UNION SELECT id FROM integration " \
    "UNION SELECT id FROM provider_app UNION SELECT id FROM destination " \
    "UNION SELECT id FROM step WHERE state = 'waiting')"

# (rows, their column, the rows that it names)
NAMES = [("(SELECT * FROM installation WHERE deleted_at IS NULL)",
          "connection_id", "connection"),
         ("installation", "integration_id", "integration"),
         ("secret", "owner_id", HOLDERS),
         ("deployment", "worker_id", "worker"),
         ("delivery_body", "delivery_id", "delivery"),
         ("delivery_attempt", "delivery_id", "delivery"),
         ("delivery", "id", "(SELECT delivery_id AS id FROM delivery_body)")]


@contextlib.contextmanager
def opened(store):
    """rows(sql), of a store that nobody serves."""
    path = store.url.removeprefix("sqlite:")
    connection = sqlite3.connect(path)
    try:
        yield lambda sql: connection.execute(sql).fetchall()
    finally:
        connection.close()


def row_faults(store):
    """What is broken, and rows that name one that is not there; as
    sentences."""
    found = []
    with opened(store) as rows:
        for (said,) in rows("PRAGMA integrity_check"):
            if said != "ok":
                found.append(said)
        for child, column, parent in NAMES:
            [(lost,)] = rows(
                f"SELECT count(*) FROM {child} c LEFT JOIN {parent} p "
                f"ON p.id = c.{column} WHERE p.id IS NULL")
            if lost:
                found.append(f"{lost} of {child} without {parent}")
    return found
