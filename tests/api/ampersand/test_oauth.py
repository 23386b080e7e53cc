"""A customer connects by OAuth 2.0: where the browser goes, what it comes back
to, and everything that must be refused on the way."""

import base64
import hashlib

import pytest
import requests

from support.ampersand import CONFIG, invalid, new_integration, problem
from support.authority import (Authority, ask, challenge_of, come_back,
                               connect, path_of, post_text, query_of, register,
                               tokens_of)
from support.forms import UUID, Including
from support.names import unique
from support.native import items
from support.revocation import done, let_go
from support.server import ALLOWED
from support.wait import eventually
from support.whole import rows_of
from support.whole import served as served_store

FAILED, SUCCEEDED = "AUTHORIZATION_FAILED", "AUTHORIZATION_SUCCEEDED"
UNKNOWN = "this request for a connection is not known, was used already, " \
    "or is over ten minutes old"


@pytest.fixture(scope="module")
def served():
    with served_store(options=ALLOWED) as running:
        yield running


@pytest.fixture
def project(served):
    name = unique("fresh")
    return served.create_project(name, name)


@pytest.fixture
def authority():
    with Authority() as made:
        yield made


def events(project, kind):
    return [one for one in items(project, "/events", limit=200)
            if one["type"] == kind]


def refused(page, why=UNKNOWN, status=400):
    assert (page.status, page.told) == (
        status, {"eventType": FAILED, "data": {"error": why}})


def test_customer_connects(project, authority):
    app = register(project, authority, scopes=["read", "write"])
    url = ask(project, groupRef="acme", groupName="Acme",
              consumerRef="jane", consumerName="Jane",
              enableCSRFProtection=True)
    assert url.startswith(f"{authority.url}/authorize?")
    asked = query_of(url)
    assert asked == {
        "response_type": "code", "client_id": "our client",
        "redirect_uri": f"{project.server.base}/callbacks/v1/oauth",
        "scope": "read write", "state": asked["state"],
        "code_challenge": asked["code_challenge"],
        "code_challenge_method": "S256"}

    page = come_back(project.server, authority.agree(url))
    assert page.status == 200
    assert page.told == {"eventType": SUCCEEDED, "data": {
        "connection": page.told["data"]["connection"]}}

    [form] = authority.asked
    assert challenge_of(form["code_verifier"]) == asked["code_challenge"]
    assert form["redirect_uri"] == asked["redirect_uri"]
    made = page.told["data"]["connection"]
    shown = project.ampersand.get(path_of(project, made), {
        "includeCreds": "true", "includeRefreshToken": "true"}).must_be(
            200, Including({
                "id": made, "provider": "airtable", "status": "created",
                "authScheme": "oauth2/authorizationCodePKCE",
                "group": Including({"groupRef": "acme", "groupName": "Acme"}),
                "consumer": Including({"consumerRef": "jane",
                                       "consumerName": "Jane"})})).body
    tokens = shown["oauth2AuthorizationCode"]
    assert tokens["scopes"] == ["read", "write"]
    assert tokens["refreshToken"]["token"] in authority.live
    assert tokens["accessToken"]["token"] in authority.live_tokens()
    assert tokens["accessToken"]["expiresAt"] > \
        tokens["accessToken"]["issuedAt"]
    [created] = events(project, "connection.created")
    assert created["subject"]["id"] == made
    # the app that it was made through is in use
    project.ampersand.delete(
        f"/projects/{project.name}/provider-apps/{app['id']}") \
        .must_be(422, Including(problem(422)))


def test_older_clients_name_the_project_otherwise(project, authority):
    register(project, authority)
    for key, value in (("projectId", project.id), ("projectId", project.name),
                       ("projectIdOrName", project.id)):
        status, url = post_text(project, "/oauth-connect", {
            key: value, "provider": "airtable", "groupRef": "a",
            "consumerRef": "b"})
        assert (status, url[:4]) == (200, "http"), url


def test_frontend_key_may_connect(project, authority):
    register(project, authority)
    caller = project.caller("ampersand", "frontend")
    assert ask(project, caller=caller)
    made = connect(project, authority)
    caller.patch(f"{path_of(project, made)}:oauth-update") \
        .must_be(403, Including(problem(403)))


