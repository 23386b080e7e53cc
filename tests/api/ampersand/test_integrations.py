"""Integrations: create, batch, list, get, delete."""

import pytest

from support.ampersand import (PROVIDER, invalid, manifest, manifest_yaml,
                               new_connection, new_installation,
                               new_integration, path_of, problem)
from support.forms import TIME_Z, UUID, Including, Optional, containing
from support.names import unique


def document(project, name, content, provider=PROVIDER):
    return {
        "id": UUID, "projectId": project.id, "name": name,
        "provider": provider, "createTime": TIME_Z,
        "updateTime": Optional(TIME_Z),
        "latestRevision": {
            "id": UUID, "specVersion": "1.0.0", "createTime": TIME_Z,
            "content": content,
        },
    }


def integrations(project, id_or_name=""):
    path = f"/projects/{project.name}/integrations"
    return f"{path}/{id_or_name}" if id_or_name else path


def batch(project, yaml, **query):
    return project.ampersand.put(f"{integrations(project)}:batch",
                                 {"sourceYaml": yaml}, query=query)


def test_create_answers_nothing(project, ampersand):
    name = unique("sync")
    ampersand.post(integrations(project), {
        "name": name, "provider": PROVIDER,
        "latestRevision": {"specVersion": "1.0.0",
                           "content": manifest(name)},
    }).must_be(201, None)
    ampersand.get(integrations(project, name)).must_be(
        200, document(project, name, manifest(name)))


def test_integration_is_created_from_yaml(project, ampersand):
    name = unique("sync")
    ampersand.post(integrations(project),
                   {"sourceYaml": manifest_yaml(name)}).must_be(201, None)
    ampersand.get(integrations(project, name)).must_be(
        200, document(project, name, manifest(name)))


def test_integration_is_found_by_id_and_by_name(project, ampersand):
    made = new_integration(project)
    for handle in made["id"], made["name"]:
        ampersand.get(integrations(project, handle)).must_be(200, made)


def test_project_may_be_named_by_its_id(project, ampersand):
    made = new_integration(project)
    ampersand.get(f"/projects/{project.id}/integrations/{made['id']}") \
        .must_be(200, made)


def test_list_is_a_bare_array_of_all(new_project):
    project = new_project
    project.ampersand.get(integrations(project)).must_be(200, [])
    one, two = new_integration(project), new_integration(project)
    listed = project.ampersand.get(integrations(project)).must_be(200).body
    assert sorted(listed, key=str) == sorted([one, two], key=str)


def test_batch_creates_what_the_manifest_names(project, ampersand):
    name = unique("sync")
    answer = batch(project, manifest_yaml(name)).must_be(
        200, [document(project, name, manifest(name))]).body
    ampersand.get(integrations(project, name)).must_be(200, answer[0])


def test_batch_updates_by_name(project):
    name = unique("sync")
    [first] = batch(project, manifest_yaml(name)).must_be(200).body
    changed = manifest_yaml(name).replace("industry", "website")
    [second] = batch(project, changed).must_be(200).body
    assert second["id"] == first["id"]
    assert second["latestRevision"]["id"] != first["latestRevision"]["id"]
    assert second["latestRevision"]["content"]["read"]["objects"][0][
        "optionalFields"] == [{"fieldName": "website"}]


def test_batch_never_deletes_what_it_does_not_name(project, ampersand):
    before = new_integration(project)
    batch(project, manifest_yaml(unique("sync"))).must_be(200)
    ampersand.get(integrations(project, before["id"])).must_be(200, before)


def test_batch_with_one_bad_integration_changes_nothing(project, ampersand):
    good, bad = unique("sync"), unique("sync")
    both = manifest_yaml(good) + "".join(
        manifest_yaml(bad, provider="noSuchProvider").splitlines(True)[2:])
    batch(project, both).must_be(422, invalid(422))
    ampersand.get(integrations(project, good)).must_be(404, problem(404))


def test_batch_needs_a_source(project, ampersand):
    reply = ampersand.put(f"{integrations(project)}:batch", {})
    assert reply.status in (400, 422), reply
    reply.must_be(reply.status, invalid(reply.status))


