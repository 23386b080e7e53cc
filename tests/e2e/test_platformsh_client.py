"""platformsh-client from npm, unmodified, does its round against Cleat."""

import subprocess

import pytest

from support import cli, npm
from support.upsun import new_webhook

INSTALLED = cli.ROOT / "build/npm/platformsh"
RUN_S = 60


@pytest.fixture(scope="module")
def installed():
    npm.installed("platformsh")


def run(command, env, timeout):
    done = subprocess.run(
        command, cwd=INSTALLED, env=env,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, text=True, timeout=timeout, check=False)
    assert done.returncode == 0, done.stdout


def play(script, project, token=None):
    env = cli.environment(
        CLEAT_URL=project.server.base, CLEAT_PROJECT=project.upsun_id,
        CLEAT_TOKEN=token or project.keys["upsun"]["apiToken"])
    run(["node", f"{script}.mjs"], env, RUN_S)


def test_client_does_its_round(installed, new_project):
    new_webhook(new_project)
    play("round", new_project)


def test_client_renews_its_token(installed, project):
    play("renewal", project)


def test_client_is_refused_with_a_bad_token(installed, project):
    play("refused", project, "cleat_ups_" + "A" * 49)


def test_client_of_a_viewer_is_told_what_it_may(installed, new_project):
    new_webhook(new_project)
    token = new_project.token("upsun", "--role", "viewer")["token"]
    play("viewer", new_project, token)
