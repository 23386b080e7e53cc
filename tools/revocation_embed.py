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
           "gone gone_errors success headers body client_names sure "
           "source").split()
ENUMS = {
    "style": ["none", "revoke", "path", "self", "uninstall"],
    "auth": ["none", "basic", "body"],
    "token_in": ["form", "json", "query", "bearer", "header", "path"],
    "which": ["access", "refresh"],
    "ends": ["token", "grant"],
    "sure": ["documented", "code", "memory"],
}
PATTERNS = {
    "provider": r"[A-Za-z][A-Za-z0-9]{1,63}",
    "method": r"GET|POST|DELETE",
    "url": r"https://[A-Za-z0-9.{}_-]+/[A-Za-z0-9._~/{}-]*",
    "token_name": r"([A-Za-z][A-Za-z0-9_-]*)?",
    "ok": r"2\d\d(,2\d\d){0,2}",
    "gone": r"(4\d\d(,4\d\d){0,2})?",
    "gone_errors": r"(\w+(,\w+)*)?",
    "success": r"([\w.]+=(true|\[\]))?",
    "headers": r"([A-Za-z-]+: [^|\t]+(\|[A-Za-z-]+: [^|\t]+)*)?",
    "client_names": r"(\w+,\w+)?",
}

HOLE = re.compile(r"\{\{\.[A-Za-z_]+\}\}")
HOLES = re.compile(r"((?!\{\{\.).|" + HOLE.pattern + r")*")


def faults_of(row):
    for name, allowed in ENUMS.items():
        if row["style"] != "none" or name in ("style", "sure"):
            if row[name] not in allowed:
                yield f"{name} must be one of {', '.join(allowed)}"
    if not row["source"]:
        yield "source is missing"
    if row["style"] == "none":
        return
    for name, pattern in PATTERNS.items():
        if not re.fullmatch(pattern, row[name]):
            yield f"{name} may not be {row[name]!r}"
    if row["body"]:
        try:
            if not isinstance(json.loads(row["body"]), dict):
                yield "body must be a JSON object"
        except ValueError as error:
            yield f"body is no JSON: {error}"
    named = row["token_in"] in ("form", "json", "query", "header")
    if named != bool(row["token_name"]):
        yield "token_name is for form, json, query and header"
    if (row["token_in"] == "path") != ("{{.token}}" in row["url"]):
        yield "{{.token}} is in the url with token_in path, and then alone"
    if not HOLES.fullmatch(row["url"] + row["headers"] + row["body"]):
        yield "a hole is not of the form {{.word}}"
    host = row["url"][len("https://"):].partition("/")[0]
    if not re.fullmatch(r"[a-z0-9.-]+", HOLE.sub("x", host)):
        yield f"the host may not be {host!r}"


def read(path):
    rows, faults = [], []
    with open(path, encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            if line.startswith("#"):
                continue
            fields = line.rstrip("\n").split("\t")
            if len(fields) != len(COLUMNS):
                faults.append(f"{path}:{number}: {len(fields)} columns, "
                              f"not {len(COLUMNS)}")
                continue
            row = dict(zip(COLUMNS, fields))
            faults += [f"{path}:{number}: {fault}"
                       for fault in faults_of(row)]
            if rows and row["provider"] <= rows[-1]["provider"]:
                faults.append(f"{path}:{number}: out of order")
            rows.append(row)
    if not rows and not faults:
        faults.append(f"{path}:1: no provider")
    return rows, faults


def text(value):
    return json.dumps(value) if value else "NULL"


def statuses(value):
    return "{" + (value or "0") + "}"


def constant(prefix, value):
    return f"{prefix}_{(value or 'none').upper()}"


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
        "body": text(row["body"]),
        "client_names": text(row["client_names"]),
    }
    return "\t{" + ", ".join(f".{name} = {value}"
                             for name, value in fields.items()) + "},\n"


def main(arguments):
    if len(arguments) != 2:
        print(__doc__.split("\n\n")[1], file=sys.stderr)
        return 2
    rows, faults = read(arguments[0])
    if faults:
        print("\n".join(faults), file=sys.stderr)
        return 1
    with open(arguments[1], "w", encoding="utf-8") as file:
        file.write("/* Made by tools/revocation_embed.py: do not edit. */\n"
                   '#include "core/revocation.h"\n\n'
                   "const struct revocation revocations[] = {\n")
        file.writelines(map(row_of, rows))
        file.write("};\nconst size_t revocation_count =\n"
                   "\tsizeof(revocations) / sizeof(*revocations);\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
