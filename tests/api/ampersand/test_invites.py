"""Invitations: create, list, get, revoke, accept."""

import pytest

from support.ampersand import invalid, problem
from support.forms import TIME_Z, Including, containing
from support.names import unique
from support.people import (Builder, invitation, invite,
                            invite_by_others, join, org_of, set_builder)
from support.upsun import Upsun

WEEK_S = 7 * 86400


def invites(project, one=None):
    path = f"/orgs/{org_of(project)}/invites"
    return f"{path}/{one['id']}" if one else path


def someone():
    return f"{unique('ann')}@example.com"


def accept(caller, address):
    return caller.post("/invites:accept", {"invitedEmail": address})


def test_invited_builder_joins(new_project):
    address, project = someone(), new_project
    made = project.builder.post(invites(project), {
        "email": address.upper()}).must_be(
            201, invitation(org_of(project), address)).body
    assert "updateTime" not in made
    project.builder.get(invites(project, made)).must_be(200, made)
    project.builder.get(invites(project)).must_be(200, [made])
    ann = Builder(project, address)
    ann.get(f"/projects/{project.name}").must_be(404, problem(404))
    info = accept(ann, address.upper()).must_be(200).body
    assert info["orgRole"]["role"] == "member"
    assert info["orgRole"]["org"]["id"] == org_of(project)
    assert set(info["projectRoles"]) == {project.id}
    ann.get("/my-info").must_be(200, info)
    ann.get(f"/projects/{project.name}").must_be(200)
    assert Upsun(project.server, ann.token["token"]).get(
        f"/projects/{project.upsun_id}/integrations").status == 200
    project.builder.get(invites(project, made)).must_be(
        200, {**made, "status": "accepted", "updateTime": TIME_Z})


def test_invitation_is_good_once(new_project):
    ann = join(new_project)
    accept(ann, ann.address).must_be(404, problem(404))
    new_project.builder.post(invites(new_project), {"email": ann.address}) \
        .must_be(409, problem(409))


def test_invitation_is_for_its_address_alone(new_project):
    address, eve = someone(), Builder(new_project, someone())
    made = invite(new_project, address)
    for claimed in address, eve.address:
        accept(eve, claimed).must_be(404, problem(404))
    eve.get(f"/orgs/{org_of(new_project)}").must_be(404, problem(404))
    new_project.builder.get(invites(new_project, made)).must_be(
        200, Including({"status": "pending"}))
    accept(new_project.builder, address).must_be(404, problem(404))


def test_invitation_expires(server_factory):
    first = server_factory()
    made = invite(first.project, "ann@example.com")
    first.stop()
    later = server_factory(first.store, clock_offset_s=WEEK_S + 60)
    project = later.project
    shown = project.builder.get(invites(project, made)).must_be(
        200, invitation(org_of(project), "ann@example.com", "expired",
                        updateTime=TIME_Z)).body
    project.builder.get(invites(project)).must_be(200, [shown])
    ann = Builder(project, "ann@example.com")
    accept(ann, ann.address).must_be(404, problem(404))
    project.builder.delete(invites(project, made)).must_be(
        400, Including(problem(400)))
    again = invite(project, ann.address)
    project.builder.get(invites(project)).must_be(200, [shown, again])
    accept(ann, ann.address).must_be(200)


def test_revoked_invitation_is_not_accepted(new_project):
    ann = Builder(new_project, someone())
    made = invite(new_project, ann.address)
    plan = new_project.builder.delete(invites(new_project, made),
                                      {"dryRun": "true"})
    assert plan.status == 200 and made["id"] in plan.text
    new_project.builder.get(invites(new_project, made)).must_be(200, made)
    new_project.builder.delete(invites(new_project, made)).must_be(204, None)
    accept(ann, ann.address).must_be(404, problem(404))
    new_project.builder.get(invites(new_project, made)).must_be(
        200, {**made, "status": "revoked", "updateTime": TIME_Z})
    refused = new_project.builder.delete(invites(new_project, made)) \
        .must_be(400).body
    assert refused["issues"][0]["name"] == "inviteId"
    invite(new_project, ann.address)  # may be invited anew
    accept(ann, ann.address).must_be(200)


def test_accepted_invitation_is_not_revoked(new_project):
    join(new_project)
    [made] = new_project.builder.get(invites(new_project)).must_be(200).body
    new_project.builder.delete(invites(new_project, made)).must_be(400)
    new_project.builder.get(invites(new_project, made)).must_be(200, made)


def test_address_is_invited_once_at_a_time(new_project):
    address = someone()
    invite(new_project, address)
    new_project.builder.post(invites(new_project), {"email": address}) \
        .must_be(409, problem(409))


def test_oldest_invitation_is_accepted_first(new_project):
    ann = Builder(new_project, someone())
    orgs = [invite_by_others(new_project, ann.address) for _ in range(2)]
    for org in orgs:
        assert accept(ann, ann.address).must_be(200) \
            .body["orgRole"]["org"] == org
    accept(ann, ann.address).must_be(404, problem(404))
    for org in orgs:
        ann.get(f"/orgs/{org['id']}").must_be(200, org)


@pytest.mark.parametrize("email", [
    "ann", "@example.com", "ann@", "ann@example", "a b@example.com",
    "ann@-a.com", "ann@a..com", "ann@example.com.", "<ann@example.com>",
    "ann@example.com\n", "ann@a_b.com", "x" * 65 + "@example.com"])
def test_what_is_no_address_is_not_invited(project, email):
    project.builder.post(invites(project), {"email": email}).must_be(
        400, invalid(400, "email"))


@pytest.mark.parametrize("status, body", [
    (400, {}), (400, {"email": 1}), (422, {"email": ""}),
    (422, {"email": "x" * 250 + "@a.bc"})])
def test_invitation_without_an_address_is_refused(project, status, body):
    project.builder.post(invites(project), body).must_be(
        status, invalid(status, "email"))


@pytest.mark.parametrize("status, body", [
    (400, {}), (400, {"invitedEmail": 1}), (422, {"invitedEmail": ""})])
def test_acceptance_without_an_address_is_refused(project, status, body):
    project.builder.post("/invites:accept", body).must_be(
        status, invalid(status, "invitedEmail"))


def test_invitation_of_another_organization_is_unknown(project, other):
    made = invite(other, someone())
    for path in (invites(other, made), invites(project, made),
                 f"{invites(project)}/x"):
        project.builder.get(path).must_be(404, problem(404))
        project.builder.delete(path).must_be(404, problem(404))
        project.builder.delete(path, {"dryRun": "true"}).must_be(
            404, problem(404))
    other.builder.get(invites(other, made)).must_be(200, made)


def test_member_lists_but_does_not_revoke(new_project):
    ann, made = join(new_project), invite(new_project, someone())
    ann.get(invites(new_project)).must_be(200, containing(made))
    ann.delete(invites(new_project, made)).must_be(403, problem(403))


def test_address_follows_the_builder(new_project):
    """The operator says whose it is: the one who has it now joins."""
    ann, old = Builder(new_project, someone()), someone()
    invite(new_project, ann.address)
    set_builder(new_project.server, ann.id, "--email", old)
    accept(ann, ann.address).must_be(404, problem(404))
