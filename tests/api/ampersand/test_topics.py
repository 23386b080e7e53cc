"""Topics, and the routes to them and from them."""

import pytest

from support.ampersand import (invalid, new_destination, new_event_route,
                               new_topic, new_topic_route, problem)
from support.forms import TIME_Z, UUID, containing
from support.names import unique

NOWHERE = "00000000-0000-7000-8000-000000000000"


def at(project, what, handle=None):
    path = f"/projects/{project.name}/{what}"
    return f"{path}/{handle}" if handle else path


EVENTS, TOPICS = "notification-event-topic-routes", "topics"
ROUTES = "topic-destination-routes"


def test_topic_is_created_and_listed(project, ampersand):
    name = unique("topic")
    made = ampersand.post(at(project, TOPICS), {"name": name}).must_be(
        201, {"id": UUID, "name": name, "projectId": project.id,
              "createTime": TIME_Z}).body
    ampersand.get(at(project, TOPICS)).must_be(200, containing(made))


def test_topic_is_renamed(project, ampersand):
    made, name = new_topic(project), unique("renamed")
    changed = ampersand.patch(at(project, TOPICS, made["id"]),
                              {"name": name}).must_be(
        200, {**made, "name": name, "updateTime": TIME_Z}).body
    ampersand.get(at(project, TOPICS)).must_be(200, containing(changed))


def test_taken_name_is_409(project, ampersand):
    one, two = new_topic(project), new_topic(project)
    ampersand.post(at(project, TOPICS), {"name": one["name"]}).must_be(
        409, problem(409))
    ampersand.patch(at(project, TOPICS, two["id"]), {"name": one["name"]}) \
        .must_be(409, problem(409))
    ampersand.get(at(project, TOPICS)).must_be(200, containing(two))


@pytest.mark.parametrize("body, status", [
    ({}, 400), ({"name": 1}, 400), ({"name": ""}, 422),
    ({"name": "x" * 65}, 422)])
def test_faulty_name_is_refused(project, ampersand, body, status):
    made = new_topic(project)
    ampersand.post(at(project, TOPICS), body).must_be(
        status, invalid(status, "name"))
    ampersand.patch(at(project, TOPICS, made["id"]), body).must_be(
        status, invalid(status, "name"))


def test_topic_goes_with_its_routes_and_no_others(project, ampersand):
    topic, other_topic = new_topic(project), new_topic(project)
    hook = new_destination(project)
    gone = [new_event_route(project, topic), new_topic_route(project, topic,
                                                             hook)]
    kept = new_event_route(project, other_topic)
    kept_too = new_topic_route(project, other_topic, hook)
    ampersand.delete(at(project, TOPICS, topic["id"])).must_be(204)
    left = [ampersand.get(at(project, what)).must_be(200)
            for what in (EVENTS, ROUTES)]
    for route in gone:
        assert route["id"] not in left[0].text + left[1].text
    assert kept in left[0].body and kept_too in left[1].body
    ampersand.delete(at(project, TOPICS, topic["id"])).must_be(
        404, problem(404))


def test_event_route_is_created_listed_deleted(project, ampersand):
    topic = new_topic(project)
    made = ampersand.post(at(project, EVENTS), {
        "eventType": "installation.deleted", "topicId": topic["id"]}) \
        .must_be(201, {"id": UUID, "eventType": "installation.deleted",
                       "topicId": topic["id"], "projectId": project.id,
                       "createTime": TIME_Z}).body
    another = new_event_route(project, topic, "connection.created")
    of_topic = f"{at(project, EVENTS)}?topicId={topic['id']}"
    ampersand.get(of_topic).must_be(200, [made, another])
    ampersand.get(f"{of_topic}&eventType=installation.deleted").must_be(
        200, [made])
    listed = ampersand.get(f"{at(project, EVENTS)}"
                           "?eventType=installation.deleted").must_be(200)
    assert made in listed.body and another not in listed.body
    ampersand.delete(at(project, EVENTS, made["id"])).must_be(204)
    ampersand.get(of_topic).must_be(200, [another])
    ampersand.delete(at(project, EVENTS, made["id"])).must_be(
        404, problem(404))


