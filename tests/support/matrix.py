"""Every route × every principal × every place where an id goes.

Three projects: `own`, whose principals call; `sibling` of the same
organization, which they must not reach either (the builder excepted); and
`other`, of another organization. A row says who calls what with whose id
where, and how that must be answered; rows come out of the OpenAPI documents
(support/openapi.py), so a new route has its rows, or fails for want of a
body or of an id's kind."""

import dataclasses
import json
import re
import sqlite3
import urllib.parse
import uuid

from support import ampersand as amp
from support import apinizer as apz
from support import gorules as gr
from support import upsun as ups
from support.forms import Including, differences
from support.names import unique
from support.openapi import APIS, Place, operations
from support.project import Project
from support.raw import Lost, Raw, address_of, request
from support.server import Server, Store

AGE_S = 4000  # longer than any access token lives


class World:
    """Something of each kind in a project, by the APIs; `word` is in every
    text of it that a caller may choose. `ids` has the spellings of each
    thing's id, by API and kind."""

    def __init__(self, project, word):
        self.project, self.word = project, word
        self.ids = {}
        self._ampersand()
        self._upsun()
        self._gorules()
        self._apinizer()

    def _add(self, api, kind, *spellings):
        self.ids[api, kind] = spellings

    def _ampersand(self):
        project, api = self.project, self.project.ampersand
        base = f"/projects/{project.name}"
        org_id = api.get(base).must_be(200).body["orgId"]
        self._add("ampersand", "project", project.id, project.name)
        self._add("ampersand", "organization", org_id)
        key = api.post(f"{base}/api-keys", {"label": f"{self.word} key"}) \
            .must_be(201).body["key"]
        self._add("ampersand", "apiKey", key[:len("cleat_amp_") + 8], key)
        self.integration = self._new_integration()
        self._add("ampersand", "integration", self.integration["id"],
                  self.integration["name"])
        self._add("ampersand", "integration name", self.integration["name"])
        self._add("ampersand", "revision",
                  self.integration["latestRevision"]["id"])
        connection, self.spare = self._connect(), self._connect()
        made = api.post(
            amp.installations(project, self.integration["id"]),
            {"groupRef": connection["group"]["groupRef"],
             "connectionId": connection["id"],
             "config": {"content": self.config(),
                        "createdBy": f"consumer:{self.word}"}}) \
            .must_be(201).body
        self._add("ampersand", "installation", made["id"])
        self._add("ampersand", "connection", connection["id"],)
        self._add("ampersand", "unused connection", self.spare["id"])
        self._add("ampersand", "unused group",
                  self.spare["group"]["groupRef"])
        self._add("ampersand", "group", connection["group"]["groupRef"])
        self._add("ampersand", "consumer",
                  connection["consumer"]["consumerRef"])

    def config(self):
        return {"provider": "salesforce", "read": {"objects": {"account": {
            "objectName": "account", "schedule": "*/15 * * * *",
            "destination": f"{self.word}Webhook",
            "selectedFields": {f"{self.word}Field": True}}}}}

    def manifest(self):
        return {**amp.manifest(unique(f"{self.word}-sync")),
                "displayName": f"{self.word} sync"}

    def _new_integration(self):
        content = self.manifest()
        base = f"/projects/{self.project.name}/integrations"
        self.project.ampersand.post(base, {
            "name": content["name"], "provider": "salesforce",
            "latestRevision": {"specVersion": "1.0.0", "content": content},
        }).must_be(201)
        return self.project.ampersand.get(f"{base}/{content['name']}") \
            .must_be(200).body

    def _connect(self):
        return self.project.ampersand.post(
            f"/projects/{self.project.name}/connections:generate", {
                "provider": "salesforce",
                "groupRef": unique(f"{self.word}-group"),
                "groupName": f"{self.word} group",
                "consumerRef": unique(f"{self.word}-consumer"),
                "consumerName": f"{self.word} consumer",
                "providerWorkspaceRef": f"{self.word}-workspace",
                "oauth2AuthorizationCode": {
                    "accessToken": {"token": f"{self.word}-access"},
                    "refreshToken": {"token": f"{self.word}-refresh"}}}) \
            .must_be(201).body

    def _upsun(self):
        project = self.project
        made = ups.new_webhook(
            project, url=f"https://{self.word}.example.com/hook",
            shared_key=f"{self.word}-shared", environments=[self.word])
        self._add("upsun", "project", project.upsun_id)
        self._add("upsun", "integration", made["id"])
        [activity] = project.upsun.get(
            f"/projects/{project.upsun_id}/integrations/{made['id']}"
            "/activities").must_be(200).body
        self._add("upsun", "activity", activity["id"])

    def _gorules(self):
        made = gr.new_integration(
            self.project, name=f"{self.word} rates",
            description=f"{self.word} rates of the day",
            group=f"{self.word} group", kind=unique(f"{self.word}-rates"),
            config={"method": "get",
                    "url": f"https://{self.word}.example.com/rates",
                    "headers": [{"key": "Authorization",
                                 "value": f"{self.word}-header-secret"}]})
        hidden = gr.new_integration(self.project)
        self.project.gorules.delete(
            gr.integrations(self.project, hidden["id"])).must_be(200)
        self._add("gorules", "project", self.project.id)
        self._add("gorules", "integration", made["id"])
        self._add("gorules", "kind", made["kind"])
        self._add("gorules", "hidden integration", hidden["id"], made["id"])

    def _apinizer(self):
        name = apz.new_connection(
            self.project, unique(f"{self.word} mail"),
            host=f"{self.word}.example.com", username=f"{self.word}-user",
            password=f"{self.word}-password",
            description=f"{self.word} description")
        self._add("apinizer", "project", self.project.name)
        self._add("apinizer", "connection", name)

    def id(self, api, kind):
        return self.ids[api, kind][0]


