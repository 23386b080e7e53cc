"""The fourteen types: what each takes, fills in, refuses and keeps secret."""

import pytest

from support import connection_values as values
from support import native
from support.apinizer import CHANGED, connection, failure, found
from support.connection_fields import listed, types
from support.forms import Including, containing, mentioning
from support.names import unique

TYPES = types()
FEATURES = sorted({(kind, field.required) for (kind, _), field
                   in listed().items() if field.required not in ("", "yes")})
WRONG = {"string": 5, "integer": "7", "boolean": "yes", "list": {},
         "list of strings": "TLS_1_2", "map": [], "map of strings": [],
         "object": []}


def made(project, body, name=None):
    name = name or unique("made")
    project.apinizer.post(connection(project, name), body).must_be(
        200, CHANGED)
    return name


def read(project, name):
    [one] = project.apinizer.get(connection(project, name)).must_be(
        200).body["resultList"]
    return one


def refused(project, body, *words):
    """As a new one, and nothing is made of it."""
    path = connection(project, unique("made"))
    project.apinizer.post(path, body).must_be(
        400, failure("bad_request", mentioning(*words)))
    project.apinizer.get(path).must_be(400)


@pytest.mark.parametrize("kind", TYPES)
def test_what_is_not_said_has_its_default(project, apinizer, kind):
    body = values.least(kind)
    name = made(project, body)
    apinizer.get(connection(project, name)).must_be(
        200, found(values.shown(project, name, kind, body)))


@pytest.mark.parametrize("kind", TYPES)
def test_every_field_is_kept(project, apinizer, kind):
    body = values.whole(kind)
    name = made(project, {**body, "unheardOf": 1, "description": "In full"})
    apinizer.get(connection(project, name)).must_be(200, found(values.shown(
        project, name, kind, body, description="In full")))


@pytest.mark.parametrize("kind", TYPES)
def test_null_is_as_if_it_were_left_out(project, apinizer, kind):
    body = values.least(kind)
    nulls = {name: None for name in values.fields_of(kind)
             if name not in body}
    name = made(project, {**nulls, **body})
    apinizer.get(connection(project, name)).must_be(
        200, found(values.shown(project, name, kind, body)))


@pytest.mark.parametrize("kind", TYPES)
def test_every_field_is_updated_and_the_rest_stays(project, apinizer, kind):
    name = made(project, values.least(kind))
    path = connection(project, name)
    body = values.whole(kind)
    apinizer.put(path, body).must_be(200, CHANGED)
    apinizer.put(path, {"description": "Now"}).must_be(200, CHANGED)
    apinizer.get(path).must_be(200, found(values.shown(
        project, name, kind, body, description="Now")))


@pytest.mark.parametrize("kind", TYPES)
def test_fields_are_refused_by_name(project, kind):
    for (its, path), field in listed().items():
        if its == kind and field.kind in WRONG:
            refused(project,
                    values.with_value(kind, path, WRONG[field.kind]),
                    path.split(".")[-1])


@pytest.mark.parametrize("kind", TYPES)
def test_ports_are_ports(project, kind):
    for path, field in ((path, field) for (its, path), field
                        in listed().items() if its == kind):
        if field.kind == "integer" and path.lower().endswith("port"):
            for port in 0, 65536:
                refused(project, values.with_value(kind, path, port),
                        path.split(".")[-1], "1 to 65535")


@pytest.mark.parametrize("kind", TYPES)
def test_required_fields_are_asked_for(project, kind):
    for name, field in values.fields_of(kind).items():
        if field.required == "yes":
            body = values.whole(kind)
            del body[name]
            refused(project, body, name, "required")
            empty = "" if isinstance(values.whole(kind)[name], str) \
                else type(values.whole(kind)[name])()
            refused(project, {**values.whole(kind), name: empty}, name)
    refused(project, {"type": kind, "name": 5}, "name")


