"""The 18 types of integrations, each with every field of its own."""

import json

import pytest

from support import cli
from support.forms import OBJECT, Including
from support.shapes import value_faults
from support.upsun import entity, error
from support.upsun_types import (NAMES, RANGES, SECRET, TYPES, WORDS,
                                 each_field)

KNOWN_AT_ONCE = 16  # a fault each; more than 32 are not told
OWN = {"id", "created_at", "updated_at", "type", "role", "_links"}


def integrations(project, made=None):
    path = f"/projects/{project.upsun_id}/integrations"
    return f"{path}/{made['id']}" if made else path


def create(project, kind, given):
    return project.upsun.post(integrations(project), {"type": kind, **given})


def new(project, kind, given=None):
    return create(project, kind, TYPES[kind].required if given is None
                  else given).must_be(201).body["_embedded"]["entity"]


def refused(reply, *fields):
    reply.must_be(400, error(400, "Bad Request", *fields))


def of(values):
    """Pairs of a type and a field that are among these."""
    return [(kind, name) for kind, name in each_field() if name in values]


def document():
    return json.loads((cli.ROOT / "openapi/upsun.json").read_text())


def test_there_are_18_types():
    assert len(TYPES) == 18
    schema = document()["components"]["schemas"]["Integration"]
    assert set(schema["discriminator"]["mapping"]) == set(TYPES)
    assert len(schema["oneOf"]) == 18


def test_page_has_a_line_for_each_field():
    """The table of docs/upsun.md: type, field, default."""
    lines = [[cell.strip().strip("`") for cell in line.split("|")[1:4]]
             for line in (cli.ROOT / "docs/upsun.md").read_text()
             .splitlines() if line.startswith("| `") and
             line.count("|") == 5]
    wanted = []
    for kind, its in TYPES.items():
        shown = {**its.defaults, **its.read_only}
        wanted += [[kind, name, "required" if name in its.required
                    else json.dumps(shown[name]) if name in shown
                    else None] for name in its.names]
    assert sorted(line[:2] for line in lines) == \
        sorted(line[:2] for line in wanted)
    told = {(kind, name): default for kind, name, default in lines}
    for kind, name, default in wanted:
        assert default in (None, told[kind, name]), (kind, name)


@pytest.mark.parametrize("kind", TYPES)
def test_what_is_required_is_enough(project, upsun, kind):
    shown = TYPES[kind].shown(TYPES[kind].required)
    made = new(project, kind)
    upsun.get(integrations(project, made)).must_be(
        200, entity(project, kind, shown, integration_id=made["id"]))


@pytest.mark.parametrize("kind", TYPES)
def test_every_field_is_kept(project, upsun, kind):
    made = new(project, kind, TYPES[kind].given)
    upsun.get(integrations(project, made)).must_be(
        200, entity(project, kind, TYPES[kind].shown(TYPES[kind].given)))


@pytest.mark.parametrize("kind", TYPES)
def test_type_has_these_fields_and_no_others(project, kind):
    """Every name of any type: taken, or refused by its name."""
    strange = sorted(NAMES - TYPES[kind].names)
    for i in range(0, len(strange), KNOWN_AT_ONCE):
        names = strange[i:i + KNOWN_AT_ONCE]
        reply = create(project, kind, {
            **TYPES[kind].given, **dict.fromkeys(names, 1)})
        refused(reply, *names)
        assert set(reply.body["detail"].values()) == {
            "is not a known field"}


@pytest.mark.parametrize("kind", TYPES)
def test_answers_fit_the_document(project, upsun, kind):
    mapping = document()["components"]["schemas"]["Integration"][
        "discriminator"]["mapping"]
    for given in TYPES[kind].required, TYPES[kind].given:
        made = new(project, kind, given)
        seen = upsun.get(integrations(project, made)).must_be(200).body
        nulls = {f".{name}" for name in TYPES[kind].nullable}
        nulls |= {f".{name}" for name, value in
                  TYPES[kind].read_only.items() if value is None}
        found = [fault for fault in value_faults(
            document(), {"$ref": mapping[kind]}, seen)
            if not (seen.get(fault.split(":")[0].removeprefix(".")) is None
                    and fault.split(":")[0] in nulls)]
        assert not found, found


@pytest.mark.parametrize("kind, name", [
    (kind, name) for kind, its in TYPES.items() for name in its.required])
def test_required_field_is_asked_for(project, kind, name):
    given = dict(TYPES[kind].required)
    empty = type(given[name])()
    del given[name]
    refused(create(project, kind, given), name)
    refused(create(project, kind, {**given, name: empty}), name)
    made = new(project, kind)
    refused(project.upsun.patch(integrations(project, made), {name: empty}),
            name)


@pytest.mark.parametrize("kind, name", each_field())
def test_one_field_is_patched_alone(project, upsun, kind, name):
    its = TYPES[kind]
    made = new(project, kind)
    value = {"fetch_branches": True}.get(name, its.given[name])
    reply = upsun.patch(integrations(project, made), {name: value})
    expected = {**made, **its.shown({name: value}),
                **{other: made[other] for other in made
                   if other != name}, "updated_at": reply.must_be(200).body[
                       "_embedded"]["entity"]["updated_at"]}
    upsun.get(integrations(project, made)).must_be(200, expected)


WRONG = {bool: [1, "true", None], int: ["1", 1.5, True], str: [5, ["a"]],
         list: ["*", [1], {}], dict: ["a", [], {"a": 1}]}


@pytest.mark.parametrize("kind, name", each_field())
def test_value_of_another_type_is_refused(project, kind, name):
    for wrong in WRONG[type(TYPES[kind].given[name])]:
        reply = create(project, kind, {**TYPES[kind].given, name: wrong})
        reply.must_be(400)
        assert all(field.split(".")[0] in (name, "prune_branches")
                   for field in reply.body["detail"]), reply


