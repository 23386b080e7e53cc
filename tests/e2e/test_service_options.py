"""cleat serve's options of mail and services: what can't be used is told at
once, and nothing is served."""

import pytest

from support import cli

SMTP = ("--smtp", "smtp://mail.example.com:587")
FROM = ("--smtp-from", "alerts@example.com")
REFUSED = [
    (("--smtp", "mail.example.com", *FROM), "--smtp is smtp://"),
    (("--smtp", "smtp://", *FROM), "--smtp is smtp://"),
    (("--smtp", "smtp://u@mail.example.com", *FROM), "--smtp is smtp://"),
    (("--smtp", "http://mail.example.com", *FROM), "--smtp is smtp://"),
    (SMTP, "--smtp-from is needed"),
    ((*SMTP, "--smtp-from", "nobody"), "--smtp-from is needed"),
    (FROM, "without --smtp"),
    (("--smtp", "smtps://mail.example.com", *FROM, "--smtp-plain"),
     "--smtp-plain is for smtp://"),
    ((*SMTP, *FROM, "--smtp-password-file", "/none"), "for --smtp-user"),
    ((*SMTP, *FROM, "--smtp-user", "u", "--smtp-password-file", "/none"),
     "No such file"),
    ((*SMTP, *FROM, "--smtp-user", "u", "--smtp-password-file", "/dev/null"),
     "is empty"),
    (("--service", "slack"), "is not NAME=URL"),
    (("--service", "gitea=https://example.com"), "is not NAME=URL"),
    (("--service", "slack=https://example.com/"), "is not NAME=URL"),
    (("--service", "slack=nowhere"), "is not NAME=URL"),
    (("--service", "=https://example.com"), "is not NAME=URL"),
]


@pytest.mark.parametrize("options, why", REFUSED)
def test_what_can_t_be_used_is_told(server, options, why):
    done = cli.run("serve", "--store", server.store.url, "--listen",
                   "127.0.0.1:0", *options)
    assert done.returncode == 2 and not done.stdout
    [line] = done.stderr.splitlines()
    assert line.startswith("cleat: ") and why in line
