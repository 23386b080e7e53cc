"""Page 000, Ampersand: "Delete an installation".

The page has no curl line; it shows `DELETE /projects/{projectIdOrName}
/integrations/{integrationId}/installations/{installationId}` below the server
`.../v1`, the answers 204 and a problem, and promises that the connection goes
too when no other installation uses it."""

import pytest

from support.ampersand import Ampersand, new_installation
from support.forms import (BOOLEAN, STRING, UUID_REGEX, Optional, TEXT,
                           TIME_Z, differences, list_of, pattern)
from support.http import Stranger

NOBODY = "00000000-0000-7000-8000-000000000000"

# The page's "API Problem": each member that it lists, by its type.
URI = pattern("absolute URI", r"[a-z]+:.+")
API_PROBLEM = {
    "type": URI, "href": Optional(URI), "title": TEXT, "status": 404,
    "detail": TEXT, "instance": URI,
    "subsystem": "api", "time": TIME_Z, "requestId": TEXT,
    "causes": list_of(STRING), "remedy": STRING,
    "supportEmail": Optional(STRING), "supportPhone": Optional(STRING),
    "supportUrl": Optional(URI), "retryable": BOOLEAN,
    "retryAfter": Optional(TIME_Z), "context": Optional({}),
}


def path(project, made, handle):
    return f"/v1/projects/{handle}/integrations/{made['integrationId']}" \
        f"/installations/{made['id']}"


@pytest.mark.parametrize("handle", ["id", "name"])
@pytest.mark.parametrize("scheme", ["X-Api-Key", "Bearer"])
def test_page_is_replayed(server, project, handle, scheme):
    made = new_installation(project)
    header = {"X-Api-Key": project.keys["ampersand"]["apiKey"]} \
        if scheme == "X-Api-Key" \
        else {"Authorization": f"Bearer {project.upsun.access_token}"}
    caller = Stranger(server, header)
    address = path(project, made, getattr(project, handle))
    caller.delete(address).must_be(204, None)

    refusal = caller.delete(address)
    assert refusal.headers["Content-Type"] == "application/problem+json"
    refusal.must_be(404, API_PROBLEM)
    assert not differences(pattern("urn:uuid", "urn:uuid:" + UUID_REGEX),
                           refusal.body["instance"])


def test_page_keeps_its_promise_about_the_connection(server, project):
    one = new_installation(project)
    two = new_installation(project, connection=one["connection"])
    caller = Ampersand(server, key=project.keys["ampersand"]["apiKey"])
    connection = f"/projects/{project.name}/connections/" \
        f"{one['connection']['id']}"
    for made, status in (one, 200), (two, 404):
        caller.delete(path(project, made, project.name)
                      .removeprefix("/v1")).must_be(204, None)
        caller.get(connection).must_be(status)
