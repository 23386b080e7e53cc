"""Ampersand's fifteen notifications: each that can happen is made to happen,
and comes as a webhook in its shape (the receiver checks that of every
message). What goes to a destination of another type fails, and says why."""

import copy

import pytest

from support import ampersand as amp
from support import configs, native
from support.authority import connect, path_of, register, tokens_of
from support.contracts import contract
from support.delivery import delivery, group, in_state, listen
from support.forms import UUID, differences
from support.names import unique
from support.notifications import (OF_RECORDS, SENT, contract_shapes, faults,
                                   open_objects)
from support.receiver import Receiver
from support.shapes import Shapes
from support.wait import eventually

OTHER_TYPES = ["kinesis", "s3", "slack", "clickhouse", "snowflake",
               "bigquery", "redshift", "sqs", "pubsub", "rabbitmq",
               "azureservicebus"]


def connected(project, authority):
    """A connection that a customer agreed to."""
    register(project, authority)
    return connect(project, authority)


def refreshed(project, authority, status=200):
    made = connected(project, authority)
    if status != 200:
        _, shown = tokens_of(project, made)
        authority.revoke(
            shown["oauth2AuthorizationCode"]["refreshToken"]["token"])
    project.ampersand.get(path_of(project, made), {"refresh": "force"}) \
        .must_be(status)
    return {"connectionId": made}


def of_connection(project, authority):
    return {"connectionId": connected(project, authority)}


def updated_connection(project, authority):
    made = connected(project, authority)
    project.ampersand.patch(path_of(project, made), {
        "updateMask": ["providerWorkspaceRef"],
        "connection": {"providerWorkspaceRef": "acme"}}).must_be(200)
    return {"connectionId": made}


def deleted_connection(project, authority):
    made = connected(project, authority)
    project.ampersand.delete(path_of(project, made)).must_be(204)
    return {"connectionId": made}


def installed(project, authority):
    del authority
    made = amp.new_installation(project)
    return {"installationId": made["id"], "config": amp.CONFIG}


def with_installation(act):
    def make(project, authority):
        del authority
        made = amp.new_installation(project)
        act(project, amp.path_of(project, made))
        return {"installationId": made["id"]}
    return make


def delete(project, path):
    project.ampersand.delete(path).must_be(204)


def pause(project, path):
    project.ampersand.post(f"{path}:pause", {}).must_be(204)


def changed(project, authority):
    del authority
    made = configs.new_installation(project)
    configs.update_content(project, made, ["proxy.enabled"],
                           {"proxy": {"enabled": False}}).must_be(200)
    return {"installationId": made["id"], "lastConfig": configs.FULL}


def disabled(project, authority):
    del authority
    with Receiver(lambda message: 410) as gone:
        hook = listen(project, gone.url, "group.created")
        group(project)
        in_state(project, "failed", 1, destinationId=hook["id"])
    return {"destinationId": hook["id"], "destinationName": hook["name"],
            "url": gone.url}


MAKE = {
    "installation.created": installed,
    "installation.updated": changed,
    "installation.deleted": with_installation(delete),
    "read.schedule.paused": with_installation(pause),
    "connection.created": of_connection,
    "connection.updated": updated_connection,
    "connection.refreshed": refreshed,
    "connection.deleted": deleted_connection,
    "connection.error": lambda project, authority: refreshed(
        project, authority, 422),
    "destination.webhook.disabled": disabled,
}


@pytest.mark.parametrize("kind", MAKE)
def test_what_happens_arrives(project, authority, receiver, kind):
    hook = listen(project, receiver.url, kind)
    said = MAKE[kind](project, authority)
    in_state(project, "delivered", 1, destinationId=hook["id"])
    [message] = receiver.messages
    assert message.type == kind
    assert {name: message.data[name] for name in said} == said
    if kind == "connection.error":
        assert message.data["errors"] == ["400 invalid_grant"]


def test_all_that_can_happen_is_made_to():
    assert set(MAKE) == set(SENT)