# Bodies that do what the route is for, from a world and its ids.

def _installation(world, pick):
    return {"groupRef": pick("groupRef", "unused group"),
            "connectionId": pick("connectionId", "connection"),
            "config": {"content": world.config(),
                       "revisionId": pick("revisionId", "revision")}}


def _credentials(world, pick):
    return {"provider": "salesforce",
            "groupRef": pick("groupRef", "free name"),
            "consumerRef": pick("consumerRef", "free name"),
            "oauth2AuthorizationCode": {"accessToken": {"token": "x"}}}


def _integration(world, pick):
    content = {**world.manifest(), "name": pick("name", "free name")}
    return {"name": content["name"], "provider": "salesforce",
            "latestRevision": {"specVersion": "1.0.0", "content": content}}


EMAIL = {"type": "email", "host": "smtp.example.com"}
CONFIG = {"method": "get", "url": "https://example.com/"}

BODIES = {
    ("ampersand", "createProject"): lambda world, pick: {
        "appName": "More", "name": unique(f"{world.word}-more"),
        "orgId": pick("orgId", "organization")},
    ("ampersand", "createApiKey"): lambda world, pick: {"label": "more"},
    ("ampersand", "createIntegration"): _integration,
    ("ampersand", "batchUpsertIntegrations"): lambda world, pick: {
        "sourceYaml": amp.manifest_yaml(pick("name", "free name"))},
    ("ampersand", "createInstallation"): _installation,
    ("ampersand", "generateConnection"): _credentials,
    ("upsun", "create-projects-integrations"): lambda world, pick: {
        "type": "webhook", "url": "https://example.com/more"},
    ("upsun", "update-projects-integrations"): lambda world, pick: {
        "url": "https://example.com/changed"},
    ("gorules", "createProject"): lambda world, pick: {
        "name": "More", "key": unique(f"{world.word}-more")},
    ("gorules", "createIntegration"): lambda world, pick: {
        "name": "More", "type": "http", "kind": pick("kind", "free name"),
        "config": CONFIG},
    ("gorules", "updateIntegration"): lambda world, pick: {
        "name": "Changed", "config": CONFIG},
    ("apinizer", "addConnection"): lambda world, pick: EMAIL,
    ("apinizer", "updateConnection"): lambda world, pick: EMAIL,
}

