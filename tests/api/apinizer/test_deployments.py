"""deploymentResult: an answer waits for the workers, for a time, and says what
became of the change at each of them."""

import socket

import pytest

from support import apinizer as apz
from support.forms import NUMBER, Including
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
    name = unique("results")
    return server.create_project(name, name)


@pytest.fixture
def environment(project):
    return new_environment(project)["name"]


BODY = {"type": "email", "host": "smtp.example.com"}


def entry(worker, environment, is_success=True, **more):
    return {"success": is_success, "responseTime": NUMBER,
            "envName": environment, "podName": worker.name,
            "podIp": "127.0.0.1", **more}


def result(is_success, *entries, **more):
    return {"success": True, "status": "SUCCESS", "deploymentResult": {
        "success": is_success, "responseTime": NUMBER,
        "detailList": list(entries), **more}}


def test_change_is_answered_when_each_worker_has_it(project, environment):
    with Worker() as one, Worker() as two:
        for worker in one, two:
            worker.register(project, environment)
        both = [entry(worker, environment) for worker in (one, two)]
        path = apz.connection(project, "mail")
        project.apinizer.post(path, BODY).must_be(200, result(True, *both))
        assert len(one.holds) == len(two.holds) == 1
        project.apinizer.put(path, {**BODY, "port": 2525}).must_be(
            200, result(True, *both))
        assert [held["settings"]["port"] for worker in (one, two)
                for held in worker.holds.values()] == [2525, 2525]
        project.apinizer.delete(path).must_be(200, result(True, *both))
        assert not one.holds and not two.holds


def test_what_is_switched_off_is_removed_before_the_answer(
        project, environment):
    with Worker() as worker:
        worker.register(project, environment)
        path = apz.connection(project, "mail")
        project.apinizer.post(path, BODY).must_be(200)
        project.apinizer.put(path, {**BODY, "deployToWorker": False}) \
            .must_be(200, result(True, entry(worker, environment)))
        assert not worker.holds


def test_time_of_a_removal_is_the_workers_own(project, environment):
    with Worker() as fine, socket.create_server(("127.0.0.1", 0)) as silent:
        fine.register(project, environment)
        project.workers.post("/register", {
            "environment": environment, "name": "silent",
            "url": f"http://127.0.0.1:{silent.getsockname()[1]}"}) \
            .must_be(200)
        path = apz.connection(project, "mail")
        project.apinizer.post(f"{path}?wait=0", BODY).must_be(200)
        eventually(lambda: fine.holds, "the connection")
        told = project.apinizer.delete(f"{path}?wait=2").must_be(200).body
        took = {one["podName"]: one["responseTime"]
                for one in told["deploymentResult"]["detailList"]}
        assert took[fine.name] < took["silent"]


def test_worker_that_fails_makes_the_result_fail_and_the_status_200(
        project, environment):
    with Worker() as fine, Worker() as broken:
        for worker in fine, broken:
            worker.register(project, environment)
        broken.schedule = ["500"]
        path = apz.connection(project, "mail")
        project.apinizer.post(path, BODY).must_be(200, result(
            False, entry(fine, environment),
            entry(broken, environment, False, detail="500"),
            detail="failed at 1 of 2, and goes on"))
        eventually(lambda: broken.holds, "the next try")
        broken.is_down = True
        deleted = project.apinizer.delete(path).must_be(200, result(
            False, entry(fine, environment),
            Including({"success": False, "podName": broken.name}),
            detail="failed at 1 of 2, and goes on"))
        assert not fine.holds and broken.holds
        broken.is_down = False
        step = next(
            one for one in receipt(
                project, deleted.headers["Cleat-Deletion"])["steps"]
            if one["facts"]["worker"] == broken.name)
        project.native.post(
            f"{base(project)}/deletions/"
            f"{deleted.headers['Cleat-Deletion']}/steps/{step['id']}:retry",
            {})
        eventually(lambda: not broken.holds, "the removal")


def test_confirmation_and_first_failure_are_events(project, environment):
    with Worker() as worker:
        worker.register(project, environment)
        worker.schedule = ["500", "500"]
        project.apinizer.post(apz.connection(project, "mail"), BODY) \
            .must_be(200)
        eventually(lambda: worker.holds, "the push")

        def told(kind):
            return project.native.get(f"{base(project)}/events", {
                "type": kind}).must_be(200).body["items"]

        eventually(lambda: told("deployment.confirmed"), "its event")
        [failed] = told("deployment.failed")
        [confirmed] = told("deployment.confirmed")
        assert failed["payload"]["reason"] == "500"
        assert confirmed["payload"]["worker"] == worker.name
        assert confirmed["payload"]["version"] == \
            failed["payload"]["version"]


def test_how_long_it_waits_may_be_said(project, environment):
    with Worker() as worker:
        worker.register(project, environment)
        path = apz.connection(project, "mail")
        project.apinizer.post(path, BODY, {"wait": 0}).must_be(
            200, result(False, entry(worker, environment, False,
                                     detail="pending"), detail="pending"))
        eventually(lambda: worker.holds, "the push")
        for wait in "-1", "11", "x":
            project.apinizer.put(path, BODY, {"wait": wait}).must_be(
                400, apz.failure("bad_request",
                                 "wait must be a number from 0 to 10"))


def test_no_worker_nothing_to_wait_for(project, environment):
    path = apz.connection(project, "mail")
    project.apinizer.post(path, BODY).must_be(200, {
        "success": True, "status": "SUCCESS",
        "deploymentResult": {"success": True, "detailList": []}})
