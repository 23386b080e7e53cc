"""Executing an integration: the call that is made, and what comes of it."""

import json
import threading

import pytest

from support.forms import Including, mentioning, pattern
from support.gorules import error, integrations, misfit, new_integration
from support.names import unique
from support.server import ALLOWED
from support.upstream import Upstream
from support.whole import served

TOOK = pattern("time that it took", r"\d+(\.\d)?(µs|ms|s)")
NOBODY = "00000000-0000-7000-8000-000000000000"
CUSTOMER = {"customer": {"id": "a/b ?&=#%ü", "tags": ["x", "y"]},
            "n": 17, "x y": True}


@pytest.fixture(scope="module")
def server():
    with served(options=ALLOWED) as running:
        yield running


@pytest.fixture(scope="module")
def project(server):
    return server.project


@pytest.fixture(scope="module")
def other(server):
    name = unique("other")
    return server.create_project(name, name)


@pytest.fixture(scope="module")
def gorules(project):
    return project.gorules


@pytest.fixture(scope="module")
def upstream():
    with Upstream() as made:
        made.answer = _say
        yield made


def _say(call):
    return 200, {"Content-Type": "application/json"}, json.dumps(
        {"path": call.path, "method": call.method,
         "rates": [{"value": 1.5}, {"value": None}]}).encode()


def made(project, upstream, path="/rates", **config):
    return new_integration(project, config={
        "method": "get", "url": upstream.url + path, **config})


def execute(project, integration, given=CUSTOMER, caller=None):
    path = integrations(project, integration["id"])
    return (caller or project.gorules).post(f"{path}/execute",
                                            {"input": given})


def result(output, status=200):
    return {"output": output, "status": status, "performance": TOOK}


def test_answer_is_the_output(project, upstream):
    one = made(project, upstream)
    execute(project, one).must_be(200, result({
        "path": "/base/rates", "method": "GET",
        "rates": [{"value": 1.5}, {"value": None}]}))


@pytest.mark.parametrize("output, picked", [
    ("", Including({"method": "GET"})), ("method", "GET"),
    ("rates[0].value", 1.5), ("$.rates[0]", {"value": 1.5}),
    ('rates[0]["value"]', 1.5), ("rates[1].value", None),
    ("rates[9] ?? 'none'", "none")])
def test_output_is_picked_by_its_path(project, upstream, output, picked):
    one = made(project, upstream, output=output)
    execute(project, one).must_be(200, result(picked))


@pytest.mark.parametrize("output", ["rate", "rates[2]", "method.of", "$[0]"])
def test_output_that_is_not_there_is_told(project, upstream, output):
    one = made(project, upstream, output=output)
    execute(project, one).must_be(422, error(422, mentioning(output)))


@pytest.mark.parametrize("path, called", [
    ("/{{ customer.id }}/x", "/base/a%2Fb%20%3F%26%3D%23%25%C3%BC/x"),
    ("/{{customer.tags[1]}}?n={{ n }}", "/base/y?n=17"),
    ("/?all={{ $['x y'] }}&id={{ customer[\"id\"] }}",
     "/base/?all=true&id=a%2Fb%20%3F%26%3D%23%25%C3%BC"),
    ("/{{ nothing ?? customer.no ?? 'some' }}", "/base/some"),
    ("/{{ 'a }} b' }}/{{ -1.5 }}/{{ true }}",
     "/base/a%20%7D%7D%20b/-1.5/true"),
])
def test_url_is_rendered_and_escaped(project, upstream, path, called):
    one = made(project, upstream, path, output="path")
    execute(project, one).must_be(200, result(called))


@pytest.mark.parametrize("url, given, reason", [
    ("/{{ id }}", {}, "{{ id }}"), ("/{{ id }}", {"id": None}, "null"),
    ("/{{ id }}", {"id": {}}, "object"), ("/{{ id }}", {"id": [1]}, "list"),
    ("/{{ id }}/x", {"id": ""}, "empty"),
    ("/a/{{ id }}", {"id": ".."}, "step"),
    ("/a/{{ id }}{{ id }}/x", {"id": "."}, "step"),
    ("/%2e{{ id }}?x", {"id": "."}, "step"),
    ("/{{ id }}", {"id": "x" * 3000}, "long")])
