"""The client in an internet of its own: real names, real TLS, real addresses.

What a name stands for is looked at when the socket opens, so that no name
server can lead a call into our own network, whatever it answers when."""

import json
import os
import subprocess

import pytest

from support import cli
from support.caller import words

TIMEOUT_S = 90
ENTER = ["unshare", "-rmn"]

BLOCKED = "its address may not be called"


def can_have_one():
    """Some containers let nobody have namespaces."""
    try:
        return subprocess.run([*ENTER, "true"], capture_output=True,
                              timeout=20, check=False).returncode == 0
    except FileNotFoundError:
        return False


pytestmark = pytest.mark.skipif(not can_have_one(),
                                reason="no namespaces are to be had here")


def calls(urls, **settings):
    """What came of each, and how often each address was connected to."""
    done = subprocess.run(
        [*ENTER, "/usr/bin/python3", "-m", "support.internet",
         *words(urls, **{"allow": (), "timeout_ms": 20_000, **settings})],
        stdin=subprocess.DEVNULL, capture_output=True, text=True,
        cwd=cli.ROOT / "tests", timeout=TIMEOUT_S, check=False,
        env=cli.environment(PYTHONPATH=str(cli.ROOT / "tests"),
                            PATH=os.environ["PATH"] + ":/usr/sbin:/sbin"))
    assert done.returncode == 0, done.stderr
    seen = json.loads(done.stdout)
    assert seen["status"] == 0, seen["err"]
    return ([json.loads(line) for line in seen["out"].splitlines()],
            seen["connections"])


def of_ours(connections):
    return {address: count for address, count in connections.items()
            if address != "93.184.216.34" and count}


def test_public_peer_is_called_by_tls():
    [answer], connections = calls(["https://good.example/"])
    assert (answer["failure"], answer["body"]) == ("answered", "public")
    assert connections["93.184.216.34"] == 1


def test_certificate_of_another_name_is_refused():
    [answer], connections = calls(["https://stranger.example/"])
    assert answer["failure"] == "its certificate does not fit"
    assert connections["93.184.216.34"] == 1


def test_public_peer_is_not_called_plainly():
    answers, connections = calls(["http://good.example/",
                                  "http://good.example:443/"])
    assert {answer["failure"] for answer in answers} == {BLOCKED}
    assert connections["93.184.216.34"] == 0


def test_host_called_https_is_not_called_plainly():
    """Without its slashes curl takes the scheme for a host, and http for the
    scheme."""
    answers, connections = calls(["https:8443/", "https:443/"])
    assert [answer["failure"] for answer in answers] == [BLOCKED] * 2
    assert connections["93.184.216.34"] == 0


def test_name_of_ours_is_not_called():
    names = ["private", "metadata", "local", "v6", "mapped"]
    answers, connections = calls([f"https://{name}.example/"
                                  for name in names])
    assert [answer["failure"] for answer in answers] == [BLOCKED] * len(names)
    assert not any(connections.values())


def test_rebound_name_is_not_called():
    """The first answer is a public address, the second one ours."""
    answers, connections = calls(["https://rebind.example/"] * 3)
    assert [answer["failure"] for answer in answers] == [
        "answered", BLOCKED, BLOCKED]
    assert connections["93.184.216.34"] == 1 and not of_ours(connections)


def test_public_address_among_ours_is_the_one_called():
    [answer], connections = calls(["https://both.example/"])
    assert answer["body"] == "public" and not of_ours(connections)


def test_dead_address_leads_to_none_of_ours():
    [answer], connections = calls(["https://dead.example/"])
    assert answer["failure"] != "answered" and not of_ours(connections)


def test_redirect_inside_is_not_followed():
    [answer], connections = calls(["https://good.example/inside"])
    assert answer["status"] == 302 and not of_ours(connections)


def test_rule_opens_what_its_name_stands_for():
    answers, connections = calls(
        ["https://private.example/", "https://local.example/"],
        allow=("10.0.0.0/8",))
    assert [answer["failure"] for answer in answers] == ["answered", BLOCKED]
    assert of_ours(connections) == {"10.1.2.3": 1}


def test_silent_name_server_holds_nothing_up():
    [answer], _ = calls(["https://silent.example/"], timeout_ms=500)
    assert answer["failure"] == "timed out"
    assert answer["tookUs"] < 3_000_000
