#!/bin/sh
# Reference numbers of drawn data sets; see random_data.py and random_data.R. The data themselves
# are drawn anew by the tests, from the same seeds.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
python=${PYTHON:-"$here/../../.venv/bin/python"}
data=$(mktemp)
trap 'rm -f "$data"' EXIT
"$python" "$here/random_data.py" "$data" "${CASES:-120}"
Rscript "$here/random_data.R" "$data" "$here"
