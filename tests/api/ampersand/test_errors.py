"""Problems: the form of every refusal that no operation owns."""

import pytest

from support.ampersand import Ampersand, invalid, new_integration, problem
from support.forms import ARRAY, Optional, mentioning
from support.malformed import MALFORMED, TOO_DEEP, TOO_LARGE
from support.names import unique

OPTIONAL_ISSUES = {"issues": Optional(ARRAY)}


def base(project):
    return f"/projects/{project.name}"


def test_request_id_is_in_the_problem_and_in_the_header(project, ampersand):
    reply = ampersand.get(f"{base(project)}/connections/x") \
        .must_be(404, problem(404))
    assert reply.body["requestId"] == reply.headers["X-Request-Id"]


def test_each_occurrence_has_its_own_instance(project, ampersand):
    instances = {ampersand.get(f"{base(project)}/connections/x")
                 .body["instance"] for _ in range(3)}
    assert len(instances) == 3


@pytest.mark.parametrize("key", [
    None, "", "nonsense", "cleat_amp_" + "A" * 49, "cleat_amp_é"])
def test_bad_key_is_refused(server, project, key):
    caller = Ampersand(server, key=key and key.encode())
    caller.get(base(project)).must_be(401, problem(401))
    caller.delete(f"{base(project)}/connections/x").must_be(
        401, problem(401))


def test_key_with_one_letter_changed_is_refused(server, project):
    key = project.keys["ampersand"]["apiKey"]
    changed = key[:-10] + ("A" if key[-10] != "A" else "B") + key[-9:]
    Ampersand(server, key=changed).get(base(project)).must_be(
        401, problem(401))


def test_tokens_of_the_other_apis_are_no_keys(server, project):
    for token in (project.keys["upsun"]["apiToken"],
                  project.keys["gorules"]["personalAccessToken"],
                  project.keys["apinizer"]["token"],
                  project.upsun.access_token):
        Ampersand(server, key=token).get(base(project)).must_be(
            401, problem(401))


def test_only_the_builders_session_is_a_bearer(server, project):
    for token in (project.keys["ampersand"]["apiKey"],
                  project.keys["upsun"]["apiToken"],
                  project.keys["gorules"]["personalAccessToken"],
                  project.keys["apinizer"]["token"]):
        Ampersand(server, bearer=token).get(base(project)).must_be(
            401, problem(401))


@pytest.mark.parametrize("path", ["/no-such-thing", "/projects/x/y/z/w", ""])
def test_unknown_path_is_404(ampersand, path):
    ampersand.get(path).must_be(404, problem(404))


@pytest.mark.parametrize("method, path, allowed", [
    ("PUT", "", "GET"), ("DELETE", "/installations", "GET"),
    ("PUT", "/connections/x", "DELETE"), ("POST", "/integrations/x", "GET"),
    ("GET", "/integrations:batch", "PUT"),
    ("GET", "/connections:generate", "POST")])
def test_wrong_method_is_405_with_the_right_ones(
        project, ampersand, method, path, allowed):
    ampersand.send(method, base(project) + path).must_be(
        405, problem(405), headers={"Allow": mentioning(allowed)})


@pytest.fixture(scope="module")
def integration(project):
    return new_integration(project)


@pytest.mark.parametrize("name", MALFORMED)
@pytest.mark.parametrize("method, path", [
    ("POST", "/connections:generate"), ("POST", "/integrations"),
    ("PUT", "/integrations:batch"), ("POST", "/api-keys"),
    ("POST", "/integrations/{id}/installations")])
def test_malformed_body_is_refused(
        project, ampersand, integration, method, path, name):
    ampersand.send(method, base(project) + path.format(**integration),
                   MALFORMED[name]).must_be(
        400, {**problem(400), **OPTIONAL_ISSUES})


def test_body_too_deep_is_refused(project, ampersand):
    ampersand.post(f"{base(project)}/connections:generate", TOO_DEEP) \
        .must_be(400, {**problem(400), **OPTIONAL_ISSUES})


def test_body_over_a_mebibyte_is_refused(project, ampersand):
    ampersand.post(f"{base(project)}/connections:generate", TOO_LARGE) \
        .must_be(413, problem(413))


def test_several_mistakes_are_named_together(project, ampersand):
    ampersand.post(f"{base(project)}/connections:generate",
                   {"apiKey": unique("key")}).must_be(
        400, invalid(400, "groupRef", "consumerRef", "provider"))


@pytest.mark.parametrize("path", [
    "/connections/%00", "/connections/%ff%fe", "/connections/..%2f..",
    "/connections/" + "x" * 2000, "/connections/'%20OR%201=1--"])
def test_strange_ids_are_unknown(project, ampersand, path):
    reply = ampersand.get(base(project) + path)
    assert reply.status in (400, 404), reply
    reply.must_be(reply.status)
