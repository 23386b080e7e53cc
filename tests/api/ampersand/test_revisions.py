"""Revisions: made, hydrated, and what they stop reading."""

import json

import pytest

from support import configs
from support.ampersand import (installations, invalid, manifest_yaml,
                               new_connection, new_integration, path_of,
                               problem)
from support.configs import FULL, new_installation, read_object, revise
from support.forms import TIME_Z, UUID, Including
from support.names import unique
from support.native import items
from support.wait import eventually

NOBODY = "00000000-0000-7000-8000-000000000000"


@pytest.fixture
def integration(project):
    return configs.new_integration(project)


def at(project, integration, rest=""):
    return f"/projects/{project.name}/integrations/{integration['id']}{rest}"


def shown(project, integration):
    return project.ampersand.get(at(project, integration)).must_be(200).body


def without(integration, *names):
    """Its manifest, where these are read no more."""
    return configs.manifest(integration["name"], read=[
        one["objectName"]
        for one in integration["latestRevision"]["content"]["read"]["objects"]
        if one["objectName"] not in names])


def batch(project, *contents, **query):
    return project.ampersand.put(
        f"/projects/{project.name}/integrations:batch",
        {"sourceYaml": json.dumps({"specVersion": "1.0.0",
                                   "integrations": contents})}, query=query)


BOTH_WAYS = pytest.mark.parametrize("deploy, status, caller", [
    (revise, 201, "api:create-revision"),
    (lambda project, integration, content, **query:
     batch(project, content, **query), 200, "api:batch-upsert-integrations"),
], ids=["revision", "batch"])


def test_revision_answers_nothing_and_is_the_latest(project, integration):
    content = {**configs.manifest(integration["name"]),
               "displayName": "Renamed"}
    revise(project, integration, content).must_be(201, None)
    now = shown(project, integration)
    assert now == {**integration, "updateTime": now["updateTime"],
                   "latestRevision": {
                       "id": now["latestRevision"]["id"],
                       "specVersion": "1.0.0",
                       "createTime": now["latestRevision"]["createTime"],
                       "content": content}}
    assert now["latestRevision"]["id"] != integration["latestRevision"]["id"]


def test_revision_of_the_same_content_is_another(project, integration):
    content = integration["latestRevision"]["content"]
    revise(project, integration, content).must_be(201, None)
    now = shown(project, integration)["latestRevision"]
    assert now["content"] == content
    assert now["id"] != integration["latestRevision"]["id"]


def test_installations_keep_their_revision(project, integration):
    made = new_installation(project, integration)
    revise(project, integration, {
        **configs.manifest(integration["name"]), "displayName": "Renamed"}) \
        .must_be(201)
    project.ampersand.get(path_of(project, made)).must_be(200, made)


def test_manifest_may_have_others_which_stay(project, integration):
    other = configs.new_integration(project)
    changed = [{**configs.manifest(one["name"]), "displayName": "Renamed"}
               for one in (other, integration)]
    project.ampersand.post(at(project, integration, "/revisions"), {
        "sourceYaml": json.dumps({"specVersion": "1.0.0",
                                  "integrations": changed})}).must_be(201)
    assert shown(project, other) == other
    assert shown(project, integration)["latestRevision"]["content"] \
        == changed[1]


def test_manifest_must_have_the_integration(project, integration):
    revise(project, integration, configs.manifest(unique("other"))).must_be(
        422, invalid(422, "integrations"))


def test_manifest_must_be_valid(project, integration):
    content = configs.manifest(integration["name"])
    content["read"]["objects"][0]["schedule"] = "* * * * *"
    revise(project, integration, content).must_be(
        422, invalid(422, "integrations[0].read.objects[0].schedule"))
    assert shown(project, integration) == integration


def test_provider_can_not_change(project, integration):
    project.ampersand.post(at(project, integration, "/revisions"), {
        "sourceYaml": manifest_yaml(integration["name"], "hubspot")},
        {"destructive": "true"}).must_be(
            422, invalid(422, "integrations[0].provider"))
    assert shown(project, integration) == integration


def test_each_provider_that_can_not_change_is_named(project):
    made = [new_integration(project) for _ in range(2)]
    yaml = "specVersion: 1.0.0\nintegrations:\n" + "".join(
        manifest_yaml(one["name"], "hubspot").split("integrations:\n")[1]
        for one in made)
    project.ampersand.put(
        f"/projects/{project.name}/integrations:batch",
        {"sourceYaml": yaml}).must_be(422, invalid(
            422, "integrations[0].provider", "integrations[1].provider"))


