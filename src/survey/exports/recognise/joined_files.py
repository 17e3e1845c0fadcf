"""Files that were put together from several: where the next heading line begins.

People join exports with ``cat`` or by copying one sheet below another, the heading line with
them, and its columns may come in another order. Each part is read by its own headings.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace

from survey.codebook import Codebook
from survey.errors import ExportError
from survey.exports.layouts import plans_of
from survey.exports.parse.csv_strict import headings_of, line_of
from survey.exports.recognise.match import Match
from survey.exports.source import workbook
from survey.exports.source.raw_table import Page, TextPage
from survey.exports.spelling import folded

__all__ = ["is_heading_line", "parts_of", "without_lines_above"]

_SURE, _LEAST = 0.5, 3
_MARKS = (b"SurveyID", b"CreatedByID", b"LastEdited")
_TABLE, _LINES_ABOVE = (",", ";", "\t", "|"), 30
_BOM = b"\xef\xbb\xbf"
_RECORD = re.compile(rb'"?\d+"?[,;\t|]').match


def parts_of(match: Match, codebook: Codebook) -> list[Page]:
    """Return the page divided in front of every heading line; the first part is recognized."""
    page = match.page
    if isinstance(page, TextPage):
        return list(_parts_of_text(page, match, codebook))
    if isinstance(page, workbook.SheetPage) and match.plan.exporter:
        known = _known_to_the_exporter(codebook)
        rows = sorted(page.rows)
        starts = [row for row in rows[1:] if is_heading_line(page.rows[row].values(), known)]
        return list(page.divided(starts))
    return [page]


def without_lines_above(page: Page, codebook: Codebook) -> Page | None:
    """Return a page from its first line of headings on, if there are other lines above it.

    Only the headings of the survey system are known well enough for that.
    """
    known = _known_to_the_exporter(codebook)
    if not isinstance(page, TextPage):
        if not isinstance(page, workbook.SheetPage):
            return None
        rows = sorted(page.rows)[:_LINES_ABOVE]
        starts = [row for row in rows if is_heading_line(page.rows[row].values(), known)]
        return list(page.divided(starts[:1]))[1] if starts else None
    text, start = page.text, 0
    for above in range(_LINES_ABOVE):
        stop = line_of(text.data, start)[1]
        line = text.data[start:stop].removeprefix(_BOM)
        if any(is_heading_line(cells, known) for cells in _divided(page, _TABLE, line)):
            note = ("lines above", f"{above} line(s) above the headings are not read")
            data = text.data[start:]
            return TextPage(replace(text, data=data, notes=(*text.notes, note), above=above))
        start = stop + 1
    return None


def _parts_of_text(page: TextPage, match: Match, codebook: Codebook) -> Iterator[Page]:
    text = page.text
    starts = [0, *_heading_lines(text.data, match, codebook)]
    for start, stop in zip(starts, [*starts[1:], len(text.data)], strict=True):
        above = text.above + text.data.count(b"\n", 0, start)
        data = text.data[start:stop]
        part = replace(text, data=data.removeprefix(_BOM) if start else data, above=above)
        yield TextPage(replace(part, notes=()), below=True) if start else TextPage(part)


def _known_to_the_exporter(codebook: Codebook) -> frozenset[str]:
    """Return every heading that an export of any edition can have, folded."""
    return frozenset(
        folded(heading)
        for edition in codebook
        for plan in plans_of(edition.layout.family)
        if plan.exporter
        for heading in plan(edition)
    )


def is_heading_line(cells: Iterable[str], known: Collection[str]) -> bool:
    """Whether most of what stands in a line are headings.

    Examples
    --------
    >>> known = {"surveyid", "email", "organization"}
    >>> is_heading_line(["Email", "SurveyID", "Organization", ""], known)
    True
    >>> is_heading_line(["17", "Email", "", ""], known)
    False
    """
    filled = [cell for cell in cells if cell.strip()]
    if len(filled) < _LEAST or filled[0].strip().isdecimal():
        return False
    return sum(folded(cell) in known for cell in filled) > _SURE * len(filled)


def _heading_lines(data: bytes, match: Match, codebook: Codebook) -> Iterator[int]:
    """Yield where each heading line after the first begins, as a position in ``data``.

    In files of the survey system a line counts if most of its cells are known headings; in
    those of other tools, where an answer can have the text of a heading, only the same line.
    """
    stop = line_of(data, 0)[1]
    if not match.plan.exporter:
        first = data[:stop].rstrip(b"\r")
        if match.header_rows == 1 and match.plan.keys(match.edition):
            yield from _repeats(data, first, stop)
        return
    known: frozenset[str] | None = None
    for start, end in _lines_with(data, stop, _MARKS):
        known = known or _known_to_the_exporter(codebook)
        line = data[start:end].removeprefix(_BOM)
        if any(
            is_heading_line(cells, known)
            for cells in _divided(match.page, match.plan.delimiters, line)
        ):
            yield start


def _divided(page: Page, usual: Sequence[str], line: bytes) -> Iterator[Sequence[str]]:
    for delimiter in page.delimiters(usual):
        with suppress(ExportError):  # a quote alone: the line is read as a record, and refused
            yield headings_of(page.name, line + b"\n", delimiter)[0]


def _lines_with(data: bytes, stop: int, marks: Sequence[bytes]) -> Iterator[tuple[int, int]]:
    """Yield the lines below ``stop`` that hold a mark, but those that begin with a number.

    Nearly all lines are records, which begin with one: then a few bytes of each are enough.
    """
    start = data.find(b"\n", stop) + 1
    while start:
        if not _RECORD(data, start):
            end = line_of(data, start)[1]
            if any(data.find(mark, start, end) >= 0 for mark in marks):
                yield start, end
        start = data.find(b"\n", start) + 1


def _repeats(data: bytes, line: bytes, stop: int) -> Iterator[int]:
    at = data.find(b"\n" + line, stop) if line.strip() else -1
    while at >= 0:
        start, end = line_of(data, at + 1)
        if data[start:end].rstrip(b"\r") == line:
            yield start
        at = data.find(b"\n" + line, at + 1)
