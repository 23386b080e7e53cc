"""A store, with a folder of its own, and servers that serve it.

A server is judged when it stops: SIGTERM must end it with exit status 0, and
all that it wrote to stderr must be log lines; so a sanitizer's report fails
the test."""

import ctypes
import itertools
import json
import pathlib
import selectors
import shutil
import signal
import subprocess
import tempfile
import threading
import weakref

from support import cli, engine
from support.documented import listening
from support.project import Project

START_S = 30
STOP_S = 30
PR_SET_PDEATHSIG = 1
ALLOWED = ("--allow-http", "127.0.0.0/8")  # calls to what tests listen with
UNLIMITED = ("--key-rate", "0", "--address-rate", "0")


class Store:
    """One made by `cleat init`; `keys` is what that said. `cluster` is the
    URL of another one than the tests'."""

    def __init__(self, cluster=None):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="cleat-"))
        self.url = engine.new_url(self.folder, cluster)
        key = engine.master_key(self.url, self.folder)
        if key:
            cli.keys[self.url] = key
        self.keys = self._command("init")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.remove()

    def create_project(self, name, organization=None):
        """The same document as init's, for a project of its own."""
        more = ["--organization", organization] if organization else []
        return self._command("project", "create", name, *more)

    def create_token(self, project, api, *options):
        """{"id","api","role","label","token"}"""
        return self._command("token", "create", "--project", project,
                             "--api", api, *options)

    def revoke_token(self, project, token_id):
        return cli.run("token", "revoke", "--store", self.url,
                       "--project", project, token_id).check_returncode()

    def environment(self):
        """Of every program that has to do with it."""
        return {}

    def _command(self, *words):
        return cli.cleat(*words, "--store", self.url, **self.environment())

    def remove(self):
        shutil.rmtree(self.folder, ignore_errors=True)


class Running:
    """A program that says where it listens; `base` is that address."""

    def __init__(self):
        self.is_over = False
        self.sessions = weakref.WeakSet()  # of who calls it

    def launch(self, command, env):
        self.is_over = False
        self.errors = tempfile.TemporaryFile()
        self.process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=self.errors, preexec_fn=die_with_parent, env=env)
        self.base = self._address()

    def _address(self):
        with selectors.DefaultSelector() as selector:
            selector.register(self.process.stdout, selectors.EVENT_READ)
            ready = selector.select(START_S)
        line = self.process.stdout.readline().decode() if ready else ""
        words = "listening on "
        if not line.startswith(words + "http://127.0.0.1:"):
            self.kill()
            raise AssertionError(
                f"the program said {line!r}, not where it listens\n"
                + self.stderr())
        return line[len(words):].strip()

    def stderr(self):
        self.errors.seek(0)
        return self.errors.read().decode("utf-8", "replace")

    def log(self):
        """Its log lines so far."""
        lines = [line for line in self.stderr().splitlines() if line.strip()]
        return [json.loads(line) for line in lines]

    def stop(self):
        """SIGTERM, and the judgement. Callers hang up before: while one does
        not, the server waits some time for more from it."""
        self.is_over = True
        listening.bases.discard(self.base)
        for session in list(self.sessions):
            session.close()
        self.process.send_signal(signal.SIGTERM)
        try:
            status = self.process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            self.kill()
            raise AssertionError(f"SIGTERM did not stop it in {STOP_S} s")
        self.process.stdout.close()
        noise = [line for line in self.stderr().splitlines()
                 if line.strip() and not _is_log_line(line)]
        assert status == 0 and not noise, (
            f"the server ended with {status} and said\n" + "\n".join(noise))

    def kill(self):
        """SIGKILL, no judgement."""
        self.is_over = True
        listening.bases.discard(getattr(self, "base", None))
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()


class Server(Running):
    """`cleat serve` on a free port. Tests ask more often than callers may:
    `rates` are the options that say how often that is."""

    def __init__(self, store, clock_offset_s=0, options=(), rates=UNLIMITED):
        super().__init__()
        self.store = store
        if "--catalog" not in options:  # real providers alone: none is called
            options = [*options, "--no-health-checks"]
        self.launch(
            [cli.binary(), *cli.with_key(
                ["serve", "--store", store.url, "--listen", "127.0.0.1:0",
                 *rates, *options])],
            cli.environment(CLEAT_CLOCK_OFFSET_S=str(clock_offset_s),
                            **store.environment()))
        listening.bases.add(self.base)
        self.project = Project(self, store.keys)

    def create_project(self, name, organization=None):
        """A project made while the server runs."""
        return Project(self, self.store.create_project(name, organization))


def at(count, act):
    """A function whose count-th call does `act`, once, with what it is called
    with; calls may come from several threads."""
    lock, numbers = threading.Lock(), itertools.count(1)

    def called(*arguments):
        with lock:
            number = next(numbers)
        if number == count:
            act(*arguments)

    return called


def _is_log_line(line):
    try:
        return isinstance(json.loads(line), dict)
    except ValueError:
        return False


def die_with_parent():
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
