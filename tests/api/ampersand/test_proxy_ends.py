"""What ends a call that is passed on before its provider does: what it lives
by goes, its key, its time, the server."""

import contextlib
import http.client
import threading

import pytest

from support import cli
from support.names import unique
from support.native import base
from support.passing import (TIMEOUT_S, Installed, fresh_project, must_fail,
                             served)
from support.upstream import Upstream
from support.wait import eventually

CALLS_MAX = 128


@pytest.fixture(scope="module")
def server():
    with served() as running:
        yield running


@pytest.fixture(scope="module")
def in_batches():
    with served("--batch-over", "0") as running:
        yield running


@pytest.fixture(scope="module")
def impatient():
    with served("--proxy-timeout", "1") as running:
        yield running


@pytest.fixture
def leaving():
    """A server that the test stops."""
    with served() as running:
        yield running


@pytest.fixture
def project(server):
    return fresh_project(server)


@pytest.fixture
def upstream():
    with Upstream() as made:
        yield made


class Running:
    """A call whose provider has sent the beginning of its answer. `rest` is
    what still comes; `goes_on` lets the provider end it."""

    def __init__(self, installed, upstream, **more):
        self.installed, self.upstream, self.more = installed, upstream, more
        self.goes_on = threading.Event()

    def __enter__(self):
        self.upstream.answer = lambda call: (200, {}, self._body())
        self._stack = contextlib.ExitStack()
        self.answer = self._stack.enter_context(
            self.installed.opened("GET", "/proxy/x", **self.more))
        assert self.answer.read(5) == b"first"
        return self

    def __exit__(self, *_):
        self.goes_on.set()
        self._stack.close()

    def _body(self):
        yield b"first"
        self.goes_on.wait(TIMEOUT_S)
        yield b"last"

    def breaks_off(self):
        with pytest.raises(http.client.IncompleteRead):
            self.answer.read()

    def ends_well(self):
        self.goes_on.set()
        assert self.answer.read() == b"last"


class Waiting(threading.Thread):
    """A call whose provider says nothing; `end()` is the answer."""

    def __init__(self, installed, upstream, **more):
        super().__init__()
        self.installed, self.more, self.answer = installed, more, None
        upstream.answer = lambda call: None
        before = len(upstream.calls)
        self.start()
        eventually(lambda: len(upstream.calls) > before, "a call")

    def run(self):
        self.answer = self.installed.call(**self.more)

    def end(self):
        self.join(TIMEOUT_S)
        assert self.answer is not None, "it goes on"
        return self.answer


LET_GO = {
    "installation": lambda one: f"{one.path}/{one.id}",
    "connection": lambda one: f"/projects/{one.project.name}/connections/"
                              f"{one.connection['id']}?force=true",
    "integration": lambda one: one.path.removesuffix("/installations"),
    "project": lambda one: f"/projects/{one.project.name}",
}


@pytest.mark.parametrize("what", LET_GO)
def test_what_is_let_go_of_ends_a_call_that_runs(project, upstream, what):
    installed = Installed(project, upstream)
    with Running(installed, upstream) as running:
        project.ampersand.delete(LET_GO[what](installed)).must_be(204)
        running.breaks_off()
    assert installed.call().status in (401, 404)
    assert len(upstream.calls) == 1


@pytest.mark.parametrize("what", ["integration", "project"])
def test_what_is_let_go_of_in_batches_ends_a_call_that_runs(
        in_batches, upstream, what):
    project = fresh_project(in_batches)
    installed = Installed(project, upstream)
    with Running(installed, upstream) as running:
        project.ampersand.delete(LET_GO[what](installed)).must_be(204)
        running.breaks_off()


def test_installation_in_the_trash_ends_a_call_that_runs(project, upstream):
    project.native.put(f"{base(project)}/policies/installation", {
        "mode": "soft", "retentionDays": 30}).must_be(200)
    installed = Installed(project, upstream)
    with Running(installed, upstream) as running:
        project.ampersand.delete(LET_GO["installation"](installed)) \
            .must_be(204)
        running.breaks_off()


