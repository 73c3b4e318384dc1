#!/usr/bin/env bash
# Builds the tests and the binary with AddressSanitizer, then with ThreadSanitizer, and runs the tests of all that
# touches C, memory or threads. Every process of a run, the relays and sandboxes of the end-to-end tests too, writes
# what the sanitizer has to say to .build/sanitize/reports/<kind>; a report, or a test that fails, ends the script
# with 1.
# KINDS (default "address thread") and SUITES (a pattern of `swift test --filter`) choose what is run.
set -eu
cd "$(dirname "$0")/../.."
out=$PWD/.build/sanitize
read -r -a kinds <<<"${KINDS:-address thread}"
wrappers='InflateTests|PublicSuffixTests|JournalTests|HTTPIngressTests|HTTPEgressTests|ReactorTests|RelayModelTests'
suites=${SUITES:-$wrappers|RelayAppTests|FuzzTests|SandboxTests|EndToEndTests}
toolchain=$(dirname "$(readlink -f "$(command -v swift)")")
faults=0
for kind in "${kinds[@]}"; do
    reports=$out/reports/$kind
    rm -rf "$reports"
    mkdir -p "$reports"
    options=()
    if [ "$kind" = thread ]; then
        "$toolchain/clang" -fsanitize=thread -O1 -c deploy/sanitize/mutex.c -o "$out/mutex.o"
        options=(-Xlinker "$out/mutex.o")
    fi
    build=(--sanitize="$kind" --scratch-path "$out/$kind" "${options[@]}")
    if ! swift build --build-tests "${build[@]}" >"$reports-build.txt" 2>&1; then
        grep -E 'error:' "$reports-build.txt"
        exit 1
    fi
    started=$SECONDS
    # Swift keeps tags in pointers to indirect enum cases, which the leak checker takes for lost ones.
    ASAN_OPTIONS=detect_leaks=0:log_path=$reports/process TSAN_OPTIONS=log_path=$reports/process \
        swift test --skip-build "${build[@]}" --filter "$suites" >"$reports.txt" 2>&1 && status=0 || status=$?
    found=$(cat "$reports"/process* 2>/dev/null | grep -c '^SUMMARY:' || true)
    grep -hE '✘ Test .*(recorded an issue|failed)|Test run with' "$reports.txt" || true
    printf 'sanitize: %s: %d reports, tests ended with %d, %d s\n' "$kind" "$found" "$status" $((SECONDS - started))
    [ "$found" = 0 ] || sort "$reports"/process* | grep '^SUMMARY:' | uniq -c
    [ "$found" = 0 ] && [ "$status" = 0 ] || faults=1
done
exit "$faults"
