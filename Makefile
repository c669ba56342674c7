# make run    installs and starts everything on this machine: no service to install
# make test   the tests that need no browser and no service
# make check  everything that is proven without running the software (what CI runs first)

PORT ?= 8000
HOST ?= 127.0.0.1
BIN := .venv/bin
PYTEST ?= $(BIN)/pytest
# One process for each core; worksteal because a few tests start servers and take long.
PARALLEL ?= --numprocesses auto --maxprocesses 8 --dist worksteal

.PHONY: help run test browser faults bench check lint fmt lock clean

help:
	@sed -n 's/^# make/make/p' Makefile
	@echo "make fmt    formats; make lock: new versions; make browser, faults, bench: see CONTRIBUTING.md"

# The first Python that is new enough and can make environments.
.venv/bin/python:
	@for python in "$(PYTHON)" python3.11 python3.12 python3.13 python3 python; do \
	    test -n "$$python" && "$$python" -c 'import sys, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || continue; \
	    echo "Making .venv with $$("$$python" -V)"; \
	    "$$python" -m venv .venv && exit 0; \
	done; \
	echo "Python 3.11 or newer with the venv module was not found. On Debian: apt-get install python3-venv" >&2; exit 1

.venv/run.done: requirements.lock | .venv/bin/python
	@echo "Installing what the software needs"
	@# Without compiling all of it beforehand: Python compiles what it uses, and the first page comes sooner.
	@$(BIN)/python -m pip install --quiet --quiet --disable-pip-version-check --no-compile --require-hashes -r requirements.lock
	@touch $@

.venv/dev.done: requirements.txt requirements-dev.txt constraints.txt | .venv/bin/python
	@echo "Installing what the software and its tests need"
	@$(BIN)/python -m pip install --quiet --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@

# On a new, empty database DEMO=1 loads the demo data and DEMO=0 leaves it empty;
# otherwise you are asked, and where nobody can answer the demo data is loaded.
run: .venv/run.done
	@demo=--ask-demo; \
	case "$(DEMO)" in 1|yes|true) demo=--demo ;; 0|no|false) demo= ;; *) test -t 0 || demo=--demo ;; esac; \
	exec $(BIN)/python manage.py serve $(HOST):$(PORT) $$demo

test: .venv/dev.done
	@$(PYTEST) --quiet $(PARALLEL) $(PYTEST_ARGS)

browser: .venv/dev.done
	@$(PYTEST) --quiet -m browser $(PARALLEL) $(PYTEST_ARGS)

faults: .venv/dev.done
	@$(PYTEST) -m faults -s tests/faults $(PYTEST_ARGS)

bench: .venv/dev.done
	@$(BIN)/python benchmarks/run.py $(BENCH_ARGS)

fmt: .venv/dev.done
	@$(BIN)/ruff check --fix --quiet . || true
	@$(BIN)/ruff format .

lint: .venv/dev.done
	@echo "ruff";  $(BIN)/ruff format --check . && $(BIN)/ruff check .
	@echo "djlint"; $(BIN)/djlint --lint --quiet templates
	@echo "layers"; $(BIN)/lint-imports --no-logo

# Any settings will do for the first command; the second looks at them as production would have them.
check: lint
	@echo "migrations"; DATA_DIR=$$(mktemp -d) SECRET_KEY=check $(BIN)/python manage.py makemigrations --check --dry-run
	@echo "deployment"; set -a; . ./.ci/production.env; DATA_DIR=$$(mktemp -d) $(BIN)/python manage.py check --deploy --fail-level WARNING

lock: .venv/dev.done
	@bin/lock $(LOCK_ARGS)

clean:
	rm -rf .venv .pytest_cache .ruff_cache .import_linter_cache .hypothesis htmlcov .coverage test-results
