"""What is let go of here is ended at the provider: once for each grant, tried
until it is done, seen in the receipt, and not forgotten by a kill."""

import functools

import pytest
import requests

from support.names import unique
from support.native import all_effects, base, of, plan, receipt, run
from support.planted import SOUND
from support.revocation import caught_by, connect, done, let_go, register
from support.server import ALLOWED, Server
from support.wait import eventually

DAY_S = 86400

# Providers that take box's form of revocation, for several at once.
LIKE_BOX = ["aWeber", "box", "calendly", "capsule", "close", "asana"]


def test_grant_is_ended_and_the_receipt_says_so(project, provider):
    register(project, provider.url)
    token = provider.issue()
    connection = connect(project, token)
    planned = plan(project, "connection", connection["id"])
    assert planned["counts"]["revoked"] == {"grant": 1}
    assert token in provider.live
    deletion = run(project, planned)
    assert deletion["effects"] == planned["effects"]
    [step] = done(project, deletion)["steps"]
    assert (step["state"], step["reason"], step["lastAnswer"]) == \
        ("done", "revoked", "200")
    assert step["facts"]["provider"] == "box"
    assert token not in provider.live
    assert token not in str(receipt(project, deletion["id"]))


def test_only_the_last_connection_of_a_grant_ends_it(project, provider):
    register(project, provider.url)
    token = provider.issue()
    one, two = connect(project, token), connect(project, token)
    first = let_go(project, one)
    [shared] = [effect for effect in first["effects"]
                if effect["kind"] == "grant"]
    assert shared["effect"] == "shared"
    assert shared["usedBy"] == [{"kind": "connection", "id": two["id"]}]
    assert first["state"] == "done" and token in provider.live
    done(project, let_go(project, two))
    assert token not in provider.live


def test_grant_of_a_group_is_ended_once(project, provider):
    register(project, provider.url)
    group, token = unique("org"), provider.issue()
    for _ in range(3):
        connect(project, token, group=group)
    deletion = project.native.delete(f"{base(project)}/groups/{group}") \
        .must_be(200).body
    assert len(of(deletion["effects"], "shared", "grant")) == 2
    assert len(of(deletion["effects"], "revoked", "grant")) == 1
    done(project, deletion)
    assert [call[1] for call in provider.calls] == [token]


def test_hidden_connection_keeps_its_grant_until_the_purge(project, provider):
    register(project, provider.url)
    token = provider.issue()
    connection = connect(project, token)
    let_go(project, connection, mode="soft")
    path = f"{base(project)}/connection/{connection['id']}"
    assert project.native.post(f"{path}:restore", {}).must_be(200) \
        .body["needsReauth"] == []
    deletion = let_go(project, connection, mode="soft")
    assert token in provider.live
    project.native.post(f"{path}:purge", {}).must_be(200)
    done(project, deletion)
    assert token not in provider.live
    assert len(of(all_effects(project, deletion["id"]), "revoked",
                  "grant")) == 1


def test_restored_connection_whose_grant_is_gone_says_so(project, provider):
    register(project, provider.url)
    token = provider.issue()
    connection = connect(project, token)
    let_go(project, connection, mode="soft", revoke="now")
    eventually(lambda: token not in provider.live, "the revocation")
    back = project.native.post(
        f"{base(project)}/connection/{connection['id']}:restore", {}) \
        .must_be(200).body
    assert back["needsReauth"] == [connection["id"]]
    shown = project.ampersand.get(
        f"/projects/{project.name}/connections/{connection['id']}") \
        .must_be(200).body
    assert shown["status"] == "bad_credentials"


def test_grant_is_left_when_that_is_asked_for(project, provider):
    register(project, provider.url)
    token = provider.issue()
    deletion = let_go(project, connect(project, token), revoke="never")
    assert of(deletion["effects"], "left", "grant")
    assert deletion["state"] == "done" and token in provider.live


def test_provider_without_a_way_says_unsupported(project):
    connection = connect(project, "token", name="bitbucket")
    deletion = let_go(project, connection)
    assert of(deletion["effects"], "unsupported", "grant") == \
        [connection["id"]]
    assert deletion["state"] == "done" and deletion["steps"] == []


def test_what_fails_is_tried_until_it_is_done(project, provider, all_fired):
    register(project, provider.url)
    faults = ["500", "429", "reset"]
    provider.schedule = faults * 2
    deletions = [let_go(project, connect(project, provider.issue()))
                 for _ in range(4)]
    attempts = 0
    for deletion in deletions:
        [step] = done(project, deletion)["steps"]
        attempts += step["attempts"]
    assert not provider.live
    assert attempts == len(deletions) + 2 * len(faults)
    all_fired("revocation", faults, provider.fired)


def test_refusal_is_shown_and_tried_again(project, provider):
    register(project, provider.url)
    provider.faults = {"401": 1.0}
    deletion = let_go(project, connect(project, provider.issue()))
    step = eventually(lambda: receipt(project, deletion["id"])["steps"][0]
                      ["attempts"] and receipt(
                          project, deletion["id"])["steps"][0], "a try")
    assert step["state"] == "waiting"
    assert step["lastAnswer"] == "401 invalid_client"
    assert step["nextAt"]


