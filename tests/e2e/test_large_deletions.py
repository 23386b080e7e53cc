"""A deletion that takes more than --batch-over things hides them at once and
ends them in batches, and no kill makes it forget any."""

import re

import pytest
import requests

from support import cli
from support.crowd import Crowded
from support.names import unique
from support.native import all_effects, base, ended, of, plan, receipt
from support.planted import SOUND, planted, planted_server, under_test
from support.server import Server, Store
from support.soak import scaled
from support.wait import eventually
from support.whole import rows_of

SIZE = scaled(1100, 3000)
PLANTED_SIZE = 1100  # where nothing is killed
SHARED = 40
BATCH_THINGS = 1024  # at most, of core/ending.c
KILLS = 4
GOES_ON_S, PLANTED_GOES_ON_S = 20, 3  # after a kill
OPTIONS = ["--batch-over", "100"]
PLANTS = ["forget_the_scope", "forget_a_connection_of_a_batch",
          "forget_the_rest", "delete_in_one_transaction"]


def batches(server, kind):
    """How many there were but for the last ones."""
    text = requests.get(f"{server.base}/metrics", timeout=10).text
    found = re.search(r'cleat_jobs_retried_total\{kind="%s"\} (\d+)' % kind,
                      text)
    return int(found[1])


def let_go(server, size=SIZE):
    """All that must be so of one server, from the first commit to the last."""
    crowd = Crowded(server.project, size, SHARED)
    planned = plan(server.project, "integration", crowd.large["id"])
    deletion = crowd.let_go()
    crowd.check_hidden()
    done = ended(server.project, deletion)
    crowd.check_hidden()
    assert (done["state"], done["counts"]) == ("done", planned["counts"])
    assert done["counts"] == {
        "gone": {"installation": size, "connection": size - SHARED,
                 "integration": 1},
        "kept": {"connection": SHARED}}
    effects = all_effects(server.project, deletion)
    assert effects[:100] == planned["effects"]
    assert set(of(effects, "gone", "installation")) == \
        {one["id"] for one in crowd.installed}
    assert batches(server, "delete") >= size // BATCH_THINGS
    check_store(server.store, crowd)


def count_of(store, rows):
    [(count,)] = rows_of(store, f"SELECT count(*) FROM {rows}")
    return count


def check_store(store, crowd):
    """Nothing is left of it, and each thing's end is told once."""
    assert count_of(store, "leaving_scope") == 0
    for table, left in (("installation", SHARED), ("connection", SHARED),
                        ("secret", SHARED), ("integration", 1)):
        assert count_of(store, table) == left, table
    told = dict(rows_of(
        store, "SELECT type, count(DISTINCT subject_id) FROM event "
        "WHERE type LIKE '%.deleted' GROUP BY type"))
    assert told == {"installation.deleted": len(crowd.installed),
                    "connection.deleted": len(crowd.installed) - SHARED,
                    "integration.deleted": 1}
    assert count_of(store, "event WHERE type LIKE '%.deleted'") == \
        sum(told.values())
    actors = rows_of(store, "SELECT DISTINCT actor FROM event WHERE "
                     "type = 'installation.deleted'")
    assert [actor.startswith("token:") for (actor,) in actors] == [True]
    assert len(crowd.kept) == SHARED


def let_go_through_kills(store, crowd, goes_on_s=GOES_ON_S):
    """Kills the server at once, and whenever some more batches have been made;
    how many of the kills left something to do."""
    server, seen, cut_short = Server(store, options=OPTIONS), 0, 0
    try:
        deletion = crowd.on(server).let_go()
        for _ in range(KILLS):
            server.kill()
            cut_short += count_of(store, "leaving_scope")
            server = Server(store, options=OPTIONS)
            seen = eventually(lambda: progress(server, deletion, seen),
                              "the deletion goes on", goes_on_s)
        crowd.on(server).check_hidden()
        done = ended(server.project, deletion)
        assert done["state"] == "done"
        check_store(store, crowd)
        return cut_short
    finally:
        server.kill()


def progress(server, deletion, seen):
    """How many installations are gone, when that is more than `seen`."""
    now = receipt(server.project, deletion)
    gone = now["counts"].get("gone", {}).get("installation", 0)
    return gone if gone > seen or now["state"] != "running" else 0


