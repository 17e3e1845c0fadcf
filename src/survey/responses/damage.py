"""Damage that shows in a file as a whole, or in the columns by which records are known."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from survey.codebook import Unit, damaged
from survey.exports import Export, Issue, Layout, Repair
from survey.exports.times import looks_like_time

__all__ = ["FROM_THE_EXPORTER", "lost_times", "nameless_deployments", "restored_headings"]

FROM_THE_EXPORTER = (Layout.BY_HEADING, Layout.FLAT)
Ints = npt.NDArray[np.int64]


def restored_headings(export: Export) -> Iterator[Repair]:
    """Yield a repair for every heading of a choice or a matrix row that had lost its commas."""
    for placement in export.placements if export.layout in FROM_THE_EXPORTER else ():
        if not placement.items:
            continue
        question = placement.question
        parts = (part.value for part in question.rows or question.choices if "," in part.value)
        whole = {damaged(name): name for name in (f"{question.heading} - {part}" for part in parts)}
        for column in placement.columns:
            heading = export.headings[column]
            if heading in whole:
                yield Repair(export.name, heading, heading, whole[heading], "comma restored", (1,))


def nameless_deployments(export: Export, deployments: Ints) -> Iterator[Issue]:
    """Yield an issue for every record that answers about a deployment without its number.

    The exporter never writes such a record: the number was lost, or stands in another column.
    """
    about = [
        column
        for placement in export.placements
        if placement.question.unit is Unit.DEPLOYMENT
        for column in placement.columns
    ]
    rows = np.flatnonzero(deployments < 0)
    given, last = np.zeros(len(rows), dtype=np.int64), np.zeros(len(rows), dtype=np.int64)
    for column in about if len(rows) else ():
        filled = export.table.filled(column, rows)
        given += filled
        last[filled] = column
    message = "answers about a deployment without its number; they are left out"
    for at in np.flatnonzero(given):
        alone = given[at] == 1  # then its column is what is wrong, and not that of the numbers
        yield Issue(
            export.name,
            int(export.lines[rows[at]]),
            export.headings[last[at]] if alone else export.keys["deployment"],
            "deployment without number",
            message,
            int(given[at]),
        )


def lost_times(export: Export, role: str, rows: Ints) -> Iterator[Issue]:
    """Yield an issue for each of the rows whose time is written like one and is none.

    Others were named when the file was read.
    """
    cells = export.key(role)
    if cells is None:
        return
    for row in rows:
        text = cells[int(row)].as_py()
        if looks_like_time(text):
            message = f"{text!r} is not a valid date; treated as missing"
            line = int(export.lines[row])
            yield Issue(export.name, line, export.keys[role], "unreadable time", message)
