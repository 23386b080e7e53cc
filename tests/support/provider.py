"""A provider that behaves like its documentation, faults included: tokens are
alive until they are revoked, expire or are rotated, and it counts what it did.

    with Provider() as provider:
        token = provider.issue()
        ...
        assert token not in provider.live
        assert provider.fired["500"] > 0
        assert not provider.overlaps

    POST /revoke       RFC 7009: the client by Basic or in the body, any
                       token; 200 for one that is unknown as well
    POST /token        RFC 6749, 6: a new access token, and a new refresh
                       token while `rotates`
    POST, DELETE /self the bearer ends its grant; 401 when it is not alive
    POST /slack        the same, in Slack's manner: 200 always, `ok` says
    DELETE /uninstall  the same, by X-Shopify-Access-Token
    GET /apps/TOKEN/de-authenticate
                       the token in the path; 400 when it is not alive
    POST /introspect   RFC 7662, for tests alone: no client is asked for
"""

import base64
import contextlib
import json
import urllib.parse

from support.listener import Failing, Handler

CLIENT_ID, CLIENT_SECRET = "our client", "s3cret:&=%"


class Grant:
    """What a customer agreed to: one refresh token and some access tokens.
    `answers` is (path, status, whether the caller has it) of each call."""

    def __init__(self, refresh, access=None):
        self.refresh = refresh
        self.access = access
        self.live_access = {access} - {None}
        self.answers = []
        self.under_way = []  # calls


class Provider(Failing):
    """Its faults are 500, 429, 401, hang, reset (nothing is done) and lost (it
    is done, but not answered); calls of the paths in `spared` meet none.
    `overlaps` has the token of each call that came while another one for its
    grant was under way."""

    def __init__(self, seed=1):
        self.rotates = True
        self.expires_in_s = 3600
        self.retry_after_s = 1
        self.spared = set()
        self.calls = []  # (path, token, status)
        self.overlaps = []
        self._grants = []
        self._grant_of = {}  # by every token that there ever was
        self._issued = 0
        super().__init__(_Handler, seed)

    def _token(self, kind):
        with self._lock:
            self._issued += 1
            return f"{kind}-{self._issued}-{self._random.getrandbits(64):x}"

    def issue(self):
        """A refresh token that is alive."""
        return self._agree(Grant(self._token("refresh"))).refresh

    def grant(self):
        """A refresh token and an access token that are alive."""
        return self._agree(Grant(self._token("refresh"),
                                 self._token("access")))

    def _agree(self, grant):
        with self._lock:
            self._grants.append(grant)
            self._know(grant)
            return grant

    def _know(self, grant):
        for token in {grant.refresh, grant.access} - {None}:
            self._grant_of[token] = grant

    def grant_of(self, token):
        """The grant, alive or not."""
        return self._grant_of.get(token)

    @contextlib.contextmanager
    def calling(self, call):
        """While it is answered; callers that are gone do not count."""
        grant = self.grant_of(call.sent) or Grant(None)
        with self._lock:
            if any(not one.is_left() for one in grant.under_way):
                self.overlaps.append(call.sent)
            grant.under_way.append(call)
        try:
            yield
        finally:
            with self._lock:
                grant.under_way.remove(call)

    def expire(self, access):
        """An access token's time is over; its grant lives on."""
        with self._lock:
            for grant in self._grants:
                grant.live_access.discard(access)

    @property
    def live(self):
        """The refresh tokens that are alive."""
        with self._lock:
            return {grant.refresh for grant in self._grants}

    def live_tokens(self):
        """Of both kinds."""
        with self._lock:
            return self.live.union(
                *(grant.live_access for grant in self._grants))

    def _of(self, token):
        return next((grant for grant in self._grants if token
                     and (token == grant.refresh
                          or token in grant.live_access)), None)

    def revoke(self, token):
        """RFC 7009, 2.2: an unknown token is a success as well. True when it
        was alive; then its whole grant is not any more."""
        with self._lock:
            grant = self._of(token)
            if grant:
                self._grants.remove(grant)
            return grant is not None

    def end_by_access_token(self, token):
        """True when it was an access token that is alive."""
        with self._lock:
            grant = self._of(token)
            return bool(grant and token in grant.live_access
                        and self.revoke(token))

    def refresh(self, token):
        """The token answer, or None: invalid_grant."""
        with self._lock:
            grant = self._of(token)
            if not grant or token != grant.refresh:
                return None
            grant.access = self._token("access")
            grant.live_access.add(grant.access)
            answer = {"access_token": grant.access, "token_type": "Bearer",
                      "expires_in": self.expires_in_s}
            if self.rotates:
                grant.refresh = self._token("refresh")
                answer["refresh_token"] = grant.refresh
            self._know(grant)
            return answer

    def called(self, path, token, status, is_told):
        with self._lock:
            self.calls.append((path, token, status))
            grant = self.grant_of(token)
            if grant:
                grant.answers.append((path, status, is_told))