def test_url_that_can_not_be_rendered_is_told(
        project, upstream, url, given, reason):
    one = made(project, upstream, url)
    before = len(upstream.calls)
    execute(project, one, given).must_be(
        400, misfit(mentioning("config.url", reason)))
    assert len(upstream.calls) == before


def test_host_is_taken_from_the_input(project, upstream):
    host, port = upstream.url.split("/")[2].split(":")
    whole = new_integration(project, config={
        "method": "get", "url": "{{ base }}/rates", "output": "path"})
    execute(project, whole, {"base": upstream.url}).must_be(
        200, result("/base/rates"))
    part = new_integration(project, config={
        "method": "get", "url": f"http://{{{{ host }}}}:{port}/rates"})
    execute(project, part, {"host": host}).must_be(200)
    for sly in f"{host}:1/", f"me@{host}", "a b", "":
        execute(project, part, {"host": sly}).must_be(
            400, misfit(mentioning("config.url", "host")))
    for sly in "ftp://x", f"http://me:pw@{host}", "http://a b", "x", "file:///":
        execute(project, whole, {"base": sly}).must_be(
            400, misfit(mentioning("config.url")))


def test_credentials_go_where_the_manager_said_alone(project, gorules):
    gorules.post(integrations(project), {
        "name": "x", "type": "http", "kind": unique("sly"), "config": {
            "method": "get", "url": "https://{{ host }}/",
            "headers": [{"name": "Authorization", "value": "Bearer x"}]}}) \
        .must_be(400, misfit(mentioning("config.url", "host")))


def test_headers_are_rendered_and_sealed_ones_opened(project, upstream):
    one = made(project, upstream, headers=[
        {"name": "Authorization", "value": "Bearer cafe-{{ n }}"},
        {"key": "X-Customer", "value": "{{ customer.tags[0] }}, {{n}}"},
        {"key": "X-Plain", "value": "as it is"}])
    execute(project, one).must_be(200)
    sent = upstream.last.headers
    assert sent["Authorization"] == "Bearer cafe-17"
    assert sent["X-Customer"] == "x, 17"
    assert sent["X-Plain"] == "as it is"
    assert sent["Accept"] == "application/json"


@pytest.mark.parametrize("sly", ["a\r\nX-Evil: 1", "a\nb", "a\0b", "a\x7fb"])
def test_no_value_leaves_its_header(project, upstream, sly):
    one = made(project, upstream, headers=[
        {"name": "X-Customer", "value": "{{ id }}"}])
    before = len(upstream.calls)
    assert execute(project, one, {"id": sly}).must_be(400, misfit()).body
    assert len(upstream.calls) == before


def test_cookies_are_rendered_and_escaped(project, upstream):
    one = made(project, upstream, cookies=[
        {"name": "session", "value": "cafe"},
        {"key": "who", "value": "{{ id }}"}])
    execute(project, one, {"id": "a; evil=1\r\n\"ü%,"}).must_be(200)
    assert upstream.last.headers["Cookie"] == \
        "session=cafe; who=a%3B%20evil=1%0D%0A%22%C3%BC%25%2C"


def test_numbers_stay_as_they_are(project, upstream):
    one = made(project, upstream, "/{{ a }}", method="post")
    upstream.answer = lambda call: (200, {}, b'[0.1, 4.35, 1e21, 17, 2.0]')
    try:
        reply = execute(project, one, {"a": 0.1, "b": [4.35, 3]})
    finally:
        upstream.answer = _say
    reply.must_be(200)
    assert '"output":[0.1,4.35,1e21,17,2.0]' in reply.text
    assert upstream.last.path == "/base/0.1"
    assert upstream.last.body == b'{"a":0.1,"b":[4.35,3]}'


@pytest.mark.parametrize("method", ["post", "put", "patch"])
def test_input_is_the_body(project, upstream, method):
    one = made(project, upstream, method=method, output="method")
    execute(project, one).must_be(200, result(method.upper()))
    assert json.loads(upstream.last.body) == CUSTOMER
    assert upstream.last.headers["Content-Type"] == "application/json"


