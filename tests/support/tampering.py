"""Tampering with a store's events and links, by SQL, on a copy of its file."""

import base64
import hashlib
import json
import random
import shutil
import sqlite3
import uuid

from support import cli

COLUMNS = {"event": ["project_id", "number", "type", "actor", "subject_kind",
                     "subject_id", "payload", "created_at"],
           "event_link": ["project_id", "number", "first_event", "last_event",
                          "event_count", "hash", "created_at"]}
KEYS = {"event": ("project_id", "number"),
        "event_link": ("project_id", "last_event")}
TEXTS = {"type", "actor", "subject_kind", "payload"}


def verify(url, *options):
    return cli.run("audit", "verify", "--store", url, *options)


def number(value):
    return value.to_bytes(8, "big", signed=True)


def text(value):
    value = value.encode() if isinstance(value, str) else value
    return number(len(value)) + value


def link_hash(previous, link, events):
    """As docs/proof.md has it; `link` and `events` by their columns."""
    hashed = b"cleat event link 1\n" + previous + link["project_id"]
    for event in events:
        hashed += number(event["number"]) + b"".join(
            text(event[name]) for name in
            ("type", "actor", "subject_kind", "subject_id", "payload")
        ) + number(event["created_at"])
    hashed += b"".join(number(link[name]) for name in (
        "number", "first_event", "last_event", "event_count", "created_at"))
    return hashlib.blake2b(hashed, digest_size=32).digest()


def seen_by(checkpoints):
    """The last link that was told, by project."""
    seen = {}
    for line in checkpoints.read_text().splitlines():
        middle = line.split(".")[1]
        said = json.loads(base64.urlsafe_b64decode(middle + "==="))
        seen[uuid.UUID(said["project"]).bytes] = int(said["number"])
    return seen


