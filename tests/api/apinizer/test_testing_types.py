"""test-connection: what is particular to a type."""

import base64
import functools
import ssl
import subprocess

import pytest

from support import speaker
from support.apinizer import connection, failure
from support.names import unique
from support.peer import certificate, tls_of
from support.server import ALLOWED
from support.speaker import PASSWORD, USER, Datagrams, Speaker
from support.targets import answer, outcome, settings, test_of
from support.whole import served

LOGIN = ('org.apache.kafka.common.security.plain.PlainLoginModule required '
         'username="{}" password="{}";')
WRONG = "canary-wrong"


@pytest.fixture(scope="module")
def project():
    with served(options=ALLOWED) as running:
        yield running.project


def tried(project, kind, port, **more):
    return test_of(project, settings(kind, port, **more))


# What would end a protocol's line

@pytest.mark.parametrize("end", ["\r\n", "\n", "\r", "\x7f"])
@pytest.mark.parametrize("kind, field", [
    ("ftp", "username"), ("ftp", "password"), ("ftp", "workingDir"),
    ("email", "username"), ("email", "password"), ("ldap", "baseDn"),
    ("rabbitmq", "connectionFactoryPassword"), ("database", "jdbcUrl"),
    ("webhook", "fullUrl"), ("snmp", "connectionString")])
def test_control_character_is_refused(project, kind, field, end):
    given = settings(kind, speaker.free_port())
    text = f"{given.get(field, 'x')}{end}SITE X"
    answered = project.apinizer.post(
        connection(project, unique("target")), {**given, field: text}) \
        .must_be(400)
    assert field in answered.body["resultMessage"]
    assert "control characters" in answered.body["resultMessage"]


# Several addresses

def test_each_address_is_told(project):
    closed = speaker.free_port()
    with Speaker(speaker.amqp) as peer:
        places = [{"host": "127.0.0.1", "port": port}
                  for port in (peer.port, closed)]
        tried(project, "rabbitmq", peer.port, hostPortList=places).must_be(
            200, answer("CONNECT", "CONNECTION_REFUSED", targets=[
                (f"127.0.0.1:{peer.port}", outcome("USE")),
                (f"127.0.0.1:{closed}",
                 outcome("CONNECT", "CONNECTION_REFUSED"))]))


@pytest.mark.parametrize("form", [
    "failover:(tcp://{0},tcp://{0})?randomize=false",
    "failover:tcp://{0}", "tcp://{0}?wireFormat.maxInactivityDuration=0",
    "nio://{0}"])
def test_broker_url_has_forms(project, form):
    with Speaker(speaker.openwire) as peer:
        place = f"127.0.0.1:{peer.port}"
        tried(project, "activemq", peer.port, brokerURL=form.format(place)) \
            .must_be(200, answer("LOGIN", targets=[
                (place, outcome("LOGIN"))] * form.count("{0}")))


def test_kafka_has_several_servers(project):
    with Speaker(speaker.kafka) as peer:
        place = f"127.0.0.1:{peer.port}"
        tried(project, "kafka", peer.port, propertiesMap={
            "bootstrap.servers": {"value": f"{place}, {place}"}}).must_be(
            200, answer("GREETING", targets=[
                (place, outcome("GREETING"))] * 2))


# Logins

def kafka_login(port, password, mechanism="PLAIN"):
    return {"propertiesMap": {name: {"value": value} for name, value in {
        "bootstrap.servers": f"127.0.0.1:{port}",
        "security.protocol": "SASL_PLAINTEXT", "sasl.mechanism": mechanism,
        "sasl.jaas.config": LOGIN.format(USER, password)}.items()}}


@pytest.mark.parametrize("password, mechanism, step, reason", [
    (PASSWORD, "PLAIN", "LOGIN", None),
    (WRONG, "PLAIN", "LOGIN", "LOGIN_REFUSED"),
    (WRONG, "SCRAM-SHA-512", "GREETING", None)])
def test_kafka_logs_in_by_plain(project, password, mechanism, step, reason):
    with Speaker(speaker.kafka) as peer:
        tried(project, "kafka", peer.port,
              **kafka_login(peer.port, password, mechanism)).must_be(
            200, answer(step, reason))


def test_kafka_that_offers_no_plain_fails(project):
    with Speaker(functools.partial(speaker.kafka,
                                   mechanism=b"GSSAPI")) as peer:
        tried(project, "kafka", peer.port,
              **kafka_login(peer.port, PASSWORD)).must_be(
            200, answer("LOGIN", "LOGIN_REFUSED"))


