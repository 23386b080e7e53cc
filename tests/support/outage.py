"""A database fails under a server's load: what it answers meanwhile, and how
soon it serves again."""

import collections
import itertools
import random
import time

import requests

from support.ampersand import new_integration
from support.customers import SLOTS, Shown, faults, settle
from support.load import Crowd
from support.server import Server, Store, at

CLIENTS = 8
CALLERS = 7  # not a multiple of what each asks in turn
ANSWERS = 5, 60  # of a cycle, before it fails
BACK_S = 5  # after the database is, service is
SEED = 12


class Outage:
    """Customers of one server, which is not restarted, on a database that
    fails: `cluster` has its url, kill() and start()."""

    def __init__(self, cluster):
        self.cluster = cluster
        self.store = Store(cluster.url)
        self.random = random.Random(SEED)
        first = Server(self.store)
        self.crowd = Crowd([new_integration(first.project)["id"]
                            for _ in range(SLOTS)], CLIENTS, SEED)
        self.crowd.on_busy = self._note_busy
        first.stop()
        self.busy = collections.Counter()  # 503s, by their Retry-After

    def serve(self):
        self.server = Server(self.store)
        self.probe = self.server.create_project("probe")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if hasattr(self, "server") and not self.server.is_over:
            self.server.kill()
        self.store.remove()

    def _note_busy(self, answer):
        self.busy[answer.headers.get("retry-after")] += 1

    def until_answer(self, act):
        """Runs the crowd, and `act` in the middle; what was refused."""
        return self.crowd.run(self.server.project, at(
            self.random.randint(*ANSWERS), lambda _: act()))

    def seconds_until_back(self):
        """Until both a read and a change are answered as ever."""
        began = time.monotonic()
        project = self.probe
        with requests.Session() as session:
            session.headers["X-Api-Key"] = project.keys["ampersand"]["apiKey"]
            base = f"{self.server.base}/v1/projects/{project.name}"
            while time.monotonic() < began + 60:
                got = session.get(f"{base}/integrations", timeout=30)
                made = session.post(f"{base}/connections:generate", json={
                    "groupRef": "back", "consumerRef": "back",
                    "provider": "stripe", "apiKey": "k"}, timeout=30)
                if (got.status_code, made.status_code) == (200, 201):
                    return time.monotonic() - began
                assert {got.status_code, made.status_code} <= {200, 201, 503}
                time.sleep(0.05)
        raise AssertionError("it did not come back")

    def callers(self):
        """Sessions of who asks all the time: enough that each of the server's
        threads has some."""
        made = [requests.Session() for _ in range(CALLERS)]
        for session in made:
            session.headers["X-Api-Key"] = \
                self.server.project.keys["ampersand"]["apiKey"]
            assert session.get(f"{self.server.base}/readyz",
                               timeout=30).status_code == 200
        return made

    def slowest_refusal(self, callers, until):
        """Of the store's own question, a read and a change of each caller,
        over and over; in seconds. All are clear 503s."""
        slowest = 0
        base = self.server.base
        path = f"{base}/v1/projects/{self.server.project.name}"
        asked = itertools.cycle([("GET", f"{base}/readyz"),
                                 ("GET", f"{path}/integrations"),
                                 ("DELETE", f"{path}/connections/none")])
        for session in itertools.cycle(callers):
            if time.monotonic() > until:
                return slowest
            answer = session.request(*next(asked), timeout=30)
            assert answer.status_code == 503, answer.text
            assert answer.headers["Retry-After"] == "1"
            slowest = max(slowest, answer.elapsed.total_seconds())
            time.sleep(0.02)

    def compare(self):
        shown = Shown(self.server.project)
        found = faults(self.crowd, shown)
        if not found:
            settle(self.crowd, shown)
        return found

    def kill_once(self):
        """What is wrong, as sentences."""
        refused = self.until_answer(self.cluster.kill)
        self.cluster.start()
        took = self.seconds_until_back()
        if took > BACK_S:
            refused.append(f"back after {took:.1f} s")
        return refused or self.compare()
