"""Servers that speak the protocols of Apinizer's targets, as their documents
have it, or badly. Each speaks with a connection until it is done."""

import base64
import socket
import struct
import threading

from support.peer import Peer

USER, PASSWORD = "jane", "canary-sesame"
PLAIN = f"\0{USER}\0{PASSWORD}".encode()


class Speaker(Peer):
    """speak(connection) with each who connects; what it raises is a peer that
    hangs up. `heard` is what `take` has read of all."""

    def __init__(self, speak, **named):
        self.heard = b""
        super().__init__(lambda peer, connection, path: speak(connection),
                         **named)

    def _serve(self, connection):
        self.current = connection
        try:
            if self.tls:
                connection = self.tls.wrap_socket(connection,
                                                  server_side=True)
            self.answer(self, connection, None)
        except OSError:
            pass
        finally:
            connection.close()


def take(connection, length):
    taken = b""
    while len(taken) < length:
        more = connection.recv(length - len(taken))
        if not more:
            raise OSError("hung up")
        taken += more
    return taken


def line(connection):
    taken = b""
    while not taken.endswith(b"\r\n"):
        taken += take(connection, 1)
    return taken.decode().strip()


# Faults.

def silent(connection):
    """Until the other side has enough."""
    while connection.recv(4096):
        pass


def cut_off(connection):
    connection.close()


def strange(connection):
    connection.sendall(b"\x7fNot what you wanted to hear.\r\n" * 4)
    silent(connection)


def flooding(connection):
    while True:
        connection.sendall(b"220-and on and on it goes\r\n" * 1000)


# Protocols.

def smtp(connection, offers=True):
    """RFC 5321, with AUTH PLAIN (RFC 4954)."""
    say = lambda text: connection.sendall(text.encode() + b"\r\n")
    say("220 mail.example ESMTP")
    while True:
        words = line(connection).split(" ")
        if words[0] == "EHLO":
            say("250-mail.example")
            say("250 AUTH PLAIN" if offers else "250 SIZE 1000")
        elif words[:2] == ["AUTH", "PLAIN"]:
            if len(words) < 3:
                say("334 ")
                words.append(line(connection))
            is_known = base64.b64decode(words[2]) == PLAIN
            say("235 2.7.0 In" if is_known else "535 5.7.8 No")
        elif words[0] == "QUIT":
            say("221 Bye")
            return
        else:
            say("500 What?")


def _amqp_frame(method, body=b""):
    payload = struct.pack(">HH", 10, method) + body
    return struct.pack(">BHI", 1, 0, len(payload)) + payload + b"\xce"


def _amqp_method(connection):
    _, _, length = struct.unpack(">BHI", take(connection, 7))
    payload = take(connection, length + 1)
    return struct.unpack(">HH", payload[:4])[1], payload[4:-1]


def amqp(connection, cuts_off=False):
    """AMQP 0-9-1, 2.2.4; its virtual hosts are / and sales."""
    assert take(connection, 8) == b"AMQP\0\0\x09\x01"
    connection.sendall(_amqp_frame(
        10, b"\0\x09" + struct.pack(">I", 0) + struct.pack(">I", 5) + b"PLAIN"
        + struct.pack(">I", 5) + b"en_US"))
    method, body = _amqp_method(connection)
    assert method == 11
    if PLAIN not in body:
        if not cuts_off:
            connection.sendall(_amqp_frame(
                50, struct.pack(">HB", 403, 2) + b"no" + bytes(4)))
        return
    connection.sendall(_amqp_frame(30, struct.pack(">HIH", 2047, 131072, 60)))
    assert _amqp_method(connection) == (31, struct.pack(">HIH", 2047, 131072,
                                                        60))
    method, body = _amqp_method(connection)
    assert method == 40
    name = body[1:1 + body[0]]
    if name not in (b"/", b"sales"):
        connection.sendall(_amqp_frame(
            50, struct.pack(">HB", 530, 2) + b"no" + bytes(4)))
        return
    connection.sendall(_amqp_frame(41, b"\0"))
    silent(connection)


def _sasl(code, body):
    payload = bytes([0, 0x53, code]) + body
    return struct.pack(">IBBH", len(payload) + 8, 2, 1, 0) + payload


def amqp_1(connection):
    """AMQP 1.0, 2.2 and 5.3."""
    header = take(connection, 8)
    connection.sendall(header)
    if header == b"AMQP\0\1\0\0":
        return silent(connection)
    assert header == b"AMQP\3\1\0\0"
    connection.sendall(_sasl(0x40, b"\xc0\x0a\x01\xe0\x07\x01\xa3\x05PLAIN"))
    length = struct.unpack(">I", take(connection, 4))[0]
    frame = take(connection, length - 4)
    assert frame[4:7] == b"\0\x53\x41"
    code = 0 if frame.endswith(b"\xb0" + struct.pack(">I", len(PLAIN))
                               + PLAIN) else 1
    connection.sendall(_sasl(0x44, bytes([0xc0, 3, 1, 0x50, code])))
    return silent(connection)


def _text(connection):
    """A string of OpenWire: there or not, its length, its bytes."""
    if take(connection, 1) == b"\0":
        return None
    [length] = struct.unpack(">H", take(connection, 2))
    return take(connection, length).decode()


