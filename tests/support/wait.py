"""Waiting for a condition, never for a time."""

import time

DEADLINE_S = 20.0
PAUSE_MIN_S, PAUSE_MAX_S = 0.005, 0.1


def eventually(condition, what, deadline_s=DEADLINE_S):
    """The first true result of condition(); fails when none comes in time.
    What took long is asked for less often: it costs others their time."""
    began = time.monotonic()
    while True:
        result = condition()
        if result:
            return result
        took = time.monotonic() - began
        if took > deadline_s:
            raise AssertionError(f"not within {deadline_s:g} s: {what}")
        time.sleep(min(max(took / 20, PAUSE_MIN_S), PAUSE_MAX_S))
