# `make help` lists what there is. Everything is installed into .venv; nothing else on the machine is touched.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

VENV := .venv
BIN := $(VENV)/bin
# Any Python from 3.11 on: PYTHON=... names one, else the first of these that will do.
PYTHONS := $(if $(PYTHON),$(PYTHON),python3 python3.13 python3.12 python3.11 python)
CLAIM := The Ardovian army shelled the bridge at Osk.
export ALLEGEDLY_DATA ?= $(abspath ../shared/data)
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: help setup demo test lint format types contracts unit browser cluster model gazetteer bench clean

help:  ## this list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1\t/' | expand -t 20

setup: $(VENV)/ready  ## make .venv and install the package with what the tests need (quick the second time)

demo: $(VENV)/ready  ## read an example, keep all of them in a ledger for the moment, and ask it
	@$(BIN)/allegedly read examples/eastern-assembly-front-statement.txt
	@folder=$$(mktemp -d); trap 'rm -rf "$$folder"' EXIT; export ALLEGEDLY_LEDGER="$$folder/demo.db"; \
	say() { printf '\n\n$$ allegedly %s\n\n' "$$1"; }; \
	say 'add examples'; $(BIN)/allegedly add examples; \
	say 'matters --disputed --limit 5'; $(BIN)/allegedly matters --disputed --limit 5; \
	say 'trace --limit 1 "$(CLAIM)"'; $(BIN)/allegedly trace --limit 1 "$(CLAIM)"; \
	say 'copies --limit 1'; $(BIN)/allegedly copies --limit 1; \
	say 'names "Eastern Assembly Front"'; $(BIN)/allegedly names "Eastern Assembly Front"

test: lint types contracts unit browser cluster  ## lint, types, import contracts and all tests

lint: $(VENV)/ready  ## ruff: style and likely mistakes
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

format: $(VENV)/ready  ## put the code into the style that `make lint` asks for
	$(BIN)/ruff check --fix --quiet . || true
	$(BIN)/ruff format .

types: $(VENV)/ready  ## mypy, strict
	$(BIN)/mypy

contracts: $(VENV)/ready  ## import-linter: imports go one way
	$(BIN)/lint-imports

unit: $(VENV)/ready  ## all tests that need no browser
	$(BIN)/python -m pytest -n auto --dist loadfile

browser: $(VENV)/ready  ## the tests that drive a headless Chromium, where one is installed
	@if command -v chromium chromium-browser google-chrome >/dev/null 2>&1; then \
	  $(BIN)/python -m pytest -m browser || { status=$$?; [ $$status -eq 5 ] || exit $$status; }; \
	else \
	  printf '\n*** NO CHROMIUM: the browser tests were NOT run. On Debian: apt-get install chromium ***\n\n'; \
	fi

cluster: $(VENV)/ready  ## the tests that start Ray on this machine, and those that take long
	$(BIN)/python -m pytest -m "cluster or long"

model: $(VENV)/train-ready  ## rebuild the model from the corpora in ALLEGEDLY_DATA
	$(BIN)/python -m training.prepare --data "$(ALLEGEDLY_DATA)"
	$(BIN)/python -m training.teacher --keeping src/allegedly/data/en/model.onnx
	$(BIN)/python -m training.build --data "$(ALLEGEDLY_DATA)" --start src/allegedly/data/en/model.onnx --output src/allegedly/data/en/model.onnx

gazetteer: $(VENV)/ready  ## rebuild the atlas of cities and regions from GeoNames
	$(BIN)/python -m pip install --quiet --editable '.[test,gazetteer]'
	$(BIN)/python -m training.gazetteer

bench: $(VENV)/ready  ## accuracy, even-handedness and speed, against their floors
	status=0; $(BIN)/python -m benchmarks.accuracy || status=1; \
	$(BIN)/python -m benchmarks.evenhanded || status=1; \
	$(BIN)/python -m benchmarks.throughput || status=1; exit $$status

clean:  ## remove .venv and all caches
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache dist build

$(VENV)/ready: pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --editable '.[test]'
	@touch $@

$(VENV)/train-ready: $(VENV)/ready
	$(BIN)/python -m pip install --quiet --editable '.[test,train]'
	@touch $@

$(BIN)/python:
	@for python in $(PYTHONS); do \
	  if command -v "$$python" >/dev/null 2>&1 && "$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then found="$$python"; break; fi; \
	done; \
	if [ -z "$${found:-}" ]; then \
	  echo "Allegedly needs Python 3.11 or newer, and none of these is one: $(PYTHONS). Install it, or run: make PYTHON=/path/to/python3.11" >&2; exit 1; \
	fi; \
	echo "making $(VENV) with $$("$$found" --version)"; \
	"$$found" -m venv $(VENV) || { rm -rf $(VENV); \
	  echo "$$found cannot make virtual environments: install its venv module (on Debian and Ubuntu: apt-get install python3-venv), then run make again" >&2; exit 1; }
