"""Letting go by the command line, of a store that is served and of one that
is not."""

import json

import pytest

from support import ampersand as amp
from support import cli
from support import gorules as gr
from support.names import unique
from support.native import of, receipt
from support.revocation import connect, let_go
from support.wait import eventually


def cleat(project, *words, status=0):
    done = cli.run(*words[:2], "--store", project.server.store.url,
                   "--project", project.name, *words[2:])
    assert done.returncode == status, done
    return json.loads(done.stdout) if status == 0 else done.stderr


def test_planned_run_listed_and_shown(project):
    made = amp.new_installation(project)
    planned = cleat(project, "deletion", "plan", "installation", made["id"])
    done = cleat(project, "deletion", "run", planned["planToken"])
    assert done["effects"] == planned["effects"]
    shown = cleat(project, "deletion", "show", done["id"])
    # a step may have been tried meanwhile
    assert {**shown, "steps": None} == {**done, "steps": None}
    assert done["id"] in [
        one["id"] for one in cleat(project, "deletion", "list")]
    assert done["id"] not in [
        one["id"] for one in cleat(project, "deletion", "list", "--state",
                                   "hidden")]
    assert done["actor"] == "system"
    project.ampersand.get(amp.path_of(project, made)).must_be(404)
    assert "is gone" in cleat(
        project, "deletion", "run", planned["planToken"], status=1)


def test_options_count(project):
    made = amp.new_installation(project)
    connection = made["connection"]["id"]
    planned = cleat(project, "deletion", "plan", "connection", connection)
    assert planned["blockedBy"]
    planned = cleat(project, "deletion", "plan", "connection", connection,
                    "--force", "--mode", "soft", "--revoke", "never")
    assert planned["options"] == {"mode": "soft", "revoke": "never",
                                  "force": True}
    assert planned["blockedBy"] == []


def test_trash_is_listed_restored_and_purged(project):
    made = [gr.new_integration(project) for _ in range(2)]
    for one in made:
        project.gorules.delete(gr.integrations(project, one["id"])) \
            .must_be(200)
    listed = {one["id"] for one in cleat(project, "trash", "list")}
    assert {one["id"] for one in made} <= listed
    back = cleat(project, "trash", "restore", "integration", made[0]["id"])
    assert back["restored"] == 1
    project.gorules.get(gr.integrations(project, made[0]["id"])).must_be(200)
    gone = cleat(project, "trash", "purge", "integration", made[1]["id"])
    assert gone["state"] == "done"
    for one in made:
        assert "in the trash" in cleat(project, "trash", "restore",
                                       "integration", one["id"], status=1)


def test_group_is_offboarded_without_a_server(server_factory):
    server = server_factory()
    project = server.project
    group = unique("leaving")
    made = amp.new_installation(
        project, connection=amp.new_connection(project, group))
    server.stop()
    done = cleat(project, "group", "offboard", group)
    assert of(done["effects"], "gone", "installation") == [made["id"]]
    assert "there is no group" in cleat(project, "group", "offboard", group,
                                        status=1)


def waiting_step(project):
    """(deletion, step) of a grant that cannot be ended: its app is unknown."""
    deletion = let_go(project, connect(project, unique("refresh")))

    def tried():
        [step] = receipt(project, deletion["id"])["steps"]
        return step if step["attempts"] else None

    return deletion, eventually(tried, "a try")


@pytest.mark.parametrize("is_served", [True, False],
                         ids=["served", "not served"])
def test_step_is_retried_and_abandoned(server_factory, is_served):
    server = server_factory()
    project = server.project
    deletion, step = waiting_step(project)
    if not is_served:
        server.stop()
    words = deletion["id"], step["id"]
    again = cleat(project, "deletion", "retry", *words)
    assert (again["id"], again["state"]) == (step["id"], "waiting")
    assert again["nextAt"] == again["updatedAt"]
    gone = cleat(project, "deletion", "abandon", *words,
                 "--reason", "account gone")
    assert (gone["state"], gone["reason"]) == ("abandoned", "account gone")
    shown = cleat(project, "deletion", "show", deletion["id"])
    assert (shown["state"], shown["steps"]) == ("done", [gone])
    for verb in ["retry"], ["abandon", "--reason", "again"]:
        said = cleat(project, "deletion", verb[0], *words, *verb[1:],
                     status=1)
        assert "the step is abandoned" in said


def test_unknown_step_is_told(project):
    deletion, _ = waiting_step(project)
    assert "has no step" in cleat(project, "deletion", "retry",
                                  deletion["id"], deletion["id"], status=1)


def test_unknown_state_is_a_mistake_of_the_caller(project):
    assert "--state must be" in cleat(
        project, "deletion", "list", "--state", "foo", status=2)


def test_plan_goes_on_at_its_cursor(project):
    made = amp.new_installation(project)
    whole = cleat(project, "deletion", "plan", "installation", made["id"])
    rest = cleat(project, "deletion", "plan", "installation", made["id"],
                 "--cursor", "1")
    assert rest["effects"] == whole["effects"][1:]
