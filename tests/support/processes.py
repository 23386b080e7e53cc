"""Several servers of one store, as behind a balancer, and what customers do
at all of them at once: let go of grants, and cause events."""

import concurrent.futures
import random
import time

import requests

from support.names import unique
from support.project import Project
from support.raw import Lost, Raw, address_of, request
from support.server import Server
from support.wait import eventually
from support.whole import rows_of

SHARE_THAT_STAYS = 0.2


class Processes:

    def __init__(self, store, count, options=()):
        self.store, self.options = store, options
        self.servers = []
        for _ in range(count):
            self.add()
        self.held = set()  # ids: what jobs were of that the killed may have had

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for one in self.servers:
            if not one.is_over:
                one.kill()

    def _start(self, clock_offset_s=0):
        return Server(self.store, clock_offset_s, self.options)

    def add(self):
        self.servers.append(self._start())

    def projects(self, keys):
        """The project of these keys at each of them."""
        return [Project(one, keys) for one in self.servers]

    def kill(self, number):
        """Its last commit may be under way."""
        self.servers[number].kill()
        self.note_held()

    def note_held(self):
        self.held |= {row[0].hex() for row in rows_of(
            self.store, "SELECT subject_id FROM job WHERE state = 'running'")}

    def restart(self, number):
        self.servers[number] = self._start()
        self.note_held()

    def restart_all(self, clock_offset_s):
        """They agree on the time."""
        for one in self.servers:
            one.kill()
        self.note_held()
        self.servers[:] = [self._start(clock_offset_s)
                           for _ in self.servers]

    def stop(self):
        for one in self.servers:
            one.stop()


class Customers:
    """Who call any of the servers, each time another one."""

    def __init__(self, processes, keys, seed):
        self.processes = processes
        self.keys = keys
        self.name = keys["project"]["name"]
        self.random = random.Random(seed)
        self.refused = []
        self.busy = 0  # 503s

    def send(self, wanted, method, path, document=None):
        """The answer; None when it is unknown what was done."""
        server = self.random.choice(self.processes.servers)
        headers = {
            "X-Api-Key": self.keys["ampersand"]["apiKey"],
            "Authorization":
                f"Bearer {self.keys['gorules']['personalAccessToken']}"}
        if path.startswith("/v1/"):
            del headers["Authorization"]
        try:
            with Raw(address_of(server)) as line:
                line.send(request(method, path, headers, document))
                answer = line.answer()
        except (ConnectionError, Lost):
            return None
        if answer.status == 503:
            self.busy += 1
            return None
        if answer.status != wanted:
            self.refused.append(f"{method} {path}: {answer}")
            return None
        return answer

    def projects(self):
        return self.processes.projects(self.keys)


class Grant:
    """Of one connection; `way` is its provider's name."""

    def __init__(self, token, way):
        self.token, self.way = token, way
        self.ref = unique("grant")
        self.connection = None  # once it is known
        self.is_asked = self.is_gone = False


class Grants(Customers):
    """`make(way)` is a grant at the provider: (refresh token, access token)."""

    def __init__(self, processes, keys, seed, make, ways):
        super().__init__(processes, keys, seed)
        self.make, self.ways = make, ways
        self.all = []

    def play(self, count):
        for _ in range(count):
            self._play_once(self.random.choice(self.ways))

    def _play_once(self, way):
        refresh, access = self.make(way)
        one = Grant(refresh, way)
        self.all.append(one)
        made = self.send(201, "POST",
                         f"/v1/projects/{self.name}/connections:generate", {
                             "provider": way, "groupRef": one.ref,
                             "consumerRef": one.ref,
                             "oauth2AuthorizationCode": {
                                 "accessToken": access,
                                 "refreshToken": {"token": refresh}}})
        if not made:
            return
        one.connection = made.document["id"]
        if self.random.random() < SHARE_THAT_STAYS:
            return
        one.is_asked = True
        path = f"/v1/projects/{self.name}/connections/{one.connection}"
        one.is_gone = self.send(204, "DELETE", path) is not None

    def faults(self, project):
        """What this server shows and should not, or does not and should."""
        shown = {one["id"] for one in project.ampersand.get(
            f"/projects/{project.name}/connections").must_be(200).body}
        for one in self.all:
            if one.is_gone and one.connection in shown:
                yield f"{one.ref} was let go of and is shown"
            if one.connection and not one.is_asked \
                    and one.connection not in shown:
                yield f"{one.ref} is lost"


class Groups(Customers):
    """Each is an event, told to the project's destinations."""

    def __init__(self, processes, keys, seed):
        super().__init__(processes, keys, seed)
        self.acknowledged = set()

    def play(self, count):
        for _ in range(count):
            ref = unique("group")
            if self.send(201, "POST",
                         f"/cleat/v1/projects/{self.name}/groups",
                         {"ref": ref}):
                self.acknowledged.add(ref)


class Follower:
    """Waits at one server for what is changed at another one."""

    WAIT_S = 20

    def __init__(self, processes, keys):
        self.processes, self.keys = processes, keys
        self.path = f"/projects/{keys['project']['name']}"
        self.cursor = None
        while self._page(0)["items"]:
            pass

    def _page(self, at, **more):
        query = {"limit": 200, **more}
        if self.cursor:
            query["cursor"] = self.cursor
        page = Project(self.processes.servers[at], self.keys).native.get(
            f"{self.path}/events", query).must_be(200).body
        self.cursor = page["followCursor"]
        return page

    def seconds(self, waits_at, changes_at, before_change=lambda: None):
        """From the change to the answer of who waits; at most WAIT_S."""
        with concurrent.futures.ThreadPoolExecutor(1) as pool:
            waiting = pool.submit(self._page, waits_at, wait=self.WAIT_S)
            server = self.processes.servers[waits_at]
            eventually(lambda: _waits_at(server), "it waits")
            before_change()
            began = time.monotonic()
            Project(self.processes.servers[changes_at], self.keys) \
                .native.post(f"{self.path}/groups", {"ref": unique("told")}) \
                .must_be(201)
            waiting.result()
            return time.monotonic() - began


def _waits_at(server):
    text = requests.get(f"{server.base}/metrics", timeout=10).text
    return int(text.split("\ncleat_event_waits ")[1].split()[0])
