"""A store over restarts: all that was shown before is shown after; a store
that this version did not make is left alone."""

import contextlib

import pytest

from support import ampersand as amp
from support import apinizer as apz
from support import cli, engine
from support import gorules as gr
from support.http import Stranger
from support.project import Project
from support.server import Store
from support.upsun import new_webhook
from support.whole import changing, reader, rows_of


def fill(project):
    """Something of each API; what was deleted leaves its traces too."""
    kept = amp.new_installation(project)
    gone = amp.new_installation(project)
    project.ampersand.delete(amp.path_of(project, gone)).must_be(204)
    new_webhook(project, shared_key="kept")
    gr.new_integration(project)
    hidden = gr.new_integration(project)
    project.gorules.delete(gr.integrations(project, hidden["id"])) \
        .must_be(200)
    apz.new_connection(project, "mail", password="kept")
    project.ampersand.post(f"/projects/{project.name}/api-keys",
                           {"label": "another"}).must_be(201)
    return kept


def shown(project, installation):
    """What each API shows of the project, by its path."""
    base = f"/projects/{project.name}"
    connection = f"{base}/connections/{installation['connection']['id']}"
    pages = {
        project.ampersand: [
            "/projects", base, f"{base}/api-keys", f"{base}/integrations",
            f"{base}/installations", f"{base}/connections", connection,
            f"{connection}?includeCreds=true&includeRefreshToken=true",
            amp.path_of(project, installation)],
        project.gorules: ["/projects", gr.integrations(project)],
        project.apinizer: ["/projects/", apz.connection(project, "mail"),
                           f"{apz.connection(project)}?type=all"],
        project.upsun: [
            f"/projects/{project.upsun_id}{path}" for path in (
                "", "/integrations", "/activities")],
    }
    return {f"{caller.prefix}{path}":
            caller.get(path).must_be(200).text.replace(
                project.server.base, "")
            for caller, paths in pages.items() for path in paths}


def test_everything_shown_before_is_shown_after(server_factory):
    server = server_factory()
    store, two = server.store, server.create_project("two", "two")
    installations = {one: fill(Project(server, one.keys))
                     for one in (server.project, two)}
    before = {one.name: shown(one, made)
              for one, made in installations.items()}
    server.stop()
    for _ in range(2):
        server = server_factory(store)
        for one, made in installations.items():
            again = Project(server, one.keys)
            assert shown(again, made) == before[one.name]
        server.stop()


def test_start_and_stop_change_no_row(server_factory):
    server = server_factory()
    fill(server.project)
    server.stop()
    before = dump(server.store)
    assert any("my-project" in line for line in before)
    server_factory(server.store).stop()
    assert dump(server.store) == before


@pytest.mark.sqlite
def test_stop_leaves_no_socket_and_the_store_to_others(server_factory):
    server = server_factory()
    control = server.store.folder / "store.db-control"
    assert control.exists()
    server.stop()
    assert not control.exists()
    done = cli.run("project", "list", "--store", server.store.url)
    assert done.returncode == 0, done.stderr


@pytest.mark.sqlite
def test_socket_of_a_killed_server_is_no_obstacle(server_factory):
    server = server_factory()
    server.kill()
    assert (server.store.folder / "store.db-control").exists()
    again = server_factory(server.store)
    assert again.create_project("made").name == "made"


def dump(store):
    with contextlib.closing(reader(store)) as database:
        return engine.dump(database)


def change(store, *statement):
    with changing(store) as database:
        assert database.execute(*statement).rowcount == 1


MIGRATIONS = {
    "an applied migration that was changed": (
        "UPDATE schema_migration SET checksum = ? WHERE number = 1",
        ("0" * 64,)),
    "another migration under its number": (
        "UPDATE schema_migration SET number = 700 WHERE number = 1", ()),
    "a checksum that was cut": (
        "UPDATE schema_migration SET checksum = substr(checksum, 2) "
        "WHERE number = 1", ()),
    "a migration of a newer version": (
        "INSERT INTO schema_migration VALUES (9999, 'later', ?, 0)",
        ("0" * 64,)),
}


@pytest.mark.parametrize("case", MIGRATIONS)
def test_store_that_is_not_ours_is_refused(server_factory, case):
    server = server_factory()
    server.stop()
    store = server.store
    change(store, *MIGRATIONS[case])
    before = dump(store)
    for command in (["serve", "--listen", "127.0.0.1:0"],
                    ["project", "list"], ["project", "create", "more"]):
        done = cli.run(*command, "--store", store.url)
        assert (done.returncode, done.stdout) == (1, ""), done
        assert done.stderr.strip(), done
        assert dump(store) == before


def test_migrations_are_recorded_with_their_checksums(server_factory):
    server = server_factory()
    server.stop()
    found = []
    for number, name, checksum, at in rows_of(
            server.store, "SELECT number, name, checksum, applied_at "
            "FROM schema_migration ORDER BY number"):
        found.append(f"{number:04}_{name}")
        assert at > 0
        assert len(checksum) == 64 and int(checksum, 16) >= 0
    files = (cli.ROOT / "sql/migrations").glob("*.sql")
    assert found == sorted(path.stem for path in files)


def test_server_of_a_restart_is_ready_at_once(server_factory):
    """The address is printed when the first request can be answered."""
    server = server_factory()
    server.kill()
    again = server_factory(server.store)
    Stranger(again).get("/readyz").must_be(200)


def test_port_that_is_taken_is_refused(server_factory):
    """Two on one port would share the calls out between them."""
    server = server_factory()
    taken = server.base.removeprefix("http://")
    with Store() as other:
        done = cli.run("serve", "--store", other.url, "--listen", taken)
    assert (done.returncode, done.stderr.splitlines()[-1]) == (
        1, f"cleat: cannot listen on {taken}")
