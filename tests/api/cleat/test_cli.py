"""The command line: what it prints, and how it fails."""

import contextlib
import os
import shutil
import sqlite3
import stat
import subprocess

import pytest

from support import cli
from support.forms import ID13, UUID, differences, pattern
from support.names import unique
from support.server import Store

COMMANDS = [["init"], ["serve"], ["project", "create"], ["project", "list"],
            ["token", "create"], ["token", "list"], ["token", "revoke"],
            ["version"],
            ["deletion", "plan"], ["deletion", "run"], ["deletion", "list"],
            ["deletion", "show"], ["deletion", "retry"],
            ["deletion", "abandon"], ["trash", "list"], ["trash", "restore"],
            ["trash", "purge"], ["group", "offboard"],
            ["key", "rotate"], ["key", "status"]]


@pytest.fixture
def new_store():
    made = Store()
    yield made
    made.remove()


def keys(name):
    def token(kind):
        return pattern(f"{kind} token", f"cleat_{kind}_[0-9A-Za-z]{{49}}")

    return {"project": {"id": UUID, "name": name, "upsunId": ID13},
            "ampersand": {"apiKey": token("amp")},
            "upsun": {"apiToken": token("ups")},
            "gorules": {"personalAccessToken": token("pat")},
            "apinizer": {"token": token("apz")}}


def one_line(text):
    assert text.strip() and len(text.strip().splitlines()) == 1, text


def test_init_prints_the_keys_of_the_project(new_store):
    assert not differences(keys("my-project"), new_store.keys)


def test_init_refuses_a_store_that_exists(new_store):
    done = cli.run("init", "--store", new_store.url)
    assert (done.returncode, done.stdout) == (1, ""), done
    one_line(done.stderr)


@pytest.mark.sqlite
def test_store_and_master_key_are_private(new_store):
    files = [path for path in new_store.folder.iterdir() if path.is_file()]
    assert len(files) >= 2, files
    for path in files:
        assert stat.S_IMODE(path.stat().st_mode) == 0o600, path


def test_master_key_may_lie_elsewhere(folder):
    url, key = f"sqlite:{folder}/store.db", folder / "elsewhere.key"
    made = cli.run("init", "--store", url, "--master-key", str(key))
    assert made.returncode == 0, made.stderr
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    served = cli.run("serve", "--store", url, "--listen", "127.0.0.1:0")
    assert served.returncode == 1, served
    one_line(served.stderr.splitlines()[-1])


def test_nothing_starts_without_the_master_key(new_store):
    for path in new_store.folder.iterdir():
        if "key" in path.name:
            os.remove(path)
    done = cli.run("serve", "--store", new_store.url,
                   "--listen", "127.0.0.1:0")
    assert done.returncode == 1, done
    assert "listening" not in done.stdout


def test_nothing_starts_without_a_store(folder):
    done = cli.run("serve", "--store", f"sqlite:{folder}/none.db",
                   "--listen", "127.0.0.1:0")
    assert done.returncode == 1, done
    assert not list(folder.iterdir())


@pytest.mark.sqlite
def test_second_server_on_one_store_does_not_start(server_factory):
    first = server_factory()
    done = cli.run("serve", "--store", first.store.url,
                   "--listen", "127.0.0.1:0")
    assert done.returncode == 1, done
    first.project.ampersand.get("/projects").must_be(200)


def test_project_is_created_and_listed(new_store):
    name = unique("made")
    assert not differences(keys(name), new_store.create_project(name))
    done = cli.run("project", "list", "--store", new_store.url)
    assert done.returncode == 0, done.stderr
    assert name in done.stdout and "my-project" in done.stdout


def test_the_rule_of_a_name_is_told(server):
    done = cli.run("project", "create", "--store", server.store.url,
                   "Bad Name")
    assert done.returncode == 1 and "a-z, 0-9 and -" in done.stderr, done


@pytest.mark.sqlite
def test_a_file_that_is_no_database_is_told(tmp_path):
    file = tmp_path / "notes.txt"
    cli.cleat("init", "--store", f"sqlite:{tmp_path}/s.db")
    shutil.copy(tmp_path / "s.db.key", f"{file}.key")
    file.write_text("no database " * 1000)
    done = cli.run("project", "list", "--store", f"sqlite:{file}")
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].startswith(
        "cleat: the store cannot be read: it is none"), done
    assert file.read_text() == "no database " * 1000


