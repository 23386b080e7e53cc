"""Environments of a project, and what goes with them."""

import pytest

from support import ampersand as amp
from support import apinizer as apz
from support.forms import TIME, UUID, Including, differences
from support.names import unique
from support.native import all_effects, base, items, of, plan, receipt, run
from support.worker import new_environment


def path(project, environment=None):
    return f"{base(project)}/environments" + (
        f"/{environment['id']}" if environment else "")


def test_environment_is_made_and_read(project):
    name = unique("live")
    made = project.native.post(path(project), {
        "name": name, "kind": "production"}).must_be(201, {
            "id": UUID, "name": name, "kind": "production",
            "createdAt": TIME}).body
    project.native.get(path(project, made)).must_be(200, made)
    project.native.post(path(project), {"name": name, "kind": "test"}) \
        .must_be(409, Including(amp.problem(409)))


def test_environments_are_listed_in_pages(new_project):
    project = new_project
    names = [new_environment(project, name)["name"] for name in "bca"]
    first = project.native.get(f"{path(project)}?limit=2").must_be(200).body
    assert len(first["items"]) == 2
    assert [one["name"] for one in
            items(project, "/environments", limit=2)] == sorted(names)


@pytest.mark.parametrize("body, status, field", [
    ({"kind": "test"}, 400, "name"),
    ({"name": "x"}, 400, "kind"),
    ({"name": "", "kind": "test"}, 422, "name"),
    ({"name": "x" * 129, "kind": "test"}, 422, "name"),
    ({"name": "é" * 129, "kind": "test"}, 422, "name"),
    ({"name": "a\tb", "kind": "test"}, 422, "name"),
    ({"name": "a\u0085b", "kind": "test"}, 422, "name"),
    ({"name": "x", "kind": "moon"}, 422, "kind"),
])
def test_bad_environment_names_the_field(project, body, status, field):
    refused = project.native.post(path(project), body) \
        .must_be(status, Including(amp.problem(status))).body
    assert [one["name"] for one in refused["issues"]] == [field]


def test_environment_name_is_counted_in_characters(project):
    name = unique("live").ljust(128, "é")
    made = project.native.post(path(project), {
        "name": name, "kind": "test"}).must_be(201).body
    project.native.get(path(project, made)).must_be(200, made)


def test_environment_goes_with_its_workers(new_project):
    """One that holds nothing is forgotten at once."""
    project = new_project
    environment = new_environment(project)
    project.workers.post("/register", {
        "environment": environment["name"], "name": "w1",
        "url": "https://w.localhost"}).must_be(200)
    gone = project.native.delete(path(project, environment)) \
        .must_be(200).body
    assert gone["state"] == "done" and gone["mode"] == "hard"
    assert gone["counts"] == {"gone": {"worker": 1, "environment": 1}}
    project.native.get(path(project, environment)).must_be(404)
    assert project.native.get(f"{base(project)}/workers") \
        .must_be(200).body["items"] == []
    new_environment(project, environment["name"])


def test_plan_of_an_environment_is_what_happens(new_project):
    project = new_project
    environment = new_environment(project)
    worker = project.workers.post("/register", {
        "environment": environment["name"], "name": "w1",
        "url": "https://w.localhost"}).must_be(200).body
    apz.new_connection(project, deployToWorker=False)
    made = project.apinizer.post(
        apz.connection(project, "mail"), {
            "type": "email", "host": "smtp.example.com"},
        {"wait": 0}).must_be(200).body
    assert made["deploymentResult"] == {
        "success": False, "responseTime": 0, "detail": "pending",
        "detailList": [{
            "success": False, "responseTime": 0,
            "envName": environment["name"], "podName": "w1",
            "podIp": "w.localhost", "detail": "pending"}]}
    planned = plan(project, "environment", environment["id"])
    [undeployed] = [one for one in planned["effects"]
                    if one["effect"] == "undeployed"]
    assert not differences({
        "effect": "undeployed", "kind": "deployment", "id": UUID,
        "name": "w1", "workerId": worker["id"], "connectionId": UUID},
        undeployed)
    dry = project.native.delete(path(project, environment),
                                {"dryRun": "true"})
    assert dry.body["effects"] == planned["effects"]
    done = run(project, planned)
    assert all_effects(project, done["id"]) == planned["effects"]
    assert done["state"] == "waiting"
    [step] = done["steps"]
    assert step["kind"] == "undeploy"
    assert step["subject"] == {"kind": "connection",
                               "id": undeployed["connectionId"]}
    assert step["facts"]["environment"] == environment["name"]
    steps = f"{base(project)}/deletions/{done['id']}/steps/{step['id']}"
    project.native.post(f"{steps}:retry", {}).must_be(200)
    project.native.post(f"{steps}:abandon", {"reason": "burnt down"}) \
        .must_be(200)
    assert of(planned["effects"], "gone", "environment") == \
        [environment["id"]]
    receipt = project.native.get(
        f"{base(project)}/deletions/{done['id']}").must_be(200).body
    assert receipt["state"] == "done"


