"""The database fails under load: it is killed, it is paused, it takes no more
connections. Clear 503s, no acknowledged change lost, and service soon after
it is back, without a restart of ours."""

import collections
import random
import signal
import time

import pytest
import requests

from support.ampersand import new_integration
from support.cluster import Cluster
from support.customers import SLOTS, Shown, faults, settle
from support.load import Crowd
from support.planted import planted, under_test
from support.server import Server, Store, at
from support.soak import scaled
from support.whole import row_faults

pytestmark = pytest.mark.postgres

KILLS = scaled(5, 100)
PAUSE_S = scaled(8, 30)
CLIENTS = 8
ANSWERS = 5, 60  # of a cycle, before the kill
BACK_S = 5  # after the database is, service is
SEED = 12
PLANTS = ["do_not_wait_for_the_commit"]


class Load:
    """Customers of one server, which is not restarted."""

    def __init__(self, cluster):
        self.cluster = cluster
        self.store = Store(cluster.url)
        self.random = random.Random(SEED)
        first = Server(self.store)
        self.crowd = Crowd([new_integration(first.project)["id"]
                            for _ in range(SLOTS)], CLIENTS, SEED)
        self.crowd.on_busy = self._note_busy
        first.stop()
        self.busy = collections.Counter()  # 503s, by their Retry-After

    def serve(self):
        self.server = Server(self.store)
        self.probe = self.server.create_project("probe")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if hasattr(self, "server") and not self.server.is_over:
            self.server.kill()
        self.store.remove()

    def _note_busy(self, answer):
        self.busy[answer.headers.get("retry-after")] += 1

    def until_answer(self, act):
        """Runs the crowd, and `act` in the middle; what was refused."""
        return self.crowd.run(self.server.project, at(
            self.random.randint(*ANSWERS), lambda _: act()))

    def seconds_until_back(self):
        """Until both a read and a change are answered as ever."""
        began = time.monotonic()
        project = self.probe
        with requests.Session() as session:
            session.headers["X-Api-Key"] = project.keys["ampersand"]["apiKey"]
            base = f"{self.server.base}/v1/projects/{project.name}"
            while time.monotonic() < began + 60:
                got = session.get(f"{base}/integrations", timeout=30)
                made = session.post(f"{base}/connections:generate", json={
                    "groupRef": "back", "consumerRef": "back",
                    "provider": "stripe", "apiKey": "k"}, timeout=30)
                if (got.status_code, made.status_code) == (200, 201):
                    return time.monotonic() - began
                assert {got.status_code, made.status_code} <= {200, 201, 503}
                time.sleep(0.05)
        raise AssertionError("it did not come back")

    def compare(self):
        shown = Shown(self.server.project)
        found = faults(self.crowd, shown)
        if not found:
            settle(self.crowd, shown)
        return found

    def kill_once(self):
        """What is wrong, as sentences."""
        refused = self.until_answer(self.cluster.kill)
        self.cluster.start()
        took = self.seconds_until_back()
        if took > BACK_S:
            refused.append(f"back after {took:.1f} s")
        return refused or self.compare()


@pytest.fixture
def load(release):
    with Cluster() as cluster, Load(cluster) as made:
        made.serve()
        yield made


def test_acknowledged_changes_survive_kills_of_the_database(load):
    for number in range(KILLS):
        wrong = load.kill_once()
        assert not wrong, f"after kill {number}:\n" + "\n".join(wrong)
    assert load.busy and set(load.busy) == {"1"}, load.busy
    load.server.stop()
    assert not row_faults(load.store)


def test_pause_is_answered_and_ends(load):
    """Nobody hangs as long as the database does."""
    def pause():
        load.cluster.signal(signal.SIGSTOP)

    began = time.monotonic()
    refused = load.until_answer(pause)
    assert time.monotonic() < began + PAUSE_S + 15
    left = began + PAUSE_S - time.monotonic()
    while left > 0:
        answer = requests.get(f"{load.server.base}/readyz", timeout=10)
        assert answer.status_code == 503
        time.sleep(min(1, left))
        left = began + PAUSE_S - time.monotonic()
    load.cluster.signal(signal.SIGCONT)
    assert load.seconds_until_back() < BACK_S
    assert not refused and not load.compare()
    assert set(load.busy) == {"1"}, load.busy


def test_no_connection_left_is_busy_and_recovers(load):
    """The server's are cut off, and it gets no others."""
    load.cluster.sql("ALTER DATABASE cleat CONNECTION LIMIT 0")
    load.cluster.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                     "WHERE application_name = 'cleat'")
    project = load.server.project
    for _ in range(10):
        answer = requests.get(
            f"{load.server.base}/v1/projects", timeout=30,
            headers={"X-Api-Key": project.keys["ampersand"]["apiKey"]})
        assert answer.status_code == 503
        assert answer.headers["Retry-After"] == "1"
    load.cluster.sql("ALTER DATABASE cleat CONNECTION LIMIT -1")
    assert load.seconds_until_back() < BACK_S


def catches(plant):
    """The server that is prepared is the sound one."""
    with planted(plant) as binary, Cluster() as cluster, \
            Load(cluster) as prepared:
        with under_test(binary):
            prepared.serve()
            return any(prepared.kill_once() for _ in range(KILLS * 8))


def test_planted_faults_are_caught(release, all_caught):
    caught = [plant for plant in PLANTS if catches(plant)]
    all_caught("the database", PLANTS, caught)
