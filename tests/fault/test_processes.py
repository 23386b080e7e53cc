"""Three servers of one database, and one of them killed at any moment, over
and over, while customers change things at all three, grants are ended at a
provider that fails, and events are told to a receiver that fails: each rule
that one process keeps holds for all of them together."""

import collections
import contextlib
import random
import threading
import time

import pytest

from support.ampersand import new_integration
from support.cluster import Cluster
from support.customers import SLOTS, Shown, faults, settle
from support.delivery import OPTIONS, listen, signing_key, verified
from support.load import Crowd
from support.native import Native, items
from support.planted import planted, under_test
from support.processes import Follower, Grants, Groups, Processes
from support.provider import Provider
from support.receiver import HANG, Receiver
from support.revocation import register
from support.server import Server, Store
from support.soak import scaled
from support.tampering import verify
from support.wait import eventually
from support.whole import row_faults, rows_of
from test_kill import event_faults

pytestmark = pytest.mark.postgres

ROUNDS = scaled(8, 300)
SERVERS = 3
CLIENTS = 9
ANSWERS = 5, 40  # of a round, before the kill
MORE_ANSWERS = 30  # after it
GRANTS, GROUPS = 4, 12  # of a round, by each of two
TOLD_S = 5  # who waits hears of a change, even without a listener
SEED = 31
PLANTS = ["claims_hold_for_no_time", "enter_without_a_lock", "tell_nobody"]
LONG_AGO = "2020-01-01T00:00:00Z"
# Of the grants' providers, one ends them by a token that must be refreshed.
WAYS = {"box": "/revoke", "dropbox": "/self"}
# Few rounds may go by without the rare ones.
FIRE_AT_LEAST = scaled(["500"], ["500", "429", "reset", "lost", "hang"])
PROVIDER_FAULTS = {"500": 0.1, "429": 0.05, "reset": 0.05, "lost": 0.03,
                   "hang": scaled(0.05, 0.01)}
BAD_TRIES_MAX = 4  # of one message
# After the first, claims of the killed have lapsed; after each, what failed is
# due again (the schedule, and a tenth more, as well as any step's next try).
OFFSETS_S = [15, 340, 2400, 11000, 31000]
DRAIN_S = scaled(60, 300)


