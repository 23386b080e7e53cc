"""Packages from npm, at the exact versions of their lock, below build/npm."""

import fcntl
import os
import shutil
import subprocess

from support import cli

INSTALL_S = 300


def installed(name):
    """The folder where tests/e2e/clients/NAME is ready to run; installed again
    when its lock has changed."""
    folder = cli.ROOT / "build/npm" / name
    folder.mkdir(parents=True, exist_ok=True)
    with open(folder / ".lock", "w", encoding="ascii") as one_at_a_time:
        fcntl.flock(one_at_a_time, fcntl.LOCK_EX)
        _install(cli.ROOT / "tests/e2e/clients" / name, folder)
    return folder


def _copy_changed(source, target):
    """What others run at this moment is not cut off."""
    if not target.exists() or target.read_bytes() != source.read_bytes():
        shutil.copy(source, target)


def _install(source, folder):
    stamp = folder / "installed.json"
    lock = (source / "package-lock.json").read_text()
    for path in [*source.glob("*.mjs"), *source.glob("package*.json"),
                 source / ".npmrc"]:
        _copy_changed(path, folder / path.name)
    if not stamp.exists() or stamp.read_text() != lock:
        done = subprocess.run(
            ["npm", "ci", "--silent"], cwd=folder, env=os.environ,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True, timeout=INSTALL_S,
            check=False)
        assert done.returncode == 0, done.stdout
        stamp.write_text(lock)
