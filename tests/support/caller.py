"""Calls of http/client, through the small program that makes them."""

import contextlib
import json
import os
import pathlib
import subprocess

from support import cli

LOOPBACK = "127.0.0.0/8"
TIMEOUT_S = 30

_instead = []


def program():
    """The one beside the binary under test, else that with sanitizers."""
    for path in [*_instead, pathlib.Path(cli.binary()).parent / "call",
                 cli.ROOT / "build/asan/call"]:
        if os.access(path, os.X_OK):
            return str(path)
    raise FileNotFoundError("no program to call with: make asan")


@contextlib.contextmanager
def calling_with(path):
    """Calls are made by this program."""
    _instead.append(path)
    try:
        yield
    finally:
        _instead.remove(path)


def words(urls, allow=(LOOPBACK,), headers=(), **options):
    """The command that calls these, one after the other."""
    command = [program()]
    for cidr in allow:
        command += ["--allow", cidr]
    for name, value in headers:
        command += ["--header", f"{name}={value}"]
    for name, value in options.items():
        command += [f"--{name.replace('_', '-')}", str(value)]
    return [*command, *urls]


def call_all(urls, env=None, **settings):
    """What came of each."""
    try:
        done = subprocess.run(words(urls, **settings),
                              stdin=subprocess.DEVNULL,
                              env=cli.environment(**(env or {})),
                              capture_output=True, text=True,
                              timeout=TIMEOUT_S, check=False)
    except subprocess.TimeoutExpired as late:
        raise AssertionError("a call does not end") from late
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def call(url, **settings):
    """What came of one."""
    [answer] = call_all([url], **settings)
    return answer
