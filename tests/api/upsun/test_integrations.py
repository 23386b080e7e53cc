"""Third-party integrations: list, create, get, patch, delete."""

import pytest

from support.forms import (OBJECT, TEXT, TIME, Including, Without, all_of,
                           containing, differences, list_of)
from support.upsun import (activity, entity, error, github, integration_path,
                           links, new_webhook, result, webhook)
from support.urls import LATER, UNCALLABLE

URL = "https://example.localhost/hook"
SECRET = "canary-beef"


def integrations(project, integration_id="", root=""):
    path = f"{root}/projects/{project.upsun_id}/integrations"
    return f"{path}/{integration_id}" if integration_id else path


def create(project, **body):
    return project.upsun.post(integrations(project), body)


TYPES = {
    "webhook": (
        {"url": URL}, webhook(url=URL)),
    "webhook with all its fields": (
        {"type": "webhook", "url": URL, "shared_key": "k",
         "events": ["environment.push"], "states": ["pending", "complete"],
         "environments": ["main"], "excluded_environments": ["pr-*"],
         "result": "failure"},
        {"url": URL, "shared_key": "k", "events": ["environment.push"],
         "states": ["pending", "complete"], "environments": ["main"],
         "excluded_environments": ["pr-*"], "result": "failure"}),
    "github": (
        {"token": SECRET, "repository": "acme/site"},
        github(repository="acme/site")),
    "github with all its fields": (
        {"type": "github", "token": SECRET, "repository": "acme/site",
         "fetch_branches": False, "prune_branches": False,
         "environment_init_resources": "minimum",
         "base_url": "https://git.example.com",
         "build_pull_requests": False, "build_draft_pull_requests": False,
         "build_pull_requests_post_merge": True,
         "pull_requests_clone_parent_data": False},
        github(repository="acme/site", fetch_branches=False,
               prune_branches=False, environment_init_resources="minimum",
               base_url="https://git.example.com", build_pull_requests=False,
               build_draft_pull_requests=False,
               build_pull_requests_post_merge=True,
               pull_requests_clone_parent_data=False)),
    "health.email": (
        {"recipients": ["jane@example.com", "#admins", "#viewers"]},
        {"recipients": ["jane@example.com", "#admins", "#viewers"],
         "from_address": None}),
    "health.email with all its fields": (
        {"type": "health.email", "recipients": ["#admins"],
         "from_address": "cleat@example.com"},
        {"recipients": ["#admins"], "from_address": "cleat@example.com"}),
}


def links_of(project, made):
    path = integration_path(project, made["id"])
    return Including(links(project.server, path, "#edit", "#delete"))


@pytest.mark.parametrize("kind", TYPES)
def test_integration_is_created(project, upsun, kind):
    given, fields = TYPES[kind]
    given = {"type": kind, **given}
    created = create(project, **given).must_be(201, result(
        "Created", 201, entity(project, given["type"], fields),
        list_of(OBJECT))).body["_embedded"]["entity"]
    upsun.get(integrations(project, created["id"])).must_be(
        200, all_of(entity(project, given["type"], fields),
                    Including({"_links": links_of(project, created)})))


def test_embedded_entity_is_what_get_answers(project, upsun):
    created = create(project, type="webhook", url=URL).must_be(201)
    made = created.body["_embedded"]["entity"]
    path = integrations(project, made["id"])
    upsun.get(path).must_be(200, made)
    changed = upsun.patch(path, {"result": "failure"}).must_be(200)
    upsun.get(path).must_be(200, changed.body["_embedded"]["entity"])


def test_create_embeds_its_activity(project):
    created = create(project, type="webhook", url=URL).must_be(201).body
    made = created["_embedded"]["entity"]
    must_embed_activity(project, created, "integration.add", made["id"])


def must_embed_activity(project, answer, kind, integration_id):
    wrong = differences(
        [activity(project, kind, integration=integration_id)],
        answer["_embedded"]["activities"])
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("root", ["", "/api"])
def test_both_roots_serve_the_same(project, upsun, root):
    made = upsun.post(integrations(project, root=root),
                      {"type": "webhook", "url": URL}) \
        .must_be(201).body["_embedded"]["entity"]
    path = integrations(project, made["id"], root)
    upsun.get(path).must_be(200, made)
    upsun.get(integrations(project, root=root)).must_be(
        200, containing(made))
    upsun.patch(path, {"events": ["a"]}).must_be(200)
    upsun.delete(path).must_be(200)
    upsun.get(path).must_be(404, error(404, "Not Found"))


