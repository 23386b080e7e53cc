"""Connections: list, get, create, update, delete."""

import pytest

from support.apinizer import (CHANGED, FORBIDDEN, UNSET, connection, email,
                              failure, found, new_connection,
                              unknown_connection, unknown_project, webhook)
from support.forms import Including, containing, mentioning
from support.names import unique
from support.urls import LATER, UNCALLABLE

SECRET = "canary-dead"
HOST = "smtp.example.com"
URL = "https://example.localhost/hook"
TYPE_REQUIRED = failure("bad_request",
                        "Connection type parameter is required!")

EMAIL = {"host": HOST, "port": 465, "enableStartTls": True, "auth": True,
         "username": "jane", "password": SECRET, "defaultEncoding": "ASCII",
         "addressToTest": "test@example.com", "from": "cleat@example.com",
         "additionalProperties": [{"key": "mail.debug", "value": "true"}],
         "description": "Outgoing", "deployToWorker": False,
         "enabled": False}
WEBHOOK = {"httpMethod": "POST", "fullUrl": URL, "timeout": 30,
           "headerList": [{"name": "Accept", "value": "text/plain"}],
           "connectionPoolMaxConnectionPerHost": 2,
           "connectionPoolMaxConnectionTotal": 4,
           "description": "Chat", "deployToWorker": False, "enabled": False}


@pytest.mark.parametrize("given, expected", [
    ({"type": "email", "host": HOST}, email),
    ({"type": "email", **EMAIL},
     lambda project, name: email(project, name, **EMAIL)),
    ({"type": "webhook", "fullUrl": URL}, webhook),
    ({"type": "webhook", **WEBHOOK},
     lambda project, name: webhook(project, name, **WEBHOOK)),
], ids=["email", "email in full", "webhook", "webhook in full"])
def test_connection_is_created(project, apinizer, given, expected):
    name = unique("made")
    apinizer.post(connection(project, name), {"name": name, **given}) \
        .must_be(200, CHANGED)
    apinizer.get(connection(project, name)).must_be(
        200, found(expected(project, name)))


def test_name_of_the_path_suffices(project, apinizer):
    name = new_connection(project)
    apinizer.get(connection(project, name)).must_be(
        200, found(email(project, name)))


def test_name_of_path_and_body_must_agree(project, apinizer):
    name = unique("made")
    apinizer.post(connection(project, name), {
        "type": "email", "name": unique("another"), "host": HOST,
    }).must_be(400, failure("bad_request"))
    apinizer.get(connection(project, name)).must_be(
        400, unknown_connection(name))
    apinizer.post(connection(project, name), {
        "type": "email", "name": name.upper(), "host": HOST,
    }).must_be(200, CHANGED)


def test_name_may_hold_spaces(project, apinizer):
    name = unique("My Connection")
    path = connection(project, name.replace(" ", "%20"))
    apinizer.post(path, {"type": "email", "name": name, "host": HOST}) \
        .must_be(200, CHANGED)
    apinizer.get(path).must_be(200, found(email(project, name)))
    apinizer.delete(path).must_be(200, CHANGED)


def test_blank_name_is_refused(project, apinizer):
    empty = failure("bad_request", "Connection name can not be empty!")
    path = connection(project, "%20")
    for reply in (apinizer.get(path), apinizer.delete(path),
                  apinizer.post(path, {"type": "email", "host": HOST}),
                  apinizer.put(path, {"type": "email", "host": HOST})):
        reply.must_be(400, empty)


@pytest.mark.parametrize("slash", ["", "/"])
def test_trailing_slash_may_be_left_out(project, apinizer, slash):
    name = unique("made")
    path = connection(project, name)[:-1] + slash
    apinizer.post(path, {"type": "email", "host": HOST}).must_be(
        200, CHANGED)
    apinizer.get(path).must_be(200, found(email(project, name)))
    apinizer.get(connection(project)[:-1] + slash, {"type": "email"}) \
        .must_be(200, Including({"resultList": containing(
            Including({"name": name}))}))
    apinizer.put(path, {"type": "email", "host": HOST}).must_be(200, CHANGED)
    apinizer.delete(path).must_be(200, CHANGED)


