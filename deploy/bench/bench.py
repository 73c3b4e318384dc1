#!/usr/bin/env python3
"""Measures the relay beside B, a bare evhttp server, in one run, and prints one table with the goals beside the rows.

ROWS="1 2 4" takes some rows, SECONDS_EACH sets how long each load lasts (10), EVENTS the long queue of rows 6 and
7 (5 million), PER_BLOCK how many of its events share a row of the journal (1, the worst case). Ends with 1 when a row
failed: an answer that is not 2xx, or sums that do not add up. A goal that is missed is no failure."""

import argparse
import json
import os
import platform
import resource
import subprocess
import sys
import time
from pathlib import Path

from queue_rows import Backlog, delivery, scaling, starts
from request_rows import baseline, batches, disk_sync, single
from stage_rows import stages
from stand import HERE, Bench, rig
from table import Row, render


def compile_c(bench):
    for arguments in (
        ["-o", f"{bench.out}/baseline", f"{HERE}/baseline.c", "-levent_core", "-levent_extra"],
        ["-shared", "-fPIC", "-o", f"{bench.out}/allocations.so", f"{HERE}/allocations.c"],
    ):
        subprocess.run(["cc", "-O2", *arguments], check=True)


def machine(bench):
    """What the figures depend on."""
    def said(*command):
        return subprocess.run(command, capture_output=True, text=True, cwd=HERE).stdout.strip()

    with open("/proc/cpuinfo") as file:
        model = next((line.split(": ")[1].strip() for line in file if line.startswith("model name")), "unknown")
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    commit, loader = said("git", "describe", "--always", "--dirty"), " ".join(said("wrk", "--version").split()[:2])
    system = said("findmnt", "-no", "FSTYPE,SOURCE", "-T", str(bench.out))
    load = os.getloadavg()[0]
    return "\n".join((
        f"machine: {os.cpu_count()} cores, {model}, {memory:.0f} GiB, kernel {platform.release()}",
        f"disk: {system}, p99 of a 4 KiB write and its sync {disk_sync(bench):.2f} ms",
        f"code: {commit}, release build; load by {loader}",
        f"run: {bench.seconds:g} s a load, {bench.events:,} events in the long queue, {bench.per_block} in a row; load "
        f"average at the start {load:.1f}" + (": NOT A QUIET MACHINE" if load > 0.5 else "")))


def measure(bench, numbers):
    """Yields rows as they are measured. The queue grows in row 7 and is then what row 6 starts with."""
    backlog = Backlog(bench)
    makers = {2: single, 3: batches, 4: stages, 5: delivery, 7: lambda bench: scaling(bench, backlog),
              6: lambda bench: starts(bench, backlog)}
    try:
        for number, maker in makers.items():
            if number not in numbers:
                continue
            try:
                yield from maker(bench)
            except (rig.Failure, OSError) as failure:
                # A relay that has ended refuses connections; the other rows are measured all the same.
                yield Row(number, "the rest of this row", faults=[str(failure)])
    finally:
        backlog.remove()


def both(first, last):
    """B as the mean of its two loads, at the beginning and at the end of the run."""
    drift = max(first.cpu, last.cpu) / min(first.cpu, last.cpu) - 1
    latencies = tuple((a + b) / 2 for a, b in zip(first.latencies, last.latencies))
    note = f"mean of begin and end, whose CPU differs by {drift:.0%}" + (": NOT A QUIET MACHINE" if drift > 0.1 else "")
    return Row(1, first.what, (first.rate + last.rate) / 2, (first.cpu + last.cpu) / 2, latencies, note,
               faults=first.faults + last.faults)


def options():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--binaries", type=Path, required=True, help="the folder of the release build")
    given = parser.parse_args()
    out = HERE.parent.parent / ".build" / "bench" / time.strftime("%Y%m%d-%H%M%S")
    out.mkdir(parents=True)
    setting = os.environ.get
    numbers = {int(word) for word in (setting("ROWS") or "1 2 3 4 5 6 7").split()}
    return numbers, Bench(
        given.binaries.resolve(), out, float(setting("SECONDS_EACH") or 10), int(setting("EVENTS") or 5_000_000),
        int(setting("PER_BLOCK") or 1))


def main():
    numbers, bench = options()
    # A thousand connections need as many descriptors, here and in what is started from here.
    resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
    compile_c(bench)
    facts = machine(bench)
    first = baseline(bench, "B-begin")
    rows = []
    for row in measure(bench, numbers):
        print(f"bench: {row.number} {row.what}" + (" FAILED" if row.faults else ""), file=sys.stderr, flush=True)
        rows.append(row)
    b = both(first, baseline(bench, "B-end"))
    rows.insert(0, b)
    text = f"{facts}\n\n{render(rows, b)}\n"
    (bench.out / "table.txt").write_text(text)
    figures = [{key: value for key, value in vars(row).items() if key != "goals"} for row in rows]
    (bench.out / "rows.json").write_text(json.dumps(figures, indent=1))
    print(f"{text}\nraw output: {bench.out}")
    return 1 if any(row.faults for row in rows) else 0


if __name__ == "__main__":
    sys.exit(main())
