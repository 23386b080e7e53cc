"""Projects: list, get, create."""

import pytest

from support.ampersand import (Ampersand, invalid, new_connection,
                               problem)
from support.forms import (TEXT, TIME_Z, UUID, Including, Optional,
                           containing)
from support.names import unique
from support.native import base


def document(project, **known):
    return {"id": project.id, "name": project.name, "appName": TEXT,
            "orgId": TEXT, "createTime": TIME_Z,
            "updateTime": Optional(TIME_Z), **known}


def organization_of(project):
    return project.builder.get(f"/projects/{project.name}").body["orgId"]


def test_key_lists_its_own_project_alone(project, ampersand):
    ampersand.get("/projects").must_be(200, [document(project)])


def test_builder_lists_the_projects_of_the_organization(project, other):
    reply = project.builder.get("/projects")
    reply.must_be(200, containing(document(project)))
    assert other.id not in reply.text


def test_project_is_found_by_id_and_by_name(project, ampersand):
    by_name = ampersand.get(f"/projects/{project.name}")
    by_name.must_be(200, document(project))
    ampersand.get(f"/projects/{project.id}").must_be(200, by_name.body)


def test_project_is_not_found_by_the_id_of_another_api(project, ampersand):
    ampersand.get(f"/projects/{project.upsun_id}").must_be(404, problem(404))


def test_builder_creates_a_project(project):
    name = unique("made")
    created = project.builder.post("/projects", {
        "appName": "A made one", "name": name,
        "orgId": organization_of(project),
    }).must_be(201, {
        "id": UUID, "name": name, "appName": "A made one",
        "orgId": organization_of(project), "createTime": TIME_Z,
        "updateTime": Optional(TIME_Z),
    }).body
    for handle in created["id"], name:
        project.builder.get(f"/projects/{handle}").must_be(200, created)
    project.builder.get("/projects").must_be(200, containing(created))


def test_name_is_saved_in_lower_case(project):
    name = unique("Mixed-Case")
    project.builder.post("/projects", {
        "appName": "x", "name": name, "orgId": organization_of(project),
    }).must_be(201, Including({"name": name.lower()}))


def test_key_does_not_create_projects(project, ampersand):
    ampersand.post("/projects", {
        "appName": "x", "name": unique("made"),
        "orgId": organization_of(project),
    }).must_be(403, problem(403))


@pytest.mark.parametrize("missing", ["appName", "name", "orgId"])
def test_project_without_a_required_member_is_refused(project, missing):
    body = {"appName": "x", "name": unique("made"),
            "orgId": organization_of(project)}
    del body[missing]
    project.builder.post("/projects", body).must_be(
        400, invalid(400, missing))


@pytest.mark.parametrize("name", [
    "a", "-ab", "ab-", "a_b", "a b", "a/b", "x" * 129, "é-é"])
def test_name_that_breaks_the_rule_is_refused(project, name):
    project.builder.post("/projects", {
        "appName": "x", "name": name, "orgId": organization_of(project),
    }).must_be(422, invalid(422, "name"))


@pytest.mark.parametrize("app_name", ["", "x" * 129])
def test_app_name_has_1_to_128_characters(project, app_name):
    project.builder.post("/projects", {
        "appName": app_name, "name": unique("made"),
        "orgId": organization_of(project),
    }).must_be(422, invalid(422, "appName"))


def test_taken_name_is_refused(project):
    project.builder.post("/projects", {
        "appName": "x", "name": project.name,
        "orgId": organization_of(project),
    }).must_be(422, invalid(422, "name"))


def test_project_of_another_organization_is_unknown(project, other):
    for caller in project.ampersand, project.builder:
        for handle in other.id, other.name:
            caller.get(f"/projects/{handle}").must_be(404, problem(404))


def test_nothing_is_made_in_another_organization(project, other):
    reply = project.builder.post("/projects", {
        "appName": "x", "name": unique("made"),
        "orgId": organization_of(other),
    })
    assert reply.status in (403, 404, 422), reply
    reply.must_be(reply.status)


