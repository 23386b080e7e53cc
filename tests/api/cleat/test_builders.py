"""Builders on the command line: list, set, remove; and that nobody's token
outlives what it may see."""

import pytest

from support import cli
from support.ampersand import problem
from support.names import unique
from support.people import (Builder, invite, join, org_of, remove_builder,
                            set_builder)
from support.upsun import Anonymous, Upsun, basic


def builders(server):
    return {one["id"]: one for one in
            cli.cleat("builder", "list", "--store", server.store.url)}


def exchange(project, api_token):
    return Anonymous(project.server).post(
        "/oauth2/token", headers=basic("platform-api-user"),
        form={"grant_type": "api_token", "api_token": api_token})


def organization_name(project):
    return project.name  # new_project's is called so


def tokens(project):
    return cli.cleat("token", "list", "--store", project.server.store.url,
                     "--project", project.name)


def events(project, kind):
    page = project.native.get(f"/projects/{project.name}/events",
                              {"type": kind}).must_be(200).body
    return page["items"]


def test_builder_is_listed_with_organizations(new_project):
    ann = join(new_project)
    assert builders(new_project.server)[ann.id] == {
        "id": ann.id, "email": ann.address,
        "organizations": [{"id": org_of(new_project), "role": "member",
                           "name": organization_name(new_project)}],
        "createdAt": builders(new_project.server)[ann.id]["createdAt"]}


def test_token_is_listed_with_its_builder(new_project):
    ann = Builder(new_project, f"{unique('ann')}@example.com")
    shown = {one["id"]: one for one in tokens(new_project)}
    assert shown[ann.token["id"]]["builderId"] == ann.id
    owner = new_project.builder.get("/my-info").body["builder"]["id"]
    for one in tokens(new_project):
        assert ("builderId" in one) == (one["api"] == "upsun")
        assert one.get("builderId") in (None, ann.id, owner)


def test_set_makes_and_changes_a_builder(server):
    address = f"{unique('ann')}@example.com"
    made = set_builder(server, address.upper(), "--first-name", "Ann")
    assert (made["email"], made["firstName"], made["organizations"]) == \
        (address, "Ann", [])
    moved = set_builder(server, made["id"], "--email", f"x{address}",
                        "--first-name", "", "--last-name", "Lee")
    assert moved == {"id": made["id"], "email": f"x{address}",
                     "lastName": "Lee", "organizations": [],
                     "createdAt": made["createdAt"]}
    assert set_builder(server, f"x{address}") == moved


@pytest.mark.parametrize("words, status", [
    (["nonsense"], 1), (["00000000-0000-7000-8000-000000000000"], 1),
    (["ann@example.org", "--email", "x"], 1),
    (["ann@example.org", "--role", "owner"], 2),
    (["ann@example.org", "--organization", "other"], 2),
    (["ann@example.org", "--organization", "other", "--role", "x"], 2),
    (["ann@example.org", "--organization", "nobody", "--role", "owner"], 1),
    (["ann@example.org", "--first-name", "x" * 129], 2)])
def test_words_that_do_not_fit_are_refused(server, words, status):
    done = cli.run("builder", "set", "--store", server.store.url, *words)
    assert done.returncode == status, done
    assert done.stderr.count("\n") == 1


def test_address_is_one_builders(server):
    first, second = (set_builder(server, f"{unique('ann')}@example.com")
                     for _ in range(2))
    done = cli.run("builder", "set", "--store", server.store.url,
                   second["id"], "--email", first["email"].upper())
    assert done.returncode == 1 and first["email"] in done.stderr


def test_builder_goes_with_upsun_alone(new_project):
    done = cli.run("token", "create", "--store", new_project.server.store.url,
                   "--project", new_project.name, "--api", "gorules",
                   "--builder", "ann@example.com")
    assert done.returncode == 2 and "--api upsun" in done.stderr


def test_ownership_is_handed_over(new_project):
    name, ann = organization_name(new_project), join(new_project)
    owner = new_project.builder.get("/my-info").body["builder"]["id"]
    words = ["builder", "set", "--store", new_project.server.store.url,
             "--organization", name, "--role"]
    refused = cli.run(*words, "member", owner)
    assert refused.returncode == 1 and "owner" in refused.stderr
    refused = remove_builder(new_project.server, owner, "--organization", name)
    assert refused.returncode == 1 and "owner" in refused.stderr
    cli.cleat(*words, "owner", ann.id)
    cli.cleat(*words, "member", owner)
    assert ann.get("/my-info").body["orgRole"]["role"] == "owner"
    new_project.builder.post(f"/orgs/{org_of(new_project)}/invites",
                             {"email": "a@b.cd"}).must_be(403)
    ann.post(f"/orgs/{org_of(new_project)}/invites",
             {"email": f"{unique('bob')}@example.com"}).must_be(201)
    # what is made without a name is the owner's from now on
    assert new_project.token("upsun")["builderId"] == ann.id


