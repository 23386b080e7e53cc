"""A project is let go of with all that it has: hidden from every API, its
tokens refused and its name free from the first commit on; then nothing of it
is left but what happened."""

import contextlib
import uuid

import pytest

from support import ampersand as amp
from support import cli, engine
from support.crowd import Crowded
from support.names import unique
from support.native import base, of, plan
from support.planted import planted_server
from support.server import ALLOWED, Store
from support.wait import eventually
from support.whole import reader, rows_of, served
from support.world import World

OPTIONS = [*ALLOWED, "--batch-over", "3"]
PLANTS = ["keep_the_tokens", "keep_the_apps", "take_the_neighbours"]
KEPT = {"event", "event_link", "deletion", "deletion_part", "step", "project",
        "project_key", "worker", "deployment", "delivery", "delivery_body",
        "delivery_attempt", "job", "job_lane", "idempotency", "organization",
        "schema_migration"}


def tables_of(store, project_id):
    """How many rows of this project each table has, where it has some."""
    found = {}
    with contextlib.closing(reader(store)) as connection:
        for table, columns in engine.columns_by_table(connection).items():
            if "project_id" not in columns:
                continue
            [count] = connection.execute(
                f"SELECT count(*) FROM {table} WHERE project_id = ?",
                [uuid.UUID(project_id).bytes]).fetchone()
            if count:
                found[table] = count
    return found


def show(store, project_id, deletion):
    return cli.cleat("deletion", "show", "--store", store.url, "--project",
                     project_id, deletion)


def all_parts(store, project_id, deletion):
    cursor, found = 0, []
    while cursor is not None:
        page = cli.cleat("deletion", "show", "--store", store.url,
                         "--project", project_id, "--cursor", str(cursor),
                         deletion)
        found += page["effects"]
        cursor = page["nextCursor"]
    return found


def ended(store, project_id, deletion):
    def look():
        now = show(store, project_id, deletion)
        return now["state"] != "running" and now

    return eventually(look, "the project's deletion has run")


def refuses_everybody(project):
    """Each API's caller, as strangers are."""
    for client, path in (
            (project.ampersand, f"/projects/{project.name}/installations"),
            (project.gorules, f"/projects/{project.id}/integrations"),
            (project.apinizer,
             f"/projects/{project.name}/connections/?type=all"),
            (project.native, f"{base(project)}/groups")):
        assert client.get(path).status == 401, path
    return True


def fill(server):
    name = unique("ending")
    project = server.create_project(name, name)
    World(project, "ending")
    project.native.put(f"{base(project)}/policies/group", {
        "mode": "soft", "retentionDays": 1}).must_be(200)
    for hold in project.native.get(f"{base(project)}/holds").body["items"]:
        project.native.delete(
            f"{base(project)}/holds/{hold['kind']}/{hold['id']}") \
            .must_be(204, None)
    return project


def things_of(store, project_id):
    """All but what its own jobs add meanwhile: they try and try again."""
    return {table: count
            for table, count in tables_of(store, project_id).items()
            if table not in ("event", "event_link", "job_lane")}


@pytest.fixture(scope="module")
def own():
    """A server of its own: whole tables are looked at."""
    with served(options=OPTIONS) as running:
        yield running


def let_go(own):
    """All that must be so of one project beside another."""
    project, neighbour = fill(own), fill(own)
    project.upsun.get(f"/projects/{project.upsun_id}/integrations") \
        .must_be(200)
    before = things_of(own.store, neighbour.id)
    planned = plan(project, "project", project.id)
    done = project.native.send("DELETE", base(project)).must_be(200).body
    deletion = done["id"]
    assert done["target"] == {"kind": "project", "id": project.id,
                              "name": project.name}
    assert refuses_everybody(project)
    assert project.upsun.get(
        f"/projects/{project.upsun_id}/integrations").status == 401
    again = own.create_project(project.name, unique("org"))
    assert again.id != project.id
    again.ampersand.get(f"/projects/{again.name}/installations") \
        .must_be(200, [])
    done = ended(own.store, project.id, deletion)
    assert done["counts"] == planned["counts"]
    assert all_parts(own.store, project.id, deletion) == planned["effects"]
    assert of(planned["effects"], "gone", "token")
    assert of(planned["effects"], "gone", "jwt_key")
    assert of(planned["effects"], "gone", "variable")
    left = tables_of(own.store, project.id)
    secrets = left.pop("secret", 0)  # of its steps, until they are done
    assert set(left) <= KEPT, left
    assert bool(secrets) <= (done["state"] == "waiting")
    assert things_of(own.store, neighbour.id) == before
    neighbour.ampersand.get(f"/projects/{neighbour.name}/installations") \
        .must_be(200)


