"""Destinations: list, create, get, update, delete; signing keys."""

import base64

import pytest

from support.ampersand import (invalid, new_destination, new_installation,
                               new_topic, new_topic_route, path_of, problem)
from support.forms import TIME_Z, UUID, containing, mentioning, pattern
from support.names import unique

KEY = pattern("signing key", "whsec_[0-9A-Za-z+/]{43}=")
NOWHERE = "00000000-0000-7000-8000-000000000000"


def at(project, destination=None, query=""):
    path = f"/projects/{project.name}/destinations"
    return f"{path}/{destination}{query}" if destination else path


def key_of(project, destination, query="?includeSecrets=true"):
    return project.ampersand.get(at(project, destination["id"], query)) \
        .must_be(200).body["secrets"]["webhookSigningKey"]


def test_destination_is_created_and_shown(project, ampersand):
    name = unique("hook")
    made = ampersand.post(at(project), {
        "name": name, "type": "webhook", "metadata": {
            "url": "https://example.localhost/hook", "headers": {"X-Team": "a"},
            "unknown": 1}}).must_be(201, {
                "id": UUID, "name": name, "type": "webhook", "metadata": {
                    "url": "https://example.localhost/hook",
                    "headers": {"X-Team": "a"}}, "createTime": TIME_Z}).body
    for handle in made["id"], name:
        ampersand.get(at(project, handle)).must_be(200, made)
    ampersand.get(at(project)).must_be(200, containing(made))


def test_id_is_looked_for_before_a_name(project, ampersand):
    one = new_destination(project)
    looks_like_an_id = {"name": one["id"], "type": "webhook", "metadata": {
        "url": "https://example.localhost/hook"}}
    ampersand.post(at(project), looks_like_an_id).must_be(
        422, invalid(422, "name"))
    other = new_destination(project)
    ampersand.patch(at(project, other["id"]), {
        "updateMask": ["name"], "destination": {"name": one["id"]}}).must_be(
            422, invalid(422, "destination.name"))


def test_secrets_are_never_shown(project, ampersand):
    reply = ampersand.post(at(project), {
        "name": unique("stream"), "type": "kinesis",
        "metadata": {"region": "eu-west-1", "streamName": "s",
                     "batchSize": 10, "tls": True},
        "secrets": {"awsKeyId": "AKIA-hush", "awsSecretKey": "hush-hush"}}) \
        .must_be(201)
    shown = ampersand.get(at(project, reply.body["id"],
                             "?includeSecrets=true")).must_be(200, reply.body)
    assert "hush" not in reply.text + shown.text


# What each type is told, as its service names it, and its secrets.
PLACES = {
    "webhook": ({"url": "https://example.localhost/", "headers": {"X": "y"}}, []),
    "kinesis": ({"region": "eu", "streamName": "s", "endpointUrl": "https://x",
                 "partitionKeyTemplate": "{{x}}"},
                ["awsKeyId", "awsSecretKey", "awsSessionToken"]),
    "s3": ({"region": "eu", "bucket": "b", "keyTemplate": "k",
            "storageClass": "STANDARD", "endpointUrl": "https://x"},
           ["accessKeyId", "secretAccessKey"]),
    "slack": ({"url": "https://hooks.example.com/"}, ["credentials"]),
    "clickhouse": ({"endpointUrl": "https://x", "username": "u",
                    "database": "d", "tableName": "t"}, ["password"]),
    "snowflake": ({"accountIdentifier": "a", "userId": "u", "dbName": "d",
                   "schemaName": "s", "tableName": "t"}, ["privateKey"]),
    "bigquery": ({"projectId": "p", "datasetId": "d", "tableId": "t"},
                 ["credentials"]),
    "redshift": ({"workgroupName": "w", "clusterIdentifier": "c",
                  "dbUser": "u", "dbName": "d", "schemaName": "s"},
                 ["awsKeyId", "awsSecretKey"]),
    "sqs": ({"queueUrl": "https://sqs.example.com/q", "region": "eu"},
            ["awsKeyId", "awsSecretKey"]),
    "pubsub": ({"projectId": "p", "topicId": "t"}, ["credentials"]),
    "rabbitmq": ({"url": "amqp", "exchange": "e", "name": "n", "tls": True},
                 ["username", "password"]),
    "azureservicebus": ({"account": "a", "container": "c", "serverUrl": "s",
                         "name": "q"}, ["accessKey", "connectionString"]),
}


