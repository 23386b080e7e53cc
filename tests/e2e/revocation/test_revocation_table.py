"""catalog/revocations.tsv is checked when it is built in, and told to
operators as it is."""

import re
import subprocess
import sys

import pytest

from support import cli

TOOL = cli.ROOT / "tools/revocation_embed.py"
TABLE = cli.ROOT / "catalog/revocations.tsv"
COLUMNS = ("provider style method url auth token_in token_name which ends ok "
           "gone gone_errors success headers body client_names sure ok_sure "
           "source").split()
GOOD = dict.fromkeys(COLUMNS, "") | {
    "provider": "box", "style": "revoke", "method": "POST",
    "url": "https://api.box.com/oauth2/revoke", "auth": "body",
    "token_in": "form", "token_name": "token", "which": "refresh",
    "ends": "token", "ok": "200", "sure": "documented",
    "ok_sure": "assumed",
    "source": "https://developer.box.com"}

SELF = GOOD | {"style": "self", "auth": "none", "token_in": "bearer",
               "token_name": "", "which": "access"}
HEADER = SELF | {"style": "uninstall", "token_in": "header",
                 "token_name": "X-Token"}
IN_PATH = SELF | {"style": "path", "token_in": "path",
                  "url": "https://api.box.com/{{.token}}/revoke"}
NONE = dict.fromkeys(COLUMNS, "") | {
    name: GOOD[name] for name in ("provider", "sure", "source")} | {
    "style": "none"}


