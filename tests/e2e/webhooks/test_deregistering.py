"""A deletion takes webhooks away at their providers: it is planned, it is a
step, and it is seen in the receipt, whatever the way the integration goes."""

import pytest

from support import cli
from support.git_webhooks import (PROVIDERS, GitLab, deletion_of, in_state,
                                  registered, successes, webhook_effects)
from support.jose import keys_of, payload_of
from support.listening import base, integration
from support.native import all_effects, base as native, plan, receipt, run
from support.wait import eventually


def uuid_of(project, made):
    """What the native API calls it."""
    return project.upsun.delete(base(project, made) + "?dryRun=true") \
        .body["target"]["id"]


def wanted_effect(project, provider, made):
    [hook] = provider.ours()
    return {"effect": "deregistered", "kind": "webhook",
            "id": str(hook[provider.id_name]), "name": provider.repository,
            "provider": provider.kind, "integrationId": uuid_of(project, made)}


@pytest.mark.parametrize("kind", PROVIDERS, ids=lambda kind: kind.kind)
def test_plan_says_it_and_the_deletion_does_it(started, kind):
    with kind() as provider:
        project = started(provider)
        provider.fill(3)
        made = registered(project, provider)
        planned = plan(project, "integration", uuid_of(project, made))
        effect = wanted_effect(project, provider, made)
        assert planned["effects"][:1] == [effect]
        assert planned["counts"]["deregistered"] == {"webhook": 1}
        deletion = run(project, planned)["id"]
        assert all_effects(project, deletion) == planned["effects"]
        done = in_state(project, deletion, "done")
        [step] = done["steps"]
        assert (step["kind"], step["state"], step["reason"]) == (
            "deregister", "done", "deregistered")
        assert step["subject"] == {"kind": "integration",
                                   "id": effect["integrationId"]}
        assert step["facts"]["hookId"] == effect["id"]
        assert not provider.ours() and provider.count == 3
        assert provider.token not in str(done)


@pytest.mark.parametrize("status", [404, 410])
def test_one_that_is_gone_there_is_a_success(started, github, status):
    project = started(github)
    made = registered(project, github)
    github.hooks[github.repository].clear()
    if status == 410:
        github.rights, github.forbids = set(), 410
    [step] = in_state(project, deletion_of(project, made), "done")["steps"]
    assert (step["reason"], step["lastAnswer"]) == ("already gone",
                                                    str(status))


def test_token_that_is_refused_is_listed_and_can_be_abandoned(started,
                                                              github):
    project = started(github)
    made = registered(project, github)
    github.token = "another"
    deletion = deletion_of(project, made)
    [step] = eventually(lambda: [one for one in receipt(
        project, deletion)["steps"] if one["lastAnswer"]], "a try", 40)
    assert (step["state"], step["lastAnswer"]) == ("waiting", "401")
    assert receipt(project, deletion)["state"] == "waiting"
    path = f"{native(project)}/deletions/{deletion}/steps/{step['id']}"
    project.native.post(f"{path}:abandon", {"reason": "by hand"}).must_be(200)
    now = in_state(project, deletion, "done")
    assert now["steps"][0]["reason"] == "by hand"
    assert github.count == 1
    types = [one["type"] for one in project.native.get(
        f"{native(project)}/events", {"limit": 200}).body["items"]]
    assert "webhook.abandoned" in types


def test_retry_tries_at_once(started, github):
    project = started(github)
    made = registered(project, github)
    token, github.token = github.token, "another"
    deletion = deletion_of(project, made)
    [step] = eventually(lambda: [one for one in receipt(
        project, deletion)["steps"] if one["attempts"] > 2], "tries", 60)
    github.token = token
    project.native.post(f"{native(project)}/deletions/{deletion}/steps/"
                        f"{step['id']}:retry", {})
    assert in_state(project, deletion, "done")
    assert not github.count


def test_project_takes_its_webhooks_along(started, github):
    with GitLab() as gitlab:
        project = started(github, gitlab)
        made = registered(project, github)
        also = registered(project, gitlab)
        planned = plan(project, "project", project.id)
        effects = webhook_effects(planned["effects"])
        assert effects == [wanted_effect(project, github, made),
                           wanted_effect(project, gitlab, also)]
        project.native.delete(native(project)).must_be(200)
        eventually(lambda: not github.count and not gitlab.count,
                   "they are taken away", 40)


def test_hidden_one_keeps_its_webhook_until_it_is_purged(started, github):
    project = started(github)
    made = registered(project, github)
    its_id = uuid_of(project, made)
    planned = plan(project, "integration", its_id, mode="soft")
    assert webhook_effects(planned["effects"]) == []
    deletion = run(project, planned)["id"]
    assert receipt(project, deletion)["steps"] == []
    assert len(github.ours()) == 1
    project.native.post(f"{native(project)}/integration/{its_id}:restore", {}) \
        .must_be(200)
    successes(project, made, 2)
    assert len(github.ours()) == 1
    again = run(project, plan(project, "integration", its_id,
                              mode="soft"))["id"]
    project.native.post(f"{native(project)}/integration/{its_id}:purge", {}) \
        .must_be(200)
    in_state(project, again, "done")
    assert webhook_effects(all_effects(project, again))
    assert not github.count


def test_hold_keeps_the_webhook(started, github):
    project = started(github)
    made = registered(project, github)
    project.native.put(f"{native(project)}/holds/project/{project.id}",
                       {"reason": "a suit"}).must_be(200)
    project.upsun.delete(base(project, made)).must_be(409)
    assert len(github.ours()) == 1
    project.native.delete(f"{native(project)}/holds/project/{project.id}")
    in_state(project, deletion_of(project, made), "done")
    assert not github.count


def test_one_that_moved_is_a_step_too_until_it_is_taken_away(started, github):
    project = started(github)
    made = registered(project, github)
    github.rights.discard(github.repository)
    project.upsun.patch(base(project, made), github.moved()).must_be(200)
    successes(project, made, 2)
    planned = plan(project, "integration", uuid_of(project, made))
    assert {one["name"] for one in webhook_effects(planned["effects"])} == {
        github.repository, github.second}
    deletion = run(project, planned)["id"]
    assert all_effects(project, deletion) == planned["effects"]
    github.rights.add(github.repository)
    in_state(project, deletion, "done")
    assert not github.count


def test_one_that_never_came_to_be_waits_for_nobody(started, github):
    github.is_down = True
    project = started(github)
    made = integration(project, github.kind, **github.fields())
    eventually(lambda: github.fired["down"], "a try", 40)
    github.is_down = False
    in_state(project, deletion_of(project, made), "done")
    assert not github.count


def test_certificate_and_command_show_it(started, github):
    project = started(github)
    made = registered(project, github)
    its_id = uuid_of(project, made)
    deletion = deletion_of(project, made)
    in_state(project, deletion, "done")
    said = payload_of(
        project.native.get(f"{native(project)}/deletions/{deletion}"
                           "/certificate").text,
        keys_of(project.server))["webhooks"]
    assert said["ends"] == {"deregistered": 1}
    [item] = said["items"]
    assert (item["integration"], item["provider"], item["repository"]) == (
        its_id, github.kind, github.repository)
    shown = cli.run("deletion", "show", "--store", project.server.store.url,
                    "--project", project.name, deletion)
    assert '"deregister"' in shown.stdout and "owner/name" in shown.stdout
