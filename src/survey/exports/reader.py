"""Read one export file: from a path to text with its damage on record."""

from __future__ import annotations

import codecs
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from survey.checked import checked
from survey.codebook import Codebook, Edition, Family, read_codebook
from survey.errors import ExportError, Problem
from survey.exports import api
from survey.exports.export import Export, Layout, Log, Repair
from survey.exports.layouts.dashboard import fold_answers
from survey.exports.parse.columns import Columns, columns_of
from survey.exports.realign.divided_records import with_records_joined
from survey.exports.realign.fix_width import mend
from survey.exports.recognise.divide import Portion, divide
from survey.exports.recognise.heading_checks import (
    heading_issues,
    refuse_headings,
    respelled_headings,
)
from survey.exports.recognise.joined_files import parts_of, without_lines_above
from survey.exports.recognise.match import Match, recognize
from survey.exports.recognise.other_year import known_edition, say_other_year
from survey.exports.repair.blank_words import without_blank_words
from survey.exports.repair.column_editor import Rewriting
from survey.exports.repair.conversions import undo_conversions
from survey.exports.repair.merged_cells import with_merged_cells_filled
from survey.exports.repair.record_numbers import with_whole_keys
from survey.exports.source import workbook
from survey.exports.source.escaped import looks_escaped, without_escapes
from survey.exports.source.first_bytes import is_json, is_workbook
from survey.exports.source.raw_file import Raw, read_raw, text_of
from survey.exports.source.raw_table import Doubt, Page, TextPage
from survey.exports.source.unquoted import looks_unquoted, with_quotes
from survey.exports.times import check_times
from survey.exports.together import together
from survey.provenance import Provenance

__all__ = ["read_editions", "read_export", "recognize_export"]

_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


@checked(ExportError)
def read_export(
    path: str | Path,
    *,
    edition: str | None = None,
    codebook: Codebook | None = None,
    invented: bool = False,
) -> Export:
    """Read one file with answers to one edition.

    Layout, edition, encoding and delimiter are recognized by content, whatever the file is
    called: every export of the survey system since 2014, the same saved again as a workbook,
    the dashboard's raw data, the API's JSON, and files of other survey tools that the codebook
    describes.

    Parameters
    ----------
    path
        Such as ``Survey_*.csv``, ``Survey_Flat_*.csv``, ``surveys.csv`` or an ``.xlsx`` file.
    edition
        Name of the edition, if it must not be told from the content. Of a file that holds
        several, its records are read and the others excluded.
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
        If the file cannot be read, is not an export, holds several editions, or is damaged in
        a way that would make other records wrong; the error lists everything found.

    Examples
    --------
    >>> export = read_export("data/raw/Survey_20240831120000.csv")  # doctest: +SKIP
    >>> export.edition.name, export.layout.value  # doctest: +SKIP
    ('2024', 'by-heading')
    """
    exports = read_editions(path, edition=edition, codebook=codebook, invented=invented)
    if len(exports) > 1:
        raise _several(Path(path).name, exports)
    return exports[0]


@checked(ExportError)
def read_editions(
    path: str | Path,
    *,
    edition: str | None = None,
    codebook: Codebook | None = None,
    invented: bool = False,
) -> tuple[Export, ...]:
    """Read one file with answers to one or several editions.

    A file that was put together from several, with or without their heading lines, is divided
    by edition; otherwise this is :func:`read_export`, which has the errors.

    Parameters
    ----------
    path
        The file.
    edition
        Read the answers to this edition alone; by default each record's dates decide.
    codebook
        What the editions ask; by default the one that comes with the package.
    invented
        Whether the answers are made up; every output then says so.

    Returns
    -------
    tuple of Export
        One for each edition, in the order of their years; several of one edition where the
        file's parts have different headings. :func:`survey.clean` takes them all.

    Examples
    --------
    >>> exports = read_editions("joined.csv")  # doctest: +SKIP
    >>> [export.edition.name for export in exports]  # doctest: +SKIP
    ['2023', '2024']
    """
    raw = read_raw(Path(path), invented=invented)
    known = codebook or read_codebook()
    known_edition(Path(path), edition, known)
    exports = _apart(raw, _exports_in(raw, known, edition))
    return exports if edition else say_other_year(Path(path), exports, known)


