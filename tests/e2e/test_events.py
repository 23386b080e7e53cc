"""What happened, by the native API: pages, filters, and waiting."""

import concurrent.futures
import socket
import threading
import time
import urllib.parse

import pytest
import requests

from support import ampersand as amp
from support import gorules as gr
from support.forms import TEXT, TIME_Z, differences
from support.native import Native, base, items
from support.planted import planted_server
from support.wait import eventually
from support.whole import changing

NOBODY = "00000000-0000-7000-8000-000000000000"
PLANTS = ["tell_nobody_who_waits", "miss_what_comes_meanwhile"]


def path_of(project):
    return f"{base(project)}/events"


def page(project, **query):
    return project.native.get(path_of(project), query).must_be(200).body


def all_events(project, **query):
    return items(project, "/events", **query)


def test_an_event_has_its_documented_form(new_project):
    made = amp.new_integration(new_project)
    [event] = all_events(new_project, type="integration.created")
    wrong = differences({
        "number": TEXT, "type": "integration.created", "actor": TEXT,
        "subject": {"kind": "integration", "id": made["id"]},
        "payload": event["payload"], "createdAt": TIME_Z}, event)
    assert not wrong, wrong
    assert isinstance(event["payload"], dict)
    assert event["number"].isdigit()


def test_pages_have_all_in_order(new_project):
    for _ in range(7):
        gr.new_integration(new_project)
    whole = all_events(new_project)
    numbers = [int(one["number"]) for one in whole]
    assert numbers == sorted(set(numbers)) and len(numbers) > 7
    assert all_events(new_project, limit="3") == whole
    last = page(new_project, limit="200")
    assert last["nextCursor"] is None
    assert page(new_project, cursor=last["followCursor"])["items"] == []
    gr.new_integration(new_project)
    [later] = page(new_project, cursor=last["followCursor"])["items"]
    assert later["type"] == "integration.created"


def test_filters(new_project):
    project = new_project
    one, two = (gr.new_integration(project) for _ in range(2))
    project.gorules.put(gr.integrations(project, one["id"]), {
        "name": "New", "config": {"method": "get", "url": "https://e.com"}}) \
        .must_be(200)
    whole = all_events(project)

    def having(**query):
        return [event["number"] for event in all_events(project, **query)]

    def those(test):
        return [event["number"] for event in whole if test(event)]

    assert having(subjectId=one["id"]) == those(
        lambda event: event["subject"]["id"] == one["id"])
    assert len(having(subjectId=one["id"])) == 2
    assert having(subjectKind="token") == those(
        lambda event: event["subject"]["kind"] == "token") != []
    assert having(subjectKind="integration", subjectId=two["id"],
                  type="integration.created") == those(
        lambda event: event["subject"]["id"] == two["id"])
    actor = whole[-1]["actor"]
    assert having(actor=actor) == those(
        lambda event: event["actor"] == actor)
    assert having(actor="system") == those(
        lambda event: event["actor"] == "system")
    middle = whole[-2]["createdAt"]
    assert having(since=middle) == those(
        lambda event: event["createdAt"] >= middle)
    assert having(until=middle) == those(
        lambda event: event["createdAt"] < middle)
    assert having(subjectId=NOBODY) == having(type="x") == []
    assert having(since="2999-01-01T00:00:00Z") == []


@pytest.mark.parametrize("query, field", [
    ({"wait": "61"}, "wait"), ({"wait": "-1"}, "wait"), ({"wait": "x"}, "wait"),
    ({"subjectId": "x"}, "subjectId"), ({"since": "today"}, "since"),
    ({"cursor": "x"}, "cursor"), ({"limit": "0"}, "limit"),
])
def test_what_is_wrong_is_named(project, query, field):
    answer = project.native.get(path_of(project), query).must_be(400).body
    assert [issue["name"] for issue in answer["issues"]] == [field]


def test_a_cursor_is_of_its_filters_but_not_of_its_wait(new_project):
    gr.new_integration(new_project)
    cursor = page(new_project, type="integration.created")["followCursor"]
    new_project.native.get(path_of(new_project), {
        "cursor": cursor}).must_be(400)
    assert page(new_project, type="integration.created", wait="0",
                cursor=cursor)["items"] == []


