"""Installations are changed by mask, and their configurations versioned."""

import copy

import pytest

from support import configs
from support.ampersand import (invalid, installations, new_connection,
                               new_destination, path_of, problem)
from support.configs import (CONTACT, DOTTED, ENDING, FULL, LEAD, SLASHED,
                             new_installation, read_object, subscribe_object,
                             update, update_content, write_object)
from support.forms import TIME_Z, UUID, Including
from support.names import unique
from support.native import items

NOBODY = "00000000-0000-7000-8000-000000000000"
GIVEN = "installation.config.content"


@pytest.fixture(scope="module")
def integration(project):
    return configs.new_integration(project)


@pytest.fixture
def made(project, integration):
    return new_installation(project, integration)


def with_object(action, name, value):
    return {action: {"objects": {name: value}}}


def content_with(action, name, value):
    content = copy.deepcopy(FULL)
    content[action]["objects"][name] = value
    return content


def updated(project, made, content, reply,
            created_by="api:update-installation"):
    """The answer has this content under a new id, and stays so."""
    reply.must_be(200, {
        **made, "updateTime": TIME_Z,
        "config": {"id": UUID,
                   "revisionId": made["config"]["revisionId"],
                   "createTime": TIME_Z, "createdBy": created_by,
                   "content": content}})
    assert reply.body["config"]["id"] != made["config"]["id"]
    project.ampersand.get(path_of(project, made)).must_be(200, reply.body)
    [listed] = project.ampersand.get(
        installations(project, made["integrationId"]),
        {"groupRef": made["group"]["groupRef"]}).must_be(200).body
    assert listed == reply.body
    return reply.body


@pytest.mark.parametrize("name", ["account", "lead", DOTTED, ENDING, SLASHED])
def test_read_object_is_set_whole(project, made, name):
    value = read_object(name, schedule="0 * * * *", disabled=True)
    reply = update_content(project, made, [f"read.objects.{name}"],
                           with_object("read", name, value))
    updated(project, made, content_with("read", name, value), reply)


def test_read_object_gets_what_every_answer_has(project, made):
    reply = update_content(project, made, ["read.objects.lead"], with_object(
        "read", "lead", {"destination": "accountWebhook"}))
    updated(project, made, content_with("read", "lead", {
        "destination": "accountWebhook", "objectName": "lead",
        "selectedFields": {}}), reply)


def test_read_is_disabled_alone(project, made):
    reply = update_content(
        project, made, ["read.objects.account.disabled"],
        with_object("read", "account", {"disabled": True,
                                        "destination": "elsewhere"}))
    content = copy.deepcopy(FULL)
    content["read"]["objects"]["account"]["disabled"] = True
    changed = updated(project, made, content, reply)
    reply = update_content(project, changed, ["read.objects.account.disabled"],
                           with_object("read", "account", {"disabled": False}))
    updated(project, changed, FULL, reply)


def test_object_whose_name_ends_as_a_mask_does(project, made):
    """odd.disabled is an object; odd.disabled.disabled is its switch."""
    value = read_object(ENDING, disabled=False)
    changed = updated(
        project, made, content_with("read", ENDING, value),
        update_content(project, made, [f"read.objects.{ENDING}"],
                       with_object("read", ENDING, value)))
    value = {**value, "disabled": True}
    updated(project, changed, content_with("read", ENDING, value),
            update_content(project, changed,
                           [f"read.objects.{ENDING}.disabled"],
                           with_object("read", ENDING, {"disabled": True})))


@pytest.mark.parametrize("action, name, value", [
    ("write", "lead", write_object("lead")),
    ("write", DOTTED, write_object(DOTTED)),
    ("write", "contact", write_object("contact")),
    ("subscribe", DOTTED, subscribe_object(DOTTED)),
    ("subscribe", "lead", subscribe_object("lead", otherEvents=[])),
])
def test_one_object_is_set_beside_the_others(project, made, action, name,
                                             value):
    reply = update_content(project, made, [f"{action}.objects.{name}"],
                           with_object(action, name, value))
    updated(project, made, content_with(action, name, value), reply)


