# Everything a person or a machine does with this project, one word each. `make help` lists them.
SHELL := /bin/bash
VENV ?= .venv
PY := $(VENV)/bin/python
STAMP := $(VENV)/.ready
WORKERS ?= 2

.DEFAULT_GOAL := help
.PHONY: help setup demo run test lint types imports unit server bench soak leaflets-check format lock clean

help: ## list these commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 18

setup: $(STAMP) ## make the virtual environment and see to what Qt needs from Debian

$(STAMP): requirements.lock pyproject.toml packaging/debian/set-up packaging/debian/packages.txt
	@packaging/debian/set-up $(VENV)
	@touch $@

demo: $(STAMP) ## play one drop-in afternoon through the real window; results in build/demo/
	$(PY) -m tests.journeys.demo

run: $(STAMP) ## open the window in practice mode, with made-up people
	$(PY) -m ewb_desktop --practice

server: $(STAMP) ## serve the sync server on this computer, on its embedded database
	$(PY) -m sync.server.cli serve

test: $(STAMP) ## every check of the fast gate
	@$(MAKE) --no-print-directory -j $(WORKERS) --output-sync=target lint types imports
	@$(MAKE) --no-print-directory unit

lint: $(STAMP) ## ruff: faults and layout
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .

types: $(STAMP) ## mypy, strict
	$(VENV)/bin/mypy

imports: $(STAMP) ## the arrows of the house
	$(VENV)/bin/lint-imports

# nothing that a test writes has to last, and waiting for a disk took a sixth of the time: written in memory where there is room
unit: export PYTEST_DEBUG_TEMPROOT ?= $(shell room=$$(df -k --output=avail /dev/shm 2>/dev/null | tail -1); \
  [ "$${room:-0}" -gt 2000000 ] && ! findmnt -no OPTIONS /dev/shm | grep -q noexec && echo /dev/shm)
unit: $(STAMP) ## all tests but the long ones
	$(PY) -m pytest -q -n $(WORKERS) --dist loadgroup -m "not bench and not soak and not matrix"

bench: $(STAMP) ## figures of speed, as ratios within this run
	@$(PY) -m pip install -q --disable-pip-version-check -r packaging/bench.txt || true
	$(PY) -m tests.benchmarks

soak: $(STAMP) ## the long runs
	$(PY) -m pytest -q -m soak --timeout 3600
	SOAK_EXAMPLES=$${SOAK_EXAMPLES:-500} $(PY) -m pytest -q -m "not soak" --timeout 3600 tests/sync/server/pushing

leaflets-check: $(STAMP) ## every topic, language, format, paper and colour (some 4,800 leaflets, about half an hour)
	$(PY) -m pytest -q -n $(WORKERS) --dist worksteal tests/leaflets

format: $(STAMP) ## lay the code out
	$(VENV)/bin/ruff check --fix .
	$(VENV)/bin/ruff format .

lock: ## work out the locked versions again (needs uv)
	uv pip compile pyproject.toml --extra server --group dev --universal --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --no-header --upgrade -o requirements.lock

clean: ## remove what was built
	rm -rf build .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
