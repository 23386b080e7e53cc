#!/usr/bin/env python3
"""How fast a large integration is let go of, and what others feel of it.

usage: offboard.py [INSTALLATIONS] [SECONDS]

Three integrations of one project, each with INSTALLATIONS (100000) that use a
connection each, are planned, then deleted: one while nothing else is done, one while another
project reads for SECONDS (3), one while it writes. Each deletion must still
run when the time is over, or the figures say so: then SECONDS is to be less.
A second server, with --batch-over so high that nothing is done in batches,
shows what one transaction costs.
"""

import json
import pathlib
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request

import load_cleat
import servers
import tools

GROUPS = 2000  # of the other project
CLIENTS = 8
PLANS = 11
WAYS = {"batches": (), "one transaction": ("--batch-over", "1000000")}


class Offboarding(servers.Cleat):
    """A server with a second project, the neighbour."""

    def prepare(self, integrations, installations):
        self.fill(integrations, installations)
        made = subprocess.check_output([
            self.folder / "cleat", "project", "create", "--store",
            f"sqlite:{self.folder}/cleat.db", "neighbour"])
        self.neighbour = json.loads(made)["ampersand"]["apiKey"]
        self.groups = self.folder / "neighbours.tsv"
        self.groups.write_text(
            "".join(f"x\torg_{n}\n" for n in range(GROUPS)))
        tools.load(
            self.address, "/v1/projects/neighbour/connections:generate",
            key=self.neighbour, method="POST", body=load_cleat.CONNECTION,
            status=201, clients=CLIENTS, lines=self.groups)

    def begin(self, integration):
        """Milliseconds until the answer, and where the receipt is."""
        began = time.perf_counter()
        request = urllib.request.Request(
            f"http://{self.address}/v1/projects/my-project/integrations/"
            f"{integration}", method="DELETE",
            headers={"X-Api-Key": self.key})
        with urllib.request.urlopen(request) as answer:
            deletion = answer.headers["Cleat-Deletion"]
        took = (time.perf_counter() - began) * 1e3
        return took, f"/cleat/v1/projects/my-project/deletions/{deletion}"

    def plans(self, integration):
        """Milliseconds until each of some plans of deleting it."""
        for _ in range(PLANS):
            began = time.perf_counter()
            planned = load_cleat.call(
                self.address, self.key, "POST",
                "/cleat/v1/projects/my-project/deletions:plan",
                {"target": {"kind": "integration", "id": integration}})
            assert planned["planToken"]
            yield (time.perf_counter() - began) * 1e3

    def runs(self, receipt):
        return load_cleat.call(
            self.address, self.key, "GET", receipt)["state"] == "running"

    def neighbour_does(self, what, seconds):
        path = "/cleat/v1/projects/neighbour/groups/{2}"
        named = {"method": "PATCH", "body": '{"name": "Another"}'} \
            if what == "writes" else {}
        return tools.load(
            self.address, path, key=self.neighbour, status=200,
            clients=CLIENTS, seconds=seconds, lines=self.groups, **named)


def measure(server, integrations, installations, seconds):
    took_ms = sorted(server.plans(integrations[0]))
    print(f"{server.name}: planned in {took_ms[PLANS // 2]:.0f} ms "
          f"({took_ms[0]:.0f}-{took_ms[-1]:.0f})", flush=True)
    answered, receipt = server.begin(integrations[0])
    began = time.perf_counter()
    while server.runs(receipt):
        time.sleep(0.01)
    took = time.perf_counter() - began + answered / 1e3
    print(f"{server.name}: answered in {answered:.1f} ms, done in {took:.2f} "
          f"s: {installations / took:,.0f} installations/s", flush=True)
    for what, integration in zip(("reads", "writes"), integrations[1:]):
        alone = server.neighbour_does(what, seconds)
        beside, has_ended = beside_deletion(server, what, integration, seconds)
        print(f"{server.name}: neighbour's {what}: alone {line_of(alone)}; "
              f"beside {line_of(beside)}"
              f"{' (it ended sooner)' if has_ended else ''}", flush=True)


def beside_deletion(server, what, integration, seconds):
    """What the neighbour's requests took, and whether the deletion had ended
    before they did. It begins when they have begun: one transaction answers
    when all is done."""
    receipts = []
    deleting = threading.Timer(
        seconds / 10, lambda: receipts.append(server.begin(integration)[1]))
    deleting.start()
    beside = server.neighbour_does(what, seconds)
    has_ended = bool(receipts) and not server.runs(receipts[0])
    deleting.join()
    while server.runs(receipts[0]):
        time.sleep(0.05)
    return beside, has_ended


def line_of(figures):
    return (f"{figures['per_s']:,.0f}/s, p50 {figures['p50_us'] / 1e3:.2f}, "
            f"p99 {figures['p99_us'] / 1e3:.2f}, "
            f"max {figures['max_us'] / 1e3:.1f} ms")


def main():
    installations = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    seconds = float(sys.argv[2]) if len(sys.argv) > 2 else 3
    tools.build()
    for way, options in WAYS.items():
        with tempfile.TemporaryDirectory(prefix="cleat-offboard-",
                                         dir="/var/tmp") as folder:
            server = Offboarding(pathlib.Path(folder) / way, options)
            try:
                server.prepare(3, installations)
                measure(server, server.integrations, installations, seconds)
            finally:
                server.stop()


if __name__ == "__main__":
    main()
