"""A request whose end could be read in two ways is refused, and what follows
it on the connection is never served."""
import socket

import pytest

from support.raw import Raw, address_of

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
    "no name": b": x\r\n",
    "folded name": b"Content-Lengt: 5\r\n h\r\n",
    "NUL": b"Content-Length: 5\x00000\r\n",
    "line feed": b"X: y\nContent-Length: 5\r\n",
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


def test_blanks_around_a_value_are_no_part_of_it(server):
    key = server.project.keys["ampersand"]["apiKey"]
    with Raw(address_of(server)) as one:
        for head in "", "X: \t\r\n", "X:\r\n":
            one.send(f"GET /v1/projects HTTP/1.1\r\nHost: x\r\n{head}"
                     f"X-Api-Key: \t{key} \t\r\n\r\n".encode())
            assert one.answer().status == 200, head


def test_line_of_8_kib_is_read(server):
    line = "GET /healthz?{} HTTP/1.1"
    query = "x" * (8192 - len(line.format("")))
    with Raw(address_of(server)) as one:
        one.send(request_of(line.format(query)))
        assert one.answer().status == 200
        one.send(request_of(line.format(query + "x")))
        assert one.answer().status == 414


def test_headers_that_arrive_byte_by_byte_are_read(server):
    whole = request_of("GET /healthz HTTP/1.1", *(
        f"X-{number}: {'y' * 300}" for number in range(90)))
    with Raw(address_of(server)) as one:
        for start in range(len(whole)):
            one.send(whole[start:start + 1])
        assert one.answer().status == 200
        one.send(whole + whole)
        assert [one.answer().status, one.answer().status] == [200, 200]


def request_of(line, *headers):
    return "\r\n".join([line, "Host: x", *headers, "", ""]).encode()
