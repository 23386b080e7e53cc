"""Page 004, Apinizer: "Delete Connection".

    curl -X DELETE \\
      "HOST/apiops/projects/MyProject/connections/my-email-connection/" \\
      -H "Authorization: Bearer YOUR_TOKEN"

200 is {"success": true, "deploymentResult": {"success": true}}; the errors
are those that the page shows, word for word. Each answer has the other
generation's members beside the page's."""

import pytest

from support.curl import curl
from support.forms import Including, differences


@pytest.fixture
def my_project(server_factory):
    """The page's own project and connection; its names are the test's."""
    project = server_factory().create_project("MyProject", "acme")
    path = f"/projects/{project.name}/connections/my-email-connection/"
    project.apinizer.post(path, {
        "type": "email", "host": "smtp.example.com"}).must_be(200)
    return project


def delete(address, token):
    return curl("-X", "DELETE", address,
                "-H", f"Authorization: Bearer {token}")


def must_answer(answer, status, document):
    wrong = differences([status, Including(document)], list(answer))
    assert not wrong, "\n".join(wrong)


def test_page_is_replayed(my_project):
    token = my_project.keys["apinizer"]["token"]
    base = my_project.server.base
    address = f"{base}/apiops/projects/MyProject/connections" \
        "/my-email-connection/"

    must_answer(delete(address, "wrong"), 401, {
        "error": "unauthorized_client",
        "error_description": "Invalid token"})
    must_answer(delete(address, token), 200, {
        "success": True,
        "deploymentResult": Including({"success": True})})
    must_answer(delete(address, token), 400, {
        "error": "bad_request",
        "error_description":
            "Connection (name: my-email-connection) was not found!"})
    stranger = my_project.server.project.keys["apinizer"]["token"]
    must_answer(delete(address, stranger), 404, {
        "error": "not_found",
        "error_description": "Project 'MyProject' not found"})


def test_notes_of_the_page_hold(my_project):
    """Permanent, and the name is case-insensitive."""
    address = f"{my_project.server.base}/apiops/projects/MyProject" \
        "/connections/My-EMAIL-Connection/"
    must_answer(delete(address, my_project.keys["apinizer"]["token"]), 200,
                {"success": True})
    my_project.apinizer.get(
        "/projects/MyProject/connections/my-email-connection/").must_be(400)
