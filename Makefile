# `make help` lists the targets. Any Python from 3.11 on may be named: make setup PYTHON=python3.12
PYTHON ?= python3
STACK ?= production
REPORTS ?= .slipway/reports
VENV := .venv/bin

# Set variables of these names would change where Python looks, or keep it from writing bytecode.
unexport PYTHONDONTWRITEBYTECODE PYTHONHOME PYTHONPATH VIRTUAL_ENV
export PATH := $(CURDIR)/$(VENV):$(PATH)

.DEFAULT_GOAL := help
.PHONY: help setup setup-servers fresh rehearse rehearse-clean pull-request test test-kills check format lock bench clean

help: ## Show this list
	@sed -n 's/^\([a-z-]*\):[^#]*## \(.*\)/  make \1 \2/p' Makefile | awk '{ c = $$2; $$1 = $$2 = ""; printf "  make %-15s%s\n", c, $$0 }'

setup: ## Get everything the project needs: Python packages, Pulumi CLI, flyctl, actionlint
	@command -v $(PYTHON) >/dev/null || { echo "$(PYTHON) is not on PATH: install Python 3.11 or newer," \
		"or name one that is there: make setup PYTHON=python3.12" >&2; exit 20; }
	@$(PYTHON) -m tools.engine

setup-servers: ## Install the servers that tests start, and a browser (Debian, Ubuntu)
	@./tools/servers/install

# What the targets below depend on: sets up when something changed since the last time, says nothing when not.
fresh:
	@$(VENV)/python -ESs -m tools.engine.stamp 2>/dev/null || $(MAKE) --no-print-directory setup

rehearse: fresh ## Deploy STACK (production) onto the emulated cloud of this machine
	@./slipway rehearse $(STACK)

rehearse-clean: fresh ## Stop the emulated cloud and remove all it left
	@./slipway sandbox stop --remove

test: fresh ## Run every test, those with the real engine, servers and a browser included
	@$(VENV)/python -m pytest -m ""

test-kills: fresh ## Kill flyctl and the provider at every step in every way; takes half an hour
	@SLIPWAY_KILL_STRIDE=1 $(VENV)/python -m pytest -m engine tests/fly/test_kill.py

check: fresh ## Check format, lint, types, dead code and generated files, as CI does
	$(VENV)/ruff format --check .
	$(VENV)/ruff check .
	$(VENV)/mypy
	$(VENV)/vulture
	$(VENV)/actionlint
	$(VENV)/zizmor --offline --quiet --persona pedantic .github
	./slipway schema --check
	./slipway docs --check

# What CI does for a pull request, beside the tests and `make check`: it needs no account and no secret.
pull-request: fresh ## Check every stack, report what changes in each since its last rehearsal, and rehearse it
	@.ci/pull-request $(REPORTS)

format: fresh ## Format the code and sort its imports
	$(VENV)/ruff check --select I --fix .
	$(VENV)/ruff format .

# The variables keep what is special to this machine out of the lock files, and have their header name this target.
lock: fresh ## Lock the newest Python packages that requirements*.in allow
	@for name in requirements requirements-dev; do \
		env -u PIP_FIND_LINKS -u UV_FIND_LINKS UV_CUSTOM_COMPILE_COMMAND="make lock" \
		$(VENV)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --upgrade \
		--no-emit-index-url --no-emit-find-links --output-file $$name.txt $$name.in || exit 1; done

bench: fresh ## Measure the rehearsal and the preview, and report them
	@$(VENV)/python -m tools.bench

clean: ## Remove the virtual environment, caches and local state; the user's cache stays
	@if [ -f .venv/slipway-setup ]; then ./slipway sandbox stop --remove; fi
	@rm -rf .venv .slipway .pytest_cache .ruff_cache .mypy_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
