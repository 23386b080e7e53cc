"""Builders and their organizations: who is invited, added, and shown how."""

from support import cli
from support.ampersand import Ampersand
from support.forms import TEXT, TIME_Z, UUID, Optional
from support.names import unique
from support.upsun import Upsun


def set_builder(server, handle, *options):
    """As `cleat builder set` answers."""
    return cli.cleat("builder", "set", "--store", server.store.url,
                     *options, handle)


def remove_builder(server, handle, *options):
    """The finished process."""
    return cli.run("builder", "remove", "--store", server.store.url,
                   *options, handle)


def address_of(project, address=None):
    """The builder's of this project; `address` when there is none yet."""
    me = project.builder.get("/my-info").must_be(200).body["builder"]
    if "primaryEmail" not in me:
        me["primaryEmail"] = address or f"{unique('owner')}@example.com"
        set_builder(project.server, me["id"], "--email", me["primaryEmail"])
    return me["primaryEmail"]


def known(project, address):
    """A builder of this address, who is nowhere a member."""
    return set_builder(project.server, address)


class Builder(Ampersand):
    """Somebody whom an operator gave a token that lies in `project`."""

    def __init__(self, project, address, *options):
        self.address = address
        self.token = project.token("upsun", "--builder", address, *options)
        self.upsun = Upsun(project.server, self.token["token"])
        super().__init__(project.server, bearer=self.upsun.access_token)

    @property
    def id(self):
        return self.get("/my-info").must_be(200).body["builder"]["id"]


def org_of(project):
    """The id of the organization that has the project."""
    return project.ampersand.get(f"/projects/{project.name}") \
        .must_be(200).body["orgId"]


def invite(project, address):
    return project.builder.post(f"/orgs/{org_of(project)}/invites",
                                {"email": address}).must_be(201).body


def join(project, address=None, *options):
    """A second builder of the project's organization."""
    one = Builder(project, address or f"{unique('ann')}@example.com",
                  *options)
    invite(project, one.address)
    one.post("/invites:accept", {"invitedEmail": one.address}).must_be(200)
    return one


def invite_by_others(project, address):
    """Into an organization that has nothing else."""
    server = project.server
    if not hasattr(server, "host"):
        name = unique("host")
        server.host = server.create_project(name, name).builder
    org = server.host.post("/orgs", {"label": "Others"}).must_be(201).body
    server.host.post(f"/orgs/{org['id']}/invites", {"email": address}) \
        .must_be(201)
    return org


# The documents of the API.

def org(**known):
    return {"id": UUID, "label": TEXT, "defaultTeamId": UUID,
            "createTime": TIME_Z, "updateTime": Optional(TIME_Z), **known}


def builder(**known):
    return {"id": UUID, "idpProvider": "cleat", "idpRef": UUID,
            "createTime": TIME_Z, "firstName": Optional(TEXT),
            "lastName": Optional(TEXT), "fullName": Optional(TEXT),
            "primaryEmail": Optional(TEXT), **known}


def invitation(org_id, address, status="pending", **known):
    return {"id": UUID, "invitedEmail": address, "parentType": "org",
            "parentId": org_id, "status": status, "createTime": TIME_Z,
            "updateTime": Optional(TIME_Z), **known}
