"""Every route × every principal × every place where an id goes.

A row says who calls what with whose id where, and how that must be answered;
rows come out of the OpenAPI documents (support/openapi.py), so a new route has
its rows, or fails for want of a body or of an id's kind. The things and the
callers are in support/world.py and support/stage.py."""

import dataclasses
import urllib.parse

from support import ampersand as amp
from support import apinizer as apz
from support import gorules as gr
from support import upsun as ups
from support.documented import listening
from support.forms import Including, differences
from support.names import unique
from support.openapi import APIS, Operation, operations
from support.raw import request
from support.stage import Principal
from support.world import (FREE, GROUP_ASKED, OF_GROUPS, OF_ORGANIZATION,
                           QUERY_KINDS, SOUGHT, TOKEN_ROUTES,
                           UNKNOWN_IN_BODY, World, body_of, customer_of,
                           kind_of, path_of, picker, places_of)


# Whom a row's answer would leave without a project to ask about, and what is
# asked of none but such a one: tests/e2e/test_project_deletion.py and
# tests/api/gorules/test_projects.py do.
ENDS_ALL = {"deleteProject", "softDeleteProject", "restoreProject"}


def all_operations():
    """Upsun's paths below /projects are served below /api as well."""
    for api in APIS:
        for operation in operations(api):
            if operation.name in TOKEN_ROUTES:
                continue
            yield operation
            if operation.path.startswith("/projects/{"):
                yield dataclasses.replace(
                    operation, path="/api" + operation.path)


@dataclasses.dataclass(frozen=True)
class Row:
    """`foreign` has the places with a foreign id, and that id."""

    operation: Operation
    principal: Principal
    foreign: tuple
    whose: str
    status: int
    form: object = None

    @property
    def succeeds(self):
        return self.status < 300

    def __str__(self):
        where = ", ".join(f"{place.name}={value} of {self.whose}"
                          for place, value in self.foreign)
        return f"{self.operation} by {self.principal.name}" \
            + (f" with {where}" if where else "")


def rows(stage, api):
    for operation in all_operations():
        if operation.api != api:
            continue
        for principal in stage.principals[api]:
            yield _row(operation, principal, (), None)
            if principal.role is None or principal.home == "own":
                yield from _foreign_rows(stage, operation, principal)


def _foreign_rows(stage, operation, principal):
    places = places_of(operation)
    if principal.is_customer:
        ids = stage.worlds["neighbour"].ids
        for place in places:
            if place.kind in OF_GROUPS:
                for value in ids[operation.api, kind_of(operation, place)]:
                    yield _row(operation, principal, ((place, value),),
                               "neighbour")
    for whose in "other", "sibling":
        ids = stage.worlds[whose].ids
        for place in places:
            if whose in principal.sees and place.kind == "project" \
                    or whose == "sibling" and place.kind in OF_ORGANIZATION:
                continue
            for value in ids[operation.api, kind_of(operation, place)]:
                yield _row(operation, principal, ((place, value),), whose)
        whole = tuple((place, ids[operation.api, kind_of(operation, place)][0])
                      for place in operation.ids)
        below = tuple(one for one in whole if one[0].kind != "project"
                      and not (whose == "sibling"
                               and one[0].kind in OF_ORGANIZATION))
        if len(below) > 1:
            yield _row(operation, principal, below, whose)
        is_shared = whose == "sibling" and all(
            place.kind in OF_ORGANIZATION for place, _ in whole)
        if len(whole) > len(below) and whose not in principal.sees \
                and not is_shared:
            yield _row(operation, principal, whole, whose)


def _row(operation, principal, foreign, whose):
    status, form = _expected(operation, principal, foreign)
    return Row(operation, principal, foreign, whose, status, form)


def _expected(operation, principal, foreign):
    api, access = operation.api, operation.access
    forms = FORMS[api]
    codes = [int(code) for code in operation.statuses if code.startswith("2")]
    # 200 of a deletion that has another one is for its dry run
    success = max(codes) if operation.method == "DELETE" else min(codes)
    if access == "public":
        return success, None
    if principal.role is None:
        return forms["nobody"]
    if access.startswith("builder") and not principal.is_builder:
        return forms["forbidden"]
    if principal.role in ("frontend", "customer") \
            and not access.startswith("frontend"):
        return forms["forbidden"]
    strange = [(place, value) for place, value in foreign
               if (not (place.where == "query" and place.name in QUERY_KINDS)
                   or (operation.name, place.name) in SOUGHT
                   or operation.name in GROUP_ASKED)
               and ((operation.name, place.name) not in FREE
                    or principal.is_customer)]
    for place, value in strange:
        if place.kind == "project" \
                or place.kind == "organization" and place.where == "path":
            return forms["project"](value)
    has_project = any(place.kind == "project" for place in operation.ids)
    if principal.home != "own" and has_project:
        return forms["project"](None)
    if operation.is_for_writers and principal.role == "viewer":
        return forms["forbidden"]
    theirs = [place for place in operation.ids
              if principal.home != "sibling"
              or place.kind not in OF_ORGANIZATION]
    if principal.home != "own" and theirs:
        is_mentioned = all(place.where == "body" for place in operation.ids)
        return forms[_kind_of_refusal(operation, is_mentioned)](None)
    for place, value in sorted(strange, key=lambda one: one[0].where,
                               reverse=True):
        if principal.is_customer and place.kind in ("group", "consumer"):
            return forms["forbidden"]  # it may be for itself alone
        is_mentioned = place.where == "body" \
            and (operation.name, place.name) not in SOUGHT
        return forms[_kind_of_refusal(operation, is_mentioned)](value)
    if operation.is_unsupported:
        return 501, Including(amp.problem(501))
    return success, None


