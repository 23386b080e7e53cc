"""Throttle mode of the proxy: who asks for it is told to wait, and does."""

import email.utils
import time

import pytest

from support.passing import Installed, fresh_project, must_fail, served
from support.upstream import Upstream
from support.wait import eventually

THROTTLED = {"X-Amp-Rate-Limiter-Mode": "throttle"}


@pytest.fixture(scope="module")
def server():
    with served() as running:
        yield running


@pytest.fixture
def project(server):
    return fresh_project(server)


@pytest.fixture
def upstream():
    with Upstream() as made:
        yield made


def slow(upstream, **headers):
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    upstream.answer = lambda call: (429, sent, b"slow")


def test_throttle(project, upstream):
    slow(upstream, Retry_After="600")
    installed = Installed(project, upstream)
    answer = installed.call()  # without the mode it is the provider's alone
    assert answer.status == 429 and "X-Amp-Retryable" not in answer.headers
    answer = installed.call(headers=THROTTLED)
    assert (answer.status, answer.content) == (429, b"slow")
    assert answer.headers["X-Amp-Retry-After"] == "600"
    assert answer.headers["X-Amp-Retryable"] == "true"
    assert len(upstream.calls) == 2
    answer = installed.call("POST", body=b"x" * 1000, headers=THROTTLED)
    must_fail(answer, 429, "busy")
    assert 1 <= int(answer.headers["X-Amp-Retry-After"]) <= 600
    assert answer.headers["X-Amp-Retryable"] == "true"
    assert len(upstream.calls) == 2
    assert installed.call().status == 429  # who does not ask for it, goes on
    assert len(upstream.calls) == 3
    other = Installed(project, upstream)
    assert other.call(headers=THROTTLED).content == b"slow"


def told(answer):
    return int(answer.headers["X-Amp-Retry-After"])


@pytest.mark.parametrize("headers, seconds", [
    ({}, 10), ({"Retry_After": "soon"}, 10), ({"Retry_After": "0"}, 10),
    ({"Retry_After": "3600"}, 3600), ({"Retry_After": "3601"}, 3600)])
def test_wait_is_said_and_at_most_an_hour(project, upstream, headers,
                                          seconds):
    slow(upstream, **headers)
    assert told(Installed(project, upstream).call(headers=THROTTLED)) \
        == seconds


def test_wait_until_a_date(project, upstream):
    slow(upstream, Retry_After=email.utils.formatdate(time.time() + 600,
                                                      usegmt=True))
    installed = Installed(project, upstream)
    assert 0 < told(installed.call(headers=THROTTLED)) <= 600
    assert 0 < told(installed.call(headers=THROTTLED)) <= 600
    assert len(upstream.calls) == 1


def test_provider_is_asked_again_when_the_wait_is_over(project, upstream):
    slow(upstream, Retry_After="1")
    installed = Installed(project, upstream)
    assert installed.call(headers=THROTTLED).status == 429
    upstream.answer = lambda call: (200, {}, b"ok")
    eventually(lambda: installed.call(headers=THROTTLED).status == 200,
               "the end of the wait")
    assert installed.call(headers=THROTTLED).status == 200


def test_wait_is_of_all_who_use_the_connection(project, upstream):
    slow(upstream, Retry_After="600")
    installed = Installed(project, upstream)
    other = Installed(project, upstream, of=installed)
    assert installed.call(headers=THROTTLED).content == b"slow"
    must_fail(other.call(headers=THROTTLED), 429, "busy", retryable=True)
    assert len(upstream.calls) == 1


def test_call_that_is_told_to_wait_is_an_operation(project, upstream):
    slow(upstream, Retry_After="600")
    installed = Installed(project, upstream)
    for _ in range(2):
        installed.call(headers=THROTTLED)
    eventually(lambda: len(installed.operations()) == 2, "two operations")
    assert {one["status"] for one in installed.operations()} == {"failure"}
    assert sorted(one["result"] for one in installed.operations()) == [
        "GET /thing: 429", "GET /thing: the provider has asked to wait"]
