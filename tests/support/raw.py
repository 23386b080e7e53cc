"""One TCP connection: sends bytes as they are, reads answers to the letter.

What `requests` would tidy up on its way out, a test of framing must be able to
send; and a test that counts answers must see each one, and where they end."""

import dataclasses
import json
import socket
import struct

TIMEOUT_S = 20
CHUNK = 1 << 16


class Lost(Exception):
    """The connection ended before, or within, an answer."""


@dataclasses.dataclass
class Answer:
    status: int
    headers: dict  # by lower-case name
    body: bytes

    @property
    def closes(self):
        return self.headers.get("connection", "").lower() == "close"

    @property
    def document(self):
        return json.loads(self.body.decode("utf-8")) if self.body else None


def address_of(server):
    host, port = server.base.removeprefix("http://").rsplit(":", 1)
    return host, int(port)


class Raw:
    """`answer()` waits TIMEOUT_S at most: a hang is the test's failure."""

    def __init__(self, address, timeout_s=TIMEOUT_S):
        self.socket = socket.create_connection(address, timeout_s)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.got = b""

    def send(self, data):
        """As much as it takes: a server that refuses may close early."""
        try:
            self.socket.sendall(data)
        except (BrokenPipeError, ConnectionResetError):
            pass

    def abort(self):
        """With a reset, so that the server hears of it at once."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
                               struct.pack("ii", 1, 0))
        self.close()

    def answer(self, has_body=True):
        """The next one; Lost when there is none or not all of it. False of
        `has_body` is for HEAD."""
        while b"\r\n\r\n" not in self.got:
            self._more()
        head, self.got = self.got.split(b"\r\n\r\n", 1)
        lines = head.decode("ascii").split("\r\n")
        version, status, _ = lines[0].split(" ", 2)
        assert version == "HTTP/1.1", lines[0]
        headers = {}
        for line in lines[1:]:
            name, value = line.split(":", 1)
            headers[name.lower()] = value.strip()
        return Answer(int(status), headers,
                      self._body(int(status), headers) if has_body else b"")

    def _body(self, status, headers):
        if status in (204, 304) or status < 200:
            return b""
        length = int(headers["content-length"])
        while len(self.got) < length:
            self._more()
        body, self.got = self.got[:length], self.got[length:]
        return body

    def _more(self):
        try:
            more = self.socket.recv(CHUNK)
        except (ConnectionResetError, BrokenPipeError) as error:
            raise Lost(str(error)) from error
        if not more:
            raise Lost("the connection ended")
        self.got += more

    def rest(self):
        """All that still comes until the server ends the connection."""
        try:
            while True:
                self._more()
        except Lost:
            rest, self.got = self.got, b""
            return rest

    def close(self):
        self.socket.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


def request(method, path, headers=(), document=None, host="localhost"):
    """The bytes of a well-formed request."""
    body = b"" if document is None else json.dumps(document).encode()
    lines = [f"{method} {path} HTTP/1.1", f"Host: {host}",
             *(f"{name}: {value}" for name, value in dict(headers).items())]
    if document is not None:
        lines += ["Content-Type: application/json",
                  f"Content-Length: {len(body)}"]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body
