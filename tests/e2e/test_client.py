"""The client that calls others, against peers that do what they like."""

import email.utils
import json
import socket
import struct
import subprocess
import time

import pytest

from support import cli
from support.caller import call, call_all, words
from support.peer import Peer, certificate, tls_of
from support.wait import eventually

ANSWER_MAX = 1024 * 1024
LARGE = 3 * ANSWER_MAX // 2
SHORT_MS = 400
SOON_US = 10_000_000

# As a URL may spell 127.0.0.1; the unit test has the other ranges.
LOOPBACKS = [
    "127.0.0.1", "127.1", "127.0.1", "2130706433", "0x7f000001",
    "0x7f.0.0.1", "0x7f.1", "0177.0.0.1", "0177.1", "017700000001",
    "127.0.0.01", "localhost", "LOCALHOST", "localhost.", "127.0.0.1.",
    "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::1]", "0.0.0.0", "0", "[::]",
    "[::127.0.0.1]", "[64:ff9b::127.0.0.1]", "[2002:7f00:1::]",
    "%31%32%37.0.0.1", "１２７.0.0.1", "①②⑦.0.0.1",
]


def head(*lines, status="200 OK"):
    return "\r\n".join([f"HTTP/1.1 {status}", *lines, "", ""]).encode()


def whole(body, *lines, status="200 OK"):
    return head(f"Content-Length: {len(body)}", *lines,
                status=status) + body.encode()


def always(answer):
    """A peer that gives this answer to all."""
    return Peer(lambda peer, connection, path: connection.sendall(answer))


def dripping(start, drop):
    """A peer that begins so and goes on with a drop at a time, for ever."""
    def answer(peer, connection, path):
        connection.sendall(start)
        while not peer.closing.wait(0.05):
            connection.sendall(drop)
    return Peer(answer)


def flooding(start, more):
    """The same, as fast as it is taken."""
    def answer(peer, connection, path):
        connection.sendall(start)
        while not peer.closing.is_set():
            connection.sendall(more)
    return Peer(answer)


def url(peer, path="/"):
    return f"http://127.0.0.1:{peer.port}{path}"


def header_of(text, name):
    """The values of a header in a request."""
    lines = text.split("\r\n\r\n")[0].split("\r\n")[1:]
    return [line.split(":", 1)[1].strip() for line in lines
            if line.split(":", 1)[0].lower() == name.lower()]


def test_call_is_sent_and_answered():
    with always(whole('{"a":1}', "Content-Type: application/json",
                      status="201 Created")) as peer:
        answer = call(url(peer, "/a/../b?c=%20d"), method="PATCH",
                      headers=[("X-One", "1"), ("X-Empty", "")], body="hello")
        assert (answer["failure"], answer["status"]) == ("answered", 201)
        assert answer["body"] == '{"a":1}'
        assert answer["type"] == "application/json"
        assert answer["retryAfterUs"] == 0 and answer["tookUs"] > 0
        [request] = peer.requests
        assert request.startswith("PATCH /a/../b?c=%20d HTTP/1.1\r\n")
        assert request.endswith("\r\n\r\nhello")
        assert header_of(request, "X-One") == ["1"]
        assert header_of(request, "X-Empty") == [""]
        assert header_of(request, "User-Agent")[0].startswith("Cleat/")


def test_answer_without_a_body():
    with always(head(status="204 No Content")) as peer:
        answer = call(url(peer), method="DELETE")
        assert (answer["failure"], answer["status"]) == ("answered", 204)
        assert (answer["body"], answer["type"]) == ("", None)
    with always(head("Content-Length: 12345")) as peer:
        answer = call(url(peer), method="HEAD", timeout_ms=5000)
        assert (answer["failure"], answer["length"]) == ("answered", 0)


