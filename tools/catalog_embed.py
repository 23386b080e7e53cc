#!/usr/bin/python3
"""Check catalog/providers.tsv and write it as the C table of core/catalog.h.

usage: catalog_embed.py IN.tsv OUT.c

Every fault is one line "FILE:LINE: what" on stderr; then nothing is written
and the exit status is 1. Wrong usage exits with 2.
"""

import re
import sys

COLUMNS = (
    "name display_name auth_type grant_type base_url default_module auth_url "
    "token_url token_consumer token_scopes token_workspace key_in key_name "
    "key_value flags"
).split()
TEXT_FIELDS = COLUMNS[:13] + ["key_prefix"]

AUTH_TYPES = {"oauth2", "apiKey", "basic", "jwt", "custom", "none"}
GRANT_TYPES = {
    "authorizationCode",
    "authorizationCodePKCE",
    "clientCredentials",
    "password",
}
FLAGS = {
    "needs_scopes": "needs_scopes",
    "needs_workspace": "needs_workspace",
    "read": "can_read",
    "write": "can_write",
    "delete": "can_delete",
    "proxy": "can_proxy",
    "subscribe": "can_subscribe",
    "search": "can_search",
    "bulk_insert": "can_bulk_insert",
    "bulk_update": "can_bulk_update",
    "bulk_upsert": "can_bulk_upsert",
    "bulk_delete": "can_bulk_delete",
}
OAUTH2_ONLY = ["grant_type", "auth_url", "token_url", "token_consumer",
               "token_scopes", "token_workspace"]
KEY_ONLY = ["key_in", "key_name", "key_value"]

# {{.word}} is filled in for each connection, <<WORD>> by a module's code.
HOLE = re.compile(r"\{\{\.[A-Za-z_]+\}\}|<<[A-Z_]+>>")
PATTERNS = {
    "name": r"[A-Za-z][A-Za-z0-9]{1,63}",
    "default_module": r"[A-Za-z][A-Za-z0-9-]*",
    "token_consumer": r"\w+(\.\w+)*",
    "token_scopes": r"\w+(\.\w+)*",
    "token_workspace": r"\w+(\.\w+)*",
    "key_name": r"[A-Za-z][A-Za-z0-9_-]*",
    "key_value": r"([ -z|~]*[ =])?\{key\}|Basic\{key\}",
}
ADDRESS = re.compile(r"https://[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*"
                     r"(/[A-Za-z0-9._~/-]*)?\??")


def is_address(text):
    """https, or a connection's own fact that brings its scheme along."""
    if re.match(r"\{\{\.[A-Za-z_]+\}\}(/|$)", text):
        text = "https://" + text
    return ADDRESS.fullmatch(HOLE.sub("x", text)) is not None


def faults_of_row(row):
    """Yields what is wrong with one provider, a dict without absent cells."""
    for column in ("name", "display_name", "auth_type", "base_url"):
        if column not in row:
            yield f"{column} is missing"
    for column, pattern in PATTERNS.items():
        if column in row and not re.fullmatch(pattern, row[column], re.ASCII):
            yield f"{column} {row[column]!r} is not of the form {pattern}"
    for column in ("base_url", "auth_url", "token_url"):
        if column in row and not is_address(row[column]):
            yield f"{column} {row[column]!r} is not an https address"

    auth_type = row.get("auth_type")
    if auth_type and auth_type not in AUTH_TYPES:
        yield f"unknown auth_type {auth_type!r}"
    if auth_type == "oauth2":
        yield from faults_of_oauth2(row)
    elif auth_type:
        for column in OAUTH2_ONLY:
            if column in row:
                yield f"{column} with auth_type {auth_type}"
    if auth_type == "apiKey":
        yield from faults_of_key(row)
    elif auth_type:
        for column in KEY_ONLY:
            if column in row:
                yield f"{column} with auth_type {auth_type}"
    yield from faults_of_flags(row)


def faults_of_oauth2(row):
    grant_type = row.get("grant_type")
    if grant_type not in GRANT_TYPES:
        yield f"unknown grant_type {grant_type!r}"
    if "token_url" not in row:
        yield "token_url is missing"
    asks_person = str(grant_type).startswith("authorizationCode")
    if asks_person and "auth_url" not in row:
        yield "auth_url is missing"
    if not asks_person and "auth_url" in row:
        yield f"auth_url with grant_type {grant_type}"


