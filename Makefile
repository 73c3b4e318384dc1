# Thin: each target sets the machine up and calls one command. `make help` lists them.
CONFIGURATION ?= debug
SWIFT_BUILD = swift build --configuration $(CONFIGURATION)
BINARY = .build/$(CONFIGURATION)/pinrelay

.PHONY: help setup clients build run test check faults fuzz bench clean

help: ## List the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 16

setup: ## Install what this machine lacks (Debian packages), and say so
	@deploy/setup.sh

clients: setup ## Install the real clients of the tests: SDKs from PyPI, Chromium from Debian
	@deploy/clients.sh

build: setup ## Build the binary (CONFIGURATION=release for production)
	$(SWIFT_BUILD) --product pinrelay

run: build ## Run the demo: relay, sandbox upstream and sample traffic, until Ctrl-C (ONCE=1 ends by itself)
	$(BINARY) demo $(if $(ONCE),--once)

test: clients check ## Check the shape of the code, then build and run all tests
	swift build --build-tests --explicit-target-dependency-import-check error
	swift test --skip-build

check: setup ## Import table, file sizes, unsafe marks, format
	@deploy/ci/check.sh

faults: clients ## Each upstream fault for FAULT_SECONDS (20) under load, and the fairness between accounts, measured
	swift build --build-tests
	PINRELAY_FAULT_SECONDS=$(or $(FAULT_SECONDS),20) swift test --skip-build --no-parallel \
		--filter 'FaultMatrixTests|TransportFaultTests|FairnessMeasuredTests'

fuzz: setup ## RUNS (12 million) inputs through libFuzzer under AddressSanitizer: most of an hour on one core
	@deploy/fuzz/run.sh

bench: setup ## First figures against a bare evhttp server, built in release mode
	@deploy/bench/run.sh

clean: ## Remove what was built
	rm -rf .build
