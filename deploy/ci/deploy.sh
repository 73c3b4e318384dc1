#!/usr/bin/env bash
# Checks the deployment set with each file's own tool, where that is installed: what is not is named as skipped (and
# `make deploy-check` installs it). Prints every fault and ends with 1 when there is one. Takes seconds, changes nothing.
# BINARY (.build/debug/pinrelay) is asked for its metrics page and for its opinion on the samples' settings.
set -u
cd "$(dirname "$0")/../.."
binary=${BINARY:-.build/debug/pinrelay}
home=$(mktemp -d)
relay=
cleanup() {
    [ -z "$relay" ] || kill "$relay" 2>/dev/null
    rm -rf "$home"
}
trap cleanup EXIT
faults=0
ran=()

# quietly NAME COMMAND...: its output is shown only where it fails.
quietly() {
    local name=$1
    shift
    ran+=("$name")
    "$@" >"$home/output" 2>&1 && return 0
    sed "s/^/deploy: $name: /" "$home/output"
    faults=$((faults + 1))
}
present() { # TOOL PACKAGE
    PATH=$PATH:/usr/sbin command -v "$1" >/dev/null && return 0
    echo "deploy: skipped: $1 is not installed (Debian: $2)"
    return 1
}
export PATH=$PATH:/usr/sbin

if present python3 python3 && python3 -c 'import yaml' 2>/dev/null; then
    quietly files python3 deploy/ci/deploy.py
else
    echo 'deploy: skipped: files, chart and manifests: no YAML for Python (Debian: python3-yaml)'
fi
if present promtool prometheus; then
    quietly 'alert rules' promtool check rules deploy/monitoring/alerts.yaml
    quietly 'alert cases' promtool test rules deploy/monitoring/alerts.test.yaml
    quietly 'scrape configuration' promtool check config --syntax-only deploy/monitoring/prometheus.yaml
    if python3 deploy/ci/deploy.py --queries >"$home/queries.yaml" 2>/dev/null; then
        quietly 'dashboard queries' promtool check rules "$home/queries.yaml"
    fi
fi
if present openssl openssl; then
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=tags.shop.example \
        -keyout "$home/key.pem" -out "$home/certificate.pem" 2>/dev/null
    cat "$home/certificate.pem" "$home/key.pem" >"$home/bundle.pem"
    if present nginx nginx-light; then
        sed "s#/etc/pinrelay/tls#$home#; s#/var/log/nginx#$home#; s#/run/nginx.pid#$home/nginx.pid#" \
            deploy/proxy/nginx.conf >"$home/nginx.conf"
        quietly nginx nginx -t -q -c "$home/nginx.conf"
    fi
    if present haproxy haproxy; then
        sed "s#/etc/pinrelay/tls#$home#" deploy/proxy/haproxy.cfg >"$home/haproxy.cfg"
        quietly haproxy haproxy -c -q -f "$home/haproxy.cfg"
    fi
fi
if present systemd-analyze systemd; then
    # The threshold is ten times the exposure level: at most 2.0.
    quietly 'systemd unit' systemd-analyze security --offline=true --threshold=20 --no-pager \
        deploy/systemd/pinrelay.service
fi

if [ -x "$binary" ]; then
    mkdir "$home/secrets"
    for secret in admin-token conversion-token write-keys; do echo "secret-$secret" >"$home/secrets/$secret"; done
    sed -n '/^  pinrelay.yaml: |/,/^---/p' deploy/kubernetes/pinrelay.yaml | sed '1d; $d; s/^    //' |
        sed "s#/run/secrets/pinrelay#$home/secrets#" >"$home/pinrelay.yaml"
    quietly 'settings of the manifests' "$binary" check --config "$home/pinrelay.yaml"
    if present promtool prometheus >/dev/null && present curl curl; then
        PINTEREST_AD_ACCOUNT_ID=1 PINTEREST_CONVERSION_TOKEN=t PINRELAY_LISTEN=127.0.0.1:0 \
            PINRELAY_ADMIN=127.0.0.1:0 PINRELAY_UPSTREAM_URL=http://127.0.0.1:9 PINRELAY_DRAIN_PRE_STOP=0 \
            PINRELAY_JOURNAL_PATH="$home/journal" PINRELAY_ALLOW_VOLATILE_JOURNAL=1 "$binary" run 2>"$home/log" &
        relay=$!
        for _ in $(seq 100); do
            port=$(sed -n 's/.*"admin_port":"\([0-9]*\)".*/\1/p' "$home/log")
            [ -n "$port" ] && break
            sleep 0.1
        done
        curl -s "http://127.0.0.1:${port:-0}/metrics" >"$home/metrics"
        quietly 'metrics page' bash -c "[ -s '$home/metrics' ] && promtool check metrics <'$home/metrics'"
    fi
else
    echo "deploy: skipped: metrics page and settings: $binary is not built"
fi

if [ "$faults" -gt 0 ]; then
    echo "deploy: $faults faults"
    exit 1
fi
echo "deploy: in order: $(printf '%s, ' "${ran[@]}" | sed 's/, $//')"
