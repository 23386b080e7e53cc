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
    "oauthConnect body: requires *": "older clients send projectId",
    "customAuthConnect body: requires *": "older clients send projectId",
    # a configuration says what it reads
    "* requires [[]'objectName', 'selectedFields'[]], *": "needed to read",
    "* requires [[]'objects'[]], not [[][]]": "needed to read",
    # what can't be wrong is not told so
    "deleteIntegration 422: is not there": "nothing can be invalid",
    "listIntegrations 422: is not there": "nothing can be invalid",
    "listProviderApps 422: is not there": "nothing can be invalid",
    "getInstallation 400: is not there": "nothing can be misshapen",
    "getBackfillProgress 400: is not there": "nothing can be misshapen",
    "listOperationLogs 4[02][02]: is not there": "nothing can be misshapen",
    "listOperations 422: is not there": "what does not fit is 400",
    "*EventTopicRoute*.updateTime: *": "a route never changes",
}


def ours():
    return json.loads((cli.ROOT / "openapi/ampersand.json").read_text())


def unknown(found):
    return [one for one in found
            if not any(fnmatch.fnmatchcase(one, known) for known in KNOWN)]


def test_operations_have_the_shapes_of_the_contract():
    found = list(differences(contract("ampersand.openapi.json"), ours()))
    wrong = unknown(found)
    assert not wrong, "\n".join(wrong)
    mended = [known for known in KNOWN
              if not fnmatch.filter(found, known)]
    assert not mended, f"no difference any more: {mended}"


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
