"""The records of one part of a file, divided by the edition that they answer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import field, replace

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from survey.codebook import Codebook
from survey.dataclass import dataclass
from survey.errors import ExportError, Problem
from survey.exports.parse.columns import Columns
from survey.exports.parse.csv_strict import Records
from survey.exports.recognise.match import Match
from survey.exports.recognise.record_editions import Stamps, Stretches
from survey.exports.times import Calendar
from survey.exports.usual_cells import only_year

__all__ = ["Portion", "divide"]

_FINE = r"^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)$"
_TIMES = 0.9  # of the cells of a column that holds times
_NAME_IT = "name the edition: read_export(path, edition=...), or 'edition' in survey.toml"


@dataclass(frozen=True)
class Portion:
    """Records of one edition.

    ``strays`` are lines whose time says another year than the number of the record does, and
    ``excluded`` lines of records that are of no edition or another one: line -> why.
    """

    match: Match
    records: Records
    strays: tuple[int, ...] = ()
    excluded: Mapping[int, str] = field(default_factory=dict)


def divide(
    name: str, matches: Sequence[Match], columns: Columns, codebook: Codebook, edition: str | None
) -> list[Portion]:
    """Return the records by edition: one portion, or several in the order of their years.

    Raises
    ------
    ExportError
        If nothing tells which of several editions was answered, or records of two years would
        be read as one edition.
    """
    first = matches[0]
    if not (first.plan.exporter and first.plan.names_edition):
        return [Portion(first, columns.records)]
    year = _only_year(first, columns)
    if year is not None:
        return [Portion(_match_of(matches, year), columns.records)]
    rows = _Rows.of(first, columns)
    if rows is None:
        _refuse_unknown_edition(name, matches, columns.records)
        return [Portion(first, columns.records)]
    year = rows.only_year()
    if year is not None:
        return [Portion(_match_of(matches, year), columns.records)]
    return _by_edition(name, matches, columns.records, rows, codebook, edition)


def _only_year(match: Match, columns: Columns) -> int | None:
    """Return the year in which all records were begun, if a look at whole columns tells it."""
    created = match.plan.keys(match.edition).get("created")
    if created is None or created not in columns.headings:
        return None
    at, records = columns.headings.index(created), columns.records
    year = only_year(records.table.column(at))
    rest = ["".join(record.cells[at : at + 1]) for record in records.irregular]
    return year if not rest or year == only_year(pa.chunked_array([rest])) else None


@dataclass(frozen=True)
class _Rows:
    """What tells the edition of each record, in the order of the file."""

    stamps: Stamps
    lines: Sequence[int]

    @classmethod
    def of(cls, match: Match, columns: Columns) -> _Rows | None:
        """Look at the columns with number and times; None if there are no times."""
        headings, keys = columns.headings, match.plan.keys(match.edition)
        roles = ("respondent", "created", "edited")
        at = [headings.index(keys[each]) if keys[each] in headings else None for each in roles]
        if at[1] is None and at[2] is None:
            at[1] = _column_of_times(columns)
        if at[1] is None and at[2] is None:
            return None
        records = columns.records
        order = np.concatenate([records.order, [each.order for each in records.irregular]])
        lines = np.concatenate([records.lines, [each.line for each in records.irregular]])
        sequence = np.argsort(order, kind="stable")
        numbers, created, edited = (_cells(records, each, sequence) for each in at)
        return cls(Stamps(numbers, created, edited), lines[sequence].astype(int).tolist())

    def only_year(self) -> int | None:
        """Return the year of all records if they are of one, in the system's own form."""
        if not self.stamps.created:
            return None
        cells = pa.array(self.stamps.created, pa.string())
        if not pc.all(pc.match_substring_regex(cells, _FINE)).as_py():
            return None
        years = pc.unique(pc.utf8_slice_codeunits(cells, 0, 4)).to_pylist()
        return int(years[0]) if len(years) == 1 else None


def _cells(records: Records, at: int | None, sequence: npt.NDArray[np.int64]) -> list[str]:
    if at is None:
        return [""] * len(sequence)
    cells = records.text(at).to_pylist()
    cells += ["".join(record.cells[at : at + 1]) for record in records.irregular]
    return [cells[row] for row in sequence]


def _column_of_times(columns: Columns) -> int | None:
    """Return the first column that holds times, whatever its heading; a day alone is none."""
    for at in range(records_width(columns)):
        texts = [text for text in columns.records.text(at).to_pylist() if text]
        timed = [text for text in texts[:50] if ":" in text]
        calendar = Calendar.of([timed]) if timed else None
        if calendar and sum(calendar.year(text) is not None for text in timed) > _TIMES * len(
            texts[:50]
        ):
            return at
    return None


