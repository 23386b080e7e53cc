"""Objects' fields, as builders tell of them."""

import pytest

from support.ampersand import (CONFIG, installations, invalid, manifest,
                               new_connection, problem)
from support.forms import TEXT, Including, list_of
from support.names import unique

NOBODY = "00000000-0000-7000-8000-000000000000"
TIER = {"fieldName": "tier", "displayName": "Tier",
        "valueType": "singleSelect", "required": True,
        "stringOptions": {"values": ["gold", "iron"]}}
OWNER = {"fieldName": "owner", "displayName": "Owner",
         "valueType": "reference", "association": {
             "associationType": "lookup", "targetObject": "user"}}
ODD = {"fieldName": 'a "b"', "displayName": "Odd", "valueType": "blob"}
SHOWN = {"readOnly": False, "isCustom": True, "isRequired": False}


class Told:
    """A group's installation, of an object with a name of its own."""

    def __init__(self, project):
        self.base = f"/projects/{project.name}"
        integration = new_integration_with_names(project)
        self.connection = new_connection(project)
        self.group = self.connection["group"]["groupRef"]
        project.ampersand.post(installations(project, integration["id"]), {
            "groupRef": self.group, "config": {"content": CONFIG}}) \
            .must_be(201)
        self.paths = [f"{self.base}/integrations/{integration['id']}",
                      f"{self.base}/providers/salesforce"]


def new_integration_with_names(project):
    content = manifest(unique("sync"))
    content["read"]["objects"][0]["mapToName"] = "company"
    base = f"/projects/{project.name}/integrations"
    project.ampersand.post(base, {
        "name": content["name"], "provider": "salesforce", "latestRevision": {
            "specVersion": "1.0.0", "content": content}}).must_be(201)
    return project.ampersand.get(f"{base}/{content['name']}").must_be(200).body


@pytest.fixture
def own(project):
    return Told(project)


@pytest.fixture(params=[0, 1], ids=["installation", "connection"])
def path(request, own):
    return own.paths[request.param]


def result(name, action):
    return {"fieldName": name, "action": action,
            "warnings": list_of(TEXT, at_least=1)}


def tell(ampersand, own, path, *fields):
    return ampersand.put(f"{path}/object-metadata", {
        "groupRef": own.group, "fields": {"account": list(fields)}})


def test_what_is_told_is_shown(ampersand, own, path):
    tell(ampersand, own, path, TIER, OWNER, ODD).must_be(200, {
        "success": True, "fields": {"account": {
            "tier": result("tier", "create"),
            "owner": result("owner", "create"),
            'a "b"': result('a "b"', "create")}}})
    fields = {
        "tier": {**SHOWN, "fieldName": "tier", "displayName": "Tier",
                 "valueType": "singleSelect", "isRequired": True,
                 "values": [{"value": "gold", "displayValue": "gold"},
                            {"value": "iron", "displayValue": "iron"}]},
        "owner": {**SHOWN, "fieldName": "owner", "displayName": "Owner",
                  "valueType": "reference", "referenceTo": ["user"]},
        'a "b"': {**SHOWN, "fieldName": 'a "b"', "displayName": "Odd",
                  "valueType": "other", "providerType": "blob"}}
    for number, where in enumerate(own.paths):
        named = {} if number else {"mappedObjectName": "company"}
        for query in {}, {"excludeReadOnly": "true"}:
            ampersand.get(f"{where}/objects/account/metadata",
                          {"groupRef": own.group, **query}).must_be(
                200, {"name": "account", **named, "fields": fields})


def test_telling_again_says_what_has_changed(ampersand, own, path):
    tell(ampersand, own, path, TIER, OWNER).must_be(200)
    tell(ampersand, own, path, {**TIER, "displayName": "Rank"}, OWNER) \
        .must_be(200, {"success": True, "fields": {"account": {
            "tier": result("tier", "update"),
            "owner": result("owner", "none")}}})
    shown = ampersand.get(f"{path}/objects/account/metadata",
                          {"groupRef": own.group}).must_be(200).body
    assert shown["fields"]["tier"]["displayName"] == "Rank"