def _exports_in(raw: Raw, known: Codebook, edition: str | None) -> Sequence[Export]:
    """Return the records of a file, one export for each edition."""
    if is_json(raw):
        return api.read_api(raw, known, edition)
    whole = _recognized(raw, known, edition)
    parts = parts_of(whole[0], known)
    found: list[tuple[Match, Export]] = []
    for part in parts:
        matches = whole if len(parts) == 1 else recognize([part], known, edition)
        found += _with_or_without_quotes(raw, matches, known, edition)
    return [_finished(match, export, known, edition) for match, export in together(found)]


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
        return api.read_api(raw, known, None)[0].layout
    return _recognized(_beginning(raw), known, None)[0].plan.layout


def _beginning(raw: Raw) -> Raw:
    """Return the first lines of a long text file; the rest says nothing about its layout."""
    end = raw.beginning.rfind(b"\n")
    short = raw.size <= len(raw.beginning) or end < 0
    if short or is_workbook(raw) or raw.beginning.startswith(_UTF16):
        return raw
    return raw.cut(end + 1)


def _recognized(raw: Raw, codebook: Codebook, edition: str | None) -> tuple[Match, ...]:
    """Return what explains the headings, which need not stand in the first line."""
    pages = _pages(raw)
    try:
        return recognize(pages, codebook, edition)
    except ExportError:
        below = [each for page in pages if (each := without_lines_above(page, codebook))]
        if not below:
            raise
        return recognize(below, codebook, edition)


def _pages(raw: Raw) -> Sequence[Page]:
    return workbook.read_sheets(raw) if is_workbook(raw) else (TextPage(text_of(raw)),)


def _with_or_without_quotes(
    raw: Raw, matches: Sequence[Match], codebook: Codebook, edition: str | None
) -> list[tuple[Match, Export]]:
    """Return the records of one part of a file; where quotes mean nothing, read without."""
    first = matches[0]
    layout, page = first.edition.layout, first.page
    if not isinstance(page, TextPage):
        return _exports_of(raw, matches, codebook, edition)
    if layout.family is not Family.TABLE or layout.quoted:
        try:
            return _exports_of(raw, matches, codebook, edition)
        except ExportError as error:
            again = _read_otherwise(first, page, matches)
            if not again:
                raise
            try:
                return _exports_of(raw, again, codebook, edition)
            except ExportError:
                raise error from None
    return _exports_of(raw, [_without_quotes(first, page)], codebook, edition)


def _read_otherwise(first: Match, page: TextPage, matches: Sequence[Match]) -> list[Match]:
    """Return how else quotes can be meant in a file that cannot be read by the usual rules."""
    if first.edition.layout.family is Family.TABLE and looks_unquoted(page.text, first.delimiter):
        return [_without_quotes(first, page)]
    if not looks_escaped(page.text):
        return []
    text = without_escapes(page.text)
    return [replace(match, page=replace(page, text=text)) for match in matches]


def _without_quotes(match: Match, page: TextPage) -> Match:
    return replace(match, page=TextPage(with_quotes(page.text, match.delimiter)))


def _exports_of(
    raw: Raw, matches: Sequence[Match], codebook: Codebook, edition: str | None
) -> list[tuple[Match, Export]]:
    """Return the records of one part of a file, one export for each edition."""
    columns = columns_of(raw.name, matches[0])
    refuse_headings(raw.name, matches[0], columns.headings)
    columns = _with_whole_records(raw.name, matches[0], columns)
    portions = divide(raw.name, matches, columns, codebook, edition)
    exports: list[tuple[Match, Export]] = []
    for portion in portions:
        export = _as_written(raw, portion, columns, codebook)
        log = Log((), columns.issues).merge([export.log]) if not exports else export.log
        exports.append((portion.match, replace(export, log=log)))
    return exports


def _with_whole_records(name: str, match: Match, columns: Columns) -> Columns:
    """Return records with their numbers, blanks and all their lines, as the exporter wrote them."""
    plan, edition = match.plan, match.edition
    if plan.family is Family.TABLE or plan.layout is Layout.DASHBOARD:
        return columns
    keys, placed = plan.keys(edition), plan.place(edition, columns.headings)
    columns = without_blank_words(name, columns, placed, keys)
    columns = with_whole_keys(name, columns, keys)
    if plan.exporter:
        columns = with_merged_cells_filled(name, columns, placed, keys)
    return with_records_joined(name, columns, placed, keys) if plan.exporter else columns


