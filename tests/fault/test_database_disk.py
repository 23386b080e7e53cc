"""PostgreSQL's disk is full under load, in two ways: a table can't grow, which
fails a statement; the log can't, which ends the server. Clear 503s in each
API, no acknowledged change lost, and service soon after there is room again,
without a restart of ours."""

import contextlib
import itertools
import time

import pytest

from support import apinizer, gorules
from support.names import unique
from support.outage import BACK_S, Outage
from support.planted import planted, under_test
from support.small_disk import SmallCluster
from support.soak import scaled
from support.wait import eventually
from support.whole import row_faults

pytestmark = pytest.mark.postgres

ROUNDS = scaled(2, 20)
DOWN_S = scaled(1, 5)
FILL_S = 60
PLANTS = ["believe_a_commit_without_an_answer", "take_a_full_disk_for_a_defect"]


class FullDisk(Outage):
    """`fired`: how often each way has refused something."""

    def __init__(self, cluster):
        super().__init__(cluster)
        self.fired = {"a table": 0, "the log": 0}
        self.slowest = 0

    def serve(self):
        super().serve()
        assert self.probe.upsun.access_token

    def fill_tables_once(self):
        """What is wrong, as sentences."""
        before = self.cluster.log().count("could not extend file")
        refused = self.until_answer(self.cluster.fill)
        refused += self.refusals_of_each_api()
        self.fired["a table"] += self.cluster.log().count(
            "could not extend file") - before
        return self.recover(refused)

    def fill_log_once(self):
        before = self.cluster.panics()
        callers = self.callers()
        refused = self.until_answer(self.cluster.fill_and_panic)
        self.fired["the log"] += self.cluster.panics() - before
        if not self.cluster.is_up():
            self.slowest_refusal(callers, time.monotonic() + DOWN_S)
        return self.recover(refused)

    def refusals_of_each_api(self):
        """Until each API has refused a change. Some pages have room still."""
        project = self.probe
        changes = {
            "ampersand": (201, lambda: project.ampersand.post(
                f"/projects/{project.name}/connections:generate", {
                    "groupRef": "full", "consumerRef": "full",
                    "provider": "stripe", "apiKey": "k" * 1000})),
            "upsun": (201, lambda: project.upsun.post(
                f"/projects/{project.upsun_id}/integrations", {
                    "type": "webhook", "url": "https://example.localhost/hook"})),
            "gorules": (201, lambda: project.gorules.post(
                gorules.integrations(project), {
                    "name": "Rates", "type": "http", "kind": unique("full"),
                    "config": {"method": "get",
                               "url": "https://example.localhost/rates"}})),
            "apinizer": (200, lambda: project.apinizer.post(
                apinizer.connection(project, unique("full")), {
                    "type": "email", "host": "smtp.example.com"})),
            "cleat": (201, lambda: project.native.post(
                f"/projects/{project.name}/groups", {"ref": unique("full")})),
        }
        wrong = []

        def has_refused():
            self.cluster.fill()
            for api, (good, change) in list(changes.items()):
                answer = change()
                if answer.status == good:
                    continue
                del changes[api]
                if (answer.status, answer.headers.get("Retry-After")) \
                        != (503, "1"):
                    wrong.append(f"{api}: {answer}")
            return not changes

        eventually(has_refused, "each API refuses a change", FILL_S)
        return wrong

    def recover(self, refused):
        self.cluster.make_room()
        took = self.seconds_until_back()
        self.slowest = max(self.slowest, took)
        if took > BACK_S:
            refused.append(f"back after {took:.1f} s")
        return refused or self.compare()

    def rounds(self):
        """What is wrong after each, as sentences."""
        for fill in itertools.cycle((self.fill_tables_once,
                                     self.fill_log_once)):
            yield fill()


@contextlib.contextmanager
def full_disk():
    with SmallCluster() as cluster, FullDisk(cluster) as made:
        yield made


def test_full_disk_of_the_database_refuses_and_is_forgotten(release, all_fired):
    with full_disk() as disk:
        disk.serve()
        for number, wrong in enumerate(itertools.islice(
                disk.rounds(), ROUNDS)):
            assert not wrong, f"in round {number}:\n" + "\n".join(wrong)
        assert set(disk.busy) == {"1"}, disk.busy
        disk.server.stop()
        assert not row_faults(disk.store)
        print(f"back after {disk.slowest:.1f} s at most")
        all_fired("a full disk of PostgreSQL's", list(disk.fired), disk.fired)


def catches(plant):
    """The server that is prepared is the sound one."""
    with planted(plant) as binary, full_disk() as disk, under_test(binary):
        disk.serve()
        return any(itertools.islice(disk.rounds(), ROUNDS * 5))


def test_planted_faults_are_caught(release, all_caught):
    caught = [plant for plant in PLANTS if catches(plant)]
    all_caught("a full disk of PostgreSQL's", PLANTS, caught)
