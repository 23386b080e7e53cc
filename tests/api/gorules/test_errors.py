"""Errors that no operation owns, in our form for GoRules."""

import pytest

from support.forms import TEXT, either, list_of, mentioning
from support.gorules import GoRules, error, integrations, new_integration
from support.malformed import MALFORMED, TOO_DEEP, TOO_LARGE

MISFIT = error(400, either(TEXT, list_of(TEXT, at_least=1)))


@pytest.mark.parametrize("token", [
    None, "nonsense", "cleat_pat_" + "A" * 49, "é"])
def test_bad_token_is_refused(server, project, token):
    caller = GoRules(server)
    if token:
        caller.headers["Authorization"] = f"Bearer {token}".encode()
    for path in "/projects", f"/projects/{project.id}", integrations(project):
        caller.get(path).must_be(401, error(401))


def test_tokens_of_the_other_apis_are_refused(server, project):
    for token in (project.keys["ampersand"]["apiKey"],
                  project.keys["apinizer"]["token"],
                  project.keys["upsun"]["apiToken"],
                  project.upsun.access_token):
        GoRules(server, token).get(integrations(project)).must_be(
            401, error(401))


def test_expired_token_is_refused(server, project):
    token = project.expired_token("gorules")
    GoRules(server, token).get(integrations(project)).must_be(
        401, error(401))


def test_revoked_token_is_refused(server, project):
    made = project.token("gorules")
    caller = GoRules(server, made["token"])
    caller.get(integrations(project)).must_be(200)
    server.store.revoke_token(project.name, made["id"])
    caller.get(integrations(project)).must_be(401, error(401))


def test_unknown_path_is_404(project, gorules):
    gorules.get(f"/projects/{project.id}/weather").must_be(404, error(404))


def test_wrong_method_is_405_with_the_right_ones(project, gorules):
    gorules.patch(integrations(project), {}).must_be(
        405, error(405), headers={"Allow": mentioning("GET", "POST")})
    path = integrations(project, new_integration(project)["id"])
    gorules.patch(path, {}).must_be(
        405, error(405),
        headers={"Allow": mentioning("GET", "PUT", "DELETE")})
    gorules.get(f"{path}/restore").must_be(
        405, error(405), headers={"Allow": mentioning("PUT")})


@pytest.mark.parametrize("name", MALFORMED)
def test_malformed_body_is_refused(project, gorules, name):
    path = integrations(project, new_integration(project)["id"])
    for reply in (gorules.post("/projects", MALFORMED[name]),
                  gorules.post(integrations(project), MALFORMED[name]),
                  gorules.put(path, MALFORMED[name])):
        reply.must_be(400, MISFIT)


def test_body_too_deep_is_refused(project, gorules):
    gorules.post(integrations(project), TOO_DEEP).must_be(400, MISFIT)


def test_body_over_a_mebibyte_is_refused(project, gorules):
    gorules.post(integrations(project), TOO_LARGE).must_be(
        413, error(413, TEXT))
