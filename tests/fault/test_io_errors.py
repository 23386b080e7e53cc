"""The disk fails: each k-th call of a kind, in each of ten changes. No 2xx
for what is not there, nothing half done, and once the disk is well the server
goes on as if nothing had been."""

import collections
import itertools
import threading

import pytest
import requests

from support.faulty import (DATABASE, FOREVER, HOWS, OPEN, SYNC, WRITE,
                            FaultyStore)
from support.names import unique
from support.native import base
from support.operations import Operations
from support.planted import planted, under_test
from support.raw import Raw, address_of, request
from support.server import Server
from support.soak import scaled
from support.wait import eventually
from support.whole import row_faults

pytestmark = pytest.mark.sqlite

# kind of call, how it fails, and how many of them do from the k-th on
INJECTIONS = [(WRITE, "EIO", 1), (WRITE, "ENOSPC", 1),
              (WRITE, "ENOSPC", FOREVER), (WRITE, "EINTR", 3),
              (WRITE, "short", 1), (SYNC, "EIO", 1), (SYNC, "ENOSPC", 1),
              (SYNC, "EINTR", 1), (OPEN, "EIO", 1), (OPEN, "EMFILE", FOREVER)]
KINDS = {WRITE: "write", SYNC: "sync", OPEN: "open"}
CALLS_MAX = 50  # that one change needs
CHECKPOINTED = scaled((1, 2, 9), range(1, 31))  # calls of a checkpoint
FILLING = 30  # changes that are worth a checkpoint
REFUSED = scaled(300, 20000)  # while the disk is full
CLIENTS = 4
PLANTS = ["believe_a_failed_commit", "believe_a_failed_write",
          "never_open_again"]


def name_of(kind, how, span):
    return f"{KINDS[kind]} {how}" + (" from there on" if span > 3 else "")


class FailingDisk:
    """A server on a disk that fails when told to; `asked` has what was asked
    for and with which outcome."""

    def __init__(self, store):
        self.store = store
        self.server = Server(store)
        self.operations = Operations(self.server)
        self.fired = collections.Counter()
        self.asked = []

    def try_all(self):
        """What is wrong, in turn, as sentences."""
        for make, (kind, how, span) in itertools.product(
                self.operations.all(), INJECTIONS):
            for first in range(1, CALLS_MAX):
                found, has_fired = self._try(make, kind, how, first, span)
                yield from found
                if not has_fired:
                    break
                self.fired[name_of(kind, how, span)] += 1
        yield from self.operations.wrong

    def _try(self, make, kind, how, first, span):
        try:
            asked = make()
        except AssertionError as error:
            return [f"it did not recover: {error}"], False
        if kind == OPEN:
            self._make_it_open()
        with self.store.failing(kind, HOWS[how], first, span):
            status = asked.ask()
        self.asked.append((asked, status))
        place = f"the {first}. {name_of(kind, how, span)}"
        try:
            return [f"{place}: {one}" for one in asked.faults(status)], \
                self.store.fired
        except AssertionError as error:
            return [f"{place}: {asked.name}: {error}"], False

    def _make_it_open(self):
        """After a commit that failed the writer opens the store again."""
        with self.store.failing(SYNC, HOWS["EIO"], 1):
            self.operations.make_group().ask()
        assert self.store.fired

    def fill(self):
        """So much that the log is moved when the writer is idle."""
        for _ in range(FILLING):
            asked = self.operations.connect()
            self.asked.append((asked, asked.ask()))
            assert self.asked[-1][1] == asked.good

    def faults_after_a_kill(self):
        """What was shown came from memory, this comes from the disk."""
        self.server.kill()
        self.server = Server(self.store)
        self.operations.serve_on(self.server)
        for asked, status in self.asked:
            yield from asked.faults(status)
        self.server.kill()
        yield from row_faults(self.store)


def test_no_change_is_acknowledged_that_failed(release, all_fired):
    with FaultyStore() as store:
        disk = FailingDisk(store)
        found = [*disk.try_all(), *disk.faults_after_a_kill()]
        assert not found, "\n".join(found)
        all_fired("disk errors", [name_of(*one) for one in INJECTIONS],
                  disk.fired)