def _kind_of_refusal(operation, is_mentioned):
    return "mentioned" if is_mentioned \
        and operation.name not in UNKNOWN_IN_BODY else "thing"


def _fixed(status, form):
    return lambda _: (status, form)


FORMS = {
    "ampersand": {
        "nobody": (401, Including(amp.problem(401))),
        "forbidden": (403, Including(amp.problem(403))),
        "project": _fixed(404, Including(amp.problem(404))),
        "thing": _fixed(404, Including(amp.problem(404))),
        # in a body: as any value that names nothing there is
        "mentioned": _fixed(422, Including(amp.problem(422)))},
    "upsun": {
        "nobody": (401, ups.INVALID_TOKEN),
        "forbidden": (403, ups.error(403, "Forbidden")),
        "project": _fixed(404, ups.error(404, "Not Found")),
        "thing": _fixed(404, ups.error(404, "Not Found")),
        "mentioned": _fixed(400, ups.error(400, "Bad Request"))},
    "gorules": {
        "nobody": (401, gr.error(401)),
        "forbidden": (403, gr.error(403)),
        "project": _fixed(404, gr.error(404)),
        "thing": _fixed(404, gr.error(404))},
    "apinizer": {
        "nobody": (401, apz.UNAUTHORIZED),
        "forbidden": (400, apz.FORBIDDEN),
        "project": lambda name: (404, apz.unknown_project(name)
                                 if name else apz.failure("not_found")),
        "thing": lambda name: (400, apz.unknown(name)
                               if name else apz.failure("bad_request"))},
    "workers": {
        "nobody": (401, Including(amp.problem(401))),
        "forbidden": (403, Including(amp.problem(403))),
        "thing": _fixed(404, Including(amp.problem(404))),
        "mentioned": _fixed(404, Including(amp.problem(404)))},
    "cleat": {
        "nobody": (401, Including(amp.problem(401))),
        "forbidden": (403, Including(amp.problem(403))),
        "project": _fixed(404, Including(amp.problem(404))),
        "thing": _fixed(404, Including(amp.problem(404))),
        "mentioned": _fixed(404, Including(amp.problem(404)))},
}


def _request_of(row, world):
    operation = row.operation
    values = {place.name: value for place, value in row.foreign}
    query = {place.name: urllib.parse.quote_plus(value)
             for place, value in row.foreign if place.where == "query"}
    if row.principal.is_customer:
        whom = customer_of(operation, row.principal.world or world)
        for name, value in zip(("groupRef", "consumerRef"), whom):
            values.setdefault(name, value)
    if operation.name == "addConnection":
        values.setdefault("connectionName", unique("more"))
    if operation.name == "addEnvironmentVariable":
        values.setdefault("name", unique("more"))
    pick = picker(operation, world, values)
    return request(operation.method, path_of(operation, pick, query=query),
                   row.principal.headers_for(operation, world),
                   body_of(operation, world, pick))


def _unseen(row, texts):
    return [text for name, its in texts.items()
            if name not in row.principal.sees for text in its]


def _leaks(row, data, answer, texts):
    sent = urllib.parse.unquote_to_bytes(data)
    got = answer.body + repr(answer.headers).encode()
    return [f"{row}: the answer says {text!r}" for text in _unseen(row, texts)
            if text.encode() in got and text.encode() not in sent]


def _wrong_answer(row, answer):
    found = []
    if answer.status != row.status:
        found.append(f"{row}: {answer.status}, should be {row.status}: "
                     f"{answer.body[:300]!r}")
    elif row.form is not None:
        found += [f"{row}: {one}"
                  for one in differences(row.form, answer.document)]
    if str(answer.status) not in row.operation.statuses:
        found.append(f"{row}: {answer.status} is not documented")
    if row.operation.api == "ampersand":
        found += [f"{row}: {one}" for one in listening.hear(
            row.operation.name, answer.status,
            answer.headers.get("content-type", ""), answer.body)]
    if "x-request-id" not in answer.headers:
        found.append(f"{row}: no X-Request-Id")
    return found


