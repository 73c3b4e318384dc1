"""Rows 1 to 3: the baseline, single events by each input, and batches."""

import os
import time

from stand import Baseline, Stand, cpu_seconds, wrk
from table import Goal, Row

CONNECTIONS = (1, 16, 64, 256, 1000)
BATCHES = (1, 10, 100, 1000)
# Larger batches at more connections would wait for more than the journal's mailbox takes at once (32 MiB).
BATCH_CONNECTIONS = 8
ORDER = "deploy/bench/order.lua"
INPUTS = (("Segment POST", ORDER), ("GA4 hit, GET", "deploy/bench/hit.lua"),
          ("Measurement Protocol POST", "deploy/bench/measurement.lua"))


def baseline(bench, name="B"):
    program = Baseline(bench)
    try:
        before = cpu_seconds(program)
        load = wrk(bench, name, program.port, ORDER, 64)
        cpu = (cpu_seconds(program) - before) * 1e6 / max(1, load.requests)
    finally:
        program.kill()
    return Row(1, "B: bare evhttp, 843 bytes, 64 connections", load.rate, cpu, (load.p50, load.p99, load.p999),
               faults=load.faults)


def single(bench):
    """Row 2: each event alone in its request, answered when it is on disk."""
    half = None
    for title, script in INPUTS:
        for connections in CONNECTIONS:
            with Stand(bench, f"single-{title.split()[0]}-{connections}") as stand:
                found = stand.measure(script, connections)
            is_judged = script == ORDER and connections == 64
            if is_judged:
                half = found.rate / 2
            yield row(2, f"{title}, {connections} connections", found, single_goals(found) if is_judged else None)
    yield half_load(bench, half)


def single_goals(found):
    return lambda b: [
        Goal("CPU <= 2.0 B", found.cpu <= 2.0 * b.cpu), Goal("rate >= 0.6 B", found.rate >= 0.6 * b.rate)]


def half_load(bench, rate):
    """What the durable answer adds at half of the measured rate, beside a server that answers at once, and the disk."""
    steady = ("deploy/chaos/steady.lua", 64, max(1, int(rate)), 64)
    program = Baseline(bench)
    try:
        bare = wrk(bench, "half-load-B", program.port, *steady)
    finally:
        program.kill()
    with Stand(bench, "half-load") as stand:
        found = stand.measure(*steady)
    sync = disk_sync(bench)
    added = found.load.p99 - bare.p99
    found.faults += bare.faults
    goals = [Goal("adds <= 5 ms", added <= 5), Goal("adds <= 3 syncs", added <= 3 * sync)]
    note = f"adds {added:.2f} ms to B's p99 of {bare.p99:.2f} at this rate; p99 of the disk's own sync {sync:.2f} ms"
    return row(2, "Segment POST, 64 connections, half load", found, lambda _: goals, note)


def disk_sync(bench, times=300):
    """The p99 of a write of 4 KiB and its sync, in milliseconds, where the journals stand."""
    path = bench.out / "sync"
    file = os.open(path, os.O_WRONLY | os.O_CREAT, 0o600)
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        os.write(file, bytes(4096))
        os.fdatasync(file)
        taken.append((time.perf_counter() - began) * 1000)
    os.close(file)
    path.unlink()
    return sorted(taken)[int(times * 0.99)]


def batches(bench):
    """Row 3: so many events in a request; figures are an event's, latencies a request's."""
    for size in BATCHES:
        with Stand(bench, f"batch-{size}") as stand:
            found = stand.measure("deploy/bench/batch.lua", BATCH_CONNECTIONS, size, per_request=size)
        goals = batch_goals(found) if size == 100 else None
        yield row(3, f"Segment batch of {size}, {BATCH_CONNECTIONS} connections", found, goals)


def batch_goals(found):
    return lambda b: [Goal("CPU <= 0.5 B", found.cpu <= 0.5 * b.cpu)]


def row(number, what, found, goals=None, note=""):
    latencies = found.load.p50, found.load.p99, found.load.p999
    notes = "; ".join(filter(None, [note, f"sandbox {found.upstream_cpu:.1f} us"]))
    return Row(number, what, found.rate, found.cpu, latencies, notes, goals, found.faults)
