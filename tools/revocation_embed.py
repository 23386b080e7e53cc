#!/usr/bin/python3
"""Check catalog/revocations.tsv and write it as the C table of
core/revocation.h.

usage: revocation_embed.py IN.tsv OUT.c

Every fault is one line "FILE:LINE: what" on stderr; then nothing is written
and the exit status is 1. Wrong usage exits with 2.
"""

import json
import re
import sys

COLUMNS = ("provider style method url auth token_in token_name which ends ok "
           "gone gone_errors success headers body client_names sure ok_sure "
           "source").split()
ALWAYS = {"provider", "style", "sure", "source"}

# Of core/revocation.h.
STATUSES_MAX, MEMBERS_MAX, HEADERS_MAX = 3, 2, 4

ENUMS = {
    "style": ["none", "revoke", "path", "self", "uninstall"],
    "auth": ["none", "basic", "body"],
    "token_in": ["form", "json", "query", "bearer", "header", "path"],
    "which": ["access", "refresh"],
    "ends": ["token", "grant"],
    "sure": ["documented", "code", "memory"],
    "ok_sure": ["documented", "assumed"],
}
PATTERNS = {
    "method": r"GET|POST|DELETE",
    "url": r"https://[a-z0-9.-]+/[A-Za-z0-9._~/-]*",
    "token_name": r"([A-Za-z][A-Za-z0-9_-]*)?",
    "ok": r"2\d\d(,2\d\d)*",
    "gone": r"(4\d\d(,4\d\d)*)?",
    "gone_errors": r"(\w+(,\w+)*)?",
    "success": r"(\w+(\.\w+)*=(true|\[\]))?",
    "headers": r"([A-Za-z-]+: [ -z~]+(\|[A-Za-z-]+: [ -z~]+)*)?",
    "client_names": r"(\w+,\w+)?",
}
IN_MEMBERS = {"form", "json", "query"}
HOLE = re.compile(r"\{\{\.([A-Za-z_]+)\}\}")


def faults_of(row):
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9]{1,63}", row["provider"]):
        yield f"provider may not be {row['provider']!r}"
    if not row["source"]:
        yield "source is missing"
    if not "".join(row.values()).isprintable() \
            or not "".join(row.values()).isascii():
        yield "a character that is not printable ASCII"
    for name in ("style", "sure"):
        if row[name] not in ENUMS[name]:
            yield f"{name} must be one of {', '.join(ENUMS[name])}"
    if row["style"] == "none":
        for name in COLUMNS:
            if row[name] and name not in ALWAYS:
                yield f"{name} with style none"
        return
    yield from faults_of_call(row)
    yield from faults_of_token(row)
    yield from faults_of_body(row)


def faults_of_call(row):
    for name, allowed in ENUMS.items():
        if row[name] not in allowed and name not in ALWAYS:
            yield f"{name} must be one of {', '.join(allowed)}"
    for name, pattern in PATTERNS.items():
        if not re.fullmatch(pattern, HOLE.sub("x", row[name]), re.ASCII):
            yield f"{name} may not be {row[name]!r}"
    for name in ("ok", "gone"):
        if len(row[name].split(",")) > STATUSES_MAX:
            yield f"{name} has more than {STATUSES_MAX} statuses"
    if row["gone_errors"] and not row["gone"] and not row["success"]:
        yield "gone_errors without gone or success says nothing"
    if len(row["headers"].split("|")) > HEADERS_MAX:
        yield f"more than {HEADERS_MAX} headers"


def faults_of_token(row):
    token_in, style = row["token_in"], row["style"]
    named = token_in in IN_MEMBERS | {"header"}
    if named != bool(row["token_name"]):
        yield "token_name is for form, json, query and header"
    if (token_in == "path") != ("token" in HOLE.findall(row["url"])):
        yield "token_in path and {{.token}} in the url go together"
    if (token_in == "path") != (style == "path"):
        yield "token_in path is for style path alone"
    if style == "self" and token_in != "bearer":
        yield "style self needs token_in bearer"
    if token_in in ("bearer", "header") and row["which"] != "access":
        yield f"token_in {token_in} needs which access"
    if token_in == "bearer" and row["auth"] == "basic":
        yield "token_in bearer and auth basic are one header"
    if row["auth"] == "body" and token_in not in IN_MEMBERS:
        yield f"auth body with token_in {token_in}"
    if row["client_names"] and row["auth"] != "body":
        yield "client_names without auth body"


def faults_of_body(row):
    if not row["body"]:
        return
    if "{{" in HOLE.sub("", row["body"]):
        yield "body: a hole is not of the form {{.word}}"
    try:
        body = json.loads(row["body"])
    except ValueError as error:
        yield f"body is no JSON: {error}"
        return
    if not isinstance(body, dict):
        yield "body must be a JSON object"
    elif row["token_in"] == "path":
        yield "body with token_in path"
    elif row["token_in"] in IN_MEMBERS:
        yield from faults_of_members(row, body)


def faults_of_members(row, body):
    taken = {row["token_name"]}
    if row["auth"] == "body":
        taken |= set((row["client_names"]
                      or "client_id,client_secret").split(","))
    if len(body) > MEMBERS_MAX:
        yield f"body has more than {MEMBERS_MAX} members"
    for name, value in body.items():
        if not re.fullmatch(r"\w+", name, re.ASCII) \
                or not isinstance(value, str) or not value:
            yield f"body: {name} is not a name with a text"
        if name in taken:
            yield f"body: {name} is there twice"


def read(path):
    rows, faults = [], []
    with open(path, encoding="utf-8", newline="") as file:
        lines = file.read().split("\n")
    if lines.pop() != "":
        faults.append(f"{path}:{len(lines) + 1}: no newline at the end")
    for number, line in enumerate(lines, 1):
        if line.startswith("#"):
            continue
        fields = line.split("\t")
        if len(fields) != len(COLUMNS):
            faults.append(f"{path}:{number}: {len(fields)} columns, "
                          f"not {len(COLUMNS)}")
            continue
        row = dict(zip(COLUMNS, fields))
        faults += [f"{path}:{number}: {fault}" for fault in faults_of(row)]
        if rows and row["provider"] <= rows[-1]["provider"]:
            faults.append(f"{path}:{number}: out of order")
        rows.append(row)
    if not rows and not faults:
        faults.append(f"{path}:1: no provider")
    return rows, faults


def text(value):
    # A question mark could begin a trigraph.
    return json.dumps(value).replace("?", r"\077") if value else "NULL"


def statuses(value):
    return "{" + (value or "0") + "}"


def constant(prefix, value):
    return f"{prefix}_{(value or 'none').upper()}"


def body_of(row):
    """Members to be put beside the token, or a whole text."""
    if row["body"] and row["token_in"] in IN_MEMBERS:
        return "members", "{" + ", ".join(
            f"{{{text(name)}, {text(value)}}}"
            for name, value in json.loads(row["body"]).items()) + "}"
    return "body", text(row["body"])


def row_of(row):
    token_in = constant("TOKEN_IN", row["token_in"] or "form")
    fields = {
        "provider": text(row["provider"]),
        "style": constant("REVOKE_BY", row["style"]),
        "method": text(row["method"]), "url": text(row["url"]),
        "auth": constant("CLIENT_AUTH", row["auth"]),
        "token_in": token_in, "token_name": text(row["token_name"]),
        "takes_refresh_token": str(row["which"] == "refresh").lower(),
        "ends_grant": str(row["ends"] == "grant").lower(),
        "ok": statuses(row["ok"]), "gone": statuses(row["gone"]),
        "gone_errors": text(row["gone_errors"]),
        "success": text(row["success"]), "headers": text(row["headers"]),
        "client_names": text(row["client_names"]),
    }
    name, value = body_of(row)
    fields[name] = value
    return "\t{" + ", ".join(f".{name} = {value}"
                             for name, value in fields.items()) + "},\n"


def write(rows, path):
    with open(path, "w", encoding="ascii") as file:
        file.write("/* Made by tools/revocation_embed.py: do not edit. */\n"
                   '#include "core/revocation.h"\n\n'
                   "const struct revocation revocations[] = {\n")
        file.writelines(map(row_of, rows))
        file.write("};\nconst size_t revocation_count =\n"
                   "\tsizeof(revocations) / sizeof(*revocations);\n")


def main(arguments):
    if len(arguments) != 2:
        print(__doc__.split("\n\n")[1], file=sys.stderr)
        return 2
    try:
        rows, faults = read(arguments[0])
        if not faults:
            write(rows, arguments[1])
    except (OSError, UnicodeDecodeError) as error:
        print(f"revocation_embed.py: {error}", file=sys.stderr)
        return 1
    if faults:
        print("\n".join(faults), file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
