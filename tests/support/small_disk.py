"""A PostgreSQL cluster on a file system of its own, which can be filled up."""

import errno
import os
import subprocess

import pytest

from support.cluster import Cluster, programs
from support.wait import eventually

SIZE_MB = 256
STEPS = 1 << 20, 4096  # bytes that are taken at once
RETURN_S = 30
SEGMENT = 16 << 20
# The log, up to where some changes of ours still go into its last segment.
USE_UP = f"""SELECT CASE
    WHEN EXISTS (SELECT FROM pg_ls_waldir()
                 WHERE name > pg_walfile_name(pg_current_wal_insert_lsn()))
    THEN pg_switch_wal()
    ELSE pg_logical_emit_message(false, '', repeat('x', greatest(0,
        {SEGMENT} - 40000 - (pg_current_wal_insert_lsn() - '0/0') % {SEGMENT}
        )::int)) END"""


class SmallCluster(Cluster):
    """Needs root, and that root may mount: else the test is skipped."""

    def prepare(self):
        self.disk = self.folder / "disk"
        self.ballast = self.disk / "ballast"
        self.data = self.disk / "data"
        self.disk.mkdir()
        done = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", f"size={SIZE_MB}m", "cleat-test",
             self.disk], check=False, capture_output=True, text=True)
        if done.returncode:
            super().remove()
            pytest.skip("no small file system can be mounted, which takes "
                        f"root: {done.stderr.strip()}")
        self.data.mkdir()

    def fill(self, left=0):
        """To the last page, or but for so many bytes; again, when some was
        given back meanwhile."""
        with open(self.ballast, "ab") as to:
            for step in STEPS:
                try:
                    while True:
                        os.posix_fallocate(
                            to.fileno(), os.fstat(to.fileno()).st_size, step)
                except OSError as error:
                    assert error.errno == errno.ENOSPC, error
            os.truncate(self.ballast, os.stat(self.ballast).st_size - left)

    def log(self):
        return (self.folder / "log").read_text(errors="replace")

    def panics(self):
        return self.log().count("PANIC:")

    def fill_and_panic(self):
        """Tables have room, and the log's next segment has none. Who commits
        when the last one is full ends the server."""
        before = self.panics()
        self.fill(SEGMENT // 2)

        def has_panicked():
            self._try("psql", "-h", self.folder, "-U", "postgres", "-c",
                      USE_UP)
            return self.panics() > before

        eventually(has_panicked, "the log needs more room")

    def is_up(self):
        return not self._try("psql", "-h", self.folder, "-U", "postgres",
                             "-c", "SELECT 1")

    def make_room(self):
        """As an administrator does. It has gone on, comes back by itself, or
        has given up and is started."""
        self.ballast.unlink()

        def is_back():
            if self._try("pg_ctl", "-D", self.data, "status"):
                self.start()
            return self.is_up()

        eventually(is_back, "it has room and is up", RETURN_S)

    def _try(self, program, *words):
        """The exit status."""
        return subprocess.run(
            [programs() / program, *map(str, words)], check=False,
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL, **self.user).returncode

    def remove(self):
        self.stop()
        # the last of its processes may be ending still
        eventually(lambda: not subprocess.run(
            ["umount", self.disk], check=False, capture_output=True)
            .returncode, "nobody uses the disk")
        super().remove()
