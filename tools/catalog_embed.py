#!/usr/bin/python3
"""Check the tables of catalog/ and write them as the C data of core/catalog.h.

usage: catalog_embed.py OUT.c PROVIDERS.tsv MODULES.tsv INPUTS.tsv DETAILS.tsv

Every fault is one line "FILE:LINE: what" on stderr; then nothing is written
and the exit status is 1. Wrong usage exits with 2.
"""

import sys

import catalog_read

TEXTS = ("name display_name auth_type grant_type base_url default_module "
         "auth_url token_url token_consumer token_scopes token_workspace "
         "key_in key_name key_prefix token_in token_header token_prefix "
         "client_auth scope_delimiter").split()
FIELD_TYPES = {"text": "fieldTypeText", "password": "fieldTypePassword"}


def c_string(text):
    if text is None:
        return "NULL"
    escaped = ""
    for byte in text.encode():
        # A question mark could begin a trigraph.
        plain = 32 <= byte < 127 and chr(byte) not in '"\\?'
        escaped += chr(byte) if plain else f"\\{byte:03o}"
    return f'"{escaped}"'


def c_struct(type_name, fields):
    """A compound literal of (field, C text) pairs."""
    inside = ", ".join(f".{name} = {value}" for name, value in fields)
    return f"(const struct {type_name}){{{inside or '0'}}}"


def c_texts(fields):
    """Those of (field, text) pairs that are there."""
    return [(name, c_string(text)) for name, text in fields if text]


def c_list(type_name, items):
    """A struct catalog_list of C texts; None: nothing is known."""
    if items is None:
        return "{NULL, 0}"
    if not items:
        return f"{{({type_name}[1]){{{{0}}}}, 0}}"
    return f"{{({type_name}[]){{{', '.join(items)}}}, {len(items)}}}"


def c_structs(type_name, rows):
    """The same of a list of (field, C text) lists."""
    items = ["{" + ", ".join(f".{n} = {v}" for n, v in row) + "}"
             for row in rows]
    return c_list(f"const struct {type_name}", items or None)


def c_names(names):
    return c_list("const char *const", [c_string(n) for n in names] or None)


def c_pairs(rows):
    return c_structs("catalog_pair",
                     [c_texts([("name", row["name"]),
                               ("value", row["value"])]) for row in rows])


def c_inputs(provider, of):
    rows = []
    for row in provider["inputs"]:
        if row["of"] != of:
            continue
        fields = c_texts([
            ("name", row["name"]),
            ("display_name", row.get("display_name")),
            ("default_value", row.get("default")),
            ("field_type", FIELD_TYPES.get(row.get("field")))])
        names = catalog_read.split(row.get("modules"))
        rows.append(fields + [("modules", c_names(names))])
    return c_structs("catalog_input", rows)


def c_needs(cell):
    if not cell:
        return "NULL"
    fields = [(word, "true") for word in cell.split(",") if word != "nothing"]
    return "&" + c_struct("subscribe_needs", fields)


def c_batch(cell):
    if not cell:
        return "NULL"
    fields = []
    for part in cell.split(","):
        name, _, limit = part.partition(":")
        field = "remove" if name == "delete" else name
        fields.append((field, "{.is_supported = true, .limit = %s}" % (limit or 0)))
    return "&" + c_struct("batch_writes", fields)


def c_support(row):
    fields = [(f"can_{flag}", "true") for flag in
              catalog_read.split(row.get("flags"))
              if flag in catalog_read.SUPPORT_FLAGS]
    fields.append(("batch", c_batch(row.get("batch"))))
    return "{" + ", ".join(f".{name} = {value}" for name, value in fields) + "}"


def c_modules(provider):
    return c_structs("module", [
        c_texts([("name", row["name"]), ("display_name", row["display_name"]),
                 ("base_url", row["base_url"])])
        + [("support", c_support(row)),
           ("needs", c_needs(row.get("subscribing")))]
        for row in provider["modules"]])


def facts(provider, fact):
    return [row for row in provider["details"] if row["fact"] == fact]


def value_of(provider, fact):
    rows = facts(provider, fact)
    return rows[0].get("value", "") if rows else None


