"""A provider that fails, hangs, refuses and is down for a day, and kill -9 of
ours all along: of thousands of grants that are let go of, those that live on
at the provider are the ones whose steps are listed as unfinished."""

import queue
import threading
import time

from support.native import items
from support.planted import SOUND, planted, under_test
from support.provider import CLIENT_ID, Provider
from support.raw import Lost, Raw, address_of, request
from support.revocation import connect, register
from support.server import ALLOWED, Server, Store
from support.soak import scaled
from support.wait import eventually
from support.whole import row_faults

DELETIONS = scaled(150, 10000)
KILL_EVERY_S = scaled(0.4, 2)
KILLS_AT_LEAST = scaled(3, 60)
CLIENTS = 4
FAULTS = {"500": 0.12, "429": 0.06, "401": 0.05, "reset": 0.05, "lost": 0.04,
          "hang": 0.01}
HOUR_S = 3600
LATER_S = 7 * HOUR_S  # than any step's next try
DEADLINE_S = scaled(30, 300)
PLANTED_DELETIONS, PLANTED_DEADLINE_S = 150, 2
PLANTS = ["forget_what_was_claimed", "believe_every_answer",
          "end_a_shared_grant"]


class Leaving:
    """Connections whose grants are to be ended, some that stay, and a
    provider's app whose secret is wrong, so that its grants never end."""

    def __init__(self, store, provider, count):
        self.store, self.provider = store, provider
        self.offset_s = 0
        self.kills = 0
        self.server = Server(store, options=ALLOWED)
        self.stuck, self.staying = set(), set()  # tokens
        self.token_of = {}  # connection -> token, of what is to go
        self.queue = queue.SimpleQueue()
        self.gone = set()  # connections
        self.refused = []
        self._register()
        for number in range(count):
            self._prepare(number)

    def _register(self):
        register(self.server.project, self.provider.url)
        project = self.server.project
        project.ampersand.post(f"/projects/{project.name}/provider-apps", {
            "provider": "close", "clientId": CLIENT_ID,
            "clientSecret": "another", "metadata": {"providerParams": {
                "revocationUrl": f"{self.provider.url}/revoke"}}}) \
            .must_be(200)

    def _prepare(self, number):
        """Of ten, one is of the refused app, one shares its grant with a
        connection that stays, and beside one is another that stays."""
        project, token = self.server.project, self.provider.issue()
        name = "close" if number % 10 == 0 else "box"
        made = connect(project, token, name)
        self.token_of[made["id"]] = token
        self.queue.put(made["id"])
        if name == "close":
            self.stuck.add(token)
        if number % 10 == 1:
            connect(project, token)
            self.staying.add(token)
        if number % 10 == 2:
            other = self.provider.issue()
            connect(project, other)
            self.staying.add(other)

    def restart(self, later_s):
        """After a kill; so much later by the clock."""
        self.server.kill()
        self.kills += 1
        self.offset_s += later_s
        self.server = Server(self.store, self.offset_s, ALLOWED)

    def let_go(self, seconds):
        """For so long; then it is killed."""
        clients = [threading.Thread(target=self._ask) for _ in range(CLIENTS)]
        for one in clients:
            one.start()
        time.sleep(seconds)  # for nothing: kills come by the clock
        self.server.process.kill()
        for one in clients:
            one.join()

    def _ask(self):
        project = self.server.project
        line = Raw(address_of(self.server))
        headers = {"X-Api-Key": project.keys["ampersand"]["apiKey"]}
        while True:
            try:
                its_id = self.queue.get_nowait()
            except queue.Empty:
                return
            try:
                line.send(request(
                    "DELETE",
                    f"/v1/projects/{project.name}/connections/{its_id}",
                    headers))
                answer = line.answer()
            except Lost:  # maybe it is gone: then 404 comes later
                self.queue.put(its_id)
                return
            if answer.status not in (204, 404):
                self.refused.append(answer)
            self.gone.add(its_id)

    def unfinished(self):
        """Tokens of deletions that are listed so."""
        return {self.token_of[one["target"]["id"]] for one in items(
            self.server.project, "/deletions", state="waiting", limit=200)}

    def faults(self):
        """At any time, when all has been asked for. What is listed may have
        been ended, when the provider's answer was lost."""
        unfinished = self.unfinished()  # first: they go on meanwhile
        forgotten = self.provider.live - self.staying - unfinished
        return self.ended() + [f"{one} lives on and is not listed"
                               for one in forgotten]

    def ended(self):
        return [f"{one} was ended, and a connection lives by it"
                for one in self.staying - self.provider.live]


def played(leaving, deadline_s=DEADLINE_S):
    """The whole play; what is wrong, in turn, as sentences."""
    provider = leaving.provider
    provider.rotates = False  # days pass: what stays is kept alive
    provider.faults = dict(FAULTS)
    while leaving.kills < KILLS_AT_LEAST or not leaving.queue.empty():
        leaving.let_go(KILL_EVERY_S)
        provider.is_down = leaving.kills % 8 in (1, 2)
        # by then what failed is due again; a day passes while it is down
        leaving.restart(12 * HOUR_S if provider.is_down else HOUR_S)
        yield from leaving.faults() if leaving.queue.empty() else \
            leaving.ended()
    provider.is_down = False
    provider.faults = {}
    leaving.restart(LATER_S)
    wanted = leaving.staying | leaving.stuck
    try:
        eventually(lambda: provider.live == wanted, "the last grant's end",
                   deadline_s)
        eventually(lambda: leaving.unfinished() == leaving.stuck,
                   "the last step's end", deadline_s)
    except AssertionError as error:
        yield f"{error}: {len(provider.live - wanted)} live on, " \
            f"{len(wanted - provider.live)} do not"
    yield from leaving.faults()
    yield from map(str, leaving.refused)


def test_grants_that_live_on_are_listed(release, all_fired):
    with Provider() as provider, Store() as store:
        leaving = Leaving(store, provider, DELETIONS)
        try:
            found = list(played(leaving))
            assert not found, "\n".join(found)
            assert leaving.gone == set(leaving.token_of)
        finally:
            leaving.server.kill()
        assert not row_faults(store)
        all_fired("failing provider", [*FAULTS, "down", "kill"],
                  provider.fired | {"kill": leaving.kills})


def catches(plant):
    with planted(plant) as binary, under_test(binary), \
            Provider() as provider, Store() as store:
        leaving = Leaving(store, provider, PLANTED_DELETIONS)
        try:
            return any(played(leaving, PLANTED_DEADLINE_S))
        finally:
            leaving.server.kill()


def test_planted_faults_are_caught(release, all_caught):
    assert not catches(SOUND), "this machine is too slow for the deadlines"
    caught = [plant for plant in PLANTS if catches(plant)]
    all_caught("failing provider", PLANTS, caught)
