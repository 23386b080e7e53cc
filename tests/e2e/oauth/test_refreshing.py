"""Tokens are refreshed in time: one call each, whoever asks; nobody is given
a stale one; what is refused for good is said, and what fails is put off."""

import threading

import pytest

from support import ampersand as amp
from support.authority import (Authority, come_back, connect, path_of,
                               post_text, register, tokens_of)
from support.forms import Including
from support.planted import SOUND, planted, under_test
from support.refreshing import (CALLERS, HOUR_S, Rounds, events, stale,
                                token_in, used_twice)
from support.revocation import connect as import_tokens
from support.revocation import done, let_go
from support.server import ALLOWED, Server, Store
from support.soak import scaled
from support.wait import eventually

EXPIRIES = scaled(4, 200)
KILLS = scaled(3, 40)
DEADLINE_S = 60
DAY_S = 24 * HOUR_S
LONG_AGO = "2020-01-01T00:00:00Z"
PLANTS = ["refresh_without_a_lane", "use_tokens_before_they_are_kept"]


def begun(store, authority, **params):
    """Rounds of a new connection; the server that made it is gone."""
    server = Server(store, options=ALLOWED)
    register(server.project, authority, **params)
    made = connect(server.project, authority)
    server.kill()
    return Rounds(store, authority, made)


def expiries(store, authority, count):
    """What is wrong, as sentences."""
    rounds = begun(store, authority)
    authority.between = rounds.until_all_wait
    try:
        for number in range(1, count + 1):
            rounds.restart()
            yield from stale(authority, rounds.ask_all())
            if len(authority.used) != number:
                yield f"{len(authority.used)} calls for {number} expiries"
        yield from (f"{one} was sent twice" for one in used_twice(authority))
    finally:
        rounds.server.kill()


def test_each_expiry_is_one_call_whatever_the_callers(release, authority):
    with Store() as store:
        found = list(expiries(store, authority, EXPIRIES))
    assert not found, found[:5]
    assert len(authority.used) == EXPIRIES


def kills(store, authority, count):
    """The same, and each time the server is killed first when the provider has
    refreshed and nothing is committed. The provider bears a repetition."""
    rounds = begun(store, authority)
    authority.has_leeway = True
    try:
        for _ in range(count):
            authority.between = rounds.kill
            rounds.restart()
            for answer in _asked_while_killed(rounds):
                yield from stale(authority, [answer])
            authority.between = None
            rounds.restart(0)
            yield from stale(authority, rounds.ask_all())
        project = rounds.server.project
        if events(project, "connection.error"):
            yield "the connection was given up"
    finally:
        rounds.server.kill()


def _asked_while_killed(rounds):
    """The answers that came: most get none."""
    try:
        return rounds.ask_all(8)
    except Exception:  # whichever of the connection's ends comes first
        rounds.server.process.wait()
        return []


def test_kill_between_answer_and_commit_loses_nothing(release, authority):
    with Store() as store:
        found = list(kills(store, authority, KILLS))
    assert not found, found[:5]
    assert len(used_twice(authority)) == KILLS


def test_token_that_is_lost_for_good_is_said_to_be(release, authority):
    """The provider bears no repetition: what it answered is gone, and nobody
    is given the token that is dead."""
    with Store() as store:
        rounds = begun(store, authority)
        authority.between = rounds.kill
        rounds.restart()
        _asked_while_killed(rounds)
        authority.between = None
        project = rounds.restart(0)
        answers = rounds.ask_all(8)
        assert {status for status, _ in answers} == {422}
        [error] = events(project, "connection.error")
        assert error["payload"]["error"] == \
            "400 invalid_grant, after a refresh whose answer was lost"
        assert len(authority.used) == 2
        rounds.server.kill()


@pytest.mark.postgres
def test_several_processes_make_one_call(release, authority):
    with Store() as store:
        rounds = begun(store, authority)
        rounds.restart()
        others = [Server(store, rounds.offset_s, ALLOWED) for _ in range(2)]
        try:
            answers = rounds.ask_all(CALLERS, [rounds.server, *others])
            assert not list(stale(authority, answers))
            assert len(authority.used) == 1
        finally:
            for one in [rounds.server, *others]:
                one.kill()


