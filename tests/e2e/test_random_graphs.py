"""Random projects, random deletions, restores and purges, against a model:
after each nothing is left that should be gone, nothing gone that should be
left, and what was planned is what happened."""

import random
import threading

import pytest

from support import ampersand as amp
from support import delivery
from support.names import unique
from support.native import all_effects, base, ended, items, run
from support.planted import planted_server
from support.soak import scaled
from support.tampering import verify

STEPS = 150
SEEDS = range(scaled(3, 60))
PLANTS = ["forget_the_connection", "take_a_used_connection",
          "plan_as_if_nobody_shared", "restore_half", "forget_whom_to_tell"]


class Model:
    """What should be there: who uses which connection, and the trash."""

    def __init__(self):
        self.integrations = set()
        self.connections = {}  # id -> (group, consumer)
        self.installations = {}  # id -> (integration, connection)
        self.trash = {}  # (kind, id) -> Hidden
        self.parties = set()  # references that live

    def reach(self, kind, target, is_hard):
        """Installations and connections that go with it."""
        if kind == "installation":
            return self._with_unused({target})
        if kind == "integration":
            leaving, parting = self._with_unused(
                {one for one, (of, _) in self.installations.items()
                 if of == target})
            gone, parted = self.in_trash(kind, target) if is_hard \
                else (set(), set())
            return leaving | gone, parting | parted
        own = {one for one, whose in self.connections.items()
               if target in (one, *whose)}
        leaving = {one for one, (_, used) in self.installations.items()
                   if used in own}
        if is_hard and kind in ("group", "consumer"):
            gone, parted = self.in_trash(kind, target)
            leaving |= gone
            own |= parted
        return leaving, own

    def in_trash(self, kind, target):
        """What of it is there, whatever hid it."""
        gone, parted = set(), set()
        if kind == "integration":
            for (of, thing), hidden in self.trash.items():
                mine = {one for one, (whose, _)
                        in hidden.installations.items() if whose == target}
                gone |= mine
                if of == "installation" and thing in mine:
                    parted |= set(hidden.connections)
        elif kind in ("group", "consumer"):
            theirs = {one for one, whose in self.connections.items()
                      if target in whose}
            for hidden in self.trash.values():
                parted |= {one for one, whose in hidden.connections.items()
                           if target in whose}
            for hidden in self.trash.values():
                gone |= {one for one, (_, used)
                         in hidden.installations.items()
                         if used in theirs | parted
                         or hidden.owners[one] == target}
        return gone, parted

    def _with_unused(self, leaving):
        used = {self.installations[one][1] for one in leaving}
        kept = {connection for one, (_, connection)
                in self.installations.items() if one not in leaving}
        return leaving, used - kept

    def take(self, leaving, parting):
        """Out of what lives, and out of the trash."""
        taken = Hidden(
            {one: self.installations.pop(one) for one in leaving
             if one in self.installations},
            {one: self.connections.pop(one) for one in parting
             if one in self.connections})
        for key, hidden in list(self.trash.items()):
            hidden.drop(leaving, parting)
            if hidden.is_empty:
                del self.trash[key]
        return taken

    def can_return(self, hidden):
        """All that it needs lives, or comes back with it."""
        connections = {**self.connections, **hidden.connections}
        parties = self.parties | hidden.parties
        if not all(set(whose) <= parties
                   for whose in hidden.connections.values()):
            return False
        taken = {(of, self.connections[used][0])
                 for of, used in self.installations.values()}
        for of, used in hidden.installations.values():
            if of not in self.integrations | hidden.integrations:
                return False
            if used not in connections:
                return False
            if connections[used][0] not in parties:
                return False
            if (of, connections[used][0]) in taken:
                return False
        return True

    def give_back(self, hidden):
        self.integrations |= hidden.integrations
        self.connections.update(hidden.connections)
        self.installations.update(hidden.installations)
        self.parties |= hidden.parties


class Hidden:
    """What one soft deletion hid."""

    def __init__(self, installations, connections):
        self.installations, self.connections = installations, connections
        self.owners = {}  # of installations: the group
        self.integrations, self.parties = set(), set()

    @property
    def is_empty(self):
        return not (self.installations or self.connections
                    or self.integrations or self.parties)

    def drop(self, leaving, parting):
        for one in leaving:
            self.installations.pop(one, None)
            self.owners.pop(one, None)
        for one in parting:
            self.connections.pop(one, None)


