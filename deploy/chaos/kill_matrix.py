#!/usr/bin/env python3
"""The kill matrix: SIGKILLs of the real binary under load, at random times and at the named points of the journal.

Each round starts the relay on the journal that the last kill left behind, loads it, and kills it. Requests that got no
answer are sent again in the next round, as an SDK does. Every so many rounds the queue is let to run empty, and what
was promised is compared with what came: an event whose request was answered with 200 has reached the upstream or stands
among the dead letters with a reason. The binary must be a debug build: a release has no named points.

A round's plan comes from seed and number alone: `--seed S --round N` runs that one on a fresh journal.
"""

import argparse
import collections
import os
import random
import shutil
import sqlite3
import sys
import tempfile
import threading
import time

from rig import Client, Failure, Load, Relay, Sandbox, dead_letters

# The named points of the journal, and how many passages of each a round may let go by.
POINTS = {"before-write": 40, "before-sync": 40, "before-answer": 40, "before-delete": 12, "in-checkpoint": 1,
          "in-migration": 1}
LABELS = {"random": "at a random time under load", "in-start": "at a random time of a start",
          "before-write": "before a write", "before-sync": "between write and sync",
          "before-answer": "between sync and answer", "before-delete": "between upstream 200 and delete",
          "in-checkpoint": "in a checkpoint", "in-migration": "in a migration"}


class Round:
    """What is to happen: all of it from the seed."""

    def __init__(self, seed, number):
        rng = random.Random(f"{seed}:{number}")
        self.number = number
        self.point = rng.choice(["random"] * 4 + ["in-start"] + list(POINTS))
        self.passage = rng.randint(1, POINTS.get(self.point, 1))
        # A named point has time to be reached; the log is copied only when it has grown.
        self.seconds = {"random": rng.uniform(0, 0.3), "in-start": rng.uniform(0, 0.12), "in-checkpoint": 6}.get(
            self.point, 1.5)
        self.clients = 6 if self.point == "in-checkpoint" else rng.randint(1, 6)
        self.largest = 200 if self.point == "in-checkpoint" else rng.choice([2, 20, 60])
        self.latency = rng.choice([0, 0, 5, 20])


class Matrix:
    def __init__(self, options, folder):
        self.options = options
        self.folder = folder
        self.sandbox = Sandbox(options.binary, folder)
        self.clients = [Client(str(number)) for number in range(6)]
        self.lock = threading.Lock()
        self.promised = set()
        self.arrived_before = set()
        self.kills = collections.Counter()
        self.missed = collections.Counter()
        self.acknowledged = self.lost = self.delivered = self.repeated = self.dead = self.starts = 0
        self.longest_start = 0.0

    def promise(self, ids):
        with self.lock:
            self.promised.update(ids)

    def start(self, environment=None):
        began = time.monotonic()
        relay = Relay(self.options.binary, self.folder, self.sandbox.port, environment)
        if relay.port:
            self.starts += 1
            self.longest_start = max(self.longest_start, time.monotonic() - began)
        elif relay.process.wait() != -9:
            raise Failure(f"the relay does not start again: {relay.output()[-2000:]}")
        return relay

    def run(self, plan):
        """One round, to the relay's end."""
        if plan.point == "in-migration":
            undo_last_migrations(f"{self.folder}/journal/journal.sqlite")
        self.sandbox.faults(latency_ms=plan.latency)
        if plan.point == "in-start":
            return self.kill_start(plan)
        named = plan.point in POINTS
        relay = self.start({"PINRELAY_CRASH_AT": f"{plan.point}:{plan.passage}"} if named else None)
        if relay.port:
            load = Load(self.clients[:plan.clients], relay.port, f"{self.options.seed}:{plan.number}",
                        f"{self.options.seed}-{plan.number}", self.promise, largest=plan.largest)
            self.wait(relay, min(plan.seconds, self.options.longest))
            died_itself = relay.process.poll() is not None
            code = relay.kill()
            load.end()
        else:
            died_itself, code = True, relay.process.wait()
        if code != -9:
            raise Failure(f"round {plan.number}: the relay ended with {code}: {relay.output()[-2000:]}")
        self.kills[plan.point if died_itself else "random"] += 1
        if named and not died_itself:
            self.missed[plan.point] += 1

    def kill_start(self, plan):
        relay = Relay(self.options.binary, self.folder, self.sandbox.port, waits=False)
        self.wait(relay, plan.seconds)
        if relay.kill() != -9:
            raise Failure(f"round {plan.number}: the start failed: {relay.output()[-2000:]}")
        self.kills[plan.point] += 1

    @staticmethod
    def wait(relay, seconds):
        end = time.monotonic() + seconds
        while time.monotonic() < end and relay.process.poll() is None:
            time.sleep(0.002)

    def settle(self, label):
        """Lets the queue run empty, compares and counts; then all is forgotten, since the sandbox counts 5 million ids."""
        self.sandbox.faults(latency_ms=0)
        relay = self.start()
        relay.wait_until_idle()
        unaccounted = relay.metrics().get("pinrelay_events_unaccounted", 0)
        code = relay.terminate()
        arrived = self.sandbox.counts()
        dead = {one for one, reason in dead_letters(relay.journal).items() if reason}
        # What arrived before its answer was lost is sent again in a later round, and answered as a repeat.
        lost = self.promised - arrived.keys() - self.arrived_before - dead
        self.acknowledged += len(self.promised)
        self.lost += len(lost)
        self.delivered += len(self.promised & (arrived.keys() | self.arrived_before))
        self.dead += len((self.promised & dead) - arrived.keys())
        self.repeated += sum(count - 1 for count in arrived.values())
        for one in sorted(lost)[:20]:
            print(f"  LOST {one} (seed-round-client-number)")
        if unaccounted or code:
            raise Failure(f"{label}: {unaccounted} events unaccounted for, the drain ended with {code}")
        self.promised.clear()
        self.arrived_before = set(arrived)
        self.sandbox.reset()

    def report(self, seconds):
        for point, label in LABELS.items():
            if self.kills[point]:
                print(f"  {self.kills[point]:6} kills {label}")
        for point, count in self.missed.items():
            print(f"  {count:6} rounds did not reach the point {point} and were killed at a time instead")
        print(f"seed {self.options.seed}: {sum(self.kills.values())} kills, {self.starts} starts (longest "
              f"{self.longest_start:.2f} s), {seconds:.0f} s")
        print(f"acknowledged {self.acknowledged}: delivered {self.delivered}, dead letters with a reason {self.dead}, "
              f"LOST {self.lost}; repeats upstream {self.repeated}")


