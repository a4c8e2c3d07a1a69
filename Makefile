# Needs make and python3 (3.11 or later). `make help` tells the rest.
PYTHON ?= python3
BIN := .venv/bin
# Nothing is compiled beforehand: a tenth of the modules is ever imported.
PIP := $(BIN)/python -m pip install --quiet --no-compile --disable-pip-version-check --constraint constraints.txt
# Which tests: `make test TESTS=tests/astro`; plain `pytest` leaves out the slow sweeps.
TESTS ?= -m "slow or not slow"

.DEFAULT_GOAL := help
.PHONY: help run test check bench warm clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-6s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: warm ## install, compile, and screen an exercise population for the next 24 hours
	@$(BIN)/skypact demo

test: .venv/.dev ## every test
	@$(BIN)/python -m pytest -q -n 2 --dist worksteal $(TESTS)

check: .venv/.dev ## format, lint, types, floors
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

bench: .venv/.bench warm ## speed and error beside the peers', in one run
	@$(BIN)/python bench/run.py

warm: .venv/.warm ## compile what screening needs, once per machine (`skypact warm`: all)

clean: ## remove what was built
	rm -rf .venv dist build .pytest_cache .ruff_cache .mypy_cache .hypothesis .import_linter_cache
	find src tests bench examples -name __pycache__ -prune -exec rm -rf {} +

.venv/.runtime: pyproject.toml constraints.txt
	@echo "Building .venv (some 40 s, once)"
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Skypact needs Python 3.11 or later; name one: make PYTHON=python3.11 ...")'
	@$(PYTHON) -m venv .venv
	@$(PIP) --editable .
	@touch $@

.venv/.warm: .venv/.runtime $(shell find src -name '*.py')
	@$(BIN)/skypact warm screening
	@touch $@

.venv/.dev: .venv/.runtime
	@echo "Adding what the tests need (some 30 s, once)"
	@$(PIP) --editable ".[dev]"
	@touch $@

.venv/.bench: .venv/.runtime
	@echo "Adding the peers (some 15 s, once)"
	@$(PIP) --editable ".[bench]"
	@touch $@
