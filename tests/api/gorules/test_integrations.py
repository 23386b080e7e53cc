"""Integrations: list, create, get, update, soft delete, restore."""

import pytest

from support.forms import TIME, Including, list_of, mentioning, pattern
from support.gorules import (config, error, integration, integrations,
                             misfit, new_integration)
from support.names import unique

NOBODY = "00000000-0000-7000-8000-000000000000"
URL = "https://example.localhost/rates"
MINIMAL = {"method": "get", "url": URL}
FULL = {
    "method": "post", "url": "https://example.localhost/{{ path }}",
    "timeout": 250, "output": "data.items",
    "headers": [{"key": "Accept", "value": "application/json"}],
    "cookies": [{"name": "theme", "value": "dark"}],
    "enableInputs": True,
    "inputs": [{"control": "text", "name": "path", "label": "Path"},
               {"control": "bool", "name": "all", "label": "All"}],
}
SECRET = "canary-cafe"


def test_integration_is_created_with_defaults(project, gorules):
    kind = unique("rates")
    made = gorules.post(integrations(project), {
        "name": "Rates", "type": "http", "kind": kind, "config": MINIMAL,
    }).must_be(201, integration(project, name="Rates", kind=kind)).body
    gorules.get(integrations(project, made["id"])).must_be(200, made)


def test_integration_is_created_with_all_its_fields(project, gorules):
    kind = unique("rates")
    made = gorules.post(integrations(project), {
        "name": "Rates", "type": "http", "kind": kind, "config": FULL,
        "description": "Of the day", "group": "Finance",
    }).must_be(201, integration(
        project, name="Rates", kind=kind, config=FULL,
        description="Of the day", group="Finance")).body
    gorules.get(integrations(project, made["id"])).must_be(200, made)


@pytest.mark.parametrize("method", ["get", "post", "put", "patch", "delete"])
def test_method_is_one_of_five(project, method):
    new_integration(project, config={"method": method, "url": URL})


@pytest.mark.parametrize("body, reason", [
    ({"name": None}, "name"), ({"name": 5}, "name"),
    ({"type": None}, "type"), ({"type": "ftp"}, "type"),
    ({"kind": None}, "kind"), ({"kind": []}, "kind"),
    ({"config": None}, "config"), ({"config": "x"}, "config"),
    ({"config": {"url": URL}}, "method"),
    ({"config": {"method": "get"}}, "url"),
    ({"config": {**MINIMAL, "method": "GET"}}, "method"),
    ({"config": {**MINIMAL, "method": "head"}}, "method"),
    ({"config": {**MINIMAL, "url": 5}}, "url"),
    ({"config": {**MINIMAL, "timeout": "long"}}, "timeout"),
    ({"config": {**MINIMAL, "timeout": -1}}, "timeout"),
    ({"config": {**MINIMAL, "headers": {}}}, "headers"),
    ({"config": {**MINIMAL, "headers": [1]}}, "headers"),
    ({"config": {**MINIMAL, "cookies": "a=b"}}, "cookies"),
    ({"config": {**MINIMAL, "enableInputs": 1}}, "enableInputs"),
    ({"config": {**MINIMAL, "inputs": [
        {"control": "date", "name": "a", "label": "A"}]}}, "control"),
])
def test_integration_that_does_not_fit_is_refused(
        project, gorules, body, reason):
    whole = {"name": "Rates", "type": "http", "kind": unique("rates"),
             "config": MINIMAL, **body}
    whole = {name: value for name, value in whole.items()
             if value is not None}
    gorules.post(integrations(project), whole).must_be(
        400, misfit(mentioning(reason)))


def test_every_misfit_is_told(project, gorules):
    told = gorules.post(integrations(project), {"type": "http"}).must_be(
        400, misfit()).body["message"]
    for name in "name", "kind", "config":
        assert any(name in sentence for sentence in told), told


def test_kind_is_unique_among_the_living(project, gorules):
    made = new_integration(project)
    again = {"name": "Again", "type": "http", "kind": made["kind"],
             "config": MINIMAL}
    gorules.post(integrations(project), again).must_be(409, error(409))
    gorules.delete(integrations(project, made["id"])).must_be(200)
    gorules.post(integrations(project), again).must_be(201)


def test_kind_may_be_used_in_two_projects(project, other):
    kind = new_integration(project)["kind"]
    new_integration(other, kind=kind)


