"""The command line beside a running server and without one; keys, locks and
files that are not as they should be. What each command prints and what wrong
usage is called is in tests/api/cleat/test_cli.py."""

import concurrent.futures
import fcntl
import json
import os
import pathlib
import re
import socket
import subprocess

import pytest

from support import cli
from support.ampersand import Ampersand
from support.forms import TEXT, TIME_Z, UUID, differences
from support.server import Store
from support.upsun import exchange

COMMANDS = {
    "init": "--store", "serve": "--store --listen --allow-http --batch-over",
    "project create": "--store --organization",
    "project list": "--store",
    "project delete": "--store --mode --revoke",
    "token create":
        "--store --project --api --role --label --expires",
    "token list": "--store --project", "token revoke": "--store --project",
    "version": "",
    "worker": "--server --token --environment --listen --folder",
}
LISTEN = "--listen", "127.0.0.1:0"


@pytest.fixture
def own_store():
    made = Store()
    yield made
    made.remove()


@pytest.fixture(params=["served", "not served"])
def live_store(request, server_factory, own_store):
    """A store with a running server, and one without."""
    if request.param == "served":
        server_factory(own_store)
    return own_store


def key_of(store):
    return store.folder / "store.db.key"


def refused(done, *words, status=1):
    """Nothing on stdout; the last line on stderr says why, and those before
    it are log lines."""
    assert (done.returncode, done.stdout) == (status, ""), done
    *logged, said = done.stderr.splitlines()
    assert said.startswith("cleat: ") and len(said) < 400, done.stderr
    assert all(word in said for word in words), said
    for line in logged:
        json.loads(line)


def contents(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()
            if path.is_file()}


# Help and usage.

def test_help_names_every_command_and_option():
    for asked in ["--help"], ["-h"], ["help"]:
        done = cli.run(*asked)
        assert done.returncode == 0 and not done.stderr, done
        for command in COMMANDS:
            assert re.search(rf"cleat +{command}\b", done.stdout), command
    for command, options in COMMANDS.items():
        for asked in "--help", "-h":
            done = cli.run(*command.split(), asked)
            assert done.returncode == 0 and not done.stderr, done
            assert all(option in done.stdout for option in options.split())


def test_help_is_given_whatever_else_is_said(own_store):
    before = contents(own_store.folder)
    for words in (["init", "--store", own_store.url], ["token", "revoke", "x"],
                  ["project", "create", "--colour", "blue"]):
        done = cli.run(*words, "--help")
        assert done.returncode == 0 and done.stdout and not done.stderr
    assert contents(own_store.folder) == before


def usage_errors():
    for command, options in COMMANDS.items():
        for wrong in ("--colour blue", "--colour=blue", "-x", "one two three",
                      *(f"{option}" for option in options.split())):
            yield f"{command} {wrong}"
    yield from ("", "sail --help-me", "token", "project", "tokens create",
                "token create create", "init --store=")


@pytest.mark.parametrize("live", ["served", "not served"])
def test_wrong_usage_is_one_line_and_exit_2(server, own_store, live):
    url = server.store.url if live == "served" else own_store.url
    for words in usage_errors():
        command = words.split()
        if "--store" in command:
            command.remove("--store")
            command.append("--store")
        elif command[:1] not in (["version"], ["sail"]) \
                and "--store=" not in command:
            command += ["--store", url]
        done = cli.run(*command)
        assert (done.returncode, done.stdout) == (2, ""), done
        if words:
            refused(done, status=2)


# init

def test_second_init_leaves_the_first_store_as_it_is(own_store):
    before = contents(own_store.folder)
    refused(cli.run("init", "--store", own_store.url), "exists")
    assert contents(own_store.folder) == before


def test_init_takes_a_master_key_that_is_there(folder):
    key = folder / "shared.key"
    for name in "one", "two":
        done = cli.run("init", "--store", f"sqlite:{folder}/{name}.db",
                       "--master-key", str(key))
        assert done.returncode == 0, done.stderr
    assert not list(folder.glob("*.db.key"))


@pytest.mark.parametrize("broken", ["mode", "text", "folder", "nowhere"])
def test_init_without_a_usable_master_key_leaves_nothing(folder, broken):
    key = folder / "master.key"
    if broken == "mode":
        key.write_text("0" * 64 + "\n")
        key.chmod(0o640)
    elif broken == "text":
        key.write_text("secret\n")
        key.chmod(0o600)
    elif broken == "folder":
        key.mkdir(0o700)
    else:
        key = folder / "none" / "master.key"
    refused(cli.run("init", "--store", f"sqlite:{folder}/store.db",
                    "--master-key", str(key)), "master key")
    assert not list(folder.glob("store.db*"))


