"""Installations: create, get, list."""

import pytest

from support.ampersand import (CONFIG, installations, invalid, manifest_yaml,
                               new_connection, new_installation,
                               new_integration, path_of, problem)
from support.forms import TEXT, TIME_Z, UUID, Including
from support.names import unique

NOBODY = "00000000-0000-7000-8000-000000000000"


def document(project, integration, connection, created_by):
    return {
        "id": UUID,
        "projectId": project.id,
        "integrationId": integration["id"],
        "group": connection["group"],
        "healthStatus": "healthy",
        "connection": connection,
        "createTime": TIME_Z,
        "createdBy": created_by,
        "config": {
            "id": UUID,
            "revisionId": integration["latestRevision"]["id"],
            "createTime": TIME_Z,
            "createdBy": created_by,
            "content": CONFIG,
        },
    }


@pytest.fixture(scope="module")
def integration(project):
    return new_integration(project)


def test_installation_is_created(project, ampersand, integration):
    connection = new_connection(project)
    user = f"consumer:{connection['consumer']['consumerRef']}"
    created = ampersand.post(installations(project, integration["id"]), {
        "groupRef": connection["group"]["groupRef"],
        "connectionId": connection["id"],
        "config": {"createdBy": user, "content": CONFIG},
    }).must_be(201, document(project, integration, connection, user)).body
    ampersand.get(path_of(project, created)).must_be(200, created)


def test_creator_is_the_api_unless_named(project, ampersand, integration):
    connection = new_connection(project)
    ampersand.post(installations(project, integration["id"]), {
        "groupRef": connection["group"]["groupRef"],
        "connectionId": connection["id"], "config": {"content": CONFIG},
    }).must_be(201, document(project, integration, connection,
                             "api:create-installation"))


def test_connection_is_the_groups_unless_named(
        project, ampersand, integration):
    connection = new_connection(project)
    ampersand.post(installations(project, integration["id"]), {
        "groupRef": connection["group"]["groupRef"],
        "config": {"content": CONFIG},
    }).must_be(201, Including({"connection": connection}))


def test_group_without_a_connection_installs_nothing(
        project, ampersand, integration):
    ampersand.post(installations(project, integration["id"]), {
        "groupRef": unique("org"), "config": {"content": CONFIG},
    }).must_be(422, invalid(422))


def test_config_points_at_the_newest_revision(project, ampersand):
    integration = new_integration(project)
    yaml = manifest_yaml(integration["name"]).replace("industry", "website")
    [newer] = ampersand.put(
        f"/projects/{project.name}/integrations:batch",
        {"sourceYaml": yaml}).must_be(200).body
    created = new_installation(project, newer)
    assert created["config"]["revisionId"] == newer["latestRevision"]["id"]


def test_group_installs_an_integration_once(project, ampersand, integration):
    first = new_installation(project, integration)
    ampersand.post(installations(project, integration["id"]), {
        "groupRef": first["group"]["groupRef"],
        "connectionId": first["connection"]["id"],
        "config": {"content": CONFIG},
    }).must_be(422, invalid(422, "groupRef"))
    ampersand.delete(path_of(project, first)).must_be(204, None)
    connection = new_connection(project, first["group"]["groupRef"])
    new_installation(project, integration, connection)


def test_group_installs_two_integrations(project, integration):
    first = new_installation(project, integration)
    second = new_installation(project, new_integration(project),
                              first["connection"])
    assert second["connection"] == first["connection"]
    assert second["id"] != first["id"]


def test_connection_must_be_of_the_integrations_provider(
        project, ampersand, integration):
    connection = new_connection(project, provider="hubspot")
    ampersand.post(installations(project, integration["id"]), {
        "groupRef": connection["group"]["groupRef"],
        "connectionId": connection["id"], "config": {"content": CONFIG},
    }).must_be(422, invalid(422, "connectionId"))


def test_connection_must_be_the_groups_own(project, ampersand, integration):
    theirs, ours = new_connection(project), new_connection(project)
    ampersand.post(installations(project, integration["id"]), {
        "groupRef": ours["group"]["groupRef"],
        "connectionId": theirs["id"], "config": {"content": CONFIG},
    }).must_be(422, invalid(422, "connectionId"))


def test_unknown_connection_is_refused(
        project, other, ampersand, integration):
    foreign = new_connection(other)
    for connection_id in NOBODY, foreign["id"]:
        ampersand.post(installations(project, integration["id"]), {
            "groupRef": unique("org"), "connectionId": connection_id,
            "config": {"content": CONFIG},
        }).must_be(422, invalid(422, "connectionId"))


@pytest.mark.parametrize("body, missing", [
    ({"config": {"content": CONFIG}}, "groupRef"),
    ({"groupRef": "org"}, "config"),
    ({"groupRef": "org", "config": {}}, "content"),
])
def test_installation_without_a_required_member_is_refused(
        project, ampersand, integration, body, missing):
    ampersand.post(installations(project, integration["id"]), body) \
        .must_be(400, invalid(400, missing))


@pytest.mark.parametrize("body, wrong", [
    ({"groupRef": 5, "config": {"content": CONFIG}}, "groupRef"),
    ({"groupRef": "org", "config": []}, "config"),
    ({"groupRef": "org", "config": {"content": "x"}}, "content"),
    ({"groupRef": "org", "config": {"content": CONFIG},
      "connectionId": {}}, "connectionId"),
])
def test_member_of_the_wrong_type_is_refused(
        project, ampersand, integration, body, wrong):
    ampersand.post(installations(project, integration["id"]), body) \
        .must_be(400, invalid(400, wrong))


