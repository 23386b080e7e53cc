"""A customer sees and touches what its group has, and nothing else."""

import pytest

from support.ampersand import (CONFIG, installations, new_connection,
                               new_installation, new_integration, path_of,
                               problem, invalid)
from support.customer import Signer
from support.forms import containing
from support.names import unique


@pytest.fixture(scope="module")
def signer(project):
    return Signer(project)


class Groups:
    """Two groups with one integration installed in each; `customer` is one of
    the first."""

    def __init__(self, project, signer):
        self.project = project
        self.integration = new_integration(project)
        self.mine, self.theirs = (new_installation(
            project, self.integration) for _ in range(2))
        self.group = self.mine["group"]["groupRef"]
        self.consumer = self.mine["connection"]["consumer"]["consumerRef"]
        self.customer = signer.customer(self.group, self.consumer)

    def at(self, path):
        return f"/projects/{self.project.name}/{path}"


@pytest.fixture
def groups(project, signer):
    return Groups(project, signer)


def test_lists_have_what_is_the_group_s(groups):
    ask, mine = groups.customer, groups.mine
    whole = installations(groups.project, groups.integration["id"])
    for path in groups.at("installations"), whole:
        for query in {}, {"groupRef": groups.group}, {"pageSize": 1}:
            ask.get(path, query).must_be(200, [mine])
        ask.get(path, {"groupRef": groups.theirs["group"]["groupRef"]}) \
            .must_be(200, [])
    connection = mine["connection"]
    for query in {}, {"groupRef": groups.group}, {
            "consumerRef": groups.consumer}, {"provider": "salesforce"}:
        ask.get(groups.at("connections"), query).must_be(200, [connection])
    theirs = groups.theirs["connection"]
    for query in {"groupRef": theirs["group"]["groupRef"]}, {
            "consumerRef": theirs["consumer"]["consumerRef"]}:
        ask.get(groups.at("connections"), query).must_be(200, [])


def test_pages_go_through_the_group_alone(project, signer):
    made = new_installation(project)
    group = made["group"]["groupRef"]
    connection = made["connection"]
    others = [new_installation(project) for _ in range(2)]
    second = new_installation(project, connection=connection)
    ask = signer.customer(group)
    path = f"/projects/{project.name}/installations"
    first = ask.get(path, {"pageSize": 1}).must_be(200, [made])
    link = first.headers["Link"].split(">")[0].split("/v1")[1]
    last = ask.get(link).must_be(200, [second])
    assert "Link" not in last.headers
    ask.get(path, {"pageToken": others[0]["id"]}).must_be(200, [second])


def test_group_without_anything_has_empty_lists(project, signer):
    ask = signer.customer(unique("new"))
    for what in "installations", "connections":
        ask.get(f"/projects/{project.name}/{what}").must_be(200, [])


def test_own_things_are_shown(groups):
    mine = groups.mine
    groups.customer.get(path_of(groups.project, mine)).must_be(200, mine)
    groups.customer.get(
        groups.at(f"connections/{mine['connection']['id']}")).must_be(
            200, mine["connection"])


def test_things_of_others_are_unknown(groups):
    theirs, ask = groups.theirs, groups.customer
    path = path_of(groups.project, theirs)
    for reply in (ask.get(path), ask.delete(path),
                  ask.delete(f"{path}?dryRun=true"),
                  ask.get(groups.at(
                      f"connections/{theirs['connection']['id']}"))):
        reply.must_be(404, problem(404))
    groups.project.ampersand.get(path).must_be(200, theirs)


def test_unknown_and_foreign_are_told_alike(groups):
    """But for the id itself."""
    nowhere = "00000000-0000-7000-8000-000000000000"
    theirs = groups.theirs

    def said(path, thing_id):
        answer = groups.customer.get(path).must_be(404).body
        return answer["detail"].replace(thing_id, "ID"), answer["remedy"]

    gone = {**theirs, "id": nowhere}
    assert said(path_of(groups.project, theirs), theirs["id"]) \
        == said(path_of(groups.project, gone), nowhere)
    connection = theirs["connection"]["id"]
    assert said(groups.at(f"connections/{connection}"), connection) \
        == said(groups.at(f"connections/{nowhere}"), nowhere)


def test_integrations_are_shown(groups):
    integration = groups.integration
    groups.customer.get(groups.at("integrations")).must_be(
        200, containing(integration))
    groups.customer.get(groups.at(f"integrations/{integration['name']}")) \
        .must_be(200, integration)


def test_project_is_shown(groups, other):
    whole = groups.project.ampersand.get(
        f"/projects/{groups.project.name}").must_be(200).body
    groups.customer.get(f"/projects/{groups.project.name}") \
        .must_be(200, whole)
    groups.customer.get(f"/projects/{other.name}").must_be(404, problem(404))


def connect(groups, ask, group, consumer, **more):
    return ask.post(groups.at("connections:generate"), {
        "provider": "salesforce", "groupRef": group, "consumerRef": consumer,
        "oauth2AuthorizationCode": {"accessToken": {"token": "t"}}, **more})


