#!/usr/bin/env bash
# Rolling-restart drill: two relays with journals of their own behind a real proxy, under load; each is ended with
# SIGTERM and started again, twice. It passes with 0 failed client requests and 0 events lost: every id that a client saw
# answered 200 is at the sandbox. The proxy runs the project's own sample with other ports and paths.
# BINARY (.build/debug/pinrelay), PROXY (nginx or haproxy) and CONNECTIONS (8) may be set. Needs openssl, curl, python3.
set -eu
cd "$(dirname "$0")/../.."
binary=$(readlink -f "${BINARY:-.build/debug/pinrelay}")
proxy=${PROXY:-nginx}
for tool in "$proxy" openssl curl python3; do
    command -v "$tool" >/dev/null || { echo "drill: $tool is missing (Debian: nginx-light, haproxy)" >&2; exit 1; }
done
mkdir -p .build/drill
home=$(mktemp -d "$PWD/.build/drill/$proxy.XXXXXX")
declare -A pids=()
cleanup() {
    kill "${pids[@]}" 2>/dev/null || true
    wait 2>/dev/null || true
}
trap cleanup EXIT

read -r sandbox public plain relay1 relay2 admin1 admin2 < <(python3 -c '
import socket
taken = [socket.create_server(("127.0.0.1", 0)) for _ in range(7)]
print(*(one.getsockname()[1] for one in taken))')

answers() { # CURL ARGUMENTS
    for _ in $(seq 600); do
        curl -s -o /dev/null --fail "$@" && return 0
        sleep 0.05
    done
    echo "drill: FAILED: no answer: $*" >&2
    exit 1
}

start() { # NUMBER PORT ADMIN
    PINTEREST_AD_ACCOUNT_ID=549755885175 PINTEREST_CONVERSION_TOKEN=drill PINRELAY_LISTEN=127.0.0.1:$2 \
        PINRELAY_ADMIN=127.0.0.1:$3 PINRELAY_UPSTREAM_URL=http://127.0.0.1:$sandbox PINRELAY_THREADS=2 \
        PINRELAY_JOURNAL_PATH=$home/journal$1 PINRELAY_TRUSTED_PROXIES=127.0.0.0/8 PINRELAY_LOG_LEVEL=notice \
        "$binary" run >>"$home/relay$1.txt" 2>&1 9>&- &
    pids[relay$1]=$!
    answers "http://127.0.0.1:$2/readyz"
}

restart() { # NUMBER PORT ADMIN
    local from=$EPOCHREALTIME code=0
    kill -TERM "${pids[relay$1]}"
    wait "${pids[relay$1]}" || code=$?
    local stopped=$EPOCHREALTIME
    start "$@"
    awk -v n="$1" -v c="$code" -v a="$from" -v b="$stopped" -v e="$EPOCHREALTIME" \
        'BEGIN {printf "drill: relay %s: exit %s after %.1f s, ready again after %.2f s\n", n, c, b - a, e - b}'
    [ "$code" = 0 ] || { echo "drill: FAILED: relay $1 ended with $code" >&2; exit 1; }
    sleep 4 # the proxy notices that it is back
}

metric() { curl -s "http://127.0.0.1:$1/metrics" | awk -v name="$2" 'index($1, name) == 1 {n += $2} END {print n + 0}'; }

openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=tags.shop.example \
    -keyout "$home/key.pem" -out "$home/certificate.pem" 2>/dev/null
cat "$home/certificate.pem" "$home/key.pem" >"$home/bundle.pem"
sample=deploy/proxy/nginx.conf
[ "$proxy" = nginx ] || sample=deploy/proxy/haproxy.cfg
mkdir "$home/temp"
chmod 755 "$home"
sed -e "s/10\.0\.0\.11:8080/127.0.0.1:$relay1/; s/10\.0\.0\.12:8080/127.0.0.1:$relay2/" \
    -e "s#/etc/pinrelay/tls#$home#; s#/var/log/nginx#$home#; s#/run/nginx.pid#$home/nginx.pid#; s#/dev/log#127.0.0.1#" \
    -e "s/listen 80;/listen 127.0.0.1:$plain;/; s/listen 443 /listen 127.0.0.1:$public /" \
    -e "s/bind :80/bind 127.0.0.1:$plain/; s/bind :443/bind 127.0.0.1:$public/" \
    -e "s#^http {#&\n    client_body_temp_path $home/temp;#" "$sample" >"$home/proxy.conf"

"$binary" sandbox --port "$sandbox" --token drill --keep 0 >"$home/sandbox.txt" 2>&1 &
pids[sandbox]=$!
answers "http://127.0.0.1:$sandbox/sandbox/summary"
start 1 "$relay1" "$admin1"
start 2 "$relay2" "$admin2"
if [ "$proxy" = nginx ]; then
    nginx -c "$home/proxy.conf" -g 'daemon off;' 2>"$home/proxy.txt" &
else
    haproxy -db -f "$home/proxy.conf" >"$home/proxy.txt" 2>&1 &
fi
pids[proxy]=$!
answers --cacert "$home/certificate.pem" \
    --connect-to "tags.shop.example:443:127.0.0.1:$public" https://tags.shop.example/healthy

mkfifo "$home/end"
python3 deploy/drill/load.py "$public" "$home/certificate.pem" "${CONNECTIONS:-8}" "$home/acknowledged.txt" \
    <"$home/end" >"$home/load.txt" &
load=$!
exec 9>"$home/end"
echo "drill: two relays behind $proxy, ${CONNECTIONS:-8} connections over TLS"
sleep 3
for round in 1 2; do
    restart 1 "$relay1" "$admin1"
    restart 2 "$relay2" "$admin2"
done
exec 9>&-
wait "$load"

for _ in $(seq 150); do
    [ "$(($(metric "$admin1" pinrelay_events_queued) + $(metric "$admin2" pinrelay_events_queued)))" = 0 ] && break
    sleep 0.2
done
curl -s "http://127.0.0.1:$sandbox/sandbox/ids" >"$home/arrived.txt"
python3 - "$home" <<'PYTHON'
import json
import pathlib
import sys

home = pathlib.Path(sys.argv[1])
load = (home / "load.txt").read_text().splitlines()
acknowledged = set((home / "acknowledged.txt").read_text().split())
arrived = {line["event_id"]: line["count"] for line in map(json.loads, (home / "arrived.txt").read_text().splitlines())}
lost = acknowledged - arrived.keys()
twice = sum(count > 1 for count in arrived.values())
requests, failed = (int(line.split()[1]) for line in load[:2])
print(f"drill: {requests} client requests, {failed} failed; {len(acknowledged)} events answered 200, "
      f"{len(lost)} of them lost; {len(arrived)} arrived upstream, {twice} of them more than once")
print("\n".join(load[2:]) if failed else "", end="")
if failed or lost or not acknowledged:
    sys.exit("drill: FAILED")
PYTHON
for admin in "$admin1" "$admin2"; do
    [ "$(metric "$admin" pinrelay_events_unaccounted)" = 0 ] || { echo 'drill: FAILED: events unaccounted for' >&2; exit 1; }
done
echo "drill: passed"
