"""An HTTP server on loopback, for what the server under test calls, and
faults that its calls meet as they are ordered."""

import collections
import random
import socket
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

HANG_S = 40


class Handler(BaseHTTPRequestHandler):
    """A connection of who calls. The methods that are taken are `called`,
    which reads the body and leaves the rest to `serve`."""

    protocol_version = "HTTP/1.1"

    @property
    def listener(self):
        return self.server.listener

    def log_message(self, *_):
        pass

    def called(self):
        length = int(self.headers.get("Content-Length", 0))
        self.body = self.rfile.read(length).decode()
        self.serve()

    def serve(self):
        raise NotImplementedError

    def answer(self, status, body=b"", headers=None):
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def break_off(self):
        self.close_connection = True
        self.connection.close()

    def is_left(self):
        """The caller is gone."""
        try:
            flags = socket.MSG_PEEK | socket.MSG_DONTWAIT
            return not self.connection.recv(1, flags)
        except BlockingIOError:
            return False
        except OSError:
            return True

    def hang(self):
        """Nothing is said until the caller gives up."""
        self.listener.is_over.wait(HANG_S)
        self.close_connection = True


class Listener:
    """Listens at `url` until it is left; calls go to this kind of handler."""

    def __init__(self, handler):
        self.is_over = threading.Event()
        self._server = _Server(("127.0.0.1", 0), handler)
        self._server.listener = self
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, args=(0.02,),
                         daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.is_over.set()
        self._server.shutdown()
        self._server.server_close()


class Failing(Listener):
    """`faults` has the share of calls that meet each fault, by its name.
    `schedule` has those of the next calls, before any share counts; None is
    no fault. `is_down` is "reset" for all. `fired` counts what was met."""

    def __init__(self, handler, seed):
        self.faults = {}
        self.schedule = []
        self.is_down = False
        self.fired = collections.Counter()
        self._random = random.Random(seed)
        self._lock = threading.RLock()
        super().__init__(handler)

    def fault(self, without=()):
        """The fault that this call meets, or None; it counts as fired. The
        call meets none of `without`."""
        with self._lock:
            if self.is_down:
                self.fired["down"] += 1
                return "reset"
            name = self._ordered()
            if name is None or name in without:
                return None
            self.fired[name] += 1
            return name

    def _ordered(self):
        if self.schedule:
            return self.schedule.pop(0)
        roll = self._random.random()
        for name, share in self.faults.items():
            if roll < share:
                return name
            roll -= share
        return None


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def handle_error(self, request, client_address):
        """Who called is killed now and then."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)