def test_operator_retries_and_abandons(project, provider):
    register(project, provider.url)
    provider.faults = {"401": 1.0}
    deletion = let_go(project, connect(project, provider.issue()))
    kept = let_go(project, connect(project, provider.issue()))

    def step_of(one):
        return receipt(project, one["id"])["steps"][0]

    for one in (deletion, kept):
        eventually(lambda one=one: step_of(one)["attempts"], "a try")
    path = f"{base(project)}/deletions/{deletion['id']}/steps/" \
        f"{step_of(deletion)['id']}"
    project.native.post(f"{path}:abandon", {}).must_be(400)
    gone = project.native.post(f"{path}:abandon", {"reason": "account gone"}) \
        .must_be(200).body
    assert (gone["state"], gone["reason"]) == ("abandoned", "account gone")
    assert receipt(project, deletion["id"])["state"] == "done"
    project.native.post(f"{path}:retry", {}).must_be(409)
    path = f"{base(project)}/deletions/{kept['id']}/steps/" \
        f"{step_of(kept)['id']}"
    project.native.post(f"{path}:retry", {}).must_be(200)
    provider.faults = {}
    done(project, kept)
    project.native.post(
        f"{base(project)}/deletions/{deletion['id']}/steps/"
        f"{step_of(kept)['id']}:retry", {}).must_be(404)


def test_app_that_is_missing_is_told_and_waited_for(project, provider):
    token = provider.issue()
    deletion = let_go(project, connect(project, token))
    step = eventually(lambda: receipt(project, deletion["id"])["steps"][0]
                      ["lastAnswer"], "a try")
    assert step == "the client id is not known"
    register(project, provider.url)
    done(project, deletion)
    assert token not in provider.live


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_private_address_is_not_called(server_factory, provider, scheme):
    """Without --allow-http: not in any spelling, nor by a name."""
    project = server_factory().project
    port = provider.url.rpartition(":")[2]
    hosts = ["127.0.0.1", "localhost", "2130706433", "0x7f.1",
             "[::ffff:127.0.0.1]", "0"]
    deletions = []
    for name, host in zip(LIKE_BOX, hosts):
        register(project, f"{scheme}://{host}:{port}", name)
        deletions.append((host, let_go(project,
                                       connect(project, "t", name))))
    for host, deletion in deletions:
        answer = eventually(lambda one=deletion: receipt(
            project, one["id"])["steps"][0]["lastAnswer"], "a try")
        assert answer == "its address may not be called", host
    assert provider.calls == []


def test_kills_forget_no_step(server_factory, provider, all_fired):
    server = server_factory(options=ALLOWED)
    store = server.store
    register(server.project, provider.url)
    provider.faults = {"500": 0.3, "reset": 0.1}
    deletions, tokens = [], [provider.issue() for _ in range(40)]
    for number, token in enumerate(tokens):
        deletions.append(let_go(server.project,
                                connect(server.project, token)))
        if number % 8 == 7:
            server.kill()
            server = Server(store, options=ALLOWED)
    try:
        for deletion in deletions:
            done(server.project, deletion)
        assert not provider.live
        all_fired("revocation, kills", provider.faults, provider.fired)
    finally:
        server.stop()


def test_provider_that_is_down_for_a_day_is_called_afterwards(
        server_factory, provider):
    server = server_factory(options=ALLOWED)
    store = server.store
    register(server.project, provider.url)
    provider.is_down = True
    tokens = [provider.issue() for _ in range(5)]
    deletions = [let_go(server.project, connect(server.project, token))
                 for token in tokens]
    for one in deletions:
        eventually(lambda one=one: receipt(server.project, one["id"])
                   ["steps"][0]["attempts"], "a try")
    for hours in (6, 12, 18, 24):
        server.stop()
        tries = provider.fired["down"]
        server = Server(store, clock_offset_s=hours * 3600, options=ALLOWED)
        eventually(lambda: provider.fired["down"] > tries, "another try")
    assert provider.live == set(tokens)
    provider.is_down = False
    server.stop()
    server = Server(store, clock_offset_s=DAY_S + 7 * 3600, options=ALLOWED)
    try:
        for deletion in deletions:
            done(server.project, deletion)
        assert not provider.live
    finally:
        server.stop()


def test_jobs_are_counted(project, provider):
    register(project, provider.url)
    done(project, let_go(project, connect(project, provider.issue())))
    wanted = 'cleat_jobs_done_total{kind="revoke"} 1'
    eventually(lambda: wanted in requests.get(
        f"{project.server.base}/metrics", timeout=10).text, wanted)


PLANTS = ["forget_the_step", "end_a_shared_grant", "believe_every_answer",
          "try_once"]


def faults_of(project, provider, deadline_s=20):
    """A grant of two connections, at a provider that fails at first: alive
    until the last one has gone, and then not."""
    register(project, provider.url)
    token = provider.issue()
    one, two = connect(project, token), connect(project, token)
    done(project, let_go(project, one))
    if token not in provider.live:
        yield "a grant that another connection lives by was ended"
    provider.faults = {"500": 1.0}
    deletion = let_go(project, two)
    if not deletion["steps"]:
        yield "there is no step"
        return
    eventually(lambda: receipt(project, deletion["id"])["steps"][0]
               ["attempts"], "a try")
    provider.faults = {}
    try:
        eventually(lambda: token not in provider.live, "the end",
                   deadline_s)
    except AssertionError:
        yield "a grant lives on"


def test_nothing_is_wrong_with_a_shared_grant(project, provider):
    assert not list(faults_of(project, provider))


def test_planted_faults_are_caught(all_caught):
    soon = functools.partial(faults_of, deadline_s=3)
    assert not caught_by(SOUND, soon), "this machine is too slow for it"
    caught = [plant for plant in PLANTS if caught_by(plant, soon)]
    all_caught("revocation", PLANTS, caught)