def refused_faults(stage, api):
    """Of the rows that are refused, or only read: the documented answer, the
    store as before, nothing of others said."""
    texts = stage.texts()
    version, before = stage.version(), stage.dump()
    for row in rows(stage, api):
        if row.succeeds and row.operation.writes:
            continue
        data = _request_of(row, stage.worlds["own"])
        answer = stage.ask(data)
        yield from _wrong_answer(row, answer)
        yield from _leaks(row, data, answer, texts)
        if stage.version() != version:
            version, after = stage.version(), stage.dump()
            yield from _changes(row, before, after)
            before = after


def _changes(row, before, after):
    """A read may leave its own event, of a secret that was shown."""
    for name in before:
        changed = {(table, one) for table, one in before[name] ^ after[name]
                   if not (row.succeeds and name == "own"
                           and table in ("event", "event_origin"))}
        if changed:
            yield f"{row}: the rows of {name} changed: {changed}"


def granted_faults(stage, api):
    """Of the rows that write: they do, and others keep theirs. Without
    these, a refusal of everything would pass as well."""
    texts, taken = stage.texts(), set()
    for row in rows(stage, api):
        name = row.operation.name, row.foreign
        if not (row.succeeds and row.operation.writes) or name in taken \
                or row.operation.name in ENDS_ALL:
            continue
        if row.foreign:
            taken.add(name)  # what is free is so for the first
        world = stage.worlds["own"] if row.principal.home != "own" \
            else stage.fresh_world()
        before = stage.dump()
        data = _request_of(row, world)
        answer = stage.ask(data)
        yield from _wrong_answer(row, answer)
        yield from _leaks(row, data, answer, texts)
        yield from _misplaced(row, before, stage.dump())


def disturbed(stage):
    """Of own principals' reads: those that what others do shows in; and of
    customers, what is done for another group of the project."""
    world = stage.fresh_world()
    world.settle()
    before = _read_all(stage, world)
    for name in "other", "sibling":
        World(stage.projects[name], f"{name}canary")
    faults = _differences(before, _read_all(stage, world))
    faults += _with_canaries(_read_all(stage, world, TOLD_BY_JOBS),
                             [b"othercanary", b"siblingcanary"])
    World(stage.projects["own"], "neighbourcanary")
    after = _read_all(stage, world)
    return faults + _differences(
        {row: its for row, its in before.items() if row.principal.is_customer
         and row.operation.name != "listIntegrations"}, after)


def _differences(before, after):
    return [f"{row}: {before[row]!r}, then {after[row]!r}"
            for row in before if before[row] != after[row]]


def _with_canaries(answers, canaries):
    return [f"{row}: {canary!r} in {body!r}" for row, body in answers.items()
            for canary in canaries if canary in body]


# What shows what the project's own jobs do meanwhile.
TOLD_BY_JOBS = {"list-projects-activities"}
# What shows the events that these very reads leave.
SHOWS_READS = {"getCertificate", "listEvents", "listAuditLogs"}
# What a sibling's builder does in the organization that they share.
SHOWS_SIBLINGS = {"listOrgInvites", "listOrgClaimedDomains"}
IS_NEW_EACH_TIME = {"generateUploadUrl"}


def _read_all(stage, world, names=None):
    """By the row; of the operations of these names alone, or of all that
    answer the same twice."""
    def is_wanted(name):
        return name in names if names else name not in (
            SHOWS_READS | SHOWS_SIBLINGS | IS_NEW_EACH_TIME | TOLD_BY_JOBS)

    return {row: stage.ask(_request_of(row, world)).body
            for api in APIS
            for row in rows(stage, api)
            if row.succeeds and row.operation.method == "GET"
            and is_wanted(row.operation.name)
            and row.principal.home == "own" and not row.foreign
            and row.operation.access != "public"}


# What is done outside.
CHANGES_NOTHING = {"executeIntegration"}


def _misplaced(row, before, after):
    """Changed is the caller's project, or there is a new one."""
    changed = {name for name in before if before[name] != after[name]}
    if not changed and row.operation.name not in CHANGES_NOTHING:
        yield f"{row}: nothing changed"
    for name in changed - {row.principal.home, None}:
        yield f"{row}: the rows of {name} changed"


def has_kind(stage, api, place):
    """The worlds have such a thing."""
    return all((api, place.kind) in world.ids
               for world in stage.worlds.values())


def count(stage, api):
    return sum(1 for _ in rows(stage, api))