def test_call_that_waits_is_told_that_it_has_gone(project, upstream):
    installed = Installed(project, upstream)
    waiting = Waiting(installed, upstream)
    project.ampersand.patch(f"{installed.path}/{installed.id}", {
        "updateMask": ["config.content.proxy.enabled"], "installation": {
            "config": {"content": {"proxy": {"enabled": False}}}}}) \
        .must_be(200)
    must_fail(waiting.end(), 404, "not_found")
    eventually(lambda: upstream.left, "an end")


class Key:
    """One of the project's; what is done to it."""

    def __init__(self, project, *options):
        self.project = project
        self.made = project.server.store.create_token(
            project.name, "ampersand", *options)
        self.path = f"/projects/{project.name}/api-keys/{self.made['token']}"
        self.headers = {"X-Api-Key": self.made["token"]}

    def delete(self):
        self.project.ampersand.delete(self.path).must_be(204)

    def revoke(self):
        self.project.server.store.revoke_token(self.project.name,
                                               self.made["id"])

    def deactivate(self):
        self._change(active=False)

    def narrow(self):
        self._change(scopes=["frontend"])

    def rename(self):
        self._change(label=unique("key"))

    def _change(self, **to):
        self.project.ampersand.patch(self.path, {
            "updateMask": list(to), "apiKey": to}).must_be(200)


ENDS = {"delete": (401, "unauthenticated"),
        "revoke": (401, "unauthenticated"),
        "deactivate": (401, "unauthenticated"),
        "narrow": (403, "forbidden")}


@pytest.mark.parametrize("what", ENDS)
def test_key_that_is_taken_away_ends_a_call_that_runs(project, upstream,
                                                      what):
    installed, key = Installed(project, upstream), Key(project)
    with Running(installed, upstream, headers=key.headers) as running:
        getattr(key, what)()
        running.breaks_off()
    must_fail(installed.call(headers=key.headers), *ENDS[what])


@pytest.mark.parametrize("what", ENDS)
def test_call_that_waits_is_told_that_its_key_is_taken_away(
        project, upstream, what):
    installed, key = Installed(project, upstream), Key(project)
    waiting = Waiting(installed, upstream, headers=key.headers)
    getattr(key, what)()
    must_fail(waiting.end(), *ENDS[what])
    eventually(lambda: upstream.left, "an end")
    eventually(installed.operations, "an operation")
    assert installed.operations()[0]["result"] == \
        "GET /thing: the key may not do this any more"


def test_key_that_expires_ends_a_call_that_runs(project, upstream):
    installed, key = Installed(project, upstream), Key(project, "--expires",
                                                       "4")
    with Running(installed, upstream, headers=key.headers) as running:
        running.breaks_off()


def test_call_goes_on_whatever_becomes_of_other_keys(project, upstream):
    installed, key = Installed(project, upstream), Key(project)
    with Running(installed, upstream, headers=key.headers) as running:
        Key(project).delete()
        Key(project).narrow()
        key.rename()
        fresh_project(project.server)
        running.ends_well()


def test_call_that_takes_too_long_is_504(impatient, upstream):
    upstream.answer = lambda call: None
    installed = Installed(fresh_project(impatient), upstream)
    must_fail(installed.call("POST", body=b"{}"), 504, "busy", retryable=True)
    eventually(lambda: upstream.left, "an end")
    eventually(installed.operations, "an operation")
    assert installed.operations()[0]["result"] == "POST /thing: timed out"


def test_answer_that_takes_too_long_breaks_off(impatient, upstream):
    installed = Installed(fresh_project(impatient), upstream)
    with Running(installed, upstream) as running:
        running.breaks_off()


