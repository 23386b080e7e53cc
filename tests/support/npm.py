"""Packages from npm, at the exact versions of their lock, below build/npm."""

import os
import shutil
import subprocess

from support import cli

INSTALL_S = 300


def installed(name):
    """The folder where tests/e2e/clients/NAME is ready to run; installed again
    when its lock has changed."""
    source = cli.ROOT / "tests/e2e/clients" / name
    folder = cli.ROOT / "build/npm" / name
    stamp = folder / "installed.json"
    lock = (source / "package-lock.json").read_text()
    folder.mkdir(parents=True, exist_ok=True)
    for path in [*source.glob("*.mjs"), *source.glob("package*.json"),
                 source / ".npmrc"]:
        shutil.copy(path, folder)
    if not stamp.exists() or stamp.read_text() != lock:
        done = subprocess.run(
            ["npm", "ci", "--silent"], cwd=folder, env=os.environ,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True, timeout=INSTALL_S,
            check=False)
        assert done.returncode == 0, done.stdout
        stamp.write_text(lock)
    return folder
