"""The columns of a file: as many as its records have cells, each with a heading of its own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

import pyarrow as pa
import pyarrow.compute as pc

from survey.dataclass import dataclass
from survey.exports.export import Issue, Repair
from survey.exports.parse.csv_strict import Irregular, Records
from survey.exports.recognise.heading_checks import unnamed, with_names
from survey.exports.recognise.match import Match
from survey.exports.recognise.phantom_headings import (
    bogus_headings,
    without_bogus_headings,
    without_headings_of_the_first,
)
from survey.exports.source.raw_table import Doubt, Page

__all__ = ["Columns", "columns_of"]

_MOST = 0.5


@dataclass(frozen=True)
class Columns:
    """Headings of a file, the records below them, and what was done to both.

    ``doubts`` are about columns by their place among ``headings``, and ``places`` says where
    each of these stands in the file.
    """

    headings: tuple[str, ...]
    records: Records
    issues: tuple[Issue, ...] = ()
    repairs: tuple[Repair, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    places: tuple[int, ...] = ()

    def doubts_of(self, page: Page) -> Iterator[Doubt]:
        """Yield the doubts of a page, about columns by their place among the headings."""
        where = {place: at for at, place in enumerate(self.places)}
        for doubt in page.doubts:
            if not self.places or doubt.column in where:
                yield replace(doubt, column=where.get(doubt.column, doubt.column))


def columns_of(name: str, match: Match) -> Columns:
    """Return headings and records, without the columns that hold nothing.

    A second column under a heading that is used is left out if it says the same as the first.
    """
    known = {*match.plan(match.edition), *match.plan.fold(match.edition)}
    written = with_names(match.headings, tuple(known))
    header = without_bogus_headings(match, written)
    records = _records(match, header)
    fitted = header
    if match.plan.bare_commas is None and not set(match.plan(match.edition)).difference(header):
        fitted = _fitted(header, records)  # no heading was lost that surplus cells could belong to
    if fitted == header:
        fitted = without_headings_of_the_first(match, header, records)
    if fitted != header:
        header = fitted
        records = _records(match, header)
    named = [each for at, each in enumerate(written, start=1) if each != unnamed(at)]
    issues = tuple(bogus_headings(name, named, header))
    return _without_empty(name, Columns(header, records, issues))


def _records(match: Match, header: Sequence[str]) -> Records:
    return match.page.records(
        match.delimiter, len(header), match.header_rows, line_feeds=match.plan.line_feeds
    )


def _fitted(header: tuple[str, ...], records: Records) -> tuple[str, ...]:
    """Return as many headings as most records have cells, if the others have no name or text."""
    widths = Counter(len(record.cells) for record in records.irregular)
    usual, times = widths.most_common(1)[0] if widths else (len(header), 0)
    if times <= _MOST * (len(records.table) + len(records.irregular)):
        return header
    if usual < len(header):
        surplus = header[usual:]
        blank = all(name == unnamed(usual + at) for at, name in enumerate(surplus, start=1))
        return header[:usual] if blank else header
    beyond = (record.cells[len(header) :] for record in records.irregular)
    if any(any(cells) for cells in beyond):
        return header
    return (*header, *(unnamed(number) for number in range(len(header) + 1, usual + 1)))


def _without_empty(name: str, columns: Columns) -> Columns:
    headings, records = columns.headings, columns.records
    empty = {
        at
        for at, heading in enumerate(headings)
        if heading[-1:] == ")" and heading.endswith(unnamed(at + 1)) and _is_blank(records, at)
    }
    again = set(_repeated(headings, records))
    left_out = empty | again
    if not left_out:
        return columns
    issues = (*columns.issues, *_left_out(name, headings, len(empty), sorted(again)))
    kept = [at for at in range(len(headings)) if at not in left_out]
    names = tuple(headings[at] for at in kept)
    return Columns(names, _only(records, kept, len(headings)), issues, places=tuple(kept))


def _is_blank(records: Records, at: int) -> bool:
    filled = pc.any(pc.not_equal(records.text(at), "")).as_py()
    return not filled and not any(any(each.cells[at : at + 1]) for each in records.irregular)


def _repeated(headings: Sequence[str], records: Records) -> Iterator[int]:
    """Yield the columns that repeat an earlier one, heading and cells."""
    first: dict[str, int] = {}
    for at, heading in enumerate(headings):
        before = first.setdefault(heading, at)
        if before != at:
            here, there = records.text(at), records.text(before)
            if here.equals(there) and not records.irregular:
                yield at


def _left_out(
    name: str, headings: Sequence[str], empty: int, again: Sequence[int]
) -> Iterator[Issue]:
    if empty:
        message = f"{empty} column(s) without a heading or without answers are left out"
        yield Issue(name, 1, "", "empty column", message, 0)
    for at in again:
        message = f"column {at + 1} repeats heading and answers of an earlier one; it is left out"
        yield Issue(name, 1, headings[at], "repeated heading", message, 0)


def _only(records: Records, kept: Sequence[int], width: int) -> Records:
    names = [str(number) for number in range(len(kept))]
    table = pa.table([records.table.column(at) for at in kept], names=names)
    irregular = tuple(
        Irregular(
            record.order,
            record.line,
            (*(record.cells[at] for at in kept if at < len(record.cells)), *record.cells[width:]),
        )
        for record in records.irregular
    )
    return replace(records, table=table, irregular=irregular)
