"""Who may call is remembered for a moment, where several processes share a
store. A token that another process has revoked is refused within a second,
whether or not this one hears of it."""

import contextlib
import os
import signal
import time

import pytest
import requests

from support.cluster import Cluster
from support.server import Server, Store

pytestmark = pytest.mark.postgres

WITHIN_S = 1


class Caller:
    """One token, asked for again and again."""

    def __init__(self, store, server):
        self.store, self.project = store, store.keys["project"]["name"]
        self.token = store.create_token(self.project, "ampersand")
        self.session = requests.Session()
        self.url = f"{server.base}/v1/projects/{self.project}/integrations"

    def status(self):
        return self.session.get(self.url, headers={
            "X-Api-Key": self.token["token"]}).status_code

    def is_refused_in_time(self):
        """Each thread of the server has been asked, and remembers."""
        for _ in range(50):
            assert self.status() == 200
        self.store.revoke_token(self.project, self.token["id"])
        end = time.monotonic() + WITHIN_S
        while time.monotonic() < end:
            self.status()
        return {self.status() for _ in range(50)} == {401}


@pytest.fixture
def cluster():
    with Cluster() as made:
        yield made


@pytest.fixture
def served(cluster):
    with Store(cluster.url) as store:
        server = Server(store)
        yield store, server
        server.stop()


@contextlib.contextmanager
def deaf(cluster):
    """The server's listener hears nothing, and does not know."""
    found = cluster.sql("SELECT pid FROM pg_stat_activity WHERE "
                        "application_name = 'cleat listener' AND query IN "
                        "('LISTEN cleat', 'SELECT 1')").split()
    assert len(found) == 1
    os.kill(int(found[0]), signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(int(found[0]), signal.SIGCONT)


def test_revoked_token_is_refused(served):
    assert Caller(*served).is_refused_in_time()


def test_revoked_token_is_refused_by_who_does_not_hear_of_it(cluster, served):
    with deaf(cluster):
        assert Caller(*served).is_refused_in_time()


def test_revoked_token_is_refused_by_who_was_cut_off(cluster, served):
    cluster.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE application_name LIKE 'cleat%'")
    caller = Caller(*served)
    while caller.status() != 200:
        pass
    assert caller.is_refused_in_time()
