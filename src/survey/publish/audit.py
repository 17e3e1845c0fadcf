"""Audit of a published document: percentages that do not follow from their counts.

Reads the document alone. A percentage follows from a count if it is the count over its base,
rounded at the last digit printed; of two halves either is right. The base of a table is looked
for in this order: a column beside the count; a number that the text around the table names; the
sum of the counts; and, for tables whose base nobody names, the whole number that explains most
of the rows. Rows that do not agree with the base of their table are findings. So are the rows of a
table whose section names one base, where they follow from one that another section names; and
sentences that state a change whose interval holds zero (:mod:`survey.publish.audit_changes`), and
cells with both numbers and shares in words (:mod:`survey.publish.audit_cells`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import permutations
from pathlib import Path

from survey.checked import checked
from survey.dataclass import dataclass
from survey.errors import Problem, PublishError
from survey.files import read_file
from survey.publish.audit_cells import Cell, SaidShare, cells_of, heading_base, said_shares
from survey.publish.audit_changes import UnclearChange, unclear_changes
from survey.publish.documents import Document, FoundTable, read_document
from survey.publish.format import integer, rounded

__all__ = ["SaidShare", "Slip", "UnclearChange", "audit", "audit_text"]

_CELL = re.compile(r"^~?\s*(\d{1,3}(?:,\d{3})+|\d+)(\.\d+)?\s*(%|percent|per cent)?$", re.I)
_PERCENT = re.compile(r"%|percent|per cent|\bshare\b|proportion", re.I)
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_TOTAL = re.compile(r"^(?:grand )?(?:total|sum|all)\b", re.I)
_NUMBER = re.compile(
    r"(?<![\d.,\w-])(\d{1,3}(?:,\d{3})+|\d{2,6})"
    r"(?![\d\w%]|[.,]\d|\s*(?:%|percent))"
)
_INLINE = re.compile(
    r"(?<![\d.,])(\d[\d,]*)(?:\s+(?:of|out of)\s+(?:the\s+|all\s+)?(\d[\d,]*)\b[^.;:\d%]{0,40}?\(?"
    r"|\s?/\s?(\d[\d,]*)\s*\()\s*(?:about\s+|or\s+|=\s*)?"
    r"(\d+(?:\.\d+)?)\s*(?:%|percent|per cent)",
    re.IGNORECASE,
)
_BASE = re.compile(
    r"\bn\s*=\s*(\d[\d,]*)|\bbase\s*(?::|of)\s*(\d[\d,]*)|"
    r"(?<![\d.,\w])(\d[\d,]*)\s+(?:respondents|responses|answers|deployments|clouds|participants|"
    r"organi[sz]ations|(?:\w+\s+)?(?:answered|responded))\b",
    re.IGNORECASE,
)
_LEAST_ROWS, _LEAST_SHARE, _LEAST_GUESSED = 3, 0.6, 0.7
_LEAST_ELSEWHERE = 0.8
_FEWEST_GUESSED = 5
_HALF = Decimal("0.5")


@dataclass(frozen=True, slots=True)
class Slip:
    """One percentage that does not follow from its count.

    Attributes
    ----------
    line
        Line of the document.
    label
        The row, or the words of the sentence.
    count, base
        What the percentage should follow from.
    printed, expected
        The percentage as printed, and as it follows.
    why
        Where the base comes from, and what the printed number may be instead.
    """

    line: int
    label: str
    count: int
    base: int
    printed: str
    expected: str
    why: str

    def __str__(self) -> str:
        told = f"{integer(self.count)} of {integer(self.base)} is {self.expected} %"
        return f"line {self.line}: {self.label}: {told}, printed {self.printed} % ({self.why})"


@checked(PublishError)
def audit(path: str | Path) -> tuple[Slip | SaidShare | UnclearChange, ...]:
    """Return the percentages of a document that do not follow, and changes that are not clear.

    Parameters
    ----------
    path
        A document in Markdown, reStructuredText, HTML or plain text.

    Raises
    ------
    PublishError
        If the file cannot be read as text.

    Examples
    --------
    >>> audit("analysis.rst")  # doctest: +SKIP
    """
    file = Path(path)
    try:
        text = read_file(file).decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        said = "bytes that are no UTF-8" if isinstance(error, UnicodeDecodeError) else str(error)
        problem = Problem(file.name, said, "a text in UTF-8", "save the document as text")
        raise PublishError("The document cannot be audited", [problem]) from None
    return audit_text(text, file.suffix)


@checked(PublishError)
def audit_text(text: str, suffix: str = "") -> tuple[Slip | SaidShare | UnclearChange, ...]:
    r"""Return the percentages of a text that do not follow, and changes that are not clear.

    Examples
    --------
    >>> print(audit_text("We heard that 9 of 34 (16 %) contribute.")[0])
    line 1: 9 of 34 (16 %: 9 of 34 is 26 %, printed 16 % (the sentence names both)
    """
    document = read_document(text, suffix)
    found: list[Slip | SaidShare | UnclearChange] = [
        *_of_prose(document), *said_shares(document), *unclear_changes(document)
    ]  # fmt: skip
    bases = _named_bases(document)
    for table in document.tables:
        found += _of_table(table, bases)
        found += _of_cells(table)
    return tuple(sorted(found, key=lambda slip: (slip.line, slip.label)))


def _named_bases(document: Document) -> dict[int, int]:
    """Return the numbers that the text names as bases -> line of the first mention."""
    found: dict[int, int] = {}
    for line in document.lines:
        for base in _bases(line.text):
            found.setdefault(base, line.number)
    return found


def _bases(text: str) -> Iterator[int]:
    for match in _BASE.finditer(text):
        yield int(next(filter(None, match.groups())).rstrip(",").replace(",", ""))


def _of_prose(document: Document) -> Iterator[Slip]:
    for line in document.lines:
        for match in _INLINE.finditer(line.text):
            count, base = (int(n.replace(",", "")) for n in (match[1], match[2] or match[3]))
            if count <= base and not _follows(count, base, match[4]):
                yield _slip(line.number, match[0], count, base, match[4], "the sentence names both")


# ---------------------------------------------------------------- tables


@dataclass(frozen=True, slots=True)
class _Row:
    line: int
    label: str
    count: int
    base: int | None
    printed: str


@dataclass(frozen=True, slots=True)
class _Numbers:
    """The columns of a table that hold numbers: places of counts and of percentages."""

    counts: tuple[int, ...]
    percents: tuple[int, ...]


def _of_table(table: FoundTable, bases: Mapping[int, int]) -> list[Slip]:
    numbers = _numbers(table)
    for percent in numbers.percents:
        for count, base in permutations(numbers.counts, 2):
            rows = _rows(table, percent, count, base)
            pairs = [(row.count, row.base) for row in rows]
            if any(each is None for _, each in pairs):
                continue
            fits = sum(_follows(row.count, row.base or 0, row.printed) for row in rows)
            if len(rows) >= _LEAST_ROWS and fits >= max(_LEAST_SHARE * len(rows), 2):
                why = f"base: column {table.heading[base]!r}"
                return [_of_row(table, row, percent, row.base or 0, why) for row in rows
                        if not _follows(row.count, row.base or 0, row.printed)]  # fmt: skip
    slips: list[Slip] = []
    for percent in numbers.percents:
        for count in numbers.counts:
            rows = _rows(table, percent, count, None)
            slips += _against_one_base(table, rows, percent, bases)
            if slips:
                return slips
    return slips


def _of_cells(table: FoundTable) -> Iterator[Slip]:
    """Yield the cells with a count and a percentage that do not follow from their column's base."""
    for heading, cells in cells_of(table):
        if base := heading_base(heading):
            why = f"base: {integer(base)}, in the heading of the column"
        elif found := _base_of_cells(table, cells):
            base, why = found[0], f"base: {integer(found[0])}, {found[1]}"
        else:
            continue
        for cell in cells:
            if not _follows(cell.count, base, cell.printed):
                yield _slip(cell.line, cell.label, cell.count, base, cell.printed, why)


def _base_of_cells(table: FoundTable, cells: Sequence[Cell]) -> tuple[int, str] | None:
    rows = [_Row(each.line, each.label, each.count, None, each.printed) for each in cells
            if not _TOTAL.match(each.label)]  # fmt: skip
    if len(rows) < _LEAST_ROWS:
        return None
    most, total = max(row.count for row in rows), sum(row.count for row in rows)
    named = [int(n.replace(",", "")) for n in _NUMBER.findall(table.section)]
    stated = [(n, "named in the text") for n in dict.fromkeys(named) if n >= most]
    return _best(rows, [*stated, (total, "sum of the counts")], _LEAST_SHARE)


def _numbers(table: FoundTable) -> _Numbers:
    counts, percents = [], []
    for place, cells in enumerate(table.columns):
        heading = table.heading[place] if place < len(table.heading) else ""
        matches = [_CELL.match(cell) for cell in cells if cell.strip()]
        known = [match for match in matches if match]
        if not known or len(known) < 0.6 * len(matches):
            continue
        if _PERCENT.search(heading) or sum(bool(match[3]) for match in known) > len(known) / 2:
            if not _YEAR.search(heading):  # another year's, repeated for comparison
                percents.append(place)
        elif not any(match[2] for match in known):
            counts.append(place)
    if not percents:  # all that is left are years of percentages: those of the newest
        percents = [
            place for place, heading in enumerate(table.heading) if _PERCENT.search(heading)
        ][:1]
    return _Numbers(tuple(counts), tuple(percents))


def _rows(table: FoundTable, percent: int, count: int, base: int | None) -> list[_Row]:
    found = []
    for line, cells in table.rows:
        if len(cells) <= max(percent, count, base or 0) or _TOTAL.match(cells[0]):
            continue
        printed, counted = _CELL.match(cells[percent]), _CELL.match(cells[count])
        whole = _CELL.match(cells[base]) if base is not None else None
        if not printed or not counted or (base is not None and not whole):
            continue
        value = int(whole[1].replace(",", "")) if whole else None
        if value == 0:
            continue
        shown = f"{printed[1].replace(',', '')}{printed[2] or ''}"
        found.append(_Row(line, cells[0], int(counted[1].replace(",", "")), value, shown))
    return found


def _against_one_base(
    table: FoundTable, rows: Sequence[_Row], percent: int, bases: Mapping[int, int]
) -> list[Slip]:
    """Return the rows that do not follow from the base that all of the table share."""
    if len(rows) < _LEAST_ROWS or len({row.count for row in rows}) < 2:
        return []
    most, total = max(row.count for row in rows), sum(row.count for row in rows)
    named = [int(n.replace(",", "")) for n in _NUMBER.findall(table.section)]
    stated = [(n, "named in the text") for n in dict.fromkeys(named) if n >= most]
    best = _best(rows, [*stated, (total, "sum of the counts")], _LEAST_SHARE)
    best = best or _of_another(table, rows, bases)
    if best is None and len(rows) >= _FEWEST_GUESSED:
        guessed = [(n, "explains most rows") for n in range(most, 12 * most + 100)]
        best = _best(rows, guessed, _LEAST_GUESSED)
    if best is None:
        return []
    base, why = best
    return [
        _of_row(table, row, percent, base, f"base: {integer(base)}, {why}")
        for row in rows
        if not _follows(row.count, base, row.printed)
    ]


def _of_another(
    table: FoundTable, rows: Sequence[_Row], bases: Mapping[int, int]
) -> tuple[int, str] | None:
    """Return the one base that the section of a table names, if its rows follow from another's."""
    most = max(row.count for row in rows)
    own = {base for base in _bases(table.section) if base >= most}
    others = [(base, str(line)) for base, line in bases.items() if base >= most and base not in own]
    followed = _best(rows, others, _LEAST_ELSEWHERE) if len(own) == 1 else None
    if followed is None:
        return None
    base, line = followed
    return own.pop(), f"named in the text; the table follows {integer(base)}, of line {line}"


def _best(
    rows: Sequence[_Row], candidates: Sequence[tuple[int, str]], least: float
) -> tuple[int, str] | None:
    """Return the first of the candidates that explain most rows, if it explains enough."""

    def explained(base: int) -> int:
        return sum(_follows(row.count, base, row.printed) for row in rows)

    ranked = max(candidates, key=lambda each: explained(each[0]), default=None)
    if ranked is None or explained(ranked[0]) < max(least * len(rows), 3):
        return None
    return ranked


def _of_row(table: FoundTable, row: _Row, percent: int, base: int, why: str) -> Slip:
    last_year = _repeated(table, row, percent)
    return _slip(row.line, row.label, row.count, base, row.printed, why + last_year)


def _repeated(table: FoundTable, row: _Row, percent: int) -> str:
    """Say that the printed cell equals that of another year, as if it had been copied."""
    cells = next(cells for line, cells in table.rows if line == row.line)
    for place, heading in enumerate(table.heading):
        found = _CELL.match(cells[place]) if place < len(cells) else None
        another = place != percent and _YEAR.search(heading)
        if another and found and f"{found[1]}{found[2] or ''}" == row.printed:
            return f"; column {heading!r} has the same number"
    return ""


def _follows(count: int, base: int, printed: str) -> bool:
    """Whether a printed percentage is a count over a base, rounded either way at a half."""
    if base <= 0:
        return False
    digits = len(printed.partition(".")[2])
    away = abs(Decimal(count) * 100 / base - Decimal(printed))
    return away <= _HALF.scaleb(-digits) + Decimal("1e-9")


def _slip(line: int, label: str, count: int, base: int, printed: str, why: str) -> Slip:
    digits = len(printed.partition(".")[2])
    expected = f"{rounded(Decimal(count) * 100 / base, digits):f}"
    return Slip(line, label.strip(), count, base, printed, expected, why)
