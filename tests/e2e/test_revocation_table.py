"""catalog/revocations.tsv is checked when it is built in."""

import subprocess
import sys

import pytest

from support import cli

TOOL = cli.ROOT / "tools/revocation_embed.py"
TABLE = cli.ROOT / "catalog/revocations.tsv"
COLUMNS = ("provider style method url auth token_in token_name which ends ok "
           "gone gone_errors success headers body client_names sure "
           "source").split()
GOOD = dict.fromkeys(COLUMNS, "") | {
    "provider": "box", "style": "revoke", "method": "POST",
    "url": "https://api.box.com/oauth2/revoke", "auth": "body",
    "token_in": "form", "token_name": "token", "which": "refresh",
    "ends": "token", "ok": "200", "sure": "documented",
    "source": "https://developer.box.com"}


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
    assert (tmp_path / "out.c").read_text().count(".provider = ") == 66


def test_good_row_is_taken(tmp_path):
    assert embedded(tmp_path, GOOD) == (0, "")


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


def test_rows_are_in_order_and_once_each(tmp_path):
    for other in ("box", "aWeber"):
        status, said = embedded(tmp_path, GOOD, GOOD | {"provider": other})
        assert status == 1 and ":2: out of order" in said


def test_table_without_a_row_is_refused(tmp_path):
    assert embedded(tmp_path)[0] == 1