@pytest.mark.parametrize("action, objects", [
    ("write", {"lead": write_object("lead"), DOTTED: write_object(DOTTED)}),
    ("write", {}),
    ("subscribe", {DOTTED: subscribe_object(DOTTED)}),
])
def test_all_objects_of_an_action_are_replaced(project, made, action, objects):
    reply = update_content(project, made, [f"{action}.objects"],
                           {action: {"objects": objects}})
    updated(project, made, {**FULL, action: {"objects": objects}}, reply)


def test_proxy_is_switched(project, made):
    reply = update_content(project, made, ["proxy.enabled"],
                           {"proxy": {"enabled": False}})
    updated(project, made, {**FULL, "proxy": {"enabled": False}}, reply)


def test_action_that_was_not_there_is_added(project, integration):
    bare = new_installation(project, integration, {"provider": "salesforce"})
    reply = update_content(
        project, bare,
        ["read.objects.lead", "write.objects", "subscribe.objects.lead",
         "proxy.enabled"],
        {"read": {"objects": {"lead": read_object("lead")}},
         "write": {"objects": {"contact": CONTACT}},
         "subscribe": {"objects": {"lead": LEAD}},
         "proxy": {"enabled": True}})
    updated(project, bare, {**FULL, "read": {"objects": {
        "lead": read_object("lead")}}}, reply)


def test_creator_of_the_configuration_is_named(project, made):
    reply = update(project, made, ["config.createdBy"],
                   config={"createdBy": "consumer:user_9"})
    body = updated(project, made, FULL, reply, "consumer:user_9")
    assert body["createdBy"] == made["createdBy"]


def test_connection_is_changed_and_the_configuration_stays(project, made):
    other = new_connection(project, made["group"]["groupRef"])
    reply = update(project, made, ["connectionId"], connectionId=other["id"])
    reply.must_be(200, {**made, "connection": other, "updateTime": TIME_Z})
    project.ampersand.get(path_of(project, made)).must_be(200, reply.body)


def test_what_is_not_masked_is_ignored(project, made):
    reply = update(
        project, made, ["config.content.proxy.enabled"],
        connectionId=NOBODY, colour="blue",
        config={"createdBy": "nobody", "revisionId": NOBODY, "content": {
            "provider": "hubspot", "read": [], "write": {"objects": {}},
            "proxy": {"enabled": False}}})
    updated(project, made, {**FULL, "proxy": {"enabled": False}}, reply)


def test_what_is_so_already_changes_nothing(project, made):
    update_content(project, made, ["proxy.enabled"],
                   {"proxy": {"enabled": True}}).must_be(200, made)
    update(project, made, ["connectionId"],
           connectionId=made["connection"]["id"]).must_be(200, made)


def test_new_configuration_is_for_the_latest_revision(project):
    integration = configs.new_integration(project)
    made = new_installation(project, integration)
    content = configs.manifest(integration["name"])
    content["displayName"] = "Renamed"
    configs.revise(project, integration, content).must_be(201)
    latest = project.ampersand.get(
        f"/projects/{project.name}/integrations/{integration['id']}") \
        .must_be(200).body["latestRevision"]["id"]
    assert latest != made["config"]["revisionId"]
    reply = update_content(project, made, ["proxy.enabled"],
                           {"proxy": {"enabled": False}}).must_be(200)
    assert reply.body["config"]["revisionId"] == latest


MASKS = [
    "connectionId", "config.createdBy", "config.content.proxy.enabled",
    "config.content.read.objects.account",
    "config.content.read.objects.account.disabled",
    "config.content.write.objects", "config.content.write.objects.contact",
    "config.content.subscribe.objects",
    "config.content.subscribe.objects.lead"]


@pytest.mark.parametrize("mask", MASKS)
@pytest.mark.parametrize("installation", [
    {}, {"connectionId": None, "config": None}, {"config": "x"},
    {"config": {"createdBy": None, "content": {
        "read": {"objects": {"account": None}}, "write": {"objects": None},
        "subscribe": {"objects": None}, "proxy": {"enabled": None}}}}])
