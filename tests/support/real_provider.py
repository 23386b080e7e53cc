"""Real servers of OAuth 2.0 from npm, which agree to everything at once."""

import json
import subprocess

from support import npm


class Real:
    """A package of tests/e2e/clients that runs."""

    def __init__(self, name, *words):
        self.process = subprocess.Popen(
            ["node", "server.mjs", *words], cwd=npm.installed(name),
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL)
        self.said = json.loads(next(line for line in self.process.stdout
                                    if line.startswith(b"{")))
        self.url = self.said["issuer"].replace("localhost", "127.0.0.1")

    def next_status(self, status):
        self.process.stdin.write(f"{status}\n".encode())
        self.process.stdin.flush()

    def stop(self):
        self.process.stdin.close()
        self.process.wait(10)


def register(project, name, url, client=("client", "secret"), **paths):
    """The project's app at the provider `name`, which is at `url`."""
    project.ampersand.post(f"/projects/{project.name}/provider-apps", {
        "provider": name, "clientId": client[0], "clientSecret": client[1],
        "scopes": ["openid", "offline_access"], "metadata": {
            "authQueryParams": {"prompt": ["consent"]},
            "providerParams": {key: url + path
                               for key, path in paths.items()}}}) \
        .must_be(200)
