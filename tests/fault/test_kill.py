"""kill -9 at the moment of an answer: what was acknowledged is so."""

import collections
import contextlib
import random
import sqlite3

from support.ampersand import new_integration
from support.load import GONE, THERE, Crowd, faults
from support.planted import planted, under_test
from support.server import Server, Store
from support.soak import scaled

CYCLES = scaled(200, 1000)
CLIENTS = 6
ANSWERS = 5, 40  # of a cycle, before the kill
SEED = 20
PLANTS = ["answer_before_commit", "forget_the_connection",
          "take_a_used_connection", "forget_the_event",
          "keep_the_commit_in_memory"]


class Cycles:
    """A store whose server is killed, over and over."""

    def __init__(self, store):
        self.store = store
        self.random = random.Random(SEED)
        first = Server(store)
        self.integrations = [new_integration(first.project)["id"]
                             for _ in range(2)]
        first.kill()
        self.crowd = Crowd(first, first.project, self.integrations, CLIENTS,
                           SEED)
        self.killing = collections.Counter()  # by the answer's status

    def run_once(self):
        """What is wrong after a kill, as sentences."""
        server = Server(self.store)
        try:
            refused = self._run_until_killed(server)
        finally:
            server.kill()
        return refused + self.compare()

    def _run_until_killed(self, server):
        left = [self.random.randint(*ANSWERS)]

        def count(answer):
            left[0] -= 1
            if left[0] == 0:
                server.process.kill()
                self.killing[answer.status] += 1

        self.crowd.server, self.crowd.project = server, server.project
        return self.crowd.run(count)

    def compare(self):
        server = Server(self.store)
        try:
            base = f"/projects/{server.project.name}"
            api = server.project.ampersand
            return faults(self.crowd.customers,
                          api.get(f"{base}/connections").must_be(200).body,
                          api.get(f"{base}/installations").must_be(200).body)
        finally:
            server.kill()

    def things(self):
        """Of all customers: each thing whose id is known, and its kind."""
        for customer in self.crowd.customers:
            yield "connection", customer.connection
            for one in customer.installations:
                yield "installation", one


def test_acknowledged_changes_survive_200_kills(release):
    with Store() as store:
        cycles = Cycles(store)
        for number in range(CYCLES):
            wrong = cycles.run_once()
            assert not wrong, f"after kill {number}:\n" + "\n".join(wrong)
        assert sum(cycles.killing.values()) == CYCLES
        assert cycles.killing[201] and cycles.killing[204], cycles.killing
        assert_store_is_whole(store)
        assert not event_faults(store, cycles.things())


def assert_store_is_whole(store):
    """Of rows that name others, none names one that is gone."""
    with _opened(store) as rows:
        assert rows("PRAGMA integrity_check") == [("ok",)]
        for child, column, parent in (
                ("installation", "connection_id", "connection"),
                ("installation", "integration_id", "integration"),
                ("secret", "owner_id", "connection")):
            assert not rows(
                f"SELECT count(*) FROM {child} c LEFT JOIN {parent} p "
                f"ON p.id = c.{column} WHERE p.id IS NULL")[0][0], child


def event_faults(store, things):
    """One event for each making and each deletion, in its transaction."""
    with _opened(store) as rows:
        events = {}
        for subject, kind in rows("SELECT subject_id, type FROM event"):
            events.setdefault(subject.hex(), []).append(kind)
    found = []
    for kind, thing in things:
        if thing.state in (THERE, GONE):
            told = sorted(events.get(thing.id.replace("-", ""), []))
            wanted = [f"{kind}.created"]
            if thing.state == GONE:
                wanted.append(f"{kind}.deleted")
            if told != wanted:
                found.append(f"{kind} {thing.id}: events {told}")
    return found


@contextlib.contextmanager
def _opened(store):
    path = store.url.removeprefix("sqlite:")
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    try:
        yield lambda sql: connection.execute(sql).fetchall()
    finally:
        connection.close()


def catches(plant):
    """The server that is prepared and looked at is the sound one."""
    with Store() as store, planted(plant) as binary:
        cycles = Cycles(store)
        with under_test(binary):
            return any(cycles.run_once()
                       or event_faults(store, cycles.things())
                       for _ in range(CYCLES))


def test_planted_faults_are_caught(release, all_caught):
    caught = [plant for plant in PLANTS if catches(plant)]
    all_caught("kill", PLANTS, caught)
