-- What every load of the bench shares: ids that no other run has, and a last line of JSON for the driver.
local threads = 0
function setup(thread)
    threads = threads + 1
    thread:set("number", threads)
end

-- The driver names each run, since two can begin within a second.
run = os.getenv("BENCH_RUN") or string.format("%x", os.time())

function done(summary, latency, requests)
    local errors = summary.errors
    io.write(string.format(
        '{"requests":%d,"micros":%d,"refused":%d,"broken":%d,"p50":%d,"p99":%d,"p999":%d}\n', summary.requests,
        summary.duration, errors.status, errors.connect + errors.read + errors.write + errors.timeout,
        latency:percentile(50), latency:percentile(99), latency:percentile(99.9)))
end
