"""A server with three projects and everyone who may call it: `own`, whose
principals call; `sibling` of the same organization, which they must not reach
either (the builder excepted); and `other`, of another organization. Besides,
what is made in `own` for `neighbour`, which customers of it must not reach."""

import dataclasses
import json
import re
import time
import uuid

from support import ampersand as amp
from support import apinizer as apz
from support import engine, native, operation
from support import upsun as ups
from support.delivery import OPTIONS
from support.openapi import APIS
from support.project import Project
from support.raw import Lost, Raw, address_of
from support.server import Server, Store
from support.whole import reader
from support.world import OF_GROUPS, World, customer_of

AGE_S = 4000  # longer than any access token lives

# Jobs go on meanwhile, and try what cannot be done here; links seal that too.
OF_JOBS = {"job", "job_lane", "step", "deployment", "delivery",
           "delivery_attempt", "event_link"}

# What only one project can have said: its canaries, and ids of all forms.
TELLING = re.compile(r".*canary|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"
                     r"|[a-z2-7]{13}$|cleat_\w{3}_\w{8}|\d{13,}$").match


@dataclasses.dataclass(frozen=True)
class Principal:
    name: str
    headers: tuple
    role: str = None  # None: nobody; else admin, viewer, frontend, customer
    home: str = "own"
    is_builder: bool = False
    sees_siblings: bool = False
    world: object = None  # of a customer of another one than is asked of

    @property
    def is_customer(self):
        return self.role == "customer"

    @property
    def sees(self):
        """Of `neighbour`, who is no customer sees what others of the project
        have."""
        if not self.role:
            return ()
        if self.is_customer or self.home != "own":
            return (self.home,)
        return ("own", "neighbour", "sibling") if self.sees_siblings \
            else ("own", "neighbour")

    def headers_for(self, operation, world):
        """A customer's are of its group in that world, and good for a
        while."""
        if not self.is_customer:
            return self.headers
        world = self.world or world
        return _bearer(world.signer.token(
            *customer_of(operation, world), age_s=-AGE_S))