class _Handler(Handler):

    def _answer(self, status, document, headers=None):
        self.listener.called(self.path, self.sent, status,
                             self._fault != "lost")
        if self._fault == "lost":
            return self.break_off()
        return self.answer(status, json.dumps(document).encode(), {
            "Content-Type": "application/json", **(headers or {})})

    def _is_client(self):
        scheme, _, rest = self.headers.get("Authorization", "").partition(" ")
        if scheme == "Basic":
            pair = base64.b64decode(rest).decode().split(":")
            given = [urllib.parse.unquote_plus(one) for one in pair]
        else:
            given = [self._form.get("client_id"),
                     self._form.get("client_secret")]
        return given == [CLIENT_ID, CLIENT_SECRET]

    def _bearer(self):
        scheme, _, token = self.headers.get("Authorization", "").partition(" ")
        return token if scheme == "Bearer" else None

    do_POST = do_DELETE = do_GET = Handler.called

    def serve(self):
        self._form = dict(urllib.parse.parse_qsl(self.body))
        self.sent = self._form.get("token") \
            or self._form.get("refresh_token") or self._bearer() \
            or self.headers.get("X-Shopify-Access-Token")
        self._fault = None
        if self.path == "/introspect":
            return self._introspect()
        with self.listener.calling(self):
            return self._serve_with_faults()

    def _serve_with_faults(self):
        if self.path not in self.listener.spared:
            self._fault = self.listener.fault()
        if self._fault == "reset":
            return self.break_off()
        if self._fault == "hang":
            return self.hang()
        if self._fault == "500":
            return self._answer(500, {"error": "server_error"})
        if self._fault == "429":
            return self._answer(429, {"error": "slow_down"}, {
                "Retry-After": str(self.listener.retry_after_s)})
        if self._fault == "401":
            return self._answer(401, {"error": "invalid_client"})
        return self._serve_soundly()

    def _serve_soundly(self):
        parts = self.path.split("/")
        if self.path == "/token":
            return self._token()
        if self.path == "/self":
            return self._ended_or(401, {"error": "invalid_token"})
        if self.path == "/slack":
            return self._ended_or(200, {"ok": False, "error": "token_expired"})
        if self.path == "/uninstall":
            return self._ended_or(401, {"errors": "Invalid API key"})
        if parts[1] == "apps":
            self.sent = urllib.parse.unquote(parts[2])
            return self._ended_or(400, {"error_id": 403})
        if not self._is_client():
            return self._answer(401, {"error": "invalid_client"})
        self.listener.revoke(self.sent
                             or self._form.get("access_token"))
        return self._answer(200, {"ok": True})

    def _ended_or(self, status, document):
        if self.listener.end_by_access_token(self.sent):
            return self._answer(200, {"ok": True, "revoked": True})
        return self._answer(status, document)

    def _token(self):
        if not self._is_client():
            return self._answer(401, {"error": "invalid_client"})
        if self._form.get("grant_type") != "refresh_token":
            return self._answer(400, {"error": "unsupported_grant_type"})
        answer = self.listener.refresh(self.sent)
        if answer:
            return self._answer(200, answer)
        return self._answer(400, {"error": "invalid_grant"})

    def _introspect(self):
        return self._answer(200, {
            "active": self.sent in self.listener.live_tokens()})
