"""Organizations: create, get, update, builders, memberships, billing; and who
asks."""

import pytest

from support.ampersand import Ampersand, invalid, problem
from support.forms import (TEXT, TIME_Z, UUID, Including, Optional,
                           containing)
from support.names import unique
from support.people import (Builder, address_of, builder, join, org, org_of,
                            set_builder)
from support.upsun import Upsun

UNKNOWN = "00000000-0000-7000-8000-000000000000"


def new_org(caller):
    return caller.post("/orgs", {"label": unique("Org")}).must_be(201).body


def my_id(project):
    return project.builder.get("/my-info").must_be(200).body["builder"]["id"]


def viewer_of(project):
    return Ampersand(project.server, bearer=project.caller(
        "upsun", "viewer").access_token)


def test_builder_of_the_first_project_owns_its_organization(project):
    me = my_id(project)
    one = project.builder.get(f"/projects/{project.name}").body
    info = project.builder.get("/my-info").must_be(200, {
        "builder": builder(id=me, idpRef=me),
        "projectRoles": Including({project.id: {
            "role": "admin", "principalType": "builder", "principalId": me,
            "project": one}}),
        "orgRole": {"role": "owner", "principalType": "builder",
                    "principalId": me, "org": org(id=one["orgId"])},
    }).body
    project.builder.get(f"/orgs/{one['orgId']}").must_be(
        200, info["orgRole"]["org"])
    project.builder.get(f"/orgs/{one['orgId']}/builders").must_be(
        200, containing(info["builder"]))


def test_names_and_address_of_a_builder_are_shown(new_project):
    me = my_id(new_project)
    set_builder(new_project.server, me, "--email", f"{unique('Ann')}@Ex.org",
                "--first-name", "Ann", "--last-name", "Lee")
    shown = new_project.builder.get("/my-info").body["builder"]
    assert (shown["firstName"], shown["lastName"], shown["fullName"]) == \
        ("Ann", "Lee", "Ann Lee")
    assert shown["primaryEmail"] == shown["primaryEmail"].lower()
    new_project.upsun.get("/users/me").must_be(200, Including({
        "id": me, "email": shown["primaryEmail"], "first_name": "Ann",
        "last_name": "Lee"}))
    set_builder(new_project.server, me, "--last-name", "")
    assert new_project.builder.get("/my-info").body["builder"]["fullName"] \
        == "Ann"


def test_viewer_is_told_so(project):
    roles = viewer_of(project).get("/my-info").must_be(200).body[
        "projectRoles"]
    assert roles[project.id]["role"] == "viewer"


def test_created_organization_is_the_builders_own(project):
    label = unique("Acme")
    made = project.builder.post("/orgs", {"label": label}).must_be(
        201, org(label=label)).body
    assert "updateTime" not in made
    project.builder.get(f"/orgs/{made['id']}").must_be(200, made)
    project.builder.get(f"/orgs/{made['id']}/builders").must_be(
        200, [builder(id=my_id(project))])
    name = unique("inside")
    inside = project.builder.post("/projects", {
        "appName": "x", "name": name, "orgId": made["id"]}).must_be(201).body
    assert inside["orgId"] == made["id"]
    project.builder.get(f"/projects/{name}").must_be(200, inside)
    project.builder.get("/projects").must_be(200, containing(inside))
    roles = project.builder.get("/my-info").body["projectRoles"]
    assert {project.id, inside["id"]} <= set(roles)
    project.ampersand.get(f"/projects/{name}").must_be(404, problem(404))


def test_organization_is_renamed(project):
    made = new_org(project.builder)
    label = unique("Better")
    renamed = project.builder.patch(f"/orgs/{made['id']}", {
        "updateMask": ["label"], "org": {"label": label}}).must_be(
            200, {**made, "label": label, "updateTime": TIME_Z}).body
    project.builder.get(f"/orgs/{made['id']}").must_be(200, renamed)