@pytest.mark.parametrize("more, step, reason", [
    ({}, "LOGIN", None),
    ({"password": WRONG}, "LOGIN", "LOGIN_REFUSED"),
    ({"username": None, "password": None}, "GREETING", None)])
@pytest.mark.parametrize("form", ["amqp://{}", "tcp://{}"])
def test_activemq_speaks_amqp(project, form, more, step, reason):
    with Speaker(speaker.amqp_1) as peer:
        tried(project, "activemq", peer.port, **{
            "activeMqConnectionProtocolType": "AMQP",
            "brokerURL": form.format(f"127.0.0.1:{peer.port}"), **more}) \
            .must_be(200, answer(step, reason))


def test_activemq_without_a_user_needs_no_login(project):
    with Speaker(speaker.openwire) as peer:
        tried(project, "activemq", peer.port, username=None).must_be(
            200, answer("GREETING"))


def test_rabbitmq_is_opened_to_its_virtual_host(project):
    with Speaker(speaker.amqp) as peer:
        for host, step, reason in [("sales", "USE", None),
                                   ("nowhere", "USE", "NOT_FOUND")]:
            tried(project, "rabbitmq", peer.port,
                  connectionFactoryVirtualHost=host).must_be(
                200, answer(step, reason))


def test_rabbitmq_without_a_login_is_a_guest(project):
    with Speaker(speaker.amqp) as peer:
        tried(project, "rabbitmq", peer.port, authenticationEnabled=False) \
            .must_be(200, answer("LOGIN", "LOGIN_REFUSED"))


def test_rabbitmq_that_hangs_up_on_a_login_is_told_so(project):
    with Speaker(functools.partial(speaker.amqp, cuts_off=True)) as peer:
        tried(project, "rabbitmq", peer.port,
              connectionFactoryPassword=WRONG).must_be(
            200, answer("LOGIN", "CONNECTION_LOST",
                        "the connection was cut off at the login"))


# Databases

@pytest.mark.parametrize("kind, url, speak", [
    ("MYSQL", "jdbc:mysql://{}/shop?useSSL=false", speaker.mysql),
    ("MYSQL", "jdbc:mysql://jane:x@{}/shop", speaker.mysql),
    ("SQL_SERVER", "jdbc:sqlserver://{};databaseName=shop",
     speaker.sql_server),
    ("MONGODB", "mongodb://{}/shop", speaker.mongodb),
    ("TRINO", "jdbc:trino://{}/shop", speaker.http(200))])
def test_database_that_greets_passes(project, kind, url, speak):
    with Speaker(speak) as peer:
        place = f"127.0.0.1:{peer.port}"
        tried(project, "database", peer.port, dbType=kind,
              jdbcUrl=url.format(place)).must_be(
            200, answer("GREETING", targets=[(place, outcome("GREETING"))]))


@pytest.mark.parametrize("kind, url", [
    ("ORACLE", "jdbc:oracle:thin:@{}:XE"),
    ("ORACLE", "jdbc:oracle:thin:@//{}/XE"),
    ("SYBASE", "jdbc:sybase:Tds:{}/shop"), ("DB2", "jdbc:db2://{}/shop"),
    ("APACHE_HIVE", "jdbc:hive2://{}/shop;ssl=false"),
    ("APACHE_IMPALA", "jdbc:impala://{}/shop")])
def test_database_of_another_protocol_is_connected_to(project, kind, url):
    with Speaker(speaker.silent) as peer:
        place = f"127.0.0.1:{peer.port}"
        tried(project, "database", peer.port, dbType=kind,
              jdbcUrl=url.format(place)).must_be(
            200, answer("CONNECT", targets=[(place, outcome(
                "CONNECT", detail="it takes connections; its protocol and "
                "the login were not tried"))]))


def test_database_that_refuses_us_fails(project):
    with Speaker(speaker.refusing_mysql) as peer:
        tried(project, "database", peer.port).must_be(
            200, answer("GREETING", "SERVER_FAILED",
                        "it refuses us with error 1040"))


@pytest.mark.parametrize("kind", ["SQL_SERVER", "MONGODB", "POSTGRES"])
@pytest.mark.parametrize("fault, reasons", [
    (speaker.strange, {"WRONG_ANSWER", "CONNECTION_LOST"}),
    (speaker.cut_off, {"CONNECTION_LOST"}),
    (speaker.silent, {"TIMED_OUT"})])