@pytest.mark.parametrize("name", ["my-project", "My-Project", "a/b", "a"])
def test_name_that_is_taken_or_can_not_be_is_refused(server, name):
    done = cli.run("project", "create", "--store", server.store.url, name)
    assert (done.returncode, done.stdout) == (1, ""), done
    one_line(done.stderr)


def test_projects_of_an_organization_share_its_builder(server_factory):
    server = server_factory()
    organization = unique("acme")
    one = server.create_project(unique("one"), organization)
    two = server.create_project(unique("two"), organization)
    for builder in one.upsun, two.upsun:
        for project in one, two:
            builder.get(f"/projects/{project.upsun_id}").must_be(200)
        builder.get(f"/projects/{server.project.upsun_id}").must_be(404)


def test_version_is_printed():
    done = cli.run("version")
    assert done.returncode == 0
    one_line(done.stdout)


@pytest.mark.parametrize("command", [[], *COMMANDS], ids=" ".join)
def test_help_is_printed(command):
    done = cli.run(*command, "--help")
    assert done.returncode == 0, done
    assert done.stdout.strip() and not done.stderr, done


@pytest.mark.parametrize("arguments", [
    "sail", "init", "init --store", "init --store mysql:x",
    "init --colour blue", "serve --listen 127.0.0.1:0",
    "serve --store STORE", "serve --store STORE --listen nowhere",
    "serve --store STORE --listen 127.0.0.1:99999",
    "token", "token sail", "token create --store STORE",
    "token create --store STORE --project my-project --api soap",
    "token create --store STORE --project my-project --api upsun"
    " --role captain",
    "token create --store STORE --project my-project --api upsun"
    " --role frontend",
    "token create --store STORE --project my-project --api upsun"
    " --expires soon",
    "token create --store STORE --project my-project --api upsun"
    " --expires -1",
    "token revoke --store STORE --project my-project",
    "token revoke --store STORE --project my-project no-uuid extra",
    "project create --store STORE",
    "deletion plan --store STORE --project my-project moon"
    " 00000000-0000-7000-8000-000000000000",
    "deletion plan --store STORE --project my-project group x",
    "deletion plan --store STORE --project my-project group"
    " 00000000-0000-7000-8000-000000000000 --mode warm",
    "deletion plan --store STORE --project my-project group"
    " 00000000-0000-7000-8000-000000000000 --revoke later",
    "deletion plan --store STORE --project my-project group"
    " 00000000-0000-7000-8000-000000000000 --force=yes",
    "deletion run --store STORE --project my-project",
    "deletion show --store STORE --project my-project x",
    "deletion retry --store STORE --project my-project x y",
    "deletion retry --store STORE --project my-project"
    " 00000000-0000-7000-8000-000000000000",
    "deletion abandon --store STORE --project my-project"
    " 00000000-0000-7000-8000-000000000000"
    " 00000000-0000-7000-8000-000000000000",
    "deletion abandon --store STORE --project my-project"
    " 00000000-0000-7000-8000-000000000000"
    " 00000000-0000-7000-8000-000000000000 --reason=",
    "trash restore --store STORE --project my-project group",
    "group offboard --store STORE --project my-project",
    "key rotate --store STORE --master --project my-project",
    "key rotate --store STORE --new-master-key /tmp/none.key",
    "key rotate --store STORE --master --new-master-key none.key",
    "key rotate --store STORE --master=yes", "key status x --store STORE",
    "version extra"])
def test_wrong_usage_is_one_line_and_exit_2(server, arguments):
    done = cli.run(*(server.store.url if word == "STORE" else word
                     for word in arguments.split()))
    assert (done.returncode, done.stdout) == (2, ""), done
    one_line(done.stderr)


def test_no_command_is_wrong_usage():
    done = cli.run()
    assert (done.returncode, done.stdout) == (2, ""), done
    assert "--help" in done.stderr


def test_unknown_project_is_told(new_store):
    for command in (["token", "list", "--project", "nobody"],
                    ["token", "create", "--project", "nobody",
                     "--api", "upsun"]):
        done = cli.run(*command[:2], "--store", new_store.url, *command[2:])
        assert done.returncode == 1, done
        one_line(done.stderr)


