"""Respondents whose cells were merged over their deployments, and stand in the first alone.

The exporter repeats a respondent's answers on the line of each deployment. Who merges these cells
in a spreadsheet, or blanks what repeats, leaves them on the first line; the lines below have a
deployment's number and nothing of the respondent. They are filled from the line above where the
numbers of respondents still go up from line to line: a file that was sorted by something else
since would give deployments to others.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from survey.codebook import Unit
from survey.exports.export import Placement, Repair
from survey.exports.parse.columns import Columns
from survey.exports.usual_cells import only_numbers

__all__ = ["with_merged_cells_filled"]

Rows = npt.NDArray[np.int64]


def with_merged_cells_filled(
    name: str, columns: Columns, placements: Sequence[Placement], keys: Mapping[str, str]
) -> Columns:
    """Return the records with the respondent's cells on the line of each deployment."""
    headings, records = columns.headings, columns.records
    if records.irregular or not {keys["respondent"], keys["deployment"]} <= set(headings):
        return columns
    table = records.table
    if only_numbers(table.column(headings.index(keys["respondent"]))):
        return columns
    numbers, clouds = (
        records.text(headings.index(keys[role])) for role in ("respondent", "deployment")
    )
    nameless = pc.and_(pc.equal(numbers, ""), pc.not_equal(clouds, ""))
    if not pc.any(nameless).as_py() or not _going_up(numbers.to_pylist()):
        return columns
    own = _of_respondents(columns, placements, keys)
    for at in own:
        nameless = pc.and_(nameless, pc.equal(records.text(at), ""))
    blank = np.asarray(nameless)
    above = _above(blank)
    filled = np.flatnonzero(blank & (above >= 0))
    if not len(filled):
        return columns
    taken = np.where(blank & (above >= 0), above, np.arange(len(blank)))
    for at in own:
        table = table.set_column(at, str(at), table.column(at).take(pa.array(taken)))
    repair = Repair(
        name,
        keys["respondent"],
        "",
        "the respondent of the line above",
        "merged cells",
        records.lines[filled],
    )
    return replace(
        columns,
        records=replace(records, table=table),
        repairs=(*columns.repairs, repair),
    )


def _going_up(numbers: Sequence[str]) -> bool:
    """Whether the numbers that are there go up, each respondent's once."""
    there = [int(text) if text.isdecimal() else -1 for text in numbers if text]
    return len(there) > 1 and all(a < b for a, b in pairwise(there))


def _of_respondents(
    columns: Columns, placements: Sequence[Placement], keys: Mapping[str, str]
) -> list[int]:
    """Return the places of the columns about the respondent."""
    headings = columns.headings
    about = {at for each in placements if each.question.unit is Unit.RESPONDENT
             for at in each.columns}  # fmt: skip
    about |= {
        headings.index(heading)
        for role, heading in keys.items()
        if role != "deployment" and heading in headings
    }
    about |= {headings.index(heading) for heading in ("Email", "Continent") if heading in headings}
    return sorted(about)


def _above(blank: npt.NDArray[np.bool_]) -> Rows:
    """Return for each record the nearest at or above it that is not blank, -1 if there is none."""
    own = np.where(blank, -1, np.arange(len(blank)))
    return np.maximum.accumulate(own) if len(own) else own
