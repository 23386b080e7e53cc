"""Projects: list, get, create, change, delete, restore."""

import json

import pytest

from support.forms import (BOOLEAN, TEXT, TIME, UUID, Including, containing,
                           either, mentioning, pattern)
from support.gorules import GoRules, error, misfit
from support.names import unique
from support.wait import eventually
from support.whole import opened

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
        "config": {"method": "get", "url": "https://example.localhost"},
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


def made(caller, **fields):
    """A project that the caller may use."""
    key = unique("made")
    return caller.post("/projects", {"name": "Made", "key": key, **fields}) \
        .must_be(201).body["project"]


def test_project_is_changed(gorules):
    one = made(gorules)
    path, key = f"/projects/{one['id']}", unique("changed")
    after = {**one, "name": "New", "key": key, "protected": True,
             "updatedAt": TIME}
    changed = gorules.put(path, {
        "name": "New", "key": key, "protected": True, "version": "v2"}) \
        .must_be(200, after).body
    assert changed["updatedAt"] > one["updatedAt"]
    gorules.get(path).must_be(200, changed)
    gorules.put(path, {}).must_be(200, {**changed, "updatedAt": TIME})
    gorules.put(path, {"protected": False}).must_be(
        200, Including({"protected": False, "name": "New"}))


@pytest.mark.parametrize("body, reason", [
    ({"name": 5}, "name"), ({"name": ""}, "name"), ({"key": "A b"}, "key"),
    ({"protected": "yes"}, "protected"), ({"version": "v1"}, "version"),
    ([], "object")])
def test_change_that_does_not_fit_changes_nothing(gorules, body, reason):
    one = made(gorules)
    path = f"/projects/{one['id']}"
    gorules.put(path, body).must_be(400, misfit(mentioning(reason)))
    gorules.get(path).must_be(200, one)


def test_taken_key_is_not_taken_by_a_change(project, gorules):
    one = made(gorules)
    gorules.put(f"/projects/{one['id']}", {"key": project.name}).must_be(
        409, error(409))


def listed(caller, project_id, **query):
    found = caller.get("/projects", {"all": "true", **query}).must_be(200)
    return [one for one in found.body["results"] if one["id"] == project_id]


def test_deleted_project_is_404_and_restored_as_it_was(gorules):
    one = made(gorules)
    path = f"/projects/{one['id']}"
    integration = gorules.post(f"{path}/integrations", {
        "name": "Rates", "type": "http", "kind": "rates", "config": {
            "method": "get", "url": "https://example.localhost", "headers": [
                {"name": "X-Api-Key", "value": "kept"}]}}).must_be(201).body
    reply = gorules.delete(path).must_be(200, {"status": "ok"})
    assert reply.headers["Cleat-Deletion"]
    for reply in (gorules.get(path), gorules.delete(path),
                  gorules.put(path, {"name": "x"}),
                  gorules.get(f"{path}/integrations"),
                  gorules.get(f"{path}/integrations/{integration['id']}")):
        reply.must_be(404, error(404))
    assert not listed(gorules, one["id"])
    [hidden] = listed(gorules, one["id"], deleted="true")
    assert hidden == {**one, "updatedAt": hidden["updatedAt"],
                      "deletedAt": hidden["updatedAt"]}

    back = gorules.put(f"{path}/restore").must_be(
        200, {**one, "updatedAt": TIME}).body
    gorules.get(path).must_be(200, back)
    gorules.get(f"{path}/integrations/{integration['id']}").must_be(
        200, integration)
    assert not listed(gorules, one["id"], deleted="true")
    gorules.put(f"{path}/restore").must_be(404, error(404))
    gorules.delete(path).must_be(200)


def test_key_of_a_deleted_project_is_free_and_a_restored_one_gets_another(
        gorules):
    one = made(gorules)
    gorules.delete(f"/projects/{one['id']}").must_be(200)
    usurper = made(gorules, key=one["key"])
    back = gorules.put(f"/projects/{one['id']}/restore").must_be(
        200, {**one, "key": f"{one['key']}-1", "updatedAt": TIME}).body
    gorules.get(f"/projects/{back['id']}").must_be(200, back)
    gorules.get(f"/projects/{usurper['id']}").must_be(200, usurper)


def test_its_own_token_restores_a_project(new_project):
    path = f"/projects/{new_project.id}"
    caller = new_project.gorules
    before = caller.get(path).must_be(200).body
    caller.delete(path).must_be(200, {"status": "ok"})
    caller.get(path).must_be(404, error(404))
    assert new_project.ampersand.get(
        f"/projects/{new_project.name}").status == 401
    caller.put(f"{path}/restore").must_be(200, {**before, "updatedAt": TIME})
    assert new_project.ampersand.get(
        f"/projects/{new_project.name}").status == 200


