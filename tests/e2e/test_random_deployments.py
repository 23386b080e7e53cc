"""Random connections, environments and workers that fail: after each deletion
every worker holds what is deployed and nothing else, and what was planned is
what happened."""

import random

import pytest

from support import apinizer as apz
from support.names import unique
from support.native import all_effects, base, of, plan, receipt, run
from support.planted import SOUND, planted_server
from support.server import ALLOWED
from support.soak import scaled
from support.wait import eventually
from support.worker import Worker, new_environment

STEPS = 60
SEEDS = range(scaled(1, 10))
FAULTS = {"500": 0.1, "reset": 0.1, "lost": 0.05, "late": 0.05}
# Of those, late pushes alone meet a removal.
PLANTED_FAULTS = {"late": 0.2}
PATIENCE_S, PLANTED_PATIENCE_S = 20, 4
PLANTS = ["forget_a_worker", "remove_with_an_old_version"]


class Player:
    """Plays on a project, and knows what its workers are to hold, in so much
    time."""

    def __init__(self, project, seed, faults, patience_s):
        self.project = project
        self.faults, self.patience_s = faults, patience_s
        self.random = random.Random(seed)
        self.deployed = {}  # name -> is it to be at the workers
        self.ids = {}  # name -> id
        self.environments = {}  # id -> its workers
        self.left = []  # workers of environments that are gone
        self.deletions = []

    def close(self):
        for worker in self.workers + self.left:
            worker.__exit__()

    @property
    def workers(self):
        return [worker for its in self.environments.values()
                for worker in its]

    @property
    def fired(self):
        return {name: sum(worker.fired[name]
                          for worker in self.workers + self.left)
                for name in FAULTS}

    def environment(self):
        if len(self.environments) < 3:
            made = new_environment(self.project)
            self.environments[made["id"]] = []
            self.worker(made)

    def worker(self, environment=None):
        if environment is None:
            if not self.environments:
                return
            chosen = self.random.choice(sorted(self.environments))
            environment = self.project.native.get(
                f"{base(self.project)}/environments/{chosen}") \
                .must_be(200).body
        if len(self.environments[environment["id"]]) < 3:
            worker = Worker(self.random.random())
            worker.faults = self.faults
            worker.register(self.project, environment["name"])
            self.environments[environment["id"]].append(worker)

    def restart(self):
        """With nothing, or with what it had; in either case it asks."""
        if self.workers:
            worker = self.random.choice(self.workers)
            if self.random.random() < 0.5:
                worker.forget()
            environment = next(
                one for one, its in self.environments.items()
                if worker in its)
            worker.register(self.project, self.project.native.get(
                f"{base(self.project)}/environments/{environment}")
                .must_be(200).body["name"])
            worker.drop_others(self.project)

    def connect(self):
        name = unique("mail")
        self.deployed[name] = self.random.random() < 0.8
        apz.new_connection(self.project, name, password=f"pass-of-{name}",
                           deployToWorker=self.deployed[name])

    def change(self):
        if self.deployed:
            name = self.random.choice(sorted(self.deployed))
            self.deployed[name] = self.random.random() < 0.7
            self.project.apinizer.put(
                apz.connection(self.project, name),
                {"type": "email", "enabled": self.deployed[name],
                 "deployToWorker": True}).must_be(200)

    def let_go(self):
        if not self.deployed:
            return
        name = self.random.choice(sorted(self.deployed))
        self.deletions.append(self.project.apinizer.delete(
            apz.connection(self.project, name)).must_be(200)
            .headers["Cleat-Deletion"])
        del self.deployed[name]
        self.check()

    def let_environment_go(self):
        if not self.environments or self.random.random() < 0.5:
            return
        chosen = self.random.choice(sorted(self.environments))
        planned = plan(self.project, "environment", chosen)
        done = run(self.project, planned)
        assert all_effects(self.project, done["id"])[:100] == \
            planned["effects"]
        its = self.environments.pop(chosen)
        assert set(of(planned["effects"], "gone", "worker")) == \
            {worker.id for worker in its}
        self.left += its
        self.deletions.append(done["id"])
        self.check()

    def is_as_it_should_be(self):
        wanted = {name for name, is_deployed in self.deployed.items()
                  if is_deployed}
        return all(
            {one["name"] for one in worker.holds.values()} == wanted
            for worker in self.workers) \
            and not any(worker.holds for worker in self.left) \
            and all(receipt(self.project, one)["state"] == "done"
                    for one in self.deletions)

    def check(self):
        eventually(self.is_as_it_should_be, "the workers to hold what is "
                   "deployed, and the deletions to be done", self.patience_s)
        self.deletions.clear()
        for worker in self.workers:
            for document in worker.holds.values():
                assert document["secrets"] == {
                    "password": f"pass-of-{document['name']}"}

    def play(self, steps):
        self.environment()
        self.worker()
        moves = [self.connect] * 5 + [self.change] * 3 + [self.let_go] * 3 \
            + [self.environment, self.worker, self.restart,
               self.let_environment_go]
        for _ in range(steps):
            self.random.choice(moves)()
        self.check()
        # those that come back ask, and have nothing that they should not
        for worker in self.workers:
            worker.drop_others(self.project)
        self.check()


def play(server, seed, faults=FAULTS, patience_s=PATIENCE_S):
    name = unique("fleet")
    player = Player(server.create_project(name, name), seed, faults,
                    patience_s)
    try:
        player.play(STEPS)
        return player.fired
    finally:
        player.close()


@pytest.mark.parametrize("seed", SEEDS)
def test_workers_hold_what_is_deployed_and_nothing_else(server_factory, seed,
                                                        all_fired):
    all_fired("deployments", FAULTS, play(server_factory(options=ALLOWED),
                                          seed))


def catches(plant):
    with planted_server(plant, options=ALLOWED) as server:
        try:
            play(server, 0, PLANTED_FAULTS, PLANTED_PATIENCE_S)
        except AssertionError:
            return True
        return False


def test_planted_faults_are_caught(all_caught):
    assert not catches(SOUND), "this machine is too slow for the deadlines"
    caught = [plant for plant in PLANTS if catches(plant)]
    all_caught("deployments", PLANTS, caught)
