"""`cleat worker`: it gets what is deployed, hands it to applications beside it,
keeps it, and has lost what was let go of when it is back."""

import os
import signal
import stat

import pytest

from support import ampersand as amp
from support import apinizer as apz
from support import cli
from support.forms import TIME, UUID, Including
from support.held import Applications, WorkerProcess
from support.http import Client, Stranger
from support.names import unique
from support.native import base, receipt
from support.server import ALLOWED
from support.wait import eventually
from support.whole import served
from support.worker import new_environment

BACK_S = 5  # within which whoever is back has lost what was let go of


@pytest.fixture(scope="module")
def server():
    with served(options=ALLOWED) as running:
        yield running


@pytest.fixture
def project(server):
    name = unique("held")
    return server.create_project(name, name)


@pytest.fixture
def environment(project):
    return new_environment(project)["name"]


@pytest.fixture
def worker(project, environment):
    with WorkerProcess(project, environment) as made:
        yield made
        if not made.is_over:
            made.stop()


def deploy(project, worker, name, **fields):
    apz.new_connection(project, name, **fields)
    eventually(lambda: worker.has(name), "the push")


def let_go(project, name):
    return project.apinizer.delete(apz.connection(project, name)) \
        .must_be(200).headers["Cleat-Deletion"]


def wait_until_done(project, deletion):
    eventually(lambda: receipt(project, deletion)["state"] == "done",
               "the removal")


def test_application_gets_a_connection_with_its_secrets(
        project, environment, worker):
    deploy(project, worker, "Mail", password="pass-1")
    made = worker.get("mAIL").must_be(200, Including({
        "id": UUID, "environment": environment, "type": "email",
        "name": "Mail", "secrets": {"password": "pass-1"}}),
        {"Cache-Control": "no-store"}).body
    assert made["settings"]["host"] == "smtp.example.com"
    listed = worker.applications.get("/connections").must_be(200)
    assert listed.body == {"connections": [{
        "id": made["id"], "name": "Mail", "version": made["version"]}]}
    worker.get("other").must_be(404, Including(amp.problem(404)))


def test_health_tells_whether_it_is_registered(worker, project):
    eventually(lambda: worker.health()["comparedAt"], "the full set")
    deploy(project, worker, "mail")
    Client(worker).get("/healthz").must_be(200, {
        "status": "ok", "isRegistered": True, "comparedAt": TIME,
        "connections": 1, "missing": 0})
    text = Stranger(worker).get("/metrics").must_be(200).text
    assert "\ncleat_worker_connections 1\n" in text


def test_change_arrives_and_what_is_switched_off_is_dropped(project, worker):
    deploy(project, worker, "mail")
    path = apz.connection(project, "mail")
    project.apinizer.put(path, {"type": "email", "port": 2525}).must_be(200)
    eventually(lambda: worker.get("mail").body["settings"]["port"] == 2525,
               "the change")
    project.apinizer.put(path, {"type": "email", "name": "post"}) \
        .must_be(200)
    eventually(lambda: worker.names() == {"post"}, "the new name")
    project.apinizer.put(apz.connection(project, "post"), {
        "type": "email", "enabled": False}).must_be(200)
    eventually(lambda: worker.names() == set(), "its end")


def test_deletion_is_done_when_the_worker_has_lost_it(project, worker):
    deploy(project, worker, "mail")
    deletion = let_go(project, "mail")
    wait_until_done(project, deletion)
    worker.get("mail").must_be(404)
    [step] = receipt(project, deletion)["steps"]
    assert step["reason"] == "removed" and step["facts"]["worker"] == \
        worker.name


def test_only_the_applications_token_reads(project, worker):
    deploy(project, worker, "mail")
    for token in (None, "x", worker.token[:-1], worker.token[:-1] + "#",
                  project.keys["apinizer"]["token"]):
        for path in "/connections/mail", "/connections":
            Applications(worker, token).get(path).must_be(
                401, Including(amp.problem(401)))


def test_only_its_servers_key_changes_what_it_holds(project, worker):
    deploy(project, worker, "mail")
    path = f"/connections/{worker.get('mail').body['id']}?version=99"
    for token in None, "x", worker.token:
        caller = Applications(worker, token)
        caller.delete(path).must_be(401)
        caller.put(path, {"name": "mail"}).must_be(401)
    assert worker.has("mail")


def test_path_that_is_not_there_and_wrong_method_are_told(worker):
    Stranger(worker).get("/nothing").must_be(404)
    Stranger(worker).post("/connections", {}).must_be(
        405, headers={"Allow": "GET"})


