"""Groups and consumers that are made ahead of their first connection."""

import pytest

from support.ampersand import (consumer, group, invalid, new_connection,
                               problem)
from support.names import unique

# (path, member of the reference, member of the name, document)
KINDS = [("groups", "groupRef", "groupName", group),
         ("consumers", "consumerRef", "consumerName", consumer)]
each = pytest.mark.parametrize("path, ref, name, document", KINDS)


def base(project, path):
    return f"/projects/{project.name}/{path}"


@each
def test_one_is_made(project, ampersand, path, ref, name, document):
    value = unique("org")
    made = ampersand.post(base(project, path), {
        ref: value, name: "Acme"}).must_be(
            201, document(project, value, "Acme")).body
    assert "updateTime" not in made
    connection = ampersand.post(
        f"/projects/{project.name}/connections:generate", {
            "provider": "front", "apiKey": "k", "groupRef": value,
            "consumerRef": value}).must_be(201).body
    assert connection[path[:-1]] == made


@each
def test_one_without_a_name_is_called_as_its_reference(
        project, ampersand, path, ref, name, document):
    value = unique("org")
    ampersand.post(base(project, path), {ref: value}).must_be(
        201, document(project, value, value))


@each
def test_one_that_is_there_is_not_made_again(project, ampersand, path, ref,
                                             name, document):
    there = new_connection(project)[path[:-1]]
    ampersand.post(base(project, path), {
        ref: there[ref], name: "Other"}).must_be(409, problem(409))


@each
@pytest.mark.parametrize("status, value", [
    (400, None), (400, 1), (422, ""), (422, "x" * 257), (422, "a\nb"),
    (422, "a\u0085b"), (422, "é" * 257), (422, "."), (422, "..")])
def test_reference_must_be_one(project, ampersand, path, ref, name, document,
                               status, value):
    ampersand.post(base(project, path), {ref: value}).must_be(
        status, invalid(status, ref))


@each
def test_lengths_are_counted_in_characters(project, ampersand, path, ref, name,
                                           document):
    longest = unique("org").ljust(256, "é")
    made = ampersand.post(base(project, path), {
        ref: longest, name: "é" * 256}).must_be(201).body
    assert (made[ref], made[name]) == (longest, "é" * 256)


@each
@pytest.mark.parametrize("status, value", [
    (400, 1), (422, ""), (422, "x" * 257)])
def test_name_must_be_one(project, ampersand, path, ref, name, document,
                          status, value):
    ampersand.post(base(project, path), {
        ref: unique("org"), name: value}).must_be(
            status, invalid(status, name))


@each
def test_who_may_not_write_makes_none(project, other, path, ref, name,
                                      document):
    body = {ref: unique("org")}
    for role in "viewer", "frontend":
        project.caller("ampersand", role).post(
            base(project, path), body).must_be(403, problem(403))
    other.ampersand.post(base(project, path), body).must_be(
        404, problem(404))