def test_mask_without_a_value_is_400(project, made, mask, installation):
    reply = update(project, made, [mask], **installation)
    reply.must_be(400, invalid(400, mask.removeprefix("config.")))
    project.ampersand.get(path_of(project, made)).must_be(200, made)


@pytest.mark.parametrize("mask", [
    "id", "config", "config.content", "config.content.provider",
    "config.revisionId", "config.content.read", "config.content.read.objects",
    "config.content.read.objects.", "config.content.write.objects.",
    "config.content.proxy", "config.content.proxy.enabled.x", ""])
def test_mask_of_what_can_not_be_changed_is_400(project, made, mask):
    update(project, made, [mask], config={"content": FULL}).must_be(
        400, invalid(400, "updateMask"))


@pytest.mark.parametrize("body, blamed", [
    ({}, "updateMask"),
    ({"updateMask": ["connectionId"]}, "installation"),
    ({"installation": {}}, "updateMask"),
    ({"updateMask": [], "installation": {}}, "updateMask"),
    ({"updateMask": "connectionId", "installation": {}}, "updateMask"),
    ({"updateMask": [1], "installation": {}}, "updateMask"),
    ({"updateMask": ["connectionId"], "installation": []}, "installation"),
])
def test_body_of_another_form_is_400(project, made, body, blamed):
    project.ampersand.patch(path_of(project, made), body).must_be(
        400, invalid(400, blamed))


@pytest.mark.parametrize("mask, content, status, blamed", [
    ("read.objects.account", with_object("read", "account", []), 400,
     f"{GIVEN}.read.objects.account"),
    ("read.objects.account", with_object("read", "account", {
        "selectedFields": {"name": 1}}), 400,
     f"{GIVEN}.read.objects.account.selectedFields.name"),
    ("read.objects.account.disabled", with_object("read", "account", {
        "disabled": "yes"}), 400, f"{GIVEN}.read.objects.account.disabled"),
    ("read.objects.lead.disabled", with_object("read", "lead", {
        "disabled": True}), 422, f"{GIVEN}.read.objects.lead"),
    ("read.objects.task", with_object("read", "task", read_object("task")),
     422, f"{GIVEN}.read.objects.task"),
    ("write.objects", {"write": {"objects": []}}, 400,
     f"{GIVEN}.write.objects"),
    ("write.objects", {"write": {"objects": {"lead": {}}}}, 400,
     f"{GIVEN}.write.objects.lead.objectName"),
    ("write.objects", {"write": {"objects": {"task": write_object("task")}}},
     422, f"{GIVEN}.write.objects.task"),
    ("write.objects.lead", with_object("write", "lead",
                                       write_object("contact")), 422,
     f"{GIVEN}.write.objects.lead.objectName"),
    ("subscribe.objects.lead", with_object("subscribe", "lead", {
        "objectName": "lead", "inheritFieldsAndMappings": False}), 400,
     f"{GIVEN}.subscribe.objects.lead.destination"),
    ("subscribe.objects.account", with_object(
        "subscribe", "account", subscribe_object("account")), 422,
     f"{GIVEN}.subscribe.objects.account"),
    ("proxy.enabled", {"proxy": {"enabled": 1}}, 400,
     f"{GIVEN}.proxy.enabled"),
])
def test_faulty_value_is_told_by_its_path(project, made, mask, content,
                                          status, blamed):
    reply = update_content(project, made, [mask], content)
    reply.must_be(status, Including(
        {"issues": [Including({"name": blamed})]}))
    assert blamed in reply.body["causes"][0]
    project.ampersand.get(path_of(project, made)).must_be(200, made)


def test_one_fault_undoes_all(project, made):
    update_content(project, made, ["proxy.enabled", "write.objects.task"], {
        "proxy": {"enabled": False},
        "write": {"objects": {"task": write_object("task")}}}).must_be(422)
    project.ampersand.get(path_of(project, made)).must_be(200, made)


@pytest.mark.parametrize("creator", ["somebody", "consumer:", "x:y"])
def test_creator_must_be_of_a_known_form(project, made, creator):
    update(project, made, ["config.createdBy"],
           config={"createdBy": creator}).must_be(
        422, invalid(422, "installation.config.createdBy"))


