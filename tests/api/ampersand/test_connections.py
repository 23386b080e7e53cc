"""Connections: generate, list, get, delete."""

import pytest

from support.ampersand import (consumer, group, invalid, new_connection,
                               new_installation, new_provider_app, path_of,
                               problem)
from support.forms import TIME_Z, UUID, Including, Optional, containing
from support.names import unique

NOBODY = "00000000-0000-7000-8000-000000000000"
SECRET = "canary-c0ffee"
TOKENS = {
    "accessToken": {"token": f"access-{SECRET}",
                    "expiresAt": "2035-01-15T10:30:00Z"},
    "refreshToken": {"token": f"refresh-{SECRET}"},
    "scopes": ["api", "offline"],
}
API_KEY = {"provider": "stripe", "apiKey": f"key-{SECRET}"}
BASIC = {"provider": "ashby",
         "basicAuth": {"username": "jane", "password": f"pass-{SECRET}"}}
OAUTH2 = {"provider": "salesforce", "oauth2AuthorizationCode": TOKENS}


def connections(project, connection_id=""):
    path = f"/projects/{project.name}/connections"
    return f"{path}/{connection_id}" if connection_id else path


def generate(project, credentials, **more):
    return project.ampersand.post(f"{connections(project)}:generate", {
        "groupRef": unique("org"), "consumerRef": unique("user"),
        **credentials, **more})


def document(project, provider, scheme, group_form, consumer_form):
    return {"id": UUID, "projectId": project.id, "provider": provider,
            "group": group_form, "consumer": consumer_form,
            "createTime": TIME_Z, "updateTime": Optional(TIME_Z),
            "authScheme": scheme, "status": "created"}


@pytest.mark.parametrize("credentials, scheme", [
    (API_KEY, "apiKey"), (BASIC, "basic"),
    (OAUTH2, "oauth2/authorizationCode")])
def test_connection_is_generated(project, ampersand, credentials, scheme):
    org, user = unique("org"), unique("user")
    created = generate(
        project, credentials, groupRef=org, groupName="Acme Corp",
        consumerRef=user, consumerName="Jane Smith",
    ).must_be(201, document(
        project, credentials["provider"], scheme,
        group(project, org, "Acme Corp"),
        consumer(project, user, "Jane Smith"))).body
    ampersand.get(connections(project, created["id"])).must_be(200, created)


def test_names_may_be_left_out(project):
    org, user = unique("org"), unique("user")
    generate(project, API_KEY, groupRef=org, consumerRef=user).must_be(
        201, Including({"group": group(project, org),
                        "consumer": consumer(project, user)}))


def test_workspace_is_kept(project):
    generate(project, OAUTH2, providerWorkspaceRef="acme").must_be(
        201, Including({"providerWorkspaceRef": "acme"}))


def test_generate_renames_the_group_and_the_consumer(project, ampersand):
    org, user = unique("org"), unique("user")
    before = generate(project, API_KEY, groupRef=org, groupName="Old",
                      consumerRef=user, consumerName="Old").must_be(201).body
    generate(project, BASIC, groupRef=org, groupName="New",
             consumerRef=user, consumerName="New").must_be(201)
    after = ampersand.get(connections(project, before["id"])).must_be(200)
    assert after.body["group"]["groupName"] == "New"
    assert after.body["consumer"]["consumerName"] == "New"
    assert after.body["group"]["createTime"] == before["group"]["createTime"]


def test_generate_without_names_keeps_those_known(project):
    org, user = unique("org"), unique("user")
    generate(project, API_KEY, groupRef=org, groupName="Acme Corp",
             consumerRef=user, consumerName="Jane Smith").must_be(201)
    generate(project, BASIC, groupRef=org, consumerRef=user).must_be(
        201, Including({"group": group(project, org, "Acme Corp"),
                        "consumer": consumer(project, user, "Jane Smith")}))


@pytest.mark.parametrize("missing", ["provider", "groupRef", "consumerRef"])
def test_connection_without_a_required_member_is_refused(
        project, ampersand, missing):
    body = {"groupRef": "org", "consumerRef": "user", **API_KEY}
    del body[missing]
    ampersand.post(f"{connections(project)}:generate", body).must_be(
        400, invalid(400, missing))


@pytest.mark.parametrize("wrong", [
    {"provider": 5}, {"groupRef": []}, {"consumerRef": {}},
    {"apiKey": 12}, {"groupName": False}])
def test_member_of_the_wrong_type_is_refused(project, wrong):
    [name] = wrong
    generate(project, {**API_KEY, **wrong}).must_be(400, invalid(400, name))


def test_member_within_credentials_is_checked(project):
    generate(project, {**BASIC, "basicAuth": {"username": "jane"}}).must_be(
        400, invalid(400, "password"))


def test_unknown_provider_is_refused(project):
    generate(project, {**API_KEY, "provider": "noSuchProvider"}).must_be(
        422, invalid(422, "provider"))


