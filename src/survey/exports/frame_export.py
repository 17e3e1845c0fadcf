"""A data frame as an export: answers that never were a file of a survey system.

Columns are named by concept or by heading. Every cell becomes the text that a file of another
survey tool would hold, so that whatever follows is the same for both.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from survey.codebook import Codebook, Edition, Family, FileLayout, Kind, Question, Unit
from survey.errors import ExportError, Problem, did_you_mean
from survey.exports.export import Export, Layout, Log
from survey.exports.layouts import LAYOUTS
from survey.exports.text_table import TextTable
from survey.exports.times import check_times
from survey.provenance import Provenance, Source

__all__ = ["KEYS", "cell_text", "export_of_frame"]

_JOINER = "\x1f"  # between several answers in one cell
KEYS = ("respondent", "deployment", "created", "edited", "language", "member")
_YES, _NO = "1", "0"
_ORGANIZATION = Question(
    "organization_name", "organization", "Organization", Kind.ORGANIZATION, Unit.RESPONDENT
)


def export_of_frame(
    frame: pd.DataFrame, edition: Edition, codebook: Codebook, name: str = "frame"
) -> Export:
    """Return the rows of a frame as an export of ``edition``.

    Raises
    ------
    ExportError
        If a column is named by nothing that the codebook knows, or none is; if a column that
        tells records apart is also the heading of a question, or is blank for some of them.
    """
    frame = _with_roles(frame, edition)
    _refuse_roles(frame, edition)
    if "respondent" not in frame:
        frame = frame.assign(respondent=np.arange(1, len(frame) + 1))
    asked = _with_layout(edition, frame)
    named = dict(_columns(frame, asked))
    _refuse_strange(frame, asked, named)
    plan = LAYOUTS[Layout.TABLE]
    headings = tuple(named)
    table = TextTable.of([_cells(values) for values in named.values()])
    export = Export(
        Layout.TABLE,
        asked,
        Codebook(MappingProxyType({**codebook.editions, asked.name: asked})),
        headings,
        table,
        np.arange(1, len(frame) + 1),
        plan.place(asked, headings),
        Log(),
        {"read": len(frame), "kept": len(frame)},
        Provenance((_source(named, name),), (asked.name,), (f"read {name}",)),
        keys={role: role for role in plan.keys(asked) if role in named},
    )
    finished = check_times(plan.finish(export))
    layout = edition.layout  # that of its files, not that of the frame
    own = replace(finished.edition, layout=layout)
    book = Codebook(MappingProxyType({**finished.codebook.editions, own.name: own}))
    return replace(finished, edition=own, codebook=book)


def _with_roles(frame: pd.DataFrame, edition: Edition) -> pd.DataFrame:
    """Return a frame whose key columns are named by their roles, as ``[layout]`` says."""
    if edition.layout.family is not Family.TABLE:
        return frame
    headings = {getattr(edition.layout, role): role for role in KEYS if role not in frame}
    return frame.rename(columns={name: role for name, role in headings.items() if name})


def _refuse_roles(frame: pd.DataFrame, edition: Edition) -> None:
    """Refuse columns that would be both key and answer, and records without a number."""
    problems = [
        Problem(
            f"column {role!r}",
            f"both the {role} of a row and the heading of {edition.by_heading[role].concept!r}",
            "one of them",
            f"name the answers {edition.by_heading[role].concept!r} in the frame, or take the "
            "question out of the codebook",
        )
        for role in KEYS
        if role in frame and role in edition.by_heading
    ]
    if "respondent" in frame and (blank := _blank(frame["respondent"]).sum()):
        hint = "number all rows, or leave the column out"
        problems.append(
            Problem("column 'respondent'", f"{blank:,} blank cells", "one in every row", hint)
        )
    if problems:
        raise ExportError("The frame cannot be read", problems)


def _blank(values: pd.Series[Any]) -> npt.NDArray[np.bool_]:
    return np.array([not cell_text(value).strip() for value in values], dtype=bool)


def _with_layout(edition: Edition, frame: pd.DataFrame) -> Edition:
    """Return the edition as if a table had its answers, with a row for each record of ``frame``."""
    about = {q.unit for q in edition.questions if {q.concept, q.heading} & set(frame.columns)}
    deployments = Unit.DEPLOYMENT in about or "deployment" in frame
    layout = FileLayout(
        family=Family.TABLE,
        unit=Unit.DEPLOYMENT if deployments else Unit.RESPONDENT,
        separator=_JOINER,
        write_ins=False,
        time_format=edition.layout.time_format,
        **{role: role for role in KEYS if role in frame},  # type: ignore[arg-type]
    )
    questions = [replace(question, separator="") for question in edition.questions]
    if "organization" in frame and all(not q.kind.names_organization for q in questions):
        questions.append(_ORGANIZATION)
    return replace(edition, layout=layout, questions=tuple(questions))


def _columns(frame: pd.DataFrame, edition: Edition) -> Iterator[tuple[str, pd.Series[Any]]]:
    """Yield heading and values of every column that the codebook or the records need."""
    for role in KEYS:
        if role in frame:
            yield role, frame[role]
    parts = LAYOUTS[Layout.TABLE].fold(edition)
    for question in edition.questions:
        name = next((n for n in _names(question) if n in frame), None)
        if name is None:
            yield from ((str(c), frame[c]) for c in frame if parts.get(str(c)) == question.heading)
        elif question.kind.by_row:
            yield from _rows(frame[name], question)
        else:
            yield question.heading, frame[name]


def _names(question: Question) -> tuple[str, ...]:
    named = (question.concept, question.heading)
    return (*named, "organization") if question.kind.names_organization else named


def _rows(values: pd.Series[Any], question: Question) -> Iterator[tuple[str, pd.Series[Any]]]:
    """Yield a column for each row of a matrix whose cells are mappings: row -> answer."""
    given = [value if isinstance(value, Mapping) else {} for value in values]
    for row in question.rows:
        column = row.column or f"{question.heading} - {row.value}"
        cells = [each.get(row.label, each.get(row.value)) for each in given]
        yield column, pd.Series(cells, index=values.index, dtype=object)


def _refuse_strange(
    frame: pd.DataFrame, edition: Edition, named: Mapping[str, pd.Series[Any]]
) -> None:
    known = {name for question in edition.questions for name in _names(question)}
    known |= {*KEYS, "edition", *LAYOUTS[Layout.TABLE].fold(edition)}
    problems = [
        Problem(
            f"column {str(column)!r}",
            "a column that the codebook does not know",
            "concepts or headings of the edition",
            did_you_mean(str(column), known) or "add the question to the codebook, or drop it",
        )
        for column in frame.columns
        if str(column) not in known
    ]
    if not set(named) - set(KEYS):
        problems.append(Problem("the frame", "no answers", "a column for at least one question"))
    if problems:
        raise ExportError("The frame cannot be read", problems)


def _cells(values: pd.Series[Any]) -> pa.Array:
    return pa.array([cell_text(value) for value in values], pa.string()).dictionary_encode()


def cell_text(value: Any, joiner: str = _JOINER) -> str:
    """Return a value as a file would hold it; what is missing is an empty cell.

    Examples
    --------
    >>> cell_text(["Gas", "Wood"], ";"), cell_text(3.0), cell_text(None)
    ('Gas;Wood', '3', '')
    """
    if isinstance(value, list | tuple | set | frozenset):
        return joiner.join(map(cell_text, value))
    return "" if value is None or pd.isna(value) else _plain_text(value)


def _plain_text(value: Any) -> str:
    if isinstance(value, bool | np.bool_):
        return _YES if value else _NO
    if hasattr(value, "strftime"):
        return str(pd.Timestamp(value).strftime("%Y-%m-%d %H:%M:%S"))
    whole = isinstance(value, float | np.floating) and float(value).is_integer()
    return str(int(value)) if whole else str(value)


def _source(named: Mapping[str, pd.Series[Any]], name: str) -> Source:
    """Describe the frame by its content, as a file is described."""
    digest, size = hashlib.sha256(), 0
    for heading, values in named.items():
        column = "\x1e".join([heading, *map(cell_text, values)]).encode("utf-8", "surrogatepass")
        digest.update(column)
        size += len(column)
    return Source(name, size, digest.hexdigest())
