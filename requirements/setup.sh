#!/bin/sh
# Make an environment, install a lock into it and then this package, and leave a stamp:
#   sh requirements/setup.sh ENVIRONMENT LOCK PYTHON
set -eu
environment=$1 lock=$2 python=$3
[ -n "$python" ] || exit 1  # find-python.sh has said why

say() { printf '%s\n' "$*"; }
rm -f "$environment/.ready"
if ! "$environment/bin/python" -m pip --version >/dev/null 2>&1; then
  say "Making $environment with $("$python" --version)"
  "$python" -m venv --clear "$environment"
fi

say "Installing $lock into $environment (about a minute the first time)"
"$environment/bin/python" -m pip install -qq --require-hashes -r "$lock"
"$environment/bin/python" -m pip install -qq --no-deps --no-build-isolation -e .
: >"$environment/.ready"