def c_health_check(provider):
    rows = facts(provider, "health_check")
    if not rows:
        return "NULL"
    method, statuses = rows[0]["name"].split()
    return "&" + c_struct("health_check", [
        ("method", c_string(method)),
        ("url", c_string(rows[0]["value"])),
        ("statuses", c_list("const int", statuses.split(",")))])


def c_custom(provider):
    if provider["auth_type"] != "custom":
        return "NULL"
    fields = [("headers", c_pairs(facts(provider, "custom_header"))),
              ("inputs", c_inputs(provider, "custom")),
              ("app_inputs", c_inputs(provider, "custom_app"))]
    if facts(provider, "custom_steps"):
        fields.append(("has_steps", "true"))
    return "&" + c_struct("custom_auth", fields)


def c_auth_params(provider):
    rows = facts(provider, "auth_param")
    if rows and "name" not in rows[0]:
        return c_list("const struct catalog_pair", [])
    return c_pairs(rows)


def texts_of(provider):
    texts = {"default_module": "", **provider}
    if "key_value" in provider:
        texts["key_prefix"] = provider["key_value"][: -len("{key}")]
    for row in facts(provider, "token_header"):
        texts["token_in"] = "accessTokenHeaderAttachment"
        texts["token_header"] = row["name"]
        texts["token_prefix"] = row.get("value")
    texts["client_auth"] = value_of(provider, "client_auth")
    if facts(provider, "scope_delimiter"):
        texts["scope_delimiter"] = ","
    return [(field, c_string(texts[field])) for field in TEXTS
            if texts.get(field) is not None]


def fields_of(provider):
    fields = texts_of(provider)
    fields += [(flag, "true") for flag in
               catalog_read.split(provider.get("flags"))
               if flag in catalog_read.NEEDS_FLAGS]
    if facts(provider, "basic"):
        fields.append(("basic", "&" + c_struct("basic_auth", [])))
    if facts(provider, "after_auth"):
        fields.append(("asks_after", "true"))
    return fields + [
        ("audiences", c_names([row["value"] for row in
                               facts(provider, "audience")])),
        ("auth_params", c_auth_params(provider)),
        ("own_params", c_pairs(facts(provider, "own_param"))),
        ("default_scopes", c_names([row["value"] for row in
                                    facts(provider, "default_scope")])),
        ("scopes", c_pairs(facts(provider, "scope"))),
        ("custom", c_custom(provider)),
        ("health_check", c_health_check(provider)),
        ("support", c_support(provider)),
        ("needs", c_needs(value_of(provider, "subscribing"))),
        ("modules", c_modules(provider)),
        ("inputs", c_inputs(provider, "input")),
        ("found", c_inputs(provider, "after")),
        ("app_inputs", c_inputs(provider, "app")),
        ("app_query", c_inputs(provider, "app_query")),
        ("variables", c_names([row["name"] for row in
                               facts(provider, "variable")])),
    ]


def c_row(provider):
    lines = [f"\t\t.{name} = {value},\n" for name, value in
             fields_of(provider) if value not in ("NULL", "{NULL, 0}")]
    return "\t{\n" + "".join(lines) + "\t},\n"


def c_file(providers):
    return (
        "/* Made by tools/catalog_embed.py: change the tables it reads. */\n"
        '#include "core/catalog.h"\n\n'
        "const struct provider catalog_providers[] = {\n"
        + "".join(c_row(provider) for provider in providers)
        + "};\n\n"
        f"const size_t catalog_provider_count = {len(providers)};\n"
    )


def main(arguments):
    if len(arguments) != 5:
        print("usage: catalog_embed.py OUT.c PROVIDERS.tsv MODULES.tsv "
              "INPUTS.tsv DETAILS.tsv", file=sys.stderr)
        return 2
    try:
        providers, faults = catalog_read.read(arguments[1:])
        if not faults:
            with open(arguments[0], "w", encoding="ascii") as file:
                file.write(c_file(providers))
    except OSError as error:
        print(f"catalog_embed.py: {error}", file=sys.stderr)
        return 1
    for fault in faults:
        print(fault, file=sys.stderr)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
