"""Services that behave as their documentation says: Slack, PagerDuty, GitHub,
GitLab, Bitbucket, a Bitbucket server. What they know is set by the test, and
`calls` is what came, as (method, path, headers, body)."""

import base64
import json
import threading
import urllib.parse

from support.listener import Handler, Listener


class Service(Listener):
    """`answers` has replies that are given first: (status, headers, body)."""

    def __init__(self):
        self.calls, self.answers = [], []
        self._lock = threading.Lock()
        super().__init__(_Handler)

    def take(self, method, path, headers, body):
        with self._lock:
            self.calls.append((method, path, headers, body))
            if self.answers:
                return self.answers.pop(0)
        return self.reply(method, path, headers, body)

    def reply(self, method, path, headers, body):
        raise NotImplementedError


class _Handler(Handler):
    do_GET = do_POST = Handler.called

    def serve(self):
        headers = {name.lower(): value
                   for name, value in self.headers.items()}
        status, more, body = self.listener.take(
            self.command, self.path, headers, self.body)
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        return self.answer(status, raw,
                           {"Content-Type": "application/json", **more})


def _bearer(headers):
    return headers.get("authorization", "").removeprefix("Bearer ")


class Slack(Service):
    """https://api.slack.com/methods: 200 whatever comes of it."""

    token, channels = "xoxb-good", {"C0123ABCD9": "alerts"}
    scopes = True

    def __init__(self):
        self.posted = []
        super().__init__()

    def reply(self, method, path, headers, body):
        if _bearer(headers) != self.token:
            return 200, {}, {"ok": False, "error": "invalid_auth"}
        return 200, {}, getattr(
            self, path.removeprefix("/api/").replace(".", "_"))(body)

    def auth_test(self, _):
        return {"ok": True, "team": "T", "user": "bot"}

    def chat_postMessage(self, body):
        said = json.loads(body)
        name = said["channel"].removeprefix("#")
        if name not in self.channels and name not in self.channels.values():
            return {"ok": False, "error": "channel_not_found"}
        self.posted.append(said)
        return {"ok": True, "ts": "1.2"}

    def conversations_info(self, body):
        asked = dict(urllib.parse.parse_qsl(body))
        if asked["channel"] not in self.channels:
            return {"ok": False, "error": "channel_not_found"}
        return {"ok": True, "channel": {"id": asked["channel"]}}

    def conversations_list(self, body):
        """A page for each channel."""
        if not self.scopes:
            return {"ok": False, "error": "missing_scope"}
        asked = dict(urllib.parse.parse_qsl(body))
        page = int(asked.get("cursor") or 0)
        names = list(self.channels.items())
        after = str(page + 1) if page + 1 < len(names) else ""
        return {"ok": True, "channels": [
            {"id": key, "name": name} for key, name in names[page:page + 1]],
            "response_metadata": {"next_cursor": after}}


class PagerDuty(Service):
    """https://developer.pagerduty.com/docs/events-api-v2: what is open, by
    dedup_key."""

    routing_key = "R" * 32

    def __init__(self):
        self.open, self.events = {}, []
        super().__init__()

    def reply(self, method, path, headers, body):
        said = json.loads(body)
        if path != "/v2/enqueue" or said["routing_key"] != self.routing_key:
            return 400, {}, {"status": "invalid event",
                             "message": "Event object is invalid",
                             "errors": ["Invalid routing key"]}
        self.events.append(said)
        if said["event_action"] == "trigger":
            payload = said["payload"]
            assert payload["severity"] in ("info", "warning", "error",
                                           "critical")
            assert payload["summary"] and payload["source"]
            self.open[said["dedup_key"]] = payload
        else:
            self.open.pop(said["dedup_key"], None)
        return 202, {}, {"status": "success", "message": "Event processed",
                         "dedup_key": said["dedup_key"]}


