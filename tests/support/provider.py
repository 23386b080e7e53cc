"""A provider that behaves like its documentation, faults included: tokens are
alive until they are revoked (RFC 7009), and it counts what it did.

    with Provider() as provider:
        token = provider.issue()
        ...
        assert token not in provider.live
        assert provider.fired["500"] > 0
"""

import base64
import collections
import json
import random
import threading
import urllib.parse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

CLIENT_ID, CLIENT_SECRET = "our client", "s3cret:&=%"
HANG_S = 40


class Provider:
    """`faults` has the share of calls that meet each of: 500, 429, hang,
    reset, slack (200 with ok: false)."""

    def __init__(self, seed=1):
        self.faults = {}
        self.is_down = False
        self.answers_ok_field = False
        self.live = set()
        self.calls = []  # (path, token, status)
        self.fired = collections.Counter()
        self._issued = 0
        self._random = random.Random(seed)
        self._lock = threading.Lock()
        self._stop = threading.Event()
        provider = self

        class Handler(_Handler):
            pass

        Handler.provider = provider
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, args=(0.02,),
                         daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._stop.set()
        self._server.shutdown()
        self._server.server_close()

    def issue(self):
        """A token that is alive."""
        with self._lock:
            self._issued += 1
            token = f"refresh-{self._issued}-{self._random.getrandbits(64):x}"
            self.live.add(token)
            return token

    def fault(self):
        """The fault that this call meets, or None; it counts as fired."""
        with self._lock:
            if self.is_down:
                self.fired["down"] += 1
                return "reset"
            roll = self._random.random()
            for name, share in self.faults.items():
                if roll < share:
                    self.fired[name] += 1
                    return name
                roll -= share
        return None

    def revoke(self, token):
        """RFC 7009, 2.2: an unknown token is a success as well."""
        with self._lock:
            self.live.discard(token)

    def called(self, path, token, status):
        with self._lock:
            self.calls.append((path, token, status))


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    provider = None

    def log_message(self, *_):
        pass

    def _answer(self, status, document, **headers):
        body = json.dumps(document).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def _is_client(self, form):
        scheme, _, rest = self.headers.get("Authorization", "").partition(" ")
        if scheme == "Basic":
            pair = base64.b64decode(rest).decode().split(":")
            given = [urllib.parse.unquote_plus(one) for one in pair]
        else:
            given = [form.get("client_id"), form.get("client_secret")]
        return given == [CLIENT_ID, CLIENT_SECRET]

    def do_POST(self):
        provider = self.provider
        length = int(self.headers.get("Content-Length", 0))
        form = dict(urllib.parse.parse_qsl(self.rfile.read(length).decode()))
        fault = provider.fault()
        if fault == "reset":
            self.connection.close()
            self.close_connection = True
            return None
        if fault == "hang":
            provider._stop.wait(HANG_S)
            self.close_connection = True
            return None
        if fault == "500":
            return self._answer(500, {"error": "server_error"})
        if fault == "429":
            return self._answer(429, {"error": "slow_down"}, Retry_After="1")
        if fault == "401" or not self._is_client(form):
            provider.called(self.path, form.get("token"), 401)
            return self._answer(401, {"error": "invalid_client"})
        provider.revoke(form.get("token"))
        provider.called(self.path, form.get("token"), 200)
        return self._answer(200, {"ok": True})