@pytest.mark.parametrize("kind, name", each_field())
def test_null_is_taken_where_it_may_stand(project, kind, name):
    given = {**TYPES[kind].given, name: None}
    reply = create(project, kind, given)
    made = new(project, kind)
    patched = project.upsun.patch(integrations(project, made), {name: None})
    if name in TYPES[kind].nullable:
        reply.must_be(201)
        patched.must_be(200)
    else:
        refused(reply, name)
        refused(patched, name)


@pytest.mark.parametrize("kind, name", of(WORDS))
def test_words_are_those_of_the_field(project, kind, name):
    for word in WORDS[name]:
        new(project, kind, {**TYPES[kind].required, name: word})
    refused(create(project, kind, {**TYPES[kind].required,
                                   name: "sideways"}), name)


@pytest.mark.parametrize("kind, name", of(RANGES))
def test_number_has_a_range(project, kind, name):
    low, high = RANGES[name]
    for number in low, high:
        made = new(project, kind, {**TYPES[kind].required, name: number})
        assert made[name] == number
    for number in low - 1, high + 1:
        refused(create(project, kind, {**TYPES[kind].required,
                                       name: number}), name)


@pytest.mark.parametrize("kind", TYPES)
def test_what_is_ours_to_say_is_not_taken(project, kind):
    made = new(project, kind)
    for name in [*TYPES[kind].read_only, *sorted(OWN - {"type"})]:
        given = {name: made.get(name)}
        refused(create(project, kind, {**TYPES[kind].required, **given}),
                name)
        refused(project.upsun.patch(integrations(project, made), given),
                name)


@pytest.mark.parametrize("kind", TYPES)
def test_type_stays_what_it_is(project, upsun, kind):
    made = new(project, kind)
    path = integrations(project, made)
    upsun.patch(path, {"type": kind}).must_be(200)
    another = "github" if kind != "github" else "gitlab"
    refused(upsun.patch(path, {"type": another}), "type")


@pytest.mark.parametrize("kind", TYPES)
def test_secrets_are_in_no_answer_log_or_event(new_project, kind):
    project, api = new_project, new_project.upsun
    created = create(project, kind, TYPES[kind].given).must_be(201)
    made = created.body["_embedded"]["entity"]
    path = integrations(project, made)
    patched = api.patch(path, {name: TYPES[kind].given[name]
                               for name in TYPES[kind].secret})
    answers = [created, patched, api.get(path),
               api.get(integrations(project)), api.get(f"{path}/activities"),
               api.get(f"/projects/{project.upsun_id}/activities"),
               project.native.get(
                   f"/projects/{project.name}/events?limit=100"),
               api.delete(path),
               project.native.get(
                   f"/projects/{project.name}/events?limit=100")]
    for answer in answers:
        assert answer.status < 300, answer
        assert SECRET not in answer.text, answer
    assert SECRET not in project.server.log()


@pytest.mark.parametrize("kind", [kind for kind, its in TYPES.items()
                                  if its.sealed])
def test_sealed_field_is_empty_to_a_viewer(project, kind):
    [name] = TYPES[kind].sealed
    made = new(project, kind, TYPES[kind].given)
    assert made[name] == TYPES[kind].given[name]
    empty = {"shared_key": None, "routing_key": "", "headers": {}}[name]
    project.caller("upsun", "viewer").get(integrations(project, made)) \
        .must_be(200, Including({name: empty, "_links": OBJECT}))


MISFITS = {
    "bitbucket": [("repository", "acme"), ("repository", "a/b/c"),
                  ("app_credentials", {"key": "k"}),
                  ("app_credentials", {"key": "k", "secret": ""}),
                  ("addon_credentials", {"addon_key": "a"})],
    "bitbucket_server": [("url", "ftp://example.com")],
    "gitlab": [("project", "acme"), ("project", "/acme/site"),
               ("project", "acme//site"), ("project", "acme/site/"),
               ("base_url", "gitlab.com"), ("base_url", "")],
    "health.email": [("from_address", "jane"), ("recipients", ["jane"]),
                     ("recipients", ["#everyone"])],
    "health.webhook": [("url", "https://u:p@example.com/")],
    "httplog": [("headers", {"A B": "c"}), ("headers", {"": "c"}),
                ("headers", {"A": "b\r\nC: d"}), ("url", "example.com")],
    "otlplog": [("headers", {"A:": "c"})],
    "script": [("script", "x" * (256 * 1024 + 1))],
    "syslog": [("host", ""), ("host", "a b"), ("host", "x" * 254),
               ("extra", {"a": 1})],
}


@pytest.mark.parametrize("kind, name, value", [
    (kind, name, value) for kind, its in MISFITS.items()
    for name, value in its])
def test_misfit_is_refused_by_its_field(project, kind, name, value):
    reply = create(project, kind, {**TYPES[kind].required, name: value})
    reply.must_be(400)
    assert {field.split(".")[0] for field in reply.body["detail"]} == {name}


def test_credentials_are_given_whole(project, upsun):
    made = new(project, "bitbucket", TYPES["bitbucket"].given)
    path = integrations(project, made)
    refused(upsun.patch(path, {"app_credentials": {"key": "other"}}),
            "app_credentials.secret")
    upsun.patch(path, {"app_credentials": None}).must_be(200)
    upsun.get(path).must_be(200, Including({"app_credentials": None}))


def test_token_of_an_app_is_told_from_a_persons(project):
    for token, kind in ("ghs_1", "github_app"), ("ghu_1", "github_app"), \
            ("ghp_1", "classic_personal_token"):
        made = new(project, "github", {"token": token, "repository": "a/b"})
        assert made["token_type"] == kind
