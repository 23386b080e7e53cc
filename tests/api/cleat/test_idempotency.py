"""Idempotency-Key: a POST that is sent again is done once."""

import json

from support import ampersand as amp
from support.forms import Including
from support.names import unique
from support.native import Native, base, items, plan
from support.raw import Raw, address_of
from support.upsun import exchange

DAY_S = 86400


def create(project, key, ref, name=None, caller=None):
    body = {"ref": ref, **({"name": name} if name else {})}
    return (caller or project.native).post(
        f"{base(project)}/groups", body,
        headers={"Idempotency-Key": key} if key is not None else None)


def same(first, again):
    """`again` is the first answer, and says so."""
    assert again.content == first.content
    assert again.headers["Idempotency-Replayed"] == "true"
    for name in "ETag", "Location", "Content-Type", "Cleat-Deletion":
        assert again.headers.get(name) == first.headers.get(name), name


def refs(project):
    return [one["ref"] for one in items(project, "/groups")]


def test_same_request_is_answered_as_the_first_time(new_project):
    key, ref = unique("key"), unique("group")
    first = create(new_project, key, ref).must_be(201)
    assert "Idempotency-Replayed" not in first.headers
    for _ in range(3):
        same(first, create(new_project, key, ref).must_be(201))
    assert refs(new_project) == [ref]


def test_answer_stays_what_it_was(new_project):
    key, ref = unique("key"), unique("group")
    first = create(new_project, key, ref).must_be(201)
    new_project.native.delete(f"{base(new_project)}/groups/{ref}") \
        .must_be(200)
    same(first, create(new_project, key, ref).must_be(201))
    assert refs(new_project) == []


def test_another_request_with_the_key_is_refused(new_project):
    key, ref = unique("key"), unique("group")
    create(new_project, key, ref).must_be(201)
    for other in ({"ref": unique("group")}, {"ref": ref, "name": "Other"}):
        answer = new_project.native.post(
            f"{base(new_project)}/groups", other,
            headers={"Idempotency-Key": key}) \
            .must_be(422, Including(amp.problem(422)))
        [issue] = answer.body["issues"]
        assert (issue["in"], issue["name"]) == ("header", "Idempotency-Key")
    new_project.native.post(
        f"{base(new_project)}/groups", {"ref": ref}, {"a": "b"},
        headers={"Idempotency-Key": key}).must_be(422)
    made = amp.new_installation(new_project)
    planned = plan(new_project, "installation", made["id"])
    new_project.native.post(
        f"{base(new_project)}/deletions",
        {"planToken": planned["planToken"]},
        headers={"Idempotency-Key": key}).must_be(422)
    assert ref in refs(new_project) and len(refs(new_project)) == 2


def test_without_a_key_or_with_another_it_is_done_again(project):
    ref = unique("group")
    create(project, unique("key"), ref).must_be(201)
    create(project, None, ref).must_be(409)
    create(project, unique("key"), ref).must_be(409)


def test_failure_is_not_kept(project):
    key, ref = unique("key"), unique("group")
    create(project, None, ref).must_be(201)
    create(project, key, ref).must_be(409)
    project.native.delete(f"{base(project)}/groups/{ref}").must_be(200)
    answer = create(project, key, ref).must_be(201)
    assert "Idempotency-Replayed" not in answer.headers


def test_key_is_of_the_caller(project, other):
    key, ref = unique("key"), unique("group")
    first = create(project, key, ref, "Mine").must_be(201)
    theirs = create(other, key, ref, "Theirs").must_be(201)
    assert theirs.body["name"] == "Theirs"
    assert "Idempotency-Replayed" not in theirs.headers
    colleague = Native(project.server,
                       project.token("gorules", "--role", "admin")["token"])
    create(project, key, ref, "Mine", colleague).must_be(409)
    same(first, create(project, key, ref, "Mine").must_be(201))


def test_short_lived_tokens_are_one_caller(project):
    key, ref = unique("key"), unique("group")
    first, second = (Native(project.server, _exchanged(project))
                     for _ in range(2))
    made = create(project, key, ref, caller=first).must_be(201)
    same(made, create(project, key, ref, caller=second).must_be(201))


def _exchanged(project):
    return exchange(project.server, project.keys["upsun"]["apiToken"]) \
        .must_be(200).body["access_token"]


def test_deletion_is_done_once(project):
    made = amp.new_installation(project)
    token = plan(project, "installation", made["id"])["planToken"]
    headers = {"Idempotency-Key": unique("key")}
    first, again = (project.native.post(
        f"{base(project)}/deletions", {"planToken": token}, headers=headers)
        .must_be(201) for _ in range(2))
    same(first, again)
    assert again.headers["Cleat-Deletion"] == again.body["id"]


def test_keys_that_are_refused(project):
    for key in "", "a b", "x" * 256, "caf\xe9", "a\tb":
        answer = create(project, key, unique("group")) \
            .must_be(400, Including(amp.problem(400)))
        [issue] = answer.body["issues"]
        assert (issue["in"], issue["name"]) == ("header", "Idempotency-Key")
    for key in "x", "x" * 255, '"8e03978e-40d5-43dd-bc93-6894a57f9324"', "~!":
        create(project, key, unique("group")).must_be(201)


def test_two_keys_are_refused(project):
    body = json.dumps({"ref": unique("group")})
    token = project.keys["gorules"]["personalAccessToken"]
    line = Raw(address_of(project.server))
    line.send((f"POST /cleat/v1{base(project)}/groups HTTP/1.1\r\n"
               f"Host: localhost\r\nAuthorization: Bearer {token}\r\n"
               "Idempotency-Key: a\r\nIdempotency-Key: b\r\n"
               f"Content-Length: {len(body)}\r\n\r\n{body}").encode())
    assert line.answer().status == 400
    line.close()


def test_key_is_heeded_by_posts_alone(project):
    headers = {"Idempotency-Key": "a b"}  # refused by who reads it
    ref = create(project, None, unique("group")).must_be(201).body["ref"]
    path = f"{base(project)}/groups/{ref}"
    project.native.get(path, headers=headers).must_be(200)
    project.native.patch(path, {"name": "x"}, headers=headers).must_be(200)


def test_key_is_free_after_a_day(server_factory):
    first = server_factory()
    made = create(first.project, "key", "acme").must_be(201)
    first.stop()
    later = server_factory(first.store, clock_offset_s=DAY_S - 600)
    same(made, create(later.project, "key", "acme").must_be(201))
    later.stop()
    next_day = server_factory(first.store, clock_offset_s=DAY_S + 60)
    create(next_day.project, "key", "acme").must_be(409)
    create(next_day.project, "key", "other").must_be(201)
