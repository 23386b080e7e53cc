"""Faults planted in the client, and the tests that must catch them."""

import pathlib
import tempfile

import pytest

import test_client
import test_client_names
from support.caller import calling_with
from support.planted import planted

SPLIT_HEADER = ("X-A", "b\r\nX-Evil: 1")


def half_an_answer():
    test_client.test_half_an_answer_is_none(
        lambda peer, connection, path: connection.sendall(
            b"HTTP/1.1 200 OK\r\nX-"))


def redirect():
    test_client.test_redirect_is_not_followed("302 Found")


def header():
    test_client.test_header_cannot_hold_another(*SPLIT_HEADER)


def slow():
    test_client.test_time_runs_out(
        test_client.head("Content-Length: 100"), b"x")


def certificate():
    with tempfile.TemporaryDirectory(prefix="cleat-certificate-") as folder:
        test_client.test_certificate_of_its_own_is_refused(
            pathlib.Path(folder))


PLANTS = [
    ("call_any_address", test_client.test_rule_for_another_range_does_not_help),
    ("follow_redirects", redirect),
    ("take_a_proxy", test_client.test_proxies_of_the_environment_do_not_count),
    ("take_half_an_answer", half_an_answer),
    ("send_any_header", header),
    ("trust_any_certificate", certificate),
    ("wait_without_end", slow),
]
PLANTS_OF_NAMES = [
    ("call_any_address", test_client_names.test_rebound_name_is_not_called),
    ("follow_redirects", test_client_names.test_redirect_inside_is_not_followed),
    ("forget_link_local", test_client_names.test_name_of_ours_is_not_called),
    ("take_any_name",
     test_client_names.test_certificate_of_another_name_is_refused),
]


def catches(plant, test):
    with planted(plant, "call") as program, calling_with(program):
        try:
            test()
        except AssertionError:
            return True
        return False


def caught_of(plants):
    return [(plant, test) for plant, test in plants if catches(plant, test)]


def test_planted_faults_are_caught(all_caught):
    all_caught("client", PLANTS, caught_of(PLANTS))


@pytest.mark.skipif(not test_client_names.can_have_one(),
                    reason="no namespaces are to be had here")
def test_planted_faults_of_names_are_caught(all_caught):
    all_caught("client, names", PLANTS_OF_NAMES, caught_of(PLANTS_OF_NAMES))
