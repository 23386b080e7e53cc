"""The command line: `cleat(...)` runs the binary under test."""

import json
import os
import pathlib
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[2]
TIMEOUT_S = 60


def binary():
    """CLEAT_BIN, else the build with sanitizers, else the release build."""
    named = os.environ.get("CLEAT_BIN")
    choices = [ROOT / named] if named else [ROOT / "build/asan/cleat",
                                            ROOT / "build/cleat"]
    for path in choices:
        if os.access(path, os.X_OK):
            return str(path)
    raise FileNotFoundError(f"no binary: {', '.join(map(str, choices))}")


def environment(**more):
    """Without proxies or settings of the developer's own."""
    kept = {name: value for name, value in os.environ.items()
            if not name.lower().endswith("_proxy")
            and not name.startswith("CLEAT_")}
    kept.update(more)
    return kept


keys = {}  # by the URL of a store: its master key, where it must be named


def with_key(arguments):
    """The arguments, with --master-key where the store needs it."""
    arguments = list(arguments)
    if "--store" not in arguments or "--master-key" in arguments \
            or arguments[:2] in (["audit", "verify"], ["audit", "export"]):
        return arguments
    at = arguments.index("--store") + 2
    key = keys.get(arguments[at - 1]) if at <= len(arguments) else None
    return arguments + ["--master-key", key] if key else arguments


def run(*arguments, **env):
    """The finished process, whatever its exit status."""
    return subprocess.run([binary(), *with_key(arguments)],
                          env=environment(**env),
                          stdin=subprocess.DEVNULL, capture_output=True,
                          text=True, timeout=TIMEOUT_S, check=False)


def cleat(*arguments, **env):
    """The JSON that a command prints; its failure is the test's."""
    done = run(*arguments, **env)
    assert done.returncode == 0, (
        f"cleat {' '.join(arguments)}: exit {done.returncode}\n{done.stderr}")
    return json.loads(done.stdout)
