# What a person or a machine does with the project. `make help` lists it.
# Needed beforehand: Python 3.11 or later, git and make.

PORT ?= 8000
PYTHON ?= python3
JOBS ?= $(shell getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2)
ARGS ?=

BIN := .venv/bin
UV := .tools/uv/bin/uv
# Never another Python than the one found here; trust the certificates that the machine trusts.
UV_ENV := UV_PROJECT_ENVIRONMENT=.venv UV_PYTHON_DOWNLOADS=never UV_NO_PROGRESS=1 UV_SYSTEM_CERTS=1
SYNC := env -u VIRTUAL_ENV $(UV_ENV) $(UV) sync --quiet --locked --inexact --compile-bytecode

# The languages of the United Nations beside English, which the texts are written in.
TRANSLATED := fr es ar ru zh
CATALOGUES := $(wildcard directory/web/translations/*/LC_MESSAGES/messages.po)
COMPILED := $(CATALOGUES:.po=.mo)

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help run directory setup setup-test system-packages check format test messages catalogues pictures bench lock wheel clean

help: ## list these commands
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 18

run: setup catalogues ## set up, migrate, seed and serve on http://127.0.0.1:$PORT; run again, it keeps the data
	@PORT=$(PORT) $(BIN)/directory run-local

directory: setup catalogues ## the directory command: make directory ARGS="doctor"
	@$(BIN)/directory $(ARGS)

setup: .venv/.runtime

setup-test: system-packages .venv/.development

test: setup-test catalogues ## set up with the test tools, check the code, run every test; names what it could not run
	@$(MAKE) --no-print-directory check
	@$(BIN)/python -m tests.run_suite --jobs $(JOBS)

check: .venv/.development ## lint, format, types, security, templates, dependencies
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/bandit --quiet --configfile pyproject.toml --recursive directory
	$(BIN)/djlint --quiet --lint directory/web
	$(BIN)/deptry .

format: .venv/.development ## put the code in the house's format
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

catalogues: $(COMPILED)

# Babel belongs to the runtime, so that a first run speaks every language.
%.mo: %.po
	@$(BIN)/pybabel --quiet compile --input-file $< --output-file $@

messages: .venv/.development ## collect the texts to translate and bring every catalogue up to them
	@mkdir -p .cache
	@$(BIN)/pybabel --quiet extract --mapping-file directory/web/translations/babel.cfg \
		--keyword N_ --keyword lazy_gettext --no-location --no-wrap --sort-output \
		--output-file .cache/messages.pot directory
	@for language in $(TRANSLATED); do \
		$(BIN)/pybabel --quiet update --input-file .cache/messages.pot --no-wrap --init-missing \
			--output-dir directory/web/translations --locale $$language \
			--no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date; \
	done

pictures: .venv/.development catalogues ## take the pictures of README and manuals; ARGS="--gallery FOLDER" takes the main pages in three languages
	@$(BIN)/python -m tools.pictures $(ARGS)

bench: .venv/.development catalogues ## measure speed on synthetic entries; ARGS are the bench's own
	@$(subst UV_PROJECT_ENVIRONMENT=.venv,UV_PROJECT_ENVIRONMENT=.cache/installed,$(SYNC)) --python $(PYTHON)
	@$(BIN)/python -m bench --program .cache/installed/bin/directory $(ARGS)

wheel: .venv/.development catalogues ## build the wheel into dist/
	$(BIN)/python -m hatchling build --target wheel

lock: $(UV) ## bring uv.lock and the pinned uv up to pyproject.toml
	@$(UV_ENV) $(UV) lock --no-config
	@$(UV_ENV) $(UV) export --quiet --locked --no-config --only-group uv --no-header --output-file .ci/uv.txt

clean: ## remove what make built; keeps instance/, the data of a local run
	rm -rf .venv .tools .cache dist .hypothesis
	find . -name __pycache__ -type d -not -path './instance/*' -prune -exec rm -rf {} +

system-packages:
	@bash .ci/system-packages

# uv comes from the package registry through pip, by hash, into a place of its own.
$(UV): .ci/uv.txt
	@bash .ci/new-venv $(PYTHON) .tools/uv
	@.tools/uv/bin/python -m pip install -qq --disable-pip-version-check --require-hashes -r .ci/uv.txt
	@touch $(UV)

.venv/.runtime: uv.lock pyproject.toml $(UV)
	@echo "Installing the locked dependencies"
	@$(SYNC) --python $(PYTHON)
	@touch $@

.venv/.development: uv.lock pyproject.toml $(UV)
	@echo "Installing the locked dependencies and the test tools"
	@$(SYNC) --python $(PYTHON) --group dev
	@touch $@ .venv/.runtime
