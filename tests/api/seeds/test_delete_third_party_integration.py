"""Page 001, Upsun: "Delete an existing third-party integration".

Its introduction has two curl lines, which are run as they stand there:

    curl -u platform-api-user: \\
        -d 'grant_type=api_token&api_token=API_TOKEN' HOST/oauth2/token
    curl -H "Authorization: Bearer abcdefghij1234567890" HOST/projects

The operation answers an AcceptedResponse, and by the introduction embeds the
object as a subsequent GET would have shown it; `#delete` leads to it."""

from support.curl import curl
from support.forms import (ARRAY, OBJECT, TEXT, Including, Optional,
                           containing, differences)
from support.http import Stranger
from support.upsun import new_webhook


def access_token(server, project):
    status, granted = curl(
        "-u", "platform-api-user:", "-d",
        f"grant_type=api_token&api_token={project.keys['upsun']['apiToken']}",
        f"{server.base}/oauth2/token")
    assert status == 200, granted
    return granted


def test_token_exchange_of_the_page(server, project):
    wrong = differences({
        "access_token": TEXT, "expires_in": 900, "token_type": "bearer",
        "refresh_token": Optional(TEXT)}, access_token(server, project))
    assert not wrong, "\n".join(wrong)


def test_projects_of_the_page(server, project):
    token = access_token(server, project)["access_token"]
    status, listed = curl("-H", f"Authorization: Bearer {token}",
                          f"{server.base}/projects")
    assert status == 200, listed
    assert not differences(
        containing(Including({"id": project.upsun_id})), listed)


def test_page_is_replayed(server, project):
    token = access_token(server, project)["access_token"]
    caller = Stranger(server, {"Authorization": f"Bearer {token}"})
    made = new_webhook(project)
    address = f"/projects/{project.upsun_id}/integrations/{made['id']}"
    seen = caller.get(address).must_be(200).body
    deleted = caller.delete(address).must_be(200, {
        "status": "OK", "code": 200,
        "_embedded": {"entity": seen, "activities": ARRAY},
        "_links": OBJECT})
    assert deleted.headers["Content-Type"] == "application/json"
    caller.get(address).must_be(404)


def test_link_of_the_page_deletes(server, project):
    """"Send a DELETE request to the endpoint with no body"."""
    made = new_webhook(project)
    link = made["_links"]["#delete"]["href"]
    assert link == f"/api/projects/{project.upsun_id}/integrations/" \
        f"{made['id']}"
    project.upsun.delete(link).must_be(200)
    project.upsun.get(link).must_be(404)


def test_self_link_of_the_page_is_fully_qualified(server, project):
    made = new_webhook(project)
    href = made["_links"]["self"]["href"]
    assert href.startswith(f"{server.base}/")
    project.upsun.get(href.removeprefix(server.base)).must_be(200, made)
