"""Deliveries, as the native API shows them and sends them again."""

import pytest

from support import ampersand as amp
from support import native
from support.delivery import (OPTIONS, deliveries, delivery, group, in_state,
                              listen)
from support.forms import (TEXT, TIME_Z, UUID, Including, list_of, nullable,
                           of_type, pattern)
from support.names import unique
from support.native import base
from support.receiver import Receiver
from support.wait import eventually
from support.whole import served

DELIVERY = {
    "id": UUID, "destinationId": UUID, "eventType": "group.created",
    "eventId": pattern("digits", r"\d+"), "state": TEXT, "attempts": 1,
    "lastAnswer": "200", "createdAt": TIME_Z, "nextAt": nullable(TIME_Z),
    "endedAt": nullable(TIME_Z)}
NUMBER = of_type("number", int)
NOBODY = "http://127.0.0.1:1/nobody"
LONG_AGO = "2020-01-01T00:00:00Z"


@pytest.fixture(scope="module")
def receiver():
    with Receiver() as made:
        yield made


@pytest.fixture(scope="module")
def server():
    """One that may call the receiver."""
    with served(options=OPTIONS) as running:
        yield running


@pytest.fixture
def project(server):
    name = unique("told")
    return server.create_project(name, name)


def test_delivery_is_shown_with_its_tries(project, receiver):
    hook = listen(project, receiver.url, "group.created")
    group(project)
    [one] = in_state(project, "delivered", 1)
    path = f"{base(project)}/deliveries"
    page = project.native.get(path).must_be(200, {
        "items": [DELIVERY], "nextCursor": None}).body
    assert page["items"] == [one]
    shown = project.native.get(f"{path}/{one['id']}").must_be(200, {
        **DELIVERY, "destinationId": hook["id"], "state": "delivered",
        "nextAt": None, "endedAt": TIME_Z, "tries": [{
            "number": 1, "at": TIME_Z, "tookMs": NUMBER, "status": 200}]})
    assert shown.body["id"] in {one.id for one in receiver.messages}


def test_pages_and_filters(project, receiver):
    first, second = (listen(project, f"{receiver.url}/{name}",
                            "group.created") for name in "ab")
    for _ in range(3):
        group(project)
    everything = in_state(project, "delivered", 6)
    assert [one["id"] for one in everything] == \
        sorted(one["id"] for one in everything)
    assert deliveries(project, limit=1) == everything
    assert deliveries(project, limit=4) == everything
    mine = deliveries(project, destinationId=second["id"], limit=2)
    assert mine == [one for one in everything
                    if one["destinationId"] == second["id"]] and len(mine) == 3
    assert deliveries(project, eventType="group.deleted") == []
    assert deliveries(project, state="failed") == []
    since = everything[2]["createdAt"]
    assert deliveries(project, since=since) == [
        one for one in everything if one["createdAt"] >= since]
    assert deliveries(project, until=since) == [
        one for one in everything if one["createdAt"] < since]
    cursor = project.native.get(
        f"{base(project)}/deliveries?limit=1").body["nextCursor"]
    project.native.get(
        f"{base(project)}/deliveries?destinationId={first['id']}"
        f"&cursor={cursor}").must_be(400)


@pytest.mark.parametrize(("query", "name"), [
    ("state=sent", "state"), ("eventType=no.such", "eventType"),
    ("destinationId=me", "destinationId"), ("since=yesterday", "since"),
    ("until=1", "until"), ("limit=0", "limit"), ("cursor=x", "cursor")])
def test_bad_filter_is_named(project, query, name):
    project.native.get(f"{base(project)}/deliveries?{query}").must_be(
        400, Including({"issues": list_of(Including({
            "in": "query", "name": name}), at_least=1)}))


def test_replay_sends_the_same_again(project, receiver):
    listen(project, receiver.url, "group.created")
    ref = group(project)
    [one] = in_state(project, "delivered", 1)
    path = f"{base(project)}/deliveries/{one['id']}:replay"
    waiting = project.native.post(path, {}).must_be(200).body
    assert (waiting["state"], waiting["endedAt"]) == ("waiting", None)
    eventually(lambda: delivery(project, one["id"])["attempts"] == 2, "again")
    again = [message for message in receiver.messages
             if message.data["facts"]["ref"] == ref]
    assert len(again) == 2 and again[0].id == again[1].id
    assert again[0].body == again[1].body
    in_state(project, "delivered", 1)


