"""Provider apps: list, create, update, delete."""

import pytest

from support.ampersand import invalid, new_provider_app, problem
from support.forms import TIME_Z, UUID, containing

METADATA = {"authQueryParams": {"prompt": ["consent"]},
            "providerParams": {"tenant": "one"}}
NOWHERE = "00000000-0000-7000-8000-000000000000"


def apps(project, app=None):
    path = f"/projects/{project.name}/provider-apps"
    return f"{path}/{app}" if app else path


def shown(project, app):
    [only] = [one for one in project.ampersand.get(apps(project)).must_be(
        200).body if one["id"] == app["id"]]
    return only


def test_provider_app_is_created_without_showing_its_secret(
        project, ampersand):
    reply = ampersand.post(apps(project), {
        "externalRef": "mine", "provider": "salesforce", "clientId": "abc",
        "clientSecret": "hush-hush", "scopes": ["api", "web"],
        "metadata": METADATA}).must_be(200, {
            "id": UUID, "projectId": project.id, "externalRef": "mine",
            "provider": "salesforce", "clientId": "abc",
            "scopes": ["api", "web"], "metadata": METADATA,
            "createTime": TIME_Z})
    assert "hush-hush" not in reply.text
    listed = ampersand.get(apps(project)).must_be(
        200, containing(reply.body))
    assert "hush-hush" not in listed.text


def test_what_was_not_given_is_left_out(project):
    assert set(new_provider_app(project)) == {
        "id", "projectId", "provider", "clientId", "createTime"}


def test_list_has_apps_of_the_project_alone(project, other, ampersand):
    foreign = new_provider_app(other)["id"]
    assert foreign not in ampersand.get(apps(project)).must_be(200).text


@pytest.mark.parametrize("name", ["provider", "clientId", "clientSecret"])
def test_missing_member_is_refused(project, ampersand, name):
    body = {"provider": "salesforce", "clientId": "x", "clientSecret": "y"}
    del body[name]
    ampersand.post(apps(project), body).must_be(400, invalid(400, name))


@pytest.mark.parametrize("more, status, wrong", [
    ({"provider": "nobody"}, 422, "provider"),
    ({"clientId": 1}, 400, "clientId"),
    ({"clientId": "x" * 2049}, 422, "clientId"),
    ({"externalRef": "x" * 257}, 422, "externalRef"),
    ({"scopes": "api"}, 400, "scopes"),
    ({"scopes": ["x"] * 201}, 422, "scopes"),
    ({"scopes": ["a b"]}, 422, "scopes"), ({"scopes": [""]}, 422, "scopes"),
    ({"metadata": {"providerParams": {"tokenUrl": "ftp://x"}}}, 422,
     "providerParams.tokenUrl"),
    ({"metadata": {"providerParams": {"authUrl": "https://x/#y"}}}, 422,
     "providerParams.authUrl"),
    ({"metadata": {"authQueryParams": {"a": "b"}}}, 400, "authQueryParams.a"),
    *(({"metadata": {"authQueryParams": {name: ["x"]}}}, 422,
       f"authQueryParams.{name}") for name in (
        "state", "scope", "redirect_uri", "client_id", "code_challenge",
        "code_challenge_method", "response_type", "response_mode", "request",
        "request_uri", "STATE")),
    ({"metadata": {"providerParams": {"a": 1}}}, 400, "providerParams.a"),
    ({"metadata": {"providerParams": {"a": "x" * 8192}}}, 422, "metadata")])
def test_faulty_member_is_refused(project, ampersand, more, status, wrong):
    ampersand.post(apps(project), {
        "provider": "salesforce", "clientId": "x", "clientSecret": "y",
        **more}).must_be(status, invalid(status, wrong))


def test_update_changes_what_the_mask_names_alone(project, ampersand):
    app = new_provider_app(project, externalRef="before")
    ampersand.patch(apps(project, app["id"]), {
        "updateMask": ["clientId", "scopes"], "providerApp": {
            "clientId": "changed", "scopes": ["one"],
            "externalRef": "not this"}}).must_be(200, {
                **app, "clientId": "changed", "scopes": ["one"],
                "updateTime": TIME_Z})
    assert shown(project, app)["externalRef"] == "before"


def test_update_is_as_strict(project, ampersand):
    app = new_provider_app(project)
    ampersand.patch(apps(project, app["id"]), {
        "updateMask": ["metadata"], "providerApp": {"metadata": {
            "authQueryParams": {"state": ["fixed"]}}}}).must_be(
        422, invalid(422, "authQueryParams.state"))
    assert shown(project, app) == app


def test_update_of_the_secret_does_not_show_it(project, ampersand):
    app = new_provider_app(project)
    reply = ampersand.patch(apps(project, app["id"]), {
        "updateMask": ["clientSecret"],
        "providerApp": {"clientSecret": "newer-secret"}}).must_be(200)
    assert "newer-secret" not in reply.text


@pytest.mark.parametrize("body, wrong", [
    ({"providerApp": {}}, "updateMask"),
    ({"updateMask": [], "providerApp": {}}, "updateMask"),
    ({"updateMask": None, "providerApp": {}}, "updateMask"),
    ({"updateMask": ["clientId"]}, "providerApp"),
    ({"updateMask": ["id"], "providerApp": {"id": "x"}}, "updateMask"),
    ({"updateMask": ["clientId"], "providerApp": {}}, "clientId")])
def test_update_with_a_wrong_mask_is_refused(project, ampersand, body, wrong):
    app = new_provider_app(project)
    ampersand.patch(apps(project, app["id"]), body).must_be(
        400, invalid(400, wrong))
    assert shown(project, app) == app


def test_deleted_provider_app_is_gone(project, ampersand):
    app = new_provider_app(project)
    reply = ampersand.delete(apps(project, app["id"])).must_be(204)
    assert reply.text == ""
    assert app["id"] not in ampersand.get(apps(project)).text
    ampersand.delete(apps(project, app["id"])).must_be(404, problem(404))


def test_unknown_provider_app_is_404(project, other, ampersand):
    body = {"updateMask": ["clientId"], "providerApp": {"clientId": "x"}}
    for app in NOWHERE, "no-uuid", new_provider_app(other)["id"]:
        ampersand.patch(apps(project, app), body).must_be(404, problem(404))
        ampersand.delete(apps(project, app)).must_be(404, problem(404))
