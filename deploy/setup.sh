#!/usr/bin/env bash
# Makes a Debian 12 machine ready to build and test: checks the Swift toolchain, installs the Debian packages that are
# missing, and says what it does. Does nothing on a machine that is ready. Arguments are further packages.
set -eu

packages=(
    make git pkg-config libevent-dev libcurl4-openssl-dev libssl-dev libsimdjson-dev libsqlite3-dev zlib1g-dev
    libpsl-dev publicsuffix libphonenumber-dev "$@"
)

if ! command -v swift >/dev/null 2>&1; then
    cat >&2 <<'TEXT'
setup: no Swift toolchain found. pinrelay builds with Swift 6.2 or later on Linux. To get one:
  - https://www.swift.org/install/linux/ : `swiftly` installs and updates toolchains, or
  - download the Debian 12 tarball there, unpack it and put its usr/bin on your PATH, or
  - use the container image swift:6.2-bookworm (this repository's Dockerfile builds with it).
Then run the same command again.
TEXT
    exit 1
fi

missing=()
for package in "${packages[@]}"; do
    dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' || missing+=("$package")
done
[ "${#missing[@]}" -eq 0 ] && exit 0

echo "setup: installing the Debian packages ${missing[*]}"
as_root=()
if [ "$(id -u)" -ne 0 ]; then
    if ! command -v sudo >/dev/null 2>&1; then
        echo "setup: run as root, or: apt-get install ${missing[*]}" >&2
        exit 1
    fi
    as_root=(sudo)
fi
"${as_root[@]}" apt-get update -qq
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" \
    >/dev/null
echo "setup: done"
