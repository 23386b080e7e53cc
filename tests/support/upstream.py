"""A provider's API, for calls that are passed on to it: it keeps what it was
sent, and says what it is told to.

    with Upstream() as upstream:
        upstream.answer = lambda call: (200, {"X-Own": "1"}, b"...")

A body that is an iterator is sent in chunks as it comes; None for an answer
hangs until the caller gives up."""

import hashlib

from support.listener import Handler, Listener

BLOCK = 64 * 1024


class Call:
    """`body` is kept up to one block; `length` and `digest` are of all.
    `port` says by which connection it came."""

    def __init__(self, method, path, headers, port):
        self.method, self.path, self.headers = method, path, headers
        self.port = port
        self.body, self.length = b"", 0
        self._hash = hashlib.sha256()

    def take(self, block):
        self.body += block[:BLOCK - len(self.body)]
        self.length += len(block)
        self._hash.update(block)

    @property
    def digest(self):
        return self._hash.hexdigest()

    def header(self, name):
        return self.headers.get(name)


class Upstream(Listener):

    def __init__(self):
        self.answer = lambda call: (200, {}, b"ok")
        self.calls = []
        self.left = 0  # of those that hung
        self.closes = False  # after each answer, without a word
        super().__init__(_Handler)
        self.url += "/base"

    @property
    def last(self):
        return self.calls[-1]


class _Handler(Handler):

    def called(self):
        call = Call(self.command, self.path, self.headers,
                    self.client_address[1])
        for block in self._blocks():
            call.take(block)
        self.listener.calls.append(call)
        answer = self.listener.answer(call)
        if answer is None:
            return self._hang()
        self._send(*answer)
        if self.listener.closes:
            self.close_connection = True

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = called
    do_HEAD = do_OPTIONS = do_PURGE = called

    def _blocks(self):
        if self.headers.get("Transfer-Encoding") == "chunked":
            while size := int(self.rfile.readline(), 16):
                yield self.rfile.read(size)
                self.rfile.readline()
            self.rfile.readline()
            return
        left = int(self.headers.get("Content-Length", 0))
        while left:
            block = self.rfile.read(min(left, BLOCK))
            left -= len(block)
            yield block

    def _hang(self):
        while not self.listener.is_over.wait(0.05):
            if self.is_left():
                self.listener.left += 1
                break
        self.close_connection = True

    def _send(self, status, headers, body):
        self.send_response(status)
        for name, value in headers if isinstance(headers, list) \
                else headers.items():
            self.send_header(name, value)
        if isinstance(body, bytes):
            if status != 204:
                self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)
            return
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        for block in body:
            self.wfile.write(b"%x\r\n%b\r\n" % (len(block), block))
        self.wfile.write(b"0\r\n\r\n")
