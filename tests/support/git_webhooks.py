"""Git providers that keep repositories' webhooks as they document it: lists in
pages, 201 with what is made, 204 for what is removed, 401 for a token that is
none, 403 and 404 for who may not, GitHub's 422 for a webhook that is there.
They fail as they are told: "500", "reset" and "hang" before anything is done,
"lost" after it."""

import base64
import itertools
import json
import threading
import urllib.parse

from support.listener import Failing, Handler
from support.listening import base, integration
from support.names import unique
from support.native import receipt
from support.wait import eventually

PUBLIC = "https://cleat.example.com"


class _Handler(Handler):
    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = Handler.called

    def serve(self):
        its = self.listener
        headers = {name.lower(): value
                   for name, value in self.headers.items()}
        path, _, query = self.path.partition("?")
        fault = its.fault(without=() if "hooks" in path else ("lost",))
        if fault == "reset":
            return self.break_off()
        if fault == "hang":
            return self.hang()
        status, body = (500, {}) if fault == "500" else its.reply(
            self.command, path, dict(urllib.parse.parse_qsl(query)), headers,
            self.body)
        if fault == "lost":
            return self.break_off()
        raw = b"" if body is None else json.dumps(body).encode()
        return self.answer(status, raw, {"Content-Type": "application/json"})


class GitProvider(Failing):
    """`hooks` has those of each repository, by id: what was sent to make
    them. `rights` are the repositories that the token may administer, `calls`
    what came to webhooks, as (method, path)."""

    page = 2  # so few that there are pages
    update = "PUT"
    service = ()  # of the command line

    def __init__(self, seed=0):
        self.token = unique("git-token")
        self.rights = {self.repository, self.second}
        self.hooks = {one: {} for one in self.rights}
        self.calls, self.forbids = [], 403
        self.on_made = self.on_removed = None
        self.held = threading.Event()  # what is done waits for it
        self.held.set()
        self.asked = threading.Event()  # to make one
        self._ids = itertools.count(100)
        super().__init__(_Handler, seed)

    @property
    def count(self):
        return sum(map(len, self.hooks.values()))

    def ours(self, repository=None):
        """Webhooks that call the server under test."""
        return [hook for hook in self.hooks[repository or self.repository]
                .values() if self.url_of(hook).startswith(PUBLIC)]

    def fill(self, count):
        """Webhooks of others."""
        for number in range(count):
            self._add(self.repository, self.sample(
                f"https://other.example.com/{number}", "s"))

    def reply(self, method, path, query, headers, body):
        if not self.is_known(headers):
            return 401, {"message": "401"}
        repository, hook = self.parse(path)
        self.calls.append((method, path))
        if repository not in self.hooks:
            return 404, {"message": "Not Found"}
        if repository not in self.rights:
            return self.forbids, {"message": "Must have admin rights"}
        hooks = self.hooks[repository]
        if hook is None:
            return self.listed(list(hooks.values()), query) \
                if method == "GET" else self.make(repository, json.loads(body))
        if hook not in hooks:
            return 404, {"message": "Not Found"}
        if method == "DELETE":
            del hooks[hook]
            if self.on_removed:
                self.on_removed()
            return 204, None
        assert method == self.update, method
        hooks[hook].update(json.loads(body))
        return 200, hooks[hook]

    def make(self, repository, said):
        self.asked.set()
        self.held.wait(30)
        made = self._add(repository, said)
        if self.on_made:
            self.on_made()
        return 201, made

    def new_id(self):
        return next(self._ids)

    def _add(self, repository, said):
        hook = {**said, self.id_name: self.new_id()}
        self.hooks[repository][str(hook[self.id_name])] = hook
        return hook

    id_name = "id"

    def url_of(self, hook):
        return hook["url"]

    def sample(self, url, secret):
        return {"url": url, "secret": secret}

    def listed(self, hooks, query):
        start = (int(query.get("page", 1)) - 1) * int(query["per_page"])
        return 200, hooks[start:start + int(query["per_page"])]


class GitHub(GitProvider):
    kind, update = "github", "PATCH"
    repository, second = "owner/name", "owner/second"

    def fields(self):
        return {"token": self.token, "repository": self.repository,
                "base_url": self.url}

    def moved(self):
        return {"repository": self.second}

    def is_known(self, headers):
        return headers.get("authorization") == f"Bearer {self.token}"

    def parse(self, path):
        parts = path.removeprefix("/api/v3/repos/").split("/")
        assert parts[2] == "hooks", path
        return "/".join(parts[:2]), parts[3] if parts[3:] else None

    def url_of(self, hook):
        return hook["config"]["url"]

    def secret_of(self, hook):
        assert hook["config"]["content_type"] == "json"
        assert {"push", "pull_request"} == set(hook["events"])
        return hook["config"]["secret"]

    def sample(self, url, secret):
        return {"config": {"url": url, "secret": secret}}

    def make(self, repository, said):
        assert said["name"] == "web"
        url = said["config"]["url"]
        if any(self.url_of(one) == url
               for one in self.hooks[repository].values()):
            return 422, {"message": "Validation Failed", "errors": [
                {"message": "Hook already exists on this repository"}]}
        return super().make(repository, said)


