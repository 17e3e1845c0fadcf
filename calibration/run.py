"""Run the calibrations and write what they find: ``python calibration/run.py [WORD ...]``.

Every ``calibration/calibrate_*.py`` has a function ``calibrate()`` that yields pairs of a name
and a table; each table goes to ``calibration/results/NAME.csv``. With words, only the
calibrations whose module name holds one of them run. Seeds are fixed: the same code writes the
same files.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Sequence
from pathlib import Path

HERE = Path(__file__).resolve().parent
RESULTS = HERE / "results"
sys.path.insert(0, str(HERE))


def main(words: Sequence[str]) -> int:
    """Run what was asked for and return the exit code."""
    RESULTS.mkdir(exist_ok=True)
    for path in sorted(HERE.glob("calibrate_*.py")):
        if words and not any(word in path.stem for word in words):
            continue
        print(f"running {path.stem} ...", file=sys.stderr, flush=True)
        for name, table in importlib.import_module(path.stem).calibrate():
            table.to_csv(RESULTS / f"{name}.csv", index=False, lineterminator="\n")
            print(f"\n{name}\n{table.to_string(index=False)}", flush=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
