"""Memory runs out: each allocation fails once, in each of ten changes, ours
and the libraries' alike. Ours end the process, by design; it is started again
and what was promised is there. Else the change is refused, or its connection
ends, or it is done."""

import collections
import itertools
import random
import signal

import pytest
import requests

from support.faulty import ALLOCATE, FaultyStore
from support.operations import Operations
from support.planted import planted, under_test
from support.server import Server
from support.soak import IS_SOAK, scaled
from support.whole import row_faults

pytestmark = pytest.mark.sqlite

SAMPLES = 3  # of each change and each state
ENDS = ["refused", "process ended",
        *scaled([], ["answered", "connection ended"])]
OURS = "cleat: out of memory"
SEED = 3
TRIES = 4  # with other samples, to come upon a planted fault
PLANTS = ["never_look_at_memory", "take_a_failed_query_for_its_end"]


class Memory:
    """A server that runs out of memory when told to."""

    def __init__(self, store):
        self.store = store
        self.server = Server(store)
        self.operations = Operations(self.server)
        self.ends = collections.Counter()
        self.asked = []

    def try_all(self, choose, is_whole=False):
        """What is wrong, in turn, as sentences; with every allocation, or
        with some of them."""
        for number, is_used in itertools.product(
                range(len(self.operations.all())), (False, True)):
            needed = self._count(number, is_used)
            for first in range(1, needed + 1) if is_whole else \
                    _sampled(needed, is_used, choose):
                yield from self._try(number, is_used, first)
        yield from self.operations.wrong
        yield from self._faults_at_last()

    def _ready(self, number, is_used):
        """The change, on a server that has done nothing yet, or just that."""
        asked, other = [self.operations.all()[number]() for _ in range(2)]
        self._start_again()
        if is_used:
            assert other.ask() == other.good
        return asked

    def _start_again(self):
        if not self.server.is_over:
            self.server.kill()
        self.server = Server(self.store)
        self.operations.serve_on(self.server)

    def _count(self, number, is_used):
        asked = self._ready(number, is_used)
        with self.store.failing(ALLOCATE, 1, first=1, span=0):
            assert asked.ask() == asked.good
        return self.store.seen

    def _try(self, number, is_used, first):
        asked = self._ready(number, is_used)
        with self.store.failing(ALLOCATE, 1, first):
            status = asked.ask()
        place = f"allocation {first}"
        found = self._look_after(status)
        self.asked.append((asked, status))
        return [f"{place}: {one}" for one in found + asked.faults(status)]

    def _look_after(self, status):
        """What became of it, and of the server."""
        if self._has_ended():  # maybe after it had answered
            self.ends["process ended"] += 1
            return self._judge_the_end()
        if status is None:
            self.ends["connection ended"] += 1
        else:
            self.ends["refused" if status >= 500 else "answered"] += \
                self.store.fired
        return self._goes_on()

    def _judge_the_end(self):
        code = self.server.process.returncode
        said = [line for line in self.server.stderr().splitlines()
                if not line.startswith("{")]
        self._start_again()
        if code == -signal.SIGABRT and said in ([], [OURS]):
            return []
        return [f"the server ended with {code} and said {said}"]

    def _has_ended(self):
        try:
            return requests.get(self.server.base + "/healthz",
                                timeout=10).status_code != 200
        except requests.ConnectionError:
            self.server.process.wait(10)
            return True

    def _goes_on(self):
        later = self.operations.make_group()
        return [] if later.ask() == later.good else ["it does not go on"]

    def _faults_at_last(self):
        """All that was answered, after a kill."""
        self._start_again()
        for asked, status in self.asked:
            yield from asked.faults(status)
        self.server.kill()
        yield from row_faults(self.store)


def _sampled(needed, is_used, choose):
    """Of so many allocations; the first are of a session that is used anew,
    which few things do."""
    first = range(1, 4) if is_used else ()
    return [*first, *choose.sample(range(4, needed + 1), SAMPLES)]


def test_no_change_is_acknowledged_that_found_no_memory(release, all_fired):
    with FaultyStore() as store:
        memory = Memory(store)
        found = list(memory.try_all(random.Random(SEED), IS_SOAK))
        assert not found, f"{memory.ends}\n" + "\n".join(found)
        all_fired("memory", ENDS, memory.ends)


def catches(plant):
    with planted(plant) as binary, under_test(binary), FaultyStore() as store:
        memory = Memory(store)
        try:
            return any(fault for seed in range(SEED, SEED + TRIES)
                       for fault in memory.try_all(random.Random(seed)))
        finally:
            memory.server.kill()


def test_planted_faults_are_caught(release, all_caught):
    caught = [plant for plant in PLANTS if catches(plant)]
    all_caught("memory", PLANTS, caught)
