#!/usr/bin/env bash
# First figures of the relay against the baseline B, in one run: requests per second and CPU per request of a bare C
# evhttp server, of the relay with a durable answer and delivery to the sandbox, and the stages without I/O.
# Needs wrk and a C compiler. Raw output stays under .build/bench. SECONDS_EACH sets the length of a row.
set -eu
cd "$(dirname "$0")/../.."
each=${SECONDS_EACH:-10}
out=.build/bench
mkdir -p "$out"
for tool in wrk cc curl; do
    command -v "$tool" >/dev/null || { echo "bench: $tool is missing (apt-get install wrk gcc curl)" >&2; exit 1; }
done
swift build --configuration release --product pinrelay
swift build --configuration release --product relay-bench
bin=$(swift build --configuration release --show-bin-path)
cc -O2 -o "$out/baseline" deploy/bench/baseline.c -levent_core -levent_extra

journal=$(mktemp -d "$PWD/$out/journal.XXXXXX")
pids=()
cleanup() { kill "${pids[@]}" 2>/dev/null || true; rm -rf "$journal"; }
trap cleanup EXIT

ticks() { awk '{print $14 + $15}' "/proc/$1/stat"; }

# load NAME PID PORT CONNECTIONS: one row; CPU is the server process's own time over the run.
load() {
    local before after requests
    before=$(ticks "$2")
    wrk -t1 -c"$4" -d"${each}s" --latency -s deploy/bench/order.lua "http://127.0.0.1:$3" >"$out/$1-$4.txt" 2>&1
    after=$(ticks "$2")
    requests=$(awk '/requests in/ {print $1}' "$out/$1-$4.txt")
    awk -v name="$1" -v c="$4" -v n="$requests" -v t=$((after - before)) -v hz="$(getconf CLK_TCK)" -v s="$each" \
        -v p50="$(awk '/50%/ {print $2}' "$out/$1-$4.txt")" -v p99="$(awk '/99%/ {print $2}' "$out/$1-$4.txt")" \
        'BEGIN {printf "%-24s %5d %12.0f %12.2f %10s %10s\n", name, c, n / s, t / hz / n * 1e6, p50, p99}'
    grep -E 'Non-2xx|Socket errors' "$out/$1-$4.txt" || true
}

"$out/baseline" 18090 >/dev/null &
pids+=($!)
baseline=$!
"$bin/pinrelay" sandbox --port 18091 --token bench --keep 0 >"$out/sandbox.log" 2>&1 &
pids+=($!)
PINTEREST_AD_ACCOUNT_ID=549755885175 PINTEREST_CONVERSION_TOKEN=bench PINRELAY_LISTEN=127.0.0.1:18092 \
    PINRELAY_ADMIN=127.0.0.1:18093 PINRELAY_UPSTREAM_URL=http://127.0.0.1:18091 PINRELAY_JOURNAL_PATH="$journal" \
    PINRELAY_THREADS=1 PINRELAY_LOG_LEVEL=warning "$bin/pinrelay" run >"$out/relay.log" 2>&1 &
pids+=($!)
relay=$!
for port in 18091 18092; do
    curl -s --retry 50 --retry-connrefused --retry-delay 0 -o /dev/null "http://127.0.0.1:$port/healthz"
done

echo "machine: $(nproc) cores, $(awk -F': ' '/model name/ {print $2; exit}' /proc/cpuinfo), kernel $(uname -r)"
printf '%-24s %5s %12s %12s %10s %10s\n' row conns requests/s 'CPU us/req' p50 p99
load baseline "$baseline" 18090 64
load relay "$relay" 18092 1
load relay "$relay" 18092 64
echo "waiting for the queue to drain"
for _ in $(seq 600); do
    queued=$(curl -s http://127.0.0.1:18093/metrics | awk '/^pinrelay_events_queued/ {n += $2} END {print n + 0}')
    [ "$queued" = 0 ] && break
    sleep 0.2
done
curl -s http://127.0.0.1:18093/metrics >"$out/metrics.txt"
grep -E '^pinrelay_events_(received|delivered|queued|dead|not_sent|unaccounted)' "$out/metrics.txt" | grep -vE ' 0$'
grep '^pinrelay_events_unaccounted' "$out/metrics.txt"
echo "relay memory: $(awk '/VmRSS/ {print $2 " " $3}' "/proc/$relay/status")"
echo
"$bin/relay-bench"
