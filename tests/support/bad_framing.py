"""Requests that are framed badly: that can be read in two ways, are too long,
are no requests at all, or differ from one in a few bytes. All made from lists
and a seed; `tests/fuzz` sends them."""

import random

SEED = 1

# Each can be read as one request or as two.

AMBIGUOUS = {
    "length and chunked": "Content-Length: {n}|Transfer-Encoding: chunked",
    "chunked and length": "Transfer-Encoding: chunked|Content-Length: {n}",
    "no length and chunked": "Content-Length: 0|Transfer-Encoding: chunked",
    "two lengths": "Content-Length: {n}|Content-Length: 0",
    "two lengths, none first": "Content-Length: 0|Content-Length: {n}",
    "two equal lengths": "Content-Length: {n}|Content-Length: {n}",
    "two lengths apart": "Content-Length: {n}|X-A: b|content-length: 0",
    "a list of lengths": "Content-Length: {n}, 0",
    "a list of equal lengths": "Content-Length: {n}, {n}",
    "a negative length": "Content-Length: -{n}",
    "a length with a plus": "Content-Length: +{n}",
    "a hexadecimal length": "Content-Length: 0x{n}",
    "a length and a word": "Content-Length: {n} bytes",
    "a length with a point": "Content-Length: {n}.0",
    "an empty length": "Content-Length:",
    "a huge length": "Content-Length: 99999999999999999999999",
    "a space before the colon": "Content-Length : {n}",
    "a tab before the colon": "Transfer-Encoding\t: chunked",
    "a space before the first header": " Content-Length: {n}",
    "chunked twice": "Transfer-Encoding: chunked|Transfer-Encoding: chunked",
    "chunked, chunked": "Transfer-Encoding: chunked, chunked",
    "chunked and identity":
        "Transfer-Encoding: chunked|Transfer-Encoding: identity",
    "identity": "Transfer-Encoding: identity",
    "gzip, chunked": "Transfer-Encoding: gzip, chunked",
    "chunked, gzip": "Transfer-Encoding: chunked, gzip",
    "xchunked": "Transfer-Encoding: xchunked",
    "chunkedx": "Transfer-Encoding: chunkedx",
    "Chunked": "Transfer-Encoding: Chunked",
    "chunked in quotes": 'Transfer-Encoding: "chunked"',
    "chunked with a parameter": "Transfer-Encoding: chunked;q=1",
    "a comma before chunked": "Transfer-Encoding: ,chunked",
    "an empty encoding": "Transfer-Encoding:",
    "a vertical tab": "Transfer-Encoding: \x0bchunked",
    "a carriage return within": "X-A: b\rTransfer-Encoding: chunked",
    "a NUL in a name": "Transfer-Encoding\0: chunked",
    "a folded length": "Content-Length:|\t{n}",
    "a folded length, two numbers": "Content-Length: 0| {n}",
    "a folded encoding": "Transfer-Encoding:| chunked",
    "a length in a fold": "X-A: b| Content-Length: {n}",
    "an encoding in a fold": "X-A: b|\tTransfer-Encoding: chunked",
    "a length's name in a fold": "Content-Lengt: {n}| h",
    "a fold of blanks": "X-A: b| |Content-Length: {n}",
    "a line without a name": ": x|Content-Length: {n}",
    "a colon alone": "Content-Length: {n}|:",
    "a NUL behind a length": "Content-Length: 0\0{n}",
    "a NUL at a length's end": "Content-Length: 0\0|X-A: b",
    "a NUL behind chunked": "Transfer-Encoding: chunked\0x",
    "a NUL in another value": "X-A: b\0Transfer-Encoding: chunked",
    "a line feed alone": "X-A: b\nContent-Length: {n}",
    "line feeds alone at the end": "Content-Length: 0\n",
    "a header without a colon": "Content-Length|Content-Length: {n}",
    "an underscore": "Content_Length: {n}|Transfer-Encoding: chunked, a",
    "two hosts": "Host: other|Content-Length: {n}",
    "the same host twice": "Host: localhost|Content-Length: {n}",
}
HOSTS = {
    "no host": "", "a host with a space": "Host: a b\r\n",
    "a host with a path": "Host: a/b\r\n",
    "a host with a user": "Host: a@b\r\n",
    "a list of hosts": "Host: a, b\r\n", "a space after host": "Host : a\r\n",
    "a folded host": "Host:\r\n a\r\n",
    "a host with a NUL": "Host: a\0b\r\n", "a host and LF": "Host: a\n",
}
TARGETS = {
    "a whole URL": "http://localhost/v1/projects", "a star": "*",
    "an authority": "localhost:80", "no slash": "v1/projects",
}
PATHS = ["/oauth2/token", "/v1/projects", "/api/projects",
         "/apiops/auth/token"]