def test_list_is_paged(new_project):
    project = new_project
    listed = integrations(project)
    project.gorules.get(listed).must_be(200, {
        "results": [], "paginate": Including(
            {"current": 1, "total": 0, "pageSize": 10})})
    made = [new_integration(project) for _ in range(12)]
    first = project.gorules.get(listed).must_be(200, {
        "results": list_of(integration(project)),
        "paginate": {"current": 1, "from": 1, "to": 10, "total": 12,
                     "pageSize": 10}}).body["results"]
    second = project.gorules.get(listed, {"page": 2}).must_be(200, {
        "results": list_of(integration(project)),
        "paginate": {"current": 2, "from": 11, "to": 12, "total": 12,
                     "pageSize": 10}}).body["results"]
    assert sorted(first + second, key=str) == sorted(made, key=str)


def test_page_size_is_the_callers(new_project):
    project = new_project
    for _ in range(3):
        new_integration(project)
    project.gorules.get(integrations(project), {"page": 2, "perPage": 2}) \
        .must_be(200, Including({"paginate": {
            "current": 2, "from": 3, "to": 3, "total": 3, "pageSize": 2}}))
    beyond = project.gorules.get(integrations(project), {"page": 9})
    beyond.must_be(200, Including({"results": []}))


@pytest.mark.parametrize("query", [
    {"page": "0"}, {"page": "-1"}, {"page": "x"}, {"perPage": "0"},
    {"perPage": "x"}])
def test_page_that_can_not_be_is_refused(project, gorules, query):
    [name] = query
    gorules.get(integrations(project), query).must_be(
        400, misfit(mentioning(name)))


def test_search_finds_a_part_of_the_name(project, gorules):
    word = unique("needle")
    made = new_integration(project, name=f"The {word} of all")
    new_integration(project)
    for search in word, word.upper(), f"the {word}":
        gorules.get(integrations(project), {"search": search}).must_be(
            200, {"results": [made], "paginate": {
                "current": 1, "from": 1, "to": 1, "total": 1,
                "pageSize": 10}})


@pytest.mark.parametrize("search", ["%", "_", "' OR 1=1--", "\\"])
def test_search_is_for_text_alone(project, gorules, search):
    new_integration(project)
    gorules.get(integrations(project), {"search": search}).must_be(
        200, Including({"results": []}))


def test_integration_is_updated(project, gorules):
    made = new_integration(project, description="Old", group="Old")
    path = integrations(project, made["id"])
    after = {**made, "name": "New", "description": "New", "group": "New",
             "config": FULL, "updatedAt": TIME}
    updated = gorules.put(path, {
        "name": "New", "description": "New", "group": "New",
        "config": FULL}).must_be(200, after).body
    assert updated["updatedAt"] > made["updatedAt"]
    gorules.get(path).must_be(200, updated)


@pytest.mark.parametrize("change", [{"kind": "another"}, {"type": "ftp"}])
def test_kind_and_type_do_not_change(project, gorules, change):
    made = new_integration(project)
    [name] = change
    gorules.put(integrations(project, made["id"]), {
        "name": "New", "config": MINIMAL, **change}).must_be(
        400, misfit(mentioning(name)))
    gorules.get(integrations(project, made["id"])).must_be(200, made)


@pytest.mark.parametrize("body, reason", [
    ({"name": 5, "config": MINIMAL}, "name"),
    ({"name": "x", "config": {"url": URL}}, "method"),
    ({"name": "x", "config": []}, "config")])
def test_update_that_does_not_fit_changes_nothing(
        project, gorules, body, reason):
    made = new_integration(project)
    path = integrations(project, made["id"])
    gorules.put(path, body).must_be(400, misfit(mentioning(reason)))
    gorules.get(path).must_be(200, made)


def test_deleted_integration_is_404(project, gorules):
    made = new_integration(project, name=unique("gone"))
    path = integrations(project, made["id"])
    gorules.delete(path).must_be(200, {"status": "ok"})
    for reply in (gorules.get(path), gorules.delete(path),
                  gorules.put(path, {"name": "x", "config": MINIMAL})):
        reply.must_be(404, error(404))
    gorules.get(integrations(project), {"search": made["name"]}).must_be(
        200, Including({"results": []}))


def test_restored_integration_is_as_it_was(project, gorules):
    made = new_integration(project, config=FULL, description="Kept",
                           group="Kept")
    path = integrations(project, made["id"])
    gorules.delete(path).must_be(200)
    restored = gorules.put(f"{path}/restore").must_be(
        200, {**made, "updatedAt": TIME}).body
    gorules.get(path).must_be(200, restored)
    gorules.delete(path).must_be(200, {"status": "ok"})


