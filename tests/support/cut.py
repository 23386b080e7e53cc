"""A network between two programs that can be cut: calls to `url` go on to the
target, until `cut()`; what is on its way then waits, and comes late, after
`heal()`, as it does in a network."""

import contextlib
import socket
import threading

CHUNK = 65536
TICK_S = 0.2


class Cut:

    def __init__(self):
        self.target = None  # (host, port), once it is known
        self._whole = threading.Event()
        self._whole.set()
        self._over = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._over.set()
        self._whole.set()
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def to(self, base):
        """Calls go on to http://HOST:PORT."""
        host, port = base.removeprefix("http://").split(":")
        self.target = host, int(port)

    def cut(self):
        self._whole.clear()

    def heal(self):
        self._whole.set()

    def _accept(self):
        while not self._over.is_set():
            try:
                caller, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(caller,),
                             daemon=True).start()

    def _serve(self, caller):
        self._whole.wait()
        try:
            called = socket.create_connection(self.target, 5)
        except OSError:
            caller.close()
            return
        called.settimeout(None)
        for pair in (caller, called), (called, caller):
            threading.Thread(target=self._pump, args=pair,
                             daemon=True).start()

    def _pump(self, source, sink):
        with contextlib.suppress(OSError):
            while data := source.recv(CHUNK):
                self._whole.wait()
                sink.sendall(data)
        self._whole.wait()  # nor does its end get through
        for one in source, sink:
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()
