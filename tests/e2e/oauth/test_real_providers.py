"""Two real servers of OAuth 2.0 from npm, and a browser that is a script: it
follows redirects and keeps cookies."""

import pytest
import requests

from support.authority import Page, ask, path_of, tokens_of
from support.native import items
from support.real_provider import Real, register
from support.refreshing import token_in
from support.revocation import done, let_go

TIMEOUT_S = 30


@pytest.fixture
def real():
    running = []

    def start(name, *words):
        running.append(Real(name, *words))
        return running[-1]

    yield start
    for one in running:
        one.stop()


def browse(url):
    """To the page that the browser ends on."""
    with requests.Session() as session:
        session.trust_env = False
        return Page(session.get(url, timeout=TIMEOUT_S))


def lives(oidc, token):
    """RFC 7662."""
    pair = tuple(requests.utils.quote(one, safe="") for one in (
        oidc.said["client_id"], oidc.said["client_secret"]))
    answer = requests.post(f"{oidc.url}/token/introspection", auth=pair,
                           data={"token": token}, timeout=TIMEOUT_S)
    assert answer.status_code == 200, answer.text
    return answer.json()["active"]


@pytest.fixture
def oidc(project, real):
    """With PKCE by its catalog row, Basic, rotating refresh tokens, `iss`."""
    made = real("oidc", "0", f"{project.server.base}/callbacks/v1/oauth")
    register(project, "airtable", made.url,
             (made.said["client_id"], made.said["client_secret"]),
             authUrl="/auth", tokenUrl="/token", issuer="",
             revocationUrl="/token/revocation")
    return made


def test_code_with_pkce_at_oidc_provider(project, oidc):
    page = browse(ask(project))
    assert page.status == 200, page.text
    made = page.told["data"]["connection"]
    _, shown = tokens_of(project, made)
    access = token_in(shown)
    refresh = shown["oauth2AuthorizationCode"]["refreshToken"]["token"]
    assert lives(oidc, access) and lives(oidc, refresh)
    # refresh tokens are good once, and the next is kept
    seen = {refresh}
    for _ in range(5):
        status, again = tokens_of(project, made, refresh="force")
        assert status == 200
        assert lives(oidc, token_in(again))
        seen.add(again["oauth2AuthorizationCode"]["refreshToken"]["token"])
    assert len(seen) == 6
    assert not lives(oidc, refresh)


def test_code_is_good_once_at_oidc_provider(project, oidc):
    """A page that is loaded again ends nothing, and makes nothing."""
    with requests.Session() as session:
        session.trust_env = False
        first = session.get(ask(project), timeout=TIMEOUT_S)
        made = Page(first).told["data"]["connection"]
        again = Page(session.get(first.url, timeout=TIMEOUT_S))
    assert again.status == 400
    _, shown = tokens_of(project, made)
    assert lives(oidc, token_in(shown))
    assert len(project.ampersand.get(
        f"/projects/{project.name}/connections").must_be(200).body) == 1


def test_used_refresh_token_at_oidc_provider_is_final(project, oidc):
    """Somebody else has used it: the provider ends the whole grant."""
    made = browse(ask(project)).told["data"]["connection"]
    _, shown = tokens_of(project, made)
    pair = tuple(requests.utils.quote(one, safe="") for one in (
        oidc.said["client_id"], oidc.said["client_secret"]))
    stolen = requests.post(f"{oidc.url}/token", auth=pair, data={
        "grant_type": "refresh_token",
        "refresh_token": shown["oauth2AuthorizationCode"]["refreshToken"]
        ["token"]}, timeout=TIMEOUT_S)
    assert stolen.status_code == 200
    assert tokens_of(project, made, refresh="force")[0] == 422
    shown = project.ampersand.get(path_of(project, made)).must_be(200).body
    assert shown["status"] == "bad_credentials"
    assert [one["payload"]["error"] for one in items(
        project, "/events", limit=200) if one["type"] == "connection.error"] \
        == ["400 invalid_grant"]


def test_grant_is_ended_at_oidc_provider(project, real):
    """`pipedrive`: Basic, and a revocation that ends a grant."""
    made = real("oidc", "0", f"{project.server.base}/callbacks/v1/oauth",
                "3600", "without PKCE")
    register(project, "pipedrive", made.url,
             (made.said["client_id"], made.said["client_secret"]),
             authUrl="/auth", tokenUrl="/token",
             revocationUrl="/token/revocation")
    connection = browse(ask(project, "pipedrive")).told["data"]["connection"]
    _, shown = tokens_of(project, connection, refresh="force")
    refresh = shown["oauth2AuthorizationCode"]["refreshToken"]["token"]
    assert lives(made, refresh)
    [step] = done(project, let_go(project, {"id": connection}))["steps"]
    assert step["reason"] == "revoked"
    assert not lives(made, refresh)


def test_request_without_pkce_is_refused_by_a_server_that_asks_for_it(
        project, oidc):
    register(project, "pipedrive", oidc.url,
             (oidc.said["client_id"], oidc.said["client_secret"]),
             authUrl="/auth", tokenUrl="/token")
    page = browse(ask(project, "pipedrive"))
    assert page.told["data"]["error"] == "the provider says invalid_request"


@pytest.fixture
def mock(project, real):
    made = real("oauth2-mock")
    for name in "hubspot", "adobe", "sugarCRM":
        register(project, name, made.url, authUrl="/authorize",
                 tokenUrl="/token")
    return made


def test_code_at_oauth2_mock_server(project, mock):
    page = browse(ask(project, "hubspot"))
    assert page.status == 200, page.text
    made = page.told["data"]["connection"]
    _, before = tokens_of(project, made)
    assert token_in(before).count(".") == 2
    assert tokens_of(project, made, refresh="force")[0] == 200


def test_other_grants_at_oauth2_mock_server(project, mock):
    client = {"clientId": "c", "clientSecret": "s", "scopes": ["one", "two"]}
    user = {"username": "jane", "password": "secret"}
    for provider, kind, more in (
            ("adobe", "oauth2ClientCredentials", {}),
            ("sugarCRM", "oauth2PasswordCredentials", user)):
        made = project.ampersand.post(
            f"/projects/{project.name}/connections:generate", {
                "provider": provider, "groupRef": "a", "consumerRef": "b",
                kind: {**client, **more}}).must_be(201).body
        assert token_in(tokens_of(project, made["id"])[1]).count(".") == 2
        assert tokens_of(project, made["id"], refresh="force")[0] == 200


def test_faults_of_oauth2_mock_server(project, mock):
    made = browse(ask(project, "hubspot")).told["data"]["connection"]
    mock.next_status(500)
    assert tokens_of(project, made, refresh="force")[0] == 503
    assert tokens_of(project, made, refresh="force")[0] == 200
    mock.next_status(400)
    assert tokens_of(project, made, refresh="force")[0] == 422
    mock.next_status(500)
    refused = browse(ask(project, "hubspot"))
    assert refused.told["data"]["error"] == \
        "the provider answered 500 server_error"
