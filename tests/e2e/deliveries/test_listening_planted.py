"""Faults planted in who is told, how it is signed and what is let in, and the
harnesses that must catch them."""

from support.git_hooks import forgery_faults
from support.planted import SOUND, planted_server
from support.receiver import Receiver
from support.server import ALLOWED
from test_listening import filter_faults, lost_faults, signature_faults


def forgeries(project, _):
    yield from forgery_faults(project, "github")


PLANTS = [("leave_out_the_detached_signature", signature_faults),
          ("ignore_the_environments", filter_faults),
          ("lose_what_was_not_taken", lost_faults),
          ("let_any_hook_in", forgeries)]


def catches(plant, faults_of):
    with Receiver() as receiver, \
            planted_server(plant, options=ALLOWED) as server:
        return next(faults_of(server.project, receiver), None) is not None


def test_planted_faults_are_caught(all_caught):
    assert not any(catches(SOUND, faults_of) for _, faults_of in PLANTS), \
        "this machine is too slow for the deadlines"
    caught = [one for one in PLANTS if catches(*one)]
    all_caught("listening", PLANTS, caught)
