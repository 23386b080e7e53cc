"""A request and its answer, as a page of an API's documentation shows them.

    ampersand.get(path).must_be(200, {"id": UUID, ...})

`must_be` checks status, document and content type, and what every answer of
the server owes: a request id, JSON without duplicate members, no body
where the status forbids one."""

import json
import threading
import time

import requests

from support.forms import differences

TIMEOUT_S = 30
IDLE_S = 15  # less than after what a server ends a connection by itself
UNCHECKED = object()


class Reply:
    """An answer, with the request that it belongs to."""

    def __init__(self, client, response, sent):
        self.client = client
        self.sent = sent
        self.status = response.status_code
        self.headers = response.headers
        self.content = response.content

    @property
    def text(self):
        return self.content.decode("utf-8")

    @property
    def body(self):
        """The JSON document; anything else is the test's failure."""
        try:
            return json.loads(self.text, object_pairs_hook=_no_duplicates)
        except ValueError as error:
            raise AssertionError(f"no JSON document: {error}\n\n{self}")

    def must_be(self, status, body=UNCHECKED, headers=None):
        """Returns the answer itself, so that more can be asked of it."""
        __tracebackhide__ = True
        wrong = []
        if self.status != status:
            wrong.append(f"status {self.status}, should be {status}")
        if not self.headers.get("X-Request-Id"):
            wrong.append("no X-Request-Id")
        wrong += self._wrong_type()
        for name, value in (headers or {}).items():
            wrong += differences(value, self.headers.get(name), name)
        if body is None and self.content:
            wrong.append("a body where none is due")
        elif body is not None and body is not UNCHECKED:
            wrong += differences(body, self.body)
        if wrong:
            raise AssertionError("\n".join(wrong) + f"\n\n{self}")
        return self

    def _wrong_type(self):
        wanted = self.client.content_type(self.status)
        if not self.content or wanted is None:
            return []
        actual = self.headers.get("Content-Type", "")
        if not self.client.charset_allowed:
            fits = actual == wanted
        else:
            fits = actual.split(";")[0].strip() == wanted
        return [] if fits else [f"Content-Type {actual!r}, not {wanted!r}"]

    def __str__(self):
        shown = [self.sent, "", f"HTTP/1.1 {self.status}"]
        shown += [f"{name}: {value}" for name, value in self.headers.items()]
        shown += ["", self.content.decode("utf-8", "replace")]
        return "\n".join(shown)


class Client:
    """One caller of one API; `prefix` is the API's base path."""

    prefix = ""
    charset_allowed = True

    def __init__(self, server, headers=None):
        self.server = server
        self.headers = headers or {}
        self._thread = threading.local()

    def content_type(self, status):
        """What an answer with a body must be; None where it may vary."""
        return "application/json"

    def get(self, path, query=None, headers=None):
        return self.send("GET", path, query=query, headers=headers)

    def post(self, path, body=None, query=None, headers=None, form=None):
        return self.send("POST", path, body, query, headers, form)

    def put(self, path, body=None, query=None):
        return self.send("PUT", path, body, query)

    def patch(self, path, body=None, query=None, headers=None):
        return self.send("PATCH", path, body, query, headers)

    def delete(self, path, query=None, body=None):
        return self.send("DELETE", path, body, query)

    def send(self, method, path, body=None, query=None, headers=None,
             form=None):
        """`body` is a JSON document, or bytes that go out as they are;
        `form` is sent as a form."""
        all_headers = {**self.headers, **(headers or {})}
        data = None
        if form is not None:
            data = form
        elif isinstance(body, bytes):
            data = body
        elif body is not None:
            data = json.dumps(body).encode()
        if data is not None and form is None:
            all_headers.setdefault("Content-Type", "application/json")
        response = self._session().request(
            method, self.server.base + self.prefix + path, params=query,
            headers=all_headers, data=data, timeout=TIMEOUT_S,
            allow_redirects=False)
        return Reply(self, response, _shown(response.request))

    def _session(self):
        now = time.monotonic()
        if now - getattr(self._thread, "used_at", now) > IDLE_S:
            self._thread.session.close()
        self._thread.used_at = now
        if not hasattr(self._thread, "session"):
            self._thread.session = requests.Session()
            self._thread.session.trust_env = False
            self.server.sessions.add(self._thread.session)
        return self._thread.session


class Stranger(Client):
    """A caller without credentials, who knows no API in particular."""

    def content_type(self, status):
        return None


def _no_duplicates(pairs):
    document = dict(pairs)
    if len(document) != len(pairs):
        raise ValueError("a member name appears twice")
    return document


def _shown(request):
    shown = [f"{request.method} {request.path_url} HTTP/1.1"]
    shown += [f"{name}: {value}" for name, value in request.headers.items()]
    body = request.body or b""
    if isinstance(body, bytes):
        body = body.decode("utf-8", "replace")
    return "\n".join(shown + (["", body[:4000]] if body else []))
