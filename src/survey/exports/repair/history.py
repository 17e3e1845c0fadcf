"""What an export lacks because of when it was written.

Nothing in a file says when it was written, but its headings do: ``Language`` came on 2 August
2017, and ``Continent`` with country names at the beginning of that year.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow.compute as pc

from survey.codebook import Unit
from survey.exports.export import Export, Layout, Placement
from survey.exports.repair.column_editor import Rewriting
from survey.exports.usual_cells import only_year

__all__ = ["note_texts", "note_version"]

_FIRST_YEAR = 2017
_STAND_INS = ("-", r"\n", r"\t")
_LONE_QUESTION_MARKS = r"(^|[\t\n\f\r ])\?+([\t\n\f\r ]|$)"  # alike in Python and pyarrow


def note_version(export: Export) -> Export:
    """Say what cannot be trusted in an export because of its age."""
    work = Rewriting(export)
    if "Language" not in export.headings:
        _before_august_2017(work)
    _note_stand_ins(work)
    _note_emoji(work)
    _note_unknown_edition(work)
    return work.done() if work.issues else export


def note_texts(export: Export) -> Export:
    """Say in which texts a character may stand for another one."""
    work = Rewriting(export)
    _note_stand_ins(work)
    return work.done() if work.issues else export


def _before_august_2017(work: Rewriting) -> None:
    export = work.export
    for placement in export.placements:
        question = placement.question
        if question.kind.ranked and question.unit is Unit.RESPONDENT:
            _doubt_order(work, placement)
        if question.kind.by_row and export.layout is Layout.FLAT:
            _doubt_matrix(work, placement)
        _note_commas(work, placement)
    if "Continent" not in export.headings:
        work.note(
            "",
            "test surveys",
            "the export may be from before 23 February 2016: then it holds test surveys, which "
            "nothing in it marks",
            0,
        )


def _doubt_order(work: Rewriting, placement: Placement) -> None:
    """Until 21 September 2017 ranked answers stood in the order of the form."""
    if placement.items:
        return
    column = placement.columns[0]
    several = pc.match_substring(work.export.table.column(column), placement.separator)
    work.doubt(
        column,
        _rows(several),
        "rank order lost",
        "an export of this age lists ranked answers in the order of the form",
    )


def _doubt_matrix(work: Rewriting, placement: Placement) -> None:
    """Until 3 March 2017 the flat export wrote the cells of a matrix wrongly."""
    for column in placement.columns:
        filled = pc.not_equal(work.export.table.column(column), "")
        rows = _rows(filled)
        if "Continent" in work.export.headings:
            if rows:
                work.note(
                    work.export.headings[column],
                    "matrix cells in doubt",
                    "a flat export from before 3 March 2017 has wrong cells here; this one may be",
                    len(rows),
                )
        else:
            message = "flat exports of this age have wrong cells in a matrix"
            work.doubt(column, rows, "wrong matrix cell", message)


def _note_commas(work: Rewriting, placement: Placement) -> None:
    """Until 28 August 2017 an answer with a comma did not find its own column."""
    question = placement.question
    parts = question.rows if question.kind.by_row else question.choices
    lost = [part.label for part in parts if "," in part.value and part.label in placement.items]
    if lost:
        work.note(
            question.heading,
            "columns with commas",
            f"an export of this age can have lost the answers {', '.join(map(repr, lost))}",
            0,
        )


def _note_stand_ins(work: Rewriting) -> None:
    """The exporter writes every comma as a hyphen, and line ends and tabs as two characters."""
    for placement in work.export.placements:
        if not placement.question.kind.closed:
            found = work.export.table.count_with(placement.columns[0], *_STAND_INS)
            if found:
                work.note(
                    work.export.headings[placement.columns[0]],
                    "ambiguous text",
                    r"a hyphen may stand for a comma, \n for a line end and \t for a tab: the "
                    "exporter writes them alike",
                    found,
                )


def _note_emoji(work: Rewriting) -> None:
    """The database connection wrote one ``?`` for every character beyond the basic plane."""
    for placement in work.export.placements:
        if placement.question.kind.free_text:
            column = placement.columns[0]
            found = work.export.table.count_matching(column, _LONE_QUESTION_MARKS, "?")
            if found:
                work.note(
                    placement.question.heading,
                    "lone question marks",
                    "may stand for emoji and other rare characters, which the survey system "
                    "could not store",
                    found,
                )


def _note_unknown_edition(work: Rewriting) -> None:
    """Say so where the answers are not from the year of the edition that the headings fit."""
    export = work.export
    year = _usual_year(export)
    if year is not None and year < _FIRST_YEAR and not export.edition.name < str(_FIRST_YEAR):
        # The questionnaires between the autumn of 2015 and 2017 are not public.
        work.note(
            "",
            "edition in doubt",
            f"most answers were begun before {_FIRST_YEAR}, from whose editions no "
            f"questionnaire is public; it is read as {export.edition.name}: describe the "
            "edition in a codebook file that extends it",
            len(export),
        )
    elif year is not None and _of_another_edition(work, year):
        work.note(
            "",
            "edition in doubt",
            f"most answers were begun in {year}, but it is read as {export.edition.name}, "
            "whose headings fit best: if that is wrong, name the edition: read_export(path, "
            "edition=...)",
            len(export),
        )


def _usual_year(export: Export) -> int | None:
    """Return the year in which most records were begun, if anything tells it."""
    if export.keys.get("created") not in export.headings or not len(export):
        return None
    column = export.headings.index(export.keys["created"])
    only = only_year(export.table.stored(column))
    if only is not None:
        return only
    beginnings = pc.utf8_slice_codeunits(export.table.column(column), 0, 4).to_pylist()
    years = [int(text) for text in beginnings if text.isdecimal()]
    return int(np.median(years)) if years else None


def _of_another_edition(work: Rewriting, year: int) -> bool:
    """Whether there is an edition of that year, or the year is far from that of the edition."""
    edition = work.export.edition
    other = work.export.codebook.editions.get(str(year))
    if not edition.name.isdigit() or edition.name == str(year):
        return False
    known = other is not None and other.layout.family is edition.layout.family
    return known or abs(year - int(edition.name)) > 1


def _rows(mask: object) -> list[int]:
    found: npt.NDArray[np.int64] = np.flatnonzero(np.asarray(mask))
    return [int(row) for row in found]
