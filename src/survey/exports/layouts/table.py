"""Files of other survey tools, described by the ``[layout]`` table of a codebook file.

One row per respondent (or deployment); a question has one column, or one per choice; its
choices may be named in a second heading line. Cells are brought into the form that the survey
system's own exports have, so that everything after reading is the same for both.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

import numpy as np
import pyarrow as pa

from survey.codebook import Choice, Edition, Family, FileLayout, Kind, Question, Unit
from survey.codebook.geography import find_country
from survey.exports.cells import Rewriting
from survey.exports.export import Export, Layout, Placement
from survey.exports.layouts.plan import Plan, joiner, known_share
from survey.exports.splitting import Splitter

__all__ = ["PLANS"]

_ROLES = ("respondent", "deployment", "created", "edited", "language", "member")
_ROW = "(row)"
_NUMBER = re.compile(r"[0-9]{1,18}").fullmatch


def _keys(edition: Edition) -> dict[str, str]:
    layout = edition.layout
    return {role: getattr(layout, role) for role in _ROLES if getattr(layout, role)}


def _headings(edition: Edition) -> tuple[str, ...]:
    questions = (question.heading for question in edition.questions)
    return tuple(dict.fromkeys((*_keys(edition).values(), *questions)))


def _columns(question: Question) -> dict[str, str]:
    """Return the headings of the question's own columns, one per choice or row -> label."""
    parts = question.rows if question.kind is Kind.MATRIX else question.choices
    return {_column(question, part): part.label for part in parts}


def _column(question: Question, part: Choice) -> str:
    return part.column or f"{question.heading} - {part.value}"


def _fold(edition: Edition) -> dict[str, str]:
    return {
        column: question.heading
        for question in edition.questions
        for column in _columns(question)
        if column != question.heading
    }


def _headline(edition: Edition, rows: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    """Join two heading lines: the question, and the choice unless it names none.

    A question spans the columns up to the next one.
    """
    if len(rows) == 1:
        return rows[0]
    top, second = rows[0], rows[1]
    headings, question = [], ""
    for column in range(max(len(top), len(second))):
        here = top[column].strip() if column < len(top) else ""
        choice = second[column].strip() if column < len(second) else ""
        question = here or question
        names_none = not choice or choice in edition.layout.plain
        headings.append(question if names_none else f"{question} - {choice}")
    return tuple(headings)


def _place(edition: Edition, headings: Sequence[str]) -> tuple[Placement, ...]:
    position = {heading: column for column, heading in enumerate(headings)}
    found = (_place_one(question, position) for question in edition.questions)
    return tuple(placement for placement in found if placement is not None)


def _place_one(question: Question, position: Mapping[str, int]) -> Placement | None:
    present = {
        position[column]: label
        for column, label in _columns(question).items()
        if column in position
    }
    if present:
        return Placement(question, tuple(present), tuple(present.values()))
    whole = position.get(question.heading)
    return None if whole is None else Placement(question, (whole,), (), joiner(question))


def _finish(export: Export) -> Export:
    """Bring cells into the survey system's own form: keys, times, lists, ticks."""
    work = Rewriting(export)
    layout = export.edition.layout
    for placement in export.placements:
        for column in placement.columns:
            _clear_missing(work, column, layout)
            _rewrite(work, placement, column, layout)
    for role in ("created", "edited"):
        if role in export.keys and export.keys[role] in export.headings:
            _write_times(work, export.headings.index(export.keys[role]), layout)
    return _numbered(work.done())


def _clear_missing(work: Rewriting, column: int, layout: FileLayout) -> None:
    missing = frozenset(layout.missing)
    work.map(column, lambda text: "" if text.strip() in missing else text, "missing text")


def _rewrite(work: Rewriting, placement: Placement, column: int, layout: FileLayout) -> None:
    question = placement.question
    if placement.items and question.kind in (Kind.MULTIPLE, Kind.SINGLE):
        label = placement.items[placement.columns.index(column)]
        work.map(column, _ticks(question, label, layout))
    elif question.kind is Kind.CHECKBOX:
        work.map(column, _ticks(question, "", layout, unchecked="0"))
    elif not placement.items and question.kind in (Kind.MULTIPLE, Kind.RANKING):
        _divide(work, placement, column, layout)
    elif question.kind is Kind.COUNTRIES:
        work.map(column, lambda text: _codes(text, question.separator or layout.separator))


def _ticks(
    question: Question, label: str, layout: FileLayout, unchecked: str = ""
) -> Callable[[str], str]:
    """Return what turns a text into ``1`` or nothing; what is neither stays and is reported."""
    own = {each.value for each in question.choices if each.label == label} | {label}
    yes, no = {*layout.checked, *own} - {""}, {*layout.unchecked}

    def tick(text: str) -> str:
        bare = text.strip()
        return "1" if bare in yes else unchecked if bare in no else bare

    return tick


def _divide(work: Rewriting, placement: Placement, column: int, layout: FileLayout) -> None:
    question = placement.question
    separator = question.separator or layout.separator
    known = {each.value: each.value for each in question.choices}
    splitter = Splitter(known, (separator,), join_unknown=False)
    distinct = work.distinct(column)
    for code, text in enumerate(distinct.texts):
        if not splitter.split(text).certain:
            work.doubt(
                column,
                distinct.rows(code).tolist(),
                "ambiguous list",
                f"{text!r} can be divided into listed answers in more than one way",
            )
    work.map(column, lambda text: placement.separator.join(splitter.split(text).pieces))


def _codes(text: str, separator: str) -> str:
    """Return a list of countries as codes joined by hyphens; as it is if one is unknown."""
    names = [name.strip() for name in text.split(separator) if name.strip()]
    found = [find_country(name) for name in names]
    codes = [country.code for country in found if country is not None]
    return "-".join(codes) if len(codes) == len(names) else text


def _write_times(work: Rewriting, column: int, layout: FileLayout) -> None:
    def rewritten(text: str) -> str:
        try:
            return datetime.strptime(text.strip(), layout.time_format).strftime("%Y-%m-%d %H:%M:%S")
        except ValueError:
            return text

    work.map(column, rewritten)


def _numbered(export: Export) -> Export:
    """Give every record numbers: its own, or a number made from its name, or its place."""
    deployments = export.edition.layout.unit is Unit.DEPLOYMENT or "deployment" in export.keys
    for role in ("respondent", "deployment")[: 1 + deployments]:
        heading = export.keys.get(role)
        if heading in export.headings and heading is not None:
            work = Rewriting(export)
            work.map(export.headings.index(heading), _as_number)
            export = work.done()
        else:
            export = _with_places(export, role)
    return export


def _as_number(text: str) -> str:
    """Return a number as it is, and for a name one that is always the same.

    Examples
    --------
    >>> _as_number("17"), _as_number("R_3PtWm")
    ('17', '17412024531500261')
    """
    bare = text.strip()
    if _NUMBER(bare) or not bare:
        return bare
    return str(int.from_bytes(hashlib.sha256(bare.encode()).digest()[:7], "big"))


def _with_places(export: Export, role: str) -> Export:
    heading = f"{_ROW} {role}"
    places = pa.array(np.arange(1, len(export) + 1).astype(str).tolist(), pa.string())
    table = export.table.with_column(places)
    return replace(
        export,
        table=table,
        headings=(*export.headings, heading),
        keys={**export.keys, role: heading},
    )


PLANS = (
    Plan(
        Layout.TABLE,
        _headings,
        _place,
        family=Family.TABLE,
        keys=_keys,
        overlap=known_share,
        fold=_fold,
        headline=_headline,
        line_feeds=True,
        finish=_finish,
    ),
)
