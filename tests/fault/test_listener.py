"""Two servers of one database. The connection by which the second one hears
what others commit is cut off as soon as it is made, for as long as the test
runs: a revoked token is refused all the same, and who waits is told."""

import contextlib
import subprocess
import time

import pytest

from support.cluster import Cluster, programs
from support.native import Native
from support.planted import planted, under_test
from support.processes import Follower, Processes
from support.server import Store
from support.soak import scaled
from support.wait import eventually

pytestmark = pytest.mark.postgres

ROUNDS = scaled(5, 50)
KEPT, CUT_OFF = 0, 1  # the servers
REFUSED_S = 1
TOLD_S = 5
PLANTS = ["forget_what_was_not_heard", "remember_a_token"]
LISTENERS = "FROM pg_stat_activity WHERE application_name = 'cleat listener'"
# A view of other sessions is kept for a transaction, unless it is cleared.
CUTTING = """DO $$ DECLARE count bigint; BEGIN LOOP
    SELECT count(pg_terminate_backend(pid)) INTO count {0} AND pid <> {1};
    PERFORM nextval('cuts') FROM generate_series(1, count);
    PERFORM pg_stat_clear_snapshot(), pg_sleep(0.002);
END LOOP; END $$"""


class Cutter:
    """Cuts off each listener but those that are there now."""

    def __init__(self, cluster):
        self.cluster = cluster
        self.kept = eventually(lambda: cluster.sql(f"SELECT pid {LISTENERS}"),
                               "it listens").strip()
        cluster.sql("CREATE SEQUENCE cuts")

    def __enter__(self):
        self.process = subprocess.Popen(
            [programs() / "psql", "-q", "-h", self.cluster.folder, "-U",
             "postgres", "-c", CUTTING.format(LISTENERS, self.kept)],
            stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            **self.cluster.user)
        return self

    def __exit__(self, *_):
        self.cluster.sql("SELECT pg_terminate_backend(pid) FROM "
                         "pg_stat_activity WHERE query LIKE 'DO $$ DECLARE%'")
        self.process.wait()

    def cuts(self):
        return int(self.cluster.sql("SELECT last_value - 1 + is_called::int "
                                    "FROM cuts"))

    def cut_once_more(self):
        before = self.cuts()
        eventually(lambda: self.cuts() > before, "it is cut off again")


class Pair:

    def __init__(self, cluster, store):
        self.store = store
        keys = {name: store.create_project(name, name)
                for name in ("tokens", "quiet")}
        self.processes = Processes(store, 1)
        self.cutter = Cutter(cluster)
        self.processes.add()
        self.follower = Follower(self.processes, keys["quiet"])
        self.slowest = {"refused": 0, "told": 0}

    def faults(self):
        """What is wrong after one more round, as sentences."""
        yield from self._token_faults()
        took = self.follower.seconds(CUT_OFF, KEPT, self.cutter.cut_once_more)
        self.slowest["told"] = max(self.slowest["told"], took)
        if took > TOLD_S:
            yield f"who waits heard of a change after {took:.1f} s"

    def _token_faults(self):
        made = self.store.create_token("tokens", "gorules")
        callers = [Native(server, made["token"])
                   for server in self.processes.servers]

        def statuses():
            return [caller.get("/projects/tokens/events", {"limit": 1}).status
                    for caller in callers]

        before = statuses()
        self.store.revoke_token("tokens", made["id"])
        began = time.monotonic()
        after = statuses()
        took = time.monotonic() - began
        self.slowest["refused"] = max(self.slowest["refused"], took)
        if (before, after) != ([200, 200], [401, 401]):
            yield f"a token's answers: {before}, revoked {after}"
        if took > REFUSED_S:
            yield f"it was asked for {took:.1f} s"


@contextlib.contextmanager
def a_pair():
    with Cluster() as cluster, Store(cluster.url) as store:
        pair = Pair(cluster, store)
        with pair.processes, pair.cutter:
            yield pair


def test_who_does_not_hear_obeys_and_tells_all_the_same(release, all_fired):
    with a_pair() as pair:
        for number in range(ROUNDS):
            found = list(pair.faults())
            assert not found, f"in round {number}: " + "\n".join(found)
        cuts = pair.cutter.cuts()
    print({what: f"{took:.2f} s" for what, took in pair.slowest.items()})
    all_fired("a listener", ["cut off"], {"cut off": cuts})


def catches(plant):
    with planted(plant) as binary, under_test(binary), a_pair() as pair:
        return any(any(pair.faults()) for _ in range(2))


def test_planted_faults_are_caught(release, all_caught):
    caught = [plant for plant in PLANTS if catches(plant)]
    all_caught("a listener", PLANTS, caught)