def test_who_leaves_keeps_no_token(new_project):
    project, ann = new_project, join(new_project)
    second = Builder(project, ann.address)
    waiting = invite(project, f"{unique('bob')}@example.com")
    ann.get(f"/projects/{project.name}").must_be(200)
    assert remove_builder(project.server, ann.address, "--organization",
                          organization_name(project)).returncode == 0
    for one in ann, second:
        one.get(f"/projects/{project.name}").must_be(401, problem(401))
        one.get("/my-info").must_be(401, problem(401))
        assert one.upsun.get(f"/projects/{project.upsun_id}/integrations") \
            .status == 401
        exchange(project, one.token["token"]).must_be(400)
    assert {one["id"] for one in tokens(project)} \
        .isdisjoint({ann.token["id"], second.token["id"]})
    assert ann.address not in project.builder.get(
        f"/orgs/{org_of(project)}/builders").must_be(200).text
    project.builder.get(f"/orgs/{org_of(project)}/invites/{waiting['id']}") \
        .must_be(200, waiting)
    assert len(events(project, "token.deleted")) == 2
    assert len(events(project, "member.removed")) == 1


def test_token_that_lies_elsewhere_sees_nothing_more(new_project, other):
    """Ann is in both; her token lies in a project of the one she stays in."""
    ann = join(new_project)
    elsewhere = Builder(other, ann.address)
    elsewhere.get(f"/projects/{new_project.name}").must_be(200)
    invite(other, ann.address)
    elsewhere.post("/invites:accept", {"invitedEmail": ann.address}) \
        .must_be(200)
    invited_again = new_project.builder.post(
        f"/orgs/{org_of(new_project)}/invites", {"email": ann.address})
    invited_again.must_be(409)
    assert remove_builder(new_project.server, ann.address, "--organization",
                          organization_name(new_project)).returncode == 0
    elsewhere.get(f"/projects/{other.name}").must_be(200)
    for path in (f"/projects/{new_project.name}",
                 f"/orgs/{org_of(new_project)}"):
        elsewhere.get(path).must_be(404, problem(404))
    assert Upsun(other.server, elsewhere.token["token"]).get(
        f"/projects/{new_project.upsun_id}/integrations").status == 404
    ann.get("/my-info").must_be(401, problem(401))
    assert set(elsewhere.get("/my-info").body["projectRoles"]).isdisjoint(
        {new_project.id})
    elsewhere.post("/invites:accept", {"invitedEmail": ann.address}) \
        .must_be(404)


def test_invitation_of_who_leaves_is_revoked(new_project):
    ann, org_id = join(new_project), org_of(new_project)
    set_builder(new_project.server, ann.id, "--email",
                f"new-{ann.address}")
    made = invite(new_project, ann.address)  # of the old address
    set_builder(new_project.server, ann.id, "--email", ann.address)
    remove_builder(new_project.server, ann.id, "--organization",
                   organization_name(new_project)).check_returncode()
    shown = new_project.builder.get(f"/orgs/{org_id}/invites/{made['id']}")
    assert shown.must_be(200).body["status"] == "revoked"


def test_removed_builder_is_forgotten(new_project, other):
    ann, project = join(new_project), new_project
    stray = Builder(other, ann.address)
    assert remove_builder(project.server, ann.address).returncode == 0
    for one in ann, stray:
        one.get("/my-info").must_be(401, problem(401))
    assert ann.token["builderId"] not in builders(project.server)
    again = remove_builder(project.server, ann.address)
    assert again.returncode == 1 and "no builder" in again.stderr


def test_only_member_is_not_left_out(new_project, other):
    ann = join(new_project)
    left = remove_builder(new_project.server, ann.id, "--organization",
                          "other")
    assert left.returncode == 1 and "no member" in left.stderr
    ann.get("/my-info").must_be(200)


def test_deleted_project_takes_the_tokens_that_lie_in_it(new_project):
    ann = join(new_project)
    org_id = org_of(new_project)
    second = new_project.builder.post("/projects", {
        "appName": "x", "name": unique("second"), "orgId": org_id}) \
        .must_be(201).body
    ann.get(f"/projects/{second['name']}").must_be(200)
    answer = new_project.ampersand.delete(f"/projects/{new_project.name}") \
        .must_be(204, None)
    assert answer.headers["Cleat-Deletion"]
    for one in ann, new_project.builder, new_project.ampersand:
        one.get("/projects").must_be(401, problem(401))
    exchange(new_project, ann.token["token"]).must_be(400)