def test_list_is_a_bare_array_of_entities(new_project):
    project = new_project
    project.upsun.get(integrations(project)).must_be(200, [])
    made = [new_webhook(project) for _ in range(3)]
    listed = project.upsun.get(integrations(project)).must_be(200).body
    assert sorted(listed, key=str) == sorted(made, key=str)
    project.upsun.get(integrations(project), {"limit": 1}).must_be(200, listed)


@pytest.mark.parametrize("kind", ["webhook", "github", "health.email"])
def test_links_are_those_the_caller_may_use(project, kind):
    given, _ = TYPES[kind]
    made = create(project, type=kind, **given).must_be(201) \
        .body["_embedded"]["entity"]
    project.upsun.get(integrations(project, made["id"])).must_be(
        200, Including({"_links": links_of(project, made)}))


def test_links_that_read_lead_somewhere(project, upsun):
    made = new_webhook(project)
    for rel, link in made["_links"].items():
        if not rel.startswith("#"):
            href = link["href"].removeprefix(project.server.base)
            assert upsun.get(href).status == 200, rel


@pytest.mark.parametrize("kind, given", [
    ("github", {"token": SECRET, "repository": "acme/site"})])
def test_token_is_never_read_back(project, upsun, kind, given):
    reply = create(project, type=kind, **given).must_be(201)
    path = integrations(project, reply.body["_embedded"]["entity"]["id"])
    for answer in (reply, upsun.get(path), upsun.get(integrations(project)),
                   upsun.patch(path, {"token": f"{SECRET}2"}),
                   upsun.get(f"{path}/activities"), upsun.delete(path),
                   upsun.get(f"/projects/{project.upsun_id}/activities")):
        assert SECRET not in answer.must_be(answer.status).text, answer


def test_shared_key_of_a_webhook_is_read_back(project):
    made = new_webhook(project, shared_key="shared")
    project.upsun.get(integrations(project, made["id"])).must_be(
        200, Including({"shared_key": "shared"}))


MISTAKES = {
    "no type": ({"url": URL}, "type"),
    "type of the wrong type": ({"type": 5}, "type"),
    "unknown type": ({"type": "carrier-pigeon"}, "type"),
    "webhook without url": ({"type": "webhook"}, "url"),
    "url of the wrong type": ({"type": "webhook", "url": 5}, "url"),
    **{f"url that is never called, {url}": (
        {"type": "webhook", "url": url}, "url")
       for url in UNCALLABLE},
    "base_url that is never called": (
        {"type": "github", "token": "x", "repository": "a/b",
         "base_url": "https://u:p@example.com"}, "base_url"),
    "unknown field": (
        {"type": "webhook", "url": URL, "color": "blue"}, "color"),
    "field of another type": (
        {"type": "webhook", "url": URL, "repository": "a/b"}, "repository"),
    "read-only field": (
        {"type": "github", "token": "x", "repository": "a/b",
         "token_type": "github_app"}, "token_type"),
    "list of the wrong type": (
        {"type": "webhook", "url": URL, "events": "*"}, "events"),
    "item of the wrong type": (
        {"type": "webhook", "url": URL, "events": [1]}, "events"),
    "result out of its enum": (
        {"type": "webhook", "url": URL, "result": "maybe"}, "result"),
    "null for what can't be null": (
        {"type": "webhook", "url": URL, "events": None}, "events"),
    "github without token": (
        {"type": "github", "repository": "a/b"}, "token"),
    "github without repository": (
        {"type": "github", "token": "x"}, "repository"),
    "flag of the wrong type": (
        {"type": "github", "token": "x", "repository": "a/b",
         "fetch_branches": 1}, "fetch_branches"),
    "pruning without fetching": (
        {"type": "github", "token": "x", "repository": "a/b",
         "fetch_branches": False, "prune_branches": True},
        "prune_branches"),
    "email without recipients": ({"type": "health.email"}, "recipients"),
    "recipient that is no address": (
        {"type": "health.email", "recipients": ["jane"]}, "recipients"),
    "unknown group of recipients": (
        {"type": "health.email", "recipients": ["#everyone"]},
        "recipients"),
}


@pytest.mark.parametrize("url", LATER)
def test_url_that_may_be_allowed_when_it_is_called_is_kept(project, url):
    assert new_webhook(project, url=url)["url"] == url


@pytest.mark.parametrize("mistake", MISTAKES)
def test_mistake_is_explained_by_field(project, mistake):
    body, field = MISTAKES[mistake]
    create(project, **body).must_be(400, error(400, "Bad Request", field))


def test_several_mistakes_are_explained_together(project):
    create(project, type="webhook", color=1, result=2).must_be(
        400, error(400, "Bad Request", "url", "color", "result"))


def test_refused_create_leaves_nothing(new_project):
    create(new_project, type="webhook").must_be(400)
    new_project.upsun.get(integrations(new_project)).must_be(200, [])