def test_help_of_a_group_of_commands():
    done = cli.run("deletion", "--help")
    assert done.returncode == 0
    assert "cleat deletion plan KIND ID" in done.stdout


def test_what_cannot_be_printed_is_not_made(tmp_path):
    with open("/dev/full", "w", encoding="ascii") as full:
        done = subprocess.run(
            [cli.binary(), "init", "--store", f"sqlite:{tmp_path}/s.db"],
            stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == 1
    assert "could not be printed" in done.stderr
    one_line(done.stderr)
    assert not list(tmp_path.iterdir())


def test_a_key_that_was_there_stays(tmp_path):
    cli.cleat("init", "--store", f"sqlite:{tmp_path}/one.db")
    key = tmp_path / "one.db.key"
    with open("/dev/full", "w", encoding="ascii") as full:
        done = subprocess.run(
            [cli.binary(), "init", "--store", f"sqlite:{tmp_path}/two.db",
             "--master-key", str(key)],
            stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == 1 and key.exists()
    assert not (tmp_path / "two.db").exists()


@pytest.mark.parametrize("is_served", [True, False])
def test_a_token_that_nobody_saw_is_revoked(server_factory, new_store,
                                            is_served):
    store = server_factory().store if is_served else new_store

    def tokens():
        return cli.cleat("token", "list", "--store", store.url,
                         "--project", "my-project")

    before = tokens()
    with open("/dev/full", "w", encoding="ascii") as full:
        done = subprocess.run(
            [cli.binary(), *cli.with_key([
                "token", "create", "--store", store.url, "--api", "upsun",
                "--project", "my-project"])],
            stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == 1, done
    assert done.stderr == \
        "cleat: the token could not be printed: it is revoked\n"
    assert tokens() == before


def test_a_project_is_named_by_its_uuid_too(new_store):
    project = new_store.keys["project"]["id"]
    made = cli.cleat("token", "create", "--store", new_store.url,
                     "--project", project, "--api", "upsun")
    assert made["id"] in [one["id"] for one in cli.cleat(
        "token", "list", "--store", new_store.url, "--project", project)]
    plan = cli.cleat("deletion", "plan", "--store", new_store.url,
                     "--project", project, "token", made["id"])
    done = cli.run("deletion", "run", "--store", new_store.url,
                   "--project", project, plan["planToken"])
    assert done.returncode == 0, done.stderr


@pytest.mark.sqlite
@pytest.mark.parametrize("is_file_empty", [True, False])
@pytest.mark.parametrize("command", [
    ["project", "list"], ["serve", "--listen", "127.0.0.1:0"],
    ["key", "status"]], ids=" ".join)
def test_nothing_but_init_makes_a_store(tmp_path, command, is_file_empty):
    file, made = tmp_path / "empty.db", tmp_path / "s.db"
    with contextlib.closing(sqlite3.connect(file)) as empty:
        if not is_file_empty:
            empty.executescript("CREATE TABLE a (a); DROP TABLE a")
    file.touch()
    cli.cleat("init", "--store", f"sqlite:{made}")
    shutil.copy(f"{made}.key", f"{file}.key")
    done = cli.run(*command, "--store", f"sqlite:{file}")
    assert done.returncode == 1, done
    one_line(done.stderr)
    assert "no store" in done.stderr
    with contextlib.closing(sqlite3.connect(file)) as empty:
        assert not empty.execute("SELECT name FROM sqlite_master").fetchall()


@pytest.mark.sqlite
def test_no_others_database_becomes_a_store(tmp_path):
    file, key = tmp_path / "other.db", tmp_path / "other.db.key"
    with contextlib.closing(sqlite3.connect(file)) as other:
        other.execute("CREATE TABLE mine (a TEXT PRIMARY KEY)")
        other.commit()
    made = tmp_path / "s.db"
    cli.cleat("init", "--store", f"sqlite:{made}")
    shutil.copy(f"{made}.key", key)
    done = cli.run("project", "list", "--store", f"sqlite:{file}")
    assert done.returncode == 1 and done.stderr
    with contextlib.closing(sqlite3.connect(file)) as other:
        assert other.execute("SELECT name FROM sqlite_master "
                             "WHERE type = 'table'").fetchall() == [("mine",)]