class Play:
    """All of it, on a store of a cluster of its own."""

    def __init__(self, store, provider, receiver):
        self.store, self.provider, self.receiver = store, provider, receiver
        self.random = random.Random(SEED)
        self.fired = collections.Counter()
        self._lock = threading.Lock()
        keys = {name: store.create_project(name, name)
                for name in ("grants", "groups", "quiet")}
        first = Server(store, options=OPTIONS)
        self.crowd = Crowd([new_integration(first.project)["id"]
                            for _ in range(SLOTS)], CLIENTS, SEED)
        self.crowd.on_busy = self._note_busy
        self.processes = Processes(store, SERVERS, OPTIONS)
        first.kill()
        self.grants = Grants(self.processes, keys["grants"], SEED,
                             self._agree, list(WAYS))
        self.groups = Groups(self.processes, keys["groups"], SEED)
        self.follower = Follower(self.processes, keys["quiet"])
        self._prepare()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.processes.__exit__()

    def _note_busy(self, answer):
        self.fired["503"] += 1

    def _prepare(self):
        for way, path in WAYS.items():
            register(self.grants.projects()[0], self.provider.url, way, path)
        project = self.groups.projects()[0]
        hook = listen(project, self.receiver.url, "group.created")
        self.key = signing_key(project, hook)
        self.receiver.answer = self._answer
        self.provider.faults = dict(PROVIDER_FAULTS)

    def _agree(self, way):
        """The tokens of a new grant, as a connection is made of them."""
        grant = self.provider.grant()
        if way == "box":
            return grant.refresh, {"token": grant.access}
        self.provider.expire(grant.access)
        return grant.refresh, {"token": grant.access, "expiresAt": LONG_AGO}

    def _answer(self, message):
        """30% fail, 5% hang."""
        with self._lock:
            roll = self.random.random()
            said = 200
            if message.attempt < BAD_TRIES_MAX and roll < 0.35:
                said = 500 if roll < 0.3 else HANG
            self.fired[said] += 1
            return said

    def run_once(self):
        """What is wrong after one more kill, as sentences."""
        victim = self.random.randrange(SERVERS)
        others = [threading.Thread(target=play.play, args=(count,))
                  for play, count in ((self.grants, GRANTS),
                                      (self.groups, GROUPS)) * 2]
        for one in others:
            one.start()
        refused = self._change_until_killed(victim)
        for one in others:
            one.join()
        self.processes.kill(victim)
        self.processes.restart(victim)
        return refused or self.compare()

    def _change_until_killed(self, victim):
        numbers = iter(range(1, 1000000))
        count = self.random.randint(*ANSWERS)
        process = self.processes.servers[victim].process

        def on_answer(answer):
            with self._lock:
                number = next(numbers)
            if number == count:
                process.kill()
                self.fired["kill"] += 1
            return number >= count + MORE_ANSWERS

        self.crowd.is_soft = not self.crowd.is_soft
        project = self.processes.servers[0].project
        project.native.put(
            f"/projects/{project.name}/policies/installation",
            {"mode": "soft", "retentionDays": 7} if self.crowd.is_soft
            else {"mode": "hard"}).must_be(200)
        return self.crowd.run_at([one.project for one in
                                  self.processes.servers], on_answer)

    def compare(self):
        """Each server shows the same."""
        for server in self.processes.servers:
            shown = Shown(server.project)
            found = faults(self.crowd, shown)
            if found:
                return found
            settle(self.crowd, shown)
        found = [one for project in self.grants.projects()
                 for one in self.grants.faults(project)]
        return found + self.grants.refused + self.groups.refused \
            + list(self.telling_faults()) + list(self.token_faults())

    def telling_faults(self):
        """Each hears of what is done at another one."""
        waits, changes = self.random.sample(range(SERVERS), 2)
        took = self.follower.seconds(waits, changes)
        if took > TOLD_S:
            yield f"who waits heard of a change after {took:.1f} s"

    def token_faults(self):
        """One that is revoked is so everywhere."""
        made = self.store.create_token("groups", "gorules")
        callers = [Native(server, made["token"])
                   for server in self.processes.servers]

        def statuses():
            return [caller.get("/projects/groups/events", {"limit": 1}).status
                    for caller in callers]

        before = statuses()
        self.store.revoke_token("groups", made["id"])
        began = time.monotonic()
        after = statuses()
        if (before, after) != ([200] * SERVERS, [401] * SERVERS):
            yield f"a token's answers: {before}, revoked {after}"
        if time.monotonic() > began + 1:
            yield "it took more than a second to ask them all"

    def drain(self):
        """Until what is to be done outside is done, as sentences."""
        self.provider.faults = {}
        for offset in OFFSETS_S:
            self.processes.restart_all(offset)
            try:
                eventually(lambda offset=offset: not self._due(offset),
                           "what is due", DRAIN_S)
            except AssertionError as error:
                yield f"{error}: {self._due(offset)}"
                return

    def _due(self, offset):
        now = int((time.time() + offset) * 1e6)
        return rows_of(
            self.store, "SELECT kind, state, count(*) FROM job WHERE kind IN "
            "('deliver', 'revoke') AND (state = 'running' OR due_at <= ?) "
            "GROUP BY kind, state", [now])

    def faults_at_the_end(self):
        yield from self.drain()
        yield from self.compare()
        yield from self.grant_faults()
        yield from self.delivery_faults()
        yield from row_faults(self.store)
        yield from event_faults(self.store, self.crowd)
        done = verify(self.store.url)
        if done.returncode:
            yield f"{done.stdout}{done.stderr}"

    def grant_faults(self):
        """Ended once each, and nobody calls while another one does."""
        project = self.grants.projects()[0]
        unfinished = {one["target"]["id"] for one in items(
            project, "/deletions", state="waiting", limit=200)}
        shown = {one["id"] for one in project.ampersand.get(
            f"/projects/{project.name}/connections").must_be(200).body}
        steps = dict(rows_of(self.store,
                             "SELECT subject_id, id FROM step"))
        for one in self.grants.all:
            its_id = one.connection and bytes.fromhex(
                one.connection.replace("-", ""))
            step = steps.get(its_id)
            yield from self._faults_of(
                one, one.connection in shown or not one.connection,
                one.connection in unfinished,
                step and step.hex() in self.processes.held)
        for token in self.provider.overlaps:
            yield f"two called at once for {token}"

    def _faults_of(self, one, stays, is_unfinished, was_held):
        grant = self.provider.grant_of(one.token)
        lives = grant.refresh in self.provider.live
        lost = any(path == "/token" and not is_told
                   for path, _, is_told in grant.answers)
        if stays and not lives:
            yield f"{one.ref} was ended, and a connection lives by it"
        if not stays and lives and not is_unfinished:
            yield f"{one.ref} lives on and is not listed"
        if is_unfinished and not (was_held or lost):
            yield f"{one.ref} is unfinished: {grant.answers}"
        ends = [at for at, (path, status, is_told) in enumerate(grant.answers)
                if path != "/token" and status == 200 and is_told]
        if ends and len(grant.answers) > ends[0] + 1 and not was_held:
            yield f"{one.ref} was ended again: {grant.answers}"
        refreshed = [answer for answer in grant.answers
                     if answer[:2] == ("/token", 200)]
        if len(refreshed) > 1 and not was_held:
            yield f"{one.ref} was refreshed again: {grant.answers}"

    def delivery_faults(self):
        messages = self.receiver.messages
        accepted = {one.data["facts"]["ref"] for one in messages
                    if one.status == 200}
        for ref in sorted(self.groups.acknowledged - accepted)[:5]:
            yield f"{ref} was acknowledged and did not arrive"
        ids = collections.defaultdict(set)
        for one in messages:
            ids[one.data["facts"]["ref"]].add(one.id)
        for ref, its in ids.items():
            if len(its) > 1:
                yield f"{ref} came with the ids {its}"
        for one, said in zip(messages, verified(messages, self.key)):
            if "verified" not in said:
                yield f"{one.id} does not verify: {said}"
        yield from self._order_faults()

    def _order_faults(self):
        """What the killed may have had comes first when its claim lapses."""
        last = 0
        for one in self.receiver.firsts():
            if one.id.replace("-", "") in self.processes.held:
                continue
            number = int(one.data["eventId"])
            if number < last:
                yield f"message {one.number} came after a later event's"
            last = max(last, number)


def played(play, rounds):
    """What is wrong, in turn, as sentences."""
    for number in range(rounds):
        for wrong in play.run_once():
            yield f"after kill {number}: {wrong}"
    yield from play.faults_at_the_end()


@contextlib.contextmanager
def a_play():
    with Cluster() as cluster, Store(cluster.url) as store, \
            Provider() as provider, Receiver() as receiver, \
            Play(store, provider, receiver) as play:
        yield play


def test_each_rule_holds_for_all_together(release, all_fired):
    with a_play() as play:
        found = list(played(play, ROUNDS))
        assert not found, "\n".join(found[:40])
        play.processes.stop()
        all_fired("processes", ["kill", 500, HANG], play.fired)
        all_fired("their provider", FIRE_AT_LEAST, play.provider.fired)


def catches(plant):
    with planted(plant) as binary, under_test(binary), a_play() as play:
        try:
            return any(True for _ in played(play, ROUNDS * 2))
        except AssertionError:
            return True


def test_planted_faults_are_caught(release, all_caught):
    caught = [plant for plant in PLANTS if catches(plant)]
    all_caught("processes", PLANTS, caught)