def test_init_needs_the_folder(folder):
    refused(cli.run("init", "--store", f"sqlite:{folder}/none/store.db"))
    assert not list(folder.iterdir())


def test_option_may_be_joined_to_its_value(folder):
    done = cli.run("init", f"--store=sqlite:{folder}/store.db")
    assert done.returncode == 0, done.stderr
    done = cli.run("project", "list", f"--store=sqlite:{folder}/store.db")
    assert done.returncode == 0, done.stderr


# The master key.

def no_one_starts(store, *words):
    before = contents(store.folder)
    refused(failed_start(store), *words)
    for command in (["project", "list"],
                    ["token", "list", "--project", "my-project"]):
        refused(cli.run(*command, "--store", store.url), *words)
    assert contents(store.folder) == before


def failed_start(store):
    """Of a server that should not start, and is not waited for if it does."""
    try:
        return subprocess.run(
            [cli.binary(), *cli.with_key(
                ["serve", "--store", store.url, *LISTEN])],
            env=cli.environment(), capture_output=True, text=True,
            timeout=10, check=False)
    except subprocess.TimeoutExpired as started:
        raise AssertionError(f"it started: {started.stdout}") from None


def test_nothing_starts_without_the_master_key(own_store):
    key_of(own_store).unlink()
    no_one_starts(own_store, "master key")


@pytest.mark.parametrize("mode", [0o604, 0o640, 0o660, 0o644, 0o700 | 0o001])
def test_nothing_starts_when_others_may_read_the_master_key(own_store, mode):
    key_of(own_store).chmod(mode)
    no_one_starts(own_store, "master key", "0600")


@pytest.mark.parametrize("text", [
    "", "\n", "0" * 63, "0" * 65, "g" * 64, "0" * 63 + "x", " " + "0" * 64])
def test_nothing_starts_when_the_master_key_is_no_key(own_store, text):
    key_of(own_store).write_text(text)
    no_one_starts(own_store, "master key")


def test_nothing_starts_with_the_master_key_of_another_store(own_store):
    other = Store()
    try:
        key_of(own_store).write_bytes(key_of(other).read_bytes())
        no_one_starts(own_store, "master key")
    finally:
        other.remove()


def test_master_key_is_never_printed(own_store):
    text = key_of(own_store).read_text().strip()
    for broken in text + "0", text[:-1], text[:-1] + "x":
        key_of(own_store).write_text(broken)
        done = failed_start(own_store)
        assert text[:16] not in done.stdout + done.stderr


# Stores that can't be opened.