def test_patch_changes_what_it_names(project, upsun):
    made = new_webhook(project, shared_key="k", events=["a", "b"])
    path = integrations(project, made["id"])
    after = {**made, "url": "https://example.localhost/y", "events": ["c"],
             "updated_at": TIME}
    changed = upsun.patch(path, {
        "url": "https://example.localhost/y", "events": ["c"],
    }).must_be(200, result("OK", 200, after, list_of(OBJECT))).body
    assert changed["_embedded"]["entity"]["updated_at"] > made["created_at"]
    must_embed_activity(project, changed, "integration.update", made["id"])


def test_patch_sets_null_where_null_may_be(project, upsun):
    made = new_webhook(project, shared_key="k")
    upsun.patch(integrations(project, made["id"]), {"shared_key": None}) \
        .must_be(200)
    upsun.get(integrations(project, made["id"])).must_be(
        200, Including({"shared_key": None}))


def test_empty_patch_changes_nothing(project, upsun):
    made = new_webhook(project)
    path = integrations(project, made["id"])
    upsun.patch(path, {}).must_be(200)
    upsun.get(path).must_be(200, {**made, "updated_at": TIME})


@pytest.mark.parametrize("patch, field", [
    ({"type": "github"}, "type"), ({"color": "blue"}, "color"),
    ({"url": 5}, "url"), ({"url": None}, "url"), ({"id": "x"}, "id"),
    ({"result": "maybe"}, "result")])
def test_patch_that_does_not_fit_changes_nothing(
        project, upsun, patch, field):
    made = new_webhook(project)
    path = integrations(project, made["id"])
    upsun.patch(path, {"events": ["changed"], **patch}).must_be(
        400, error(400, "Bad Request", field))
    upsun.get(path).must_be(200, made)


def test_fields_of_a_patch_are_checked_together_with_those_stored(project):
    made = create(project, type="github", token="x", repository="a/b") \
        .must_be(201).body["_embedded"]["entity"]
    project.upsun.patch(integrations(project, made["id"]),
                        {"fetch_branches": False, "prune_branches": True}) \
        .must_be(400, error(400, "Bad Request", "prune_branches"))


@pytest.mark.parametrize("body", [None, {}])
def test_deleted_integration_is_gone(project, upsun, body):
    made = new_webhook(project)
    path = integrations(project, made["id"])
    deleted = upsun.delete(path, body=body).must_be(
        200, Including({"status": "OK", "code": 200, "_embedded": Including(
            {"activities": list_of(OBJECT)})})).body
    must_embed_activity(project, deleted, "integration.delete", made["id"])
    for gone in (upsun.get(path), upsun.delete(path),
                 upsun.patch(path, {"events": []})):
        gone.must_be(404, error(404, "Not Found"))
    assert made["id"] not in upsun.get(integrations(project)).text


def test_unknown_integration_is_404(project, other, upsun):
    foreign = new_webhook(other)
    for integration_id in "aaaaaaaaaaaaa", "x", foreign["id"]:
        path = integrations(project, integration_id)
        for reply in (upsun.get(path), upsun.delete(path),
                      upsun.patch(path, {"events": []})):
            reply.must_be(404, error(404, "Not Found"))
    other.upsun.get(integrations(other, foreign["id"])).must_be(200, foreign)


def test_foreign_project_is_unknown(other, upsun):
    foreign = new_webhook(other)
    path = integrations(other, foreign["id"])
    for reply in (upsun.get(path), upsun.delete(path),
                  upsun.patch(path, {"events": []}),
                  upsun.get(integrations(other)),
                  upsun.post(integrations(other),
                             {"type": "webhook", "url": URL})):
        reply.must_be(404, error(404, "Not Found"))
    other.upsun.get(path).must_be(200, foreign)


@pytest.fixture(scope="module")
def viewer(project):
    return project.caller("upsun", "viewer")


def test_viewer_sees_no_links_that_change(project, viewer):
    made = new_webhook(project)
    seen = {**made, "_links": all_of(
        Without("#edit", "#delete", "#hook", "#validate"),
        Including({"self": OBJECT}))}
    viewer.get(integrations(project, made["id"])).must_be(200, seen)
    viewer.get(integrations(project)).must_be(200, containing(seen))


def test_viewer_changes_nothing(project, viewer):
    made = new_webhook(project)
    path = integrations(project, made["id"])
    for reply in (viewer.post(integrations(project),
                              {"type": "webhook", "url": URL}),
                  viewer.patch(path, {"events": []}), viewer.delete(path)):
        reply.must_be(403, {"status": "error", "message": "Forbidden",
                            "code": 403, "detail": {"access": TEXT}})
    project.upsun.get(path).must_be(200, made)