def test_replay_of_many_is_done_once_for_a_key(project, receiver):
    hook = listen(project, receiver.url, "group.created")
    for _ in range(5):
        group(project)
    made = in_state(project, "delivered", 5)
    path = f"{base(project)}/destinations/{hook['id']}:replay"
    body = {"since": made[1]["createdAt"], "state": "delivered"}
    key = {"Idempotency-Key": unique("key")}
    first = project.native.post(f"{path}?limit=3", body, headers=key) \
        .must_be(200).body
    assert [one["id"] for one in first["items"]] == [
        one["id"] for one in made
        if one["createdAt"] >= body["since"]][:3]
    again = project.native.post(f"{path}?limit=3", body, headers=key) \
        .must_be(200).body
    assert again == first
    if first["nextCursor"]:
        project.native.post(
            f"{path}?limit=3&cursor={first['nextCursor']}", body) \
            .must_be(200)
        for other in {"state": "failed"}, {"since": made[0]["createdAt"]}:
            project.native.post(
                f"{path}?limit=3&cursor={first['nextCursor']}",
                {**body, **other}).must_be(400)
    in_state(project, "delivered", 5)
    tries = [delivery(project, one["id"])["attempts"] for one in made]
    assert sum(tries) == 5 + len([one for one in made if one["createdAt"]
                                  >= body["since"]])


@pytest.mark.parametrize(("status", "body", "name"), [
    (400, {}, "since"), (400, {"since": 1}, "since"),
    (422, {"since": "x"}, "since"), (422, {"since": LONG_AGO, "until": "x"},
                                     "until"),
    (422, {"since": LONG_AGO, "state": "waiting"}, "state")])
def test_bad_replay_is_named(project, receiver, status, body, name):
    hook = listen(project, receiver.url, "group.created")
    project.native.post(f"{base(project)}/destinations/{hook['id']}:replay",
                        body).must_be(status, Including({
                            "issues": list_of(Including({"name": name}),
                                              at_least=1)}))


def test_nothing_is_replayed_to_a_deleted_destination(project):
    topic = amp.new_topic(project)
    hook = listen(project, NOBODY, "group.created", topic=topic)
    group(project)
    path = f"/projects/{project.name}"
    project.ampersand.delete(f"{path}/topics/{topic['id']}").must_be(204)
    project.ampersand.delete(f"{path}/destinations/{hook['id']}").must_be(204)
    [one] = in_state(project, "ended", 1)
    assert one["lastAnswer"] == "its destination was deleted"
    project.native.post(
        f"{base(project)}/deliveries/{one['id']}:replay", {}).must_be(409)


def test_plan_and_receipt_say_who_is_told(project, receiver):
    hook = listen(project, receiver.url, "installation.deleted",
                  "group.deleted")
    other = listen(project, f"{receiver.url}/other", "integration.deleted")
    connection = amp.new_connection(project)
    amp.new_installation(project, connection=connection)
    planned = project.native.post(f"{base(project)}/deletions:plan", {
        "target": {"kind": "group",
                   "ref": connection["group"]["groupRef"]}}) \
        .must_be(200).body
    told = {"effect": "notified", "kind": "destination", "id": hook["id"],
            "name": hook["name"]}
    assert planned["effects"][-1] == told
    assert planned["counts"]["notified"] == {"destination": 1}
    done = native.run(project, planned)
    assert done["effects"] == planned["effects"]
    assert done["counts"] == planned["counts"]
    [went] = eventually(lambda: [
        one for one in native.receipt(project, done["id"])["notifications"]
        if not one["waiting"]], "both messages")
    assert went == {"destinationId": hook["id"], "destination": hook["name"],
                    "waiting": 0, "delivered": 2, "failed": 0, "ended": 0}
    assert {one["deletionId"] for one in deliveries(project)} == {done["id"]}
    assert not deliveries(project, destinationId=other["id"])


def test_deletion_does_not_wait_for_who_is_told(project):
    listen(project, NOBODY, "connection.deleted")
    connection = amp.new_connection(project)
    done = native.run(project, native.plan(project, "connection",
                                           connection["id"], revoke="never"))
    assert done["state"] == "done"
    [went] = native.receipt(project, done["id"])["notifications"]
    assert went["waiting"] == 1


def test_new_route_changes_a_plan(project, receiver):
    connection = amp.new_connection(project)
    planned = native.plan(project, "connection", connection["id"])
    listen(project, receiver.url, "connection.deleted")
    project.native.post(f"{base(project)}/deletions", {
        "planToken": planned["planToken"]}).must_be(412)
