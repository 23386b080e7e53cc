"""Pausing an installation's scheduled reads, and going on with them."""

import pytest

from support.ampersand import (Ampersand, invalid, new_installation, path_of,
                               problem)
from support.native import items

PAUSED, GOES_ON = "read.schedule.paused", "read.schedule.unpaused"


@pytest.fixture
def installed(project):
    return new_installation(project)


def told(project, installation):
    """What was paused and unpaused, with the note, in its order."""
    return [(one["type"], one["payload"])
            for one in items(project, "/events", subjectId=installation["id"])
            if one["type"] in (PAUSED, GOES_ON)]


def test_reads_are_paused_and_go_on(project, ampersand, installed):
    path = path_of(project, installed)
    ampersand.post(f"{path}:pause", {"objects": ["account"],
                                     "note": "maintenance"}).must_be(204, None)
    ampersand.post(f"{path}:unpause", {}).must_be(204, None)
    assert told(project, installed) == [
        (PAUSED, {"objects": ["account"], "note": "maintenance"}),
        (GOES_ON, {"objects": ["account"]})]
    ampersand.get(path).must_be(200, installed)


def test_what_is_so_already_is_left_alone(project, ampersand, installed):
    path = path_of(project, installed)
    ampersand.post(f"{path}:unpause").must_be(204, None)
    for _ in range(2):
        ampersand.post(f"{path}:pause").must_be(204, None)
    assert [kind for kind, _ in told(project, installed)] == [PAUSED]
    for _ in range(2):
        ampersand.post(f"{path}:unpause", {"objects": ["account"]}) \
            .must_be(204, None)
    assert [kind for kind, _ in told(project, installed)] == [PAUSED, GOES_ON]


@pytest.mark.parametrize("verb", ["pause", "unpause"])
@pytest.mark.parametrize("body, name", [
    ({"objects": ["nothing"]}, "objects"), ({"objects": []}, "objects"),
    ({"objects": "account"}, "objects"), ({"objects": [1]}, "objects"),
    ({"note": 1}, "note"), ({"note": "x" * 1025}, "note")])
def test_a_body_that_cannot_be_is_400(project, ampersand, installed, verb,
                                      body, name):
    ampersand.post(f"{path_of(project, installed)}:{verb}", body).must_be(
        400, invalid(400, name))
    assert told(project, installed) == []


@pytest.mark.parametrize("body", [b"{", b"[]", b"1"])
def test_what_is_no_object_is_400(project, ampersand, installed, body):
    ampersand.post(f"{path_of(project, installed)}:pause", body).must_be(
        400, problem(400))


def test_it_is_of_the_read_api_as_well(project, ampersand, installed):
    read = Ampersand(project.server, key=project.keys["ampersand"]["apiKey"])
    read.prefix = "/read/v1"
    read.post(f"{path_of(project, installed)}:pause").must_be(204, None)
    ampersand.send("POST", f"{path_of(project, installed)}:unpause",
                   headers={"Host": "read.example.com"}).must_be(204, None)
    assert [kind for kind, _ in told(project, installed)] == [PAUSED, GOES_ON]


def test_nobody_pauses_what_is_not_there(project, ampersand, installed):
    path = path_of(project, installed)
    ampersand.delete(path).must_be(204)
    for verb in "pause", "unpause":
        ampersand.post(f"{path}:{verb}").must_be(404, problem(404))
