"""What a power cut leaves of a folder: a model of its files, fed with the trace of `record.c`.

What was synced stands. Of what was written since, any part may stand: each write or not, in any order, torn at the 512
bytes that a disk writes at once. A name stands when its folder was synced after the change; of later changes, the first
so many do, as file systems with a journal keep them in order. A sync of a file makes its bytes durable, not its name.
"""

import os
import struct

SECTOR = 512


def read_trace(path):
    """The entries of a trace: kind, name, offset, data, and the trace's length up to the entry's end."""
    with open(path, "rb") as file:
        trace = memoryview(file.read())
    at = 0
    entries = []
    while at + 24 <= len(trace):
        head, offset, length = struct.unpack_from("<QQQ", trace, at)
        name_end = at + 24 + (head >> 8)
        end = name_end + length
        if end > len(trace):
            break
        name = os.path.basename(bytes(trace[at + 24:name_end]).decode())
        entries.append((chr(head & 0xFF), name, offset, trace[name_end:end], end))
        at = end
    return entries


class File:
    def __init__(self):
        self.synced = bytearray()
        self.pending = []

    def sync(self):
        for change in self.pending:
            apply(self.synced, change)
        self.pending = []


def apply(content, change):
    kind, offset, data = change
    if kind == "t":
        if offset < len(content):
            del content[offset:]
        else:
            content.extend(bytes(offset - len(content)))
        return
    if offset > len(content):
        content.extend(bytes(offset - len(content)))
    content[offset:offset + len(data)] = data


class Folder:
    """The files up to a point of the trace."""

    # How much of the unsynced survives; the last two are the cruel ones.
    VARIANTS = ("synced alone", "all", "torn end", "some writes", "some sectors, in any order")

    def __init__(self, ignores_sync=lambda name: False):
        self.names = {}
        self.synced_names = {}
        self.pending_names = []
        self.ignores_sync = ignores_sync

    def take(self, entry):
        kind, name, offset, data, _ = entry
        if kind in "wt":
            self.names.setdefault(name, File()).pending.append((kind, offset, data))
        elif kind == "s":
            if name in self.names and not self.ignores_sync(name):
                self.names[name].sync()
        elif kind == "d":
            self.synced_names = dict(self.names)
            self.pending_names = []
        else:
            change = (kind, name, File() if kind == "c" else os.path.basename(bytes(data).decode()))
            rename(self.names, change)
            self.pending_names.append(change)

    def image(self, variant, rng):
        """The files after a power cut: name to content."""
        names = dict(self.synced_names)
        kept = {"synced alone": 0, "all": len(self.pending_names)}.get(
            variant, rng.randint(0, len(self.pending_names)))
        for change in self.pending_names[:kept]:
            rename(names, change)
        return {name: content(file, variant, rng) for name, file in names.items()}


def rename(names, change):
    kind, name, what = change
    if kind == "c":
        names[name] = what
    elif kind == "u":
        names.pop(name, None)
    elif name in names:
        names[what] = names.pop(name)


def content(file, variant, rng):
    result = bytearray(file.synced)
    for change in surviving(file.pending, variant, rng):
        apply(result, change)
    return result


def surviving(pending, variant, rng):
    if variant == "synced alone" or not pending:
        return []
    if variant == "all":
        return pending
    if variant == "torn end":
        last = sectors(pending[-1])
        return pending[:-1] + last[:rng.randint(0, len(last))]
    share = rng.random()
    if variant == "some writes":
        return [change for change in pending if rng.random() < share]
    kept = [part for change in pending for part in sectors(change) if rng.random() < share]
    rng.shuffle(kept)
    return kept


def sectors(change):
    """A write as writes of what a disk writes at once."""
    kind, offset, data = change
    if kind == "t":
        return [change]
    parts = []
    at = 0
    while at < len(data):
        end = min(len(data), (offset + at) // SECTOR * SECTOR + SECTOR - offset)
        parts.append((kind, offset + at, data[at:end]))
        at = end
    return parts
