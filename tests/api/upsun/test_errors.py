"""Errors that no operation owns, in Upsun's form."""

import pytest

from support.forms import OBJECT, TEXT, mentioning
from support.malformed import MALFORMED, TOO_DEEP, TOO_LARGE
from support.upsun import error, new_webhook


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
