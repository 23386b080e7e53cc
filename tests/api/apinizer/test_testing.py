"""test-connection: each type against something that speaks its protocol, or
does not. Real services are in tests/e2e/services."""

import concurrent.futures
import functools
import json

import pytest

from support import speaker
from support.apinizer import (FORBIDDEN, connection, failure, new_connection,
                              unknown_connection, unknown_project)
from support.names import unique
from support.peer import certificate, tls_of
from support.server import ALLOWED
from support.speaker import Datagrams, Speaker
from support.targets import SHORT_MS, answer, outcome, settings, test_of
from support.wait import eventually
from support.whole import served

SPEAKING = {
    "activemq": (speaker.openwire, "LOGIN"),
    "database": (speaker.mysql, "GREETING"),
    "elasticsearch": (speaker.http(200), "GREETING"),
    "email": (speaker.smtp, "LOGIN"),
    "graylog": (speaker.silent, "CONNECT"),
    "kafka": (speaker.kafka, "GREETING"),
    "rabbitmq": (speaker.amqp, "USE"),
    "syslog": (speaker.silent, "CONNECT"),
    "webhook": (speaker.http(204), "GREETING"),
}
# With a timeout of their own; ldap and linux-script are below.
GREETED = ["activemq", "database", "elasticsearch", "email", "ftp", "kafka",
           "rabbitmq", "webhook"]
BY_TCP = [*GREETED, "graylog", "ldap", "linux-script", "syslog"]


@pytest.fixture(scope="module")
def server():
    with served(options=ALLOWED) as running:
        yield running


@pytest.fixture(scope="module")
def project(server):
    return server.project


@pytest.fixture(scope="module")
def apinizer(project):
    return project.apinizer


@pytest.fixture(scope="module")
def closed():
    """The project of a server that may call nobody in here."""
    with served() as running:
        yield running.project


@pytest.mark.parametrize("kind", SPEAKING)
def test_target_that_answers_passes(project, kind):
    speak, step = SPEAKING[kind]
    with Speaker(speak) as peer:
        test_of(project, settings(kind, peer.port)).must_be(
            200, answer(step, targets=[
                (f"127.0.0.1:{peer.port}", outcome(step))]))


@pytest.mark.parametrize("kind", BY_TCP)
def test_closed_port_is_a_refused_connection(project, kind):
    test_of(project, settings(kind, speaker.free_port())).must_be(
        200, answer("CONNECT", "CONNECTION_REFUSED"))


@pytest.mark.parametrize("kind", [*GREETED, "ldap", "linux-script"])
def test_other_protocol_is_a_wrong_answer(project, kind):
    with Speaker(speaker.strange) as peer:
        reply = test_of(project, settings(kind, peer.port, SHORT_MS))
    told = reply.must_be(200).body["testResult"]
    # some protocols wait for what the strange words seem to announce
    assert told["success"] is False and told["step"] in ("GREETING", "LOGIN")
    assert told["reason"] in ("WRONG_ANSWER", "TIMED_OUT", "CONNECTION_LOST",
                              "LOGIN_REFUSED")


@pytest.mark.parametrize("kind", [*GREETED, "ldap", "linux-script"])
def test_target_that_cuts_off_is_a_lost_connection(project, kind):
    with Speaker(speaker.cut_off) as peer:
        reply = test_of(project, settings(kind, peer.port))
    told = reply.must_be(200).body["testResult"]
    assert (told["success"], told["reason"]) in (
        (False, "CONNECTION_LOST"), (False, "WRONG_ANSWER")), told


@pytest.mark.parametrize("kind", GREETED)
def test_silent_target_times_out(project, kind):
    with Speaker(speaker.silent) as peer:
        test_of(project, settings(kind, peer.port, SHORT_MS)).must_be(
            200, answer("GREETING", "TIMED_OUT"))


@pytest.mark.parametrize("kind", [*GREETED, "ldap"])
def test_flood_ends(project, kind):
    with Speaker(speaker.flooding) as peer:
        reply = test_of(project, settings(kind, peer.port))
    told = reply.must_be(200).body["testResult"]
    assert told["success"] is False
    assert told["reason"] in ("ANSWER_TOO_LARGE", "WRONG_ANSWER",
                              "CONNECTION_LOST", "LOGIN_REFUSED"), told


@pytest.mark.parametrize("speak", [speaker.flooding, speaker.silent])
def test_ssh_server_that_never_comes_to_its_point_times_out(project, speak):
    """Lines before the greeting are allowed, and the library reads them all."""
    with Speaker(speak) as peer:
        test_of(project, settings("linux-script", peer.port)).must_be(
            200, answer("GREETING", "TIMED_OUT"))


