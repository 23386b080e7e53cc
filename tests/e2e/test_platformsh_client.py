"""platformsh-client from npm, unmodified, does its round against Cleat."""

import json
import subprocess

import pytest

from support import cli, npm
from support.upsun import new_webhook
from support.upsun_types import GIT_TYPES, TYPES, UNTRIED

INSTALLED = cli.ROOT / "build/npm/platformsh"
RUN_S = 60
# Its checkProperty refuses the others; hipchat is no type any more.
KNOWN = ["bitbucket", "bitbucket_server", "github", "gitlab", "webhook",
         "health.email", "health.pagerduty", "health.slack",
         "health.webhook", "script", "syslog", "splunk", "sumologic",
         "newrelic"]
# Fields that it has no name for are not sent by it.
UNNAMED = {"environment_init_resources", "pull_requests_max_pages",
           "rotate_token", "rotate_token_validity_in_weeks", "result",
           "extra", "excluded_services"}


@pytest.fixture(scope="module")
def installed():
    npm.installed("platformsh")


def run(command, env, timeout):
    done = subprocess.run(
        command, cwd=INSTALLED, env=env,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, text=True, timeout=timeout, check=False)
    assert done.returncode == 0, done.stdout


def play(script, project, token=None, **more):
    env = cli.environment(
        **more,
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


def of_type(kind):
    its = TYPES[kind]
    given = {name: value for name, value in its.given.items()
             if name not in UNNAMED}
    patch = next(({name: value} for name, value in its.given.items()
                  if name not in UNNAMED and name not in its.secret), {})
    links = [rel for rel, has in (("hook", kind in GIT_TYPES),
                                  ("validate", kind not in UNTRIED)) if has]
    return {"given": given, "shown": its.shown(given), "patch": patch,
            "patched": its.shown(given), "links": links}


def test_client_has_every_type_that_it_knows(installed, new_project):
    play("types", new_project,
         TYPES=json.dumps({kind: of_type(kind) for kind in KNOWN}))


def test_client_follows_activities(installed, new_project):
    play("activities", new_project)
