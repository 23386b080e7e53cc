"""Checkpoints: signed lines elsewhere that say how far each chain had grown;
by them it is found when a chain was cut or written anew."""

import json
import os
import stat
import subprocess

import pytest

from support import cli
from support import gorules as gr
from support.jose import keys_of, payload_of, verified_by_npm
from support.receiver import Receiver
from support.server import ALLOWED, Server, Store
from support.tampering import verify
from support.wait import eventually
from support.whole import changing

HOUR_S = 3600


def lines_of(path):
    text = path.read_text()
    assert text == "" or text.endswith("\n")
    return text.splitlines()


def to(path, *more):
    return ("--checkpoint-file", str(path), *more)


def checkpoint_of(server, path, count):
    """The last of so many lines, when they are there."""
    lines = eventually(lambda: len(lines_of(path)) >= count
                       and lines_of(path), f"{count} checkpoints")
    assert len(lines) == count
    return payload_of(lines[-1], keys_of(server))


def test_hourly_and_of_what_has_grown(server_factory, folder):
    path = folder / "checkpoints"
    first = server_factory(options=to(path))
    said = checkpoint_of(first, path, 1)
    assert stat.S_IMODE(os.stat(path).st_mode) == 0o600
    assert said["type"] == "cleat checkpoint 1"
    assert said["project"] == first.project.id
    assert said["hash"] == verify(first.store.url).stdout.split()[-1]
    assert verified_by_npm(first, lines_of(path)[-1]) == said
    gr.new_integration(first.project)
    other = first.create_project("other", "other")
    first.stop()

    # one that serves on for an hour, seen by its clock at start
    second = server_factory(first.store, clock_offset_s=HOUR_S,
                            options=to(path))
    eventually(lambda: len(lines_of(path)) == 3, "those that have grown")
    newest = [payload_of(line, keys_of(second)) for line in lines_of(path)]
    assert {one["project"] for one in newest[1:]} == {
        first.project.id, other.id}
    assert int(newest[-1]["number"]) > 0
    second.stop()
    third = server_factory(first.store, clock_offset_s=2 * HOUR_S,
                           options=to(path))
    gr.new_integration(third.project)
    assert verify(third.store.url, "--checkpoints", str(path)).returncode == 0
    third.stop()
    assert len(lines_of(path)) == 3, "nothing had grown when it began"


def test_what_a_crash_left_is_cut_off(server_factory, folder):
    path = folder / "checkpoints"
    server = server_factory(options=to(path))
    [line] = [checkpoint_of(server, path, 1) and lines_of(path)[0]]
    gr.new_integration(server.project)
    server.stop()
    with open(path, "a", encoding="ascii") as file:
        file.write(line[:100])
    again = server_factory(server.store, options=to(path))
    checkpoint_of(again, path, 2)
    assert lines_of(path)[0] == line


def _only_grows(path, sign):
    return subprocess.run(["chattr", f"{sign}a", path], check=False,
                          capture_output=True).returncode == 0


def test_a_file_that_may_only_grow_is_added_to(server_factory, folder):
    path = folder / "checkpoints"
    path.touch()
    if not _only_grows(path, "+"):
        pytest.skip("this file system or user sets no such mark")
    try:
        server = server_factory(options=to(path))
        checkpoint_of(server, path, 1)
        server.stop()
    finally:
        assert _only_grows(path, "-")


@pytest.mark.sqlite
def test_a_second_server_leaves_the_first_ones_file_alone(server_factory,
                                                          folder):
    path = folder / "checkpoints"
    server = server_factory(options=to(path))
    checkpoint_of(server, path, 1)
    with open(path, "a", encoding="ascii") as file:
        file.write("half a line, being written")
    was = path.read_bytes()
    done = cli.run("serve", "--store", server.store.url, "--listen",
                   "127.0.0.1:0", *to(path))
    assert done.returncode == 1, done
    assert path.read_bytes() == was


def test_posted_until_they_are_taken(server_factory):
    with Receiver(lambda post: 200 if post.number else 503) as receiver:
        options = ("--checkpoint-url", receiver.url, *ALLOWED)
        first = server_factory(options=options)
        eventually(lambda: receiver.messages, "the first try")
        first.stop()
        later = server_factory(first.store, clock_offset_s=61, options=options)
        eventually(lambda: receiver.messages[1:], "the second try")
        [line] = receiver.messages[1].body.splitlines()
        assert payload_of(line, keys_of(later))["project"] == later.project.id
        later.stop()
        assert [post.status for post in receiver.messages] == [503, 200]


@pytest.mark.parametrize("options, said", [
    (("--checkpoint-url", "http://10.0.0.1/"), "--checkpoint-url"),
    (("--checkpoint-file", "/nowhere/at/all"), "cannot be written"),
])
def test_targets_that_cannot_be_are_refused_at_start(options, said):
    with Store() as store:
        done = cli.run("serve", "--store", store.url, "--listen",
                       "127.0.0.1:0", *options)
    assert done.returncode == 2 and said in done.stderr, done


@pytest.fixture
def kept(server_factory, folder):
    """A stopped server's store, its file, and its checkpoints."""
    path = folder / "checkpoints"
    server = server_factory(options=to(path))
    for _ in range(3):
        gr.new_integration(server.project)
    server.stop()
    again = server_factory(server.store, clock_offset_s=HOUR_S,
                           options=to(path))
    eventually(lambda: len(lines_of(path)) >= 2, "the second checkpoint")
    again.stop()
    assert verify(server.store.url, "--checkpoints", str(path)) \
        .returncode == 0
    return server, path


def changed(server, *statements):
    with changing(server.store) as database:
        for statement in statements:
            database.execute(statement)


def test_a_chain_that_was_cut_is_found(kept):
    server, path = kept
    changed(server,
            "DELETE FROM event WHERE number > (SELECT MIN(last_event) "
            "FROM event_link)", "DELETE FROM event_link WHERE number > 1")
    assert verify(server.store.url).returncode == 0
    done = verify(server.store.url, "--checkpoints", str(path))
    assert done.returncode == 1 and " cut link " in done.stdout, done


def test_a_project_that_was_removed_is_found(kept):
    server, path = kept
    changed(server, "DELETE FROM event", "DELETE FROM event_link",
            "DELETE FROM project")
    done = verify(server.store.url, "--checkpoints", str(path))
    assert done.returncode == 1 and " cut link " in done.stdout, done


def test_a_line_of_another_key_is_none(kept):
    server, path = kept
    with Store() as other:
        own = path.with_name("theirs")
        stranger = Server(other, options=to(own))
        eventually(lambda: lines_of(own), "their checkpoint")
        stranger.stop()
        path.write_text(path.read_text() + own.read_text() + "nonsense\n")
    done = verify(server.store.url, "--checkpoints", str(path))
    assert done.returncode == 1, done
    count = len(lines_of(path))
    for number in count - 1, count:
        assert f"{path} line {number} is no checkpoint of this store" \
            in done.stdout
    assert json.dumps(done.stdout).count("sound") == 1
