"""Read one export file: from a path to text with its damage on record."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from survey.codebook import Codebook, Edition, read_codebook
from survey.errors import ExportError, Problem, did_you_mean
from survey.exports.detect import Match, recognize
from survey.exports.export import Export, Issue, Layout, Log, Repair
from survey.exports.layouts import LAYOUTS, placements
from survey.exports.mend import mend
from survey.exports.records import header_of, tokenise
from survey.exports.source import Text, read_text
from survey.provenance import Provenance

__all__ = ["read_export"]


def read_export(
    path: str | Path,
    *,
    edition: str | None = None,
    codebook: Codebook | None = None,
    invented: bool = False,
) -> Export:
    """Read one file that the survey system exported.

    The layout and the edition are recognized by content, whatever the file is called.

    Parameters
    ----------
    path
        A ``Survey_*.csv``, ``Survey_Flat_*.csv`` or ``Survey_by_companies*.csv`` file.
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
    text = read_text(Path(path))
    known = codebook or read_codebook()
    written = header_of(text.name, text.data)
    match = recognize(text.name, written, text.data, known, edition)
    header = _without_bogus_headings(match, written)
    _refuse_repeated_headings(text.name, header)
    records = tokenise(text.name, text.data, width=len(header))
    placed = placements(match.layout, match.edition, header)
    mended = mend(text.name, records, header, placed)
    log = Log(
        tuple(_text_repairs(text)),
        (*_bogus_headings(text.name, written, header), *_heading_issues(text.name, match, header)),
    ).merge([mended.log])
    source = replace(text.source, invented=invented)
    provenance = Provenance((source,), (match.edition.name,), (f"read {text.name}",))
    return Export(
        match.layout,
        match.edition,
        known,
        header,
        mended.table,
        mended.lines,
        placed,
        log,
        mended.counts,
        provenance,
        mended.uncertain,
    )


def _without_bogus_headings(match: Match, header: Sequence[str]) -> tuple[str, ...]:
    """Drop ``Name - ``, which a blank answer in the first record adds to a flat heading line."""
    bogus = {f"{question.heading} - " for question in match.edition.questions if question.flat}
    return tuple(heading for heading in header if heading not in bogus)


def _bogus_headings(name: str, written: Sequence[str], header: Sequence[str]) -> Iterator[Issue]:
    kept = set(header)
    for heading in written:
        if heading not in kept:
            yield Issue(
                name,
                1,
                heading,
                "bogus heading",
                "a blank answer in the first record added this heading; it is left out "
                "and the other records are read in their own columns",
            )


def _refuse_repeated_headings(name: str, header: Sequence[str]) -> None:
    repeated = [heading for heading, times in Counter(header).items() if times > 1]
    if repeated:
        raise ExportError(
            f"Cannot read {name}",
            [
                Problem(
                    f"{name}, line 1",
                    f"the heading {heading!r} more than once",
                    "each heading once",
                    "the columns cannot be told apart: export it again",
                )
                for heading in repeated
            ],
        )


def _text_repairs(text: Text) -> Iterator[Repair]:
    for rule, explanation in text.notes:
        yield Repair(text.name, "", "", explanation, rule, (1,))


def _heading_issues(name: str, match: Match, header: Sequence[str]) -> Iterator[Issue]:
    expected = LAYOUTS[match.layout](match.edition)
    lacking = [heading for heading in expected if heading not in set(header)]
    for heading in header:
        if heading not in set(expected):
            hint = did_you_mean(heading, lacking) or _bind_hint(match.edition)
            yield Issue(
                name,
                1,
                heading,
                "unknown heading",
                f"the codebook of {match.edition.name} does not know it; {hint}",
            )
    if match.layout is not Layout.BY_COMPANY:
        for heading in lacking:
            yield Issue(
                name,
                1,
                heading,
                "absent heading",
                f"the codebook of {match.edition.name} expects it; its answers are missing",
            )


def _bind_hint(edition: Edition) -> str:
    return f"bind it with: survey codebook bind {edition.name} CONCEPT HEADING"
