"""API tokens for access tokens, in each of the clients' dialects."""

import pytest

from support.forms import TEXT, Including, Optional, mentioning, pattern
from support.upsun import (INVALID_TOKEN, Anonymous, Upsun, basic, bearer,
                           exchange)

ACCESS_TOKEN = pattern("access token", "cleat_upa_[0-9A-Za-z]{49}")
GRANTED = {"access_token": ACCESS_TOKEN, "expires_in": 900,
           "token_type": "bearer", "refresh_token": Optional(TEXT)}


def api_token(project):
    return project.keys["upsun"]["apiToken"]


def grant(token, **more):
    return {"grant_type": "api_token", "api_token": token, **more}


DIALECTS = {
    "the documentation's curl": lambda caller, token: caller.post(
        "/oauth2/token", headers=basic("platform-api-user"),
        form=grant(token)),
    "the JavaScript client": lambda caller, token: caller.post(
        "/oauth2/token", headers=basic("platform-cli"), body=grant(token)),
    "no Basic, a form": lambda caller, token: caller.post(
        "/oauth2/token", form=grant(token, client_id="upsun-cli",
                                    client_secret="")),
    "no Basic, JSON": lambda caller, token: caller.post(
        "/oauth2/token", body=grant(token, client_id="upsun-cli",
                                    client_secret="")),
}


@pytest.mark.parametrize("dialect", DIALECTS)
def test_token_is_exchanged(server, project, dialect):
    granted = DIALECTS[dialect](Anonymous(server), api_token(project)) \
        .must_be(200, GRANTED, headers={"Cache-Control": mentioning(
            "no-store")}).body
    Anonymous(server).get(f"/projects/{project.upsun_id}",
                          headers=bearer(granted["access_token"])) \
        .must_be(200)


def test_each_exchange_makes_a_token_of_its_own(server, project):
    tokens = {exchange(server, api_token(project)).body["access_token"]
              for _ in range(3)}
    assert len(tokens) == 3


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("token", ["nonsense", "cleat_ups_" + "A" * 49])
def test_bad_api_token_is_an_invalid_grant(server, dialect, token):
    """Never 401: the JavaScript client would wait for itself."""
    DIALECTS[dialect](Anonymous(server), token).must_be(400, {
        "error": "invalid_grant",
        "error_description": mentioning("API token")})


def test_tokens_of_the_other_apis_are_no_api_tokens(server, project):
    for token in (project.keys["ampersand"]["apiKey"],
                  project.keys["gorules"]["personalAccessToken"],
                  project.keys["apinizer"]["token"],
                  project.upsun.access_token):
        exchange(server, token).must_be(
            400, Including({"error": "invalid_grant"}))


@pytest.mark.parametrize("form, error", [
    ({}, "invalid_request"),
    ({"grant_type": "api_token"}, "invalid_request"),
    ({"grant_type": ""}, "invalid_request"),
    ({"grant_type": "password", "username": "a", "password": "b"},
     "unsupported_grant_type"),
])
def test_other_mistakes_are_told_by_rfc_6749(server, form, error):
    for body in {"form": form}, {"body": form}:
        Anonymous(server).post("/oauth2/token", **body).must_be(
            400, {"error": error, "error_description": TEXT})


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b'"x"'])
def test_malformed_body_is_an_invalid_request(server, body):
    Anonymous(server).post("/oauth2/token", body).must_be(
        400, {"error": "invalid_request", "error_description": TEXT})


def test_token_endpoint_takes_posts_only(server):
    Anonymous(server).get("/oauth2/token").must_be(
        405, headers={"Allow": mentioning("POST")})


@pytest.mark.parametrize("kind", ["form", "body"])
def test_revoked_token_does_not_work(server, project, kind):
    token = exchange(server, api_token(project)).body["access_token"]
    path = f"/projects/{project.upsun_id}"
    Anonymous(server).get(path, headers=bearer(token)).must_be(200)
    Anonymous(server).post(
        "/oauth2/revoke", headers=basic("platform-cli"),
        **{kind: {"token": token, "token_type_hint": "access_token"}}) \
        .must_be(200)
    Anonymous(server).get(path, headers=bearer(token)).must_be(
        401, INVALID_TOKEN)
    exchange(server, api_token(project)).must_be(200)


def test_unknown_token_is_revoked_already(server):
    """RFC 7009, section 2.2: 200, since the purpose is met."""
    Anonymous(server).post("/oauth2/revoke", form={"token": "unknown"}) \
        .must_be(200)


def test_revoke_needs_a_token(server):
    Anonymous(server).post("/oauth2/revoke", form={}).must_be(
        400, Including({"error": "invalid_request"}))


@pytest.mark.parametrize("token", [
    "nonsense", "cleat_upa_" + "A" * 49, "undefined", "é"])
def test_unknown_access_token_is_invalid(server, project, token):
    for path in f"/projects/{project.upsun_id}", "/me", "/users/me":
        Anonymous(server).get(
            path, headers={"Authorization": f"Bearer {token}".encode()}) \
            .must_be(401, INVALID_TOKEN,
                     headers={"WWW-Authenticate": mentioning("Bearer")})


def test_caller_without_a_token_is_refused(server, project):
    for path in f"/projects/{project.upsun_id}", "/me", "/users/me":
        Anonymous(server).get(path).must_be(
            401, {"error": TEXT, "error_description": TEXT},
            headers={"WWW-Authenticate": mentioning("Bearer")})


def test_api_token_is_no_access_token(server, project):
    Anonymous(server).get(f"/projects/{project.upsun_id}",
                          headers=bearer(api_token(project))) \
        .must_be(401, INVALID_TOKEN)


def test_access_token_lives_for_expires_in(server_factory):
    """And the client gets on by exchanging its API token again."""
    first = server_factory()
    token = first.project.upsun.access_token
    path = f"/projects/{first.project.upsun_id}"
    first.stop()

    before = server_factory(first.store, clock_offset_s=880)
    Anonymous(before).get(path, headers=bearer(token)).must_be(200)
    before.stop()

    after = server_factory(first.store, clock_offset_s=901)
    Anonymous(after).get(path, headers=bearer(token)).must_be(
        401, INVALID_TOKEN)
    after.project.upsun.get(path).must_be(200)


def test_expired_api_token_is_an_invalid_grant(server, project):
    token = project.expired_token("upsun")
    exchange(server, token).must_be(400, Including(
        {"error": "invalid_grant"}))


def test_revoked_api_token_takes_its_access_tokens_along(server, project):
    made = project.token("upsun")
    caller = Upsun(server, made["token"])
    caller.get(f"/projects/{project.upsun_id}").must_be(200)
    server.store.revoke_token(project.name, made["id"])
    caller.get(f"/projects/{project.upsun_id}").must_be(401, INVALID_TOKEN)
    exchange(server, made["token"]).must_be(
        400, Including({"error": "invalid_grant"}))
