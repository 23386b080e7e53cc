"""A store on a disk and in a memory that can fail: its programs run with
tests/fault/shim in front of libc. Only builds without sanitizers can."""

import contextlib
import errno
import mmap
import pathlib
import shutil
import struct
import tempfile

from support.planted import BUILD
from support.server import Store

# as in tests/fault/shim/control.h and files.h
OPEN, WRITE, SYNC, ALLOCATE = 1, 2, 4, 8
DATABASE, LOG, INDEX, OTHER, FOLDER = 1, 2, 4, 8, 16
EVERY_FILE = 31
SHORT = -1
FOREVER = 1 << 40

HOWS = {"EIO": errno.EIO, "ENOSPC": errno.ENOSPC, "EINTR": errno.EINTR,
        "EMFILE": errno.EMFILE, "short": SHORT}


def recording(folder, log):
    """The environment of a program whose files in the folder are recorded in
    the file `log`; None: they are not."""
    shim = BUILD / "libshim.so"
    assert shim.exists(), "make build && ninja -C build libshim.so"
    more = {"CLEAT_SHIM_LOG": str(log)} if log else {}
    return {"LD_PRELOAD": str(shim), "CLEAT_SHIM_FOLDER": str(folder), **more}


class FaultyStore(Store):
    """`fail` says which calls fail from now on. What is done to its files is
    recorded in the file `log`, if it `records`."""

    def __init__(self, records=False):
        self.outside = pathlib.Path(tempfile.mkdtemp(prefix="cleat-shim-"))
        self.log = self.outside / "log"
        self.records = records
        control = self.outside / "control"
        control.write_bytes(bytes(mmap.PAGESIZE))
        with control.open("r+b") as file:
            self._page = mmap.mmap(file.fileno(), mmap.PAGESIZE)
        super().__init__()

    def environment(self):
        return {**recording(self.folder, self.log if self.records else None),
                "CLEAT_SHIM_CONTROL": str(self.outside / "control")}

    def remove(self):
        super().remove()
        self._page.close()
        shutil.rmtree(self.outside, ignore_errors=True)

    @contextlib.contextmanager
    def failing(self, kinds, how, first, span=1, files=EVERY_FILE):
        """Meanwhile these calls fail."""
        self._put(0, 0, 0, 0, 0, 0, 0)
        self._put(0, files, how, first, span)
        self._put(kinds)  # last: from here on it counts
        try:
            yield
        finally:
            self._put(0)

    def _put(self, *numbers):
        struct.pack_into(f"<{len(numbers)}q", self._page, 0, *numbers)

    @property
    def seen(self):
        """Calls of the kind since the last `failing`."""
        return struct.unpack_from("<q", self._page, 40)[0]

    @property
    def fired(self):
        """Those of them that failed."""
        return struct.unpack_from("<q", self._page, 48)[0]

    def position(self):
        """How much is recorded by now."""
        return self.log.stat().st_size