# What takes the last migrations back; the triggers are all theirs. A new migration needs its own statements here.
LAST_MIGRATIONS = ["4-totals"]
UNDO = ["DROP TABLE queue_totals", "DROP TABLE dead_letter_totals", "DROP TABLE salvages"]


def undo_last_migrations(path):
    """Takes the journal back to the schema before the last migrations, with all its rows, so that a start migrates."""
    if not os.path.exists(path):
        return
    database = sqlite3.connect(path, timeout=10)
    try:
        known = [row[0] for row in database.execute("SELECT identifier FROM grdb_migrations ORDER BY identifier")]
        if known and known[-1] > LAST_MIGRATIONS[-1]:
            raise Failure(f"the journal knows the migration {known[-1]}: write here how to take it back")
        if LAST_MIGRATIONS[-1] not in known:
            return
        for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            database.execute(f"DROP TRIGGER {name}")
        for statement in UNDO:
            database.execute(statement)
        database.executemany("DELETE FROM grdb_migrations WHERE identifier = ?", [(name,) for name in LAST_MIGRATIONS])
        database.commit()
    finally:
        database.close()


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--binary", required=True)
    parser.add_argument("--kills", type=int, default=1000)
    parser.add_argument("--seed", default=str(random.SystemRandom().randint(1, 999999)))
    parser.add_argument("--first", type=int, default=0, help="the first round, to share a seed's rounds out")
    parser.add_argument("--round", type=int, help="only this round of the seed, on a fresh journal")
    parser.add_argument("--settle-every", type=int, default=50, help="rounds after which the queue is let to run empty")
    parser.add_argument("--longest", type=float, default=10, help="seconds that a round waits for a named point")
    parser.add_argument("--folder", help="where the journal stands; its parent's file system is what is written to")
    options = parser.parse_args()
    folder = tempfile.mkdtemp(prefix="kill-matrix-", dir=options.folder)
    print(f"kill matrix: seed {options.seed}, {1 if options.round is not None else options.kills} kills", flush=True)
    began = time.monotonic()
    matrix = Matrix(options, folder)
    try:
        numbers = range(options.first, options.first + options.kills) if options.round is None else [options.round]
        for done, number in enumerate(numbers, 1):
            matrix.run(Round(options.seed, number))
            if done % options.settle_every == 0 or done == len(numbers):
                matrix.settle(f"after round {number}")
                print(f"  {done} kills, {matrix.acknowledged} acknowledged, {matrix.lost} lost, "
                      f"{matrix.repeated} repeats upstream, {time.monotonic() - began:.0f} s", flush=True)
    except Failure as failure:
        print(f"FAILED: {failure}\nthe journal is kept in {folder}")
        return 1
    finally:
        matrix.sandbox.kill()
    matrix.report(time.monotonic() - began)
    if matrix.lost:
        print(f"the journal is kept in {folder}")
        return 1
    shutil.rmtree(folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
