"""Rows by the million, written behind the program's back: what many customers
of a tenant leave in a store. Nothing in it opens or verifies; it has the shape
and the keys of what does, each in the order of time."""

import contextlib
import dataclasses
import itertools
import json
import random
import sqlite3
import struct

BEGAN_AT = 1_700_000_000_000  # milliseconds since the epoch
EVERY = 10  # customers, to one with deliveries, a deletion, a kept answer
DESTINATIONS = 3
ACCESS_TOKENS = 20
SEED = 7


@dataclasses.dataclass
class Tenant:
    """What it has, by name: some ids to ask for."""
    project: bytes
    integrations: list = dataclasses.field(default_factory=list)
    destinations: list = dataclasses.field(default_factory=list)
    sample: dict = dataclasses.field(default_factory=dict)
    customers: int = 0


class Ids:
    """Of version 7, and never two of one stamp (core's uuid_stamp)."""

    def __init__(self):
        self.random = random.Random(SEED)
        self.numbers = itertools.count()

    def __call__(self):
        number = next(self.numbers)
        return struct.pack(
            ">QQ", BEGAN_AT + (number >> 12) << 16 | 7 << 12 | number & 0xfff,
            2 << 62 | self.random.getrandbits(62))


def stamp(uuid):
    """Where SQLite puts an installation."""
    [high] = struct.unpack(">Q", uuid[:8])
    return high >> 16 << 12 | high & 0xfff


def time_of(uuid):
    return (struct.unpack(">Q", uuid[:8])[0] >> 16) * 1000


