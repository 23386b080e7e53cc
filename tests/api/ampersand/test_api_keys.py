"""API keys: list, get, create, delete."""

import pytest

from support.ampersand import Ampersand, invalid, problem
from support.forms import (Including, containing, either, list_of, pattern,
                           TEXT, BOOLEAN)
from support.names import unique

KEY = pattern("API key", "cleat_amp_[0-9A-Za-z]{43}[0-9A-Za-z]{6}")
HANDLE = pattern("handle of an API key", "cleat_amp_[0-9A-Za-z]{8}")


def keys(project, key=""):
    path = f"/projects/{project.name}/api-keys"
    return f"{path}/{key}" if key else path


def new_key(project, **body):
    return project.ampersand.post(
        keys(project), {"label": unique("key"), **body}).must_be(201).body


def listed(project, label):
    found = project.ampersand.get(keys(project)).must_be(200).body
    [only] = [key for key in found if key["label"] == label]
    return only


def test_key_is_created_and_works(project, ampersand):
    label = unique("key")
    created = ampersand.post(keys(project), {
        "label": label, "scopes": ["full"]}).must_be(201, {
            "key": KEY, "label": label, "scopes": ["full"],
            "projectId": project.id, "active": True}).body
    Ampersand(project.server, key=created["key"]) \
        .get(f"/projects/{project.name}").must_be(200)


def test_key_is_shown_once(project, ampersand):
    created = new_key(project)
    shown = listed(project, created["label"])
    assert created["key"] not in ampersand.get(keys(project)).text
    expected = {**created, "key": HANDLE}
    ampersand.get(keys(project, shown["key"])).must_be(200, expected)
    assert created["key"].startswith(shown["key"])


def test_key_has_every_scope_unless_told(project):
    assert new_key(project)["scopes"] == ["full"]


def test_list_has_keys_of_the_project_alone(project, other, ampersand):
    foreign = new_key(other)["label"]
    reply = ampersand.get(keys(project)).must_be(200, list_of(
        {"key": HANDLE, "label": either(TEXT, ""), "projectId": project.id,
         "scopes": list_of(either("full", "frontend", TEXT)),
         "active": BOOLEAN}, at_least=1))
    assert foreign not in reply.text


@pytest.mark.parametrize("form", ["handle", "whole key"])
def test_deleted_key_does_not_work(project, ampersand, form):
    created = new_key(project)
    handle = created["key"] if form == "whole key" \
        else listed(project, created["label"])["key"]
    caller = Ampersand(project.server, key=created["key"])
    caller.get(f"/projects/{project.name}").must_be(200)
    ampersand.get(keys(project, handle)).must_be(200)
    ampersand.delete(keys(project, handle)).must_be(204, None)
    caller.get(f"/projects/{project.name}").must_be(401, problem(401))
    ampersand.get(keys(project, handle)).must_be(404, problem(404))
    ampersand.delete(keys(project, handle)).must_be(404, problem(404))
    assert created["label"] not in ampersand.get(keys(project)).text


def test_label_is_required(project, ampersand):
    ampersand.post(keys(project), {"scopes": ["full"]}).must_be(
        400, invalid(400, "label"))


@pytest.mark.parametrize("body, wrong", [
    ({"label": 1}, "label"), ({"label": "x", "scopes": "full"}, "scopes"),
    ({"label": "x", "scopes": [1]}, "scopes")])
def test_member_of_the_wrong_type_is_refused(project, ampersand, body, wrong):
    ampersand.post(keys(project), body).must_be(400, invalid(400, wrong))


def test_label_is_at_most_128_bytes(project, ampersand):
    ampersand.post(keys(project), {"label": "x" * 129}).must_be(
        422, invalid(422, "label"))


def test_unknown_scope_is_refused(project, ampersand):
    ampersand.post(keys(project), {"label": "x", "scopes": ["everything"]}) \
        .must_be(422, invalid(422, "scopes"))


def test_unknown_key_is_404(project, ampersand):
    for key in "cleat_amp_AAAAAAAA", "no-such-key":
        ampersand.get(keys(project, key)).must_be(404, problem(404))
        ampersand.delete(keys(project, key)).must_be(404, problem(404))


def test_key_of_another_project_is_unknown(project, other, ampersand):
    foreign = new_key(other)
    for handle in foreign["key"], listed(other, foreign["label"])["key"]:
        for path in keys(project, handle), keys(other, handle):
            ampersand.get(path).must_be(404, problem(404))
            ampersand.delete(path).must_be(404, problem(404))
    Ampersand(project.server, key=foreign["key"]) \
        .get(f"/projects/{other.name}").must_be(200)


def test_key_sees_its_project_alone(project, other):
    caller = Ampersand(project.server, key=new_key(project)["key"])
    caller.get("/projects").must_be(
        200, [Including({"id": project.id})])
    caller.get(f"/projects/{other.name}").must_be(404, problem(404))


def test_frontend_key_is_listed_with_its_scope(project, ampersand):
    label = new_key(project, scopes=["frontend"])["label"]
    ampersand.get(keys(project)).must_be(200, containing(
        Including({"label": label, "scopes": ["frontend"]})))