def test_what_the_request_lacks_is_said(project, authority):
    send = project.ampersand.post
    body = {"projectIdOrName": project.name, "provider": "airtable",
            "groupRef": "acme", "consumerRef": "jane"}
    for name in body:
        less = {key: value for key, value in body.items() if key != name}
        send("/oauth-connect", less).must_be(400, Including(
            invalid(400, name)))
    send("/oauth-connect", body).must_be(422, invalid(422, "provider"))
    app = register(project, authority)
    for more, name in (({"provider": "nobody"}, "provider"),
                       ({"provider": "stripe"}, "provider"),
                       ({"providerAppId": "x"}, "providerAppId"),
                       ({"providerAppId": project.id}, "providerAppId"),
                       ({"provider": "box", "providerAppId": app["id"]},
                        "providerAppId")):
        send("/oauth-connect", {**body, **more}).must_be(
            422, invalid(422, name))
    send("/oauth-connect", {**body, "projectIdOrName": "nothing"}) \
        .must_be(404, Including(problem(404)))
    send("/oauth-connect", {**body, "enableCSRFProtection": 1}) \
        .must_be(400, Including(invalid(400, "enableCSRFProtection")))


def test_address_needs_its_facts_and_scopes(project, authority):
    post = project.ampersand.post
    apps = f"/projects/{project.name}/provider-apps"
    for provider in "zendeskSupport", "xero":
        post(apps, {"provider": provider, "clientId": "c",
                    "clientSecret": "s"}).must_be(200)
    body = {"projectIdOrName": project.name, "groupRef": "a",
            "consumerRef": "b"}
    post("/oauth-connect", {**body, "provider": "xero"}).must_be(
        422, invalid(422, "provider"))
    post(apps, {"provider": "salesforce", "clientId": "c",
                "clientSecret": "s"}).must_be(200)
    post("/oauth-connect", {**body, "provider": "salesforce"}).must_be(
        422, invalid(422, "providerWorkspaceRef"))
    for facts in ({"providerWorkspaceRef": "acme"},
                  {"providerMetadata": {"workspace": {
                      "value": "acme", "source": "input"}}}):
        url = ask(project, "salesforce", **facts)
        assert url.startswith("https://acme.my.salesforce.com/services/"
                              "oauth2/authorize?response_type=code&")
    post("/oauth-connect", {**body, "provider": "salesforce",
                            "providerWorkspaceRef": "evil.com/"}).must_be(
        422, invalid(422, "providerWorkspaceRef"))


def test_scopes_and_parameters_are_as_the_provider_has_them(project):
    def asked(provider, metadata=None, scopes=(), **more):
        project.ampersand.post(f"/projects/{project.name}/provider-apps", {
            "provider": provider, "clientId": "c", "clientSecret": "s",
            "scopes": list(scopes), "metadata": metadata or {}}).must_be(200)
        return query_of(ask(project, provider, **more))

    zoho = asked("zoho", scopes=["a.b", "c.d"])
    assert (zoho["scope"], zoho["access_type"]) == ("a.b,c.d", "offline")
    assert asked("hubspot")["scope"] == "oauth"
    crm = asked("dynamicsCRM", scopes=["user_impersonation", "other"],
                providerWorkspaceRef="acme", providerMetadata={
                    "region": {"value": "crm4", "source": "input"}})
    assert crm["scope"] == \
        "https://acme.api.crm4.dynamics.com/user_impersonation other"
    google = asked("google", {"authQueryParams": {"prompt": ["consent"]}})
    assert google["prompt"] == "consent"
    assert "code_challenge" not in google


def test_page_runs_one_script_that_its_policy_names(project, authority):
    register(project, authority)
    page = come_back(project.server, authority.agree(ask(project)))
    digest = base64.b64encode(
        hashlib.sha256(page.script.encode()).digest()).decode()
    assert page.headers["Content-Security-Policy"] == (
        f"default-src 'none'; script-src 'sha256-{digest}'; base-uri 'none'; "
        "form-action 'none'; frame-ancestors 'none'")
    assert page.headers["Content-Type"] == "text/html; charset=utf-8"
    for name, value in (("X-Content-Type-Options", "nosniff"),
                        ("Referrer-Policy", "no-referrer"),
                        ("Cache-Control", "no-store")):
        assert page.headers[name] == value
    assert page.text.count("<script") == 1
    assert "postMessage" in page.script and "window.opener" in page.script


@pytest.mark.parametrize("path", ["/callbacks/v1/oauth",
                                  "/callbacks/v1/custom-auth"])
