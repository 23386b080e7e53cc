"""A request whose end could be read in two ways is refused, and what follows
it on the connection is never served."""
import socket

import pytest

NEXT = b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"

AMBIGUOUS = {
    "length and encoding": b"Content-Length: 5\r\n"
                           b"Transfer-Encoding: chunked\r\n",
    "two lengths": b"Content-Length: 5\r\nContent-Length: 0\r\n",
    "space before the colon": b"Content-Length : 5\r\n",
    "another encoding": b"Transfer-Encoding: gzip, chunked\r\n",
    "folded length": b"Content-Length:\r\n 5\r\n",
    "folded encoding": b"Transfer-Encoding:\r\n chunked\r\n",
    "two hosts": b"Host: y\r\n",
}


@pytest.mark.parametrize("headers", AMBIGUOUS.values(), ids=AMBIGUOUS)
def test_nothing_after_an_ambiguous_request_is_served(server, headers):
    port = int(server.base.rpartition(":")[2])
    with socket.create_connection(("127.0.0.1", port), timeout=10) as one:
        one.sendall(b"POST /oauth2/token HTTP/1.1\r\nHost: x\r\n" + headers
                    + b"\r\nabcde" + NEXT)
        answer = b""
        try:
            while more := one.recv(4096):
                answer += more
        except ConnectionResetError:
            pass  # closed with our next request unread
    assert answer.count(b"HTTP/1.1 ") == 1, answer
    assert answer.startswith(b"HTTP/1.1 400 ")
    assert b"connection: close" in answer.lower()


def test_a_nul_byte_does_not_cut_the_target(server):
    port = int(server.base.rpartition(":")[2])
    with socket.create_connection(("127.0.0.1", port), timeout=10) as one:
        one.sendall(b"GET /healthz\0/else HTTP/1.1\r\nHost: x\r\n\r\n")
        answer = one.recv(4096)
    assert answer.startswith(b"HTTP/1.1 400 "), answer
    assert b"NUL" in answer
