"""However many connections have a request at the same instant, each is
answered: libmicrohttpd's loop waits for more when it gets just as many events
as it asked for (128), unless it is woken."""
import os
import select
import signal
import socket
import time

REQUEST = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"
SOON_S = 5


def ask_at_once(server, sockets):
    """How many are not answered soon, when the server finds all requests
    waiting at the same moment."""
    os.kill(server.process.pid, signal.SIGSTOP)
    for one in sockets:
        one.sendall(REQUEST)
    os.kill(server.process.pid, signal.SIGCONT)
    waiting, until = set(sockets), time.monotonic() + SOON_S
    while waiting and time.monotonic() < until:
        for one in select.select(list(waiting), [], [], 0.5)[0]:
            assert one.recv(4096).startswith(b"HTTP/1.1 200")
            waiting.discard(one)
    return len(waiting)


def test_every_number_of_requests_at_once_is_answered(server_factory):
    server = server_factory()
    port = int(server.base.rpartition(":")[2])
    sockets = []
    try:
        for _ in range(330):
            sockets.append(socket.create_connection(
                ("127.0.0.1", port)))
            if len(sockets) >= 120:
                assert ask_at_once(server, sockets) == 0, len(sockets)
    finally:
        for one in sockets:
            one.close()