@pytest.mark.parametrize("method", ["get", "delete"])
def test_these_have_no_body(project, upstream, method):
    one = made(project, upstream, method=method, output="method")
    execute(project, one).must_be(200, result(method.upper()))
    assert upstream.last.body == b""


INPUTS = {"method": "post", "enableInputs": True, "inputs": [
    {"control": "text", "name": "who", "label": "Who"},
    {"control": "text", "name": "more", "label": "More"},
    {"control": "bool", "name": "all", "label": "All"}]}


@pytest.mark.parametrize("given, sent", [
    ({"who": "{{ n }} is {{ customer.tags[0] }}", "more": "{{ who }}",
      "all": True, **CUSTOMER},
     {"who": "17 is x", "more": "{{ n }} is {{ customer.tags[0] }}",
      "all": True}),
    ({"who": 5, "all": "false"}, {"who": "5", "more": None, "all": False}),
    ({"who": "x"}, {"who": "x", "more": None, "all": False}),
])
def test_inputs_are_rendered_once_and_are_the_body(
        project, upstream, given, sent):
    one = made(project, upstream, "/{{ who }}", **INPUTS)
    execute(project, one, given).must_be(200)
    assert json.loads(upstream.last.body) == sent


@pytest.mark.parametrize("given, reason", [
    ({"who": []}, "input.who"), ({"who": "x", "all": "yes"}, "input.all"),
    ({"who": "{{ no }}"}, "input.who"), ({"who": "{{ "}, "input.who")])
def test_inputs_that_do_not_fit_are_told(project, upstream, given, reason):
    one = made(project, upstream, **INPUTS)
    execute(project, one, given).must_be(400, misfit(mentioning(reason)))


@pytest.mark.parametrize("status, body, output", [
    (404, b'{"rates": 1}', 1), (500, b"<html>", None), (204, b"", None),
    (302, b"", None), (400, b'{"other": 1}', None), (503, b"", None)])
def test_status_of_the_target_is_told(
        project, upstream, status, body, output):
    one = made(project, upstream, f"/{status}", output="rates")
    upstream.answer = lambda call: (status, {"Location": "/base/2"}, body)
    try:
        execute(project, one).must_be(200, result(output, status))
    finally:
        upstream.answer = _say
    assert upstream.last.path == f"/base/{status}"


@pytest.mark.parametrize("body", [b"<html>", b'{"a": 1', b'{"a":1,"a":2}',
                                  b"\xff", b"1 2"])
def test_answer_that_is_no_json_is_told(project, upstream, body):
    one = made(project, upstream)
    upstream.answer = lambda call: (200, {}, body)
    try:
        execute(project, one).must_be(502, error(502, mentioning("JSON")))
    finally:
        upstream.answer = _say


def test_answer_that_is_too_large_is_told(project, upstream):
    one = made(project, upstream)
    upstream.answer = lambda call: (200, {}, b"[" + b" " * 2**20 + b"]")
    try:
        execute(project, one).must_be(502, error(502, mentioning("bytes")))
    finally:
        upstream.answer = _say


def test_target_that_says_nothing_is_given_up(project, upstream):
    one = made(project, upstream, timeout=200)
    upstream.answer = lambda call: None
    try:
        execute(project, one).must_be(504, error(504, mentioning("timeout")))
    finally:
        upstream.answer = _say


def test_unreachable_target_is_told(project):
    one = new_integration(project, config={
        "method": "get", "url": "http://127.0.0.1:1/"})
    execute(project, one).must_be(502, error(502, mentioning("unreachable")))


@pytest.mark.parametrize("url", [
    "http://10.0.0.1/", "https://169.254.169.254/latest", "http://[::1]:9/",
    "https://10.1.2.3/"])
def test_own_network_is_no_target(project, url):
    one = new_integration(project, config={"method": "get", "url": url})
    execute(project, one).must_be(422, error(422, mentioning("called")))


@pytest.mark.parametrize("body, reason", [
    ({}, "input"), ({"input": None}, "input"), ({"input": [1]}, "input"),
    ([1], "object")])
def test_body_without_an_input_is_refused(
        project, gorules, upstream, body, reason):
    path = integrations(project, made(project, upstream)["id"])
    gorules.post(f"{path}/execute", body).must_be(
        400, misfit(mentioning(reason)))


