"""Values that must not be seen outside, and looking for them in any spelling
that code gives a value by accident."""

import base64
import secrets


class Canaries:
    def __init__(self):
        self.values = {}

    def new(self, what):
        """A value of its own for this use; looks like a password."""
        value = "c4n4ry" + secrets.token_hex(13)
        self.values[value] = what
        return value

    def add(self, what, value):
        self.values[value] = what
        return value

    def found_in(self, data):
        """What of them is in these bytes, and how it is spelled."""
        return sorted({f"{what}, {spelling}"
                       for value, what in self.values.items()
                       for spelling, text in spellings(value.encode())
                       if text in data})


def spellings(value):
    yield "as it is", value
    yield "in hexadecimal", value.hex().encode()
    yield "in hexadecimal", value.hex().upper().encode()
    yield "in UTF-16", value.decode().encode("utf-16-le")
    yield "backwards", value[::-1]
    for shift in range(3):
        # what stands at the edges depends on what stands beside it
        plain = base64.b64encode(b"\0" * shift + value)[shift and 4:-4]
        yield "in base64", plain
        yield "in base64", plain.translate(bytes.maketrans(b"+/", b"-_"))