def test_batch_takes_one_source_only(project, ampersand):
    reply = ampersand.put(f"{integrations(project)}:batch", {
        "sourceYaml": manifest_yaml(unique("sync")),
        "sourceZipUrl": "gs://bucket/path"})
    assert reply.status in (400, 422), reply
    reply.must_be(reply.status, invalid(reply.status))


def test_object_dropped_by_a_batch_needs_destructive(project):
    name = unique("sync")
    batch(project, manifest_yaml(name)).must_be(200)
    without = manifest_yaml(name, object_name="contact")
    batch(project, without).must_be(422, invalid(422))
    batch(project, without, destructive="true").must_be(
        200, [document(project, name, manifest(name, object_name="contact"))])


def test_taken_name_is_refused(project, ampersand):
    name = new_integration(project)["name"]
    ampersand.post(integrations(project), {
        "name": name, "provider": PROVIDER,
        "latestRevision": {"specVersion": "1.0.0",
                           "content": manifest(name)},
    }).must_be(422, invalid(422, "name"))


@pytest.mark.parametrize("missing", ["name", "provider", "latestRevision"])
def test_integration_without_a_required_member_is_refused(
        project, ampersand, missing):
    name = unique("sync")
    body = {"name": name, "provider": PROVIDER,
            "latestRevision": {"specVersion": "1.0.0",
                               "content": manifest(name)}}
    del body[missing]
    ampersand.post(integrations(project), body).must_be(
        400, invalid(400, missing))


def test_unknown_provider_is_refused(project, ampersand):
    name = unique("sync")
    ampersand.post(integrations(project), {
        "name": name, "provider": "noSuchProvider",
        "latestRevision": {
            "specVersion": "1.0.0",
            "content": manifest(name, provider="noSuchProvider")},
    }).must_be(422, invalid(422, "provider"))


def test_delete_takes_its_installations_along(project, ampersand):
    integration = new_integration(project)
    one = new_installation(project, integration)
    two = new_installation(project, integration)
    ampersand.delete(integrations(project, integration["id"])) \
        .must_be(204, None)
    ampersand.get(integrations(project, integration["id"])) \
        .must_be(404, problem(404))
    for gone in one, two:
        ampersand.get(path_of(project, gone)).must_be(404, problem(404))
        ampersand.get(f"/projects/{project.name}/connections/"
                      f"{gone['connection']['id']}") \
            .must_be(404, problem(404))


def test_delete_spares_a_connection_that_another_integration_uses(
        project, ampersand):
    leaving, staying = new_integration(project), new_integration(project)
    connection = new_connection(project)
    new_installation(project, leaving, connection)
    kept = new_installation(project, staying, connection)
    ampersand.delete(integrations(project, leaving["name"])) \
        .must_be(204, None)
    ampersand.get(path_of(project, kept)).must_be(200, kept)


def test_unknown_integration_is_404(project, ampersand):
    gone = new_integration(project)
    ampersand.delete(integrations(project, gone["id"])).must_be(204, None)
    for handle in (gone["id"], gone["name"], "no-such-integration",
                   "00000000-0000-7000-8000-000000000000"):
        path = integrations(project, handle)
        ampersand.get(path).must_be(404, problem(404))
        ampersand.delete(path).must_be(404, problem(404))


def test_name_is_free_again_after_delete(project, ampersand):
    name = unique("sync")
    [first] = batch(project, manifest_yaml(name)).must_be(200).body
    ampersand.delete(integrations(project, name)).must_be(204, None)
    [second] = batch(project, manifest_yaml(name)).must_be(200).body
    assert second["id"] != first["id"]


def test_integration_of_another_project_is_unknown(project, other, ampersand):
    foreign = new_integration(other)
    ampersand.get(integrations(project, foreign["id"])) \
        .must_be(404, problem(404))
    ampersand.delete(integrations(project, foreign["id"])) \
        .must_be(404, problem(404))
    ampersand.get(integrations(other)).must_be(404, problem(404))
    other.ampersand.get(integrations(other, foreign["id"])) \
        .must_be(200, foreign)


def test_same_name_may_be_used_in_two_projects(project, other):
    name = unique("sync")
    batch(project, manifest_yaml(name)).must_be(200)
    batch(other, manifest_yaml(name)).must_be(
        200, containing(Including({"name": name, "projectId": other.id})))
