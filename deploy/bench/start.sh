#!/usr/bin/env bash
# How long a start takes with a long queue, and what memory: the goal is 1 s and 64 MiB with 5 million events, also when
# nothing of the file is in the system's cache. EVENTS and PER_BLOCK set the queue; the file takes about 1.3 kB an event.
set -eu
cd "$(dirname "$0")/../.."
swift build --configuration release --product relay-bench
bench=$(swift build --configuration release --show-bin-path)/relay-bench
mkdir -p .build/bench
journal=$(mktemp -d "$PWD/.build/bench/start.XXXXXX")
trap 'rm -rf "$journal"' EXIT
"$bench" fill-journal "$journal" "${EVENTS:-5000000}" "${PER_BLOCK:-1}"
ls -l "$journal" | awk 'NR > 1 {print "  " $5 " " $9}'
for round in cold cold warm; do
    # Each page of the files leaves the cache; the pages are clean, since the journal was closed.
    if [ "$round" = cold ]; then
        for file in "$journal"/*; do dd if="$file" iflag=nocache count=0 status=none; done
    fi
    printf '%s: ' "$round"
    "$bench" start-journal "$journal"
done