@pytest.mark.parametrize("status, body, name", [
    (400, {}, "org"), (400, {"org": {"label": "x"}}, "updateMask"),
    (400, {"updateMask": [], "org": {"label": "x"}}, "updateMask"),
    (400, {"updateMask": ["id"], "org": {"id": "x"}}, "updateMask"),
    (400, {"updateMask": ["label"], "org": {}}, "label"),
    (400, {"updateMask": ["label"], "org": {"label": 1}}, "label"),
    (422, {"updateMask": ["label"], "org": {"label": ""}}, "label"),
    (422, {"updateMask": ["label"], "org": {"label": "x" * 129}}, "label")])
def test_update_that_does_not_fit_is_refused(project, status, body, name):
    project.builder.patch(f"/orgs/{org_of(project)}", body).must_be(
        status, invalid(status, name))


@pytest.mark.parametrize("status, body", [
    (400, {}), (400, {"label": 1}), (422, {"label": ""}),
    (422, {"label": "x" * 129}), (422, {"label": "a\nb"})])
def test_label_must_be_one(project, status, body):
    project.builder.post("/orgs", body).must_be(
        status, invalid(status, "label"))


def test_organization_of_others_is_unknown(project, other):
    foreign = org_of(other)
    for org_id in foreign, UNKNOWN, "x":
        path = f"/orgs/{org_id}"
        for reply in (
                project.builder.get(path),
                project.builder.patch(path, {"updateMask": ["label"],
                                             "org": {"label": "x"}}),
                project.builder.get(f"{path}/builders"),
                project.builder.get(f"{path}/invites"),
                project.builder.get(f"{path}/claimed-domains"),
                project.builder.get(f"{path}/billingAccount"),
                project.builder.post(f"{path}/invites", {"email": "a@b.cd"}),
                project.builder.post(f"{path}/memberships",
                                     {"builderId": my_id(project)}),
                project.builder.post(
                    f"/billingAccounts/{org_id}/portalSession",
                    {"redirectUrl": "https://example.localhost"})):
            reply.must_be(404, problem(404))
    other.builder.get(f"/orgs/{foreign}").must_be(200)


def test_keys_are_no_builders(project, ampersand):
    org_id = org_of(project)
    for reply in (ampersand.get(f"/orgs/{org_id}"), ampersand.get("/my-info"),
                  ampersand.post("/orgs", {"label": "x"}),
                  ampersand.get("/claimed-domains", {"domain": "a.bc"})):
        reply.must_be(403, problem(403))
    Ampersand(project.server).get("/my-info").must_be(401, problem(401))


def test_viewers_token_changes_nothing(project):
    viewer, org_id = viewer_of(project), org_of(project)
    viewer.get(f"/orgs/{org_id}").must_be(200)
    for reply in (
            viewer.post("/orgs", {"label": "x"}),
            viewer.patch(f"/orgs/{org_id}", {"updateMask": ["label"],
                                             "org": {"label": "x"}}),
            viewer.post(f"/orgs/{org_id}/invites", {"email": "a@b.cd"}),
            viewer.post(f"/orgs/{org_id}/memberships",
                        {"builderId": my_id(project)}),
            viewer.post("/invites:accept", {"invitedEmail": "a@b.cd"}),
            viewer.post("/claimed-domains", {
                "domain": "a.bc", "parentId": org_id, "parentType": "org"})):
        reply.must_be(403, problem(403))


def test_member_sees_and_works_but_manages_nobody(new_project):
    ann, org_id = join(new_project), org_of(new_project)
    me = ann.get("/my-info").must_be(200).body
    assert me["orgRole"]["role"] == "member"
    assert set(me["projectRoles"]) == {new_project.id}
    ann.get(f"/projects/{new_project.name}/installations").must_be(200, [])
    ann.post(f"/projects/{new_project.name}/api-keys", {"label": "hers"}) \
        .must_be(201)
    ann.get(f"/orgs/{org_id}/builders").must_be(200, [
        builder(), builder(id=ann.id, primaryEmail=ann.address)])
    for reply in (
            ann.patch(f"/orgs/{org_id}", {"updateMask": ["label"],
                                          "org": {"label": "x"}}),
            ann.post(f"/orgs/{org_id}/invites", {"email": "a@b.cd"}),
            ann.post(f"/orgs/{org_id}/memberships", {"builderId": ann.id})):
        reply.must_be(403, problem(403))


