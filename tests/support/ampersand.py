"""Ampersand: its caller, its problems, and what most tests need first."""

from support.forms import (TEXT, TIME_Z, UUID_REGEX, Including, Optional,
                           all_of, containing, list_of, mentioning, pattern)
from support.http import Client
from support.names import unique

PROVIDER = "salesforce"

# The configuration that the page of "List installations" shows.
CONFIG = {
    "provider": "salesforce",
    "read": {
        "objects": {
            "account": {
                "objectName": "account",
                "schedule": "*/15 * * * *",
                "destination": "accountWebhook",
                "selectedFields": {"name": True, "industry": True},
            }
        }
    },
}

MANIFEST = """\
specVersion: 1.0.0
integrations:
  - name: {name}
    displayName: Sync
    provider: {provider}
    read:
      objects:
        - objectName: {object}
          destination: accountWebhook
          schedule: "*/15 * * * *"
          requiredFields:
            - fieldName: name
          optionalFields:
            - fieldName: industry
"""


class Ampersand(Client):
    prefix = "/v1"

    def __init__(self, server, key=None, bearer=None):
        headers = {}
        if key is not None:
            headers["X-Api-Key"] = key
        if bearer is not None:
            headers["Authorization"] = f"Bearer {bearer}"
        super().__init__(server, headers)

    def content_type(self, status):
        return "application/problem+json" if status >= 400 \
            else "application/json"


def problem(status, **known):
    """RFC 9457 as Ampersand has it; `known` are members known by value."""
    return {
        "type": TEXT, "title": TEXT, "status": status, "detail": TEXT,
        "instance": pattern("urn:uuid", "urn:uuid:" + UUID_REGEX),
        "requestId": TEXT, "time": TIME_Z, "subsystem": "api",
        "causes": list_of(TEXT), "remedy": TEXT,
        "retryable": status in (429, 503), **known,
    }


def invalid(status, *names):
    """A problem with an issue for each of these members of the body."""
    issue = {"in": "body", "name": TEXT, "detail": TEXT}
    return problem(status, issues=list_of(Including(issue), at_least=1)
                   if not names else all_of(
                       *(containing(Including(
                           {**issue, "name": mentioning(name)}))
                         for name in names)))


# What a test needs before its own subject; each answer is checked there.

def new_integration(project, provider=PROVIDER, object_name="account"):
    """An integration as `get` shows it."""
    name = unique("sync")
    path = f"/projects/{project.name}/integrations"
    project.ampersand.post(path, {
        "name": name,
        "provider": provider,
        "latestRevision": {
            "specVersion": "1.0.0",
            "content": manifest(name, provider, object_name),
        },
    }).must_be(201)
    return project.ampersand.get(f"{path}/{name}").must_be(200).body


def manifest(name, provider=PROVIDER, object_name="account"):
    """An integration of a manifest, as JSON; MANIFEST is the same in YAML."""
    return {
        "name": name,
        "displayName": "Sync",
        "provider": provider,
        "read": {
            "objects": [{
                "objectName": object_name,
                "destination": "accountWebhook",
                "schedule": "*/15 * * * *",
                "requiredFields": [{"fieldName": "name"}],
                "optionalFields": [{"fieldName": "industry"}],
            }]
        },
    }


def manifest_yaml(name, provider=PROVIDER, object_name="account"):
    return MANIFEST.format(name=name, provider=provider, object=object_name)


def new_connection(project, group=None, provider=PROVIDER):
    """A connection with imported OAuth2 tokens, as `generate` answers it."""
    return project.ampersand.post(
        f"/projects/{project.name}/connections:generate", {
            "provider": provider,
            "groupRef": group or unique("org"),
            "consumerRef": unique("user"),
            "oauth2AuthorizationCode": {
                "accessToken": {"token": "imported-access-token"},
                "refreshToken": {"token": "imported-refresh-token"},
            },
        }).must_be(201).body


def new_installation(project, integration=None, connection=None):
    """An installation as `create` answers it; what it needs is made."""
    integration = integration or new_integration(project)
    connection = connection or new_connection(project)
    return project.ampersand.post(
        installations(project, integration["id"]), {
            "groupRef": connection["group"]["groupRef"],
            "connectionId": connection["id"],
            "config": {"content": CONFIG},
        }).must_be(201).body


def new_provider_app(project, **more):
    return project.ampersand.post(f"/projects/{project.name}/provider-apps", {
        "provider": PROVIDER, "clientId": unique("client"),
        "clientSecret": "app-secret", **more}).must_be(200).body


def new_destination(project, name=None, **metadata):
    return project.ampersand.post(f"/projects/{project.name}/destinations", {
        "name": name or unique("hook"), "type": "webhook",
        "metadata": {"url": "https://example.localhost/hook", **metadata},
    }).must_be(201).body


def new_topic(project, name=None):
    return project.ampersand.post(f"/projects/{project.name}/topics", {
        "name": name or unique("topic")}).must_be(201).body


def new_event_route(project, topic, event_type="connection.error"):
    return project.ampersand.post(
        f"/projects/{project.name}/notification-event-topic-routes",
        {"eventType": event_type, "topicId": topic["id"]}).must_be(201).body


def new_topic_route(project, topic, destination):
    return project.ampersand.post(
        f"/projects/{project.name}/topic-destination-routes",
        {"topicId": topic["id"], "destinationId": destination["id"]}) \
        .must_be(201).body


def installations(project, integration_id):
    return f"/projects/{project.name}/integrations/{integration_id}" \
        "/installations"


def path_of(project, installation):
    return f"{installations(project, installation['integrationId'])}" \
        f"/{installation['id']}"


# The documents of the API.

def group(project, ref, name=None):
    return {"groupRef": ref, "groupName": name or TEXT,
            "projectId": project.id, "createTime": TIME_Z,
            "updateTime": Optional(TIME_Z)}


def consumer(project, ref, name=None):
    return {"consumerRef": ref, "consumerName": name or TEXT,
            "projectId": project.id, "createTime": TIME_Z,
            "updateTime": Optional(TIME_Z)}
