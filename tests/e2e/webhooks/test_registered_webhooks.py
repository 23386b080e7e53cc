"""Git types register their webhook at the provider, where others can reach
us; and take it away from where they move."""

import json

import pytest

from support.git_hooks import code
from support.git_webhooks import (PUBLIC, GitLab, activities_of, deletion_of,
                                  failures, registered, successes)
from support.listening import base, integration, log
from support.server import ALLOWED
from support.upsun import Anonymous
from support.wait import eventually


def url(project, made):
    return f"{PUBLIC}/api{base(project, made)}/hook"


def test_its_webhook_is_registered_and_lets_events_in(started, provider):
    project = started(provider)
    provider.fill(5)
    made = registered(project, provider)
    [hook] = provider.ours()
    assert provider.url_of(hook) == url(project, made)
    secret, body = provider.secret_of(hook), json.dumps({"a": "ping"})
    proof = {"X-Gitlab-Token": secret} if provider.kind == "gitlab" else {
        "X-Hub-Signature-256" if provider.kind == "github"
        else "X-Hub-Signature": code(secret, body)}
    Anonymous(project.server).post(
        f"{base(project, made)}/hook", body.encode(), headers={
            "Content-Type": "application/json", **proof}).must_be(200)
    [done] = activities_of(project, made)
    assert url(project, made) in log(project, done)[0]
    for shown in (done, log(project, done),
                  project.upsun.get(base(project, made)).body):
        assert secret not in str(shown)


def test_one_that_is_there_is_taken_over(started, provider):
    """On a later page of the list, with a secret that is not ours."""
    project = started(provider)
    made = registered(project, provider)
    [before] = provider.ours()
    own = str(before[provider.id_name])
    hooks = provider.hooks[provider.repository]
    del hooks[own]
    provider.fill(5)
    hooks[own] = before
    said = project.upsun.post(base(project, made) + "/hook-secret") \
        .must_be(200).body
    successes(project, made, 2)
    [hook] = provider.ours()
    assert str(hook[provider.id_name]) == own
    assert provider.secret_of(hook) == said["secret"]


def test_without_a_public_url_nothing_is_registered(server_factory, github):
    project = server_factory(options=ALLOWED).project
    made = integration(project, github.kind, **github.fields())
    project.upsun.patch(base(project, made), {"token": github.token}) \
        .must_be(200)
    deletion = deletion_of(project, made)
    receipt = project.native.get(
        f"/projects/{project.name}/deletions/{deletion}").must_be(200).body
    assert receipt["state"] == "done" and receipt["steps"] == []
    assert not github.calls


def test_another_repository_is_a_move(started, provider):
    project = started(provider)
    made = registered(project, provider)
    project.upsun.patch(base(project, made), provider.moved()).must_be(200)
    eventually(lambda: provider.ours(provider.second)
               and not provider.ours(), "the webhook has moved", 40)
    successes(project, made, what="deregister_hook")


def test_change_of_what_it_is_not_reached_by_calls_nobody(started, github):
    project = started(github)
    made = registered(project, github)
    calls = len(github.calls)
    project.upsun.patch(base(project, made), {"fetch_branches": False}) \
        .must_be(200)
    project.upsun.patch(base(project, made), {"token": github.token}) \
        .must_be(200)
    successes(project, made, 2)
    assert [method for method, _ in github.calls[calls:]] == ["GET", "PATCH"]


@pytest.mark.parametrize("status", [401, 403, 404])
def test_missing_rights_are_said_and_final_for_that_token(started, provider,
                                                          status):
    project = started(provider)
    secret, fields = _with_token(provider.fields()), provider.fields()
    if status == 401:
        fields = json.loads(json.dumps(fields).replace(provider.token, "no"))
    else:
        provider.rights, provider.forbids = set(), status
    made = integration(project, provider.kind, **fields)
    [failed] = failures(project, made)
    [text] = ["".join(log(project, failed))]
    assert "by hand" in text and url(project, made) in text
    assert provider.token not in text
    calls = len(provider.calls)
    project.upsun.patch(base(project, made), {"fetch_branches": False}) \
        .must_be(200)
    provider.rights = {provider.repository}
    project.upsun.patch(base(project, made), secret).must_be(200)
    successes(project, made)
    assert len(provider.ours()) == 1
    assert len(failures(project, made)) == 1
    assert calls <= len(provider.calls)


def _with_token(fields):
    return {name: value for name, value in fields.items()
            if name in ("token", "app_credentials")}


def test_refused_one_that_goes_leaves_no_step(started, github):
    project = started(github)
    github.rights = set()
    made = integration(project, github.kind, **github.fields())
    failures(project, made)
    receipt = project.native.get(f"/projects/{project.name}/deletions/"
                                 + deletion_of(project, made)).body
    assert receipt["state"] == "done" and receipt["steps"] == []


def test_provider_that_is_down_is_tried_again(started, provider):
    project = started(provider)
    provider.schedule = ["500", "reset", "500"]
    made = registered(project, provider)
    assert len(provider.ours()) == 1
    assert "tried again" in log(project, failures(project, made)[0])[0]


def test_answer_that_is_lost_leaves_no_second_one(started, provider):
    """The list came, and what was made, but not that it was."""
    project = started(provider)
    has_log_in = provider.kind == "bitbucket"
    provider.schedule = [None] * has_log_in + [None, "lost"]
    registered(project, provider)
    assert len(provider.ours()) == 1 and provider.fired["lost"]


def test_rotated_token_is_the_one_that_is_used(started):
    with GitLab() as gitlab:
        project = started(gitlab)
        made = registered(project, gitlab, rotate_token=True)
        eventually(lambda: gitlab.rotated, "it is rotated", 40)
        for failed in activities_of(project, made):
            assert "by hand" not in log(project, failed)[0]
        deletion_of(project, made)
        eventually(lambda: not gitlab.count, "it is taken away", 40)


def test_bitbucket_without_credentials_registers_nothing(started):
    project = started()
    made = integration(project, "bitbucket", repository="team/name")
    assert activities_of(project, made) == []
    assert project.native.get(
        f"/projects/{project.name}/deletions/" + deletion_of(project, made)) \
        .must_be(200).body["state"] == "done"
