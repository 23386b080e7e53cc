"""Webhooks at providers that fail, while we are killed, and while something
else is under way: there is one at most, and none when its integration went."""

import pytest

from support import engine
from support.git_webhooks import (GitLab, deletion_of, in_state, options_of,
                                  registered, successes)
from support.listening import base, integration
from support.native import receipt
from support.wait import eventually


def test_kill_between_answer_and_commit_leaves_no_second_one(server_factory,
                                                             provider):
    first = server_factory(options=options_of(provider))
    provider.on_made = first.kill
    try:
        integration(first.project, provider.kind, **provider.fields())
    except OSError:
        pass  # it was killed before it had answered
    eventually(lambda: first.is_over, "it is killed", 40)
    provider.on_made = None
    later = server_factory(first.store, options=options_of(provider))
    eventually(lambda: later.project.upsun.get(base(later.project)).body,
               "the integration is there", 10)
    [made] = later.project.upsun.get(base(later.project)).must_be(200).body
    successes(later.project, made)
    assert len(provider.ours()) == 1
    in_state(later.project, deletion_of(later.project, made), "done")
    assert not provider.count


def test_kill_after_it_was_taken_away(server_factory, provider):
    first = server_factory(options=options_of(provider))
    made = registered(first.project, provider)
    provider.on_removed = first.kill
    deletion = deletion_of(first.project, made)
    eventually(lambda: first.is_over, "it is killed", 40)
    provider.on_removed = None
    later = server_factory(first.store, options=options_of(provider))
    [step] = in_state(later.project, deletion, "done")["steps"]
    assert step["reason"] == "already gone"
    assert not provider.count


@pytest.mark.parametrize("faults", [["500", "500"], ["reset"], ["lost"],
                                    ["hang"]], ids=lambda one: one[0])
def test_provider_that_fails_is_tried_until_it_is_gone(server_factory, github,
                                                       faults):
    project = server_factory(options=options_of(github)).project
    made = registered(project, github)
    github.schedule = list(faults)
    [step] = in_state(project, deletion_of(project, made), "done")["steps"]
    assert step["attempts"] == len(faults) + 1
    assert not github.count


def test_one_that_is_being_made_goes_too(server_factory, provider):
    """The integration is gone when the provider answers."""
    project = server_factory(options=options_of(provider)).project
    provider.held.clear()
    made = integration(project, provider.kind, **provider.fields())
    assert provider.asked.wait(40)
    deletion = deletion_of(project, made)
    provider.held.set()
    in_state(project, deletion, "done")
    assert not provider.count


def test_one_that_is_being_made_where_it_moved_from_goes_too(server_factory,
                                                             provider):
    project = server_factory(options=options_of(provider)).project
    provider.held.clear()
    made = integration(project, provider.kind, **provider.fields())
    assert provider.asked.wait(40)
    project.upsun.patch(base(project, made), provider.moved()).must_be(200)
    provider.held.set()
    eventually(lambda: provider.ours(provider.second)
               and not provider.ours(), "the webhook has moved", 60)


def test_token_that_is_rotated_meanwhile_is_the_steps(server_factory):
    """GitLab has ended the old one when the integration goes, and nobody
    knows the new one yet."""
    with GitLab() as gitlab:
        project = server_factory(options=options_of(gitlab)).project
        made = registered(project, gitlab)
        gitlab.held.clear()
        project.upsun.patch(base(project, made), {"rotate_token": True}) \
            .must_be(200)
        eventually(lambda: gitlab.rotated, "it is rotated there", 40)
        deletion = deletion_of(project, made)
        eventually(lambda: receipt(project, deletion)["steps"][0]
                   ["lastAnswer"] == "401", "the old token is refused", 40)
        gitlab.held.set()
        in_state(project, deletion, "done")
        assert not gitlab.count


def test_no_secret_is_seen_anywhere(server_factory, provider):
    server = server_factory(options=options_of(provider))
    project = server.project
    made = registered(project, provider)
    secrets = [provider.token, provider.secret_of(provider.ours()[0])]
    token, provider.token = provider.token, "another"
    deletion = deletion_of(project, made)
    eventually(lambda: receipt(project, deletion)["steps"][0]["lastAnswer"],
               "a try", 40)
    shown = [receipt(project, deletion), project.native.get(
        f"/projects/{project.name}/events", {"limit": 200}).body,
        server.stderr()]
    if not engine.is_postgres():
        shown += [path.read_bytes().decode("latin-1")
                  for path in server.store.folder.iterdir() if path.is_file()]
    for secret in secrets:
        assert not [one for one in shown if secret in str(one)]
    provider.token = token
    in_state(project, deletion, "done")
    assert not provider.count
