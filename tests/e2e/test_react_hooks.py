"""@amp-labs/react from npm, unmodified: its headless hooks do their round, in
node, with a key for browsers and with a customer's token."""

import subprocess

from support import cli, npm
from support.customer import Signer
from support.react import integration

RUN_S = 120


def play(script, project, **credentials):
    done = subprocess.run(
        ["node", f"{script}.mjs"], cwd=npm.installed("react"),
        env=cli.environment(
            NODE_ENV="production", REACT_APP_AMP_SERVER=project.server.base,
            CLEAT_PROJECT=project.name,
            CLEAT_INTEGRATION=integration(project, "apollo"), **credentials),
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, text=True, timeout=RUN_S, check=False)
    assert done.returncode == 0, done.stdout


def test_hooks_do_their_round_with_a_key_for_browsers(new_project):
    play("round", new_project, CLEAT_KEY=new_project.token(
        "ampersand", "--role", "frontend")["token"])


def test_hooks_do_their_round_with_a_customer_s_token(new_project):
    play("round", new_project,
         CLEAT_JWT=Signer(new_project).token("acme", "jane"))