def test_nothing_of_the_address_becomes_markup(project, authority, path):
    register(project, authority)
    evil = "\"'><script>alert(1)</script>&lt;"
    for name in "state", "code", "error", "error_description", "x":
        page = come_back(project.server, {
            "state": query_of(ask(project))["state"], "error": "denied",
            name: evil}, path)
        assert "alert(1)</script>" not in page.text
        assert page.text.count("<script") == 1
        assert page.text.count('"') == 8, page.text  # those of the page


def test_no_address_leads_a_browser_elsewhere(project, authority):
    """Nothing that comes back is a redirect, whatever it asks for."""
    register(project, authority)
    for params in ({}, {"redirect_uri": "https://evil.example"},
                   {"state": "https://evil.example", "code": "x"}):
        answer = requests.get(
            f"{project.server.base}/callbacks/v1/oauth", params=params,
            timeout=30, allow_redirects=False)
        assert answer.status_code == 400
        assert "Location" not in answer.headers
        assert "evil" not in answer.text
    url = ask(project, redirectUri="https://evil.example",
              redirect_uri="https://evil.example")
    assert "evil" not in url


def test_state_is_good_once(project, authority):
    register(project, authority)
    url = ask(project)
    first = authority.agree(url)
    assert come_back(project.server, first).status == 200
    refused(come_back(project.server, first))
    refused(come_back(project.server, authority.agree(url)))
    assert len(authority.asked) == 1
    assert len(events(project, "connection.created")) == 1


def test_state_ends_after_ten_minutes(server_factory, authority):
    first = server_factory(options=ALLOWED)
    register(first.project, authority)
    url = ask(first.project)
    first.stop()
    later = server_factory(first.store, clock_offset_s=601, options=ALLOWED)
    refused(come_back(later, authority.agree(url)))
    assert not authority.asked


def test_state_lives_through_a_restart(server_factory, authority):
    first = server_factory(options=ALLOWED)
    register(first.project, authority)
    url = ask(first.project)
    first.stop()
    later = server_factory(first.store, clock_offset_s=300, options=ALLOWED)
    assert come_back(later, authority.agree(url)).status == 200


def test_state_is_bound_to_its_project(project, served, authority):
    """One that was made up, or put together of two, is none."""
    name = unique("fresh")
    other = served.create_project(name, name)
    for one in project, other:
        register(one, authority)
    ours, theirs = (query_of(ask(one))["state"] for one in (project, other))
    for state in (ours[:22] + theirs[22:], theirs[:22] + ours[22:],
                  ours[:-1], ours + "A", "A" * 64, "", "x"):
        refused(come_back(project.server, {"state": state, "code": "c"}))
    assert not authority.asked
    # each still leads to its own project
    page = come_back(other.server, authority.agree(ask(other)))
    project.ampersand.get(path_of(
        project, page.told["data"]["connection"])).must_be(404)


def test_state_is_kept_as_a_digest_alone(server_factory, authority):
    server = server_factory(options=ALLOWED)
    register(server.project, authority)
    state = query_of(ask(server.project))["state"]
    row = str(rows_of(server.store, "SELECT * FROM obtaining"))
    assert state not in row and state.encode().hex() not in row


def test_person_who_says_no_is_told_so(project, authority):
    register(project, authority)
    state = query_of(ask(project))["state"]
    refused(come_back(project.server, {
        "state": state, "error": "access_denied",
        "error_description": "<b>no</b>"}), "the provider says access_denied")
    refused(come_back(project.server, {"state": state, "code": "c"}))
    state = query_of(ask(project))["state"]
    refused(come_back(project.server, {"state": state, "error": "<i>"}),
            "the provider says no")
    refused(come_back(project.server, {
        "state": query_of(ask(project))["state"]}),
        "the provider has sent no code")
    assert len(events(project, "authorization.failed")) == 3


def test_code_of_another_request_is_refused(project, authority):
    """Injected into somebody's own request: it has another verifier."""
    register(project, authority)
    stolen = authority.agree(ask(project))["code"]
    state = query_of(ask(project))["state"]
    refused(come_back(project.server, {"state": state, "code": stolen}),
            "the provider answered 400 invalid_grant")
    assert not events(project, "connection.created")


