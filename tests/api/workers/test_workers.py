"""What workers call: making themselves known, being there, the full set."""

import pytest

from support import ampersand as amp
from support import apinizer as apz
from support.forms import TEXT, TIME, UUID, Including
from support.names import unique
from support.native import Native, base, items
from support.worker import Workers, new_environment

URL = "https://worker.example.com/hold/"


@pytest.fixture(scope="module")
def project(server):
    """One of its own: other tests' connections are to have no worker."""
    name = unique("workers")
    return server.create_project(name, name)


@pytest.fixture
def environment(project):
    return new_environment(project)


def register(project, environment, name="w1", url=URL):
    return project.workers.post("/register", {
        "environment": environment["name"], "name": name, "url": url})


def listed(project, worker):
    [found] = [one for one in items(project, "/workers")
               if one["id"] == worker["id"]]
    return found


def test_worker_makes_itself_known(project, environment):
    made = register(project, environment).must_be(200, {
        "id": UUID, "environmentId": environment["id"],
        "environment": environment["name"], "name": "w1",
        "url": "https://worker.example.com/hold", "key": TEXT,
        "heartbeatSeconds": 20}).body
    again = register(project, environment).must_be(200).body
    assert again == made
    moved = register(project, environment,
                     url="https://other.example.com").must_be(200).body
    assert moved["id"] == made["id"] and moved["key"] != made["key"]


def test_worker_is_listed_with_what_waits_for_it(new_project):
    project = new_project
    environment = new_environment(project)
    apz.new_connection(project)
    made = register(project, environment).must_be(200).body
    assert listed(project, made) == {
        "id": made["id"], "environmentId": environment["id"],
        "environment": environment["name"], "name": "w1",
        "url": "https://worker.example.com/hold", "deployments": 1,
        "pending": 1, "seenAt": listed(project, made)["seenAt"],
        "createdAt": listed(project, made)["createdAt"]}


def test_heartbeat_is_seen(project, environment):
    made = register(project, environment).must_be(200).body
    before = listed(project, made)["seenAt"]
    beat = project.workers.post(f"/workers/{made['id']}/heartbeat") \
        .must_be(200, {"id": made["id"], "seenAt": TIME}).body
    assert listed(project, made)["seenAt"] == beat["seenAt"] > before


def test_full_set_has_what_is_deployed_without_secrets(new_project):
    project = new_project
    environment = new_environment(project)
    made = register(project, environment).must_be(200).body
    apz.new_connection(project, "kept", password="secret-of-mail")
    apz.new_connection(project, "off", enabled=False)
    path = f"/workers/{made['id']}/connections"
    answer = project.workers.get(path).must_be(200)
    [one] = answer.body["connections"]
    assert set(one) == {"id", "version", "pending"} and one["pending"]
    assert one["version"] <= answer.body["version"]
    assert "secret-of-mail" not in answer.text
    project.apinizer.delete(apz.connection(project, "kept")).must_be(200)
    later = project.workers.get(path).must_be(200).body
    assert later["connections"] == []
    assert later["version"] > answer.body["version"]


def test_full_set_is_given_once_a_version(new_project):
    project = new_project
    made = register(project, new_environment(project)).must_be(200).body
    path = f"/workers/{made['id']}/connections"
    first = project.workers.get(path, {"since": 0}).must_be(200).body
    since = {"since": first["version"]}
    assert project.workers.get(path, since).must_be(204).text == ""
    apz.new_connection(project)
    later = project.workers.get(path, since).must_be(200).body
    assert later["version"] > first["version"] and later["connections"]
    for since in "x", -1, 10 ** 20:
        project.workers.get(path, {"since": since}).must_be(400)


def test_worker_that_was_away_may_ask_for_what_waits(project, environment):
    made = register(project, environment).must_be(200).body
    path = f"/workers/{made['id']}/heartbeat"
    project.workers.post(path + "?again=true").must_be(200, {
        "id": made["id"], "seenAt": TIME})
    project.workers.post(path + "?again=maybe").must_be(400)


@pytest.mark.parametrize("body, status, field", [
    ({}, 400, "environment"),
    ({"environment": 1, "name": "x", "url": URL}, 400, "environment"),
    ({"environment": "x", "name": "", "url": URL}, 422, "name"),
    ({"environment": "x", "name": "a\nb", "url": URL}, 422, "name"),
    ({"environment": "x", "name": "n" * 129, "url": URL}, 422, "name"),
    ({"environment": "x", "name": "x", "url": "nonsense"}, 422, "url"),
    ({"environment": "x", "name": "x", "url": "http://example.com"}, 422,
     "url"),
    ({"environment": "x", "name": "x", "url": "https://10.0.0.1/"}, 422,
     "url"),
    ({"environment": "x", "name": "x", "url": URL + "?a=b"}, 422, "url"),
    ({"environment": "x", "name": "x", "url": URL + "x" * 1024}, 422, "url"),
])
def test_bad_registration_names_the_field(project, body, status, field):
    refused = project.workers.post("/register", body) \
        .must_be(status, Including(amp.problem(status))).body
    assert field in [issue["name"] for issue in refused["issues"]]


def test_unknown_environment_and_worker_are_404(project, other, environment):
    register(project, {"name": unique("nowhere")}).must_be(
        404, Including(amp.problem(404)))
    made = register(project, environment).must_be(200).body
    register(other, environment).must_be(404)
    for caller, worker in (
            (project.workers, "00000000-0000-7000-8000-000000000000"),
            (project.workers, "w1"), (other.workers, made["id"])):
        caller.post(f"/workers/{worker}/heartbeat").must_be(404)
        caller.get(f"/workers/{worker}/connections").must_be(404)


def test_only_a_workers_token_calls(project, environment):
    keys = project.keys
    for token in (None, "nonsense", keys["apinizer"]["token"],
                  keys["gorules"]["personalAccessToken"]):
        Workers(project.server, token).post("/register", {
            "environment": environment["name"], "name": "w", "url": URL}) \
            .must_be(401, Including(amp.problem(401)))
    viewer = project.caller("worker", "viewer")
    viewer.post("/register", {"environment": environment["name"],
                              "name": "w", "url": URL}).must_be(403)
    token = project.token("worker")["token"]
    Native(project.server, token).get(f"{base(project)}/workers") \
        .must_be(401)
    apz.Apinizer(project.server, token).get("/projects/").must_be(401)
