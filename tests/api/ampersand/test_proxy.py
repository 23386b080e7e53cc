"""The proxy: whatever is below /proxy goes on to the installation's provider,
with its credentials, and nowhere else."""

import base64
import concurrent.futures
import hashlib
import http.client
import json
import os
import pathlib
import threading

import pytest
import requests

from support.ampersand import problem
from support.authority import Authority, register
from support.forms import Including, differences
from support.names import unique
from support.native import items
from support.passing import (TIMEOUT_S, Installed, fresh_project, must_fail,
                             served as passing)
from support.upstream import Upstream
from support.wait import eventually

MIB = 1024 * 1024


@pytest.fixture(scope="module")
def served():
    with pytest.MonkeyPatch.context() as patch:
        # the sanitizer keeps what was freed, and memory is measured here
        patch.setenv("ASAN_OPTIONS", os.environ.get("ASAN_OPTIONS", "")
                     + ":quarantine_size_mb=1")
        with passing() as running:
            yield running


@pytest.fixture
def project(served):
    return fresh_project(served)


@pytest.fixture
def upstream():
    with Upstream() as made:
        yield made


SENT = {
    "inHeader": ("/base/thing?a=1", "X-Key", "Key s3cret"),
    "inQuery": ("/base/thing?api_key=s3cret&a=1", "X-Key", None),
    "byBasic": ("/base/thing?a=1", "Authorization", "Basic "
                + base64.b64encode(b"jane:s3cret").decode()),
    "ownWay": ("/base/thing?own=s3cret&a=1", "X-Own", "Own s3cret"),
    "byToken": ("/base/thing?a=1", "Authorization", "Bearer s3cret"),
}


@pytest.mark.parametrize("kind", SENT)
def test_credentials_are_put_in(project, upstream, kind):
    installed = Installed(project, upstream, kind)
    answer = installed.call(path="/proxy/thing?a=1")
    path, name, value = SENT[kind]
    assert (answer.status, answer.content) == (200, b"ok")
    assert upstream.last.path == path
    assert upstream.last.header(name) == value
    eventually(lambda: installed.status() == "working", "a status")


def test_callers_own_credentials_do_not_go_along(project, upstream):
    installed = Installed(project, upstream, "inQuery")
    installed.call(path="/proxy/thing?api_key=mine&api%5Fkey=mine&b=2",
                   headers={"Authorization": "Bearer mine", "Cookie": "a=b"})
    assert upstream.last.path == "/base/thing?api_key=s3cret&b=2"
    names = {name.lower() for name in upstream.last.headers}
    assert not names & {"authorization", "cookie", "x-api-key"}
    assert not [name for name in names if name.startswith("x-amp-")]
    installed = Installed(project, upstream)
    installed.call(headers={"X-Key": "mine"})
    assert upstream.last.headers.get_all("X-Key") == ["Key s3cret"]