def test_token_that_lives_is_shown_as_it_is(project, authority):
    register(project, authority)
    made = connect(project, authority)
    status, before = tokens_of(project, made)
    assert tokens_of(project, made, refresh="ifExpired") == (200, before)
    assert not authority.used
    status, after = tokens_of(project, made, refresh="force")
    assert status == 200 and token_in(before) != token_in(after)
    assert len(authority.used) == 1
    assert after["oauth2AuthorizationCode"]["refreshToken"]["token"] \
        in authority.live
    assert after["oauth2AuthorizationCode"]["scopes"] == ["read"]
    assert len(events(project, "connection.refreshed")) == 1


def test_refresh_is_asked_for_by_two_words_and_by_who_may_write(project,
                                                                authority):
    register(project, authority)
    path = path_of(project, connect(project, authority))
    project.ampersand.get(path, {"refresh": "now"}).must_be(
        400, Including(amp.problem(400)))
    viewer = project.caller("ampersand", "viewer")
    viewer.get(path, {"refresh": "force"}).must_be(
        403, Including(amp.problem(403)))
    viewer.get(path).must_be(200)
    project.caller("ampersand", "frontend").get(
        path, {"refresh": "force"}).must_be(200)
    key = amp.new_connection(project, provider="hubspot")
    project.ampersand.get(path_of(project, project.id), {
        "refresh": "force"}).must_be(404, Including(amp.problem(404)))
    # no app, so nobody to ask as
    project.ampersand.get(path_of(project, key["id"]), {
        "refresh": "force"}).must_be(422, Including(amp.problem(422)))
    plain = project.ampersand.post(
        f"/projects/{project.name}/connections:generate", {
            "provider": "stripe", "groupRef": "a", "consumerRef": "b",
            "apiKey": "k"}).must_be(201).body
    project.ampersand.get(path_of(project, plain["id"]), {
        "refresh": "force"}).must_be(200)


def test_refusal_for_good_is_final(project, authority):
    register(project, authority, "hubspot")
    made = connect(project, authority, "hubspot")
    integration = amp.new_integration(project, "hubspot")
    shown = project.ampersand.get(path_of(project, made)).must_be(200).body
    listed = amp.installations(project, integration["id"])
    installed = project.ampersand.post(listed, {
        "groupRef": shown["group"]["groupRef"], "connectionId": made,
        "config": {"content": {"provider": "hubspot"}}}).must_be(201).body
    assert installed["connection"]["status"] == "created"
    project.ampersand.get(listed).must_be(200)  # it is kept as it was shown
    [grant] = authority.live
    authority.revoke(grant)
    project.ampersand.get(path_of(project, made), {"refresh": "force"}) \
        .must_be(422, Including(amp.problem(422)))
    for query in {}, {"refresh": "ifExpired"}:
        status = 422 if query else 200
        project.ampersand.get(path_of(project, made), query).must_be(status)
    assert project.ampersand.get(path_of(project, made)).must_be(200) \
        .body["status"] == "bad_credentials"
    [one] = project.ampersand.get(listed).must_be(200).body
    assert one["connection"]["status"] == "bad_credentials"
    assert one["healthStatus"] == "unhealthy"
    [error] = events(project, "connection.error")
    assert error["payload"]["error"] == "400 invalid_grant"
    assert len(authority.used) == 1
    # and the customer mends it
    _, url = post_text(project, f"{path_of(project, made)}:oauth-update",
                       None, method="PATCH")
    assert come_back(project.server, authority.agree(url)).status == 200
    assert project.ampersand.get(path_of(project, made)).must_be(200) \
        .body["status"] == "created"
    assert tokens_of(project, made, refresh="force")[0] == 200


def test_provider_that_fails_is_asked_again_later(project, authority):
    register(project, authority)
    made = connect(project, authority)
    authority.retry_after_s = 1000
    authority.schedule = ["429"]
    project.ampersand.get(path_of(project, made), {"refresh": "force"}) \
        .must_be(503, Including(amp.problem(
            503, detail="the provider gives no new token: 429 slow_down")))
    assert project.ampersand.get(path_of(project, made)).must_be(200) \
        .body["status"] == "created"
    assert authority.fired["429"] == 1
    assert tokens_of(project, made, refresh="force")[0] == 200


def test_expired_token_is_not_asked_for_while_the_provider_fails(
        project, authority):
    """Of many who ask, none gets through to a provider that is to rest."""
    register(project, authority, "hubspot")
    grant = authority.grant()
    authority.expire(grant.access)
    made = import_tokens(project, grant.refresh, "hubspot",
                         access=(grant.access, LONG_AGO))
    path = path_of(project, made["id"])
    authority.retry_after_s = 1000
    authority.schedule = ["429"]
    for _ in range(5):
        project.ampersand.get(path, {"refresh": "ifExpired"}).must_be(503)
    assert authority.fired["429"] == 1
    project.ampersand.get(path, {"refresh": "force"}).must_be(200)


