"""Workers and their server are killed, stopped and cut off from each other, at
random, while connections are let go of: whoever is back has lost what was let
go of within 5 s, holds all else, and calls that come late change nothing."""

import collections
import concurrent.futures
import contextlib
import itertools
import random
import signal
import time

import pytest
import requests

from support import apinizer as apz
from support.cut import Cut
from support.held import WorkerProcess
from support.names import unique
from support.native import base, receipt
from support.planted import SOUND, planted, under_test
from support.project import Project
from support.server import ALLOWED, Server, Store
from support.soak import scaled
from support.wait import eventually
from support.worker import new_environment

ROUNDS = scaled(12, 200)
PLANTED_ROUNDS = 12
BACK_S = 5  # within which who is back has lost it
# For all else: leases of the killed have to lapse, calls to the stopped to end.
PATIENCE_S, PLANTED_PATIENCE_S = 60, 15
WORKERS = 2
SEED = 10
MODES = ["killed", "stopped", "cut off"]
FIRED = [*MODES, "server killed", "server stopped", "late push", "abandoned",
         "unknown"]
PLANTS = ["worker_never_compares", "worker_takes_any_version",
          "forget_a_worker"]


class Member:
    """A worker that can be away, behind a network of its own."""

    def __init__(self, fleet, environment):
        self.ours, self.theirs = Cut(), Cut()  # to the server, and from it
        self.ours.to(fleet.server.base)
        self.process = WorkerProcess(fleet.project, environment,
                                     server=self.ours.url,
                                     url=self.theirs.url)
        self.theirs.to(self.process.base)
        self.process.wait_until_registered()

    def close(self):
        self.ours.close()
        self.theirs.close()
        self.process.__exit__()

    def leave(self, mode):
        if mode == "killed":
            self.process.kill()
        elif mode == "stopped":
            self.process.pause()
        else:
            self.ours.cut()
            self.theirs.cut()

    def come_back(self, mode):
        if mode == "killed":
            self.process.start()
        elif mode == "stopped":
            self.process.go_on()
        else:
            self.ours.heal()
            self.theirs.heal(holds=True)

    def deliver(self):
        """What was on its way to it when it was cut off comes now."""
        return self.theirs.deliver()

    def holds(self):
        return self.process.names()


