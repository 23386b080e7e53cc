"""Provider apps and destinations are let go of like everything else: planned,
carried out by the plan's token, with a receipt; what uses them blocks."""

import pytest

from support import ampersand as amp
from support.native import base, plan, receipt, run

BY_KIND = {"provider_app": (amp.new_provider_app, "provider-apps"),
           "destination": (amp.new_destination, "destinations")}
PLAN_TYPE = "application/vnd.cleat.plan+json"


@pytest.fixture(params=BY_KIND)
def part(request, project):
    """(kind, id, path of Ampersand's)"""
    make, folder = BY_KIND[request.param]
    made = make(project)
    return request.param, made["id"], \
        f"/projects/{project.name}/{folder}/{made['id']}"


def is_there(project, path):
    folder, _, part_id = path.rpartition("/")
    return part_id in project.ampersand.get(folder).must_be(200).text


def test_plan_changes_nothing_and_its_token_carries_it_out(project, part):
    kind, part_id, path = part
    planned = plan(project, kind, part_id)
    assert planned["counts"] == {"gone": {kind: 1}}
    [effect] = planned["effects"]
    assert (effect["effect"], effect["kind"], effect["id"]) == \
        ("gone", kind, part_id)
    assert planned["irreversible"]["atOnce"]
    assert planned["blockedBy"] == []
    assert is_there(project, path)
    done = run(project, planned)
    assert not is_there(project, path)
    assert done["effects"] == planned["effects"]
    assert done["target"] == planned["target"]
    assert (done["mode"], done["state"], done["steps"]) == ("hard", "done", [])
    again = project.native.post(f"{base(project)}/deletions", {
        "planToken": planned["planToken"]})
    again.must_be(412)


def test_ampersands_delete_names_its_deletion(project, part):
    kind, part_id, path = part
    answer = project.ampersand.delete(path).must_be(204)
    done = receipt(project, answer.headers["Cleat-Deletion"])
    assert (done["target"]["kind"], done["target"]["id"]) == (kind, part_id)
    assert done["counts"] == {"gone": {kind: 1}}
    [listed] = project.native.get(
        f"{base(project)}/deletions?targetKind={kind}&targetId={part_id}") \
        .must_be(200).body["items"]
    assert listed["id"] == done["id"]


def test_dry_run_is_the_plan_with_its_token(project, part):
    kind, part_id, path = part
    answer = project.ampersand.delete(f"{path}?dryRun=true")
    assert answer.status == 200
    assert answer.headers["Content-Type"] == PLAN_TYPE
    assert answer.body["target"]["kind"] == kind
    assert is_there(project, path)
    assert run(project, answer.body)["target"]["id"] == part_id
    assert not is_there(project, path)


def test_they_go_at_once_whatever_is_asked(project, part):
    kind, part_id, path = part
    project.native.post(f"{base(project)}/deletions:plan", {
        "target": {"kind": kind, "id": part_id},
        "options": {"mode": "soft"}}).must_be(422)
    project.native.put(f"{base(project)}/policies/{kind}",
                       {"mode": "soft"}).must_be(422)
    project.ampersand.delete(path).must_be(204)
    for verb in "restore", "purge":
        project.native.post(f"{base(project)}/{kind}/{part_id}:{verb}", {}) \
            .must_be(404)


def test_destination_in_use_says_by_what(new_project):
    project = new_project
    hook = amp.new_destination(project, "accountWebhook")
    route = amp.new_topic_route(project, amp.new_topic(project), hook)
    reader = amp.new_installation(project)
    blockers = [{"kind": "route", "id": route["id"]},
                {"kind": "installation", "id": reader["id"]}]
    for options in {}, {"force": True}:  # which does not help
        planned = plan(project, "destination", hook["id"], **options)
        assert planned["blockedBy"] == blockers
        project.native.post(f"{base(project)}/deletions", {
            "planToken": planned["planToken"]}).must_be(409)
    path = f"/projects/{project.name}/destinations/{hook['id']}"
    dry = project.ampersand.delete(f"{path}?dryRun=true")
    assert dry.status == 200 and dry.body["blockedBy"] == blockers
    project.ampersand.delete(path).must_be(409)


def test_hold_on_the_project_keeps_them(new_project):
    project = new_project
    app = amp.new_provider_app(project)
    path = f"{base(project)}/holds/project/{project.id}"
    project.native.put(path, {"reason": "audit"}).must_be(200)
    assert plan(project, "provider_app", app["id"])["heldBy"]
    project.ampersand.delete(
        f"/projects/{project.name}/provider-apps/{app['id']}").must_be(409)
    project.native.delete(path).must_be(204)
    project.ampersand.delete(
        f"/projects/{project.name}/provider-apps/{app['id']}").must_be(204)
