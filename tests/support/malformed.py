"""Bodies that no API may accept."""

MEBIBYTE = 1 << 20

MALFORMED = {
    "nothing": b"",
    "cut off": b'{"a": 1',
    "a list": b"[]",
    "a string": b'"text"',
    "null": b"null",
    "no JSON": b"<a>1</a>",
    "two documents": b"{} {}",
    "a member twice": b'{"a": 1, "a": 2}',
    "no UTF-8": b'{"a": "\xff\xfe"}',
    "half a surrogate pair": b'{"a": "\\ud800"}',
    "a comma too many": b'{"a": 1,}',
    "single quotes": b"{'a': 1}",
    "NaN": b'{"a": NaN}',
}

TOO_DEEP = b'{"a":' + b"[" * 64 + b"]" * 64 + b"}"

TOO_LARGE = b'{"a": "' + b"x" * MEBIBYTE + b'"}'
