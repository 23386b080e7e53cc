#!/usr/bin/env python3
"""Turns the .sql files into C: one enum value and one text a named query.

sql_embed.py HEADER SOURCE MIGRATION_OR_QUERY_FILE...
A query file holds blocks that begin with `-- name: query_name`. What several
queries have in common is a block that begins with `-- part: name(row, ...)`;
they say `@name(i, ...)` where it is to stand, as other parts may. Behind a
query's name stands `, unique` when it may come upon a unique key, `, store`
when it looks at rows of more than one project, and `, alone` when what it
answers may be from before what is read next.
"""
import os
import re
import sys


# Tables of rules: what is read of them may be remembered (store/rules.h), and
# what was read before one of them is changed may not.
RULES = ("project", "deletion_policy", "legal_hold", "event_topic_route",
         "leaving_scope", "token", "integration")
CHANGES_RULES = re.compile(
    r"\b(?:INSERT INTO|UPDATE|DELETE FROM)\s+(?:%s)\b" % "|".join(RULES))


def literal(text):
    lines = text.replace("\\", "\\\\").replace('"', '\\"').split("\n")
    return "\n".join('\t"%s\\n"' % line for line in lines)


def blocks_of(path):
    """Yields (heading, sql) of each block of one file, as it is written."""
    heading, lines = None, []
    for line in open(path, encoding="utf-8"):
        match = re.match(r"-- ((?:name|part): .+?)\s*$", line)
        if match:
            if heading:
                yield heading, "".join(lines).strip()
            heading, lines = match.group(1), []
        elif not line.startswith("--"):
            lines.append(line)
    if heading:
        yield heading, "".join(lines).strip()


def put_parts(text, parts):
    """The text with each @name(...) replaced by that part of these words."""
    def put(match):
        words, part = parts[match.group(1)]
        given = [word.strip() for word in match.group(2).split(",")]
        if len(given) != len(words):
            sys.exit("%s takes %s" % (match.group(1), words))
        for word, value in zip(words, given):
            part = re.sub(r"\b%s\b" % word, lambda _: value, part)
        return put_parts(part, parts)

    return re.sub(r"@([a-z_]+)\(([^()]*)\)", put, text)


def queries_of(paths):
    """Yields (name, flag or None, sql) of each query of these files."""
    blocks = [block for path in paths for block in blocks_of(path)]
    parts = {}
    for heading, sql in blocks:
        match = re.match(r"part: ([a-z_]+)\((.*)\)$", heading)
        if match:
            words = [word.strip() for word in match.group(2).split(",")]
            parts[match.group(1)] = words, sql
    for heading, sql in blocks:
        match = re.match(r"name: ([a-z0-9_]+)(?:, (unique|store|alone))?$",
                         heading)
        if match:
            yield match.group(1), match.group(2), put_parts(sql, parts)


def main():
    header, source, *files = sys.argv[1:]
    migrations = sorted(f for f in files if "migrations" in f)
    queries = sorted(queries_of(f for f in files if "queries" in f))
    names = [name for name, _, _ in queries]
    if len(set(names)) != len(names):
        sys.exit("a query is named twice: %s" % names)

    with open(header, "w", encoding="utf-8") as out:
        out.write("/* Made by tools/sql_embed.py. */\n"
                  "#ifndef CLEAT_QUERIES_H\n#define CLEAT_QUERIES_H\n\n"
                  "#include <stdbool.h>\n\n"
                  "enum query {\n")
        for name in names:
            out.write("\tQUERY_%s,\n" % name.upper())
        out.write("\tQUERY_COUNT\n};\n\n"
                  "extern const char *const query_names[QUERY_COUNT];\n"
                  "extern const char *const query_texts[QUERY_COUNT];\n"
                  "extern const bool query_is_unique[QUERY_COUNT];\n"
                  "extern const bool query_is_of_store[QUERY_COUNT];\n"
                  "extern const bool query_is_alone[QUERY_COUNT];\n"
                  "extern const bool query_changes_rules[QUERY_COUNT];\n\n"
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
        for _, _, sql in queries:
            out.write(literal(sql) + ",\n")
        for flag, array in (("unique", "is_unique"), ("store", "is_of_store"),
                            ("alone", "is_alone")):
            out.write("};\n\nconst bool query_%s[QUERY_COUNT] = {\n" % array)
            for name, its, _ in queries:
                if its == flag:
                    out.write("\t[QUERY_%s] = true,\n" % name.upper())
        out.write("};\n\nconst bool query_changes_rules[QUERY_COUNT] = {\n")
        for name, _, sql in queries:
            if CHANGES_RULES.search(sql):
                out.write("\t[QUERY_%s] = true,\n" % name.upper())
        out.write("};\n\nconst struct migration "
                  "migrations[MIGRATION_COUNT] = {\n")
        for path in migrations:
            base = os.path.basename(path)
            number, name = re.match(r"(\d+)_(.+)\.sql$", base).groups()
            out.write('\t{%d, "%s",\n%s},\n'
                      % (int(number), name,
                         literal(open(path, encoding="utf-8").read())))
        out.write("};\n")


if __name__ == "__main__":
    main()
