# The two commands are `make book` and `make test`. `make help` lists the rest.
SHELL := /bin/bash
PYTHON ?= $(firstword $(shell command -v python3.11 python3.12 python3))
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
JOBS ?= $(shell nproc 2>/dev/null || echo 2)
export PYTHONHASHSEED := 0
# Small matrices: threads of the linear algebra only wait for each other where runs share the cores.
export OPENBLAS_NUM_THREADS := 1
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help book test refresh tables coverage audit lock clean check nbval

help: ## list the commands
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/  make \1\t\2/' | expand -t 18

$(READY): requirements.txt pyproject.toml
	@echo "Installing the locked environment with $(PYTHON) ..."
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 12))' \
	  || { echo "Python 3.11 or 3.12 is needed; found $(PYTHON). Set PYTHON=/path/to/python3.11."; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { echo "Install the venv module first: apt-get install python3-venv"; exit 1; }
	@sed -n '/^uv==/,/^[^ ]/p' requirements.txt | sed '$$d' > $(VENV)/uv.txt
	@if $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $(VENV)/uv.txt 2> $(VENV)/uv.log \
	  && $(BIN)/uv pip sync --quiet --compile-bytecode --require-hashes --python $(BIN)/python requirements.txt 2>> $(VENV)/uv.log; then :; else \
	  echo "uv is not to be had here; installing with pip (a minute or two) ..."; \
	  $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt; fi
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

book: $(READY) ## build the book into _build/html
	@$(BIN)/careshift book --jobs $(JOBS)

test: $(READY) ## build the book and run every test
	@echo "1/4 Building the book" && $(BIN)/careshift book --jobs $(JOBS)
	@echo "2/4 Lint and types" && $(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy
	@echo "3/4 Tests" && $(BIN)/pytest -q -n $(JOBS)
	@echo "4/4 Committed notebooks against a fresh run" \
	  && $(BIN)/pytest --no-header --nbval-lax -n $(JOBS) --dist loadscope chapters

refresh: $(READY) ## rerun stale chapters, write their outputs into chapters/, show what changed
	@$(BIN)/careshift refresh --jobs $(JOBS)

tables: $(READY) ## rebuild data/*.csv from the raw files in the folder CARESHIFT_RAW
	@$(BIN)/python -m careshift.readers.build "$${CARESHIFT_RAW:?set it to the folder of raw files}"

coverage: $(READY) ## simulate the coverage of every interval again (minutes), compare it with the committed table
	@$(BIN)/python -m snakemake --cores $(JOBS) --rerun-incomplete --quiet all -- coverage

audit: coverage ## the long studies: coverage, and what must be fast
	@$(BIN)/pytest -q -s tests/benchmarks

lock: $(READY) ## resolve requirements.in into requirements.txt
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate \
	  --custom-compile-command "make lock" requirements.in -o requirements.txt

clean: ## remove everything built, keep the environment
	@rm -rf _build .snakemake