@pytest.mark.parametrize("spelled", [
    ("Müşteri", "MÜŞTERİ", "müşteri", "MüşterI", "müşterı"),
    ("Ödeme", "ödeme", "ÖDEME", "O\u0308deme"), ("ΟΔΟΣ", "οδος", "οδοσ"),
    ("ısı", "ISI", "İSİ", "isi"), ("Счёт", "СЧЁТ")])
def test_names_are_matched_without_regard_to_any_letters_case(
        project, apinizer, spelled):
    end = unique("-")
    name = new_connection(project, spelled[0] + end)
    for other in spelled:
        apinizer.get(connection(project, other + end)).must_be(
            200, found(email(project, name)))
    apinizer.put(connection(project, spelled[1] + end),
                 {"type": "email", "name": spelled[-1] + end, "host": HOST}) \
        .must_be(200, CHANGED)
    apinizer.post(connection(project, spelled[1] + end),
                  {"type": "email", "host": HOST}).must_be(
        400, failure("bad_request"))


def test_names_are_matched_without_regard_to_case(project, apinizer):
    name = new_connection(project, unique("CamelCase"))
    for spelled in name.lower(), name.upper():
        apinizer.get(connection(project, spelled)).must_be(
            200, found(email(project, name)))
        apinizer.post(connection(project, spelled),
                      {"type": "email", "host": HOST}).must_be(
            400, failure("bad_request"))
    apinizer.put(connection(project, name.lower()),
                 {"type": "email", "host": "other.example.com"}).must_be(
        200, CHANGED)
    apinizer.get(connection(project, name)).must_be(
        200, found(email(project, name, host="other.example.com")))
    apinizer.delete(connection(project, name.upper())).must_be(200, CHANGED)
    apinizer.get(connection(project, name)).must_be(
        400, unknown_connection(name))


def test_taken_name_is_refused(project, apinizer):
    name = new_connection(project)
    apinizer.post(connection(project, name), {
        "type": "webhook", "fullUrl": URL}).must_be(
        400, failure("bad_request",
                     f"Connection (name: {name}) already exists!"))
    apinizer.get(connection(project, name)).must_be(
        200, found(email(project, name)))


def test_upsert_updates_instead(project, apinizer):
    name = unique("made")
    for host in HOST, "other.example.com":
        apinizer.post(connection(project, name),
                      {"type": "email", "host": host},
                      query={"upsert": "true"}).must_be(200, CHANGED)
        apinizer.get(connection(project, name)).must_be(
            200, found(email(project, name, host=host)))
    apinizer.post(connection(project, name),
                  {"type": "webhook", "fullUrl": URL},
                  query={"upsert": "true"}).must_be(
        400, failure("bad_request"))


def test_name_may_be_used_in_two_projects(project, other):
    name = new_connection(project)
    new_connection(other, name)
    other.apinizer.delete(connection(other, name)).must_be(200, CHANGED)
    project.apinizer.get(connection(project, name)).must_be(
        200, found(email(project, name)))


def test_unknown_fields_are_ignored(project, apinizer):
    name = new_connection(project, color="blue", fullUrl=URL)
    apinizer.get(connection(project, name)).must_be(
        200, found(email(project, name)))


@pytest.mark.parametrize("given, expected", [
    ({"type": "EMAIL", "host": HOST}, {"type": "email"}),
    ({"type": "Webhook", "fullUrl": URL}, {"type": "webhook"}),
    ({"type": "webhook", "fullUrl": URL, "httpMethod": "post"},
     {"httpMethod": "POST"})])
def test_enums_are_read_without_regard_to_case(
        project, apinizer, given, expected):
    name = unique("made")
    apinizer.post(connection(project, name), given).must_be(200, CHANGED)
    apinizer.get(connection(project, name)).must_be(
        200, Including({"resultList": [Including(expected)]}))


