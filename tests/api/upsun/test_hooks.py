"""#hook: what git providers send becomes activities, if they know the secret."""

import json

import pytest

from support.git_hooks import (COMMIT, FIELDS, Provider, code, forgery_faults,
                               pull, push)
from support.listening import base, integration
from support.upsun import Anonymous, error


@pytest.fixture(params=FIELDS)
def kind(request):
    return request.param


def test_branch_that_is_pushed_made_or_deleted_is_an_activity(project, kind):
    provider = Provider(project, kind)
    assert provider.took(*push(kind)) == [("environment.push", "main")]
    assert provider.took(*push(kind, made=True)) == [
        ("environment.branch", "main")]
    assert provider.took(*push(kind, deleted=True)) == [
        ("environment.delete", "main")]
    newest = project.upsun.get(f"{provider.path}/activities").must_be(200)
    [deleted, made, pushed] = newest.body[:3]
    assert pushed["payload"] == {"commit": COMMIT, "by": "me"}
    assert pushed["integration"] == made["integration"] == provider.made["id"]
    assert (deleted["state"], deleted["result"]) == ("complete", "success")


def test_request_to_pull_is_an_environment_of_its_own(project, kind):
    name = "mr-7" if kind == "gitlab" else "pr-7"
    provider = Provider(project, kind)
    assert [provider.took(*pull(kind, what)) for what in
            ("opened", "pushed", "closed")] == [
        [("environment.branch", name)], [("environment.push", name)],
        [("environment.delete", name)]]


def test_settings_say_what_is_followed(project, kind):
    build = "build_merge_requests" if kind == "gitlab" \
        else "build_pull_requests"
    provider = Provider(project, kind, fetch_branches=False,
                        prune_branches=False, **{build: False})
    for event in (push(kind), push(kind, deleted=True), pull(kind, "opened")):
        assert provider.took(*event) == []


@pytest.mark.parametrize("of, field", [
    ("github", "build_draft_pull_requests"),
    ("gitlab", "build_wip_merge_requests")])
def test_drafts_are_built_where_they_are_wanted(project, of, field):
    wanted, unwanted = Provider(project, of), \
        Provider(project, of, **{field: False})
    draft = pull(of, "opened", draft=True)
    assert wanted.took(*draft) and not unwanted.took(*draft)


def test_other_events_are_taken_and_leave_nothing(project, kind):
    assert Provider(project, kind).took("ping", {"zen": "Keep it"}) == []


def test_who_does_not_know_the_secret_is_refused(project, kind):
    assert not list(forgery_faults(project, kind))


def test_without_a_secret_nothing_is_taken(project, kind):
    made = integration(project, kind, **FIELDS[kind])
    Anonymous(project.server).post(base(project, made) + "/hook", {}, headers={
        "X-Hub-Signature-256": code("", "{}"), "X-Gitlab-Token": "",
        "X-Hub-Signature": code("", "{}")}).must_be(
            403, error(403, "Forbidden"))


def test_new_secret_ends_the_one_before(project, kind):
    provider = Provider(project, kind)
    before = provider.secret
    provider.secret = project.upsun.post(
        f"{provider.path}/hook-secret").must_be(200).body["secret"]
    assert provider.secret != before
    provider.send(*push(kind), secret=before).must_be(403)
    assert provider.took(*push(kind))


def test_another_repository_is_refused(project, kind):
    field = "project" if kind == "gitlab" else "repository"
    provider = Provider(project, kind, **{field: "owner/other"})
    provider.send(*push(kind)).must_be(
        400, error(400, "Bad Request", "repository"))


def test_what_is_no_json_is_refused(project, kind):
    Provider(project, kind).send("push", "{").must_be(400)


def test_unknown_and_others_take_nothing(project, upsun):
    hook = integration(project, "syslog")
    nobody = Anonymous(project.server)
    for path in (base(project, hook), base(project) + "/aaaaaaaaaaaaa",
                 "/projects/aaaaaaaaaaaaa/integrations/aaaaaaaaaaaaa"):
        nobody.post(path + "/hook", {}).must_be(404, error(404, "Not Found"))
    upsun.post(base(project, hook) + "/hook-secret").must_be(404)


def test_too_large_is_told(project):
    provider = Provider(project, "github")
    provider.send("push", json.dumps({"x": "y" * 1024 * 1024})).must_be(413)


def test_secret_is_shown_once_and_to_admins(project):
    provider = Provider(project, "github")
    for path in (provider.path, f"{provider.path}/activities"):
        assert provider.secret not in project.upsun.get(path).text
    project.caller("upsun", role="viewer").post(
        f"{provider.path}/hook-secret").must_be(403)


def test_form_that_holds_the_event_is_taken(project):
    """GitHub's default; the signature is over the body as it comes."""
    provider = Provider(project, "github")
    event, document = push("github")
    for members in ({"payload": json.dumps(document)},
                    {"a": "1", "payload": json.dumps(document)}):
        said = provider.send_form(event, members).must_be(200).body
        assert [one["type"] for one in said["_embedded"]["activities"]] == [
            "environment.push"]
    for members in ({"other": "1"}, {"payload": "{"}, {}):
        provider.send_form(event, members).must_be(400)
    provider.send_form(event, {"payload": json.dumps(document)},
                       secret="another").must_be(403)


def test_request_to_pull_has_a_number(project, kind):
    provider = Provider(project, kind)
    event, document = pull(kind, "opened")
    for holder in (document, *(one for one in document.values()
                               if isinstance(one, dict))):
        for name in ("number", "id", "iid"):
            holder.pop(name, None)
    [field] = provider.send(event, document).must_be(400).body["detail"]
    assert field.split(".")[-1] in ("number", "id", "iid")


def test_who_asks_is_not_told_what_there_is(project, upsun):
    ask = Anonymous(project.server)
    webhook = integration(project, "webhook", url="https://x.localhost")
    said = [ask.post(f"{path}/hook", {}).must_be(404).body for path in (
        "/projects/aaaaaaaaaaaaa/integrations/aaaaaaaaaaaaa",
        f"/projects/{project.upsun_id}/integrations/aaaaaaaaaaaaa",
        base(project, webhook))]
    assert said[0] == said[1] == said[2]