@pytest.mark.parametrize("body, status", [
    ({}, 422), ({"sourceYaml": 5}, 400), ({"sourceYaml": "a: ["}, 422),
    ({"sourceYaml": "x", "sourceZipUrl": "gs://a/b"}, 422)])
def test_source_must_be_one(project, integration, body, status):
    project.ampersand.post(at(project, integration, "/revisions"), body) \
        .must_be(status, invalid(status, "source"))


def test_flag_must_be_one(project, integration):
    revise(project, integration, configs.manifest(integration["name"]),
           destructive="maybe").must_be(400)


def test_unknown_integration_has_no_revisions(project, other):
    foreign = configs.new_integration(other)
    for one in {"id": NOBODY}, {"id": "x"}, foreign:
        revise(project, {**foreign, **one},
               configs.manifest(foreign["name"])).must_be(404, problem(404))
    assert shown(other, foreign) == foreign


# What is dropped

@BOTH_WAYS
def test_dropped_object_needs_destructive(project, integration, deploy,
                                          status, caller):
    made = new_installation(project, integration)
    for query in {}, {"destructive": "false"}:
        reply = deploy(project, integration, without(integration, "account"),
                       **query)
        reply.must_be(422, invalid(422, "integrations[0].read.objects"))
        assert "account" in reply.body["causes"][0]
    assert shown(project, integration) == integration
    project.ampersand.get(path_of(project, made)).must_be(200, made)


@BOTH_WAYS
def test_dropped_object_is_read_no_more(project, integration, deploy, status,
                                        caller):
    content = {**FULL, "read": {"objects": {
        **FULL["read"]["objects"], "lead": read_object("lead")}}}
    made = [new_installation(project, integration, content) for _ in range(3)]
    spared = new_installation(project, integration, {
        "provider": "salesforce",
        "read": {"objects": {"lead": read_object("lead")}}})
    elsewhere = new_installation(project)
    deploy(project, integration, without(integration, "account"),
           destructive="true").must_be(status)
    for one in made:
        paused = {**content, "read": {"objects": {
            "account": {**configs.ACCOUNT, "disabled": True},
            "lead": read_object("lead")}}}
        reply = project.ampersand.get(path_of(project, one)).must_be(200, {
            **one, "updateTime": TIME_Z,
            "config": {**one["config"], "id": UUID, "createTime": TIME_Z,
                       "createdBy": caller, "content": paused}})
        assert reply.body["config"]["id"] != one["config"]["id"]
        [event] = items(project, "/events", subjectId=one["id"],
                        type="installation.updated")
        assert event["payload"]["config"] == paused
        assert event["payload"]["lastConfig"] == content
    for one in spared, elsewhere:
        project.ampersand.get(path_of(project, one)).must_be(200, one)


def test_read_of_a_dropped_object_is_not_resumed(project, integration):
    made = new_installation(project, integration)
    revise(project, integration, without(integration, "account"),
           destructive="true").must_be(201)

    def disable(value):
        return configs.update_content(
            project, made, ["read.objects.account.disabled"],
            {"read": {"objects": {"account": {"disabled": value}}}})

    disable(False).must_be(422, invalid(422, "read.objects.account"))
    disable(True).must_be(200)
    revise(project, integration, integration["latestRevision"]["content"]) \
        .must_be(201)
    resumed = disable(False).must_be(200).body
    assert resumed["config"]["content"] == FULL


def test_all_reads_may_be_dropped(project, integration):
    content = configs.manifest(integration["name"])
    del content["read"], content["subscribe"]
    made = new_installation(project, integration)
    batch(project, content).must_be(422)
    batch(project, content, destructive="true").must_be(200)
    now = project.ampersand.get(path_of(project, made)).must_be(200).body
    assert now["config"]["content"]["read"]["objects"]["account"]["disabled"]


def test_batch_is_all_or_nothing(project, integration):
    other = configs.new_integration(project)
    made = new_installation(project, integration)
    faulty = {**configs.manifest(other["name"]), "provider": "hubspot"}
    batch(project, without(integration, "account"), faulty,
          destructive="true").must_be(422)
    assert shown(project, integration) == integration
    assert shown(project, other) == other
    project.ampersand.get(path_of(project, made)).must_be(200, made)