def test_caller_without_credentials_is_refused(project, server):
    Ampersand(server).get("/projects").must_be(401, problem(401))


def patch(project, mask, **fields):
    return project.ampersand.patch(f"/projects/{project.name}", {
        "updateMask": mask, "project": fields})


def test_project_is_renamed_in_every_api(new_project):
    before = new_project.ampersand.get(f"/projects/{new_project.id}").body
    name = unique("Renamed")
    shown = patch(new_project, ["appName", "name"], appName="Loan desk",
                  name=name).must_be(200, {
                      **before, "appName": "Loan desk", "name": name.lower(),
                      "updateTime": TIME_Z}).body
    old, new_project.name = new_project.name, shown["name"]
    for handle in new_project.id, new_project.name:
        new_project.ampersand.get(f"/projects/{handle}").must_be(200, shown)
    new_project.ampersand.get(f"/projects/{old}").must_be(404, problem(404))
    new_project.apinizer.get(
        f"/projects/{shown['name']}/connections/?type=all").must_be(200)
    assert new_project.gorules.get("/projects").must_be(200) \
        .body["results"][0]["key"] == shown["name"]
    [event] = new_project.native.get(
        f"/projects/{new_project.name}/events",
        {"type": "project.updated"}).must_be(200).body["items"]
    assert event["subject"]["id"] == new_project.id


def test_only_what_is_masked_changes(new_project):
    before = new_project.ampersand.get(f"/projects/{new_project.id}").body
    patch(new_project, ["appName"], appName="New", name="not-this").must_be(
        200, {**before, "appName": "New", "updateTime": TIME_Z})


@pytest.mark.parametrize("status, mask, fields, name", [
    (400, [], {"name": "xy"}, "updateMask"),
    (400, None, {"name": "xy"}, "updateMask"),
    (400, ["orgId"], {"orgId": "x"}, "updateMask"),
    (400, ["name"], {"appName": "x"}, "name"),
    (400, ["name"], {"name": 1}, "name"),
    (422, ["name"], {"name": "a_b"}, "name"),
    (422, ["name"], {"name": "x" * 129}, "name"),
    (422, ["name"], {"name": "other"}, "name"),
    (422, ["appName"], {"appName": ""}, "appName"),
    (422, ["appName"], {"appName": "x" * 129}, "appName")])
def test_update_that_does_not_fit_is_refused(project, other, status, mask,
                                             fields, name):
    patch(project, mask, **fields).must_be(status, invalid(status, name))
    project.ampersand.patch(f"/projects/{project.name}", {
        "updateMask": ["name"]}).must_be(400, invalid(400, "project"))


def test_project_of_others_is_neither_changed_nor_deleted(project, other):
    viewer = project.caller("ampersand", "viewer")
    ask = {"updateMask": ["appName"], "project": {"appName": "x"}}
    for caller, of, status in ((project.ampersand, other, 404),
                               (project.builder, other, 404),
                               (viewer, project, 403)):
        caller.patch(f"/projects/{of.name}", ask).must_be(
            status, problem(status))
        caller.delete(f"/projects/{of.name}").must_be(
            status, problem(status))
    other.ampersand.get(f"/projects/{other.name}").must_be(200)


def test_project_is_deleted_as_planned(new_project):
    path = f"/projects/{new_project.name}"
    connection = new_connection(new_project)
    hold = f"{base(new_project)}/holds/connection/{connection['id']}"
    plan = new_project.ampersand.delete(path, {"dryRun": "true"})
    assert plan.status == 200 and plan.headers["Content-Type"] == \
        "application/vnd.cleat.plan+json"
    new_project.ampersand.delete(path, {"dryRun": "x"}).must_be(400)
    new_project.ampersand.get(path).must_be(200)
    new_project.native.put(hold, {"reason": "case"}).must_be(200)
    new_project.ampersand.delete(path).must_be(409, problem(409))
    new_project.native.delete(hold).must_be(204, None)
    reply = new_project.ampersand.delete(path).must_be(204, None)
    assert reply.headers["Cleat-Deletion"]
    new_project.ampersand.get(path).must_be(401, problem(401))
