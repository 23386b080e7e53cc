"""What a receiver gets: signed as Standard Webhooks has it, once for each
destination, with what there is to say of the event."""

import time

from support import ampersand as amp
from support import apinizer as apz
from support import configs
from support import native
from support.delivery import (OPTIONS, group, in_state, listen, rotate,
                              signing_key, verified)
from support.forms import TEXT, UUID, differences, pattern
from support.jose import keys_of, payload_of
from support.names import unique
from support.wait import eventually
from support.worker import Worker, new_environment


def received(receiver, project, count, **filters):
    in_state(project, "delivered", count, **filters)
    return receiver.messages


def test_every_message_verifies(project, receiver):
    hook = listen(project, receiver.url, "group.created")
    for _ in range(5):
        group(project)
    got = received(receiver, project, 5)
    said = verified(got, signing_key(project, hook))
    assert [one.get("verified") for one in said] == \
        [one.document for one in got]
    for one in got:
        assert one.headers["content-type"] == "application/json"
        assert abs(int(one.headers["webhook-timestamp"]) - time.time()) < 60
        for name in "id", "timestamp", "signature":
            assert one.headers[f"webhook-{name}"] == \
                one.headers[f"svix-{name}"]


def test_altered_message_does_not_verify(project, receiver):
    hook = listen(project, receiver.url, "group.created")
    group(project)
    [message] = received(receiver, project, 1)
    key = signing_key(project, hook)
    message.body += " "
    assert "error" in verified([message], key)[0]
    message.body = message.body[:-1]
    for name in "webhook-id", "webhook-timestamp":
        before = message.headers[name]
        message.headers[name] = before[:-1] + ("1" if before[-1] == "0"
                                               else "0")
        assert "error" in verified([message], key)[0], name
        message.headers[name] = before


def test_both_keys_verify_while_one_is_rotated(project, receiver):
    hook = listen(project, receiver.url, "group.created")
    old = signing_key(project, hook)
    rotate(project, hook)
    new = signing_key(project, hook)
    assert old != new
    group(project)
    got = received(receiver, project, 1)
    assert "verified" in verified(got, old)[0]
    assert "verified" in verified(got, new)[0]


def test_two_topics_bring_it_once(project, receiver):
    hook = listen(project, receiver.url, "group.created")
    second = amp.new_topic(project)
    amp.new_event_route(project, second, "group.created")
    amp.new_topic_route(project, second, hook)
    other = listen(project, f"{receiver.url}/other", "group.created")
    group(project)
    got = received(receiver, project, 2)
    assert sorted(one.path for one in got) == ["/hook", "/hook/other"]
    assert len(in_state(project, "delivered", 1,
                        destinationId=other["id"])) == 1


def test_owner_s_headers_come_along_and_replace_none(project, receiver):
    listen(project, receiver.url, "group.created", headers={
        "X-Own": "mine", "Webhook-Id": "forged", "Host": "forged"})
    group(project)
    [message] = received(receiver, project, 1)
    assert message.headers["x-own"] == "mine"
    assert message.id != "forged" and message.headers["host"] != "forged"


def test_notifications_say_what_ampersand_s_do(project, receiver):
    listen(project, receiver.url, "installation.created",
           "installation.deleted", "connection.created",
           "connection.deleted")
    integration = amp.new_integration(project)
    connection = amp.new_connection(project)
    made = amp.new_installation(project, integration, connection)
    project.ampersand.delete(amp.path_of(project, made)).must_be(204)
    got = received(receiver, project, 4)
    of_connection = {
        "projectId": project.id, "connectionId": connection["id"],
        "provider": amp.PROVIDER,
        "groupRef": connection["group"]["groupRef"],
        "consumerRef": connection["consumer"]["consumerRef"],
        "consumerName": TEXT}
    of_installation = {
        **of_connection, "integrationId": integration["id"],
        "integrationName": integration["name"],
        "installationId": made["id"], "groupName": TEXT,
        "config": amp.CONFIG}
    assert [one.type for one in got] == [
        "connection.created", "installation.created",
        "installation.deleted", "connection.deleted"]
    for one in got:
        wanted = of_connection if one.type.startswith("connection") \
            else of_installation
        assert not differences(wanted, one.data), one.type


def test_paused_reads_are_told_with_their_installation(project, receiver):
    hook = listen(project, receiver.url, "read.schedule.paused",
                  "read.schedule.unpaused")
    made = amp.new_installation(project)
    for verb in "pause", "unpause":
        project.ampersand.post(f"{amp.path_of(project, made)}:{verb}",
                               {"note": "maintenance"}).must_be(204)
    paused, goes_on = received(receiver, project, 2,
                               destinationId=hook["id"])
    assert paused.type == "read.schedule.paused"
    assert not differences({
        "projectId": project.id, "provider": amp.PROVIDER,
        "integrationId": made["integrationId"], "integrationName": TEXT,
        "installationId": made["id"], "connectionId": made["connection"]["id"],
        "groupRef": made["group"]["groupRef"], "groupName": TEXT,
        "consumerRef": TEXT, "consumerName": TEXT, "config": amp.CONFIG},
        paused.data)
    assert goes_on.data["facts"] == {"objects": ["account"],
                                     "note": "maintenance"}


