#!/bin/sh
# Compute the reference numbers anew. Needs R with its package 'survey' (Debian: r-cran-survey)
# and Python with numpy and pandas; the tests themselves need neither R nor this script.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
python=${PYTHON:-"$here/../../.venv/bin/python"}
"$python" "$here/answers.py" "$here/answers.csv"
Rscript "$here/survey.R" "$here"
for script in "$here"/oracle_*.sh; do
  if [ -e "$script" ]; then sh "$script"; fi
done
