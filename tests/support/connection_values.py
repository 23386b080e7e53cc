"""Connections of every type, made from the list of their fields: the least that
is taken, everything at once, and what is answered then."""

from support.connection_fields import MARKS, listed
from support.forms import UUID

URL = "https://example.localhost/hook"
# What has a form of its own.
VALUES = {("database", "jdbcUrl"): "jdbc:postgresql://db.example.com/sales",
          ("webhook", "fullUrl"): URL,
          ("elasticsearch", "elasticHostList[].scheme"): "https",
          ("snmp", "connectionString"): "tcp:192.0.2.7/1162"}
FILES = ("caCertInPkcs12File", "caInPemFile", "caTruststoreFile",
         "caKeystoreFile", "tlsTrustCertChainFile")


def fields_of(kind, prefix=""):
    """{name: field} of what is directly below the prefix."""
    return {path[len(prefix):]: field
            for (its, path), field in listed().items()
            if its == kind and path.startswith(prefix)
            and "." not in path[len(prefix):]}


def below(prefix, name, field):
    return f"{prefix}{name}{MARKS.get(field.kind, '')}."


def sample(kind, path, field, members=None):
    """A value of the field that is not its default."""
    if (kind, path) in VALUES:
        return VALUES[kind, path]
    name = path.split(".")[-1]
    if field.words:
        word = next(one for one in reversed(field.words)
                    if one != field.default)
        return [word] if field.kind == "list of strings" else word
    return {"string": "Y2VydA==" if name in FILES else f"some {name}",
            "integer": 7, "boolean": not field.default,
            "list": [members], "map": {"some.name": members},
            "object": members or {"inner": {"number": 1}},
            "map of strings": {"1.3.6.1": "some value"}}[field.kind]


def whole(kind, prefix=""):
    """With each field that a client may send."""
    found = {}
    for name, field in fields_of(kind, prefix).items():
        if field.kind != "any":
            found[name] = sample(
                kind, prefix + name, field,
                whole(kind, below(prefix, name, field)) or None)
    return {"type": kind, **found} if not prefix else found


def least(kind, prefix=""):
    """With the fields that are required whatever the others are."""
    found = {}
    for name, field in fields_of(kind, prefix).items():
        if field.required == "yes":
            found[name] = sample(kind, prefix + name, field,
                                 least(kind, below(prefix, name, field)))
    return {"type": kind, **found} if not prefix else found


def filled(kind, given, prefix=""):
    """What is answered for what was sent: with the defaults."""
    return {name: _filled(kind, given, prefix, name, field)
            for name, field in fields_of(kind, prefix).items()}


def _filled(kind, given, prefix, name, field):
    value = given.get(name)
    inner = below(prefix, name, field)
    if field.kind == "any":
        return given.get("value", "")  # of properties that are text
    if value is None:
        return field.default
    if field.kind == "list":
        return [filled(kind, one, inner) for one in value]
    if field.kind == "map":
        return {key: filled(kind, one, inner) for key, one in value.items()}
    if field.kind == "object" and fields_of(kind, inner):
        return filled(kind, value, inner)
    return value


def shown(project, name, kind, given, **more):
    """The connection as a single read by a manager has it."""
    return {"id": UUID, "type": kind, "name": name, "description": None,
            "deployToWorker": True, "enabled": True,
            "projectName": project.name, **filled(kind, given), **more}


def with_value(kind, path, value):
    """Everything, but this at the path."""
    body = whole(kind)
    at, steps = body, path.split(".")
    for step in steps[:-1]:
        if step.endswith("[]"):
            at = at[step[:-2]][0]
        elif step == "*":
            at = at["some.name"]
        else:
            at = at[step]
    at[steps[-1]] = value
    return body


def secrets_of(kind):
    return [path for (its, path), field in listed().items()
            if its == kind and field.is_secret]
