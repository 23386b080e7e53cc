"""Credentials that have come in are looked at by the call that the catalog says
shows whether they are good."""

import pytest

from support.authority import Authority, ask, come_back, register
from support.native import items
from support.passing import Installed, fresh_project
from support.passing import served as passing
from support.upstream import Upstream
from support.wait import eventually


@pytest.fixture(scope="module")
def served():
    with passing() as running:
        yield running


@pytest.fixture
def project(served):
    return fresh_project(served)


@pytest.fixture
def upstream():
    with Upstream() as made:
        made.answer = lambda call: (
            (200, {}, b"me") if call.header("X-Key") == "Key good" or
            (call.header("Authorization") or "").startswith("Bearer ")
            else (401, {}, b"no"))
        yield made


def brought(project, upstream, key):
    return Installed(project, upstream, "withCheck",
                     credentials={"apiKey": key})


def errors(project):
    return [one for one in items(project, "/events", limit=200)
            if one["type"] == "connection.error"]


def path_of(project, made):
    return f"/projects/{project.name}/connections/{made.connection['id']}"


def change(project, made, key):
    project.ampersand.patch(path_of(project, made), {
        "updateMask": ["apiKey"], "connection": {"apiKey": key}}).must_be(200)


def test_good_key_is_working(project, upstream):
    made = brought(project, upstream, "good")
    eventually(lambda: made.status() == "working", "a status")
    [call] = upstream.calls
    assert (call.method, call.path) == ("GET", "/base/me")
    assert not errors(project)


def test_wrong_key_is_told(project, upstream):
    made = brought(project, upstream, "bad")
    eventually(lambda: made.status() == "bad_credentials", "a status")
    [error] = errors(project)
    assert made.connection["id"] in str(error)


def test_changed_key_is_looked_at_anew(project, upstream):
    made = brought(project, upstream, "bad")
    eventually(lambda: made.status() == "bad_credentials", "a status")
    change(project, made, "good")
    eventually(lambda: made.status() == "working", "a status")
    change(project, made, "bad")
    eventually(lambda: made.status() == "bad_credentials", "a status")
    assert len(errors(project)) == 2


@pytest.mark.parametrize("status", [404, 429, 500])
def test_what_cannot_be_found_out_keeps_nobody_from_connecting(
        project, upstream, status):
    upstream.answer = lambda call: (status, {}, b"?")
    made = brought(project, upstream, "good")
    eventually(lambda: upstream.calls, "a look")
    upstream.answer = lambda call: (200, {}, b"yes")
    assert made.status() == "created"
    assert made.call().status == 200
    assert not errors(project)


def test_tokens_of_a_consent_are_looked_at(project, upstream):
    with Authority() as authority:
        register(project, authority, "tokenWithCheck")
        url = ask(project, "tokenWithCheck",
                  providerWorkspaceRef=upstream.url)
        page = come_back(project.server, authority.agree(url))
    of = f"/projects/{project.name}/connections/" \
        f"{page.told['data']['connection']}"
    eventually(lambda: project.ampersand.get(of).must_be(200)
               .body["status"] == "working", "a status")


def test_no_look_where_none_is_wanted(upstream):
    with passing("--no-health-checks") as running:
        made = brought(fresh_project(running), upstream, "good")
        assert made.call(path="/proxy/things").status == 200
        assert [call.path for call in upstream.calls] == ["/base/things"]
