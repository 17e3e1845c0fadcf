#!/bin/sh
# Resolve both locks anew: all of pyproject.toml's needs at their newest, and at their lowest.
#   sh requirements/lock.sh [--upgrade]     (without it, versions already locked stay)
set -eu
cd "$(dirname "$0")/.."

if ! [ -x .venv-lock/bin/uv ]; then
  "$(sh requirements/find-python.sh)" -m venv --clear .venv-lock
  .venv-lock/bin/python -m pip install -qq 'uv==0.13.*'
fi

compile() {
  .venv-lock/bin/uv pip compile pyproject.toml requirements/build.in --quiet \
    --python-version 3.11 --universal --fork-strategy fewest --generate-hashes \
    --no-header --no-emit-index-url --no-emit-find-links "$@"
}

compile --extra test --extra docs --extra dev --output-file requirements/locked.txt "$@"
compile --extra test --resolution lowest-direct --output-file requirements/lowest.txt "$@"
