"""Waiting for a condition, never for a time."""

import time

DEADLINE_S = 20.0


def eventually(condition, what, deadline_s=DEADLINE_S):
    """The first true result of condition(); fails when none comes in time."""
    end = time.monotonic() + deadline_s
    while True:
        result = condition()
        if result:
            return result
        if time.monotonic() > end:
            raise AssertionError(f"not within {deadline_s:g} s: {what}")
        time.sleep(0.005)