def embedded(tmp_path, *rows):
    """The tool's exit status and what it says of these rows."""
    table = tmp_path / "in.tsv"
    table.write_text("".join(
        "\t".join(row[name] for name in COLUMNS) + "\n" for row in rows))
    done = subprocess.run(
        [sys.executable, TOOL, table, tmp_path / "out.c"], timeout=30,
        stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    assert (tmp_path / "out.c").exists() == (done.returncode == 0)
    return done.returncode, done.stderr


def test_table_that_is_built_in_is_good(tmp_path):
    done = subprocess.run([sys.executable, TOOL, TABLE, tmp_path / "out.c"],
                          timeout=30, check=False)
    assert done.returncode == 0
    assert (tmp_path / "out.c").read_text().count(".provider = ") == 70


@pytest.mark.parametrize("row", [
    GOOD, SELF, HEADER, IN_PATH, NONE,
    SELF | {"body": '{"query":"{ a { b } }"}', "success": "data.a=[]"},
    GOOD | {"body": '{"hint":"{{.workspace}}"}', "client_names": "id,key"},
    GOOD | {"headers": "A: 1|B: {{.word}}", "gone": "400",
            "gone_errors": "invalid_token"}])
def test_good_row_is_taken(tmp_path, row):
    assert embedded(tmp_path, row) == (0, "")


@pytest.mark.parametrize("change", [
    {"provider": "1box"}, {"style": "revok"}, {"method": "PUT"},
    {"url": "http://api.box.com/revoke"}, {"url": "https://api.box.com"},
    {"url": "https://api.box.com:1/r"}, {"url": "https://a_b.com/r"},
    {"url": "https://{{workspace}}.box.com/r"},
    {"url": "https://{{.workspace}.box.com/r"},
    {"url": "https://api.box.com/{{.token}}"},
    {"auth": "digest"}, {"token_in": "cookie"}, {"token_in": "path"},
    {"token_in": "path", "token_name": ""},
    {"token_name": ""}, {"token_in": "bearer"}, {"which": "both"},
    {"ends": "all"}, {"ok": ""}, {"ok": "400"}, {"ok": "200,201,202,204"},
    {"gone": "200"}, {"gone": "400,401,403,404"}, {"gone": "4xx"},
    {"gone_errors": "a b"}, {"success": "ok"}, {"headers": "Accept"},
    {"headers": "Accept: {{.}}"}, {"body": "[]"}, {"body": "{"},
    {"body": '{"a":"{{.b c}}"}'}, {"client_names": "id"},
    {"sure": "very"}, {"source": ""}])
def test_bad_row_is_refused(tmp_path, change):
    status, said = embedded(tmp_path, GOOD | change)
    assert status == 1 and said.startswith(f"{tmp_path}/in.tsv:1: "), said


@pytest.mark.parametrize("row, change, fault", [
    (GOOD, {"source": "\u00e9"}, "not printable ASCII"),
    (GOOD, {"source": "a\rb"}, "not printable ASCII"),
    (GOOD, {"url": "https://a@api.box.com/r"}, "url may not be"),
    (GOOD, {"url": "https://api.box.com/r?a=b"}, "url may not be"),
    (GOOD, {"gone_errors": "invalid_token"}, "says nothing"),
    (GOOD, {"headers": "|".join(["A: 1"] * 5)}, "more than 4 headers"),
    (GOOD, {"body": '{"token":"x"}'}, "token is there twice"),
    (GOOD, {"body": '{"client_id":"x"}'}, "client_id is there twice"),
    (GOOD, {"body": '{"a":1}'}, "a is not a name with a text"),
    (GOOD, {"body": '{"a b":"1"}'}, "a b is not a name with a text"),
    (GOOD, {"body": '{"a":"1","b":"2","c":"3"}'}, "more than 2 members"),
    (GOOD, {"style": "self"}, "style self needs token_in bearer"),
    (GOOD, {"auth": "basic", "client_names": "a,b"}, "without auth body"),
    (SELF, {"success": "ok=1"}, "success may not be"),
    (SELF, {"token_name": "token"}, "token_name is for"),
    (SELF, {"which": "refresh"}, "token_in bearer needs which access"),
    (SELF, {"auth": "basic"}, "are one header"),
    (SELF, {"auth": "body"}, "auth body with token_in bearer"),
    (HEADER, {"which": "refresh"}, "token_in header needs which access"),
    (IN_PATH, {"style": "revoke"}, "token_in path is for style path"),
    (IN_PATH, {"body": "{}"}, "body with token_in path"),
    (NONE, {"url": "https://api.box.com/r"}, "url with style none"),
    (NONE, {"ok": "200"}, "ok with style none"),
    (GOOD, {"ok_sure": ""}, "ok_sure must be one of")],
    ids=lambda value: value if isinstance(value, str) else "")
def test_row_that_could_not_be_sent_is_refused(tmp_path, row, change, fault):
    status, said = embedded(tmp_path, row | change)
    assert status == 1 and fault in said, said


def test_table_that_is_cut_off_is_refused(tmp_path):
    table = tmp_path / "in.tsv"
    table.write_text(TABLE.read_text().rstrip("\n"))
    done = subprocess.run([sys.executable, TOOL, table, tmp_path / "out.c"],
                          timeout=30, capture_output=True, text=True,
                          check=False)
    assert done.returncode == 1 and "no newline at the end" in done.stderr


def test_rows_are_in_order_and_once_each(tmp_path):
    for other in ("box", "aWeber"):
        status, said = embedded(tmp_path, GOOD, GOOD | {"provider": other})
        assert status == 1 and ":2: out of order" in said


def test_table_without_a_row_is_refused(tmp_path):
    assert embedded(tmp_path)[0] == 1


def told(row):
    """The line of docs/revocation.md."""
    if row["style"] == "none":
        return f"| {row['provider']} | nothing: there is no way | | | " \
            f"{row['sure']} | |"
    words = re.findall(r"\{\{\.(\w+)\}\}",
                       row["url"] + row["headers"] + row["body"])
    if row["auth"] != "none":
        words = ["clientId", "clientSecret", *words]
    words = ", ".join(word for word in dict.fromkeys(words)
                      if word != "token")
    ends = "the app there" if row["style"] == "uninstall" else row["ends"]
    return f"| {row['provider']} | {ends} | {row['which']} | {words} | " \
        f"{row['sure']} | {row['ok_sure']} |".replace("|  |", "| |")


def test_operators_are_told_what_the_table_says():
    rows = [dict(zip(COLUMNS, line.split("\t")))
            for line in TABLE.read_text().splitlines()
            if not line.startswith("#")]
    paper = (cli.ROOT / "docs/revocation.md").read_text().splitlines()
    start = paper.index("|---|---|---|---|---|---|") + 1
    assert paper[start:start + len(rows) + 1] == [*map(told, rows), ""]
