"""Whoever is shown a credential, by whichever API, has left an event before:
over every route that reads, as the OpenAPI documents have them."""

import pytest

from support import matrix
from support.openapi import APIS
from support.planted import planted, under_test
from support.raw import request
from support.stage import Stage
from support.world import path_of, picker

# What a reader may ask to see besides.
FLAGS = {"includeCreds", "includeRefreshToken", "includeSecrets"}
SECRETS = ["access", "refresh", "app-secret", "shared", "header-secret",
           "password"]
PLANTS = ["read_without_an_event"]


def secrets_of(stage, word):
    """Those that the world gave, and the key that a destination made."""
    key = stage.projects["own"].ampersand.get(
        "/projects/my-project/destinations/" + stage.worlds["own"].id(
            "ampersand", "destination"), {"includeSecrets": "true"}) \
        .must_be(200).body["secrets"]["webhookSigningKey"]
    return [f"{word}-{name}".encode() for name in SECRETS] + [key.encode()]


def reads(stage, api):
    """Who may read what, with a request that asks for all there is."""
    for row in matrix.rows(stage, api):
        operation, principal = row.operation, row.principal
        if not row.succeeds or row.foreign or operation.method != "GET" or \
                principal.home != "own" or operation.access == "public":
            continue
        pick = picker(operation, stage.worlds["own"])
        flags = {name: "true" for name, _ in operation.queries
                 if name in FLAGS}
        yield row, request("GET", path_of(operation, pick, query=flags),
                           principal.headers_for(
                               operation, stage.worlds["own"]), None)


def events(stage):
    return stage.database.execute(
        "SELECT number, type, actor, payload FROM event WHERE type LIKE "
        "'%.credentials.read' AND actor <> 'system' "  # that is jobs
        "ORDER BY number").fetchall()


def faults(stage, shown):
    secrets = secrets_of(stage, "owncanary")
    for api in APIS:
        for row, data in reads(stage, api):
            before = events(stage)
            answer = stage.ask(data)
            is_shown = [one for one in secrets if one in answer.body]
            new = [one for one in events(stage) if one not in before]
            if is_shown:
                shown.add(row.operation.name)
            if is_shown and not new:
                yield f"{row} shows {is_shown}, and there is no event"
            for _, kind, actor, payload in new:
                if not actor.startswith("token:"):
                    yield f"{row}: {kind} is of {actor}"
                if any(one.decode() in payload for one in secrets):
                    yield f"{row}: the event holds a secret"


@pytest.fixture
def stage():
    made = Stage()
    yield made
    made.server.stop()
    made.close()


def test_nobody_is_shown_a_credential_without_an_event(stage):
    shown = set()
    found = list(faults(stage, shown))
    assert not found, "\n".join(found)
    # else the check sees nothing
    assert shown >= {"getConnection", "getDestination", "getIntegration",
                     "get-projects-integrations"}, shown


def catches(plant):
    with planted(plant) as binary, under_test(binary):
        stage = Stage()
        try:
            return next(faults(stage, set()), None) is not None
        finally:
            stage.close()


def test_planted_faults_are_caught(all_caught):
    caught = [plant for plant in PLANTS if catches(plant)]
    all_caught("reading", PLANTS, caught)
