#!/usr/bin/env python3
"""The soak: orders at half of the measured capacity, for half an hour by default, while memory, descriptors and the
write-ahead log of the relay are sampled each second. Fails when one of them grows, when an event is unaccounted for or
missing upstream, or when a request is not answered with 200. Needs wrk."""

import argparse
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

import rig
from rig import Failure, Relay, Sandbox

CONNECTIONS = 32
# So that what is remembered of events is complete soon, and grows no more.
rig.CONFIGURATION += "dedup:\n  max_keys: 200000\n"


def wrk(port, seconds, *arguments):
    script = "deploy/chaos/steady.lua" if arguments else "deploy/bench/order.lua"
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "--timeout", "30s", "-s", script,
               f"http://127.0.0.1:{port}"]
    return subprocess.Popen(command + (["--", *map(str, arguments)] if arguments else []),
                            stdout=subprocess.PIPE, text=True)


def requests(process):
    """The requests that wrk has had answered, all with success."""
    text = process.communicate()[0]
    if re.search("Non-2xx|Socket errors", text):
        raise Failure(f"not all was answered well: {text}")
    return int(re.search(r"(\d+) requests in", text).group(1))


class Samples:
    def __init__(self, relay):
        self.relay = relay
        self.rows = []

    def take(self):
        process = f"/proc/{self.relay.process.pid}"
        with open(f"{process}/status") as status:
            memory = int(re.search(r"VmRSS:\s+(\d+)", status.read()).group(1)) / 1024
        log = os.path.getsize(f"{self.relay.journal}/journal.sqlite-wal") / (1 << 20)
        self.rows.append((time.monotonic(), memory, len(os.listdir(f"{process}/fd")), log))

    def judge(self):
        """Compares the first and last third of what follows the first fifth. Returns the growths that are too large."""
        steady = self.rows[len(self.rows) // 5:]
        third = len(steady) // 3
        faults = []
        for column, name, unit, slack in ((1, "memory", "MiB", 8), (2, "descriptors", "", 4), (3, "log", "MiB", 16)):
            values = [row[column] for row in steady]
            # The log is a saw: its peaks count.
            mean = max if name == "log" else statistics.median
            first, last = mean(values[:third]), mean(values[-third:])
            slope = statistics.linear_regression([row[0] for row in steady], values).slope * 3600
            is_flat = last - first <= max(slack, first * 0.05)
            print(f"  {name:12} first third {first:8.1f} {unit}, last third {last:8.1f}, highest {max(values):8.1f}, "
                  f"slope {slope:+.1f} an hour: {'flat' if is_flat else 'GROWS'}")
            if not is_flat:
                faults.append(name)
        return faults


def soak(options, folder):
    sandbox = Sandbox(options.binary, folder)
    relay = Relay(options.binary, folder, sandbox.port)
    try:
        sent = requests(wrk(relay.port, options.measure))
        rate = max(1, sent // options.measure // 2)
        relay.wait_until_idle(600)
        print(f"soak: capacity {sent // options.measure} requests/s with {CONNECTIONS} connections, so {rate} a second "
              f"for {options.seconds} s", flush=True)
        load = wrk(relay.port, options.seconds, rate, CONNECTIONS)
        samples = Samples(relay)
        while load.poll() is None:
            samples.take()
            time.sleep(1)
        answered = requests(load)
        relay.wait_until_idle(600)
        metrics = relay.metrics()
        delivered = metrics["pinrelay_events_delivered_total"]
        received = metrics["pinrelay_events_received_total"]
        unaccounted = metrics["pinrelay_events_unaccounted"]
        print(f"  {answered / options.seconds:.0f} requests/s answered; {received:.0f} events received, "
              f"{delivered:.0f} delivered, {unaccounted:.0f} unaccounted for")
        faults = samples.judge()
        code = relay.terminate()
        if faults or unaccounted or delivered < sent + answered or code:
            raise Failure(f"grows: {faults}, unaccounted {unaccounted}, the drain ended with {code}")
    finally:
        relay.kill()
        sandbox.kill()


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--binary", required=True)
    parser.add_argument("--seconds", type=int, default=1800)
    parser.add_argument("--measure", type=int, default=10, help="seconds for which the capacity is measured")
    parser.add_argument("--folder", help="where the journal stands")
    options = parser.parse_args()
    folder = tempfile.mkdtemp(prefix="soak-", dir=options.folder)
    try:
        soak(options, folder)
    except Failure as failure:
        print(f"FAILED: {failure}")
        return 1
    finally:
        shutil.rmtree(folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