def test_body_that_takes_too_long_is_504(impatient, upstream):
    goes_on = threading.Event()

    def body():
        yield b"first"
        goes_on.wait(TIMEOUT_S)

    installed = Installed(fresh_project(impatient), upstream)
    host = impatient.base.removeprefix("http://")
    connection = http.client.HTTPConnection(host, timeout=TIMEOUT_S)
    try:
        connection.putrequest("POST", "/proxy/x")
        for name, value in {**installed.headers,
                            "Content-Length": "1000"}.items():
            connection.putheader(name, value)
        connection.endheaders(b"first")
        eventually(installed.operations, "the end of its time")
        connection.send(b"x" * 995)
        answer = connection.getresponse()
        answer.content = answer.read()
        must_fail(answer, 504, "busy")
    finally:
        connection.close()


def test_time_is_1_to_3600_seconds(server):
    for wrong in ("0", "3601", "-1", "1s", ""):
        done = cli.run("serve", "--store", server.store.url, "--listen",
                       "127.0.0.1:0", "--proxy-timeout", wrong)
        assert done.returncode == 2
        assert "--proxy-timeout is 1 to 3600 seconds" in done.stderr


def test_call_above_the_limit_finds_no_place(leaving, upstream):
    upstream.answer = lambda call: None
    installed = Installed(fresh_project(leaving), upstream)
    host = leaving.base.removeprefix("http://")
    held = []
    try:
        for _ in range(CALLS_MAX):
            held.append(http.client.HTTPConnection(host, timeout=TIMEOUT_S))
            held[-1].request("GET", "/proxy/x", headers=installed.headers)
        eventually(lambda: len(upstream.calls) == CALLS_MAX, "all calls")
        answer = installed.call("POST", body=b"x" * 1000)
        must_fail(answer, 503, "busy", retryable=True)
        assert answer.headers["Retry-After"] == "1"
        assert len(upstream.calls) == CALLS_MAX
        held.pop().close()
        upstream.answer = lambda call: (200, {}, b"ok")
        eventually(lambda: installed.call().status == 200, "a place")
    finally:
        for one in held:
            one.close()


def stop(server):
    """SIGTERM, in a thread: it ends when the server has."""
    ending = threading.Thread(target=server.stop)
    ending.start()
    return ending


def is_refused(server):
    with contextlib.suppress(OSError):
        connection = http.client.HTTPConnection(
            server.base.removeprefix("http://"), timeout=TIMEOUT_S)
        try:
            connection.connect()
        finally:
            connection.close()
        return False
    return True


def test_server_that_stops_lets_calls_end(leaving, upstream):
    installed = Installed(fresh_project(leaving), upstream)
    with Running(installed, upstream) as running:
        ending = stop(leaving)
        eventually(lambda: is_refused(leaving), "a closed port")
        running.ends_well()
    ending.join()


def test_server_that_stops_begins_no_call(leaving, upstream):
    installed = Installed(fresh_project(leaving), upstream)
    host = leaving.base.removeprefix("http://")
    kept = http.client.HTTPConnection(host, timeout=TIMEOUT_S)
    kept.request("GET", "/proxy/x", headers=installed.headers)
    assert kept.getresponse().read() == b"ok"
    with Running(installed, upstream) as running:
        ending = stop(leaving)
        eventually(lambda: is_refused(leaving), "a closed port")
        kept.request("GET", "/proxy/x", headers=installed.headers)
        answer = kept.getresponse()
        answer.content = answer.read()
        must_fail(answer, 503, "busy", retryable=True)
        assert answer.headers["Connection"].lower() == "close"
        assert len(upstream.calls) == 2
        running.ends_well()
    kept.close()
    ending.join()


def test_server_that_stops_ends_calls_that_do_not(leaving, upstream):
    """It takes as long as such calls are given."""
    installed = Installed(fresh_project(leaving), upstream)
    with Running(installed, upstream) as running:
        waiting = Waiting(installed, upstream)
        ending = stop(leaving)
        running.breaks_off()
        must_fail(waiting.end(), 503, "busy", retryable=True)
    ending.join()
