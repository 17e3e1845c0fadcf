"""Text cells -> typed columns, one function per kind of question.

Every function works on the distinct texts of a column, so that its cost grows with what was
answered rather than with how often.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from survey.codebook import Kind, Question, Unit
from survey.codebook.geography import find_country
from survey.exports import Issue, Placement, Repair
from survey.responses.answer_set import AnswerSetArray, AnswerSetDtype
from survey.responses.matching import Found, Matcher

__all__ = ["Parsed", "Place", "parse"]

CUT = 1024
_SPECIAL_COUNTRIES = ("Prefer not to say", "Worldwide", "Too many to list")
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Place:
    """Where the cells of a column stand: file, heading, and the line of each."""

    file: str
    heading: str
    lines: Ints

    def repair(self, rows: Ints, before: str, after: str, rule: str) -> Repair:
        """Describe one repair made on some rows."""
        return Repair(self.file, self.heading, before, after, rule, self.lines[rows])

    def issues(self, rows: Ints, code: str, message: str) -> Iterator[Issue]:
        """Describe one issue per row."""
        for row in rows:
            yield Issue(self.file, int(self.lines[row]), self.heading, code, message)


@dataclass
class Parsed:
    """A typed column, what was repaired and what was not, and the rows that are uncertain."""

    values: Any
    repairs: list[Repair] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)
    uncertain: dict[int, str] = field(default_factory=dict)

    def doubt(self, place: Place, rows: Ints, code: str, message: str) -> None:
        """Record an issue on each row, and that its answer is uncertain."""
        self.issues.extend(place.issues(rows, code, message))
        self.uncertain.update((int(row), code) for row in rows)


@dataclass(frozen=True)
class _Distinct:
    """The distinct texts of a column, and which of them each row has."""

    texts: list[str]
    codes: Ints

    @classmethod
    def of(cls, cells: pa.ChunkedArray | pa.Array) -> _Distinct:
        array = cells.combine_chunks() if isinstance(cells, pa.ChunkedArray) else cells
        encoded = array.dictionary_encode()
        return cls(
            encoded.dictionary.to_pylist(),
            encoded.indices.to_numpy(zero_copy_only=False).astype(np.int64),
        )

    def rows(self, code: int) -> Ints:
        return np.flatnonzero(self.codes == code)


def parse(
    placement: Placement, table: pa.Table, place: Place, others: Sequence[Question] = ()
) -> Parsed:
    """Return the answers to one question as a typed column.

    Parameters
    ----------
    placement
        The question and the columns that hold its answers.
    table
        Text cells, one row per respondent or deployment.
    place
        File, heading and lines, for the log.
    others
        The same question in other editions.
    """
    question = placement.question
    columns = [table.column(column) for column in placement.columns]
    if question.kind is Kind.MATRIX:
        return _matrix(columns, placement, place, others)
    if placement.items:
        return _SPREAD[question.kind](columns, placement, place)
    return _WHOLE[question.kind](columns[0], question, place, others)


# One column holds the whole answer


def _single(
    cells: pa.ChunkedArray, question: Question, place: Place, others: Sequence[Question]
) -> Parsed:
    parsed = Parsed(None)
    distinct = _Distinct.of(cells)
    found = _find_all(distinct, Matcher.of(question, others), place, parsed)
    parsed.values = _categorical(found, distinct.codes, question)
    return parsed


def _find_all(
    distinct: _Distinct, matcher: Matcher, place: Place, parsed: Parsed
) -> list[Found | None]:
    """Match each distinct text, logging repairs and unknown answers."""
    found = [matcher.find(text) if text else None for text in distinct.texts]
    for code, (text, match) in enumerate(zip(distinct.texts, found, strict=True)):
        if match is not None and match.rule:
            parsed.repairs.append(place.repair(distinct.rows(code), text, match.label, match.rule))
        elif match is None and text:
            parsed.doubt(
                place,
                distinct.rows(code),
                "unknown answer",
                f"{text!r} is not a listed answer; {matcher.hint(text)}",
            )
    return found


def _categorical(found: Sequence[Found | None], codes: Ints, question: Question) -> Any:
    number = {label: position for position, label in enumerate(question.labels)}
    of_text = np.array([-1 if match is None else number[match.label] for match in found] or [-1])
    return _labelled(of_text[codes], question.labels, ordered=question.banded)


def _labelled(codes: Ints, labels: Sequence[str], *, ordered: bool = False) -> Any:
    """Return a categorical column; ``-1`` is no answer."""
    dtype = pd.CategoricalDtype(pd.Index(labels, dtype=object), ordered)
    return pd.Categorical.from_codes(codes.astype(np.int64), dtype=dtype)


def _several(
    cells: pa.ChunkedArray, question: Question, place: Place, others: Sequence[Question]
) -> Parsed:
    parsed = Parsed(None)
    cut = np.flatnonzero(np.asarray(pc.binary_length(cells)) == CUT)
    pieces = _Pieces.of(cells)
    matcher = Matcher.of(question, others)
    number = {label: position for position, label in enumerate(question.labels)}
    columns = _piece_columns(pieces, matcher, number, place, parsed, cut)
    ranked = question.kind is Kind.RANKING and question.unit is Unit.RESPONDENT
    codes = pieces.codes(columns, len(number), ranked=ranked)
    _note_repeated(pieces, columns, place, parsed)
    parsed.doubt(
        place,
        cut,
        "cut answer",
        "the list is cut at 1,024 bytes: what is kept was chosen, more may be missing",
    )
    parsed.values = AnswerSetArray(codes, AnswerSetDtype(question.labels, ranked=ranked))
    return parsed


@dataclass(frozen=True)
class _Pieces:
    """Cells split at a separator: the pieces of all rows in one sequence."""

    distinct: _Distinct
    rows: Ints
    ranks: Ints
    length: int

    @classmethod
    def of(cls, cells: pa.ChunkedArray, separator: str = "|") -> _Pieces:
        lists = pc.split_pattern(cells, separator).combine_chunks()
        offsets = lists.offsets.to_numpy()
        rows = np.repeat(np.arange(len(lists)), np.diff(offsets))
        ranks = np.arange(len(rows)) - (offsets[:-1] - offsets[0])[rows] + 1
        return cls(_Distinct.of(lists.flatten()), rows, ranks, len(lists))

    def codes(self, columns: Ints, width: int, *, ranked: bool) -> npt.NDArray[np.uint8]:
        codes = np.zeros((self.length, width), dtype=np.uint8)
        known = columns >= 0
        rows, ranks = self.rows[known][::-1], self.ranks[known][::-1]
        codes[rows, columns[known][::-1]] = ranks if ranked else 1
        return codes


def _piece_columns(
    pieces: _Pieces,
    matcher: Matcher,
    number: Mapping[str, int],
    place: Place,
    parsed: Parsed,
    cut: Ints,
) -> Ints:
    """Return the item of each piece, -1 where it is blank, unknown or a cut remainder."""
    columns = np.full(len(pieces.rows), -1)
    last = np.ones(len(pieces.rows), dtype=bool)
    last[:-1] = pieces.rows[1:] != pieces.rows[:-1]
    remainder = last & np.isin(pieces.rows, cut)
    for code, text in enumerate(pieces.distinct.texts):
        at = pieces.distinct.rows(code)
        match = matcher.find(text) if text else None
        if match is not None and matcher.could_continue(text):
            at = at[~remainder[at]]
        if match is not None:
            columns[at] = number[match.label]
            if match.rule:
                parsed.repairs.append(place.repair(pieces.rows[at], text, match.label, match.rule))
        elif text:
            parsed.doubt(
                place,
                pieces.rows[at[~remainder[at]]],
                "unknown answer",
                f"{text!r} is not a listed answer; {matcher.hint(text)}",
            )
    return columns


def _note_repeated(pieces: _Pieces, columns: Ints, place: Place, parsed: Parsed) -> None:
    known = columns >= 0
    pairs = np.stack([pieces.rows[known], columns[known]])
    unique, times = np.unique(pairs, axis=1, return_counts=True)
    repeated = np.unique(unique[0][times > 1])
    if len(repeated):
        parsed.repairs.append(
            place.repair(repeated, "an option twice", "the option once", "duplicate option")
        )


def _country(
    cells: pa.ChunkedArray, question: Question, place: Place, others: Sequence[Question]
) -> Parsed:
    parsed = Parsed(None)
    distinct = _Distinct.of(cells)
    found = [_country_code(text) for text in distinct.texts]
    for code, (text, match) in enumerate(zip(distinct.texts, found, strict=True)):
        if match is None and text:
            found[code] = text
            parsed.issues.extend(
                place.issues(
                    distinct.rows(code),
                    "unknown country",
                    f"{text!r} is not a country that the codebook knows; kept as it is",
                )
            )
        elif match is not None and match != text:
            parsed.repairs.append(place.repair(distinct.rows(code), text, match, "country code"))
    names = sorted({match for match in found if match})
    of_text = np.array([names.index(match) if match else -1 for match in found] or [-1])
    parsed.values = _labelled(of_text[distinct.codes], names)
    return parsed


def _country_code(text: str) -> str | None:
    country = find_country(text) if text else None
    return None if country is None else country.code


def _countries(
    cells: pa.ChunkedArray, question: Question, place: Place, others: Sequence[Question]
) -> Parsed:
    parsed = Parsed(None)
    distinct = _Distinct.of(cells)
    lists = [_split_countries(text) for text in distinct.texts]
    items = sorted({code for codes in lists for code in codes or ()})
    for code, (text, codes) in enumerate(zip(distinct.texts, lists, strict=True)):
        if codes is None:
            parsed.doubt(
                place,
                distinct.rows(code),
                "unknown country",
                f"{text!r} is not a list of country codes",
            )
        elif len(codes) > 1:
            parsed.repairs.append(
                place.repair(distinct.rows(code), text, ",".join(codes), "country list")
            )
    listed = AnswerSetArray.from_lists(lists, items)
    parsed.values = AnswerSetArray(listed.codes[distinct.codes], listed.dtype)
    return parsed


def _split_countries(text: str) -> tuple[str, ...] | None:
    """Split country codes joined by hyphens (commas, before the exporter changed them)."""
    if not text:
        return ()
    pieces = [piece.strip() for piece in text.replace(",", "-").split("-") if piece.strip()]
    known = all(
        piece in _SPECIAL_COUNTRIES or (len(piece) == 2 and _country_code(piece))
        for piece in pieces
    )
    return tuple(dict.fromkeys(pieces)) if known and pieces else None


def _checkbox(
    cells: pa.ChunkedArray, question: Question, place: Place, others: Sequence[Question]
) -> Parsed:
    parsed = Parsed(None)
    distinct = _Distinct.of(cells)
    meaning: dict[str, bool | None] = {"": None, "1": True, "0": False}
    for code, text in enumerate(distinct.texts):
        if text not in meaning:
            parsed.doubt(
                place,
                distinct.rows(code),
                "unknown answer",
                f"{text!r} is not a check box; expected 1 or nothing",
            )
    ticks = pd.array([meaning.get(text) for text in distinct.texts], dtype="boolean")
    parsed.values = ticks.take(distinct.codes)
    return parsed


def _text(
    cells: pa.ChunkedArray, question: Question, place: Place, others: Sequence[Question]
) -> Parsed:
    distinct = _Distinct.of(cells)
    texts = np.array([text or None for text in distinct.texts] or [None], dtype=object)
    return Parsed(texts[distinct.codes])


# Several columns hold the answer


def _matrix(
    columns: Sequence[pa.ChunkedArray],
    placement: Placement,
    place: Place,
    others: Sequence[Question],
) -> Parsed:
    question = placement.question
    parsed = Parsed(None)
    matcher = Matcher.of(question, others)
    level = {label: number for number, label in enumerate(question.labels, start=1)}
    item = {label: number for number, label in enumerate(question.row_labels)}
    codes = np.zeros((len(columns[0]), len(item)), dtype=np.uint8)
    for cells, label in zip(columns, placement.items, strict=True):
        distinct = _Distinct.of(cells)
        there = Place(place.file, f"{question.heading} - {label}", place.lines)
        found = _find_all(distinct, matcher, there, parsed)
        of_text = np.array(
            [level[match.label] if match else 0 for match in found] or [0], dtype=np.uint8
        )
        codes[:, item[label]] = of_text[distinct.codes]
    parsed.values = AnswerSetArray(codes, AnswerSetDtype(question.row_labels, question.labels))
    return parsed


def _spread_several(
    columns: Sequence[pa.ChunkedArray], placement: Placement, place: Place
) -> Parsed:
    question = placement.question
    parsed = Parsed(None)
    ranked = question.kind is Kind.RANKING
    item = {label: number for number, label in enumerate(question.labels)}
    codes = np.zeros((len(columns[0]), len(item)), dtype=np.uint8)
    for cells, label in zip(columns, placement.items, strict=True):
        there = Place(place.file, f"{question.heading} - {label}", place.lines)
        codes[:, item[label]] = _ticks(cells, len(item) if ranked else 1, there, parsed)
    parsed.values = AnswerSetArray(codes, AnswerSetDtype(question.labels, ranked=ranked))
    return parsed


def _ticks(
    cells: pa.ChunkedArray, highest: int, place: Place, parsed: Parsed
) -> npt.NDArray[np.uint8]:
    """Read ``1`` and blank, or ranks up to ``highest`` with ``0`` for "not ranked"."""
    distinct = _Distinct.of(cells)
    meaning = {"": 0, **{str(number): number for number in range(highest + 1)}}
    for code, text in enumerate(distinct.texts):
        if text not in meaning:
            expected = "1 or nothing" if highest == 1 else f"a rank up to {highest}"
            parsed.doubt(
                place,
                distinct.rows(code),
                "unknown answer",
                f"{text!r} in a column of the flat layout; expected {expected}",
            )
    of_text = np.array([meaning.get(text, 0) for text in distinct.texts] or [0], dtype=np.uint8)
    return of_text[distinct.codes]


def _spread_single(
    columns: Sequence[pa.ChunkedArray], placement: Placement, place: Place
) -> Parsed:
    parsed = _spread_several(columns, placement, place)
    codes = parsed.values.codes
    twice = np.flatnonzero(codes.sum(axis=1) > 1)
    parsed.doubt(place, twice, "two answers", "more than one choice of a single-choice question")
    chosen = np.where(codes.sum(axis=1) == 1, codes.argmax(axis=1), -1)
    question = placement.question
    parsed.values = _labelled(chosen, question.labels, ordered=question.banded)
    return parsed


_Whole = Callable[[pa.ChunkedArray, Question, Place, Sequence[Question]], Parsed]
_Spread = Callable[[Sequence[pa.ChunkedArray], Placement, Place], Parsed]
_WHOLE: Mapping[Kind, _Whole] = MappingProxyType(
    {
        Kind.SINGLE: _single,
        Kind.MULTIPLE: _several,
        Kind.RANKING: _several,
        Kind.COUNTRY: _country,
        Kind.COUNTRIES: _countries,
        Kind.CHECKBOX: _checkbox,
        Kind.ORGANIZATION: _text,
        Kind.TEXT: _text,
    }
)
_SPREAD: Mapping[Kind, _Spread] = MappingProxyType(
    {
        Kind.SINGLE: _spread_single,
        Kind.MULTIPLE: _spread_several,
        Kind.RANKING: _spread_several,
    }
)
