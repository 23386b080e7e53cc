"""SIGTERM under load: every request that was taken gets its answer."""

import signal
import socket
import threading

from support.ampersand import (CONFIG, installations, new_connection,
                               new_integration)
from support.http import Stranger
from support.names import unique
from support.planted import planted_server
from support.project import Project
from support.raw import Lost, Raw, address_of, request
from support.server import at
from support.wait import eventually

CLIENTS = 32
WRITES_BEFORE = 100
PLANTS = ["stop_without_draining"]


class Client(threading.Thread):
    """Asks on one connection until an answer says that it closes; every
    other client writes."""

    def __init__(self, project, writes, on_write):
        super().__init__()
        self.project, self.writes, self.on_write = project, writes, on_write
        self.raw = Raw(address_of(project.server))
        self.sent = self.answered = 0
        self.made = []
        self.fault = None

    def run(self):
        try:
            while not self._ask().closes:
                pass
            if self.raw.rest():
                self.fault = "more came after the last answer"
        except Lost:
            self.fault = f"request {self.sent} got no answer"
        except Exception as error:
            self.fault = repr(error)
        finally:
            self.raw.close()

    def _ask(self):
        base = f"/v1/projects/{self.project.name}"
        key = {"X-Api-Key": self.project.keys["ampersand"]["apiKey"]}
        self.sent += 1
        if self.writes:
            self.raw.send(request("POST", f"{base}/api-keys", key, {
                "label": unique("under load")}))
        else:
            self.raw.send(request("GET", f"{base}/installations", key))
        answer = self.raw.answer()
        assert answer.status == (201 if self.writes else 200), answer
        if self.writes:
            self.made.append(answer.document["key"])
            self.on_write()
        self.answered += 1
        return answer


def handles(project):
    keys = project.ampersand.get(f"/projects/{project.name}/api-keys") \
        .must_be(200).body
    return {key["key"] for key in keys}


def stop_under_load(server):
    """The clients, when all have ended."""
    enough = threading.Event()
    on_write = at(WRITES_BEFORE, enough.set)
    clients = [Client(server.project, number % 2 == 0, on_write)
               for number in range(CLIENTS)]
    for client in clients:
        client.start()
    try:
        assert enough.wait(20)
        server.stop()
    finally:
        for client in clients:
            client.join()
    return clients


def test_every_request_under_load_gets_its_answer(server_factory):
    server = server_factory()
    clients = stop_under_load(server)
    assert not [client.fault for client in clients if client.fault]
    assert all(client.sent == client.answered for client in clients)

    later = server_factory(server.store)
    there = handles(Project(later, server.store.keys))
    made = [key for client in clients for key in client.made]
    assert len(made) >= WRITES_BEFORE and len(set(made)) == len(made)
    # the handle is the beginning of the key
    assert not [key for key in made if key[:len(next(iter(there)))]
                not in there]


def catches(plant):
    with planted_server(plant) as server:
        try:
            return any(client.fault for client in stop_under_load(server))
        except AssertionError:
            return True  # it did not end as it should


def test_planted_faults_are_caught(all_caught):
    caught = [plant for plant in PLANTS if catches(plant)]
    all_caught("SIGTERM", PLANTS, caught)


def refuses_connections(server):
    try:
        socket.create_connection(address_of(server), 1).close()
    except (ConnectionRefusedError, ConnectionResetError):
        return True
    except TimeoutError:
        pass  # its first packet met the port as it closed: ask again
    return False


def begin_stopping(server):
    server.process.send_signal(signal.SIGTERM)
    eventually(lambda: refuses_connections(server), "a closed port")


def test_request_that_is_half_sent_is_served(server_factory):
    server = server_factory()
    project = server.project
    integration, connection = new_integration(project), \
        new_connection(project)
    whole = request(
        "POST", f"/v1{installations(project, integration['id'])}",
        {"X-Api-Key": project.keys["ampersand"]["apiKey"]},
        {"groupRef": connection["group"]["groupRef"],
         "connectionId": connection["id"], "config": {"content": CONFIG}})
    with Raw(address_of(server)) as raw:
        raw.send(whole[:-20])
        eventually(lambda: b"ok" in _healthz(server), "a served request")
        begin_stopping(server)
        raw.send(whole[-20:])
        answer = raw.answer()
        assert answer.status == 201 and answer.closes, answer
        assert raw.rest() == b""
    server.stop()
    later = Project(server_factory(server.store), server.store.keys)
    later.ampersand.get(
        f"{installations(later, integration['id'])}/"
        f"{answer.document['id']}").must_be(200, answer.document)


def _healthz(server):
    return Stranger(server).get("/healthz").content


def test_server_that_stops_is_healthy_but_not_ready(server_factory):
    server = server_factory()
    with Raw(address_of(server)) as raw, Raw(address_of(server)) as open_one:
        raw.send(request("GET", "/readyz"))
        assert raw.answer().status == 200
        open_one.send(request("POST", "/oauth2/token", {}, {"x": 1})[:-2])
        eventually(lambda: b"ok" in _healthz(server), "a served request")
        begin_stopping(server)
        raw.send(request("GET", "/readyz"))
        answer = raw.answer()
        assert answer.status == 503 and answer.closes, answer
        open_one.send(b"1}")
        assert open_one.answer().status == 400
    server.stop()


def test_idle_connections_do_not_hold_it_up(server_factory):
    server = server_factory()
    idle = [Raw(address_of(server)) for _ in range(20)]
    try:
        for raw in idle[:10]:
            raw.send(request("GET", "/healthz"))
            assert raw.answer().status == 200
        server.process.send_signal(signal.SIGTERM)
        server.process.wait(5)
        for raw in idle:
            assert raw.rest() == b""
    finally:
        for raw in idle:
            raw.close()
    server.stop()


def test_interrupt_stops_it_too(server_factory):
    server = server_factory()
    server.process.send_signal(signal.SIGINT)
    assert server.process.wait(5) == 0
    server.stop()
