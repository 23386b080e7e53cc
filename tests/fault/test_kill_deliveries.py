"""A receiver that fails 30% and hangs 5%, and kill -9 of the sender: every
event that was acknowledged arrives, with one id, and verifies."""

import collections
import contextlib
import random
import threading
import time

import requests

from support.delivery import OPTIONS, group, listen, signing_key, verified
from support.planted import SOUND, planted, under_test
from support.receiver import HANG, Receiver
from support.server import Server, Store, at
from support.soak import scaled
from support.wait import eventually
from support.whole import rows_of

COUNT = scaled(300, 100_000)
DEADLINE_S = scaled(60, 3600)
PLANTED_COUNT, PLANTED_DEADLINE_S = 100, 5
MAKERS = 4
KILLS = 5  # while events are made
VERIFIED_MAX = 5000
SEED = 8
# After each, what failed is due again (the schedule, and a tenth more).
OFFSETS_S = [0, 6, 340, 2400, 11000, 31000, 71000, 127000, 207000, 303000]
BAD_TRIES_MAX = 8  # of one message, so that its schedule is long enough
PLANTS = ["forget_what_was_claimed", "take_any_answer", "new_id_each_try",
          "sign_the_body_alone"]


class Run:
    """A store whose server is killed, and the receiver of its events."""

    def __init__(self, store, receiver, count, deadline_s):
        self.store, self.receiver, self.count = store, receiver, count
        self.deadline_s = deadline_s
        self.random = random.Random(SEED)
        self.fired = collections.Counter()
        self.acknowledged = set()
        self._lock = threading.Lock()
        receiver.answer = self._answer
        server = Server(store, options=OPTIONS)
        hook = listen(server.project, receiver.url, "group.created")
        self.key = signing_key(server.project, hook)
        server.kill()

    def _answer(self, message):
        with self._lock:
            roll = self.random.random()
            said = 200
            if message.attempt < BAD_TRIES_MAX and roll < 0.35:
                said = 500 if roll < 0.3 else HANG
            self.fired[said] += 1
            return said

    def make_events(self):
        """In shares; as one is complete, and others are still being made and
        sent, the server is killed."""
        for _ in range(KILLS):
            server = Server(self.store, options=OPTIONS)
            count = at(self.count // KILLS, server.process.kill)
            makers = [threading.Thread(target=self._make, args=(
                server.project, count)) for _ in range(MAKERS)]
            for maker in makers:
                maker.start()
            for maker in makers:
                maker.join()
            server.kill()
            self.fired["kill of a try"] += bool(self._trying())

    def _make(self, project, count):
        """Until the server is killed."""
        with contextlib.suppress(requests.RequestException):
            while True:
                self.acknowledged.add(group(project))
                count()

    def _trying(self):
        return rows_of(self.store, "SELECT id FROM job WHERE "
                       "kind = 'deliver' AND state = 'running'")

    def deliver(self):
        """By the schedule; each of its times in a server of its own, which
        is killed."""
        for offset in OFFSETS_S:
            server = Server(self.store, clock_offset_s=offset,
                            options=OPTIONS)
            try:
                eventually(lambda offset=offset: not self._due(offset),
                           "what is due", self.deadline_s)
            except AssertionError:
                return
            finally:
                server.kill()

    def _due(self, offset):
        now = int((time.time() + offset) * 1e6)
        [(count,)] = rows_of(
            self.store, "SELECT count(*) FROM job WHERE kind = 'deliver' AND "
            "(state = 'running' OR due_at <= ?)", [now])
        return count

    def faults(self):
        messages = self.receiver.messages
        accepted = {one.data["facts"]["ref"] for one in messages
                    if one.status == 200}
        for ref in sorted(self.acknowledged - accepted)[:5]:
            yield f"{ref} was acknowledged and did not arrive"
        ids = collections.defaultdict(set)
        for one in messages:
            ids[one.data["facts"]["ref"]].add(one.id)
        for ref, its in ids.items():
            if len(its) > 1:
                yield f"{ref} came with the ids {its}"
        some = messages[:VERIFIED_MAX]
        for one, said in zip(some, verified(some, self.key)):
            if "verified" not in said:
                yield f"{one.id} does not verify: {said}"


def run(count, deadline_s=DEADLINE_S):
    """The run, over."""
    with Receiver() as receiver, Store() as store:
        this = Run(store, receiver, count, deadline_s)
        this.make_events()
        this.deliver()
        return this


def test_every_acknowledged_event_arrives_and_verifies(release, all_fired):
    this = run(COUNT)
    assert not list(this.faults())
    assert len(this.acknowledged) >= COUNT
    all_fired("deliveries", [500, HANG, "kill of a try"], this.fired)


def catches(plant):
    with planted(plant) as binary, under_test(binary):
        return any(run(PLANTED_COUNT, PLANTED_DEADLINE_S).faults())


def test_planted_faults_are_caught(release, all_caught):
    assert not catches(SOUND), "this machine is too slow for the deadlines"
    caught = [plant for plant in PLANTS if catches(plant)]
    all_caught("deliveries", PLANTS, caught)
