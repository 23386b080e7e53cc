"""A network between two programs that can be cut: calls to `url` go on to the
target, until `cut()`; what is on its way then waits, and comes late, as it
does in a network.

    cut.heal()               all that waited goes on
    cut.heal(holds=True)     new calls go on, those that waited do not yet
    cut.deliver()            now they do, the newest first
"""

import contextlib
import socket
import threading

CHUNK = 65536
TICK_S = 0.05
ANSWER_S = 10


class Cut:

    def __init__(self):
        self.target = None  # (host, port), once it is known
        self._lock = threading.Lock()
        self._whole = threading.Event()
        self._whole.set()
        self._waiting, self._held = [], []  # guarded by _lock
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self):
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self.heal()

    def to(self, base):
        """Calls go on to http://HOST:PORT."""
        host, port = base.removeprefix("http://").split(":")
        self.target = host, int(port)

    def cut(self):
        self._whole.clear()

    def heal(self, holds=False):
        with self._lock:
            waiting, self._waiting = self._waiting, []
            if holds:
                self._held += waiting
            self._whole.set()
        for line in waiting if not holds else ():
            line.gate.set()

    def deliver(self):
        """What was held comes, and is answered before the next; the calls, by
        their first lines."""
        with self._lock:
            held, self._held = self._held, []
        return [line.replay(self.target) for line in reversed(held)
                if line.early]

    def waits(self):
        """First lines of the calls that wait."""
        with self._lock:
            return [line.name for line in self._waiting if line.early]

    def _accept(self):
        while True:
            try:
                caller, _ = self._listener.accept()
            except OSError:
                return
            line = _Line(caller)
            with self._lock:
                if not self._whole.is_set():
                    self._waiting.append(line)
                else:
                    line.gate.set()
            threading.Thread(target=line.serve, args=(self,),
                             daemon=True).start()

    def wait_until_whole(self):
        self._whole.wait()


class _Line:
    """One call's connection; `early` is what came while it waited."""

    def __init__(self, caller):
        self.caller = caller
        self.early = b""
        self.gate = threading.Event()

    @property
    def name(self):
        return self.early.split(b" HTTP/", 1)[0].decode("latin-1")

    def serve(self, cut):
        self._listen_until_it_goes_on()
        try:
            called = socket.create_connection(cut.target, ANSWER_S)
            called.settimeout(None)
            called.sendall(self.early)
        except OSError:
            self.caller.close()
            return
        for pair in (self.caller, called), (called, self.caller):
            threading.Thread(target=_pump, args=(cut, *pair),
                             daemon=True).start()

    def _listen_until_it_goes_on(self):
        self.caller.settimeout(TICK_S)
        while not self.gate.is_set():
            try:
                data = self.caller.recv(CHUNK)
            except TimeoutError:
                continue
            except OSError:
                data = b""
            self.early += data
            if not data:
                self.gate.wait()
        with contextlib.suppress(OSError):
            self.caller.settimeout(None)

    def replay(self, target):
        """Its caller may be gone long since; or it gets the answer."""
        with contextlib.suppress(OSError), \
                socket.create_connection(target, ANSWER_S) as called:
            called.sendall(self.early)
            answer = called.recv(CHUNK)
            self.caller.sendall(answer)
        self.caller.close()
        return self.name


def _pump(cut, source, sink):
    with contextlib.suppress(OSError):
        while data := source.recv(CHUNK):
            cut.wait_until_whole()
            sink.sendall(data)
    cut.wait_until_whole()
    with contextlib.suppress(OSError):
        sink.shutdown(socket.SHUT_WR)
