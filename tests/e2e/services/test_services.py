"""test-connection against the services that Debian has, started here.

The server under test trusts an authority of this test's, which lies over the
system's in a room of its own: so what is trusted, and what is not, is tried by
the same way as in production."""

import contextlib
import os
import shlex
import stat

import pytest

from support import cli, daemons
from support.peer import certificate
from support.planted import under_test
from support.server import ALLOWED
from support.daemons import BASE_DN, BIND_DN, QUEUE_HOST
from support.speaker import PASSWORD, USER
from support.targets import answer, settings, test_of
from support.whole import served

pytestmark = pytest.mark.skipif(
    os.getuid() != 0, reason="users of the services' own take root")
WRONG = "canary-wrong"


@pytest.fixture(scope="module")
def tls():
    """(the authority's files, those of `localhost`)"""
    with daemons.own_folder() as folder, daemons.files(folder) as made:
        folder.chmod(0o755)
        yield made


@pytest.fixture(scope="module")
def project(tls):
    with served_trusting(tls[0][1]) as running:
        yield running.project


@contextlib.contextmanager
def served_trusting(authority):
    """A server for which this is the system's only authority."""
    with daemons.own_folder() as folder:
        wrapper = folder / "cleat"
        inner = (f"mount --bind {authority} "
                 f"$(readlink -f {daemons.AUTHORITIES}); exec \"$0\" \"$@\"")
        wrapper.write_text(f"#!/bin/sh\nexec unshare -m sh -c "
                           f"{shlex.quote(inner)} {cli.binary()} \"$@\"\n")
        wrapper.chmod(wrapper.stat().st_mode | stat.S_IXUSR)
        with under_test(wrapper), served(options=ALLOWED) as running:
            yield running


def tried(project, kind, port, **more):
    return test_of(project, settings(kind, port, **more))


# (what differs from a connection that passes, where it fails, and why)

def test_ldap(project):
    right = {"username": BIND_DN, "baseDn": BASE_DN}
    with daemons.slapd() as port:
        for more, step, reason in [
                ({}, "USE", None),
                ({"password": WRONG}, "LOGIN", "LOGIN_REFUSED"),
                ({"baseDn": "dc=nowhere"}, "USE", "NOT_FOUND"),
                ({"username": None, "password": None}, "USE", None)]:
            tried(project, "ldap", port, **{**right, **more}).must_be(
                200, answer(step, reason))


def test_ldaps(project, tls):
    right = {"username": BIND_DN, "baseDn": BASE_DN, "useSsl": True}
    with daemons.slapd(tls[1]) as port:
        tried(project, "ldap", port, host="localhost", **right).must_be(
            200, answer("USE"))
        tried(project, "ldap", port, host="localhost",
              **{**right, "password": WRONG}).must_be(
            200, answer("LOGIN", "LOGIN_REFUSED"))


def test_ftp(project):
    with daemons.vsftpd() as (port, home):
        right = {"workingDir": f"{home}/files"}
        for more, step, reason in [
                ({}, "USE", None),
                ({"password": WRONG}, "LOGIN", "LOGIN_REFUSED"),
                ({"workingDir": f"{home}/nowhere"}, "USE", "NOT_FOUND"),
                ({"protocol": "FTPS", "useExplicit": True}, "TLS",
                 "TLS_FAILED")]:
            tried(project, "ftp", port, **{**right, **more}).must_be(
                200, answer(step, reason))
        assert not list((home / "files").iterdir())


def test_ftps(project, tls):
    with daemons.vsftpd(tls[1]) as (port, home):
        right = {"protocol": "FTPS", "useExplicit": True,
                 "workingDir": f"{home}/files", "host": "localhost"}
        for more, step, reason in [
                ({}, "USE", None),
                ({"password": WRONG}, "LOGIN", "LOGIN_REFUSED"),
                ({"protocol": "FTP", "useExplicit": False}, "LOGIN",
                 "LOGIN_REFUSED")]:
            tried(project, "ftp", port, **{**right, **more}).must_be(
                200, answer(step, reason))


def test_sftp(project):
    with daemons.sshd() as (port, home):
        right = {"protocol": "SFTP", "workingDir": f"{home}/files"}
        for more, step, reason in [
                ({}, "USE", None),
                ({"password": WRONG}, "LOGIN", "LOGIN_REFUSED"),
                ({"workingDir": f"{home}/nowhere"}, "USE", "NOT_FOUND")]:
            tried(project, "ftp", port, **{**right, **more}).must_be(
                200, answer(step, reason))


@pytest.mark.parametrize("has_sftp", [True, False])
def test_linux_script(project, has_sftp):
    with daemons.sshd(has_sftp) as (port, _):
        tried(project, "linux-script", port).must_be(200, answer("LOGIN"))
        tried(project, "linux-script", port, password=WRONG).must_be(
            200, answer("LOGIN", "LOGIN_REFUSED"))
        tried(project, "linux-script", port, username="nobody-here").must_be(
            200, answer("LOGIN", "LOGIN_REFUSED"))


def test_syslog(project):
    with daemons.rsyslogd() as port:
        tried(project, "syslog", port).must_be(200, answer("CONNECT"))
        tried(project, "syslog", port, syslogProtocolType="UDP").must_be(
            200, answer("CONNECT", confirmed=False))


def test_snmp(project):
    with daemons.snmpd() as port:
        for version, community, confirmed in [
                ("V1", "public", True), ("V2c", "public", True),
                ("V2c", WRONG, False)]:
            tried(project, "snmp", port, version=version,
                  securityOrCommunityName=community).must_be(
                200, answer("GREETING", confirmed=confirmed))


@pytest.mark.parametrize("way, debian", [
    ("AuthMD5", "MD5"), ("AuthSHA", "SHA"), ("AuthHMAC128SHA224", "SHA-224"),
    ("AuthHMAC192SHA256", "SHA-256"), ("AuthHMAC256SHA384", "SHA-384"),
    ("AuthHMAC384SHA512", "SHA-512")])
def test_snmp_of_version_3(project, way, debian):
    with daemons.snmpd(debian) as port:
        for more, step, reason in [
                ({}, "LOGIN", None),
                ({"securityLevel": "AUTH_PRIV"}, "LOGIN", None),
                ({"securityLevel": None, "enableUserAuthentication": True},
                 "LOGIN", None),
                ({"authPassphrase": WRONG}, "LOGIN", "LOGIN_REFUSED"),
                ({"securityName": "nobody"}, "LOGIN", "LOGIN_REFUSED"),
                ({"authPassphrase": None}, "LOGIN", "LOGIN_REFUSED")]:
            tried(project, "snmp", port, **{
                "version": "V3", "securityName": USER,
                "securityLevel": "AUTH_NOPRIV", "authPassphrase": PASSWORD,
                "usmUserAuthenticationProtocol": way, **more}).must_be(
                200, answer(step, reason))


@pytest.mark.parametrize("more", [
    {}, {"enableStartTls": True},
    {"additionalProperties": [{"key": "mail.smtp.ssl.enable",
                               "value": "true"}]}],
    ids=["plain", "STARTTLS", "TLS"])
def test_email(project, tls, more):
    kinds = {"tls": tls[1] if more else None,
             "from_the_first": "additionalProperties" in more}
    with daemons.mail(**kinds) as port:
        tried(project, "email", port, host="localhost", **more).must_be(
            200, answer("LOGIN"))
        tried(project, "email", port, host="localhost", password=WRONG,
              **more).must_be(200, answer("LOGIN", "LOGIN_REFUSED"))


def database(port, **arguments):
    query = "&".join(f"{name}={value}" for name, value in arguments.items())
    return {"dbType": "POSTGRES",
            "jdbcUrl": f"jdbc:postgresql://localhost:{port}/shop?{query}"}


