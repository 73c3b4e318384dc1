"""Rows 5 to 7: the way out of the queue, starts, and what grows with threads and with the queue."""

import json
import os
import shutil
import statistics
import subprocess
import time

from stand import Baseline, Stand, cpu_seconds, order, resident_megabytes, rig
from table import Goal, Row
from request_rows import BATCH_CONNECTIONS, ORDER, row


def delivery(bench):
    """Row 5."""
    yield drain(bench)
    yield receipt(bench)


def drain(bench):
    """A relay queues while its upstream hangs, is killed, and starts again beside one that answers."""
    journal = bench.out / "drain-journal"
    try:
        with Stand(bench, "drain-fill", hangs=True, journal=journal) as stand:
            filled = stand.measure("deploy/bench/batch.lua", BATCH_CONNECTIONS, 100, per_request=100)
        with Stand(bench, "drain", journal=journal) as stand:
            before = cpu_seconds(stand.relay), cpu_seconds(stand.sandbox)
            samples = sample_until_empty(stand)
            faults = filled.faults + stand.faults(stand.wait())
            after = cpu_seconds(stand.relay), cpu_seconds(stand.sandbox)
    finally:
        shutil.rmtree(journal, ignore_errors=True)
    (began, first), (ended, last) = samples[0], samples[-1]
    rate = (last - first) / max(ended - began, 1e-9)
    cpu, upstream = ((b - a) * 1e6 / max(1, last - first) for a, b in zip(before, after))
    note = f"{last:,.0f} events; sandbox {upstream:.1f} us each, {upstream * rate / 1e4:.0f} % of a core"
    return Row(5, "drain of a queue, 1000 a call", rate, cpu, note=note, faults=faults, goals=lambda b: [
        Goal("rate >= 1.25 B (100,000 where B is 80,000)", rate >= 1.25 * b.rate)])


def sample_until_empty(stand, within=600):
    """The time and the sum of delivered events, ten times a second."""
    samples = []
    end = time.monotonic() + within
    while time.monotonic() < end:
        metrics = stand.relay.metrics()
        samples.append((time.monotonic(), metrics.get("pinrelay_events_delivered_total", 0)))
        if not metrics["pinrelay_events_queued"]:
            return samples
        time.sleep(0.1)
    raise rig.Failure("the queue does not empty")


def receipt(bench):
    """The time from the answer to the upstream's receipt, at 200 events a second; most of it is `delivery.linger`."""
    answered, faults = {}, []
    with Stand(bench, "receipt") as stand:
        end = time.monotonic() + bench.seconds
        while time.monotonic() < end:
            name = f"receipt-{len(answered)}"
            status, _ = rig.fetch(stand.relay.port, "/v1/track", order(name))
            answered[name] = time.time() * 1000
            if status != 200:
                faults.append(f"answered with {status}")
            time.sleep(0.005)
        faults += stand.faults(stand.wait())
        lines = rig.fetch(stand.sandbox.port, "/sandbox/ids")[1].splitlines()
    received = {one["event_id"]: one["first_ms"] for one in map(json.loads, lines)}
    if received.keys() != answered.keys():
        faults.append("other events arrived than were answered for")
    delays = sorted(received[name] - at for name, at in answered.items() if name in received)
    shares = [delays[int(share * len(delays))] for share in (0.5, 0.99, 0.999)] if delays else []
    return Row(5, "from answer to upstream receipt", latencies=shares, faults=faults,
               note=f"{len(delays)} events; delivery.linger is its default, 1 s")


class Backlog:
    """One journal that grows from row to row: filling it takes longest."""

    def __init__(self, bench):
        self.bench = bench
        self.path = bench.out / "backlog-journal"
        self.events = 0

    def grow(self, events):
        more = events - self.events
        if more > 0:
            subprocess.run(
                [self.bench.stages, "fill-journal", str(self.path), str(more), str(self.bench.per_block)], check=True)
            self.events = events

    def leave_cache(self):
        """Each page of the files leaves the system's cache."""
        for path in self.path.iterdir():
            file = os.open(path, os.O_RDONLY)
            os.fsync(file)
            os.posix_fadvise(file, 0, 0, os.POSIX_FADV_DONTNEED)
            os.close(file)

    def remove(self):
        shutil.rmtree(self.path, ignore_errors=True)


def scaling(bench, backlog):
    """Row 7. The queue grows while the upstream hangs, so that delivery is not in these figures."""
    for threads in (1, 2):
        with Stand(bench, f"threads-{threads}", threads=threads) as stand:
            found = stand.measure(ORDER, 64)
        yield row(7, f"Segment POST, 64 connections, ingress threads: {threads}", found)
    empty = None
    for events in (0, bench.events // 100, bench.events // 10, bench.events):
        backlog.grow(events)
        with Stand(bench, f"queue-{events}", hangs=True, journal=backlog.path) as stand:
            begins_with = stand.relay.metrics()["pinrelay_events_queued"]
            found = stand.measure(ORDER, 64)
            backlog.events = int(stand.relay.metrics()["pinrelay_events_queued"])
        empty = empty or found
        note = f"{found.cpu / empty.cpu:.2f} of the CPU with an empty queue; no delivery"
        yield row(7, f"the same, {begins_with:,.0f} queued before", found, note=note)


def starts(bench, backlog):
    """Row 6."""
    bare_millis, bare_memory = bare_start(bench)
    tries = [started(bench, "start-empty") for _ in range(3)]
    millis, memory = (statistics.median(column) for column in zip(*tries))
    yield Row(6, "start to ready, empty", note=(
        f"{millis:.0f} ms, {memory:.1f} MB; {millis / bare_millis:.1f} and {memory / bare_memory:.1f} x B's"),
        goals=lambda _: [Goal("<= 100 ms", millis <= 100), Goal("<= 40 MB", memory <= 40)])
    backlog.grow(bench.events)
    for word in ("cold", "cold", "warm"):
        if word == "cold":
            backlog.leave_cache()
        yield long_start(bench, backlog, word, memory)


def long_start(bench, backlog, word, idle):
    millis, memory = started(bench, "start-queued", backlog)
    more = memory - idle
    return Row(
        6, f"start to ready, {backlog.events:,} queued, {word} cache",
        note=f"{millis:.0f} ms, {more:.1f} MB more than empty, {bench.per_block} in a journal row",
        goals=lambda _: [Goal("<= 1 s", millis <= 1000), Goal("<= 64 MB more", more <= 64)])


def bare_start(bench):
    began = time.monotonic()
    program = Baseline(bench)
    try:
        return (time.monotonic() - began) * 1000, resident_megabytes(program)
    finally:
        program.kill()


def started(bench, name, backlog=None):
    """Milliseconds until `/readyz` says so, and the relay's memory a second later."""
    journal = backlog and backlog.path
    with Stand(bench, name, hangs=True, journal=journal) as stand:
        while rig.fetch(stand.relay.port, "/readyz")[0] != 200:
            time.sleep(0.002)
        millis = (time.monotonic() - stand.began) * 1000
        time.sleep(1)
        found = stand.relay.metrics()["pinrelay_events_queued"]
        if found != (backlog.events if backlog else 0):
            raise rig.Failure(f"{backlog.events} events are in the journal, the relay finds {found:.0f}")
        return millis, resident_megabytes(stand.relay)
