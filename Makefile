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
.PHONY: help book test refresh tables coverage pdf mutation defences audit bench newest python lock clean

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

# One stage of a longer job, with its time.
stage = @start=$$SECONDS; echo "$(1)"; $(2) && echo "    $$((SECONDS - start)) s"

test: $(READY) ## build the book and run every test
	$(call stage,1/4 Building the book,$(BIN)/careshift book --jobs $(JOBS))
	$(call stage,2/4 Lint and types,$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy)
	$(call stage,3/4 Tests,$(BIN)/pytest -q -n $(JOBS) --dist worksteal --durations=10)
	$(call stage,4/4 Committed notebooks against a fresh run,$(BIN)/pytest --no-header --nbval-lax -n $(JOBS) --dist loadscope chapters)

refresh: $(READY) ## rerun stale chapters, write their outputs into chapters/, show what changed
	@$(BIN)/careshift refresh --jobs $(JOBS)

tables: $(READY) ## rebuild data/*.csv from the raw files in the folder CARESHIFT_RAW
	@$(BIN)/python -m careshift.readers.build "$${CARESHIFT_RAW:?set it to the folder of raw files}"

pdf: book ## print the whole book into _build/pdf/book.pdf (tagged, with bookmarks; needs Chromium)
	@$(BIN)/python -m careshift.pipeline.pdf _build/stage _build/pdf/book.pdf

coverage: $(READY) ## simulate the coverage of every interval again (ten minutes), compare it with the committed tables
	@$(BIN)/python -m snakemake --cores $(JOBS) --rerun-incomplete --quiet all -- coverage

bench: $(READY) ## measure the build against a plain loop and against Jupyter Book (half an hour)
	@$(BIN)/python tests/audit/keep.py speed $(BIN)/python tests/benchmarks/bench.py

mutation: $(READY) ## change the code and see whether a test notices (hours); MODULES="effect_sizes" for some, SAMPLE=60 for 60 a module
	@nice $(BIN)/python tests/audit/mutation.py --workers $(JOBS) $(if $(SAMPLE),--sample $(SAMPLE)) $(MODULES)

defences: $(READY) ## take each defence away and see its test fail (ten minutes); ONLY="zip" for some
	@nice $(BIN)/python tests/audit/defences.py --jobs $(JOBS) $(ONLY)

# Each study is kept with its date in tests/audit/, and the book shows it.
STUDY := $(BIN)/python tests/audit/keep.py
audit: $(READY) book ## the long studies (hours); their dated results go to tests/audit/
	$(call stage,Coverage of every interval,$(STUDY) coverage make --no-print-directory coverage)
	$(call stage,Mutation testing,$(STUDY) mutation make --no-print-directory mutation)
	$(call stage,Defences taken away,$(STUDY) defences make --no-print-directory defences)
	$(call stage,Speed of the estimators,$(STUDY) estimators $(BIN)/pytest -q -s tests/benchmarks)
	$(call stage,Every page in a browser,$(STUDY) pages $(BIN)/pytest -q -n $(JOBS) tests/book --every-page --ignore=tests/book/test_pdf.py)
	$(call stage,The whole book as a PDF,$(STUDY) pdf $(BIN)/pytest -q tests/book/test_pdf.py --every-page)
	$(call stage,Fifty kills,CARESHIFT_KILLS=50 $(STUDY) kills $(BIN)/pytest -q -s tests/faults/test_kills.py)
	$(call stage,The whole book twice,CARESHIFT_WHOLE=1 $(STUDY) determinism $(BIN)/pytest -q -s tests/faults/test_determinism.py)
	$(call stage,Large files,CARESHIFT_LARGE=1 $(STUDY) big_files $(BIN)/pytest -q -s tests/data/test_files.py -k bounded_memory)
	$(call stage,Speed of the build,make --no-print-directory bench)
	$(call stage,The other Python,$(STUDY) python312 make --no-print-directory python OTHER=python3.12)
	$(call stage,The newest versions,$(STUDY) newest make --no-print-directory newest)

python: book ## build the book with another Python, OTHER=python3.12, and compare it (twenty minutes)
	@nice $(BIN)/python tests/audit/other_python.py $(OTHER) --jobs $(JOBS)

NEWEST := _build/newest
newest: $(READY) ## resolve the newest versions into an environment of their own, and say what breaks with them
	@rm -rf $(NEWEST) && mkdir -p $(NEWEST)
	@sed -E 's/==[^ ]+//; s/^jupyter-book /jupyter-book<2 /' requirements.in > $(NEWEST)/requirements.in
	@$(BIN)/uv pip compile --quiet --upgrade --python $(BIN)/python $(NEWEST)/requirements.in -o $(NEWEST)/requirements.txt
	@$(BIN)/uv venv --quiet --python $(BIN)/python $(NEWEST)/venv
	@$(BIN)/uv pip sync --quiet --compile-bytecode --python $(NEWEST)/venv/bin/python $(NEWEST)/requirements.txt
	@$(BIN)/uv pip install --quiet --no-deps --no-build-isolation --python $(NEWEST)/venv/bin/python -e .
	@diff <($(BIN)/uv pip freeze --quiet) <($(BIN)/uv pip freeze --quiet --python $(NEWEST)/venv/bin/python) | grep '^[<>]' || true
	@$(NEWEST)/venv/bin/python -m pytest -q -n $(JOBS) tests/unit tests/claims tests/data

lock: $(READY) ## resolve requirements.in into requirements.txt
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate \
	  --custom-compile-command "make lock" requirements.in -o requirements.txt

clean: ## remove everything built, keep the environment
	@rm -rf _build .snakemake