# References that the documents do not mark: names are unique in a project
# alone, so that of a foreign thing is free here.
NAMES = {
    ("ampersand", "generateConnection"): [
        Place("groupRef", "body", "group"),
        Place("consumerRef", "body", "consumer")],
    ("ampersand", "createInstallation"): [
        Place("groupRef", "body", "group"),
        Place("revisionId", "body", "revision")],
    ("ampersand", "createIntegration"): [
        Place("name", "body", "integration name")],
    ("ampersand", "batchUpsertIntegrations"): [
        Place("name", "body", "integration name")],
    ("gorules", "createIntegration"): [Place("kind", "body", "kind")],
}
FREE = {("generateConnection", "groupRef"),
        ("generateConnection", "consumerRef"),
        ("createIntegration", "name"), ("batchUpsertIntegrations", "name"),
        ("createIntegration", "kind"), ("addConnection", "connectionName")}
# Ids in the query, which only narrow down a list.
QUERY_KINDS = {"groupRef": "group", "consumerRef": "consumer",
               "pageToken": "installation"}
PLAIN = {"provider": "salesforce", "name": "ampersand"}
# What a route is for, where it is not for the first one of its kind.
MEANT = {("ampersand", "deleteConnection", "connection"): "unused connection",
         ("ampersand", "createInstallation", "connection"):
             "unused connection",
         ("gorules", "restoreIntegration", "integration"):
             "hidden integration"}
REQUIRED_QUERY = {("apinizer", "listConnections"): {"type": "all"}}
# The token is in the body, there is no principal: see token_rows.
TOKEN_ROUTES = {"exchange-token", "revoke-token", "find"}


def kind_of(operation, place):
    return MEANT.get((operation.api, operation.name, place.kind), place.kind)


def places_of(operation):
    """Each place where an id goes."""
    places = list(operation.ids)
    places += [place for place in NAMES.get(
        (operation.api, operation.name), [])
        if place.name not in [one.name for one in places]]
    return places + [
        Place(name, "query", QUERY_KINDS[name])
        for name, _ in operation.queries if name in QUERY_KINDS]


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


# Who calls.

@dataclasses.dataclass(frozen=True)
class Principal:
    name: str
    headers: tuple
    role: str = None  # None: nobody; else admin, viewer, frontend
    home: str = "own"
    is_builder: bool = False
    sees_siblings: bool = False

    @property
    def sees(self):
        if not self.role:
            return ()
        if self.sees_siblings and self.home == "own":
            return "own", "sibling"
        return (self.home,)


