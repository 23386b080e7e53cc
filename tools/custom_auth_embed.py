#!/usr/bin/python3
"""Check catalog/custom_auth.tsv and write it as the C table of core/catalog.h.

usage: custom_auth_embed.py PROVIDERS.tsv CUSTOM_AUTH.tsv OUT.c

Every fault is one line "FILE:LINE: what" on stderr; then nothing is written
and the exit status is 1. Wrong usage exits with 2.
"""

import re
import sys

from catalog_embed import c_string

WORD = r"[A-Za-z][A-Za-z0-9]*"
WORDS = rf"{WORD}(,{WORD})*"
URL = r"https://[^ ]+"
CUSTOM = {
    "provider": WORD, "inputs": WORDS, "facts": WORDS, "redirect": URL,
    "agreed": r"\w+=\w+", "keeps": WORD, "token_url": URL, "token_scope": URL,
    "check_url": URL, "check_basic": "[!-~]+", "check_field": r"\w+(\.\w+)*",
    "secret": rf"{WORD}=[!-~]+",
}


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


def c_row(row):
    return "\t{" + ", ".join(f".{name} = {c_string(value)}"
                             for name, value in row.items()) + "},\n"


def c_file(rows):
    return ("/* Made by tools/custom_auth_embed.py: change the table that it "
            'reads. */\n#include "core/catalog.h"\n\n'
            "const struct custom_connect catalog_customs[] = {\n"
            + "".join(map(c_row, rows))
            + f"}};\nconst size_t catalog_customs_count = {len(rows)};\n")


def main(arguments):
    if len(arguments) != 3:
        print("usage: custom_auth_embed.py PROVIDERS.tsv CUSTOM_AUTH.tsv "
              "OUT.c", file=sys.stderr)
        return 2
    known = {name for name, kind in types_of(arguments[0]).items()
             if kind == "custom"}
    rows, faults = rows_of(arguments[1], CUSTOM, known)
    for fault in faults:
        print(fault, file=sys.stderr)
    if faults:
        return 1
    with open(arguments[2], "w", encoding="ascii") as file:
        file.write(c_file(rows))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
