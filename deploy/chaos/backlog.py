#!/usr/bin/env python3
"""A long queue: starts the relay on a journal with so many queued events, and prints how long the start takes, what
memory it has, and how fast the queue empties. The journal is made from one that the relay wrote: its own event, copied
with ids of its own into rows of `--per-block` events; 1 is the worst case. About 1 kB an event."""

import argparse
import re
import shutil
import sqlite3
import sys
import tempfile
import time

from rig import Failure, Relay, Sandbox, fetch

MARK = "backlog-0000000000"


def queue_one(options, folder):
    """Lets the relay queue one event whose id is the mark."""
    sandbox = Sandbox(options.binary, folder, arguments=["--hang"])
    relay = Relay(options.binary, folder, sandbox.port)
    call = {"writeKey": "wk", "event": "Order Completed", "messageId": MARK, "userId": "ann",
            "context": {"traits": {"email": "ann@example.com", "phone": "+14155552671", "firstName": "Ann"}},
            "properties": {"value": 90.5, "currency": "USD",
                           "products": [{"product_id": f"SKU-{n}", "price": 5, "quantity": 1} for n in range(4)]}}
    status = fetch(relay.port, "/v1/track", call)[0]
    relay.kill()
    sandbox.kill()
    if status != 200:
        raise Failure(f"the event is answered with {status}")
    return f"{relay.journal}/journal.sqlite"


def fill(path, events, per_block):
    """Replaces the one queued row by as many as it takes."""
    database = sqlite3.connect(path)
    columns = [row[1] for row in database.execute("PRAGMA table_info(blocks)")]
    row = dict(zip(columns, database.execute(f"SELECT {', '.join(columns)} FROM blocks").fetchone()))
    entry, mark = row["payload"], MARK.encode()
    at = entry.index(mark)
    head, tail = entry[:at], entry[at + len(mark):]
    insert = f"INSERT INTO blocks ({', '.join(columns)}) VALUES ({', '.join(':' + name for name in columns)})"

    def rows():
        for number in range(-(-events // per_block)):
            ids = range(number * per_block, min(events, (number + 1) * per_block))
            payload = b"".join(head + b"backlog-%010d" % one + tail for one in ids)
            yield {**row, "id": row["id"] + 1 + number, "events": len(ids), "payload": payload}

    database.execute("PRAGMA synchronous = OFF")
    database.execute("DELETE FROM blocks")
    database.executemany(insert, rows())
    database.commit()
    database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()


def memory(relay, name="VmRSS"):
    with open(f"/proc/{relay.process.pid}/status") as status:
        return int(re.search(name + r":\s+(\d+)", status.read()).group(1)) // 1024


def drain(options, folder, idle):
    sandbox = Sandbox(options.binary, folder)
    began = time.monotonic()
    relay = Relay(options.binary, folder, sandbox.port)
    started = time.monotonic() - began
    try:
        print(f"backlog: {options.events} events queued, {options.per_block} in a row: start {started:.2f} s, memory "
              f"{memory(relay)} MiB after it", flush=True)
        began = time.monotonic()
        left = options.events
        while left:
            left = relay.metrics().get("pinrelay_events_queued", 0)
            if relay.process.poll() is not None:
                raise Failure(f"the relay ends: {relay.output()[-2000:]}")
            time.sleep(0.5)
        seconds = time.monotonic() - began
        arrived = int(re.search(r'"events":(\d+)', fetch(sandbox.port, "/sandbox/summary")[1]).group(1))
        print(f"  drained in {seconds:.1f} s: {options.events / seconds:.0f} events/s; {arrived} arrived upstream; "
              f"highest memory {memory(relay, 'VmHWM')} MiB, {idle} MiB with an empty queue")
        if arrived < options.events or relay.metrics()["pinrelay_events_unaccounted"]:
            raise Failure("events are missing")
        relay.terminate()
    finally:
        relay.kill()
        sandbox.kill()


def idle_memory(options, folder):
    relay = Relay(options.binary, folder, 9, journal=f"{folder}/empty")
    try:
        return memory(relay)
    finally:
        relay.kill()


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--binary", required=True)
    parser.add_argument("--events", type=int, default=5_000_000)
    parser.add_argument("--per-block", type=int, default=1)
    parser.add_argument("--folder", help="where the journal stands")
    options = parser.parse_args()
    folder = tempfile.mkdtemp(prefix="backlog-", dir=options.folder)
    try:
        idle = idle_memory(options, folder)
        fill(queue_one(options, folder), options.events, options.per_block)
        drain(options, folder, idle)
    except Failure as failure:
        print(f"FAILED: {failure}")
        return 1
    finally:
        shutil.rmtree(folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
