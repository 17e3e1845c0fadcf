"""Answers for which another survey tool's file has no column of their own.

Somebody of whom the tool says that no choice was ticked gave an answer. A row of a grid whose
cell holds several answers is a multiple response: each of its levels gets a column.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from types import MappingProxyType

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from survey.codebook import Choice, Codebook, Kind, Question
from survey.errors import did_you_mean
from survey.exports.export import Export, Issue, Placement
from survey.exports.layouts.table_cells import divider
from survey.exports.repair.column_editor import Rewriting

__all__ = [
    "several_in_a_cell",
    "with_levels_apart",
    "with_nothing_ticked",
    "with_ranks_joined",
]

_NOTHING = "(nothing ticked)"
_ANOTHER = "Another answer"  # as answers call what the codebook does not list
Marked = npt.NDArray[np.bool_]


def with_nothing_ticked(export: Export, number: int, marked: Marked) -> Export:
    """Return the export with one choice more for a question: nothing that it lists."""
    placement, layout = export.placements[number], export.edition.layout
    question, label = placement.question, layout.nothing_ticked
    asked = replace(question, choices=(*question.choices, Choice(_NOTHING, label)))
    message = (
        f"{int(marked.sum())} records say of every choice that it was not chosen: they count as "
        f"{label!r}. If the tool writes that where it did not ask, too, set nothing_ticked = '' "
        "in [layout]"
    )
    there = replace(
        placement,
        question=asked,
        columns=(*placement.columns, len(export.headings)),
        items=(*placement.items, label),
    )
    column = {f"{_NOTHING} {question.heading}": _ticks(marked)}
    issue = Issue(export.name, 1, question.heading, "nothing ticked", message, 0)
    added = _with_answers(export, number, there, column)
    return replace(added, log=added.log.plus(issues=[issue]))


def several_in_a_cell(export: Export, placement: Placement) -> bool:
    """Whether rows of a grid have several answers: as the codebook says, or as cells show."""
    question = placement.question
    if not question.kind.by_row or not placement.items:
        return False
    splitter, work = divider(question, export.edition.layout), Rewriting(export)
    return question.multiple or any(
        len(found.pieces) > 1 and not found.unknown
        for column in placement.columns
        for text in work.distinct(column).texts
        if (found := splitter.split(text)).certain
    )


def with_levels_apart(export: Export, number: int) -> Export:
    """Return the export with a choice, and a column, for each row and level of a grid.

    The choices are called ``row / level``, as the answers of a matrix are.
    """
    placement = export.placements[number]
    question, columns = placement.question, dict[str, pa.Array]()
    for column, row in zip(placement.columns, placement.items, strict=True):
        for level, cells in _levels(export, column, question).items():
            name = f"{row} / {level}"
            columns[name] = _either(columns[name], cells) if name in columns else cells
    listed = [f"{row} / {level}" for row in question.row_labels for level in question.labels]
    names = [*listed, *(name for name in columns if name not in listed)]
    choices = tuple(Choice(name, name) for name in names)
    asked = replace(question, kind=Kind.MULTIPLE, choices=choices, rows=(), multiple=False)
    there = tuple(range(len(export.headings), len(export.headings) + len(columns)))
    headings = {f"{question.heading}: {name}": cells for name, cells in columns.items()}
    strange = [
        issue for column in placement.columns for issue in _strange(export, column, question)
    ]
    added = _with_answers(export, number, Placement(asked, there, tuple(columns)), headings)
    return replace(added, log=added.log.plus(issues=strange))


def with_ranks_joined(export: Export, number: int) -> Export:
    """Return the export with one list of a ranking whose columns hold what has each rank."""
    placement, layout = export.placements[number], export.edition.layout
    question = placement.question
    joiner = question.separator or layout.separator
    columns = [export.table.column(column).to_pylist() for column in placement.columns]
    given = [
        joiner.join(cell for cell in cells if cell.strip()) for cells in zip(*columns, strict=True)
    ]
    there = replace(placement, columns=(len(export.headings),))
    column = {f"{question.heading} (ranks)": pa.array(given, pa.string())}
    return _with_answers(export, number, there, column)


def _levels(export: Export, column: int, question: Question) -> dict[str, pa.Array]:
    """Return, for each level, in which records a row of a grid has it.

    What is no level is another answer, as in a matrix.
    """
    splitter = divider(question, export.edition.layout)
    found = Rewriting(export).distinct(column)
    texts: dict[str, list[str]] = {level: [] for level in (*question.labels, _ANOTHER)}
    for text in found.texts:
        pieces = [piece for piece in splitter.split(text).pieces if piece]
        chosen = {question.label_of.get(piece, _ANOTHER) for piece in pieces}
        for level, cells in texts.items():
            cells.append("1" if level in chosen else "")
    if not any(texts[_ANOTHER]):
        del texts[_ANOTHER]
    return {level: found.cells(cells) for level, cells in texts.items()}


def _strange(export: Export, column: int, question: Question) -> Iterator[Issue]:
    """Yield the answers in a row of a grid that are none of its levels."""
    splitter = divider(question, export.edition.layout)
    found = Rewriting(export).distinct(column)
    for code, text in enumerate(found.texts):
        unknown = [p for p in splitter.split(text).pieces if p and p not in question.label_of]
        for piece in unknown:
            near = did_you_mean(piece, question.labels) or "add it to the codebook's choices"
            message = f"{piece!r} is not a listed answer; {near}"
            for row in found.rows(code):
                line = int(export.lines[row])
                yield Issue(export.name, line, export.headings[column], "unknown answer", message)


def _either(ours: pa.Array, theirs: pa.Array) -> pa.Array:
    """Return the cells of two columns for one answer, such as a row in two languages."""
    pairs = zip(ours.to_pylist(), theirs.to_pylist(), strict=True)
    return pa.array([one or other for one, other in pairs], pa.string())


def _ticks(marked: Marked) -> pa.Array:
    return pa.array(np.where(marked, "1", "").tolist(), pa.string())


def _with_answers(
    export: Export, number: int, placement: Placement, columns: Mapping[str, pa.Array]
) -> Export:
    """Return the export with more columns, and another question where one of its own stands."""
    table = export.table
    for cells in columns.values():
        table = table.with_column(cells)
    question = placement.question
    asked = (question if q.concept == question.concept else q for q in export.edition.questions)
    edition = replace(export.edition, questions=tuple(asked))
    editions = {**export.codebook.editions, edition.name: edition}
    placements = [*export.placements]
    placements[number] = placement
    return replace(
        export,
        edition=edition,
        codebook=Codebook(MappingProxyType(editions)),
        headings=(*export.headings, *columns),
        table=table,
        placements=tuple(placements),
    )
