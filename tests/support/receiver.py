"""A receiver of webhooks: what came, in the order in which it came, and faults
as they are asked for.

    with Receiver() as receiver:
        receiver.answer = lambda message: 500 if message.number == 0 else 200
        ...
        assert [one.id for one in receiver.messages] == [...]

`answer` gives a status, (status, headers), or HANG: then nothing is said until
the caller gives up."""

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

HANG = "hang"
HANG_S = 40


class Message:
    """`number` is how many came before it, `attempt` how many of its id."""

    def __init__(self, number, attempt, path, headers, body):
        self.number, self.attempt, self.path = number, attempt, path
        self.headers, self.body = headers, body
        self.came_at = time.monotonic()
        self.status = None

    @property
    def id(self):
        return self.headers["webhook-id"]

    @property
    def document(self):
        return json.loads(self.body)

    @property
    def type(self):
        return self.document["notificationType"]

    @property
    def data(self):
        return self.document["data"]


class Receiver:

    def __init__(self, answer=None):
        self.answer = answer or (lambda message: 200)
        self.messages = []
        self._attempts = {}
        self._lock = threading.Lock()
        self._stop = threading.Event()
        receiver = self

        class Handler(_Handler):
            pass

        Handler.receiver = receiver
        self._server = _Server(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/hook"
        threading.Thread(target=self._server.serve_forever, args=(0.02,),
                         daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._stop.set()
        self._server.shutdown()
        self._server.server_close()

    @property
    def accepted(self):
        """The ids that were answered with a success."""
        with self._lock:
            return {one.id for one in self.messages
                    if one.status and one.status // 100 == 2}

    def firsts(self):
        """The first try of each, in the order in which they came."""
        with self._lock:
            return [one for one in self.messages if one.attempt == 0]

    def take(self, path, headers, body):
        with self._lock:
            attempt = self._attempts.get(headers.get("webhook-id"), 0)
            self._attempts[headers.get("webhook-id")] = attempt + 1
            message = Message(len(self.messages), attempt, path, headers,
                              body)
            self.messages.append(message)
        return message

    def wait(self):
        self._stop.wait(HANG_S)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def handle_error(self, *_):
        """A sender that is killed breaks off: that is what is tested."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    receiver = None

    def log_message(self, *_):
        pass

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        headers = {name.lower(): value
                   for name, value in self.headers.items()}
        message = self.receiver.take(self.path, headers, body.decode())
        said = self.receiver.answer(message)
        if said == HANG:
            self.receiver.wait()
            self.close_connection = True
            return
        status, more = said if isinstance(said, tuple) else (said, {})
        message.status = status
        self.send_response(status)
        self.send_header("Content-Length", "0")
        for name, value in more.items():
            self.send_header(name, value)
        self.end_headers()
