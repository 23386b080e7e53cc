"""patchObjectConfigContent: JSON Patch (RFC 6902) on one object's choice."""

import copy
import urllib.parse

import pytest

from support import configs
from support.ampersand import invalid, path_of, problem
from support.configs import (ACCOUNT, CONTACT, FULL, LEAD, SLASHED,
                             new_installation, read_object, update_content)
from support.forms import TIME_Z, UUID, Including
from support.native import items

NOBODY = "00000000-0000-7000-8000-000000000000"


@pytest.fixture(scope="module")
def integration(project):
    return configs.new_integration(project)


@pytest.fixture
def made(project, integration):
    return new_installation(project, integration)


def patch(project, made, changes, name="account", action="read", by=None):
    path = f"/projects/{project.name}/integrations/{made['integrationId']}" \
        f"/objects/{urllib.parse.quote(name, safe='')}/config-content"
    by = by or {"groupRef": made["group"]["groupRef"]}
    return project.ampersand.patch(
        path, {**by, "action": action, "changes": changes})


def must_become(project, made, reply, value, name="account", action="read"):
    content = copy.deepcopy(made["config"]["content"])
    if value is None:
        del content[action]["objects"][name]
    else:
        content[action]["objects"][name] = value
    reply.must_be(200, {
        **made, "updateTime": TIME_Z,
        "config": {"id": UUID, "createTime": TIME_Z, "content": content,
                   "createdBy": "api:patch-object-config-content",
                   "revisionId": made["config"]["revisionId"]}})
    assert reply.body["config"]["id"] != made["config"]["id"]
    project.ampersand.get(path_of(project, made)).must_be(200, reply.body)
    return reply.body


def without(value, *names):
    return {name: one for name, one in value.items() if name not in names}


@pytest.mark.parametrize("changes, value", [
    ([{"op": "replace", "path": "/selectedFields/industry", "value": True}],
     {**ACCOUNT, "selectedFields": {"name": True, "industry": True}}),
    ([{"op": "add", "path": "/selectedFields/a~1b~0c", "value": True}],
     {**ACCOUNT, "selectedFields": {**ACCOUNT["selectedFields"],
                                    "a/b~c": True}}),
    ([{"op": "add", "path": "/disabled", "value": True}],
     {**ACCOUNT, "disabled": True}),
    ([{"op": "remove", "path": "/backfill"}], without(ACCOUNT, "backfill")),
    ([{"op": "remove", "path": "/fieldFilters/0"}],
     {**ACCOUNT, "fieldFilters": ACCOUNT["fieldFilters"][1:]}),
    ([{"op": "add", "path": "/fieldFilters/-",
       "value": {"fieldName": "z", "operator": "eq", "value": "1"}}],
     {**ACCOUNT, "fieldFilters": [*ACCOUNT["fieldFilters"], {
         "fieldName": "z", "operator": "eq", "value": "1"}]}),
    ([{"op": "add", "path": "/fieldFilters/0",
       "value": {"fieldName": "z", "operator": "eq", "value": "1"}},
      {"op": "replace", "path": "/fieldFilters/0/value", "value": 2}],
     {**ACCOUNT, "fieldFilters": [
         {"fieldName": "z", "operator": "eq", "value": 2},
         *ACCOUNT["fieldFilters"]]}),
    ([{"op": "replace", "path": "", "value": read_object("account")}],
     read_object("account")),
    ([{"op": "remove", "path": ""}], None),
    ([{"op": "remove", "path": ""},
      {"op": "add", "path": "", "value": read_object("account")}],
     read_object("account")),
])
def test_object_is_patched(project, made, changes, value):
    must_become(project, made, patch(project, made, changes), value)


@pytest.mark.parametrize("action, name, changes, value", [
    ("write", "contact", [{"op": "remove", "path": "/selectedValueDefaults"}],
     without(CONTACT, "selectedValueDefaults")),
    ("subscribe", "lead", [{"op": "replace", "path": "/createEvent/enabled",
                            "value": "never"}],
     {**LEAD, "createEvent": {"enabled": "never"}}),
])
def test_each_action_is_patched(project, made, action, name, changes, value):
    must_become(project, made, patch(project, made, changes, name, action),
                value, name, action)


def test_installation_is_named_by_its_id(project, made):
    must_become(project, made, patch(
        project, made, [{"op": "remove", "path": "/backfill"}],
        by={"installationId": made["id"]}), without(ACCOUNT, "backfill"))


def test_object_name_is_taken_as_it_is(project, made):
    value = read_object(SLASHED)
    changed = update_content(
        project, made, [f"read.objects.{SLASHED}"],
        {"read": {"objects": {SLASHED: value}}}).must_be(200).body
    must_become(project, changed, patch(
        project, made, [{"op": "add", "path": "/disabled", "value": True}],
        SLASHED), {**value, "disabled": True}, SLASHED)


