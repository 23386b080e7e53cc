"""Many who ask for a token that has expired, at one moment."""

import concurrent.futures
import threading

import requests

from support.authority import path_of
from support.native import items
from support.server import ALLOWED, Server
from support.wait import eventually

CALLERS = 64
HOUR_S = 3600
TIMEOUT_S = 30


class Rounds:
    """A connection of a store whose clock goes on by an hour with each
    restart; its tokens live for one."""

    def __init__(self, store, authority, connection_id, offset_s=0):
        self.store, self.authority = store, authority
        self.connection_id, self.offset_s = connection_id, offset_s
        self.server = None
        self._is_up = threading.Event()

    def restart(self, later_s=HOUR_S + 1):
        """So much later by the clock."""
        if self.server and not self.server.is_over:
            self.server.kill()
        self._is_up.clear()
        self.offset_s += later_s
        self.server = Server(self.store, self.offset_s, ALLOWED)
        self._is_up.set()
        return self.server.project

    def until_all_wait(self, count=CALLERS):
        """As `between`: the provider answers when so many wait for it."""
        self._is_up.wait()
        eventually(lambda: f"cleat_event_waits {count}\n" in requests.get(
            f"{self.server.base}/metrics", timeout=TIMEOUT_S).text,
            f"{count} who wait")

    def kill(self):
        """From whatever thread: the server that runs, or is about to."""
        self._is_up.wait()
        self.server.process.kill()

    def ask_all(self, count=CALLERS, servers=None, **query):
        """[(status, body)] of all, who begin together."""
        servers = servers or [self.server]
        barrier = threading.Barrier(count)
        query = {"refresh": "ifExpired", "includeCreds": "true", **query}

        def ask(number):
            project = servers[number % len(servers)].project
            barrier.wait()
            reply = project.ampersand.get(
                path_of(project, self.connection_id), query)
            return reply.status, reply.body

        with concurrent.futures.ThreadPoolExecutor(count) as pool:
            return list(pool.map(ask, range(count)))


def token_in(body):
    return body["oauth2AuthorizationCode"]["accessToken"]["token"]


def stale(authority, answers):
    """Answers that are no token that lives at the provider, as sentences."""
    alive = authority.live_tokens()
    for status, body in answers:
        if status != 200:
            yield f"{status}: {body.get('detail')}"
        elif token_in(body) not in alive:
            yield "a stale token"


def used_twice(authority):
    return sorted({one for one in authority.used
                   if authority.used.count(one) > 1})


def events(project, kind):
    return [one for one in items(project, "/events", limit=200)
            if one["type"] == kind]