class GitHub(Service):
    """https://docs.github.com/rest/repos/repos#get-a-repository"""

    token, repository = "ghp_good", "owner/name"
    permissions = {"admin": True, "push": True, "pull": True}
    prefix = ""  # /api/v3 of a server of one's own

    def reply(self, method, path, headers, body):
        if _bearer(headers) != self.token:
            return 401, {}, {"message": "Bad credentials"}
        if path != f"{self.prefix}/repos/{self.repository}":
            return 404, {}, {"message": "Not Found"}
        return 200, {}, {"full_name": self.repository,
                         "permissions": self.permissions}


class GitLab(Service):
    """https://docs.gitlab.com/ee/api: tokens and projects."""

    token, project, scopes, level = "glpat-good", "group/name", ["api"], 40
    expires_at = "2027-06-01"

    def __init__(self):
        self.revoked, self.rotated = set(), 0
        super().__init__()

    def reply(self, method, path, headers, body):
        path, _, query = path.partition("?")
        token = headers.get("private-token")
        if token in self.revoked or token != self.token:
            return 401, {}, {"message": "401 Unauthorized"}
        if path == "/api/v4/personal_access_tokens/self/rotate":
            assert method == "POST"
            return self._rotate(dict(urllib.parse.parse_qsl(query)))
        if path == "/api/v4/personal_access_tokens/self":
            return 200, {}, {"scopes": self.scopes, "active": True,
                             "expires_at": self.expires_at}
        wanted = urllib.parse.quote(self.project, safe="")
        if path != f"/api/v4/projects/{wanted}":
            return 404, {}, {"message": "404 Project Not Found"}
        return 200, {}, {"permissions": {
            "project_access": {"access_level": self.level},
            "group_access": None}}

    def _rotate(self, query):
        """The one before is revoked at once."""
        self.revoked.add(self.token)
        self.rotated += 1
        self.token = f"glpat-rotated-{self.rotated}"
        self.expires_at = query["expires_at"]
        return 200, {}, {"token": self.token, "revoked": False,
                         "active": True, "expires_at": self.expires_at}


class Bitbucket(Service):
    """https://developer.atlassian.com/cloud/bitbucket/rest: both hosts."""

    key, secret, repository = "app-key", "app-secret", "team/name"
    scopes = "repository pullrequest webhook"

    def reply(self, method, path, headers, body):
        if path == "/site/oauth2/access_token":
            return self._log_in(headers, body)
        if _bearer(headers) != "bb-access":
            return 401, {}, {"type": "error"}
        if path != f"/2.0/repositories/{self.repository}":
            return 404, {}, {"type": "error"}
        return 200, {}, {"full_name": self.repository}

    def _log_in(self, headers, body):
        wanted = base64.b64encode(f"{self.key}:{self.secret}".encode())
        is_known = headers["authorization"] == f"Basic {wanted.decode()}"
        if not is_known or body != "grant_type=client_credentials":
            return 400, {}, {"error": "unauthorized_client"}
        return 200, {}, {"access_token": "bb-access", "scopes": self.scopes,
                         "token_type": "bearer", "expires_in": 7200}


class BitbucketServer(Service):
    """https://developer.atlassian.com/server/bitbucket/rest"""

    user, token, project, repository = "me", "bbs-good", "PRJ", "name"
    can_write = True

    def reply(self, method, path, headers, body):
        wanted = base64.b64encode(f"{self.user}:{self.token}".encode())
        if headers["authorization"] != f"Basic {wanted.decode()}":
            return 401, {}, {"errors": []}
        if path == f"/rest/api/1.0/projects/{self.project}/repos/" \
                   f"{self.repository}":
            return 200, {}, {"slug": self.repository}
        query = dict(urllib.parse.parse_qsl(path.partition("?")[2]))
        if path.startswith("/rest/api/1.0/repos?"):
            found = self.can_write and query["permission"] == "REPO_WRITE" \
                and query["projectkey"] == self.project
            return 200, {}, {"size": int(found), "values": [
                {"slug": self.repository}] * int(found)}
        return 404, {}, {"errors": []}
