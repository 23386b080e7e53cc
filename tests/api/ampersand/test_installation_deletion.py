"""Delete an installation: it goes, and an unused connection goes with it."""

import threading

from support.ampersand import (Ampersand, installations, new_connection,
                               new_installation, new_integration, path_of,
                               problem)

NOBODY = "00000000-0000-7000-8000-000000000000"
ROUNDS = 20


def connection_path(project, connection):
    return f"/projects/{project.name}/connections/{connection['id']}"


def test_deleted_installation_is_gone(project, ampersand):
    made = new_installation(project)
    ampersand.delete(path_of(project, made)).must_be(204, None)
    ampersand.get(path_of(project, made)).must_be(404, problem(404))
    ampersand.delete(path_of(project, made)).must_be(404, problem(404))
    ampersand.get(installations(project, made["integrationId"])) \
        .must_be(200, [])


def test_unused_connection_goes_with_the_installation(project, ampersand):
    made = new_installation(project)
    path = connection_path(project, made["connection"])
    ampersand.get(path).must_be(200, made["connection"])
    ampersand.delete(path_of(project, made)).must_be(204, None)
    ampersand.get(path).must_be(404, problem(404))


def test_shared_connection_survives_its_installation(project, ampersand):
    one = new_installation(project)
    two = new_installation(project, connection=one["connection"])
    path = connection_path(project, one["connection"])
    ampersand.delete(path_of(project, one)).must_be(204, None)
    ampersand.get(path).must_be(200, one["connection"])
    ampersand.get(path_of(project, two)).must_be(200, two)
    ampersand.delete(path_of(project, two)).must_be(204, None)
    ampersand.get(path).must_be(404, problem(404))


def test_other_connections_of_the_group_stay(project, ampersand):
    made = new_installation(project)
    other = new_connection(project, made["group"]["groupRef"], "hubspot")
    ampersand.delete(path_of(project, made)).must_be(204, None)
    ampersand.get(connection_path(project, other)).must_be(200)


def test_last_two_users_at_once_take_the_connection_along(project):
    integrations = [new_integration(project) for _ in range(2)]
    callers = [Ampersand(project.server,
                         key=project.keys["ampersand"]["apiKey"])
               for _ in range(2)]
    for _ in range(ROUNDS):
        connection = new_connection(project)
        made = [new_installation(project, integration, connection)
                for integration in integrations]
        statuses = at_once(*(
            lambda caller=caller, one=one:
            caller.delete(path_of(project, one)).status
            for caller, one in zip(callers, made)))
        assert statuses == [204, 204]
        callers[0].get(connection_path(project, connection)) \
            .must_be(404, problem(404))


def test_one_installation_deleted_twice_at_once_goes_once(project):
    integration = new_integration(project)
    callers = [Ampersand(project.server,
                         key=project.keys["ampersand"]["apiKey"])
               for _ in range(2)]
    for _ in range(ROUNDS):
        path = path_of(project, new_installation(project, integration))
        statuses = at_once(*(
            lambda caller=caller: caller.delete(path).status
            for caller in callers))
        assert sorted(statuses) == [204, 404]


def at_once(*calls):
    """What the calls return when all start together."""
    gate, results = threading.Barrier(len(calls)), [None] * len(calls)

    def one(number):
        gate.wait()
        results[number] = calls[number]()

    threads = [threading.Thread(target=one, args=(number,))
               for number in range(len(calls))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_unknown_installation_is_404(project, ampersand):
    integration = new_integration(project)
    for installation_id in NOBODY, "no-uuid":
        ampersand.delete(installations(project, integration["id"])
                         + f"/{installation_id}").must_be(404, problem(404))


def test_installation_is_deleted_below_its_own_integration_only(
        project, ampersand):
    mine, stranger = new_installation(project), new_integration(project)
    ampersand.delete(installations(project, stranger["id"])
                     + f"/{mine['id']}").must_be(404, problem(404))
    ampersand.get(path_of(project, mine)).must_be(200, mine)


def test_installation_of_another_project_stays(project, other, ampersand):
    foreign = new_installation(other)
    for path in path_of(other, foreign), path_of(project, foreign):
        ampersand.delete(path).must_be(404, problem(404))
    other.ampersand.get(path_of(other, foreign)).must_be(200, foreign)