def test_connection_must_be_the_groups_for_this_provider(
        project, other, made):
    ours = made["group"]["groupRef"]
    for connection in (new_connection(project), new_connection(other),
                       new_connection(project, ours, "hubspot"),
                       {"id": NOBODY}, {"id": "no-uuid"}):
        update(project, made, ["connectionId"],
               connectionId=connection["id"]).must_be(
            422, invalid(422, "connectionId"))
    project.ampersand.get(path_of(project, made)).must_be(200, made)


def test_content_may_not_grow_without_end(project, made):
    big = write_object("lead", note="x" * (700 * 1024))
    update_content(project, made, ["write.objects.lead"],
                   with_object("write", "lead", big)).must_be(200)
    update_content(
        project, made, [f"write.objects.{DOTTED}"],
        with_object("write", DOTTED, {**big, "objectName": DOTTED})).must_be(
        422, invalid(422, "installation.config.content"))


def test_unknown_installation_is_404(project, other, integration, made):
    foreign = new_installation(other)
    elsewhere = new_installation(project)
    body = {"updateMask": ["connectionId"],
            "installation": {"connectionId": NOBODY}}
    path = installations(project, integration["id"])
    for target in (f"{path}/{NOBODY}", f"{path}/x",
                   f"{path}/{elsewhere['id']}", f"{path}/{foreign['id']}",
                   path_of(project, foreign), path_of(other, foreign)):
        project.ampersand.patch(target, body).must_be(404, problem(404))


def test_sampling_flag_must_be_one(project, made):
    body = {"updateMask": ["config.content.proxy.enabled"], "installation": {
        "config": {"content": {"proxy": {"enabled": False}}}}}
    path = path_of(project, made)
    project.ampersand.patch(path, body, {"skipSampling": "maybe"}).must_be(
        400, problem(400, issues=[Including({"in": "query"})]))
    project.ampersand.patch(path, body, {"skipSampling": "true"}).must_be(200)


def test_change_is_an_event_with_what_was_before(project, made):
    new = {**FULL, "proxy": {"enabled": False}}
    update_content(project, made, ["proxy.enabled"],
                   {"proxy": {"enabled": False}}).must_be(200)
    [event] = items(project, "/events", subjectId=made["id"],
                    type="installation.updated")
    assert event["payload"]["config"] == new
    assert event["payload"]["lastConfig"] == FULL


def test_refused_change_and_no_change_are_no_events(project, made):
    update_content(project, made, ["write.objects.task"],
                   with_object("write", "task", write_object("task"))) \
        .must_be(422)
    update_content(project, made, ["proxy.enabled"],
                   {"proxy": {"enabled": True}}).must_be(200)
    assert not items(project, "/events", subjectId=made["id"],
                     type="installation.updated")


def test_destination_named_by_a_changed_configuration_stays(project, made):
    """The last configuration alone counts."""
    hook = new_destination(project)
    path = f"/projects/{project.name}/destinations/{hook['id']}"
    changed = update_content(
        project, made, ["read.objects.lead"], with_object(
            "read", "lead", read_object("lead", destination=hook["name"]))) \
        .must_be(200).body
    project.ampersand.delete(path).must_be(409)
    update_content(project, changed, ["read.objects.lead"],
                   with_object("read", "lead", read_object("lead"))) \
        .must_be(200)
    project.ampersand.delete(path).must_be(204)


def test_group_that_is_renamed_shows_in_a_changed_installation(project, made):
    update_content(project, made, ["proxy.enabled"],
                   {"proxy": {"enabled": False}}).must_be(200)
    name = unique("Renamed")
    project.native.patch(
        f"/projects/{project.name}/groups/{made['group']['groupRef']}",
        {"name": name}).must_be(200)
    project.ampersand.get(path_of(project, made)).must_be(200, Including({
        "group": Including({"groupName": name}),
        "config": Including({"content": {
            **FULL, "proxy": {"enabled": False}}})}))