def test_answer_of_another_issuer_is_refused(project, authority):
    """Mix-up (RFC 9207): the code is not sent to anybody."""
    app = register(project, authority)
    wrong = "the answer is not of the provider that was asked"
    refused(come_back(project.server, authority.agree(
        ask(project), iss="https://evil.example")), wrong)
    refused(come_back(project.server, authority.agree(
        ask(project), iss=authority.url + ".evil.example")), wrong)
    assert come_back(project.server, authority.agree(
        ask(project), iss=authority.url)).status == 200
    project.ampersand.patch(
        f"/projects/{project.name}/provider-apps/{app['id']}", {
            "updateMask": ["metadata"], "providerApp": {"metadata": {
                "providerParams": {**app["metadata"]["providerParams"],
                                   "issuer": "https://issuer.example"}}}}) \
        .must_be(200)
    refused(come_back(project.server, authority.agree(ask(project))), wrong)
    assert come_back(project.server, authority.agree(
        ask(project), iss="https://issuer.example")).status == 200
    assert len(authority.asked) == 2


def test_answer_that_can_be_read_in_two_ways_is_refused(project, authority):
    register(project, authority)
    back = authority.agree(ask(project))
    refused(come_back(project.server, [*back.items(), ("code", "other")]),
            "the provider's answer is ambiguous")


def test_provider_that_fails_is_told_to_the_window(project, authority):
    register(project, authority)
    for fault, why in (("500", "the provider answered 500 server_error"),
                       ("reset", "the provider did not answer: "
                        "no whole answer")):
        authority.schedule = [fault]
        page = come_back(project.server, authority.agree(ask(project)))
        assert page.told["eventType"] == FAILED
        assert page.told["data"]["error"].startswith(why[:28])
    assert not events(project, "connection.created")
    [first, second] = events(project, "authorization.failed")
    assert first["payload"]["provider"] == "airtable"


def test_token_answers_may_be_forms(project, authority):
    register(project, authority)
    authority.answers_forms = True
    made = connect(project, authority)
    _, shown = tokens_of(project, made)
    assert shown["oauth2AuthorizationCode"]["refreshToken"]["token"] \
        in authority.live


def test_client_shows_itself_as_the_provider_wants(project, authority):
    register(project, authority)  # Basic
    register(project, authority, "hubspot")  # in the body
    connect(project, authority)
    connect(project, authority, "hubspot")
    by_basic, in_body = authority.asked
    assert by_basic["Authorization"].startswith("Basic ")
    assert "client_secret" not in by_basic
    assert not in_body["Authorization"]
    assert in_body["client_id"] == "our client"


def test_what_the_provider_says_of_the_customer_is_kept(project, authority):
    # salesforce: id, scope, instance_url
    register(project, authority, "salesforce", scopes=["api"])
    authority.answer = {"id": "005-jane", "scope": "api refresh_token",
                        "instance_url": "https://acme.my.salesforce.com"}
    made = connect(project, authority, "salesforce",
                   providerWorkspaceRef="acme")
    shown = project.ampersand.get(path_of(project, made),
                                  {"includeCreds": "true"}).must_be(200).body
    assert shown["providerConsumerRef"] == "005-jane"
    assert shown["providerWorkspaceRef"] == "acme"
    assert shown["oauth2AuthorizationCode"]["scopes"] == \
        ["api", "refresh_token"]
    # agreeing anew leaves what the provider's addresses are made of
    _, url = post_text(project, f"{path_of(project, made)}:oauth-update",
                       None, method="PATCH")
    assert come_back(project.server, authority.agree(url)).status == 200
    assert project.ampersand.get(path_of(project, made)).must_be(200) \
        .body["providerWorkspaceRef"] == "acme"


def test_connection_shows_the_app_that_it_was_made_through(project,
                                                           authority):
    app = register(project, authority, "close")
    made = connect(project, authority, "close", groupRef="acme")
    integration = new_integration(project, "close")
    installed = project.ampersand.post(
        f"/projects/{project.name}/integrations/{integration['id']}"
        "/installations", {"groupRef": "acme", "connectionId": made,
                           "config": {"content": {
                               **CONFIG, "provider": "close"}}}) \
        .must_be(201).body
    assert installed["connection"]["providerApp"] == app
    listed = f"/projects/{project.name}/integrations/{integration['id']}" \
        "/installations"
    project.ampersand.get(listed).must_be(200)
    changed = project.ampersand.patch(
        f"/projects/{project.name}/provider-apps/{app['id']}", {
            "updateMask": ["externalRef", "scopes"], "providerApp": {
                "externalRef": "crm", "scopes": ["a"]}}).must_be(200).body
    [one] = project.ampersand.get(
        f"/projects/{project.name}/connections").must_be(200).body
    [there] = project.ampersand.get(listed).must_be(200).body
    for shown in (one, there["connection"], project.ampersand.get(
            path_of(project, made)).must_be(200).body,
            project.ampersand.patch(path_of(project, made), {
                "updateMask": ["providerWorkspaceRef"], "connection": {
                    "providerWorkspaceRef": "acme"}}).must_be(200).body):
        assert shown["providerApp"] == changed
    assert "s3cret" not in str(one)


