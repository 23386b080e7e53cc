"""How messages are sent: in order, and nobody holds up others."""

import threading
import time

from support import ampersand as amp
from support.delivery import (OPTIONS, deliveries, delivery, group, in_state,
                              listen)
from support.native import base
from support.receiver import HANG, Receiver
from support.server import ALLOWED
from support.wait import eventually

COUNT, SOME = 30, 8
GAP_S = 0.1  # after which a try that has no answer yet holds up no other
SHORT_S = 3  # less than until a second try, and than a receiver may take


def arrive(condition, deadline_s=SHORT_S):
    """Whether it comes true in time."""
    try:
        return eventually(condition, "arrivals", deadline_s)
    except AssertionError:
        return False


def order_faults(project, receiver, deadline_s=10):
    """First tries come in the order of events, whatever becomes of them. One
    that is not answered within the gap may be overtaken on its way, then: by
    one that comes so much later than whatever came before that."""
    receiver.answer = lambda message: 500 if message.number % 2 else 200
    listen(project, receiver.url, "group.created")
    began = time.monotonic()
    makers = [threading.Thread(target=lambda: [
        group(project) for _ in range(COUNT // 3)]) for _ in range(3)]
    for maker in makers:
        maker.start()
    for maker in makers:
        maker.join()
    if not arrive(lambda: len(receiver.firsts()) == COUNT, deadline_s):
        yield f"{len(receiver.firsts())} of {COUNT} were tried"
    came = [(int(one.data["eventId"]), one.came_at)
            for one in receiver.firsts()]
    for number, _ in came:
        place = next(place for place, (other, _) in enumerate(came)
                     if other >= number)
        other, at = came[place]
        gap_s = at - (came[place - 1][1] if place else began)
        if other != number and gap_s < GAP_S:
            yield f"{number} came after {other}, which came {gap_s} s early"


def lane_faults(project, receiver, bad=500):
    """One that fails keeps later ones from nothing."""
    receiver.answer = lambda message: 200 if message.number else bad
    listen(project, receiver.url, "group.created")
    for _ in range(SOME):
        group(project)
    if not arrive(lambda: len(receiver.accepted) >= SOME - 1):
        yield f"{len(receiver.accepted)} of {SOME - 1} arrived"


def hang_faults(project, receiver):
    """Nor does one that hangs. (The server gives it some time.)"""
    yield from lane_faults(project, receiver, HANG)


def twice_faults(project, receiver):
    """Two topics lead to one destination: it comes once."""
    hook = listen(project, receiver.url, "group.created")
    second = amp.new_topic(project)
    amp.new_event_route(project, second, "group.created")
    amp.new_topic_route(project, second, hook)
    group(project)
    eventually(lambda: receiver.messages, "it")
    count = len(deliveries(project, destinationId=hook["id"]))
    if count != 1:
        yield f"{count} deliveries"


def test_first_tries_come_in_the_order_of_events(project, receiver):
    assert not list(order_faults(project, receiver))


def test_failing_message_holds_up_no_later_one(project, receiver):
    assert not list(lane_faults(project, receiver))


def test_hanging_message_holds_up_no_later_one(server_factory, receiver):
    project = server_factory(options=ALLOWED).project
    assert not list(hang_faults(project, receiver))


def test_hanging_destinations_hold_up_no_other(server_factory, receiver):
    project = server_factory(options=ALLOWED).project
    with Receiver(lambda message: HANG) as bad:
        for name in "ab":
            listen(project, f"{bad.url}/{name}", "group.created")
        for _ in range(SOME):
            group(project)
        eventually(lambda: bad.firsts() and
                   time.monotonic() - bad.firsts()[-1].came_at > 1,
                   "as many hang as may")
        listen(project, receiver.url, "group.created")
        for _ in range(SOME):
            group(project)
        # a try that hangs has 15 s
        assert arrive(lambda: len(receiver.accepted) == SOME, 12)
        assert len(bad.firsts()) < SOME


def test_redirect_is_a_failure_and_not_followed(project, receiver):
    with Receiver() as elsewhere:
        receiver.answer = lambda message: (302, {"Location": elsewhere.url})
        listen(project, receiver.url, "group.created")
        group(project)
        [one] = in_state(project, "waiting", 1)
        one = eventually(lambda: (lambda now: now["attempts"] and now)(
            delivery(project, one["id"])), "a try")
        assert one["lastAnswer"] == "302" and not elsewhere.messages


def test_address_of_ours_is_not_called(server_factory, receiver):
    """It was allowed when the destination was made, and is not any more."""
    first = server_factory(options=OPTIONS)
    listen(first.project, receiver.url, "group.created")
    first.stop()
    project = server_factory(first.store).project
    group(project)
    [one] = eventually(lambda: [
        one for one in deliveries(project) if one["attempts"]], "a try")
    assert one["lastAnswer"] == "its address may not be called"
    assert not receiver.messages


def test_receiver_s_words_are_not_kept(project, receiver):
    receiver.answer = lambda message: (500, {"X-Canary": "said-by-receiver"})
    listen(project, receiver.url, "group.created")
    group(project)
    one = eventually(lambda: [
        one for one in deliveries(project) if one["attempts"]], "a try")[0]
    shown = delivery(project, one["id"])
    assert shown["tries"] == [{
        "number": 1, "at": shown["tries"][0]["at"],
        "tookMs": shown["tries"][0]["tookMs"], "status": 500}]
    assert "said-by-receiver" not in project.server.stderr()


def test_destination_rests_as_long_as_it_asks(server_factory, receiver):
    receiver.answer = lambda message: (429, {"Retry-After": "3600"})
    server = server_factory(options=OPTIONS)
    listen(server.project, receiver.url, "group.created")
    tried = []
    for seconds in 0, 3000, 3700:
        if seconds:
            server.stop()
            server = server_factory(server.store, options=OPTIONS,
                                    clock_offset_s=seconds)
        group(server.project)
        # what would be sent at once goes to another one after it
        with Receiver() as other:
            listen(server.project, other.url, "group.created")
            group(server.project)
            eventually(lambda other=other: other.accepted, "the other one")
        if seconds != 3000:
            eventually(lambda: len(receiver.messages) > sum(tried[-1:]),
                       "a try")
        tried.append(len(receiver.messages))
    first, resting, later = tried
    assert first == resting < later


def test_gone_disables_its_destination(project, receiver):
    receiver.answer = lambda message: 410
    hook = listen(project, receiver.url, "group.created")
    with Receiver() as told:
        listen(project, told.url, "destination.webhook.disabled")
        group(project)
        [message] = eventually(lambda: told.messages, "the notification")
        assert message.data == {
            "projectId": project.id, "destinationId": hook["id"],
            "destinationName": hook["name"], "url": receiver.url}
    path = f"{base(project)}/destinations/{hook['id']}"
    assert project.native.get(path).must_be(200).body["isDisabled"]
    group(project)
    assert len(deliveries(project, destinationId=hook["id"])) == 1
    enabled = project.native.post(f"{path}:enable", {}).must_be(200).body
    assert not enabled["isDisabled"]
    receiver.answer = lambda message: 200
    group(project)
    in_state(project, "delivered", 1, destinationId=hook["id"])