@pytest.mark.parametrize("kind", [*SENT, *OF_RECORDS])
def test_each_of_the_fifteen_is_routable(project, kind):
    topic = amp.new_topic(project)
    made = amp.new_event_route(project, topic, kind)
    assert made["eventType"] == kind


def test_shapes_are_the_contract_s():
    document = open_objects(contract("ampersand-notifications.schema.json"))
    theirs, of = contract_shapes(document), Shapes(document)
    ours = {**SENT, **OF_RECORDS}
    assert set(theirs) == set(ours)
    for kind, schema in theirs.items():
        data = of.properties(schema)["data"]
        required = set(ours[kind]["required"])
        assert of.required(data) <= required, kind
        # of two forms of a configuration this is the one that is sent
        assert required - of.required(data) <= {
            "config", "lastConfig", "errors", "error"}, kind
        known = of.properties(data)
        assert set(ours[kind]["properties"]) <= set(known), kind
        assert {name for name in known if not name.endswith("URL")} <= \
            set(ours[kind]["properties"]), kind


@pytest.mark.parametrize("change_of", [
    lambda one: one["data"].pop("groupRef"),
    lambda one: one["data"].update(groupRef=1),
    lambda one: one["data"].update(more="x"),
    lambda one: one.update(more="x"),
    lambda one: one.update(notificationType="read.backfill.done")])
def test_a_fault_is_seen(change_of):
    sound = {"notificationType": "connection.created", "data": {
        name: "x" for name in SENT["connection.created"]["required"]}}
    faulty = copy.deepcopy(sound)
    change_of(faulty)
    assert not list(faults(sound))
    assert list(faults(faulty))


def new_destination(project, kind):
    return project.ampersand.post(f"/projects/{project.name}/destinations", {
        "name": unique("place"), "type": kind, "metadata": {}}) \
        .must_be(201).body


@pytest.mark.parametrize("kind", OTHER_TYPES)
def test_other_types_of_destination_fail_and_say_so(project, receiver, kind):
    topic = amp.new_topic(project)
    place = new_destination(project, kind)
    hook = listen(project, receiver.url, "group.created", topic=topic)
    amp.new_topic_route(project, topic, place)
    group(project)
    in_state(project, "delivered", 1, destinationId=hook["id"])
    [one] = in_state(project, "failed", 1, destinationId=place["id"])
    why = f"501: destinations of type {kind} are not supported yet"
    shown = delivery(project, one["id"])
    assert (shown["attempts"], shown["lastAnswer"], shown["nextAt"]) == \
        (1, why, None)
    [tried] = shown["tries"]
    assert tried["failure"] == why and "status" not in tried


def test_replay_to_another_type_fails_again(project):
    topic = amp.new_topic(project)
    place = new_destination(project, "s3")
    amp.new_event_route(project, topic, "group.created")
    amp.new_topic_route(project, topic, place)
    group(project)
    [one] = in_state(project, "failed", 1)
    project.native.post(
        f"{native.base(project)}/deliveries/{one['id']}:replay").must_be(200)
    eventually(lambda: [try_["number"] for try_ in delivery(
        project, one["id"])["tries"]] == [2, 1], "another try")
    [again] = in_state(project, "failed", 1)
    assert again["attempts"] == 2
    shown = project.native.get(
        f"{native.base(project)}/destinations/{place['id']}").must_be(200).body
    assert not shown["isDisabled"] and not shown["failingSince"]


def test_plan_does_not_say_that_another_type_is_notified(project):
    topic = amp.new_topic(project)
    place = new_destination(project, "sqs")
    amp.new_event_route(project, topic, "connection.deleted")
    amp.new_topic_route(project, topic, place)
    connection = amp.new_connection(project)
    planned = native.plan(project, "connection", connection["id"])
    assert not native.of(planned["effects"], "notified", "destination")
    done = native.run(project, planned)
    assert done["effects"] == planned["effects"]
    [told] = eventually(lambda: [
        one for one in native.receipt(project, done["id"])["notifications"]
        if one["failed"]], "it has failed")
    assert not differences({"destinationId": UUID}, {
        "destinationId": told["destinationId"]})