def test_tokens_are_refreshed_before_they_expire(authority):
    with Store() as store:
        rounds = begun(store, authority)
        project = rounds.restart(HOUR_S - 200)
        eventually(lambda: len(authority.used) == 1, "the refresh")
        eventually(lambda: events(project, "connection.refreshed"), "its end")
        assert len(authority.used) == 1
        rounds.server.stop()


def test_tokens_are_kept_alive(authority):
    authority.expires_in_s = 30 * DAY_S
    with Store() as store:
        rounds = begun(store, authority)
        project = rounds.restart(DAY_S - 60)
        tokens_of(project, rounds.connection_id)
        assert not authority.used
        rounds.restart(61)
        eventually(lambda: len(authority.used) == 1, "the refresh")
        rounds.server.stop()


class Between:
    """Somebody acts when the provider has refreshed and not answered yet."""

    def __init__(self, authority):
        self.reached, self.goes_on = threading.Event(), threading.Event()
        authority.between = self._wait

    def _wait(self):
        self.reached.set()
        self.goes_on.wait(DEADLINE_S)


def asked_in_background(project, made):
    thread = threading.Thread(target=lambda: project.ampersand.get(
        path_of(project, made), {"refresh": "force"}))
    thread.start()
    return thread


def test_tokens_of_an_old_grant_do_not_replace_new_ones(project, authority):
    """The customer agrees anew while the old grant is refused."""
    register(project, authority)
    made = connect(project, authority)
    [old] = authority.live
    authority.revoke(old)
    between = Between(authority)
    asking = asked_in_background(project, made)
    assert between.reached.wait(DEADLINE_S)
    authority.between = None
    _, url = post_text(project, f"{path_of(project, made)}:oauth-update",
                       None, method="PATCH")
    assert come_back(project.server, authority.agree(url)).status == 200
    between.goes_on.set()
    asking.join()
    _, shown = tokens_of(project, made)
    assert shown["status"] == "created"
    assert shown["oauth2AuthorizationCode"]["refreshToken"]["token"] \
        in authority.live
    assert not events(project, "connection.error")
    assert tokens_of(project, made, refresh="force")[0] == 200


def test_grant_that_is_refreshed_while_it_goes_is_ended(project, authority):
    """What the refresh brings is what must be revoked."""
    register(project, authority, "hubspot")
    made = connect(project, authority, "hubspot")
    between = Between(authority)
    asking = asked_in_background(project, made)
    assert between.reached.wait(DEADLINE_S)
    authority.between = None
    deletion = let_go(project, {"id": made})
    between.goes_on.set()
    asking.join()
    [step] = done(project, deletion)["steps"]
    assert step["reason"] == "revoked", step
    assert authority.live == set()


def test_connections_of_one_grant_share_its_new_tokens(project, authority):
    register(project, authority, "hubspot")
    grant = authority.grant()
    first, second = (import_tokens(project, grant.refresh, "hubspot",
                                   access=(grant.access, LONG_AGO))
                     for _ in range(2))
    project.ampersand.get(path_of(project, first["id"]), {
        "refresh": "ifExpired"}).must_be(200)
    shown = [tokens_of(project, one["id"], refresh="ifExpired")[1]
             for one in (first, second)]
    assert token_in(shown[0]) == token_in(shown[1])
    assert len(authority.used) == 1
    assert tokens_of(project, second["id"], refresh="force")[0] == 200
    assert tokens_of(project, first["id"], refresh="force")[0] == 200
    assert not used_twice(authority)
    # the last of them ends it
    let_go(project, first)
    assert len(authority.live) == 1
    [step] = done(project, let_go(project, second))["steps"]
    assert step["reason"] == "revoked"
    assert not authority.live


def catches(plant):
    with planted(plant) as binary, under_test(binary):
        with Authority() as authority, Store() as store:
            if any(expiries(store, authority, 2)):
                return True
        with Authority() as authority, Store() as store:
            return any(kills(store, authority, 2))


def test_planted_faults_are_caught(release, all_caught):
    assert not catches(SOUND)
    caught = [plant for plant in PLANTS if catches(plant)]
    all_caught("refreshing", PLANTS, caught)
