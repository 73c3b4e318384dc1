#!/usr/bin/env bash
# Proves the image where no container engine is at hand: makes a minimal Debian 12 root, runs the Dockerfile's stages
# behind the build on it, and the image that comes of it in namespaces of its own (see prove.py). Needs root.
# All it makes stays under .build/image: the Debian root is kept for the next run, the rest is made anew.
set -eu
cd "$(dirname "$0")/../.."
work=$PWD/.build/image
binary=$PWD/.build/release/pinrelay
if [ "$(id -u)" -ne 0 ]; then
    echo 'image-proof: needs root, for chroot and mounts' >&2
    exit 1
fi
[ -x "$binary" ] || { echo 'image-proof: no release binary: swift build --configuration release --static-swift-stdlib' >&2; exit 1; }
if ldd "$binary" | grep -q libswiftCore; then
    echo 'image-proof: the release binary was built without --static-swift-stdlib' >&2
    exit 1
fi
mkdir -p "$work"
rm -rf "$work/run" "$work/root"
mkdir "$work/run"
if [ ! -e "$work/debian.tar" ]; then
    echo 'image-proof: making a minimal Debian 12 root (debootstrap)'
    debootstrap --variant=minbase bookworm "$work/root" http://deb.debian.org/debian >"$work/debootstrap.txt"
    tar -C "$work/root" -cf "$work/debian.tar" .
    rm -rf "$work/root"
fi
mkdir "$work/root"
tar -C "$work/root" -xf "$work/debian.tar"
# As in Debian's own image: the updates and the security suite are on.
cat >"$work/root/etc/apt/sources.list" <<'TEXT'
deb http://deb.debian.org/debian bookworm main
deb http://deb.debian.org/debian bookworm-updates main
deb http://deb.debian.org/debian-security bookworm-security main
TEXT
cp /etc/resolv.conf "$work/root/etc/resolv.conf"
exec unshare --mount --pid --fork --kill-child --mount-proc \
    deploy/image/prove.py "$PWD/Dockerfile" "$binary" "$PWD/Package.resolved" "$work/root" "$work/run"
