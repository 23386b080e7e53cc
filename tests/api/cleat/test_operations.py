"""Health, metrics and API documents: for whoever runs Cleat; no token."""

import re

import pytest

from support.forms import OBJECT, TEXT, Including
from support.http import Stranger
from support.wait import eventually

METRIC = re.compile(r'[a-zA-Z_:][a-zA-Z0-9_:]*(\{[^{}]*\})? '
                    r'(\S+)')
APIS = ["ampersand", "upsun", "gorules", "apinizer", "workers", "cleat"]


@pytest.fixture(scope="module")
def stranger(server):
    return Stranger(server)


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_server_is_healthy(stranger, path):
    stranger.get(path).must_be(200)


def test_metrics_are_prometheus_text(stranger, project):
    project.ampersand.get(f"/projects/{project.name}").must_be(200)
    reply = stranger.get("/metrics").must_be(200)
    assert reply.headers["Content-Type"].startswith("text/plain")
    for line in reply.text.splitlines():
        assert line.startswith(("# HELP ", "# TYPE ")) \
            or METRIC.fullmatch(line), line
    assert reply.text.endswith("\n")


@pytest.mark.parametrize("wanted", [
    r'requests\w*\{[^}]*ampersand[^}]*\} \d', r'requests\w*\{[^}]*upsun',
    r'requests\w*\{[^}]*gorules', r'requests\w*\{[^}]*apinizer',
    r'requests\w*\{[^}]*"200"', r'requests\w*\{[^}]*"401"',
    r'_bucket\{[^}]*le="\+Inf"', r'(?i)commit', r'(?i)batch',
    r'(?i)queue'])
def test_metrics_tell_of(stranger, project, wanted):
    project.ampersand.get("/projects").must_be(200)
    project.upsun.get("/me").must_be(200)
    project.gorules.get("/projects").must_be(200)
    project.apinizer.get("/projects/").must_be(200)
    stranger.get("/v1/projects").must_be(401)
    assert re.search(wanted, stranger.get("/metrics").text)


def test_requests_are_counted(stranger, project):
    def count():
        """Of all requests, whatever their labels."""
        return sum(float(line.rsplit(" ", 1)[1])
                   for line in stranger.get("/metrics").text.splitlines()
                   if re.match(r"\w*requests_total\b", line)
                   and "ampersand" in line)

    before = count()
    for _ in range(3):
        project.ampersand.get("/projects").must_be(200)
    # an answer is there a moment before it is counted
    eventually(lambda: count() >= before + 3, "three more")
    assert count() == before + 3


def test_metrics_name_no_one(stranger, project):
    """Routes are patterns: no id or name of a project is in a label."""
    project.ampersand.get(f"/projects/{project.id}").must_be(200)
    text = stranger.get("/metrics").text
    assert project.id not in text and project.name not in text


@pytest.mark.parametrize("api", APIS)
def test_document_of_the_api_is_served(stranger, api):
    document = stranger.get(f"/openapi/{api}.json").must_be(200, Including({
        "openapi": TEXT, "info": OBJECT, "paths": OBJECT})).body
    assert document["paths"]


def test_unknown_document_is_404(stranger):
    assert stranger.get("/openapi/weather.json").status == 404
