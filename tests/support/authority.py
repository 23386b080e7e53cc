"""A provider that asks people for consent, and a browser without a window.

    with Authority() as authority:
        consent = ask(project, authority)           # the address to go to
        page = come_back(project, consent, authority.agree(consent))

    POST /token        codes (once, with their verifier), refresh tokens,
                       client credentials and passwords; JSON, or a form while
                       `answers_forms`
    GET  /check        Basic, for credentials of a provider's own making
"""

import base64
import hashlib
import html
import json
import re
import urllib.parse

import requests

from support.names import unique
from support.provider import CLIENT_ID, CLIENT_SECRET, Grant, Provider
from support.provider import _Handler as ProviderHandler

TIMEOUT_S = 60


class Authority(Provider):
    """`codes` has what each code stands for; `asked` the forms of all calls of
    the token address, `used` the refresh tokens that were sent, in order.
    `has_leeway`: the token that was used last brings the same answer again.
    `between` is called when a refresh was done and before it is answered."""

    def __init__(self, seed=1):
        self.answers_forms = False
        self.answer = {}  # more members of each token answer
        self.codes = {}
        self.asked = []
        self.used = []
        self.password = "customer's password"
        self.has_leeway = False
        self.between = None
        self._last = {}  # refresh token -> the answer that it brought
        super().__init__(seed)
        self._server.RequestHandlerClass = _Handler

    def agree(self, url, **more):
        """What the provider sends a browser back with: the parameters."""
        asked = query_of(url)
        code = self._token("code")
        self.codes[code] = asked
        return {"state": asked["state"], "code": code, **more}

    def spend(self, form):
        """The token answer for a code; None: invalid_grant."""
        with self._lock:
            asked = self.codes.pop(form.get("code"), None)
        if not asked or form.get("redirect_uri") != asked["redirect_uri"]:
            return None
        challenge = asked.get("code_challenge")
        if challenge and challenge != challenge_of(
                form.get("code_verifier", "")):
            return None
        return self.granted()

    def refresh(self, token):
        with self._lock:
            self.used.append(token)
            again = self._last.get(token)
            if again and self.has_leeway and \
                    again.get("refresh_token") in self.live:
                return again
            answer = super().refresh(token)
            if answer:
                self._last = {token: answer}
        return answer

    def granted(self, with_refresh=True):
        grant = self._agree(Grant(
            self._token("refresh") if with_refresh else None,
            self._token("access")))
        answer = {"access_token": grant.access, "token_type": "Bearer",
                  "expires_in": self.expires_in_s, **self.answer}
        if with_refresh:
            answer["refresh_token"] = grant.refresh
        return answer


class _Handler(ProviderHandler):

    do_POST = do_DELETE = do_GET = ProviderHandler.called

    def _answer(self, status, document, headers=None):
        between = self.listener.between
        if between and self._form.get("grant_type") == "refresh_token":
            between()
        if self.path == "/token" and self.listener.answers_forms:
            self.listener.called(self.path, self.sent, status, True)
            return self.answer(
                status, urllib.parse.urlencode(document).encode(),
                {"Content-Type": "application/x-www-form-urlencoded"})
        return super()._answer(status, document, headers)

    def _serve_soundly(self):
        if self.path == "/check":
            return self._check()
        return super()._serve_soundly()

    def _check(self):
        given = self.headers.get("Authorization", "").partition(" ")[2]
        if base64.b64decode(given).decode() == "key:jane:secret":
            return self._answer(200, {"authenticated_user": {
                "user_key": "key-of-jane"}})
        return self._answer(401, {"error": "unauthorized"})

    def _token(self):
        listener, form = self.listener, self._form
        listener.asked.append({**form, "Authorization": self.headers.get(
            "Authorization")})
        kind = form.get("grant_type")
        if kind == "refresh_token":
            return super()._token()
        if not self._is_client():
            return self._answer(401, {"error": "invalid_client"})
        made = None
        if kind == "authorization_code":
            made = listener.spend(form)
        elif kind == "client_credentials" or (
                kind == "password"
                and form.get("password") == listener.password):
            made = listener.granted(with_refresh=False)
        return self._answer(200, made) if made else \
            self._answer(400, {"error": "invalid_grant"})


def challenge_of(verifier):
    """RFC 7636, 4.2."""
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def query_of(url):
    return dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(url).query))


def register(project, authority, name="airtable", scopes=("read",), **params):
    """The project's app there; `airtable` takes PKCE and a client by Basic."""
    return project.ampersand.post(f"/projects/{project.name}/provider-apps", {
        "provider": name, "clientId": CLIENT_ID, "clientSecret": CLIENT_SECRET,
        "scopes": list(scopes), "metadata": {"providerParams": {
            "authUrl": f"{authority.url}/authorize",
            "tokenUrl": f"{authority.url}/token",
            "revocationUrl": f"{authority.url}/revoke", **params}}}) \
        .must_be(200).body


def post_text(project, path, body, caller=None, method="POST"):
    """(status, text) of an operation that answers no JSON."""
    caller = caller or project.ampersand
    answer = requests.request(
        method, f"{project.server.base}/v1{path}", json=body,
        headers=caller.headers, timeout=TIMEOUT_S)
    return answer.status_code, answer.text


def ask(project, name="airtable", caller=None, **more):
    """The address that a browser is to go to."""
    status, url = post_text(project, "/oauth-connect", {
        "projectIdOrName": project.name, "provider": name,
        "groupRef": unique("org"), "consumerRef": unique("user"), **more},
        caller)
    assert status == 200, url
    return url


class Page:
    """One that a callback answered."""

    def __init__(self, answer):
        self.status = answer.status_code
        self.headers = answer.headers
        self.text = answer.text
        attribute = re.search(r'<body data-told="([^"]*)">', self.text)
        self.told = json.loads(html.unescape(attribute[1]))
        self.script = re.search(r"<script>(.*?)</script>", self.text)[1]


def come_back(server, params, path="/callbacks/v1/oauth"):
    """What the browser is shown. `params` may be a list of pairs."""
    return Page(requests.get(server.base + path, params=params,
                             timeout=TIMEOUT_S, allow_redirects=False))


def connect(project, authority, name="airtable", **more):
    """The connection's id, by a whole consent."""
    page = come_back(project.server, authority.agree(
        ask(project, name, **more)))
    assert page.status == 200, page.text
    return page.told["data"]["connection"]


def path_of(project, connection_id):
    return f"/projects/{project.name}/connections/{connection_id}"


def tokens_of(project, connection_id, **query):
    """(status, access token or problem) as GET shows it."""
    reply = project.ampersand.get(path_of(project, connection_id), {
        "includeCreds": "true", "includeRefreshToken": "true", **query})
    return reply.status, reply.body
