"""The operations of our own OpenAPI documents, each with the places where an
id goes (`x-cleat-id`) and who may call it (`x-cleat-access`)."""

import dataclasses
import json
import re

from support import cli

APIS = ["ampersand", "upsun", "gorules", "apinizer", "workers", "cleat"]
METHODS = ["get", "post", "put", "patch", "delete"]
ACCESS = {"public", "read", "write", "builder", "builder-read",
          "frontend-read", "frontend-write"}


@dataclasses.dataclass(frozen=True)
class Place:
    """Where a value goes; `kind` says of what it is the id, if it is one."""

    name: str
    where: str  # path, query or body
    kind: str = None


@dataclasses.dataclass(frozen=True)
class Operation:
    api: str
    method: str
    path: str
    name: str
    access: str
    places: tuple
    queries: tuple  # (name, schema) of each parameter of the query
    has_body: bool
    statuses: frozenset
    is_unsupported: bool = False  # answers 501, when all is right
    needs_body: bool = True  # if it has one at all

    @property
    def is_for_writers(self):
        return self.access.endswith("write") or self.access == "builder"

    @property
    def writes(self):
        return self.is_for_writers and self.method != "GET"

    @property
    def ids(self):
        return [place for place in self.places if place.kind]

    def __str__(self):
        return f"{self.api} {self.method} {self.path}"


def operations(api):
    document = json.loads((cli.ROOT / f"openapi/{api}.json").read_text())
    for path, item in document["paths"].items():
        # a path of another API of the same document has its own server
        own = item.get("servers", document["servers"])[0]["url"].rstrip("/")
        for method in METHODS:
            if method in item:
                yield _operation(api, document, own + path, method,
                                 item[method], item.get("parameters", []))


def _operation(api, document, path, method, about, shared):
    parameters = [_resolve(document, one)
                  for one in [*shared, *about.get("parameters", [])]]
    places = [Place(one["name"], one["in"], one.get("x-cleat-id"))
              for one in parameters if one["in"] == "path"
              or "x-cleat-id" in one]
    body = _resolve(document, about.get("requestBody", {}))
    for content in body.get("content", {}).values():
        places += [place for place in _ids_in(document, content["schema"])
                   if place not in places]
    return Operation(
        api, method.upper(), path, about["operationId"],
        about["x-cleat-access"], tuple(places),
        tuple((one["name"], json.dumps(one["schema"]))
              for one in parameters if one["in"] == "query"),
        bool(body), frozenset(about["responses"]),
        about.get("x-cleat-unsupported", False),
        body.get("required", False))


def _ids_in(document, schema, seen=()):
    """The members of a body that are ids."""
    if "$ref" in schema:
        if schema["$ref"] in seen:
            return
        seen = (*seen, schema["$ref"])
    schema = _resolve(document, schema)
    for name, member in schema.get("properties", {}).items():
        kind = member.get("x-cleat-id") \
            or _resolve(document, member).get("x-cleat-id")
        if kind:
            yield Place(name, "body", kind)
        yield from _ids_in(document, member, seen)
    for key in "allOf", "oneOf", "anyOf":
        for part in schema.get(key, []):
            yield from _ids_in(document, part, seen)
    if isinstance(schema.get("items"), dict):
        yield from _ids_in(document, schema["items"], seen)


def _resolve(document, node):
    while "$ref" in node:
        found = document
        for step in node["$ref"].removeprefix("#/").split("/"):
            found = found[step.replace("~1", "/").replace("~0", "~")]
        node = found
    return node


ROUTE = re.compile(r'METHOD_(\w+),((?:\s|"[^"]*"|[A-Z_]+|,)*?)"([\w-]+)",\s*'
                   r'\w+,')


def served(api):
    """(method, operation) of each row of the server's route table, but of what
    takes any method and path: no document can describe that, and
    tests/api/ampersand/test_proxy.py has its rows."""
    text = (cli.ROOT / f"src/dialects/{api}/routes.c").read_text()
    table = text[text.index("static const struct route routes[]"):]
    found = {(method, name) for method, _, name in ROUTE.findall(table)}
    rows = len(re.findall(r"METHOD_\w+", table[:table.index("\n};")]))
    assert len(found) == rows, f"{api}: {rows} rows, read {len(found)}"
    return {(method, name) for method, name in found if method != "OTHER"}