def test_postgresql(project):
    with daemons.Postgres() as cluster:
        port = cluster.port
        gone = {"jdbcUrl": f"jdbc:postgresql://localhost:{port}/nowhere"}
        for more, step, reason in [
                ({}, "USE", None),
                ({"password": WRONG}, "LOGIN", "LOGIN_REFUSED"),
                ({"username": "nobody"}, "LOGIN", "LOGIN_REFUSED"),
                (gone, "USE", "NOT_FOUND"),
                (database(port, sslmode="require"), "TLS", "TLS_FAILED")]:
            tried(project, "database", port,
                  **{**database(port), **more}).must_be(
                200, answer(step, reason))


def test_postgresql_with_tls(project, tls):
    with daemons.Postgres(tls[1]) as cluster:
        port = cluster.port
        for mode, step, reason in [
                ("verify-full", "USE", None), ("require", "USE", None),
                ("prefer", "USE", None),
                ("disable", "LOGIN", "LOGIN_REFUSED")]:
            tried(project, "database", port,
                  **database(port, sslmode=mode)).must_be(
                200, answer(step, reason))


def test_rabbitmq(project):
    right = {"connectionFactoryVirtualHost": QUEUE_HOST}
    with daemons.rabbitmq() as port:
        for more, step, reason in [
                ({}, "USE", None),
                ({"connectionFactoryPassword": WRONG}, "LOGIN",
                 "LOGIN_REFUSED"),
                ({"connectionFactoryVirtualHost": "nowhere"}, "USE",
                 "NOT_FOUND"),
                ({"connectionFactoryUseSslProtocol": True}, "TLS",
                 "TLS_FAILED")]:
            tried(project, "rabbitmq", port, **{**right, **more}).must_be(
                200, answer(step, reason))
        # the same by AMQP 1.0, as ActiveMQ's clients may speak it
        by_amqp = {"activeMqConnectionProtocolType": "AMQP",
                   "brokerURL": f"amqp://127.0.0.1:{port}"}
        tried(project, "activemq", port, **by_amqp).must_be(
            200, answer("LOGIN"))
        tried(project, "activemq", port, **by_amqp, password=WRONG).must_be(
            200, answer("LOGIN", "LOGIN_REFUSED"))


def test_certificate_of_a_stranger_is_refused(project, tls):
    """Each that could be trusted above is not, by another authority."""
    with daemons.own_folder() as folder, daemons.files(folder) as other:
        folder.chmod(0o755)
        with daemons.mail(other[1]) as port:
            tried(project, "email", port, host="localhost",
                  enableStartTls=True).must_be(
                200, answer("TLS", "CERTIFICATE_NOT_TRUSTED"))
        with daemons.slapd(other[1]) as port:
            tried(project, "ldap", port, host="localhost", useSsl=True) \
                .must_be(200, answer("TLS", "CERTIFICATE_NOT_TRUSTED"))
        with daemons.vsftpd(other[1]) as (port, _):
            tried(project, "ftp", port, host="localhost", protocol="FTPS",
                  useExplicit=True).must_be(
                200, answer("TLS", "CERTIFICATE_NOT_TRUSTED"))
        with daemons.Postgres(other[1]) as cluster:
            tried(project, "database", cluster.port,
                  **database(cluster.port, sslmode="verify-full")).must_be(
                200, answer("TLS", "CERTIFICATE_NOT_TRUSTED"))


def test_certificate_of_another_name_is_refused(project, tls):
    with daemons.own_folder() as folder:
        other = certificate(folder, "other", tls[0], "elsewhere.example")
        with daemons.mail(other) as port:
            tried(project, "email", port, host="localhost",
                  enableStartTls=True).must_be(
                200, answer("TLS", "CERTIFICATE_NOT_TRUSTED"))
        folder.chmod(0o755)
        with daemons.Postgres(other) as cluster:
            for mode, step, reason in [
                    ("verify-ca", "USE", None),
                    ("verify-full", "TLS", "CERTIFICATE_NOT_TRUSTED")]:
                tried(project, "database", cluster.port,
                      **database(cluster.port, sslmode=mode)).must_be(
                    200, answer(step, reason))
