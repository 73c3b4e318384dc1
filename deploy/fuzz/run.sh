#!/usr/bin/env bash
# Runs libFuzzer under AddressSanitizer over every target of Tests/FuzzTargets, RUNS inputs in all, from the seeds in
# Tests/FuzzCorpus. What it finds on its way is kept in .build/fuzz/corpus for the next time; an input that breaks
# something is written to .build/fuzz/findings and ends the run with 1: fix the fault and keep the input as a seed.
# RUNS (default 12000000) and TARGETS (default all, each with its share in percent) choose what is run; SEED makes a run
# repeatable.
set -eu
cd "$(dirname "$0")/../.."
runs=${RUNS:-12000000}
# The shares go by cost: a run of chain takes ten times as long as one of json. query, item, json and inflate, which
# read what any client may send, have ten of the twelve million.
read -r -a targets <<<"${TARGETS:-query:14 item:25 json:35 inflate:10 chain:7 response:3 header:6}"
out=.build/fuzz
# gold, the toolchain's own choice, fails on libFuzzer's objects.
swift build --configuration release --product relay-fuzz --scratch-path "$out/build" \
    -Xswiftc -sanitize=fuzzer,address -Xswiftc -DLIBFUZZER -Xswiftc -use-ld=lld \
    -Xcc -fsanitize=address -Xcxx -fsanitize=address
fuzzer=$(swift build --configuration release --scratch-path "$out/build" --show-bin-path)/relay-fuzz
mkdir -p "$out/findings" "$out/log"
# Swift's own backtrace would stop the process that libFuzzer is about to report on.
export SWIFT_BACKTRACE=enable=no
# Swift keeps tags in pointers to indirect enum cases, which the leak checker takes for lost ones; rss_limit_mb stays.
export ASAN_OPTIONS=detect_leaks=0
faults=0
total=0
for entry in "${targets[@]}"; do
    target=${entry%%:*}
    each=$((runs * ${entry##*:} / 100))
    mkdir -p "$out/corpus/$target"
    started=$SECONDS
    if "$fuzzer" "$target" -runs="$each" -seed="${SEED:-0}" -max_len=4096 -timeout=10 -rss_limit_mb=2048 \
        -print_final_stats=1 -artifact_prefix="$out/findings/$target-" \
        "$out/corpus/$target" "Tests/FuzzCorpus/$target" >"$out/log/$target.txt" 2>&1; then
        count=$(awk '/number_of_executed_units/ {print $2}' "$out/log/$target.txt")
        total=$((total + count))
        printf 'fuzz: %-9s %9d runs in %d s, no finding\n' "$target" "$count" $((SECONDS - started))
    else
        faults=$((faults + 1))
        printf 'fuzz: %-9s a finding: see %s\n' "$target" "$out/log/$target.txt"
        grep -hE 'finding:|Fatal error|ERROR:|Test unit written' "$out/log/$target.txt" | head -5
    fi
done
printf 'fuzz: %-9s %9d runs in %d s with the build, %d findings\n' all "$total" "$SECONDS" "$faults"
[ "$faults" = 0 ]