def openwire(connection):
    """ActiveMQ's OpenWire, version 1, loose."""
    frame = (b"\x01ActiveMQ" + struct.pack(">I", 12) + b"\x01"
             + struct.pack(">I", 4) + struct.pack(">I", 0))
    connection.sendall(struct.pack(">I", len(frame)) + frame)
    [length] = struct.unpack(">I", take(connection, 4))
    assert take(connection, length).startswith(b"\x01ActiveMQ")
    # a broker tells who it is, asked or not
    connection.sendall(struct.pack(">I", 6) + b"\x02" + bytes(5))
    [length] = struct.unpack(">I", take(connection, 4))
    assert take(connection, 6) == b"\x03" + struct.pack(">IB", 1, 1)
    assert take(connection, 2) == b"\x01\x78"
    _text(connection), _text(connection)
    password, user = _text(connection), _text(connection)
    assert take(connection, 3) == bytes(3)
    kind = 30 if (user, password) == (USER, PASSWORD) else 31
    answer = bytes([kind]) + struct.pack(">IBI", 2, 0, 1)
    connection.sendall(struct.pack(">I", len(answer)) + answer)
    silent(connection)


def kafka(connection, mechanism=b"PLAIN"):
    """ApiVersions 0, SaslHandshake 1, SaslAuthenticate 0."""
    while True:
        [length] = struct.unpack(">I", take(connection, 4))
        request = take(connection, length)
        key, version, number, client = struct.unpack(">HHIH", request[:10])
        body = request[10 + client:]
        if (key, version) == (18, 0):
            answer = struct.pack(">hihhh", 0, 1, 18, 0, 3)
        elif (key, version) == (17, 1):
            is_known = body[2:] == mechanism
            answer = struct.pack(">hi", 0 if is_known else 33, 1) + \
                struct.pack(">h", len(mechanism)) + mechanism
        elif (key, version) == (36, 0):
            code = 0 if body == struct.pack(">I", len(PLAIN)) + PLAIN else 58
            answer = struct.pack(">hhi", code, -1, -1)
        else:
            return
        connection.sendall(struct.pack(">II", len(answer) + 4, number)
                           + answer)


def mysql(connection):
    """Protocol::HandshakeV10, as far as it is looked at."""
    payload = b"\x0a8.0.36\0" + bytes(60)
    connection.sendall(struct.pack("<I", len(payload))[:3] + b"\0" + payload)
    silent(connection)


def refusing_mysql(connection):
    payload = b"\xff" + struct.pack("<H", 1040) + b"Too many connections"
    connection.sendall(struct.pack("<I", len(payload))[:3] + b"\0" + payload)


def sql_server(connection):
    """MS-TDS 2.2.6.5: a prelogin's answer is of the type of a table."""
    head = take(connection, 8)
    assert head[:2] == b"\x12\x01"
    take(connection, struct.unpack(">H", head[2:4])[0] - 8)
    data = b"\0" + struct.pack(">HH", 6, 6) + b"\xff" + bytes(6)
    connection.sendall(struct.pack(">BBHHBB", 4, 1, 8 + len(data), 0, 1, 0)
                       + data)
    silent(connection)


def mongodb(connection):
    """OP_MSG, in answer to the request's number."""
    head = take(connection, 16)
    length, number, _, opcode = struct.unpack("<iiii", head)
    assert opcode == 2013
    body = take(connection, length - 16)
    assert body[4:5] == b"\0" and b"hello" in body
    document = struct.pack("<i", 5) + b"\0"
    connection.sendall(struct.pack("<iiii", 21 + len(document), 7, number,
                                   2013) + bytes(5) + document)
    silent(connection)


def _ber(tag, *parts):
    body = b"".join(parts)
    assert len(body) < 128
    return bytes([tag, len(body)]) + body


def _ldap_request(connection):
    """The message's number (RFC 4511, 4.1.1); short ones are enough here."""
    tag, length = take(connection, 2)
    assert tag == 0x30 and length < 128
    body = take(connection, length)
    assert body[:2] == b"\x02\x01"
    return body[2:3]


def referring_ldap(to, by_entry):
    """A directory that takes any bind, and sends who searches elsewhere."""
    url = _ber(0x04, to.encode())

    def speak(connection):
        number = _ber(0x02, _ldap_request(connection))
        connection.sendall(_ber(0x30, number, _ber(
            0x61, b"\x0a\x01\x00\x04\x00\x04\x00")))
        number = _ber(0x02, _ldap_request(connection))
        if by_entry:
            connection.sendall(_ber(0x30, number, _ber(0x73, url)) + _ber(
                0x30, number, _ber(0x65, b"\x0a\x01\x00\x04\x00\x04\x00")))
        else:
            connection.sendall(_ber(0x30, number, _ber(
                0x65, b"\x0a\x01\x0a\x04\x00\x04\x00", _ber(0xa3, url))))
        silent(connection)
    return speak


def http(status, *lines):
    """A server that answers all with this."""
    def speak(connection):
        while line(connection):
            pass
        connection.sendall("\r\n".join(
            [f"HTTP/1.1 {status} X", "Content-Length: 0", *lines, "", ""])
            .encode())
    return speak


class Datagrams:
    """answer(datagram) of UDP: None is silence. `heard` is what came."""

    def __init__(self, answer=lambda datagram: None):
        self.heard = []
        self._answer = answer
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        self._thread = threading.Thread(target=self._work)
        self._thread.start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as last:
            last.sendto(b"end", ("127.0.0.1", self.port))
        self._thread.join(timeout=20)
        self._socket.close()

    def _work(self):
        while True:
            datagram, sender = self._socket.recvfrom(65536)
            if datagram == b"end":
                return
            self.heard.append(datagram)
            answer = self._answer(datagram)
            if answer is not None:
                self._socket.sendto(answer, sender)


def free_port():
    """Where nobody listens; for TCP and UDP."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]
