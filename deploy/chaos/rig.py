"""The rig of the chaos commands: the built binary as relay and as sandbox upstream, and clients that remember what they
were promised. Needs nothing but Python 3."""

import ctypes
import http.client
import json
import os
import random
import signal
import socket
import sqlite3
import subprocess
import threading
import time

TOKEN = "chaos"
ACCOUNT = "549755885175"
CONFIGURATION = "delivery:\n  linger: 20ms\n"

# What a test run asks of all processes: where sandboxes record bodies, and what a sanitizer is told.
PASSED_ON = ("PINRELAY_SANDBOX_RECORD", "ASAN_OPTIONS", "TSAN_OPTIONS")
SURROUNDINGS = {"PATH": "/usr/bin:/bin", **{name: os.environ[name] for name in PASSED_ON if name in os.environ}}


# A driver that is killed takes its programs with it: the kernel kills them. Looked up before there are threads.
PR_SET_PDEATHSIG = 1
prctl = ctypes.CDLL(None, use_errno=True).prctl


class Failure(Exception):
    """The rig cannot go on; no verdict on the relay's promise."""


class Program:
    """A `pinrelay` process; what it prints is kept in a file."""

    def __init__(self, binary, arguments, log, environment=None):
        self.log = log
        with open(log, "wb") as output:
            self.process = subprocess.Popen(
                [binary] + arguments, stdin=subprocess.DEVNULL, stdout=output, stderr=output,
                env={**SURROUNDINGS, **(environment or {})},
                preexec_fn=lambda: prctl(PR_SET_PDEATHSIG, signal.SIGKILL))

    def output(self):
        with open(self.log, errors="replace") as file:
            return file.read()

    def number_after(self, mark, within=30):
        """The number behind a mark in the output; None when the process ends before it prints one."""
        end = time.monotonic() + within
        while time.monotonic() < end:
            has_ended = self.process.poll() is not None
            text = self.output()
            at = text.find(mark)
            digits = "".join(iter_digits(text[at + len(mark):])) if at >= 0 else ""
            if digits and len(text) > at + len(mark) + len(digits):
                return int(digits)
            if has_ended:
                return None
            time.sleep(0.004)
        raise Failure(f"{mark} does not appear: {self.output()}")

    def kill(self):
        """SIGKILL. Returns the exit code, that of an end of its own included."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGKILL)
        return self.process.wait()

    def terminate(self, within=60):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        return self.process.wait(within)


def iter_digits(text):
    for character in text:
        if not character.isdigit():
            return
        yield character


class Sandbox(Program):
    def __init__(self, binary, folder, name="sandbox", arguments=()):
        super().__init__(
            binary, ["sandbox", "--port", "0", "--token", TOKEN, "--keep", "0", *arguments], f"{folder}/{name}.log")
        self.port = self.number_after("listening on http://127.0.0.1:")
        if self.port is None:
            raise Failure(f"the sandbox ends: {self.output()}")

    def counts(self):
        """How often each event id has arrived."""
        lines = fetch(self.port, "/sandbox/ids")[1].splitlines()
        return {entry["event_id"]: entry["count"] for entry in map(json.loads, lines)}

    def faults(self, **plan):
        fetch(self.port, "/sandbox/faults", plan)

    def reset(self):
        fetch(self.port, "/sandbox/reset", {})


class Relay(Program):
    """A relay on the journal in `folder`. `port` is None when it ended before it listened, or when nobody waits."""

    def __init__(self, binary, folder, upstream, environment=None, journal=None, waits=True):
        path = f"{folder}/pinrelay.yaml"
        if not os.path.exists(path):
            with open(path, "w") as file:
                file.write(CONFIGURATION)
        self.journal = journal or f"{folder}/journal"
        own = {
            "PINTEREST_AD_ACCOUNT_ID": ACCOUNT, "PINTEREST_CONVERSION_TOKEN": TOKEN,
            "PINRELAY_LISTEN": "127.0.0.1:0", "PINRELAY_ADMIN": "127.0.0.1:0",
            "PINRELAY_UPSTREAM_URL": f"http://127.0.0.1:{upstream}", "PINRELAY_JOURNAL_PATH": self.journal,
            "PINRELAY_DRAIN_PRE_STOP": "0", "PINRELAY_ALLOW_VOLATILE_JOURNAL": "1",
        }
        super().__init__(binary, ["run", "--config", path], f"{folder}/relay.log", {**own, **(environment or {})})
        self.port = self.number_after('"public_port":"') if waits else None
        self.admin = self.number_after('"admin_port":"') if self.port else None

    def metrics(self):
        """The sum of each metric over its labels."""
        sums = {}
        for line in fetch(self.admin, "/metrics")[1].splitlines():
            if line and not line.startswith("#"):
                name, value = line.rsplit(" ", 1)
                name = name.split("{")[0]
                sums[name] = sums.get(name, 0) + float(value)
        return sums

    def wait_until_idle(self, within=120):
        end = time.monotonic() + within
        while time.monotonic() < end:
            if self.metrics().get("pinrelay_events_queued", 0) == 0:
                return
            time.sleep(0.05)
        raise Failure(f"the queue does not empty: {self.output()[-2000:]}")


def fetch(port, path, body=None):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request("GET" if body is None else "POST", path, None if body is None else json.dumps(body))
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


def event(identifier, rng):
    """A Segment call. One in twenty has no identity, so that it ends as a dead letter."""
    call = {"type": "track", "event": "Order Completed", "messageId": identifier,
            "properties": {"value": rng.randint(1, 99999) / 100, "currency": "EUR",
                           "products": [{"product_id": f"SKU-{number}", "price": 5, "quantity": 1}
                                        for number in range(rng.randint(0, 8))]}}
    if rng.random() >= 0.05:
        call["userId"] = f"user-{identifier}"
        call["context"] = {"traits": {"email": f"{identifier}@example.com"}}
    return call


class Client:
    """Sends one request after the other, and the one that was left without an answer again at the next start."""

    def __init__(self, name):
        self.name = name
        self.unanswered = None
        self.requests = 0

    def run(self, port, stop, rng, prefix, promised, largest=20, pause=0.0):
        """Sends until `stop` is set or the relay is gone. `promised(ids)` is called at each 200."""
        number = 0
        connection = None
        try:
            connection = socket.create_connection(("127.0.0.1", port), timeout=10)
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            while not stop.is_set():
                if self.unanswered is None:
                    size = rng.choice([1, 1, 1, 5, largest])
                    ids = [f"{prefix}-{self.name}-{number + offset}" for offset in range(size)]
                    number += size
                    body = json.dumps({"writeKey": "wk", "batch": [event(one, rng) for one in ids]}).encode()
                    self.unanswered = (ids, body)
                ids, body = self.unanswered
                status = exchange(connection, body)
                if status is None:
                    return
                self.requests += 1
                if status == 200:
                    promised(ids)
                    self.unanswered = None
                if pause:
                    time.sleep(pause)
        except OSError:
            return
        finally:
            if connection:
                connection.close()


def exchange(connection, body):
    """One request. Returns the status of a whole answer; None when the connection ends before."""
    connection.sendall(b"POST /v1/batch HTTP/1.1\r\nHost: relay\r\nContent-Type: application/json\r\n"
                       b"Content-Length: %d\r\n\r\n" % len(body) + body)
    answer = b""
    while True:
        part = connection.recv(65536)
        if not part:
            return None
        answer += part
        head, found, rest = answer.partition(b"\r\n\r\n")
        if not found:
            continue
        length = 0
        for line in head.split(b"\r\n")[1:]:
            name, _, value = line.partition(b":")
            if name.lower() == b"content-length":
                length = int(value)
        if len(rest) >= length:
            return int(head.split(b" ", 2)[1])


class Load:
    """Clients at work on threads."""

    def __init__(self, clients, port, seed, prefix, promised, **shape):
        self.stop = threading.Event()
        self.threads = [
            threading.Thread(
                target=client.run, daemon=True,
                args=(port, self.stop, random.Random(f"{seed}:{client.name}"), prefix, promised), kwargs=shape)
            for client in clients]
        for thread in self.threads:
            thread.start()

    def end(self):
        self.stop.set()
        for thread in self.threads:
            thread.join()


def dead_letters(journal):
    """Event ids with the reason of their dead letter."""
    with sqlite3.connect(f"file:{journal}/journal.sqlite?mode=ro", uri=True, timeout=10) as database:
        return dict(database.execute("SELECT event_id, reason FROM dead_letters"))