@pytest.mark.parametrize("config, reason", [
    ({"url": "https://h/{{ a b }}"}, "config.url"),
    ({"url": "https://h/{{ f(a) }}"}, "function"),
    ({"url": "https://h/{{ a and b }}"}, "config.url"),
    ({"url": "https://h/{{ a + 1 }}"}, "config.url"),
    ({"url": "https://h/{{ a[b] }}"}, "index"),
    ({"url": "https://h/{{ a"}, "config.url"),
    ({"url": "https://h/{{ }}"}, "config.url"),
    ({"url": "https://h/{{ 'a }}"}, "text"),
    ({"url": "https://h/{{ a. }}"}, "dot"),
    ({"output": "a b"}, "config.output"), ({"output": "a["}, "config.output"),
    ({"headers": [{"name": "A", "value": "{{"}]}, "config.headers[0].value"),
    ({"cookies": [{"name": "a", "value": "{{ - }}"}]},
     "config.cookies[0].value"),
    ({"headers": [{"name": "Host", "value": "h"}]}, "Host"),
    ({"headers": [{"name": "content-length", "value": "1"}]}, "set by"),
    ({"headers": [{"name": "Cookie", "value": "a=b"}],
      "cookies": [{"name": "a", "value": "b"}]}, "config.headers"),
])
def test_config_that_could_not_be_executed_is_refused(
        project, gorules, config, reason):
    gorules.post(integrations(project), {
        "name": "x", "type": "http", "kind": unique("bad"),
        "config": {"method": "get", "url": "https://h/", **config}}).must_be(
        400, misfit(mentioning(reason)))


def test_viewer_executes_nothing(project, upstream):
    one = made(project, upstream)
    before = len(upstream.calls)
    execute(project, one, caller=project.caller("gorules", "viewer")) \
        .must_be(403, error(403))
    assert len(upstream.calls) == before


def test_unknown_deleted_and_foreign_ones_are_404(project, other, upstream):
    gone = made(project, upstream)
    project.gorules.delete(integrations(project, gone["id"])).must_be(200)
    foreign = made(other, upstream)
    for one in gone, foreign, {"id": NOBODY}, {"id": "no-uuid"}:
        execute(project, one).must_be(404, error(404))


def test_credentials_are_in_no_answer_and_no_event(project, upstream):
    one = made(project, upstream, headers=[
        {"name": "X-Api-Key", "value": "canary-execute"}])
    assert "canary-execute" not in execute(project, one).must_be(200).text
    assert upstream.last.headers["X-Api-Key"] == "canary-execute"


def test_calls_wait_beside_each_other_and_others_are_served(
        project, gorules, upstream):
    """More wait than there are network threads."""
    one = made(project, upstream, timeout=60000)
    count, gate = 12, threading.Event()
    arrived = threading.Semaphore(0)

    def answer(call):
        arrived.release()
        gate.wait(30)
        return _say(call)

    upstream.answer = answer
    try:
        replies = []
        threads = [threading.Thread(target=lambda: replies.append(
            execute(project, one))) for _ in range(count)]
        for thread in threads:
            thread.start()
        for _ in range(count):
            assert arrived.acquire(timeout=30)
        gorules.get(integrations(project, one["id"])).must_be(200)
        gate.set()
        for thread in threads:
            thread.join()
    finally:
        gate.set()
        upstream.answer = _say
    for reply in replies:
        reply.must_be(200)
    assert len(replies) == count


def test_server_that_ends_lets_calls_end(server_factory, upstream):
    running = server_factory(options=ALLOWED)
    one = made(running.project, upstream, timeout=60000)
    arrived, gate = threading.Event(), threading.Event()

    def answer(call):
        arrived.set()
        gate.wait(30)
        return _say(call)

    upstream.answer = answer
    try:
        replies = []
        caller = threading.Thread(target=lambda: replies.append(
            execute(running.project, one)))
        caller.start()
        assert arrived.wait(30)
        stopper = threading.Thread(target=running.stop)
        stopper.start()
        gate.set()
        caller.join()
        stopper.join()
    finally:
        gate.set()
        upstream.answer = _say
    replies[0].must_be(200)