@pytest.mark.parametrize("credentials", [
    {**API_KEY, "provider": "salesforce"}, {**BASIC, "provider": "stripe"},
    {**OAUTH2, "provider": "ashby"}, {**API_KEY, "provider": "ashby"}])
def test_wrong_kind_of_credential_is_refused(project, credentials):
    generate(project, credentials).must_be(422, invalid(422))


@pytest.mark.parametrize("credentials, wrong", [
    ({"provider": "stripe"}, "apiKey"),
    ({"provider": "ashby"}, "basicAuth"),
    ({**BASIC, **API_KEY}, "basicAuth"),
    ({**OAUTH2, **API_KEY}, "oauth2AuthorizationCode"),
    ({**API_KEY, "customAuth": {"a": "b"}}, "customAuth")])
def test_exactly_one_credential_is_wanted(project, credentials, wrong):
    generate(project, credentials).must_be(422, invalid(422, wrong))


@pytest.mark.parametrize("tokens, status, wrong", [
    ({}, 422, "oauth2AuthorizationCode"),
    ({"accessToken": None}, 422, "oauth2AuthorizationCode"),
    ({"accessToken": {}}, 400, "accessToken.token"),
    ({"accessToken": {"token": ""}}, 422, "accessToken.token"),
    ({"accessToken": {"token": "t", "expiresAt": "soon"}}, 422, "expiresAt"),
    ({"accessToken": {"token": "t"}, "scopes": "api"}, 400, "scopes")])
def test_imported_tokens_are_checked(project, tokens, status, wrong):
    generate(project, {**OAUTH2, "oauth2AuthorizationCode": tokens}) \
        .must_be(status, invalid(status, wrong))


def test_imported_tokens_are_those_of_the_app_that_is_named(project):
    """Another one would be refused when it refreshes or revokes them."""
    new_provider_app(project)
    named = new_provider_app(project)
    made = generate(project, {**OAUTH2, "providerAppId": named["id"]}) \
        .must_be(201).body
    assert made["providerApp"]["id"] == named["id"]
    shown = project.ampersand.get(connections(project, made["id"])) \
        .must_be(200).body
    assert shown["providerApp"]["id"] == named["id"]


def test_app_of_another_provider_is_refused(project):
    app = new_provider_app(project)
    generate(project, {**OAUTH2, "provider": "hubspot",
                       "providerAppId": app["id"]}).must_be(
        422, invalid(422, "providerAppId"))


@pytest.mark.parametrize("app_id", ["x", NOBODY])
def test_app_that_is_none_is_refused(project, app_id):
    generate(project, {**OAUTH2, "providerAppId": app_id}).must_be(
        422, invalid(422, "providerAppId"))


@pytest.mark.parametrize("fact, status, wrong", [
    ("x", 400, "providerMetadata.region"),
    ({"source": "input"}, 400, "region.value"),
    ({"value": "eu", "source": 1}, 400, "region.source"),
    ({"value": "eu", "source": "put"}, 422, "region.source")])
def test_facts_about_the_provider_are_checked(project, fact, status, wrong):
    generate(project, API_KEY, providerMetadata={"region": fact}) \
        .must_be(status, invalid(status, wrong))


def test_facts_about_the_provider_are_kept(project):
    facts = {"region": {"value": "eu", "source": "input"}}
    generate(project, API_KEY, providerMetadata=facts).must_be(
        201, Including({"providerMetadata": facts}))


@pytest.mark.parametrize("key", ["a\nb", "a\r\nX-Own: 1"])
def test_key_that_would_end_its_header_is_refused(project, key):
    generate(project, {"provider": "stripe", "apiKey": key}).must_be(
        422, invalid(422, "apiKey"))


@pytest.mark.parametrize("credentials, wrong", [
    ({"provider": "zuora", "oauth2ClientCredentials": {
        "clientId": "a", "clientSecret": "b"}}, "oauth2ClientCredentials"),
    ({"provider": "sugarCRM", "oauth2PasswordCredentials": {
        "clientId": "a", "clientSecret": "b", "username": "c",
        "password": "d"}}, "oauth2PasswordCredentials"),
    ({"provider": "gitlab", "customAuth": {"a": "b"}}, "customAuth.a")])
def test_what_the_provider_can_not_be_asked_with_is_said(project, credentials,
                                                         wrong):
    """The first two want the customer's workspace; test_oauth.py has more."""
    generate(project, credentials).must_be(422, invalid(422, wrong))


