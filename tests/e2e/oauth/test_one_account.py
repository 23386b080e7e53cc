"""Two connections of one person's account at a provider are one grant: the
provider's token answer says whose they are, and only the last one ends it."""

import pytest

from support.authority import connect, path_of, register
from support.native import of, plan
from support.revocation import done, let_go
from support.wait import eventually

# close names the person and the workspace, asana the person alone.
JANE = {"close": {"user_id": "jane", "organization_id": "acme"},
        "asana": {"data": {"id": "jane"}}}
OTHERS = {"close": [{"user_id": "joe", "organization_id": "acme"},
                    {"user_id": "jane", "organization_id": "globex"}],
          "asana": [{"data": {"id": "joe"}}, {}]}


def joined(project, authority, name, answer):
    """The connection, and the refresh token that it was given."""
    before = authority.live
    authority.answer = answer
    made = connect(project, authority, name)
    [token] = authority.live - before
    return {"id": made}, token


def revoked(authority):
    return [token for path, token, status in authority.calls
            if path == "/revoke"]


def grant_effect(deletion):
    [one] = [effect for effect in deletion["effects"]
             if effect["kind"] == "grant"]
    return one


@pytest.mark.parametrize("name", JANE)
def test_only_the_last_of_an_account_ends_its_grant(project, authority, name):
    register(project, authority, name)
    first, _ = joined(project, authority, name, JANE[name])
    last, token = joined(project, authority, name, JANE[name])
    planned = plan(project, "connection", first["id"])
    assert grant_effect(planned)["effect"] == "shared"
    effect = grant_effect(let_go(project, first))
    assert effect["effect"] == "shared"
    assert effect["usedBy"] == [{"kind": "connection", "id": last["id"]}]
    assert not revoked(authority)
    [step] = done(project, let_go(project, last))["steps"]
    assert (step["state"], step["reason"]) == ("done", "revoked")
    assert revoked(authority) == [token] and token not in authority.live
    assert "jane" not in str(step)


@pytest.mark.parametrize("name", OTHERS)
def test_other_people_and_workspaces_have_grants_of_their_own(
        project, authority, name):
    register(project, authority, name)
    jane, token = joined(project, authority, name, JANE[name])
    for answer in OTHERS[name]:
        joined(project, authority, name, answer)
    done(project, let_go(project, jane))
    assert revoked(authority) == [token]


def test_another_app_s_grant_is_another(project, authority):
    first = register(project, authority, "close")
    jane, token = joined(project, authority, "close", JANE["close"])
    second = register(project, authority, "close")
    assert first["id"] != second["id"]
    authority.answer = JANE["close"]
    connect(project, authority, "close", providerAppId=second["id"])
    done(project, let_go(project, jane))
    assert revoked(authority) == [token]


def test_workspace_and_person_of_the_token_answer_are_shown(project,
                                                            authority):
    app = register(project, authority, "close")
    authority.answer = {**JANE["close"], "scope": "all.full_access"}
    made = connect(project, authority, "close")
    shown = project.ampersand.get(path_of(project, made), {
        "includeCreds": "true"}).must_be(200).body
    assert shown["providerWorkspaceRef"] == "acme"
    assert shown["providerConsumerRef"] == "jane"
    assert shown["oauth2AuthorizationCode"]["scopes"] == ["all.full_access"]
    assert shown["providerApp"] == app


@pytest.mark.parametrize("refreshes", [False, True])
def test_account_is_known_after_refresh_and_change(project, authority,
                                                   refreshes):
    """The workspace is changed and changed back; tokens have rotated."""
    register(project, authority, "close")
    one, _ = joined(project, authority, "close", JANE["close"])
    two, _ = joined(project, authority, "close", JANE["close"])
    path = path_of(project, one["id"])
    if refreshes:
        project.ampersand.get(path, {"refresh": "force"}).must_be(200)
    for ref, what in ("other", "revoked"), ("acme", "shared"):
        project.ampersand.patch(path, {
            "updateMask": ["providerWorkspaceRef"],
            "connection": {"providerWorkspaceRef": ref}}).must_be(200)
        planned = plan(project, "connection", one["id"])
        assert of(planned["effects"], what, "grant") == [one["id"]], ref
    assert two["id"] != one["id"]


def test_customer_who_comes_back_keeps_the_grant(project, authority):
    """Before the step is done, which the provider's fault puts off."""
    register(project, authority, "close")
    gone, token = joined(project, authority, "close", JANE["close"])
    authority.spared = {"/token"}
    authority.faults = {"500": 1}
    deletion = let_go(project, gone)
    eventually(lambda: revoked(authority), "a first try")
    joined(project, authority, "close", JANE["close"])
    authority.faults = {}
    [step] = done(project, deletion)["steps"]
    assert (step["state"], step["reason"]) == ("done", "shared")
    assert set(revoked(authority)) == {token} and token in authority.live
