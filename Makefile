# `make help` lists what there is. Everything built lies in out/.

SHELL := /bin/bash
.DELETE_ON_ERROR:
.SUFFIXES:

OUT := $(CURDIR)/out
VERSION := $(shell dpkg-parsechangelog -S Version 2>/dev/null)
ARCH := $(shell dpkg --print-architecture 2>/dev/null)
DEBS := $(OUT)/hookagent_$(VERSION)_$(ARCH).deb $(OUT)/hookagent-wasimoff_$(VERSION)_all.deb

# What git knows or would add; from a tarball, what is there.
SOURCES := $(shell git ls-files -co --exclude-standard 2>/dev/null || find . -name out -prune -o -type f -print)

.PHONY: deb
deb: $(DEBS)

$(DEBS) &: $(SOURCES)
	packaging/build-deb $(OUT)
