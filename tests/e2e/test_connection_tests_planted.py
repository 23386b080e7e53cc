"""Faults planted in what tests connections, and checks that must catch them:
each is one that could be left out without anybody noticing."""

import functools

from support import speaker
from support.peer import certificate, tls_of
from support.planted import SOUND, planted_server
from support.server import ALLOWED
from support.speaker import Datagrams, Speaker
from support.targets import answer, settings, test_of


def guard_is_asked(project, folder):
    with Speaker(speaker.smtp) as peer:
        test_of(project, settings("email", peer.port)).must_be(
            200, answer("CONNECT", "ADDRESS_NOT_ALLOWED"))
        assert peer.connections == 0


def guard_is_asked_of_datagrams(project, folder):
    with Datagrams() as datagrams:
        test_of(project, settings("snmp", datagrams.port)).must_be(
            200, answer("CONNECT", "ADDRESS_NOT_ALLOWED"))
        assert not datagrams.heard


def certificate_is_looked_at(project, folder):
    files = certificate(folder, "127.0.0.1")
    with Speaker(speaker.silent, tls=tls_of(files)) as peer:
        test_of(project, settings("syslog", peer.port, syslogSslEnabled=True)) \
            .must_be(200, answer("TLS", "CERTIFICATE_NOT_TRUSTED"))


def starttls_is_waited_for(project, folder):
    with Speaker(speaker.smtp) as peer:
        test_of(project, settings("email", peer.port, enableStartTls=True)) \
            .must_be(200, answer("TLS", "TLS_FAILED"))


def login_takes_place(project, folder):
    with Speaker(functools.partial(speaker.smtp, offers=False)) as peer:
        test_of(project, settings("email", peer.port)).must_be(
            200, answer("LOGIN", "LOGIN_REFUSED"))


# (the fault, the check, whether the server may call the loopback)
PLANTS = [
    ("call_any_address", guard_is_asked, False),
    ("collect_any_address", guard_is_asked_of_datagrams, False),
    ("test_with_any_certificate", certificate_is_looked_at, True),
    ("test_without_starttls", starttls_is_waited_for, True),
    ("test_without_a_login", login_takes_place, True),
]


def catches(plant, check, may_call, folder):
    with planted_server(plant, options=ALLOWED if may_call else ()) as server:
        try:
            check(server.project, folder)
        except AssertionError:
            return True
        return False


def test_planted_faults_are_caught(all_caught, folder):
    caught = [row for row in PLANTS if catches(*row, folder)]
    all_caught("test-connection", PLANTS, caught)


def test_sound_server_passes_the_checks_of_planted_faults(folder):
    for _, check, may_call in PLANTS:
        assert not catches(SOUND, check, may_call, folder), check
