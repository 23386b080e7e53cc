"""The chain over events: every event is under a link, whatever recorded it,
and whatever is done to either is found."""

import re
import sqlite3
import subprocess
import sys
import threading

import pytest

from support import ampersand as amp
from support import cli
from support import gorules as gr
from support.native import base
from support.planted import planted, under_test
from support.server import Server, Store
from support.soak import scaled
from support.tampering import Tamperer, verify
from support.wait import eventually
from support.whole import changing, rows_of

COUNT, PLANTED_COUNT = scaled(300, 10000), 300
PLANTS = ["verify_without_checkpoints", "seal_without_payloads",
          "seal_without_the_last_event", "chain_without_the_link_before",
          "commit_without_a_seal"]


def live(project):
    """Changes of all sorts: alone, at once, refused, by jobs, by commands."""
    kept = amp.new_installation(project)
    for _ in range(3):
        made = amp.new_installation(project)
        project.ampersand.delete(amp.path_of(project, made)).must_be(204)
    path = f"/projects/{project.name}/connections/{kept['connection']['id']}"
    project.ampersand.delete(path).must_be(409)
    project.ampersand.get(path, {"includeCreds": "true"}).must_be(200)
    many = [threading.Thread(target=gr.new_integration, args=[project])
            for _ in range(6)]
    for one in many:
        one.start()
    for one in many:
        one.join()
    gone = gr.new_integration(project)
    project.gorules.delete(gr.integrations(project, gone["id"])).must_be(200)
    project.token("gorules")
    project.native.delete(f"{base(project)}/groups/"
                          f"{kept['group']['groupRef']}").must_be(200)


def test_all_that_is_recorded_is_sealed(server_factory):
    server = server_factory()
    live(server.project)
    other = server.create_project("other", "other")
    gr.new_integration(other)
    assert verify(server.store.url).returncode == 0  # while it serves
    server.stop()
    done = verify(server.store.url)
    assert done.returncode == 0, done
    lines = dict(line.split(" sound: ") for line in done.stdout.splitlines())
    assert set(lines) == {server.project.id, other.id}
    [(events,)] = rows_of(server.store, "SELECT COUNT(*) FROM event")
    assert events == sum(int(line.split()[0]) for line in lines.values())
    cli.cleat("token", "create", "--store", server.store.url, "--project",
              "other", "--api", "gorules")  # by a process of its own
    again = verify(server.store.url, "--project", "other").stdout
    assert again.startswith(f"{other.id} sound: ")
    assert again not in done.stdout


def test_requests_that_share_a_commit_share_a_link(server_factory):
    server = server_factory()
    live(server.project)
    [(links, events)] = rows_of(
        server.store, "SELECT COUNT(*), SUM(event_count) FROM event_link")
    assert links < events


def test_old_events_are_under_a_first_link(server_factory):
    server = server_factory()
    live(server.project)
    server.stop()
    with changing(server.store) as database:
        database.execute("DELETE FROM event_link")
    old = rows_of(server.store, "SELECT COUNT(*) FROM event")
    later = server_factory(server.store)
    gr.new_integration(later.project)
    assert verify(server.store.url).returncode == 0
    assert old == rows_of(server.store, "SELECT event_count FROM event_link "
                          "WHERE number = 1")


def documented_verifier():
    page = (cli.ROOT / "docs/proof.md").read_text()
    [script] = [one for one in re.findall(r"```python\n(.*?)```", page, re.S)
                if "blake2b" in one]
    return script


def test_export_verifies_by_the_documentation_alone(server_factory):
    server = server_factory()
    live(server.project)
    gr.new_integration(server.project, name="Größe \U0001F40D \\ \"")
    server.stop()  # its jobs record as well
    done = cli.run("audit", "export", "--store", server.store.url,
                   "--project", "my-project")
    assert done.returncode == 0, done
    said = subprocess.run([sys.executable, "-c", documented_verifier()],
                          input=done.stdout, capture_output=True, text=True,
                          timeout=60, check=True).stdout.strip()
    head = verify(server.store.url).stdout.split()[-1]
    assert said == f"sound up to {head}"
    part = cli.run("audit", "export", "--store", server.store.url,
                   "--project", server.project.id, "--from", "2", "--to", "3")
    assert part.stdout in done.stdout
    assert re.findall(r'"link":(\d+)', part.stdout) == ["2", "3"]


@pytest.mark.parametrize("words, status, said", [
    (["verify", "--project", "nowhere"], 1, "there is no project nowhere"),
    (["export"], 2, "--project PROJECT is needed"),
    (["export", "--project", "my-project", "--from", "x"], 2,
     "--from must be a link's number"),
    (["export", "--project", "my-project", "--to", "0"], 2,
     "--to must be a link's number"),
])
def test_words_that_do_not_fit(store, words, status, said):
    done = cli.run("audit", *words, "--store", store.url)
    assert (done.returncode, done.stdout) == (status, ""), done
    assert said in done.stderr


def test_an_older_store_is_refused(folder):
    path = folder / "old.db"
    sqlite3.connect(path).execute("CREATE TABLE a (b)").connection.close()
    done = verify(f"sqlite:{path}")
    assert done.returncode == 1 and "cannot be read" in done.stderr, done


def tampered_with(folder, count):
    """Of so many tamperings with a store and its checkpoints elsewhere, those
    that are not found."""
    checkpoints = folder / "checkpoints"
    with Store() as store:
        server = Server(store)
        live(server.project)
        gr.new_integration(server.create_project("other", "other"))
        server.stop()
        told = Server(store, options=("--checkpoint-file", str(checkpoints)))
        try:
            eventually(lambda: checkpoints.read_text().count("\n") >= 2,
                       "a checkpoint of each project")
            gr.new_integration(told.project)  # that nobody is told of
        finally:
            told.stop()
        tamperer = Tamperer(store, folder, count, checkpoints)
        assert tamperer.is_sound()
        yield from tamperer.unseen(count)


@pytest.mark.sqlite
def test_whatever_is_done_to_events_or_links_is_found(release, folder):
    assert list(tampered_with(folder, COUNT)) == []


def catches(plant, folder):
    folder.mkdir()
    with planted(plant) as binary, under_test(binary):
        try:
            return next(tampered_with(folder, PLANTED_COUNT), None) is not None
        except AssertionError:
            return True  # what is sound is called tampered with


def test_planted_faults_are_caught(all_caught, folder):
    caught = [plant for plant in PLANTS if catches(plant, folder / plant)]
    all_caught("the chain", PLANTS, caught)
