#!/usr/bin/env python3
"""Counts what one event costs the whole relay, from socket to upstream, and fails when a figure is over its budget.

usage: process_budget.py PINRELAY [--write]

The load is fixed, and one request follows the other, so that the figures are nearly the same on every machine: each
request is a commit of its own. Heap allocations are counted by a preloaded library,
bytes by the kernel (`/proc/PID/io`), system calls by strace in a second run, since it slows what it watches.

process_budget.txt holds a line a figure, and its numbers may only fall. Over by more than TOLERANCE fails: which thread
finds work before it sleeps differs by that much. --write puts what was counted in the place of higher figures.
"""
import http.client
import json
import signal
import struct
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from stand import HERE, Bench, Stand, order, rig

TOLERANCE = 0.10
BUDGET = Path(__file__).with_name("process_budget.txt")
# So few deliveries that their number says little.
rig.CONFIGURATION += "delivery: {linger: 5s}\n"
# Requests, and events in each.
SCENARIOS = {"single": (2000, 1), "batch-of-100": (100, 100)}
FIGURES = ("allocations", "bytes-written", "bytes-to-disk", "syscalls")


def send(stand, prefix, requests, per_request):
    """Sends so many requests, one after the other, and waits until the upstream has all of them."""
    connection = http.client.HTTPConnection("127.0.0.1", stand.relay.port, timeout=30)
    before = arrived(stand)
    for number in range(requests):
        orders = [order(f"{prefix}-{number}-{place}") for place in range(per_request)]
        path, body = ("/v1/track", orders[0]) if per_request == 1 else ("/v1/batch", {"batch": orders})
        connection.request("POST", path, json.dumps({"writeKey": "wk_live", **body}))
        answer = connection.getresponse()
        answer.read()
        if answer.status != 200:
            raise rig.Failure(f"a request is answered with {answer.status}")
    connection.close()
    end = time.monotonic() + 60
    # The relay is not asked: answering would count.
    while arrived(stand) - before < requests * per_request:
        if time.monotonic() > end:
            raise rig.Failure("the events do not arrive upstream")
        time.sleep(0.05)
    # Then it deletes what was delivered.
    time.sleep(0.5)


def arrived(stand):
    return json.loads(rig.fetch(stand.sandbox.port, "/sandbox/summary")[1])["events"]


def io(pid):
    lines = Path(f"/proc/{pid}/io").read_text().splitlines()
    return {name: int(value) for name, value in (line.split(": ") for line in lines)}


def count_cost(bench, scenario, requests, per_request):
    """Allocations and bytes of one event."""
    counter = bench.out / f"{scenario}.allocations"
    preload = {"LD_PRELOAD": str(bench.out / "allocations.so"), "ALLOCATIONS": str(counter)}
    with Stand(bench, scenario, environment=preload) as stand:
        send(stand, "first", 1000 // per_request, per_request)
        read = lambda: (struct.unpack("Q", counter.read_bytes())[0], io(stand.relay.process.pid))
        allocated, before = read()
        send(stand, "counted", requests, per_request)
        allocated_after, after = read()
        check(stand)
    events = requests * per_request
    written = ((after[name] - before[name]) / events for name in ("wchar", "write_bytes"))
    return [(allocated_after - allocated) / events, *written]


def count_calls(bench, scenario, requests, per_request):
    """System calls of one event, all threads."""
    summary = bench.out / f"{scenario}.strace.txt"
    with Stand(bench, f"{scenario}-calls") as stand:
        send(stand, "first", 1000 // per_request, per_request)
        watcher = subprocess.Popen(
            ["strace", "-c", "-f", "-p", str(stand.relay.process.pid), "-o", str(summary)], stderr=subprocess.PIPE)
        # It says so once it holds the process.
        watcher.stderr.readline()
        send(stand, "counted", requests, per_request)
        watcher.send_signal(signal.SIGINT)
        watcher.communicate()
        check(stand)
    total = next(line.split() for line in reversed(summary.read_text().splitlines()) if line.endswith(" total"))
    return int(total[3]) / (requests * per_request)


def check(stand):
    faults = stand.faults(stand.wait())
    if faults:
        raise rig.Failure("; ".join(faults))


def measure(binary):
    with tempfile.TemporaryDirectory(dir=HERE.parent.parent / ".build") as folder:
        bench = Bench(Path(binary).resolve().parent, Path(folder))
        subprocess.run(["cc", "-O2", "-shared", "-fPIC", "-o", f"{folder}/allocations.so",
                        str(HERE / "allocations.c")], check=True)
        return {
            (scenario, figure): value
            for scenario, (requests, per_request) in SCENARIOS.items()
            for figure, value in zip(FIGURES, [
                *count_cost(bench, scenario, requests, per_request),
                count_calls(bench, scenario, requests, per_request)])
        }


def read_budget():
    rows = (line.split() for line in BUDGET.read_text().splitlines() if line and not line.startswith("#"))
    return {(scenario, figure): float(allowed) for scenario, figure, allowed in rows}


def write_budget(budget):
    head = [line for line in BUDGET.read_text().splitlines() if line.startswith("#")]
    rows = [f"{scenario:14} {figure:14} {allowed:9.2f}" for (scenario, figure), allowed in budget.items()]
    BUDGET.write_text("\n".join(head + rows) + "\n")


def main(binary, writes):
    budget, measured, faults = read_budget(), measure(binary), []
    print(f"{'scenario':14} {'of one event':14} {'counted':>9} {'budget':>9}")
    for key, value in measured.items():
        allowed = budget.get(key, float("inf"))
        print(f"{key[0]:14} {key[1]:14} {value:9.2f} {allowed:9.2f}")
        if value > allowed * (1 + TOLERANCE):
            faults.append(f"{key[0]}: {value:.2f} {key[1]} an event, {allowed:.2f} are allowed")
        if value < allowed * (1 - TOLERANCE) < float("inf"):
            print(f"budget: note: {' '.join(key)} is less: lower its line in {BUDGET.name} (--write)")
        budget[key] = min(value, allowed)
    if writes:
        write_budget(budget)
    for fault in faults:
        print(f"budget: {fault}")
    return 1 if faults else 0


if __name__ == "__main__":
    if len(sys.argv) < 2 or not set(sys.argv[2:]) <= {"--write"}:
        sys.exit(__doc__)
    try:
        sys.exit(main(sys.argv[1], "--write" in sys.argv))
    except rig.Failure as failure:
        sys.exit(f"budget: {failure}")