def test_restored_integration_gets_a_new_kind_when_its_own_is_taken(
        project, gorules):
    made = new_integration(project)
    gorules.delete(integrations(project, made["id"])).must_be(200)
    usurper = new_integration(project, kind=made["kind"])
    suffixed = pattern("kind with a numeric suffix",
                       made["kind"] + r"[-_]?\d+")
    restored = gorules.put(
        f"{integrations(project, made['id'])}/restore").must_be(
        200, {**made, "kind": suffixed, "updatedAt": TIME}).body
    gorules.get(integrations(project, usurper["id"])).must_be(200, usurper)

    gorules.delete(integrations(project, usurper["id"])).must_be(200)
    third = new_integration(project, kind=made["kind"])
    again = gorules.put(
        f"{integrations(project, usurper['id'])}/restore").must_be(
        200, {**usurper, "kind": suffixed, "updatedAt": TIME}).body
    assert len({third["kind"], restored["kind"], again["kind"]}) == 3


def test_only_a_deleted_integration_is_restored(project, other, gorules):
    foreign = new_integration(other)
    other.gorules.delete(integrations(other, foreign["id"])).must_be(200)
    for integration_id in NOBODY, "no-uuid", foreign["id"]:
        gorules.put(f"{integrations(project, integration_id)}/restore") \
            .must_be(404, error(404))


def test_unknown_integration_is_404(project, other, gorules):
    foreign = new_integration(other)
    for integration_id in NOBODY, "no-uuid", foreign["id"]:
        path = integrations(project, integration_id)
        for reply in (gorules.get(path), gorules.delete(path),
                      gorules.put(path, {"name": "x", "config": MINIMAL})):
            reply.must_be(404, error(404))
    for path in integrations(other), integrations(other, foreign["id"]):
        gorules.get(path).must_be(404, error(404))
    other.gorules.get(integrations(other, foreign["id"])).must_be(
        200, foreign)


@pytest.fixture(scope="module")
def viewer(project):
    return project.caller("gorules", "viewer")


@pytest.mark.parametrize("secret_config", [
    {"headers": [{"key": "Authorization", "value": f"Bearer {SECRET}"}]},
    {"headers": [{"name": "X-Api-Key", "value": SECRET}]},
    {"cookies": [{"key": "session", "value": SECRET}]}])
def test_credentials_are_shown_to_managers_alone(
        project, gorules, viewer, secret_config):
    name = unique("sealed")
    made = new_integration(project, name=name,
                           config={**MINIMAL, **secret_config})
    path = integrations(project, made["id"])
    gorules.get(path).must_be(
        200, Including({"config": config(**secret_config)}))
    for reply in (viewer.get(path),
                  viewer.get(integrations(project), {"search": name})):
        assert SECRET not in reply.must_be(200).text


def test_viewer_changes_nothing(project, gorules, viewer):
    made = new_integration(project)
    path = integrations(project, made["id"])
    viewer.get(path).must_be(200, made)
    for reply in (
        viewer.post(integrations(project), {
            "name": "x", "type": "http", "kind": unique("rates"),
            "config": MINIMAL}),
        viewer.put(path, {"name": "x", "config": MINIMAL}),
        viewer.delete(path), viewer.put(f"{path}/restore")):
        reply.must_be(403, error(403))
    gorules.get(path).must_be(200, made)


def test_text_comes_back_as_it_was_given(project, gorules):
    name = "Zürich 🚣 \"quoted\" \\ </script> \u2028 tab\t"
    made = new_integration(project, name=name)
    gorules.get(integrations(project, made["id"])).must_be(
        200, Including({"name": name}))


def refused(project, **changes):
    """The one thing that is wrong with such a config."""
    [message] = project.gorules.post(integrations(project), {
        "name": "Rates", "type": "http", "kind": unique("rates"),
        "config": {**MINIMAL, **changes}}).must_be(400).body["message"]
    return message


@pytest.mark.parametrize("url", ["https://", "http:///x", "https://?a=1",
                                 "https://#", "https://:80/"])
def test_url_has_a_host(project, url):
    assert refused(project, url=url).startswith("config.url")


def test_inputs_have_names_of_their_own(project):
    one = {"control": "text", "name": "a", "label": "A"}
    assert refused(project, inputs=[one, {**one, "label": "B"}]).startswith(
        "config.inputs[1].name")


@pytest.mark.parametrize("name", ["A B", "a:b", "é", "a" * 257])
def test_header_s_name_is_to_blame(project, name):
    message = refused(project, headers=[{"name": name, "value": "x"}])
    assert "name" in message and "must be an object" not in message


def test_restored_kind_is_no_longer_than_a_new_one(project, gorules):
    kind = unique("long") + "é" * 128
    made = new_integration(project, kind=kind[:128])
    gorules.delete(integrations(project, made["id"])).must_be(200)
    new_integration(project, kind=kind[:128])
    back = gorules.put(
        f"{integrations(project, made['id'])}/restore").must_be(200).body
    assert back["kind"] == kind[:126] + "-1"
