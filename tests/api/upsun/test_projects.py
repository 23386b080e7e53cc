"""Projects and the caller."""

import pytest

from support.forms import (ID13, OBJECT, STRING, TEXT, TIME, UUID, Including,
                           containing, nullable)
from support.upsun import error, links


def document(project):
    """The members that the API's schema requires, and HAL's links."""
    path = f"/api/projects/{project.upsun_id}"
    return Including({
        "id": project.upsun_id, "created_at": TIME,
        "updated_at": nullable(TIME), "attributes": OBJECT, "title": TEXT,
        "description": STRING, "owner": STRING,
        "namespace": nullable(STRING), "organization": nullable(STRING),
        "default_branch": nullable(STRING),
        "status": Including({"code": STRING, "message": STRING}),
        "timezone": STRING, "region": STRING,
        "repository": Including({"url": STRING,
                                 "client_ssh_key": nullable(STRING)}),
        "default_domain": nullable(STRING), "subscription": OBJECT,
        "maintenance": nullable(OBJECT),
        "_links": Including(links(project.server, path, "integrations")),
    })


@pytest.mark.parametrize("root", ["", "/api"])
def test_project_is_found_by_its_id(project, upsun, root):
    assert ID13.fits(project.upsun_id)
    upsun.get(f"{root}/projects/{project.upsun_id}").must_be(
        200, document(project))


def test_title_is_the_name_in_the_other_apis(project, upsun, ampersand):
    app_name = ampersand.get(f"/projects/{project.name}").body["appName"]
    upsun.get(f"/projects/{project.upsun_id}").must_be(
        200, Including({"title": app_name}))


def test_builder_lists_the_projects_of_the_organization(
        project, other, upsun):
    reply = upsun.get("/projects").must_be(
        200, containing(document(project)))
    assert other.upsun_id not in reply.text


@pytest.mark.parametrize("root", ["", "/api"])
def test_unknown_project_is_404(project, other, upsun, root):
    for handle in "aaaaaaaaaaaaa", other.upsun_id, "x":
        for rest in "", "/integrations", "/activities":
            upsun.get(f"{root}/projects/{handle}{rest}").must_be(
                404, error(404, "Not Found"))


def test_caller_is_described(project, upsun):
    upsun.get("/me").must_be(200, Including({
        "id": UUID, "projects": containing(
            Including({"id": project.upsun_id}))}))
    upsun.get("/users/me").must_be(200, Including({"id": UUID}))


def test_caller_sees_projects_of_the_organization_alone(other, upsun):
    assert other.upsun_id not in upsun.get("/me").must_be(200).text
