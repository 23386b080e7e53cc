"""Every change, by whichever API, is an activity of the one project."""

import pytest

from support import ampersand as amp
from support import apinizer as apz
from support import gorules as gr
from support.forms import Including, differences
from support.names import unique
from support.upsun import activity


def activities(project):
    return project.upsun.get(
        f"/projects/{project.upsun_id}/activities").must_be(200).body


def seen(project, action):
    """The kinds of the events that the action left, oldest first."""
    before = {one["id"] for one in activities(project)}
    action()
    new = [one for one in activities(project) if one["id"] not in before]
    for one in new:
        wrong = differences(activity(project, one["type"]), one)
        assert not wrong, "\n".join(wrong)
    return [one["type"] for one in reversed(new)]


def installed_with(project, **query):
    made = amp.new_installation(project)
    path = f"/projects/{project.name}/connections/{made['connection']['id']}"
    return lambda: project.ampersand.delete(path, query).must_be(204)


AMPERSAND = {
    "an integration is made": (
        lambda p: lambda: amp.new_integration(p), ["integration.add"]),
    "a connection is generated": (
        lambda p: lambda: amp.new_connection(p), ["connection.created", "consumer.created", "group.created"]),
    "an installation is deleted with its connection": (
        lambda p: deletion(p, amp.new_installation(p)),
        ["connection.deleted", "installation.deleted"]),
    "a shared connection stays": (
        lambda p: shared_deletion(p), ["installation.deleted"]),
    "a connection is deleted": (
        lambda p: connection_deletion(p, amp.new_connection(p)),
        ["connection.deleted"]),
    "a connection is deleted by force": (
        lambda p: installed_with(p, force="true"),
        ["connection.deleted", "installation.deleted"]),
}


def deletion(project, made):
    return lambda: project.ampersand.delete(
        amp.path_of(project, made)).must_be(204)


def shared_deletion(project):
    one = amp.new_installation(project)
    amp.new_installation(project, connection=one["connection"])
    return deletion(project, one)


def connection_deletion(project, made):
    return lambda: project.ampersand.delete(
        f"/projects/{project.name}/connections/{made['id']}").must_be(204)


@pytest.mark.parametrize("change", AMPERSAND)
def test_change_by_ampersand_is_an_activity(new_project, change):
    prepare, kinds = AMPERSAND[change]
    assert sorted(seen(new_project, prepare(new_project))) == kinds


def test_installation_is_an_activity(new_project):
    integration = amp.new_integration(new_project)
    connection = amp.new_connection(new_project)
    assert seen(new_project, lambda: amp.new_installation(
        new_project, integration, connection)) == ["installation.created"]


def test_changes_by_gorules_are_activities(new_project):
    project, made = new_project, []
    assert seen(project, lambda: made.append(gr.new_integration(project))) \
        == ["integration.add"]
    path = gr.integrations(project, made[0]["id"])
    assert seen(project, lambda: project.gorules.put(path, {
        "name": "New", "config": {"method": "get", "url": "https://e.com"}},
    ).must_be(200)) == ["integration.update"]
    assert seen(project, lambda: project.gorules.delete(path).must_be(200)) \
        == ["integration.delete"]
    [restored] = seen(project, lambda: project.gorules.put(
        f"{path}/restore").must_be(200))
    assert restored.startswith("integration.")


def test_changes_by_apinizer_are_activities(new_project):
    project, name = new_project, "mail"
    path = apz.connection(project, name)
    assert seen(project, lambda: apz.new_connection(project, name)) == \
        ["connection.created"]
    assert seen(project, lambda: project.apinizer.put(path, {
        "type": "email", "host": "other"}).must_be(200)) == \
        ["connection.updated"]
    assert seen(project, lambda: project.apinizer.delete(path).must_be(
        200)) == ["connection.deleted"]


def test_refused_change_is_no_activity(new_project):
    project = new_project
    made = amp.new_installation(project)
    connection = f"/projects/{project.name}/connections/" \
        f"{made['connection']['id']}"
    assert seen(project, lambda: (
        project.ampersand.delete(connection).must_be(409),
        project.apinizer.delete(apz.connection(project, "x")).must_be(400),
        project.gorules.post(gr.integrations(project), {}).must_be(400),
        project.upsun.post(f"/projects/{project.upsun_id}/integrations",
                           {}).must_be(400))) == []


def test_reading_is_no_activity(new_project):
    project = new_project
    made = amp.new_installation(project)
    assert seen(project, lambda: (
        project.ampersand.get(amp.path_of(project, made)).must_be(200),
        project.upsun.get("/me").must_be(200),
        project.gorules.get(gr.integrations(project)).must_be(200),
        project.apinizer.get(apz.connection(project),
                             {"type": "all"}).must_be(200))) == []


def test_activity_carries_no_secret(new_project):
    project = new_project
    apz.new_connection(project, "mail", password="canary-f00d")
    amp.new_connection(project)
    text = project.upsun.get(
        f"/projects/{project.upsun_id}/activities").must_be(200).text
    assert "canary-f00d" not in text and "imported-" not in text


def test_deleted_config_is_kept_in_the_payload(new_project):
    made = amp.new_installation(new_project)
    deletion(new_project, made)()
    payload = next(one["payload"] for one in activities(new_project)
                   if one["type"] == "installation.deleted")
    assert str(made["config"]["content"]["read"]) in str(payload), payload


def test_one_project_is_the_same_in_all_apis(project):
    shown = project.ampersand.get(f"/projects/{project.name}").body
    project.upsun.get(f"/projects/{project.upsun_id}").must_be(
        200, Including({"title": shown["appName"]}))
    project.gorules.get(f"/projects/{project.id}").must_be(200, Including(
        {"id": shown["id"], "key": shown["name"],
         "name": shown["appName"]}))
    project.apinizer.get("/projects/").must_be(200, Including(
        {"resultList": [{"name": shown["name"],
                         "description": shown["appName"]}]}))


def test_project_made_by_one_api_is_in_the_others(project):
    organization = project.builder.get(
        f"/projects/{project.name}").body["orgId"]
    name = unique("everywhere")
    project.builder.post("/projects", {
        "appName": "Everywhere", "name": name, "orgId": organization,
    }).must_be(201)
    listed = project.upsun.get("/projects").must_be(200).body
    assert "Everywhere" in [one["title"] for one in listed]
