"""Webhook integrations: what they are told, signed how, and what is said of
that. What came is parsed and verified by what we did not write."""

import pytest

from support import ampersand as amp
from support import apinizer as apz
from support import native
from support.listening import (base, came, integration, log, over, post,
                               signature, told)
from support.native import base as native_base
from support.receiver import Receiver
from support.upsun import activities
from support.wait import eventually

FAILED = {"result": "failure"}
# Fields of the webhook, then an activity that it must hear and one that not.
FILTERS = [
    ({"events": ["environment.push"]}, {}, {"kind": "environment.backup"}),
    ({"events": ["environment.*"]}, {}, {"kind": "database.backup"}),
    ({"states": ["pending"]}, {"state": "pending"}, {}),
    ({"environments": ["main"]}, {"environments": ["main"]},
     {"environments": ["pr-1"]}),
    ({"environments": ["main"]}, {"environments": ["dev", "main"]}, {}),
    ({"environments": ["pr-*"]}, {"environments": ["pr-12"]},
     {"environments": ["main"]}),
    ({"excluded_environments": ["main"]}, {"environments": ["dev"]},
     {"environments": ["main"]}),
    ({"excluded_environments": ["main"]}, {}, {"environments": ["main"]}),
    ({"result": "failure"}, FAILED, {}),
    ({"result": "success"}, {}, FAILED),
]


def hook(project, receiver, path, **fields):
    return integration(project, "webhook", **{
        "url": receiver.url + path, "events": ["environment.*"], **fields})


def filter_faults(project, receiver):
    """Of each filter: a fault when what it stops came, or not what it lets
    pass. What is stopped is posted first, so it would have come first."""
    for number, (fields, passes, stopped) in enumerate(FILTERS):
        path = f"/{number}"
        made = hook(project, receiver, path, **fields)
        wrong = post(project, description="wrong", **stopped)
        right = post(project, description="right", **passes)
        over(project, made)
        ids = [one.document["id"] for one in came(receiver, "/hook" + path)]
        if wrong["id"] in ids or right["id"] not in ids:
            yield f"{fields}: {ids}"
        project.upsun.delete(base(project, made)).must_be(200)


def signature_faults(project, receiver):
    keys = {"plain": None, "key": "secret", "long": "ä" * 300}
    for name, key in keys.items():
        made = hook(project, receiver, f"/{name}", shared_key=key)
        post(project)
        over(project, made)
        for one in came(receiver, f"/hook/{name}"):
            wanted = signature(key, one.body) if key else None
            if one.headers.get("x-jws-signature") != wanted:
                yield f"{name}: {one.headers}"
        if not came(receiver, f"/hook/{name}"):
            yield f"{name}: nothing came"


def lost_faults(project, receiver):
    """What was answered with a failure comes again, until it is taken."""
    answers = iter([500, 503, 200])
    receiver.answer = lambda message: next(answers, 200)
    made = hook(project, receiver, "/lost")
    post(project)
    eventually(lambda: came(receiver, "/hook/lost"), "it was tried", 30)
    for _ in range(2):
        if any(one["state"] != "waiting" for one in _deliveries(project)):
            yield "it is over before it was taken"
            return
        bring(project)
    over(project, made)
    if len(came(receiver, "/hook/lost")) != 3:
        yield f"it came {len(came(receiver, '/hook/lost'))} times"


def test_what_is_not_taken_comes_again(project):
    with Receiver() as receiver:
        assert not list(lost_faults(project, receiver))


def test_activities_go_where_filters_let_them_pass(project):
    with Receiver() as receiver:
        assert not list(filter_faults(project, receiver))


def test_shared_key_signs_the_body_as_it_is(project):
    with Receiver() as receiver:
        assert not list(signature_faults(project, receiver))


def test_signature_is_the_documented_one():
    assert signature(
        "secret",
        '{"id":"abc","type":"environment.push","state":"complete"}') == (
        "eyJhbGciOiJIUzI1NiIsImI2NCI6ZmFsc2UsImNyaXQiOlsiYjY0Il19.."
        "oPd7R_tcINwzF23W6B3RdAtkManDeoqoEW8z_fN1vzo")