class Stage:
    """A server with the three projects and all their principals."""

    def __init__(self):
        self.store, self.stranger = Store(), Store()
        self.server = Server(self.store)
        try:
            self._prepare()
        except BaseException:
            self.close()
            raise

    def _prepare(self):
        young = self.server
        keys = {"own": young.project.keys,
                "sibling": self.store.create_project(
                    "sibling-canary", "my-organization"),
                "other": self.store.create_project(
                    "other-canary", "other-canary-organization")}
        self.aged = _short_lived(young)
        young.stop()
        self.server = Server(self.store, clock_offset_s=AGE_S)
        self.projects = {name: Project(self.server, its)
                         for name, its in keys.items()}
        self.worlds = {
            "own": World(self.projects["own"], "owncanary"),
            "sibling": World(self.projects["sibling"], "siblingcanary"),
            "other": World(self.projects["other"], "othercanary")}
        self.principals = {api: list(getattr(self, f"_{api}_principals")())
                           for api in APIS}
        self.line = Raw(address_of(self.server))
        self.database = self._open()

    def close(self):
        if hasattr(self, "line"):
            self.line.close()
            self.database.close()
        if not self.server.is_over:
            self.server.kill()
        self.store.remove()
        self.stranger.remove()

    def fresh_world(self):
        return World(self.projects["own"], "owncanary")

    # Tokens

    def _revoked(self, api):
        made = self.projects["own"].token(api)
        if api == "upsun":
            access = ups.exchange(self.server, made["token"]).must_be(200)
            made["token"] = access.body["access_token"]
        self.store.revoke_token("my-project", made["id"])
        return made["token"]

    def _nobodies(self, api, header):
        """Whom the API does not know, by what is sent."""
        own, strange = self.projects["own"].keys, self.stranger.keys
        kinds = ["ampersand", "upsun", "gorules", "apinizer"]
        tokens = {"no token of ours": "nonsense", "empty token": "",
                  "revoked token": self._revoked(api),
                  "expired token": self.aged[api],
                  "token of another store": next(iter(
                      strange[api].values()))}
        tokens.update((f"token of {kind}", next(iter(own[kind].values())))
                      for kind in kinds
                      if kind != api or header != "X-Api-Key" and kind in
                      ("ampersand", "upsun"))
        yield Principal("no token", ())
        for name, token in tokens.items():
            yield Principal(f"{name} in {header}", _headers(header, token))

    def _ampersand_principals(self):
        own = self.projects["own"]
        yield from self._nobodies("ampersand", "X-Api-Key")
        yield Principal("expired builder", _bearer(self.aged["builder"]))
        yield Principal("revoked builder", _bearer(self._revoked("upsun")))
        yield Principal("key as a bearer token", _bearer(
            own.keys["ampersand"]["apiKey"]))
        yield Principal("builder's token as a key", _headers(
            "X-Api-Key", own.upsun.access_token))
        for role in "viewer", "frontend":
            yield Principal(role, _headers("X-Api-Key", own.token(
                "ampersand", "--role", role)["token"]), role)
        yield Principal("viewing builder", _bearer(
            own.caller("upsun", "viewer").access_token), "viewer",
            is_builder=True, sees_siblings=True)
        for home, project in self.projects.items():
            yield Principal(f"key of {home}", _headers(
                "X-Api-Key", project.keys["ampersand"]["apiKey"]), "admin",
                home)
        for home in "own", "other":
            yield Principal(f"builder of {home}", _bearer(
                self.projects[home].upsun.access_token), "admin", home,
                is_builder=True, sees_siblings=True)

    def _upsun_principals(self):
        yield from self._nobodies("upsun", "Bearer")
        yield Principal("viewer", _bearer(
            self.projects["own"].caller("upsun", "viewer").access_token),
            "viewer", sees_siblings=True)
        for home in "own", "other":
            yield Principal(f"admin of {home}", _bearer(
                self.projects[home].upsun.access_token), "admin", home,
                sees_siblings=True)

    def _gorules_principals(self):
        own = self.projects["own"]
        yield from self._nobodies("gorules", "Bearer")
        yield from self._with_tokens("gorules")
        maker = own.caller("gorules", "admin")
        maker.post("/projects", {"name": "made", "key": "made-by-own"}) \
            .must_be(201)
        yield Principal("maker of a project",
                        tuple(maker.headers.items()), "admin")

    def _apinizer_principals(self):
        own = self.projects["own"]
        yield from self._nobodies("apinizer", "Bearer")
        yield Principal("expired access token", _bearer(
            self.aged["apinizer access"]))
        yield from self._with_tokens("apinizer")
        yield Principal("access token", _bearer(_apinizer_access(own)),
                        "admin")

    def _with_tokens(self, api):
        yield Principal("viewer", _bearer(self.projects["own"].token(
            api, "--role", "viewer")["token"]), "viewer")
        for home, project in self.projects.items():
            [token] = project.keys[api].values()
            yield Principal(f"admin of {home}", _bearer(token), "admin",
                            home)

    def _cleat_principals(self):
        yield Principal("no token", ())

    # The store

    def _open(self):
        path = self.store.url.removeprefix("sqlite:")
        return sqlite3.connect(f"file:{path}?mode=ro", uri=True)

    def version(self):
        """Another number as soon as anything was committed."""
        return self.database.execute("PRAGMA data_version").fetchone()[0]

    def dump(self):
        """By project: all its rows, as (table, row)."""
        by_id = {uuid.UUID(project.id).bytes: name
                 for name, project in self.projects.items()}
        found = {name: [] for name in [*self.projects, None]}
        tables = self.database.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        for (table,) in tables:
            rows = self.database.execute(f'SELECT * FROM "{table}"')
            columns = [one[0] for one in rows.description]
            key = "project_id" if "project_id" in columns else "id"
            for row in rows:
                owner = row[columns.index(key)] if key in columns else None
                found[by_id.get(owner)].append((table, row))
        return {name: sorted(map(repr, rows))
                for name, rows in found.items()}, found

    def texts(self):
        """By project: every text and id in its rows that is nobody else's,
        as an answer would show it."""
        _, rows = self.dump()
        texts = {name: set() for name in self.projects}
        for name, world in self.worlds.items():
            for spellings in world.ids.values():
                texts[name].update(spellings)
            for _, row in rows[name]:
                for value in row:
                    texts[name].update(_texts_of(value))
        shared = set()
        for name in texts:
            for other in texts:
                if other != name:
                    shared |= texts[name] & texts[other]
        return {name: sorted(text for text in its - shared if TELLING(text))
                for name, its in texts.items()}