def test_it_is_hidden_at_once_and_goes_in_batches(server_factory):
    let_go(server_factory(options=OPTIONS))


def test_a_kill_makes_it_forget_nothing(server_factory):
    server = server_factory(options=OPTIONS)
    crowd = Crowded(server.project, SIZE, SHARED)
    server.stop()
    assert let_go_through_kills(server.store, crowd) > 1


def test_what_is_being_hidden_comes_back_when_it_is_hidden(server_factory):
    server = server_factory(options=OPTIONS)
    project = server.project
    crowd = Crowded(project, SIZE, SHARED)
    project.native.put(f"{base(project)}/policies/manifest", {
        "mode": "soft", "retentionDays": 30}).must_be(200)
    path = f"{base(project)}/integration/{crowd.large['id']}"
    deletion = crowd.let_go()
    crowd.check_hidden(is_soft=True)
    assert ended(project, deletion)["state"] == "hidden"
    crowd.check_hidden(is_soft=True)
    back = project.native.post(f"{path}:restore", {}).must_be(200).body
    assert back["restored"] == SIZE + SIZE - SHARED + 1
    assert len(list(crowd.pages())) == SIZE + SHARED
    deletion = crowd.let_go()
    ended(project, deletion)
    project.native.post(f"{path}:purge", {}).must_be(200)
    project.native.post(f"{path}:restore", {}).must_be(404)
    done = ended(project, deletion)
    assert (done["state"], done["counts"]["gone"]) == ("done", {
        "installation": SIZE, "connection": SIZE - SHARED, "integration": 1})
    assert batches(server, "purge") >= SIZE // BATCH_THINGS
    for table in ("installation", "connection"):
        assert count_of(server.store, table) == SHARED


def test_a_hold_inside_refuses_all_of_it(server_factory):
    server = server_factory(options=["--batch-over", "3"])
    project = server.project
    crowd = Crowded(project, 6, 2)
    for kind, held in (("project", project.id),
                       ("group", crowd.connections[4]["group"]["groupRef"]),
                       ("connection", crowd.connections[5]["id"])):
        if kind == "group":
            held = project.native.get(f"{base(project)}/groups/{held}") \
                .must_be(200).body["id"]
        path = f"{base(project)}/holds/{kind}/{held}"
        project.native.put(path, {"reason": "case"}).must_be(200)
        project.ampersand.delete(
            f"/projects/{project.name}/integrations/{crowd.large['id']}") \
            .must_be(409)
        assert len(list(crowd.pages())) == 8
        project.native.delete(path).must_be(204, None)
    ended(project, crowd.let_go())
    assert len(list(crowd.pages())) == 2


def test_its_name_is_free_at_once(server_factory):
    server = server_factory(options=["--batch-over", "0"])
    project = server.project
    group = unique("leaver")
    crowd = Crowded(project, 3, 0)
    for ref in (group, group):
        made = project.native.post(f"{base(project)}/groups", {"ref": ref}) \
            .must_be(201).body
        assert made["installations"] == 0
        crowd.install(crowd.small, crowd.connect(ref)).must_be(201)
        done = project.native.delete(f"{base(project)}/groups/{ref}") \
            .must_be(200).body
        assert done["state"] in ("running", "done")
        project.native.get(f"{base(project)}/groups/{ref}").must_be(404)


@pytest.mark.parametrize("number", ["-1", "x", "1000001", ""])
def test_batch_over_must_be_a_number(number):
    with Store() as store:
        done = cli.run("serve", "--store", store.url, "--listen",
                       "127.0.0.1:0", "--batch-over", number)
    assert done.returncode == 2 and "--batch-over" in done.stderr


def catches(plant):
    """What is killed is the planted one; who prepares it is sound."""
    try:
        with planted_server(plant, options=OPTIONS) as server:
            let_go(server, PLANTED_SIZE)
        with planted(plant) as binary, Store() as store:
            server = Server(store, options=OPTIONS)
            crowd = Crowded(server.project, SIZE, SHARED)
            server.stop()
            with under_test(binary):
                let_go_through_kills(store, crowd, PLANTED_GOES_ON_S)
    except AssertionError:
        return True
    return False


def test_planted_faults_are_caught(release, all_caught):
    assert not catches(SOUND), "this machine is too slow for the deadlines"
    caught = [plant for plant in PLANTS if catches(plant)]
    all_caught("large deletions", PLANTS, caught)
