#!/usr/bin/env python3
"""What the program's tables of connection types say, put into papers:

the schemas of openapi/apinizer.json and the tables of
docs/apinizer-connections.md. They are written anew; with --check it is only
said whether they are what the tables say (exit 1). CLEAT_BIN names the
program, else it is the newest build.
"""

import json
import os
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
DOCUMENT = ROOT / "openapi/apinizer.json"
PAGE = ROOT / "docs/apinizer-connections.md"
WIDTH = 100
INT32_MAX, INT64_MAX = 2**31 - 1, 2**63 - 1

# What a connection of any type has.
COMMON = {
    "id": {"type": "string", "format": "uuid", "description":
           "Only read; the look-ups below /apiops/utility take it."},
    "name": {"type": "string", "description":
             "Unique in the project; case does not matter."},
    "description": {"type": "string", "nullable": True},
    "deployToWorker": {"type": "boolean", "default": True,
                       "description": "Workers are to have it."},
    "enabled": {"type": "boolean", "default": True, "description":
                "Workers have only what is enabled."},
    "projectName": {"type": "string", "description": "Only read."}}


def binary():
    named = os.environ.get("CLEAT_BIN")
    if named:
        return ROOT / named
    built = [path for path in (ROOT / "build/asan/cleat", ROOT / "build/cleat")
             if path.exists()]
    return max(built, key=lambda path: path.stat().st_mtime)


def tables():
    said = subprocess.run([binary(), "types", "--api", "apinizer"],
                          stdout=subprocess.PIPE, check=True).stdout
    return json.loads(said)


def need(field):
    """When it must be there, for people; None when it need not."""
    if field.get("required"):
        return "yes"
    if "choice" in field:
        return f"when `{field['feature']}` is `{field['choice']}`"
    return f"with `{field['feature']}`" if "feature" in field else None


# The document.

def schema_name(table):
    words = table["type"].split("-")
    return "".join(word.capitalize() for word in words) + "Connection"


def described(field):
    parts = [field.get("about", "")]
    if field.get("secret"):
        parts.append("A secret: null in lists.")
    if need(field) not in (None, "yes"):
        parts.append(f"Required {need(field)}.")
    return " ".join(part for part in parts if part)


def range_of(field):
    least, most = field.get("least"), field.get("most")
    found = {"format": "int64" if most and most > INT32_MAX else "int32"}
    if least is not None:
        found["minimum"] = least
    if most not in (None, INT32_MAX, INT64_MAX):
        found["maximum"] = most
    return found


def of_strings(field):
    return {"type": "string", **({"enum": field["values"]}
                                 if "values" in field else {})}


def length_of(field):
    return {"maxLength": field["most"]} if field.get("most") else {}


def any_value(field):
    """An object of any members; what only we write may be anything."""
    return {} if field.get("readOnly") else {"type": "object",
                                             "additionalProperties": True}


SHAPES = {
    "string": lambda field: {**of_strings(field), **length_of(field)},
    "integer": lambda field: {"type": "integer", **range_of(field)},
    "boolean": lambda field: {"type": "boolean"},
    "list of strings": lambda field: {"type": "array",
                                      "items": of_strings(field)},
    "map of strings": lambda field: {"type": "object",
                                     "additionalProperties": {
                                         "type": "string"}},
    "list": lambda field: {"type": "array", "items": members(field)},
    "map": lambda field: {"type": "object",
                          "additionalProperties": members(field)},
    "object": lambda field: members(field) if "fields" in field
    else any_value(field),
}


def members(table):
    found = {"type": "object"}
    required = [one["name"] for one in table["fields"] if one.get("required")]
    if required:
        found["required"] = required
    found["properties"] = {one["name"]: schema(one)
                           for one in table["fields"]}
    return found


def is_nullable(field):
    return field.get("secret") or (field.get("default") is None
                                   and not field.get("required"))


def schema(field):
    shape = SHAPES[field["type"]](field)
    found = {key: shape.pop(key) for key in ("type", "format")
             if key in shape}
    if described(field):
        found["description"] = described(field)
    found.update(shape)
    if field.get("readOnly"):
        found["readOnly"] = True
    if "type" in found and is_nullable(field):
        found["nullable"] = True
    if field.get("default") is not None:
        found["default"] = field["default"]
    return found


def of_table(table):
    own = members(table)
    return {"type": "object",
            "required": ["type", *own.get("required", [])],
            "properties": {
                "type": {"type": "string", "enum": [table["type"]]},
                **COMMON, **own["properties"]}}


def schemas(found):
    """All schemas that the tables make, in order."""
    refs = {table["type"]: f"#/components/schemas/{schema_name(table)}"
            for table in found}
    return {
        "ConnectionTypes": {"type": "string",
                            "enum": [*refs, "all"]},
        **{schema_name(table): of_table(table) for table in found},
        "Connection": {
            "description": "Fields that the type does not have are ignored. "
                           "The case of enum values does not matter.",
            "oneOf": [{"$ref": ref} for ref in refs.values()],
            "discriminator": {"propertyName": "type", "mapping": refs}}}


def put(value, depth, before=0):
    """JSON as the document has it: a line for what fits into one."""
    line = json.dumps(value, ensure_ascii=False)
    if not isinstance(value, (dict, list)) \
            or 2 * depth + before + len(line) < WIDTH:
        return line
    is_list = isinstance(value, list)
    items = [put(one, depth + 1) if is_list else
             f"{json.dumps(one)}: "
             f"{put(value[one], depth + 1, len(one) + 4)}" for one in value]
    inner = ",\n".join("  " * (depth + 1) + item for item in items)
    left, right = "[]" if is_list else "{}"
    return f"{left}\n{inner}\n{'  ' * depth}{right}"


def with_schemas(document, found):
    """The document's text with the tables' schemas in the place of its own."""
    new = "".join(f'      "{name}": {put(one, 3, len(name) + 4)},\n'
                  for name, one in schemas(found).items())
    start = document.index('      "ConnectionTypes": {')
    end = document.index('      "ConnectionListResponse": {')
    return document[:start] + new + document[end:]


# The page.

START = "<!-- from here on by tools/connection_types.py -->\n"


def rows(table, prefix=""):
    marks = {"list": "[]", "map": ".*"}
    for field in table["fields"]:
        name = prefix + field["name"]
        yield name, field
        if "fields" in field:
            yield from rows(field, name + marks.get(field["type"], "") + ".")


def cell(field):
    parts = [field.get("about", "")]
    if "values" in field:
        parts.append("One of " + ", ".join(f"`{one}`"
                                           for one in field["values"]) + ".")
    if field.get("secret"):
        parts.append("**A secret.**")
    return " ".join(part for part in parts if part)


def row(name, field):
    preset = field.get("default")
    kind = field["type"] + (", read-only" if field.get("readOnly") else "")
    cells = [f"`{name}`", kind,
             "" if preset is None else f"`{json.dumps(preset)}`",
             need(field) or "", cell(field)]
    return "| " + " | ".join(one.replace("|", "\\|") for one in cells) + " |"


def section(table):
    count = sum(1 for _ in rows(table))
    return "\n".join([
        f"### {table['type']}", "",
        f"{count} fields.", "",
        "| field | type | default | required | |",
        "|---|---|---|---|---|",
        *(row(name, field) for name, field in rows(table)), ""])


def with_tables(page, found):
    head = page[:page.index(START) + len(START)]
    return head + "\n" + "\n".join(section(table) for table in found)


def main(arguments):
    found = tables()
    changed = []
    for path, make in (DOCUMENT, with_schemas), (PAGE, with_tables):
        old = path.read_text(encoding="utf-8")
        new = make(old, found)
        if new != old:
            changed.append(str(path.relative_to(ROOT)))
        if new != old and "--check" not in arguments:
            path.write_text(new, encoding="utf-8")
    if changed:
        print(f"connection_types: {', '.join(changed)}:",
              "not what the tables say" if "--check" in arguments
              else "written")
    return 1 if changed and "--check" in arguments else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