class Player:
    """Plays on a project what the model says, and compares."""

    def __init__(self, project, seed):
        self.project = project
        self.random = random.Random(seed)
        self.model = Model()

    def offer(self):
        self.model.integrations.add(amp.new_integration(self.project)["id"])

    def connect(self):
        """References are not used again once they are let go of."""
        groups = sorted(one for one in self.model.parties if "user" not in one)
        group = self.random.choice(groups) if len(groups) > 3 else unique("g")
        users = sorted(one for one in self.model.parties
                       if one.startswith(f"{group}-user"))
        consumer = self.random.choice(users) if len(users) > 1 \
            else unique(f"{group}-user")
        made = self.project.ampersand.post(
            f"/projects/{self.project.name}/connections:generate", {
                "provider": amp.PROVIDER, "groupRef": group,
                "consumerRef": consumer, "oauth2AuthorizationCode": {
                    "accessToken": {"token": unique("token")}}}) \
            .must_be(201).body
        self.model.connections[made["id"]] = (group, consumer)
        self.model.parties |= {group, consumer}

    def install(self):
        model = self.model
        if not model.connections or not model.integrations:
            return
        connection = self.random.choice(sorted(model.connections))
        integration = self.random.choice(sorted(model.integrations))
        group = model.connections[connection][0]
        answer = self.project.ampersand.post(
            amp.installations(self.project, integration), {
                "groupRef": group, "connectionId": connection,
                "config": {"content": amp.CONFIG}})
        is_taken = any(of == integration
                       and model.connections[used][0] == group
                       for of, used in model.installations.values())
        assert answer.status == (422 if is_taken else 201), answer
        if not is_taken:
            model.installations[answer.body["id"]] = (integration, connection)

    def let_go(self):
        model = self.model
        kind = self.random.choice(["installation"] * 4 + ["connection"] * 2
                                  + ["integration", "group", "consumer"])
        groups = {group for group, _ in model.connections.values()}
        known = {"installation": model.installations,
                 "integration": model.integrations,
                 "connection": model.connections,
                 "group": groups & model.parties,
                 "consumer": {who for _, who in model.connections.values()}
                 & model.parties}[kind]
        if known:
            self._let_go(kind, self.random.choice(sorted(known)))

    def _let_go(self, kind, target):
        model = self.model
        mode = self.random.choice(["hard", "soft"])
        key = "ref" if kind in ("group", "consumer") else "id"
        planned = self.project.native.post(
            f"{base(self.project)}/deletions:plan", {
                "target": {"kind": kind, key: target},
                "options": {"mode": mode, "force": True}}).must_be(200).body
        leaving, parting = model.reach(kind, target, mode == "hard")
        end = "hidden" if mode == "soft" else "gone"
        said = {of: {one["id"] for one in planned["effects"]
                     if (one["effect"], one["kind"]) == (end, of)}
                for of in ("installation", "connection")}
        assert said == {"installation": leaving, "connection": parting}, kind
        done = run(self.project, planned)
        owners = {one: model.connections[used][0] for one, (_, used)
                  in model.installations.items() if one in leaving}
        taken = model.take(leaving, parting)
        taken.owners = owners
        if kind == "integration":
            model.integrations.remove(target)
            taken.integrations = {target}
        if kind in ("group", "consumer"):
            model.parties.remove(target)
            taken.parties = {target}
        self.check_what_lives()
        ended(self.project, done["id"])
        assert all_effects(self.project, done["id"])[:100] == \
            planned["effects"]
        if mode == "soft":
            model.trash[kind, planned["target"]["id"]] = taken

    def come_back(self):
        if not self.model.trash:
            return
        kind, thing = self.random.choice(sorted(self.model.trash))
        path = f"{base(self.project)}/{kind}/{thing}"
        hidden = self.model.trash[kind, thing]
        if self.random.random() < 0.4:
            purged = self.project.native.post(f"{path}:purge", {})
            ended(self.project, purged.must_be(200).body["id"])
            del self.model.trash[kind, thing]
            for one in hidden.integrations | hidden.parties:
                self.model.take(*self.model.in_trash(kind, one))
            return
        answer = self.project.native.post(f"{path}:restore", {})
        if thing not in hidden.installations and \
                thing not in hidden.connections and \
                not (hidden.integrations or hidden.parties):
            assert answer.status == 404, answer
        elif self.model.can_return(hidden):
            assert answer.status == 200, answer
            del self.model.trash[kind, thing]
            self.model.give_back(hidden)
        else:
            assert answer.status == 409, answer

    def check(self):
        self.check_what_lives()
        assert {(one["kind"], one["id"]) for one in
                items(self.project, "/trash")} == self.trash()

    def trash(self):
        return set(self.model.trash)

    def check_what_lives(self):
        project, model = self.project, self.model
        path = f"/projects/{project.name}"
        shown = project.ampersand.get(f"{path}/installations").must_be(200)
        assert {one["id"] for one in shown.body} == set(model.installations)
        shown = project.ampersand.get(f"{path}/connections").must_be(200)
        assert {one["id"] for one in shown.body} == set(model.connections)

    def listen(self):
        """To some of what goes: who is told is part of each plan."""
        for url, *event_types in (
                ("https://one.invalid/", "installation.deleted",
                 "installation.purged"),
                ("https://two.invalid/", "connection.deleted"),
                ("https://three.invalid/", "group.deleted")):
            delivery.listen(self.project, url, *event_types)

    def moves(self):
        return [self.connect] * 4 + [self.install] * 6 + \
            [self.let_go] * 4 + [self.come_back] * 3 + [self.offer]

    def play(self, steps):
        self.listen()
        for _ in range(3):
            self.offer()
        moves = self.moves()
        for number in range(steps):
            self.random.choice(moves)()
            if number % 5 == 0:
                self.check()
        self.check()


