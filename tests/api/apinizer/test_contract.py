"""The fields of the fourteen types are those of this repository's list and of
the contract; the document and the page say what the program's table says."""

import copy
import dataclasses
import importlib.util
import json

import pytest

from support import cli
from support import connection_values as values
from support.apinizer import connection
from support.connection_fields import (Field, described, drawn, listed,
                                       tabled, types)
from support.contracts import contract, contract_text
from support.names import unique
from support.shapes import value_faults

# What the contract says is required, and a type can do without.
TOLERATED = {
    ("ftp", "username"): "a login may be anonymous",
    ("ftp", "password"): "a login may be anonymous",
    ("ldap", "username"): "a bind may be anonymous",
    ("ldap", "password"): "a bind may be anonymous",
    ("webhook", "headerList[].value"): "a header may be empty",
}
# What the contract's two files say in two ways.
TWO_WAYS = {
    ("elasticsearch", "type"): "elasticsearchType: type is the discriminator",
    **{("elasticsearch", name): "bytes, which are sent as base64"
       for name in ("caCertInPkcs12File", "caInPemFile", "caTruststoreFile",
                    "caKeystoreFile")},
    ("graylog", "tlsTrustCertChainFile"): "bytes, sent as base64",
    ("kafka", "propertiesMap.*.valueByType"): "any value, not an object",
}
FIELDS_OF_THE_CONTRACT = 214


def test_table_has_the_fields_of_the_list():
    assert len(types()) == 14
    assert tabled() == listed()


def test_list_has_the_fields_of_the_contract():
    theirs, words = described(contract_text("apinizer-fields.md"))
    assert len(theirs) == FIELDS_OF_THE_CONTRACT
    assert {kind for kind, _ in theirs} == set(types())
    assert not list(faults(theirs, words, listed()))


def faults(theirs, words, ours):
    for place, field in theirs.items():
        if place not in ours:
            yield f"{place} is not there"
            continue
        yield from differences(place, field, ours[place])
    for place, some in words.items():
        if not set(some) <= set(ours[place].words):
            yield f"{place} lacks some of {some}"


def differences(place, theirs, ours):
    if theirs.kind != ours.plain_kind:
        yield f"{place} is {ours.kind}, not {theirs.kind}"
    if theirs.is_secret != ours.is_secret:
        yield f"{place} is a secret in one"
    if theirs.default != ours.default and place not in TOLERATED:
        yield f"{place} has the default {ours.default}"
    wanted = {"Yes": ours.required == "yes" or ours.default is not None,
              "No": not ours.required,
              "No*": ours.required not in ("", "yes")}[theirs.required]
    if not wanted and place not in TOLERATED:
        yield f"{place} is required: {ours.required!r}"


def test_list_has_what_the_contract_s_document_draws():
    ours, wrong = listed(), []
    for place, (kind, words) in \
            drawn(contract("apinizer.openapi.json")).items():
        if place in TWO_WAYS:
            continue
        if place not in ours or ours[place].plain_kind != kind:
            wrong.append(f"{place}: {ours.get(place)}, not {kind}")
        elif not {word.casefold() for word in words} <= \
                {word.casefold() for word in ours[place].words}:
            wrong.append(f"{place}: {ours[place].words}, not {words}")
    assert not wrong


@pytest.mark.parametrize("change", [
    {"kind": "boolean"}, {"is_secret": True}, {"default": 7},
    {"required": "Yes"}, {"required": "No*"}])
def test_a_difference_is_seen(change):
    ours = {("ftp", "port"): Field("integer", "", 21)}
    theirs = {("ftp", "port"): Field("integer", "No", 21)}
    assert not list(faults(theirs, {}, ours))
    # a field with a default may be called required
    changed = dataclasses.replace(theirs["ftp", "port"], **change)
    seen = list(faults({("ftp", "port"): changed}, {}, ours))
    assert bool(seen) == (change != {"required": "Yes"})
    assert list(faults({**theirs, ("ftp", "x"): changed}, {}, ours))
    assert list(faults(theirs, {("ftp", "port"): ("A",)}, ours))


@pytest.fixture(scope="module")
def papers():
    """tools/connection_types.py."""
    path = cli.ROOT / "tools/connection_types.py"
    spec = importlib.util.spec_from_file_location("connection_types", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def tables():
    return cli.cleat("types", "--api", "apinizer")


@pytest.mark.parametrize("paper", ["DOCUMENT", "PAGE"])
def test_papers_say_what_the_table_says(papers, tables, paper):
    text = getattr(papers, paper).read_text(encoding="utf-8")
    make = {"DOCUMENT": papers.with_schemas,
            "PAGE": papers.with_tables}[paper]
    assert make(text, tables) == text
    for change in ({"name": "another"}, {"default": 9}, {"required": True},
                   {"about": "Something else."}):
        changed = copy.deepcopy(tables)
        changed[0]["fields"][-1].update(change)
        assert make(text, changed) != text


@pytest.mark.parametrize("kind", types())
def test_answers_have_the_document_s_shapes(project, papers, kind):
    document = json.loads(papers.DOCUMENT.read_text(encoding="utf-8"))
    schema = {"$ref": "#/components/schemas/"
                      + papers.schema_name({"type": kind})}
    for body in values.least(kind), values.whole(kind):
        name = unique("shaped")
        path = connection(project, name)
        project.apinizer.post(path, body).must_be(200)
        for reply in (project.apinizer.get(path), project.apinizer.get(
                connection(project), {"type": kind})):
            for one in reply.must_be(200).body["resultList"]:
                assert not list(value_faults(document, schema, one))
                assert list(value_faults(document, schema,
                                         {**one, "enabled": 1}))


def test_types_of_no_other_api_are_told():
    done = cli.run("types", "--api", "soap")
    assert done.returncode == 1 and not done.stdout
    assert done.stderr == "cleat: no types are known of the API soap\n"
