"""The sheets that a reader meets first: cover, contents, notes."""

from __future__ import annotations

from survey.disclosure import Publication
from survey.estimates.notes import PARTS_NEED_NOT_ADD_UP
from survey.publish.publisher import Publisher
from survey.publish.words import intervals_words, merged
from survey.publish.workbook import index as names
from survey.publish.workbook import styles, symbols, text
from survey.publish.workbook.charts import CHART_DATA
from survey.publish.workbook.grid import Grid, word
from survey.publish.workbook.index import Index
from survey.publish.workbook.sheets import Sheet

__all__ = ["fill_contents", "fill_cover", "fill_notes"]

_OTHERS = (
    (names.CONTENTS, "all tables, with what each one counts"),
    (names.NOTES, "what a reader must know about single tables"),
    (names.DATA, "every figure of every table, one to a row, for analysts"),
    (CHART_DATA, "the values that the charts draw"),
    (names.METHOD, "rules of disclosure control, files read, questionnaire editions, steps taken"),
    (names.WITHHELD, "how many rows of each table are shown or withheld"),
)


def fill_cover(sheet: Sheet, index: Index, present: frozenset[str], publisher: Publisher) -> None:
    """Write title, edition, purpose, how to read, symbols and the way to the other sheets."""
    publication = index.publication
    sheet.worksheet.column_dimensions["A"].width = 76
    sheet.line(publication.title, styles.COVER_TITLE, wrap=True)
    edition = sheet.line(f"Edition {publication.edition}", styles.COVER_EDITION)
    edition.border = styles.COVER_BORDER
    sheet.worksheet.row_dimensions[edition.row].height = 30
    if index.warning:
        warning = sheet.line(index.warning, styles.WARNING)
        sheet.worksheet.row_dimensions[warning.row].height = 36
    _section(sheet, "What this is", _purpose(index))
    _section(sheet, "How to read the figures", *_reading(publication))
    _section(sheet, "What counts and what is left out", *merged(publication.left_out))
    _section(sheet, "Symbols", *(f"{sign}  {words}" for sign, words in symbols.MEANINGS.items()))
    _heading(sheet, "In this workbook")
    for name, words in _OTHERS:
        if name in present:
            sheet.line(f"{name}: {words}", to=name)
    if told := tuple(publisher.lines()):
        _section(sheet, "Publisher", *told)


def _purpose(index: Index) -> str:
    tables, topics = len(index.entries), len(index.publication.topics)
    return (
        f"Aggregated answers as {_several(tables, 'table')} on {_several(topics, 'topic')}, "
        "each on a sheet of its own, most with a chart. No answer of a single respondent is in "
        "this file, visible or hidden."
    )


def _reading(publication: Publication) -> tuple[str, ...]:
    rules = publication.policy.rules()
    return (
        intervals_words(publication.tables.values()),
        PARTS_NEED_NOT_ADD_UP,
        "Low and High are the ends of the confidence interval at the level that the heading names.",
        "Base is how many units a figure rests on; the line under each title says which ones.",
        f"{rules.get('groups') or rules['profile']} Other rules withhold what that does not "
        f"protect. See '{names.METHOD}'.",
    )


def _several(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _section(sheet: Sheet, heading: str, *paragraphs: str) -> None:
    _heading(sheet, heading)
    _paragraphs(sheet, *paragraphs)


def _heading(sheet: Sheet, heading: str) -> None:
    cell = sheet.line(heading, styles.SECTION)
    cell.alignment = styles.HEAD_LEFT
    sheet.worksheet.row_dimensions[cell.row].height = 32


def _paragraphs(sheet: Sheet, *paragraphs: str) -> None:
    for paragraph in paragraphs:
        sheet.line(paragraph, wrap=True)


def fill_contents(sheet: Sheet, index: Index) -> None:
    """Write the list of tables, each with a link, and what it counts."""
    sheet.line("Contents", styles.TITLE)
    sheet.line("This sheet holds one table: the tables of this workbook, with links to them.")
    sheet.line("Back to cover", to=names.COVER)
    rows = tuple(
        (
            word(entry.sheet, sheet=entry.sheet),
            word(entry.title),
            word(text.humanised(entry.table.topic) or "Other"),
            word(entry.counted[:1].upper() + entry.counted[1:]),
            word(entry.base, right=True),
        )
        for entry in index.entries
    )
    headings = ("Sheet", "Title", "Topic", "What is counted", "Base")
    sheet.table(Grid(headings, rows), "Contents", widths={"Title": 50})


def fill_notes(sheet: Sheet, index: Index) -> None:
    """Write all notes, numbered, each with the tables that it belongs to."""
    sheet.line("Notes", styles.TITLE)
    sheet.line("This sheet holds one table: the notes that tables refer to by number.")
    sheet.line("Back to contents", to=names.CONTENTS)
    rows = tuple(
        (
            word(f"note {number}"),
            word(note),
            word(_listed([entry.number for entry in index.using(number)])),
        )
        for number, note in enumerate(index.notes, 1)
    )
    sheet.table(Grid(("Note", "Text", "Tables"), rows), "Notes", widths={"Text": 76, "Tables": 20})


def _listed(numbers: list[int]) -> str:
    """Return numbers as text, runs of three and more as ``1 to 5``.

    Examples
    --------
    >>> _listed([1, 2, 3, 5])
    '1 to 3, 5'
    """
    runs: list[list[int]] = []
    for each in numbers:
        if runs and each == runs[-1][-1] + 1:
            runs[-1].append(each)
        else:
            runs.append([each])
    return ", ".join(
        f"{run[0]} to {run[-1]}" if len(run) > 2 else ", ".join(map(str, run)) for run in runs
    )
