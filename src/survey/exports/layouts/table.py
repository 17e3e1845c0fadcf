"""Files of other survey tools, described by the ``[layout]`` table of a codebook file.

One row per respondent (or deployment); a question has one column, or one per choice; its
choices may be named in a second heading line. Cells are brought into the form that the survey
system's own exports have, so that everything after reading is the same for both.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

import numpy as np
import numpy.typing as npt

from survey.codebook import Choice, Edition, Family, FileLayout, Question
from survey.errors import did_you_mean
from survey.exports.export import Export, Issue, Layout, Placement
from survey.exports.layouts.heading_plan import Plan, joiner, known_share
from survey.exports.layouts.table_added import (
    several_in_a_cell,
    with_levels_apart,
    with_nothing_ticked,
    with_ranks_joined,
)
from survey.exports.layouts.table_cells import as_exported, other_of, says_no
from survey.exports.layouts.table_rows import answers_alone, numbered
from survey.exports.repair.column_editor import Rewriting

__all__ = ["PLANS"]

Marked = npt.NDArray[np.bool_]
_RANKS = ("{heading}[{rank}]", "{heading} [{rank}]", "{heading} - {rank}")
_ROLES = ("respondent", "deployment", "created", "edited", "language", "member")
_COLUMNS = (
    "{heading} - {value}",
    "{heading} [{value}]",
    "{heading}[{value}]",
    "{heading}: {value}",
)
_WRITE_INS = ("{heading}[other]", "{heading} - Other (please specify)", "{heading} [Other]")
_ZONE = re.compile(r"\s*(?:GMT|UTC)?\s*([+-])(\d{1,2})(?::?(\d\d))?$|Z$")


def _keys(edition: Edition) -> dict[str, str]:
    layout = edition.layout
    return {role: getattr(layout, role) for role in _ROLES if getattr(layout, role)}


def _headings(edition: Edition) -> tuple[str, ...]:
    questions = (question.heading for question in edition.questions)
    return tuple(dict.fromkeys((*_keys(edition).values(), *questions)))


def _parts(question: Question) -> tuple[Choice, ...]:
    return question.rows if question.kind.by_row else question.choices


def _columns(question: Question) -> dict[str, str]:
    """Return the headings that the question's own columns can have -> choice or row."""
    return {
        column: part.label
        for part in _parts(question)
        for column in _columns_of(question, part)
        if column != question.heading
    }


def _columns_of(question: Question, part: Choice) -> tuple[str, ...]:
    """Return the headings that a choice's own column can have."""
    if part.column:
        return (part.column,)
    return tuple(form.format(heading=question.heading, value=part.value) for form in _COLUMNS)


def _rank_columns(question: Question) -> dict[str, int]:
    """Return the headings that a column for each rank can have, where the tool writes such."""
    if not question.kind.ranked:
        return {}
    ranks = range(1, len(question.labels) + 1)
    forms = [(form.format(heading=question.heading, rank=rank), rank)
             for form in _RANKS for rank in ranks]  # fmt: skip
    taken = _columns(question)
    return {column: rank for column, rank in forms if column not in taken}


def _write_in_columns(question: Question) -> tuple[str, ...]:
    """Return the headings that a column of what was written beside "Other" can have."""
    if not question.kind.picked or other_of(question) is None:
        return ()
    return tuple(form.format(heading=question.heading) for form in _WRITE_INS)


def _fold(edition: Edition) -> dict[str, str]:
    asked = {question.heading for question in edition.questions}
    telling = {each.column: each.column for each in edition.layout.leave_out}
    return telling | {
        column: question.heading
        for question in edition.questions
        for column in (
            *_columns(question),
            *_write_in_columns(question),
            *_rank_columns(question),
        )
        if column not in asked
    }