class GitLab(GitProvider):
    kind, repository, second = "gitlab", "group/name", "group/second"
    rotated = 0

    def fields(self):
        return {"token": self.token, "project": self.repository,
                "base_url": self.url}

    def moved(self):
        return {"project": self.second}

    def is_known(self, headers):
        return headers.get("private-token") == self.token

    def reply(self, method, path, query, headers, body):
        if not path.endswith("/self/rotate"):
            return super().reply(method, path, query, headers, body)
        if not self.is_known(headers):
            return 401, {"message": "401 Unauthorized"}
        self.rotated += 1
        self.token = f"{self.token.partition('.')[0]}.{self.rotated}"
        said = self.token
        self.held.wait(30)
        return 200, {"token": said, "expires_at": query["expires_at"]}

    def parse(self, path):
        parts = path.removeprefix("/api/v4/projects/").split("/")
        assert parts[1] == "hooks", path
        return urllib.parse.unquote(parts[0]), parts[2] if parts[2:] else None

    def secret_of(self, hook):
        assert hook["push_events"] and hook["merge_requests_events"]
        return hook["token"]


class BitbucketServer(GitProvider):
    kind = "bitbucket_server"
    repository, second = "PRJ/name", "PRJ/second"

    def fields(self):
        return {"url": self.url, "username": "me", "token": self.token,
                "project": "PRJ", "repository": "name"}

    def moved(self):
        return {"repository": "second"}

    def is_known(self, headers):
        wanted = base64.b64encode(f"me:{self.token}".encode()).decode()
        return headers.get("authorization") == f"Basic {wanted}"

    def parse(self, path):
        parts = path.removeprefix("/rest/api/1.0/projects/").split("/")
        assert parts[1] == "repos" and parts[3] == "webhooks", path
        return f"{parts[0]}/{parts[2]}", parts[4] if parts[4:] else None

    def secret_of(self, hook):
        assert {"repo:refs_changed", "pr:opened"} <= set(hook["events"])
        return hook["configuration"]["secret"]

    def listed(self, hooks, query):
        """No more than `page` at a time, whatever is asked for."""
        start = int(query["start"])
        is_last = start + self.page >= len(hooks)
        return 200, {"values": hooks[start:start + self.page],
                     "isLastPage": is_last,
                     "nextPageStart": None if is_last else start + self.page}


class Bitbucket(GitProvider):
    kind, id_name = "bitbucket", "uuid"
    repository, second = "team/name", "team/second"

    def fields(self):
        return {"repository": self.repository, "app_credentials": {
            "key": "app", "secret": self.token}}

    def moved(self):
        return {"repository": self.second}

    @property
    def service(self):
        return tuple(word for name in ("bitbucket", "bitbucket-site")
                     for word in ("--service", f"{name}={self.url}"))

    def new_id(self):
        return "{b5b9d2cb-%d}" % super().new_id()

    def is_known(self, headers):
        return headers.get("authorization") == "Bearer bb-access"

    def reply(self, method, path, query, headers, body):
        if path != "/site/oauth2/access_token":
            return super().reply(method, path, query, headers, body)
        wanted = base64.b64encode(f"app:{self.token}".encode()).decode()
        if headers["authorization"] != f"Basic {wanted}":
            return 400, {"error": "unauthorized_client"}
        return 200, {"access_token": "bb-access", "scopes": "webhook"}

    def parse(self, path):
        parts = path.removeprefix("/2.0/repositories/").split("/")
        assert parts[2] == "hooks", path
        return "/".join(parts[:2]), \
            urllib.parse.unquote(parts[3]) if parts[3:] else None

    def secret_of(self, hook):
        assert {"repo:push", "pullrequest:created"} <= set(hook["events"])
        return hook["secret"]

    def listed(self, hooks, query):
        start = (int(query["page"]) - 1) * self.page
        more = {"next": f"{self.url}/next"} \
            if start + self.page < len(hooks) else {}
        return 200, {"values": hooks[start:start + self.page], **more}


PROVIDERS = [GitHub, GitLab, BitbucketServer, Bitbucket]


def options_of(*providers):
    """Of a server that finds them, and that they find at PUBLIC."""
    return ("--allow-http", "127.0.0.0/8", "--public-url", PUBLIC,
            *(word for one in providers for word in one.service))


def registered(project, provider, **more):
    """An integration whose webhook is there, by the API and at the
    provider."""
    made = integration(project, provider.kind, **provider.fields(), **more)
    successes(project, made)
    return made


def activities_of(project, made, what="register_hook"):
    """Newest first."""
    return [one for one in project.upsun.get(
        base(project, made) + "/activities").must_be(200).body
        if one["type"] == f"integration.{what}"]


def successes(project, made, count=1, what="register_hook"):
    return _with_result(project, made, count, what, "success")


def failures(project, made, count=1, what="register_hook"):
    return _with_result(project, made, count, what, "failure")


def _with_result(project, made, count, what, result):
    def look():
        found = [one for one in activities_of(project, made, what)
                 if one["result"] == result]
        return len(found) >= count and found

    return eventually(look, f"{count} {what} with {result}", 60)


def webhook_effects(effects):
    return [one for one in effects if one["kind"] == "webhook"]


def deletion_of(project, made):
    """The id of deleting it by its own API."""
    return project.upsun.delete(base(project, made)).must_be(200) \
        .headers["Cleat-Deletion"]


def in_state(project, deletion, state):
    def look():
        now = receipt(project, deletion)
        return now["state"] == state and now

    return eventually(look, f"the deletion is {state}", 60)
