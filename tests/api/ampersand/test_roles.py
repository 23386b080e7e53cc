"""Who may: a frontend key does what its list says, a viewer reads."""

import pytest

from support.ampersand import (CONFIG, Ampersand, installations, manifest,
                               manifest_yaml, new_connection,
                               new_installation, new_integration, path_of,
                               problem)
from support.names import unique

GENERATE = {"provider": "stripe", "apiKey": "secret",
            "consumerRef": "user_67890"}


@pytest.fixture(scope="module")
def frontend(project):
    key = project.ampersand.post(
        f"/projects/{project.name}/api-keys",
        {"label": "browser", "scopes": ["frontend"]}).must_be(201)
    return Ampersand(project.server, key=key.body["key"])


@pytest.fixture(scope="module")
def viewer(project):
    return project.caller("ampersand", "viewer")


def test_frontend_key_reads_integrations(project, frontend):
    integration = new_integration(project)
    path = f"/projects/{project.name}/integrations"
    frontend.get(path).must_be(200)
    frontend.get(f"{path}/{integration['name']}").must_be(200, integration)


def test_frontend_key_reads_its_project(project, other, frontend):
    """Ampersand's library for React shows what the application is called."""
    path = f"/projects/{project.name}"
    whole = project.ampersand.get(path).must_be(200).body
    frontend.get(path).must_be(200, whole)
    frontend.get(f"/projects/{project.id}", {"includeEntitlements": "true"}) \
        .must_be(200, {**whole, "entitlements": {
            "brandingRemoval": {"value": True}}})
    frontend.get(f"/projects/{other.name}").must_be(404, problem(404))
    frontend.patch(path, {"updateMask": ["appName"],
                          "project": {"appName": "Mine"}}) \
        .must_be(403, problem(403))
    frontend.get("/projects").must_be(403, problem(403))


def test_frontend_key_installs_and_uninstalls(project, frontend):
    integration, org = new_integration(project), unique("org")
    connection = frontend.post(
        f"/projects/{project.name}/connections:generate", {
            "provider": "salesforce", "groupRef": org,
            "consumerRef": "user",
            "oauth2AuthorizationCode": {"accessToken": {"token": "t"}},
        }).must_be(201).body
    made = frontend.post(installations(project, integration["id"]), {
        "groupRef": org, "connectionId": connection["id"],
        "config": {"content": CONFIG}}).must_be(201).body
    frontend.get(path_of(project, made)).must_be(200, made)
    frontend.get(installations(project, integration["id"]),
                 {"groupRef": org}).must_be(200, [made])
    frontend.get(f"/projects/{project.name}/connections",
                 {"groupRef": org}).must_be(200, [connection])
    frontend.delete(path_of(project, made)).must_be(204, None)


def test_cli_makes_frontend_tokens_too(project):
    caller = project.caller("ampersand", "frontend")
    caller.get(f"/projects/{project.name}/integrations").must_be(200)
    refused_to_frontend(project, caller)


def test_frontend_key_does_nothing_else(project, frontend):
    refused_to_frontend(project, frontend)


def refused_to_frontend(project, caller):
    base = f"/projects/{project.name}"
    integration, name = new_integration(project), unique("sync")
    connection = new_connection(project)
    handle = project.ampersand.get(f"{base}/api-keys").body[0]["key"]
    for reply in (
        caller.put(f"{base}/integrations:batch",
                   {"sourceYaml": manifest_yaml(name)}),
        caller.post(f"{base}/integrations", create_integration(name)),
        caller.delete(f"{base}/integrations/{integration['id']}"),
        caller.delete(f"{base}/connections/{connection['id']}"),
        caller.get(f"{base}/connections/{connection['id']}",
                   {"includeCreds": "true"}),
        caller.get(f"{base}/api-keys"),
        caller.post(f"{base}/api-keys", {"label": "x"}),
        caller.get(f"{base}/api-keys/{handle}"),
        caller.delete(f"{base}/api-keys/{handle}"),
    ):
        reply.must_be(403, problem(403))
    project.ampersand.get(f"{base}/integrations/{integration['id']}") \
        .must_be(200, integration)
    project.ampersand.get(f"{base}/connections/{connection['id']}") \
        .must_be(200, connection)


def create_integration(name):
    return {"name": name, "provider": "salesforce",
            "latestRevision": {"specVersion": "1.0.0",
                               "content": manifest(name)}}


def test_viewer_reads(project, viewer):
    made = new_installation(project)
    base = f"/projects/{project.name}"
    for path in (base, f"{base}/integrations", f"{base}/installations",
                 f"{base}/connections", path_of(project, made),
                 f"{base}/integrations/{made['integrationId']}",
                 f"{base}/connections/{made['connection']['id']}"):
        viewer.get(path).must_be(200)


def test_viewer_writes_nothing(project, viewer):
    made, name = new_installation(project), unique("sync")
    base = f"/projects/{project.name}"
    for reply in (
        viewer.put(f"{base}/integrations:batch",
                   {"sourceYaml": manifest_yaml(name)}),
        viewer.post(f"{base}/integrations", create_integration(name)),
        viewer.delete(f"{base}/integrations/{made['integrationId']}"),
        viewer.post(f"{base}/connections:generate",
                    {**GENERATE, "groupRef": unique("org")}),
        viewer.delete(f"{base}/connections/{made['connection']['id']}"),
        viewer.post(installations(project, made["integrationId"]),
                    {"groupRef": "org", "config": {"content": CONFIG}}),
        viewer.delete(path_of(project, made)),
        viewer.post(f"{base}/api-keys", {"label": "x"}),
    ):
        reply.must_be(403, problem(403))
    project.ampersand.get(path_of(project, made)).must_be(200, made)


def test_unknown_thing_is_404_to_a_viewer_too(project, viewer):
    viewer.get(f"/projects/{project.name}/installations/x").must_be(
        404, problem(404))
    viewer.delete("/projects/no-such-project/integrations/x").must_be(
        404, problem(404))
