"""What a power loss may leave of a store's files: all that was synced and,
of what was written since, some: each write whole, in part, or not at all, by
sectors. Names come and go in their order, as in a journal, up to where it was
cut; a file's sync says nothing of its name."""

import collections
import dataclasses
import struct

# as in shim/record.h
CREATE, WRITE, TRUNCATE, SYNC, UNLINK, LINK, RENAME = range(7)
NAMES = (CREATE, UNLINK, LINK, RENAME)
SECTOR = 512
HEAD = struct.Struct("<4q")


@dataclasses.dataclass
class Record:
    at: int  # where it stands in the log
    what: int
    name: str  # "" for the folder
    offset: int
    data: bytes


def records(path):
    """All of a log that tests/fault/shim has written, or writes."""
    log, at = path.read_bytes(), 0
    while at + HEAD.size <= len(log):
        what, offset, name_length, length = HEAD.unpack_from(log, at)
        name_at = at + HEAD.size
        data_at = name_at + name_length
        if data_at + length > len(log):
            break
        yield Record(at, what, log[name_at:data_at].decode(), offset,
                     log[data_at:data_at + length])
        at = data_at + length


class _File:
    def __init__(self):
        self.synced = bytearray()
        self.pending = []

    def sync(self):
        for change in self.pending:
            _apply(self.synced, change)
        self.pending.clear()


def _apply(content, change):
    if change.what == TRUNCATE:
        del content[change.offset:]
        content.extend(bytes(change.offset - len(content)))
        return
    end = change.offset + len(change.data)
    content.extend(bytes(max(0, end - len(content))))
    content[change.offset:end] = change.data


class Disk:
    """Records are done on it one after the other; `image` is what is there
    when the power fails now. `fired` counts what images have lost."""

    def __init__(self):
        self.fired = collections.Counter()
        self._names = {}
        self._synced_names = {}
        self._pending_names = []  # (record of a name, the file)

    def do(self, record):
        if record.what == CREATE:
            self._names[record.name] = _File()
        elif record.what in (LINK, RENAME):
            self._names[record.name] = self._names[record.data.decode()]
        if record.what in NAMES:
            self._pending_names.append((record, self._names[record.name]))
        if record.what == UNLINK:
            del self._names[record.name]
        elif record.what == RENAME:
            del self._names[record.data.decode()]
        elif record.what == SYNC and not record.name:
            self._name(self._synced_names, self._pending_names)
            self._pending_names.clear()
        elif record.what == SYNC:
            self._names[record.name].sync()
        elif record.what not in NAMES:
            self._names[record.name].pending.append(record)

    @staticmethod
    def _name(names, changes):
        for record, file in changes:
            if record.what != UNLINK:
                names[record.name] = file
            else:
                del names[record.name]
            if record.what == RENAME:
                del names[record.data.decode()]

    def image(self, folder, choose):
        """Writes the files that are left, by this random source."""
        names = dict(self._synced_names)
        cut = choose.randint(0, len(self._pending_names))
        self._name(names, self._pending_names[:cut])
        self.fired["lost name"] += len(self._pending_names) - cut
        for name, file in names.items():
            content = bytearray(file.synced)
            for change in self._left(file.pending, choose):
                _apply(content, change)
            path = folder / name
            path.write_bytes(content)
            path.chmod(0o600)

    def _left(self, pending, choose):
        """Some of these writes, some of them torn."""
        share = choose.choice((0.0, 0.5, 0.9, 1.0))
        is_tearing = choose.random() < 0.7
        for change in pending:
            if is_tearing and change.what == WRITE and choose.random() < 0.5:
                sectors = list(_sectors(change))
                left = [one for one in sectors if choose.random() < share]
                self.fired["torn write"] += 0 < len(left) < len(sectors)
                yield from left
            elif choose.random() < share:
                yield change
            else:
                self.fired["lost write"] += 1


def _sectors(change):
    at = 0
    while at < len(change.data):
        end = SECTOR - (change.offset + at) % SECTOR + at
        yield dataclasses.replace(change, offset=change.offset + at,
                                  data=change.data[at:end])
        at = end
