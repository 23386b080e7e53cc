"""Faults planted in what is sent and when, and the harnesses that must catch
them."""

from functools import partial

from support.delivery import (group, in_state, listen, signing_key,
                              verified)
from support.planted import SOUND, planted_server
from support.receiver import Receiver
from support.server import ALLOWED
from test_sending import (SHORT_S, hang_faults, lane_faults, order_faults,
                          twice_faults)


def signature_faults(project, receiver):
    hook = listen(project, receiver.url, "group.created")
    group(project)
    in_state(project, "delivered", 1)
    for said in verified(receiver.messages, signing_key(project, hook)):
        if "error" in said:
            yield said["error"]


PLANTS = [("sign_the_body_alone", signature_faults),
          ("send_in_any_order", partial(order_faults, deadline_s=SHORT_S)),
          ("let_one_stop_all", lane_faults),
          ("wait_for_the_one_that_hangs", hang_faults),
          ("tell_each_topic", twice_faults)]


def catches(plant, faults_of):
    with Receiver() as receiver, \
            planted_server(plant, options=ALLOWED) as server:
        return next(faults_of(server.project, receiver), None) is not None


def test_planted_faults_are_caught(all_caught):
    assert not any(catches(SOUND, faults_of) for _, faults_of in PLANTS), \
        "this machine is too slow for the deadlines"
    caught = [one for one in PLANTS if catches(*one)]
    all_caught("sending", PLANTS, caught)