def test_it_goes_on_with_what_it_had_while_its_server_is_away(
        server_factory):
    server = server_factory(options=ALLOWED)
    project = server.project
    environment = new_environment(project)["name"]
    with WorkerProcess(project, environment) as worker:
        deploy(project, worker, "mail", password="pass-1")
        server.kill()
        worker.kill()
        worker.start()
        assert worker.get("mail").body["secrets"] == {"password": "pass-1"}
        assert not worker.health()["isRegistered"]
        worker.stop()


@pytest.mark.parametrize("away", ["killed", "stopped"])
def test_who_was_away_has_lost_what_was_let_go_of(project, worker, away):
    for name in "kept", "gone":
        deploy(project, worker, name)
    if away == "killed":
        worker.kill()
    else:
        worker.pause()
    deletion = let_go(project, "gone")
    if away == "killed":
        worker.start()
    else:
        worker.go_on()
    eventually(lambda: worker.names() == {"kept"}, "the loss", BACK_S)
    wait_until_done(project, deletion)


def test_who_was_killed_while_its_environment_went_has_nothing(
        project, environment, worker):
    deploy(project, worker, "mail")
    worker.kill()
    made = project.native.get(f"{base(project)}/environments") \
        .must_be(200).body["items"]
    [found] = [one["id"] for one in made if one["name"] == environment]
    deletion = project.native.delete(
        f"{base(project)}/environments/{found}").headers["Cleat-Deletion"]
    worker.start()
    eventually(lambda: worker.names() == set(), "the loss", BACK_S)
    wait_until_done(project, deletion)


def deleted_environment(project, name):
    """The deletion's id."""
    made = project.native.get(f"{base(project)}/environments") \
        .must_be(200).body["items"]
    [found] = [one["id"] for one in made if one["name"] == name]
    return project.native.delete(f"{base(project)}/environments/{found}") \
        .must_be(200).headers["Cleat-Deletion"]


def moved(worker, environment):
    """The same process, at the same URL, in another environment."""
    worker.stop()
    at = worker.options.index("--environment")
    worker.options[at + 1] = environment
    worker.start()
    return worker.wait_until_registered()


def test_worker_that_moved_has_its_own_environments_credentials(
        project, environment, worker):
    live = new_environment(project)["name"]
    project.apinizer.post(
        f"/projects/{project.name}/environmentVariables/WHERE/", {
            "environmentValueList": [
                {"environmentName": environment, "value": "in-test"},
                {"environmentName": live, "value": "in-live"}]}).must_be(200)
    deploy(project, worker, "mail", password="${WHERE}")
    moved(worker, live)
    eventually(lambda: worker.has("mail"), "live's")
    assert worker.get("mail").body["secrets"] == {"password": "in-live"}
    moved(worker, environment)
    eventually(lambda: worker.has("mail"), "its own")
    path = apz.connection(project, "mail")
    for port in range(2000, 2020):
        answer = project.apinizer.put(path, {"type": "email", "port": port}) \
            .must_be(200).body["deploymentResult"]
        assert [one["envName"] for one in answer["detailList"]] == \
            [environment]
        assert worker.get("mail").body["secrets"] == {"password": "in-test"}
    deleted_environment(project, live)
    project.apinizer.put(path, {"type": "email", "port": 25}).must_be(200)
    assert worker.get("mail").body["environment"] == environment


def test_removal_that_waited_for_who_made_way_is_given_up(
        project, environment, worker):
    deploy(project, worker, "mail")
    worker.kill()
    deletion = let_go(project, "mail")
    live = new_environment(project)["name"]
    worker.options[1] = live
    worker.start()
    worker.wait_until_registered()
    wait_until_done(project, deletion)
    [step] = receipt(project, deletion)["steps"]
    assert step["state"] == "abandoned"
    assert f"{worker.name} of environment {live}" in step["reason"]
    assert worker.names() == set()


def test_it_refuses_what_is_for_another(project, worker):
    deploy(project, worker, "mail")
    made = worker.get("mail").body
    answer = project.workers.post("/register", {
        "environment": made["environment"], "name": worker.name,
        "url": worker.base}).must_be(200).body
    caller = Applications(worker, answer["key"])
    its = f"/connections/{made['id']}?version=999&worker="
    other = "00000000-0000-7000-8000-000000000000"
    for path in its + other, its, its.removesuffix("&worker="):
        caller.put(path, made).must_be(409)
        caller.delete(path).must_be(409)
    its += answer["id"]
    caller.put(its, {**made, "environment": "another"}).must_be(409)
    assert worker.get("mail").body["version"] < 999
    caller.put(its, {**made, "version": 999}).must_be(200)