@pytest.mark.parametrize("kind", BY_TCP)
@pytest.mark.usefixtures("resolver")
def test_unknown_name_is_told(project, kind):
    test_of(project, settings(kind, 4711, host="nowhere.invalid")).must_be(
        200, answer("NAME", "NAME_NOT_FOUND"))


@pytest.mark.parametrize("kind", [*BY_TCP, "snmp"])
def test_address_that_is_not_allowed_is_not_called(closed, kind):
    with Speaker(speaker.silent) as peer, Datagrams() as datagrams:
        port = datagrams.port if kind == "snmp" else peer.port
        test_of(closed, settings(kind, port)).must_be(
            200, answer("CONNECT", "ADDRESS_NOT_ALLOWED"))
        assert peer.connections == 0 and not datagrams.heard


@pytest.mark.parametrize("kind", ["activemq", "email", "rabbitmq"])
def test_wrong_password_is_a_refused_login(project, kind):
    field = "connectionFactoryPassword" if kind == "rabbitmq" else "password"
    with Speaker(SPEAKING[kind][0]) as peer:
        test_of(project, settings(kind, peer.port, **{field: "canary-wrong"})) \
            .must_be(200, answer("LOGIN", "LOGIN_REFUSED"))


# email

def test_email_without_auth_needs_no_login(project):
    with Speaker(speaker.smtp) as peer:
        test_of(project, settings("email", peer.port, auth=False)).must_be(
            200, answer("GREETING"))


def test_email_that_offers_no_login_fails(project):
    with Speaker(functools.partial(speaker.smtp, offers=False)) as peer:
        test_of(project, settings("email", peer.port)).must_be(
            200, answer("LOGIN", "LOGIN_REFUSED"))


def test_email_without_starttls_gets_no_password(project):
    heard = []

    def listening(connection):
        connection.sendall(b"220 mail.example ESMTP\r\n")
        while True:
            heard.append(speaker.line(connection))
            connection.sendall(b"250 AUTH PLAIN\r\n")

    with Speaker(listening) as peer:
        test_of(project, settings("email", peer.port, enableStartTls=True)) \
            .must_be(200, answer("TLS", "TLS_FAILED"))
    assert not any("AUTH" in said for said in heard), heard


# ldap

@pytest.mark.parametrize("by_entry", [False, True])
def test_referral_is_not_followed(project, by_entry):
    with Speaker(speaker.silent) as other, \
            Speaker(speaker.referring_ldap(
                f"ldap://127.0.0.1:{other.port}/dc=example", by_entry)) as peer:
        told = test_of(project, settings("ldap", peer.port)).must_be(200)
        assert told.body["testResult"]["step"] == "USE"
        assert other.connections == 0


# webhook

@pytest.mark.parametrize("status, step, reason", [
    (200, "GREETING", None), (404, "GREETING", None), (405, "GREETING", None),
    (302, "GREETING", None), (401, "LOGIN", "LOGIN_REFUSED"),
    (403, "LOGIN", "LOGIN_REFUSED"), (500, "GREETING", "SERVER_FAILED"),
    (503, "GREETING", "SERVER_FAILED")])
def test_webhook_is_judged_by_its_status(project, status, step, reason):
    with Speaker(speaker.http(status)) as peer:
        test_of(project, settings("webhook", peer.port)).must_be(
            200, answer(step, reason, f"it answered {status}"))


@pytest.mark.parametrize("method, sent", [
    ("GET", "GET"), ("OPTIONS", "OPTIONS"), ("POST", "HEAD"),
    ("DELETE", "HEAD")])
def test_webhook_is_sent_nothing_that_changes(project, method, sent):
    heard = []

    def listening(connection):
        while said := speaker.line(connection):
            heard.append(said)
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")

    with Speaker(listening) as peer:
        test_of(project, settings(
            "webhook", peer.port, httpMethod=method,
            headerList=[{"name": "X-Key", "value": "abc"}])).must_be(
            200, answer("GREETING"))
    assert heard[0] == f"{sent} /hook HTTP/1.1" and "X-Key: abc" in heard


# TLS

@pytest.fixture(scope="module")
def stranger(tmp_path_factory):
    return tls_of(certificate(tmp_path_factory.mktemp("tls"), "127.0.0.1"))


