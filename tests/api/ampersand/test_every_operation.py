"""What is the same of all of Ampersand's operations, by its document: queries
that can't be read, bodies that are too large, deletions that are only planned,
and a store that can't be read."""

import pytest

from support import ampersand as amp
from support import engine
from support.ampersand import Ampersand
from support.cluster import Cluster
from support.documented import listening
from support.names import unique
from support.openapi import operations
from support.raw import Raw, address_of, request
from support.server import Server, Store

OVER = b"[" + b" " * (1024 * 1024)
ID = "018f0000-0000-7000-8000-000000000000"


def having(status):
    return [one for one in operations("ampersand") if status in one.statuses]


def path_of(operation):
    path = operation.path
    for place in operation.places:
        if place.where == "path":
            path = path.replace(f"{{{place.name}}}", ID)
    return path


class Anybody(Ampersand):
    """A caller of all paths, with whatever key."""

    prefix = ""


@pytest.mark.parametrize("operation", having("400"), ids=lambda one: one.name)
def test_query_that_cannot_be_read_is_400(server, operation):
    """As it is sent: `requests` would mend it."""
    key = {"X-Api-Key": server.store.keys["ampersand"]["apiKey"]}
    with Raw(address_of(server)) as raw:
        raw.send(request(operation.method, path_of(operation) + "?x=%zz", key,
                         {} if operation.has_body else None))
        answer = raw.answer()
    assert answer.status == 400
    faults = listening.hear(operation.name, answer.status,
                            answer.headers["content-type"], answer.body)
    assert not faults


def things(project):
    """{operation: what it deletes}"""
    app, topic = amp.new_provider_app(project), amp.new_topic(project)
    hook = amp.new_destination(project)
    installation = amp.new_installation(project)
    free = amp.new_connection(project)
    base = f"/projects/{project.name}"
    key = project.ampersand.post(f"{base}/api-keys", {
        "label": unique("key")}).must_be(201).body["key"]
    event_route = amp.new_event_route(project, topic)
    topic_route = amp.new_topic_route(project, amp.new_topic(project),
                                      amp.new_destination(project))
    return {
        "deleteApiKey": f"{base}/api-keys/{key}",
        "deleteConnection": f"{base}/connections/{free['id']}",
        "deleteDestination": f"{base}/destinations/{hook['id']}",
        "deleteEventTopicRoute":
            f"{base}/notification-event-topic-routes/{event_route['id']}",
        "deleteInstallation": amp.path_of(project, installation),
        "deleteIntegration":
            f"{base}/integrations/{installation['integrationId']}",
        "deleteProviderApp": f"{base}/provider-apps/{app['id']}",
        "deleteTopic": f"{base}/topics/{topic['id']}",
        "deleteTopicDestinationRoute":
            f"{base}/topic-destination-routes/{topic_route['id']}",
    }


def test_deletion_may_be_planned(new_project):
    for path in things(new_project).values():
        for _ in range(2):  # nothing has gone
            plan = new_project.ampersand.delete(path, {"dryRun": "true"})
            assert plan.status == 200, path
            assert plan.headers["Content-Type"] == \
                "application/vnd.cleat.plan+json"
            assert plan.body["effects"], path


def ask(server, operation, body):
    caller = Anybody(server, key=server.store.keys["ampersand"]["apiKey"])
    return caller.send(operation.method, path_of(operation), body)


@pytest.mark.parametrize("operation", having("413"), ids=lambda one: one.name)
def test_body_over_the_limit_is_413(server, operation):
    assert ask(server, operation, OVER).status == 413


@pytest.fixture(scope="module")
def astray():
    """A server whose store has gone from where it was, before anybody asked
    for anything."""
    if engine.is_postgres():
        with Cluster() as cluster, Store(cluster.url) as store:
            server = Server(store)
            cluster.sql("ALTER DATABASE cleat CONNECTION LIMIT 0")
            cluster.sql("SELECT pg_terminate_backend(pid) FROM "
                        "pg_stat_activity WHERE application_name LIKE "
                        "'cleat%'")
            yield server
            server.kill()
        return
    with Store() as store:
        server = Server(store)
        for path in store.folder.glob("store.db*"):
            path.rename(path.with_name("gone-" + path.name))
        yield server
        server.kill()


@pytest.mark.parametrize("operation", having("503"), ids=lambda one: one.name)
def test_store_that_cannot_be_read_is_503(astray, operation):
    body = {} if operation.has_body else None
    answer = ask(astray, operation, body)
    assert answer.status == 503
    assert answer.headers["Retry-After"] == "1"
