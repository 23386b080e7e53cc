"""Activities that a pipeline tells of: begun, gone on with, ended, cancelled."""

import calendar
import time

import pytest

from support.forms import OBJECT, TIME, Including, differences
from support.names import unique
from support.upsun import (BORN, OPEN, PUSH, activities, activity, cancel, error,
                           go_on, links, new_webhook, of_integration, result,
                           tell, told)

WHOLE = {
    **PUSH, "environments": ["main", "staging"], "state": "complete",
    "result": "failure", "failure_reason": "shell",
    "started_at": "2024-01-15T10:30:00Z",
    "completed_at": "2024-01-15T10:31:00.500000Z",
    "completion_percent": 100, "log": "one\ntwo\n",
    "parameters": {"force": True}, "payload": {"commit": {"id": "4b82"}},
    "timings": {"build": 1.5, "deploy": 2}, "description": "Jane pushed",
    "text": "Jane pushed to main", "expires_at": "2025-01-15T10:30:00Z",
    "commands": [{"app": "web", "type": "deploy", "exit_code": 1}]}


def form(project, **known):
    return activity(project, "environment.push",
                    **{"environments": [], **known})


OPEN_FORM = {"state": "in_progress", "result": None, "completed_at": None,
             "completion_percent": 0}
CANCELLED = {"state": "cancelled", "result": "failure",
             "completion_percent": 100, "cancelled_at": TIME,
             "completed_at": TIME}


@pytest.mark.parametrize("root", ["", "/api"])
def test_what_is_told_is_over_and_well_unless_it_is_said(project, root):
    made = form(project, parameters={}, payload={}, timings={}, commands=[],
                description=None, text=None, expires_at=None)
    reply = project.upsun.post(activities(project, root=root), PUSH) \
        .must_be(201, result("Created", 201, made, [made]))
    one = reply.body["_embedded"]["entity"]
    assert reply.body["_embedded"]["activities"] == [one]
    project.upsun.get(activities(project, one["id"], root)).must_be(200, one)


def test_everything_that_is_told_is_kept(project):
    made = told(project, **WHOLE)
    assert not differences(form(project, **{
        **WHOLE, "started_at": "2024-01-15T10:30:00.000000Z",
        "log": ""}), made)


def test_it_goes_on_until_it_is_over(project):
    begun = told(project, state="pending", environments=["main"])
    assert not differences(form(project, state="pending", result=None,
                                environments=["main"], started_at=None,
                                completed_at=None, completion_percent=0),
                           begun)
    going = go_on(project, begun, state="in_progress",
                  completion_percent=40).must_be(200, result(
                      "OK", 200, form(project, **{
                          **OPEN_FORM, "completion_percent": 40,
                          "environments": ["main"]}), [OBJECT])) \
        .body["_embedded"]["entity"]
    assert going["updated_at"] > begun["created_at"]
    over = go_on(project, begun, state="complete", result="failure",
                 failure_reason="error", payload={"a": 1}).must_be(200) \
        .body["_embedded"]["entity"]
    assert over == {
        **going, "state": "complete", "result": "failure",
        "failure_reason": "error", "payload": {"a": 1},
        "completion_percent": 100, "updated_at": over["updated_at"],
        "completed_at": over["completed_at"],
        "_links": {name: link for name, link in going["_links"].items()
                   if not name.startswith("#")}}
    project.upsun.get(activities(project, begun["id"])).must_be(200, over)


def test_patch_keeps_what_it_does_not_name(project):
    begun = told(project, **{**OPEN, "payload": {"a": 1}, "text": "t",
                             "timings": {"x": 1}, "environments": ["e"]})
    after = go_on(project, begun, description="d").must_be(200) \
        .body["_embedded"]["entity"]
    assert after == {**begun, "description": "d",
                     "updated_at": after["updated_at"]}


@pytest.mark.parametrize("over", [
    {}, {"result": "failure"}, {"state": "cancelled"}])
def test_what_is_over_stays_as_it_is(project, over):
    one = told(project, **over)
    conflict = error(409, "Conflict", "state")
    go_on(project, one, completion_percent=1).must_be(409, conflict)
    cancel(project, one).must_be(409, conflict)
    project.upsun.get(activities(project, one["id"])).must_be(200, one)


