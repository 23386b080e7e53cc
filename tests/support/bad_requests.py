"""Requests that no client means: bodies that are not JSON, URLs that can't be
decoded, ids and values of no kind. All made from lists and a seed;
`tests/fuzz` sends them. Those that are framed badly are in bad_framing.py."""

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


# An empty list is a body of these.
TAKE_LISTS = {"batchResolveConnectionNamesConnectionsBatch-namesPost"}
# What is left of the world is asked about afterwards.
END_ALL = {"softDeleteProject"}


def json_cases(world, headers):
    """Every kind of broken document for every route that reads one."""
    for operation in _with_bodies():
        path = path_of(operation, picker(operation, world))
        for kind, body in {**NO_JSON, **LARGE}.items():
            if not body and not operation.needs_body:
                continue
            if kind == "a list" and operation.name in TAKE_LISTS:
                continue
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
                         json.dumps(document).encode()),
                   _answers(operation, 200))


def _answers(operation, least):
    """Also that it is not done, where that is documented."""
    return [*range(least, 500), *([501] if "501" in operation.statuses
                                  else [])]


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
MADE_UP = {"connectionName", "group", "consumer", "destination",
           "objectName"}


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
                allowed = _answers(operation,
                                   200 if place.name in MADE_UP else 400)
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
            if operation.name in TOKEN_ROUTES | END_ALL:
                continue
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
                        range(400, 500) if is_wrong
                        else _answers(operation, 200))


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