class Tamperer:
    """One tampering after another, each on the store as it was."""

    def __init__(self, store, folder, seed, checkpoints):
        self.random = random.Random(seed)
        self.sound, self.path = folder / "sound.db", folder / "tampered.db"
        source = sqlite3.connect(store.folder / "store.db")
        with sqlite3.connect(self.sound) as copy:
            source.backup(copy)
            copy.execute("PRAGMA journal_mode = DELETE")
        copy.close()
        source.close()
        self.url = f"sqlite:{self.path}"
        self.seen = seen_by(checkpoints)
        self.options = "--checkpoints", str(checkpoints)
        self.ways = [self.flip] * 8 + [self.drop, self.insert, self.swap,
                                       self.reseal, self.cut,
                                       self.rewrite] * 2

    def is_sound(self):
        self._restore()
        return verify(self.url, *self.options).returncode == 0

    def unseen(self, count):
        """What was done, of so many tamperings, and not found."""
        for _ in range(count):
            done = self._tamper()
            result = verify(self.url, *self.options)
            assert result.returncode in (0, 1), result
            if result.returncode == 0:
                yield done

    def _restore(self):
        for suffix in "-wal", "-shm", "-journal":
            self.path.with_name(self.path.name + suffix).unlink(True)
        shutil.copy(self.sound, self.path)

    def _tamper(self):
        while True:
            self._restore()
            base = sqlite3.connect(self.path, isolation_level=None)
            base.row_factory = sqlite3.Row
            base.execute("PRAGMA synchronous = OFF")
            before = self._rows(base)
            way = self.random.choice(self.ways)
            try:
                done = way(base)
            except sqlite3.IntegrityError:
                done = None  # two rows with one key can't be
            changed = done and self._rows(base) != before
            base.close()
            if changed:
                return f"{way.__name__}: {done}"

    @staticmethod
    def _rows(base):
        base.text_factory = bytes  # it may be none in UTF-8 any more
        rows = [list(map(tuple, base.execute(f"SELECT * FROM {name}")))
                for name in COLUMNS]
        base.text_factory = str
        return rows

    def _pick(self, base, table):
        return self.random.choice(
            base.execute(f"SELECT * FROM {table}").fetchall())

    def _table(self):
        return self.random.choice(["event"] * 2 + ["event_link"])

    @staticmethod
    def _put(base, table, key, column, value):
        spelled = "CAST(? AS TEXT)" if column in TEXTS else "?"
        base.execute(f"UPDATE {table} SET {column} = {spelled} WHERE "
                     + " AND ".join(f"{one} = ?" for one in KEYS[table]),
                     [value, *key])

    @staticmethod
    def _key(table, row):
        return [row[name] for name in KEYS[table]]

    def flip(self, base):
        """One bit of any column."""
        table = self._table()
        row = self._pick(base, table)
        column = self.random.choice(COLUMNS[table])
        value = row[column]
        if isinstance(value, int):
            raw = bytearray(number(value))
        else:
            raw = bytearray(value.encode() if isinstance(value, str)
                            else value)
        if not raw:
            return None
        raw[self.random.randrange(len(raw))] ^= 1 << self.random.randrange(8)
        changed = bytes(raw) if not isinstance(value, int) \
            else int.from_bytes(raw, "big", signed=True)
        self._put(base, table, self._key(table, row), column, changed)
        return f"{table}.{column} of {tuple(row)} is {changed!r}"

    def drop(self, base):
        table = self._table()
        row = self._pick(base, table)
        base.execute(f"DELETE FROM {table} WHERE "
                     + " AND ".join(f"{one} = ?" for one in KEYS[table]),
                     self._key(table, row))
        return f"{table} {tuple(row)}"

    def insert(self, base):
        """Another one like one that is there, anywhere."""
        table = self._table()
        row = dict(self._pick(base, table))
        name = KEYS[table][1]
        row[name] = self.random.choice([
            -row[name], row[name] + self.random.choice([-1, 1]) * 2 **
            self.random.randrange(40), self._pick(base, table)[name] + 1])
        base.execute(
            f"INSERT INTO {table} ({', '.join(row)}) VALUES "
            f"({', '.join('?' * len(row))})", list(row.values()))
        return f"{table} {row}"

    def swap(self, base):
        """What two rows hold, but for their keys."""
        table = self._table()
        one, two = self._pick(base, table), self._pick(base, table)
        names = [name for name in COLUMNS[table] if name not in KEYS[table]]
        if self.random.random() < 0.5:
            names = [self.random.choice(names)]
        for row, other in (one, two), (two, one):
            for name in names:
                self._put(base, table, self._key(table, row), name,
                          other[name])
        return f"{table} {names} of {tuple(one)} and {tuple(two)}"

    def reseal(self, base):
        """An event, and the hash of its own link alone; also as if the link
        before were no part of it."""
        links = base.execute("SELECT * FROM event_link ORDER BY project_id, "
                             "number").fetchall()
        at = self.random.randrange(len(links))
        link = links[at]
        is_last = at + 1 == len(links) or \
            links[at + 1]["project_id"] != link["project_id"]
        if is_last and link["number"] > self.seen[link["project_id"]]:
            return None  # nobody has seen it yet: nobody can tell
        before = links[at - 1]["hash"] if link["number"] > 1 else bytes(32)
        self._forge(base, link, self.random.choice([before, b""]))
        return f"link {link['number']}"

    def cut(self, base):
        """The last links of a chain, one that was told among them, with
        their events."""
        links = self._chain(base)
        kept = self.random.randrange(self.seen[links[0]["project_id"]])
        last = links[kept - 1]["last_event"] if kept else -1
        for table, name in ("event", "number"), ("event_link", "last_event"):
            base.execute(f"DELETE FROM {table} WHERE project_id = ? AND "
                         f"{name} > ?", [links[0]["project_id"], last])
        return f"after link {kept} of {len(links)}"

    def rewrite(self, base):
        """An event, and every link from its own on, which was told."""
        links = self._chain(base)
        at = self.random.randrange(self.seen[links[0]["project_id"]])
        before = links[at - 1]["hash"] if at else bytes(32)
        for number_of, link in enumerate(links[at:]):
            before = self._forge(base, link, before, number_of == 0)
        return f"from link {at + 1} of {len(links)}"

    def _chain(self, base):
        project = self._pick(base, "event_link")["project_id"]
        return base.execute("SELECT * FROM event_link WHERE project_id = ? "
                            "ORDER BY number", [project]).fetchall()

    def _forge(self, base, link, before, changes=True):
        """Changes an event of the link, and makes its hash fit."""
        events = [dict(row) for row in base.execute(
            "SELECT * FROM event WHERE project_id = ? AND number BETWEEN ? "
            "AND ? ORDER BY number", [link["project_id"],
                                      link["first_event"],
                                      link["last_event"]])]
        if changes:
            event = self.random.choice(events)
            event["payload"] += " "
            self._put(base, "event", self._key("event", event), "payload",
                      event["payload"].encode())
        forged = link_hash(before, link, events)
        self._put(base, "event_link", self._key("event_link", link), "hash",
                  forged)
        return forged
