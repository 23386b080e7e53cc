"""The last two users of a connection leave at the same moment: it goes with
the later one, once; never before, and it is never left."""

import collections
import threading
import uuid

import pytest

from support.ampersand import (CONFIG, installations, new_connection,
                               new_integration)
from support.planted import planted_server
from support.raw import Raw, address_of, request
from support.whole import rows_of

ROUNDS = 40
PLANTS = ["forget_the_connection", "take_a_used_connection"]


class Rivals:
    """Two connections to the server whose requests go out together."""

    def __init__(self, server, project):
        self.headers = {"X-Api-Key": project.keys["ampersand"]["apiKey"]}
        self.lines = [Raw(address_of(server)) for _ in range(2)]

    def at_once(self, *requests):
        """Two of (method, path[, document]); their answers."""
        barrier = threading.Barrier(2)
        answers = [None, None]

        def ask(number, method, path, document=None):
            data = request(method, f"/v1{path}", self.headers, document)
            barrier.wait()
            self.lines[number].send(data)
            answers[number] = self.lines[number].answer()

        threads = [threading.Thread(target=ask, args=(number, *one))
                   for number, one in enumerate(requests)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert all(answers), answers
        return answers

    def close(self):
        for line in self.lines:
            line.close()


class Stage:
    """A project with two integrations, and rivals about them."""

    def __init__(self, project):
        self.project = project
        self.integrations = [new_integration(project)["id"]
                             for _ in range(2)]
        self.rivals = Rivals(project.server, project)

    def install(self, connection, number):
        """The path of a new installation."""
        path = installations(self.project, self.integrations[number])
        made = self.project.ampersand.post(
            path, self.wish(connection)).must_be(201).body
        return f"{path}/{made['id']}"

    def wish(self, connection):
        return {"groupRef": connection["group"]["groupRef"],
                "connectionId": connection["id"],
                "config": {"content": CONFIG}}

    def status_of(self, connection):
        return self.project.ampersand.get(self.path_of(connection)).status

    def path_of(self, connection):
        return f"/projects/{self.project.name}/connections/{connection['id']}"

    def events_of(self, connection):
        return events(self.project.server.store)[connection["id"]]


def events(store):
    """By subject: how often each kind of event happened."""
    found = collections.defaultdict(collections.Counter)
    for subject, kind in rows_of(store, "SELECT subject_id, type FROM event"):
        found[str(uuid.UUID(bytes=subject))][kind] += 1
    return found


@pytest.fixture
def stage(new_project):
    made = Stage(new_project)
    yield made
    made.rivals.close()


def leave_together(stage):
    """What is wrong after the last two users left at once."""
    connection = new_connection(stage.project)
    users = [stage.install(connection, number) for number in range(2)]
    statuses = [answer.status for answer in stage.rivals.at_once(
        *(("DELETE", user) for user in users))]
    return _wrong(statuses == [204, 204], f"answers {statuses}") \
        + _wrong(stage.status_of(connection) == 404, "it is left") \
        + _wrong(stage.events_of(connection)["connection.deleted"] == 1,
                 "it did not go once")


def one_leaves(stage):
    """What is wrong after one of two users left."""
    connection = new_connection(stage.project)
    users = [stage.install(connection, number) for number in range(2)]
    stage.project.ampersand.delete(users[0]).must_be(204)
    return _wrong(stage.status_of(connection) == 200, "it went while used") \
        + _wrong(stage.project.ampersand.get(users[1]).status == 200,
                 "its user went with it")


def _wrong(is_right, sentence):
    return [] if is_right else [sentence]


def test_connection_goes_once_with_its_last_two_users(stage):
    for _ in range(ROUNDS):
        assert not leave_together(stage)


def test_connection_stays_while_one_of_two_uses_it(stage):
    assert not one_leaves(stage)


def test_one_installation_is_deleted_once(stage):
    for _ in range(ROUNDS // 2):
        connection = new_connection(stage.project)
        user = stage.install(connection, 0)
        answers = stage.rivals.at_once(("DELETE", user), ("DELETE", user))
        assert sorted(one.status for one in answers) == [204, 404]
        assert stage.status_of(connection) == 404
        assert stage.events_of(connection)["connection.deleted"] == 1


def test_new_user_and_last_user_do_not_miss_each_other(stage):
    """Whoever comes first: the newcomer has the connection, or is told that
    there is none."""
    outcomes = collections.Counter()
    for _ in range(ROUNDS):
        connection = new_connection(stage.project)
        user = stage.install(connection, 0)
        path = installations(stage.project, stage.integrations[1])
        left, came = stage.rivals.at_once(
            ("DELETE", user), ("POST", path, stage.wish(connection)))
        assert left.status == 204, left
        outcomes[came.status] += 1
        if came.status == 201:
            assert stage.status_of(connection) == 200
            stage.project.ampersand.get(
                f"{path}/{came.document['id']}").must_be(200)
        else:
            assert came.status in (404, 422), came
            assert stage.status_of(connection) == 404
    assert sum(outcomes.values()) == ROUNDS


def test_new_user_and_deletion_do_not_miss_each_other(stage):
    """A connection in use is not deleted, one that is gone not used."""
    for _ in range(ROUNDS // 2):
        connection = new_connection(stage.project)
        path = installations(stage.project, stage.integrations[0])
        gone, came = stage.rivals.at_once(
            ("DELETE", stage.path_of(connection)),
            ("POST", path, stage.wish(connection)))
        assert (gone.status, came.status) in (
            (204, 404), (204, 422), (409, 201)), (gone, came)
        assert stage.status_of(connection) == (
            200 if came.status == 201 else 404)


def test_integration_and_installation_deleted_at_once_take_it_once(stage):
    for _ in range(ROUNDS // 4):
        integration = new_integration(stage.project)["id"]
        stage.integrations[1] = integration
        connection = new_connection(stage.project)
        users = [stage.install(connection, number) for number in range(2)]
        answers = stage.rivals.at_once(
            ("DELETE", users[0]),
            ("DELETE", f"/projects/{stage.project.name}/integrations/"
                       f"{integration}"))
        assert [one.status for one in answers] == [204, 204], answers
        assert stage.status_of(connection) == 404
        assert stage.events_of(connection)["connection.deleted"] == 1


def catches(plant):
    with planted_server(plant) as server:
        stage = Stage(server.project)
        try:
            return bool(one_leaves(stage) + leave_together(stage))
        finally:
            stage.rivals.close()


def test_planted_faults_are_caught(all_caught):
    caught = [plant for plant in PLANTS if catches(plant)]
    all_caught("concurrent deletes", PLANTS, caught)