def _headline(edition: Edition, rows: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    """Return the heading line that counts, or two lines joined.

    Of two lines, the second names the choice of the question above it, unless it names none; a
    question spans the columns up to the next one.
    """
    layout = edition.layout
    if layout.heading_row or len(rows) != 2:
        return rows[max(layout.heading_row, 1) - 1]
    top, second = rows[0], rows[1]
    asked, known = edition.by_heading, _fold(edition)
    headings, question = [], ""
    for column in range(max(len(top), len(second))):
        here = top[column].strip() if column < len(top) else ""
        choice = second[column].strip() if column < len(second) else ""
        question = here or question
        whole = here in asked and not (asked[here].kind.listed and asked[here].kind.several)
        names_none = not choice or choice in layout.plain
        names_none |= whole and f"{question} - {choice}" not in known
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
    whole = position.get(question.heading)
    other = other_of(question)
    beneath = other is not None and set(present.values()) <= {other.label}
    if present and not (beneath and whole is not None and not question.kind.by_row):
        return Placement(question, tuple(present), tuple(present.values()))
    if whole is not None:
        return Placement(question, (whole,), (), joiner(question))
    ranks = [position[name] for name in _rank_columns(question) if name in position]
    return Placement(question, tuple(ranks), (), joiner(question)) if ranks else None


def _write_in(export: Export, placement: Placement) -> int | None:
    """Return the column of what was written beside "Other", where the answer has another one."""
    question, other = placement.question, other_of(placement.question)
    if placement.items or other is None or not question.kind.picked:
        return None
    asked = {each.heading for each in export.edition.questions}
    names = (*_columns_of(question, other), *_write_in_columns(question))
    return next(
        (export.headings.index(n) for n in names if n in export.headings and n not in asked), None
    )


def _finish(export: Export) -> Export:
    """Bring records and cells into the survey system's own form."""
    export = answers_alone(export)
    layout = export.edition.layout
    for role in ("created", "edited"):
        if role in export.keys and export.keys[role] in export.headings:
            export = _with_times(export, export.headings.index(export.keys[role]), layout)
    for number, placement in enumerate(export.placements):
        export = _finish_one(export, number, placement)
    absent = tuple(issue for each in export.placements for issue in _absent(export, each))
    return numbered(replace(export, log=export.log.plus(issues=absent)))


def _finish_one(export: Export, number: int, placement: Placement) -> Export:
    if several_in_a_cell(export, placement):
        return with_levels_apart(export, number)
    if not placement.items and len(placement.columns) > 1:
        export = with_ranks_joined(export, number)
        placement = export.placements[number]
    nothing = _nothing_ticked(export, placement)
    export = as_exported(export, placement, _write_in(export, placement)).done()
    return export if nothing is None else with_nothing_ticked(export, number, nothing)


def _nothing_ticked(export: Export, placement: Placement) -> Marked | None:
    """Return the records of which the tool says that they ticked nothing, if there are any."""
    question, label = placement.question, export.edition.layout.nothing_ticked
    spread = question.kind.multiple_choice and placement.items
    if not spread or not label or label in question.labels:
        return None
    marked = says_no(export, placement)
    return marked if marked.any() else None


def _absent(export: Export, placement: Placement) -> Iterator[Issue]:
    """Yield the choices and rows that have no column: their answers are not available."""
    if not placement.items:
        return
    question = placement.question
    known = {*_headings(export.edition), *_fold(export.edition)}
    strange = [heading for heading in export.headings if heading not in known]
    for part in {part.label: part for part in _parts(question)}.values():
        if part.label not in placement.items:
            column = _columns_of(question, part)[0]
            hint = did_you_mean(column, strange) or "name it with column = ..."
            message = (
                f"the codebook of {export.edition.name} expects it for {part.label!r} of "
                f"{question.concept}, which is not available; {hint}"
            )
            yield Issue(export.name, 1, column, "absent heading", message, len(export))


def _with_times(export: Export, column: int, layout: FileLayout) -> Export:
    work = Rewriting(export)

    def rewritten(text: str) -> str:
        bare = text.strip()
        if "%z" in layout.time_format:
            bare = _ZONE.sub(_plain_zone, bare)
        try:
            found = datetime.strptime(bare, layout.time_format.replace("GMT%z", "%z"))
        except ValueError:
            return text
        return found.strftime("%Y-%m-%d %H:%M:%S")

    work.map(column, rewritten)
    return work.done()


def _plain_zone(found: re.Match[str]) -> str:
    """Return a zone such as ``GMT+2`` as ``strptime`` reads it: ``+0200``."""
    if found[1] is None:
        return " +0000"
    return f" {found[1]}{int(found[2]):02}{found[3] or '00'}"


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
