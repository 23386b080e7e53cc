"""openapi-client-axios from npm, unmodified: a client that is made of our own
document of Apinizer's API does its round against Cleat."""

import json
import subprocess

from support import cli, npm
from support import connection_values as values
from support.connection_fields import types

RUN_S = 60


def test_client_of_the_document_does_its_round(new_project):
    done = subprocess.run(
        ["node", "round.mjs"], cwd=npm.installed("openapi"),
        env=cli.environment(
            CLEAT_URL=new_project.server.base,
            CLEAT_PROJECT=new_project.name,
            CLEAT_TOKEN=new_project.keys["apinizer"]["token"],
            CLEAT_CONNECTIONS=json.dumps(
                [values.whole(kind) for kind in types()])),
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, text=True, timeout=RUN_S, check=False)
    assert done.returncode == 0, done.stdout
