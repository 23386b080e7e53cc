"""The two paths that tell whether the API answers."""

from support.apinizer import UNAUTHORIZED, Apinizer
from support.http import Stranger


def test_healthcheck_needs_no_token(server):
    reply = Stranger(server).get("/apiops/test/healthcheck").must_be(200)
    assert reply.headers["Content-Type"].startswith("text/plain")
    assert reply.text


def test_hello_needs_a_token(server, project):
    Apinizer(server).get("/test/hello/jane").must_be(401, UNAUTHORIZED)
    greeting = Stranger(server, project.apinizer.headers) \
        .get("/apiops/test/hello/jane").must_be(200)
    assert greeting.headers["Content-Type"].startswith("text/plain")
    assert "jane" in greeting.text
