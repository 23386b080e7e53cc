"""Tokens: the token itself, or what the token endpoint gives for it."""

import pytest

from support.apinizer import UNAUTHORIZED, Apinizer, connection
from support.forms import (TEXT, Including, Optional, either, mentioning,
                           pattern)

ACCESS_TOKEN = pattern("access token", "cleat_apa_[0-9A-Za-z]{49}")
GRANTED = {"access_token": ACCESS_TOKEN, "token_type": "Bearer",
           "expires_in": 3600, "error": Optional(None),
           "error_description": Optional(None)}
REFUSED = either(*({"error": error, "error_description": TEXT,
                    "access_token": Optional(None)}
                   for error in ("invalid_client", "invalid_grant",
                                 "invalid_request",
                                 "unsupported_grant_type")))


def exchange(server, client_id, client_secret):
    return Apinizer(server).post("/auth/token", form={
        "grant_type": "client_credentials", "client_id": client_id,
        "client_secret": client_secret})


def test_token_is_exchanged(server, project):
    granted = exchange(server, project.name,
                       project.keys["apinizer"]["token"]).must_be(
        200, GRANTED, headers={"Cache-Control": mentioning("no-store")})
    Apinizer(server, granted.body["access_token"]) \
        .get("/projects/").must_be(200)


def test_access_token_has_the_role_of_its_token(server, project):
    token = project.token("apinizer", "--role", "viewer")["token"]
    access = exchange(server, project.name, token).body["access_token"]
    Apinizer(server, access).post(
        connection(project, "made"), {"type": "email", "host": "h"}) \
        .must_be(400, Including({"error": "bad_request"}))


def test_wrong_secret_is_an_invalid_client(server, project):
    for secret in ("nonsense", project.keys["ampersand"]["apiKey"]):
        reply = exchange(server, project.name, secret)
        assert reply.status in (400, 401), reply
        reply.must_be(reply.status, REFUSED)


def test_secret_of_another_project_is_refused(server, project, other):
    for client_id in other.name, "NoSuchProject":
        reply = exchange(server, client_id,
                         project.keys["apinizer"]["token"])
        assert reply.status in (400, 401), reply
        reply.must_be(reply.status, REFUSED)


@pytest.mark.parametrize("form, error", [
    ({}, "invalid_request"),
    ({"grant_type": "password"}, "unsupported_grant_type"),
    ({"grant_type": "client_credentials"}, "invalid_request")])
def test_other_mistakes_are_told_by_rfc_6749(server, form, error):
    Apinizer(server).post("/auth/token", form=form).must_be(
        400, Including({"error": error, "error_description": TEXT}))


@pytest.mark.parametrize("token", [
    None, "nonsense", "cleat_apz_" + "A" * 49, "é"])
def test_bad_token_is_refused(server, project, token):
    caller = Apinizer(server)
    if token:
        caller.headers["Authorization"] = f"Bearer {token}".encode()
    for path in "/projects/", connection(project, "x"):
        caller.get(path).must_be(401, UNAUTHORIZED)
    caller.delete(connection(project, "x")).must_be(401, UNAUTHORIZED)


def test_tokens_of_the_other_apis_are_refused(server, project):
    for token in (project.keys["ampersand"]["apiKey"],
                  project.keys["gorules"]["personalAccessToken"],
                  project.keys["upsun"]["apiToken"],
                  project.upsun.access_token):
        Apinizer(server, token).get("/projects/").must_be(401, UNAUTHORIZED)


def test_expired_token_is_refused(server, project):
    token = project.expired_token("apinizer")
    Apinizer(server, token).get("/projects/").must_be(401, UNAUTHORIZED)
    reply = exchange(server, project.name, token)
    assert reply.status in (400, 401), reply


def test_revoked_token_takes_its_access_tokens_along(server, project):
    made = project.token("apinizer")
    access = exchange(server, project.name, made["token"]).body
    callers = [Apinizer(server, token)
               for token in (made["token"], access["access_token"])]
    for caller in callers:
        caller.get("/projects/").must_be(200)
    server.store.revoke_token(project.name, made["id"])
    for caller in callers:
        caller.get("/projects/").must_be(401, UNAUTHORIZED)


def test_access_token_lives_for_an_hour(server_factory):
    first = server_factory()
    secret = first.project.keys["apinizer"]["token"]
    access = exchange(first, first.project.name, secret) \
        .body["access_token"]
    first.stop()

    before = server_factory(first.store, clock_offset_s=3500)
    Apinizer(before, access).get("/projects/").must_be(200)
    before.stop()

    after = server_factory(first.store, clock_offset_s=3601)
    Apinizer(after, access).get("/projects/").must_be(401, UNAUTHORIZED)
    Apinizer(after, secret).get("/projects/").must_be(200)
