"""The database fails under load: it is killed, it is paused, it takes no more
connections. Clear 503s, no acknowledged change lost, and service soon after
it is back, without a restart of ours."""

import signal
import time

import pytest
import requests

from support.cluster import Cluster
from support.outage import BACK_S, Outage
from support.planted import planted, under_test
from support.soak import scaled
from support.whole import row_faults

pytestmark = pytest.mark.postgres

KILLS = scaled(5, 100)
PAUSE_S = scaled(8, 30)
SILENCE_S = 6 + 1.5  # the longest wait for an answer, and what comes of it
AT_ONCE_S = 1


@pytest.fixture
def load(release):
    with Cluster() as cluster, Outage(cluster) as made:
        made.serve()
        yield made


def test_acknowledged_changes_survive_kills_of_the_database(load):
    for number in range(KILLS):
        wrong = load.kill_once()
        assert not wrong, f"after kill {number}:\n" + "\n".join(wrong)
    assert load.busy and set(load.busy) == {"1"}, load.busy
    load.server.stop()
    assert not row_faults(load.store)


def pause_once(load):
    """What is wrong, as sentences. Nobody hangs as long as the database."""
    began = []

    def pause():
        load.cluster.signal(signal.SIGSTOP)
        began.append(time.monotonic())

    callers = load.callers()
    refused = load.until_answer(pause)
    silent = time.monotonic() - began[0]
    slowest = load.slowest_refusal(callers, began[0] + PAUSE_S)
    load.cluster.signal(signal.SIGCONT)
    back = load.seconds_until_back()
    print(f"paused for {PAUSE_S} s: refused after {silent:.1f} s, then after "
          f"{slowest:.3f} s at most; back after {back:.1f} s")
    return refused + load.compare() + [
        what for what, took, limit in (
            (f"refused after {silent:.1f} s", silent, SILENCE_S),
            (f"then refused after {slowest:.1f} s", slowest, AT_ONCE_S),
            (f"back after {back:.1f} s", back, BACK_S)) if took > limit]


def test_pause_is_answered_and_ends(load):
    wrong = pause_once(load)
    assert not wrong, "\n".join(wrong)
    assert set(load.busy) == {"1"}, load.busy


def test_no_connection_left_is_busy_and_recovers(load):
    """The server's are cut off, and it gets no others."""
    load.cluster.sql("ALTER DATABASE cleat CONNECTION LIMIT 0")
    load.cluster.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                     "WHERE application_name LIKE 'cleat%'")
    project = load.server.project
    for _ in range(10):
        answer = requests.get(
            f"{load.server.base}/v1/projects", timeout=30,
            headers={"X-Api-Key": project.keys["ampersand"]["apiKey"]})
        assert answer.status_code == 503
        assert answer.headers["Retry-After"] == "1"
    load.cluster.sql("ALTER DATABASE cleat CONNECTION LIMIT -1")
    assert load.seconds_until_back() < BACK_S


def kill_often(load):
    return any(load.kill_once() for _ in range(KILLS * 8))


# By what each is caught.
PLANTS = {"do_not_wait_for_the_commit": kill_often,
          "look_for_the_database_in_each_thread": pause_once}


def catches(plant):
    """The server that is prepared is the sound one."""
    with planted(plant) as binary, Cluster() as cluster, \
            Outage(cluster) as prepared:
        with under_test(binary):
            prepared.serve()
            return bool(PLANTS[plant](prepared))


def test_planted_faults_are_caught(release, all_caught):
    caught = [plant for plant in PLANTS if catches(plant)]
    all_caught("the database", list(PLANTS), caught)
