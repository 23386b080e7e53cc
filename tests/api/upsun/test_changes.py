"""Each change in a project is an activity, whichever API made it."""

from support.listening import warn
from support.names import unique
from support.upsun import activities


def types_since(project, count):
    listed = project.upsun.get(activities(project)).must_be(200).body
    return {one["type"] for one in listed[:len(listed) - count]}


def listed(project):
    return len(project.upsun.get(activities(project)).must_be(200).body)


def test_changes_by_ampersand_are_activities(new_project):
    before = listed(new_project)
    root = f"/projects/{new_project.id}"
    for path, body in (
            ("/provider-apps", {"provider": "stripe", "externalRef": "x",
                                "clientId": "c", "clientSecret": "hidden-1"}),
            ("/topics", {"name": unique("topic")}),
            ("/api-keys", {"label": "x", "scopes": ["full"]})):
        assert new_project.ampersand.post(root + path, body).status // 100 == 2
    new_project.ampersand.patch(root, {
        "updateMask": ["name"], "project": {"name": "another"}}).must_be(200)
    text = new_project.upsun.get(activities(new_project)).text
    assert types_since(new_project, before) >= {
        "provider_app.created", "topic.created", "token.created",
        "project.updated"}
    assert "hidden-1" not in text


def test_changes_by_gorules_are_activities(new_project):
    before = listed(new_project)
    new_project.gorules.put(f"/projects/{new_project.id}",
                            {"name": "Another"}).must_be(200)
    assert "project.updated" in types_since(new_project, before)


def test_warnings_are_told_by_their_deliveries_alone(new_project):
    before = listed(new_project)
    warn(new_project).must_be(200)
    warn(new_project, state="cleared").must_be(200)
    assert not types_since(new_project, before)


def test_reads_are_none(new_project):
    made = new_project.upsun.post(
        f"/projects/{new_project.upsun_id}/integrations",
        {"type": "webhook", "url": "https://example.localhost",
         "shared_key": "k", "events": ["none"]}).must_be(201) \
        .body["_embedded"]["entity"]
    before = listed(new_project)
    new_project.upsun.get(f"/projects/{new_project.upsun_id}/integrations/"
                          f"{made['id']}").must_be(200)
    assert listed(new_project) == before
