"""Matrices: one column per row, under a heading that names both."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from survey.codebook import Choice, Question
from survey.codebook.question import damaged
from survey.responses.drafting.facts import Column
from survey.responses.drafting.likeness import alike, same_words
from survey.responses.drafting.texts import new_choice

__all__ = ["known_rows", "renamed_matrices", "unknown_matrices"]

_BETWEEN = " - "
_ROW_RENAMED = 0.72
_SAME_ROWS = 0.5


def known_rows(question: Question, columns: Mapping[str, Column]) -> tuple[Choice, ...]:
    """Return the rows of a matrix that a file has: listed ones, renamed ones, new ones.

    A new column under the same heading that is worded like a row without a column is that row.
    """
    present = [row for row in question.rows if _heading(question, row) in columns]
    listed = {_heading(question, row) for row in present}
    strange = [c for c in columns.values() if _of(question, c) and c.heading not in listed]
    if not present and not strange:
        return ()
    absent = [row for row in question.rows if row not in present]
    rows = {_place(columns, question, row): row for row in present}
    for column in strange:
        text = column.heading[len(question.heading) + len(_BETWEEN) :]
        row = max(absent, key=lambda each: alike(text, each.value), default=None)
        if row is not None and _same_row(text, row):
            absent.remove(row)
            rows[column.place] = replace(row, value=new_choice(text).value)
        else:
            rows[column.place] = new_choice(text)
    return _in_listed_order(question, list(rows.values()))


def _same_row(text: str, row: Choice) -> bool:
    return same_words(text, row.value) or alike(text, row.value) >= _ROW_RENAMED


def _in_listed_order(question: Question, rows: Sequence[Choice]) -> tuple[Choice, ...]:
    labels = [row.label for row in question.rows]
    known = [row for row in rows if row.label in labels]
    known.sort(key=lambda row: labels.index(row.label))
    return (*known, *(row for row in rows if row.label not in labels))


def _of(question: Question, column: Column) -> bool:
    return column.heading.startswith(question.heading + _BETWEEN)


def _heading(question: Question, row: Choice) -> str:
    return f"{question.heading}{_BETWEEN}{damaged(row.value)}"


def _place(columns: Mapping[str, Column], question: Question, row: Choice) -> int:
    return columns[_heading(question, row)].place


def unknown_matrices(columns: Sequence[Column]) -> dict[str, list[Column]]:
    """Return columns that share the beginning of their heading, as the rows of a matrix do."""
    groups: dict[str, list[Column]] = defaultdict(list)
    for column in columns:
        heading, between, row = column.heading.partition(_BETWEEN)
        if between and row:
            groups[heading].append(column)
    return {heading: some for heading, some in groups.items() if len(some) > 1}


def renamed_matrices(
    questions: Sequence[Question], columns: Sequence[Column]
) -> Iterator[tuple[Question, Question, str]]:
    """Yield matrices that the file has under another heading: old, as it is now, and why."""
    groups = unknown_matrices(columns)
    for question in questions:
        if not question.kind.by_row or not groups:
            continue
        own = {damaged(row.value) for row in question.rows}
        scored = {
            heading: len(own & {c.heading.partition(_BETWEEN)[2] for c in some}) / len(some)
            for heading, some in groups.items()
        }
        heading = max(scored, key=lambda each: (scored[each], alike(each, question.heading)))
        if scored[heading] < _SAME_ROWS:
            continue
        some = groups.pop(heading)
        moved = replace(question, heading=heading)
        rows = known_rows(moved, {column.heading: column for column in some})
        why = (
            f"{question.heading!r} seems to be called {heading!r} now: {scored[heading]:.0%} of "
            "its rows are the same"
        )
        yield question, replace(moved, rows=rows), why