def test_customer_connects_installs_and_uninstalls(groups, signer):
    group, consumer = unique("org"), unique("user")
    ask = signer.customer(group, consumer)
    connection = connect(groups, ask, group, consumer).must_be(201).body
    made = ask.post(installations(groups.project, groups.integration["id"]), {
        "groupRef": group, "config": {"content": CONFIG,
                                      "createdBy": f"consumer:{consumer}"}}) \
        .must_be(201).body
    assert made["connection"] == connection
    ask.get(path_of(groups.project, made)).must_be(200, made)
    ask.delete(path_of(groups.project, made)).must_be(204, None)
    ask.get(groups.at("connections")).must_be(200, [])


def test_customer_connects_for_itself_alone(groups):
    ask, theirs = groups.customer, groups.theirs["connection"]
    known = theirs["group"]["groupRef"], theirs["consumer"]["consumerRef"]
    before = groups.project.ampersand.get(groups.at("connections")).body
    for group, consumer, wrong in (
            (known[0], groups.consumer, groups.group),
            (unique("new"), groups.consumer, groups.group),
            (groups.group, known[1], groups.consumer),
            (groups.group, unique("new"), groups.consumer),
            (*known, groups.group)):
        said = connect(groups, ask, group, consumer, groupName="Taken over") \
            .must_be(403, problem(403)).body
        assert wrong in said["detail"] and said["causes"] == [said["detail"]]
    assert groups.project.ampersand.get(groups.at("connections")).body \
        == before


def test_customer_installs_for_its_group_alone(groups, signer):
    path = installations(groups.project, new_integration(
        groups.project)["id"])
    theirs, ask = groups.theirs["connection"], groups.customer
    config = {"config": {"content": CONFIG}}
    for group in theirs["group"]["groupRef"], unique("new"):
        ask.post(path, {"groupRef": group, **config}).must_be(
            403, problem(403))
    told = [ask.post(path, {"groupRef": groups.group, "connectionId": which,
                            **config}).must_be(
        422, invalid(422, "connectionId")).body
        for which in (theirs["id"], "00000000-0000-7000-8000-000000000000")]
    assert told[0]["detail"] == told[1]["detail"]
    groups.project.ampersand.get(path).must_be(200, [])


@pytest.mark.parametrize("created_by", ["builder:boss", "consumer:another"])
def test_customer_acts_by_its_own_name(groups, created_by):
    path = installations(groups.project, new_integration(
        groups.project)["id"])
    sent = {"groupRef": groups.group,
            "config": {"content": CONFIG, "createdBy": created_by}}
    groups.customer.post(path, sent).must_be(403, problem(403))
    sent["config"]["createdBy"] = "api:a-form"
    made = groups.customer.post(path, sent).must_be(201).body
    [event] = groups.project.native.get(
        f"/projects/{groups.project.name}/events", {
            "subjectId": made["id"], "type": "installation.created"}) \
        .must_be(200).body["items"]
    assert event["actor"] == f"consumer:{groups.consumer}"


def test_customer_gets_no_credentials_and_no_plans(groups):
    mine = groups.mine
    groups.customer.get(
        groups.at(f"connections/{mine['connection']['id']}"),
        {"includeCreds": "true"}).must_be(403, problem(403))
    groups.customer.delete(
        path_of(groups.project, mine) + "?dryRun=true").must_be(
            403, problem(403))
    groups.customer.get(path_of(groups.project, mine)).must_be(200, mine)


def test_customer_does_nothing_else(groups):
    ask, base = groups.customer, f"/projects/{groups.project.name}"
    connection = groups.mine["connection"]["id"]
    for reply in (
            ask.get("/projects"), ask.post("/projects", {}),
            ask.patch(base, {"updateMask": ["appName"],
                             "project": {"appName": "Mine"}}),
            ask.get(f"{base}/api-keys"), ask.post(f"{base}/api-keys", {}),
            ask.get(f"{base}/destinations"), ask.get(f"{base}/topics"),
            ask.get(f"{base}/provider-apps"),
            ask.post(f"{base}/integrations", {}),
            ask.put(f"{base}/integrations:batch", {}),
            ask.delete(f"{base}/integrations/{groups.integration['id']}"),
            ask.delete(f"{base}/connections/{connection}")):
        reply.must_be(403, problem(403))


def test_group_s_other_consumers_see_the_same(groups, signer):
    ask = signer.customer(groups.group, unique("colleague"))
    ask.get(groups.at("installations")).must_be(200, [groups.mine])
    ask.get(path_of(groups.project, groups.mine)).must_be(200, groups.mine)


def test_reference_is_the_same_to_the_byte(project, signer):
    """One that only begins alike, or is spelt otherwise, is another."""
    made = new_installation(project, connection=new_connection(
        project, group=unique("Org")))
    group = made["group"]["groupRef"]
    for like in (group[:-1], group + "x", group.lower(), group + " "):
        ask = signer.customer(like)
        ask.get(f"/projects/{project.name}/installations").must_be(200, [])
        ask.get(path_of(project, made)).must_be(404, problem(404))


def test_api_key_counts_before_a_token(groups, signer):
    """Who sends both may do what the key may."""
    token = signer.token(unique("org"))
    groups.project.ampersand.get(
        path_of(groups.project, groups.theirs),
        headers={"Authorization": f"Bearer {token}"}).must_be(
            200, groups.theirs)