# What only one project can have said: its canaries, and ids of all forms.
TELLING = re.compile(r".*canary|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"
                     r"|[a-z2-7]{13}$|cleat_\w{3}_\w{8}|\d{13,}$").match


def _texts_of(value):
    if isinstance(value, bytes):
        return [str(uuid.UUID(bytes=value))] if len(value) == 16 else []
    if not isinstance(value, str):
        return []
    try:
        return list(_leaves(json.loads(value)))
    except ValueError:
        return [value]


def _leaves(document):
    if isinstance(document, dict):
        for name, value in document.items():
            yield name
            yield from _leaves(value)
    elif isinstance(document, list):
        for value in document:
            yield from _leaves(value)
    elif isinstance(document, str):
        yield document


def _headers(header, token):
    return _bearer(token) if header == "Bearer" else ((header, token),)


def _bearer(token):
    return (("Authorization", f"Bearer {token}"),)


def _apinizer_access(project):
    return apz.Apinizer(project.server).post("/auth/token", form={
        "grant_type": "client_credentials", "client_id": project.name,
        "client_secret": project.keys["apinizer"]["token"]}) \
        .must_be(200).body["access_token"]


def _short_lived(server):
    """Tokens that are good now and will not be in AGE_S."""
    project = server.project
    aged = {api: project.token(api, "--expires", "60")["token"]
            for api in ("ampersand", "gorules", "apinizer")}
    for api in "upsun", "apinizer":
        aged[f"{api} itself"] = project.token(api, "--expires", "60")["token"]
    aged["upsun"] = aged["builder"] = project.upsun.access_token
    aged["apinizer access"] = _apinizer_access(project)
    return aged


# Rows

@dataclasses.dataclass(frozen=True)
class Row:
    """`foreign` has the places with a foreign id, and that id."""

    operation: object
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
    for whose in "other", "sibling":
        ids = stage.worlds[whose].ids
        for place in places:
            if whose in principal.sees and place.kind == "project" \
                    or whose == "sibling" and place.kind == "organization":
                continue
            for value in ids[operation.api, kind_of(operation, place)]:
                yield _row(operation, principal, ((place, value),), whose)
        whole = tuple((place, ids[operation.api, kind_of(operation, place)][0])
                      for place in operation.ids)
        below = tuple(one for one in whole if one[0].kind != "project")
        if len(below) > 1:
            yield _row(operation, principal, below, whose)
        if len(whole) > len(below) and whose not in principal.sees:
            yield _row(operation, principal, whole, whose)


def _row(operation, principal, foreign, whose):
    status, form = _expected(operation, principal, foreign)
    return Row(operation, principal, foreign, whose, status, form)


