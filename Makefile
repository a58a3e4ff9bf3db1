# `make help` lists what there is. Node.js is the one that package-lock.json pins; the machine's own only runs npm.
SHELL := /bin/sh
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

node := $(CURDIR)/node_modules/node/bin/node
vitest := $(node) node_modules/vitest/vitest.mjs run

.PHONY: help setup packages modules build generate verify typecheck lint deps readme test-unit test-integration test-vm test demo demo-down deb clean

help: ## This list
	@sed -n 's/^\([a-z%-]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 26

setup: packages modules ## Install the Debian packages (as root) and npm packages that are missing; starts no daemon

packages:
	@build/packages.sh

modules:
	@build/modules.sh

build: modules ## Bundle the daemon and bridgectl into dist/
	@$(node) build/bundle.mjs

generate: modules ## Write the generated files anew
	@$(node) build/generate.mjs

verify: modules ## Fail when a generated file is not as `make generate` would write it
	@$(node) build/generate.mjs --check

typecheck: modules ## Check the types
	@$(node) node_modules/typescript/bin/tsc --noEmit

lint: modules ## Check the style
	@$(node) node_modules/eslint/bin/eslint.js --max-warnings 0 .

deps: modules ## Check that imports run one way
	@$(node) build/dependencies.mjs

readme: modules ## Check that what the README says to run is there
	@$(node) build/readme.mjs

test-unit: modules ## Run the tests that need neither root nor a host
	@$(vitest) --project unit --project component --project contract

test-integration: setup build ## Run the tests on lab hosts
	@$(vitest) --project integration --project e2e

test-vm: setup build ## Run the tests on virtual machines, which take long and are no part of `make test`
	@build/packages.sh packages-deb.txt
	@$(vitest) --project vm

# A failed setup is a failed test too, and the last line always tells the count.
test: ## Install what is needed and run every check and test
	@$(MAKE) setup || { echo '0 passed, 1 failed'; exit 1; }
	@$(node) build/test.mjs

demo: setup build ## Bring up a lab host and show Bridgekeeper on it
	@build/demo.sh

demo-down: ## Stop what the demo started
	@build/demo.sh down

deb: build ## Make the Debian package, in dist/
	@build/packages.sh packages-deb.txt
	@$(node) build/debian.mjs

bench-%: setup build ## Run a benchmark of bench/, with its peer beside it
	@test -f bench/$*.ts || { echo "There is no bench/$*.ts; there is: $$(ls bench 2>/dev/null | sed -n 's/\.ts$$//p' | tr '\n' ' ')" >&2; exit 1; }
	@$(node) bench/$*.ts

clean: ## Remove what was built
	rm -rf dist .cache coverage
