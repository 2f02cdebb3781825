# make run    simulate the historical campaign, compare it with the record, write a report
# make test   lint, types, tests
# make slow   the tests that take minutes
# make lint   style, formatting, types, who may import whom
# make docs   the documentation site, into docs/_build; its links checked, its tutorials run
# make docs-renew  what the pages show of commands, made anew
# make browser  a Chromium for the tests of the dashboard, where apt-get is
# make bench  speed, beside the peers
# make lock   resolve requirements.lock anew
# make clean  remove what make made (outputs/ stays)
#
# Each sets up .venv from requirements.lock first, with Python 3.11, 3.12 or 3.13.
# To choose the interpreter: make run PYTHON=/path/to/python3.12

VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.rungs-installed
PYTHON ?=

# Exits 0 in a supported interpreter that can make environments.
FITS := import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))
# Exits 0 in an environment of a supported interpreter.
FITS_VENV := import sys; sys.exit(sys.prefix == sys.base_prefix or not (3, 11) <= sys.version_info[:2] <= (3, 13))
PIP := $(BIN)/python -m pip --disable-pip-version-check

.DEFAULT_GOAL := run
.DELETE_ON_ERROR:
.PHONY: run test slow lint docs docs-renew browser bench lock clean

run: $(STAMP)
	$(BIN)/rungs compare scenario=historical replications=200

test: lint
	$(BIN)/python -m pytest -n 2 -m "not slow"

# pytest's status 5 says that no test is marked slow: nothing failed.
slow: $(STAMP)
	$(BIN)/python -m pytest -n 2 -m slow --timeout 3600 || { s=$$?; [ $$s -eq 5 ] || exit $$s; }

lint: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# Every page is read anew, because what it shows may come from code that has changed.
docs: $(STAMP)
	$(BIN)/python -m sphinx --quiet --fail-on-warning --keep-going --fresh-env --nitpicky \
	  -d docs/_build/trees docs docs/_build/html
	@echo "The site: docs/_build/html/index.html"

docs-renew: $(STAMP)
	for page in assumptions:ledger systems:systems identifiability:identifiability \
	  backtest:backtested stress_des:reports.stress; do \
	  $(BIN)/python -m sim.show.$${page#*:} > docs/$${page%:*}.md || exit 1; \
	done
	$(BIN)/python -m sim.show.studies > docs/studies.md
	$(BIN)/python -m sim.show.showcase
	RUNGS_RENEW_DOCS=1 $(BIN)/python -m pytest tests/docs/test_commands.py \
	  -m "slow or not slow" --timeout 3600

browser:
	$(if $(filter 0,$(shell id -u)),,sudo) apt-get update
	$(if $(filter 0,$(shell id -u)),,sudo) env DEBIAN_FRONTEND=noninteractive \
	  apt-get install -y --no-install-recommends chromium fonts-liberation

bench: $(STAMP)
	$(BIN)/python -m benchmarks.speed

# An environment that is already there and fits (made by hand, or left by an install that
# was interrupted) is kept and brought to the locked versions; one that doesn't is replaced.
$(STAMP): requirements.lock pyproject.toml
	@if $(BIN)/python -c '$(FITS_VENV)' >/dev/null 2>&1; then \
	  echo "Using the $(VENV) that is here."; \
	  $(BIN)/python -m pip --version >/dev/null 2>&1 || $(BIN)/python -m ensurepip; \
	else \
	  chosen=; \
	  for p in $(if $(PYTHON),"$(PYTHON)") python3.11 python3.12 python3.13 python3; do \
	    if "$$p" -c '$(FITS)' >/dev/null 2>&1; then chosen=$$p; break; fi; \
	    [ "$$p" != "$(PYTHON)" ] || echo "$$p won't do; looking for another." >&2; \
	  done; \
	  if [ -z "$$chosen" ]; then \
	    echo "Rungs needs Python 3.11, 3.12 or 3.13 with venv, and found none of them:" >&2; \
	    echo "install one (on Debian and Ubuntu: python3 and python3-venv)," >&2; \
	    echo "or say where it is: make run PYTHON=/path/to/python3.12" >&2; \
	    exit 1; \
	  fi; \
	  [ ! -e $(VENV) ] || echo "Replacing $(VENV): it has no working Python 3.11-3.13."; \
	  echo "Making $(VENV) with $$("$$chosen" --version)."; \
	  "$$chosen" -m venv --clear $(VENV); \
	fi
	@echo "Installing what requirements.lock names (a minute or so)."
	@$(PIP) install --quiet --require-hashes -r requirements.lock
	@$(PIP) install --quiet --no-deps --no-build-isolation -e .
	@touch $@

# One lock for all three Pythons, each package in as few versions as can be, by hash, with
# no address in it. Versions that still resolve are kept: to renew all, make lock UPGRADE=--upgrade
UPGRADE ?=
lock: $(STAMP)
	@tmp=$$(mktemp -d) && trap 'rm -rf "$$tmp"' EXIT && \
	$(BIN)/python -m venv "$$tmp/uv" && \
	"$$tmp/uv/bin/python" -m pip --disable-pip-version-check install --quiet uv && \
	"$$tmp/uv/bin/uv" pip compile pyproject.toml --quiet --extra test \
	  --universal --python-version 3.11 --fork-strategy fewest --no-python-downloads \
	  --generate-hashes --no-emit-index-url --no-annotate --custom-compile-command "make lock" \
	  $(UPGRADE) --output-file requirements.lock

clean:
	rm -rf $(VENV) build dist docs/_build *.egg-info .pytest_cache .mypy_cache .ruff_cache \
	  .import_linter_cache .hypothesis
	find sim calibration tests benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +
