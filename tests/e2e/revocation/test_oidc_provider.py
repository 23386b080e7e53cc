"""oidc-provider from npm, a real server of OAuth 2: what is let go of here
is ended there."""

import json
import subprocess

import pytest
import requests

from support import npm
from support.revocation import connect, done, let_go, register
from support.server import ALLOWED

TOKENS = 4


class Oidc:
    """The running server, its tokens, and whether they live."""

    def __init__(self):
        self.process = subprocess.Popen(
            ["node", "server.mjs", str(TOKENS)], cwd=npm.installed("oidc"),
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL)
        # before that it warns that it is not set up for production
        said = json.loads(next(line for line in self.process.stdout
                               if line.startswith(b"{")))
        self.url, self.tokens = said["issuer"], said["tokens"]
        self.client = said["client_id"], said["client_secret"]

    def lives(self, token):
        """RFC 7662."""
        pair = tuple(requests.utils.quote(one, safe="")
                     for one in self.client)
        answer = requests.post(f"{self.url}/token/introspection", auth=pair,
                               data={"token": token}, timeout=10)
        assert answer.status_code == 200, answer.text
        return answer.json()["active"]

    def stop(self):
        self.process.stdin.close()
        self.process.wait(10)


@pytest.fixture
def oidc():
    running = Oidc()
    yield running
    running.stop()


def test_grants_are_ended_at_a_real_server(server_factory, oidc):
    project = server_factory(options=ALLOWED).project
    # xero: RFC 7009 with Basic, the refresh token, and its whole grant
    register(project, oidc.url, "xero", "/token/revocation")
    kept, *gone = [one["refresh"] for one in oidc.tokens]
    access = [one["access"] for one in oidc.tokens]
    connections = [connect(project, token, "xero") for token in gone]
    connect(project, kept, "xero")
    assert all(map(oidc.lives, [kept, *gone, *access]))
    for connection in connections:
        [step] = done(project, let_go(project, connection))["steps"]
        assert (step["reason"], step["attempts"]) == ("revoked", 1)
    assert [oidc.lives(token) for token in gone] == [False] * len(gone)
    # and with the grant, the access tokens of it
    assert [oidc.lives(token) for token in access] == [True, *[False] * 3]
    assert oidc.lives(kept)