def test_known_builder_is_added(new_project, other):
    ann, bob = join(new_project), Builder(other, f"{unique('bob')}@b.example")
    second = new_org(new_project.builder)
    path = f"/orgs/{second['id']}"
    ann.get(path).must_be(404, problem(404))
    for _ in range(2):  # who is a member stays one
        new_project.builder.post(f"{path}/memberships",
                                 {"builderId": ann.id}).must_be(201, None)
    ann.get(path).must_be(200, second)
    assert len(ann.get(f"{path}/builders").body) == 2
    for unknown in bob.id, UNKNOWN, "x":
        new_project.builder.post(f"{path}/memberships",
                                 {"builderId": unknown}).must_be(
                                     404, problem(404))
    bob.get(path).must_be(404, problem(404))


def test_builder_of_a_claimed_domain_is_added(new_project, other):
    domain = address_of(new_project,
                        f"me@{unique('acme')}.example").split("@")[1]
    eve = Builder(other, f"eve@{domain}")
    path, org_id = "/memberships", org_of(new_project)
    ask = {"builderId": eve.id}
    new_project.builder.post(f"/orgs/{org_id}{path}", ask).must_be(
        404, problem(404))
    new_project.builder.post("/claimed-domains", {
        "domain": domain, "parentId": org_id, "parentType": "org"}) \
        .must_be(201, None)
    new_project.builder.post(f"/orgs/{org_id}{path}", ask).must_be(201, None)
    eve.get(f"/projects/{new_project.name}").must_be(200)
    eve.get(f"/projects/{other.name}").must_be(404, problem(404))


@pytest.mark.parametrize("status, body", [
    (400, {}), (400, {"builderId": 1}), (422, {"builderId": ""})])
def test_membership_without_a_builder_is_refused(project, status, body):
    project.builder.post(f"/orgs/{org_of(project)}/memberships", body) \
        .must_be(status, invalid(status, "builderId"))


def test_nothing_is_billed(project):
    org_id = org_of(project)
    account = project.builder.get(f"/orgs/{org_id}/billingAccount").must_be(
        200, {"id": org_id, "displayName": "self-hosted",
              "billingProvider": "self-hosted", "billingProviderRef": org_id,
              "createTime": TIME_Z}).body
    path = f"/billingAccounts/{account['id']}/portalSession"
    back = "https://app.example.com/settings?tab=billing"
    project.builder.post(path, {"redirectUrl": back, "timeout": 60}).must_be(
        200, {"url": back})
    for status, body, name in (
            (400, {}, "redirectUrl"), (400, {"redirectUrl": 1}, "redirectUrl"),
            (400, {"redirectUrl": "javascript:alert(1)"}, "redirectUrl"),
            (400, {"redirectUrl": "https:///x"}, "redirectUrl"),
            (400, {"redirectUrl": back, "timeout": "x"}, "timeout"),
            (422, {"redirectUrl": back, "timeout": 0}, "timeout")):
        project.builder.post(path, body).must_be(status,
                                                 invalid(status, name))


def test_token_is_as_good_as_its_builder_in_each_api(new_project, other):
    """Made in a project that its builder is no member of: it opens none."""
    eve = Builder(other, f"{unique('eve')}@example.com")
    assert eve.get("/projects").must_be(200).body == []
    eve.get(f"/projects/{other.name}").must_be(404, problem(404))
    assert Upsun(other.server, eve.token["token"]).get(
        f"/projects/{other.upsun_id}/integrations").status == 404
    info = eve.get("/my-info").must_be(200, {
        "builder": builder(primaryEmail=eve.address), "projectRoles": {}})
    assert info.body["builder"]["id"] == eve.token["builderId"]
    own = new_org(eve)
    eve.post("/projects", {"appName": "x", "name": unique("eves"),
                           "orgId": own["id"]}).must_be(201)
    eve.post("/projects", {"appName": "x", "name": unique("eves"),
                           "orgId": org_of(other)}).must_be(
                               422, invalid(422, "orgId"))
