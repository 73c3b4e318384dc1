#!/usr/bin/env python3
"""Counts what one event costs in each stage without I/O, and fails when a figure is over its budget.

usage: budget.py RELAY_BENCH [--write]

Two figures that are nearly the same on every machine and under any load: instructions and heap allocations per event.
Callgrind runs a stage with 1000 and with 3000 events; the difference is 2000 events without start and first use. The
instructions of libcrypto and libsimdjson are left out: both choose their code by the processor. What they allocate
counts.

budget.txt holds a line a stage, and its numbers may only fall. Over by more than TOLERANCE fails: compilers differ by
that much. An allocation more fails at once. --write puts what was counted in the place of higher figures.
"""
import re
import subprocess
import sys
import tempfile
from pathlib import Path

TOLERANCE = 0.03
RUNS = (1000, 3000)
# A stage of relay-bench, and the one whose work it begins with: the budget is for the difference.
STAGES = {
    "decode": None,
    "map": "decode",
    "mapBesideOwn": "decode",
    "mapByOwn": "decode",
    "clear": "map",
    "all": "clear",
}
TITLES = {"clear": "normalise and hash", "all": "check and encode"}
BUDGET = Path(__file__).with_name("budget.txt")
CPU_BOUND = ("libcrypto", "libsimdjson")
ALLOCATORS = {"malloc", "calloc", "realloc", "posix_memalign", "aligned_alloc"}


def profile(binary, stage, runs, folder):
    """Instructions and allocations of one whole run."""
    out = Path(folder) / f"{stage}.{runs}"
    command = ["valgrind", "--tool=callgrind", f"--callgrind-out-file={out}", binary, "stage", stage, str(runs)]
    done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    if done.returncode != 0:
        sys.exit(f"budget: {' '.join(command)} failed\n{done.stderr}")
    return count(out.read_text(errors="replace").splitlines())


def count(lines):
    """Sums a callgrind file: its names stand once and are then known by number."""
    names = {"ob": {}, "fn": {}}
    instructions = allocations = 0
    counts, called, is_call = True, "", False
    for line in lines:
        named = re.match(r"(c?)(ob|fn)=\((\d+)\)(?: (.*))?$", line)
        if named:
            callee, kind, number, text = named.groups()
            if text:
                names[kind][number] = text
            name = names[kind].get(number, "")
            if callee and kind == "fn":
                called = name
            elif not callee and kind == "ob":
                counts = not any(library in name for library in CPU_BOUND)
        elif line.startswith("calls="):
            if re.split(r"['@]", called)[0] in ALLOCATORS:
                allocations += int(line[6:].split()[0])
            # The line behind it is what the callee cost, which is counted at the callee.
            is_call = True
        elif re.match(r"[+\-*\d]\S* \d+$", line):
            if counts and not is_call:
                instructions += int(line.split()[1])
            is_call = False
    return instructions, allocations


def measure(binary):
    with tempfile.TemporaryDirectory() as folder:
        # Debian's valgrind does not read the debug information that Swift writes.
        plain = str(Path(folder) / "relay-bench")
        subprocess.run(["strip", "--strip-debug", "-o", plain, binary], check=True)
        whole = {}
        for stage in STAGES:
            few, many = (profile(plain, stage, runs, folder) for runs in RUNS)
            whole[stage] = [(b - a) / (RUNS[1] - RUNS[0]) for a, b in zip(few, many)]
    return {
        stage: [a - b for a, b in zip(whole[stage], whole[before] if before else (0, 0))]
        for stage, before in STAGES.items()
    }


def read_budget():
    rows = (line.split() for line in BUDGET.read_text().splitlines() if line and not line.startswith("#"))
    return {stage: (int(instructions), int(allocations)) for stage, instructions, allocations in rows}


def write_budget(budget):
    head = [line for line in BUDGET.read_text().splitlines() if line.startswith("#")]
    rows = [f"{stage:14} {budget[stage][0]:8} {budget[stage][1]:6}" for stage in STAGES]
    BUDGET.write_text("\n".join(head + rows) + "\n")


def main(binary, writes):
    budget, measured, faults = read_budget(), measure(binary), []
    print(f"{'stage':20} {'instructions':>12} {'budget':>8} {'allocations':>12} {'budget':>8}")
    for stage, (instructions, allocations) in measured.items():
        allowed = budget.get(stage, (float("inf"), float("inf")))
        title = TITLES.get(stage, stage)
        print(f"{title:20} {instructions:12.0f} {allowed[0]:8} {allocations:12.2f} {allowed[1]:8}")
        if instructions > allowed[0] * (1 + TOLERANCE):
            faults.append(f"{title}: {instructions:.0f} instructions an event, {allowed[0]} are allowed")
        if round(allocations) > allowed[1]:
            faults.append(f"{title}: {allocations:.2f} allocations an event, {allowed[1]} are allowed")
        if instructions < allowed[0] * (1 - TOLERANCE) or round(allocations) < allowed[1]:
            print(f"budget: note: {title} costs less: lower its line in {BUDGET.name} (--write)")
        budget[stage] = (int(min(round(instructions), allowed[0])), int(min(round(allocations), allowed[1])))
    if writes:
        write_budget(budget)
    for fault in faults:
        print(f"budget: {fault}")
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    if len(sys.argv) < 2 or not set(sys.argv[2:]) <= {"--write"}:
        sys.exit(__doc__)
    main(sys.argv[1], "--write" in sys.argv)
