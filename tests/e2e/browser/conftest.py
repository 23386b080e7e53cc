"""Debian's Chromium with a page of another origin, and a server that lets that
page call. Run by `make check-browser`."""

import json
import os
import signal
import subprocess

import pytest

from support import cli, npm
from support.server import ALLOWED, die_with_parent

RUN_S = 180


class Page:
    """A script of tests/e2e/clients/react that shows a page and does what a
    person would. Chromium ends with it, by the pipe between them, and its files
    go with the folder."""

    def __init__(self, script, folder):
        self.process = subprocess.Popen(
            ["node", f"{script}.mjs"], cwd=npm.installed("react"),
            env=cli.environment(TMPDIR=str(folder), HOME=str(folder)),
            start_new_session=True, preexec_fn=die_with_parent,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        self.origin = json.loads(self.process.stdout.readline())["origin"]

    def show(self, project, **shown):
        """Waits for the script's end, which must be a good one."""
        said, _ = self.process.communicate(json.dumps({
            "server": project.server.base, "project": project.name,
            "groupRef": "acme", "groupName": "Acme", "consumerRef": "jane",
            "consumerName": "Jane", **shown}), RUN_S)
        assert self.process.returncode == 0, said

    def stop(self):
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.communicate()


@pytest.fixture
def page(request, folder):
    """Of the script that the test names: @pytest.mark.parametrize(page)."""
    opened = Page(request.param, folder)
    yield opened
    opened.stop()


@pytest.fixture
def project(page, server_factory):
    """Its server lets the page's origin call, and may call providers here."""
    return server_factory(
        options=(*ALLOWED, "--allow-origin", page.origin)).project
