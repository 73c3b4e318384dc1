#!/usr/bin/env python3
"""Runs the Dockerfile's stages `runtime` and last on a Debian root, and the image that comes of it, without an engine.

Usage: prove.py DOCKERFILE BINARY PACKAGE_RESOLVED DEBIAN_ROOT WORK, as root, in mount and process namespaces of its
own (`prove.sh` sees to that). The image runs as its user, from a read-only root, with a volume for the journal and
a tmpfs on /tmp, against the sandbox of the same binary. Every line printed is something that was checked.
"""

import ctypes
import fcntl
import json
import os
import shlex
import shutil
import signal
import socket
import struct
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

EVENT = {
    "writeKey": "proof", "type": "track", "event": "Order Completed", "messageId": None, "userId": "u-1",
    "context": {"ip": "203.0.113.9", "userAgent": "Mozilla/5.0 (X11; Linux x86_64)",
                "traits": {"email": "jane@example.com", "phone": "030 901820", "address": {"country": "DE"}}},
    "properties": {"order_id": "1001", "currency": "EUR", "revenue": 90.5},
}


def stages(path):
    """The instructions of each stage, as (word, rest); a stage is named by its AS, the last one `image`."""
    text = "\n".join(line for line in path.read_text().splitlines() if not line.lstrip().startswith("#"))
    found, current = {}, None
    for line in text.replace("\\\n", " ").splitlines():
        word, _, rest = line.strip().partition(" ")
        if word == "FROM":
            current = found.setdefault(rest.split(" AS ")[1] if " AS " in rest else "image", [])
        elif word and current is not None:
            current.append((word, rest.strip()))
    return found


def perform(instructions, root, others, environment):
    """COPY and RUN, in their order."""
    for word, rest in instructions:
        if word == "COPY":
            copy(shlex.split(rest), root, others)
        elif word == "RUN":
            done = subprocess.run(["chroot", root, "sh", "-euc", rest], env=environment, text=True,
                                  stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
            if done.returncode != 0:
                sys.exit(f"{done.stdout}\nimage-proof: FAILED: RUN {rest}")


def copy(words, root, others):
    options = dict(word[2:].split("=") for word in words if word.startswith("--"))
    *sources, target = [word for word in words if not word.startswith("--")]
    origin = others[options.get("from", "context")]
    for source in (origin / source.lstrip("/") for source in sources):
        place = root / target.strip("/")
        if source.is_dir():
            shutil.copytree(source, place, symlinks=True, dirs_exist_ok=True)
        else:
            place = place / source.name if target.endswith("/") else place
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, place)
        if "chown" in options:
            os.chown(place, *map(int, options["chown"].split(":")))


class Image:
    def __init__(self, root, instructions, volume):
        self.root, self.volume = root, volume
        words = {word: rest for word, rest in instructions}
        self.user = words["USER"]
        self.entrypoint = json.loads(words["ENTRYPOINT"])
        self.command = json.loads(words["CMD"])
        self.health = json.loads(words["HEALTHCHECK"].split("CMD", 1)[1])
        self.stop_signal = getattr(signal, words["STOPSIGNAL"])
        self.environment = dict(pair.split("=", 1) for word, rest in instructions if word == "ENV" for pair in
                                shlex.split(rest))
        self.volume_path = words["VOLUME"]

    def mount(self):
        def mounted(*arguments):
            subprocess.run(["mount", *arguments], check=True)

        mounted("--bind", self.root, self.root)
        mounted("--bind", self.volume, self.root / self.volume_path.lstrip("/"))
        mounted("-t", "proc", "proc", self.root / "proc")
        mounted("--bind", "/dev", self.root / "dev")
        mounted("-t", "tmpfs", "-o", "nosuid,nodev,noexec", "tmpfs", self.root / "tmp")
        mounted("-o", "remount,bind,ro", self.root)

    def start(self, arguments, environment, output):
        command = ["/usr/bin/setpriv", "--no-new-privs", "/usr/sbin/chroot", f"--userspec={self.user}", self.root, *arguments]
        return subprocess.Popen(command, env=self.environment | environment, stdout=output, stderr=output)


def show(text):
    print("image-proof: " + text, flush=True)


def expect(condition, text):
    if not condition:
        sys.exit("image-proof: FAILED: " + text)
    show(text)


