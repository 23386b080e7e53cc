"""Keys replaced by the command line: nothing that was sealed is lost, tokens
go on being good, and no key is ever shown."""

import re

import pytest

from support import cli
from support.ampersand import Ampersand
from support.forms import TIME_Z, UUID, Optional, differences
from support.names import unique
from support.wait import eventually


def cleat(store, *words):
    return cli.cleat("key", words[0], "--store", store.url, *words[1:])


def connect(project, secret):
    return project.ampersand.post(
        f"/projects/{project.name}/connections:generate", {
            "groupRef": unique("org"), "consumerRef": unique("user"),
            "provider": "stripe", "apiKey": secret}).must_be(201).body["id"]


def secret_of(project, connection_id):
    return project.ampersand.get(
        f"/projects/{project.name}/connections/{connection_id}"
        "?includeCreds=true").must_be(200).body["apiKey"]


def settled(store, name):
    def look():
        [one] = cleat(store, "status", "--project", name)["projects"]
        return one if one["state"] == "settled" else None

    return eventually(look, "the end of the rotation")


def test_status_says_versions_and_no_keys(server, project):
    told = cleat(server.store, "status")
    assert not differences({"rotations": 0, "since": TIME_Z}, told["master"])
    told = told["projects"]
    assert {"my-project", "other"} <= {one["name"]
                                       for one in told}
    for one in told:
        assert not differences({
            "id": UUID, "name": one["name"], "keyVersion": one["keyVersion"],
            "since": TIME_Z, "state": one["state"],
            "resealed": one["resealed"], "olderKeys": one["olderKeys"],
            "settledAt": Optional(TIME_Z)}, one)
    assert not re.search("[0-9a-f]{40}", str(told))


def test_one_project_rotates_while_it_is_served(server, new_project):
    made = {connect(new_project, secret): secret
            for secret in (unique("key") for _ in range(100))}
    before = cleat(server.store, "status", "--project", "other")
    told = cleat(server.store, "rotate", "--project", new_project.name)
    assert [(one["id"], one["keyVersion"]) for one in told["projects"]] == \
        [(new_project.id, 2)]
    late = unique("key")
    made[connect(new_project, late)] = late
    end = settled(server.store, new_project.name)
    assert (end["keyVersion"], end["olderKeys"]) == (2, 0)
    assert 0 < end["resealed"] <= 100
    for connection, secret in made.items():
        assert secret_of(new_project, connection) == secret
    assert cleat(server.store, "status", "--project", "other") == before


@pytest.mark.parametrize("is_served", [True, False],
                         ids=["served", "not served"])
def test_all_projects_rotate(server_factory, is_served):
    server = server_factory()
    store = server.store
    second = server.create_project("second", "second")
    projects = [server.project, second]
    made = [(project, connect(project, "s-1")) for project in projects]
    if not is_served:
        server.stop()
    told = cleat(store, "rotate")["projects"]
    assert [one["keyVersion"] for one in told] == [2, 2]
    if not is_served:
        assert {one["state"] for one in told} == {"resealing"}
        server = server_factory(store)
    for project, connection in made:
        settled(store, project.name)
        again = Ampersand(server, project.keys["ampersand"]["apiKey"])
        assert again.get(
            f"/projects/{project.name}/connections/{connection}"
            "?includeCreds=true").must_be(200).body["apiKey"] == "s-1"


def test_unknown_project_is_told(server):
    for verb in "rotate", "status":
        done = cli.run("key", verb, "--store", server.store.url,
                       "--project", "nobody")
        assert (done.returncode, done.stdout) == (1, ""), done
        assert "there is no project nobody" in done.stderr
