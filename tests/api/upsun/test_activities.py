"""Activities: what happened in a project, newest first."""

import pytest

from support.forms import OBJECT, Including, containing, differences, list_of
from support.upsun import BORN, activities, activity, error, links, new_webhook

PAGE = 25


def of_integration(project, made, activity_id=""):
    path = f"/projects/{project.upsun_id}/integrations/{made['id']}" \
        "/activities"
    return f"{path}/{activity_id}" if activity_id else path


@pytest.fixture
def changed(new_project):
    """A webhook that was added, updated and deleted in a fresh project."""
    made = new_webhook(new_project)
    path = f"/projects/{new_project.upsun_id}/integrations/{made['id']}"
    new_project.upsun.patch(path, {"events": ["a"]}).must_be(200)
    new_project.upsun.delete(path).must_be(200)
    return made


def kinds(reply):
    return [one["type"] for one in reply.must_be(200).body]


def test_changes_are_listed_newest_first(new_project, changed):
    path = activities(new_project)
    expected = [activity(new_project, f"integration.{verb}",
                         integration=changed["id"])
                for verb in ("delete", "update", "add")]
    expected += [activity(new_project, kind) for kind in BORN]
    found = new_project.upsun.get(path).must_be(200, expected).body
    assert [one["created_at"] for one in found] == \
        sorted((one["created_at"] for one in found), reverse=True)
    assert len({one["id"] for one in found}) == 3 + len(BORN)


@pytest.mark.parametrize("root", ["", "/api"])
def test_one_activity_is_found_by_its_id(project, upsun, root):
    new_webhook(project)
    newest = upsun.get(activities(project, root=root)).body[0]
    upsun.get(activities(project, newest["id"], root)).must_be(200, newest)


def test_links_of_an_activity_lead_somewhere(project, upsun):
    new_webhook(project)
    newest = upsun.get(activities(project)).body[0]
    path = f"/api/projects/{project.upsun_id}/activities/{newest['id']}"
    assert not differences(Including(links(project.server, path)),
                           newest["_links"])
    for link in newest["_links"].values():
        href = link["href"].removeprefix(project.server.base)
        assert upsun.get(href).status == 200, link


def test_integration_has_its_own_activities(project, upsun):
    mine, _ = new_webhook(project), new_webhook(project)
    [one] = upsun.get(of_integration(project, mine)).must_be(200, [
        activity(project, "integration.add", integration=mine["id"])]).body
    upsun.get(of_integration(project, mine, one["id"])).must_be(200, one)


@pytest.mark.parametrize("query, expected", [
    ({"type": "integration.add"}, ["integration.add"]),
    ({"type": ["integration.add", "integration.delete"]},
     ["integration.delete", "integration.add"]),
    ({"type": "environment.push"}, []),
    ({"state": "complete", "type": "integration.update"},
     ["integration.update"]),
    ({"state": "pending"}, []),
    ({"result": "success", "type": "integration.update"},
     ["integration.update"]),
    ({"result": "failure"}, []),
    ({"count": "2"}, ["integration.delete", "integration.update"]),
])
def test_list_is_filtered(new_project, changed, query, expected):
    assert kinds(new_project.upsun.get(activities(new_project), query)) \
        == expected


def test_list_begins_where_it_is_told(new_project, changed):
    """What is not older than `starts_at` is left out, in either notation."""
    path = activities(new_project)
    _, updated, added, *rest = new_project.upsun.get(path).body
    assert new_project.upsun.get(
        path, {"starts_at": added["created_at"]}).body == rest
    assert new_project.upsun.get(
        path, {"starts_at": updated["created_at"]}).body == [added, *rest]
    assert kinds(new_project.upsun.get(path, {"starts_at": "1"})) == []
    assert len(kinds(new_project.upsun.get(
        path, {"starts_at": "4102444800"}))) == 3 + len(BORN)


def test_page_has_25_at_most(new_project):
    for _ in range(PAGE + 1):
        new_webhook(new_project)
    for query in {}, {"count": "1000"}:
        assert len(kinds(new_project.upsun.get(
            activities(new_project), query))) == PAGE


@pytest.mark.parametrize("query", [
    {"count": "0"}, {"count": "x"}, {"starts_at": "yesterday"},
    {"state": "sleeping"}])
def test_filter_that_can_not_be_is_refused(project, upsun, query):
    [field] = query
    upsun.get(activities(project), query).must_be(
        400, error(400, "Bad Request", field))


def test_unknown_activity_is_404(project, other, upsun):
    new_webhook(other)
    foreign = other.upsun.get(activities(other)).body[0]["id"]
    for activity_id in "aaaaaaaaaaaaa", "x", foreign:
        for path in (activities(project, activity_id),
                     activities(other, activity_id)):
            upsun.get(path).must_be(404, error(404, "Not Found"))


def test_activity_of_another_integration_is_404(project, upsun):
    mine, stranger = new_webhook(project), new_webhook(project)
    [theirs] = upsun.get(of_integration(project, stranger)).body
    upsun.get(of_integration(project, mine, theirs["id"])).must_be(
        404, error(404, "Not Found"))


def test_activities_of_an_unknown_integration_are_404(project, upsun):
    upsun.get(of_integration(project, {"id": "aaaaaaaaaaaaa"})).must_be(
        404, error(404, "Not Found"))


def test_viewer_reads_activities(project):
    made = new_webhook(project)
    viewer = project.caller("upsun", "viewer")
    viewer.get(activities(project)).must_be(200, containing(Including(
        {"integration": made["id"]})))
    viewer.get(of_integration(project, made)).must_be(
        200, list_of(OBJECT, at_least=1))