class Stage:

    def __init__(self):
        self.store, self.stranger = Store(), Store()
        self.server = Server(self.store, options=OPTIONS)
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
        installed = {name: amp.new_installation(Project(young, its))
                     for name, its in keys.items()}
        young.stop()
        operations = {name: operation.add(
            self.store, its, time.time_ns() // 1000, progress_object="account",
            result=f"{name}canary") for name, its in installed.items()}
        self.server = Server(self.store, clock_offset_s=AGE_S,
                             options=OPTIONS)
        self.projects = {name: Project(self.server, its)
                         for name, its in keys.items()}
        for name, its in installed.items():
            self.projects[name].operation = _operation_of(operations[name],
                                                          its)
        self.worlds = {
            "own": World(self.projects["own"], "owncanary"),
            "sibling": World(self.projects["sibling"], "siblingcanary"),
            "other": World(self.projects["other"], "othercanary"),
            "neighbour": World(self.projects["own"], "neighbourcanary")}
        self.principals = {api: list(getattr(self, f"_{api}_principals")())
                           for api in APIS}
        self.line = Raw(address_of(self.server))
        self.database = reader(self.store)

    def close(self):
        if hasattr(self, "line"):
            self.line.close()
            self.database.close()
        if not self.server.is_over:
            self.server.kill()
        self.store.remove()
        self.stranger.remove()

    def fresh_world(self):
        """With the worker that is there, unless it was deleted."""
        project, worker = self.projects["own"], self.worlds["own"].worker
        there = {one["id"] for one in native.items(project, "/workers")}
        made = World(project, "owncanary", worker if worker in there else None)
        self.worlds["own"].worker = made.worker
        return made

    def ask(self, data):
        """The answer to these bytes, on the one line that is kept."""
        self.line.send(data)
        try:
            return self.line.answer()
        except Lost as error:
            raise AssertionError(f"no answer to {data!r}: {error}") \
                from error

    # Tokens

    def _revoked(self, api):
        made = self.projects["own"].token(api)
        if api == "upsun":
            access = ups.exchange(self.server, made["token"]).must_be(200)
            made["token"] = access.body["access_token"]
        self.store.revoke_token("my-project", made["id"])
        return made["token"]

    def _strange(self, api):
        keys = self.stranger.keys
        return next(iter(keys[api].values())) if api in keys else \
            self.stranger.create_token("my-project", api)["token"]

    def _nobodies(self, api, header):
        """Whom the API does not know, by what is sent."""
        own = self.projects["own"].keys
        knows_all = api == "cleat"
        api = "gorules" if knows_all else api
        kinds = ["ampersand", "upsun", "gorules", "apinizer"]
        tokens = {"no token of ours": "nonsense", "empty token": "",
                  "revoked token": self._revoked(api),
                  "expired token": self.aged[api],
                  "token of another store": self._strange(api)}
        tokens.update((f"token of {kind}", next(iter(own[kind].values())))
                      for kind in kinds
                      if not knows_all and kind != api or not knows_all
                      and header != "X-Api-Key" and kind in
                      ("ampersand", "upsun"))
        if api != "worker":
            tokens["token of a worker"] = \
                self.projects["own"].token("worker")["token"]
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
        signer = self.worlds["own"].signer
        yield Principal("expired customer", _bearer(signer.token("group")))
        yield Principal("customer by a forged signature", _bearer(
            signer.token("group", age_s=-AGE_S)[:-8] + "forgedAA"))
        yield Principal("customer", (), "customer")
        yield Principal("customer of other", (), "customer", "other",
                        world=self.worlds["other"])
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

    def _workers_principals(self):
        yield from self._nobodies("worker", "Bearer")
        yield Principal("viewer", _bearer(self.projects["own"].token(
            "worker", "--role", "viewer")["token"]), "viewer")
        for home, project in self.projects.items():
            yield Principal(f"worker of {home}", _bearer(
                project.token("worker")["token"]), "admin", home)

    def _with_tokens(self, api):
        yield Principal("viewer", _bearer(self.projects["own"].token(
            api, "--role", "viewer")["token"]), "viewer")
        for home, project in self.projects.items():
            [token] = project.keys[api].values()
            yield Principal(f"admin of {home}", _bearer(token), "admin",
                            home)

    def _cleat_principals(self):
        own = self.projects["own"]
        for header in "Bearer", "X-Api-Key":
            for principal in self._nobodies("cleat", header):
                yield principal
        yield Principal("frontend", _headers("X-Api-Key", own.token(
            "ampersand", "--role", "frontend")["token"]), "frontend")
        for api in "gorules", "apinizer", "ampersand":
            yield Principal(f"viewer of {api}", _bearer(own.token(
                api, "--role", "viewer")["token"]), "viewer")
        for home, project in self.projects.items():
            for api in "ampersand", "gorules", "apinizer":
                [token] = project.keys[api].values()
                yield Principal(f"{api} of {home}", _bearer(token), "admin",
                                home)
        yield Principal("access token of Apinizer", _bearer(
            _apinizer_access(own)), "admin")
        yield Principal("builder", _bearer(own.upsun.access_token), "admin",
                        sees_siblings=True)

    # The store

    def version(self):
        """Another number as soon as anything was committed."""
        return engine.version(self.database)

    def dump(self):
        """By project: the set of all its rows, as (table, row)."""
        by_id = {uuid.UUID(project.id).bytes: name
                 for name, project in self.projects.items()}
        found = {name: set() for name in [*self.projects, None]}
        for table, columns in engine.columns_by_table(self.database).items():
            if table in OF_JOBS:
                continue
            key = "project_id" if "project_id" in columns else "id"
            at = columns.index(key) if key in columns else None
            for row in self.database.execute(f'SELECT * FROM "{table}"'):
                if table == "event" and _is_read_by_jobs(row):
                    continue
                owner = None if at is None else row[at]
                found[by_id.get(owner)].add((table, row))
        return found

    def texts(self):
        """By project: every text and id in its rows that is nobody else's,
        as an answer would show it."""
        rows = self.dump()
        texts = {name: set() for name in self.projects}
        for name in texts:
            for spellings in self.worlds[name].ids.values():
                texts[name].update(spellings)
            for _, row in rows[name]:
                for value in row:
                    texts[name].update(_texts_of(value))
        shared = set()
        for name in texts:
            for other in texts:
                if other != name:
                    shared |= texts[name] & texts[other]
        telling = {name: sorted(text for text in its - shared
                                if TELLING(text))
                   for name, its in texts.items()}
        telling["neighbour"] = [
            text for (_, kind), its in self.worlds["neighbour"].ids.items()
            if kind.removeprefix("unused ") in OF_GROUPS for text in its]
        return telling


def _operation_of(operation_id, installation):
    return {"operation": operation_id, "read installation": installation["id"],
            "read integration": installation["integrationId"]}


def _is_read_by_jobs(row):
    return "step.credentials.read" in row \
        or "connection.credentials.read" in row and "system" in row


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
            for api in ("ampersand", "gorules", "apinizer", "worker")}
    for api in "upsun", "apinizer":
        aged[f"{api} itself"] = project.token(api, "--expires", "60")["token"]
    aged["upsun"] = aged["builder"] = project.upsun.access_token
    aged["apinizer access"] = _apinizer_access(project)
    return aged
