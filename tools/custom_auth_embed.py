#!/usr/bin/python3
"""Check catalog/custom_auth.tsv and catalog/assertions.tsv and write them as the
C table of core/catalog.h.

usage: custom_auth_embed.py PROVIDERS.tsv CUSTOM_AUTH.tsv ASSERTIONS.tsv OUT.c

Every fault is one line "FILE:LINE: what" on stderr; then nothing is written
and the exit status is 1. Wrong usage exits with 2.
"""

import re
import sys

from catalog_embed import c_names, c_string, c_struct, c_texts
from catalog_read import is_address

WORD = r"[A-Za-z][A-Za-z0-9]*"
WORDS = rf"{WORD}(,{WORD})*"
URL = r"https://[^ ]+"
CUSTOM = {
    "provider": WORD, "inputs": WORDS, "facts": WORDS, "redirect": URL,
    "agreed": r"\w+=\w+", "keeps": WORD, "token_url": URL, "token_scope": URL,
    "check_url": URL, "check_basic": "[!-~]+", "check_field": r"\w+(\.\w+)*",
    "secret": rf"{WORD}=[!-~]+",
}
ALGORITHM = r"[RPE]S(256|384|512)"
TEMPLATE = r"[!-~]+( [!-~]+)*"
ASSERTIONS = {
    "provider": WORD, "grant": "jwtBearer|clientCredentials",
    "algorithms": rf"{ALGORITHM}(,{ALGORITHM})*", "key": rf"{WORD}(\.\w+)?",
    "key_id": TEMPLATE, "issuer": TEMPLATE, "subject": TEMPLATE,
    "audience": TEMPLATE, "other_audience": TEMPLATE,
    "other_for": r"[!-+\--~]+(,[!-+\--~]+)*",
    "scopes_in": "claim|claimList|form", "scopes": "[!-~]+", "flags": "id",
    "token_url": URL, "lifetime": "[1-9][0-9]{1,3}",
    "token_lifetime": "[1-9][0-9]{1,4}",
}
NEEDED = ["grant", "algorithms", "key", "issuer", "token_url", "lifetime"]
LIFETIME_MAX_S = 3600
HOLE = re.compile(r"\{\{\.([^}]*)\}\}")


def types_of(path):
    """The auth_type of each provider; catalog_embed.py checks that file."""
    lines = [line.rstrip("\n").split("\t")
             for line in open(path, encoding="utf-8") if line[0] != "#"]
    return {row["name"]: row["auth_type"]
            for row in (dict(zip(lines[0], one)) for one in lines[1:])}


def rows_of(path, columns, known):
    """Returns ([row dict, ...], [fault, ...])."""
    rows, faults, is_headed = [], [], False
    for number, line in enumerate(open(path, encoding="utf-8"), 1):
        cells = line.rstrip("\n").split("\t")
        if line.startswith("#") and not is_headed:
            continue
        if not is_headed:
            if cells != list(columns):
                return [], [f"{path}:{number}: the columns are not "
                            + " ".join(columns)]
            is_headed = True
            continue
        if len(cells) != len(columns):
            faults.append(f"{path}:{number}: {len(cells)} cells")
            continue
        row = {c: v for c, v in zip(columns, cells) if v != "-"}
        faults += [f"{path}:{number}: {column} {value!r} is not of the form "
                   f"{columns[column]}" for column, value in row.items()
                   if not re.fullmatch(columns[column], value, re.ASCII)]
        name = row.get("provider", "")
        if name not in known:
            faults.append(f"{path}:{number}: {name} is no such provider")
        if rows and name.encode() <= rows[-1]["provider"].encode():
            faults.append(f"{path}:{number}: {name} is out of order")
        rows.append(row)
    return rows, faults


def faults_of_assertion(row, custom):
    """What is wrong with it beside the provider's line of custom_auth.tsv."""
    for name in NEEDED:
        if name not in row:
            yield f"{name} is missing"
            return
    for name in ("redirect", "check_url", "token_url"):
        if name in custom:
            yield f"custom_auth.tsv has a {name}"
    if int(row["lifetime"]) > LIFETIME_MAX_S:
        yield f"lifetime is over {LIFETIME_MAX_S}"
    if not is_address(row["token_url"]):
        yield "token_url is not an https address"
    if ("other_audience" in row) != ("other_for" in row):
        yield "other_audience and other_for go together"
    if "scopes" in row and "scopes_in" not in row:
        yield "scopes without scopes_in"
    inputs, facts = (custom.get(name, "").split(",")
                     for name in ("inputs", "facts"))
    key, _, member = row["key"].partition(".")
    if key not in inputs:
        yield f"key {key} is none of the inputs"
    for name in ("key_id", "issuer", "subject", "audience", "other_audience",
                 "token_url"):
        known = set(facts) | {"workspace"}
        known |= set() if name == "token_url" else set(inputs) - {key}
        for word in HOLE.findall(row.get(name, "")):
            first, _, rest = word.partition(".")
            if word not in known and not (
                    member and first == key and rest and rest != member
                    and name != "token_url"):
                yield f"{name}: variable {word!r} is declared nowhere"


def join(customs, assertions, path):
    """Puts the rows of assertions.tsv below their providers."""
    known = {row["provider"]: row for row in customs}
    for row in assertions:
        custom = known.get(row.get("provider"))
        found = ["is not in custom_auth.tsv"] if custom is None else list(
            faults_of_assertion(row, custom))
        yield from (f"{path}: {row.get('provider')}: {fault}"
                    for fault in found)
        if custom is not None:
            custom["assertion"] = row


def c_assertion(row):
    fields = c_texts((name, row.get(name)) for name in (
        "grant", "key", "key_id", "issuer", "subject", "audience",
        "other_audience", "scopes_in", "token_url"))
    fields += [(name, c_names(row[name].split(",")))
               for name in ("algorithms", "other_for", "scopes")
               if name in row]
    fields += [(f"{name}_s", row[name])
               for name in ("lifetime", "token_lifetime") if name in row]
    if "flags" in row:
        fields.append(("has_id", "true"))
    return "&" + c_struct("assertion_way", fields)


def c_row(row):
    cells = [f".{name} = " + (c_assertion(value) if name == "assertion"
                              else c_string(value))
             for name, value in row.items()]
    return "\t{" + ", ".join(cells) + "},\n"


def c_file(rows):
    return ("/* Made by tools/custom_auth_embed.py: change the table that it "
            'reads. */\n#include "core/catalog.h"\n\n'
            "const struct custom_connect catalog_customs[] = {\n"
            + "".join(map(c_row, rows))
            + f"}};\nconst size_t catalog_customs_count = {len(rows)};\n")


def main(arguments):
    if len(arguments) != 4:
        print("usage: custom_auth_embed.py PROVIDERS.tsv CUSTOM_AUTH.tsv "
              "ASSERTIONS.tsv OUT.c", file=sys.stderr)
        return 2
    known = {name for name, kind in types_of(arguments[0]).items()
             if kind == "custom"}
    rows, faults = rows_of(arguments[1], CUSTOM, known)
    assertions, found = rows_of(arguments[2], ASSERTIONS, known)
    faults += found
    if not faults:
        faults += join(rows, assertions, arguments[2])
    for fault in faults:
        print(fault, file=sys.stderr)
    if faults:
        return 1
    with open(arguments[3], "w", encoding="ascii") as file:
        file.write(c_file(rows))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
