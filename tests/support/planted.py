"""Servers with a fault planted in them: what a harness must catch.

A plant is a patch in tests/fault/plants/. The files that it changes are
compiled from a patched copy (of queries, what is made of them), with the flags
of the release build, and linked in front of that build's library. A patch that
no longer applies, or no longer compiles, fails the test that plants it."""

import contextlib
import os
import pathlib
import shlex
import subprocess
import tempfile

from support import cli
from support.server import Server, Store

BUILD = cli.ROOT / "build"
PLANTS = cli.ROOT / "tests/fault/plants"
TIMEOUT_S = 120
SOUND = None  # planted like a fault; a harness must not catch it


@contextlib.contextmanager
def planted(name, program="cleat"):
    """The path of a server, or of another program that is built of the same
    library, with the fault tests/fault/plants/NAME.patch."""
    if name is SOUND:
        yield BUILD / program
        return
    with tempfile.TemporaryDirectory(prefix="cleat-plant-") as folder:
        yield _build(pathlib.Path(folder), PLANTS / f"{name}.patch", program)


@contextlib.contextmanager
def planted_server(name, **named):
    """A server with this fault on a store of its own, killed at the end.
    Commands have the fault too meanwhile."""
    with planted(name) as binary, under_test(binary), Store() as store:
        server = Server(store, **named)
        try:
            yield server
        finally:
            if not server.is_over:
                server.kill()


@contextlib.contextmanager
def under_test(path):
    """What starts a server or runs a command uses this binary."""
    before = os.environ.get("CLEAT_BIN")
    os.environ["CLEAT_BIN"] = str(path)
    try:
        yield
    finally:
        if before is None:
            del os.environ["CLEAT_BIN"]
        else:
            os.environ["CLEAT_BIN"] = before


def release_binary():
    """The release build, or what is there of one."""
    path = BUILD / "cleat"
    return path if os.access(path, os.X_OK) else cli.binary()


def _build(folder, patch, program):
    changed = [line[len("+++ b/"):].strip()
               for line in patch.read_text().splitlines()
               if line.startswith("+++ b/")]
    assert changed, f"{patch} changes nothing"
    for path in changed:
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes((cli.ROOT / path).read_bytes())
    # git finds no repository above, and so takes the folder as it is
    _run(["git", "apply", "-C1", str(patch)], folder,
         GIT_CEILING_DIRECTORIES=str(folder.parent))
    commands = _commands(program)
    if any(path.endswith(".sql") for path in changed):
        _embed_queries(commands, folder)
        changed = ["queries.c"]
    objects = [_compile(commands, folder, path) for path in changed]
    return _link(commands, folder, objects)


def _commands(program):
    """What builds the program, as words, the link last."""
    assert (BUILD / program).exists(), f"make build && ninja -C build {program}"
    text = _run(["ninja", "-t", "commands", program], BUILD)
    return [shlex.split(line) for line in text.splitlines()]


def _embed_queries(commands, folder):
    """Makes queries.c of the queries as they are, or as they are patched."""
    [words] = [words for words in commands
               if any(word.endswith("sql_embed.py") for word in words)]

    def moved(word):
        if word in ("queries.h", "queries.c"):
            return str(folder / word)
        patched = folder / word.removeprefix("../")
        return str(patched) if word.endswith(".sql") and patched.exists() \
            else word

    _run([moved(word) for word in words], BUILD)


def _compile(commands, folder, path):
    source = path if path == "queries.c" else f"../{path}"
    [command] = [words for words in commands if words[-1] == source]
    target = folder / (path.replace("/", "_") + ".o")
    _run([*_without(command[:-1], {"-MQ", "-MF", "-o", "-c"}, {"-MD"}),
          "-Wno-error", "-o", str(target), "-c", str(folder / path)], BUILD)
    return str(target)


def _link(commands, folder, objects):
    target = folder / "cleat"
    _run([*_without(commands[-1], {"-o"}), "-o", str(target), *objects,
          *_after_objects(commands[-1])], BUILD)
    return target


def _without(words, with_value, alone=()):
    """The words of a command without these options; of a link, only those
    before its libraries."""
    kept, words = [], iter(words)
    for word in words:
        if word in with_value:
            next(words, None)
        elif word == "-Wl,--start-group":
            break
        elif word not in alone:
            kept.append(word)
    return kept


def _after_objects(link):
    at = link.index("-Wl,--start-group")
    return link[at:]


def _run(command, folder, **env):
    done = subprocess.run(command, cwd=folder, env={**os.environ, **env},
                          stdin=subprocess.DEVNULL, capture_output=True,
                          text=True, timeout=TIMEOUT_S, check=False)
    assert done.returncode == 0, (
        f"{shlex.join(command)}\n{done.stdout}{done.stderr}")
    return done.stdout
