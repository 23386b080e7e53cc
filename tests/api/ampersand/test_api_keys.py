"""API keys: list, get, create, update, delete."""

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


def test_label_is_at_most_128_characters(project, ampersand):
    longest = "é" * 128
    assert new_key(project, label=longest)["label"] == longest
    ampersand.post(keys(project), {"label": "x" * 129}).must_be(
        422, invalid(422, "label"))


def test_unknown_scope_is_refused(project, ampersand):
    for scopes in (["everything"], []):
        ampersand.post(keys(project), {"label": "x", "scopes": scopes}) \
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


# Changes by mask.

def change(project, key, mask, **members):
    return project.ampersand.patch(keys(project, key), {
        "updateMask": mask, "apiKey": members})


@pytest.mark.parametrize("form", ["handle", "whole key"])
def test_key_is_changed_by_mask(project, form):
    made, label = new_key(project), unique("renamed")
    shown = listed(project, made["label"])
    key = made["key"] if form == "whole key" else shown["key"]
    change(project, key, ["label"], label=label, active=False,
           scopes=["frontend"]).must_be(200, {**shown, "label": label})
    changed = change(project, key, ["active", "scopes"], active=False,
                     scopes=["frontend"]).must_be(
        200, {**shown, "label": label, "active": False,
              "scopes": ["frontend"]}).body
    project.ampersand.get(keys(project, shown["key"])).must_be(200, changed)


def test_inactive_key_does_not_work_until_it_is_active_again(project):
    made = new_key(project)
    handle = listed(project, made["label"])["key"]
    caller = Ampersand(project.server, key=made["key"])
    for active, status in (True, 200), (False, 401), (True, 200):
        change(project, handle, ["active"], active=active).must_be(200)
        caller.get(f"/projects/{project.name}").must_be(status)
        for query, is_in in (("true", active), ("false", not active),
                             (None, True)):
            shown = project.ampersand.get(keys(project), query and {
                "active": query}).must_be(200).body
            assert (made["label"] in [one["label"] for one in shown]) \
                == is_in


@pytest.mark.parametrize("scopes, kept, may_manage", [
    (["frontend"], ["frontend"], False), (["full"], ["full"], True),
    (["frontend", "full"], ["full"], True)])
def test_scopes_are_what_the_key_may_do(project, scopes, kept, may_manage):
    for made in (new_key(project, scopes=scopes), new_key(project)):
        caller = Ampersand(project.server, key=made["key"])
        change(project, made["key"], ["scopes"], scopes=scopes).must_be(
            200, Including({"scopes": kept}))
        caller.get(f"/projects/{project.name}/integrations").must_be(200)
        caller.get(keys(project)).must_be(200 if may_manage else 403)


def test_viewer_key_becomes_what_it_is_made(project):
    """The command line makes those; no scope says so."""
    made = project.token("ampersand", "--role", "viewer")["token"]
    caller = Ampersand(project.server, key=made)
    caller.post(keys(project), {"label": "x"}).must_be(403, problem(403))
    change(project, made, ["scopes"], scopes=["full"]).must_be(200)
    caller.post(keys(project), {"label": "x"}).must_be(201)


@pytest.mark.parametrize("mask, key, status, wrong", [
    ([], {}, 400, "updateMask"), (None, {"label": "x"}, 400, "updateMask"),
    ([1], {"label": "x"}, 400, "updateMask"),
    (["key"], {"key": "x"}, 400, "updateMask"),
    (["label"], {}, 400, "label"), (["label"], None, 400, "apiKey"),
    (["label"], {"label": None}, 400, "label"),
    (["active"], {"active": 1}, 400, "active"),
    (["active"], {"active": None}, 400, "active"),
    (["scopes"], {"scopes": "full"}, 400, "scopes"),
    (["scopes"], {"scopes": None}, 422, "scopes"),
    (["scopes"], {"scopes": []}, 422, "scopes"),
    (["scopes"], {"scopes": ["all"]}, 422, "scopes"),
    (["label"], {"label": ""}, 422, "label"),
    (["label"], {"label": "x" * 129}, 422, "label")])
def test_faulty_change_is_refused(project, ampersand, mask, key, status,
                                  wrong):
    made = new_key(project)
    shown = listed(project, made["label"])
    ampersand.patch(keys(project, shown["key"]), {
        "updateMask": mask, "apiKey": key}).must_be(
        status, invalid(status, wrong))
    ampersand.get(keys(project, shown["key"])).must_be(200, shown)


def test_unknown_or_foreign_key_is_not_changed(project, other):
    foreign = new_key(other)
    for key in ("cleat_amp_AAAAAAAA", "no-such-key", foreign["key"],
                listed(other, foreign["label"])["key"]):
        change(project, key, ["label"], label="x").must_be(404, problem(404))
    assert listed(other, foreign["label"])["label"] == foreign["label"]


def test_change_is_for_who_manages_the_project(project):
    made = new_key(project)
    for role in "viewer", "frontend":
        project.caller("ampersand", role).patch(
            keys(project, made["key"]),
            {"updateMask": ["active"], "apiKey": {"active": False}}) \
            .must_be(403, problem(403))
    assert listed(project, made["label"])["active"]


def test_change_is_an_event(project):
    made = new_key(project)
    change(project, made["key"], ["active"], active=False).must_be(200)
    said = [one["payload"] for one in project.native.get(
        f"/projects/{project.name}/events", {"type": "token.updated"})
        .must_be(200).body["items"]]
    assert {"kind": "amp", "label": made["label"], "scopes": "full",
            "active": False} in said