def test_nothing_is_left_of_it_but_what_happened(own):
    let_go(own)


def test_it_goes_in_batches_through_a_kill(server_factory):
    server = server_factory()
    name = unique("crowded")
    project = server.create_project(name, name)
    Crowded(project, 400, 10)
    deletion = project.native.send("DELETE", base(project)).must_be(200) \
        .body["id"]
    server.kill()
    assert rows_of(server.store, "SELECT id FROM installation")
    again = server_factory(server.store)
    done = ended(again.store, project.id, deletion)
    assert (done["state"], done["counts"]["gone"]["installation"]) == \
        ("done", 410)
    assert not set(tables_of(again.store, project.id)) - KEPT


def test_a_plan_of_it_is_carried_out(own):
    project = fill(own)
    planned = plan(project, "project", project.id)
    amp.new_integration(project)
    project.native.post(f"{base(project)}/deletions", {
        "planToken": planned["planToken"]}).must_be(412)
    planned = plan(project, "project", project.id)
    done = project.native.post(f"{base(project)}/deletions", {
        "planToken": planned["planToken"]}).must_be(201).body
    assert refuses_everybody(project)
    ended(own.store, project.id, done["id"])


def test_what_is_held_of_it_keeps_it(own):
    project = fill(own)
    connection = amp.new_connection(project)
    path = f"{base(project)}/holds/connection/{connection['id']}"
    project.native.put(path, {"reason": "case"}).must_be(200)
    assert plan(project, "project", project.id)["heldBy"]["reason"] == "case"
    answer = project.native.send("DELETE", base(project)).must_be(409)
    assert connection["id"] in answer.body["detail"]
    project.native.get(f"{base(project)}/groups").must_be(200)


def test_only_who_may_manage_it_ends_it(own):
    project, other = fill(own), fill(own)
    viewer = project.caller("gorules", "viewer")
    for caller, status in ((viewer, 403), (other.gorules, 404)):
        project.native.send(
            "DELETE", base(project),
            headers={"Authorization": caller.headers["Authorization"]}) \
            .must_be(status)
    assert project.native.send("DELETE", base(project),
                               query={"dryRun": "true"}).status == 200
    project.native.send("DELETE", base(project),
                        query={"mode": "soft"}).must_be(422)
    project.native.post(f"{base(project)}/deletions:plan", {
        "target": {"kind": "project", "id": other.id}}).must_be(404)
    for verb in ("restore", "purge"):
        project.native.post(f"{base(project)}/project/{project.id}:{verb}",
                            {}).must_be(404)
    project.native.get(f"{base(project)}/groups").must_be(200)


def test_what_is_kept_of_it_is_in_the_hands_of_an_operator(server_factory):
    """By its id: its tokens are refused, but its steps, its chain and its key
    are there."""
    server = server_factory()
    store, project = server.store, server.project
    amp.new_connection(project, provider="box")
    done = project.native.send("DELETE", base(project)).must_be(200).body
    of_it = ("--store", store.url, "--project", project.id)

    def shown():
        return cli.cleat("deletion", "show", *of_it, done["id"])

    eventually(lambda: shown()["state"] == "waiting", "its batches")
    [step] = shown()["steps"]
    cli.cleat("deletion", "abandon", *of_it, "--reason", "lost", done["id"],
              step["id"])
    assert shown()["state"] == "done"
    assert cli.cleat("key", "rotate", *of_it)["projects"][0]["keyVersion"] == 2
    for verb in ("verify", "export"):
        said = cli.run("audit", verb, *of_it)
        assert said.returncode == 0 and project.id in said.stdout


def test_command_ends_it_where_nobody_serves():
    with Store() as store:
        name = unique("offline")
        keys = store.create_project(name, name)
        done = cli.cleat("project", "delete", "--store", store.url, name)
        assert (done["state"], done["counts"]["gone"]["token"]) == ("done", 4)
        assert not set(tables_of(store, keys["project"]["id"])) - KEPT
        assert [one["name"] for one in
                cli.cleat("project", "list", "--store", store.url)] == \
            ["my-project"]
        again = cli.run("project", "delete", "--store", store.url, name)
        assert again.returncode == 1 and "no project" in again.stderr


def catches(plant):
    with planted_server(plant, options=OPTIONS) as server:
        try:
            let_go(server)
        except AssertionError:
            return True
        return False


def test_planted_faults_are_caught(all_caught):
    caught = [plant for plant in PLANTS if catches(plant)]
    all_caught("projects", PLANTS, caught)