def test_a_rare_one_among_many_is_found_over_empty_pages(server_factory):
    server = server_factory()
    project = server.project
    made = gr.new_integration(project)
    server.stop()
    with changing(server.store) as database:
        [row] = database.execute(
            "SELECT * FROM event ORDER BY number DESC LIMIT 1")
        database.execute("DELETE FROM event_link")
        database.execute("DELETE FROM event WHERE number = ?", [row[1]])
        database.executemany(
            "INSERT INTO event VALUES (?, ?, 'x', 'system', 'x', ?, '{}', ?)",
            [(row[0], row[1] + at, row[5], row[7]) for at in range(10500)])
        database.execute("INSERT INTO event VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                         [row[0], row[1] + 10500, *row[2:]])
    project = server_factory(server.store).project
    first = page(project, subjectId=made["id"], type="integration.created")
    assert first["items"] == [] and first["nextCursor"]
    [found] = all_events(project, subjectId=made["id"],
                         type="integration.created")
    assert found["subject"]["id"] == made["id"]


def waiting(server):
    text = requests.get(f"{server.base}/metrics", timeout=10).text
    return int(text.split("\ncleat_event_waits ")[1].split()[0])


def follow(project, cursor, wait="20", caller=None, **query):
    begun = time.monotonic()
    answer = (caller or project.native).get(
        path_of(project), {"cursor": cursor, "wait": wait, **query})
    return answer, time.monotonic() - begun


@pytest.fixture
def alone(server_factory):
    """A project with nobody else on its server."""
    return server_factory().project


def end_of(project, **query):
    return page(project, limit="200", **query)["followCursor"]


def started(pool, project, *arguments, **query):
    before = waiting(project.server)
    future = pool.submit(follow, project, *arguments, **query)
    eventually(lambda: waiting(project.server) == before + 1, "it waits")
    return future


def test_a_commit_of_the_project_ends_the_wait(alone):
    other = alone.server.create_project("other", "other")
    with concurrent.futures.ThreadPoolExecutor() as pool:
        future = started(pool, alone, end_of(alone))
        gr.new_integration(other)
        assert waiting(alone.server) == 1
        made = gr.new_integration(alone)
        answer, took = future.result()
    [event] = answer.must_be(200).body["items"]
    assert event["subject"]["id"] == made["id"]
    assert took < 10 and waiting(alone.server) == 0


def test_a_wait_ends_empty_in_time(alone):
    answer, took = follow(alone, end_of(alone), wait="1")
    assert answer.must_be(200).body["items"] == []
    assert answer.body["nextCursor"] is None
    assert 0.9 < took < 5


def test_what_does_not_match_ends_no_wait(alone):
    with concurrent.futures.ThreadPoolExecutor() as pool:
        future = started(pool, alone, end_of(alone, type="token.created"),
                         type="token.created")
        for _ in range(5):
            gr.new_integration(alone)
        assert not future.done()
        alone.token("gorules")
        answer, _ = future.result()
    assert [one["type"] for one in answer.must_be(200).body["items"]] == \
        ["token.created"]


def test_a_revoked_token_waits_for_nothing(alone):
    made = alone.token("gorules")
    with concurrent.futures.ThreadPoolExecutor() as pool:
        future = started(pool, alone, end_of(alone),
                         caller=Native(alone.server, made["token"]))
        alone.server.store.revoke_token("my-project", made["id"])
        answer, _ = future.result()
    answer.must_be(401)


def test_who_waits_gets_an_empty_page_when_the_server_stops(alone):
    with concurrent.futures.ThreadPoolExecutor() as pool:
        future = started(pool, alone, end_of(alone), wait="60")
        began = time.monotonic()
        alone.server.stop()
        answer, _ = future.result()
    assert answer.must_be(200).body["items"] == []
    assert time.monotonic() - began < 10


def test_a_project_has_its_bound_and_leaves_room_for_others(alone):
    other = alone.server.create_project("other", "other")
    cursor, others = end_of(alone), end_of(other)
    with concurrent.futures.ThreadPoolExecutor(300) as pool:
        many = [pool.submit(follow, alone, cursor) for _ in range(257)]
        eventually(lambda: waiting(alone.server) == 256
                   and any(one.done() for one in many), "256 wait")
        refused, _ = next(one for one in many if one.done()).result()
        assert refused.must_be(503).headers["Retry-After"] == "1"
        theirs = pool.submit(follow, other, others)
        eventually(lambda: waiting(alone.server) == 257, "another's waits")
        gr.new_integration(alone)
        gr.new_integration(other)
        answers = [one.result()[0].status for one in [*many, theirs]]
    assert sorted(answers) == [200] * 257 + [503]


def test_who_hangs_up_gives_its_place_back(alone):
    cursor = end_of(alone)
    target = requests.Request("GET", "http://x" + path_of(alone), params={
        "wait": "60", "cursor": cursor}).prepare().path_url
    token = alone.keys["ampersand"]["apiKey"]
    address = urllib.parse.urlsplit(alone.server.base)
    callers = [socket.create_connection((address.hostname, address.port))
               for _ in range(20)]
    for caller in callers:
        caller.sendall(f"GET /cleat/v1{target} HTTP/1.1\r\nHost: x\r\n"
                       f"X-Api-Key: {token}\r\n\r\n".encode())
    eventually(lambda: waiting(alone.server) == 20, "20 wait")
    for caller in callers[1:]:
        caller.close()
    eventually(lambda: waiting(alone.server) == 1, "one waits")
    gr.new_integration(alone)
    assert callers[0].recv(12) == b"HTTP/1.1 200"
    callers[0].close()


def followed(project, rounds):
    """In how many of the rounds a change ends the wait that begins as it is
    made; and what was seen of them."""
    seen, cursor, in_time = [], end_of(project), 0
    for _ in range(rounds):
        changer = threading.Thread(target=gr.new_integration, args=[project])
        changer.start()
        answer, took = follow(project, cursor, wait="2")
        changer.join()
        body = answer.must_be(200).body
        seen += [one["number"] for one in body["items"]]
        cursor = body["followCursor"]
        in_time += bool(body["items"]) and took < 1.5
    return in_time, seen


def test_a_follower_misses_nothing(alone):
    in_time, seen = followed(alone, 60)
    assert in_time == 60
    assert seen == [one["number"] for one in all_events(
        alone, type="integration.created")]


def catches(plant):
    with planted_server(plant) as server:
        return followed(server.project, 10)[0] < 10


def test_planted_faults_are_caught(all_caught):
    caught = [plant for plant in PLANTS if catches(plant)]
    all_caught("following", PLANTS, caught)