@pytest.mark.parametrize("given, word", [
    ({"host": HOST}, "type"), ({"type": 5}, "type"),
    ({"type": "pigeon"}, "type"),
    ({"type": "email", "host": 5}, "host"),
    ({"type": "email", "host": HOST, "port": "smtp"}, "port"),
    ({"type": "email", "host": HOST, "auth": "yes"}, "auth"),
    ({"type": "email", "host": HOST, "additionalProperties": {}},
     "additionalProperties"),
    ({"type": "webhook", "fullUrl": URL, "httpMethod": "FETCH"},
     "httpMethod"),
    ({"type": "webhook", "fullUrl": URL, "headerList": "x"}, "headerList"),
    *(({"type": "webhook", "fullUrl": url}, "fullUrl")
      for url in UNCALLABLE),
    ({"type": "email", "host": HOST, "name": 5}, "name"),
    ({"type": "email", "host": HOST, "enabled": 1}, "enabled"),
])
def test_connection_that_does_not_fit_is_refused(
        project, apinizer, given, word):
    name = unique("made")
    apinizer.post(connection(project, name), given).must_be(
        400, failure("bad_request", mentioning(word)))
    apinizer.get(connection(project, name)).must_be(
        400, unknown_connection(name))


@pytest.mark.parametrize("url", LATER)
def test_url_that_may_be_allowed_when_it_is_called_is_kept(
        project, apinizer, url):
    name = unique("made")
    apinizer.post(connection(project, name),
                  {"type": "webhook", "fullUrl": url}).must_be(200, CHANGED)
    apinizer.get(connection(project, name)).must_be(
        200, Including({"resultList": [Including({"fullUrl": url})]}))


def test_both_generations_say_the_same(project, apinizer):
    reply = apinizer.get(connection(project, "nobody")).must_be(
        400, unknown_connection("nobody")).body
    assert reply["error_description"] == reply["resultMessage"]


def test_list_needs_a_type(project, apinizer):
    for query in {}, {"type": ""}:
        apinizer.get(connection(project), query).must_be(400, TYPE_REQUIRED)


def test_list_of_an_unknown_type_is_refused(project, apinizer):
    apinizer.get(connection(project), {"type": "pigeon"}).must_be(
        400, failure("bad_request"))


def test_list_has_one_type_or_all(new_project):
    project, caller = new_project, new_project.apinizer
    for query in "email", "webhook", "all":
        caller.get(connection(project), {"type": query}).must_be(
            200, found())
    mail = email(project, new_connection(project))
    hook = webhook(project, "hook")
    caller.post(connection(project, "hook"),
                {"type": "webhook", "fullUrl": URL}).must_be(200, CHANGED)
    for query, expected in (("email", [mail]), ("EMAIL", [mail]),
                            ("webhook", [hook])):
        caller.get(connection(project), {"type": query}).must_be(
            200, found(*expected))
    everything = caller.get(connection(project), {"type": "all"}).must_be(
        200, {**found(), "resultList": containing(mail), "resultCount": 2})
    everything.must_be(200, Including({"resultList": containing(hook)}))


def test_secret_is_null_in_lists_and_in_full_on_a_single_read(
        project, apinizer):
    name = new_connection(project, auth=True, username="jane",
                          password=SECRET)
    listed = apinizer.get(connection(project), {"type": "email"}).must_be(
        200, Including({"resultList": containing(
            Including({"name": name, "password": None}))}))
    assert SECRET not in listed.text
    apinizer.get(connection(project, name)).must_be(200, found(
        email(project, name, auth=True, username="jane", password=SECRET)))


def test_secret_is_in_no_other_answer(project, apinizer):
    name = unique("made")
    path = connection(project, name)
    body = {"type": "email", "host": HOST, "password": SECRET}
    for reply in (apinizer.post(path, body), apinizer.post(path, body),
                  apinizer.put(path, body), apinizer.delete(path)):
        assert SECRET not in reply.must_be(reply.status).text


def test_connection_is_updated(project, apinizer):
    name = new_connection(project)
    path = connection(project, name)
    apinizer.put(path, {"type": "email", "name": name, **EMAIL}).must_be(
        200, CHANGED)
    apinizer.get(path).must_be(200, found(email(project, name, **EMAIL)))