def test_protected_project_stays(gorules):
    one = made(gorules)
    path = f"/projects/{one['id']}"
    gorules.put(path, {"protected": True}).must_be(200)
    gorules.delete(path).must_be(409, error(409, mentioning("protected")))
    gorules.get(path).must_be(200)


def test_dry_run_of_a_deletion_changes_nothing(gorules):
    one = made(gorules)
    path = f"/projects/{one['id']}"
    reply = gorules.delete(f"{path}?dryRun=true")
    assert reply.status == 200
    plan = json.loads(reply.text)
    assert plan["counts"] == {"hidden": {"project": 1}}
    assert not plan["irreversible"]["atOnce"]
    gorules.get(path).must_be(200, one)


def test_restore_is_for_who_sees_the_project(project, other, gorules):
    foreign = made(other.gorules)
    other.gorules.delete(f"/projects/{foreign['id']}").must_be(200)
    assert not listed(gorules, foreign["id"], deleted="true")
    for project_id in NOBODY, foreign["id"], project.id:
        gorules.put(f"/projects/{project_id}/restore").must_be(
            404, error(404))
    other.gorules.put(f"/projects/{foreign['id']}/restore").must_be(200)


def test_viewer_changes_no_project(project):
    viewer = project.caller("gorules", "viewer")
    path = f"/projects/{project.id}"
    for reply in (viewer.put(path, {"name": "x"}), viewer.delete(path),
                  viewer.put(f"{path}/restore")):
        reply.must_be(403, error(403))


DAY_S = 24 * 3600


def test_project_is_purged_when_its_time_is_over(server_factory):
    first = server_factory()
    caller = first.project.gorules
    one = made(caller)
    other = made(caller)
    caller.delete(f"/projects/{one['id']}").must_be(200)
    first.stop()
    late = server_factory(first.store, clock_offset_s=29 * DAY_S)
    GoRules(late, first.project.keys["gorules"]["personalAccessToken"]).put(
        f"/projects/{one['id']}/restore").must_be(200)
    caller = GoRules(late,
                     first.project.keys["gorules"]["personalAccessToken"])
    caller.delete(f"/projects/{one['id']}").must_be(200)
    late.stop()
    later = server_factory(first.store, clock_offset_s=60 * DAY_S)
    caller = GoRules(later,
                     first.project.keys["gorules"]["personalAccessToken"])
    caller.put(f"/projects/{one['id']}/restore").must_be(404, error(404))
    assert not listed(caller, one["id"], deleted="true")
    caller.get(f"/projects/{other['id']}").must_be(200)
    eventually(lambda: deletions(later) == {"hard": "done", "soft": "done"},
               "the project is gone for good")


def deletions(server):
    """The states of the project's last two deletions, by mode."""
    with opened(server.store) as rows:
        return dict(rows(
            "SELECT mode, state FROM deletion "
            "WHERE target_kind = 'project' AND state <> 'restored'"))


def fault(reply):
    """The one thing that is wrong."""
    [message] = reply.must_be(400).body["message"]
    return message


def test_new_project_may_be_protected(gorules):
    made = gorules.post("/projects", {
        "name": "Made", "key": unique("made"), "protected": True,
        "version": "v2"}).must_be(201).body["project"]
    assert made["protected"] is True
    gorules.get(f"/projects/{made['id']}").must_be(200, made)
    gorules.delete(f"/projects/{made['id']}").must_be(409)


@pytest.mark.parametrize("field, value", [
    ("protected", "x"), ("protected", 1), ("version", "v1"), ("version", 2)])
def test_new_project_that_does_not_fit_is_refused(gorules, field, value):
    assert fault(gorules.post("/projects", {
        "name": "Made", "key": unique("made"), field: value})) \
        .startswith(field)


def test_name_of_null_is_none(project, gorules):
    assert fault(gorules.put(f"/projects/{project.id}", {"name": None})) \
        .startswith("name")


def test_name_that_makes_no_key_is_to_blame(gorules):
    assert fault(gorules.post("/projects", {"name": "日本語"})) \
        .startswith("name")
    assert fault(gorules.post("/projects", {"name": "日本語", "key": "x"})) \
        .startswith("key")


def test_who_is_no_owner_is_told_so(project, gorules):
    owner = gorules.get(f"/projects/{project.id}").body["organisationId"]
    path = f"/users/service/{owner}/personal-access-tokens"
    token = gorules.post(path, {
        "note": "x", "projects": [project.id], "expiry": "week",
        "permissions": ["project:manage"]}).must_be(201).body["token"]
    manager = GoRules(project.server, token)
    for reply in (manager.get(path), manager.post("/projects", {"name": "a"})):
        assert "owner" in reply.must_be(403).body["message"]
