"""What tests of ending grants need: an app, a connection, and its end."""

from support.names import unique
from support.native import plan, receipt, run
from support.planted import planted_server
from support.provider import CLIENT_ID, CLIENT_SECRET, Provider
from support.server import ALLOWED
from support.wait import eventually

DEADLINE_S = 60


def register(project, base_url, name="box", path="/revoke", **params):
    """The project's app at this provider, which is there."""
    project.ampersand.post(f"/projects/{project.name}/provider-apps", {
        "provider": name, "clientId": CLIENT_ID, "clientSecret": CLIENT_SECRET,
        "metadata": {"providerParams": {
            "revocationUrl": f"{base_url}{path}",
            "tokenUrl": f"{base_url}/token"} | params}}).must_be(200)


def connect(project, refresh, name="box", group=None, access=None, **more):
    """`access` is (token, when it expires); None: some, of unknown age."""
    token, expires_at = access or (unique("access"), None)
    return project.ampersand.post(
        f"/projects/{project.name}/connections:generate", {
            "provider": name, "groupRef": group or unique("org"),
            "consumerRef": unique("user"), "oauth2AuthorizationCode": {
                "accessToken": {"token": token} | (
                    {"expiresAt": expires_at} if expires_at else {}),
                "refreshToken": {"token": refresh}}} | more) \
        .must_be(201).body


def let_go(project, connection, **options):
    return run(project, plan(project, "connection", connection["id"],
                             **options))


def done(project, deletion):
    return eventually(
        lambda: (lambda one: one["state"] == "done" and one)(
            receipt(project, deletion["id"])), "the steps", DEADLINE_S)


def caught_by(plant, faults_of):
    """Whether faults_of(project, provider) finds some with this planted."""
    with Provider() as provider, \
            planted_server(plant, options=ALLOWED) as server:
        return next(faults_of(server.project, provider), None) is not None
