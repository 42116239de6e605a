# Order Desk: what a developer or CI does here. `make` alone lists it.
# A machine needs Python 3.12 or newer and make (GNU, 3.81 or newer). The rest comes, locked, into .venv.

.DEFAULT_GOAL := help
.NOTPARALLEL:  # Two installs into one environment would meet.

VENV := .venv
PY := $(VENV)/bin/python
MANAGE := $(PY) backend/manage.py
SAY := @printf '%s\n'

# A setting counts in this order: the command line or environment of make, .env, the default.
# A line of .env is read as config/environment.py reads it: `export`, spaces and a comment may stand around the value.
hash := \#
dotenv = $(shell sed -n 's/^[[:space:]]*\(export[[:space:]]\{1,\}\)*$(1)[[:space:]]*=//p' .env 2>/dev/null | tail -n 1 | \
    sed 's/[[:space:]]$(hash).*//; s/^[[:space:]]*//; s/[[:space:]]*$$//' | tr -d "\"'\r")
setting = $(or $($(1)),$(call dotenv,$(1)),$(2))

# DB chooses the database; tests never take theirs from .env, which may name a database that matters.
ifneq ($(filter-out sqlite mysql postgresql $(if $(filter fire bench,$(MAKECMDGOALS)),mariadb)$(if $(filter fire,$(MAKECMDGOALS)), galera all),$(DB)),)
$(error DB must be sqlite, mysql (MariaDB too) or postgresql (of bench also mariadb, of fire mariadb, galera, all), not "$(DB)")
endif
serve_db := $(or $(DB),$(call setting,DB_ENGINE,sqlite))
test_db := $(or $(DB),$(DB_ENGINE),sqlite)
driver = $(if $(filter mysql postgresql,$(1)),$(VENV)/.$(1)-stamp)

# Off, DEBUG asks for a SECRET_KEY and makes no demo accounts.
debug := $(call setting,DEBUG,true)
debugging := $(filter true on yes y ok 1,$(shell printf '%s' '$(debug)' | tr A-Z a-z))
port := $(call setting,PORT,8000)

.PHONY: help
help: ## Show this list
	$(SAY) 'usage: make TARGET [VARIABLE=value…]' ''
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
	$(SAY) '' \
	    'DB=sqlite|mysql|postgresql (mysql: MariaDB too) goes with run, migrate, demo, import and test; the address is' \
	    'DB_HOST, DB_PORT, DB_USER, DB_PASSWORD, DB_NAME. Every other setting stands in .env.example.' '' \
	    '  make run PORT=9000                    make test DB=postgresql ARGS="-k stock"' \
	    '  make import DATA=../olist ARGS=--dry-run'

# --- serve ------------------------------------------------------------------------------------------------------

run migrate demo import: export DB_ENGINE := $(serve_db)
run migrate demo import: export DEBUG := $(debug)
run: export PORT := $(port)

.PHONY: run
run: $(VENV)/.base-stamp $(call driver,$(serve_db)) ## Build the interface, migrate, load the demo data once, serve (PORT=8000)
	@if $(has_node); then $(MAKE) --quiet --no-print-directory web || echo 'The interface could not be built (see above).'; \
	elif [ ! -e frontend/dist/index.html ]; then echo 'Serving without the interface, which needs $(get_node)'; fi
	@$(MANAGE) migrate --no-input --verbosity 0
ifneq ($(debugging),)
	@$(MANAGE) load_demo
else
	@$(MANAGE) collectstatic --no-input --verbosity 0
endif
	$(SAY) '' \
	    '  Desk     http://localhost:$(port)' \
	    '  API      http://localhost:$(port)/api/v1' \
	    '  Docs     http://localhost:$(port)/docs   (also /redoc and /api/schema)' \
	    '  Admin    http://localhost:$(port)/admin' \
	    '  Health   http://localhost:$(port)/health' ''
	@exec $(PY) -m gunicorn --config backend/config/gunicorn.py --chdir backend config.wsgi:application

.PHONY: migrate
migrate: $(VENV)/.base-stamp $(call driver,$(serve_db)) ## Bring the database up to date
	@$(MANAGE) migrate --no-input $(ARGS)

