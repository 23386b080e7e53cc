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

from support.listener import Handler, Listener

HANG = "hang"


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


class Receiver(Listener):

    def __init__(self, answer=None):
        self.answer = answer or (lambda message: 200)
        self.messages = []
        self._attempts = {}
        self._lock = threading.Lock()
        super().__init__(_Handler)
        self.url += "/hook"

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


class _Handler(Handler):

    do_POST = Handler.called

    def serve(self):
        headers = {name.lower(): value
                   for name, value in self.headers.items()}
        message = self.listener.take(self.path, headers, self.body)
        said = self.listener.answer(message)
        if said == HANG:
            return self.hang()
        message.status, more = said if isinstance(said, tuple) else (said, {})
        return self.answer(message.status, headers=more)
