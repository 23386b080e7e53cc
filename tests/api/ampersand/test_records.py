"""What moves records is described, and not done: 501, when all is right."""

import pytest

from support.ampersand import (CONFIG, Ampersand, installations, invalid,
                               new_connection, new_integration, problem)
from support.customer import Signer
from support.names import unique

NOBODY = "00000000-0000-7000-8000-000000000000"
READ = {"mode": "async", "sinceTimestamp": "2024-01-15T10:30:00Z"}
SEARCH = {"objectName": "account", "fieldFilters": [
    {"fieldName": "name", "operator": "eq", "value": "x"}]}
CALLS = {
    "triggerRead": ("read", "/objects/account", READ),
    "deliverResults": ("read", "/objects/account:deliverResults",
                       {"pages": 0}),
    "writeRecords": ("write", "/objects/account", {
        "type": "create", "mode": "synchronous", "record": {"name": "x"},
        "retryPolicy": {"deadlineHours": 48},
        "autoBatchPolicy": {"maxDelayMinutes": 1},
        "batchPolicy": {"allOrNone": True},
        "batch": [{"record": {}, "associations": [{}]}],
        "headers": [{"key": "a", "value": "b"}]}),
    "searchRecords": ("search", "", SEARCH),
}


class Installed:
    def __init__(self, project):
        self.project = project
        integration = new_integration(project)
        connection = new_connection(project)
        self.group = connection["group"]["groupRef"]
        project.ampersand.post(installations(project, integration["id"]), {
            "groupRef": self.group, "config": {"content": CONFIG}}) \
            .must_be(201)
        self.integration = integration["id"]

    def call(self, name, group=None, integration=None, project=None, key=None,
             host=None, bearer=None, **changed):
        """As the API's own host would get it, where one is given."""
        api, tail, body = CALLS[name]
        key = key or self.project.keys["ampersand"]["apiKey"]
        caller = Ampersand(self.project.server, bearer=bearer,
                           key=None if bearer else key)
        caller.prefix = "/v1" if host else f"/{api}/v1"
        group = self.group if group is None else group
        body = {**body, **changed}
        if api != "search":
            body = {"groupRef": group, **body}
        return caller.send(
            "POST", f"/projects/{project or self.project.name}/integrations/"
            f"{integration or self.integration}{tail}",
            {name: value for name, value in body.items()
             if value is not None},
            {"groupRef": group} if api == "search" else None,
            {"Host": f"{api}.example.com"} if host else None)


@pytest.fixture(scope="module")
def own(project):
    return Installed(project)


@pytest.fixture(params=CALLS)
def name(request):
    return request.param


def test_what_is_right_is_501(own, name):
    own.call(name).must_be(501, problem(501))


def test_the_apis_host_selects_it(own, name):
    own.call(name, host=True).must_be(501, problem(501))


def test_who_calls_is_asked_first(own, name, project):
    own.call(name, key="nobody").must_be(401, problem(401))
    viewer = project.token("ampersand", "--role", "viewer")["token"]
    own.call(name, key=viewer).must_be(403, problem(403))


def test_a_customer_searches_its_own(own, project):
    """As the contract has it: of these four the search alone takes a JWT."""
    signer = Signer(project)
    for name, status in (("searchRecords", 501), ("writeRecords", 403)):
        own.call(name, bearer=signer.token(own.group)).must_be(
            status, problem(status))
    own.call("searchRecords", bearer=signer.token(unique("else"))).must_be(
        403, problem(403))


def test_what_is_not_there_is_404(own, name, other):
    own.call(name, project="nobody").must_be(404, problem(404))
    own.call(name, project=other.name).must_be(404, problem(404))
    own.call(name, integration=NOBODY).must_be(404, problem(404))
    own.call(name, group="nobody").must_be(404, problem(404))


@pytest.mark.parametrize("name, changed, field", [
    ("triggerRead", {"mode": None}, "mode"),
    ("triggerRead", {"mode": "sync"}, "mode"),
    ("triggerRead", {"groupRef": 1}, "groupRef"),
    ("triggerRead", {"sinceTimestamp": "yesterday"}, "sinceTimestamp"),
    ("triggerRead", {"untilTimestamp": 1}, "untilTimestamp"),
    ("deliverResults", {"pages": None}, "pages"),
    ("deliverResults", {"pages": -1}, "pages"),
    ("deliverResults", {"pages": "1"}, "pages"),
    ("writeRecords", {"type": None}, "type"),
    ("writeRecords", {"type": "upsert"}, "type"),
    ("writeRecords", {"mode": "async"}, "mode"),
    ("writeRecords", {"retryPolicy": {"deadlineHours": 49}}, "deadlineHours"),
    ("writeRecords", {"autoBatchPolicy": {}}, "maxDelayMinutes"),
    ("writeRecords", {"autoBatchPolicy": {"maxDelayMinutes": 1441}},
     "maxDelayMinutes"),
    ("writeRecords", {"autoBatchPolicy": {
        "maxDelayMinutes": 1, "retryDeadlineHours": 0}},
     "retryDeadlineHours"),
    ("writeRecords", {"batchPolicy": {"allOrNone": 1}}, "allOrNone"),
    ("writeRecords", {"record": []}, "record"),
    ("writeRecords", {"batch": []}, "batch"),
    ("writeRecords", {"batch": [{"record": {}}] * 101}, "batch"),
    ("writeRecords", {"batch": [{}]}, "batch[0].record"),
    ("writeRecords", {"associations": [1]}, "associations[0]"),
    ("writeRecords", {"headers": [{"key": 1}]}, "headers[0].key"),
    ("searchRecords", {"objectName": None}, "objectName"),
    ("searchRecords", {"fieldFilters": None}, "fieldFilters"),
    ("searchRecords", {"fieldFilters": {}}, "fieldFilters"),
    ("searchRecords", {"fieldFilters": [{
        "fieldName": "a", "operator": "ne", "value": 1}]}, "operator"),
    ("searchRecords", {"fieldFilters": [{
        "fieldName": "a", "operator": "eq", "value": []}]}, "value"),
])
def test_a_body_that_cannot_be_is_400(own, name, changed, field):
    own.call(name, **changed).must_be(400, invalid(400, field))


def test_a_search_needs_a_group(own):
    body = own.call("searchRecords", group="").must_be(400).body
    assert [(one["in"], one["name"]) for one in body["issues"]] == [
        ("query", "groupRef")]
