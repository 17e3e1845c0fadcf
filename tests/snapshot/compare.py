"""List what differs between two snapshots: ``python -m tests.snapshot.compare BEFORE AFTER``.

Closed forms must agree to 1e-9, what an iterative fit gives to 1e-6, both relative to the
larger of 1 and the number. Texts (titles, notes) are listed but do not fail. Ends with status
1 where a number, an answer, a status or a cleaned column differs; columns and tables that are
only in AFTER are listed as new.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

CLOSED, FITTED = 1e-9, 1e-6
FITS = frozenset({"total", "ratio", "decompose_change", "association", "compare", "distribution"})


def main(before: Path, after: Path) -> int:
    """Print the differences; return 1 where a number differs."""
    old = {path.name: path for path in sorted(before.glob("*.json"))}
    new = {path.name: path for path in sorted(after.glob("*.json"))}
    failures = [f"{name}: gone" for name in old if name not in new]
    for name in old.keys() & new.keys():
        first, second = (json.loads(path.read_text("utf-8")) for path in (old[name], new[name]))
        if name == "cleaned.json":
            failures += [f"cleaned {each}" for each in changed_digests(first, second)]
        else:
            failures += [f"{name}: {each}" for each in changed_columns(first, second)]
            report_texts(name, first, second)
    for name in sorted(new.keys() - old.keys()):
        print(f"new table: {name}")
    for line in sorted(failures):
        print(f"DIFFERS {line}")
    print(f"{len(old)} tables compared, {len(failures)} differences")
    return int(bool(failures))


def changed_digests(old: dict[str, str], new: dict[str, str]) -> Iterator[str]:
    for name, digest in old.items():
        if name not in new:
            yield f"{name}: gone"
        elif new[name] != digest:
            yield f"{name}: other values"
    for name in new.keys() - old.keys():
        print(f"new column: {name}")


def changed_columns(old: dict[str, Any], new: dict[str, Any]) -> Iterator[str]:
    """Yield one line for each column that differs."""
    tolerance = FITTED if old["statistic"] in FITS else CLOSED
    for name, values in old["columns"].items():
        others = new["columns"].get(name)
        if others is None:
            yield f"column {name!r} gone"
        elif len(others) != len(values):
            yield f"{len(values)} rows before, {len(others)} after"
            return
        else:
            apart = [
                (place, pair)
                for place, pair in enumerate(zip(values, others, strict=True))
                if not alike(*pair, tolerance)
            ]
            if apart:
                place, (first, second) = apart[0]
                yield f"column {name!r}, {len(apart)} rows; row {place}: {first!r} -> {second!r}"


def alike(first: object, second: object, tolerance: float) -> bool:
    if isinstance(first, float) and isinstance(second, int | float):
        return abs(first - second) <= tolerance * max(1.0, abs(first))
    return first == second


def report_texts(name: str, old: dict[str, Any], new: dict[str, Any]) -> None:
    if old["title"] != new["title"]:
        print(f"title of {name}: {old['title']!r} -> {new['title']!r}")
    if set(old["notes"]) != set(new["notes"]):
        print(f"notes of {name} differ")


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2])))