def _expected(operation, principal, foreign):
    api, access = operation.api, operation.access
    forms = FORMS[api]
    success = min(int(code) for code in operation.statuses
                  if code.startswith("2"))
    if access == "public":
        return success, None
    if principal.role is None:
        return forms["nobody"]
    if access == "builder" and not principal.is_builder:
        return forms["forbidden"]
    if principal.role == "frontend" and not access.startswith("frontend"):
        return forms["forbidden"]
    strange = [(place, value) for place, value in foreign
               if place.where != "query"
               and (operation.name, place.name) not in FREE]
    for place, value in strange:
        if place.kind == "project":
            return forms["project"](value)
    has_project = any(place.kind == "project" for place in operation.ids)
    if principal.home != "own" and has_project:
        return forms["project"](None)
    if operation.is_for_writers and principal.role == "viewer":
        return forms["forbidden"]
    if principal.home != "own" and operation.ids:
        is_mentioned = all(place.where == "body" for place in operation.ids)
        return forms["mentioned" if is_mentioned else "thing"](None)
    for place, value in sorted(strange, key=lambda one: one[0].where,
                               reverse=True):
        return forms[place.where == "body" and "mentioned"
                     or "thing"](value)
    return success, None


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
        "thing": _fixed(404, ups.error(404, "Not Found"))},
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
        "thing": lambda name: (400, apz.unknown_connection(name)
                               if name else apz.failure("bad_request"))},
    "cleat": {},
}


# Playing a row

def _request_of(row, world):
    operation, foreign = row.operation, dict(row.foreign)
    values = {place.name: value for place, value in foreign.items()}

    def pick(name, kind):
        meant = MEANT.get((operation.api, operation.name, kind), kind)
        if name in values:
            return values[name]
        return unique(f"{world.word}-more") if kind == "free name" \
            else world.id(operation.api, meant)

    path = operation.path
    for place in operation.places:
        if place.where == "path":
            value = pick(place.name, place.kind) if place.kind \
                else PLAIN[place.name]
            if operation.name == "addConnection" and not foreign \
                    and place.kind == "connection":
                value = unique("more")
            path = path.replace(f"{{{place.name}}}",
                                urllib.parse.quote(value, safe=""))
    query = {**REQUIRED_QUERY.get((operation.api, operation.name), {}),
             **{place.name: value for place, value in foreign.items()
                if place.where == "query"}}
    if query:
        path += "?" + urllib.parse.urlencode(query)
    document = BODIES[operation.api, operation.name](world, pick) \
        if operation.has_body else None
    return request(operation.method, path, row.principal.headers, document)


def _ask(stage, data):
    stage.line.send(data)
    try:
        return stage.line.answer()
    except Lost as error:
        raise AssertionError(f"no answer to {data!r}: {error}") from error


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
    if "x-request-id" not in answer.headers:
        found.append(f"{row}: no X-Request-Id")
    return found


def refused_faults(stage, api):
    """Of the rows that are refused, or only read: the documented answer, the
    store as before, nothing of others said."""
    texts = stage.texts()
    version, before = stage.version(), stage.dump()[0]
    for row in rows(stage, api):
        if row.succeeds and row.operation.writes:
            continue
        data = _request_of(row, stage.worlds["own"])
        answer = _ask(stage, data)
        yield from _wrong_answer(row, answer)
        yield from _leaks(row, data, answer, texts)
        if stage.version() != version:
            version, after = stage.version(), stage.dump()[0]
            yield from _changes(row, before, after)
            before = after


def _changes(row, before, after):
    """A read may leave its own event, of a secret that was shown."""
    for name in before:
        changed = set(before[name]) ^ set(after[name])
        if row.succeeds and name == "own":
            changed = {one for one in changed
                       if not one.startswith("('event'")}
        if changed:
            yield f"{row}: the rows of {name} changed: {sorted(changed)}"


def granted_faults(stage, api):
    """Of the rows that write: they do, and others keep theirs. Without
    these, a refusal of everything would pass as well."""
    texts, taken = stage.texts(), set()
    for row in rows(stage, api):
        name = row.operation.name, row.foreign
        if not (row.succeeds and row.operation.writes) or name in taken:
            continue
        if row.foreign:
            taken.add(name)  # what is free is so for the first
        world = stage.worlds["own"] if row.principal.home != "own" \
            else stage.fresh_world()
        before = stage.dump()[0]
        data = _request_of(row, world)
        answer = _ask(stage, data)
        yield from _wrong_answer(row, answer)
        yield from _leaks(row, data, answer, texts)
        yield from _misplaced(row, before, stage.dump()[0])


