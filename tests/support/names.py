"""Names that no other test of the session uses."""

import itertools

_numbers = itertools.count(1)


def unique(prefix):
    return f"{prefix}-{next(_numbers)}"
