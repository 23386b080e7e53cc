"""A connection whose id others mention is deleted by force alone."""

from support import gorules as gr
from support import native
from support.apinizer import (CHANGED, connection, email, failure, found,
                              id_of, new_connection, unknown_connection)
from support.forms import UUID, Including, mentioning
from support.names import unique


def new_hook(project, mentioned, name=None):
    name = name or unique("hook")
    project.apinizer.post(connection(project, name), {
        "type": "webhook", "fullUrl": f"https://gw.example.com/{mentioned}"}) \
        .must_be(200, CHANGED)
    return name


def used_by(name, *users):
    return failure("bad_request",
                   f"Connection (name: {name}) is used by: "
                   f"{', '.join(users)}")


def test_connection_in_use_is_not_deleted(project, apinizer):
    name = new_connection(project)
    hook = new_hook(project, id_of(project, name))
    apinizer.delete(connection(project, name)).must_be(
        400, used_by(name, f"connection {hook}"))
    apinizer.get(connection(project, name)).must_be(
        200, found(email(project, name)))
    apinizer.delete(connection(project, hook)).must_be(200, CHANGED)
    apinizer.delete(connection(project, name)).must_be(200, CHANGED)


def test_every_user_is_named(project, apinizer):
    name = new_connection(project)
    hook = new_hook(project, id_of(project, name))
    rates = gr.new_integration(project, name="Daily rates", config={
        "method": "get",
        "url": f"https://example.localhost/?through={id_of(project, name)}"})
    apinizer.delete(connection(project, name)).must_be(
        400, used_by(name, f"connection {hook}", "integration Daily rates"))
    project.gorules.delete(gr.integrations(project, rates["id"])) \
        .must_be(200)
    apinizer.delete(connection(project, name)).must_be(  # it may come back
        400, used_by(name, f"connection {hook}", "integration Daily rates"))


def test_use_ends_with_the_mention(project, apinizer):
    name = new_connection(project)
    hook = new_hook(project, id_of(project, name))
    apinizer.put(connection(project, hook), {
        "fullUrl": "https://gw.example.com/"}).must_be(200, CHANGED)
    apinizer.delete(connection(project, name)).must_be(200, CHANGED)


def test_force_deletes_what_is_in_use(project, apinizer):
    name = new_connection(project)
    hook = new_hook(project, id_of(project, name))
    apinizer.delete(connection(project, name), {"force": "maybe"}).must_be(
        400, failure("bad_request", mentioning("force")))
    apinizer.delete(connection(project, name), {"force": "true"}).must_be(
        200, CHANGED)
    apinizer.get(connection(project, name)).must_be(
        400, unknown_connection(name))
    apinizer.get(connection(project, hook)).must_be(200)


def test_plan_says_who_uses_it(project, apinizer):
    name = new_connection(project)
    hook = new_hook(project, id_of(project, name))
    plan = native.plan(project, "connection", id_of(project, name))
    assert plan["blockedBy"] == [{"kind": "connection", "unless": "force",
                                  "id": id_of(project, hook)}]


def test_mention_in_another_project_is_no_use(project, other, apinizer):
    name = new_connection(project)
    new_hook(other, id_of(project, name))
    apinizer.delete(connection(project, name)).must_be(200, CHANGED)


def test_project_goes_with_what_uses_what(new_project):
    name = new_connection(new_project)
    new_hook(new_project, id_of(new_project, name))
    new_project.native.delete(native.base(new_project)).must_be(
        200, Including({"id": UUID}))
