"""Page 003, Ampersand: "List installations for an integration".

    curl --request GET \\
      --url HOST/v1/projects/{projectIdOrName}/integrations/{integrationId}\\
    /installations --header 'X-Api-Key: <api-key>'

Acme Corp's salesforce installation, made through the API, is listed with the
page's values; ids and times are compared by their form."""

from support.ampersand import (installations, manifest, new_installation,
                               new_integration)
from support.curl import curl
from support.forms import UUID, differences, pattern

TIME = pattern("time with microseconds and Z",
               r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")

GROUP = {
    "groupRef": "org_12345",
    "groupName": "Acme Corp",
    "projectId": UUID,
    "createTime": TIME,
}
CONTENT = {
    "provider": "salesforce",
    "read": {
        "objects": {
            "account": {
                "objectName": "account",
                "schedule": "*/15 * * * *",
                "destination": "accountWebhook",
                "selectedFields": {
                    "name": True,
                    "industry": True,
                },
            },
        },
    },
}
PAGE = [
    {
        "id": UUID,
        "projectId": UUID,
        "integrationId": UUID,
        "group": GROUP,
        "healthStatus": "healthy",
        "connection": {
            "id": UUID,
            "projectId": UUID,
            "provider": "salesforce",
            "group": GROUP,
            "consumer": {
                "consumerRef": "user_67890",
                "consumerName": "Jane Smith",
                "projectId": UUID,
                "createTime": TIME,
            },
            "createTime": TIME,
            "authScheme": "oauth2/authorizationCode",
            # "working" on the page, where it has been used with success.
            "status": "created",
        },
        "createTime": TIME,
        "createdBy": "consumer:user_67890",
        "config": {
            "id": UUID,
            "revisionId": UUID,
            "createTime": TIME,
            "createdBy": "consumer:user_67890",
            "content": CONTENT,
        },
    },
]


def test_page_is_replayed(new_project):
    project, caller = new_project, new_project.ampersand
    base = f"/projects/{project.name}"
    caller.post(f"{base}/integrations", {
        "name": "salesforce-sync", "provider": "salesforce",
        "latestRevision": {"specVersion": "1.0.0",
                           "content": manifest("salesforce-sync")},
    }).must_be(201)
    integration = caller.get(f"{base}/integrations/salesforce-sync").body
    caller.post(f"{base}/connections:generate", {
        "provider": "salesforce",
        "groupRef": "org_12345", "groupName": "Acme Corp",
        "consumerRef": "user_67890", "consumerName": "Jane Smith",
        "oauth2AuthorizationCode": {
            "accessToken": {"token": "an-access-token"},
            "refreshToken": {"token": "a-refresh-token"}},
    }).must_be(201)
    caller.post(f"{base}/integrations/{integration['id']}/installations", {
        "groupRef": "org_12345",
        "config": {"createdBy": "consumer:user_67890", "content": CONTENT},
    }).must_be(201)

    status, listed = curl(
        "--request", "GET", "--url",
        f"{project.server.base}/v1/projects/{project.name}/integrations/"
        f"{integration['id']}/installations",
        "--header", f"X-Api-Key: {project.keys['ampersand']['apiKey']}")
    wrong = differences([200, PAGE], [status, listed])
    assert not wrong, "\n".join(wrong)
    [installation] = listed
    ids = {installation["projectId"], installation["connection"]["projectId"],
           installation["group"]["projectId"]}
    assert ids == {project.id}
    assert installation["integrationId"] == integration["id"]
    assert installation["config"]["revisionId"] == \
        integration["latestRevision"]["id"]


def test_page_lists_the_installations_of_one_group(project, ampersand):
    """Its query parameter: only installations belonging to this group."""
    integration = new_integration(project)
    mine, _ = [new_installation(project, integration) for _ in range(2)]
    ampersand.get(installations(project, integration["id"]),
                  {"groupRef": mine["group"]["groupRef"]}) \
        .must_be(200, [mine])
