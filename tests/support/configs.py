"""An integration that offers all that a configuration may choose, and what of
it is chosen: every field of the contract's shapes."""

import json

from support import ampersand as amp
from support.names import unique

# Names hold dots, and one ends as a mask may.
DOTTED, ENDING, SLASHED = "deal.v2", "odd.disabled", "a/b~c"

FILTERS = [{"fieldName": "size", "operator": "eq", "value": 5},
           {"fieldName": "kind", "operator": "eq", "value": {"any": [1]}}]

ACCOUNT = {
    "objectName": "account", "schedule": "*/30 * * * *", "disabled": False,
    "destination": "accountWebhook",
    "selectedFields": {"name": True, "industry": False},
    "selectedFieldMappings": {"owner": "OwnerId"},
    "selectedValueMappings": {"stage": {"open": "OPEN", "won": "WON"}},
    "dynamicMappingsInput": [{
        "mapToName": "tier", "mapToDisplayName": "Tier", "prompt": "Which?",
        "fieldName": "Level", "mappedValues": [
            {"mappedValue": "a", "mappedDisplayValue": "A"}]}],
    "selectedFieldsAuto": "all",
    "backfill": {"defaultPeriod": {"days": 0}, "fieldFilters": FILTERS[:1]},
    "fieldFilters": FILTERS,
}

CONTACT = {
    "objectName": "contact", "deletionSettings": {"enabled": True},
    "selectedValueDefaults": {
        "a": {"value": "x", "applyOnUpdate": "always"},
        "b": {"value": -3}, "c": {"value": False, "applyOnUpdate": "never"}},
    "selectedFieldSettings": {
        "a": {"default": {"stringValue": ""}, "writeOnCreate": "never",
              "writeOnUpdate": "ifEmpty"},
        "b": {"default": {"integerValue": -1}},
        "c": {"default": {"booleanValue": True}}},
}

LEAD = {
    "objectName": "lead", "destination": "accountWebhook",
    "inheritFieldsAndMappings": True,
    "createEvent": {"enabled": "always"},
    "updateEvent": {"enabled": "never", "watchFieldsAuto": "all",
                    "requiredWatchFields": ["name"]},
    "deleteEvent": {"enabled": "never"}, "otherEvents": ["merged"],
    "providerOptions": {"quotaOptimization": {"enabled": True}},
}

FULL = {
    "provider": "salesforce",
    "read": {"objects": {"account": ACCOUNT}},
    "write": {"objects": {"contact": CONTACT}},
    "subscribe": {"objects": {"lead": LEAD}},
    "proxy": {"enabled": True},
}


def read_object(name, **more):
    return {"objectName": name, "selectedFields": {"name": True}, **more}


def write_object(name, **more):
    return {"objectName": name, **more}


def subscribe_object(name, **more):
    return {"objectName": name, "destination": "accountWebhook",
            "inheritFieldsAndMappings": True, **more}


def manifest(name, read=("account", "lead", DOTTED, ENDING, SLASHED)):
    """An integration of a manifest, as JSON."""
    return {
        "name": name, "provider": "salesforce", "displayName": "Sync",
        "read": {"objects": [{
            "objectName": one, "destination": "accountWebhook",
            "schedule": "*/15 * * * *",
            "requiredFields": [{"fieldName": "name"}]} for one in read]},
        "write": {"objects": [{"objectName": one}
                              for one in ("contact", "lead", DOTTED)]},
        "subscribe": {"objects": [{
            "objectName": one, "destination": "accountWebhook",
            "inheritFieldsAndMapping": True} for one in ("lead", DOTTED)]},
        "proxy": {"enabled": True},
    }


def new_integration(project, content=None):
    content = content or manifest(unique("full"))
    path = f"/projects/{project.name}/integrations"
    project.ampersand.post(path, {
        "name": content["name"], "provider": content["provider"],
        "latestRevision": {"specVersion": "1.0.0", "content": content},
    }).must_be(201)
    return project.ampersand.get(f"{path}/{content['name']}") \
        .must_be(200).body


def install(project, integration, content, connection=None, **config):
    """The answer to the attempt."""
    connection = connection or amp.new_connection(project)
    return project.ampersand.post(
        amp.installations(project, integration["id"]), {
            "groupRef": connection["group"]["groupRef"],
            "connectionId": connection["id"],
            "config": {"content": content, **config}})


def new_installation(project, integration=None, content=None,
                     connection=None):
    return install(project, integration or new_integration(project),
                   content or FULL, connection).must_be(201).body


def update(project, made, mask, **installation):
    """The answer to a PATCH by these masks."""
    return project.ampersand.patch(amp.path_of(project, made), {
        "updateMask": mask, "installation": installation})


def update_content(project, made, mask, content):
    return update(project, made, [f"config.content.{one}" for one in mask],
                  config={"content": content})


def revise(project, integration, content, **query):
    """The answer to a new revision, as JSON in YAML's clothes."""
    return project.ampersand.post(
        f"/projects/{project.name}/integrations/{integration['id']}"
        "/revisions", {"sourceYaml": json.dumps(
            {"specVersion": "1.0.0", "integrations": [content]})},
        query=query)