@pytest.mark.parametrize("kind", PLACES)
def test_each_type_is_kept_as_it_is_told(project, ampersand, kind):
    metadata, secrets = PLACES[kind]
    metadata = {**metadata, "batchSize": 5, "maxWaitSecs": 10}
    made = ampersand.post(at(project), {
        "name": unique("place"), "type": kind, "metadata": metadata,
        "secrets": {name: "hush" for name in secrets}}).must_be(201).body
    assert (made["type"], made["metadata"]) == (kind, metadata)
    shown = ampersand.get(at(project, made["id"],
                             "?includeSecrets=true")).must_be(200)
    key = {"secrets": {"webhookSigningKey": KEY}} if kind == "webhook" else {}
    shown.must_be(200, {**made, **key})
    assert "hush" not in shown.text
    mask = [*(f"secrets.{name}" for name in secrets), "metadata.batchSize"]
    changed = ampersand.patch(at(project, made["id"]), {
        "updateMask": mask, "destination": {
            "secrets": {name: "hush too" for name in secrets},
            "metadata": {"batchSize": 6}}}).must_be(200)
    assert changed.body["metadata"] == {**metadata, "batchSize": 6}
    assert "hush" not in changed.text


def test_signing_key_is_shown_when_asked_for(project, ampersand):
    made = new_destination(project)
    ampersand.get(at(project, made["id"], "?includeSecrets=true")).must_be(
        200, {**made, "secrets": {"webhookSigningKey": KEY}})
    key = key_of(project, made)
    assert len(base64.b64decode(key.removeprefix("whsec_"))) == 32
    assert key != key_of(project, new_destination(project))
    assert "secrets" not in ampersand.get(at(project, made["id"])).body


def test_rotation_makes_another_key(project):
    made = new_destination(project)
    first = key_of(project, made)
    second = key_of(project, made, "?includeSecrets=true&rotate=true")
    assert second != first
    assert key_of(project, made) == second


def test_rotation_of_what_is_no_webhook_is_refused(project, ampersand):
    made = ampersand.post(at(project), {
        "name": unique("bucket"), "type": "s3", "metadata": {}}) \
        .must_be(201).body
    said = ampersand.get(at(project, made["id"], "?rotate=true")) \
        .must_be(422).body
    assert [(one["in"], one["name"]) for one in said["issues"]] == \
        [("query", "rotate")]


def test_flag_that_is_none_is_refused(project, ampersand):
    made = new_destination(project)
    for flag in "includeSecrets", "rotate":
        ampersand.get(at(project, made["id"], f"?{flag}=maybe")).must_be(400)


def test_taken_name_is_refused(project, ampersand):
    made, another = new_destination(project), new_destination(project)
    ampersand.post(at(project), {
        "name": made["name"], "type": "webhook",
        "metadata": {"url": "https://example.localhost/"}}).must_be(
            422, invalid(422, "name"))
    ampersand.patch(at(project, another["id"]), {
        "updateMask": ["name"], "destination": {"name": made["name"]}}) \
        .must_be(422, invalid(422, "destination.name"))
    ampersand.get(at(project, another["id"])).must_be(200, another)


@pytest.mark.parametrize("name", ["name", "type", "metadata"])
def test_missing_member_is_refused(project, ampersand, name):
    body = {"name": unique("hook"), "type": "webhook",
            "metadata": {"url": "https://example.localhost/"}}
    del body[name]
    ampersand.post(at(project), body).must_be(400, invalid(400, name))


@pytest.mark.parametrize("url", [
    "ftp://example.com/", "https://", "https:///path", "https://:80/",
    "https://me:word@example.com/", "//example.com", "example.com",
    "https://exa mple.com/", "https://example.localhost/\n",
    "http://example.com/", "https://127.0.0.1/", "https://[::ffff:a00:1]/",
    "https://0x7f.1:8443/", "https://169.254.169.254/", "https://1.1.1.1:22/",
    "https://example.localhost/" + "x" * 2048])
def test_url_of_another_form_is_refused(project, ampersand, url):
    made = new_destination(project)
    ampersand.post(at(project), {
        "name": unique("hook"), "type": "webhook", "metadata": {"url": url}}) \
        .must_be(422, invalid(422, "metadata.url"))
    ampersand.patch(at(project, made["id"]), {
        "updateMask": ["metadata.url"],
        "destination": {"metadata": {"url": url}}}).must_be(
            422, invalid(422, "metadata.url"))


@pytest.mark.parametrize("more, status, wrong", [
    ({"name": "x" * 257}, 422, "name"),
    ({"type": "pigeon"}, 422, "type"),
    ({"metadata": {}}, 400, "metadata.url"),
    ({"metadata": {"url": 1}}, 400, "metadata.url"),
    ({"metadata": {"url": "https://x/", "tls": 1}}, 400, "tls"),
    ({"metadata": {"url": "https://x/", "batchSize": "1"}}, 400, "batchSize"),
    ({"metadata": {"url": "https://x/", "batchSize": 0}}, 422, "batchSize"),
    ({"metadata": {"url": "https://x/", "headers": {"a": 1}}}, 400,
     "headers.a"),
    ({"metadata": {"url": "https://x/", "headers": {"a b": "c"}}}, 422,
     "headers"),
    ({"metadata": {"url": "https://x/", "headers": {"a": "b\r\nc: d"}}}, 422,
     "headers"),
    ({"metadata": {"url": "https://x/",
                   "headers": {f"h{i}": "x" for i in range(65)}}}, 422,
     "headers"),
    ({"secrets": {"password": 1}}, 400, "secrets.password")])