@pytest.mark.parametrize("kind", TYPES)
def test_words_are_taken_in_any_case_and_no_others(project, kind):
    for (its, path), field in listed().items():
        if its != kind or not field.words:
            continue
        is_list = field.kind == "list of strings"
        # a property's value must fit its type: they have a test of their own
        for word in () if path.endswith("valueType") else field.words:
            name = made(project, values.with_value(
                kind, path, [word.swapcase()] if is_list
                else word.swapcase()))
            answered = read(project, name)
            assert _at(answered, path) == ([word] if is_list else word), path
        refused(project, values.with_value(
            kind, path, ["PIGEON"] if is_list else "PIGEON"),
            path.split(".")[-1], field.words[0])


def _at(answered, path):
    for step in path.split("."):
        if step.endswith("[]"):
            answered = answered[step[:-2]][0]
        else:
            answered = answered["some.name" if step == "*" else step]
    return answered


def turned_on(kind, feature):
    """The least with this feature on, and the names of what it needs."""
    name, _, choice = feature.partition("=")
    field = values.fields_of(kind)[name]
    body = {**values.least(kind), name: choice or True}
    if field.required not in ("", "yes"):
        more, _ = turned_on(kind, field.required)
        body = {**more, **body}
    return body, [path for (its, path), one in listed().items()
                  if its == kind and one.required == feature
                  and path not in body]


@pytest.mark.parametrize("kind, feature", FEATURES)
def test_feature_needs_what_belongs_to_it(project, apinizer, kind, feature):
    body, needed = turned_on(kind, feature)
    everything = values.whole(kind)
    belonging = {name: everything[name] for name in needed}
    for name in needed:
        rest = {**body, **belonging, name: None}
        refused(project, rest, name, "required")
        if isinstance(everything[name], str) \
                and not values.fields_of(kind)[name].words:
            refused(project, {**rest, name: ""}, name, "required")
    name = made(project, {**everything, **body, **belonging})
    apinizer.put(connection(project, name), {"description": "x"}).must_be(
        200, CHANGED)  # what is stored counts, secrets too


@pytest.mark.parametrize("kind, feature", FEATURES)
def test_feature_that_is_off_needs_nothing(project, kind, feature):
    body, _ = turned_on(kind, feature)
    name = feature.partition("=")[0]
    if "=" in feature:
        body[values.fields_of(kind)[name].required] = False
    else:
        body[name] = False
    made(project, body)


@pytest.mark.parametrize("kind, feature", FEATURES)
def test_feature_is_not_turned_on_without(project, apinizer, kind, feature):
    body, needed = turned_on(kind, feature)
    name = made(project, values.least(kind))
    before = read(project, name)
    if needed:
        apinizer.put(connection(project, name), body).must_be(
            400, failure("bad_request", mentioning(*needed, "required")))
    assert read(project, name) == before


@pytest.mark.parametrize("kind", [kind for kind in TYPES
                                  if values.secrets_of(kind)])
def test_secrets_are_in_a_single_read_alone(project, apinizer, kind):
    secrets = {name: f"canary-{unique(kind)}"
               for name in values.secrets_of(kind)}
    nothing = dict.fromkeys(secrets)
    name = made(project, {**values.whole(kind), **secrets})
    path = connection(project, name)
    viewer = project.caller("apinizer", "viewer")
    for reply in (apinizer.get(connection(project), {"type": kind}),
                  apinizer.get(connection(project), {"type": "all"}),
                  viewer.get(path)):
        reply.must_be(200, Including({"resultList": containing(Including(
            {"name": name, **nothing}))}))
        assert "canary-" not in reply.text
    apinizer.get(path).must_be(200, found(Including(secrets)))
    apinizer.put(path, {**nothing, "description": "x"}).must_be(200, CHANGED)
    apinizer.get(path).must_be(200, found(Including(secrets)))
    events = project.native.get(f"{native.base(project)}/events",
                                {"pageSize": "1000"}).must_be(200)
    assert "canary-" not in events.text


def test_all_fields_that_are_wrong_are_told_at_once(project, apinizer):
    apinizer.post(connection(project, unique("made")), {
        "type": "kafka", "enableSecure": 1, "propertiesMap": {
            "retries": {"value": "many", "valueType": "integer"}}}) \
        .must_be(400, failure("bad_request", "; ".join([
            "topicName is required", "enableSecure must be true or false",
            "propertiesMap.retries.value is no INTEGER"])))


