"""Our types and their fields are the contract's, one by one."""

import copy
import json

import pytest

from support import cli
from support.contracts import contract
from support.upsun_types import TYPES, WORDS

SCHEMAS = {
    "bitbucket": "Bitbucket", "bitbucket_server": "BitbucketServer",
    "blackfire": "Blackfire", "fastly": "Fastly", "github": "Github",
    "gitlab": "GitLab", "health.email": "Email",
    "health.pagerduty": "PagerDuty", "health.slack": "Slack",
    "health.webhook": "HealthWebHook", "httplog": "HttpLog",
    "newrelic": "NewRelic", "otlplog": "OtlpLog", "script": "Script",
    "splunk": "Splunk", "sumologic": "Sumologic", "syslog": "Syslog",
    "webhook": "WebHook"}
OURS = {"id", "created_at", "updated_at", "type", "role"}


def ours():
    return json.loads((cli.ROOT / "openapi/upsun.json").read_text())


def schema_of(document, kind, form):
    schemas = document["components"]["schemas"]
    name = SCHEMAS[kind] + "Integration" + form
    # one of the contract's own names says Create twice
    return schemas.get(name) or schemas[name.replace("Create", "CreateCreate")]


def facts(schema):
    """What two documents must agree about: of each field its type, words,
    null, and members."""
    found = {}
    for name, field in schema.get("properties", {}).items():
        if name == "_links":
            continue
        found[name] = (
            field.get("type"), sorted(filter(None, field.get("enum", [])))
            if name != "type" else None,
            field.get("nullable", False), field.get("format"),
            facts(field), facts(field.get("items", {})),
            sorted(field.get("required", [])))
        inner = field.get("additionalProperties")
        if isinstance(inner, dict):
            found[name] += (inner.get("type"), facts(inner))
    return found


def faults(theirs, mine):
    for kind in SCHEMAS:
        for form in "", "CreateInput", "Patch":
            wanted, got = (schema_of(document, kind, form)
                           for document in (theirs, mine))
            if facts(wanted) != facts(got):
                yield f"{kind}{form}: {facts(wanted)} is not {facts(got)}"
            required = set(wanted.get("required", []))
            if form == "Patch":  # it is partial
                required = set()
            if not required <= set(got.get("required", [])):
                yield f"{kind}{form}: {required} are required"
            if form == "CreateInput" and required != set(got["required"]):
                yield f"{kind}{form}: {got['required']} are required"


def test_18_types_have_the_fields_of_the_contract():
    document = contract("upsun.openapi.json")
    union = document["components"]["schemas"]["Integration"]["oneOf"]
    assert len(union) == len(SCHEMAS) == len(TYPES) == 18
    assert {one["$ref"].rsplit("/", 1)[1] for one in union} == {
        f"{name}Integration" for name in SCHEMAS.values()}
    found = list(faults(document, ours()))
    assert not found, "\n".join(found)


@pytest.mark.parametrize("kind", TYPES)
def test_test_data_are_the_contracts(kind):
    """What tests/support/upsun_types.py says, and by it the program."""
    document = contract("upsun.openapi.json")
    create = schema_of(document, kind, "CreateInput")
    read = schema_of(document, kind, "")
    its = TYPES[kind]
    assert set(its.given) == set(create["properties"]) - {"type"}
    assert set(its.required) == set(create["required"]) - {"type"}
    assert set(its.shown(its.given)) == set(read["properties"]) - OURS
    assert set(its.secret) == set(its.given) - set(read["properties"])
    assert set(its.nullable) == {
        name for name, field in create["properties"].items()
        if field.get("nullable")}
    for name, field in create["properties"].items():
        if "enum" in field:
            assert WORDS[name] == sorted(field["enum"]), name


def without_field(document):
    del document["components"]["schemas"]["SyslogIntegrationPatch"][
        "properties"]["auth_mode"]


def with_another_type(document):
    document["components"]["schemas"]["SplunkIntegration"]["properties"][
        "index"]["type"] = "integer"


def without_word(document):
    document["components"]["schemas"]["SyslogIntegration"]["properties"][
        "protocol"]["enum"].remove("udp")


def without_requirement(document):
    document["components"]["schemas"]["FastlyIntegrationCreateInput"][
        "required"].remove("token")


def without_null(document):
    del document["components"]["schemas"]["GithubIntegration"]["properties"][
        "base_url"]["nullable"]


def without_member(document):
    del document["components"]["schemas"]["BitbucketIntegrationCreateInput"][
        "properties"]["app_credentials"]["properties"]["secret"]


@pytest.mark.parametrize("change", [
    without_field, with_another_type, without_word, without_requirement,
    without_null, without_member])
def test_a_difference_is_seen(change):
    less = copy.deepcopy(ours())
    change(less)
    assert list(faults(ours(), less))
