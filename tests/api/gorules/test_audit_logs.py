"""The audit log: what happened, by whom, from where."""

import pytest

from support.forms import (TIME, UUID, Including, list_of, mentioning)
from support.gorules import (GoRules, error, integrations, misfit,
                             new_integration)
from support.names import unique
from support.wait import eventually
from support.whole import opened

NOBODY = "00000000-0000-7000-8000-000000000000"
DAY_S = 24 * 3600
ENTRY = {"id": UUID, "createdAt": TIME, "type": "integration",
         "action": "created", "ipAddress": "127.0.0.1", "userAgent": "rules/1",
         "refId": UUID, "organisationId": UUID, "user": {
             "id": UUID, "email": None, "firstName": None, "lastName": None},
         "project": {"id": UUID, "name": "fresh"},
         "data": {"family": "http", "handle": "rates", "kind": "http"}}


def log(project, caller=None, **query):
    return (caller or project.gorules).get("/audit-logs", {
        "projectId": project.id, **query})


def entries(project, caller=None, **query):
    return log(project, caller, **{"perPage": 1000, **query}) \
        .must_be(200).body["results"]


@pytest.fixture
def acted(new_project):
    """A project in which one integration came, changed and went."""
    project = new_project
    project.gorules.headers["User-Agent"] = "rules/1"
    made = new_integration(project, kind="rates")
    path = integrations(project, made["id"])
    project.gorules.put(path, {"name": "New"}).must_be(200)
    project.gorules.delete(path).must_be(200)
    project.integration = made["id"]
    return project


def test_entry_says_what_happened(acted):
    organisation = acted.gorules.get(f"/projects/{acted.id}").body
    entry = {**ENTRY, "refId": acted.integration,
             "organisationId": organisation["organisationId"],
             "user": {**ENTRY["user"],
                      "id": organisation["organisationId"]},
             "project": {"id": acted.id, "name": organisation["name"]}}
    [found] = log(acted, type="integration", action="created").must_be(
        200, {"results": [entry], "paginate": {
            "current": 1, "from": 1, "to": 1, "total": 1, "pageSize": 10}}) \
        .body["results"]
    acted.gorules.get(f"/audit-logs/{found['id']}").must_be(200, found)


def test_newest_comes_first_unless_asked_otherwise(acted):
    down = entries(acted, type="integration")
    assert [one["action"] for one in down] == [
        "deleted", "updated", "created"]
    assert entries(acted, type="integration", sort="asc") == down[::-1]
    assert entries(acted, type="integration", orderBy="createdAt",
                   sort="desc") == down


@pytest.mark.parametrize("order, key", [
    ("type", lambda one: (one["type"], one["action"])),
    ("action", lambda one: one["action"])])
def test_entries_are_ordered_as_asked_for(acted, order, key):
    up = entries(acted, orderBy=order, sort="asc")
    assert len({key(one) for one in up}) > 2
    assert [key(one) for one in up] == sorted(key(one) for one in up)
    assert entries(acted, orderBy=order, sort="desc") == up[::-1]


def test_type_and_action_narrow_it_down(acted):
    everything = entries(acted)
    for query in ({"type": "integration"}, {"action": "created"},
                  {"type": "token", "action": "created"}, {"type": "project"},
                  {"action": "credentials.read"}, {"type": "integratio"},
                  {"type": "Integration"},
                  {"type": "%"}, {"action": "d%"}):
        assert entries(acted, **query) == [
            one for one in everything if query.get("type", one["type"])
            == one["type"] and query.get("action", one["action"])
            == one["action"]], query


