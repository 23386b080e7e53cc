"""The primary of a pair is lost under load: what was acknowledged is at the
one that takes over, which takes changes soon, without a restart of ours."""

import os
import signal

import pytest

from support.outage import Outage
from support.patroni import Patroni
from support.soak import scaled
from support.whole import row_faults

pytestmark = pytest.mark.postgres

TIMES = scaled(2, 10)  # by turns, each of the two
BACK_S = 30
TRIES = 3  # to lose what nobody waited for


def lose_primary(load, how):
    """What is wrong, as sentences; and the node that was lost."""
    node = load.cluster.primary()
    refused = load.until_answer(lambda: how(node))
    took = load.seconds_until_back()
    print(f"{node.name} lost: writes again after {took:.1f} s")
    if took > BACK_S:
        refused.append(f"back after {took:.1f} s")
    return refused or load.compare(), node


@pytest.fixture
def load(release):
    with Patroni() as patroni, Outage(patroni) as made:
        made.serve()
        yield made


def test_nothing_acknowledged_is_lost_with_a_primary(load):
    for number in range(TIMES):
        wrong, node = lose_primary(load, lambda node: node.kill())
        assert not wrong, f"after kill {number}:\n" + "\n".join(wrong)
        assert load.cluster.primary() not in (None, node)
        node.start()
        load.cluster.wait_until_whole()
    assert set(load.busy) == {"1"}, load.busy
    load.server.stop()
    assert not row_faults(load.store)


def loses_without_waiting():
    """The replica is held back, and no commit waits for it."""
    with Patroni(is_synchronous=False) as patroni, Outage(patroni) as load:
        load.serve()
        for _ in range(TRIES):
            sender = int(patroni.sql(
                patroni.primary(), "SELECT pid FROM pg_stat_replication"))
            os.kill(sender, signal.SIGSTOP)
            wrong, node = lose_primary(load, lambda node: node.kill())
            if wrong:
                return True
            node.start()
            patroni.wait_until_whole()
    return False


def test_planted_faults_are_caught(release, all_caught):
    caught = ["asynchronous"] if loses_without_waiting() else []
    all_caught("patroni", ["asynchronous"], caught)
