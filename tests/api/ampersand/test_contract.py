"""Our document's shapes are the contract's, for what both have."""

import copy
import fnmatch
import json

import pytest

from support import cli
from support.contracts import contract
from support.shapes import differences

# What differs, and why that is so.
KNOWN = {
    # a manifest, or a zip of it, or one integration's content
    "createIntegration body: requires [[]]*": "sourceYaml is taken too",
    "batchUpsertIntegrations body: requires *": "exactly one of two",
    "batchUpsertIntegrations body.sourceZipUrl: *": "not taken yet",
    "generateConnection body.customAuth: *": "not taken yet",
    "generateConnection body.oauth2*Credentials: *": "not taken yet",
    "getConnection query refresh: is not there": "answered with 501",
    # a configuration says what it reads
    "* requires [[]'objectName', 'selectedFields'[]], *": "needed to read",
    "* requires [[]'objects'[]], not [[][]]": "needed to read",
    # what can't be wrong is not told so
    "deleteIntegration 422: is not there": "nothing can be invalid",
    "listIntegrations 422: is not there": "nothing can be invalid",
    "listProviderApps 422: is not there": "nothing can be invalid",
    "getInstallation 400: is not there": "nothing can be misshapen",
    "*EventTopicRoute* updateTime: *": "a route never changes",
    "*EventTopicRoute*.updateTime: *": "a route never changes",
}


def ours():
    return json.loads((cli.ROOT / "openapi/ampersand.json").read_text())


def unknown(found):
    return [one for one in found
            if not any(fnmatch.fnmatchcase(one, known) for known in KNOWN)]


def test_operations_have_the_shapes_of_the_contract():
    wrong = unknown(differences(contract("ampersand.openapi.json"), ours()))
    assert not wrong, "\n".join(wrong)


def without_member(document):
    del document["components"]["schemas"]["Support"]["properties"]["proxy"]


def with_another_type(document):
    document["components"]["schemas"]["Support"]["properties"]["proxy"] = {
        "type": "string"}


def without_a_word(document):
    document["components"]["schemas"]["ProviderInfo"]["properties"][
        "authType"]["enum"].remove("jwt")


def without_requirement(document):
    document["components"]["schemas"]["Support"]["required"].remove("read")


def without_answer(document):
    del document["paths"]["/providers"]["get"]["responses"]["200"]


@pytest.mark.parametrize("change", [
    without_member, with_another_type, without_a_word, without_requirement,
    without_answer])
def test_a_difference_is_seen(change):
    """Our document against a copy of it that says less."""
    less = copy.deepcopy(ours())
    change(less)
    assert not list(differences(ours(), ours()))
    assert any(one.startswith("listProviders ")
               for one in differences(ours(), less))