def test_what_nobody_told_of_is_501(ampersand, own, path):
    ampersand.get(f"{path}/objects/account/metadata",
                  {"groupRef": own.group}).must_be(501, problem(501))


def test_a_group_is_needed(ampersand, path):
    for query in {}, {"groupRef": ""}:
        body = ampersand.get(f"{path}/objects/account/metadata", query) \
            .must_be(400).body
        assert [(one["in"], one["name"]) for one in body["issues"]] == [
            ("query", "groupRef")]


def test_an_unknown_group_is_404(ampersand, own, path):
    ampersand.get(f"{path}/objects/account/metadata",
                  {"groupRef": "nobody"}).must_be(404, problem(404))
    ampersand.put(f"{path}/object-metadata", {
        "groupRef": "nobody", "fields": {}}).must_be(404, problem(404))


def test_an_unknown_integration_or_provider_is_404(ampersand, own):
    for path in (f"{own.base}/integrations/{NOBODY}",
                 f"{own.base}/providers/nobody"):
        ampersand.get(f"{path}/objects/account/metadata",
                      {"groupRef": own.group}).must_be(404, problem(404))
        tell(ampersand, own, path, TIER).must_be(404, problem(404))


@pytest.mark.parametrize("wrong, name", [
    ({"fieldName": None}, "fieldName"), ({"displayName": 1}, "displayName"),
    ({"valueType": ""}, "valueType"), ({"required": "yes"}, "required"),
    ({"unique": 1}, "unique"), ({"indexed": 1}, "indexed"),
    ({"description": 1}, "description"),
    ({"stringOptions": []}, "stringOptions"),
    ({"stringOptions": {"length": 1.5}}, "stringOptions.length"),
    ({"stringOptions": {"values": [1]}}, "stringOptions.values"),
    ({"stringOptions": {"pattern": 1}}, "stringOptions.pattern"),
    ({"stringOptions": {"valuesRestricted": 1}}, "valuesRestricted"),
    ({"stringOptions": {"defaultValue": 1}}, "stringOptions.defaultValue"),
    ({"numericOptions": {"precision": "x"}}, "numericOptions.precision"),
    ({"numericOptions": {"scale": 1.5}}, "numericOptions.scale"),
    ({"numericOptions": {"min": "x"}}, "numericOptions.min"),
    ({"numericOptions": {"max": "x"}}, "numericOptions.max"),
    ({"numericOptions": {"defaultValue": "x"}}, "numericOptions.default"),
    ({"association": {"targetObject": "x"}}, "association.associationType"),
    ({"association": {"associationType": "x"}}, "association.targetObject"),
    ({"association": {"associationType": "x", "targetObject": "y",
                      "labels": {"singular": 1}}}, "labels.singular"),
    ({"fieldName": "x" * 257}, "fieldName"),
    ({"description": "x" * 8193}, "description")])
def test_a_definition_that_cannot_be_is_400(ampersand, own, wrong, name):
    tell(ampersand, own, own.paths[0], {**TIER, **wrong}).must_be(
        400, invalid(400, name))


@pytest.mark.parametrize("fields", [
    None, [], {"account": {}}, {"account": ["x"]}, {"": [TIER]},
    {"account": [TIER, TIER]}, {"account": [
        {**TIER, "fieldName": f"f{number}"} for number in range(501)]}])
def test_fields_that_cannot_be_are_400(ampersand, own, fields):
    ampersand.put(f"{own.paths[0]}/object-metadata", {
        "groupRef": own.group, "fields": fields}).must_be(
        400, Including(invalid(400, "fields")))


def test_they_go_with_their_connection(project, ampersand, own):
    lone = new_connection(project)
    group = lone["group"]["groupRef"]
    path = own.paths[1]
    tell(ampersand, Lone(group), path, TIER).must_be(200)
    ampersand.delete(f"{own.base}/connections/{lone['id']}").must_be(204)
    ampersand.get(f"{path}/objects/account/metadata",
                  {"groupRef": group}).must_be(404, problem(404))


class Lone:
    def __init__(self, group):
        self.group = group