def test_body_is_the_activity(project):
    with Receiver() as receiver:
        made = hook(project, receiver, "/a")
        told_of = post(project, environments=["main"], description="Pushed")
        over(project, made)
        [message] = came(receiver, "/hook/a")
    assert message.headers["content-type"] == "application/json"
    shown = project.upsun.get(activities(project, told_of["id"])) \
        .must_be(200).body
    links, ours = shown.pop("_links"), message.document
    assert ours.pop("_links")["self"]["href"] == \
        links["self"]["href"].removeprefix(project.server.base)
    assert ours == shown


def test_webhook_is_told_of_changes_by_any_api(project):
    with Receiver() as receiver:
        made = hook(project, receiver, "/all", events=["*"])
        other = integration(project, "webhook", events=["none"],
                            url="https://example.localhost/x")
        apz.new_connection(project, "told")
        over(project, made, 3)
        types = {(one.document["type"], one.document.get("integration"))
                 for one in came(receiver, "/hook/all")}
    assert types == {("integration.add", made["id"]),
                     ("integration.add", other["id"]),
                     ("connection.created", None)}


def test_each_delivery_is_an_activity_and_is_told_to_nobody(project):
    with Receiver() as receiver:
        made = hook(project, receiver, "/one", events=["*"])
        post(project)
        mine = over(project, made, 2)  # of its own making, too
        types = [one.document["type"] for one in came(receiver, "/hook/one")]
    assert sorted(types) == ["environment.push", "integration.add"]
    assert len(mine) == 2 == len(told(project, made))
    for one in mine:
        assert one["integration"] == made["id"]
        assert (one["state"], one["result"]) == ("complete", "success")
        assert log(project, one) == ["Attempt 1: 200\n"]


def test_failed_tries_are_in_the_log_and_tried_again(project):
    answers = iter([500, (503, {"Retry-After": "1"}), 204])
    with Receiver(lambda message: next(answers)) as receiver:
        made = hook(project, receiver, "/again")
        post(project)
        eventually(lambda: [one for one in told(project, made)
                            if one["state"] == "in_progress"],
                   "it is under way", 30)
        bring(project)
        bring(project)
        [mine] = over(project, made)
    assert mine["result"] == "success"
    assert log(project, mine) == ["Attempt 1: 500\n", "Attempt 2: 503\n",
                                  "Attempt 3: 204\n"]


def bring(project):
    """Its only delivery is tried once more."""
    [one] = eventually(lambda: [one for one in _deliveries(project)
                                if one["attempts"]], "it was tried", 30)
    project.native.post(
        f"{native_base(project)}/deliveries/{one['id']}:replay").must_be(200)
    eventually(lambda: _deliveries(project)[0]["attempts"] > one["attempts"],
               "it was tried again", 30)


def _deliveries(project):
    return project.native.get(f"{native_base(project)}/deliveries") \
        .must_be(200).body["items"]


def test_gone_ends_it_at_once(project):
    with Receiver(lambda message: 410) as receiver:
        made = hook(project, receiver, "/gone")
        post(project)
        [mine] = over(project, made)
    assert (mine["result"], mine["failure_reason"]) == ("failure", "error")
    assert log(project, mine) == ["Attempt 1: 410\n"]


def test_cancelled_delivery_is_not_tried_again(project):
    with Receiver(lambda message: 500) as receiver:
        made = hook(project, receiver, "/cancel")
        post(project)
        [mine] = eventually(lambda: [one for one in told(project, made)
                                     if one["state"] == "in_progress"],
                            "it is under way", 30)
        project.upsun.post(activities(project, mine["id"]) + "/cancel") \
            .must_be(200)
        [one] = _deliveries(project)
        project.native.post(f"{native_base(project)}/deliveries/{one['id']}"
                            ":replay").must_be(200)
        eventually(lambda: _deliveries(project)[0]["state"] == "ended",
                   "it has ended", 30)
        assert len(came(receiver, "/hook/cancel")) == 1


