"""Which records were completed: from the lists of the back office.

No export with answers says whether a survey was finished. The lists do, by the record's number,
and they count each respondent's deployments: what an export lost shows up here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from survey.codebook import Unit
from survey.exports import Export, Issue, Layout
from survey.responses.tables import Flag, Tables

__all__ = ["LISTS", "listed_numbers", "with_completion"]

LISTS = {Layout.SURVEY_LIST: Unit.RESPONDENT, Layout.DEPLOYMENT_LIST: Unit.DEPLOYMENT}


def listed_numbers(export: Export) -> pd.Index[Any]:
    """Return the numbers of the records that a list names."""
    cells = export.key(LISTS[export.layout].value)
    numbers: pd.Index[Any] = pd.Index([] if cells is None else pc.cast(cells, pa.int64()))
    return numbers


def with_completion(tables: Tables, lists: Iterable[Export]) -> Tables:
    """Return tables with a column ``completed``; it is missing for records that no list names.

    A list adds no record: it also names surveys without any answer, and test surveys.
    """
    for export in lists:
        tables = _with_list(tables, export)
    return tables


def _with_list(tables: Tables, export: Export) -> Tables:
    unit = LISTS[export.layout]
    listed = _listed(export)
    frame = tables.frame(unit).copy()
    given = listed["completed"].reindex(frame.index)
    before = frame["completed"] if "completed" in frame else _unknown(frame.index)
    contradicted = frame.index[(before != given).fillna(False).to_numpy(bool)]
    frame["completed"] = given.where(given.notna(), before).astype("boolean")
    issues = [*_contradictions(export, unit, contradicted), *_not_answered(export, listed, frame)]
    flags: list[Flag] = []
    if unit is Unit.RESPONDENT:
        _compare_deployments(tables, export, listed, issues, flags)
    return replace(
        tables,
        respondents=frame if unit is Unit.RESPONDENT else tables.respondents,
        deployments=frame if unit is Unit.DEPLOYMENT else tables.deployments,
        flags=[*tables.flags, *flags],
        log=tables.log.merge([export.log]).plus((), issues),
        counts={**tables.counts, export.name: dict(export.counts)},
    )


def _unknown(index: pd.Index[Any]) -> pd.Series[Any]:
    return pd.Series(pd.array([None] * len(index), dtype="boolean"), index=index)


def _listed(export: Export) -> pd.DataFrame:
    """Return what a list says of each record, by its number; of repeats the first."""
    completed, count = export.key("completed"), export.key("deployment_count")
    numbers = listed_numbers(export)
    frame = pd.DataFrame(
        {
            "completed": pd.array(_ticked(completed, len(numbers)), dtype="boolean"),
            "deployments": _whole(count, len(numbers)),
        },
        index=numbers,
    )
    return frame[~frame.index.duplicated()]


def _ticked(cells: pa.ChunkedArray | None, length: int) -> Sequence[bool | None]:
    return [None] * length if cells is None else [cell == "1" for cell in cells.to_pylist()]


def _whole(cells: pa.ChunkedArray | None, length: int) -> Sequence[float]:
    texts = [""] * length if cells is None else cells.to_pylist()
    return [float(text) if text.isdecimal() else np.nan for text in texts]


def _contradictions(export: Export, unit: Unit, ids: pd.Index[int]) -> list[Issue]:
    return [
        Issue(
            export.name,
            0,
            "completed",
            "contradicting exports",
            f"{unit.value} {number} is complete in one file and not in another; the list holds",
        )
        for number in ids
    ]


def _not_answered(export: Export, listed: pd.DataFrame, frame: pd.DataFrame) -> list[Issue]:
    without = int((~listed.index.isin(frame.index)).sum())
    if not without:
        return []
    message = (
        f"{without} of {len(listed)} listed records stand in no export of these answers: they are "
        "of another edition, a test, or without any answer"
    )
    return [Issue(export.name, 0, "ID", "listed without answers", message, 0)]


def _compare_deployments(
    tables: Tables, export: Export, listed: pd.DataFrame, issues: list[Issue], flags: list[Flag]
) -> None:
    """Compare the number of deployments that the list gives with those that are there."""
    if not len(tables.deployments):
        return
    here = tables.deployments["respondent"].value_counts()
    expected = listed["deployments"].reindex(tables.respondents.index).dropna().astype(int)
    found = here.reindex(expected.index).fillna(0).astype(int)
    for number in expected.index[(expected != found).to_numpy()]:
        said, there = int(expected[number]), int(found[number])
        code = "deployments missing" if said > there else "contradicting exports"
        message = f"respondent {number} has {said} deployments in the list, and {there} here"
        issues.append(Issue(export.name, 0, "deployments", code, message, abs(said - there)))
        flags.append(Flag(tables.edition, Unit.RESPONDENT, int(number), "deployments", code))
