"""Records whose cells hold commas that nothing protects: where one cell ends and the next begins.

Until 26 February 2015 the survey system wrote commas as they were. A record then has more cells
than headings; which of its commas belong to an answer follows from what can stand in each
column, if that leaves one way only. Nobody begins or ends an answer with a comma, or writes two
in a row: those are blank cells.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from survey.codebook import Question
from survey.codebook.geography import BESIDE_COUNTRIES, find_country
from survey.exports.export import Placement
from survey.exports.parse.csv_strict import Irregular
from survey.exports.realign.realign import Check, Realigned, cell_checks
from survey.exports.splitting import Splitter, spellings

__all__ = ["align", "comma_checks"]

_MOST_COMMAS = 80


def comma_checks(
    headings: Sequence[str],
    placements: Sequence[Placement],
    keys: Mapping[str, str],
    renamed: Mapping[str, str],
) -> tuple[Check, ...]:
    """Return for each column whether a text with bare commas can stand in it."""
    checks = list(cell_checks(headings, (), keys))
    for column, heading in enumerate(headings):
        if heading not in keys.values():
            checks[column] = _without_comma
    for placement in placements:
        for column in placement.columns:
            checks[column] = _check_of(placement.question, bool(placement.items), renamed)
    return tuple(checks)


def _check_of(question: Question, spread: bool, renamed: Mapping[str, str]) -> Check:
    known = spellings(question, renamed)
    splitter = Splitter(known, (",",))
    if spread:
        return lambda cell: not cell or cell.isdigit()
    if question.kind.single_choice:
        return lambda cell: cell in known or _without_comma(cell)
    if question.kind.joined:
        return lambda cell: not cell or (_is_text(cell) and not splitter.split(cell).unknown)
    if question.kind.country_set:
        return lambda cell: not cell or all(map(_is_country, cell.split(",")))
    return _without_comma if question.kind.closed else _is_text


def _without_comma(cell: str) -> bool:
    return "," not in cell


def _is_text(cell: str) -> bool:
    return not (cell.startswith(",") or cell.endswith(",") or ",," in cell)


def _is_country(cell: str) -> bool:
    return cell in BESIDE_COUNTRIES or (len(cell) == 2 and find_country(cell) is not None)


def align(record: Irregular, width: int, checks: Sequence[Check]) -> Realigned | None:
    """Return the record with its cells put together again, or None if that is not possible.

    A cell that differs between the possible ways is left blank and named as uncertain.

    Examples
    --------
    >>> checks = [str.isdigit, lambda cell: True, lambda cell: cell in ("a,b", "c")]
    >>> align(Irregular(0, 2, ("7", "dear, all", " bye", "a", "b")), 3, checks).cells
    ('7', 'dear, all, bye', 'a,b')
    """
    surplus = len(record.cells) - width
    if not 0 < surplus <= _MOST_COMMAS:
        return None
    spans = _possible_spans(record.cells, width, surplus, checks)
    if any(not some for some in spans):
        return None
    cells = [
        ",".join(record.cells[some[0][0] : some[0][1]]) if len(some) == 1 else "" for some in spans
    ]
    uncertain = tuple(column for column, some in enumerate(spans) if len(some) > 1)
    return Realigned(tuple(cells), uncertain, (), True)


def _possible_spans(
    cells: Sequence[str], width: int, surplus: int, checks: Sequence[Check]
) -> list[list[tuple[int, int]]]:
    """Return for each column every span of cells that it has in some way to read the record."""
    ahead: list[list[tuple[int, int]]] = []
    starts = {0}
    for column, check in enumerate(checks):
        spans = [
            (start, stop)
            for start in sorted(starts)
            for stop in range(start + 1, column + surplus + 2)
            if check(",".join(cells[start:stop]))
        ]
        ahead.append(spans)
        starts = {stop for _, stop in spans}
    stops = {len(cells)}
    possible: list[list[tuple[int, int]]] = [[] for _ in range(width)]
    for column in reversed(range(width)):
        possible[column] = [span for span in ahead[column] if span[1] in stops]
        stops = {start for start, _ in possible[column]}
    return possible
