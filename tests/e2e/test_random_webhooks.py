"""Random projects whose git integrations have webhooks at a provider that
fails now and then: what was planned is what happened, and at the end those are
there whose integration lives or may come back, and no others."""

import pytest

from support.git_webhooks import (PUBLIC, GitHub, GitLab, in_state,
                                  options_of, registered, webhook_effects)
from support.listening import base as upsun_base
from support.names import unique
from support.native import all_effects, base, plan, run
from support.planted import planted_server
from support.soak import scaled
from support.wait import eventually
from test_random_graphs import Player

STEPS = 80
FAULTS = {"500": 0.12, "reset": 0.08, "lost": 0.15}
SEEDS = range(scaled(2, 30))
PLANTS = ["forgets_to_deregister"]


class GitPlayer(Player):
    """`living` and `hidden` are integrations by their native id: the URL that
    the provider calls."""

    def __init__(self, project, seed, provider):
        super().__init__(project, seed)
        self.provider, self.living, self.hidden = provider, {}, {}

    def trash(self):
        return super().trash() | {("integration", one) for one in self.hidden}

    def moves(self):
        return super().moves() + [self.offer_git, self.let_go_of_git] * 6 + \
            [self.git_comes_back] * 4

    def offer_git(self):
        made = registered(self.project, self.provider)
        path = upsun_base(self.project, made)
        its_id = self.project.upsun.delete(f"{path}?dryRun=true") \
            .body["target"]["id"]
        self.living[its_id] = f"{PUBLIC}/api{path}/hook"

    def let_go_of_git(self):
        if not self.living:
            return
        its_id = self.random.choice(sorted(self.living))
        mode = self.random.choice(["hard", "soft"])
        planned = plan(self.project, "integration", its_id, mode=mode)
        effects = webhook_effects(planned["effects"])
        assert [one["id"] for one in effects] == [
            one for one, hook in self.provider.hooks[self.provider.repository]
            .items() if self.provider.url_of(hook) == self.living[its_id]
        ] * (mode == "hard")
        deletion = run(self.project, planned)["id"]
        assert all_effects(self.project, deletion) == planned["effects"]
        url = self.living.pop(its_id)
        if mode == "soft":
            self.hidden[its_id] = url
        else:
            in_state(self.project, deletion, "done")

    def git_comes_back(self):
        if not self.hidden:
            return
        its_id = self.random.choice(sorted(self.hidden))
        url = self.hidden.pop(its_id)
        what = self.random.choice(["restore", "purge"])
        self.project.native.post(
            f"{base(self.project)}/integration/{its_id}:{what}", {}) \
            .must_be(200)
        if what == "restore":
            self.living[its_id] = url

    def webhooks(self):
        return sorted(map(self.provider.url_of, self.provider.ours()))

    def end(self):
        left = sorted({**self.living, **self.hidden}.values())
        eventually(lambda: self.webhooks() == left, "webhooks are as left", 60)


def played(server, provider, seed):
    name = unique("webhooks")
    player = GitPlayer(server.create_project(name, name), seed, provider)
    player.play(STEPS)
    player.end()


@pytest.mark.parametrize("kind", [GitHub, GitLab], ids=lambda one: one.kind)
@pytest.mark.parametrize("seed", SEEDS)
def test_webhooks_are_there_as_long_as_they_may_be_needed(
        server_factory, all_fired, seed, kind):
    with kind(seed) as provider:
        provider.schedule, provider.faults = list(FAULTS), dict(FAULTS)
        played(server_factory(options=options_of(provider)), provider, seed)
        all_fired(f"webhooks at {kind.kind}", FAULTS, provider.fired)


def catches(plant):
    with GitHub() as provider, planted_server(
            plant, options=options_of(provider)) as server:
        try:
            for seed in range(2):
                played(server, provider, seed)
        except AssertionError:
            return True
        return False


def test_planted_faults_are_caught(all_caught):
    caught = [plant for plant in PLANTS if catches(plant)]
    all_caught("deregistering", PLANTS, caught)
