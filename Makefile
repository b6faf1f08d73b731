# The whole developer interface. `make demo` and `make test` set up what they need.
.DEFAULT_GOAL := help
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

.PHONY: help setup demo test check bench lock clean

help:  ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

$(STAMP): pyproject.toml requirements/build.txt requirements/dev.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' || { echo "askbot needs Python 3.11; say where it is: make setup PYTHON=…" >&2; exit 2; }
	@test -x $(BIN)/python || { echo "making $(VENV) …"; $(PYTHON) -m venv $(VENV); }
	@echo "installing the pinned requirements (once; about a minute) …"
	@$(PIP) install --require-hashes -r requirements/build.txt
	@$(PIP) install --require-hashes --no-build-isolation -r requirements/dev.txt
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

setup: $(STAMP)  ## make .venv with the askbot command in it

demo: $(STAMP)  ## serve the sample county and play a recorded chat into it (DEMO=--once: quickly, with a summary)
	@$(BIN)/askbot demo $(DEMO)

test: $(STAMP)  ## the whole test suite (TEST="tests/unit -k name" for a part)
	@$(BIN)/python -m pytest -n 2 $(TEST)

check: $(STAMP)  ## ruff, mypy --strict, import-linter
	@$(BIN)/ruff check src tests bench
	@$(BIN)/ruff format --check src tests bench
	@$(BIN)/mypy
	@$(BIN)/lint-imports

bench: $(STAMP)  ## measure; prints a table and writes bench/out/*.json
	@$(BIN)/python -m bench $(BENCH)

lock: requirements/build.in requirements/runtime.in requirements/dev.in  ## pin and hash the requirements anew (needs pip-tools on the PATH)
	@cd requirements && for f in build runtime dev; do \
	  pip-compile --quiet --upgrade --generate-hashes --allow-unsafe --strip-extras --no-emit-index-url --no-emit-find-links \
	    --no-emit-trusted-host --no-emit-options --no-header --output-file=$$f.txt $$f.in; done

clean:  ## remove what was made
	rm -rf $(VENV) bench/out .pytest_cache .mypy_cache .ruff_cache .import_linter_cache data
