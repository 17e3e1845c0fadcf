"""The figures of the committed editions: ``python -m tests.editions.figures`` records them anew.

Each edition has a file ``figures/<edition>.csv`` with every row of its standing tables, exact
(profile ``internal``): they need neither key nor ledger. A change that is meant is recorded, and
stands in the changelog under *Numbers*.
"""

from __future__ import annotations

import csv
import math
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from survey.estimates import Estimates
from survey.project import intake_of, read_exports, read_project
from survey.responses import Responses
from survey.topics import standing_tables
from tests.snapshot.compare import CLOSED, FITS, FITTED

ROOT = Path(__file__).resolve().parents[2]
FOLDER = Path(__file__).resolve().parent / "figures"
HEAD = ("table", "groups", "answer", "count", "base", "value", "low", "high", "status")
NUMBERS = HEAD[3:8]
KEY = b"the figures are the same with every key"
Row = dict[str, str]


@cache
def answers() -> Responses:
    """Return the answers of all committed editions, as the project reads them."""
    project = read_project(ROOT)
    codebook = project.codebook()
    exports = read_exports(intake_of(project, codebook).exports, codebook)
    return project.with_variables(project.answers(exports, key=KEY))


def rebuilt(edition: str) -> list[Row]:
    """Return every figure of an edition, computed now."""
    return [row for table in standing_tables(answers(), edition) for row in _rows(table)]


def recorded(edition: str) -> list[Row]:
    """Return the figures of an edition as they were recorded."""
    with (FOLDER / f"{edition}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def differences(old: list[Row], new: list[Row]) -> Iterator[str]:
    """Yield what is not as it was, one line for each figure."""
    by_place, again = ({_place(row): row for row in rows} for rows in (old, new))
    for place in by_place.keys() - again.keys():
        yield f"{place}: gone"
    for place in again.keys() - by_place.keys():
        yield f"{place}: new"
    for place, row in by_place.items():
        other = again.get(place, row)
        tolerance = FITTED if row["table"].split("|")[1] in FITS else CLOSED
        for key in HEAD[3:]:
            if not _same(row[key], other[key], tolerance):
                yield f"{place}, {key}: {row[key]} before, {other[key]} now"


def _rows(table: Estimates) -> Iterator[Row]:
    name = f"{table.name}|{table.spec.statistic}"
    for row in table.frame.to_dict("records"):
        groups = "|".join(f"{key}={row[key]}" for key in table.groups)
        numbers = {key: _number(row.get(key)) for key in NUMBERS}
        yield {"table": name, "groups": groups, "answer": str(row["answer"]), **numbers,
               "status": str(row["status"])}  # fmt: skip


def _number(value: Any) -> str:
    if value is None or value != value:
        return ""
    return f"{float(value):.10g}"


def _place(row: Row) -> str:
    return f"{row['table']} [{row['groups']}] {row['answer']}"


def _same(old: str, new: str, tolerance: float) -> bool:
    if old == new:
        return True
    try:
        one, other = float(old), float(new)
    except ValueError:
        return False
    return math.isclose(one, other, rel_tol=tolerance, abs_tol=tolerance)


def main() -> None:
    """Record the figures of all editions; say what changed."""
    FOLDER.mkdir(exist_ok=True)
    for edition in answers().editions:
        new = rebuilt(edition)
        path = FOLDER / f"{edition}.csv"
        if path.exists():
            changed = list(differences(recorded(edition), new))
            print(f"{edition}: {len(new)} figures, {len(changed)} differences")
            print(*changed[:20], sep="\n")
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, HEAD, lineterminator="\n")
            writer.writeheader()
            writer.writerows(new)


if __name__ == "__main__":
    sys.exit(main())
