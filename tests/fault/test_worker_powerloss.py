"""The power fails at a worker: what it had confirmed is on its disk, whole. All
that is done to its folder is recorded; each image of it is started without a
server, and hands out what was confirmed by then."""

import collections
import pathlib
import random
import shutil
import tempfile

import pytest

from support import apinizer as apz
from support.disk import SYNC, Disk, records
from support.held import WorkerProcess
from support.names import unique
from support.planted import planted, release_binary, under_test
from support.server import ALLOWED, Server, Store
from support.soak import scaled
from support.worker import new_environment

pytestmark = pytest.mark.sqlite

CHANGES = scaled(12, 60)
IMAGES = scaled(40, 400)
SEED = 11
INJECTED = ["lost write", "lost name", *scaled([], ["torn write"])]
PLANTS = ["worker_does_not_sync", "worker_forgets_to_save",
          "worker_leaves_the_name_unsynced"]


class Recording:
    """States that a worker has confirmed: (position in the log, what it
    holds: port by name)."""

    def __init__(self, server, log):
        self.log = log
        self.project = server.project
        environment = new_environment(self.project)["name"]
        self.worker = WorkerProcess(self.project, environment, log=log)
        self.worker.wait_until_registered()
        self.made_at = self.position()
        self.confirmed = [(self.made_at, {})]

    def position(self):
        return self.log.stat().st_size

    def run(self, choose):
        held = {}
        for _ in range(CHANGES):
            held = dict(held)
            if held and choose.random() < 0.4:
                name = choose.choice(sorted(held))
                del held[name]
                reply = self.project.apinizer.delete(
                    apz.connection(self.project, name))
            else:
                name = unique("mail")
                held[name] = choose.randint(1, 65535)
                reply = self.project.apinizer.post(
                    apz.connection(self.project, name), {
                        "type": "email", "host": "smtp.example.com",
                        "port": held[name]})
            assert reply.must_be(200).body["deploymentResult"]["success"]
            self.confirmed.append((self.position(), held))
        self.worker.kill()

    def images(self, count, choose):
        """(disk, moment)"""
        done = list(records(self.log))
        first = next(number for number, one in enumerate(done)
                     if one.at >= self.made_at)
        unsynced = [number + 1 for number in range(first, len(done))
                    if done[number].what != SYNC]
        cuts = sorted(choose.choice(unsynced) for _ in range(count))
        disk, at = Disk(), 0
        for cut in cuts:
            for record in done[at:cut]:
                disk.do(record)
            at = cut
            yield disk, done[cut].at if cut < len(done) else self.position()

    def allowed(self, moment):
        """What may be there: the last that was confirmed by then, or the one
        under way."""
        last = max(number for number, (at, _) in enumerate(self.confirmed)
                   if at <= moment)
        return [held for _, held in self.confirmed[last:last + 2]]


def image_fault(recording, disk, moment, choose):
    """A sentence, or None."""
    worker = recording.worker
    shutil.rmtree(worker.state)
    worker.state.mkdir(mode=0o700)
    disk.image(worker.state, choose)
    worker.env = {}
    try:
        worker.start()
        held = {name: worker.get(name).body["settings"]["port"]
                for name in worker.names()}
        worker.stop()
    except AssertionError as error:
        return str(error)
    finally:
        if not worker.is_over:
            worker.kill()
    if "does not open" in worker.stderr():
        return "its file does not open"
    allowed = recording.allowed(moment)
    return None if held in allowed else f"{held}, not one of {allowed}"


def faults(binary, fired):
    """Of each image in turn. What writes is this program; what starts from an
    image is sound."""
    choose = random.Random(SEED)
    with tempfile.TemporaryDirectory(prefix="cleat-log-") as folder, \
            Store() as store:
        server = Server(store, options=ALLOWED)
        try:
            with under_test(binary):
                recording = Recording(server, pathlib.Path(folder) / "log")
            with recording.worker:
                recording.run(choose)
                server.kill()
                for disk, moment in recording.images(IMAGES, choose):
                    yield image_fault(recording, disk, moment, choose)
                    fired.update(disk.fired)
                    disk.fired.clear()
        finally:
            if not server.is_over:
                server.kill()


def test_what_a_worker_confirmed_survives_power_loss(release, all_fired):
    fired = collections.Counter()
    for number, fault in enumerate(faults(release_binary(), fired)):
        assert not fault, f"image {number}: {fault}"
    all_fired("power loss of a worker", INJECTED, fired)


def catches(plant):
    with planted(plant) as binary:
        return any(faults(binary, collections.Counter()))


def test_planted_faults_are_caught(release, all_caught):
    caught = [plant for plant in PLANTS if catches(plant)]
    all_caught("power loss of a worker", PLANTS, caught)
