"""A worker that behaves as docs/workers.md says, faults included: it holds the
connections that are pushed to it, and counts what it met.

    with Worker() as worker:
        worker.register(project, environment)
        ...
        assert set(worker.holds) == {connection_id}
"""

import json
import urllib.parse

from support.listener import Failing, Handler
from support.names import unique
from support.native import Native


class Workers(Native):
    """What workers call."""

    prefix = "/workers/v1"


def new_environment(project, name=None, kind="test"):
    return project.native.post(
        f"/projects/{project.name}/environments",
        {"name": name or unique("env"), "kind": kind}).must_be(201).body


class Worker(Failing):
    """Its faults are 500, reset (nothing is done), lost (it is done, but not
    answered) and late (one push of a connection is not answered, and done
    after its next removal, as by a network that delays it)."""

    def __init__(self, seed=1, name=None):
        self.name = name or unique("worker")
        self.calls = []  # (method, connection, version, status)
        self.key = self.id = None
        self._held = {}  # id -> (version, document)
        self._removed = {}  # id -> version
        self._wanted, self._least = {}, 0  # the full set, and its version
        self._late = {}  # id -> (version, document)
        super().__init__(_Handler, seed)

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
            can_be_late = method == "PUT" and connection not in self._late
            fault = self.fault(without=() if can_be_late else ("late",))
            if fault == "late":
                self._late[connection] = version, document
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
                if connection in self._late:
                    self._put(connection, *self._late.pop(connection))
            self.calls.append((method, connection, version, status))
            return None if fault == "lost" else status


class _Handler(Handler):

    do_PUT = do_DELETE = Handler.called

    def serve(self):
        target = urllib.parse.urlsplit(self.path)
        query = urllib.parse.parse_qs(target.query)
        connection = target.path.removeprefix("/connections/")
        if self.headers["Authorization"] != f"Bearer {self.listener.key}":
            return self.answer(401)
        status = self.listener.take(self.command, connection,
                                    int(query["version"][0]),
                                    json.loads(self.body or "null"))
        return self.answer(status) if status else self.break_off()
