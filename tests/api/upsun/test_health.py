"""Warnings: raised, changed, cleared, listed."""

import pytest

from support.forms import TIME
from support.listening import warn
from support.upsun import error


def warning(**fields):
    return {"name": "disk", "state": "raised", "severity": "warning",
            "title": "disk", "message": "", "environment": None,
            "raised_at": TIME, "updated_at": TIME, "cleared_at": None,
            **fields}


def health(project, root=""):
    return f"{root}/projects/{project.upsun_id}/health"


@pytest.mark.parametrize("root", ["", "/api"])
def test_warning_is_raised_and_cleared(new_project, root):
    whole = {"severity": "critical", "title": "Full", "message": "98 %\n",
             "environment": "main"}
    path = health(new_project, root)
    new_project.upsun.post(path, {"name": "disk", "state": "raised", **whole}) \
        .must_be(200, warning(**whole))
    new_project.upsun.get(path).must_be(200, [warning(**whole)])
    new_project.upsun.post(path, {"name": "disk", "state": "cleared"}) \
        .must_be(200, warning(**whole, state="cleared", cleared_at=TIME))
    new_project.upsun.get(path).must_be(200, [])


def test_warning_that_is_raised_again_is_changed(new_project):
    first = warn(new_project, title="A").must_be(200).body
    again = warn(new_project, title="B", severity="error").must_be(200).body
    assert again["raised_at"] == first["raised_at"]
    assert (again["title"], again["severity"]) == ("B", "error")
    assert len(new_project.upsun.get(health(new_project)).body) == 1


def test_defaults_are_the_name_and_a_warning(new_project):
    warn(new_project).must_be(200, warning())


def test_what_is_not_raised_can_not_be_cleared(new_project):
    warn(new_project, state="cleared").must_be(404, error(404, "Not Found"))


@pytest.mark.parametrize("fields, field", [
    ({"name": ""}, "name"), ({"name": "x" * 129}, "name"),
    ({"name": "a\nb"}, "name"), ({"name": 1}, "name"),
    ({"state": "open"}, "state"), ({"state": None}, "state"),
    ({"severity": "fatal"}, "severity"), ({"title": "a\r\nb"}, "title"),
    ({"title": ""}, "title"), ({"message": "x" * 8193}, "message"),
    ({"environment": "a\tb"}, "environment"), ({"colour": "red"}, "colour")])
def test_what_does_not_fit_is_refused_by_its_name(project, upsun, fields,
                                                  field):
    upsun.post(health(project), {"name": "disk", "state": "raised", **fields}) \
        .must_be(400, error(400, "Bad Request", field))
    assert not [one for one in upsun.get(health(project)).body
                if one["name"] == fields.get("name")]


def test_viewer_sees_and_raises_nothing(project):
    viewer = project.caller("upsun", role="viewer")
    viewer.get(health(project)).must_be(200)
    viewer.post(health(project), {"name": "disk", "state": "raised"}) \
        .must_be(403, error(403, "Forbidden"))


def test_project_has_room_for_so_many(new_project):
    """1000: tried where each costs little."""
    for number in range(3):
        warn(new_project, f"w{number}").must_be(200)
    assert [one["name"] for one in new_project.upsun.get(
        health(new_project)).body] == ["w0", "w1", "w2"]
