"""Settings that could not be sent as they are, or would be sent elsewhere."""

import pytest

from support.listening import base, integration
from support.upsun import error, integration_path

LOG = {"url": "https://example.localhost/log"}
FRAMING = ("Content-Length", "host", "TRANSFER-ENCODING", "Connection",
           "Expect", "Upgrade", "TE", "Trailer", "Keep-Alive")
# Of each type: what it needs, and those of it that end up in one line.
LINES = {
    "github": ({"token": "t", "repository": "o/n"}, ("token",)),
    "gitlab": ({"token": "t", "project": "g/n"}, ("token",)),
    "bitbucket_server": ({"url": "https://example.localhost", "username": "u",
                          "token": "t", "project": "P", "repository": "n"},
                         ("token", "username")),
    "fastly": ({"token": "t", "service_id": "s"}, ("token",)),
    "health.slack": ({"token": "t", "channel": "c"}, ("token",)),
    "health.pagerduty": ({"routing_key": "k"}, ("routing_key",)),
    "newrelic": ({**LOG, "license_key": "k"}, ("license_key",)),
    "splunk": ({**LOG, "index": "i", "token": "t"}, ("token",)),
    "sumologic": (LOG, ("category",)),
    "syslog": ({}, ("auth_token",)),
}


def refused(answer, field):
    return answer.must_be(400, error(400, "Bad Request", field)) \
        .body["detail"][field]


@pytest.mark.parametrize("kind", ["httplog", "otlplog"])
def test_headers_that_frame_the_call_are_refused_by_name(project, upsun, kind):
    made = integration(project, kind, **LOG)
    for name in FRAMING:
        headers = {"X-Fine": "1", name: "1"}
        for answer in (
                upsun.post(base(project),
                           {"type": kind, **LOG, "headers": headers}),
                upsun.patch(base(project, made), {"headers": headers})):
            assert name in refused(answer, "headers")


def test_no_more_headers_are_taken_than_can_be_sent(project, upsun):
    fits = {f"h{number}": "x" for number in range(64)}
    integration(project, "httplog", **LOG, headers=fits)
    refused(upsun.post(base(project), {
        "type": "httplog", **LOG, "headers": {**fits, "one-more": "x"}}),
        "headers")


@pytest.mark.parametrize("kind", LINES)
@pytest.mark.parametrize("text", ["a\nb", "a\r", "a\x1b", "a\x7f"])
def test_what_goes_into_one_line_is_one(project, upsun, kind, text):
    fields, lines = LINES[kind]
    made = integration(project, kind, **fields)
    for name in lines:
        refused(upsun.post(base(project),
                           {"type": kind, **fields, name: text}), name)
        refused(upsun.patch(base(project, made), {name: text}), name)


@pytest.mark.parametrize("credentials", [
    {"app_credentials": {"key": "k\n", "secret": "s"}},
    {"app_credentials": {"key": "k", "secret": "s\n"}},
    {"addon_credentials": {"addon_key": "a\n", "client_key": "c",
                           "shared_secret": "s"}}])
def test_so_do_the_members_of_credentials(project, upsun, credentials):
    answer = upsun.post(base(project), {
        "type": "bitbucket", "repository": "o/n", **credentials})
    [field] = answer.must_be(400).body["detail"]
    assert field.startswith(next(iter(credentials)))


@pytest.mark.parametrize("path", ["../..", "a/..", "./a", "a/.", "..", "a//b",
                                  "/a", "a/", ""])
def test_repository_leads_to_itself(project, upsun, path):
    for kind, field in (("github", "repository"), ("gitlab", "project"),
                        ("bitbucket", "repository")):
        refused(upsun.post(base(project),
                           {"type": kind, "token": "t", field: path}
                           if kind != "bitbucket" else
                           {"type": kind, field: path}), field)


@pytest.mark.parametrize("address", ["a<x>@b.c", "x<y@z.d", "ä@b.c", "a@",
                                     "@b", "a b@c.d"])
def test_address_is_one_that_can_be_mailed_to(project, upsun, address):
    refused(upsun.post(base(project), {
        "type": "health.email", "recipients": [address]}), "recipients")
    refused(upsun.post(base(project), {
        "type": "health.email", "recipients": ["a@b.c"],
        "from_address": address}), "from_address")


def test_body_that_is_no_object_is_told_as_the_body(project, upsun):
    made = integration(project, "httplog", **LOG)
    activities = f"/projects/{project.upsun_id}/activities"
    one = upsun.post(activities, {"type": "a.b", "state": "pending"}) \
        .must_be(201).body["_embedded"]["entity"]
    for answer in (upsun.post(base(project), []),
                   upsun.patch(base(project, made), []),
                   upsun.post(activities, []),
                   upsun.patch(f"{activities}/{one['id']}", [])):
        assert set(answer.must_be(400).body["detail"]) == {"body"}


def test_new_token_s_end_is_not_the_old_one_s(project, upsun):
    """Of one that a client gives, it is not known."""
    made = integration(project, "gitlab", token="old", project="g/n")
    path = base(project, made)
    assert upsun.patch(path, {"rotate_token": False, "token": "new"}) \
        .must_be(200).body["_embedded"]["entity"]["token_expires_at"] is None


def test_ids_are_lower_case(project, upsun):
    made = integration(project, "webhook", url="https://x.localhost")
    upsun.get(f"/projects/{project.upsun_id.upper()}").must_be(404)
    upsun.get(integration_path(project, made["id"].upper())).must_be(404)
    upsun.get(integration_path(project, made["id"])).must_be(200)
