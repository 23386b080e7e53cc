"""platformsh-client from npm, unmodified, does its round against Cleat."""

import os
import shutil
import subprocess

import pytest

from support import cli
from support.upsun import new_webhook

SOURCE = cli.ROOT / "tests/e2e/clients/platformsh"
INSTALLED = cli.ROOT / "build/npm/platformsh"
INSTALL_S, RUN_S = 300, 60


@pytest.fixture(scope="module")
def installed():
    """The locked packages, installed again when the lock has changed."""
    stamp = INSTALLED / "installed.json"
    lock = (SOURCE / "package-lock.json").read_text()
    INSTALLED.mkdir(parents=True, exist_ok=True)
    for path in [*SOURCE.glob("*.mjs"), *SOURCE.glob("package*.json"),
                 SOURCE / ".npmrc"]:
        shutil.copy(path, INSTALLED)
    if not stamp.exists() or stamp.read_text() != lock:
        run(["npm", "ci", "--silent"], os.environ, INSTALL_S)
        stamp.write_text(lock)


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
