"""`cleat worker` as a process, with a folder of its own.

    with WorkerProcess(project, environment) as worker:
        worker.get("mail").must_be(200)

It is judged when it stops, as a server is."""

import pathlib
import shutil
import signal
import subprocess
import tempfile

from support import cli
from support.faulty import recording
from support.http import Client
from support.names import unique
from support.server import Running, die_with_parent
from support.wait import eventually


class Applications(Client):
    """What applications beside a worker call."""

    prefix = ""

    def __init__(self, worker, token):
        super().__init__(worker, {"Authorization": f"Bearer {token}"}
                         if token else {})

    def content_type(self, status):
        return "application/json" if status < 400 \
            else "application/problem+json"


class WorkerProcess(Running):
    """`server` is how it finds the server, `url` how that finds it, if not
    directly. What is done to its state is recorded in the file `log`."""

    def __init__(self, project, environment, name=None, server=None, url=None,
                 options=(), log=None):
        super().__init__()
        self.project = project
        self.name = name or unique("worker")
        self.server = server or project.server.base
        self.options = ["--environment", environment, "--name", self.name,
                        *options]
        if url:
            self.options += ["--url", url]
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="cleat-worker-"))
        self._take_token()
        self.state = self.folder / "state"
        self.env = recording(self.state, log) if log else {}
        self.listen = "127.0.0.1:0"
        self.start()

    def _take_token(self):
        made = self.project.token("worker")
        self.token_id = made["id"]
        (self.folder / "token").write_text(made["token"] + "\n")

    def renew_token(self):
        """Starts anew with another token."""
        self.stop()
        self._take_token()
        return self.start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if not self.is_over:
            self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    def command(self):
        return [cli.binary(), "worker", "--server", self.server, "--token",
                self.folder / "token", "--listen", self.listen, "--folder",
                self.state, *self.options]

    def start(self):
        """At the same address as before, with what it had."""
        self.launch(self.command(), cli.environment(**self.env))
        self.listen = self.base.removeprefix("http://")
        return self

    # What can happen to it

    def pause(self):
        self.process.send_signal(signal.SIGSTOP)

    def go_on(self):
        self.process.send_signal(signal.SIGCONT)

    # What applications see

    @property
    def token(self):
        return (self.state / "applications.token").read_text().strip()

    @property
    def applications(self):
        return Applications(self, self.token)

    def get(self, name):
        return self.applications.get(f"/connections/{name}")

    def has(self, name):
        return self.get(name).status == 200

    def names(self):
        body = self.applications.get("/connections").must_be(200).body
        return {one["name"] for one in body["connections"]}

    def health(self):
        return Client(self).get("/healthz").must_be(200).body

    def wait_until_registered(self):
        eventually(lambda: self.health()["isRegistered"], "its registration")
        return self
