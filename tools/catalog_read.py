"""Reads and checks the tables of catalog/: providers, modules, inputs, details.

read(paths) gives (providers, faults): a list of dicts in the order of their
names, each with "modules", "inputs" and "details" (lists of dicts) beside its
own cells, and what is wrong, as "FILE:LINE: what". Absent cells are left out.
"""

import os
import re

AUTH_TYPES = {"oauth2", "apiKey", "basic", "jwt", "custom", "none"}
GRANT_TYPES = {
    "authorizationCode",
    "authorizationCodePKCE",
    "clientCredentials",
    "password",
}
NEEDS_FLAGS = ["needs_scopes", "needs_workspace"]
SUPPORT_FLAGS = ["read", "write", "delete", "proxy", "subscribe", "search",
                 "bulk_insert", "bulk_update", "bulk_upsert", "bulk_delete"]
SUBSCRIBING = ["registration", "maintenance", "post_process", "by_api"]
BATCH = ["create", "update", "upsert", "delete"]

COLUMNS = {
    "providers.tsv": (
        "name display_name auth_type grant_type base_url default_module "
        "auth_url token_url token_consumer token_scopes token_workspace "
        "key_in key_name key_value flags").split(),
    "modules.tsv":
        "provider name display_name base_url flags subscribing batch".split(),
    "inputs.tsv":
        "provider of name display_name default field modules".split(),
    "details.tsv": "provider fact name value".split(),
}
REQUIRED = {
    "providers.tsv": ["name", "display_name", "auth_type", "base_url"],
    "modules.tsv": ["provider", "name", "display_name", "base_url"],
    "inputs.tsv": ["provider", "of", "name"],
    "details.tsv": ["provider", "fact"],
}
OAUTH2_ONLY = ["grant_type", "auth_url", "token_url", "token_consumer",
               "token_scopes", "token_workspace"]
KEY_ONLY = ["key_in", "key_name", "key_value"]
INPUTS_OF = ["input", "after", "custom", "custom_app", "app", "app_query"]
URLS = ["base_url", "auth_url", "token_url"]

# A fact's auth_type (None: any), what name and value must look like (None:
# absent), and whether a provider may have it more than once.
NAME = r"[A-Za-z][A-Za-z0-9_-]*"
TEXT = r"[!-~]+( [!-~]+)*"
FACTS = {
    "token_header": ("oauth2", NAME, r"[A-Za-z]+ |-", False),
    "client_auth": ("oauth2", None, r"basic", False),
    "scope_delimiter": ("oauth2", None, r"comma", False),
    "default_scope": ("oauth2", None, r"[!-~]+", True),
    "own_param": ("oauth2", NAME, TEXT, True),
    "audience": ("oauth2", None, r"https://[!-~]+", True),
    "auth_param": ("oauth2", NAME + "|-", TEXT + "|-", True),
    "scope": ("oauth2", r"[!-~]+", r"[!-~]+", True),
    "variable": (None, r"\w+", r"code", True),
    "basic": ("basic", None, None, False),
    "custom_header": ("custom", NAME, TEXT, True),
    "custom_steps": ("custom", None, None, False),
    "health_check": (None, r"(GET|POST) \d{3}(,\d{3})*", r"https://[!-~]+",
                     False),
    "after_auth": (None, None, None, False),
    "subscribing": (None, None, r"[a-z_,]+", False),
}

# {{.word}} is filled in for each connection, <<WORD>> by a module's code.
HOLE = re.compile(r"\{\{ ?\.([A-Za-z_]+) ?\}\}|<<([A-Z_]+)>>")
PATTERNS = {
    "default_module": r"[A-Za-z][A-Za-z0-9-]*",
    "token_consumer": r"\w+(\.\w+)*",
    "token_scopes": r"\w+(\.\w+)*",
    "token_workspace": r"\w+(\.\w+)*",
    "key_name": r"[A-Za-z][A-Za-z0-9_-]*",
    "key_value": r"([ -z|~]*[ =])?\{key\}|Basic\{key\}",
}
NAMES = {
    "providers.tsv": r"[A-Za-z][A-Za-z0-9]{1,63}",
    "modules.tsv": r"[A-Za-z][A-Za-z0-9-]{1,63}",
    "inputs.tsv": r"[A-Za-z][A-Za-z0-9_]{0,63}",
    "details.tsv": r"[!-~]+( [!-~]+)*",
}
ADDRESS = re.compile(r"https://[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*"
                     r"(/[A-Za-z0-9._~/-]*)?\??")


def is_address(text):
    """https, or a connection's own fact that brings its scheme along."""
    if re.match(r"\{\{\.[A-Za-z_]+\}\}(/|$)", text):
        text = "https://" + text
    return ADDRESS.fullmatch(HOLE.sub("x", text)) is not None