def test_dates_narrow_it_down(acted):
    up = entries(acted, sort="asc")
    middle = up[len(up) // 2]["createdAt"]
    assert entries(acted, sort="asc", fromDate=middle) == [
        one for one in up if one["createdAt"] >= middle]
    assert entries(acted, sort="asc", toDate=middle) == [
        one for one in up if one["createdAt"] <= middle]
    today = middle[:10]
    assert entries(acted, sort="asc", fromDate=today, toDate=up[-1][
        "createdAt"][:10]) == up
    assert entries(acted, fromDate="2100-01-01") == []
    assert entries(acted, toDate="2020-01-01") == []


def test_user_narrows_it_down(acted):
    user = acted.gorules.get(f"/projects/{acted.id}").body["organisationId"]
    mine = entries(acted, userId=user)
    assert len(mine) >= 3 and mine == [
        one for one in entries(acted)
        if one["user"] and one["user"]["id"] == user]
    assert entries(acted, userId=NOBODY) == []


def test_what_other_apis_do_is_there_without_an_origin(acted):
    key = acted.token("ampersand")
    acted.ampersand.post(f"/projects/{acted.name}/topics", {
        "name": unique("topic")}).must_be(201)
    [entry] = entries(acted, type="topic")
    assert entry["ipAddress"] is entry["userAgent"] is None
    assert entry["user"]["id"] and entry["user"]["email"] is None
    assert entries(acted, userId=entry["user"]["id"], type="topic") == [entry]
    assert key["id"]


def test_log_is_paged(acted):
    everything = entries(acted)
    total = len(everything)
    pages = []
    for page in range(1, total // 2 + 2):
        reply = log(acted, page=page, perPage=2).must_be(200).body
        pages += reply["results"]
        assert reply["paginate"]["total"] == total
    assert pages == everything


def test_projects_are_told_of_together_and_in_one_order(acted):
    second = acted.gorules.post("/projects", {
        "name": "Second", "key": unique("second")}).must_be(201) \
        .body["project"]
    for project_id in second["id"], acted.id:
        acted.gorules.put(f"/projects/{project_id}", {}).must_be(200)
    for order in "createdAt", "type", "action":
        both = acted.gorules.get("/audit-logs", {
            "perPage": 1000, "orderBy": order}).must_be(200).body
        assert {one["project"]["id"] for one in both["results"]} == {
            second["id"], acted.id}
        assert both["paginate"]["total"] == len(both["results"])
        paged = [one for page in range(1, both["paginate"]["total"] // 3 + 2)
                 for one in acted.gorules.get("/audit-logs", {
                     "perPage": 3, "page": page, "orderBy": order}).must_be(
                     200).body["results"]]
        assert paged == both["results"]
    times = [one["createdAt"] for one in acted.gorules.get(
        "/audit-logs", {"perPage": 1000}).body["results"]]
    assert times == sorted(times, reverse=True)


@pytest.mark.parametrize("query, reason", [
    ({"userId": "x"}, "userId"), ({"fromDate": "yesterday"}, "fromDate"),
    ({"toDate": "2026-13-01"}, "toDate"), ({"orderBy": "user"}, "orderBy"),
    ({"sort": "up"}, "sort"), ({"page": "0"}, "page"),
    ({"perPage": "x"}, "perPage"), ({"page": "1001"}, "page")])
def test_query_that_does_not_fit_is_refused(project, query, reason):
    log(project, **query).must_be(400, misfit(mentioning(reason)))


def test_log_is_for_who_manages_the_project(project):
    viewer = project.caller("gorules", "viewer")
    for reply in (log(project, viewer), viewer.get("/audit-logs"),
                  viewer.get(f"/audit-logs/{NOBODY}")):
        reply.must_be(403, error(403))


def test_log_of_another_is_unknown(project, other, gorules):
    [entry, *_] = entries(other)
    for entry_id in entry["id"], NOBODY, "no-uuid":
        gorules.get(f"/audit-logs/{entry_id}").must_be(404, error(404))
    for project_id in other.id, NOBODY, "no-uuid":
        gorules.get("/audit-logs", {"projectId": project_id}).must_be(
            404, error(404))
    gorules.get("/audit-logs", {"perPage": 1000}).must_be(200, Including({
        "results": list_of(Including({"project": Including({})}))}))
    assert other.id not in gorules.get("/audit-logs").text


def test_caller_without_a_token_reads_none(server):
    for path in "/audit-logs", f"/audit-logs/{NOBODY}":
        GoRules(server).get(path).must_be(401, error(401))


def test_agent_is_taken_as_text(acted):
    acted.gorules.headers["User-Agent"] = b"\xff\xfe" + b"x" * 500
    acted.gorules.put(f"/projects/{acted.id}", {}).must_be(200)
    [entry, *_] = entries(acted, type="project")
    assert entry["userAgent"] == "??" + "x" * 254


def test_what_is_of_people_is_erased_in_time(server_factory):
    first = server_factory()
    new_integration(first.project)
    token = first.project.keys["gorules"]["personalAccessToken"]
    first.stop()
    later = server_factory(first.store, clock_offset_s=91 * DAY_S)
    eventually(lambda: not kept(later), "addresses are erased")
    project = first.project
    [entry] = GoRules(later, token).get("/audit-logs", {
        "projectId": project.id, "type": "integration"}).must_be(
        200).body["results"]
    assert entry["ipAddress"] is entry["userAgent"] is None
    assert entry["user"]["id"] == entry["organisationId"]


def kept(server):
    with opened(server.store) as rows:
        return rows("SELECT number FROM event_origin "
                    "WHERE address IS NOT NULL OR agent IS NOT NULL")
