#!/usr/bin/env bash
# Installs the real clients that the tests drive: SDKs from PyPI, each pinned and in a virtual environment of its own
# under .build/clients, and Debian's Chromium. Says what it does; does nothing when all is there. What cannot be
# installed (no network, no right to install) is named, and its tests are skipped: the rest of the tests need none of it.
set -u
cd "$(dirname "$0")/.."
pins=Tests/EndToEndTests/Clients
home=.build/clients

has_venv() { python3 -c 'import ensurepip, venv' >/dev/null 2>&1; }

has_venv || deploy/setup.sh python3 python3-venv
if ! has_venv; then
    echo 'clients: python3 with venv is missing; the tests with real clients are skipped'
    exit 0
fi

mkdir -p "$home"
# The page's server runs with any Python; this is the one that was found.
ln -sfn "$(python3 -c 'import sys; print(sys.executable)')" "$home/python"

for file in "$pins"/*.requirements.txt; do
    name=$(basename "$file" .requirements.txt)
    folder=$home/$name
    cmp -s "$file" "$folder/installed.txt" && continue
    echo "clients: installing $(sed -n 's/^# \([^ ]*\) .*/\1/p' "$file") from PyPI into $folder"
    rm -rf "$folder"
    if python3 -m venv "$folder" &&
        "$folder/bin/pip" install --quiet --disable-pip-version-check --no-deps -r "$file"; then
        cp "$file" "$folder/installed.txt"
    else
        rm -rf "$folder"
        echo "clients: PyPI cannot be reached for $name; the tests with real SDKs are skipped"
    fi
done

# openssl makes the certificate of the TLS front before page and relay.
if ! { command -v chromium && command -v openssl; } >/dev/null && ! deploy/setup.sh chromium openssl; then
    echo 'clients: chromium or openssl cannot be installed; the tests with a real browser are skipped'
fi
if ! { command -v curl && command -v openssl; } >/dev/null && ! deploy/setup.sh curl openssl; then
    echo 'clients: curl or openssl cannot be installed; the tests of the TLS listener are skipped'
fi
exit 0
