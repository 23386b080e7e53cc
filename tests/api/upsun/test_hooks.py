"""#hook: what git providers send, as they document it, signed as they do."""

import hashlib
import hmac
import json

import pytest

from support.listening import base, integration
from support.upsun import Anonymous, error

ZEROS, COMMIT = "0" * 40, "a" * 40


def code(secret, body):
    return "sha256=" + hmac.new(secret.encode(), body.encode(),
                                hashlib.sha256).hexdigest()


class Provider:
    """An integration, and what its provider sends to it."""

    def __init__(self, project, kind, /, **fields):
        self.project, self.kind = project, kind
        self.made = integration(project, kind, **{**FIELDS[kind], **fields})
        self.path = base(project, self.made)
        said = project.upsun.post(f"{self.path}/hook-secret").must_be(200).body
        self.secret = said["secret"]
        assert said["url"] == f"{project.server.base}/api{self.path}/hook"

    def proof(self, body, secret):
        if self.kind == "gitlab":
            return {"X-Gitlab-Token": secret}
        name = "X-Hub-Signature-256" if self.kind == "github" \
            else "X-Hub-Signature"
        return {name: code(secret, body)}

    def send(self, event, document, secret=None, root=""):
        body = document if isinstance(document, str) else json.dumps(document)
        return Anonymous(self.project.server).post(
            f"{root}{self.path}/hook", body.encode(), headers={
                "Content-Type": "application/json",
                EVENTS[self.kind]: event,
                **self.proof(body, secret or self.secret)})

    def took(self, event, document):
        """(type, environment) of each activity."""
        said = self.send(event, document).must_be(200).body
        assert (said["status"], said["code"]) == ("OK", 200)
        return [(one["type"], *one["environments"])
                for one in said["_embedded"]["activities"]]


FIELDS = {
    "github": {"token": "t", "repository": "owner/name"},
    "gitlab": {"token": "t", "project": "group/name"},
    "bitbucket": {"repository": "team/name"},
    "bitbucket_server": {"url": "https://example.com", "username": "u",
                         "token": "t", "project": "PRJ", "repository": "name"},
}
EVENTS = {"github": "X-GitHub-Event", "gitlab": "X-Gitlab-Event",
          "bitbucket": "X-Event-Key", "bitbucket_server": "X-Event-Key"}


def push(kind, made=False, deleted=False):
    """A push to main."""
    if kind == "github":
        return "push", {
            "ref": "refs/heads/main", "before": ZEROS, "after": COMMIT,
            "created": made, "deleted": deleted,
            "repository": {"full_name": "Owner/Name"},
            "pusher": {"name": "me"}}
    if kind == "gitlab":
        return "Push Hook", {
            "object_kind": "push", "ref": "refs/heads/main",
            "before": ZEROS if made else COMMIT,
            "after": ZEROS if deleted else COMMIT, "user_username": "me",
            "project": {"path_with_namespace": "group/name"}}
    if kind == "bitbucket":
        branch = {"type": "branch", "name": "main",
                  "target": {"hash": COMMIT}}
        return "repo:push", {
            "actor": {"nickname": "me"},
            "repository": {"full_name": "team/name"},
            "push": {"changes": [{
                "new": None if deleted else branch, "old": branch,
                "created": made, "closed": deleted}]}}
    return "repo:refs_changed", {
        "actor": {"name": "me"},
        "repository": {"slug": "name", "project": {"key": "PRJ"}},
        "changes": [{
            "ref": {"id": "refs/heads/main", "displayId": "main",
                    "type": "BRANCH"},
            "toHash": COMMIT,
            "type": "ADD" if made else "DELETE" if deleted else "UPDATE"}]}


def pull(kind, what, draft=False):
    """A request to pull, number 7: opened, pushed or closed."""
    if kind == "github":
        return "pull_request", {
            "action": {"opened": "opened", "pushed": "synchronize",
                       "closed": "closed"}[what], "number": 7,
            "pull_request": {"draft": draft, "head": {"sha": COMMIT}},
            "sender": {"login": "me"}, "repository": {
                "full_name": "owner/name"}}
    if kind == "gitlab":
        return "Merge Request Hook", {
            "object_kind": "merge_request", "user": {"username": "me"},
            "project": {"path_with_namespace": "group/name"},
            "object_attributes": {
                "iid": 7, "draft": draft, "last_commit": {"id": COMMIT},
                "action": {"opened": "open", "pushed": "update",
                           "closed": "merge"}[what],
                **({"oldrev": COMMIT} if what == "pushed" else {})}}
    if kind == "bitbucket":
        return {"opened": "pullrequest:created",
                "pushed": "pullrequest:updated",
                "closed": "pullrequest:fulfilled"}[what], {
            "actor": {"nickname": "me"},
            "repository": {"full_name": "team/name"},
            "pullrequest": {"id": 7, "source": {"commit": {"hash": COMMIT}}}}
    return {"opened": "pr:opened", "pushed": "pr:from_ref_updated",
            "closed": "pr:merged"}[what], {
        "actor": {"name": "me"}, "pullRequest": {
            "id": 7, "fromRef": {"latestCommit": COMMIT},
            "toRef": {"repository": {"slug": "name",
                                     "project": {"key": "PRJ"}}}}}


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


def forgery_faults(project, of):
    """Who does not know the secret is refused, and leaves nothing."""
    provider = Provider(project, of)
    event, document = push(of)
    before = project.upsun.get(f"{provider.path}/activities").body
    body = json.dumps(document)
    nobody = Anonymous(project.server)
    answers = [
        provider.send(event, document, secret="guess"),
        provider.send(event, document, secret=provider.secret[:-1]),
        nobody.post(f"{provider.path}/hook", body.encode(),
                    headers={EVENTS[of]: event}),
        nobody.post(f"{provider.path}/hook", (body + " ").encode(), headers={
            EVENTS[of]: event, **({} if of == "gitlab" else
                                  provider.proof(body, provider.secret))})]
    for answer in answers:
        if answer.status != 403:
            yield f"{of}: {answer.status}"
    if project.upsun.get(f"{provider.path}/activities").body != before:
        yield f"{of}: it left something"


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