def test_faulty_member_is_refused(project, ampersand, more, status, wrong):
    ampersand.post(at(project), {
        "name": unique("hook"), "type": "webhook",
        "metadata": {"url": "https://example.localhost/"}, **more}).must_be(
            status, invalid(status, wrong))


def test_update_changes_what_the_mask_names_alone(project, ampersand):
    made = new_destination(project, headers={"X-Team": "a"}, region="r")
    ampersand.patch(at(project, made["id"]), {
        "updateMask": ["metadata.url", "metadata.headers"], "destination": {
            "name": "not this", "metadata": {
                "url": "https://example.localhost/b", "headers": None,
                "region": "nor this"}}}).must_be(200, {
                    **made, "updateTime": TIME_Z, "metadata": {
                        "url": "https://example.localhost/b", "region": "r"}})


def test_whole_metadata_is_replaced(project, ampersand):
    made = new_destination(project, region="r")
    name = unique("renamed")
    ampersand.patch(at(project, made["id"]), {
        "updateMask": ["metadata", "name"], "destination": {
            "name": name, "metadata": {"url": "https://example.localhost/c"}}}) \
        .must_be(200, {**made, "name": name, "updateTime": TIME_Z,
                       "metadata": {"url": "https://example.localhost/c"}})


def test_update_keeps_the_signing_key(project, ampersand):
    made = new_destination(project)
    key = key_of(project, made)
    ampersand.patch(at(project, made["id"]), {
        "updateMask": ["secrets.password"],
        "destination": {"secrets": {"password": "p"}}}).must_be(200)
    assert key_of(project, made) == key


@pytest.mark.parametrize("body, wrong", [
    ({"destination": {}}, "updateMask"),
    ({"updateMask": ["name"]}, "destination"),
    ({"updateMask": ["type"], "destination": {"type": "s3"}}, "updateMask"),
    ({"updateMask": ["metadata.no"], "destination": {"metadata": {"no": 1}}},
     "updateMask"),
    ({"updateMask": ["secrets.webhookSigningKey"], "destination": {
        "secrets": {"webhookSigningKey": "x"}}}, "updateMask"),
    ({"updateMask": ["metadata.url"], "destination": {}}, "metadata.url"),
    ({"updateMask": ["secrets.password"], "destination": {"secrets": {}}},
     "secrets.password")])
def test_update_with_a_wrong_mask_is_refused(project, ampersand, body, wrong):
    made = new_destination(project)
    ampersand.patch(at(project, made["id"]), body).must_be(
        400, invalid(400, wrong))
    ampersand.get(at(project, made["id"])).must_be(200, made)


def test_deleted_destination_is_gone(project, ampersand):
    made = new_destination(project)
    assert ampersand.delete(at(project, made["id"])).must_be(204).text == ""
    ampersand.get(at(project, made["id"])).must_be(404, problem(404))
    ampersand.delete(at(project, made["id"])).must_be(404, problem(404))
    new_destination(project, made["name"])


def test_destination_of_a_route_stays(project, ampersand):
    made, topic = new_destination(project), new_topic(project)
    route = new_topic_route(project, topic, made)
    ampersand.delete(at(project, made["id"])).must_be(409, {
        **problem(409), "causes": [mentioning(route["id"])]})
    ampersand.delete(f"/projects/{project.name}/topic-destination-routes/"
                     f"{route['id']}").must_be(204)
    ampersand.delete(at(project, made["id"])).must_be(204)


def test_destination_of_a_configuration_stays(new_project):
    project = new_project
    made = new_destination(project, "accountWebhook")
    lower = new_destination(project, "accountwebhook")
    installation = new_installation(project)
    project.ampersand.delete(at(project, lower["id"])).must_be(204)
    project.ampersand.delete(at(project, made["id"])).must_be(409, {
        **problem(409), "causes": [mentioning(installation["id"])]})
    project.ampersand.delete(path_of(project, installation)).must_be(204)
    project.ampersand.delete(at(project, made["id"])).must_be(204)


def test_unknown_destination_is_404(project, other, ampersand):
    body = {"updateMask": ["name"], "destination": {"name": "x"}}
    foreign = new_destination(other)
    for handle in NOWHERE, "no-such-name", foreign["id"], foreign["name"]:
        ampersand.get(at(project, handle)).must_be(404, problem(404))
        ampersand.patch(at(project, handle), body).must_be(404, problem(404))
        ampersand.delete(at(project, handle)).must_be(404, problem(404))
