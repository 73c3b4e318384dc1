"""The stand of the bench: the release binary as relay and as sandbox upstream, loads by wrk, and the processes' own
clocks. Every row gets programs and a journal of its own, so that no row pays for another."""

import json
import os
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "chaos"))
import rig  # noqa: E402

# Senders stand behind a proxy. A batch of 1000 orders is beyond Segment's own limit, which is the default.
rig.CONFIGURATION = """\
listen: {trusted_proxies: [127.0.0.0/8], limits: {segment: {batch_bytes: 2MiB}}}
destinations: [{name: bench}]
"""


@dataclass
class Bench:
    """What a run was asked for, and where its raw output goes."""
    binaries: Path
    out: Path
    seconds: float = 10
    events: int = 5_000_000
    per_block: int = 1
    loads: int = 0

    @property
    def relay(self):
        return str(self.binaries / "pinrelay")

    @property
    def stages(self):
        return str(self.binaries / "relay-bench")


@dataclass
class Load:
    """What wrk saw. Latencies are milliseconds."""
    requests: int
    rate: float
    p50: float
    p99: float
    p999: float
    faults: list = field(default_factory=list)


def wrk(bench, name, port, script, connections, *arguments):
    """Loads a port for the row's time, from one thread."""
    bench.loads += 1
    command = ["wrk", "-t1", f"-c{connections}", f"-d{bench.seconds:g}s", "--timeout", "30s", "-s", script,
               f"http://127.0.0.1:{port}"]
    done = subprocess.run(
        command + (["--", *map(str, arguments)] if arguments else []), capture_output=True, text=True,
        cwd=HERE.parent.parent, env={**os.environ, "BENCH_RUN": f"{int(time.time()):x}{bench.loads:03x}"})
    (bench.out / f"{name}.wrk.txt").write_text(done.stdout + done.stderr)
    if done.returncode != 0:
        raise rig.Failure(f"wrk ends with {done.returncode}: {done.stderr[-500:]}")
    seen = json.loads(done.stdout.splitlines()[-1])
    faults = []
    if seen["refused"]:
        faults.append(f"{seen['refused']} answers are not 2xx")
    if seen["broken"]:
        faults.append(f"{seen['broken']} connections broke or timed out")
    if not seen["requests"]:
        faults.append("nothing was answered")
    millis = [seen[key] / 1000 for key in ("p50", "p99", "p999")]
    return Load(seen["requests"], seen["requests"] / (seen["micros"] / 1e6), *millis, faults)


def cpu_seconds(program):
    """The processor time of a whole process: the kernel's clock for it."""
    return time.clock_gettime(~program.process.pid << 3 | 2)


def resident_megabytes(program):
    with open(f"/proc/{program.process.pid}/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmRSS:")) * 1024 / 1e6


def order(name):
    """A Segment call like that of order.lua, for loads that are counted and not timed."""
    person = {"email": "jane@example.com", "phone": "+14155552671", "firstName": "Jane", "lastName": "Doe",
              "address": {"city": "San Francisco", "state": "CA", "postalCode": "94107", "country": "US"}}
    products = [{"product_id": "SKU-1", "name": "Blue Mug", "price": 25.25, "quantity": 2},
                {"product_id": "SKU-2", "name": "Tea", "price": 40, "quantity": 1}]
    return {"writeKey": "wk_live", "type": "track", "event": "Order Completed", "userId": "user-12345",
            "messageId": name,
            "context": {"ip": "203.0.113.9", "userAgent": "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36",
                        "page": {"url": "https://shop.example/thanks?order=1001"}, "traits": person},
            "properties": {"order_id": "1001", "currency": "USD", "revenue": 90.5, "products": products}}


class Baseline(rig.Program):
    """B."""

    def __init__(self, bench):
        super().__init__(str(bench.out / "baseline"), [], f"{bench.out}/baseline.log")
        self.port = self.number_after("listening on http://127.0.0.1:")
        if self.port is None:
            raise rig.Failure(f"the baseline ends: {self.output()}")


