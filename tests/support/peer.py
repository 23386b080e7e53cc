"""A server that calls are made to, of bare sockets: it may answer anything.

What it answers is a function of the connection and the request's path, so that
a test can break off, drip or hang where it likes."""

import contextlib
import socket
import ssl
import subprocess
import threading


class Peer:
    """Listens on `address` until closed; `requests` are what came, as text,
    and `connections` how often somebody connected."""

    def __init__(self, answer, address="127.0.0.1", port=0, tls=None):
        self.answer, self.tls = answer, tls
        self.requests, self.connections = [], 0
        self.closing = threading.Event()
        self._open, self._lock = [], threading.Lock()
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        self._listener = socket.socket(family)
        self._listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._listener.bind((address, port))
        self._listener.listen(64)
        self.port = self._listener.getsockname()[1]
        self._threads = [threading.Thread(target=self._accept)]
        self._threads[0].start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.closing.set()
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        with self._lock:
            for connection in self._open:
                with contextlib.suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(timeout=20)
            assert not thread.is_alive(), "a connection does not end"
        self._listener.close()

    def _accept(self):
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            with self._lock:
                self.connections += 1
                self._open.append(connection)
            thread = threading.Thread(target=self._serve, args=(connection,))
            self._threads.append(thread)
            thread.start()

    def _serve(self, connection):
        # what a client does to a connection is what the test looks at
        with contextlib.suppress(OSError, ssl.SSLError), connection:
            if self.tls:
                connection = self.tls.wrap_socket(connection,
                                                  server_side=True)
            text = _read_request(connection)
            if text:
                self.requests.append(text)
                self.answer(self, connection, text.split(" ", 2)[1])


def _read_request(connection):
    taken = b""
    while b"\r\n\r\n" not in taken:
        more = connection.recv(65536)
        if not more:
            return ""
        taken += more
    head, body = taken.split(b"\r\n\r\n", 1)
    length = 0
    for line in head.split(b"\r\n")[1:]:
        name, value = line.split(b":", 1)
        if name.lower() == b"content-length":
            length = int(value)
    while len(body) < length:
        more = connection.recv(65536)
        if not more:
            break
        body += more
    return (head + b"\r\n\r\n" + body).decode("latin-1")


def certificate(folder, name, ca=None, names=""):
    """The files of a new key and a certificate: its own, or signed by the files
    `ca`, and then for `names`, with ",DNS:" between them."""
    key, cert = folder / f"{name}.key", folder / f"{name}.pem"
    words = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
             "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", str(key),
             "-out", str(cert), "-days", "1", "-subj", f"/CN={name}"]
    if ca:
        words += ["-CA", str(ca[1]), "-CAkey", str(ca[0]),
                  "-addext", "basicConstraints=CA:FALSE",
                  "-addext", f"subjectAltName=DNS:{names}"]
    done = subprocess.run(words, capture_output=True, text=True, timeout=60,
                          check=False)
    assert done.returncode == 0, done.stderr
    return key, cert


def tls_of(files):
    """What a Peer needs to speak TLS with these files."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(files[1], files[0])
    return context