def variables(text):
    return [a or b for a, b in HOLE.findall(text)]


def split(cell):
    return cell.split(",") if cell else []


def is_list_of(words, allowed):
    """Words of `allowed`, each once, in its order."""
    return words == [word for word in allowed if word in words]


def faults_of_row(file, row):
    """What is wrong with one line, whatever the others say."""
    for column in REQUIRED[file]:
        if column not in row:
            yield f"{column} is missing"
    patterns = dict(PATTERNS, name=NAMES[file])
    for column, pattern in patterns.items():
        if column in row and not re.fullmatch(pattern, row[column], re.ASCII):
            yield f"{column} {row[column]!r} is not of the form {pattern}"
    for column in URLS:
        if column in row and not is_address(row[column]):
            yield f"{column} {row[column]!r} is not an https address"
    yield from FAULTS[file](row)


def faults_of_provider(row):
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
    yield from faults_of_flags(row, NEEDS_FLAGS + SUPPORT_FLAGS)
    if auth_type != "oauth2":
        for flag in split(row.get("flags")):
            if flag in NEEDS_FLAGS:
                yield f"flag {flag} with auth_type {auth_type}"


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


def faults_of_flags(row, allowed):
    flags = split(row.get("flags"))
    for flag in flags:
        if flag not in allowed:
            yield f"unknown flag {flag!r}"
    if not is_list_of(flags, allowed):
        yield "flags repeat or are not in the order " + ",".join(allowed)


def faults_of_subscribing(cell):
    words = split(cell)
    if words and words != ["nothing"] and not is_list_of(words, SUBSCRIBING):
        yield "subscribing is not nothing, nor some of " \
            + ",".join(SUBSCRIBING)


def faults_of_module(row):
    yield from faults_of_flags(row, SUPPORT_FLAGS)
    yield from faults_of_subscribing(row.get("subscribing"))
    parts = [part.partition(":") for part in split(row.get("batch"))]
    if not is_list_of([name for name, _, _ in parts], BATCH) or any(
            colon and not limit.isdecimal() for _, colon, limit in parts):
        yield "batch is not some of " + ",".join(BATCH) + ", with :NUMBER"


def faults_of_input(row):
    of, field = row.get("of"), row.get("field")
    if of and of not in INPUTS_OF:
        yield f"of {of!r} is none of {', '.join(INPUTS_OF)}"
    if field and field not in ("text", "password"):
        yield f"field {field!r} is neither text nor password"
    if field and of not in ("custom", "custom_app"):
        yield f"field with {of}"


def faults_of_detail(row):
    if row.get("fact") not in FACTS:
        yield f"unknown fact {row.get('fact')!r}"
        return
    _, name, value, _ = FACTS[row["fact"]]
    for column, pattern in (("name", name), ("value", value)):
        cell = row.get(column, "-")
        if pattern is None and cell != "-":
            yield f"{column} with {row['fact']}"
        elif pattern and not re.fullmatch(pattern, cell, re.ASCII):
            yield f"{column} {cell!r} is not of the form {pattern}"
    if row["fact"] == "subscribing":
        yield from faults_of_subscribing(row.get("value"))
    if row["fact"] == "health_check" and not is_address(row.get("value", "")):
        yield "value is not an https address"


FAULTS = {
    "providers.tsv": faults_of_provider,
    "modules.tsv": faults_of_module,
    "inputs.tsv": faults_of_input,
    "details.tsv": faults_of_detail,
}


def faults_of_cells(line):
    if not all(cell for cell in line.split("\t")):
        yield 'an empty cell (an absent one is "-")'
    if any(cell != cell.strip() for cell in line.split("\t")):
        yield "a cell begins or ends with a space"
    if not line.replace("\t", " ").isprintable():
        yield "a control character"


def order_of(file, row):
    """What lines ascend by, and may not have twice."""
    if file == "providers.tsv":
        return (row["name"].encode(),)
    if file == "modules.tsv":
        return (row["provider"].encode(), row["name"].encode())
    provider = row["provider"].encode()
    if file == "inputs.tsv":
        return (provider, INPUTS_OF.index(row["of"]))
    return (provider, list(FACTS).index(row["fact"]))


def is_twice(file, row, before):
    if file in ("providers.tsv", "modules.tsv"):
        return True
    if file == "details.tsv" and not FACTS[row["fact"]][3]:
        return True
    return any(order_of(file, old) == order_of(file, row)
               and old.get("name") == row.get("name")
               and old.get("value") == row.get("value") for old in before)


