"""A worker gets what is deployed, with its secrets, and loses what is let go
of; one that is away delays its own step alone."""

import pytest

from support import apinizer as apz
from support import cli
from support.jose import keys_of, payload_of
from support.names import unique
from support.native import base, receipt
from support.server import ALLOWED
from support.wait import eventually
from support.whole import served
from support.worker import Worker, new_environment


@pytest.fixture(scope="module")
def server():
    with served(options=ALLOWED) as running:
        yield running


@pytest.fixture
def project(server):
    name = unique("deployed")
    return server.create_project(name, name)


@pytest.fixture
def environment(project):
    return new_environment(project)["name"]


def held(worker):
    return {one["name"] for one in worker.holds.values()}


def let_go(project, name):
    return project.apinizer.delete(apz.connection(project, name)) \
        .must_be(200).headers["Cleat-Deletion"]


def test_worker_has_what_is_deployed_and_loses_what_is_deleted(
        project, environment):
    with Worker() as worker:
        worker.register(project, environment)
        apz.new_connection(project, "mail", password="pass-1")
        eventually(lambda: held(worker) == {"mail"}, "the push")
        [pushed] = worker.holds.values()
        assert pushed["type"] == "email"
        assert pushed["environment"] == environment
        assert pushed["settings"]["host"] == "smtp.example.com"
        assert "password" not in pushed["settings"]
        assert pushed["secrets"] == {"password": "pass-1"}
        deletion = let_go(project, "mail")
        eventually(lambda: receipt(project, deletion)["state"] == "done",
                   "its removal")
        [step] = receipt(project, deletion)["steps"]
        assert step["state"] == "done" and step["reason"] == "removed"
        assert not worker.holds


def certificate(project, deletion):
    return payload_of(project.native.get(
        f"{base(project)}/deletions/{deletion}/certificate").text,
        keys_of(project.server))


def test_certificate_says_what_each_worker_answered(project, environment):
    with Worker() as worker:
        worker.register(project, environment)
        apz.new_connection(project, "mail")
        eventually(lambda: held(worker) == {"mail"}, "the push")
        [made] = worker.holds
        deletion = let_go(project, "mail")
        eventually(lambda: receipt(project, deletion)["state"] == "done",
                   "its removal")
    said = certificate(project, deletion)
    [step] = receipt(project, deletion)["steps"]
    assert said["effects"]["counts"]["undeployed"] == {"deployment": 1}
    assert said["deployments"]["ends"] == {"removed": 1}
    assert said["deployments"]["items"] == [{
        "id": step["id"], "connection": made,
        "worker": worker.name, "workerId": worker.id, "end": "removed",
        "attempts": step["attempts"], "lastAnswer": None,
        "createdAt": step["createdAt"], "endedAt": step["updatedAt"]}]
    assert said["grants"]["ends"] == {} and said["grants"]["items"] == []


def test_worker_knows_us_after_the_keys_were_replaced(server_factory):
    server = server_factory(options=ALLOWED)
    project = server.project
    with Worker() as worker:
        worker.register(project, new_environment(project)["name"])
        for options in [("--master",), ("--project", "my-project")]:
            done = cli.run("key", "rotate", "--store", server.store.url,
                           *options)
            assert done.returncode == 0, done.stderr
        apz.new_connection(project, "mail", password="pass-1")
        eventually(lambda: held(worker) == {"mail"}, "the push")


def test_worker_that_is_away_delays_its_own_step_alone(project, environment):
    with Worker() as there, Worker() as away:
        for worker in there, away:
            worker.register(project, environment)
        apz.new_connection(project, "mail")
        eventually(lambda: held(there) == held(away) == {"mail"}, "the push")
        away.is_down = True
        deletion = let_go(project, "mail")

        def steps():
            return {one["facts"]["worker"]: one
                    for one in receipt(project, deletion)["steps"]}

        eventually(lambda: steps()[there.name]["state"] == "done"
                   and steps()[away.name]["attempts"], "a try at each")
        assert steps()[away.name]["state"] == "waiting"
        assert steps()[away.name]["lastAnswer"]
        assert not there.holds and away.holds
        away.is_down = False
        project.native.post(
            f"{base(project)}/deletions/{deletion}/steps/"
            f"{steps()[away.name]['id']}:retry", {})
        eventually(lambda: receipt(project, deletion)["state"] == "done",
                   "the other removal")
        assert not away.holds


def test_worker_that_comes_back_has_all_and_nothing_deleted(
        project, environment):
    with Worker() as worker:
        worker.register(project, environment)
        for name in "kept", "gone":
            apz.new_connection(project, name)
        eventually(lambda: held(worker) == {"kept", "gone"}, "the pushes")
        worker.is_down = True
        deletion = let_go(project, "gone")
        [step] = receipt(project, deletion)["steps"]
        project.native.post(
            f"{base(project)}/deletions/{deletion}/steps/{step['id']}"
            ":abandon", {"reason": "nobody answers"}).must_be(200)
        worker.is_down = False
        worker.register(project, environment)
        worker.drop_others(project)
        assert held(worker) == {"kept"}
        worker.forget()
        worker.register(project, environment)
        eventually(lambda: held(worker) == {"kept"}, "all that it is to have")


def test_address_inside_a_network_is_not_registered_without_a_rule(
        server_factory):
    project = server_factory().project
    environment = new_environment(project)["name"]
    with Worker() as worker:
        project.workers.post("/register", {
            "environment": environment, "name": "w", "url": worker.url}) \
            .must_be(422)