@dataclass
class Measured:
    load: Load
    # Events a second, and microseconds of the relay's and of the sandbox's processor time an event.
    rate: float
    cpu: float
    upstream_cpu: float
    faults: list


class Stand:
    """A relay and its upstream. Without a `journal` it has an empty one, which goes with it."""

    def __init__(self, bench, name, threads=1, hangs=False, journal=None, environment=None):
        self.bench = bench
        self.name = name
        self.folder = bench.out / name
        self.folder.mkdir(exist_ok=True)
        self.hangs = hangs
        self.keeps_journal = journal is not None
        self.sandbox = rig.Sandbox(bench.relay, self.folder, arguments=["--hang"] if hangs else [])
        self.began = time.monotonic()
        self.relay = rig.Relay(
            bench.relay, self.folder, self.sandbox.port, {"PINRELAY_THREADS": str(threads), **(environment or {})},
            journal=journal and str(journal))
        if self.relay.admin is None:
            raise rig.Failure(f"the relay ends: {self.relay.output()[-2000:]}")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.relay.kill()
        self.sandbox.kill()
        if not self.keeps_journal:
            shutil.rmtree(self.relay.journal, ignore_errors=True)

    def measure(self, script, connections, *arguments, per_request=1):
        """One load, until all of it is delivered; with a hanging upstream, until all of it is stored."""
        received = self.relay.metrics()["pinrelay_events_received_total"]
        before = cpu_seconds(self.relay), cpu_seconds(self.sandbox)
        load = wrk(self.bench, self.name, self.relay.port, script, connections, *arguments)
        metrics = self.wait()
        after = cpu_seconds(self.relay), cpu_seconds(self.sandbox)
        events = metrics["pinrelay_events_received_total"] - received
        faults = load.faults + self.faults(metrics)
        # At the end of its time wrk leaves a request on each connection without waiting for the answer.
        promised, most = load.requests * per_request, (load.requests + connections) * per_request
        if not promised <= events <= most:
            faults.append(f"{promised} events were answered for, {events:.0f} received")
        cpu, upstream_cpu = ((b - a) * 1e6 / max(1, events) for a, b in zip(before, after))
        return Measured(load, load.rate * per_request, cpu, upstream_cpu, faults)

    def wait(self, within=600):
        """Until nothing is under way. Returns the metrics; those of the last moment when the time is over."""
        end = time.monotonic() + within
        while True:
            metrics = self.relay.metrics()
            # Each by itself: what is pending for a moment can stand against what is unaccounted for.
            under_way = ["pinrelay_events_pending", "pinrelay_events_unaccounted"]
            if not self.hangs:
                under_way.append("pinrelay_events_queued")
            if not any(metrics.get(name) for name in under_way) or time.monotonic() > end:
                break
            time.sleep(0.1)
        (self.bench.out / f"{self.name}.metrics.txt").write_text(rig.fetch(self.relay.admin, "/metrics")[1])
        return metrics

    def faults(self, metrics):
        """What keeps the sums from adding up: every event received is delivered once, or stands in the queue."""
        came, delivered, queued = (
            sum(metrics.get(f"pinrelay_events_{name}", 0) for name in names)
            for names in (("received_total", "recovered_total"), ("delivered_total",), ("queued",)))
        faults = [f"{metrics[name]:.0f} {name}" for name in ("pinrelay_events_unaccounted",) if metrics[name]]
        for name in ("dead", "not_sent", "duplicate"):
            if metrics.get(f"pinrelay_events_{name}_total", 0):
                faults.append(f"{metrics[f'pinrelay_events_{name}_total']:.0f} events are {name}")
        if came != delivered + queued or (queued and not self.hangs):
            faults.append(f"{came:.0f} events came, {delivered:.0f} are delivered, {queued:.0f} queued")
        arrived = json.loads(rig.fetch(self.sandbox.port, "/sandbox/summary")[1])
        if arrived["events"] != delivered or arrived["duplicates"] or arrived["failed_events"]:
            faults.append(f"{arrived['events']} arrived upstream, {arrived['duplicates']} of them again")
        return faults
