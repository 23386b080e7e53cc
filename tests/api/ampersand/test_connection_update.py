"""Connections are changed by mask: their facts, or credentials of their kind."""

import pytest

from support.ampersand import (invalid, new_connection, new_installation,
                               path_of, problem)
from support.forms import TIME_Z, Including
from support.names import unique

NOBODY = "00000000-0000-7000-8000-000000000000"
METADATA = {"region": {"value": "crm4", "source": "input"}}


def at(project, connection_id):
    return f"/projects/{project.name}/connections/{connection_id}"


def generate(project, **credentials):
    return project.ampersand.post(
        f"/projects/{project.name}/connections:generate",
        {"groupRef": unique("org"), "consumerRef": unique("user"),
         **credentials}).must_be(201).body


def with_key(project, **more):
    return generate(project, provider="stripe", apiKey="old", **more)


def with_token(project, **more):
    return generate(project, provider="salesforce", **more,
                    oauth2AuthorizationCode={"accessToken": {"token": "t"}})


def patch(project, connection, mask, **values):
    return project.ampersand.patch(
        at(project, connection["id"]),
        {"updateMask": mask, "connection": values})


def credentials(project, connection):
    return project.ampersand.get(
        at(project, connection["id"]) + "?includeCreds=true").must_be(200).body


def test_key_is_replaced(project):
    made = with_key(project)
    answer = patch(project, made, ["apiKey"], apiKey="new").must_be(
        200, {**made, "updateTime": TIME_Z}).body
    project.ampersand.get(at(project, made["id"])).must_be(200, answer)
    assert credentials(project, made)["apiKey"] == "new"


def test_user_and_password_are_replaced(project):
    made = generate(project, provider="ashby", basicAuth={
        "username": "jane", "password": "old"})
    new = {"username": "joe", "password": "new"}
    patch(project, made, ["basicAuth"], basicAuth=new).must_be(200)
    assert credentials(project, made)["basicAuth"] == new


def test_workspace_and_metadata_are_replaced(project):
    made = with_token(project, providerWorkspaceRef="acme")
    answer = patch(project, made, ["providerWorkspaceRef", "providerMetadata"],
                   providerWorkspaceRef="acme--dev.sandbox",
                   providerMetadata=METADATA).must_be(200, Including({
                       "providerWorkspaceRef": "acme--dev.sandbox",
                       "providerMetadata": METADATA, "status": "created"}))
    project.ampersand.get(at(project, made["id"])).must_be(200, answer.body)
    token = credentials(project, made)["oauth2AuthorizationCode"]
    assert token["accessToken"]["token"] == "t"


def test_empty_workspace_is_none(project):
    made = with_token(project, providerWorkspaceRef="acme")
    changed = patch(project, made, ["providerWorkspaceRef"],
                    providerWorkspaceRef="").must_be(200).body
    assert "providerWorkspaceRef" not in changed


def test_what_is_not_masked_is_ignored(project):
    made = with_key(project, providerWorkspaceRef="acme")
    patch(project, made, ["providerMetadata"], providerMetadata=METADATA,
          providerWorkspaceRef="other", apiKey=1).must_be(
              200, Including({"providerWorkspaceRef": "acme"}))
    assert credentials(project, made)["apiKey"] == "old"


def test_installations_show_what_changed(project):
    installation = new_installation(project)
    connection = installation["connection"]
    project.ampersand.get(path_of(project, installation)).must_be(200)
    patch(project, connection, ["providerWorkspaceRef"],
          providerWorkspaceRef="moved").must_be(200)
    project.ampersand.get(path_of(project, installation)).must_be(
        200, Including({"connection": Including(
            {"providerWorkspaceRef": "moved"})}))


def test_change_is_an_event_without_the_credential(new_project):
    made = with_key(new_project)
    patch(new_project, made, ["apiKey"], apiKey="canary-key").must_be(200)
    seen = new_project.upsun.get(
        f"/projects/{new_project.upsun_id}/activities").must_be(200)
    assert [one["type"] for one in seen.body].count("connection.updated") == 1
    assert "canary-key" not in seen.text


@pytest.mark.parametrize("mask", [
    "basicAuth", "oauth2ClientCredentials", "oauth2PasswordCredentials"])
def test_credential_of_another_kind_is_422(project, mask):
    made = with_key(project)
    value = {"username": "u", "password": "p", "clientId": "i",
             "clientSecret": "s"}
    patch(project, made, [mask], **{mask: value}).must_be(
        422, invalid(422, f"connection.{mask}"))
    assert credentials(project, made)["apiKey"] == "old"


@pytest.mark.parametrize("workspace", [
    "evil.com/", "evil.com#", "evil.com?x=", "u@evil.com", "evil.com:443",
    "https://acme", "a..b", ".", "-acme", "acme-", "ac me", "a%2fb"])
def test_workspace_keeps_its_place_in_the_host(project, workspace):
    made = with_token(project, providerWorkspaceRef="acme")
    patch(project, made, ["providerWorkspaceRef"],
          providerWorkspaceRef=workspace).must_be(
              422, invalid(422, "connection.providerWorkspaceRef"))
    project.ampersand.post(f"/projects/{project.name}/connections:generate", {
        "groupRef": unique("org"), "consumerRef": unique("user"),
        "provider": "salesforce", "providerWorkspaceRef": workspace,
        "oauth2AuthorizationCode": {"accessToken": {"token": "t"}}}).must_be(
            422, invalid(422, "providerWorkspaceRef"))


def test_metadata_keeps_its_place_in_the_host(project):
    made = generate(project, provider="dynamicsCRM", oauth2AuthorizationCode={
        "accessToken": {"token": "t"}})
    patch(project, made, ["providerMetadata"], providerMetadata={
        "region": {"value": "crm.evil.com/", "source": "input"}}).must_be(
            422, invalid(422, "connection.providerMetadata.region"))


@pytest.mark.parametrize("body, field", [
    ({"connection": {"apiKey": "x"}}, "updateMask"),
    ({"updateMask": [], "connection": {"apiKey": "x"}}, "updateMask"),
    ({"updateMask": ["status"], "connection": {"status": "x"}}, "updateMask"),
    ({"updateMask": "apiKey", "connection": {"apiKey": "x"}}, "updateMask"),
    ({"updateMask": ["apiKey"]}, "connection"),
    ({"updateMask": ["apiKey"], "connection": {}}, "connection.apiKey"),
    ({"updateMask": ["apiKey"], "connection": {"apiKey": 1}},
     "connection.apiKey"),
    ({"updateMask": ["providerMetadata"],
      "connection": {"providerMetadata": {"region": {"value": "x"}}}},
     "connection.providerMetadata.region.source"),
])
def test_what_does_not_fit_is_400(project, body, field):
    made = with_key(project)
    project.ampersand.patch(at(project, made["id"]), body).must_be(
        400, invalid(400, field))


def test_empty_key_is_422(project):
    patch(project, with_key(project), ["apiKey"], apiKey="").must_be(
        422, invalid(422, "connection.apiKey"))


def test_unknown_connection_is_404(project):
    for connection_id in (NOBODY, "nonsense"):
        patch(project, {"id": connection_id}, ["apiKey"], apiKey="x").must_be(
            404, problem(404))


def test_connection_of_another_project_is_404(project, new_project):
    made = new_connection(project)
    patch(new_project, made, ["providerWorkspaceRef"],
          providerWorkspaceRef="x").must_be(404, problem(404))