@pytest.mark.parametrize("change, blamed", [
    ("x", "changes[0]"),
    ({"path": "/disabled"}, "changes[0].op"),
    ({"op": "add", "value": 1}, "changes[0].path"),
    ({"op": "add", "path": "/x"}, "changes[0].value"),
    ({"op": "replace", "path": "/disabled"}, "changes[0].value"),
    ({"op": "test", "path": "/disabled", "value": True}, "changes[0].op"),
    ({"op": "move", "from": "/backfill", "path": "/b"}, "changes[0].op"),
    ({"op": "remove", "path": 5}, "changes[0].path"),
    ({"op": "remove", "path": "disabled"}, "changes[0].path"),
    ({"op": "remove", "path": "/a~2b"}, "changes[0].path"),
    ({"op": "remove", "path": "/nothing"}, "changes[0].path"),
    ({"op": "replace", "path": "/nothing", "value": 1}, "changes[0].path"),
    ({"op": "add", "path": "/no/where", "value": 1}, "changes[0].path"),
    ({"op": "add", "path": "/disabled/x", "value": 1}, "changes[0].path"),
    ({"op": "add", "path": "/fieldFilters/3", "value": {}},
     "changes[0].path"),
    ({"op": "add", "path": "/fieldFilters/01", "value": {}},
     "changes[0].path"),
    ({"op": "remove", "path": "/fieldFilters/-"}, "changes[0].path"),
    ({"op": "remove", "path": "/fieldFilters/2"}, "changes[0].path"),
    ({"op": "remove", "path": "/fieldFilters/99999999999999999999999"},
     "changes[0].path"),
])
def test_change_that_can_not_be_made_is_400(project, made, change, blamed):
    patch(project, made, [change]).must_be(
        400, Including({"issues": [Including({"name": blamed})]}))
    project.ampersand.get(path_of(project, made)).must_be(200, made)


@pytest.mark.parametrize("change, blamed", [
    ({"op": "remove", "path": "/objectName"}, "account.objectName"),
    ({"op": "replace", "path": "/objectName", "value": "lead"},
     "account.objectName"),
    ({"op": "remove", "path": "/selectedFields"}, "account.selectedFields"),
    ({"op": "replace", "path": "/disabled", "value": "yes"},
     "account.disabled"),
    ({"op": "replace", "path": "/schedule", "value": "* * * * *"},
     "account.schedule"),
    ({"op": "replace", "path": "", "value": []}, "account"),
    ({"op": "replace", "path": "", "value": None}, "account"),
])
def test_result_that_does_not_fit_is_400(project, made, change, blamed):
    patch(project, made, [change]).must_be(
        400, invalid(400, f"config.content.read.objects.{blamed}"))
    project.ampersand.get(path_of(project, made)).must_be(200, made)


def test_all_changes_are_made_or_none(project, made):
    patch(project, made, [
        {"op": "add", "path": "/disabled", "value": True},
        {"op": "remove", "path": "/nothing"}]).must_be(
        400, invalid(400, "changes[1].path"))
    project.ampersand.get(path_of(project, made)).must_be(200, made)


def test_result_may_not_be_too_deep(project, made):
    deep = 1
    for _ in range(58):
        deep = {"x": deep}
    changes = [{"op": "add", "path": "/extra", "value": deep},
               {"op": "add", "path": "/extra" + "/x" * 58, "value": deep}]
    patch(project, made, changes).must_be(400, invalid(400, "changes"))
    changes.append({"op": "add", "path": "/extra" + "/x" * 116, "value": {}})
    patch(project, made, changes).must_be(
        400, invalid(400, "changes[2].path"))


@pytest.mark.parametrize("body, blamed", [
    ({}, "action"),
    ({"groupRef": "g", "action": "read"}, "changes"),
    ({"groupRef": "g", "action": "read", "changes": []}, "changes"),
    ({"groupRef": "g", "action": "read", "changes": {}}, "changes"),
    ({"groupRef": "g", "action": "delete", "changes": [
        {"op": "remove", "path": ""}]}, "action"),
    ({"action": "read", "changes": [{"op": "remove", "path": ""}]},
     "groupRef"),
    ({"groupRef": "g", "installationId": NOBODY, "action": "read",
      "changes": [{"op": "remove", "path": ""}]}, "groupRef"),
    ({"groupRef": 5, "action": "read", "changes": [
        {"op": "remove", "path": ""}]}, "groupRef"),
    ({"groupRef": "g", "action": "read", "changes": [
        {"op": "remove", "path": ""}] * 1001}, "changes"),
])
def test_body_of_another_form_is_400(project, integration, body, blamed):
    project.ampersand.patch(
        f"/projects/{project.name}/integrations/{integration['id']}"
        "/objects/account/config-content", body).must_be(
        400, invalid(400, blamed))


REMOVE = [{"op": "remove", "path": "/backfill"}]


def test_what_is_not_there_is_404(project, other, made):
    foreign, elsewhere = new_installation(other), new_installation(project)
    for by in ({"groupRef": "nobody"}, {"installationId": NOBODY},
               {"installationId": "no-uuid"},
               {"groupRef": elsewhere["group"]["groupRef"]},
               {"groupRef": foreign["group"]["groupRef"]},
               {"installationId": elsewhere["id"]},
               {"installationId": foreign["id"]}):
        patch(project, made, REMOVE, by=by).must_be(404, problem(404))
    patch(project, made, REMOVE, "lead").must_be(404, problem(404))
    patch(project, made, REMOVE, "account", "write").must_be(404, problem(404))
    for integration_id in NOBODY, "x", foreign["integrationId"]:
        patch(project, {**made, "integrationId": integration_id}, REMOVE) \
            .must_be(404, problem(404))


def test_patch_is_an_event_with_what_was_before(project, made):
    patch(project, made, REMOVE).must_be(200)
    [event] = items(project, "/events", subjectId=made["id"],
                    type="installation.updated")
    assert event["payload"]["lastConfig"] == FULL
    assert event["payload"]["config"]["read"]["objects"]["account"] \
        == without(ACCOUNT, "backfill")