def test_reads_of_many_are_paused_in_batches(server_factory):
    """Beyond --batch-over by a job; whoever is deleted meanwhile is let be."""
    server = server_factory(options=["--batch-over", "0"])
    project = server.project
    integration = configs.new_integration(project)
    made = [new_installation(project, integration) for _ in range(70)]
    batch(project, without(integration, "account"), destructive="true") \
        .must_be(200)

    def paused():
        found = project.ampersand.get(
            installations(project, integration["id"])).must_be(200).body
        return len(found) == len(made) and all(
            one["config"]["content"]["read"]["objects"]["account"]["disabled"]
            for one in found)

    eventually(paused, "all are paused", 30)
    assert len(items(project, "/events", type="installation.updated")) \
        == len(made)


# Hydrated

def hydrate(project, integration, connection, revision_id=None):
    revision_id = revision_id or integration["latestRevision"]["id"]
    return project.ampersand.get(
        at(project, integration, f"/revisions/{revision_id}:hydrate"),
        {"connectionId": connection["id"]})


HYDRATABLE = {
    "provider": "salesforce", "displayName": "Sync", "module": "crm",
    "read": {"objects": [{
        "objectName": "account", "destination": "hook",
        "schedule": "*/15 * * * *", "mapToName": "company",
        "mapToDisplayName": "Company",
        "requiredFields": [
            {"fieldName": "name"},
            {"fieldName": "id", "mapToName": "key",
             "mapToDisplayName": "Key"},
            {"mapToName": "owner", "mapToDisplayName": "Owner",
             "default": "OwnerId", "prompt": "Who?"}],
        "optionalFields": [{"fieldName": "industry"}],
        "optionalFieldsAuto": "all",
        "backfill": {"defaultPeriod": {"days": 30}},
        "delivery": {"mode": "auto", "pageSize": 100},
    }, {
        "objectName": "lead", "destination": "hook",
        "schedule": "0 * * * *", "optionalFieldsAuto": "all"}]},
    "write": {"objects": [
        {"objectName": "contact", "inheritMapping": True,
         "valueDefaults": {"allowAnyFields": True}},
        {"objectName": "task"}]},
    "subscribe": {"objects": [{
        "objectName": "lead", "destination": "hook",
        "inheritFieldsAndMapping": True,
        "createEvent": {"enabled": "always"}}]},
    "proxy": {"enabled": True, "useModule": True},
}

HYDRATED = {
    "provider": "salesforce", "displayName": "Sync", "module": "crm",
    "read": {"objects": [{
        "objectName": "account", "displayName": "account",
        "destination": "hook", "schedule": "*/15 * * * *",
        "mapToName": "company", "mapToDisplayName": "Company",
        "requiredFields": [
            {"fieldName": "name", "displayName": "name"},
            {"fieldName": "id", "displayName": "id", "mapToName": "key",
             "mapToDisplayName": "Key"},
            {"mapToName": "owner", "mapToDisplayName": "Owner",
             "default": "OwnerId", "prompt": "Who?"}],
        "optionalFields": [
            {"fieldName": "industry", "displayName": "industry"}],
        "optionalFieldsAuto": "all",
        "backfill": {"defaultPeriod": {"days": 30}},
    }, {
        "objectName": "lead", "displayName": "lead", "destination": "hook",
        "schedule": "0 * * * *", "optionalFieldsAuto": "all"}]},
    "write": {"objects": [
        {"objectName": "contact", "displayName": "contact",
         "valueDefaults": {"allowAnyFields": True}},
        {"objectName": "task", "displayName": "task"}]},
    "proxy": {"enabled": True, "useModule": True},
}


def test_hydrated_revision_has_names_for_people(project):
    name = unique("full")
    integration = configs.new_integration(project,
                                          {"name": name, **HYDRATABLE})
    revision = integration["latestRevision"]
    hydrate(project, integration, new_connection(project)).must_be(200, {
        "id": revision["id"], "specVersion": "1.0.0",
        "createTime": revision["createTime"],
        "content": {"name": name, **HYDRATED}})