def test_deleted_integration_is_told_nothing_more(project):
    with Receiver(lambda message: 500) as receiver:
        made = hook(project, receiver, "/deleted")
        post(project)
        eventually(lambda: [one for one in _deliveries(project)
                            if one["attempts"]], "it was tried", 30)
        project.upsun.delete(base(project, made)).must_be(200)
        [one] = _deliveries(project)
    assert one["state"] == "ended"


@pytest.mark.parametrize("kind, fields", [
    ("script", {"script": "console.log(1)"}),
    ("fastly", {"token": "t", "service_id": "s"})])
def test_what_is_not_run_yet_fails_and_says_so(project, kind, fields):
    made = integration(project, kind, events=["environment.push"], **fields)
    post(project)
    [mine] = over(project, made)
    assert mine["result"] == "failure"
    assert f"501: integrations of type {kind} are not run yet" in \
        log(project, mine)[0]


def notified(deletion):
    """Whom its effects name."""
    return [one["name"] for one in deletion["effects"]
            if (one["effect"], one["kind"]) == ("notified", "destination")]


def test_plan_says_who_listens_to_what_goes(project):
    """And the receipt the same, by what its clients call it."""
    with Receiver() as receiver:
        hears = hook(project, receiver, "/hears", events=["connection.*"])
        hook(project, receiver, "/others", events=["environment.*"])
        planned = native.plan(project, "connection",
                              amp.new_connection(project)["id"])
        assert notified(planned) == [hears["id"]]
        done = native.run(project, planned)
        assert done["effects"] == planned["effects"]
        over(project, hears, 2)  # that it was made, and that it goes
        [went] = native.receipt(project, done["id"])["notifications"]
        assert went["delivered"] == 1
        assert came(receiver, "/hook/hears")
        assert not came(receiver, "/hook/others")


@pytest.mark.parametrize("mode", ["hard", "soft"])
def test_listener_is_not_told_of_its_own_end(project, mode):
    with Receiver() as receiver:
        made = hook(project, receiver, "/own", events=["*"])
        done = native.run(project, native.plan(
            project, "connection", amp.new_connection(project)["id"]))
        assert notified(done) == [made["id"]]
        [its_id] = native.of(done["effects"], "notified", "destination")
        planned = native.plan(project, "integration", its_id, mode=mode)
        done = native.run(project, planned)
        assert notified(planned) == notified(done) == []
        assert done["effects"] == planned["effects"]


def seals(project, one):
    text = project.upsun.get(f"{activities(project, one['id'])}/log") \
        .must_be(200).text
    return text.count('"seal":true')


def test_deleting_the_integration_ends_its_activities(project):
    """Of what waits for its next try, and of what is on its way."""
    with Receiver() as receiver:
        receiver.answer = lambda message: 500
        made = hook(project, receiver, "/gone")
        post(project)
        [one] = eventually(
            lambda: [one for one in told(project, made)
                     if one["state"] == "in_progress"], "it was tried", 30)
        project.upsun.delete(base(project, made)).must_be(200)
        ended = project.upsun.get(activities(project, one["id"])) \
            .must_be(200).body
        assert (ended["state"], ended["result"]) == ("complete", "failure")
        assert ended["completed_at"]
        assert "its destination was deleted" in log(project, one)[-1]
        assert seals(project, one) == 1


def test_own_activities_are_cancelled_and_not_rewritten(project):
    with Receiver() as receiver:
        receiver.answer = lambda message: 500
        made = hook(project, receiver, "/own")
        post(project)
        [one] = eventually(
            lambda: [one for one in told(project, made)
                     if one["state"] == "in_progress"], "it was tried", 30)
        assert "#edit" not in one["_links"] and "#cancel" in one["_links"]
        path = activities(project, one["id"])
        refused = project.upsun.patch(path, {
            "state": "complete", "result": "success", "log": "fine"})
        assert "type" in refused.must_be(403).body["detail"]
        assert project.upsun.get(path).body == one
        project.upsun.post(f"{path}/cancel").must_be(200)
