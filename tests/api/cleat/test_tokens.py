"""Tokens: their form, their life, and who made them."""

import pytest

from support import cli
from support.ampersand import Ampersand, problem
from support.forms import UUID, Including, differences, pattern

KINDS = {"ampersand": "amp", "upsun": "ups", "gorules": "pat",
         "apinizer": "apz"}


def token_form(kind):
    return pattern(f"{kind} token", f"cleat_{kind}_[0-9A-Za-z]{{49}}")


@pytest.mark.parametrize("api", KINDS)
def test_token_is_made(project, api):
    made = project.token(api, "--label", "for a test")
    assert not differences(Including({
        "id": UUID, "api": api, "role": "admin", "label": "for a test",
        "token": token_form(KINDS[api])}), made)


@pytest.mark.parametrize("api", KINDS)
def test_tokens_of_init_have_the_same_form(project, api):
    [token] = project.keys[api].values()
    assert token_form(KINDS[api]).fits(token)


def test_list_never_shows_the_token(project):
    made = project.token("ampersand", "--label", "listed")
    done = cli.run("token", "list", "--store", project.server.store.url,
                   "--project", project.name)
    assert done.returncode == 0, done.stderr
    assert made["id"] in done.stdout and "listed" in done.stdout
    assert made["token"] not in done.stdout


def test_revoked_key_is_refused(server, project):
    made = project.token("ampersand")
    caller = Ampersand(server, key=made["token"])
    caller.get("/projects").must_be(200)
    server.store.revoke_token(project.name, made["id"])
    caller.get("/projects").must_be(401, problem(401))


def test_expired_key_is_refused(server, project):
    token = project.expired_token("ampersand")
    Ampersand(server, key=token).get("/projects").must_be(401, problem(401))


def test_key_expires_in_time(server_factory):
    first = server_factory()
    token = first.project.token("ampersand", "--expires", "60")["token"]
    Ampersand(first, key=token).get("/projects").must_be(200)
    first.stop()
    later = server_factory(first.store, clock_offset_s=61)
    Ampersand(later, key=token).get("/projects").must_be(401, problem(401))
    later.project.ampersand.get("/projects").must_be(200)


def test_token_of_another_project_is_not_revoked(server, project, other):
    made = project.token("ampersand")
    done = cli.run("token", "revoke", "--store", server.store.url,
                   "--project", other.name, made["id"])
    assert done.returncode == 1, done
    Ampersand(server, key=made["token"]).get("/projects").must_be(200)


def test_tokens_are_made_while_no_server_runs(server_factory):
    first = server_factory()
    first.stop()
    made = first.store.create_token("my-project", "ampersand")
    later = server_factory(first.store)
    Ampersand(later, key=made["token"]).get("/projects").must_be(200)
