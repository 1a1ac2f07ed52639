# `make help` lists what there is. Everything built lies in out/.

SHELL := /bin/bash
MAKEFLAGS += --no-builtin-rules
.DELETE_ON_ERROR:
.SUFFIXES:
.DEFAULT_GOAL := help

OUT := $(CURDIR)/out
VERSION := $(shell sed -n '1s/.*(\(.*\)).*/\1/p' debian/changelog)
ARCH := $(shell dpkg --print-architecture)
DEB := $(OUT)/hookagent_$(VERSION)_$(ARCH).deb
RPMS := $(OUT)/hookagent-$(VERSION)-1.x86_64.rpm $(OUT)/hookagent-$(VERSION)-1.aarch64.rpm
ARM64_DEB := $(OUT)/hookagent_$(VERSION)_arm64.deb
WASIMOFF_DEB := $(OUT)/hookagent-wasimoff_$(VERSION)_all.deb

# What git knows or would add; from a tarball, whatever is there.
SOURCES := $(shell git ls-files -co --exclude-standard 2>/dev/null || find . -path ./out -prune -o -type f -print)
# What ends up in a package. Test sources do not.
PACKAGED := $(wildcard $(filter-out tests/% .ci/% out/%,$(SOURCES:./%=%)))

export DOTNET_CLI_TELEMETRY_OPTOUT := 1
export DOTNET_NOLOGO := 1

# Where the tests find the programs as shipped, taken out of the package; the packages; and its files.
export HOOKAGENT_BIN := $(OUT)/bin
export HOOKAGENT_ROOT := $(OUT)/root
export HOOKAGENT_DEB := $(DEB)
export HOOKAGENT_WASIMOFF_DEB := $(WASIMOFF_DEB)
export HOOKAGENT_RPM := $(OUT)/hookagent-$(VERSION)-1.x86_64.rpm
export HOOKAGENT_WASIMOFF_RPM := $(OUT)/hookagent-wasimoff-$(VERSION)-1.noarch.rpm
# What stands in for Wasimoff's programs in the lab; in no package.
export HOOKAGENT_STANDIN := $(OUT)/standin/wasimoff-standin
# The real Deno, and a provider of our own for it in the shapes that Wasimoff's has had; in no package either.
export HOOKAGENT_DENO := $(OUT)/deno

.PHONY: help
help:
	@sed -n 's/^\([a-z][a-z0-9-]*\):.*## *\(.*\)/\1\t\2/p' Makefile | expand -t 16
	@echo 'Parts of test-long:'
	@tests/run --parts | sed 's/^/  /'

.PHONY: deps
deps: ## install what building and testing need (Debian packages; root), and look for the .NET SDK
	packaging/deps

.PHONY: build
build: ## compile everything for development, without native AOT
	dotnet build HookAgent.sln

.PHONY: deb
deb: $(DEB) ## the packages, into out/
$(DEB) $(WASIMOFF_DEB) &: $(PACKAGED)
	packaging/build-deb $(OUT)

.PHONY: deb-arm64
deb-arm64: ## the Debian package for arm64, into out/
	packaging/deps ports
	$(MAKE) $(ARM64_DEB)
$(ARM64_DEB): $(PACKAGED)
	packaging/build-deb $(OUT) arm64

.PHONY: rpm
rpm: ## the rpm packages, for x86_64 and aarch64, into out/
	packaging/deps ports
	$(MAKE) $(RPMS)
$(OUT)/hookagent-$(VERSION)-1.x86_64.rpm: $(PACKAGED)
	packaging/build-rpm $(OUT) amd64
$(OUT)/hookagent-$(VERSION)-1.aarch64.rpm: $(PACKAGED)
	packaging/build-rpm $(OUT) arm64

# The packages unpacked, and the programs in one folder.
$(OUT)/unpacked: $(DEB) $(WASIMOFF_DEB)
	rm -rf $(HOOKAGENT_ROOT) $(HOOKAGENT_BIN)
	mkdir -p $(HOOKAGENT_ROOT) $(HOOKAGENT_BIN)
	dpkg-deb --extract $(DEB) $(HOOKAGENT_ROOT)
	dpkg-deb --extract $(WASIMOFF_DEB) $(HOOKAGENT_ROOT)
	cp $(HOOKAGENT_ROOT)/usr/libexec/hookagent/slurm-hook $(HOOKAGENT_ROOT)/usr/sbin/hookagentd \
		$(HOOKAGENT_ROOT)/usr/bin/hookctl $(HOOKAGENT_BIN)
	touch $@

$(HOOKAGENT_STANDIN): $(wildcard $(filter tests/lab/wasimoff/%,$(SOURCES:./%=%))) Directory.Build.props
	dotnet publish tests/lab/wasimoff --configuration Release --output $(@D) --nologo --verbosity quiet
	touch $@

$(HOOKAGENT_DENO)/made: $(wildcard $(filter tests/lab/deno-provider/%,$(SOURCES:./%=%)))
	tests/lab/deno-provider/build $(@D)
	touch $@

.PHONY: lab-parts
lab-parts: $(OUT)/unpacked $(HOOKAGENT_STANDIN) $(HOOKAGENT_DENO)/made ## what tests/lab puts into the nodes of its clusters

# Sub-makes, because what `deps` installs must be there before anything else is looked at.
.PHONY: test
test: ## all set-up and every quick test: what CI runs
	$(MAKE) deps
	$(MAKE) lab-parts
	tests/run

.PHONY: vm-deps browser-deps
vm-deps browser-deps:
	packaging/deps $(@:-deps=)

.PHONY: mutants
mutants: ## do the tests notice a fault? a part of it: PART=1/2
	$(MAKE) deps
	$(MAKE) $(OUT)/unpacked
	tests/run --mutants $(or $(PART),1/1)

.PHONY: test-long
test-long: ## all that takes long; a part of it (below), at most 45 minutes on 2 cores: PART=faults
	$(MAKE) deps
	$(MAKE) lab-parts $$(tests/run --needs $(PART))
	tests/run --long $(PART)

.PHONY: ledger
ledger: ## which part of test-long was last green on which commit, and has what it reads changed since?
	@tests/run --ledger

.PHONY: demo
demo: ## lend a real Slurm node and take it back, in namespaces of this machine (root)
	$(MAKE) deps
	$(MAKE) $(OUT)/unpacked
	tests/lab/demo

.PHONY: bench
bench: ## the benchmarks, against what a user would take instead (root)
	packaging/deps bench
	$(MAKE) $(OUT)/unpacked
	tests/bench/run

.PHONY: release-check
release-check: ## do the versions agree, is every licence named?
	$(MAKE) $(OUT)/unpacked
	packaging/release-check

.PHONY: clean
clean: ## remove out/
	rm -rf $(OUT)
