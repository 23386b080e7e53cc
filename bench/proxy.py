#!/usr/bin/env python3
"""Measures calls that are passed on, against a bare relay to the same server.

usage: proxy.py [ROUNDS [SECONDS]]     after make build; a run of its own
"""

import contextlib
import json
import os
import pathlib
import statistics
import sys
import tempfile

sys.dont_write_bytecode = True

import load_cleat  # noqa: E402
import servers  # noqa: E402
import tools  # noqa: E402
from servers import running  # noqa: E402

CLIENTS = 32
PATH = "/proxy/things"
BODY_BYTES = 1300  # about one record of a provider's
PROVIDER = {"bench": {
    "name": "bench", "displayName": "Bench", "authType": "apiKey",
    "baseURL": "{{.workspace}}", "defaultModule": "",
    "apiKeyOpts": {"attachmentType": "header",
                   "header": {"name": "X-Key", "valuePrefix": "Key "}},
    "support": {"bulkWrite": {"insert": False, "update": False,
                              "upsert": False, "delete": False},
                "proxy": True, "read": False, "subscribe": False,
                "write": False, "delete": False,
                "search": {"operators": {"equals": False}}}}}


def install(cleat, upstream):
    """An installation whose calls go there: the headers that name it."""
    project = "/v1/projects/my-project"
    content = {"provider": "bench", "proxy": {"enabled": True}}

    def make(path, body):
        return load_cleat.call(cleat.address, cleat.key, "POST",
                               project + path, body)

    connection = make("/connections:generate", {
        "provider": "bench", "groupRef": "org", "consumerRef": "user",
        "providerWorkspaceRef": f"http://{upstream.address}",
        "apiKey": "bench-key"})
    [integration] = load_cleat.call(
        cleat.address, cleat.key, "PUT", f"{project}/integrations:batch",
        {"sourceYaml": """
specVersion: "1.0.0"
integrations:
  - name: passed
    provider: bench
    proxy:
      enabled: true
"""})
    made = make(f"/integrations/{integration['id']}/installations", {
        "groupRef": "org", "connectionId": connection["id"],
        "config": {"content": content}})
    return ["X-Amp-Proxy-Version: 1", "X-Amp-Project-Id: my-project",
            f"X-Amp-Installation-Id: {made['id']}"]


class Passing:
    """Cleat, and a relay, in front of the same server."""

    def __init__(self, folder, stack):
        body = folder / "record.json"
        body.write_text(json.dumps({"name": "x" * (BODY_BYTES - 12)}))
        catalog = folder / "catalog.json"
        catalog.write_text(json.dumps(PROVIDER))
        upstream = stack.enter_context(
            running(servers.Upstream(body, folder)))
        self.relay = stack.enter_context(
            running(servers.Relay(upstream, folder)))
        self.cleat = stack.enter_context(running(servers.Cleat(
            folder / "passing", ["--allow-http", "127.0.0.0/8",
                                 "--catalog", catalog])))
        self.headers = install(self.cleat, upstream)
        for server, headers in self.both():
            got = tools.load(server.address, PATH, key=server.key,
                             headers=headers)
            assert got["requests"] == 1

    def both(self):
        return (self.relay, ()), (self.cleat, self.headers)

    def measure(self, seconds, note):
        """note(what, value): calls a second, and how busy the core was."""
        for server, headers in self.both():
            name = "relay" if server is self.relay else "cleat"
            cpu_s = server.cpu_s()
            got = tools.load(server.address, PATH, key=server.key,
                             clients=CLIENTS, seconds=seconds,
                             headers=headers)
            note(f"{name} passed on", got["per_s"])
            note(f"{name} passed on, busy",
                 (server.cpu_s() - cpu_s) / got["seconds"])


def main():
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    seconds = float(sys.argv[2]) if len(sys.argv) > 2 else 3
    figures = {}
    tools.build()
    with tempfile.TemporaryDirectory(
            prefix="cleat-bench-",
            dir=os.environ.get("BENCH_TMP", "/var/tmp")) as tmp, \
            contextlib.ExitStack() as stack:
        passing = Passing(pathlib.Path(tmp), stack)
        passing.measure(seconds / 3, lambda *_: None)
        for _ in range(rounds):
            passing.measure(seconds, lambda what, value: figures.setdefault(
                what, []).append(value))
    for what, values in figures.items():
        print(f"{what}: {statistics.median(values):,.2f} "
              f"({min(values):,.2f}-{max(values):,.2f})")
    ratio = statistics.median(figures["cleat passed on"]) \
        / statistics.median(figures["relay passed on"])
    print(f"ratio: {ratio:.2f}")


if __name__ == "__main__":
    main()