def ambiguous_cases(second):
    """What follows, in three guises, must not be served: `second` is a whole
    request that would leave a trace."""
    for kind, lines in AMBIGUOUS.items():
        for path in PATHS:
            for guise, body in _guises(second):
                head = f"POST {path} HTTP/1.1\r\nHost: localhost\r\n" \
                    + lines.format(n=len(body)).replace("|", "\r\n")
                yield (f"{kind}, {guise}, {path}",
                       head.encode("latin-1") + b"\r\n\r\n" + body + second)
    for kind, line in HOSTS.items():
        for path in PATHS:
            yield f"{kind}, {path}", (f"GET {path} HTTP/1.1\r\n{line}\r\n"
                                      ).encode() + second
    for kind, target in TARGETS.items():
        yield kind, (f"GET {target} HTTP/1.1\r\nHost: localhost\r\n\r\n"
                     ).encode() + second


# Read in one way alone, if not in everybody's: libmicrohttpd skips spaces, and
# its own page answers what it can't read at all.
LENIENT = [
    b"GET /healthz\0 HTTP/1.1\r\nHost: a\r\n\r\n",
    b"GET /heal\0thz HTTP/1.1\r\nHost: a\r\n\r\n",
    b"GE\0T /healthz HTTP/1.1\r\nHost: a\r\n\r\n",
    b"GET  /healthz  HTTP/1.1\r\nHost: a\r\n\r\n",
    b"GET /heal thz HTTP/1.1\r\nHost: a\r\n\r\n",
    b"POST /oauth2/token HTTP/1.1\r\nHost: a\r\nContent-Length: 2 \r\n\r\n{}",
    b"\r\n\r\nGET /healthz HTTP/1.1\r\nHost: a\r\n\r\n",
]


def lenient_cases(second):
    for data in LENIENT:
        yield repr(data[:60]), data
        yield f"{data[:60]!r} and another", data + second


def _guises(second):
    chunk = b"%x\r\n%s\r\n0\r\n\r\n" % (len(second), second)
    return (("before a request", b"{}"), ("as a body", second),
            ("in a chunk", chunk))


def oversized_cases():
    """(what, bytes, statuses)"""
    head = b"GET /v1/projects HTTP/1.1\r\nHost: localhost\r\n"
    around = len("GET /v1/ HTTP/1.1")
    for size in 8193, 9000, 33000, 70000, 300000:
        yield (f"a line of {size}", b"GET /v1/" + b"x" * (size - around)
               + b" HTTP/1.1\r\nHost: localhost\r\n\r\n", (414,))
    for size in 33000, 70000, 300000:
        yield (f"a header of {size}", head + b"X-A: " + b"x" * size
               + b"\r\n\r\n", (431,))
        yield (f"a header's name of {size}", head + b"x" * size
               + b": a\r\n\r\n", (431,))
    for count in 101, 1000, 20000:
        yield (f"{count} headers", head + b"X-A: b\r\n" * count + b"\r\n",
               (431,))
    yield ("a method of 9000", b"X" * 9000 + head[3:] + b"\r\n",
           (400, 405, 414, 431, 501))
    yield ("a length of 17 MiB", b"POST /oauth2/token HTTP/1.1\r\n"
           b"Host: localhost\r\nContent-Length: 17825792\r\n\r\n", (413,))


BROKEN_CHUNKS = [
    b"zz\r\nabc\r\n0\r\n\r\n", b"-1\r\nabc\r\n0\r\n\r\n", b"\r\n\r\n",
    b"0x3\r\nabc\r\n0\r\n\r\n", b"+3\r\nabc\r\n0\r\n\r\n",
    b" 3\r\nabc\r\n0\r\n\r\n", b"3 \r\nabc\r\n0\r\n\r\n",
    b"2\r\nabc\r\n0\r\n\r\n", b"3\r\nabc0\r\n\r\n",
    b"10000000000000003\r\nabc\r\n0\r\n\r\n",
    b"fffffffffffffffffffffffff\r\nabc\r\n0\r\n\r\n",
    b"3\rabc\r\n0\r\n\r\n", b"3\0\r\nabc\r\n0\r\n\r\n",
]
ENDLESS_CHUNKS = [b"3;" + b"x" * 100000 + b"\r\nabc\r\n0\r\n\r\n",
                  b"0" * 100000 + b"3\r\nabc\r\n0\r\n\r\n"]
# A line feed alone ends a line, trailers are skipped, a size is believed.
LENIENT_CHUNKS = [
    b"3\nabc\n0\n\n", b"4\r\nabc\r\n0\r\n\r\n", b"3;a=b\r\nabc\r\n0\r\n\r\n",
    b"3\r\nabc\r\n0\r\nX: y\r\nX : y\r\n\r\n",
    b"ffffffffffffffff\r\nabc\r\n0\r\n\r\n", b"3\r\nab", b"3", b"",
]


def chunk_cases(bodies):
    head = b"POST /oauth2/token HTTP/1.1\r\nHost: localhost\r\n" \
        b"Transfer-Encoding: chunked\r\n\r\n"
    for chunks in bodies:
        yield f"chunks {chunks[:40]!r}", head + chunks


NO_REQUESTS = [
    b"\r\n\r\n\r\n\r\n", b"\0\0\0\0", b"GET\r\n\r\n", b"GET \r\n\r\n",
    b" GET / HTTP/1.1\r\n\r\n", b"GET / HTTP/1.1 \r\nHost: a\r\n\r\n",
    b"GET / HTTP/2.0\r\nHost: a\r\n\r\n", b"GET / HTTP/1.2\r\nHost: a\r\n\r\n",
    b"GET / HTTP/11\r\nHost: a\r\n\r\n", b"GET / http/1.1\r\nHost: a\r\n\r\n",
    b"GET / XTTP/1.1\r\nHost: a\r\n\r\n", b"GET /\r\n\r\n",
    b"GET / HTTP/1.1HTTP/1.1\r\nHost: a\r\n\r\n",
    b"GET\t/\tHTTP/1.1\r\nHost: a\r\n\r\n", b"GET / a HTTP/1.1\r\n\r\n",
    b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", b"\x16\x03\x01\x02\x00\x01\x00\r\n",
    b"SSH-2.0-x\r\n\r\n", bytes(range(256)) * 4 + b"\r\n\r\n",
    b"GET / HTTP/1.1\rHost: a\r\r", b"{}\r\n\r\n",
    b"CONNECT a:80 HTTP/1.1\r\nHost: a\r\n\r\n",
    b"TRACE / HTTP/1.1\r\nHost: a\r\n\r\n",
    b"OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: a\r\nUpgrade: h2c\r\nConnection: upgrade\r\n"
    b"HTTP2-Settings: a\r\n\r\n",
    b"POST /oauth2/token HTTP/1.1\r\nHost: a\r\nExpect: nonsense\r\n"
    b"Content-Length: 2\r\n\r\n{}",
    b"GET / HTTP/1.1\nHost: a\n\n", b"GET / HTTP/1.0\r\n\r\n",
]


def mutated(data, count):
    """Each with a few bytes changed, put in or left out."""
    choose = random.Random(SEED)
    for _ in range(count):
        changed = bytearray(data)
        for _ in range(choose.randint(1, 4)):
            at = choose.randrange(len(changed))
            what = choose.random()
            odd = choose.choice(b"\0\r\n\t :;,%/?#\x7f\x80\xff0A")
            if what < 0.4:
                changed[at] = odd
            elif what < 0.7:
                changed.insert(at, odd)
            else:
                del changed[at]
        yield bytes(changed)