@pytest.mark.parametrize("method", [
    "GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "PURGE"])
def test_any_method(project, upstream, method):
    upstream.answer = lambda call: (207, {"X-Own": "1"}, b"some")
    answer = Installed(project, upstream).call(method)
    assert (answer.status, answer.headers["X-Own"]) == (207, "1")
    assert answer.content == (b"" if method == "HEAD" else b"some")
    assert (upstream.last.method, upstream.last.length) == (method, 0)


def test_hop_by_hop_headers_end_here(project, upstream):
    upstream.answer = lambda call: (200, [
        ("Connection", "X-Hop"), ("X-Hop", "1"), ("Keep-Alive", "timeout=5"),
        ("Proxy-Authenticate", "Basic"), ("Trailer", "X"), ("X-End", "1"),
        ("Set-Cookie", "a=b"), ("X-Amp-Error", "not_found"),
        ("X-Two", "1"), ("X-Two", "2"), ("Content-Type", "text/x-own"),
        ("Strict-Transport-Security", "max-age=1"),
        ("Access-Control-Allow-Origin", "*")], b"ok")
    answer = Installed(project, upstream).call("POST", body=b"{}", headers={
        "Connection": "keep-alive, X-Hop", "X-Hop": "1", "TE": "trailers",
        "Keep-Alive": "timeout=5", "Proxy-Authorization": "Basic x",
        "Upgrade": "websocket", "X-Forwarded-For": "10.0.0.1",
        "X-End": "1", "Content-Type": "text/x-own"})
    sent = {name.lower() for name in upstream.last.headers}
    assert not sent & {"connection", "x-hop", "te", "keep-alive", "upgrade",
                       "proxy-authorization", "x-forwarded-for", "expect"}
    assert sent >= {"x-end"}
    assert upstream.last.header("Content-Type") == "text/x-own"
    told = {name.lower() for name in answer.headers}
    assert not told & {"x-hop", "proxy-authenticate", "trailer", "set-cookie",
                       "x-amp-error", "strict-transport-security",
                       "access-control-allow-origin"}
    assert answer.headers["X-End"] == "1"
    assert answer.headers["Content-Type"] == "text/x-own"
    assert answer.headers.get_all("X-Two") == ["1", "2"]


def test_redirects_and_errors_are_the_callers(project, upstream):
    installed = Installed(project, upstream)
    for status in 301, 302, 307, 404, 500, 503:
        upstream.answer = lambda call, status=status: (
            status, {"Location": f"{upstream.url}/other"}, b"own")
        answer = installed.call()
        assert (answer.status, answer.content) == (status, b"own")
        assert answer.headers["Location"] == f"{upstream.url}/other"
        assert "X-Amp-Error" not in answer.headers
    assert len(upstream.calls) == 6
    upstream.answer = lambda call: (204, {}, b"")
    assert installed.call().status == 204


@pytest.mark.parametrize("path", [
    "/proxy/..", "/proxy/../x", "/proxy/a/../../x", "/proxy/%2e%2e/x",
    "/proxy/.%2E/x", "/proxy/%252e%252e/x", "/proxy/%25252e%25252e%25252fx",
    "/proxy//evil.example/x", "/proxy/a//b", "/proxy/%2f%2fevil.example",
    "/proxy/%2Fevil.example", "/proxy/a/..%2fx", "/proxy/a%2f..%2fx",
    "/proxy/\\evil.example", "/proxy/%5cevil.example", "/proxy/..%5cx",
    "/proxy/https://evil.example/", "/proxy/..;/x", "/proxy/..;a=b/x",
    "/proxy/%c0%ae%c0%ae/x", "/proxy/a%e0%80%af..%e0%80%afx",
    "/proxy/a%f0%80%80%af", "/proxy/./x", "/proxy/a%00b",
    "/proxy/a%0d%0aX-Injected:1",
    "/proxy/a%zz", "/proxy/a%2", "/proxy/a#b", "/proxy/a|b", "/proxy/a?b|c",
    "/proxy/%252525252525252e%252525252525252e/x"])
def test_no_path_leaves_the_providers_address(project, upstream, path):
    must_fail(Installed(project, upstream).call(path=path), 400, "misshapen")
    assert not upstream.calls


@pytest.mark.parametrize("path, gone", [
    ("/proxy", "/base"), ("/proxy/", "/base/"), ("/proxy?a=1", "/base?a=1"),
    ("/proxy/a/", "/base/a/"), ("/proxy/a%2Fb", "/base/a%2Fb"),
    ("/proxy/..a/b..", "/base/..a/b.."), ("/proxy/a%20b", "/base/a%20b"),
    ("/proxy/100%25", "/base/100%25"), ("/proxy/@x:1", "/base/@x:1"),
    ("/proxy/a?u=http://x/../y", "/base/a?u=http://x/../y"),
    ("/proxy/" + "a/" * 40, "/base/" + "a/" * 40),
    ("/proxy/a?" + "&".join(f"x{i}=1" for i in range(60)),
     "/base/a?" + "&".join(f"x{i}=1" for i in range(60)))])
def test_paths_go_on_as_they_came(project, upstream, path, gone):
    assert Installed(project, upstream).call(path=path).status == 200
    assert upstream.last.path == gone


@pytest.mark.parametrize("path", ["/proxyx", "/v1/proxy/x", "/%70roxy/x"])
def test_only_what_is_below_proxy(project, upstream, path):
    assert Installed(project, upstream).call(path=path).status == 404
    assert not upstream.calls


def test_proxy_host(project, upstream):
    installed = Installed(project, upstream)
    answer = installed.call(path="/thing", headers={
        "Host": "proxy.cleat.example"})
    assert (answer.status, upstream.last.path) == (200, "/base/thing")
    answer = installed.call(path="/v1/projects", headers={
        "Host": "proxy.cleat.example"})
    assert (answer.status, upstream.last.path) == (200, "/base/v1/projects")


def test_module_of_the_manifest(project, upstream):
    assert Installed(project, upstream, "inParts").call().status == 200
    assert upstream.last.path == "/base/thing"
    assert Installed(project, upstream, "inParts", module="part") \
        .call().status == 200
    assert upstream.last.path == "/base/part/thing"


def test_installation_by_names(project, upstream):
    installed = Installed(project, upstream)
    by_names = {"X-Amp-Integration-Name": installed.integration["name"],
                "X-Amp-Group-Ref": installed.group}
    assert installed.call(headers=by_names,
                          without=["X-Amp-Installation-Id"]).status == 200
    wrong = {"X-Amp-Integration-Name": "other", "X-Amp-Group-Ref": "other"}
    assert installed.call(headers=wrong).status == 200  # the id wins
    must_fail(installed.call(headers=wrong,
                             without=["X-Amp-Installation-Id"]),
              404, "not_found")


@pytest.mark.parametrize("headers, without, status, error", [
    ({}, ["X-Amp-Proxy-Version"], 400, "misshapen"),
    ({"X-Amp-Proxy-Version": "2"}, [], 400, "misshapen"),
    ({}, ["X-Amp-Project-Id"], 400, "misshapen"),
    ({}, ["X-Amp-Installation-Id"], 400, "misshapen"),
    ({"X-Amp-Group-Ref": "a"}, ["X-Amp-Installation-Id"], 400, "misshapen"),
    ({"X-Amp-Rate-Limiter-Mode": "wait"}, [], 400, "misshapen"),
    ({}, ["X-Api-Key"], 401, "unauthenticated"),
    ({"X-Api-Key": "cleat_none"}, [], 401, "unauthenticated"),
    ({"X-Amp-Project-Id": "nowhere"}, [], 404, "not_found"),
    ({"X-Amp-Installation-Id": "nothing"}, [], 404, "not_found"),
    ({"X-Amp-Installation-Id": "018f0000-0000-7000-8000-000000000000"}, [],
     404, "not_found")])
def test_requests_that_do_not_go_on(project, upstream, headers, without,
                                    status, error):
    installed = Installed(project, upstream)
    answer = installed.call("POST", body=b"x" * 1000, headers=headers,
                            without=without)
    must_fail(answer, status, error)
    assert not upstream.calls


def test_bearer_tokens_are_not_taken(project, upstream):
    installed = Installed(project, upstream)
    answer = installed.call(headers=project.builder.headers,
                            without=["X-Api-Key"])
    must_fail(answer, 401, "unauthenticated")


@pytest.mark.parametrize("role", ["viewer", "frontend"])
def test_keys_that_may_not(project, upstream, role):
    installed = Installed(project, upstream)
    key = project.caller("ampersand", role).headers["X-Api-Key"]
    must_fail(installed.call(headers={"X-Api-Key": key}), 403, "forbidden")
    assert not upstream.calls


def test_another_tenants_installation_is_unknown(served, project, upstream):
    installed = Installed(project, upstream)
    name = unique("other")
    other = served.create_project(name, name)
    key = {"X-Api-Key": other.keys["ampersand"]["apiKey"]}
    must_fail(installed.call(headers=key), 404, "not_found")
    must_fail(installed.call(headers={**key, "X-Amp-Project-Id": other.id}),
              404, "not_found")
    must_fail(installed.call(without=["X-Amp-Installation-Id"], headers={
        **key, "X-Amp-Project-Id": other.id,
        "X-Amp-Integration-Name": installed.integration["name"],
        "X-Amp-Group-Ref": installed.group}), 404, "not_found")
    assert not upstream.calls


def test_proxy_that_is_not_enabled(project, upstream):
    installed = Installed(project, upstream, enabled=False)
    must_fail(installed.call(), 403, "forbidden")
    assert not upstream.calls


def ports(upstream):
    return [call.port for call in upstream.calls]


def test_calls_of_a_customer_share_a_connection_to_the_provider(project,
                                                                upstream):
    installed = Installed(project, upstream)
    installed.call()
    eventually(lambda: installed.call().status == 200
               and ports(upstream)[-1] in ports(upstream)[:-1], "one again")


def test_customers_share_none(project, upstream):
    several = [Installed(project, upstream) for _ in range(3)]
    for _ in range(5):
        for one in several:
            assert one.call().status == 200
    for number in range(3):
        assert not set(ports(upstream)[number::3]) & {
            port for at, port in enumerate(ports(upstream))
            if at % 3 != number}


@pytest.mark.parametrize("method, body", [("POST", b"{}"), ("DELETE", None),
                                          ("GET", b"{}")])
def test_what_may_not_be_sent_twice_has_a_connection_of_its_own(
        project, upstream, method, body):
    installed = Installed(project, upstream)
    for _ in range(5):
        installed.call()
        assert installed.call(method, body=body).status == 200
        assert ports(upstream).count(upstream.last.port) == 1


def test_connection_that_the_provider_has_closed_is_not_missed(project,
                                                               upstream):
    upstream.closes = True
    installed = Installed(project, upstream)
    for _ in range(10):
        assert installed.call().status == 200
    assert len(set(ports(upstream))) == 10


def blocks(count, size=64 * 1024):
    for number in range(count):
        yield bytes([number % 256]) * size


def digest_of(parts):
    made = hashlib.sha256()
    for part in parts:
        made.update(part)
    return made.hexdigest()


def memory_kb(server):
    text = pathlib.Path(f"/proc/{server.process.pid}/status").read_text()
    return int(text.split("VmHWM:")[1].split()[0])


@pytest.mark.parametrize("chunked", [False, True])
def test_bodies_are_passed_on_both_ways_as_they_come(project, upstream,
                                                     chunked):
    installed = Installed(project, upstream)
    upstream.answer = lambda call: (200, {}, blocks(320))
    installed.call()
    before = memory_kb(project.server)
    upstream.answer = lambda call: (200, {"X-Digest": call.digest},
                                    blocks(320))
    sent = {} if chunked else {"Content-Length": str(20 * MIB)}
    answer = installed.call("POST", body=blocks(320), headers=sent,
                            encode_chunked=chunked)
    assert answer.status == 200
    assert upstream.last.length == 20 * MIB
    assert upstream.last.header("Content-Length") == \
        sent.get("Content-Length")
    assert answer.headers["X-Digest"] == digest_of(blocks(320))
    assert digest_of([answer.content]) == digest_of(blocks(320))
    assert memory_kb(project.server) - before < 8 * 1024


def test_answer_begins_before_it_ends(project, upstream):
    goes_on = threading.Event()

    def body():
        yield b"first"
        goes_on.wait(TIMEOUT_S)
        yield b"last"

    upstream.answer = lambda call: (200, {}, body())
    with Installed(project, upstream).opened("GET", "/proxy/x") as answer:
        assert answer.read(5) == b"first"
        goes_on.set()
        assert answer.read() == b"last"


def test_answer_that_breaks_off_breaks_off_here(project, upstream):
    def body():
        yield b"first"
        raise ConnectionError

    upstream.answer = lambda call: (200, {}, body())
    installed = Installed(project, upstream)
    with installed.opened("GET", "/proxy/x") as answer, \
            pytest.raises(http.client.IncompleteRead):
        answer.read()
    eventually(lambda: [one["status"] for one in installed.operations()]
               == ["failure"], "an operation")


def test_caller_who_hangs_up_ends_the_call(project, upstream):
    upstream.answer = lambda call: None
    installed = Installed(project, upstream)
    host = project.server.base.removeprefix("http://")
    connection = http.client.HTTPConnection(host, timeout=TIMEOUT_S)
    connection.request("GET", "/proxy/x", headers=installed.headers)
    eventually(lambda: upstream.calls, "a call")
    connection.close()
    eventually(lambda: upstream.left, "an end")


def test_body_over_the_limit_is_413(project, upstream):
    installed = Installed(project, upstream)
    host = project.server.base.removeprefix("http://")
    connection = http.client.HTTPConnection(host, timeout=TIMEOUT_S)
    connection.putrequest("POST", "/proxy/x")
    for name, value in {**installed.headers,
                        "Content-Length": str(256 * MIB + 1)}.items():
        connection.putheader(name, value)
    connection.endheaders()
    answer = connection.getresponse()
    answer.content = answer.read()
    connection.close()
    assert answer.status == 413
    assert not upstream.calls


def test_answer_over_the_limit_is_502(project, upstream):
    upstream.answer = lambda call: (
        200, {"Content-Length": str(256 * MIB + 1)}, iter(()))
    must_fail(Installed(project, upstream).call(), 502, "too_large")


def test_provider_that_cannot_be_reached_is_502(project):
    with Upstream() as gone:
        pass
    installed = Installed(project, gone)
    must_fail(installed.call(), 502, "busy", retryable=True)
    eventually(lambda: [one["status"] for one in installed.operations()]
               == ["failure"], "an operation")


def test_operation_and_log(project, upstream):
    installed = Installed(project, upstream)
    installed.call("POST", "/proxy/thing?token=private", body=b"12345")
    eventually(installed.operations, "an operation")
    operation = installed.operations()[0]
    assert operation["actionType"] == "proxy"
    assert operation["status"] == "success"
    assert operation["result"] == "POST /thing: 200"
    line, = project.ampersand.get(
        f"/projects/{project.name}/operations/{operation['id']}/logs") \
        .must_be(200).body
    assert line["severity"] == "INFO"
    wrong = differences(Including({
        "method": "POST", "path": "/thing", "status": "200",
        "sentBytes": "5", "receivedBytes": "2", "refreshed": "false"}),
        line["message"]["details"])
    assert not wrong, wrong
    assert "private" not in json.dumps(line)
    assert "s3cret" not in json.dumps(line)


def test_refusal_of_a_key_is_seen_on_the_connection(project, upstream):
    upstream.answer = lambda call: (401, {}, b"no")
    installed = Installed(project, upstream)
    answer = installed.call()
    assert (answer.status, answer.content) == (401, b"no")
    eventually(lambda: installed.status() == "bad_credentials", "a status")
    assert [one for one in items(project, "/events", limit=200)
            if one["type"] == "connection.error"]
    upstream.answer = lambda call: (200, {}, b"yes")
    installed.call()
    eventually(lambda: installed.status() == "working", "a status")


class Renewing:
    """`byToken` with a token that can be refreshed at an authority."""

    def __init__(self, project, upstream, authority):
        grant = authority.grant()
        self.app = register(project, authority, "byToken")
        self.installed = Installed(project, upstream, "byToken", credentials={
            "providerAppId": self.app["id"], "oauth2AuthorizationCode": {
                "accessToken": {"token": grant.access},
                "refreshToken": {"token": grant.refresh}}})
        authority.expire(grant.access)
        upstream.answer = lambda call: (
            (200, {}, call.body) if call.header("Authorization").removeprefix(
                "Bearer ") in authority.live_tokens() else
            (401, {"X-Own": "1"}, b"expired"))


@pytest.fixture
def authority():
    with Authority() as made:
        yield made


def refreshes(authority):
    return len(authority.used)


def test_expired_token_is_refreshed_once_and_the_call_sent_again(
        project, upstream, authority):
    made = Renewing(project, upstream, authority)
    answer = made.installed.call("POST", body=b"again")
    assert (answer.status, answer.content) == (200, b"again")
    assert [call.body for call in upstream.calls] == [b"again"] * 2
    assert refreshes(authority) == 1


def test_key_that_is_taken_away_meanwhile_sends_nothing_again(
        project, upstream, authority):
    made = Renewing(project, upstream, authority)
    store = project.server.store
    key = store.create_token(project.name, "ampersand")
    authority.between = lambda: store.revoke_token(project.name, key["id"])
    answer = made.installed.call(headers={"X-Api-Key": key["token"]})
    must_fail(answer, 401, "unauthenticated")
    assert (len(upstream.calls), refreshes(authority)) == (1, 1)


def test_key_that_is_taken_away_after_a_refresh_ends_the_call(
        project, upstream, authority):
    made = Renewing(project, upstream, authority)
    store = project.server.store
    key = store.create_token(project.name, "ampersand")
    answers = upstream.answer

    def revoke_first(call):
        answer = answers(call)
        if answer[0] == 200:
            store.revoke_token(project.name, key["id"])
            return None
        return answer

    upstream.answer = revoke_first
    answer = made.installed.call(headers={"X-Api-Key": key["token"]})
    must_fail(answer, 401, "unauthenticated")
    assert len(upstream.calls) == 2


def test_second_401_is_the_callers(project, upstream, authority):
    made = Renewing(project, upstream, authority)
    upstream.answer = lambda call: (401, {"X-Own": "1"}, b"never")
    answer = made.installed.call()
    assert (answer.status, answer.content) == (401, b"never")
    assert answer.headers["X-Own"] == "1"
    assert (len(upstream.calls), refreshes(authority)) == (2, 1)


def test_401_is_the_callers_when_there_is_no_refresh(project, upstream,
                                                     authority):
    made = Renewing(project, upstream, authority)
    authority.revoke(next(iter(authority.live)))
    answer = made.installed.call()
    assert (answer.status, answer.content) == (401, b"expired")
    assert len(upstream.calls) == 1


def test_large_body_is_not_sent_again_but_the_next_call_has_new_tokens(
        project, upstream, authority):
    made = Renewing(project, upstream, authority)
    answer = made.installed.call("POST", body=blocks(16))
    assert (answer.status, answer.content) == (401, b"expired")
    eventually(lambda: refreshes(authority) == 1, "a refresh")
    eventually(lambda: made.installed.call().status == 200, "new tokens")


def test_many_who_find_it_expired_bring_one_refresh(project, upstream,
                                                    authority):
    made = Renewing(project, upstream, authority)
    answers = []
    threads = [threading.Thread(
        target=lambda: answers.append(made.installed.call().status))
        for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [200] * 16
    assert refreshes(authority) == 1


def brought_alone(project, upstream, authority, refresh):
    """`byToken` with nothing but a refresh token."""
    made = Renewing(project, upstream, authority)
    app = made.app
    return Installed(project, upstream, "byToken", credentials={
        "providerAppId": app["id"], "oauth2AuthorizationCode": {
            "refreshToken": {"token": refresh}}})


def test_token_is_got_for_the_first_call(project, upstream, authority):
    gate = threading.Event()
    authority.between = lambda: gate.wait(TIMEOUT_S)
    installed = brought_alone(project, upstream, authority, authority.issue())
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        calling = pool.submit(installed.call, "POST", body=b"first")
        eventually(lambda: "cleat_proxy_calls 1\n" in requests.get(
            f"{project.server.base}/metrics", timeout=TIMEOUT_S).text,
            "a call that waits")
        gate.set()
        answer = calling.result()
    assert (answer.status, answer.content) == (200, b"first")
    assert [call.body for call in upstream.calls] == [b"first"]


def test_call_without_a_token_says_why_there_is_none(project, upstream,
                                                     authority):
    installed = brought_alone(project, upstream, authority, "never-issued")
    must_fail(installed.call(), 422, "invalid")
    assert not upstream.calls


def test_grant_that_is_gone_is_asked_for_once(project, upstream, authority):
    made = Renewing(project, upstream, authority)
    for grant in list(authority.live):
        authority.revoke(grant)
    assert [made.installed.call().status for _ in range(5)] == [401] * 5
    assert refreshes(authority) == 1
    errors = [one for one in items(project, "/events", limit=200)
              if one["type"] == "connection.error"]
    assert len(errors) == 1


def test_all_headers_that_are_admitted_go_on(project, upstream):
    installed = Installed(project, upstream)
    many = {f"X-Many-{i}": str(i) for i in range(88)}
    installed.call("POST", body=b"x", headers={
        **many, "Content-Type": "text/x-own", "If-Match": '"1"'})
    last = upstream.last
    assert last.header("Content-Type") == "text/x-own"
    assert last.header("If-Match") == '"1"'
    assert all(last.header(name) == value for name, value in many.items())


def test_method_that_is_none_is_refused(project, upstream):
    must_fail(Installed(project, upstream).call("G@T"), 400, "misshapen")
    assert not upstream.calls


def test_open_provider_is_sent_no_credential(project, upstream):
    installed = Installed(project, upstream, "openToAll")
    assert installed.call().status == 200
    assert upstream.last.header("Authorization") is None


@pytest.mark.parametrize("username, password", [("key", ""), ("", "key")])
def test_key_goes_as_half_of_a_user_and_password(project, upstream, username,
                                                 password):
    installed = Installed(project, upstream, "byBasic", credentials={
        "basicAuth": {"username": username, "password": password}})
    assert installed.call().status == 200
    assert upstream.last.header("Authorization") == "Basic " + \
        base64.b64encode(f"{username}:{password}".encode()).decode()


def test_problem_is_whole(project, upstream):
    answer = Installed(project, upstream, enabled=False).call()
    wrong = differences(problem(403), json.loads(answer.content))
    assert not wrong, wrong
