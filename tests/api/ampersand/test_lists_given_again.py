"""A list of installations that is given again is what would be read anew."""

import pytest

from support import ampersand as amp
from support.http import Stranger
from support.names import unique
from support.planted import planted, under_test
from support.server import Server, Store
from support.wait import eventually

PLANTS = ["kept_answers_outlive_changes", "kept_answers_are_everybodys"]


def given(server):
    """How many answers were given again."""
    text = Stranger(server).get("/metrics").text
    return int(text.split('cleat_answers_kept_total{given="again"} ')[1]
               .split("\n")[0])


def ids(reply):
    return [one["id"] for one in reply.must_be(200).body]


def changes(project, lists):
    """Each change, and the ids that lists must have after it."""
    api = project.ampersand
    one = amp.new_installation(project)
    yield "created", [one["id"]]
    two = amp.new_installation(project)
    yield "created another", [one["id"], two["id"]]
    api.delete(amp.path_of(project, one)).must_be(204)
    yield "deleted", [two["id"]]
    ref = two["group"]["groupRef"]
    project.native.delete(f"/projects/{project.name}/groups/{ref}") \
        .must_be(200)
    yield "offboarded", []


def stale_faults(server):
    """Lists that are not as the changes left them."""
    project = server.project
    lists = f"/projects/{project.name}/installations"
    for what, wanted in changes(project, lists):
        for _ in range(3):
            found = ids(project.ampersand.get(lists))
            if found != wanted:
                yield f"{what}: {found} instead of {wanted}"


def test_what_changed_is_seen_by_the_next_list(server_factory):
    server = server_factory()
    assert not list(stale_faults(server))


@pytest.mark.sqlite
def test_an_unchanged_list_is_given_again(server_factory):
    server = server_factory()
    project, other = server.project, server.create_project(unique("p"))
    lists = f"/projects/{project.name}/installations"
    amp.new_installation(project)
    first = project.ampersand.get(lists, {"pageSize": 1})
    amp.new_installation(other)

    def given_again():
        before = given(server)
        answer = project.ampersand.get(lists, {"pageSize": 1})
        return answer if given(server) == before + 1 else None

    # until the look at the new connections' credentials is over
    again = eventually(given_again, "a list that is given again")
    assert again.content == first.content
    for name in "Content-Type", "Link":
        assert again.headers.get(name) == first.headers.get(name)
    assert again.headers["X-Request-Id"] != first.headers["X-Request-Id"]
    amp.new_installation(project)
    longer = project.ampersand.get(lists, {"pageSize": 1})
    assert "rel=\"next\"" in longer.headers["Link"]
    elsewhere = project.ampersand.get(lists, {"pageSize": 1},
                                      headers={"Host": "cleat.example"})
    assert "//cleat.example/" in elsewhere.headers["Link"]


def foreign_faults(server):
    """Who may not read a list, and gets one that another was given."""
    project = server.project
    lists = f"/projects/{project.name}/installations"
    amp.new_installation(project)
    other = server.create_project(unique("p"))  # changes the whole store
    for _ in range(3):
        project.ampersand.get(lists).must_be(200)
        if other.ampersand.get(lists).status != 404:
            yield "another project's key"
        if Stranger(server).get("/v1" + lists).status != 401:
            yield "nobody's"


def test_a_list_is_given_to_those_alone_who_may_read_it(server_factory):
    assert not list(foreign_faults(server_factory()))


@pytest.mark.sqlite
def test_planted_faults_are_caught(all_caught):
    def catches(plant):
        with planted(plant) as binary, under_test(binary), Store() as store:
            server = Server(store)
            try:
                return bool(list(stale_faults(server)) +
                            list(foreign_faults(server)))
            finally:
                server.kill()

    all_caught("lists given again", PLANTS,
               [plant for plant in PLANTS if catches(plant)])