def test_no_loopback_is_called_without_a_rule():
    with always(whole("secret")) as peer:
        urls = [f"{scheme}://{host}:{peer.port}/" for host in LOOPBACKS
                for scheme in ("http", "https")]
        answers = call_all(urls, allow=())
        assert len(answers) == len(urls)
        for address, answer in zip(urls, answers):
            assert answer["failure"] != "answered", address
            assert answer["body"] == "", address
        # those that curl reads as the loopback are refused by the guard
        blocked = [address for address, answer in zip(urls, answers)
                   if answer["failure"] == "its address may not be called"]
        assert len(blocked) >= 2 * 20, blocked
        assert peer.connections == 0


def test_rule_for_another_range_does_not_help():
    with always(whole("secret")) as peer:
        for cidr in ("10.0.0.0/8", "::/0", "127.0.0.2/32", "128.0.0.0/1"):
            answer = call(url(peer), allow=(cidr,))
            assert answer["failure"] == "its address may not be called", cidr
        assert peer.connections == 0


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "303 See",
                                    "307 Temporary", "308 Permanent"])
def test_redirect_is_not_followed(status):
    with always(whole("elsewhere")) as other, \
            always(whole("", f"Location: {url(other)}", "Refresh: 0; url=/",
                         status=status)) as peer:
        answer = call(url(peer))
        assert answer["status"] == int(status[:3])
        assert (len(peer.requests), other.connections) == (1, 0)


def test_proxies_of_the_environment_do_not_count():
    with always(whole("proxy")) as proxy, always(whole("peer")) as peer:
        env = {name: f"{scheme}://127.0.0.1:{proxy.port}"
               for scheme, names in {
                   "http": ("http_proxy", "https_proxy", "HTTPS_PROXY",
                            "HTTP_PROXY", "all_proxy"),
                   "socks5": ("ALL_PROXY",)}.items() for name in names}
        answer, _ = call_all([url(peer), f"https://127.0.0.1:{peer.port}/"],
                             env=env, timeout_ms=1000)
        assert answer["body"] == "peer"
        assert proxy.connections == 0


def test_environment_and_files_add_nothing(tmp_path):
    (tmp_path / ".netrc").write_text(
        "machine 127.0.0.1 login a password b\ndefault login a password b\n")
    (tmp_path / ".curlrc").write_text('header = "X-Curlrc: 1"\n')
    with always(whole("", "Set-Cookie: a=b; Path=/")) as peer:
        # curl asks before it sends more than a mebibyte
        call_all([url(peer), url(peer)], method="POST", body_size=LARGE,
                 env={"HOME": str(tmp_path), "NETRC": str(tmp_path / ".netrc")})
        assert len(peer.requests) == 2 and peer.connections == 2
        for request in peer.requests:
            for name in ("Authorization", "Cookie", "Expect", "X-Curlrc",
                         "Proxy-Authorization", "Accept-Encoding"):
                assert header_of(request, name) == [], name
            assert request.endswith("\r\n\r\n" + "x" * LARGE)


@pytest.mark.parametrize("address", [
    "http://user@127.0.0.1:{port}/", "http://user:secret@127.0.0.1:{port}/",
    "ftp://127.0.0.1:{port}/", "file:///etc/passwd", "gopher://127.0.0.1/",
    "dict://127.0.0.1:{port}/", "ws://127.0.0.1:{port}/", "", "http://",
    "http://127.0.0.1:{port}/a b", "http://127.0.0.1:{port}/\r\nX-A: b",
    "http://127.0.0.1:99999/", "http://[::1/",
])
def test_bad_url_is_not_called(address):
    with always(whole("called")) as peer:
        answer = call(address.format(port=peer.port))
        assert answer["failure"] == "its address is none"
        assert peer.connections == 0


def test_url_without_slashes_is_no_tls():
    with always(whole("called")) as peer:
        for address in (f"https:{peer.port}/", f"127.0.0.1:{peer.port}"):
            assert call(address, allow=())["failure"] != "answered"
        assert peer.connections == 0


@pytest.mark.parametrize("name, value", [
    ("X-A", "b\r\nX-Evil: 1"), ("X-A", "b\nX-Evil: 1"), ("X-A\r\nX-Evil", "1"),
    ("X A", "b"), ("", "b"), ("X-A", "b\x7f")])
def test_header_cannot_hold_another(name, value):
    with always(whole("called")) as peer:
        answer = call(url(peer), headers=[(name, value)])
        assert answer["failure"] == "its address is none"
        assert peer.connections == 0


def test_method_is_one_word():
    with always(whole("called")) as peer:
        for method in ("", "GET /evil", "GET\r\nX-Evil: 1"):
            answer = call(url(peer), method=method)
            assert answer["failure"] == "its address is none"
        assert peer.connections == 0


def test_answer_of_the_largest_size_is_taken():
    body = "x" * ANSWER_MAX
    with always(whole(body)) as peer:
        answer = call(url(peer))
        assert answer["failure"] == "answered" and answer["body"] == body


@pytest.mark.parametrize("answer", [
    whole("x" * (ANSWER_MAX + 1)),
    head("Content-Length: 99999999999"),
    head("Connection: close") + b"x" * (ANSWER_MAX + 1),
    head("X-Long: " + "x" * 70_000, "Content-Length: 0"),
    head("X-Long: " + "x" * 200_000, "Content-Length: 0"),
    head(*[f"X-{i}: {'y' * 50}" for i in range(1200)], "Content-Length: 0"),
], ids=["length", "said", "until the end", "header", "longer", "headers"])
def test_too_large(answer):
    with always(answer) as peer:
        got = call(url(peer), timeout_ms=20_000)
        assert got["failure"] == "its answer is too large"
        assert (got["status"], got["length"]) == (0, 0)


@pytest.mark.parametrize("start, more", [
    (head("Transfer-Encoding: chunked"), b"400\r\n" + b"x" * 1024 + b"\r\n"),
    (b"HTTP/1.1 200 OK\r\n", b"X-A: " + b"b" * 1000 + b"\r\n"),
    (b"", head(status="103 Early Hints") * 100),
    (b"HTTP/1.1 200 OK\r\nX-A: ", b"x" * 1000),
    (head("Transfer-Encoding: chunked") + b"0\r\n",
     b"X-Trailer: " + b"b" * 1000 + b"\r\n"),
], ids=["chunks", "headers", "interim", "one header", "trailers"])
def test_endless_is_too_large(start, more):
    with flooding(start, more) as peer:
        got = call(url(peer), timeout_ms=20_000)
        assert got["failure"] == "its answer is too large"


@pytest.mark.parametrize("start, drop", [
    (b"", b""), (b"HTTP/1.1 200 OK\r\nX-A: ", b"x"),
    (head("Content-Length: 100000"), b"x"),
    (head("Transfer-Encoding: chunked"), b"1\r\nx\r\n"),
    (b"", head(status="100 Continue")),
], ids=["hangs", "slow headers", "slow body", "slow chunks", "slow interim"])
def test_time_runs_out(start, drop):
    with dripping(start, drop) as peer:
        got = call(url(peer), timeout_ms=SHORT_MS)
        assert got["failure"] == "timed out"
        assert SHORT_MS * 1000 * 0.9 <= got["tookUs"] < SOON_US


def test_handshake_that_hangs_times_out():
    with Peer(lambda peer, connection, path: None) as peer:
        got = call(f"https://127.0.0.1:{peer.port}/", timeout_ms=SHORT_MS)
        assert got["failure"] == "timed out" and got["tookUs"] < SOON_US


def reset(peer, connection, path):
    """Sends a part, and then RST."""
    connection.sendall(head("Content-Length: 100") + b"part")
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
                          struct.pack("ii", 1, 0))
    connection.close()


@pytest.mark.parametrize("answer", [
    reset,
    lambda peer, connection, path: connection.sendall(
        head("Content-Length: 100") + b"part"),
    lambda peer, connection, path: connection.sendall(
        head("Transfer-Encoding: chunked") + b"5\r\nab"),
    lambda peer, connection, path: connection.sendall(
        head("Transfer-Encoding: chunked") + b"zz\r\nab\r\n0\r\n\r\n"),
    lambda peer, connection, path: connection.sendall(b"HTTP/1.1 200 OK\r\nX-"),
    lambda peer, connection, path: connection.sendall(b"HTTP/1.1 204 N\r\n"),
    lambda peer, connection, path: connection.sendall(
        head(status="100 Continue")),
    lambda peer, connection, path: connection.sendall(
        head(status="100 Continue") + b"HTTP/1.1 200 OK\r\n"),
    lambda peer, connection, path: connection.sendall(b"only a body"),
    lambda peer, connection, path: None,
], ids=["reset", "short", "short chunk", "bad chunk", "headers",
        "no headers", "interim", "after interim", "HTTP/0.9", "nothing"])