class Fill:

    def __init__(self, connection):
        self.connection = connection
        self.id = Ids()
        self.number = itertools.count(1)

    def add(self, table, rows):
        """Each a dictionary of the same columns."""
        rows = iter(rows)
        first = next(rows, None)
        if first:
            names = list(first)
            self.connection.executemany(
                f"INSERT INTO {table} ({', '.join(names)}) VALUES "
                f"({', '.join(':' + name for name in names)})",
                itertools.chain([first], rows))

    def tenant(self, project, integrations, customers):
        """Of each integration so many customers, each with a connection."""
        made = Tenant(project, [self.id() for _ in range(integrations)],
                      [self.id() for _ in range(DESTINATIONS)])
        self._offer(made)
        self._customers(made, integrations * customers)
        self._tokens(made)
        return made

    def _offer(self, made):
        project = made.project
        self.add("integration", ({
            "project_id": project, "id": one, "family": "manifest",
            "handle": f"offer-{n}", "kind": "stripe", "title": f"Offer {n}",
            "settings": "{}", "created_at": time_of(one),
            "updated_at": time_of(one)}
            for n, one in enumerate(made.integrations)))
        self.add("destination", ({
            "project_id": project, "id": one, "name": f"to-{n}",
            "kind": "webhook", "metadata": "{}", "is_disabled": 0,
            "created_at": time_of(one)}
            for n, one in enumerate(made.destinations)))
        for kind in "deliver", "revoke":
            self.add("job_lane", ({
                "project_id": project, "kind": kind, "lane": one.hex(),
                "due_at": time_of(one), "rest_until": 0}
                for one in made.destinations))

    def _customers(self, made, count):
        kept = []
        for n in range(count):
            kept.append((n, self.id(), self.id(), self.id(), self.id(),
                         next(self.number)))
            if len(kept) == 50_000:
                self._write(made, kept)
                kept.clear()
        self._write(made, kept)
        made.customers = count

    def _write(self, made, customers):
        """(number, group, consumer, connection, installation, event)"""
        if not customers:
            return
        for table in ("customer_group", "consumer", "connection", "secret",
                      "installation", "event", "event_link"):
            make = getattr(self, f"_{table}")
            self.add(table, (make(made, *one) for one in customers))
        self._seldom(made, customers[::EVERY])
        self._hidden(made, customers[::EVERY])
        [middle] = customers[len(customers) // 2:][:1]
        made.sample.update(zip(("number", "group", "consumer", "connection",
                                "installation", "event"), middle))

    def _customer_group(self, made, n, group, *_):
        return {"project_id": made.project, "id": group, "ref": f"group-{n}",
                "name": f"Group {n}", "created_at": time_of(group)}

    def _consumer(self, made, n, _group, consumer, *_):
        return {"project_id": made.project, "id": consumer,
                "ref": f"user-{n}", "name": f"User {n}",
                "created_at": time_of(consumer)}

    def _connection(self, made, n, group, consumer, connection, *_):
        return {"project_id": made.project, "id": connection,
                "family": "provider", "kind": "stripe", "name": "stripe",
                "auth_scheme": "apiKey", "status": "working",
                "group_id": group, "consumer_id": consumer, "metadata": "{}",
                "settings": "{}", "is_deployed": 0, "is_enabled": 1,
                "created_at": time_of(connection),
                "grant_mark": connection + group,
                "account_mark": connection + consumer}

    def _secret(self, made, n, _group, _consumer, connection, *_):
        return {"project_id": made.project, "owner_id": connection,
                "name": "apiKey", "key_version": 1, "sealed": connection * 4}

    def _installation(self, made, n, group, _consumer, connection,
                      installation, *_):
        integration = made.integrations[n % len(made.integrations)]
        return {"number": stamp(installation), "project_id": made.project,
                "id": installation, "integration_id": integration,
                "group_id": group, "connection_id": connection,
                "document": json.dumps({"id": installation.hex(),
                                        "group": {"groupRef": f"group-{n}"}}),
                "created_by": "api", "created_at": time_of(installation),
                "config_id": installation, "revision_id": integration,
                "config_content": '{"provider":"stripe"}',
                "config_created_by": "api",
                "config_created_at": time_of(installation)}

    def _event(self, made, n, *ids):
        *_, installation, number = ids
        return {"project_id": made.project, "number": number,
                "type": "installation.created", "actor": "api",
                "subject_kind": "installation", "subject_id": installation,
                "payload": "{}", "created_at": time_of(installation)}

    def _event_link(self, made, n, *ids):
        *_, installation, number = ids
        return {"project_id": made.project, "number": n + 1,
                "first_event": number, "last_event": number, "event_count": 1,
                "hash": installation * 2, "created_at": time_of(installation)}

    def _seldom(self, made, customers):
        project = made.project
        ids = [(n, self.id(), self.id(), self.id(), number, installation)
               for n, *_, installation, number in customers]
        self.add("deletion", ({
            "project_id": project, "id": deletion,
            "target_kind": "installation", "target_id": installation,
            "mode": "hard", "revoke_at": "purge",
            "state": "waiting" if n % (2 * EVERY) == 0 else "done",
            "actor": "api", "counts": "{}", "effects": "[]",
            "created_at": time_of(deletion), "last_event": number}
            for n, deletion, _, _, number, installation in ids))
        self.add("step", ({
            "project_id": project, "deletion_id": deletion, "id": job,
            "kind": "revoke", "subject_kind": "connection",
            "subject_id": installation, "facts": "{}", "state": "done",
            "attempts": 1, "reason": "revoked", "created_at": time_of(job),
            "updated_at": time_of(job)}
            for _, deletion, _, job, _, installation in ids))
        self.add("idempotency", ({
            "project_id": project, "id": deletion, "fingerprint": deletion,
            "status": 204, "headers": "", "body": b"", "key_version": 0,
            "created_at": time_of(deletion)} for _, deletion, *_ in ids))
        self._deliveries(made, ids)
        [made.sample["deletion"], made.sample["delivery"],
         made.sample["job"]] = ids[len(ids) // 2][1:4]

    def _hidden(self, made, customers):
        """Each has one in the trash beside the one that works."""
        def hidden(n, group, consumer, connection, *_):
            one = self.id()
            return {**self._installation(made, n, group, consumer, connection,
                                         one),
                    "deletion_id": one, "deleted_at": time_of(one),
                    "purge_at": time_of(one)}

        self.add("installation", (hidden(*one) for one in customers))

    def _deliveries(self, made, ids):
        project = made.project

        def to(n):
            return made.destinations[n // EVERY % DESTINATIONS]

        self.add("delivery", ({
            "project_id": project, "id": delivery, "destination_id": to(n),
            "deletion_id": deletion, "event_number": number,
            "event_type": "installation.created",
            "state": "waiting" if n % 100 == 0 else "delivered",
            "attempts": 1, "job_id": job, "created_at": time_of(delivery)}
            for n, deletion, delivery, job, number, _ in ids))
        self.add("delivery_body", ({
            "project_id": project, "delivery_id": delivery, "body": "{}"}
            for _, _, delivery, *_ in ids))
        self.add("delivery_attempt", ({
            "project_id": project, "delivery_id": delivery, "number": 1,
            "began_at": time_of(delivery), "took_us": 1000, "status": 200}
            for _, _, delivery, *_ in ids))
        self.add("job", ({
            "project_id": project, "id": job, "kind": "deliver",
            "lane": to(n).hex(), "subject_id": delivery,
            "state": "running" if n % 1000 == 0 else "waiting",
            "attempts": 0, "due_at": time_of(job),
            "lease_until": time_of(job) if n % 1000 == 0 else None,
            "fence": 1, "payload": "{}", "created_at": time_of(job)}
            for n, _, delivery, job, *_ in ids if n % 100 == 0))

    def _tokens(self, made):
        parent = self.id()
        tokens = [parent] + [self.id() for _ in range(ACCESS_TOKENS)]
        made.sample["token"] = parent
        self.add("token", ({
            "project_id": made.project, "id": one,
            "organization_id": made.project, "kind": "amp",
            "digest": one * 2, "handle": one.hex(),
            "parent_id": None if one is parent else parent, "role": "admin",
            "label": "", "scopes": "", "is_active": 1,
            "created_at": time_of(one), "expires_at": None}
            for one in tokens))


@contextlib.contextmanager
def filling(url):
    """A Fill of an SQLite store that nobody has open."""
    with contextlib.closing(sqlite3.connect(
            url.removeprefix("sqlite:"))) as connection:
        for setting in ("journal_mode=OFF", "synchronous=OFF",
                        "locking_mode=EXCLUSIVE", "cache_size=-1000000"):
            connection.execute(f"PRAGMA {setting}")
        with connection:
            yield Fill(connection)
