# Every target sets up what it needs: an isolated environment in .venv, from the pinned lock file.
PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.DEFAULT_GOAL := help
.PHONY: help demo test lint types floors pytest bench notebooks lock clean

help: ## List the targets
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

$(READY): requirements.lock pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --requirement requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

demo: $(READY) ## Compare the AI CMO with manual quarterly allocation on the retailer; table and report in out/demo
	$(BIN)/aicmo compare scenarios/retailer.yaml --replications 64 --seed 2 --out out/demo

test: lint types floors pytest ## Everything that must hold: format, lint, types, floors, tests

lint: $(READY)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types: $(READY)
	$(BIN)/mypy

floors: $(READY)
	$(BIN)/lint-imports

pytest: $(READY)
	$(BIN)/pytest --numprocesses=auto --dist=loadgroup

bench: $(READY) ## Speed, as ratios in one run
	$(BIN)/python -m benchmarks

lock: ## Resolve the dependencies anew into requirements.lock
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile pyproject.toml --all-extras --python-version 3.11 --no-emit-index-url --no-header --output-file requirements.lock

clean: ## Remove the environment, caches and outputs
	rm -rf $(VENV) out .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find aicmo tests benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +
