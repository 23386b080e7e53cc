"""Requests that no client means: bodies that are not JSON, framing that can be
read in two ways, URLs that can't be decoded, ids and values of no kind. All
made from lists and a seed; `tests/fuzz` sends them."""

import copy
import dataclasses
import json
import random

from support.malformed import MALFORMED, MEBIBYTE
from support.openapi import APIS, operations
from support.raw import request
from support.world import (BODIES, TOKEN_ROUTES, body_of, path_of,
                           picker)

SEED = 1


@dataclasses.dataclass
class Case:
    """`allowed` are the statuses that may answer it."""

    name: str
    api: str
    data: bytes
    allowed: range = range(400, 500)


# JSON

def _nested(levels, open_with=b"[", close_with=b"]"):
    return open_with * levels + close_with * levels


def _member(value):
    return b'{"a": ' + value + b"}"


NO_JSON = {
    **MALFORMED,
    "spaces": b" \r\n\t ", "a word": b"nonsense", "a number": b"1",
    "true": b"true", "a list of objects": b"[{}]", "a quote": b'"',
    "a brace": b"{", "a bracket": b"[", "a NUL": b"\0",
    "a NUL at the end": b"{}\0", "a NUL in a text": _member(b'"\0"'),
    "an escaped NUL": _member(b'"\\u0000"'),
    "an escaped NUL in a name": b'{"\\u0000": 1}',
    "a newline in a text": _member(b'"\n"'),
    "a tab in a text": _member(b'"\t"'),
    "a byte order mark": b"\xef\xbb\xbf{}",
    "UTF-16": '{"a": 1}'.encode("utf-16"),
    "UTF-32": '{"a": 1}'.encode("utf-32-be"),
    "Latin-1": _member('"é"'.encode("latin-1")),
    "overlong UTF-8": _member(b'"\xc0\xaf"'),
    "overlong NUL": _member(b'"\xc0\x80"'),
    "a surrogate in UTF-8": _member(b'"\xed\xa0\x80"'),
    "beyond Unicode": _member(b'"\xf4\x90\x80\x80"'),
    "half a character": b'{"a": "\xe2\x82',
    "a lone continuation": _member(b'"\x80"'),
    "a low surrogate first": _member(b'"\\udc00\\ud800"'),
    "a high surrogate twice": _member(b'"\\ud800\\ud800"'),
    "an unknown escape": _member(b'"\\x41"'),
    "half an escape": _member(b'"\\u00"'),
    "a lone backslash": _member(b'"\\"'),
    "Infinity": _member(b"Infinity"), "-Infinity": _member(b"-Infinity"),
    "a hexadecimal number": _member(b"0x10"),
    "a leading zero": _member(b"01"), "a plus": _member(b"+1"),
    "a lone minus": _member(b"-"), "no digits": _member(b"1."),
    "no exponent": _member(b"1e"), "a lone point": _member(b".5"),
    "a huge exponent": _member(b"1e999"),
    "a huge integer": _member(b"9" * 400),
    "a comma first": b'{,"a": 1}', "no colon": b'{"a" 1}',
    "no value": b'{"a":}', "no name": b"{: 1}", "a bare name": b"{a: 1}",
    "a number as name": b"{1: 1}", "a comment": b"{/* a */}",
    "a line comment": b"{} // a", "Python": b"{'a': None}",
    "a form": b"a=1&b=2", "a member twice, inside": _member(
        b'{"b": 1, "b": 2}'),
    "a member twice, escaped": b'{"a": 1, "\\u0061": 2}',
    "65 levels": _member(_nested(64)),
    "65 levels of objects": _nested(65, b'{"a":', b"}").replace(
        b":}", b":1}"),
    "ten thousand levels": _nested(10000),
    "ten thousand levels, open": b"[" * 10000,
    "ten thousand objects, open": b'{"a":' * 10000,
}
LARGE = {"1 MiB and a byte": b'{"a": "' + b"x" * (MEBIBYTE - 8) + b'"}',
         "3 MiB": b'{"a": "' + b"x" * 3 * MEBIBYTE + b'"}'}

# What a member is given in the place of what belongs there.
ODD_VALUES = [
    None, True, False, 0, -1, 1.5, 1e300, 2**63, -2**63 - 1, "", " ", "x",
    "\u0001", "\u007f", "\n", "a\u0000b", "\ufffe", "\U0001f600" * 50,
    "\u202eevil", "é" * 3000, "x" * 70000, "../../etc/passwd", "%00",
    "'; DROP TABLE project; --", "${jndi:x}", "{{7*7}}", "https://[::1]/",
    "javascript:x", "00000000-0000-0000-0000-000000000000", [], [[]], [None],
    ["x"] * 2000, {}, {"a": {}}, {"": ""}, {"__proto__": {}},
]


def json_cases(world, headers):
    """Every kind of broken document for every route that reads one."""
    for operation in _with_bodies():
        path = path_of(operation, picker(operation, world))
        for kind, body in {**NO_JSON, **LARGE}.items():
            yield Case(f"{operation}: {kind}", operation.api, _post(
                operation, path, headers, body))


def _with_bodies():
    return [operation for api in APIS for operation in operations(api)
            if operation.has_body]


def odd_cases(world, headers, count):
    """Bodies that would do but for one or two members."""
    choose = random.Random(SEED)
    routes = [one for one in _with_bodies()
              if (one.api, one.name) in BODIES]
    for number in range(count):
        operation = routes[number % len(routes)]
        pick = picker(operation, world)
        document = json.loads(json.dumps(body_of(operation, world, pick)))
        for _ in range(choose.choice((1, 1, 1, 2))):
            document = _spoil(document, choose)
        yield Case(f"{operation}: {json.dumps(document)[:200]}",
                   operation.api,
                   _post(operation, path_of(operation, pick), headers,
                         json.dumps(document).encode()), range(200, 500))


def _spoil(document, choose):
    """With one of its values, at any depth, another or gone."""
    places = list(_places(document))
    odd = copy.deepcopy(choose.choice(ODD_VALUES))
    if not places:
        return odd
    inside, key = choose.choice(places)
    what = choose.random()
    if what < 0.1 and isinstance(inside, dict):
        del inside[key]
    elif what < 0.2 and isinstance(inside, dict):
        inside[choose.choice(["", "x", "__proto__", key + " "])] = odd
    else:
        inside[key] = odd
    return document


def _places(document):
    entries = document.items() if isinstance(document, dict) \
        else enumerate(document) if isinstance(document, list) else []
    for key, value in entries:
        yield document, key
        yield from _places(value)


# URLs

BAD_SEGMENTS = [
    "%", "%2", "%zz", "%%", "%0", "%00", "x%00", "%01", "%0a", "%0d%0aX:%20y",
    "%7f", "%80", "%ff", "%c0%af", "%c0%80", "%ed%a0%80", "%f4%90%80%80",
    "%e2%82", "%25", "%2525", "%2e%2e", "..", ".", "%2f", "..%2f..%2f", "%20",
    "-", "0", "-1", "1e9", "99999999999999999999999999", "null", "undefined",
    "*", "'", "%27%20OR%201=1", "%22", "%3Cscript%3E", "a%26b", "%F0%9F%98%80",
    "00000000-0000-0000-0000-00000000000", "x" * 36,
    "00000000000000000000000000000000", "g0000000-0000-7000-8000-000000000000",
    "%7B00000000-0000-7000-8000-000000000000%7D",
    "00000000-0000-7000-8000-000000000000%00", "aaaaaaaaaaaa1",
    "aaaaaaaaaaaaaa", "AAAAAAAAAAAAA", "cleat_amp_", "cleat_amp_" + "A" * 49,
    "x" * 200, "x" * 4000, "%61" * 1000,
]


# Names and references may be anything, and these soon are.
MADE_UP = {"connectionName", "group", "consumer", "destination"}


def url_cases(world, headers):
    """For each place of an id, what is no id; names that a caller makes up
    may be any text."""
    for api in APIS:
        for operation in operations(api):
            if operation.name in TOKEN_ROUTES:
                continue
            for place in operation.places:
                if place.where != "path" or place.name == "name":
                    continue
                allowed = range(200 if place.name in MADE_UP else 400, 500)
                for text in BAD_SEGMENTS:
                    yield Case(
                        f"{operation}: {place.name}={text[:60]}", api,
                        _call(operation, world, headers,
                              {place.name: text}), allowed)


BAD_PATHS = [
    "//", "///v1", "/v1//projects", "/%2e%2e/v1/projects", "/v1/../healthz",
    "/v1/./projects", "/v1%2fprojects", "/%76%31/projects", "/V1/projects",
    "/v1/projects;a=b", "/v1/projects%3fx", "/a" * 500, "/" * 4000, "/%",
    "/%00", "/é".encode().decode("latin-1"), "/v1/projects/%", "/?%", "/?%zz",
    "/v1/providers?%00=1", "/v1/providers?a=%ff", "/healthz?x=%0",
    "/healthz?" + "&".join(f"a{n}=1" for n in range(33)),
    "/healthz?" + "&" * 2000 + "%", "/apiops", "/api", "/oauth2", "/v1",
    "/v1/projects/x/y/z/1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16",
]


def path_cases():
    for path in BAD_PATHS:
        for method in "GET", "POST", "DELETE":
            yield Case(f"{method} {path[:60]}", None,
                       request(method, path).replace(
                           path.encode(), path.encode("latin-1")))


BAD_VALUES = [
    "", "x", "-1", "0", "1.5", "1e3", "0x10", "+1", " 1", "1 ", "%20", "%",
    "%zz", "%00", "%ff", "99999999999999999999999999", "-9223372036854775809",
    "null", "true;", "[1]", "%0a", "'", "2024-13-45T99:99:99Z",
    "9999-12-31T23:59:59Z", "%F0%9F%98%80", "x" * 3000,
]


def query_cases(world, headers):
    """For each parameter of a query, values of no kind; numbers and flags
    have to be ones."""
    for api in APIS:
        for operation in operations(api):
            for name, schema in operation.queries:
                kind = json.loads(schema).get("type")
                for value in BAD_VALUES:
                    is_wrong = kind in ("integer", "boolean") \
                        and value not in ("0", "1") or "%" in value \
                        and value not in ("%20", "%F0%9F%98%80")
                    yield Case(
                        f"{operation}?{name}={value[:60]}", api,
                        _call(operation, world, headers, {},
                              {name: value}),
                        range(400, 500) if is_wrong else range(200, 500))


def _call(operation, world, headers, texts, query=()):
    pick = picker(operation, world)
    return request(operation.method, path_of(operation, pick, texts, query),
                   _headers_of(operation, headers),
                   body_of(operation, world, pick))


def _post(operation, path, headers, body):
    sent = {**_headers_of(operation, headers),
            "Content-Type": "application/json", "Content-Length": len(body)}
    return request(operation.method, path, sent) + body


def _headers_of(operation, headers):
    return headers["builder" if operation.access == "builder"
                   else operation.api]


# Framing: each can be read as one request or as two.

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


# Read in one way alone, if not in everybody's: libmicrohttpd ends a value at a
# NUL and a line at a line feed, and skips spaces.
LENIENT = [
    b"POST /oauth2/token HTTP/1.1\r\nHost: a\r\nContent-Length: 2\0\r\n\r\n{}",
    b"POST /oauth2/token HTTP/1.1\r\nHost: a\r\n"
    b"Transfer-Encoding: chunked\0x\r\n\r\n0\r\n\r\n",
    b"GET /healthz HTTP/1.1\r\nHost: a\r\nX-A: b\0c\r\n\r\n",
    b"GET /healthz HTTP/1.1\r\nHost: a\0b\r\n\r\n",
    b"GET /healthz\0 HTTP/1.1\r\nHost: a\r\n\r\n",
    b"GET /heal\0thz HTTP/1.1\r\nHost: a\r\n\r\n",
    b"GE\0T /healthz HTTP/1.1\r\nHost: a\r\n\r\n",
    b"GET /healthz HTTP/1.1\nHost: a\n\n",
    b"GET  /healthz  HTTP/1.1\r\nHost: a\r\n\r\n",
    b"GET /heal thz HTTP/1.1\r\nHost: a\r\n\r\n",
    b"GET /healthz HTTP/1.1\r\nHost: a\r\nX-A: b\r\n c\r\n\r\n",
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
    for size in 8193, 9000, 33000, 70000, 300000:
        yield (f"a line of {size}", b"GET /v1/" + b"x" * size
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
