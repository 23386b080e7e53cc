"""What links say of themselves, by the document that the server serves."""

import pytest
import requests

from support.listening import base, integration
from support.upsun import OPEN, activities, told

DOCUMENT = "/openapi/upsun.json"


@pytest.fixture(scope="module")
def document(server):
    return requests.get(server.base + DOCUMENT, timeout=60).json()


def pointed(document, reference):
    """What a $ref leads to: KeyError when it leads nowhere."""
    path, pointer = reference.split("#/")
    assert path == DOCUMENT
    found = document
    for part in pointer.split("/"):
        found = found[part.replace("~1", "/").replace("~0", "~")]
    return found


def references(value):
    if isinstance(value, list):
        for one in value:
            yield from references(one)
    elif isinstance(value, dict):
        for name, one in value.items():
            if name == "$ref":
                yield one
            else:
                yield from references(one)


@pytest.fixture
def links(project):
    """Of what a GET answers, by what it is."""
    project_path = f"/projects/{project.upsun_id}"
    hooked = integration(project, "github", token="t", repository="o/n")
    one = told(project, **OPEN)
    paths = {"Project": project_path, "Integration": base(project, hooked),
             "Activity": activities(project, one["id"]),
             "Capabilities": f"{project_path}/capabilities"}
    return {name: project.upsun.get(path).must_be(200).body["_links"]
            for name, path in paths.items()}


def test_self_is_of_a_schema_of_the_document(links, document):
    for name, found in links.items():
        assert found["self"]["meta"] == {
            "$ref": f"{DOCUMENT}#/components/schemas/{name}"}
        assert pointed(document, found["self"]["meta"]["$ref"])


def test_every_reference_leads_somewhere(links, document):
    found = list(references(links))
    assert len(found) > 20
    for reference in found:
        assert pointed(document, reference)


def test_action_says_its_operation(project, links, document):
    wanted = {"#edit": "patch", "#delete": "delete", "#hook": "post",
              "#validate": "post"}
    said = {rel: link for rel, link in links["Integration"].items()
            if rel.startswith("#")}
    assert set(said) == set(wanted)
    for rel, method in wanted.items():
        [(verb, operation)] = said[rel]["meta"].items()
        assert verb == method
        assert set(operation) >= {"parameters", "responses"}
        tail = {"#hook": "/hook", "#validate": "/validate"}.get(rel, "")
        ours = document["paths"]["/projects/{projectId}/integrations/"
                                 "{integrationId}" + tail][method]
        assert set(operation["responses"]) == set(ours["responses"])
    assert set(links["Activity"]["#edit"]["meta"]) == {"patch"}
    assert set(links["Activity"]["#cancel"]["meta"]) == {"post"}


def test_link_to_a_resource_is_its_address_alone(links):
    for found in links.values():
        for rel, link in found.items():
            if rel != "self" and not rel.startswith("#"):
                assert set(link) == {"href"}