class Fleet:

    def __init__(self, store, seed, patience_s):
        self.store, self.patience_s = store, patience_s
        self.random = random.Random(seed)
        self.fired = collections.Counter()
        self.deletions = []
        self.server = Server(store, options=ALLOWED)
        self.project = Project(self.server, store.keys)
        environment = new_environment(self.project)["name"]
        self.members = []
        for _ in range(WORKERS):
            self.members.append(Member(self, environment))
        self.wanted = {"kept"}
        self.create("kept")

    def close(self):
        for member in self.members:
            member.close()
        if not self.server.is_over:
            self.server.kill()

    # What customers do

    def create(self, name):
        apz.new_connection(self.project, name)
        self.wanted.add(name)
        self.wait_for_all()

    def wait_for_all(self):
        for member in self.members:
            eventually(lambda member=member: member.holds() == self.wanted,
                       f"all to hold {self.wanted}", self.patience_s)

    def change(self, name):
        """Its push is on its way when this returns."""
        self.project.apinizer.put(apz.connection(self.project, name), {
            "type": "email", "port": self.random.randint(1, 65535)},
            {"wait": 0}).must_be(200)

    def delete(self, name, wait):
        """False when it is not known whether it was done."""
        try:
            reply = self.project.apinizer.delete(
                apz.connection(self.project, name), {"wait": wait})
        except requests.RequestException:
            return False
        if reply.status != 200:
            return False
        self.deletions.append(reply.headers["Cleat-Deletion"])
        return True

    def abandon(self, member):
        """Nobody calls that worker for the last deletion any more."""
        deletion = self.deletions[-1]
        path = f"{base(self.project)}/deletions/{deletion}"
        for step in receipt(self.project, deletion)["steps"]:
            if step["facts"]["worker"] == member.process.name \
                    and step["state"] == "waiting":
                self.project.native.post(
                    f"{path}/steps/{step['id']}:abandon",
                    {"reason": "it is away"})
                self.fired["abandoned"] += 1

    # What befalls the server

    def lose_server(self, mode):
        if mode == "killed":
            self.server.kill()
        elif mode == "stopped":
            self.server.process.send_signal(signal.SIGSTOP)
        self.fired[f"server {mode}"] += mode is not None

    def find_server(self, mode):
        if mode == "killed":
            self.server = Server(self.store, options=ALLOWED)
            self.project = Project(self.server, self.store.keys)
            for member in self.members:
                member.ours.to(self.server.base)
        elif mode == "stopped":
            self.server.process.send_signal(signal.SIGCONT)

    # A round

    def play(self, mode, server_mode, is_before):
        name = unique("gone")
        self.create(name)
        member = self.random.choice(self.members)
        if is_before:
            member.leave(mode)
            if mode == "cut off":
                self._send_too_early(name, member)
        with concurrent.futures.ThreadPoolExecutor(1) as pool:
            deleting = pool.submit(self.delete, name,
                                   self.random.choice([0, 1]))
            self._at_some_moment()
            if not is_before:
                member.leave(mode)
            self._at_some_moment()
            self.lose_server(server_mode)
            if server_mode == "stopped":
                self._at_some_moment()
                self.find_server(server_mode)
            is_done = deleting.result()
        if server_mode == "killed":
            self.find_server(server_mode)
        self._be_sure(name, is_done)
        if self.random.random() < 0.7:
            self.abandon(member)
        self.fired[mode] += 1
        member.come_back(mode)
        eventually(lambda: name not in member.holds(),
                   f"{name} to be lost by who was {mode}", BACK_S)
        late = member.deliver()
        self.fired["late push"] += any(
            line.startswith("PUT") for line in late)
        assert name not in member.holds(), f"a late call brought {name} back"
        self.wait_for_all()

    def _send_too_early(self, name, member):
        """Its server is killed while it waits for the answer: whoever serves
        next does not know of this call."""
        self.change(name)
        eventually(lambda: member.theirs.waits(), "a call that waits")
        self.lose_server("killed")
        self.find_server("killed")

    def _at_some_moment(self):
        time.sleep(self.random.random() / 50)

    def _be_sure(self, name, is_done):
        self.wanted.discard(name)
        if is_done:
            return
        self.fired["unknown"] += 1
        shown = self.project.apinizer.get(apz.connection(self.project, name))
        if shown.status == 200:
            assert self.delete(name, 0)

    def finish(self):
        """Each deletion ends, also at those who were away."""
        for deletion in self.deletions:
            eventually(lambda deletion=deletion: receipt(
                self.project, deletion)["state"] == "done",
                "its steps", self.patience_s)
        for member in self.members:
            member.process.stop()
        self.server.stop()


def plays(choose, rounds):
    """Each kind of round, in some order, again and again."""
    kinds = [(mode, server_mode, True) for mode, server_mode in
             itertools.product(MODES, [None, "killed", "stopped"])]
    others = [(mode, server_mode, False) for mode, server_mode, _ in kinds]
    while rounds > 0:
        some = kinds + choose.sample(others, 3)
        choose.shuffle(some)
        yield from some[:rounds]
        rounds -= len(some)


@contextlib.contextmanager
def fleet(patience_s):
    with Store() as store:
        made = Fleet(store, SEED, patience_s)
        try:
            yield made
        finally:
            made.close()


def test_who_is_back_has_lost_what_was_let_go_of(release, all_fired):
    with fleet(PATIENCE_S) as made:
        for kind in plays(made.random, ROUNDS):
            made.play(*kind)
        made.finish()
        all_fired("workers", FIRED, made.fired)


def catches(plant):
    with planted(plant) as binary, under_test(binary), \
            fleet(PLANTED_PATIENCE_S) as made:
        try:
            for kind in plays(made.random, PLANTED_ROUNDS):
                made.play(*kind)
        except AssertionError:
            return True
        return False


@pytest.mark.sqlite
def test_planted_faults_are_caught(release, all_caught):
    assert not catches(SOUND), "this machine is too slow for the deadlines"
    caught = [plant for plant in PLANTS if catches(plant)]
    all_caught("workers", PLANTS, caught)