def _as_written(raw: Raw, portion: Portion, columns: Columns, codebook: Codebook) -> Export:
    """Return records as the file has them, of one width, damaged ones put back."""
    match, header = portion.match, columns.headings
    plan, page = match.plan, match.page
    keys = plan.keys(match.edition)
    placed = plan.place(match.edition, header)
    mended = mend(raw.name, portion.records, header, placed, plan, keys, elsewhere=portion.excluded)
    repairs = (*page.repairs, *respelled_headings(raw.name, match))
    issues = (*page.issues, *heading_issues(raw.name, match, header))
    export = Export(
        plan.layout,
        match.edition,
        codebook,
        header,
        mended.table,
        mended.lines,
        placed,
        Log((*repairs, *_on(columns.repairs, mended.lines)), issues).merge([mended.log]),
        mended.counts,
        _provenance(raw, match.edition),
        mended.uncertain,
        keys,
    )
    doubts = (*columns.doubts_of(page), *columns.doubts)
    return _with_strays(_with_doubts(export, doubts), portion.strays)


def _on(repairs: Iterable[Repair], lines: npt.NDArray[np.int64]) -> Iterator[Repair]:
    """Yield repairs with those of their lines that are among some lines."""
    for repair in repairs:
        own = np.asarray(repair.lines)
        kept = own[np.isin(own, lines)]
        if len(kept):
            yield replace(repair, lines=kept)


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


def _with_strays(export: Export, lines: Sequence[int]) -> Export:
    """Mark times that say another year than the number of the record does."""
    work = Rewriting(export)
    row_of = {int(line): row for row, line in enumerate(export.lines)} if lines else {}
    message = "its year is not that of the records whose numbers are next to this one's"
    for role in ("created", "edited"):
        heading = export.keys.get(role)
        if heading in export.headings:
            rows = [row_of[line] for line in lines if line in row_of]
            work.doubt(export.headings.index(heading), rows, "time in doubt", message)
    return work.done() if work.issues else export


def _finished(match: Match, export: Export, codebook: Codebook, edition: str | None) -> Export:
    """Return an export whose cells are in the form that parsing expects."""
    if export.layout is Layout.DASHBOARD:
        editions = [codebook.edition(edition)] if edition else _of_the_dashboard(codebook)
        return fold_answers(export, editions)
    if match.plan.family is Family.TABLE:  # which has its own way to write times
        return check_times(match.plan.finish(undo_conversions(export)))
    return match.plan.finish(check_times(undo_conversions(export)))


def _of_the_dashboard(codebook: Codebook) -> list[Edition]:
    family = Family.SURVEY_BUILDER
    return [each for each in codebook if each.layout.family is family and not each.assumed]


def _provenance(raw: Raw, edition: Edition) -> Provenance:
    return Provenance((raw.source,), (edition.name,), (f"read {raw.name}",))


def _apart(raw: Raw, exports: Sequence[Export]) -> tuple[Export, ...]:
    """Give exports that come from one file names of their own."""
    if len(exports) == 1:
        return (replace(exports[0], provenance=_provenance(raw, exports[0].edition)),)
    apart = []
    for number, export in enumerate(exports, start=1):
        alike = sum(each.edition.name == export.edition.name for each in exports) > 1
        own = f"{export.edition.name}, part {number}" if alike else export.edition.name
        source = replace(raw.source, name=f"{raw.name} [{own}]")
        steps = (f"read {export.edition.name} of {raw.name}",)
        provenance = Provenance((source,), (export.edition.name,), steps)
        apart.append(replace(export, provenance=provenance))
    return tuple(apart)


def _several(name: str, exports: Sequence[Export]) -> ExportError:
    editions = sorted({export.edition.name for export in exports})
    parts = " and ".join(f"{len(each)} records of {each.edition.name}" for each in exports)
    one = f"edition={editions[-1]!r} reads one of them" if len(editions) > 1 else "or divide it"
    problem = Problem(
        name,
        f"a file put together from several: {parts}",
        "answers to one edition under one heading line",
        f"read_editions(path) returns them one by one; {one}",
    )
    return ExportError(f"{name} holds more than one export", [problem])