def test_reading_goes_on_after_an_open_that_failed(release, all_fired):
    """A thread's session is opened by its first request; the next one of the
    same connection is of the same thread."""
    fired = collections.Counter()
    with FaultyStore() as store:
        for how, first in itertools.product(("EIO", "EMFILE"), range(1, 9)):
            server = Server(store)
            line = Raw(address_of(server))
            with store.failing(OPEN, HOWS[how], first):
                assert _read(line, server.project) in (200, 503)
            fired[how] += store.fired
            assert _read(line, server.project) == 200
            line.close()
            server.kill()
    all_fired("opens to read", ["EIO", "EMFILE"], fired)


def _read(line, project):
    line.send(request("GET", f"/cleat/v1{base(project)}/groups", {
        "X-Api-Key": project.keys["ampersand"]["apiKey"]}))
    return line.answer().status


def test_log_is_moved_after_it_could_not_be(release, all_fired):
    """A checkpoint fails at some write or sync of the database: nothing is
    lost, and the next one does its work."""
    fired = collections.Counter()
    with FaultyStore() as store:
        disk = FailingDisk(store)
        for how, first in itertools.product(("EIO", "ENOSPC"), CHECKPOINTED):
            with store.failing(WRITE | SYNC, HOWS[how], first,
                               files=DATABASE):
                disk.fill()
                eventually(lambda: store.fired, f"call {first} of a checkpoint")
                fired[how] += 1
            with store.failing(WRITE | SYNC, HOWS[how], FOREVER,
                               files=DATABASE):
                disk.fill()
                eventually(lambda: store.seen, "another checkpoint")
        found = list(disk.faults_after_a_kill())
        assert not found, "\n".join(found)
    all_fired("checkpoints", ["EIO", "ENOSPC"], fired)


class Hopeful:
    """A client that goes on trying to write, and reads in between."""

    def __init__(self, project):
        self.project = project
        self.answers = collections.Counter()
        self.unread = []

    def try_until(self, is_enough):
        path = f"{base(self.project)}/groups"
        while not is_enough():
            answer = self.project.native.post(path, {"ref": unique("group")})
            self.answers[answer.status] += 1
            answer = self.project.native.get(f"{path}?limit=1")
            if answer.status != 200:
                self.unread.append(answer)


def test_full_disk_refuses_and_is_forgotten(release, all_fired):
    with FaultyStore() as store:
        server = Server(store)
        first = server.project.native.post(
            f"{base(server.project)}/groups", {"ref": "first"}).must_be(201)
        crowd = [Hopeful(server.project) for _ in range(CLIENTS)]

        def refused():
            return sum(one.answers[503] for one in crowd) >= REFUSED

        with store.failing(WRITE, HOWS["ENOSPC"], 1, FOREVER):
            _try_until(crowd, refused)
            fired = {"ENOSPC": store.fired}
        assert {status for one in crowd for status in one.answers} == {503}
        assert not [answer for one in crowd for answer in one.unread]
        later = server.project.native.post(
            f"{base(server.project)}/groups", {"ref": "later"}).must_be(201)
        server.kill()
        server = Server(store)
        for made in first, later:
            server.project.native.get(
                f"{base(server.project)}/groups/{made.body['ref']}") \
                .must_be(200)
        server.stop()
        assert not row_faults(store)
    all_fired("full disk", ["ENOSPC"], fired)


def _try_until(crowd, is_enough):
    threads = [threading.Thread(target=one.try_until, args=(is_enough,))
               for one in crowd]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def catches(plant):
    with planted(plant) as binary, under_test(binary), FaultyStore() as store:
        disk = FailingDisk(store)
        try:
            return any(disk.try_all()) or any(disk.faults_after_a_kill())
        except (AssertionError, requests.RequestException):
            return True  # what it shows is not even in its form
        finally:
            disk.server.kill()


def test_planted_faults_are_caught(release, all_caught):
    caught = [plant for plant in PLANTS if catches(plant)]
    all_caught("disk errors", PLANTS, caught)