def get(url, body=None):
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data=data, headers={"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=5) as answer:
        return answer.status, answer.read()


def eventually(what, seconds=20):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            if what():
                return True
        except OSError:
            pass
        time.sleep(0.1)
    return False


def enter_own_network():
    """From here on this process and its children see a loopback of their own and nothing else."""
    if ctypes.CDLL(None, use_errno=True).unshare(0x40000000) != 0:  # CLONE_NEWNET
        raise OSError(ctypes.get_errno(), "unshare")
    with socket.socket() as channel:
        fcntl.ioctl(channel, 0x8914, struct.pack("16sh14x", b"lo", 0x1 | 0x40))  # SIOCSIFFLAGS: up, running


def exercise(image, log):
    upstream = {"PINTEREST_AD_ACCOUNT_ID": "549755885175", "PINTEREST_CONVERSION_TOKEN": "proof",
                "PINRELAY_UPSTREAM_URL": "http://127.0.0.1:8091", "PINRELAY_DRAIN_PRE_STOP": "0",
                "PINRELAY_DRAIN_DEADLINE": "2"}
    sandbox_command = [*image.entrypoint, "sandbox", "--token", "proof"]

    def sandbox_ids():
        return [json.loads(line)["event_id"] for line in get("http://127.0.0.1:8091/sandbox/ids")[1].splitlines()]

    def is_healthy():
        return image.start(image.health, upstream, log).wait() == 0

    def run():
        relay = image.start(image.entrypoint + image.command, upstream, log)
        expect(eventually(is_healthy), f"HEALTHCHECK {' '.join(image.health)}: healthy")
        return relay

    def send(message):
        return get("http://127.0.0.1:8080/v1/track", EVENT | {"messageId": message})[0]

    def stop(relay):
        relay.send_signal(image.stop_signal)
        return relay.wait(30)

    sandbox = image.start(sandbox_command, {}, log)
    expect(eventually(lambda: get("http://127.0.0.1:8091/sandbox/summary")), "the sandbox runs from the image")
    relay = run()
    status = Path(f"/proc/{relay.pid}/status").read_text()
    expect("Uid:\t10001\t10001" in status and "CapEff:\t0000000000000000" in status,
           "the relay runs as uid 10001 without capabilities")
    mounts = [line.split() for line in Path(f"/proc/{relay.pid}/mountinfo").read_text().splitlines()]
    own = [line for line in mounts if line[4] == "/"]
    expect(own and "ro" in own[-1][5].split(","), "its root is read-only")
    expect(send("proof-1") == 200, "an event is answered 200")
    expect(eventually(lambda: "proof-1" in sandbox_ids()), "it arrives upstream")
    event = json.loads(get("http://127.0.0.1:8091/sandbox/events")[1])["events"][-1]
    expect(all(len(event["user_data"][key][0]) == 64 for key in ("em", "ph")),
           "e-mail and a national phone number arrive as hashes")
    sandbox.terminate()
    sandbox.wait()
    expect(send("proof-2") == 200, "with the upstream gone, an event is answered 200")
    code = stop(relay)
    expect(code in (0, 75), f"{image.stop_signal.name}: exit {code}, the event waits in the volume")
    expect(not is_healthy(), "HEALTHCHECK of a stopped relay: unhealthy")
    sandbox = image.start(sandbox_command, {}, log)
    relay = run()
    expect(eventually(lambda: "proof-2" in sandbox_ids()), "after the start it arrives")
    metrics = get("http://127.0.0.1:9090/metrics")[1].decode()
    expect("\npinrelay_events_unaccounted 0\n" in metrics, "no event is unaccounted for")
    code = stop(relay)
    expect(code == 0, f"{image.stop_signal.name}: exit {code}")
    sandbox.terminate()


def main():
    dockerfile, binary, resolved, debian, work = map(Path, sys.argv[1:])
    repository = dockerfile.parent
    plan = stages(dockerfile)
    out = work / "build" / "out"
    out.mkdir(parents=True)
    subprocess.run(["strip", "-o", out / "pinrelay", binary], check=True)
    shutil.copy(resolved, out / "Package.resolved")
    others = {"context": repository, "build": work / "build", "runtime": debian}
    environment = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C"}
    subprocess.run(["mount", "-t", "proc", "proc", debian / "proc"], check=True)
    perform(plan["runtime"], debian, others, environment)
    root = (work / "image").resolve()
    root.mkdir()
    perform(plan["image"], root, others, environment)

    files = [path for path in root.rglob("*") if path.is_file() and not path.is_symlink()]
    packages = sorted(path.name for path in (root / "var/lib/dpkg/status.d").iterdir())
    components = json.loads((root / "usr/share/pinrelay/sbom.cdx.json").read_text())["components"]
    size = sum(path.stat().st_size for path in files)
    show(f"{len(files)} files, {size / 1e6:.0f} MB, of which the binary {(out / 'pinrelay').stat().st_size / 1e6:.0f} MB")
    expect(not any((root / name).exists() for name in ("bin/sh", "usr/bin/sh", "usr/bin/apt", "usr/bin/dpkg")),
           "no shell, no package manager")
    expect(set(packages) <= {component["name"] for component in components},
           f"the bill of materials names all {len(packages)} Debian packages and "
           f"{len(components) - len(packages)} Swift packages")
    volume = work / "volume"
    shutil.copytree(root / "var/lib/pinrelay", volume)
    shutil.copystat(root / "var/lib/pinrelay", volume)
    os.chown(volume, 10001, 10001)
    image = Image(root, plan["image"], volume)
    image.mount()
    enter_own_network()
    with open(work / "output.txt", "w") as log:
        exercise(image, log)
    archive = subprocess.run(f"tar -C {shlex.quote(str(root))} --one-file-system -c . | gzip -6 | wc -c", shell=True,
                             check=True, capture_output=True)
    show(f"{int(archive.stdout) / 1e6:.0f} MB as a compressed layer")


if __name__ == "__main__":
    main()