def test_tokens_that_were_brought_along_live_by_the_app_that_refreshes_them(
        project, authority):
    alone = generate(project, "airtable", oauth2AuthorizationCode={
        "accessToken": {"token": "one"},
        "refreshToken": {"token": authority.issue()}}).must_be(201).body
    assert "providerApp" not in alone
    app = register(project, authority)
    made = generate(project, "airtable", oauth2AuthorizationCode={
        "accessToken": {"token": "two"},
        "refreshToken": {"token": authority.issue()}}).must_be(201).body
    assert made["providerApp"]["id"] == app["id"]
    # one that was there before the app has it from its first refresh on
    assert tokens_of(project, alone["id"], refresh="force")[0] == 200
    for one in (alone, made):
        shown = project.ampersand.get(path_of(project, one["id"])) \
            .must_be(200).body
        assert shown["providerApp"]["id"] == app["id"]
        project.ampersand.delete(
            f"/projects/{project.name}/provider-apps/{app['id']}") \
            .must_be(422)
        project.ampersand.delete(path_of(project, one["id"])).must_be(204)


def test_connection_of_an_access_token_alone_has_no_app(project, authority):
    register(project, authority)
    made = generate(project, "airtable", oauth2AuthorizationCode={
        "accessToken": {"token": "mine"}}).must_be(201).body
    assert "providerApp" not in made


def test_customer_agrees_anew(project, authority):
    register(project, authority)
    made = connect(project, authority, groupRef="acme")
    _, before = tokens_of(project, made)
    status, url = post_text(project, f"{path_of(project, made)}:oauth-update",
                            None, method="PATCH")
    assert status == 200
    page = come_back(project.server, authority.agree(url))
    assert page.told == {"eventType": SUCCEEDED, "data": {"connection": made}}
    _, after = tokens_of(project, made)
    for name in "accessToken", "refreshToken":
        assert before["oauth2AuthorizationCode"][name]["token"] != \
            after["oauth2AuthorizationCode"][name]["token"]
    assert after["oauth2AuthorizationCode"]["refreshToken"]["token"] \
        in authority.live
    assert len(events(project, "connection.created")) == 1
    [updated] = events(project, "connection.updated")
    assert updated["subject"]["id"] == made
    refused(come_back(project.server, authority.agree(url)))


def test_only_tokens_of_a_consent_are_agreed_to_anew(project, authority):
    project.ampersand.patch(
        f"{path_of(project, project.id)}:oauth-update").must_be(
            404, Including(problem(404)))
    key = project.ampersand.post(
        f"/projects/{project.name}/connections:generate", {
            "provider": "stripe", "groupRef": "a", "consumerRef": "b",
            "apiKey": "k"}).must_be(201).body
    project.ampersand.patch(f"{path_of(project, key['id'])}:oauth-update") \
        .must_be(422, Including(problem(422)))


def test_connection_that_went_meanwhile_stays_gone(project, authority):
    register(project, authority)
    made = connect(project, authority)
    _, url = post_text(project, f"{path_of(project, made)}:oauth-update",
                       None, method="PATCH")
    project.ampersand.delete(path_of(project, made)).must_be(204)
    refused(come_back(project.server, authority.agree(url)),
            "the connection is gone")
    project.ampersand.get(path_of(project, made)).must_be(404)


def generate(project, provider, **credentials):
    return project.ampersand.post(
        f"/projects/{project.name}/connections:generate", {
            "provider": provider, "groupRef": unique("org"),
            "consumerRef": unique("user"), **credentials})


CLIENT = {"clientId": "our client", "clientSecret": "s3cret:&=%"}


