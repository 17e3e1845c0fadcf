# Everything a person or CI does here. The first use of any target sets up what it needs:
# a virtual environment with the locked versions and this package, in .venv.
#
#   make report       the yearly job: read data/raw, write reports/
#   make test         every check there is
#   make help         the rest

SHELL := /bin/sh
VENV := .venv
LOWEST := .venv-lowest
PY := $(VENV)/bin/python
WORKERS ?= 2
FIND := sh requirements/find-python.sh
LOWEST_PYTHON := python3.11 python3.12 python3
CODE := src tests bench docs calibration notebooks

export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PIP_NO_INPUT := 1
export PYTHONUTF8 := 1
# One thread for each process: tests already run side by side, and sums come out the same. So they
# do with one kind of core: OpenBLAS adds in another order on newer ones, and fits then stop a
# hundred-millionth elsewhere than those on record.
one-thread := OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 MKL_NUM_THREADS=1 \
	OPENBLAS_CORETYPE=Haswell

.DEFAULT_GOAL := help
.PHONY: help report test setup lint typecheck docs reference tests test-lowest test-nightly \
	bench calibration oracle format lock clean distclean

help: ## show this list
	@sed -n 's/^\([a-z-]*\):.*## /\1|/p' Makefile | while IFS='|' read -r name what; do \
	  printf 'make %-14s %s\n' "$$name" "$$what"; done

report: setup ## the main job: read data/raw as survey.toml says, write reports/
	$(VENV)/bin/survey report --out reports

test: lint typecheck docs tests test-lowest ## every check, as CI runs them
	@echo "All checks passed."

lint: setup ## style and likely mistakes
	$(PY) -m ruff check $(wildcard $(CODE))
	$(PY) -m ruff format --check $(wildcard $(CODE))

typecheck: setup ## types, strictly
	$(PY) -m mypy
	$(PY) -m mypy docs/build.py $(wildcard bench/*.py)

docs: setup ## the documentation site, in build/site/html; fails on warnings and drifted pages
	$(PY) docs/build.py --check
	$(PY) docs/site.py

reference: setup ## write the generated reference anew
	$(PY) docs/build.py

tests: setup ## the test suite, on the locked versions
	$(one-thread) $(PY) -m pytest -n $(WORKERS) --dist worksteal

test-lowest: ## the test suite, on the lowest versions that pyproject.toml declares
	@if $(FIND) --below 13 $(LOWEST_PYTHON) >/dev/null 2>&1; then \
	  $(MAKE) --no-print-directory $(LOWEST)/.ready && \
	  HYPOTHESIS_PROFILE=quick $(one-thread) $(LOWEST)/bin/python -m pytest \
	    -n $(WORKERS) --dist worksteal -m "not browser and not office and not locked"; \
	else \
	  echo "test-lowest: left out; the lowest versions exist for Python 3.11 and 3.12 alone"; \
	fi

test-nightly: setup ## thousands of drawn cases and mutated files for each property; takes long
	HYPOTHESIS_PROFILE=nightly $(one-thread) $(PY) -m pytest -n $(WORKERS) --dist worksteal --nightly

bench: setup ## cost beside a reference, as ratios
	$(PY) bench/run.py

calibration: setup ## coverage of the intervals by simulation; takes long
	$(one-thread) $(PY) calibration/run.py

oracle: ## compute the reference numbers anew in R; needs R with its package 'survey'
	@command -v Rscript >/dev/null 2>&1 || { \
	  echo "oracle: needs R and its package 'survey'; try: apt-get install r-cran-survey" >&2; exit 1; }
	bash tests/oracle/regenerate.sh

format: setup ## put code into the house style
	$(PY) -m ruff check --fix $(wildcard $(CODE))
	$(PY) -m ruff format $(wildcard $(CODE))

lock: ## resolve the locks anew from pyproject.toml
	sh requirements/lock.sh

clean: ## remove what the tools left behind
	rm -rf .pytest_cache .mypy_cache .ruff_cache .hypothesis build dist
	find src tests bench docs calibration -name __pycache__ -type d -prune -exec rm -rf {} + 2>/dev/null || true

distclean: clean ## remove the environments, too
	rm -rf $(VENV) $(LOWEST) .venv-lock

setup: $(VENV)/.ready ## the environment alone

$(VENV)/.ready: requirements/locked.txt pyproject.toml requirements/setup.sh
	@sh requirements/setup.sh $(VENV) requirements/locked.txt $(or $(PYTHON),"$$($(FIND))")

$(LOWEST)/.ready: requirements/lowest.txt pyproject.toml requirements/setup.sh
	@sh requirements/setup.sh $(LOWEST) requirements/lowest.txt \
	  "$$($(FIND) --below 13 $(PYTHON) $(LOWEST_PYTHON))"
