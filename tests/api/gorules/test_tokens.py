"""Personal access tokens: made, listed, given a new value, deleted; what each
may do, where, and how long."""

import pytest

from support.forms import (TIME, UUID, Including, containing, mentioning,
                           pattern)
from support.gorules import (GoRules, error, integrations, misfit,
                             new_integration)
from support.names import unique

NOBODY = "00000000-0000-7000-8000-000000000000"
VALUE = pattern("personal access token", r"cleat_pat_\w{49}")
DAY_S = 24 * 3600


def organization(project):
    return project.gorules.get(f"/projects/{project.id}").must_be(200) \
        .body["organisationId"]


def tokens(project, token_id="", user=None):
    path = f"/users/service/{user or organization(project)}" \
        "/personal-access-tokens"
    return f"{path}/{token_id}" if token_id else path


def wanted(project, *permissions, **fields):
    return {"note": unique("note"), "allProjects": False,
            "projects": [project.id], "permissions": list(permissions),
            "expiry": "week", **fields}


def token(project, *permissions, caller=None, **fields):
    """As its creation answers it."""
    return (caller or project.gorules).post(
        tokens(project), wanted(project, *permissions, **fields)) \
        .must_be(201).body


def caller_of(project, made):
    return GoRules(project.server, made["token"])


def without_value(made):
    return {name: value for name, value in made.items() if name != "token"}


def test_token_is_made_and_shown_this_once(project, gorules):
    body = wanted(project, "integrations:manage", "project:manage")
    made = gorules.post(tokens(project), body).must_be(201, {
        **body, "id": UUID, "userId": organization(project), "token": VALUE,
        "createdAt": TIME, "expiresAt": TIME}).body
    listed = gorules.get(tokens(project), {"perPage": 1000}).must_be(
        200, Including({"results": containing(without_value(made))}))
    assert made["token"] not in listed.text
    caller_of(project, made).get(f"/projects/{project.id}").must_be(200)


@pytest.mark.parametrize("expiry, days", [
    ("week", 7), ("month", 30), ("three_months", 90), ("year", 365),
    ("indefinite", None)])
def test_expiry_says_how_long(project, expiry, days):
    made = token(project, expiry=expiry)
    assert made["expiry"] == expiry
    if days is None:
        assert made["expiresAt"] is None
    else:
        assert made["expiresAt"] > made["createdAt"]


def test_expiry_is_heeded(server_factory):
    first = server_factory()
    project = first.project
    short, long = token(project), token(project, expiry="month")
    first.stop()
    later = server_factory(first.store, clock_offset_s=8 * DAY_S)
    path = f"/projects/{project.id}"
    GoRules(later, short["token"]).get(path).must_be(401, error(401))
    GoRules(later, long["token"]).get(path).must_be(200)
    again = GoRules(
        later, project.keys["gorules"]["personalAccessToken"]).post(
        f"{tokens_at(later, project)}/{short['id']}/regenerate").must_be(200)
    GoRules(later, again.body["token"]).get(path).must_be(200)


def tokens_at(server, project):
    caller = GoRules(server, project.keys["gorules"]["personalAccessToken"])
    user = caller.get(f"/projects/{project.id}").must_be(200) \
        .body["organisationId"]
    return f"/users/service/{user}/personal-access-tokens"


@pytest.mark.parametrize("change, reason", [
    ({"note": None}, "note"), ({"note": ""}, "note"),
    ({"note": "x" * 101}, "note"), ({"note": 5}, "note"),
    ({"allProjects": "yes"}, "allProjects"),
    ({"projects": []}, "projects"), ({"projects": None}, "projects"),
    ({"projects": "x"}, "projects"), ({"projects": ["x"]}, "projects[0]"),
    ({"projects": [NOBODY]}, "projects[0]"),
    ({"projects": [NOBODY] * 101}, "projects"),
    ({"permissions": None}, "permissions"),
    ({"permissions": "owner"}, "permissions"),
    ({"permissions": ["owner", "root"]}, "permissions[1]"),
    ({"permissions": [5]}, "permissions[0]"),
    ({"expiry": None}, "expiry"), ({"expiry": "decade"}, "expiry")])
def test_token_that_does_not_fit_is_refused(project, gorules, change, reason):
    gorules.post(tokens(project), wanted(project, **change)).must_be(
        400, misfit(mentioning(reason)))


def test_note_of_a_hundred_characters_fits(project):
    note = "ü" * 100
    assert token(project, note=note)["note"] == note


def test_project_of_another_is_none(project, other, gorules):
    gorules.post(tokens(project), wanted(
        project, projects=[project.id, other.id])).must_be(
        400, misfit(mentioning("projects[1]")))


def test_token_reaches_its_projects_alone(project, gorules):
    made = gorules.post("/projects", {
        "name": "Second", "key": unique("second")}).must_be(201) \
        .body["project"]
    both = token(project, projects=[project.id, made["id"], made["id"]])
    assert both["projects"] == [project.id, made["id"]]
    one = token(project, projects=[made["id"]])
    for caller, ids in ((caller_of(project, both), {project.id, made["id"]}),
                        (caller_of(project, one), {made["id"]})):
        listed = caller.get("/projects", {"all": "true"}).must_be(200).body
        assert {its["id"] for its in listed["results"]} == ids
    caller_of(project, one).get(f"/projects/{project.id}").must_be(
        404, error(404))


def test_token_for_all_reaches_what_its_maker_does(new_project):
    project = new_project
    made = token(project, "owner", allProjects=True, projects=[])
    assert made["allProjects"] and made["projects"] == []
    later = project.gorules.post("/projects", {
        "name": "Later", "key": unique("later")}).must_be(201) \
        .body["project"]
    caller = caller_of(project, made)
    caller.get(f"/projects/{later['id']}").must_be(200)
    own = caller.post("/projects", {
        "name": "Own", "key": unique("own")}).must_be(201).body["project"]
    project.gorules.get(f"/projects/{own['id']}").must_be(200)
    ids = {project.id, later["id"], own["id"]}
    listed = caller.get("/projects", {"all": "true"}).must_be(200).body
    assert {one["id"] for one in listed["results"]} == ids


def test_reach_outlives_the_token_that_it_came_from(new_project):
    project = new_project
    maker = caller_of(project, first := token(project, "owner"))
    made = maker.post("/projects", {
        "name": "Made", "key": unique("made")}).must_be(201).body["project"]
    heir = token(project, caller=maker, allProjects=True)
    project.gorules.delete(tokens(project, first["id"])).must_be(200)
    caller_of(project, heir).get(f"/projects/{made['id']}").must_be(200)


# What each permission lets do; everybody reads.

def _integration(caller, project):
    return caller.post(integrations(project), {
        "name": "x", "type": "http", "kind": unique("rates"),
        "config": {"method": "get", "url": "https://example.localhost"}})


def _update_project(caller, project):
    return caller.put(f"/projects/{project.id}", {})


def _execute(caller, project):
    one = new_integration(project, config={
        "method": "get", "url": "https://example.localhost/{{ missing }}"})
    return caller.post(f"{integrations(project, one['id'])}/execute",
                       {"input": {}})


def _audit(caller, project):
    return caller.get("/audit-logs", {"projectId": project.id})


def _tokens(caller, project):
    return caller.get(tokens(project))


def _create_project(caller, _):
    return caller.post("/projects", {"name": "x", "key": unique("made")})


ALL = {_integration, _update_project, _execute, _audit, _tokens,
       _create_project}


@pytest.mark.parametrize("permissions, allowed", [
    ([], set()), (["integrations:manage"], {_integration, _execute}),
    (["integrations:execute"], {_execute}),
    (["project:manage"], {_update_project, _audit}),
    (["integrations:manage", "project:manage"],
     {_integration, _execute, _update_project, _audit}),
    (["owner"], ALL)])
def test_permissions_say_what_a_token_may(project, permissions, allowed):
    caller = caller_of(project, token(project, *permissions))
    caller.get(f"/projects/{project.id}").must_be(200)
    caller.get(integrations(project)).must_be(200)
    for act in ALL:
        status = act(caller, project).status
        assert (status == 403) == (act not in allowed), (act, status)


def test_sealed_values_are_for_who_manages_integrations(project):
    one = new_integration(project, config={
        "method": "get", "url": "https://example.localhost",
        "headers": [{"name": "X-Api-Key", "value": "cafe"}]})
    path = integrations(project, one["id"])
    for permission, shown in (("integrations:manage", "cafe"),
                              ("integrations:execute", None),
                              ("project:manage", None), ("owner", "cafe")):
        caller = caller_of(project, token(project, permission))
        [header] = caller.get(path).must_be(200).body["config"]["headers"]
        assert header["value"] == shown, permission


def test_lesser_token_is_a_viewer_to_the_native_api(project):
    made = token(project, "project:manage", "integrations:manage")
    native = type(project.native)(project.server, made["token"])
    path = f"/projects/{project.id}/groups"
    assert native.post(path, {"ref": unique("g"), "name": "x"}).status == 403


def test_regenerated_token_has_another_value(project, gorules):
    made = token(project, "integrations:manage")
    again = gorules.post(
        f"{tokens(project, made['id'])}/regenerate").must_be(200, {
            **made, "token": VALUE, "expiresAt": TIME}).body
    assert again["token"] != made["token"]
    assert again["expiresAt"] >= made["expiresAt"]
    path = f"/projects/{project.id}"
    caller_of(project, made).get(path).must_be(401, error(401))
    caller_of(project, again).get(path).must_be(200)


