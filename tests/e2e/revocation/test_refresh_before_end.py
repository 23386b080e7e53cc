"""Where a provider ends a grant by its access token and that has expired, a
new one is asked for first: an expired token is not the end of a grant."""

import pytest

from support.native import receipt
from support.revocation import (DEADLINE_S, caught_by, connect, done, let_go,
                                register)
from support.wait import eventually

LONG_AGO, MUCH_LATER = "2020-01-01T00:00:00Z", "2190-01-01T00:00:00Z"

# A provider of each manner, and where it is here.
WAYS = [("dropbox", "/self"), ("zendeskSupport", "/self"),
        ("slack", "/slack"), ("shopify", "/uninstall"),
        ("stackExchange", "/apps/{{.token}}/de-authenticate"),
        ("procore", "/revoke")]


def expired(project, provider, name="dropbox"):
    """A connection whose grant lives, but not its access token."""
    grant = provider.grant()
    provider.expire(grant.access)
    return grant, connect(project, grant.refresh, name,
                          access=(grant.access, LONG_AGO))


def settled(project, deletion):
    """The step, once it is done or it is known that it can't be."""
    def step():
        [one] = receipt(project, deletion["id"])["steps"]
        is_lost = "without an answer" in str(one["lastAnswer"])
        return (one["state"] == "done" or is_lost) and one

    return eventually(step, "the step", DEADLINE_S)


@pytest.mark.parametrize(("name", "path"), WAYS)
def test_expired_token_is_refreshed_and_its_grant_ended(project, provider,
                                                        name, path):
    register(project, provider.url, name, path)
    _, connection = expired(project, provider, name)
    [step] = done(project, let_go(project, connection))["steps"]
    assert (step["reason"], step["attempts"]) == ("revoked", 2)
    assert provider.live_tokens() == set()


@pytest.mark.parametrize(("name", "path"), WAYS)
def test_token_that_lives_is_used_without_a_refresh(project, provider, name,
                                                    path):
    register(project, provider.url, name, path)
    grant = provider.grant()
    connection = connect(project, grant.refresh, name,
                         access=(grant.access, MUCH_LATER))
    [step] = done(project, let_go(project, connection))["steps"]
    assert (step["reason"], step["attempts"]) == ("revoked", 1)
    assert provider.live_tokens() == set()


@pytest.mark.parametrize(("name", "path"), WAYS[:4])
def test_token_that_ended_before_its_time_is_refreshed(project, provider,
                                                       name, path):
    register(project, provider.url, name, path)
    grant = provider.grant()
    provider.expire(grant.access)
    connection = connect(project, grant.refresh, name,
                         access=(grant.access, MUCH_LATER))
    [step] = done(project, let_go(project, connection))["steps"]
    assert (step["reason"], step["attempts"]) == ("revoked", 3)
    assert provider.live_tokens() == set()


def test_grant_that_the_customer_ended_is_already_gone(project, provider):
    register(project, provider.url, "dropbox", "/self")
    grant, connection = expired(project, provider)
    provider.revoke(grant.refresh)
    [step] = done(project, let_go(project, connection))["steps"]
    assert (step["reason"], step["lastAnswer"]) == \
        ("already gone", "400 invalid_grant")


def test_lost_answer_of_the_end_is_found_out(project, provider):
    """It was ended, but nobody heard: a later try says already gone."""
    register(project, provider.url, "dropbox", "/self")
    provider.schedule = [None, "lost"]
    _, connection = expired(project, provider)
    [step] = done(project, let_go(project, connection))["steps"]
    assert step["reason"] == "already gone"
    assert provider.fired["lost"] == 1
    assert provider.live_tokens() == set()


def test_lost_refresh_is_not_taken_for_the_end(project, provider):
    """The provider rotated and its answer was lost: what lives there is not
    known here, and the receipt does not say that it is gone."""
    register(project, provider.url, "dropbox", "/self")
    provider.schedule = ["lost"]
    _, connection = expired(project, provider)
    step = settled(project, let_go(project, connection))
    assert step["state"] == "waiting"
    assert step["lastAnswer"] == \
        "400 invalid_grant, after a refresh without an answer"
    assert provider.live_tokens() != set()


def test_lost_refresh_does_no_harm_where_nothing_rotates(project, provider):
    register(project, provider.url, "dropbox", "/self")
    provider.rotates = False
    provider.schedule = ["lost"]
    _, connection = expired(project, provider)
    [step] = done(project, let_go(project, connection))["steps"]
    assert step["reason"] == "revoked"
    assert provider.live_tokens() == set()


def test_nothing_lives_that_is_said_to_have_ended(project, provider,
                                                  all_fired):
    """Under all faults at once: alive is what is waiting, and nothing else."""
    register(project, provider.url, "dropbox", "/self")
    provider.faults = {"500": 0.15, "429": 0.05, "reset": 0.1, "lost": 0.1}
    provider.schedule = ["500", "lost"]  # these two at least
    deletions = []
    for _ in range(12):
        grant, connection = expired(project, provider)
        deletions.append((grant, let_go(project, connection)))

    steps = [settled(project, one) for _, one in deletions]
    alive = provider.live
    for (grant, _), step in zip(deletions, steps):
        if step["state"] == "done":
            assert grant.refresh not in alive, step
    assert any(step["state"] == "done" for step in steps)
    all_fired("refresh", ["500", "lost"], provider.fired)


def test_tokens_of_a_refresh_are_not_shown(project, provider):
    register(project, provider.url, "dropbox", "/self")
    grant, connection = expired(project, provider)
    said = str(done(project, let_go(project, connection)))
    for token in (grant.access, grant.refresh,
                  *(call[1] for call in provider.calls)):
        assert token not in said


PLANTS = ["believe_an_expired_token", "take_the_token_as_it_is",
          "forget_the_rotated_token", "forget_the_lost_refresh"]


def faults_of(project, provider):
    """What is said to have ended, and lives."""
    register(project, provider.url, "dropbox", "/self")
    register(project, provider.url, "procore", "/revoke")

    def lives_on(grant, connection):
        step = settled(project, let_go(project, connection))
        return step["state"] == "done" and grant.refresh in provider.live

    if lives_on(*expired(project, provider, "procore")):
        yield "an expired token was sent, and the 200 to it believed"
    grant = provider.grant()
    provider.expire(grant.access)
    if lives_on(grant, connect(project, grant.refresh, "dropbox",
                               access=(grant.access, MUCH_LATER))):
        yield "an expired token was taken for the end"
    provider.schedule = ["lost"]
    if lives_on(*expired(project, provider)):
        yield "a lost refresh was taken for the end"
    # after so long only the rotated token gets another access token
    provider.expires_in_s, provider.retry_after_s = 1, 7
    provider.schedule = [None, "429"]
    grant, connection = expired(project, provider)
    [step] = done(project, let_go(project, connection))["steps"]
    if grant.refresh in provider.live or step["reason"] != "revoked":
        yield "the rotated token was forgotten"


def test_nothing_is_wrong_with_expired_tokens(project, provider):
    assert not list(faults_of(project, provider))


def test_planted_faults_are_caught(all_caught):
    caught = [plant for plant in PLANTS if caught_by(plant, faults_of)]
    all_caught("refresh", PLANTS, caught)
