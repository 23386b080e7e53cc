#!/usr/bin/env python3
"""Turns the .sql files into C: one enum value and one text a named query.

sql_embed.py HEADER SOURCE MIGRATION_OR_QUERY_FILE...
A query file holds blocks that begin with `-- name: query_name`.
"""
import os
import re
import sys


def literal(text):
    lines = text.replace("\\", "\\\\").replace('"', '\\"').split("\n")
    return "\n".join('\t"%s\\n"' % line for line in lines)


def queries_of(path):
    """Yields (name, sql) of each named block of one file."""
    name, lines = None, []
    for line in open(path, encoding="utf-8"):
        match = re.match(r"-- name: ([a-z0-9_]+)\s*$", line)
        if match:
            if name:
                yield name, "".join(lines).strip()
            name, lines = match.group(1), []
        elif not line.startswith("--"):
            lines.append(line)
    if name:
        yield name, "".join(lines).strip()


def main():
    header, source, *files = sys.argv[1:]
    migrations = sorted(f for f in files if "migrations" in f)
    queries = sorted(q for f in files if "queries" in f for q in queries_of(f))
    names = [name for name, _ in queries]
    if len(set(names)) != len(names):
        sys.exit("a query is named twice: %s" % names)

    with open(header, "w", encoding="utf-8") as out:
        out.write("/* Made by tools/sql_embed.py. */\n"
                  "#ifndef CLEAT_QUERIES_H\n#define CLEAT_QUERIES_H\n\n"
                  "enum query {\n")
        for name in names:
            out.write("\tQUERY_%s,\n" % name.upper())
        out.write("\tQUERY_COUNT\n};\n\n"
                  "extern const char *const query_names[QUERY_COUNT];\n"
                  "extern const char *const query_texts[QUERY_COUNT];\n\n"
                  "struct migration {\n\tint number;\n\tconst char *name;\n"
                  "\tconst char *text;\n};\n\n"
                  "enum { MIGRATION_COUNT = %d };\n"
                  "extern const struct migration "
                  "migrations[MIGRATION_COUNT];\n\n#endif\n" % len(migrations))

    with open(source, "w", encoding="utf-8") as out:
        out.write('/* Made by tools/sql_embed.py. */\n'
                  '#include "queries.h"\n\n'
                  "const char *const query_names[QUERY_COUNT] = {\n")
        for name in names:
            out.write('\t"%s",\n' % name)
        out.write("};\n\nconst char *const query_texts[QUERY_COUNT] = {\n")
        for _, sql in queries:
            out.write(literal(sql) + ",\n")
        out.write("};\n\nconst struct migration "
                  "migrations[MIGRATION_COUNT] = {\n")
        for path in migrations:
            base = os.path.basename(path)
            number, name = re.match(r"(\d+)_(.+)\.sql$", base).groups()
            out.write('\t{%d, "%s",\n%s},\n'
                      % (int(number), name,
                         literal(open(path, encoding="utf-8").read())))
        out.write("};\n")


main()
