"""Connections that live by what a customer's key signs: what each provider of
the catalog is told, and a notary that takes it."""

from support.authority import register
from support.names import unique
from support.notary import CLIENT, Notary, in_base64

EMAIL = "sync@acme.iam.gserviceaccount.com"
GOOGLE = "https://www.googleapis.com/auth"
WORKSPACE_SCOPES = f"{GOOGLE}/calendar {GOOGLE}/contacts {GOOGLE}/gmail.modify"


def fact(value):
    return {"value": value, "source": "input"}


def salesforce(notary, workspace="acme", host="login"):
    client = unique("client")
    known = notary.trust(
        client, "RS256", audience=f"https://{host}.salesforce.com",
        subject="jane@acme.example", lifetime_s=180)
    return {"provider": "salesforceJWT", "customAuth": {
        "clientId": client, "username": "jane@acme.example",
        "privateKey": in_base64(known.pem)},
        "providerMetadata": {"workspace": fact(workspace)}}


def netsuite(notary, algorithm="ES256"):
    client = unique("client")
    known = notary.trust(
        client, algorithm, kid="cert-1", grant=CLIENT, lifetime_s=1800,
        scope=["restlets", "rest_webservices"])
    return {"provider": "netsuiteM2M", "customAuth": {
        "clientId": client, "certificateId": "cert-1",
        "privateKey": in_base64(known.pem)},
        "providerMetadata": {"workspace": fact("123-sb1")}}


def bigquery(notary):
    email = unique("sync") + "@acme.example"
    known = notary.trust(email, kid="id-1", scope=f"{GOOGLE}/bigquery")
    return {"provider": "bigquery", "customAuth": {
        "serviceAccountKey": known.service_account(email)},
        "providerMetadata": {"projectId": fact("p"), "dataset": fact("d"),
                             "timestampColumn": fact("t")}}


def delegation(notary, user="jane@acme.example", scope=WORKSPACE_SCOPES):
    email = unique("sync") + "@acme.example"
    known = notary.trust(email, kid="id-1", scope=scope, subject=user)
    return {"provider": "googleWorkspaceDelegation", "customAuth": {
        "serviceAccountKey": known.service_account(email)},
        "providerMetadata": {"userEmail": fact(user)}}


EVERY = {"salesforceJWT": salesforce, "netsuiteM2M": netsuite,
         "bigquery": bigquery, "googleWorkspaceDelegation": delegation}


def at_notary(project, notary, *names, scopes=()):
    """Tokens of these providers come from there."""
    for name in names or EVERY:
        register(project, notary, name, scopes=scopes)


def generate(project, body):
    return project.ampersand.post(
        f"/projects/{project.name}/connections:generate", {
            "groupRef": unique("org"), "consumerRef": unique("user"), **body})


def connect(project, body):
    return project.ampersand.post("/custom-auth/connect", {
        "projectIdOrName": project.name, "groupRef": unique("org"),
        "consumerRef": unique("user"), **body})


__all__ = ["Notary", "at_notary", "bigquery", "connect", "delegation", "fact",
           "generate", "netsuite", "salesforce", "EVERY"]
