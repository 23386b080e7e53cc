"""A worker that behaves as docs/workers.md says, faults included: it holds the
connections that are pushed to it, and counts what it met.

    with Worker() as worker:
        worker.register(project, environment)
        ...
        assert set(worker.holds) == {connection_id}
"""

import collections
import json
import random
import threading
import urllib.parse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from support.http import Client
from support.names import unique

ALLOW = ("--allow-http", "127.0.0.0/8")


class Workers(Client):
    """What workers call."""

    prefix = "/workers/v1"

    def __init__(self, server, token=None):
        super().__init__(server, {"Authorization": f"Bearer {token}"}
                         if token else {})

    def content_type(self, status):
        return "application/problem+json" if status >= 400 \
            else "application/json"


def new_environment(project, name=None, kind="test"):
    return project.native.post(
        f"/projects/{project.name}/environments",
        {"name": name or unique("env"), "kind": kind}).must_be(201).body


class Worker:
    """`faults` has the share of calls that meet each of: 500, reset (nothing
    is done), lost (it is done, but not answered), late (not answered, and done
    after the connection's next removal, as by a network that delays it).
    `schedule` has those of the next calls, before any share counts."""

    def __init__(self, seed=1, name=None):
        self.name = name or unique("worker")
        self.faults = {}
        self.schedule = []
        self.is_down = False
        self.fired = collections.Counter()
        self.calls = []  # (method, connection, version, status)
        self.key = self.id = None
        self._held = {}  # id -> (version, document)
        self._removed = {}  # id -> version
        self._wanted, self._least = {}, 0  # the full set, and its version
        self._late = collections.defaultdict(list)
        self._random = random.Random(seed)
        self._lock = threading.RLock()
        worker = self

        class Handler(_Handler):
            pass

        Handler.worker = worker
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, args=(0.02,),
                         daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._server.shutdown()
        self._server.server_close()

    # What it does

    def register(self, project, environment):
        answer = project.workers.post("/register", {
            "environment": environment, "name": self.name,
            "url": self.url}).must_be(200).body
        self.id, self.key = answer["id"], answer["key"]
        return answer

    def drop_others(self, project):
        """Asks for the full set, and drops what is not in it."""
        answer = project.workers.get(f"/workers/{self.id}/connections") \
            .must_be(200).body
        with self._lock:
            self._least = answer["version"]
            self._wanted = {one["id"]: one["version"]
                            for one in answer["connections"]}
            for one in list(self._held):
                if one not in self._wanted:
                    self._remove(one, self._least)
        return answer

    def forget(self):
        """It starts anew, with nothing."""
        with self._lock:
            self._held.clear()
            self._removed.clear()
            self._wanted, self._least = {}, 0

    @property
    def holds(self):
        """By id: what was pushed last."""
        with self._lock:
            return {one: document
                    for one, (_, document) in self._held.items()}

    # Calls

    def _fault(self):
        if self.is_down:
            self.fired["down"] += 1
            return "reset"
        if self.schedule:
            name = self.schedule.pop(0)
            self.fired[name] += name is not None
            return name
        roll = self._random.random()
        for name, share in self.faults.items():
            if roll < share:
                self.fired[name] += 1
                return name
            roll -= share
        return None

    def _last(self, connection):
        return max(self._held.get(connection, (0,))[0],
                   self._removed.get(connection, 0),
                   self._wanted.get(connection, self._least))

    def _put(self, connection, version, document):
        if version >= self._last(connection):
            self._removed.pop(connection, None)
            self._held[connection] = version, document

    def _remove(self, connection, version):
        if version >= self._last(connection):
            self._held.pop(connection, None)
            self._removed[connection] = version

    def take(self, method, connection, version, document):
        """The answer's status; None: none."""
        with self._lock:
            fault = self._fault()
            if fault == "late" and method == "PUT":
                self._late[connection].append((version, document))
            if fault in ("reset", "late"):
                return None
            if fault == "500":
                return 500
            if method == "PUT":
                self._put(connection, version, document)
                status = 200
            else:
                status = 200 if connection in self._held else 404
                self._remove(connection, version)
                for one in self._late.pop(connection, []):
                    self._put(connection, *one)
            self.calls.append((method, connection, version, status))
            return None if fault == "lost" else status


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    worker = None

    def log_message(self, *_):
        pass

    def _handle(self):
        length = int(self.headers.get("Content-Length", 0))
        body = self.rfile.read(length)
        target = urllib.parse.urlsplit(self.path)
        query = urllib.parse.parse_qs(target.query)
        connection = target.path.removeprefix("/connections/")
        if self.headers["Authorization"] != f"Bearer {self.worker.key}":
            return self._answer(401)
        status = self.worker.take(self.command, connection,
                                  int(query["version"][0]),
                                  json.loads(body) if body else None)
        if status is None:
            self.close_connection = True
            return self.connection.close()
        return self._answer(status)

    do_PUT = do_DELETE = _handle

    def _answer(self, status):
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()