def test_faulty_event_route_is_refused(project, other, ampersand):
    topic = new_topic(project)["id"]
    foreign = new_topic(other)["id"]
    for body, status, wrong in (
            ({"topicId": topic}, 400, "eventType"),
            ({"eventType": "connection.error"}, 400, "topicId"),
            ({"eventType": "no.such", "topicId": topic}, 422, "eventType"),
            ({"eventType": "connection.error", "topicId": "x"}, 422,
             "topicId"),
            ({"eventType": "connection.error", "topicId": NOWHERE}, 422,
             "topicId"),
            ({"eventType": "connection.error", "topicId": foreign}, 422,
             "topicId")):
        ampersand.post(at(project, EVENTS), body).must_be(
            status, invalid(status, wrong))
    ampersand.get(f"{at(project, EVENTS)}?eventType=no.such").must_be(400)


def test_same_route_twice_is_refused(project, ampersand):
    topic, hook = new_topic(project), new_destination(project)
    new_event_route(project, topic)
    new_topic_route(project, topic, hook)
    ampersand.post(at(project, EVENTS), {
        "eventType": "connection.error", "topicId": topic["id"]}).must_be(
            422, invalid(422, "topicId"))
    ampersand.post(at(project, ROUTES), {
        "topicId": topic["id"], "destinationId": hook["id"]}).must_be(
            422, invalid(422, "destinationId"))


def test_topic_route_is_created_listed_deleted(project, ampersand):
    topic, hook = new_topic(project), new_destination(project)
    made = ampersand.post(at(project, ROUTES), {
        "topicId": topic["id"], "destinationId": hook["id"]}).must_be(
            201, {"id": UUID, "topicId": topic["id"],
                  "destinationId": hook["id"], "projectId": project.id,
                  "createTime": TIME_Z}).body
    spare = new_destination(project)
    another = new_topic_route(project, topic, spare)
    path = at(project, ROUTES)
    ampersand.get(f"{path}?topicId={topic['id']}").must_be(
        200, [made, another])
    ampersand.get(f"{path}?destinationId={spare['id']}").must_be(
        200, [another])
    ampersand.get(f"{path}?topicId={topic['id']}&destinationId={hook['id']}") \
        .must_be(200, [made])
    ampersand.get(f"{path}?topicId=nothing").must_be(200, [])
    ampersand.get(path).must_be(200, containing(made))
    ampersand.delete(at(project, ROUTES, made["id"])).must_be(204)
    ampersand.get(f"{path}?topicId={topic['id']}").must_be(200, [another])
    ampersand.delete(at(project, ROUTES, made["id"])).must_be(
        404, problem(404))


def test_faulty_topic_route_is_refused(project, other, ampersand):
    topic, hook = new_topic(project)["id"], new_destination(project)["id"]
    for body, status, wrong in (
            ({"topicId": topic}, 400, "destinationId"),
            ({"destinationId": hook}, 400, "topicId"),
            ({"topicId": NOWHERE, "destinationId": hook}, 422, "topicId"),
            ({"topicId": topic, "destinationId": new_destination(other)["id"]},
             422, "destinationId")):
        ampersand.post(at(project, ROUTES), body).must_be(
            status, invalid(status, wrong))


def test_unknown_topic_or_route_is_404(project, other, ampersand):
    topic = new_topic(other)
    for handle in NOWHERE, "no-uuid", topic["id"]:
        ampersand.patch(at(project, TOPICS, handle), {"name": "x"}).must_be(
            404, problem(404))
        ampersand.delete(at(project, TOPICS, handle)).must_be(
            404, problem(404))
    route = new_event_route(other, topic)
    ampersand.delete(at(project, EVENTS, route["id"])).must_be(
        404, problem(404))
    route = new_topic_route(other, topic, new_destination(other))
    ampersand.delete(at(project, ROUTES, route["id"])).must_be(
        404, problem(404))
