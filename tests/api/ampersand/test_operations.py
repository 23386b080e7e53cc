"""Operations: in pages, each with its log, and how far a backfill is."""

import time

import pytest

from support import operation as stored
from support.ampersand import (installations, new_installation, path_of,
                               problem)
from support.forms import TIME_Z
from support.server import Server, Store

NOBODY = "00000000-0000-7000-8000-000000000000"
BACKFILL = {"progress_object": "account", "records": 20,
            "records_estimated": 40}

class Served:
    """A server with an installation that has five operations, newest first
    in `ids`."""

    def __init__(self, store):
        server = Server(store)
        self.installation = new_installation(server.project)
        server.stop()
        now = time.time_ns() // 1000 - 10_000_000
        self.ids = [stored.add(store, self.installation, now + n * 1_000_000,
                               **known)
                    for n, known in enumerate((
                        {"status": "failure", "result": "refused"},
                        {"status": "in_progress", **BACKFILL, "records": 1},
                        {"status": "in_progress", **BACKFILL,
                         "updated_at": now},
                        {"action": "write", "objects": '["account"]',
                         "record_ids": '["a"]', "attempts": 2,
                         "attempted_at": now, "notified_at": now},
                        {}))][::-1]
        stored.log(store, self.installation, self.ids[4], 1, "INFO",
                   msg="asking", details={"url": "https://example.localhost"})
        stored.log(store, self.installation, self.ids[4], 2, "ERROR",
                   msg="failed", error="refused")
        self.server = Server(store)
        self.project = self.server.project
        self.ampersand = self.project.ampersand
        self.path = f"{path_of(self.project, self.installation)}/operations"

    def operation(self, at):
        return f"/projects/{self.project.name}/operations/{self.ids[at]}"

    def document(self, at, action="read", status="success", **more):
        return {"id": self.ids[at], "projectId": self.project.id,
                "integrationId": self.installation["integrationId"],
                "installationId": self.installation["id"],
                "configId": self.installation["config"]["id"],
                "actionType": action, "status": status,
                "createTime": TIME_Z, **more}

    def progress(self, at):
        return {"installationId": self.installation["id"],
                "objectName": "account", "operationId": self.ids[at],
                "recordsProcessed": 20, "recordsEstimatedTotal": 40}

@pytest.fixture(scope="module")
def own():
    with Store() as store:
        served = Served(store)
        yield served
        served.server.stop()

def test_operations_are_listed_newest_first(own):
    retry = {"attempts": 2, "lastAttempt": TIME_Z, "lastNotified": TIME_Z}
    own.ampersand.get(own.path).must_be(200, {
        "results": [
            own.document(0),
            own.document(1, "write", metadata={
                "objects": ["account"], "retry": retry,
                "successfulRecordIds": ["a"]}),
            own.document(2, status="in_progress", metadata={
                "progress": own.progress(2)}),
            own.document(3, status="in_progress", metadata={
                "progress": {**own.progress(3), "recordsProcessed": 1}}),
            own.document(4, status="failure", result="refused")],
        "pagination": {"done": True}})

def test_pages_go_on_to_the_end(own):
    seen, token = [], None
    while True:
        query = {"pageSize": 2, **({"pageToken": token} if token else {})}
        page = own.ampersand.get(own.path, query).must_be(200).body
        seen += [one["id"] for one in page["results"]]
        assert page["pagination"]["done"] == (
            "nextPageToken" not in page["pagination"])
        if page["pagination"]["done"]:
            break
        assert len(page["results"]) == 2
        token = page["pagination"]["nextPageToken"]
    assert seen == own.ids
    page = own.ampersand.get(own.path, {"pageSize": 5}).body
    assert page["pagination"] == {"done": True}

@pytest.mark.parametrize("name, value", [
    ("pageSize", "0"), ("pageSize", "1001"), ("pageSize", "x"),
    ("pageToken", "x")])
def test_a_page_that_cannot_be_is_refused(own, name, value):
    body = own.ampersand.get(own.path, {name: value}).must_be(400).body
    assert [one["name"] for one in body["issues"]] == [name]
    assert {one["in"] for one in body["issues"]} == {"query"}

def test_operations_of_no_installation_are_unknown(own):
    for integration, installation in (
            (NOBODY, own.installation["id"]),
            (own.installation["integrationId"], NOBODY),
            ("x", own.installation["id"]),
            (own.installation["integrationId"], "x")):
        own.ampersand.get(
            f"{installations(own.project, integration)}/{installation}"
            "/operations").must_be(404, problem(404))

def test_an_operation_is_shown(own):
    own.ampersand.get(own.operation(4)).must_be(200, own.document(
        4, status="failure", result="refused"))
    for unknown in NOBODY, "x":
        path = f"/projects/{own.project.name}/operations/{unknown}"
        own.ampersand.get(path).must_be(404, problem(404))
        own.ampersand.get(f"{path}/logs").must_be(404, problem(404))

def test_its_log_is_in_order(own):
    own.ampersand.get(f"{own.operation(4)}/logs").must_be(200, [
        {"timestamp": TIME_Z, "severity": "INFO", "message": {
            "msg": "asking", "operation_id": own.ids[4],
            "details": {"url": "https://example.localhost"}}},
        {"timestamp": TIME_Z, "severity": "ERROR", "message": {
            "msg": "failed", "error": "refused",
            "operation_id": own.ids[4]}}])
    own.ampersand.get(f"{own.operation(0)}/logs").must_be(200, [])

def test_progress_is_the_latest_backfills(own):
    base = path_of(own.project, own.installation)
    own.ampersand.get(f"{base}/objects/account/backfill-progress").must_be(
        200, {**own.progress(2), "createTime": TIME_Z, "updateTime": TIME_Z})
    own.ampersand.get(f"{base}/objects/contact/backfill-progress").must_be(
        404, problem(404))

def test_operations_go_with_their_installation():
    with Store() as store:
        served = Served(store)
        served.ampersand.delete(path_of(
            served.project, served.installation)).must_be(204)
        served.ampersand.get(served.operation(0)).must_be(404, problem(404))
        served.server.stop()

def test_what_an_installation_shows_is_there_after_a_restart():
    """As it lies in its row, where no answer is kept."""
    with Store() as store:
        server = Server(store)
        made = new_installation(server.project)
        server.stop()
        with stored.changing(store) as rows:
            rows.execute("UPDATE installation SET operation_status = "
                         "'failure', failures = 3, document = NULL")
        server = Server(store)
        shown = server.project.ampersand.get(
            path_of(server.project, made)).must_be(200).body
        assert shown == {**made, "healthStatus": "unhealthy",
                         "lastOperationStatus": "failure"}
        server.stop()
