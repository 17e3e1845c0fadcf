#!/bin/sh
# Reference numbers of banded answers; see bands.R.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
Rscript "$here/bands.R" "$here"
