"""How much a harness does: enough to see each fault in `make check`, as much
as is promised in `make soak`, which sets CLEAT_SOAK=1."""

import os

IS_SOAK = os.environ.get("CLEAT_SOAK") == "1"


def scaled(short, long):
    return long if IS_SOAK else short
