"""@amp-labs/react from npm, unmodified, in Debian's Chromium: people connect,
install, update and uninstall on a builder's page, by a key for browsers and by a
customer's token."""

import pytest

from support.customer import Signer
from support.native import items
from support.react import integration
from support.real_provider import Real, register


def of_browsers(project):
    return {"apiKey": project.token("ampersand", "--role",
                                    "frontend")["token"]}


def of_customer(project):
    return {"token": Signer(project).token("acme", "jane")}


BOTH = pytest.mark.parametrize("credentials", [of_browsers, of_customer])


def script(name):
    return pytest.mark.parametrize("page", [name], indirect=True, ids=[name])


@pytest.fixture
def oidc(project):
    """`start(provider)`: npm's oidc-provider as that one; it asks for PKCE
    unless more is said."""
    running = []

    def start(name, *without_pkce):
        made = Real("oidc", "0", f"{project.server.base}/callbacks/v1/oauth",
                    "3600", *without_pkce)
        running.append(made)
        register(project, name, made.url,
                 (made.said["client_id"], made.said["client_secret"]),
                 authUrl="/auth", tokenUrl="/token", issuer="",
                 revocationUrl="/token/revocation")

    yield start
    for one in running:
        one.stop()


def past(project):
    """What happened to the customer's things: of each, the event and what is
    read and written since."""
    for one in items(project, "/events", limit=200):
        if one["type"].split(".")[0] in ("connection", "installation"):
            content = one["payload"].get("config", {})
            yield one["type"], {
                name: list(of["selectedFields"]) for name, of
                in content.get("read", {}).get("objects", {}).items()}, list(
                    content.get("write", {}).get("objects", {}))


FIRST, SECOND, THIRD = ({"contact": []}, []), ({"contact": ["email"]}, []), \
    ({"contact": ["email"], "account": []}, [])
LAST = THIRD[0], ["task"]
WHOLE = [("connection.created", {}, []), ("installation.created", *FIRST),
         ("installation.updated", *SECOND), ("installation.updated", *THIRD),
         ("installation.updated", *LAST), ("installation.deleted", *LAST),
         ("connection.deleted", {}, [])]


@script("install")
@BOTH
def test_person_installs_updates_and_uninstalls(page, project, credentials):
    page.show(project, integration=integration(project, "apollo"),
              **credentials(project))
    assert list(past(project)) == WHOLE


@script("oauth")
@BOTH
def test_person_agrees_in_a_window(page, project, credentials, oidc):
    oidc("pipedrive", "without PKCE")
    page.show(project, integration=integration(project, "pipedrive"),
              **credentials(project))
    assert list(past(project)) == WHOLE


@script("refused")
def test_person_is_told_of_a_refusal(page, project, oidc):
    oidc("pipedrive")
    page.show(project, integration=integration(project, "pipedrive"),
              **of_browsers(project))
    assert not list(past(project))


@script("map")
def test_person_maps_to_a_field_that_was_told(page, project):
    """Without a default nothing can be installed until it is chosen."""
    base = f"/projects/{project.name}"
    project.ampersand.post(f"{base}/connections:generate", {
        "provider": "apollo", "groupRef": "acme", "consumerRef": "jane",
        "apiKey": "a-secret"}).must_be(201)
    project.ampersand.put(f"{base}/providers/apollo/object-metadata", {
        "groupRef": "acme", "fields": {"contact": [{
            "fieldName": "manager", "displayName": "Account manager",
            "valueType": "string"}]}}).must_be(200)
    page.show(project, integration=integration(project, "apollo", prompt="?"),
              **of_customer(project))
    [made] = project.ampersand.get(f"{base}/installations").must_be(200).body
    assert made["config"]["content"]["read"]["objects"]["contact"][
        "selectedFieldMappings"] == {"owner": "manager"}


@script("connect")
@BOTH
def test_person_connects(page, project, credentials, oidc):
    oidc("airtable")
    page.show(project, provider="airtable", **credentials(project))
    assert list(past(project)) == WHOLE[:1]