def test_empty_text_takes_a_secret_away(project, apinizer):
    name = made(project, {**values.least("ftp"), "password": "x"})
    path = connection(project, name)
    apinizer.put(path, {"password": ""}).must_be(200, CHANGED)
    apinizer.get(path).must_be(200, found(Including({"password": None})))


def test_secret_that_a_feature_needs_is_not_taken_away(project, apinizer):
    name = made(project, {**values.least("email"), "auth": True,
                          "username": "jane", "password": "x"})
    path = connection(project, name)
    apinizer.put(path, {"password": ""}).must_be(
        400, failure("bad_request", "password is required with auth"))
    apinizer.put(path, {"password": "", "auth": False}).must_be(200, CHANGED)


@pytest.mark.parametrize("kind, value, typed", [
    ("STRING", "all", "all"), ("BOOLEAN", "True", True),
    ("INTEGER", "3000", 3000), ("LONG", "-5000000000", -5000000000),
    ("DOUBLE", "1.5", 1.5), ("FLOAT", "2", 2.0),
    ("URI", "https://a.example", "https://a.example"),
    ("STRING_LIST", "a:1,b:2", ["a:1", "b:2"]), ("STRING_LIST", "", []),
    ("INTEGER", "${PORT}", None)])
def test_properties_of_kafka_have_types(project, kind, value, typed):
    name = made(project, {**values.least("kafka"), "propertiesMap": {
        "some.property": {"value": value, "valueType": kind.lower()}}})
    assert read(project, name)["propertiesMap"] == {"some.property": {
        "value": value, "valueType": kind, "valueByType": typed}}


@pytest.mark.parametrize("kind, value", [
    ("BOOLEAN", "maybe"), ("INTEGER", "3000000000"), ("INTEGER", "1.5"),
    ("INTEGER", ""), ("LONG", "9223372036854775808"), ("DOUBLE", "nan"),
    ("FLOAT", "x")])
def test_property_that_is_not_of_its_type_is_refused(project, kind, value):
    refused(project, {**values.least("kafka"), "propertiesMap": {
        "some.property": {"value": value, "valueType": kind}}},
        "propertiesMap.some.property.value", kind)


@pytest.mark.parametrize("kind, field, value", [
    ("database", "jdbcUrl", "localhost:5432"),
    ("webhook", "fullUrl", "nowhere"),
    ("snmp", "connectionString", "192.168.1.2:162"),
    ("snmp", "connectionString", "udp:/162"),
    ("snmp", "connectionString", "udp:host/"),
    ("graylog", "tlsTrustCertChainFile", "no base64"),
    ("graylog", "tlsTrustCertChainFile", "YQ="),
    ("graylog", "tlsTrustCertChainFile", "YQ==YQ=="),
    ("elasticsearch", "caInPemFile", "x" * (128 * 1024 + 4))])
def test_value_without_its_form_is_refused(project, kind, field, value):
    refused(project, {**values.least(kind), field: value}, field)


@pytest.mark.parametrize("kind, field", [
    ("database", "jdbcUrl"), ("webhook", "fullUrl"),
    ("snmp", "connectionString"), ("graylog", "tlsTrustCertChainFile")])
def test_variable_stands_for_any_form(project, kind, field):
    name = made(project, {**values.least(kind), field: "x${PLACE}"})
    assert read(project, name)[field] == "x${PLACE}"


def test_file_may_have_lines(project):
    text = "YWJj\r\nZGVm\r\n"
    name = made(project, {**values.least("graylog"),
                          "tlsTrustCertChainFile": text})
    assert read(project, name)["tlsTrustCertChainFile"] == text


def test_list_of_each_type_has_its_own(new_project):
    for kind in TYPES:
        made(new_project, values.least(kind), kind)
    for kind in TYPES:
        for spelled in kind, kind.upper():
            new_project.apinizer.get(
                connection(new_project), {"type": spelled}).must_be(
                200, found(Including({"type": kind, "name": kind})))
    everything = new_project.apinizer.get(
        connection(new_project), {"type": "all"}).must_be(200).body
    assert [one["type"] for one in everything["resultList"]] == TYPES
    assert everything["resultCount"] == len(TYPES)