def disturbed(stage):
    """Of own principals' reads: those that what others do shows in."""
    before = _read_all(stage)
    for name in "other", "sibling":
        World(stage.projects[name], f"{name}canary")
    after = _read_all(stage)
    return [f"{row}: {before[row]!r}, then {after[row]!r}"
            for row in before if before[row] != after[row]]


def _read_all(stage):
    world = stage.worlds["own"]
    return {row: _ask(stage, _request_of(row, world)).body
            for api in APIS if api != "cleat"
            for row in rows(stage, api)
            if row.succeeds and row.operation.method == "GET"
            and row.principal.home == "own" and not row.foreign}


def _misplaced(row, before, after):
    """Changed is the caller's project, or there is a new one."""
    changed = {name for name in before if before[name] != after[name]}
    if not changed:
        yield f"{row}: nothing changed"
    for name in changed - {row.principal.home, None}:
        yield f"{row}: the rows of {name} changed"


def has_kind(stage, api, place):
    """The worlds have such a thing."""
    return all((api, place.kind) in world.ids
               for world in stage.worlds.values())


def count(stage, api):
    return sum(1 for _ in rows(stage, api))


# Routes that take a token in the body

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def _post_form(stage, path, **fields):
    body = urllib.parse.urlencode(fields).encode()
    head = request("POST", path, {**FORM, "Content-Length": len(body)})
    return _ask(stage, head + body)


def _exchanges(stage):
    """(what, path, form, status): each is refused."""
    own, other = stage.projects["own"], stage.projects["other"]
    apinizer = {"grant_type": "client_credentials", "client_id": own.name,
                "client_secret": own.keys["apinizer"]["token"]}
    for what, token in _strange_tokens(stage, "upsun"):
        yield (f"upsun: {what}", "/oauth2/token",
               {"grant_type": "api_token", "api_token": token}, 400)
    for what, token in _strange_tokens(stage, "apinizer"):
        yield (f"apinizer: {what}", "/apiops/auth/token",
               {**apinizer, "client_secret": token}, 401)
    for what, name in (("other project", other.name),
                       ("sibling", stage.projects["sibling"].name),
                       ("no project", "nothing")):
        yield (f"apinizer: own secret, {what}", "/apiops/auth/token",
               {**apinizer, "client_id": name}, 401)
    yield ("apinizer: secret of another", "/apiops/auth/token",
           {**apinizer, "client_secret": other.keys["apinizer"]["token"]},
           401)


def _strange_tokens(stage, api):
    keys = stage.projects["own"].keys
    made = stage.projects["own"].token(api)
    stage.store.revoke_token("my-project", made["id"])
    yield "nonsense", "nonsense"
    yield "token of another store", next(iter(stage.stranger.keys[api]
                                              .values()))
    yield "revoked token", made["token"]
    yield "expired token", stage.aged[f"{api} itself"]
    yield "access token", stage.projects["own"].upsun.access_token
    for kind in {"ampersand", "upsun", "gorules", "apinizer"} - {api}:
        yield f"token of {kind}", next(iter(keys[kind].values()))


def token_faults(stage):
    texts = [text for its in stage.texts().values() for text in its]
    exchanges = list(_exchanges(stage))
    version = stage.version()
    for what, path, form, status in exchanges:
        answer = _post_form(stage, path, **form)
        if answer.status != status or set(answer.document) != {
                "error", "error_description"}:
            yield f"{what}: {answer}"
        for text in texts:
            if text.encode() in answer.body and text not in form.values():
                yield f"{what}: the answer says {text!r}"
    for what, token in _strange_tokens(stage, "upsun"):
        if what == "access token":
            continue  # who has a token may end it (RFC 7009)
        version = stage.version()
        answer = _post_form(stage, "/oauth2/revoke", token=token)
        if answer.status not in (200, 400):
            yield f"revoke {what}: {answer}"
    if stage.version() != version:
        yield "a refused token left a trace in the store"
