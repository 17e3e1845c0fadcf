"""Read one export file: from a path to text with its damage on record."""

from __future__ import annotations

import codecs
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from survey.checked import checked
from survey.codebook import Codebook, Edition, Family, read_codebook
from survey.errors import ExportError, Problem, did_you_mean
from survey.exports.bogus import (
    bogus_headings,
    without_bogus_headings,
    without_headings_of_the_first,
)
from survey.exports.cells import Rewriting
from survey.exports.detect import Match, recognize
from survey.exports.export import Export, Issue, Layout, Log
from survey.exports.headings import quotable
from survey.exports.interface import is_json, read_interface
from survey.exports.layouts.dashboard import fold_answers
from survey.exports.mend import mend
from survey.exports.order import out_of_place
from survey.exports.page import Doubt, Page, TextPage
from survey.exports.source import Raw, read_raw, text_of
from survey.exports.times import check_times
from survey.exports.unquoted import looks_unquoted, with_quotes
from survey.exports.workbook import is_workbook, read_sheets
from survey.provenance import Provenance

__all__ = ["read_export", "recognize_export"]

_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_REQUIRED = ("respondent", "deployment", "answer")


@checked(ExportError)
def read_export(
    path: str | Path,
    *,
    edition: str | None = None,
    codebook: Codebook | None = None,
    invented: bool = False,
) -> Export:
    """Read one file with answers.

    Layout, edition, encoding and delimiter are recognized by content, whatever the file is
    called: every export of the survey system since 2014, the same saved again as a workbook,
    the dashboard's raw data, the API's JSON, and files of other survey tools that the codebook
    describes.

    Parameters
    ----------
    path
        Such as ``Survey_*.csv``, ``Survey_Flat_*.csv``, ``surveys.csv`` or an ``.xlsx`` file.
    edition
        Name of the edition, if it must not be guessed from the content.
    codebook
        Codebook to use instead of the shipped one.
    invented
        Whether the answers are made up; every output then says so.

    Returns
    -------
    Export
        One row per record, all text. Records are conserved: ``counts["read"]`` equals
        ``counts["kept"]`` plus the excluded ones.

    Raises
    ------
    ExportError
        If the file cannot be read, is not an export, or is damaged in a way that would make
        other records wrong; the error lists everything found.

    Examples
    --------
    >>> export = read_export("data/raw/Survey_20240831120000.csv")  # doctest: +SKIP
    >>> export.edition.name, export.layout.value  # doctest: +SKIP
    ('2024', 'by-heading')
    """
    raw = read_raw(Path(path), invented=invented)
    known = codebook or read_codebook()
    if is_json(raw):
        return read_interface(raw, known, edition)
    export, match = _read_text(raw, known, edition)
    if export.layout is Layout.DASHBOARD:
        editions = [known.edition(edition)] if edition else _of_the_dashboard(known)
        export = fold_answers(export, editions)
    else:
        export = check_times(match.plan.finish(export))
    return replace(export, provenance=_provenance(raw, export.edition))


def _read_text(raw: Raw, codebook: Codebook, edition: str | None) -> tuple[Export, Match]:
    """Return the records, and how they were recognized; where quotes mean nothing, without."""
    match = recognize(_pages(raw), codebook, edition)
    layout, page = match.edition.layout, match.page
    if layout.family is not Family.TABLE or not isinstance(page, TextPage):
        return _as_written(raw, match, codebook), match
    bare = replace(match, page=TextPage(with_quotes(page.text, layout.delimiter)))
    if not layout.quoted:
        return _as_written(raw, bare, codebook), bare
    try:
        return _as_written(raw, match, codebook), match
    except ExportError:
        if not looks_unquoted(page.text, layout.delimiter):
            raise
        return _as_written(raw, bare, codebook), bare


@checked(ExportError)
def recognize_export(path: str | Path, *, codebook: Codebook | None = None) -> Layout:
    """Return the layout of an export by its headings, without reading its records.

    Raises
    ------
    ExportError
        If the file cannot be read or is not an export.

    Examples
    --------
    >>> recognize_export("data/raw/Survey_20240831120000.csv").value  # doctest: +SKIP
    'by-heading'
    """
    raw, known = read_raw(Path(path)), codebook or read_codebook()
    if is_json(raw):
        return read_interface(raw, known, None).layout
    return recognize(_pages(_beginning(raw)), known).plan.layout


def _beginning(raw: Raw) -> Raw:
    """Return the first lines of a long text file; the rest says nothing about its layout."""
    end = raw.beginning.rfind(b"\n")
    short = raw.size <= len(raw.beginning) or end < 0
    if short or is_workbook(raw) or raw.beginning.startswith(_UTF16):
        return raw
    return raw.cut(end + 1)