.PHONY: demo
demo: $(VENV)/.base-stamp $(call driver,$(serve_db)) ## Load the demo data and accounts (once; needs DEBUG)
	@$(MANAGE) load_demo $(ARGS)

.PHONY: import
import: $(VENV)/.base-stamp $(call driver,$(serve_db)) ## Bring in Olist-format CSV files (DATA=folder, ARGS=--dry-run)
	@[ -d "$(DATA)" ] || { echo 'No folder "$(DATA)". Say where the CSV files are: make import DATA=path/to/olist' >&2; exit 2; }
	@$(MANAGE) migrate --no-input --verbosity 0
	@$(MANAGE) import_olist "$(DATA)" $(ARGS)

# --- the support interface --------------------------------------------------------------------------------------

newer = process.versions.node.localeCompare("20.19", "en", { numeric: true }) >= 0
has_node = node -e 'process.exit($(newer) ? 0 : 1)' 2>/dev/null && command -v npm >/dev/null
get_node := Node.js 20.19 or newer with npm: from nodejs.org, or apt install nodejs npm
web_sources := $(wildcard frontend/package.json frontend/*.ts frontend/*.js frontend/*.cjs frontend/index.html) \
    $(shell find frontend/src frontend/public -type f ! -name '*.test.*' 2>/dev/null)

.PHONY: web
web: frontend/dist/.stamp ## Build the interface, if it has changed (Node.js 20.19 or newer)

.PHONY: web-dev
web-dev: frontend/node_modules/.stamp ## Serve the interface with reloads at :5173, its API from make run (API_URL=…)
	@cd frontend && API_URL='$(or $(API_URL),http://127.0.0.1:$(port))' npm run --silent dev

# Without the postinstall scripts: nothing here needs one.
frontend/node_modules/.stamp: frontend/package-lock.json
	@$(has_node) || { echo 'The interface needs $(get_node)' >&2; exit 1; }
	$(SAY) 'Installing what the interface is built with…'
	@cd frontend && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

# Compressed once here, and not for each who asks.
frontend/dist/.stamp: frontend/node_modules/.stamp $(web_sources) $(VENV)/.base-stamp
	$(SAY) 'Building the interface…'
	@cd frontend && npm run --silent build -- --logLevel warn
	@$(PY) -m whitenoise.compress --quiet frontend/dist
	@touch $@

# A client like any other: it needs no environment.
.PHONY: smoke
smoke: ## Walk an order's whole way on a running server (BASE_URL=http://localhost:8000)
	@DEMO_PASSWORD='$(call setting,DEMO_PASSWORD,demo-password)' $(or $(PYTHON),python3) scripts/smoke.py \
	    $(or $(BASE_URL),http://localhost:$(port)) $(ARGS)

# --- check ------------------------------------------------------------------------------------------------------

# Reading the code needs settings, but no database of anybody's.
format-check lint types arrows drift messages schema: export DB_ENGINE := sqlite
format-check lint types arrows drift messages schema: export DB_NAME := :memory:
test format-check lint types arrows drift messages schema: export DEBUG := true
test: export DB_ENGINE := $(test_db)

server_mysql = DB_HOST="$${DB_HOST-127.0.0.1}" DB_PORT="$${DB_PORT-3306}" DB_USER="$${DB_USER-root}" \
    DB_PASSWORD="$${DB_PASSWORD-}" DB_NAME="$${DB_NAME-order_desk}"
server_postgresql = DB_HOST="$${DB_HOST-127.0.0.1}" DB_PORT="$${DB_PORT-5432}" DB_USER="$${DB_USER-postgres}" \
    DB_PASSWORD="$${DB_PASSWORD-}" DB_NAME="$${DB_NAME-order_desk}"

.PHONY: test
test: $(VENV)/.dev-stamp $(call driver,$(test_db)) ## Run the whole suite, in parallel and random order (DB=sqlite, ARGS="-k stock")
	@$(server_$(test_db)) $(PY) -m pytest -n $${TEST_WORKERS:-auto} $(ARGS)

# It starts servers of its own, from the programs installed here; one without its driver is skipped, and said so.
fire_drivers = $(if $(filter-out all,$(DB)),$(patsubst galera,mysql,$(patsubst mariadb,mysql,$(filter-out sqlite,$(DB)))),mysql postgresql)

.PHONY: fire
fire: $(VENV)/.dev-stamp ## Kill, hang and starve it under load, then audit (short; DB=all, DB=mariadb SCENARIO=twins)
	@for driver in $(fire_drivers); do $(MAKE) --quiet --no-print-directory DB= $(VENV)/.$$driver-stamp || true; done
	@$(PY) -m tests.fire $(ARGS)

.PHONY: guards
guards: $(VENV)/.dev-stamp $(VENV)/.mysql-stamp ## Remove each lock, key and check once, in a scratch copy (or ARGS=name…): what notices?
	@$(PY) -m tests.fire.guards $(ARGS)

bench_driver = $(if $(filter-out sqlite,$(or $(DB),mariadb)),$(VENV)/.$(patsubst mariadb,mysql,$(or $(DB),mariadb))-stamp)

# What draws the chart is not needed for anything else: without it there is none.
.PHONY: bench
bench: $(VENV)/.dev-stamp $(bench_driver) ## Measure it against the bare driver (DB=mariadb WORK=create,hot CLIENTS=8)
	@$(MAKE) --quiet --no-print-directory DB= $(VENV)/.bench-stamp || true
	@$(PY) -m bench $(ARGS)

.PHONY: check
check: static test ## All that CI asks: static, then test

.PHONY: static
static: format-check lint types arrows drift ## All of check that needs no running code

.PHONY: format
format: $(VENV)/.dev-stamp ## Rewrite the code in its one format, and fix what lint can fix
	@$(PY) -m ruff format
	@$(PY) -m ruff check --fix

.PHONY: format-check
format-check: $(VENV)/.dev-stamp
	@$(PY) -m ruff format --check

.PHONY: lint
lint: $(VENV)/.dev-stamp ## Look for mistakes (ruff)
	@$(PY) -m ruff check

.PHONY: types
types: $(VENV)/.dev-stamp ## Check the types (mypy)
	@PYTHONPATH=backend $(PY) -m mypy

.PHONY: arrows
arrows: $(VENV)/.dev-stamp ## Check who may import whom (import-linter)
	@PYTHONPATH=backend $(PY) $(VENV)/bin/lint-imports --no-logo

.PHONY: drift
drift: $(VENV)/.dev-stamp ## Check that no model has changed without its migration
	@$(MANAGE) makemigrations --check --dry-run

# --- write ------------------------------------------------------------------------------------------------------

compile = $(PY) -m uv pip compile --no-config --quiet --universal --python-version 3.12 --generate-hashes \
    --no-header --annotation-style line $(ARGS)
extra = import sys, tomllib; project = tomllib.load(open("pyproject.toml", "rb"))["project"]; \
    print(*project["optional-dependencies"][sys.argv[1]], sep="\n")

# The widest set is resolved first and the others must agree with it, so that any of them install side by side.
# build.txt is what compiles mysqlclient in the image.
.PHONY: lock
lock: $(VENV)/.dev-stamp ## Write requirements/ from pyproject.toml (ARGS=--upgrade for newer versions)
	@$(compile) --extra dev -o requirements/dev.txt pyproject.toml
	@$(compile) -c requirements/dev.txt -o requirements/base.txt pyproject.toml
	@for part in mysql postgresql bench; do \
	    $(PY) -c '$(extra)' $$part > $(VENV)/part.in && \
	    $(compile) -c requirements/dev.txt --no-annotate -o requirements/$$part.txt $(VENV)/part.in || exit 1; \
	done
	@echo 'setuptools>=80' | $(compile) --no-annotate -o requirements/build.txt -

catalogue := backend/locale/pt_BR/LC_MESSAGES/django
babel = $(PY) -m babel.messages.frontend --quiet
keywords := gettext gettext_lazy gettext_noop ngettext:1,2 ngettext_lazy:1,2 pgettext:1c,2 pgettext_lazy:1c,2 _

# No line numbers and no dates: a diff of the catalogue shows what changed in the texts, nothing else.
.PHONY: messages
messages: $(VENV)/.dev-stamp ## Collect the texts into the Portuguese catalogue, and compile it
	@mkdir -p $(dir $(catalogue))
	@$(babel) extract --no-location --sort-output --width 120 --no-default-keywords $(addprefix -k ,$(keywords)) \
	    --project 'Order Desk' --copyright-holder 'the Order Desk authors' -o $(VENV)/messages.pot backend
	@if [ -e $(catalogue).po ]; then \
	    $(babel) update --width 120 --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date \
	        -i $(VENV)/messages.pot -l pt_BR -o $(catalogue).po; \
	else \
	    $(babel) init --width 120 -i $(VENV)/messages.pot -l pt_BR -o $(catalogue).po; \
	fi
	@$(babel) compile -i $(catalogue).po -l pt_BR -o $(catalogue).mo

.PHONY: schema
schema: $(VENV)/.dev-stamp ## Write docs/openapi.yaml from the code
	@mkdir -p docs
	@$(MANAGE) spectacular --lang en --file docs/openapi.yaml --validate --fail-on-warn

.PHONY: clean
clean: ## Remove the environment, every cache and what was built (figures of the benchmark, too), but no data
	@rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis .schemathesis \
	    build *.egg-info backend/staticfiles
	@find backend bench tests -name __pycache__ -type d -prune -exec rm -rf {} + 2>/dev/null || true

# --- the environment --------------------------------------------------------------------------------------------

# It is made once, and each part is installed again only when its lock has changed. The programs in it run as
# modules of $(PY), so that neither a moved checkout nor a space in its path matters.
install = $(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r

# An environment whose Python has gone (an upgrade took it away) is made again.
$(shell [ -x $(PY) ] || rm -f $(VENV)/.made $(VENV)/.*-stamp)

# A name on PATH is no promise (pyenv's shims fail for a version that is not chosen), so each is tried out.
$(VENV)/.made:
	@found=; \
	for python in $(or $(PYTHON),python3.12 python3.13 python3); do \
	    "$$python" -c 'import sys; sys.exit(sys.version_info < (3, 12))' 2>/dev/null && found=$$python && break; \
	done; \
	if [ -z "$$found" ]; then \
	    echo 'Order Desk needs Python 3.12 or newer, and found none as: $(or $(PYTHON),python3.12 python3.13 python3).' >&2; \
	    echo 'Install one, or say where it is: make PYTHON=/path/to/python3.12 …' >&2; exit 1; \
	fi; \
	echo "Making $(VENV) with $$("$$found" --version)…"; \
	"$$found" -m venv --clear $(VENV) || { \
	    rm -rf $(VENV); \
	    echo 'Python could not make an environment. On Debian and Ubuntu: apt install python3-venv' >&2; exit 1; \
	}
	@touch $@

$(VENV)/.base-stamp: requirements/base.txt $(VENV)/.made
	$(SAY) 'Installing what the application needs…'
	@$(install) requirements/base.txt
	@touch $@

$(VENV)/.dev-stamp: requirements/dev.txt requirements/base.txt $(VENV)/.made
	$(SAY) 'Installing the application and the developer tools…'
	@$(install) requirements/dev.txt
	@touch $(VENV)/.base-stamp $@

$(VENV)/.mysql-stamp: requirements/mysql.txt $(VENV)/.made
	$(SAY) 'Installing the driver for MySQL and MariaDB…'
	@$(install) requirements/mysql.txt || { \
	    echo 'mysqlclient is compiled here: it needs a C compiler, pkg-config and the headers of the client library.' >&2; \
	    echo '  Debian, Ubuntu: apt install gcc pkg-config python3-dev default-libmysqlclient-dev' >&2; \
	    echo '  Fedora:         dnf install gcc pkgconf python3-devel mariadb-connector-c-devel' >&2; \
	    echo '  macOS:          brew install pkg-config mysql-client' >&2; exit 1; \
	}
	@touch $@

$(VENV)/.postgresql-stamp: requirements/postgresql.txt $(VENV)/.made
	$(SAY) 'Installing the driver for PostgreSQL…'
	@$(install) requirements/postgresql.txt
	@touch $@

$(VENV)/.bench-stamp: requirements/bench.txt $(VENV)/.made
	$(SAY) 'Installing what draws the chart…'
	@$(install) requirements/bench.txt
	@touch $@
