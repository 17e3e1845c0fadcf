"""Run the calibrations and write what they find: ``python calibration/run.py [WORD ...]``.

Every ``calibration/calibrate_*.py`` has a function ``calibrate()`` that yields pairs of a name
and a table; each table goes to ``calibration/results/NAME.csv``. With words, only the
calibrations whose module name holds one of them run. Seeds are fixed: the same code writes the
same files.

``--samples N`` and ``--seed N`` try other samples, of those that take them (a line says which do
not); what they find is printed and written to no file.
"""

from __future__ import annotations

import argparse
import importlib
import inspect
import sys
from collections.abc import Sequence
from pathlib import Path

HERE = Path(__file__).resolve().parent
RESULTS = HERE / "results"
sys.path.insert(0, str(HERE))


def main(words: Sequence[str]) -> int:
    """Run what was asked for and return the exit code."""
    asked = _arguments(words)
    given = {name: getattr(asked, name) for name in ("samples", "seed")}
    given = {name: value for name, value in given.items() if value is not None}
    for path in sorted(HERE.glob("calibrate_*.py")):
        if asked.words and not any(word in path.stem for word in asked.words):
            continue
        calibrate = importlib.import_module(path.stem).calibrate
        if unknown := given.keys() - inspect.signature(calibrate).parameters.keys():
            print(f"{path.stem} has no {', '.join(sorted(unknown))}", file=sys.stderr)
            continue
        print(f"running {path.stem} ...", file=sys.stderr, flush=True)
        for name, table in calibrate(**given):
            if not given:
                RESULTS.mkdir(exist_ok=True)
                table.to_csv(RESULTS / f"{name}.csv", index=False, lineterminator="\n")
            print(f"\n{name}\n{table.to_string(index=False)}", flush=True)
    return 0


def _arguments(words: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Run the calibrations.")
    parser.add_argument("words", nargs="*", help="part of the name of a calibration")
    parser.add_argument("--samples", type=int, help="samples in place of the committed number")
    parser.add_argument("--seed", type=int, help="another seed than the committed one")
    return parser.parse_args(words)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