def test_database_that_does_not_speak_its_protocol_fails(project, kind, fault,
                                                         reasons):
    scheme = {"SQL_SERVER": "jdbc:sqlserver", "MONGODB": "mongodb",
              "POSTGRES": "jdbc:postgresql"}[kind]
    with Speaker(fault) as peer:
        told = test_of(project, settings(
            "database", peer.port, 700, dbType=kind,
            jdbcUrl=f"{scheme}://127.0.0.1:{peer.port}")).must_be(200).body
    assert told["testResult"]["reason"] in reasons, told


def test_postgresql_is_not_called_where_it_may_not_be():
    """libpq opens its own sockets: only to what was looked at."""
    with served() as running, Speaker(speaker.silent) as peer:
        tried(running.project, "database", peer.port, dbType="POSTGRES",
              jdbcUrl=f"jdbc:postgresql://localhost:{peer.port}/shop") \
            .must_be(200, answer("CONNECT", "ADDRESS_NOT_ALLOWED"))
        assert peer.connections == 0


def test_mongodb_of_a_service_is_not_tried(project):
    tried(project, "database", 1, dbType="MONGODB",
          jdbcUrl="mongodb+srv://db.example.com/shop").must_be(
        200, answer("SETTINGS", "NOT_CONFIGURED"))


# TLS with what the connection itself trusts

@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tls")
    ca = certificate(folder, "authority")
    return ca[1], certificate(folder, "localhost", ca, "localhost")


def encoded(path):
    return base64.b64encode(path.read_bytes()).decode()


def graylog(**more):
    return {"tlsEnabled": True, "tlsCertVerificationEnabled": True,
            "host": "localhost", **more}


def test_graylog_trusts_its_own_authority(project, files):
    ca, own = files
    with Speaker(speaker.silent, tls=tls_of(own)) as peer:
        for more, step, reason in [
                ({"tlsTrustCertChainFile": encoded(ca)}, "TLS", None),
                ({}, "TLS", "CERTIFICATE_NOT_TRUSTED"),
                ({"host": "127.0.0.1",
                  "tlsTrustCertChainFile": encoded(ca)}, "TLS",
                 "CERTIFICATE_NOT_TRUSTED"),
                ({"tlsCertVerificationEnabled": False}, "TLS", None)]:
            tried(project, "graylog", peer.port, **graylog(**more)).must_be(
                200, answer(step, reason))


def elastic(port, host="localhost", **more):
    return {"elasticHostList": [{"scheme": "https", "host": host,
                                 "port": port}],
            "encryptCommunication": True,
            "encryptCommunicationType": "CA_IN_PEM_FILE", **more}


def test_elasticsearch_trusts_its_own_authority(project, files):
    ca, own = files
    with Speaker(speaker.http(200), tls=tls_of(own)) as peer:
        for host, lenient, reason in [
                ("localhost", False, None),
                ("127.0.0.1", False, "CERTIFICATE_NOT_TRUSTED"),
                ("127.0.0.1", True, None)]:
            tried(project, "elasticsearch", peer.port, **elastic(
                peer.port, host, caInPemFile=encoded(ca),
                disableHostnameVerification=lenient)).must_be(
                200, answer("TLS" if reason else "GREETING", reason))


@pytest.mark.parametrize("scheme", ["http", None])
def test_elasticsearch_is_encrypted_whatever_its_scheme(project, files, scheme):
    ca, own = files
    with Speaker(speaker.http(200), tls=tls_of(own)) as peer:
        its = elastic(peer.port, caInPemFile=encoded(ca))
        its["elasticHostList"][0]["scheme"] = scheme
        tried(project, "elasticsearch", peer.port, **its).must_be(
            200, answer("GREETING"))
        tried(project, "elasticsearch", peer.port, **{
            **its, "caInPemFile": base64.b64encode(b"no PEM").decode()}) \
            .must_be(200, answer("SETTINGS", "NOT_CONFIGURED"))


def pkcs12(pem, *more):
    """A certificate in PKCS #12, and maybe its key, as base64."""
    done = subprocess.run(["openssl", "pkcs12", "-export", "-in", str(pem),
                           *map(str, more)], capture_output=True, check=True)
    return base64.b64encode(done.stdout).decode()


def test_elasticsearch_trusts_an_authority_in_pkcs12(project, files):
    ca, own = files
    kind = {"encryptCommunicationType": "CA_CERTIFICATE_IN_PKCS_12"}
    trusted = pkcs12(ca, "-nokeys", "-passout", "pass:")
    closed = pkcs12(ca, "-nokeys", "-passout", "pass:x")
    with Speaker(speaker.http(200), tls=tls_of(own)) as peer:
        for file, step, reason in [
                (trusted, "GREETING", None),
                (closed, "SETTINGS", "NOT_CONFIGURED")]:
            tried(project, "elasticsearch", peer.port, **{
                **elastic(peer.port), **kind, "caCertInPkcs12File": file}) \
                .must_be(200, answer(step, reason))