@pytest.mark.parametrize("credentials", [API_KEY, BASIC, OAUTH2])
def test_credentials_are_not_read_back(project, ampersand, credentials):
    reply = generate(project, credentials).must_be(201)
    org = reply.body["group"]["groupRef"]
    answers = [
        reply,
        ampersand.get(connections(project, reply.body["id"])),
        ampersand.get(connections(project), {"groupRef": org}),
        ampersand.get(connections(project, reply.body["id"]),
                      {"includeCreds": "false"}),
        ampersand.get(connections(project, reply.body["id"]),
                      {"includeRefreshToken": "true"}),
    ]
    for answer in answers:
        assert SECRET not in answer.must_be(answer.status).text, answer


def test_api_key_is_shown_when_asked_for(project, ampersand):
    created = generate(project, API_KEY).must_be(201).body
    ampersand.get(connections(project, created["id"]),
                  {"includeCreds": "true"}).must_be(
        200, {**created, "apiKey": API_KEY["apiKey"]})


def test_refresh_token_is_shown_when_asked_for_too(project, ampersand):
    created = generate(project, OAUTH2).must_be(201).body
    path = connections(project, created["id"])
    access = Including({"token": TOKENS["accessToken"]["token"],
                        "expiresAt": TIME_Z})
    shown = ampersand.get(path, {"includeCreds": "true"}).must_be(
        200, {**created, "oauth2AuthorizationCode": {
            "accessToken": access, "scopes": TOKENS["scopes"]}})
    assert TOKENS["refreshToken"]["token"] not in shown.text
    ampersand.get(path, {"includeCreds": "true",
                         "includeRefreshToken": "true"}).must_be(
        200, {**created, "oauth2AuthorizationCode": {
            "accessToken": access, "scopes": TOKENS["scopes"],
            "refreshToken": Including(TOKENS["refreshToken"])}})


def test_list_has_three_filters(project, ampersand):
    org, user = unique("org"), unique("user")
    key = generate(project, API_KEY, groupRef=org,
                   consumerRef=user).must_be(201).body
    basic = generate(project, BASIC, groupRef=org).must_be(201).body

    def listed(**query):
        found = ampersand.get(connections(project), query).must_be(200).body
        return sorted(found, key=str)

    assert listed(groupRef=org) == sorted([key, basic], key=str)
    assert listed(groupRef=org, provider="stripe") == [key]
    assert listed(groupRef=org, provider="hubspot") == []
    assert listed(consumerRef=user) == [key]
    assert listed(consumerRef=user, provider="ashby") == []
    assert listed(groupRef="nobody") == []


def test_list_is_of_the_whole_project(project, other, ampersand):
    mine, foreign = new_connection(project), new_connection(other)
    reply = ampersand.get(connections(project)).must_be(
        200, containing(mine))
    assert foreign["id"] not in reply.text


def test_unused_connection_is_deleted(project, ampersand):
    made = new_connection(project)
    path = connections(project, made["id"])
    ampersand.delete(path).must_be(204, None)
    ampersand.get(path).must_be(404, problem(404))
    ampersand.delete(path).must_be(404, problem(404))
    ampersand.get(connections(project),
                  {"groupRef": made["group"]["groupRef"]}).must_be(200, [])


def test_connection_in_use_is_not_deleted(project, ampersand):
    one = new_installation(project)
    two = new_installation(project, connection=one["connection"])
    path = connections(project, one["connection"]["id"])
    refusal = ampersand.delete(path).must_be(409, problem(409)).body
    assert sorted(refusal["causes"]) == sorted(
        f"installation {user['id']} uses it" for user in (one, two))
    ampersand.get(path).must_be(200, one["connection"])


def test_force_deletes_the_installations_too(project, ampersand):
    one = new_installation(project)
    two = new_installation(project, connection=one["connection"])
    path = connections(project, one["connection"]["id"])
    ampersand.delete(path, {"force": "true"}).must_be(204, None)
    ampersand.get(path).must_be(404, problem(404))
    for gone in one, two:
        ampersand.get(path_of(project, gone)).must_be(404, problem(404))


def test_unknown_connection_is_404(project, ampersand):
    for connection_id in NOBODY, "no-uuid":
        path = connections(project, connection_id)
        ampersand.get(path).must_be(404, problem(404))
        ampersand.delete(path).must_be(404, problem(404))


def test_connection_of_another_project_is_unknown(project, other, ampersand):
    foreign = new_connection(other)
    for path in (connections(project, foreign["id"]),
                 connections(other, foreign["id"])):
        ampersand.get(path).must_be(404, problem(404))
        ampersand.delete(path).must_be(404, problem(404))
    other.ampersand.get(connections(other, foreign["id"])) \
        .must_be(200, foreign)


def test_same_group_ref_in_two_projects_is_two_groups(project, other):
    org = unique("org")
    generate(project, API_KEY, groupRef=org, groupName="Ours").must_be(201)
    generate(other, API_KEY, groupRef=org, groupName="Theirs").must_be(
        201, Including({"group": group(other, org, "Theirs")}))
    generate(project, BASIC, groupRef=org).must_be(
        201, Including({"group": group(project, org, "Ours")}))
