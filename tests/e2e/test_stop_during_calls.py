"""A server that stops waits for nobody whom it has called, and calls again
when it serves again."""

import signal
import subprocess

from support.planted import SOUND, planted_server
from support.provider import Provider
from support.revocation import connect, done, let_go, register
from support.server import ALLOWED
from support.wait import eventually

AT_ONCE_S, PLANTED_AT_ONCE_S = 8, 3  # a call has thirty
LATER_S = 7 * 3600
CALLS = 3
PLANTS = ["stop_without_ending_calls"]


def call_who_hangs(server, provider):
    """What was let go of: its provider is called and does not answer."""
    register(server.project, provider.url)
    provider.schedule = ["hang"] * CALLS
    deletions = [let_go(server.project,
                        connect(server.project, provider.issue()))
                 for _ in range(CALLS)]
    eventually(lambda: provider.fired["hang"] == CALLS, "calls that wait")
    return deletions


def stops_at_once(server, at_once_s=AT_ONCE_S):
    server.process.send_signal(signal.SIGTERM)
    try:
        server.process.wait(at_once_s)
    except subprocess.TimeoutExpired:
        return False
    return True


def test_server_stops_at_once_and_calls_again_later(server_factory):
    with Provider() as provider:
        server = server_factory(options=ALLOWED)
        deletions = call_who_hangs(server, provider)
        assert stops_at_once(server)
        server.stop()  # its judgement
        assert len(provider.live) == CALLS
        later = server_factory(server.store, clock_offset_s=LATER_S,
                               options=ALLOWED)
        for deletion in deletions:
            [step] = done(later.project, deletion)["steps"]
            # what was cut short is no try
            assert (step["state"], step["attempts"]) == ("done", 1)
        assert not provider.live


def catches(plant):
    with Provider() as provider, \
            planted_server(plant, options=ALLOWED) as server:
        call_who_hangs(server, provider)
        return not stops_at_once(server, PLANTED_AT_ONCE_S)


def test_planted_faults_are_caught(all_caught):
    assert not catches(SOUND), "this machine is too slow for the deadlines"
    caught = [plant for plant in PLANTS if catches(plant)]
    all_caught("stop during calls", PLANTS, caught)
