#!/usr/bin/python3
"""Check catalog/oauth.tsv and catalog/custom_auth.tsv and write them as the C
tables of core/catalog.h.

usage: oauth_embed.py PROVIDERS.tsv OAUTH.tsv CUSTOM_AUTH.tsv OUT.c

Every fault is one line "FILE:LINE: what" on stderr; then nothing is written
and the exit status is 1. Wrong usage exits with 2.
"""

import re
import sys

from catalog_embed import c_string

WORD = r"[A-Za-z][A-Za-z0-9]*"
WORDS = rf"{WORD}(,{WORD})*"
URL = r"https://[^ ]+"
OAUTH = {
    "provider": WORD, "client_auth": "basic|body",
    "scope_delimiter": "space|comma", "auth_params": r"\w+=[^&\s]+(&\w+=[^&\s]+)*",
    "keep_alive_h": "[1-9][0-9]{0,3}", "default_scopes": r"[!-~]+( [!-~]+)*",
    "scope_map": r"[!-~]+=[!-~]+( [!-~]+=[!-~]+)*",
}
CUSTOM = {
    "provider": WORD, "inputs": WORDS, "facts": WORDS, "redirect": URL,
    "agreed": r"\w+=\w+", "keeps": WORD, "token_url": URL, "token_scope": URL,
    "check_url": URL, "check_basic": "[!-~]+", "check_field": r"\w+(\.\w+)*",
    "secret": rf"{WORD}=[!-~]+",
}
DELIMITERS = {"space": " ", "comma": ","}
CLIENTS = {"basic": "CLIENT_BY_BASIC", "body": "CLIENT_BY_BODY"}


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


def oauth_row(row):
    fields = {name: c_string(value) for name, value in row.items()}
    if "scope_delimiter" in row:
        fields["scope_delimiter"] = c_string(DELIMITERS[row["scope_delimiter"]])
    if "client_auth" in row:
        fields["client_auth"] = CLIENTS[row["client_auth"]]
    if "keep_alive_h" in row:
        fields["keep_alive_h"] = row["keep_alive_h"]
    return fields


def custom_row(row):
    return {name: c_string(value) for name, value in row.items()}


def table(kind, name, rows, of_row):
    text = f"const struct {kind} {name}[] = {{\n"
    for row in rows:
        text += "\t{" + ", ".join(f".{key} = {value}" for key, value
                                  in of_row(row).items()) + "},\n"
    return text + f"}};\nconst size_t {name}_count = {len(rows)};\n"


def main(arguments):
    if len(arguments) != 4:
        print("usage: oauth_embed.py PROVIDERS.tsv OAUTH.tsv CUSTOM_AUTH.tsv "
              "OUT.c", file=sys.stderr)
        return 2
    of_type = {kind: {name for name, one in types_of(arguments[0]).items()
                      if one == kind} for kind in ("oauth2", "custom")}
    oauth, faults = rows_of(arguments[1], OAUTH, of_type["oauth2"])
    custom, more = rows_of(arguments[2], CUSTOM, of_type["custom"])
    for fault in faults + more:
        print(fault, file=sys.stderr)
    if faults or more:
        return 1
    with open(arguments[3], "w", encoding="ascii") as file:
        file.write("/* Made by tools/oauth_embed.py: change the tables that it "
                   'reads. */\n#include "core/catalog.h"\n\n'
                   + table("provider_oauth", "catalog_oauths", oauth,
                           oauth_row)
                   + table("custom_connect", "catalog_customs", custom,
                           custom_row))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
