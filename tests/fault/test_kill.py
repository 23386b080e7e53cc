"""kill -9 at the moment of an answer: what was acknowledged is so."""

import collections
import random

from support.ampersand import new_integration
from support.customers import SLOTS, Shown, faults, settle
from support.load import Crowd
from support.planted import planted, under_test
from support.server import Server, Store, at
from support.soak import scaled
from support.whole import opened, row_faults

CYCLES = scaled(100, 1000)
CLIENTS = 8
ANSWERS = 5, 40  # of a cycle, before the kill
SEED = 20
PLANTS = ["answer_before_commit", "forget_the_connection",
          "take_a_used_connection", "forget_the_event",
          "keep_the_commit_in_memory", "restore_half"]


class Cycles:
    """A store whose server is killed, over and over; what goes goes for good
    and into the trash by turns."""

    def __init__(self, store):
        self.store = store
        self.random = random.Random(SEED)
        first = Server(store)
        self.crowd = Crowd([new_integration(first.project)["id"]
                            for _ in range(SLOTS)], CLIENTS, SEED)
        first.kill()
        self.killing = collections.Counter()  # by the change and its answer

    def run_once(self):
        """What is wrong after a kill, as sentences."""
        server = Server(self.store)
        try:
            refused = self._run_until_killed(server)
        finally:
            server.kill()
        return refused or self.compare()

    def _run_until_killed(self, server):
        def kill(answer):
            server.process.kill()
            self.killing[answer.status] += 1

        self._set_policy(server.project)
        return self.crowd.run(server.project, at(
            self.random.randint(*ANSWERS), kill))

    def _set_policy(self, project):
        self.crowd.is_soft = not self.crowd.is_soft
        project.native.put(
            f"/projects/{project.name}/policies/installation",
            {"mode": "soft", "retentionDays": 7} if self.crowd.is_soft
            else {"mode": "hard"}).must_be(200)

    def compare(self):
        server = Server(self.store)
        try:
            shown = Shown(server.project)
            found = faults(self.crowd, shown)
            if not found:
                settle(self.crowd, shown)
            return found
        finally:
            server.kill()


def test_acknowledged_changes_survive_kills(release):
    with Store() as store:
        cycles = Cycles(store)
        for number in range(CYCLES):
            wrong = cycles.run_once()
            assert not wrong, f"after kill {number}:\n" + "\n".join(wrong)
        assert sum(cycles.killing.values()) == CYCLES
        # made, let go of, and brought back or purged
        assert all(cycles.killing[one] for one in (201, 204, 200)), \
            cycles.killing
        assert not row_faults(store)
        assert not event_faults(store, cycles.crowd)


def event_faults(store, crowd):
    """One event for each change, in its transaction."""
    with opened(store) as rows:
        events = {}
        for subject, kind in rows("SELECT subject_id, type FROM event "
                                  "ORDER BY number"):
            events.setdefault(subject.hex(), []).append(kind)
    found = []
    for customer in crowd.customers:
        for kind, its_id, wanted in customer.things():
            told = events.get(its_id.replace("-", ""), [])
            if told != [f"{kind}.{one}" for one in wanted]:
                found.append(f"{kind} {its_id}: events {told}, not {wanted}")
    return found


def catches(plant):
    """The server that is prepared is the sound one. What it made may be lost
    as well: then nothing can be compared any more."""
    with Store() as store, planted(plant) as binary:
        cycles = Cycles(store)
        with under_test(binary):
            try:
                return any(cycles.run_once()
                           or event_faults(store, cycles.crowd)
                           for _ in range(CYCLES))
            except AssertionError:
                return True


def test_planted_faults_are_caught(release, all_caught):
    caught = [plant for plant in PLANTS if catches(plant)]
    all_caught("kill", PLANTS, caught)