def test_creator_must_be_of_a_known_kind(project, ampersand, integration):
    connection = new_connection(project)
    ampersand.post(installations(project, integration["id"]), {
        "groupRef": connection["group"]["groupRef"],
        "config": {"createdBy": "somebody", "content": CONFIG},
    }).must_be(422, invalid(422, "createdBy"))


def test_unknown_members_are_tolerated(project, ampersand, integration):
    connection = new_connection(project)
    ampersand.post(installations(project, integration["id"]), {
        "groupRef": connection["group"]["groupRef"], "color": "blue",
        "config": {"content": CONFIG, "color": "blue"},
    }).must_be(201)


def test_integration_must_exist(project, ampersand):
    ampersand.post(installations(project, NOBODY), {
        "groupRef": unique("org"), "config": {"content": CONFIG},
    }).must_be(404, problem(404))
    ampersand.get(installations(project, NOBODY)).must_be(404, problem(404))


def test_list_is_oldest_first(project, ampersand):
    integration = new_integration(project)
    ampersand.get(installations(project, integration["id"])).must_be(200, [])
    made = [new_installation(project, integration) for _ in range(3)]
    ampersand.get(installations(project, integration["id"])) \
        .must_be(200, made)


def test_list_of_one_group(project, ampersand, integration):
    mine, _ = [new_installation(project, integration) for _ in range(2)]
    path = installations(project, integration["id"])
    ampersand.get(path, {"groupRef": mine["group"]["groupRef"]}) \
        .must_be(200, [mine])
    ampersand.get(path, {"groupRef": mine["group"]["groupRef"].upper()}) \
        .must_be(200, [])
    ampersand.get(path, {"groupRef": "nobody"}).must_be(200, [])


def test_list_of_the_project_spans_integrations(new_project):
    project = new_project
    first = new_installation(project)
    second = new_installation(project, connection=first["connection"])
    third = new_installation(project)
    path = f"/projects/{project.name}/installations"
    project.ampersand.get(path).must_be(200, [first, second, third])
    project.ampersand.get(path, {"groupRef": third["group"]["groupRef"]}) \
        .must_be(200, [third])


def test_pages_follow_the_link_header(project, ampersand):
    integration = new_integration(project)
    made = [new_installation(project, integration) for _ in range(5)]
    path, pages = installations(project, integration["id"]), []
    reply = ampersand.get(path, {"pageSize": 2}).must_be(200)
    while True:
        pages.append(reply.body)
        following = next_page(reply)
        if not following:
            break
        reply = ampersand.get(following).must_be(200)
    assert pages == [made[:2], made[2:4], made[4:]]


def test_page_that_holds_all_has_no_next(project, ampersand):
    integration = new_integration(project)
    made = [new_installation(project, integration) for _ in range(2)]
    reply = ampersand.get(installations(project, integration["id"]),
                          {"pageSize": 2}).must_be(200, made)
    assert next_page(reply) is None


def next_page(reply):
    """The path below /v1 that `Link: <...>; rel="next"` points at."""
    for link in reply.headers.get("Link", "").split(","):
        if 'rel="next"' in link:
            address = link[link.index("<") + 1:link.index(">")]
            return address[address.index("/v1/") + len("/v1"):]
    return None


@pytest.mark.parametrize("query", [
    {"pageSize": "0"}, {"pageSize": "-1"}, {"pageSize": "two"},
    {"pageSize": "1001"}, {"pageToken": "no-token-of-ours"}])
def test_page_that_can_not_be_is_refused(
        project, ampersand, integration, query):
    wrong = {"in": "query", "name": list(query)[0]}
    ampersand.get(installations(project, integration["id"]), query).must_be(
        400, Including({"status": 400, "issues": [Including(wrong)]}))


def test_unknown_installation_is_404(project, ampersand, integration):
    path = installations(project, integration["id"])
    for handle in NOBODY, "no-uuid", "0":
        ampersand.get(f"{path}/{handle}").must_be(404, problem(404))


def test_installation_is_found_below_its_own_integration_only(
        project, ampersand, integration):
    mine = new_installation(project)
    ampersand.get(installations(project, integration["id"])
                  + f"/{mine['id']}").must_be(404, problem(404))


def test_installation_of_another_project_is_unknown(
        project, other, ampersand):
    foreign = new_installation(other)
    for path in (path_of(other, foreign),
                 path_of(project, foreign),
                 installations(project, foreign["integrationId"]),
                 installations(other, foreign["integrationId"])):
        ampersand.get(path).must_be(404, problem(404))


def test_group_is_named_in_every_installation(project, ampersand):
    """Renaming a group shows in all that it has."""
    made = new_installation(project)
    ref = made["group"]["groupRef"]
    ampersand.post(f"/projects/{project.name}/connections:generate", {
        "provider": "hubspot", "groupRef": ref, "groupName": "Renamed",
        "consumerRef": unique("user"),
        "oauth2AuthorizationCode": {"accessToken": {"token": "t"}},
    }).must_be(201)
    ampersand.get(path_of(project, made)).must_be(200, Including({
        "group": Including({"groupRef": ref, "groupName": "Renamed",
                            "createTime": TEXT})}))
