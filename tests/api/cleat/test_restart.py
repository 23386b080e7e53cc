"""What was answered is there after a restart, tokens included."""

from support import apinizer as apz
from support import gorules as gr
from support.ampersand import new_installation, path_of
from support.project import Project
from support.upsun import new_webhook


def test_everything_survives_a_restart(server_factory):
    server = server_factory()
    before = server.project
    installation, hook = new_installation(before), new_webhook(before)
    rates = gr.new_integration(before)
    apz.new_connection(before, "mail", password="kept")
    deleted = gr.new_integration(before)
    before.gorules.delete(gr.integrations(before, deleted["id"]))
    server.stop()

    again = server_factory(server.store)
    project = Project(again, server.store.keys)
    project.ampersand.get(path_of(project, installation)).must_be(
        200, installation)
    project.gorules.get(gr.integrations(project, rates["id"])).must_be(
        200, rates)
    project.gorules.put(
        f"{gr.integrations(project, deleted['id'])}/restore").must_be(200)
    project.apinizer.get(apz.connection(project, "mail")).must_be(
        200, apz.found(apz.email(project, "mail", password="kept")))
    moved = project.upsun.get(
        f"/projects/{project.upsun_id}/integrations/{hook['id']}") \
        .must_be(200).body
    assert {**moved, "_links": None} == {**hook, "_links": None}


def test_access_token_survives_a_restart(server_factory):
    server = server_factory()
    token = server.project.upsun.access_token
    server.stop()
    again = server_factory(server.store)
    again.project.upsun.headers["Authorization"] = f"Bearer {token}"
    again.project.upsun.get("/me").must_be(200)


def test_acknowledged_change_survives_a_kill(server_factory):
    server = server_factory()
    made = new_installation(server.project)
    server.kill()
    again = server_factory(server.store)
    again.project.ampersand.get(path_of(again.project, made)).must_be(
        200, made)
