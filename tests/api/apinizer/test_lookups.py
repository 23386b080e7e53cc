"""Connections by id: their names, one or many, and all of one."""

import pytest

from support.apinizer import (UNSET, connection, email, failure, found, id_of,
                              new_connection, unknown_id)
from support.forms import Including, mentioning
from support.names import unique

NAMES = "/utility/connections/batch-names"
NONE = "00000000-0000-7000-8000-000000000000"
SECRET = "canary-dead"


def by_id(one):
    return f"/utility/connections/{one}"


def test_name_is_found_by_id(project, apinizer):
    name = new_connection(project, description="Outgoing")
    one = id_of(project, name)
    for slash in "", "/":
        apinizer.get(by_id(one) + slash).must_be(200, found(
            {"id": one, "name": name, "description": "Outgoing"}))
    bare = new_connection(project)
    apinizer.get(by_id(id_of(project, bare))).must_be(200, found(
        {"id": id_of(project, bare), "name": bare, "description": None}))


def test_id_survives_a_rename(project, apinizer):
    old, new = new_connection(project), unique("renamed")
    one = id_of(project, old)
    apinizer.put(connection(project, old), {"name": new}).must_be(200)
    assert id_of(project, new) == one
    apinizer.get(by_id(one)).must_be(200, found(Including({"name": new})))


def test_whole_connection_is_found_by_id(project, apinizer):
    name = new_connection(project, password=SECRET)
    path = f"{by_id(id_of(project, name))}/full"
    apinizer.get(path).must_be(
        200, found(email(project, name, password=SECRET)))
    viewer = project.caller("apinizer", "viewer")
    viewer.get(path).must_be(
        200, found(email(project, name, password=UNSET)))


def test_names_are_found_in_the_order_of_their_ids(project, apinizer):
    names = [new_connection(project) for _ in range(3)]
    ids = [id_of(project, name) for name in names]
    pairs = [{"id": one, "name": name} for one, name in zip(ids, names)]
    apinizer.post(NAMES, ids).must_be(200, found(*pairs))
    apinizer.post(NAMES, [ids[2], NONE, "nonsense", ids[0], ids[0]]).must_be(
        200, found(pairs[2], pairs[0], pairs[0]))
    apinizer.post(NAMES, []).must_be(200, found())


@pytest.mark.parametrize("body, word", [
    ({}, "list"), ("x", "list"), ([1], "id 1"), ([NONE, None], "id 2"),
    ([NONE] * 257, "256"), (b"[", "JSON")])
def test_body_that_is_no_list_of_ids_is_refused(apinizer, body, word):
    apinizer.post(NAMES, body).must_be(
        400, failure("bad_request", mentioning(word)))


@pytest.mark.parametrize("one", [NONE, "nonsense"])
def test_unknown_id_is_400(apinizer, one):
    for path in by_id(one), f"{by_id(one)}/full":
        apinizer.get(path).must_be(400, unknown_id(one))


def test_connection_that_is_gone_is_not_found_by_id(project, apinizer):
    name = new_connection(project)
    one = id_of(project, name)
    apinizer.delete(connection(project, name)).must_be(200)
    apinizer.get(by_id(one)).must_be(400, unknown_id(one))
    apinizer.post(NAMES, [one]).must_be(200, found())


def test_connection_of_another_project_is_unknown(project, other, apinizer):
    one = id_of(other, new_connection(other))
    for path in by_id(one), f"{by_id(one)}/full":
        apinizer.get(path).must_be(400, unknown_id(one))
    apinizer.post(NAMES, [one]).must_be(200, found())


def test_connection_at_a_provider_is_none_of_them(project, apinizer):
    made = project.ampersand.post(
        f"/projects/{project.name}/connections:generate", {
            "provider": "stripe", "groupRef": unique("group"),
            "consumerRef": unique("user"), "apiKey": "k"}).body
    apinizer.get(by_id(made["id"])).must_be(400, unknown_id(made["id"]))
    apinizer.post(NAMES, [made["id"]]).must_be(200, found())