def faults_of_order(file, row, before):
    """`before` are the rows above, in order."""
    if not before:
        return
    name = row.get("name") or row.get("fact")
    mine, last = order_of(file, row), order_of(file, before[-1])
    if mine < last:
        yield f"{name} does not come after the line before"
    elif mine == last and is_twice(file, row, before):
        yield f"{name} is there twice"


def read_table(path, file):
    """Returns ([row, ...], ["LINE: fault", ...]); a row has its "line"."""
    try:
        with open(path, encoding="utf-8", newline="") as opened:
            text = opened.read()
    except UnicodeDecodeError as error:
        return [], [f"1: not UTF-8: {error.reason} at byte {error.start}"]

    lines = text.split("\n")
    faults, rows, is_headed = [], [], False
    if lines.pop() != "":
        faults.append(f"{len(lines) + 1}: no newline at the end")
    for number, line in enumerate(lines, 1):
        if line.startswith("#") and not is_headed:
            continue
        if not is_headed:
            if line.split("\t") != COLUMNS[file]:
                return [], [f"{number}: the columns are not "
                            + " ".join(COLUMNS[file])]
            is_headed = True
            continue
        row, found = read_row(file, line)
        if not found:
            found = list(faults_of_order(file, row, rows))
            rows.append(dict(row, line=number))
        faults += [f"{number}: {fault}" for fault in found]
    if not rows and not faults:
        faults.append(f"{len(lines) or 1}: no line")
    return rows, faults


def read_row(file, line):
    cells, columns = line.split("\t"), COLUMNS[file]
    found = list(faults_of_cells(line))
    if len(cells) != len(columns):
        found.append(f"{len(cells)} cells, not {len(columns)}")
    if found:
        return {}, found
    row = {c: v for c, v in zip(columns, cells) if v != "-"}
    return row, list(faults_of_row(file, row))


def join(tables):
    """Puts the rows of the other tables below their providers."""
    faults = []
    providers = {row["name"]: row for row in tables["providers.tsv"]}
    for row in providers.values():
        row.update(modules=[], inputs=[], details=[])
    for file in ("modules.tsv", "inputs.tsv", "details.tsv"):
        for row in tables[file]:
            provider = providers.get(row["provider"])
            if provider:
                provider[file.removesuffix(".tsv")].append(row)
                continue
            faults.append((file, row["line"],
                           f"unknown provider {row['provider']!r}"))
    for provider in providers.values():
        faults += faults_between(provider)
    return list(providers.values()), faults


def faults_between(provider):
    """(FILE, LINE, what) of one provider's rows that disagree."""
    modules = {row["name"] for row in provider["modules"]}
    default = provider.get("default_module")
    if modules and default not in modules:
        yield ("providers.tsv", provider["line"],
               f"default_module {default!r} is not in modules.tsv")
    for row in provider["inputs"]:
        for name in split(row.get("modules")):
            if name not in modules | {default}:
                yield "inputs.tsv", row["line"], f"unknown module {name!r}"
        if row["of"].startswith("custom") and provider["auth_type"] != "custom":
            yield ("inputs.tsv", row["line"],
                   f"of {row['of']} with auth_type {provider['auth_type']}")
    for row in provider["details"]:
        wanted = FACTS[row["fact"]][0]
        if wanted and provider["auth_type"] != wanted:
            yield ("details.tsv", row["line"],
                   f"{row['fact']} with auth_type {provider['auth_type']}")
    yield from undeclared(provider)


def declared(provider):
    """The variables that a provider's texts may have."""
    names = {"workspace"}
    names |= {row["name"] for row in provider["inputs"]}
    names |= {row["name"] for row in provider["details"]
              if row["fact"] == "variable"}
    for column in ("token_workspace", "token_consumer"):
        names |= set(provider.get(column, "").split(".")[-1:])
    return names


def undeclared(provider):
    known = declared(provider)
    texts = [("providers.tsv", provider["line"], provider.get(column, ""))
             for column in URLS]
    texts += [("modules.tsv", row["line"], row["base_url"])
              for row in provider["modules"]]
    texts += [("details.tsv", row["line"], row.get("value", ""))
              for row in provider["details"]]
    for file, line, text in texts:
        for name in variables(text):
            if name not in known:
                yield file, line, f"variable {name!r} is declared nowhere"


def read(paths):
    """`paths` are those of COLUMNS' files, in its order."""
    tables, faults = {}, []
    path_of = dict(zip(COLUMNS, paths))
    for file, path in path_of.items():
        tables[file], found = read_table(path, file)
        faults += [f"{path}:{fault}" for fault in found]
    if faults:
        return [], faults
    providers, found = join(tables)
    faults = [f"{path_of[file]}:{line}: {what}" for file, line, what in found]
    return providers, faults


def paths_in(folder):
    return [os.path.join(folder, file) for file in COLUMNS]