def test_a_change_is_always_over(new_project):
    new_webhook(new_project)
    one = new_project.upsun.get(activities(new_project)).body[0]
    for reply in cancel(new_project, one), go_on(new_project, one, text="x"):
        reply.must_be(409, error(409, "Conflict", "state"))


@pytest.mark.parametrize("state", ["pending", "in_progress", "scheduled",
                                   "staged"])
def test_cancelled_one_has_failed(project, state):
    one = told(project, state=state)
    done = cancel(project, one).must_be(200, result(
        "OK", 200, form(project, **{
            **CANCELLED, "started_at": one["started_at"]}), [OBJECT])).body
    project.upsun.get(activities(project, one["id"])).must_be(
        200, done["_embedded"]["entity"])


def test_it_is_cancelled_by_its_integration_too(project):
    made = new_webhook(project)
    one = told(project, **OPEN, integration=made["id"])
    project.upsun.post(of_integration(project, made, one["id"], "/cancel")) \
        .must_be(200, Including({"code": 200}))
    project.upsun.get(of_integration(project, made, one["id"])).must_be(
        200, Including(CANCELLED))


@pytest.mark.parametrize("body", [None, {}])
def test_body_of_a_cancellation_is_ignored(project, body):
    one = told(project, **OPEN)
    project.upsun.post(f"{activities(project, one['id'])}/cancel", body) \
        .must_be(200)


def test_it_is_in_the_lists_of_the_project_and_its_integration(project):
    mine, other = new_webhook(project), new_webhook(project)
    one = told(project, integration=mine["id"])
    assert one["integration"] == mine["id"]
    [newest] = project.upsun.get(activities(project), {
        "count": 1, "type": "environment.push"}).body
    assert newest == one
    listed = project.upsun.get(of_integration(project, mine)).must_be(200) \
        .body
    assert [each["type"] for each in listed] == ["environment.push",
                                                 "integration.add"]
    assert listed[0] == one
    project.upsun.get(of_integration(project, mine, one["id"])).must_be(
        200, one)
    for path in "", "/log":
        project.upsun.get(of_integration(project, other, one["id"], path)) \
            .must_be(404, error(404, "Not Found"))
    project.upsun.post(of_integration(project, other, one["id"], "/cancel")) \
        .must_be(404, error(404, "Not Found"))


@pytest.fixture(scope="module")
def mixed(server):
    """A project with a change, and an activity in each state."""
    name = unique("mixed")
    project = server.create_project(name, name)
    new_webhook(project)
    for state in "pending", "in_progress", "cancelled", "complete":
        told(project, type=f"environment.{state}", state=state)
    told(project, type="environment.failure", result="failure")
    return project


@pytest.mark.parametrize("query, expected", [
    ({}, ["environment.failure", "environment.complete",
          "environment.cancelled", "environment.in_progress",
          "environment.pending", "integration.add", *BORN]),
    ({"state": "pending"}, ["environment.pending"]),
    ({"state": ["pending", "in_progress"]},
     ["environment.in_progress", "environment.pending"]),
    ({"state": "complete"}, ["environment.failure", "environment.complete",
                             "integration.add", *BORN]),
    ({"state": "scheduled"}, []),
    ({"result": "failure"}, ["environment.failure", "environment.cancelled"]),
    ({"result": ["failure", "success"], "state": "complete"},
     ["environment.failure", "environment.complete", "integration.add",
      *BORN]),
    ({"result": "success", "state": "pending"}, []),
    ({"type": ["environment.pending", "integration.add"]},
     ["environment.pending", "integration.add"]),
    ({"type": "environment.pending", "state": "complete"}, []),
    ({"count": 2}, ["environment.failure", "environment.complete"]),
    ({"starts_at": "1"}, []),
    ({"starts_at": "4102444800", "count": 1}, ["environment.failure"]),
])
def test_list_is_filtered_through_all_of_them(mixed, query, expected):
    listed = mixed.upsun.get(activities(mixed), query).must_be(200).body
    assert [one["type"] for one in listed] == expected


