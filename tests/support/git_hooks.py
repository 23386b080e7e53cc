"""What git providers send to their integrations, as they document it, signed
as they do."""

import hashlib
import hmac
import json
import urllib.parse

from support.listening import base, integration
from support.upsun import Anonymous

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

    def send_form(self, event, members, secret=None):
        body = urllib.parse.urlencode(members)
        return Anonymous(self.project.server).post(
            f"{self.path}/hook", body.encode(), headers={
                "Content-Type": "application/x-www-form-urlencoded",
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
    "bitbucket_server": {"url": "https://example.localhost", "username": "u",
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
