# つなぐ: every command that a person or a machine needs. `make help` lists them.
SHELL := /bin/sh
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: help front front-dev run run-large test check conformance bench soak crash clean lock

help: ## list the commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/'

# The stamp changes with the locked requirements, so that a second start installs nothing.
$(VENV)/.installed: requirements.txt
	$(PYTHON) -m venv $(VENV) || { echo "python3-venv is missing: apt-get install python3-venv / python3-venv を入れてください" >&2; exit 1; }
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@printf '#!/bin/sh\nexec "%s/bin/python" -m app "$$@"\n' "$(CURDIR)/$(VENV)" > $(BIN)/tsunagu && chmod +x $(BIN)/tsunagu
	@echo "$(CURDIR)" > "$$($(BIN)/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/tsunagu.pth"
	@touch $@

$(VENV)/.installed-dev: requirements-dev.txt $(VENV)/.installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

front: $(VENV)/.installed ## build the scripts of the pages, if their sources changed
	@$(BIN)/python app/web/frontend/build.py || true

front-dev: $(VENV)/.installed
	@$(BIN)/python app/web/frontend/build.py --dev || true

run: $(VENV)/.installed front ## publish the bundled data sets and serve them on http://127.0.0.1:8000
	@$(BIN)/python -m app run

run-large: $(VENV)/.installed-dev front ## the same with all postal codes of Japan (about 120,000 rows)
	@$(BIN)/python -m vocab.build_postal_codes data/postal-codes.csv
	@$(BIN)/python -m app run --large

test: $(VENV)/.installed-dev front-dev ## every test
	$(BIN)/python -m pytest -m "not conformance" -n 2 --dist loadfile --ignore tests/browser
	@# In processes of their own: the browser's driver keeps an event loop running.
	$(BIN)/python -m pytest tests/browser -n 2 --dist loadgroup

check: $(VENV)/.installed-dev ## style, types, import layers, documents
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/python -m pytest tests/docs/test_documents.py
	$(BIN)/python app/web/frontend/build.py --check

conformance: $(VENV)/.installed-dev ## the official suites, as a table
	$(BIN)/python -m tests.conformance

bench: $(VENV)/.installed-dev ## compare with other engines in one run
	$(BIN)/python -m benchmarks

soak: $(VENV)/.installed-dev front ## do the endpoint harm for some minutes while a second client measures
	$(BIN)/python -m benchmarks.soak

crash: $(VENV)/.installed-dev ## end publishing at every moment; a whole release has to be left
	$(BIN)/python -m pytest tests/store/test_crash.py -v

clean: ## remove what was built (the data too)
	rm -rf $(VENV) data app/web/static/dist app/web/frontend/node_modules .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

lock: ## pin the requirements anew (needs uv)
	uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header -q -o requirements.txt
	uv pip compile pyproject.toml --group dev --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header -q -o requirements-dev.txt
