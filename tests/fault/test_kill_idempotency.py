"""kill -9 under load: whoever then sends its request again, with its key, gets
the first answer, and what was asked for was done once. So the key is kept in
the transaction of its change."""

import collections
import random
import threading

from support.names import unique
from support.native import base
from support.planted import planted, under_test
from support.raw import Lost, Raw, address_of, request
from support.server import Server, Store, at
from support.soak import scaled
from support.whole import rows_of

CYCLES = scaled(100, 1000)
CLIENTS = 8
ANSWERS = 5, 40  # of a cycle, before the kill
SEED = 7
PLANTS = ["keep_the_key_later"]


class Caller:
    """One connection that makes groups, each under a key of its own."""

    def __init__(self, project):
        self.path = f"/cleat/v1{base(project)}/groups"
        self.token = project.keys["gorules"]["personalAccessToken"]
        self.line = Raw(address_of(project.server))

    def create(self, ref):
        """Raises Lost when the outcome is unknown."""
        self.line.send(request("POST", self.path, {
            "Authorization": f"Bearer {self.token}",
            "Idempotency-Key": f"key-of-{ref}"}, {"ref": ref}))
        return self.line.answer()


class Cycles:
    """A store whose server is killed, over and over."""

    def __init__(self, store):
        self.store = store
        self.random = random.Random(SEED)
        self.seen = collections.Counter()  # what became of requests

    def run_once(self):
        """What is wrong after a kill, as sentences."""
        server = Server(self.store)
        try:
            answered, unknown = self._run_until_killed(server)
        finally:
            server.kill()
        server = Server(self.store)
        try:
            return self._repeat(Caller(server.project), answered, unknown)
        finally:
            server.kill()

    def _run_until_killed(self, server):
        answered, unknown = {}, []
        count = at(self.random.randint(*ANSWERS), server.process.kill)

        def live():
            try:
                caller = Caller(server.project)
            except OSError:
                return
            while True:
                ref = unique("group")
                try:
                    answered[ref] = caller.create(ref)
                except Lost:
                    unknown.append(ref)
                    return
                count()

        threads = [threading.Thread(target=live) for _ in range(CLIENTS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return answered, unknown

    def _repeat(self, caller, answered, unknown):
        found = []
        for ref, first in answered.items():
            again = caller.create(ref)
            if first.status != 201 or again.status != 201 \
                    or again.body != first.body \
                    or "idempotency-replayed" not in again.headers:
                found.append(f"{ref}: {first.status} {first.body}, then "
                             f"{again.status} {again.body}")
        for ref in unknown:
            answer = caller.create(ref)
            was_done = "idempotency-replayed" in answer.headers
            self.seen["was done" if was_done else "was not done"] += 1
            if answer.status != 201:
                found.append(f"{ref}: unknown, then {answer.status} "
                             f"{answer.body}")
        self.seen["answered"] += len(answered)
        return found

    def effects(self):
        """How often each group was made."""
        return collections.Counter(rows_of(
            self.store,
            "SELECT payload FROM event WHERE type = 'group.created'"))


def test_repeated_requests_are_done_once_over_kills(release):
    with Store() as store:
        cycles = Cycles(store)
        for number in range(CYCLES):
            wrong = cycles.run_once()
            assert not wrong, f"after kill {number}:\n" + "\n".join(wrong)
        made = cycles.effects()
        assert set(made.values()) == {1}
        assert sum(made.values()) == sum(cycles.seen.values())
        # the harness has seen requests on both sides of their commits
        assert cycles.seen["was done"] and cycles.seen["was not done"], \
            cycles.seen


def catches(plant):
    with Store() as store, planted(plant) as binary:
        cycles = Cycles(store)
        with under_test(binary):
            return any(cycles.run_once() for _ in range(CYCLES))


def test_planted_faults_are_caught(release, all_caught):
    caught = [plant for plant in PLANTS if catches(plant)]
    all_caught("kill, idempotency", PLANTS, caught)
