"""What a customer's own key signs is right, is signed anew, and is for whom the
connection acts; planted wrongs are caught by the verifier, which is not ours."""

import pytest

from support.authority import path_of, tokens_of
from support.planted import SOUND, planted_server
from support.server import ALLOWED
from support.signed import (at_notary, delegation, fact, generate, netsuite,
                            salesforce)
from support.notary import Notary

PLANTS = ["sign_with_the_other_padding", "sign_for_too_long",
          "keep_the_token_of_another", "never_sign_again"]


def wrongs_of_connecting(project, notary):
    for body in netsuite(notary, "PS256"), salesforce(notary):
        answer = generate(project, body)
        if answer.status != 201:
            yield f"{body['provider']}: {answer.body} {notary.refused}"


def wrongs_of_another_user(project, notary):
    made = generate(project, delegation(notary))
    if made.status != 201:
        yield f"{made.body} {notary.refused}"
        return
    for known in notary.trusted.values():
        known.subject = "kim@acme.example"
    project.ampersand.patch(path_of(project, made.body["id"]), {
        "updateMask": ["providerMetadata"], "connection": {
            "providerMetadata": {"userEmail": fact("kim@acme.example")}}}) \
        .must_be(200)
    if notary.seen[-1].claims["sub"] != "kim@acme.example":
        yield "its token is another user's"
    count = len(notary.seen)
    tokens_of(project, made.body["id"], refresh="force")
    if len(notary.seen) != count + 1:
        yield "it is not signed anew"


def wrongs(project):
    with Notary() as notary:
        at_notary(project, notary)
        yield from wrongs_of_connecting(project, notary)
        yield from wrongs_of_another_user(project, notary)


def found_with(plant):
    with planted_server(plant, options=[*ALLOWED, "--no-health-checks"]) \
            as server:
        return list(wrongs(server.project))


@pytest.mark.xdist_group("planted")
def test_what_is_signed_is_right(release):
    assert not found_with(SOUND)


@pytest.mark.xdist_group("planted")
@pytest.mark.parametrize("plant", PLANTS)
def test_planted_wrong_is_caught(release, plant):
    assert found_with(plant)
