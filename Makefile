# Everything happens in .venv; delete it to start afresh.
PYTHON ?= python3
BIN := .venv/bin
PLUGINS := $(wildcard plugins/*)
SOURCES := pyproject.toml $(wildcard plugins/*/pyproject.toml)
INSTALL = $(BIN)/python -m pip install --quiet --disable-pip-version-check

.PHONY: run test lint pytest docs clean

run: .venv/installed  ## Train the main job on MNIST
	$(BIN)/layerkit run specs/mnist_tanh_dropout.toml

test: lint pytest  ## Lint, check types, run every test

lint: .venv/installed-dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/basedpyright

pytest: .venv/installed-dev
	$(BIN)/pytest

docs: .venv/installed-dev  ## Write files and outputs into the pages anew
	$(BIN)/python docs/refresh.py

.venv/installed: $(SOURCES)
	$(PYTHON) -m venv .venv
	$(INSTALL) -e . $(foreach plugin,$(PLUGINS),-e $(plugin))
	@touch $@

.venv/installed-dev: .venv/installed
	$(INSTALL) -e '.[dev]'
	@touch $@

clean:
	rm -rf .venv
