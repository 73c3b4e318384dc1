#!/usr/bin/env python3
"""Power cuts: what the relay did to its journal's files under load is recorded (`record.c`), and crash images are built
from it (`crash_image.py`) at seeded moments: before and after syncs, and anywhere between.

Each image is opened with SQLite, checked, and read; a share of them is started with the relay, which has to deliver. An
event is missing when its request was answered with 200 before the cut and it is neither in the image, queued or as a
dead letter, nor may have reached the upstream before the cut.

At the end the same is done with the syncs of the log left out: a test that finds nothing then finds nothing ever.
"""

import argparse
import os
import random
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time

from crash_image import Folder, read_trace
from rig import Client, Failure, Load, Relay, Sandbox, dead_letters

EVENT_ID = re.compile(rb'"event_id":"([^"]*)"')
LOG = "journal.sqlite-wal"


class Recording:
    """The relay at work: bursts and pauses, a SIGKILL, a drain. Knows what was promised and what was delivered when,
    told in bytes of the trace."""

    def __init__(self, binary, library, folder, seed, seconds):
        self.trace = f"{folder}/trace"
        self.promised = {}
        self.delivered = {}
        self.lock = threading.Lock()
        journal = f"{folder}/journal"
        os.mkdir(journal)
        environment = {
            "LD_PRELOAD": library, "PINRELAY_RECORD": self.trace, "PINRELAY_RECORD_FOLDER": os.path.realpath(journal)}
        sandbox = Sandbox(binary, folder)
        sandbox.faults(latency_ms=100)
        ended = threading.Event()
        watcher = threading.Thread(target=self.watch, args=(sandbox, ended))
        watcher.start()
        try:
            clients = [Client(str(number)) for number in range(5)]
            for part, end in enumerate(("kill", "drain", "kill")):
                relay = Relay(binary, folder, sandbox.port, environment, os.path.realpath(journal))
                if not relay.port:
                    raise Failure(f"the relay does not start: {relay.output()}")
                for burst, largest in enumerate((20, 200)):
                    load = Load(clients, relay.port, f"{seed}:{part}:{burst}", f"p{part}-{burst}", self.promise,
                                largest=largest, pause=0.002)
                    time.sleep(seconds / 9)
                    if (end, burst) != ("kill", 1):
                        load.end()
                        # A quiet moment, in which the log is emptied.
                        time.sleep(seconds / 18)
                if end == "kill":
                    relay.kill()
                    load.end()
                else:
                    relay.terminate()
        finally:
            ended.set()
            watcher.join()
            sandbox.kill()

    def length(self):
        return os.path.getsize(self.trace) if os.path.exists(self.trace) else 0

    def promise(self, ids):
        at = self.length()
        with self.lock:
            for one in ids:
                self.promised.setdefault(one, at)

    def watch(self, sandbox, ended):
        """An event that is first seen now has arrived after the look before began; the last look is at the very end."""
        before, is_last = self.length(), False
        while not is_last:
            is_last = ended.wait(0.05)
            now = self.length()
            for one in sandbox.counts():
                self.delivered.setdefault(one, before)
            before = now

    def required(self, at):
        """What an image of the trace's first `at` bytes has to hold."""
        return {one for one, answered in self.promised.items()
                if answered <= at and self.delivered.get(one, at + 1) > at}


class Verdict:
    def __init__(self):
        self.images = self.damaged = self.missing = self.losing = self.starts = self.required = 0

    def text(self):
        return (f"{self.images} images, {self.starts} of them started, {self.required} times an acknowledged event to "
                f"be found: MISSING {self.missing} on {self.losing} images, {self.damaged} images damaged")


