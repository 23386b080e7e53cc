"""What a configuration may hold when an installation is created."""

import copy

import pytest

from support import configs
from support.ampersand import invalid, new_connection
from support.configs import FULL, install
from support.forms import Including
from support.names import unique

READ = "config.content.read.objects"
WRITE = "config.content.write.objects"
SUBSCRIBE = "config.content.subscribe.objects"


@pytest.fixture(scope="module")
def integration(project):
    return configs.new_integration(project)


def changed(path, value):
    """FULL with another value, or without one (None), at this dotted path."""
    content = copy.deepcopy(FULL)
    *way, last = path.split(".")
    at = content
    for name in way:
        at = at[int(name)] if isinstance(at, list) else at[name]
    if value is None:
        del at[last]
    else:
        at[last] = value
    return content


def test_every_shape_comes_back_as_it_was_sent(project, integration):
    made = configs.new_installation(project, integration)
    assert made["config"]["content"] == FULL
    path = f"/projects/{project.name}/integrations/{integration['id']}" \
        f"/installations/{made['id']}"
    project.ampersand.get(path).must_be(200, made)


def test_what_is_null_is_absent(project, integration):
    content = changed("read.objects.account.schedule", None)
    sent = copy.deepcopy(content)
    sent["read"]["objects"]["account"]["schedule"] = None
    made = install(project, integration, sent).must_be(201).body
    assert made["config"]["content"] == content


def test_unknown_members_come_back(project, integration):
    content = changed("read.objects.account.colour", {"is": ["blue"]})
    made = install(project, integration, content).must_be(201).body
    assert made["config"]["content"] == content


@pytest.mark.parametrize("path, value, blamed", [
    ("provider", None, "config.content.provider"),
    ("provider", 5, "config.content.provider"),
    ("read", [], "config.content.read"),
    ("read.objects", None, READ),
    ("read.objects", [], READ),
    ("read.objects.account", "x", f"{READ}.account"),
    ("read.objects.account.objectName", None, f"{READ}.account.objectName"),
    ("read.objects.account.disabled", "yes", f"{READ}.account.disabled"),
    ("read.objects.account.schedule", 5, f"{READ}.account.schedule"),
    ("read.objects.account.selectedFields", None,
     f"{READ}.account.selectedFields"),
    ("read.objects.account.selectedFields.name", "yes",
     f"{READ}.account.selectedFields.name"),
    ("read.objects.account.selectedFieldMappings.owner", 1,
     f"{READ}.account.selectedFieldMappings.owner"),
    ("read.objects.account.selectedValueMappings.stage.open", 1,
     f"{READ}.account.selectedValueMappings.stage.open"),
    ("read.objects.account.dynamicMappingsInput.0.mapToName", None,
     f"{READ}.account.dynamicMappingsInput[0].mapToName"),
    ("read.objects.account.dynamicMappingsInput.0.mappedValues.0.mappedValue",
     None,
     f"{READ}.account.dynamicMappingsInput[0].mappedValues[0].mappedValue"),
    ("read.objects.account.selectedFieldsAuto", "some",
     f"{READ}.account.selectedFieldsAuto"),
    ("read.objects.account.backfill.defaultPeriod", None,
     f"{READ}.account.backfill.defaultPeriod"),
    ("read.objects.account.backfill.defaultPeriod.days", -1,
     f"{READ}.account.backfill.defaultPeriod.days"),
    ("read.objects.account.fieldFilters.1.operator", "ne",
     f"{READ}.account.fieldFilters[1].operator"),
    ("write.objects.contact.objectName", None, f"{WRITE}.contact.objectName"),
    ("write.objects.contact.deletionSettings.enabled", None,
     f"{WRITE}.contact.deletionSettings.enabled"),
    ("write.objects.contact.selectedValueDefaults.a.value", [],
     f"{WRITE}.contact.selectedValueDefaults.a.value"),
    ("write.objects.contact.selectedFieldSettings.a.writeOnCreate", "ifEmpty",
     f"{WRITE}.contact.selectedFieldSettings.a.writeOnCreate"),
    ("write.objects.contact.selectedFieldSettings.b.default.integerValue",
     1.5,
     f"{WRITE}.contact.selectedFieldSettings.b.default.integerValue"),
    ("subscribe.objects", None, SUBSCRIBE),
    ("subscribe.objects.lead.destination", None,
     f"{SUBSCRIBE}.lead.destination"),
    ("subscribe.objects.lead.inheritFieldsAndMappings", "yes",
     f"{SUBSCRIBE}.lead.inheritFieldsAndMappings"),
    ("subscribe.objects.lead.createEvent.enabled", "maybe",
     f"{SUBSCRIBE}.lead.createEvent.enabled"),
    ("subscribe.objects.lead.updateEvent.watchFieldsAuto", "selected",
     f"{SUBSCRIBE}.lead.updateEvent.watchFieldsAuto"),
    ("subscribe.objects.lead.otherEvents", ["a", 1],
     f"{SUBSCRIBE}.lead.otherEvents[1]"),
    ("subscribe.objects.lead.providerOptions.quotaOptimization.enabled",
     None,
     f"{SUBSCRIBE}.lead.providerOptions.quotaOptimization.enabled"),
    ("proxy.enabled", "yes", "config.content.proxy.enabled"),
])
def test_what_has_not_its_shape_is_400(project, integration, path, value,
                                       blamed):
    reply = install(project, integration, changed(path, value))
    reply.must_be(400, Including({"issues": [Including({"name": blamed})]}))
    assert blamed in reply.body["causes"][0]


