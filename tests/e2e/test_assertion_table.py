"""catalog/assertions.tsv is checked when it is built in: each fault is told with
its file, and nothing is written."""

import subprocess
import sys

import pytest

from support import cli

TOOL = cli.ROOT / "tools/custom_auth_embed.py"
CATALOG = cli.ROOT / "catalog"
FILES = ["providers.tsv", "custom_auth.tsv", "assertions.tsv"]


def embedded(tmp_path, change=lambda text: text):
    """The tool's exit status and what it says, with the table changed so."""
    table = tmp_path / "assertions.tsv"
    table.write_text(change((CATALOG / "assertions.tsv").read_text()))
    target = tmp_path / "out.c"
    done = subprocess.run(
        [sys.executable, str(TOOL), *(str(CATALOG / file)
                                      for file in FILES[:2]),
         str(table), str(target)],
        capture_output=True, text=True, check=False)
    assert target.exists() == (done.returncode == 0)
    return done.returncode, done.stderr


def test_table_that_is_built_in_is_good(tmp_path):
    assert embedded(tmp_path) == (0, "")
    assert (tmp_path / "out.c").read_text().count(".assertion = ") == 4


@pytest.mark.parametrize("old, new, why", [
    ("bigquery\t", "bigqueri\t", "bigqueri is no such provider"),
    ("bigquery\t", "stripe\t", "stripe is no such provider"),
    ("bigquery\t", "gitlab\t", "key serviceAccountKey is none of the inputs"),
    ("bigquery\t", "snowflake\t", "googleWorkspaceDelegation is out of order"),
    ("jwtBearer", "password", "grant 'password' is not of the form"),
    ("RS256", "HS256", "algorithms 'HS256' is not of the form"),
    ("RS256", "none", "algorithms 'none' is not of the form"),
    ("\tprivateKey\t", "\tkey\t", "key key is none of the inputs"),
    ("\t{{.certificateId}}\t", "\t{{.certificate}}\t",
     "key_id: variable 'certificate' is declared nowhere"),
    ("\t{{.certificateId}}\t", "\t{{.privateKey}}\t",
     "key_id: variable 'privateKey' is declared nowhere"),
    ("{{.serviceAccountKey.private_key_id}}",
     "{{.serviceAccountKey.private_key}}",
     "key_id: variable 'serviceAccountKey.private_key' is declared nowhere"),
    ("{{.userEmail}}", "{{.email}}",
     "subject: variable 'email' is declared nowhere"),
    ("https://{{.workspace}}.suitetalk", "https://{{.clientId}}.suitetalk",
     "token_url: variable 'clientId' is declared nowhere"),
    ("https://oauth2.googleapis.com", "http://oauth2.googleapis.com",
     "token_url 'http://oauth2.googleapis.com/token' is not of the form"),
    ("https://oauth2.googleapis.com", "https://a@googleapis.com",
     "token_url is not an https address"),
    ("\t3600\t", "\t3601\t", "lifetime is over 3600"),
    ("\t3600\t", "\t-\t", "lifetime is missing"),
    ("\t--,.sandbox\t", "\t-\t", "other_audience and other_for go together"),
    ("\tclaim\t", "\t-\t", "scopes without scopes_in"),
    ("\t3600\t", "\t", "15 cells"),
    ("provider\tgrant", "grant\tprovider", "the columns are not"),
])
def test_fault_is_told(tmp_path, old, new, why):
    def change(text):
        head, line, rest = text.partition("provider\tgrant")
        assert old in line + rest
        return head + (line + rest).replace(old, new, 1)
    status, said = embedded(tmp_path, change)
    assert status == 1 and why in said, said
    assert str(tmp_path / "assertions.tsv") in said
