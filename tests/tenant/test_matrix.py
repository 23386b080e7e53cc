"""One tenant never sees or touches another's: generated from the OpenAPI
documents (support/matrix.py says how), so that nothing is left out."""

import pytest

from support import matrix
from support.openapi import ACCESS, APIS, operations, served
from support.planted import planted, under_test
from support.stage import Stage
from support.token_rows import token_faults
from support.world import BODIES, PLAIN, TOKEN_ROUTES, places_of

SHOWN = 20  # faults, of maybe thousands
# A group has a stage of its own, which is much to make: there are four.
ALL, NATIVE, AMPERSAND, OTHERS = (
    pytest.mark.xdist_group(f"matrix {name}")
    for name in ("all", "native", "ampersand", "others"))
EACH = [pytest.param(api, marks={"cleat": NATIVE, "ampersand": AMPERSAND}.get(
    api, OTHERS)) for api in APIS]
PLANTS = ["every_project_is_visible", "query_without_its_project",
          "viewer_may_write", "customers_see_all_groups"]


@pytest.fixture(scope="module")
def stages():
    made = {}
    yield made
    for one in made.values():
        if not one.server.is_over:
            one.server.stop()
        one.close()


@pytest.fixture
def stage(request, stages):
    """Its group's own: what one group's calls make by others' names is there
    to be seen afterwards, whichever process runs the two."""
    [group] = request.node.get_closest_marker("xdist_group").args
    if group not in stages:
        stages[group] = Stage()
    return stages[group]


def none(faults):
    found = list(faults)
    assert not found, f"{len(found)} faults\n" + "\n".join(found[:SHOWN])


@pytest.mark.parametrize("api", APIS)
def test_every_served_route_is_documented(api):
    documented = {(one.method, one.name) for one in operations(api)}
    assert served(api) == documented


@pytest.mark.parametrize("api", EACH)
def test_every_documented_route_has_a_row(stage, api):
    in_rows = {(row.operation.method, row.operation.name)
               for row in matrix.rows(stage, api)}
    for operation in operations(api):
        assert operation.access in ACCESS, operation
        assert (operation.method, operation.name) in in_rows \
            or operation.name in TOKEN_ROUTES, operation
        for place in operation.places:
            assert place.kind or place.name in PLAIN, (operation, place)
        for place in places_of(operation):
            assert matrix.has_kind(stage, api, place), (operation, place)
        assert not operation.has_body \
            or operation.name in TOKEN_ROUTES \
            or (api, operation.name) in BODIES, operation


@pytest.mark.parametrize("api", EACH)
def test_refusals_are_as_documented_and_change_nothing(stage, api):
    none(matrix.refused_faults(stage, api))


@pytest.mark.parametrize("api", EACH)
def test_who_may_write_writes_in_its_own_project_alone(stage, api):
    none(matrix.granted_faults(stage, api))


@ALL
def test_what_others_do_shows_in_no_answer(stage):
    """Lists, and counts of them, stay the same to the byte."""
    none(matrix.disturbed(stage))


@ALL
def test_tokens_are_given_to_their_owners_alone(stage):
    none(token_faults(stage))


@ALL
def test_matrix_is_as_large_as_it_should_be(stage):
    """A document that shrinks, or is not read, would pass unseen."""
    assert sum(matrix.count(stage, api) for api in APIS) > 2000


def catches(plant):
    with planted(plant) as binary, under_test(binary):
        planted_stage = Stage()
        try:
            return any(True for api in APIS
                       for _ in matrix.refused_faults(planted_stage, api))
        finally:
            planted_stage.close()


def test_planted_faults_are_caught(all_caught):
    caught = [plant for plant in PLANTS if catches(plant)]
    all_caught("tenants", PLANTS, caught)