def test_changed_plan_of_an_environment_is_refused(new_project):
    project = new_project
    environment = new_environment(project)
    planned = plan(project, "environment", environment["id"])
    project.workers.post("/register", {
        "environment": environment["name"], "name": "w1",
        "url": "https://w.localhost"}).must_be(200)
    project.native.post(f"{base(project)}/deletions", {
        "planToken": planned["planToken"]}).must_be(412)


def test_environment_has_no_way_back(new_project):
    project = new_project
    environment = new_environment(project)
    refused = project.native.post(f"{base(project)}/deletions:plan", {
        "target": {"kind": "environment", "id": environment["id"]},
        "options": {"mode": "soft"}}).must_be(422).body
    assert refused["issues"][0]["name"] == "options.mode"
    project.native.put(f"{base(project)}/policies/environment",
                       {"mode": "soft"}).must_be(422)
    project.native.delete(path(project, environment)).must_be(200)
    project.native.post(
        f"{base(project)}/environment/{environment['id']}:restore", {}) \
        .must_be(404)


def test_held_project_keeps_its_environments(new_project):
    project = new_project
    environment = new_environment(project)
    project.native.put(f"{base(project)}/holds/project/{project.id}",
                       {"reason": "case"}).must_be(200)
    project.native.delete(path(project, environment)).must_be(409)
    project.native.get(path(project, environment)).must_be(200)


def worker_path(project, worker):
    return f"{base(project)}/workers/{worker['id']}"


def test_dead_worker_is_removed_with_what_waits_for_it(new_project):
    project = new_project
    environment = new_environment(project)
    worker = project.workers.post("/register", {
        "environment": environment["name"], "name": "w1",
        "url": "https://w.localhost"}).must_be(200).body
    kept, gone = [apz.new_connection(project, unique(name), deployToWorker=True)
                  for name in ("kept", "gone")]
    deleted = project.apinizer.delete(
        f"/projects/{project.name}/connections/{gone}/").must_be(200)
    waiting = receipt(project, deleted.headers["Cleat-Deletion"])
    assert waiting["state"] == "waiting"

    planned = project.native.delete(worker_path(project, worker),
                                    {"dryRun": "true"}).body
    assert planned["counts"] == {"undeployed": {"deployment": 2},
                                 "gone": {"worker": 1}}
    assert len(project.native.get(f"{base(project)}/workers").body["items"]) \
        == 1
    answer = project.native.delete(worker_path(project, worker)).must_be(200)
    done = receipt(project, answer.headers["Cleat-Deletion"])
    assert done["effects"] == planned["effects"]
    assert done["state"] == "done"
    assert [(one["state"], one["reason"]) for one in done["steps"]] == \
        [("abandoned", "the worker was deleted")] * 2
    [step] = receipt(project, waiting["id"])["steps"]
    assert (step["state"], step["reason"]) == \
        ("abandoned", "the worker was deleted")
    assert project.native.get(f"{base(project)}/workers").body["items"] == []
    project.native.delete(worker_path(project, worker)).must_be(404)


def test_deleted_worker_that_is_there_registers_anew(new_project):
    project = new_project
    environment = new_environment(project)
    apz.new_connection(project, deployToWorker=True)
    it = {"environment": environment["name"], "name": "w1",
          "url": "https://w.localhost"}
    was = project.workers.post("/register", it).must_be(200).body
    run(project, plan(project, "worker", was["id"]))
    project.workers.post(f"/workers/{was['id']}/heartbeat").must_be(404)
    now = project.workers.post("/register", it).must_be(200).body
    assert now["id"] != was["id"]
    held = project.workers.get(f"/workers/{now['id']}/connections") \
        .must_be(200).body
    assert len(held["connections"]) == 1
