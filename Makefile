# Thin: each target sets the machine up and calls one command. `make help` lists them.
CONFIGURATION ?= debug
SWIFT_BUILD = swift build --configuration $(CONFIGURATION)
BINARY = .build/$(CONFIGURATION)/pinrelay
# Where the tests leave every request that reached an upstream, for the validator.
RECORD = $(CURDIR)/.build/upstream-requests

.PHONY: help setup clients build run test check deploy-check image-proof drill tables faults fuzz sanitize bench
.PHONY: bench-start kill-matrix power-cut soak backlog clean

help: ## List the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 20

setup: ## Install what this machine lacks (Debian packages), and say so
	@deploy/setup.sh

clients: setup ## Install the real clients of the tests: SDKs from PyPI, Chromium from Debian
	@deploy/clients.sh

build: setup ## Build the binary (CONFIGURATION=release for production)
	$(SWIFT_BUILD) --product pinrelay

run: build ## Run the demo: relay, sandbox upstream and sample traffic, until Ctrl-C (ONCE=1 ends by itself)
	$(BINARY) demo $(if $(ONCE),--once)

test: clients check ## Check the shape of the code, build and run all tests, validate what they sent upstream, check deploy/
	swift build --build-tests --explicit-target-dependency-import-check error
	rm -rf $(RECORD)
	PINRELAY_SANDBOX_RECORD=$(RECORD) swift test --skip-build
	@swift build --configuration release --product pinrelay
	@deploy/ci/validate-upstream.sh $(RECORD)
	@BINARY=$(BINARY) deploy/ci/deploy.sh

check: setup ## Import table, file sizes, unsafe marks, format
	@deploy/ci/check.sh

deploy-check: build ## Check deploy/ with promtool, nginx, HAProxy and systemd, which it installs
	@deploy/setup.sh python3 python3-yaml prometheus nginx-light haproxy systemd openssl curl
	@BINARY=$(BINARY) deploy/ci/deploy.sh

image-proof: setup ## Run what the Dockerfile makes, without a container engine: read-only, as its user (needs root)
	swift build --configuration release --static-swift-stdlib --product pinrelay
	@deploy/setup.sh debootstrap python3
	@deploy/image/prove.sh

drill: build ## Restart two relays behind nginx under load (PROXY=haproxy): 0 failed requests, 0 events lost
	@deploy/setup.sh nginx-light haproxy openssl curl python3
	@BINARY=$(BINARY) deploy/drill/rolling.sh

faults: clients ## Each upstream fault for FAULT_SECONDS (20) under load, and the fairness between accounts, measured
	swift build --build-tests
	PINRELAY_FAULT_SECONDS=$(or $(FAULT_SECONDS),20) swift test --skip-build --no-parallel \
		--filter 'FaultMatrixTests|TransportFaultTests|FairnessMeasuredTests'

tables: ## Make the tables of codes, names and numbering plans anew from Debian's packages
	@deploy/setup.sh python3 iso-codes unicode-cldr-core
	@python3 deploy/tables/tables.py

fuzz: setup ## RUNS (12 million) inputs through libFuzzer under AddressSanitizer: 45 minutes on one core
	@deploy/fuzz/run.sh

sanitize: clients ## Tests of all that touches C, memory or threads, under AddressSanitizer and ThreadSanitizer
	@deploy/sanitize/run.sh

bench: setup ## First figures against a bare evhttp server, built in release mode
	@deploy/bench/run.sh

bench-start: setup ## Start with EVENTS (5 million) queued, each alone in its row, with a cold cache
	@deploy/bench/start.sh

CHAOS = --binary $(BINARY) --folder .build/chaos
SEEDED = $(CHAOS) $(if $(SEED),--seed $(SEED))

.build/chaos:
	@mkdir -p $@

kill-matrix: build | .build/chaos ## KILLS (1000) SIGKILLs under load, at random times and named points; SEED=, ROUND= replay
	@deploy/setup.sh python3
	@python3 -B deploy/chaos/kill_matrix.py $(SEEDED) --kills $(or $(KILLS),1000) $(if $(ROUND),--round $(ROUND))

power-cut: build | .build/chaos ## IMAGES (2000) of what a power cut leaves, from recorded writes; STARTS (100) of them
	@deploy/setup.sh python3 gcc libc6-dev
	@python3 -B deploy/chaos/power_cut.py $(SEEDED) --images $(or $(IMAGES),2000) --starts $(or $(STARTS),100)

soak backlog: CONFIGURATION = release

soak: build | .build/chaos ## DURATION (1800) seconds at half capacity: memory, descriptors and log stay flat
	@deploy/setup.sh python3 wrk
	@python3 -B deploy/chaos/soak.py $(CHAOS) --seconds $(or $(DURATION),1800)

backlog: build | .build/chaos ## EVENTS (5 million) queued: start time, memory, drain rate
	@deploy/setup.sh python3
	@python3 -B deploy/chaos/backlog.py $(CHAOS) --events $(or $(EVENTS),5000000) --per-block $(or $(PER_BLOCK),1)

clean: ## Remove what was built
	rm -rf .build