def records_width(columns: Columns) -> int:
    """Return the number of columns."""
    return int(columns.records.table.num_columns)


def _match_of(matches: Sequence[Match], year: int) -> Match:
    """Return the edition of a year; if there is none, the nearest whose headings fit best."""
    own = [match for match in matches if match.edition.name == str(year)]
    if own:
        return own[0]
    best = max(match.overlap for match in matches) - 1e-9

    def distance(match: Match) -> tuple[int, str]:
        name = match.edition.name
        return (abs(int(name) - year) if name.isdigit() else 9999, name)

    return min((match for match in matches if match.overlap > best), key=distance)


def _by_edition(
    name: str,
    matches: Sequence[Match],
    records: Records,
    rows: _Rows,
    codebook: Codebook,
    edition: str | None,
) -> list[Portion]:
    stretches = Stretches.of(rows.stamps)
    counts = {year: n for year, n in stretches.counts.items() if year not in stretches.rare}
    if not counts:
        _refuse_unknown_edition(name, matches, records)
        return [Portion(matches[0], records)]
    own = {year: _match_of(matches, year) for year in counts}
    _refuse_merging(name, own, counts, edition)
    wanted = _wanted(own, codebook, edition)
    excluded = {
        line: _why_not(year, wanted)
        for line, year in zip(rows.lines, stretches.years, strict=True)
        if year not in wanted and (len(own) > 1 or year != 0)
    }
    lone = next(iter(own)) if len(own) == 1 else 0
    strays = {rows.lines[row] for row in stretches.strays}
    portions: list[Portion] = []
    for year in sorted(wanted):
        lines = {
            line
            for line, each in zip(rows.lines, stretches.years, strict=True)
            if (each or lone) == year
        }
        first = not portions
        out = excluded if first else {}
        part = _only(records, lines | set(out), whole=first)
        portions.append(Portion(own[year], part, tuple(sorted(strays & lines)), out))
    return portions


def _wanted(own: Mapping[int, Match], codebook: Codebook, edition: str | None) -> set[int]:
    """Return the years to be read: with a named edition, only those that are not of another."""
    if edition is None or len(own) == 1:
        return set(own)
    others = {year for year in own if str(year) in codebook.editions and str(year) != edition}
    return set(own) - others or set(own)


def _why_not(year: int, wanted: set[int]) -> str:
    read = ", ".join(map(str, sorted(wanted)))
    if not year:
        return f"nothing tells in which year it was begun; {read} is read from this file"
    return f"begun in {year}, while {read} is read from this file; the record is left out"


def _refuse_merging(
    name: str, own: Mapping[int, Match], counts: Mapping[int, int], edition: str | None
) -> None:
    """Refuse to read records of two years as one edition."""
    times = Counter(match.edition.name for match in own.values())
    doubled = {each for each, n in times.items() if n > 1}
    years = [year for year, match in own.items() if match.edition.name in doubled]
    if edition is None and doubled:
        said = " and ".join(f"{counts[year]} begun in {year}" for year in sorted(years))
        problem = Problem(
            name,
            f"records of several editions: {said}",
            "a codebook file for the edition of each year",
            f"keep the records of one edition in a file, or {_NAME_IT}",
        )
        raise ExportError(f"Cannot read {name}", [problem])


def _refuse_unknown_edition(name: str, matches: Sequence[Match], records: Records) -> None:
    """Refuse a file whose headings fit several editions and whose records have no time."""
    best = max(match.overlap for match in matches) - 1e-9
    fitting = sorted(match.edition.name for match in matches if match.overlap > best)
    if len(fitting) > 1:
        what = "times" if len(records.table) or records.irregular else "records"
        problem = Problem(
            name,
            f"headings that the editions {', '.join(fitting)} share, and no {what}",
            "something that tells which edition was answered, such as 'Created'",
            _NAME_IT,
        )
        raise ExportError(f"It is not clear which edition {name} holds", [problem])


def _only(records: Records, lines: set[int], *, whole: bool) -> Records:
    """Return the records that begin on some lines; what is no record goes with the first."""
    keep = np.isin(records.lines, sorted(lines))
    return replace(
        records,
        table=records.table.filter(pa.array(keep)),
        order=records.order[keep],
        lines=records.lines[keep],
        irregular=tuple(each for each in records.irregular if each.line in lines),
        blank_lines=records.blank_lines if whole else (),
        last_line_complete=records.last_line_complete or not whole,
        carriage_returns=tuple(line for line in records.carriage_returns if line in lines),
        encoded_twice=tuple(line for line in records.encoded_twice if line in lines),
    )
