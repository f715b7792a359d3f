# Everything happens in .venv; delete it to start afresh.
PYTHON ?= python3
BIN := .venv/bin
PLUGINS := $(wildcard plugins/*)
SOURCES := pyproject.toml $(wildcard plugins/*/pyproject.toml)
# The one place that says where the repository is; packages and their pages get it from here.
REPOSITORY ?= https://github.com/layerkit/layerkit
INSTALL = $(BIN)/python -m pip install --quiet --disable-pip-version-check

.PHONY: run test lint pytest docs bench dist test-dist version clean

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

bench: .venv-bench/installed  ## Measure beside other libraries; W=W2 for one workload
	.venv-bench/bin/python -m benchmarks $(W)

dist: .venv/installed-release  ## Build wheels and source distributions of everything into dist/
	$(BIN)/python -m tools.packaging.build_distributions $(REPOSITORY)

test-dist: dist  ## Install what was built into an empty environment, and use it there
	$(BIN)/pytest tests/installed

version: .venv/installed-dev  ## Write one version into every distribution: make version V=0.2.0
	$(BIN)/python -m tools.packaging.set_version $(V)
	$(MAKE) docs

.venv-bench/installed: $(SOURCES) benchmarks/requirements.txt
	$(PYTHON) -m venv .venv-bench
	.venv-bench/bin/python -m pip install --quiet --disable-pip-version-check -e . $(foreach plugin,$(PLUGINS),-e $(plugin))
	.venv-bench/bin/python benchmarks/install.py
	@touch $@

.venv/installed: $(SOURCES)
	$(PYTHON) -m venv .venv
	$(INSTALL) -e . $(foreach plugin,$(PLUGINS),-e $(plugin))
	@touch $@

.venv/installed-dev: .venv/installed
	$(INSTALL) -e '.[dev]'
	@touch $@

.venv/installed-release: .venv/installed-dev
	$(INSTALL) -e '.[release]'
	@touch $@

clean:
	rm -rf .venv .venv-bench dist