def test_update_without_a_name_keeps_it(project, apinizer):
    name = new_connection(project)
    apinizer.put(connection(project, name),
                 {"type": "email", "host": "other.example.com"}).must_be(
        200, CHANGED)
    apinizer.get(connection(project, name)).must_be(
        200, found(email(project, name, host="other.example.com")))


def test_update_with_another_name_renames(project, apinizer):
    old, new = new_connection(project), unique("renamed")
    apinizer.put(connection(project, old),
                 {"type": "email", "name": new, "host": HOST}).must_be(
        200, CHANGED)
    apinizer.get(connection(project, new)).must_be(
        200, found(email(project, new)))
    apinizer.get(connection(project, old)).must_be(
        400, unknown_connection(old))


def test_update_may_change_the_case_of_the_name(project, apinizer):
    name = new_connection(project)
    apinizer.put(connection(project, name),
                 {"type": "email", "name": name.upper(), "host": HOST}) \
        .must_be(200, CHANGED)
    apinizer.get(connection(project, name)).must_be(
        200, found(email(project, name.upper())))


def test_update_to_a_taken_name_is_refused(project, apinizer):
    one, two = new_connection(project), new_connection(project)
    apinizer.put(connection(project, one),
                 {"type": "email", "name": two.upper(), "host": "changed"}) \
        .must_be(400, failure("bad_request"))
    for name in one, two:
        apinizer.get(connection(project, name)).must_be(
            200, found(email(project, name)))


def test_type_does_not_change(project, apinizer):
    name = new_connection(project)
    apinizer.put(connection(project, name),
                 {"type": "webhook", "fullUrl": URL}).must_be(
        400, failure("bad_request", mentioning("type")))
    apinizer.get(connection(project, name)).must_be(
        200, found(email(project, name)))


def test_unknown_connection_is_not_updated(project, apinizer):
    name = unique("nobody")
    apinizer.put(connection(project, name),
                 {"type": "email", "host": HOST}).must_be(
        400, unknown_connection(name))


def test_deleted_connection_is_gone(project, apinizer):
    name = new_connection(project)
    path = connection(project, name)
    apinizer.delete(path).must_be(200, CHANGED)
    for reply in (apinizer.get(path), apinizer.delete(path)):
        reply.must_be(400, unknown_connection(name))
    listed = apinizer.get(connection(project), {"type": "all"}).must_be(200)
    assert name not in [one["name"] for one in listed.body["resultList"]]
    new_connection(project, name)


def test_unknown_project_is_404(project, other, apinizer):
    name = new_connection(other)
    for stranger in "NoSuchProject", other.name:
        path = f"/projects/{stranger}/connections/"
        body = {"type": "email", "host": HOST}
        for reply in (apinizer.get(path, {"type": "all"}),
                      apinizer.get(f"{path}{name}/"),
                      apinizer.delete(f"{path}{name}/"),
                      apinizer.put(f"{path}{name}/", body),
                      apinizer.post(f"{path}made/", body)):
            reply.must_be(404, unknown_project(stranger))
    other.apinizer.get(connection(other, name)).must_be(
        200, found(email(other, name)))


@pytest.fixture(scope="module")
def viewer(project):
    return project.caller("apinizer", "viewer")


def test_view_token_reads_without_secrets(project, viewer):
    name = new_connection(project, password=SECRET)
    viewer.get(connection(project, name)).must_be(
        200, found(email(project, name, password=UNSET)))
    viewer.get(connection(project), {"type": "email"}).must_be(
        200, Including({"resultList": containing(Including(
            {"name": name}))}))


def test_view_token_changes_nothing(project, apinizer, viewer):
    name = new_connection(project)
    path = connection(project, name)
    body = {"type": "email", "host": "changed.example.com"}
    for reply in (viewer.post(connection(project, unique("made")), body),
                  viewer.put(path, body), viewer.delete(path)):
        reply.must_be(400, FORBIDDEN)
    apinizer.get(path).must_be(200, found(email(project, name)))
