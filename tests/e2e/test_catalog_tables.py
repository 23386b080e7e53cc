"""The tables of catalog/ are checked when they are built in: each fault is
told with its file and line, and nothing is written."""

import subprocess
import sys

import pytest

from support import cli

FILES = ["providers.tsv", "modules.tsv", "inputs.tsv", "details.tsv"]
CATALOG = cli.ROOT / "catalog"


def embed(folder):
    target = folder / "out.c"
    done = subprocess.run(
        [sys.executable, str(cli.ROOT / "tools/catalog_embed.py"), str(target),
         *(str(folder / file) for file in FILES)],
        capture_output=True, text=True, check=False)
    return done, target


@pytest.fixture
def tables(tmp_path):
    for file in FILES:
        (tmp_path / file).write_bytes((CATALOG / file).read_bytes())
    return tmp_path


def line_of(path, start):
    for number, line in enumerate(path.read_text().split("\n"), 1):
        if line.startswith(start):
            return number, line
    raise AssertionError(f"{path} has no line {start!r}")


def changed(tables, file, start, old, new):
    """The line that begins so, with `old` in it replaced; its number."""
    path = tables / file
    number, line = line_of(path, start)
    assert old in line
    path.write_text(path.read_text().replace(
        line + "\n", line.replace(old, new, 1) + "\n", 1))
    return number


def test_tables_as_they_are_have_no_fault(tables):
    done, target = embed(tables)
    assert (done.returncode, done.stderr) == (0, "")
    assert target.exists()


AIRTABLE, CRM = "airtable\t", "hubspot\tcrm"


@pytest.mark.parametrize("file, start, old, new, why", [
    ("providers.tsv", AIRTABLE, "oauth2", "oauth3", "unknown auth_type"),
    ("providers.tsv", AIRTABLE, "https://api", "http://api", "not an https address"),
    ("providers.tsv", AIRTABLE, "api.airtable.com", "{{.who}}.airtable.com",
     "variable 'who' is declared nowhere"),
    ("providers.tsv", AIRTABLE, "airtable.com", "u@airtable.com",
     "not an https address"),
    ("providers.tsv", AIRTABLE, "needs_scopes,proxy", "proxy,needs_scopes",
     "not in the order"),
    ("providers.tsv", AIRTABLE, "needs_scopes", "needs_all", "unknown flag"),
    ("providers.tsv", AIRTABLE, "PKCE", "PKC", "unknown grant_type"),
    ("providers.tsv", AIRTABLE, "\tAirtable", "\t-", "display_name is missing"),
    ("providers.tsv", AIRTABLE, "\tAirtable", "\t", "an empty cell"),
    ("providers.tsv", AIRTABLE, "airtable\t", "aircall\t", "is there twice"),
    ("providers.tsv", AIRTABLE, "airtable\t", "aaa\t",
     "does not come after"),
    ("providers.tsv", "salesforce\t", "\tcrm\t", "\terp\t",
     "default_module 'erp' is not in modules.tsv"),
    ("modules.tsv", CRM, "hubspot", "hubspat", "unknown provider"),
    ("modules.tsv", CRM, "create:100", "create:many", "batch is not"),
    ("modules.tsv", CRM, "https://", "ftp://", "not an https address"),
    ("modules.tsv", "zoho\tcrm", "maintenance,by_api", "by_api,maintenance",
     "subscribing is not"),
    ("inputs.tsv", "activeCampaign\t", "input", "asked", "of 'asked' is none"),
    ("inputs.tsv", "activeCampaign\t", "input", "custom",
     "of custom with auth_type apiKey"),
    ("inputs.tsv", "salesforce\tinput\tbusinessUnitId", "account-engagement",
     "accounts", "unknown module 'accounts'"),
    ("inputs.tsv", "salesforce\tinput\tbusinessUnitId", "businessUnitId",
     "workspace", "is there twice"),
    ("details.tsv", AIRTABLE, "client_auth", "client", "unknown fact"),
    ("details.tsv", AIRTABLE, "basic", "digest", "not of the form"),
    ("details.tsv", AIRTABLE, "airtable", "aircall", "does not come|with auth_type|is there"),
    ("details.tsv", "airtable\thealth_check", "GET 200", "GET ok",
     "not of the form"),
    ("details.tsv", "clariCopilot\tcustom_header\tX-Api-Key", ".apiKey",
     ".secret", "variable 'secret' is declared nowhere"),
])
def test_fault_is_told_with_its_line(tables, file, start, old, new, why):
    number = changed(tables, file, start, old, new)
    done, target = embed(tables)
    said = [line for line in done.stderr.splitlines()
            if line.startswith(f"{tables / file}:{number}: ")]
    assert done.returncode == 1 and not target.exists()
    assert any(part in line for line in said for part in why.split("|")), \
        done.stderr


def test_columns_are_those(tables):
    changed(tables, "modules.tsv", "provider\tname", "flags", "flag")
    done, _ = embed(tables)
    assert done.returncode == 1 and "the columns are not" in done.stderr


def test_file_ends_with_a_newline(tables):
    path = tables / "inputs.tsv"
    path.write_text(path.read_text().rstrip("\n"))
    done, _ = embed(tables)
    assert done.returncode == 1 and "no newline at the end" in done.stderr
