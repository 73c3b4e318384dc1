#!/usr/bin/env bash
# Holds what tests sent upstream (a folder of JSON lines, see Tests/RelayTestKit/UpstreamRecord.swift) against the
# upstream's OpenAPI schema, with a validator from PyPI that shares no code with the relay or its sandbox. Prints how much
# was checked; ends with 1 on any violation, and when there is nothing to check. Without the schema or the validator it
# says so and ends with 0.
set -eu
cd "$(dirname "$0")/../.."
spec=${PINRELAY_UPSTREAM_SCHEMA:-../shared/spec/pinterest-conversions-openapi.json}
python=.build/clients/schema/bin/python

if [ ! -f "$spec" ]; then
    echo "validate-upstream: skipped: the upstream's schema is not here ($spec)"
    exit 0
fi
if [ ! -x "$python" ]; then
    echo 'validate-upstream: skipped: openapi-schema-validator is not installed (make clients)'
    exit 0
fi
exec "$python" -B deploy/ci/validate_upstream.py "$spec" "${1:-.build/upstream-requests}"