@pytest.mark.parametrize("away", ["killed", "connected"])
def test_who_may_not_ask_any_more_has_nothing(project, environment, away):
    with WorkerProcess(project, environment) as worker:
        deploy(project, worker, "mail")
        if away == "killed":
            worker.kill()
        project.server.store.revoke_token(project.name, worker.token_id)
        if away == "killed":
            let_go(project, "mail")
            worker.start()
        eventually(lambda: worker.names() == set(), "the loss", BACK_S)
        apz.new_connection(project, "later")
        assert worker.names() == set()
        worker.renew_token()
        eventually(lambda: worker.has("later"), "what it may have again")
        worker.stop()


def test_what_it_keeps_is_sealed_and_its_owners_alone(project, worker):
    deploy(project, worker, "mail", password="pass-of-mail")
    worker.stop()
    for path in worker.state.iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600, path
        assert b"pass-of-mail" not in path.read_bytes()
    assert stat.S_IMODE(worker.state.stat().st_mode) == 0o700
    log = worker.stderr()
    assert "pass-of-mail" not in log
    assert (worker.folder / "token").read_text().strip() not in log
    assert worker.token not in log


@pytest.mark.parametrize("harm", ["torn", "lost", "another key"])
def test_file_that_does_not_open_is_not_read(project, worker, harm):
    deploy(project, worker, "mail", password="pass-1")
    worker.stop()
    held = worker.state / "held"
    if harm == "torn":
        held.write_bytes(held.read_bytes()[:100])
    elif harm == "lost":
        held.unlink()
    else:
        (worker.state / "key").unlink()
    worker.start()
    eventually(lambda: worker.has("mail"), "all that it is to have")
    assert worker.get("mail").body["secrets"] == {"password": "pass-1"}
    if harm != "lost":
        eventually(lambda: "does not open" in worker.stderr(), "its log")


def test_sigterm_lets_an_answer_end(project, worker):
    deploy(project, worker, "mail")
    worker.process.send_signal(signal.SIGTERM)
    assert worker.process.wait(30) == 0
    assert worker.log()[-1]["message"] == "stopped"
    worker.start()


def refused(place, *options, **changed):
    token = place / "token"
    if not token.exists():
        token.write_text("cleat_wrk_nonsense")
    words = {"server": "http://127.0.0.1:1", "token": token,
             "environment": "live", "listen": "127.0.0.1:0",
             "folder": place / "state", **changed}
    pairs = [word for name, value in words.items()
             for word in (f"--{name}", str(value))]
    done = cli.run("worker", *pairs, *options)
    assert done.returncode == 2 and not done.stdout
    [line] = done.stderr.splitlines()
    return line


@pytest.mark.parametrize("changed, said", [
    ({"listen": "0.0.0.0:0"}, "--remote-server"),
    ({"listen": "10.1.2.3:0"}, "--remote-server"),
    ({"listen": "[::]:0"}, "--remote-server"),
    ({"listen": "nonsense"}, "--listen"),
    ({"server": "ftp://example.com"}, "--server"),
    ({"server": "http://example.com/?a=b"}, "--server"),
    ({"url": "nonsense"}, "--url"),
    ({"environment": ""}, "--environment"),
    ({"name": "a\nb"}, "--name"),
    ({"token": "/nowhere"}, "/nowhere"),
    ({}, "holds no such token"),
])
def test_bad_option_is_refused_by_name(folder, changed, said):
    assert said in refused(folder, **changed)


def test_nobody_can_call_any_address(folder):
    assert "--url is needed" in refused(folder, "--remote-server",
                                        listen="0.0.0.0:0")


def test_folder_is_one_workers_alone(project, worker):
    done = cli.run("worker", *map(str, worker.command()[2:]))
    assert done.returncode == 2
    assert "another worker has" in done.stderr


def test_folder_that_can_not_be_made_is_told(folder, project):
    (folder / "token").write_text(project.token("worker")["token"])
    (folder / "file").write_text("")
    assert "Not a directory" in refused(folder, folder=folder / "file/x")
    os.mkdir(folder / "state", 0o700)
    (folder / "state/key").write_text("nonsense")
    os.chmod(folder / "state/key", 0o600)
    assert "hexadecimal" in refused(folder)


def test_unknown_environment_is_logged_until_there_is_one(project):
    with WorkerProcess(project, "nowhere") as worker:
        eventually(lambda: "no such environment" in worker.stderr(),
                   "the refusal")
        new_environment(project, "nowhere")
        worker.wait_until_registered()
        assert (worker.folder / "token").read_text().strip() \
            not in worker.stderr()
        worker.stop()
