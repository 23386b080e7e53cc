"""Projects: list."""

import pytest

from support.apinizer import found
from support.forms import TEXT


@pytest.mark.parametrize("path", ["/projects/", "/projects"])
def test_token_lists_its_project(project, apinizer, path):
    apinizer.get(path).must_be(
        200, found({"name": project.name, "description": TEXT}))


def test_description_is_the_name_in_the_other_apis(project, apinizer):
    app_name = project.ampersand.get(
        f"/projects/{project.name}").body["appName"]
    apinizer.get("/projects/").must_be(
        200, found({"name": project.name, "description": app_name}))


def test_view_token_lists_projects_too(project):
    project.caller("apinizer", "viewer").get("/projects/").must_be(
        200, found({"name": project.name, "description": TEXT}))