def faults_of_key(row):
    if row.get("key_in") not in ("header", "query"):
        yield f"key_in {row.get('key_in')!r} is neither header nor query"
    for column in ("key_name", "key_value"):
        if column not in row:
            yield f"{column} is missing"


def faults_of_flags(row):
    flags = row["flags"].split(",") if "flags" in row else []
    for flag in flags:
        if flag not in FLAGS:
            yield f"unknown flag {flag!r}"
    if flags != [flag for flag in FLAGS if flag in flags]:
        yield "flags repeat or are not in the order " + ",".join(FLAGS)
    if row.get("auth_type") != "oauth2":
        for flag in flags:
            if flag.startswith("needs_"):
                yield f"flag {flag} with auth_type {row.get('auth_type')}"


def faults_of_cells(line):
    if not all(cell for cell in line.split("\t")):
        yield 'an empty cell (an absent one is "-")'
    if any(cell != cell.strip() for cell in line.split("\t")):
        yield "a cell begins or ends with a space"
    if not line.replace("\t", " ").isprintable():
        yield "a control character"


def read_table(path):
    """Returns ([row dict, ...], ["LINE: fault", ...])."""
    try:
        with open(path, encoding="utf-8", newline="") as file:
            text = file.read()
    except UnicodeDecodeError as error:
        return [], [f"1: not UTF-8: {error.reason} at byte {error.start}"]

    lines = text.split("\n")
    faults = []
    if lines.pop() != "":
        faults.append(f"{len(lines) + 1}: no newline at the end")
    rows, is_headed = [], False
    for number, line in enumerate(lines, 1):
        if line.startswith("#") and not is_headed:
            continue
        if not is_headed:
            if line.split("\t") != COLUMNS:
                return [], [f"{number}: the columns are not "
                            + " ".join(COLUMNS)]
            is_headed = True
            continue
        found = list(faults_of_cells(line))
        cells = line.split("\t")
        if len(cells) != len(COLUMNS):
            found.append(f"{len(cells)} cells, not {len(COLUMNS)}")
        if not found:
            row = {c: v for c, v in zip(COLUMNS, cells) if v != "-"}
            found = list(faults_of_row(row))
            name, before = row.get("name", ""), rows and rows[-1]["name"]
            if rows and name == before:
                found.append(f"{name} is there twice")
            elif rows and name.encode() < before.encode():
                found.append(f"{name} does not come after {before}")
            if "name" in row:
                rows.append(row)
        faults += [f"{number}: {fault}" for fault in found]
    if not rows and not faults:
        faults.append(f"{len(lines) or 1}: no provider")
    return rows, faults


def c_string(text):
    if text is None:
        return "NULL"
    escaped = ""
    for byte in text.encode():
        # A question mark could begin a trigraph.
        plain = 32 <= byte < 127 and chr(byte) not in '"\\?'
        escaped += chr(byte) if plain else f"\\{byte:03o}"
    return f'"{escaped}"'


def c_row(row):
    fields = dict(row)
    fields.setdefault("default_module", "")
    if "key_value" in row:
        fields["key_prefix"] = row["key_value"][: -len("{key}")]
    lines = [f"\t\t.{field} = {c_string(fields[field])},"
             for field in TEXT_FIELDS if field in fields]
    flags = row["flags"].split(",") if "flags" in row else []
    lines += [f"\t\t.{FLAGS[flag]} = true," for flag in flags]
    return "\t{\n" + "\n".join(lines) + "\n\t},\n"


def c_file(rows):
    return (
        "/* Made by tools/catalog_embed.py: change the table it reads. */\n"
        '#include "core/catalog.h"\n\n'
        "const struct provider catalog_providers[] = {\n"
        + "".join(c_row(row) for row in rows)
        + "};\n\n"
        f"const size_t catalog_provider_count = {len(rows)};\n"
    )


def main(arguments):
    if len(arguments) != 2:
        print("usage: catalog_embed.py IN.tsv OUT.c", file=sys.stderr)
        return 2
    source, target = arguments
    try:
        rows, faults = read_table(source)
        if not faults:
            with open(target, "w", encoding="ascii") as file:
                file.write(c_file(rows))
    except OSError as error:
        print(f"catalog_embed.py: {error}", file=sys.stderr)
        return 1
    for fault in faults:
        print(f"{source}:{fault}", file=sys.stderr)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
