#!/bin/sh
# Reference numbers of stratified designs; see strata.R.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
Rscript "$here/strata.R" "$here"