def test_each_page_goes_on_where_the_last_one_ended(new_project):
    for number in range(30):
        told(new_project, text=str(number))
    first = new_project.upsun.get(activities(new_project)).body
    assert len(first) == 25
    second = new_project.upsun.get(activities(new_project), {
        "starts_at": first[-1]["created_at"]}).body
    texts = [one["text"] for one in first + second][:-len(BORN)]
    assert texts == [str(number) for number in reversed(range(30))]


def test_time_without_a_fraction_is_meant_to_its_second_s_end(new_project):
    one = told(new_project)
    whole = one["created_at"].split(".")[0] + "Z"
    for bound in (whole, str(calendar.timegm(time.strptime(
            whole, "%Y-%m-%dT%H:%M:%SZ")))):
        listed = new_project.upsun.get(activities(new_project),
                                       {"starts_at": bound}).body
        assert one in listed


def test_links_are_those_that_can_be_used(project):
    path = f"/api/projects/{project.upsun_id}/activities/"
    one = told(project, **OPEN)
    assert not differences({
        **links(project.server, path + one["id"], "log", "#cancel"),
        "#edit": {"href": path + one["id"], "meta": OBJECT}},
        one["_links"])
    seen = project.caller("upsun", "viewer").get(
        activities(project, one["id"])).must_be(200).body
    assert set(seen["_links"]) == {"self", "log"}
    over = told(project)
    assert set(over["_links"]) == {"self", "log"}


MISTAKES = {
    "no type": ({"type": None}, "type"),
    "type of one word": ({"type": "push"}, "type"),
    "type in capitals": ({"type": "Environment.push"}, "type"),
    "type that is too long": ({"type": "a." + "b" * 127}, "type"),
    **{f"type of what is recorded, {kind}": ({"type": kind}, "type")
       for kind in ("integration.add", "integration.webhook",
                    "connection.created", "installation.deleted",
                    "activity.created", "token.created")},
    "unknown field": ({"color": "blue"}, "color"),
    "field of ours": ({"id": "x"}, "id"),
    "unknown state": ({"state": "sleeping"}, "state"),
    "unknown result": ({"result": "maybe"}, "result"),
    "unknown reason": ({"result": "failure", "failure_reason": "rain"},
                       "failure_reason"),
    "reason of a success": ({"failure_reason": "shell"}, "failure_reason"),
    "result of what goes on": ({"state": "pending", "result": "success"},
                               "result"),
    "reason of what goes on": ({"state": "pending",
                                "failure_reason": "error"},
                               "failure_reason"),
    "end of what goes on": ({"state": "in_progress",
                             "completed_at": "2024-01-15T10:30:00Z"},
                            "completed_at"),
    "all of what goes on": ({"state": "in_progress",
                             "completion_percent": 100},
                            "completion_percent"),
    "cancelled and well": ({"state": "cancelled", "result": "success"},
                           "result"),
    "end before the start": ({"started_at": "2024-01-15T10:31:00Z",
                              "completed_at": "2024-01-15T10:30:00Z"},
                             "completed_at"),
    "no time": ({"started_at": "yesterday"}, "started_at"),
    "no end of time": ({"expires_at": "never"}, "expires_at"),
    "more than all": ({"completion_percent": 101}, "completion_percent"),
    "payload that is no object": ({"payload": [1]}, "payload"),
    "parameters that are none": ({"parameters": "x"}, "parameters"),
    "timings that are no numbers": ({"timings": {"a": "1"}}, "timings"),
    "environments that are no list": ({"environments": "main"},
                                      "environments"),
    "too many environments": ({"environments": ["e"] * 65}, "environments"),
    "command without its code": ({"commands": [{"app": "a", "type": "b"}]},
                                 "commands[0].exit_code"),
    "integration of nobody": ({"integration": "aaaaaaaaaaaaa"},
                              "integration"),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_mistake_is_explained_by_field(project, mistake):
    given, field = MISTAKES[mistake]
    tell(project, **given).must_be(400, error(400, "Bad Request", field))


@pytest.mark.parametrize("given, field", [
    ({"state": "pending"}, "state"), ({"type": "environment.pull"}, "type"),
    ({"result": "success"}, "result"), ({"color": 1}, "color"),
    ({"completion_percent": 100}, "completion_percent"),
    ({"environments": None}, "environments"), ({"log": 5}, "log"),
    ({"integration": "aaaaaaaaaaaaa"}, "integration")])
def test_patch_that_does_not_fit_changes_nothing(project, given, field):
    one = told(project, **OPEN)
    go_on(project, one, **{"text": "changed", **given}).must_be(
        400, error(400, "Bad Request", field))
    project.upsun.get(activities(project, one["id"])).must_be(200, one)


def test_patch_may_name_what_stays(project):
    made = new_webhook(project)
    one = told(project, **OPEN, integration=made["id"])
    go_on(project, one, type=PUSH["type"], integration=made["id"],
          state="in_progress").must_be(200)
    other = new_webhook(project)
    go_on(project, one, integration=other["id"]).must_be(
        400, error(400, "Bad Request", "integration"))


def test_what_is_read_or_only_told_about_is_no_change(new_project):
    project = new_project
    made = new_webhook(project, shared_key="k")
    project.upsun.get(f"/projects/{project.upsun_id}/integrations/"
                      f"{made['id']}").must_be(200)
    one = told(project, **OPEN)
    cancel(project, one).must_be(200)
    project.upsun.delete(f"/projects/{project.upsun_id}/integrations/"
                         f"{made['id']}").must_be(200)
    kinds = [each["type"] for each in
             project.upsun.get(activities(project)).body]
    assert kinds == ["integration.delete", "environment.push",
                     "integration.add", *BORN]


def test_each_step_is_an_event(new_project):
    one = told(new_project, **OPEN)
    go_on(new_project, one, state="complete").must_be(200)
    two = told(new_project, **OPEN)
    cancel(new_project, two).must_be(200)
    found = new_project.native.get(
        f"/projects/{new_project.name}/events").must_be(200).body["items"]
    assert [each["type"] for each in found
            if each["type"].startswith("activity.")] == [
        "activity.created", "activity.updated", "activity.created",
        "activity.cancelled"]


def test_viewer_tells_nothing(project):
    viewer, one = project.caller("upsun", "viewer"), told(project, **OPEN)
    path = activities(project, one["id"])
    for reply in (viewer.post(activities(project), PUSH),
                  viewer.patch(path, {"text": "x"}),
                  viewer.post(f"{path}/cancel")):
        reply.must_be(403, error(403, "Forbidden"))
    viewer.get(path).must_be(200)
    project.upsun.get(path).must_be(200, one)


def test_unknown_activity_is_404(project, other):
    foreign = told(other, **OPEN)
    for activity_id in "aaaaaaaaaaaaa", "x", foreign["id"]:
        path = activities(project, activity_id)
        for reply in (project.upsun.get(path),
                      project.upsun.get(f"{path}/log"),
                      project.upsun.patch(path, {"text": "x"}),
                      project.upsun.post(f"{path}/cancel")):
            reply.must_be(404, error(404, "Not Found"))
    other.upsun.get(activities(other, foreign["id"])).must_be(200, foreign)


@pytest.mark.parametrize("kind", [
    "warning.raised", "project.deleted", "deployment.confirmed",
    "read.backfill.done", "write.async.done", "environment.created",
    "environment.deleted", "step.retried", "variable.created", "a..b", "-.-",
    ".a", "a.", "a.-b"])
def test_type_is_words_and_none_of_ours(project, kind):
    tell(project, type=kind).must_be(400, error(400, "Bad Request", "type"))


@pytest.mark.parametrize("kind", ["environment.branch", "source_operation.run",
                                  "a-b.c_d.e9"])
def test_other_types_are_a_client_s(project, kind):
    tell(project, type=kind).must_be(201)


def test_what_is_over_is_so_to_100_percent(project):
    tell(project, completion_percent=40).must_be(
        400, error(400, "Bad Request", "completion_percent"))
    one = told(project, **OPEN, completion_percent=40)
    assert one["completion_percent"] == 40
    go_on(project, one, state="complete", completion_percent=41).must_be(
        400, error(400, "Bad Request", "completion_percent"))
    done = go_on(project, one, state="complete").must_be(200)
    assert done.body["_embedded"]["entity"]["completion_percent"] == 100