def test_half_an_answer_is_none(answer):
    with Peer(answer) as peer:
        got = call(url(peer), timeout_ms=20_000)
        assert got["failure"] == "no whole answer"
        assert (got["status"], got["length"]) == (0, 0)


def test_nobody_listens():
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        port = nobody.getsockname()[1]
        got = call(f"http://127.0.0.1:{port}/")
        assert got["failure"] == "no connection"


@pytest.mark.usefixtures("resolver")
def test_name_that_is_none_has_no_address():
    got = call("https://no-such-name.invalid/", timeout_ms=20_000)
    assert got["failure"] == "its name has no address"


def test_certificate_of_its_own_is_refused(tmp_path):
    tls = tls_of(certificate(tmp_path, "localhost"))
    with Peer(lambda peer, connection, path: connection.sendall(
            whole("secret")), tls=tls) as peer:
        got = call(f"https://localhost:{peer.port}/", headers=[("X-Key", "k")],
                   allow=("127.0.0.0/8", "::1/128"),
                   env={"SSL_CERT_FILE": str(tmp_path / "localhost.pem"),
                        "CURL_CA_BUNDLE": str(tmp_path / "localhost.pem")})
        assert got["failure"] == "its certificate does not fit"
        assert peer.connections >= 1 and peer.requests == []


def test_plain_peer_is_no_tls():
    with always(whole("plain")) as peer:
        got = call(f"https://127.0.0.1:{peer.port}/", timeout_ms=SHORT_MS)
        assert got["failure"] in ("the TLS handshake failed", "timed out")
        assert peer.connections == 1 and peer.requests == []


def test_both_forms_of_retry_after():
    date = email.utils.formatdate(time.time() + 600, usegmt=True)
    past = email.utils.formatdate(time.time() - 600, usegmt=True)
    for said, least, most in [("120", 120, 120), ("0", 0, 0), (date, 570, 601),
                              (past, 0, 0), ("\t 7 ", 7, 7), ("soon", 0, 0)]:
        with always(whole("", f"retry-after:{said}",
                          status="503 Unavailable")) as peer:
            got = call(url(peer))
            assert (got["failure"], got["status"]) == ("answered", 503)
            assert least <= got["retryAfterUs"] / 1e6 <= most, said


def test_stop_ends_calls_under_way():
    """Also when each waits for nothing but an answer: curl's timers of the
    time in which it connects would look for a stop as well."""
    waited = {}

    def wait(peer, connection, path):
        while not peer.closing.wait(0.05):
            waited[connection] = waited.get(connection, 0) + 1

    with Peer(wait) as peer:
        command = words([url(peer)] * 3, threads=16, timeout_ms=60_000)
        with subprocess.Popen(command, stdin=subprocess.PIPE,
                              env=cli.environment(), stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE) as process:
            eventually(lambda: len(waited) == 16 and
                       min(list(waited.values())) >= 20, "16 calls that wait")
            began = time.monotonic()
            out, err = process.communicate(b"\n", timeout=30)
            took = time.monotonic() - began
        assert process.returncode == 0, err.decode()
        answers = [json.loads(line) for line in out.splitlines()]
        assert len(answers) == 48
        assert {got["failure"] for got in answers} == {"stopped"}
        assert took < 5 and len(peer.requests) == 16


def test_threads_share_a_client():
    with always(whole("x" * 1000)) as peer:
        answers = call_all([url(peer)] * 20, threads=16)
        assert len(answers) == 320
        assert {(got["failure"], got["length"]) for got in answers} == {
            ("answered", 1000)}
