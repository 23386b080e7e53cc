"""Logs of activities: a JSON object a line, the last one with a seal."""

import json

from support.forms import TIME, Form, Including, differences
from support.upsun import (OPEN, activities, error, go_on, new_webhook,
                           of_integration, tell, told)


def lines(reply):
    return [json.loads(line) for line in
            reply.must_be(200).text.splitlines()]


LINE = Including({"data": {"timestamp": TIME, "message": Form(
    "line", lambda value: value.endswith("\n"))}})


def test_log_ends_with_a_seal_when_it_is_over(project):
    one = told(project, **OPEN, log="one\ntwo")
    path = f"{activities(project, one['id'])}/log"
    before = lines(project.upsun.get(path))
    assert [line["data"]["message"] for line in before] == ["one\n", "two\n"]
    assert not any(line.get("seal") for line in before)
    assert all(not differences(LINE, line) for line in before)
    go_on(project, one, log="three\n\nfive\n").must_be(200)
    go_on(project, one, state="complete").must_be(200)
    after = lines(project.upsun.get(path))
    assert [line["data"]["message"] for line in after] == [
        "one\n", "two\n", "three\n", "\n", "five\n"]
    assert [line.get("seal", False) for line in after] == [
        False, False, False, False, True]
    assert len({line["_id"] for line in after}) == 5
    rest = lines(project.upsun.get(path, {"start_at": 3}))
    assert rest == after[3:]
    # whoever asks for more than there is learns that there is no more
    assert lines(project.upsun.get(path, {"start_at": 99})) == after[4:]


def test_log_of_what_said_nothing_is_one_line(project):
    for given, said in ({}, "environment.push\n"), \
            ({"description": "Jane pushed"}, "Jane pushed\n"), \
            ({"text": "pushed"}, "pushed\n"):
        one = told(project, **given)
        [line] = lines(project.upsun.get(
            f"{activities(project, one['id'])}/log"))
        assert line["seal"] is True
        assert line["data"]["message"] == said
    open_one = told(project, **OPEN)
    assert lines(project.upsun.get(
        f"{activities(project, open_one['id'])}/log")) == []


def test_log_of_a_change_says_what_it_was(project):
    made = new_webhook(project)
    [one] = project.upsun.get(of_integration(project, made)).body
    [line] = lines(project.upsun.get(
        of_integration(project, made, one["id"], "/log")))
    assert not differences(Including({"seal": True, "data": {
        "timestamp": TIME, "message": "Added an integration: webhook\n"}}),
        line)


def test_log_begins_at_a_number(project):
    one = told(project)
    for wrong in "-1", "x", "":
        project.upsun.get(f"{activities(project, one['id'])}/log",
                          {"start_at": wrong}).must_be(
            400, error(400, "Bad Request", "start_at"))


def test_log_has_a_limit(project):
    one = told(project, **OPEN, log="x" * 512 * 1024)
    go_on(project, one, log="x" * 512 * 1024).must_be(200)
    go_on(project, one, log="x").must_be(400, error(
        400, "Bad Request", "log"))
    tell(project, log="x" * (512 * 1024 + 1)).must_be(400, error(
        400, "Bad Request", "log"))
