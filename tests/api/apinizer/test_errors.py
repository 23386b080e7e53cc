"""Errors that no operation owns, in both generations of Apinizer's form."""

import pytest

from support.apinizer import connection, failure, new_connection
from support.forms import TEXT, mentioning
from support.malformed import MALFORMED, TOO_DEEP, TOO_LARGE
from support.names import unique


def test_unknown_path_is_404(project, apinizer):
    for path in "/weather/", f"/projects/{project.name}/weather/":
        apinizer.get(path).must_be(404, failure("not_found"))


def test_wrong_method_is_405_with_the_right_ones(project, apinizer):
    apinizer.patch(connection(project, new_connection(project)), {}).must_be(
        405, failure(TEXT), headers={
            "Allow": mentioning("GET", "POST", "PUT", "DELETE")})
    apinizer.delete(connection(project)).must_be(
        405, failure(TEXT), headers={"Allow": mentioning("GET")})
    apinizer.post("/projects/", {}).must_be(
        405, failure(TEXT), headers={"Allow": mentioning("GET")})


@pytest.mark.parametrize("name", MALFORMED)
def test_malformed_body_is_refused(project, apinizer, name):
    apinizer.post(connection(project, unique("made")), MALFORMED[name]) \
        .must_be(400, failure("bad_request"))
    apinizer.put(connection(project, new_connection(project)),
                 MALFORMED[name]).must_be(400, failure("bad_request"))


def test_body_too_deep_is_refused(project, apinizer):
    apinizer.post(connection(project, unique("made")), TOO_DEEP).must_be(
        400, failure("bad_request"))


def test_body_over_a_mebibyte_is_refused(project, apinizer):
    apinizer.post(connection(project, unique("made")), TOO_LARGE).must_be(
        413, failure(TEXT))