@pytest.mark.sqlite
def test_store_that_another_process_has_is_left_alone(own_store):
    with open(f"{own_store.folder}/store.db-lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        no_one_starts(own_store, "another process")
    done = cli.run("project", "list", "--store", own_store.url)
    assert done.returncode == 0, done.stderr


def test_file_that_is_no_store_is_refused(folder):
    path = folder / "store.db"
    path.write_bytes(b"not a database\n" * 100)
    (folder / "store.db.key").write_text("0" * 64)
    (folder / "store.db.key").chmod(0o600)
    before = path.read_bytes()
    for command in ["serve", *LISTEN], ["project", "list"]:
        refused(cli.run(*command, "--store", f"sqlite:{path}"))
    assert path.read_bytes() == before


def test_port_that_is_taken_is_told(own_store):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        refused(cli.run("serve", "--store", own_store.url,
                        "--listen", address), address)


@pytest.mark.parametrize("command", ["init", "project list", "version",
                                     "project create more"])
def test_output_that_can_not_be_written_is_a_failure(
        own_store, folder, command):
    words = command.split()
    url = f"sqlite:{folder}/new.db" if words == ["init"] else own_store.url
    if words != ["version"]:
        words += ["--store", url]
    with open("/dev/full", "w") as full:
        done = subprocess.run([cli.binary(), *cli.with_key(words)],
                              stdout=full, env=cli.environment(), timeout=60, check=False)
    assert done.returncode == 1, done


# Projects and tokens, with a server and without one.

def listed(store, project="my-project"):
    return {one["id"]: one for one in cli.cleat(
        "token", "list", "--store", store.url, "--project", project)}


def test_token_is_made_listed_and_revoked(live_store):
    before = listed(live_store)
    made = live_store.create_token(
        "my-project", "ampersand", "--role", "viewer", "--label", "a",
        "--expires", "60")
    assert not differences({
        "id": UUID, "api": "ampersand", "role": "viewer", "label": "a",
        "token": TEXT, "createdAt": TIME_Z, "expiresAt": TIME_Z}, made)
    after = listed(live_store)
    assert set(after) - set(before) == {made["id"]}
    assert not differences({
        "id": made["id"], "api": "ampersand", "role": "viewer", "label": "a",
        "handle": made["token"][:len(after[made["id"]]["handle"])],
        "createdAt": made["createdAt"], "expiresAt": made["expiresAt"]},
        after[made["id"]])
    live_store.revoke_token("my-project", made["id"])
    assert listed(live_store) == before
    refused(cli.run("token", "revoke", "--store", live_store.url,
                    "--project", "my-project", made["id"]), made["id"])


def test_project_is_made_and_listed(live_store):
    made = live_store.create_project("more", "acme")
    projects = {one["name"]: one for one in cli.cleat(
        "project", "list", "--store", live_store.url)}
    assert not differences({
        "id": made["project"]["id"], "name": "more", "title": "more",
        "upsunId": made["project"]["upsunId"], "organizationId": UUID,
        "createdAt": TIME_Z}, projects["more"])
    refused(cli.run("project", "create", "--store", live_store.url, "MORE"),
            "more")
    assert set(listed(live_store, "more")) and len(projects) == 2


@pytest.mark.parametrize("words", [
    "token create --project nobody --api upsun", "token list --project nobody",
    "token revoke --project nobody 00000000-0000-7000-8000-000000000000",
    "token revoke --project my-project nonsense",
    "token revoke --project my-project 00000000-0000-7000-8000-000000000000",
    "project create -", "project create a_b"])
def test_what_is_not_there_is_told(live_store, words):
    refused(cli.run(*words.split(), "--store", live_store.url))


def test_revoked_token_is_refused_at_once(server_factory):
    """With what was exchanged for it, and though it was just used."""
    server = server_factory()
    for _ in range(10):
        made = server.store.create_token("my-project", "ampersand")
        caller = Ampersand(server, key=made["token"])
        caller.get("/projects").must_be(200)
        server.store.revoke_token("my-project", made["id"])
        caller.get("/projects").must_be(401)
    builder = server.store.create_token("my-project", "upsun")
    access = exchange(server, builder["token"]).must_be(200).body
    caller = Ampersand(server, bearer=access["access_token"])
    caller.get("/projects").must_be(200)
    server.store.revoke_token("my-project", builder["id"])
    caller.get("/projects").must_be(401)


def test_commands_at_once_all_get_through_a_server(server_factory):
    server = server_factory()
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        made = list(pool.map(
            lambda number: server.store.create_token(
                "my-project", "gorules", "--label", f"n{number}"),
            range(16)))
    there = listed(server.store)
    assert all(one["id"] in there for one in made)


def test_commands_at_once_without_a_server_leave_one_in(own_store):
    """Each has the store to itself, or says who has it."""
    def run(number):
        return cli.run("token", "create", "--store", own_store.url,
                       "--project", "my-project", "--api", "upsun",
                       "--label", str(number))

    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        finished = list(pool.map(run, range(16)))
    made = [json.loads(done.stdout)["id"] for done in finished
            if done.returncode == 0]
    for done in finished:
        if done.returncode:
            refused(done, "another process")
    assert made and set(made) <= set(listed(own_store))
    assert len(listed(own_store)) == 4 + len(made)


@pytest.mark.sqlite
def test_socket_is_for_its_owner_alone(server):
    mode = os.stat(f"{server.store.folder}/store.db-control").st_mode
    assert mode & 0o077 == 0


@pytest.mark.sqlite
def test_socket_takes_nonsense_without_harm(server):
    path = f"{server.store.folder}/store.db-control"
    for message in (b"", b"{}", b"[", b"[1]", b'["token"]', b"\xff" * 100,
                    b'["token","list"]', b'["serve"]', b"[" * 200,
                    b'["token","list","--project"]',
                    json.dumps(["x"] * 100).encode(),
                    json.dumps(["token", "list", "x" * 100000]).encode()):
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
            connection.connect(path)
            connection.sendall(message)
            connection.shutdown(socket.SHUT_WR)
            answer = b"".join(iter(lambda: connection.recv(4096), b""))
        assert json.loads(answer)["status"] == 2, (message, answer)
    assert listed(server.store)


def test_long_path_of_a_store_is_no_obstacle(server_factory, folder):
    """A socket's own path would have 108 bytes at most."""
    deep = pathlib.Path(folder, *["x" * 50] * 4)
    deep.mkdir(parents=True)
    url = f"sqlite:{deep}/store.db"
    store = Store.__new__(Store)
    store.folder, store.url = deep, url
    store.keys = cli.cleat("init", "--store", url)
    server_factory(store)
    assert store.create_token("my-project", "ampersand")["token"]