def test_deleted_token_is_none_any_more(project, gorules):
    made = token(project)
    assert gorules.delete(
        f"{tokens(project, made['id'])}?dryRun=true").status == 200
    caller_of(project, made).get(f"/projects/{project.id}").must_be(200)
    gorules.delete(tokens(project, made["id"])).must_be(200, {"status": "ok"})
    caller_of(project, made).get(f"/projects/{project.id}").must_be(
        401, error(401))
    for reply in (gorules.delete(tokens(project, made["id"])),
                  gorules.post(f"{tokens(project, made['id'])}/regenerate")):
        reply.must_be(404, error(404))


def test_value_that_reaches_further_is_not_given(new_project):
    project = new_project
    wide = token(project, "owner", allProjects=True)
    second = project.gorules.post("/projects", {
        "name": "Second", "key": unique("second")}).must_be(201) \
        .body["project"]
    two = token(project, "owner", projects=[project.id, second["id"]])
    narrow = caller_of(project, token(project, "owner"))
    for one in wide, two:
        narrow.post(f"{tokens(project, one['id'])}/regenerate").must_be(
            403, error(403))
        project.gorules.post(
            f"{tokens(project, one['id'])}/regenerate").must_be(200)
    seen = {one["id"]: one for one in narrow.get(
        tokens(project), {"perPage": 1000}).must_be(200).body["results"]}
    assert seen[two["id"]]["projects"] == [project.id]


def test_unknown_user_is_404(project, other, gorules):
    for user in NOBODY, organization(other), "no-uuid":
        for reply in (gorules.get(tokens(project, user=user)),
                      gorules.post(tokens(project, user=user),
                                   wanted(project)),
                      gorules.delete(tokens(project, NOBODY, user)),
                      gorules.post(f"{tokens(project, NOBODY, user)}"
                                   "/regenerate")):
            reply.must_be(404, error(404))


def test_unknown_token_is_404(project, other, gorules):
    foreign = token(other)
    for token_id in NOBODY, foreign["id"], "no-uuid":
        gorules.delete(tokens(project, token_id)).must_be(404, error(404))
        gorules.post(f"{tokens(project, token_id)}/regenerate").must_be(
            404, error(404))
    caller_of(other, foreign).get(f"/projects/{other.id}").must_be(200)


def test_tokens_of_the_command_line_are_the_organizations(project, gorules):
    made = project.token("gorules", "--role", "viewer", "--label", "cli")
    gorules.get(tokens(project), {"perPage": 1000}).must_be(200, Including({
        "results": containing({
            "id": made["id"], "userId": organization(project), "note": "cli",
            "allProjects": False, "projects": [project.id],
            "permissions": [], "expiry": "indefinite", "expiresAt": None,
            "createdAt": TIME})}))


def member(project):
    """The id of a builder of the project's organization."""
    [one, *_] = project.builder.get(
        f"/orgs/{organization(project)}/builders").must_be(200).body
    return one["id"]


def test_token_of_a_member_is_listed_there(project, gorules):
    user = member(project)
    path = tokens(project, user=user)
    made = gorules.post(path, wanted(project)).must_be(
        201, Including({"userId": user})).body
    gorules.get(path, {"perPage": 1000}).must_be(200, Including({
        "results": containing(without_value(made))}))
    listed = gorules.get(tokens(project), {"perPage": 1000}).must_be(200)
    assert made["id"] not in listed.text
    gorules.delete(tokens(project, made["id"])).must_be(404, error(404))


def test_list_is_paged(new_project):
    project = new_project
    before = project.gorules.get(tokens(project)).must_be(200).body
    total = before["paginate"]["total"]
    for _ in range(3):
        token(project)
    page = project.gorules.get(tokens(project), {"perPage": 2}).must_be(
        200).body
    assert page["paginate"] == {"current": 1, "from": 1, "to": 2,
                                "total": total + 3, "pageSize": 2}
    project.gorules.get(tokens(project), {"page": "x"}).must_be(
        400, misfit(mentioning("page")))


def test_viewer_makes_no_tokens(project):
    viewer = project.caller("gorules", "viewer")
    for reply in (viewer.get(tokens(project)),
                  viewer.post(tokens(project), wanted(project)),
                  viewer.delete(tokens(project, NOBODY)),
                  viewer.post(f"{tokens(project, NOBODY)}/regenerate")):
        reply.must_be(403, error(403))


def test_caller_without_a_token_makes_none(server, project):
    nobody = GoRules(server)
    for reply in (nobody.get(tokens(project)),
                  nobody.post(tokens(project), wanted(project))):
        reply.must_be(401, error(401))
