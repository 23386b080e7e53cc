"""The power fails: what was acknowledged is on the disk. Every write and sync
of a server under load is recorded; images of the disk are made of the record
up to some moment, without some of what was not synced by then, and each is
served again and compared with what customers had been told by then."""

import collections
import pathlib
import random
import tempfile
import threading

import pytest

from support.ampersand import new_integration
from support.customers import SLOTS, Shown, faults
from support.disk import LINK, SYNC, WRITE, Disk, records
from support.faulty import FaultyStore
from support.load import Crowd
from support.planted import planted, under_test
from support.server import Server, Store, at
from support.soak import scaled
from support.wait import eventually
from support.whole import row_faults

pytestmark = pytest.mark.sqlite

RUNS = scaled(1, 10)
IMAGES = scaled(60, 200)  # of a run
ROUNDS, ANSWERS = 4, scaled(20, 40)
CLIENTS = 4
INJECTED = ["lost write", "torn write", *scaled([], ["lost name"])]
SEED = 4
PLANTS = ["answer_before_commit", "sync_at_checkpoints_alone", "never_sync"]


class Image(Store):
    """A store from a disk."""

    def __init__(self, disk, keys, choose):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="cleat-image-"))
        self.url = f"sqlite:{self.folder}/store.db"
        self.keys = keys
        disk.image(self.folder, choose)


class Recording:
    """Customers of a server on a recorded disk. After each of its rounds the
    log goes into the file."""

    def __init__(self, store, seed):
        self.store = store
        self.made_at = store.position()
        server = Server(store)
        self.crowd = Crowd([new_integration(server.project)["id"]
                            for _ in range(SLOTS)], CLIENTS, seed,
                           store.position)
        server.stop()
        self.offered_at = store.position()
        self.records = []
        self.fired = collections.Counter()  # in the images

    def run(self):
        server = Server(self.store)
        for number in range(ROUNDS):
            self.crowd.is_soft = number % 2 == 1
            self._play(server)
            if number == ROUNDS // 2:
                server.stop()
                server = Server(self.store)
        server.stop()
        self.records = list(records(self.store.log))

    def _play(self, server):
        server.project.native.put(
            f"/projects/{server.project.name}/policies/installation",
            {"mode": "soft" if self.crowd.is_soft else "hard"}).must_be(200)
        enough = threading.Event()
        count = at(ANSWERS, enough.set)

        def is_enough(_):
            count()
            return enough.is_set()

        began = self.store.position()
        assert not self.crowd.run(server.project, is_enough)
        eventually(lambda: self._was_checkpointed(began), "a checkpoint")

    def _was_checkpointed(self, began):
        return any(one.what == WRITE and one.name == "store.db"
                   for one in records(self.store.log) if one.at > began)

    def images(self, count, choose):
        """(disk, moment), from the acknowledged `init` on: a moment is before
        a write, before a sync or after it."""
        first = next(number for number, one in enumerate(self.records)
                     if one.at >= self.made_at)
        last = len(self.records)
        cuts = sorted([first, last, *(choose.randint(first, last)
                                      for _ in range(count - 2))])
        disk, done = Disk(), 0
        for cut in cuts:
            for record in self.records[done:cut]:
                disk.do(record)
            done = cut
            moment = self.records[cut].at if cut < len(self.records) \
                else self.store.position()
            yield disk, moment
        self.fired += disk.fired


def image_faults(recording, disk, moment, choose):
    """As sentences."""
    image = Image(disk, recording.store.keys, choose)
    try:
        try:
            server = Server(image)
        except AssertionError as error:
            return [f"it is not served: {error}"]
        try:
            shown = Shown(server.project)
        finally:
            server.kill()
        found = row_faults(image)
        if moment >= recording.offered_at:
            found += faults(recording.crowd, shown, moment)
        return found
    finally:
        image.remove()


def recorded_faults(recording, count, seed):
    """Of each image in turn."""
    choose = random.Random(seed)
    for disk, moment in recording.images(count, choose):
        yield image_faults(recording, disk, moment, choose)


def test_acknowledged_changes_survive_power_loss(release, all_fired):
    fired = collections.Counter()
    for seed in range(RUNS):
        with FaultyStore(records=True) as store:
            recording = Recording(store, SEED + seed)
            recording.run()
            all_found = recorded_faults(recording, IMAGES, seed)
            for number, found in enumerate(all_found):
                assert not found, f"seed {seed}, image {number}:\n" \
                    + "\n".join(found)
            fired += recording.fired
    all_fired("power loss", INJECTED, fired)


def test_key_is_on_the_disk_before_what_it_seals(release):
    """And so is its name, wherever it lies: not by SQLite's sync of the
    store's own folder."""
    with FaultyStore(records=True) as store:
        done = [(one.what, one.name) for one in records(store.log)]
        at = done.index((LINK, "store.db.key"))
        assert done[at - 1:at + 2] == [(SYNC, "store.db.key.draft"),
                                       (LINK, "store.db.key"), (SYNC, "")]


def catches(plant):
    """The server that writes has the fault; what serves an image has not."""
    with planted(plant) as binary, FaultyStore(records=True) as store:
        recording = Recording(store, SEED)
        with under_test(binary):
            recording.run()
        return any(recorded_faults(recording, IMAGES, SEED))


def test_planted_faults_are_caught(release, all_caught):
    caught = [plant for plant in PLANTS if catches(plant)]
    all_caught("power loss", PLANTS, caught)
