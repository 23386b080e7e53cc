"""What holds for a request to any of the APIs."""

import socket
from urllib.parse import urlsplit

import pytest

from support.ampersand import invalid, problem
from support.apinizer import failure
from support.forms import TEXT, either
from support.gorules import error as gorules_error
from support.http import TIMEOUT_S, Stranger
from support.upsun import error as upsun_error
from support.wait import eventually

ID13 = "aaaaaaaaaaaaa"
UUID = "00000000-0000-7000-8000-000000000000"
LINE = 8 << 10
HEADERS = 32 << 10


@pytest.fixture(scope="module")
def stranger(server):
    return Stranger(server)


@pytest.mark.parametrize("path", [
    "/", "/healthz", "/metrics", "/v1/providers", "/v1/projects",
    "/me", "/api/projects", "/apiops/projects/", "/no/such/path",
    "/openapi/ampersand.json"])
def test_every_answer_has_a_request_id(stranger, path):
    reply = stranger.get(path)
    reply.must_be(reply.status)
    assert reply.headers["X-Request-Id"] != \
        stranger.get(path).headers["X-Request-Id"]


def test_request_id_is_in_the_log(server, stranger):
    request_id = stranger.get("/v1/projects").headers["X-Request-Id"]
    eventually(lambda: any(line.get("request_id") == request_id
                           for line in server.log()), "a line in the log")


@pytest.mark.parametrize("path, form", [
    ("/v1/projects/x", problem(401)),
    (f"/projects/{ID13}", {"error": TEXT, "error_description": TEXT}),
    (f"/api/projects/{ID13}/integrations",
     {"error": TEXT, "error_description": TEXT}),
    ("/api/projects/my-project/integrations",
     {"error": TEXT, "error_description": TEXT}),
    (f"/api/projects/{UUID}/integrations", gorules_error(401)),
    ("/api/projects", gorules_error(401)),
    ("/apiops/projects/", failure("unauthorized_client", "Invalid token")),
])
def test_path_decides_whose_form_a_refusal_has(stranger, path, form):
    stranger.get(path).must_be(401, form)


def test_root_paths_are_upsuns(project):
    project.upsun.get("/api/no-such-thing").must_be(
        404, either(upsun_error(404, "Not Found"), gorules_error(404)))
    project.upsun.get("/projects").must_be(200)


def test_long_request_line_is_414(stranger):
    for path in "/v1/", "/projects/", "/api/projects/", "/apiops/", "/":
        reply = stranger.get(path + "x" * LINE)
        assert reply.status == 414, reply


def test_request_line_below_the_limit_is_read(stranger):
    stranger.get("/v1/projects/" + "x" * (LINE - 100)).must_be(401)


def test_large_headers_are_431(stranger):
    for path in "/v1/projects", "/me", "/api/projects", "/apiops/projects":
        reply = stranger.get(path, headers={"X-Large": "x" * HEADERS})
        assert reply.status == 431, reply


def test_many_headers_are_431(stranger):
    many = {f"X-{number}": "x" for number in range(101)}
    for path in "/v1/projects", "/me", "/api/projects", "/apiops/projects":
        reply = stranger.get(path, headers=many)
        assert reply.status == 431, reply


def test_largest_body_is_taken(project):
    """One of 1 MiB to the byte is read; one byte more is not."""
    path = f"/projects/{project.name}/api-keys"
    head, tail = b'{"label": 1, "x": "', b'"}'
    body = head + b"x" * ((1 << 20) - len(head) - len(tail)) + tail
    project.ampersand.post(path, body).must_be(400, invalid(400, "label"))
    project.ampersand.post(path, body + b" ").must_be(413, problem(413))


def test_refusal_of_a_large_body_reaches_its_sender(server, project):
    """No reset connection while the body is still on its way."""
    body = b"x" * (4 << 20)
    address = urlsplit(server.base)
    with socket.create_connection((address.hostname, address.port)) as peer:
        peer.settimeout(TIMEOUT_S)
        peer.sendall(
            f"POST /v1/projects/{project.name}/api-keys HTTP/1.1\r\n"
            f"Host: {address.netloc}\r\nContent-Length: {len(body)}\r\n"
            f"X-Api-Key: {project.keys['ampersand']['apiKey']}\r\n\r\n"
            .encode() + body)
        assert peer.recv(4096).startswith(b"HTTP/1.1 413 ")


def test_deepest_body_is_taken(project):
    """64 levels are read; 65 are not."""
    def nested(levels):
        return b'{"label": 1, "x":' + b"[" * (levels - 1) \
            + b"]" * (levels - 1) + b"}"

    path = f"/projects/{project.name}/api-keys"
    read = project.ampersand.post(path, nested(64)).must_be(400).body
    assert any("label" in issue["name"] for issue in read["issues"])
    unread = project.ampersand.post(path, nested(65)).must_be(400).body
    assert not any("label" in issue.get("name", "")
                   for issue in unread.get("issues", []))


def test_head_is_get_without_a_body(server, project):
    path = f"/projects/{project.name}"
    full = project.ampersand.get(path).must_be(200)
    head = project.ampersand.send("HEAD", path)
    assert head.status in (200, 405), head
    if head.status == 200:
        assert not head.content
        assert head.headers["Content-Type"] == full.headers["Content-Type"]