def test_hydrated_revision_has_what_was_told_of_the_connection_s_fields(
        project):
    """A person chooses among these what a field is mapped to."""
    name = unique("told")
    integration = configs.new_integration(project,
                                          {"name": name, **HYDRATABLE})
    own, others = new_connection(project), new_connection(project)
    tier = {"fieldName": "tier", "displayName": "Tier",
            "valueType": "singleSelect", "stringOptions": {"values": ["a"]}}
    industry = {"fieldName": "industry", "displayName": "Branch",
                "valueType": "string", "required": True}
    project.ampersand.put(
        f"/projects/{project.name}/providers/salesforce/object-metadata", {
            "groupRef": own["group"]["groupRef"],
            "fields": {"account": [tier, industry]}}).must_be(200)
    shown = {"readOnly": False, "isCustom": True}
    account, lead = HYDRATED["read"]["objects"]
    told = {**account, "optionalFields": [
        {"fieldName": "industry", "displayName": "Branch"}],
        "allFieldsMetadata": {
            "industry": {**shown, "fieldName": "industry",
                         "displayName": "Branch", "valueType": "string",
                         "isRequired": True},
            "tier": {**shown, "fieldName": "tier", "displayName": "Tier",
                     "valueType": "singleSelect", "isRequired": False,
                     "values": [{"value": "a", "displayValue": "a"}]}},
        "allFields": [{"fieldName": "industry", "displayName": "Branch"},
                      {"fieldName": "tier", "displayName": "Tier"}]}
    for connection, first in (own, told), (others, account):
        hydrate(project, integration, connection).must_be(
            200, Including({"content": {
                "name": name, **HYDRATED,
                "read": {"objects": [first, lead]}}}))


def test_hydrated_revision_has_only_what_the_manifest_has(project):
    name = unique("proxy")
    integration = configs.new_integration(project, {
        "name": name, "provider": "salesforce", "proxy": {"enabled": True}})
    hydrate(project, integration, new_connection(project)).must_be(
        200, Including({"content": {"name": name, "provider": "salesforce",
                                    "proxy": {"enabled": True}}}))


def test_past_revision_is_hydrated(project, integration):
    revise(project, integration, {
        **configs.manifest(integration["name"]), "displayName": "Renamed"}) \
        .must_be(201)
    connection = new_connection(project)
    hydrate(project, integration, connection).must_be(
        200, Including({"content": Including({"displayName": "Sync"})}))
    hydrate(project, shown(project, integration), connection).must_be(
        200, Including({"content": Including({"displayName": "Renamed"})}))


def test_hydration_needs_a_connection(project, integration):
    revision_id = integration["latestRevision"]["id"]
    project.ampersand.get(
        at(project, integration, f"/revisions/{revision_id}:hydrate")) \
        .must_be(400, problem(400, issues=[
            Including({"in": "query", "name": "connectionId"})]))


def test_connection_must_be_of_the_provider(project, integration):
    hydrate(project, integration, new_connection(project, provider="hubspot")) \
        .must_be(422, problem(422, issues=[
            Including({"in": "query", "name": "connectionId"})]))


def test_what_is_not_there_is_not_hydrated(project, other, integration):
    connection, theirs = new_connection(project), new_connection(other)
    foreign = configs.new_integration(other)
    elsewhere = configs.new_integration(project)
    for one in theirs, {"id": NOBODY}, {"id": "x"}:
        hydrate(project, integration, one).must_be(404, problem(404))
    for one in NOBODY, "x", elsewhere["latestRevision"]["id"], \
            foreign["latestRevision"]["id"]:
        hydrate(project, integration, connection, one).must_be(
            404, problem(404))
    for one in foreign, {**integration, "id": NOBODY}, \
            {**integration, "id": elsewhere["id"]}:
        hydrate(project, one, connection).must_be(404, problem(404))


def test_frontend_key_hydrates_and_updates_but_makes_no_revision(project):
    """It is what a setup page in a browser does."""
    integration = configs.new_integration(project)
    made = new_installation(project, integration)
    frontend = project.caller("ampersand", "frontend")
    revision_id = integration["latestRevision"]["id"]
    frontend.get(at(project, integration, f"/revisions/{revision_id}:hydrate"),
                 {"connectionId": made["connection"]["id"]}).must_be(200)
    frontend.patch(path_of(project, made), {
        "updateMask": ["config.content.proxy.enabled"],
        "installation": {"config": {"content": {"proxy": {
            "enabled": False}}}}}).must_be(200)
    frontend.patch(
        at(project, integration, "/objects/account/config-content"),
        {"installationId": made["id"], "action": "read", "changes": [
            {"op": "remove", "path": "/backfill"}]}).must_be(200)
    frontend.post(at(project, integration, "/revisions"), {
        "sourceYaml": manifest_yaml(integration["name"])}).must_be(
        403, problem(403))
