# Everything happens in .venv; delete it to start afresh.
PYTHON ?= python3
BIN := .venv/bin
PLUGINS := $(wildcard plugins/*)
SOURCES := pyproject.toml $(wildcard plugins/*/pyproject.toml)
# The one place that says where the repository is; packages and their pages get it from here.
REPOSITORY ?= https://github.com/layerkit/layerkit
# The size of the data that 'make test-memory' trains on.
GB ?= 2
# How long each target of 'make fuzz' is fuzzed; T=toml for one target.
SECONDS ?= 60
INSTALL = $(BIN)/python -m pip install --quiet --disable-pip-version-check

.PHONY: run test lint mypy pytest docs bench dist diagnostics bad-components test-docs test-plugins test-types test-faults test-dist test-parity test-specs test-editors test-memory test-results fuzz version clean

run: .venv/installed  ## Train the main job on MNIST
	$(BIN)/layerkit run specs/mnist_tanh_dropout.toml

test: lint  ## Lint, check types, run the tests
	@$(MAKE) --no-print-directory --jobs 2 mypy pytest

lint: .venv/installed-dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

mypy: .venv/installed-dev
	$(BIN)/mypy

pytest: .venv/installed-dev
	$(BIN)/pytest --numprocesses auto -o faulthandler_timeout=120 -o faulthandler_exit_on_timeout=true

docs: .venv/installed-dev  ## Update the files and outputs that the pages show
	$(BIN)/python -m tools.rules
	$(BIN)/python -m tools.components
	$(BIN)/python docs/refresh.py

diagnostics: .venv/installed-dev  ## Delete each character of the shipped specs, and count lines told right
	@$(BIN)/python -m tests.spec.right_lines

bench: .venv-bench/installed  ## Measure beside other libraries; W=W2 for one workload
	.venv-bench/bin/python -m benchmarks $(W)

dist: .venv/installed-release  ## Build wheels and source distributions of everything into dist/
	$(BIN)/python -m tools.packaging.build_distributions $(REPOSITORY)

test-specs: .venv/installed-dev  ## Try hostile specs and plugins, and the JSON Schema against the models
	$(BIN)/pytest --numprocesses auto tests/hostile tests/schema
	@$(BIN)/python -m tests.hostile

test-types: .venv/installed-dev  ## Check types with pyright too, which keeps no cache
	$(BIN)/basedpyright
	$(BIN)/pytest tests/typing

test-docs: .venv/installed-dev  ## Compare what pages show with what there is
	$(BIN)/pytest --numprocesses auto tests/docs tests/components

test-plugins: .venv/installed-dev bad-components  ## Test the packs, bad components by name, and new plugins of every kind
	$(BIN)/pytest --numprocesses auto plugins tests/bad_components
	$(BIN)/pytest tests/scaffold

bad-components: .venv/installed-dev  ## Try every bad component of the tests, and count what was mishandled
	@$(BIN)/python -m tests.bad_components

test-faults: .venv/installed-dev  ## Kill, interrupt and fail runs; LONG=1 for the long form
	$(BIN)/pytest --quiet --numprocesses auto tests/faults $(if $(LONG),--long)

test-dist: dist  ## Install what was built into an empty environment, and use it there
	$(BIN)/pytest tests/installed

test-parity: .venv-parity/installed  ## Compare with PyTorch and scikit-learn, to the last digits
	.venv-parity/bin/pytest tests/parity

test-editors: .venv/installed-dev .venv-editors/installed  ## Check the schema of specs with Tombi and Taplo
	PATH="$(CURDIR)/.venv-editors/bin:$$PATH" $(BIN)/pytest tests/editors

fuzz: .venv-fuzz/installed  ## Fuzz specs and data files, guided by coverage: SECONDS=60, T=toml
	.venv-fuzz/bin/python -m tests.fuzz $(SECONDS) $(T)

test-results: .venv/installed-dev  ## Train specs to what their comments say; LONG=1 for those on MNIST too
	$(BIN)/pytest --numprocesses auto tests/results $(if $(LONG),--long)

test-memory: .venv/installed-dev  ## Train on a file of GB gigabytes in a tenth of that memory: GB=10
	LAYERKIT_TEST_GB=$(GB) $(BIN)/pytest -s tests/memory

version: .venv/installed-dev  ## Write one version into every distribution: make version V=0.2.0
	$(BIN)/python -m tools.packaging.set_version $(V)
	$(MAKE) docs

.venv-bench/installed: $(SOURCES) benchmarks/requirements.txt
	$(PYTHON) -m venv .venv-bench
	.venv-bench/bin/python -m pip install --quiet --disable-pip-version-check -e . $(foreach plugin,$(PLUGINS),-e $(plugin))
	.venv-bench/bin/python benchmarks/install.py
	@touch $@

.venv-parity/installed: $(SOURCES) tests/parity/requirements.txt
	$(PYTHON) -m venv .venv-parity
	.venv-parity/bin/python -m pip install --quiet --disable-pip-version-check 'pytest>=9,<10' -r tests/parity/requirements.txt
	.venv-parity/bin/python -m pip install --quiet --disable-pip-version-check -e . $(foreach plugin,$(PLUGINS),-e $(plugin))
	@touch $@

.venv-editors/installed: tests/editors/requirements.txt
	$(PYTHON) -m venv .venv-editors
	.venv-editors/bin/python -m pip install --quiet --disable-pip-version-check -r tests/editors/requirements.txt
	@touch $@

.venv-fuzz/installed: $(SOURCES) tests/fuzz/requirements.txt
	$(PYTHON) -m venv .venv-fuzz
	.venv-fuzz/bin/python -m pip install --quiet --disable-pip-version-check -e . $(foreach plugin,$(PLUGINS),-e $(plugin))
	.venv-fuzz/bin/python -m pip install --quiet --disable-pip-version-check --only-binary atheris -r tests/fuzz/requirements.txt || \
	{ echo "error: atheris has no wheel for $$($(PYTHON) -V) here: make fuzz PYTHON=python3.13, or another that it has" >&2; exit 1; }
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
	rm -rf .venv .venv-bench .venv-parity .venv-editors .venv-fuzz .fuzz dist