@pytest.mark.parametrize("seed", SEEDS)
def test_what_goes_is_what_the_model_says(server, seed):
    name = unique("graph")
    Player(server.create_project(name, name), seed).play(STEPS)
    done = verify(server.store.url, "--project", name)
    assert done.returncode == 0, done


@pytest.mark.parametrize("seed", SEEDS)
def test_in_batches_it_is_the_same(in_batches, seed):
    name = unique("graph")
    Player(in_batches.create_project(name, name), seed).play(STEPS)


def test_many_at_once_leave_no_connection_unused_and_take_none(server):
    """Whatever the order was: every installation has its connection, and no
    connection that ever had an installation is without one."""
    name = unique("race")
    project = server.create_project(name, name)
    integrations = [amp.new_integration(project) for _ in range(4)]
    connections = [amp.new_connection(project) for _ in range(6)]
    made = [(of["id"], amp.new_installation(project, of, connection))
            for of in integrations for connection in connections]
    players = [threading.Thread(target=_let_some_go, args=(
        project, number, [one for _, one in made], connections))
        for number in range(6)]
    for player in players:
        player.start()
    for player in players:
        player.join()
    path = f"/projects/{project.name}"
    left = project.ampersand.get(f"{path}/installations").must_be(200).body
    there = {one["id"] for one in project.ampersand.get(
        f"{path}/connections").must_be(200).body}
    assert {one["connection"]["id"] for one in left} == there


def _let_some_go(project, seed, made, connections):
    play = random.Random(seed)
    for one in play.sample(made, 8):
        kind, thing = play.choice([
            ("installation", one["id"]),
            ("connection", play.choice(connections)["id"])])
        answer = project.native.post(f"{base(project)}/deletions:plan", {
            "target": {"kind": kind, "id": thing},
            "options": {"mode": play.choice(["hard", "soft"]),
                        "force": True}})
        if answer.status == 404:
            continue
        answer = project.native.post(f"{base(project)}/deletions", {
            "planToken": answer.must_be(200).body["planToken"]})
        assert answer.status in (201, 404, 412), answer
        if play.random() < 0.5 and answer.status == 201:
            back = project.native.post(
                f"{base(project)}/{kind}/{thing}:restore", {})
            assert back.status in (200, 404, 409), back


def catches(plant):
    with planted_server(plant) as server:
        try:
            for seed in range(3):
                name = unique("graph")
                Player(server.create_project(name, name), seed).play(STEPS)
        except AssertionError:
            return True
        return False


def test_planted_faults_are_caught(all_caught):
    caught = [plant for plant in PLANTS if catches(plant)]
    all_caught("letting go", PLANTS, caught)
