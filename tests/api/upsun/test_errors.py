"""Errors that no operation owns, in Upsun's form."""

import pytest

from support.forms import OBJECT, TEXT, mentioning
from support.malformed import MALFORMED, TOO_DEEP, TOO_LARGE
from support.upsun import Anonymous, error, new_webhook


def integrations(project):
    return f"/projects/{project.upsun_id}/integrations"


@pytest.mark.parametrize("root", ["", "/api"])
def test_unknown_path_is_404(project, upsun, root):
    upsun.get(f"{root}/projects/{project.upsun_id}/weather").must_be(
        404, error(404, "Not Found"))


@pytest.mark.parametrize("root", ["", "/api"])
def test_wrong_method_is_405_with_the_right_ones(project, upsun, root):
    path = root + integrations(project)
    upsun.put(path, {}).must_be(
        405, error(405, "Method Not Allowed"),
        headers={"Allow": mentioning("GET", "POST")})
    upsun.post(f"{path}/{new_webhook(project)['id']}", {}).must_be(
        405, error(405, "Method Not Allowed"),
        headers={"Allow": mentioning("GET", "PATCH", "DELETE")})


@pytest.mark.parametrize("name", MALFORMED)
def test_malformed_body_is_refused(project, upsun, name):
    upsun.post(integrations(project), MALFORMED[name]).must_be(
        400, error(400, "Bad Request"))
    path = f"{integrations(project)}/{new_webhook(project)['id']}"
    upsun.patch(path, MALFORMED[name]).must_be(
        400, error(400, "Bad Request"))


def test_body_too_deep_is_refused(project, upsun):
    upsun.post(integrations(project), TOO_DEEP).must_be(
        400, error(400, "Bad Request"))


def test_body_over_a_mebibyte_is_refused(project, upsun):
    upsun.post(integrations(project), TOO_LARGE).must_be(
        413, {"status": "error", "message": TEXT, "code": 413,
              "detail": OBJECT})


def detail(answer, status):
    return answer.must_be(status).body["detail"]


def test_detail_says_what_is_to_blame(project, upsun):
    viewer = project.caller("upsun", "viewer")
    path = integrations(project)
    assert set(detail(viewer.post(path, {}), 403)) == {"access"}
    assert "aaaaaaaaaaaaa" in detail(upsun.get(f"{path}/aaaaaaaaaaaaa"),
                                     404)["path"]
    assert set(detail(upsun.post(path, TOO_LARGE), 413)) == {"body"}


def test_nothing_is_said_of_others_projects(project, upsun, other):
    """As of one that never was, but for its id."""
    said = [detail(upsun.get(f"/projects/{handle}/integrations"), 404)
            for handle in (other.upsun_id, "aaaaaaaaaaaaa")]
    assert said[0]["path"].replace(other.upsun_id, "X") == \
        said[1]["path"].replace("aaaaaaaaaaaaa", "X")


@pytest.mark.parametrize("tail, part, words", [
    ("?" + "&".join(["a=1"] * 33), "query", "more than 32"),
    ("?a=%c3", "query", "decoded"), ("/%c0%af", "path", "decoded")])
def test_url_that_is_not_taken_is_told_by_its_part(project, upsun, tail, part,
                                                   words):
    assert words in detail(upsun.get(integrations(project) + tail),
                           400)[part]


@pytest.mark.parametrize("path, api", [
    ("/api/projects", "gorules"), ("/api/projects/", "gorules"),
    ("/api/nope", "gorules"), ("/api/projects/aaaaaaaaaaaaa/x", "upsun"),
    ("/projects", "upsun")])
def test_error_has_the_form_of_the_api_whose_path_it_is(upsun, path, api):
    for method in ("PUT", "PATCH", "DELETE"):
        body = upsun.send(method, path).body
        assert ("statusCode" if api == "gorules" else "code") in body


OAUTH = {"error": "invalid_request", "error_description": TEXT}


def test_errors_of_oauth_have_its_form(server):
    ask = Anonymous(server)
    for path in ("/oauth2/token", "/oauth2/revoke"):
        ask.put(path, {}).must_be(405, OAUTH)
        ask.post(path, TOO_LARGE).must_be(413, OAUTH)
        ask.post(f"{path}?a=%", {}).must_be(400, OAUTH)
        ask.post(f"{path}?{'a' * 9000}", {}).must_be(414, OAUTH)
        ask.post(path, {}, headers={"X-Long": "a" * 40000}).must_be(431, OAUTH)


def test_null_is_as_if_it_was_not_said(project, server):
    token = project.keys["upsun"]["apiToken"]
    Anonymous(server).post("/oauth2/token", {
        "grant_type": "api_token", "api_token": token,
        "client_secret": None}).must_be(200)