def test_client_of_the_customer_gets_its_token_at_once(project, authority):
    register(project, authority, "adobe")
    made = generate(project, "adobe", oauth2ClientCredentials={
        **CLIENT, "scopes": ["a", "b"]}).must_be(201, Including({
            "id": UUID, "authScheme": "oauth2/clientCredentials",
            "status": "created"})).body
    [form] = authority.asked
    assert (form["grant_type"], form["scope"]) == ("client_credentials", "a b")
    status, shown = tokens_of(project, made["id"])
    assert shown["oauth2AuthorizationCode"]["accessToken"]["token"] \
        in authority.live_tokens()
    assert "s3cret" not in str(shown)
    # a new one is got by the same
    status, again = tokens_of(project, made["id"], refresh="force")
    assert status == 200
    assert again["oauth2AuthorizationCode"]["accessToken"] != \
        shown["oauth2AuthorizationCode"]["accessToken"]
    assert authority.asked[1]["scope"] == "a b"


@pytest.mark.parametrize("scopes", [["c", "d"], []])
def test_next_token_is_asked_for_by_the_new_scopes(project, authority, scopes):
    register(project, authority, "adobe")
    made = generate(project, "adobe", oauth2ClientCredentials={
        **CLIENT, "scopes": ["a", "b"]}).must_be(201).body
    project.ampersand.patch(
        f"/projects/{project.name}/connections/{made['id']}",
        {"updateMask": ["oauth2ClientCredentials"], "connection": {
            "oauth2ClientCredentials": {**CLIENT, "scopes": scopes}}}) \
        .must_be(200)
    assert tokens_of(project, made["id"], refresh="force")[0] == 200
    wanted = " ".join(scopes) or None
    assert [one.get("scope") for one in authority.asked] == \
        ["a b", wanted, wanted]


def change(project, made, mask, **values):
    return project.ampersand.patch(
        f"/projects/{project.name}/connections/{made['id']}",
        {"updateMask": [mask], "connection": values})


def live_token(project, authority, connection):
    _, shown = tokens_of(project, connection["id"])
    token = shown["oauth2AuthorizationCode"]["accessToken"]["token"]
    return token if token in authority.live_tokens() else None


def test_changed_client_gets_its_token_at_once(project, authority):
    register(project, authority, "adobe")
    made = generate(project, "adobe", oauth2ClientCredentials=CLIENT) \
        .must_be(201).body
    before = live_token(project, authority, made)
    changed = change(project, made, "oauth2ClientCredentials",
                     oauth2ClientCredentials=CLIENT).must_be(
                         200, Including({"status": "created"})).body
    assert changed["id"] == made["id"]
    assert live_token(project, authority, made) not in (None, before)
    assert len(authority.asked) == 2


def test_changed_client_that_the_provider_refuses_changes_nothing(
        project, authority):
    register(project, authority, "adobe")
    register(project, authority, "sugarCRM")
    client = generate(project, "adobe", oauth2ClientCredentials=CLIENT) \
        .must_be(201).body
    user = generate(project, "sugarCRM", oauth2PasswordCredentials={
        **CLIENT, "username": "jane", "password": authority.password}) \
        .must_be(201).body
    before = [live_token(project, authority, one) for one in (client, user)]
    change(project, client, "oauth2ClientCredentials",
           oauth2ClientCredentials={**CLIENT, "clientSecret": "wrong"}) \
        .must_be(422, Including(invalid(
            422, "connection.oauth2ClientCredentials")))
    change(project, user, "oauth2PasswordCredentials",
           oauth2PasswordCredentials={**CLIENT, "username": "jane",
                                      "password": "wrong"}) \
        .must_be(422, Including(invalid(
            422, "connection.oauth2PasswordCredentials")))
    assert [live_token(project, authority, one)
            for one in (client, user)] == before


def test_changed_user_gets_its_token_at_once(project, authority):
    register(project, authority, "sugarCRM")
    made = generate(project, "sugarCRM", oauth2PasswordCredentials={
        **CLIENT, "username": "jane", "password": authority.password}) \
        .must_be(201).body
    change(project, made, "oauth2PasswordCredentials",
           oauth2PasswordCredentials={**CLIENT, "username": "joe",
                                      "password": authority.password}) \
        .must_be(200)
    assert [one["username"] for one in authority.asked] == ["jane", "joe"]
    assert live_token(project, authority, made)


