"""Projects: list, get, create."""

import pytest

from support.forms import (BOOLEAN, TEXT, TIME, UUID, Including, containing,
                           either, mentioning, pattern)
from support.gorules import GoRules, error, misfit
from support.names import unique

NOBODY = "00000000-0000-7000-8000-000000000000"


def document(project, **known):
    return {"id": project.id, "name": TEXT, "key": project.name,
            "organisationId": TEXT, "version": either("v1", "v2"),
            "protected": BOOLEAN, "createdAt": TIME, "updatedAt": TIME,
            "deletedAt": None, **known}


def test_project_is_found_by_its_id(project, gorules):
    gorules.get(f"/projects/{project.id}").must_be(200, document(project))


def test_list_has_the_projects_of_the_token(project, other, gorules):
    reply = gorules.get("/projects", {"search": project.name}).must_be(
        200, Including({"results": containing(document(project))}))
    assert other.id not in reply.text


def test_token_made_for_a_project_sees_it_alone(server, new_project):
    listed = new_project.gorules.get("/projects").must_be(200).body
    assert [one["id"] for one in listed["results"]] == [new_project.id]


def test_list_is_paged_and_searched(project, gorules):
    word = unique("needle")
    made = [gorules.post("/projects", {
        "name": f"{word} {number}", "key": unique("needle")},
    ).must_be(201).body["project"] for number in range(3)]
    ids = {one["id"] for one in made}
    page = gorules.get("/projects", {
        "search": word, "page": 1, "perPage": 2}).must_be(200).body
    assert page["paginate"] == {"current": 1, "from": 1, "to": 2,
                                "total": 3, "pageSize": 2}
    last = gorules.get("/projects", {
        "search": word, "page": 2, "perPage": 2}).must_be(200).body
    assert {one["id"] for one in page["results"] + last["results"]} == ids


def test_creator_may_use_the_project(project, gorules):
    key = unique("made")
    made = gorules.post("/projects", {"name": "Made", "key": key}).must_be(
        201, {"project": {**document(project), "id": UUID, "key": key,
                          "name": "Made"}}).body["project"]
    gorules.get(f"/projects/{made['id']}").must_be(200, made)
    gorules.post(f"/projects/{made['id']}/integrations", {
        "name": "Rates", "type": "http", "kind": "rates",
        "config": {"method": "get", "url": "https://example.com"},
    }).must_be(201, Including({"projectId": made["id"]}))


def test_key_is_made_from_the_name_unless_given(gorules):
    name = unique("Made Of Words")
    gorules.post("/projects", {"name": name}).must_be(201, {
        "project": Including({"name": name, "key": pattern(
            "key", "[a-z0-9]{2,}(-[a-z0-9]+)*")})})


@pytest.mark.parametrize("body, reason", [
    ({"key": "made-too"}, "name"), ({"name": 5, "key": "made-too"}, "name"),
    ({"name": "x", "key": 5}, "key"), ({"name": "x", "key": "A b"}, "key"),
    ({"name": "x", "key": "a"}, "key"), ({"name": "x", "key": "a-"}, "key"),
    ({"name": "x", "key": "-ab"}, "key")])
def test_project_that_does_not_fit_is_refused(gorules, body, reason):
    gorules.post("/projects", body).must_be(400, misfit(mentioning(reason)))


def test_taken_key_is_a_conflict(project, gorules):
    gorules.post("/projects", {"name": "x", "key": project.name}).must_be(
        409, error(409))


def test_unknown_project_is_404(project, other, gorules):
    for project_id in NOBODY, other.id:
        gorules.get(f"/projects/{project_id}").must_be(404, error(404))
        gorules.get(f"/projects/{project_id}/integrations").must_be(
            404, error(404))


def test_viewer_creates_no_project(project):
    viewer = project.caller("gorules", "viewer")
    viewer.get(f"/projects/{project.id}").must_be(200, document(project))
    viewer.post("/projects", {"name": "x", "key": unique("made")}).must_be(
        403, error(403))


def test_caller_without_a_token_is_refused(server):
    GoRules(server).get("/projects").must_be(401, error(401))
