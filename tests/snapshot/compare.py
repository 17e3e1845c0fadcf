"""List what differs between two snapshots: ``python -m tests.snapshot.compare BEFORE AFTER``.

Closed forms must agree to 1e-9, what an iterative fit gives to 1e-6, both relative to the
larger of 1 and the number. Tables are found by their names, columns and statistics that were
renamed by their new ones, rows by their groups and answers. Texts (titles, notes) do not count.
Ends with status 1 where a number, an answer, a status or a cleaned column differs. With
``--statistics``: one line for each statistic and column instead, with how many values differ.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from survey.renamed import COLUMNS, NAMES

CLOSED, FITTED = 1e-9, 1e-6
FITS = frozenset({"total", "ratio", "decompose_change", "association", "compare", "distribution"})
STATISTICS = {**NAMES["survey.estimates"], "change": "compare"}
Snapshot = dict[str, dict[str, Any]]
Rows = dict[tuple[object, ...], dict[str, object]]


class Difference(NamedTuple):
    """One value that is another one, or a row or column that only one side has."""

    table: str
    statistic: str
    column: str
    row: tuple[object, ...]
    before: object
    after: object

    def __str__(self) -> str:
        where = ", ".join(str(each) for each in self.row)
        return f"{self.table} ({where}) {self.column}: {self.before!r} -> {self.after!r}"


def main(before: Path, after: Path, *, statistics: bool) -> int:
    """Print the differences; return 1 where a number differs."""
    old, new = tables(before), tables(after)
    cleaned = list(changed_digests(old.pop("cleaned"), new.pop("cleaned")))
    shared = [name for name in old if name in new]
    found = [each for name in shared for each in differences(name, old[name], new[name])]
    print(*(cleaned or ["cleaned columns: no differences"]), sep="\n")
    print("gone tables:", *sorted(set(old) - set(new)))
    print("new tables:", *sorted(set(new) - set(old)))
    if statistics:
        values = {name: compared(old[name], new[name]) for name in shared}
        print(*summary(found, values, old), sep="\n")
    else:
        print(*found, sep="\n")
    print(f"{len(shared)} tables compared, {len(found)} values differ")
    return int(bool(found or cleaned))


def tables(folder: Path) -> Snapshot:
    """Return the tables of a snapshot by name; the number of a standing table is no part of it."""
    found = {}
    for path in sorted(folder.glob("*.json")):
        name = re.sub(r"^standing_\d+_", "", path.stem)
        for stem, now in STATISTICS.items():
            name = re.sub(rf"^further_{stem}(?=_|$)", f"further_{now}", name)
        found[name] = json.loads(path.read_text("utf-8"))
    return found


def changed_digests(old: dict[str, str], new: dict[str, str]) -> Iterator[str]:
    """Yield the cleaned columns that have other values, are gone, or are new."""
    for name, digest in old.items():
        if new.get(name) != digest:
            yield f"cleaned {name}: {'other values' if name in new else 'gone'}"
    for name in new.keys() - old.keys():
        print(f"new cleaned column: {name}")


def rows_of(table: dict[str, Any]) -> Rows:
    """Return the rows by what stands before the count: groups and answer."""
    columns = {COLUMNS.get(name, name): values for name, values in table["columns"].items()}
    names = list(columns)
    keys = names[: names.index("count")]
    rows = [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
    return {tuple(row[key] for key in keys): row for row in rows}


def differences(name: str, old: dict[str, Any], new: dict[str, Any]) -> Iterator[Difference]:
    statistic = STATISTICS.get(old["statistic"], old["statistic"])
    tolerance = FITTED if statistic in FITS else CLOSED
    before, after = rows_of(old), rows_of(new)
    for key in [*before, *(key for key in after if key not in before)]:
        if (key in before) != (key in after):
            pair = ("there", "gone") if key in before else ("absent", "new")
            yield Difference(name, statistic, "(row)", key, *pair)
            continue
        for column, value in before[key].items():
            if column not in after[key]:
                yield Difference(name, statistic, column, key, value, "(no column)")
            elif not alike(value, after[key][column], tolerance):
                yield Difference(name, statistic, column, key, value, after[key][column])


def alike(first: object, second: object, tolerance: float) -> bool:
    if isinstance(first, float) and isinstance(second, int | float):
        return abs(first - second) <= tolerance * max(1.0, abs(first))
    return first == second


def compared(old: dict[str, Any], new: dict[str, Any]) -> int:
    """Return how many rows two tables share."""
    return len(rows_of(old).keys() & rows_of(new).keys())


def summary(found: list[Difference], rows: dict[str, int], old: Snapshot) -> Iterator[str]:
    """Yield a row of a table in Markdown for each statistic and column, the most frequent first."""
    yield "| statistic | column | values | differ | example |"
    yield "|---|---|---|---|---|"
    of = {name: STATISTICS.get(old[name]["statistic"], old[name]["statistic"]) for name in rows}
    groups: dict[tuple[str, str], list[Difference]] = {}
    for each in found:
        groups.setdefault((each.statistic, each.column), []).append(each)
    for (statistic, column), own in sorted(groups.items()):
        values = sum(many for name, many in rows.items() if of[name] == statistic)
        yield f"| {statistic} | {column} | {values} | {len(own)} | {own[0]} |"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="compare", description=str(__doc__).split(":")[0])
    parser.add_argument("before", type=Path)
    parser.add_argument("after", type=Path)
    parser.add_argument("--statistics", action="store_true", help="count by statistic and column")
    arguments = parser.parse_args()
    sys.exit(main(arguments.before, arguments.after, statistics=arguments.statistics))