def _pages(raw: Raw) -> Sequence[Page]:
    return read_sheets(raw) if is_workbook(raw) else (TextPage(text_of(raw)),)


def _of_the_dashboard(codebook: Codebook) -> list[Edition]:
    family = Family.SURVEY_BUILDER
    return [each for each in codebook if each.layout.family is family and not each.assumed]


def _provenance(raw: Raw, edition: Edition) -> Provenance:
    return Provenance((raw.source,), (edition.name,), (f"read {raw.name}",))


def _as_written(raw: Raw, match: Match, codebook: Codebook) -> Export:
    """Return the records as the file has them, of one width, damaged ones put back."""
    plan, page = match.plan, match.page
    written = tuple(
        heading or f"(column {number})" for number, heading in enumerate(match.headings, start=1)
    )
    header = without_bogus_headings(match, written)
    keys = plan.keys(match.edition)
    _refuse_headings(raw.name, header, [keys[role] for role in _REQUIRED if role in keys])
    records = page.records(
        match.delimiter, len(header), match.header_rows, line_feeds=plan.line_feeds
    )
    shorter = without_headings_of_the_first(match, header, records)
    if shorter != header:
        header = shorter
        records = page.records(
            match.delimiter, len(header), match.header_rows, line_feeds=plan.line_feeds
        )
    placed = plan.place(match.edition, header)
    mended = mend(raw.name, records, header, placed, plan, keys)
    issues = (
        *page.issues,
        *bogus_headings(raw.name, written, header),
        *_heading_issues(raw.name, match, header),
    )
    export = Export(
        plan.layout,
        match.edition,
        codebook,
        header,
        mended.table,
        mended.lines,
        placed,
        Log(tuple(page.repairs), issues).merge([mended.log]),
        mended.counts,
        _provenance(raw, match.edition),
        mended.uncertain,
        keys,
    )
    return _with_doubts(export, page.doubts)


def _with_doubts(export: Export, doubts: Iterable[Doubt]) -> Export:
    """Mark the cells that a spreadsheet changed; in a time column a date is no surprise."""
    found = tuple(doubts)
    if not found:
        return export
    work = Rewriting(export)
    row_of = {int(line): row for row, line in enumerate(export.lines)}
    times = {export.keys.get("created"), export.keys.get("edited")}
    for doubt in found:
        row, inside = row_of.get(doubt.line), doubt.column < len(export.headings)
        if row is None or not inside:
            continue
        if doubt.code == "date" and export.headings[doubt.column] in times:
            continue
        work.doubt(doubt.column, [row], doubt.code, doubt.message)
    return work.done() if work.issues else export


def _refuse_headings(name: str, header: Sequence[str], required: Sequence[str]) -> None:
    """Refuse columns that cannot be told apart, and records that could not be."""
    quoted = quotable(header)
    problems = [
        Problem(
            f"{name}, line 1",
            f"the heading {heading if quoted else '...'!r} more than once",
            "each heading once",
            "the columns cannot be told apart: export it again",
        )
        for heading, times in Counter(header).items()
        if times > 1
    ]
    problems += [
        Problem(
            f"{name}, line 1",
            f"no heading {heading!r}",
            "the number by which each record is known",
            "export the file again and leave its columns as they are",
        )
        for heading in required
        if heading not in header
    ]
    if problems:
        raise ExportError(f"Cannot read {name}", problems)


def _heading_issues(name: str, match: Match, header: Sequence[str]) -> Iterator[Issue]:
    expected, fold = match.plan(match.edition), match.plan.fold(match.edition)
    present = {fold.get(heading, heading) for heading in header} | set(header)
    lacking = [heading for heading in expected if heading not in present]
    known, quoted = set(expected), quotable(header)
    for number, heading in enumerate(header, start=1):
        if heading not in known and heading not in fold:
            hint = did_you_mean(heading, lacking) or _bind_hint(match.edition)
            yield Issue(
                name,
                1,
                heading if quoted else f"(column {number})",
                "unknown heading",
                f"the codebook of {match.edition.name} does not know it; {hint}",
            )
    if match.plan.whole:
        for heading in lacking:
            yield Issue(
                name,
                1,
                heading,
                "absent heading",
                f"the codebook of {match.edition.name} expects it; its answers are missing",
            )
    if match.plan.ordered:
        yield from _moved_headings(name, out_of_place(match.edition, expected, header))


def _moved_headings(name: str, headings: Sequence[str]) -> Iterator[Issue]:
    message = (
        "the survey system writes it elsewhere: if the heading was moved without its column, "
        "the answers beneath it belong to another question"
    )
    for heading in headings:
        yield Issue(name, 1, heading, "heading out of place", message, 0)


def _bind_hint(edition: Edition) -> str:
    return f"bind it with: survey codebook bind {edition.name} CONCEPT HEADING"