def test_other_events_say_what_happened(project, receiver):
    listen(project, receiver.url, "group.created")
    ref = group(project)
    [message] = received(receiver, project, 1)
    assert not differences({
        "projectId": project.id, "eventId": pattern("digits", r"\d+"),
        "time": TEXT, "actor": TEXT,
        "subject": {"kind": "group", "id": UUID},
        "facts": {"ref": ref}}, message.data)


def test_deletion_that_waited_says_when_it_is_finished(project, receiver):
    listen(project, receiver.url, "deletion.finished")
    connection = amp.new_connection(project, provider="box")
    done = native.run(project, native.plan(project, "connection",
                                           connection["id"]))
    assert done["state"] == "waiting"
    [step] = done["steps"]
    project.native.post(
        f"{native.base(project)}/deletions/{done['id']}/steps/{step['id']}"
        ":abandon", {"reason": "no way"}).must_be(200)
    [message] = received(receiver, project, 1)
    assert message.data["subject"] == {"kind": "deletion", "id": done["id"]}
    assert message.data["facts"]["targetId"] == connection["id"]


def test_unknown_type_is_not_routed(project):
    topic = amp.new_topic(project, unique("topic"))
    project.ampersand.post(
        f"/projects/{project.name}/notification-event-topic-routes",
        {"eventType": "destination.credentials.read",
         "topicId": topic["id"]}).must_be(422)


def test_environment_that_goes_tells_of_it_and_of_each_removal(
        project, receiver):
    hook = listen(project, receiver.url, "environment.deleted",
                  "deployment.removed", "deletion.finished")
    environment = new_environment(project)
    with Worker() as worker:
        worker.register(project, environment["name"])
        apz.new_connection(project, "mail")
        eventually(lambda: worker.holds, "the push")
        planned = native.plan(project, "environment", environment["id"])
        ran = native.run(project, planned)
        got = received(receiver, project, 3)
    assert {one.type for one in got} == {
        "environment.deleted", "deployment.removed", "deletion.finished"}
    done = native.receipt(project, ran["id"])
    assert planned["effects"] == done["effects"]
    assert native.of(done["effects"], "notified", "destination") == \
        [hook["id"]]
    eventually(lambda: [one["delivered"] for one in native.receipt(
        project, ran["id"])["notifications"]] == [3], "all are the deletion's")
    said = payload_of(project.native.get(
        f"{native.base(project)}/deletions/{ran['id']}/certificate").text,
        keys_of(project.server))
    assert said["effects"]["counts"] == {
        "undeployed": {"deployment": 1},
        "gone": {"worker": 1, "environment": 1},
        "notified": {"destination": 1}}
    assert said["deployments"]["ends"] == {"removed": 1}


def test_large_deletion_tells_all_it_takes_and_its_end(server_factory,
                                                      receiver):
    """Batch by batch, though all was hidden before the first message."""
    server = server_factory(options=[*OPTIONS, "--batch-over", "0"])
    project = server.project
    integration = amp.new_integration(project)
    made = {amp.new_installation(project, integration,
                                 amp.new_connection(project))["id"]
            for _ in range(3)}
    listen(project, receiver.url, "installation.deleted",
           "integration.deleted", "deletion.finished")
    planned = native.plan(project, "integration", integration["id"],
                          revoke="never")
    done = native.run(project, planned)
    messages = received(receiver, project, 5)
    gone = [one.data for one in messages
            if one.type == "installation.deleted"]
    assert {one["installationId"] for one in gone} == made
    assert {one["integrationName"] for one in gone} == {integration["name"]}
    assert messages[0].type == "integration.deleted"
    assert messages[-1].type == "deletion.finished"
    assert native.all_effects(project, done["id"]) == planned["effects"]
    assert native.of(planned["effects"], "notified", "destination")


def test_change_of_a_configuration_says_what_was_before(project, receiver):
    hook = listen(project, receiver.url, "installation.updated")
    made = configs.new_installation(project)
    changed = {**configs.FULL, "proxy": {"enabled": False}}
    configs.update_content(project, made, ["proxy.enabled"],
                           {"proxy": {"enabled": False}}).must_be(200)
    [message] = received(receiver, project, 1, destinationId=hook["id"])
    connection = made["connection"]
    assert message.document == {
        "notificationType": "installation.updated",
        "data": {
            "projectId": project.id, "provider": "salesforce",
            "integrationId": made["integrationId"],
            "integrationName": message.data["integrationName"],
            "installationId": made["id"], "connectionId": connection["id"],
            "groupRef": made["group"]["groupRef"],
            "groupName": made["group"]["groupName"],
            "consumerRef": connection["consumer"]["consumerRef"],
            "consumerName": connection["consumer"]["consumerName"],
            "config": changed, "lastConfig": configs.FULL}}