def read_image(folder):
    """Event ids queued and dead; None where the database is damaged."""
    path = f"{folder}/journal.sqlite"
    if not os.path.exists(path):
        return set()
    database = sqlite3.connect(path)
    try:
        tables = {row[0] for row in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        if database.execute("PRAGMA quick_check").fetchone()[0] != "ok":
            return None
        found = set()
        if "blocks" in tables:
            for (payload,) in database.execute("SELECT payload FROM blocks"):
                found.update(one.decode() for one in EVENT_ID.findall(payload))
        if "dead_letters" in tables:
            found.update(row[0] for row in database.execute("SELECT event_id FROM dead_letters WHERE reason != ''"))
        return found
    except sqlite3.DatabaseError:
        return None
    finally:
        database.close()


def write_image(image, folder):
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    for name, content in image.items():
        if name.startswith("journal.sqlite") and not name.endswith("-shm"):
            with open(f"{folder}/{name}", "wb") as file:
                file.write(content)


def start_image(binary, folder, sandbox, required):
    """Starts the relay on an image. Returns what it does not bring back."""
    sandbox.reset()
    relay = Relay(binary, os.path.dirname(folder), sandbox.port, journal=folder)
    if not relay.port:
        raise Failure(f"the relay does not start on an image: {relay.output()[-2000:]}")
    end = time.monotonic() + 60
    missing = required
    while missing and time.monotonic() < end and relay.process.poll() is None:
        missing = required - sandbox.counts().keys() - dead_letters(folder).keys()
        time.sleep(0.02)
    relay.kill()
    return missing


def cuts(entries, count, rng):
    """Seeded moments, as numbers of entries that happened; half of them at syncs."""
    syncs = [number for number, entry in enumerate(entries) if entry[0] in "sd"]
    chosen = [rng.choice(syncs) + rng.randint(0, 1) for _ in range(count // 2)]
    return sorted(chosen + [rng.randint(0, len(entries)) for _ in range(count - len(chosen))])


def examine(entries, recording, count, rng, options, starts=0, ignores_sync=lambda name: False):
    verdict = Verdict()
    work = tempfile.mkdtemp(prefix="power-cut-", dir="/dev/shm")
    sandbox = Sandbox(options.binary, work) if starts else None
    started = set(rng.sample(range(count), min(starts, count)))
    state, taken = Folder(ignores_sync), 0
    try:
        for number, cut in enumerate(cuts(entries, count, rng)):
            while taken < cut:
                state.take(entries[taken])
                taken += 1
            variant = Folder.VARIANTS[number % len(Folder.VARIANTS)]
            image = state.image(variant, rng)
            required = recording.required(entries[cut - 1][4] if cut else 0)
            folder = f"{work}/journal"
            write_image(image, folder)
            missing = set()
            if number in started:
                missing = start_image(options.binary, folder, sandbox, required)
                verdict.starts += 1
                write_image(image, folder)
            found = read_image(folder)
            verdict.images += 1
            verdict.required += len(required)
            verdict.damaged += found is None
            missing |= required - (found or set())
            verdict.missing += len(missing)
            verdict.losing += bool(missing)
            if (missing or found is None) and sandbox:
                print(f"  image {number}, {cut} entries, {variant}: {len(missing)} missing, such as "
                      f"{min(missing, default='')}")
            if starts and (number + 1) % 500 == 0:
                print(f"  {verdict.text()}", flush=True)
    finally:
        if sandbox:
            sandbox.kill()
        shutil.rmtree(work)
    return verdict


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--binary", required=True)
    parser.add_argument("--images", type=int, default=2000)
    parser.add_argument("--starts", type=int, default=100, help="how many of the images the relay is started on")
    parser.add_argument("--seconds", type=float, default=18, help="of load that is recorded")
    parser.add_argument("--seed", default=str(random.SystemRandom().randint(1, 999999)))
    parser.add_argument("--folder", help="where the recorded journal stands")
    options = parser.parse_args()
    folder = tempfile.mkdtemp(prefix="power-cut-", dir=options.folder)
    library = f"{folder}/record.so"
    source = os.path.join(os.path.dirname(os.path.abspath(__file__)), "record.c")
    subprocess.run(["cc", "-shared", "-fPIC", "-O1", "-o", library, source, "-ldl", "-lpthread"], check=True)
    began = time.monotonic()
    try:
        recording = Recording(options.binary, library, folder, options.seed, options.seconds)
        entries = read_trace(recording.trace)
        kinds = [entry[0] for entry in entries]
        print(f"power cut: seed {options.seed}; recorded {kinds.count('w')} writes, {kinds.count('s')} syncs of files, "
              f"{kinds.count('d')} of folders, {os.path.getsize(recording.trace) >> 20} MiB; {len(recording.promised)} "
              f"events acknowledged, {len(recording.delivered)} delivered", flush=True)
        rng = random.Random(options.seed)
        verdict = examine(entries, recording, options.images, rng, options, options.starts)
        print(verdict.text())
        control = examine(entries, recording, max(options.images // 10, 40), rng, options,
                          ignores_sync=lambda name: name == LOG)
        print(f"control, with the syncs of the log left out: {control.text()}")
        print(f"{time.monotonic() - began:.0f} s")
    except Failure as failure:
        print(f"FAILED: {failure}")
        return 1
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    if not control.missing:
        print("FAILED: the control loses nothing, so the images prove nothing")
        return 1
    return 1 if verdict.missing or verdict.damaged else 0


if __name__ == "__main__":
    sys.exit(main())