@pytest.mark.parametrize("kind, more", [
    ("activemq", {"brokerURL": "ssl://127.0.0.1:{port}"}),
    ("elasticsearch", {"elasticHostList": [
        {"scheme": "https", "host": "127.0.0.1", "port": "{port}"}]}),
    ("email", {"additionalProperties": [
        {"key": "mail.smtp.ssl.enable", "value": "true"}]}),
    ("ftp", {"protocol": "FTPS", "useImplicit": True}),
    ("graylog", {"tlsEnabled": True, "tlsCertVerificationEnabled": True}),
    ("kafka", {"enableSecure": True, "keyStoreName": "ours",
               "protocolTypes": ["TLS_1_3"]}),
    ("ldap", {"useSsl": True}),
    ("rabbitmq", {"connectionFactoryUseSslProtocol": True}),
    ("syslog", {"syslogSslEnabled": True}),
    ("webhook", {"fullUrl": "https://127.0.0.1:{port}/"}),
], ids=lambda value: value if isinstance(value, str) else "")
def test_certificate_of_a_stranger_is_refused(project, stranger, kind, more):
    heard = []

    def listening(connection):
        heard.append(connection.recv(100))

    with Speaker(listening, tls=stranger) as peer:
        more = json.loads(json.dumps(more).replace(
            '"{port}"', str(peer.port)).replace("{port}", str(peer.port)))
        test_of(project, {**settings(kind, peer.port), **more}).must_be(
            200, answer("TLS", "CERTIFICATE_NOT_TRUSTED"))
    assert not any(heard)


# The answer, and who may ask.

def test_password_is_never_shown(project, server):
    with Speaker(speaker.smtp) as peer:
        reply = test_of(project, settings("email", peer.port,
                                          password="canary-wrong"))
    text = json.dumps(reply.body) + json.dumps(server.log())
    events = project.native.get(f"/projects/{project.name}/events").must_be(200).body
    assert "canary" not in text + json.dumps(events)


def test_test_is_an_event(server):
    new_project = server.create_project(unique("fresh"))
    name = unique("target")
    with Speaker(speaker.smtp) as peer:
        test_of(new_project, settings("email", peer.port), name).must_be(200)
    page = new_project.native.get(f"/projects/{new_project.name}/events", {
        "type": "connection.tested"}).must_be(200).body
    [event] = page["items"]
    assert event["payload"] == {"name": name, "type": "email",
                                "success": True, "step": "LOGIN"}


def test_host_with_a_variable_is_not_tried(project):
    test_of(project, settings("email", 587, host="${MAIL_HOST}")).must_be(
        200, answer("SETTINGS", "NOT_CONFIGURED"))


@pytest.mark.parametrize("host", ["a/b", "a@b", "a b", "a?b", "a#b", "a%2eb",
                                  "[::1", "x" * 300])
def test_host_that_is_none_is_not_tried(project, host):
    test_of(project, settings("email", 587, host=host)).must_be(
        200, answer("SETTINGS", "NOT_CONFIGURED"))


def test_disabled_connection_is_tested_as_well(project):
    with Speaker(speaker.smtp) as peer:
        test_of(project, settings("email", peer.port, enabled=False)).must_be(
            200, answer("LOGIN"))


def test_unknown_connection_is_told(project, apinizer):
    name = unique("none")
    apinizer.post(f"{connection(project, name)}test-connection/").must_be(
        400, unknown_connection(name))
    apinizer.post("/projects/nobody/connections/x/test-connection/").must_be(
        404, unknown_project("nobody"))


def test_viewer_may_not_test(project):
    name = new_connection(project)
    viewer = project.caller("apinizer", "viewer")
    viewer.post(f"{connection(project, name)}test-connection/").must_be(
        400, FORBIDDEN)


def test_many_at_once_are_refused(server):
    project, name = server.create_project(unique("fresh")), unique("target")
    path = connection(project, name)
    with Speaker(speaker.silent) as peer:
        project.apinizer.post(path, settings("email", peer.port, 2000)) \
            .must_be(200)
        with concurrent.futures.ThreadPoolExecutor(40) as pool:
            replies = list(pool.map(
                lambda _: project.apinizer.post(f"{path}test-connection/"),
                range(40)))
    refused = [reply for reply in replies if reply.status == 503]
    tested = [reply for reply in replies if reply.status == 200]
    assert refused and len(tested) >= 32
    assert len(refused) + len(tested) == 40
    for reply in refused:
        reply.must_be(503, failure("temporarily_unavailable"))


def test_server_that_ends_lets_tests_end(server_factory):
    running = server_factory(options=ALLOWED)
    project, name = running.project, unique("target")
    path = connection(project, name)
    with Speaker(speaker.silent) as peer, \
            concurrent.futures.ThreadPoolExecutor(1) as pool:
        project.apinizer.post(path, settings("email", peer.port, 1000)) \
            .must_be(200)
        waiting = pool.submit(project.apinizer.post, f"{path}test-connection/")
        eventually(lambda: peer.connections, "the target is called")
        running.stop()
        told = waiting.result().must_be(200).body["testResult"]
        assert told["reason"] == "TIMED_OUT"
