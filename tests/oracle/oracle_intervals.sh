#!/bin/sh
# Reference numbers of regressions on intervals; see intervals.R.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
python=${PYTHON:-"$here/../../.venv/bin/python"}
"$python" "$here/intervals.py" "$here/intervals.csv"
Rscript "$here/intervals.R" "$here"
