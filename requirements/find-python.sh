#!/bin/sh
# Print the first Python among the candidates that can make an environment for this project;
# without candidates, try the usual names. Print help and fail when there is none.
#   sh requirements/find-python.sh [--below MINOR] [CANDIDATE ...]

below=99
if [ "$1" = --below ]; then below=$2; shift 2; fi
[ $# -gt 0 ] || set -- python3 python3.13 python3.12 python3.11 python3.14 python

probe="import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, $below))"
for candidate; do
  if command -v "$candidate" >/dev/null 2>&1 && "$candidate" -c "$probe" >/dev/null 2>&1; then
    command -v "$candidate"
    exit 0
  fi
done

cat >&2 <<HELP
No suitable Python found. Looked for: $*
Wanted: Python 3.11 or newer$([ "$below" = 99 ] || echo ", older than 3.$below") with the modules venv and ensurepip.
  Debian, Ubuntu:  apt-get install python3 python3-venv
  Fedora:          dnf install python3
  macOS:           brew install python
Or name one: make PYTHON=/path/to/python3 ...
HELP
exit 1