def test_who_shares_a_grant_that_waits_is_told_so_at_once(project, authority):
    register(project, authority, "airtable")
    grant = authority.grant()
    one, other = (generate(project, "airtable", oauth2AuthorizationCode={
        "accessToken": {"token": grant.access},
        "refreshToken": {"token": grant.refresh}}).must_be(201).body
        for _ in range(2))
    authority.schedule = ["429"]
    authority.retry_after_s = 60
    assert tokens_of(project, one["id"], refresh="force")[0] == 503
    reply = project.ampersand.get(path_of(project, other["id"]),
                                  {"refresh": "force"})
    reply.must_be(503, Including({
        "detail": "the provider gives no new token: 429 slow_down"}))
    assert 1 < int(reply.headers["Retry-After"]) <= 60
    assert authority.fired["429"] == 1 and not authority.used


def test_what_nobody_can_be_asked_for_is_422(project, authority):
    made = generate(project, "airtable", oauth2AuthorizationCode={
        "accessToken": {"token": "a"},
        "refreshToken": {"token": authority.issue()}}).must_be(201).body
    project.ampersand.get(path_of(project, made["id"]),
                          {"refresh": "force"}).must_be(422)


def test_refresh_token_that_is_brought_alone_is_used_at_once(project,
                                                             authority):
    register(project, authority, "airtable")
    made = generate(project, "airtable", oauth2AuthorizationCode={
        "refreshToken": {"token": authority.issue()}}).must_be(201).body

    def has_token():
        status, shown = tokens_of(project, made["id"])
        return status == 200 and "accessToken" in \
            shown["oauth2AuthorizationCode"]

    eventually(has_token, "an access token")
    assert live_token(project, authority, made)


def test_user_of_the_customer_gets_its_token_at_once(project, authority):
    register(project, authority, "sugarCRM")
    made = generate(project, "sugarCRM", oauth2PasswordCredentials={
        **CLIENT, "username": "jane", "password": authority.password}) \
        .must_be(201, Including({"authScheme": "oauth2/password"})).body
    _, shown = tokens_of(project, made["id"], refresh="force")
    assert [one["username"] for one in authority.asked] == ["jane"] * 2
    assert "basicAuth" not in shown


def test_credentials_that_the_provider_refuses_are_not_kept(project,
                                                             authority):
    register(project, authority, "adobe")
    register(project, authority, "sugarCRM")
    generate(project, "adobe", oauth2ClientCredentials={
        **CLIENT, "clientSecret": "wrong"}).must_be(422, Including(
            problem(422, detail="the provider answered 401 invalid_client")))
    generate(project, "sugarCRM", oauth2PasswordCredentials={
        **CLIENT, "username": "jane", "password": "wrong"}).must_be(
            422, Including(problem(422)))
    generate(project, "adobe", oauth2ClientCredentials={"clientId": "x"}) \
        .must_be(400, Including(invalid(400, "clientSecret")))
    assert project.ampersand.get(
        f"/projects/{project.name}/connections").must_be(200).body == []


def custom(project, provider, **more):
    return project.ampersand.post("/custom-auth/connect", {
        "projectIdOrName": project.name, "provider": provider,
        "groupRef": unique("org"), "consumerRef": unique("user"), **more})


def test_custom_credentials_in_one_step(project):
    made = custom(project, "gitlab", customAuth={"token": "glpat"}).must_be(
        200, {"connection": Including({"provider": "gitlab",
                                       "authScheme": "none"})}).body
    assert "glpat" not in str(made)
    generate(project, "gitlab", customAuth={"token": "glpat"}).must_be(201)
    custom(project, "gitlab").must_be(400, Including(
        invalid(400, "customAuth")))
    custom(project, "gitlab", customAuth={}).must_be(422, invalid(
        422, "customAuth.token"))
    custom(project, "gitlab", customAuth={"token": "t", "more": "m"}).must_be(
        422, invalid(422, "customAuth.more"))
    custom(project, "stripe", customAuth={}).must_be(422, invalid(
        422, "provider"))
    custom(project, "discourse", customAuth={"apiKey": "k", "username": "u"}) \
        .must_be(422, invalid(422, "providerMetadata.workspace"))


def test_custom_credentials_that_the_provider_looks_at(project, authority):
    """Redtail's are exchanged for a key of the user's."""
    register(project, authority, "redtail")
    inputs = {"apiKey": "key", "username": "jane", "password": "secret"}
    region = {"region": {"value": "api", "source": "input"}}
    generate(project, "redtail", customAuth=inputs, providerMetadata=region) \
        .must_be(422, invalid(422, "customAuth"))
    app = register(project, authority, "redtail",
                   checkUrl=f"{authority.url}/check")
    custom(project, "redtail", customAuth=inputs, providerMetadata=region,
           providerAppId=app["id"]).must_be(
        200, {"connection": Including({"provider": "redtail"})})
    custom(project, "redtail", customAuth={**inputs, "password": "no"},
           providerMetadata=region, providerAppId=app["id"]).must_be(
        422, Including(problem(
            422, detail="the provider answered 401 unauthorized")))


def test_custom_credentials_of_several_steps(project, authority):
    """Microsoft's: an administrator agrees in a browser first."""
    register(project, authority, "microsoftAdminConsent",
             authUrl=f"{authority.url}/adminconsent?client_id={{{{.clientId}}"
             "}&redirect_uri={{.redirect}}&state={{.state}}")
    step = custom(project, "microsoftAdminConsent").must_be(200).body
    asked = query_of(step["redirect"]["url"])
    assert asked["redirect_uri"] == \
        f"{project.server.base}/callbacks/v1/custom-auth"
    back = {"admin_consent": "True", "tenant": "t1", "state": asked["state"]}
    page = come_back(project.server, back, "/callbacks/v1/custom-auth")
    assert page.told == {"source": "ampersand-custom-auth", "params": back}

    def go_on(params, session=step["redirect"]["sessionId"], to=project):
        return to.ampersand.post("/custom-auth/connect", {
            "projectIdOrName": to.name, "sessionId": session,
            "callbackParams": params})

    go_on({**back, "state": "x"}).must_be(422, invalid(
        422, "callbackParams.state"))
    go_on({**back, "admin_consent": "False"}).must_be(422, invalid(
        422, "callbackParams"))
    go_on(back, session="x").must_be(422, invalid(422, "sessionId"))
    made = go_on(page.told["params"]).must_be(200).body["connection"]
    assert made["providerMetadata"]["tenant"] == {
        "value": "t1", "source": "provider"}
    [form] = authority.asked
    assert (form["grant_type"], form["scope"]) == (
        "client_credentials", "https://graph.microsoft.com/.default")
    go_on(back).must_be(422, invalid(422, "sessionId"))


def test_session_of_another_project_is_refused(project, served, authority):
    name = unique("fresh")
    other = served.create_project(name, name)
    register(project, authority, "microsoftAdminConsent",
             authUrl=f"{authority.url}/x?state={{{{.state}}}}")
    step = custom(project, "microsoftAdminConsent").must_be(200).body
    other.ampersand.post("/custom-auth/connect", {
        "projectIdOrName": other.name,
        "sessionId": step["redirect"]["sessionId"],
        "callbackParams": {"admin_consent": "True", "tenant": "t",
                           "state": query_of(step["redirect"]["url"])
                           ["state"]}}).must_be(422, invalid(
                               422, "sessionId"))


def test_public_address_is_where_browsers_come_back(server_factory, authority):
    server = server_factory(options=[
        *ALLOWED, "--public-url", "https://cleat.example.com"])
    register(server.project, authority)
    assert query_of(ask(server.project))["redirect_uri"] == \
        "https://cleat.example.com/callbacks/v1/oauth"


def test_grant_of_a_consent_is_ended_with_its_connection(project, authority):
    register(project, authority, "hubspot")
    made = connect(project, authority, "hubspot")
    kept = connect(project, authority, "hubspot")
    assert len(authority.live) == 2
    [step] = done(project, let_go(project, {"id": made}))["steps"]
    assert step["state"] == "done", step
    _, shown = tokens_of(project, kept)
    assert authority.live == {
        shown["oauth2AuthorizationCode"]["refreshToken"]["token"]}


def test_refresh_that_the_provider_refuses_for_good_is_422(project, authority):
    register(project, authority)
    made = connect(project, authority)
    authority.revoke(next(iter(authority.live)))
    status, told = tokens_of(project, made, refresh="force")
    assert (status, told["status"]) == (422, 422)


def test_provider_of_an_app_stays_while_a_connection_uses_it(project,
                                                             authority):
    app = register(project, authority)
    connect(project, authority)
    project.ampersand.patch(
        f"/projects/{project.name}/provider-apps/{app['id']}", {
            "updateMask": ["provider"], "providerApp": {
                "provider": "hubspot"}}).must_be(409, problem(409))
