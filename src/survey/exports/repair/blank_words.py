"""Words that a program wrote where a cell was blank: ``NA``, ``nan``, ``NULL``.

R writes ``NA``, pandas whatever it is told. Such a word is also an answer: Namibia's code is
``NA``, and some questions list ``None``. It stands for a blank where it fills most of the blanks
of columns in which it cannot be an answer; where it can be one, nothing tells, and that is said.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from survey.dataclass import dataclass
from survey.exports.export import Placement, Repair
from survey.exports.parse.columns import Columns
from survey.exports.parse.csv_strict import Irregular, Records
from survey.exports.source.raw_table import Doubt
from survey.exports.text_table import plain

__all__ = ["without_blank_words"]

_WORDS = (
    "NA", "N/A", "n/a", "NaN", "nan", "NaT", "<NA>", "#N/A", "NULL", "null", "None", "none",
    "\\N", "(blank)", "(null)", "-", "--", ".", "missing", "(empty)",
)  # fmt: skip
_ALL = frozenset(_WORDS)
_LOOKED_AT, _COLUMNS, _MOST = 24, 3, 0.5
_NONE: Mapping[str, int] = MappingProxyType({})
_Held = dict[int, Mapping[str, int] | None]  # column -> word -> its number; None: any word


@dataclass(frozen=True)
class _Place:
    """What can stand in a column: ``listed`` is None where anything can."""

    listed: frozenset[str] | None
    unit_at: int | None


def without_blank_words(
    name: str, columns: Columns, placements: Sequence[Placement], keys: Mapping[str, str]
) -> Columns:
    """Return the records with blanks for the word that stands for them, if there is one."""
    held = _possible(columns.records)
    words = _candidates(columns.records, held)
    if not words:
        return columns
    places = _places(columns.headings, placements, keys, held)
    for word in words:
        if _stands_for_blank(columns, word, places, held):
            columns = _without(name, columns, word, places)
            held = _possible(columns.records)
    return columns


def _places(
    headings: Sequence[str],
    placements: Sequence[Placement],
    keys: Mapping[str, str],
    held: Collection[int],
) -> list[_Place]:
    """Return what can stand in each of the columns that hold such words."""
    at = headings.index(keys["deployment"]) if keys.get("deployment") in headings else None
    places = [_Place(None, None)] * len(headings)
    for heading in keys.values():
        if heading in headings:
            places[headings.index(heading)] = _Place(frozenset(), None)
    for placement in placements:
        if not any(column in held for column in placement.columns):
            continue
        question = placement.question
        unit_at = at if question.unit.value == "deployment" else None
        if not question.kind.closed:
            place = _Place(None, unit_at)
        elif question.kind.names_countries:
            place = _Place(frozenset({"NA"}), unit_at)
        else:
            place = _Place(frozenset() if placement.items else question.written_values, unit_at)
        for column in placement.columns:
            places[column] = place
    return places


def _possible(records: Records) -> _Held:
    """Return the columns that can hold any of the words, and the words by number."""
    distinct = records.few_texts.distinct
    found: _Held = {at: None for at, texts in enumerate(distinct) if texts is None}
    few = [(at, texts) for at, texts in enumerate(distinct) if texts is not None]
    if not few:
        return found
    texts = pa.concat_arrays([texts for _, texts in few])
    starts = np.cumsum([0, *(len(texts) for _, texts in few)])
    places = np.flatnonzero(pc.is_in(texts, value_set=pa.array(_WORDS)))
    number = np.searchsorted(starts, places, side="right") - 1
    codes = (places - starts[number]).tolist()
    words = texts.take(pa.array(places)).to_pylist()
    for each, word, code in zip(number.tolist(), words, codes, strict=True):
        found[few[each][0]] = {**(found.get(few[each][0]) or {}), word: code}
    return found


def _candidates(records: Records, possible: _Held) -> list[str]:
    """Return the words that stand in several columns of the first records."""
    irregular = [_ALL.intersection(record.cells) for record in records.irregular[:4]]
    there = [_ALL if words is None else words for words in possible.values()]
    likely = set(_in_several([*there, *irregular]))
    texts = [
        _first_words(records.table.column(at), words)
        for at, words in possible.items()
        if words is None or not likely.isdisjoint(words)
    ]
    return _in_several([*texts, *irregular])


def _first_words(cells: pa.ChunkedArray, words: Mapping[str, int] | None) -> Collection[str]:
    """Return the words that stand in the first records."""
    if words is None:
        return _ALL.intersection(plain(cells.slice(0, _LOOKED_AT)).to_pylist())
    codes = set(cells.chunk(0).indices[:_LOOKED_AT].to_pylist())
    return [word for word, code in words.items() if code in codes]


def _in_several(texts: Iterable[Collection[str]]) -> list[str]:
    """Return the words that stand in several columns."""
    times = Counter(word for each in texts for word in _ALL.intersection(each))
    return [word for word in _WORDS if times[word] >= _COLUMNS]


def _stands_for_blank(columns: Columns, word: str, places: Sequence[_Place], held: _Held) -> bool:
    records, written, blank, holding = columns.records, 0, 0, 0
    for column, place in enumerate(places):
        words = held.get(column, _NONE)
        if words is not None and word not in words:
            continue
        if place.listed is not None and word not in place.listed:
            times = pc.sum(pc.equal(records.text(column), word)).as_py() or 0
            holding += times > 0
            written += times
            if times:
                blank += pc.sum(pc.equal(records.text(column), "")).as_py() or 0
    return holding >= _COLUMNS and written > _MOST * (written + blank)


def _without(name: str, columns: Columns, word: str, places: Sequence[_Place]) -> Columns:
    records = columns.records
    cells, repairs, doubts = [], list(columns.repairs), list(columns.doubts)
    for column, (heading, place) in enumerate(zip(columns.headings, places, strict=True)):
        stored = records.text(column)
        mask = pc.equal(stored, word)
        rows = np.flatnonzero(np.asarray(mask))
        ambiguous = place.listed is not None and word in place.listed
        if not len(rows) or (ambiguous and pc.any(pc.equal(stored, "")).as_py()):
            cells.append(stored)
            continue
        cells.append(pc.if_else(mask, "", stored))
        repairs.append(Repair(name, heading, word, "", "blank word", records.lines[rows]))
        if ambiguous:
            doubts += _doubts(columns, column, rows, place, word)
    names = [str(number) for number in range(len(cells))]
    irregular = tuple(
        Irregular(each.order, each.line, tuple("" if c == word else c for c in each.cells))
        for each in records.irregular
    )
    table = pa.table(cells, names=names)
    return replace(
        columns,
        records=replace(records, table=table, irregular=irregular),
        repairs=tuple(repairs),
        doubts=tuple(doubts),
    )


def _doubts(
    columns: Columns, column: int, rows: npt.NDArray[np.int64], place: _Place, word: str
) -> list[Doubt]:
    """Return a doubt for each record that could have given the word as an answer."""
    message = f"{word!r} stands for a blank in this file, and is an answer, too; it counts as blank"
    records, lines = columns.records, columns.records.lines
    unit = records.text(place.unit_at).to_pylist() if place.unit_at is not None else None
    return [
        Doubt(int(lines[row]), column, "blank or answer", message)
        for row in rows
        if unit is None or unit[row] not in ("", word)
    ]