@pytest.mark.parametrize("path, value, blamed", [
    ("provider", "hubspot", "config.content.provider"),
    ("read.objects.opportunity", configs.read_object("opportunity"),
     f"{READ}.opportunity"),
    ("read.objects.contact", configs.read_object("contact"),
     f"{READ}.contact"),
    ("write.objects.account", configs.write_object("account"),
     f"{WRITE}.account"),
    ("subscribe.objects.account", configs.subscribe_object("account"),
     f"{SUBSCRIBE}.account"),
    ("read.objects.account.objectName", "lead",
     f"{READ}.account.objectName"),
    ("read.objects.account.schedule", "* * * * *",
     f"{READ}.account.schedule"),
])
def test_what_the_revision_does_not_offer_is_422(project, integration, path,
                                                 value, blamed):
    reply = install(project, integration, changed(path, value))
    reply.must_be(422, Including({"issues": [Including({"name": blamed})]}))
    assert blamed in reply.body["causes"][0]


def test_proxy_that_the_revision_has_not_is_422(project):
    content = configs.manifest(unique("full"))
    content["proxy"] = {"enabled": False}
    integration = configs.new_integration(project, content)
    install(project, integration, FULL).must_be(
        422, invalid(422, "config.content.proxy.enabled"))
    install(project, integration, changed("proxy.enabled", False)).must_be(201)


def test_all_faults_are_told_at_once(project, integration):
    content = changed("read.objects.opportunity",
                      configs.read_object("opportunity"))
    content["write"]["objects"]["task"] = configs.write_object("task")
    install(project, integration, content, createdBy="somebody").must_be(
        422, invalid(422, f"{READ}.opportunity", f"{WRITE}.task",
                     "config.createdBy"))


def test_named_revision_judges_the_configuration(project):
    """The deprecated revisionId: what that one offers, and not the latest."""
    integration = configs.new_integration(project)
    old = integration["latestRevision"]["id"]
    content = configs.manifest(integration["name"],
                               read=("account", "lead", "fresh"))
    configs.revise(project, integration, content, destructive="true") \
        .must_be(201)
    fresh = changed("read.objects.fresh", configs.read_object("fresh"))
    install(project, integration, fresh, revisionId=old).must_be(
        422, invalid(422, f"{READ}.fresh"))
    made = install(project, integration, FULL, revisionId=old) \
        .must_be(201).body
    assert made["config"]["revisionId"] == old
    install(project, integration, fresh).must_be(201)


@pytest.mark.parametrize("creator", [
    "consumer:user_1", "builder:b_1", "api:some-caller"])
def test_creator_is_of_three_forms(project, integration, creator):
    made = install(project, integration, FULL, createdBy=creator) \
        .must_be(201).body
    assert made["createdBy"] == made["config"]["createdBy"] == creator


@pytest.mark.parametrize("creator", ["consumer:", "user:1", "", ":x"])
def test_creator_of_no_known_form_is_422(project, integration, creator):
    install(project, integration, FULL, createdBy=creator).must_be(
        422, invalid(422, "config.createdBy"))


def test_refused_installation_leaves_nothing(project, integration):
    connection = new_connection(project)
    install(project, integration, changed("provider", "hubspot"), connection) \
        .must_be(422)
    path = f"/projects/{project.name}/installations"
    project.ampersand.get(
        path, {"groupRef": connection["group"]["groupRef"]}).must_be(200, [])
