# make run | access-key | test | faults | check | audit | fuzz | lock | bench | bench-respond. Everything is installed into .venv;
# nothing outside the folder is touched, except that `make test` may ask the system's package manager for a Chromium when there is none.
PYTHON ?= python3
HOST ?= 127.0.0.1
PORT ?= 8501
BIN := .venv/bin
# the browser tests and Hypothesis share the machine: more workers than cores makes every one of them slower
WORKERS ?= 2

.PHONY: run access-key test faults check audit fuzz lock bench bench-respond clean

run: .venv/product
	@echo "Salgsflyt: http://127.0.0.1:$(PORT)  (Ctrl+C stops it; for others: README, When others are to reach it)"
	$(BIN)/uvicorn app:app --host $(HOST) --port $(PORT) --no-proxy-headers --no-access-log --log-level warning --ws-per-message-deflate false --timeout-graceful-shutdown 30

access-key: .venv/product
	$(BIN)/python -m assessment access-key

test: .venv/tests
	$(BIN)/python tests/browser/chromium.py
	$(BIN)/pytest -n $(WORKERS) --dist loadfile

faults: .venv/tests
	$(BIN)/pytest tests/faults -s -m "faults or not faults"

check: .venv/tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# AUDIT=--offline-ok only says what could not be looked up
audit: .venv/tests
	$(BIN)/python -m tests.audit $(AUDIT)

fuzz: .venv/tests
	$(BIN)/python -m tests.fuzz

# one file for Python 3.11 to 3.13, Linux and macOS: what differs between them carries a marker
lock: .venv/tests
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --custom-compile-command "make lock" requirements.txt -o requirements.lock

bench: .venv/tests
	$(BIN)/python -m tests.load

bench-respond: .venv/tests
	$(BIN)/python -m tests.load.respond

.venv/bin/pip:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Salgsflyt needs Python 3.11 or newer; give one with PYTHON=..."; exit 1; }
	@# Debian ships venv as a package of its own
	@$(PYTHON) -m venv .venv || { apt-get install -y python3-venv || sudo apt-get install -y python3-venv; $(PYTHON) -m venv --clear .venv; }

.venv/product: requirements.txt requirements.lock | .venv/bin/pip
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@touch $@

.venv/tests: .venv/product tests/requirements.txt
	$(BIN)/pip install --quiet --disable-pip-version-check -r tests/requirements.txt
	@touch $@

clean:
	rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache
