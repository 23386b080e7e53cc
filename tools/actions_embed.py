#!/usr/bin/env python3
"""Turns an OpenAPI document into C: actions_embed.py DOCUMENT OUT.c makes
`upsun_actions`, an array of {operationId, meta} that ends with a NULL name.
`meta` is what a link to the operation says of it: {method: operation object},
without prose and examples, whose references lead to the document as it is
served."""
import json
import os
import sys

PROSE = ("tags", "summary", "description", "example", "examples")


def brief(value, name):
    """Each $ref absolute; extensions and examples left out."""
    if isinstance(value, list):
        return [brief(one, name) for one in value]
    if not isinstance(value, dict):
        return value
    return {key: "/openapi/" + name + one if key == "$ref"
            else brief(one, name)
            for key, one in value.items()
            if not key.startswith("x-") and key not in ("example", "examples")}


def action(method, operation, name):
    """The parameters of its path are filled in where the link leads to."""
    said = {key: value for key, value in operation.items()
            if key not in PROSE}
    said.setdefault("parameters", [])
    return json.dumps({method: brief(said, name)}, separators=(",", ":"))


def literal(text):
    return '"%s"' % text.replace("\\", "\\\\").replace('"', '\\"')


path, out = sys.argv[1:]
with open(path, encoding="utf-8") as file:
    paths = json.load(file)["paths"]
with open(out, "w", encoding="utf-8") as file:
    file.write('/* Made by tools/actions_embed.py. */\n'
               '#include "dialects/upsun/actions.h"\n\n'
               'const struct upsun_action upsun_actions[] = {\n')
    for operations in paths.values():
        for method, operation in operations.items():
            if method == "parameters":
                continue
            file.write("\t{%s,\n\t %s},\n" % (
                literal(operation["operationId"]),
                literal(action(method, operation, os.path.basename(path)))))
    file.write("\t{0},\n};\n")