def test_elasticsearch_shows_its_own_certificate(project, files):
    """To a server that asks for one, and takes none but ours."""
    ca, own = files
    wants = tls_of(own)
    wants.load_verify_locations(ca)
    wants.verify_mode = ssl.CERT_REQUIRED
    stores = {"encryptCommunicationType": "CERT_AND_PRIVATE_KEY_IN_PKCS_12",
              "caTruststoreFile": pkcs12(ca, "-nokeys", "-passout", "pass:t"),
              "caTruststoreFilePass": "t", "caKeystoreFilePass": "k",
              "caKeystoreFile": pkcs12(own[1], "-inkey", own[0], "-passout",
                                       "pass:k")}
    shown = []

    def listening(connection):
        shown.append(connection.getpeercert())
        speaker.http(200)(connection)

    with Speaker(listening, tls=wants) as peer:
        tried(project, "elasticsearch", peer.port,
              **{**elastic(peer.port), **stores}).must_be(
            200, answer("GREETING"))
        assert shown and shown[0]
        tried(project, "elasticsearch", peer.port, **{
            **elastic(peer.port), **stores, "caKeystoreFilePass": "wrong"}) \
            .must_be(200, answer("SETTINGS", "NOT_CONFIGURED"))


@pytest.mark.parametrize("status, step, reason", [
    (200, "GREETING", None), (401, "LOGIN", "LOGIN_REFUSED")])
def test_elasticsearch_logs_in(project, status, step, reason):
    heard = []

    def listening(connection):
        while said := speaker.line(connection):
            heard.append(said)
        connection.sendall(f"HTTP/1.1 {status} X\r\nContent-Length: 0\r\n\r\n"
                           .encode())

    with Speaker(listening) as peer:
        tried(project, "elasticsearch", peer.port, authenticate=True,
              elasticUsername=USER, elasticPassword=PASSWORD).must_be(
            200, answer(step, reason))
    login = base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
    assert f"Authorization: Basic {login}" in heard


# UDP

@pytest.mark.parametrize("kind, more", [
    ("graylog", {"transportType": "UDP"}),
    ("syslog", {"syslogProtocolType": "UDP"})])
def test_datagram_is_not_confirmed(project, kind, more):
    with Datagrams() as datagrams:
        tried(project, kind, datagrams.port, **more).must_be(
            200, answer("CONNECT", confirmed=False))
        assert datagrams.heard == [b""]
    tried(project, kind, speaker.free_port(), **more).must_be(
        200, answer("CONNECT", "CONNECTION_REFUSED"))


def test_snmp_without_an_agent_is_not_confirmed(project):
    with Datagrams() as datagrams:
        tried(project, "snmp", datagrams.port).must_be(
            200, answer("GREETING", confirmed=False))
        assert len(datagrams.heard) == 3
        assert all(b"\x04\x06public" in one for one in datagrams.heard)
    tried(project, "snmp", speaker.free_port()).must_be(
        200, answer("GREETING", "CONNECTION_REFUSED"))


@pytest.mark.parametrize("said", [
    b"x", b"\x30", b"\x30\x84\xff\xff\xff\xff", b"\x30\x03\x02\x01\x01",
    b"\x30\x82\x05\x00" + bytes(100), bytes(1400)])
def test_snmp_that_answers_anything_else_fails(project, said):
    with Datagrams(lambda datagram: said) as datagrams:
        tried(project, "snmp", datagrams.port).must_be(
            200, answer("GREETING", "WRONG_ANSWER"))


# What can't be tried

def test_logback_has_no_target(project):
    name = unique("log")
    path = connection(project, name)
    project.apinizer.post(path, {"type": "logback"}).must_be(200)
    project.apinizer.post(f"{path}test-connection/").must_be(
        400, failure("bad_request", f"Connection (name: {name}) is of type "
                     "logback, which has no target to test!"))


@pytest.mark.parametrize("kind, more", [
    ("snmp", {"connectionString": "tcp:127.0.0.1/162"}),
    ("kafka", {"propertiesMap": {"acks": {"value": "1"}}}),
    ("activemq", {"brokerURL": "vm:localhost"}),
    ("webhook", {"fullUrl": "https://${HOST}/"}),
    ("email", {"password": "${SECRET}"})])
def test_settings_that_name_no_target_are_told(project, kind, more):
    with Datagrams():
        tried(project, kind, 1, **more).must_be(
            200, answer("SETTINGS", "NOT_CONFIGURED"))
