"""Row 4: the stages alone. `relay-bench` runs one so often, and this counts from outside: processor time, and heap
allocations by a preloaded counter. The difference of two runs leaves start and first use out."""

import os
import statistics
import struct
import subprocess

import budget
from stand import rig
from table import Goal, Row

ROUNDS = 3
# A stage, the one whose work it begins with, and what is left when that is taken off.
STAGES = (
    ("decode", None, "decode: JSON onto the tape, items"),
    ("map", "decode", "map"),
    ("mapBesideOwn", "decode", "map, beside 50 own mappings of other names"),
    ("mapByOwn", "decode", "map, by 1 of 50 own mappings"),
    ("clear", "map", "normalise and hash"),
    ("all", "clear", "validate and encode"),
    ("all", None, "decode to encode, all of these"),
    ("journalAppend", None, "journal append, 64 at once"),
    ("leaseSettle", "journalAppend", "lease and settle, 1000 at once"),
    ("upstream", None, "upstream encode, response decode, 1000 a call"),
)
QUEUED = ("journalAppend", "leaseSettle")


def run(bench, stage, runs, environment=None):
    """Returns the microseconds of processor time that a whole run takes."""
    with open(bench.out / f"stage-{stage}.log", "ab") as log:
        process = subprocess.Popen(
            [bench.stages, "stage", stage, str(runs)], stdout=log, stderr=log,
            env={**os.environ, "TMPDIR": str(bench.out), **(environment or {})})
        _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise rig.Failure(f"stage {stage} ends with {process.returncode}, see {log.name}")
    return (usage.ru_utime + usage.ru_stime) * 1e6


def allocations(bench, stage, runs):
    path = bench.out / "allocations"
    path.unlink(missing_ok=True)
    run(bench, stage, runs, {"LD_PRELOAD": str(bench.out / "allocations.so"), "ALLOCATIONS": str(path)})
    return struct.unpack("Q", path.read_bytes())[0]


def measure(bench, stage):
    """Microseconds and allocations of one event through all that the stage begins with."""
    scale = 2_000 if stage in QUEUED else 20_000
    few, many = 2_000, 2_000 + int(scale * bench.seconds)
    times = [(run(bench, stage, many) - run(bench, stage, few)) / (many - few) for _ in range(ROUNDS)]
    allocated = (allocations(bench, stage, 6_000) - allocations(bench, stage, 2_000)) / 4_000
    return statistics.median(times), allocated


def stages(bench):
    missing = set(budget.STAGES) - {stage for stage, _, _ in STAGES}
    if missing:
        raise rig.Failure(f"stages without a row: {missing}")
    whole = {stage: measure(bench, stage) for stage in dict.fromkeys(stage for stage, _, _ in STAGES)}
    for stage, before, title in STAGES:
        cpu, allocated = (a - b for a, b in zip(whole[stage], whole[before] if before else (0, 0)))
        goals = whole_goals(cpu) if stage == "all" and not before else None
        yield Row(4, title, cpu=cpu, note=f"{max(0, allocated):.2f} allocations", goals=goals)


def whole_goals(cpu):
    return lambda b: [Goal("<= 0.25 B (3 us where B is 12)", cpu <= 0.25 * b.cpu)]
