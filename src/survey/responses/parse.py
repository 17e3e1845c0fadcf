"""Text cells -> typed columns, one function per kind of question.

Every function works on the distinct texts of a column, so that its cost grows with what was
answered rather than with how often.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from survey.codebook import Kind, Question, Unit, damaged
from survey.codebook.geography import BESIDE_COUNTRIES, find_country
from survey.dataclass import dataclass
from survey.exports import Placement
from survey.exports.text_table import TextTable, plain
from survey.responses.answer_set import AnswerSetArray, AnswerSetDtype
from survey.responses.column import (
    ANOTHER,
    Distinct,
    Ints,
    Parsed,
    Place,
    categorical,
    find_all,
    text_column,
    with_another,
)
from survey.responses.matching import Matcher
from survey.responses.ordinal import ordinal
from survey.responses.spread import matrix, spread

__all__ = ["Parsed", "Place", "parse"]

CUT = 1024
_NEAR = 8  # bytes that a program may have added or taken around a cell that was cut


def parse(
    placement: Placement, table: TextTable, place: Place, others: Sequence[Question] = ()
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
    columns = [table.stored(column) for column in placement.columns]
    if question.kind.by_row:
        return matrix(columns, placement, place, others)
    if placement.items:
        return spread(columns, placement, place)
    return _parser(question.kind)(columns[0], question, place, others)


# One column holds the whole answer


def _single(
    cells: pa.ChunkedArray, question: Question, place: Place, others: Sequence[Question]
) -> Parsed:
    parsed = Parsed(None)
    distinct = Distinct.of(cells)
    found = find_all(distinct, Matcher.of(question, others), place, parsed)
    parsed.values = categorical(found, distinct, question, place.separator)
    return parsed


def _several(
    cells: pa.ChunkedArray, question: Question, place: Place, others: Sequence[Question]
) -> Parsed:
    parsed = Parsed(None)
    matcher = Matcher.of(question, others)
    pieces = _Pieces.of(Distinct.of(cells), matcher, place.separator)
    number = {label: position for position, label in enumerate((*question.labels, ANOTHER))}
    columns = _piece_columns(pieces, matcher, number, place, parsed)
    labels = with_another(question.labels, bool((columns == number[ANOTHER]).any()))
    ranked = question.kind.ranked and question.unit is Unit.RESPONDENT
    codes = pieces.codes(columns, len(labels), ranked=ranked)
    _note_repeated(pieces, columns, place, parsed)
    parsed.doubt(
        place,
        np.flatnonzero(pieces.cut[pieces.cells.codes]),
        "cut answer",
        "the list is cut at 1,024 bytes: what is kept was chosen, more may be missing",
    )
    parsed.values = AnswerSetArray(codes, AnswerSetDtype(labels, ranked=ranked))
    return parsed


@dataclass(frozen=True)
class _Pieces:
    """Distinct cells split at a separator: the pieces of all of them in one sequence.

    ``cell`` is the distinct cell of each piece and ``ranks`` its place there, from 1;
    ``cut`` tells which distinct cells have the length at which the exporter cuts, or nearly
    that length and the beginning of a listed answer at their end: programs add and take spaces.
    """

    cells: Distinct
    distinct: Distinct
    cell: Ints
    ranks: Ints
    cut: npt.NDArray[np.bool_]

    @classmethod
    def of(cls, cells: Distinct, matcher: Matcher, separator: str = "|") -> _Pieces:
        texts = pa.array(cells.texts, pa.string())
        lists = pc.split_pattern(texts, separator)
        offsets = lists.offsets.to_numpy()
        cell = np.repeat(np.arange(len(lists)), np.diff(offsets))
        ranks = np.arange(len(cell)) - (offsets[:-1] - offsets[0])[cell] + 1
        cut = _cut(texts, matcher, separator)
        return cls(cells, Distinct.of(lists.flatten()), cell, ranks, cut)

    def rows(self, pieces: Ints) -> Ints:
        """Return the row of each time that one of the pieces occurs."""
        times = np.bincount(self.cell[pieces], minlength=len(self.cells.texts))
        return np.repeat(np.arange(len(self.cells.codes)), times[self.cells.codes])

    def codes(self, columns: Ints, width: int, *, ranked: bool) -> npt.NDArray[np.uint8]:
        codes = np.zeros((len(self.cells.texts), width), dtype=np.uint8)
        known = columns >= 0
        cell, ranks = self.cell[known][::-1], self.ranks[known][::-1]
        codes[cell, columns[known][::-1]] = ranks if ranked else 1
        return np.take(codes, self.cells.codes, axis=0)


def _cut(texts: pa.Array, matcher: Matcher, separator: str) -> npt.NDArray[np.bool_]:
    """Return which of some cells were cut."""
    length: Ints = np.asarray(pc.binary_length(texts))
    cut = np.asarray(length == CUT)
    if length.max(initial=0) < CUT - _NEAR:
        return cut
    length = np.asarray(pc.binary_length(pc.utf8_trim_whitespace(texts)))
    for code in np.flatnonzero(~cut & (abs(length - CUT) <= _NEAR)):
        last = texts[code].as_py().rpartition(separator)[2].strip()
        cut[code] = matcher.find(last) is None and matcher.could_continue(last)
    return cut


def _piece_columns(
    pieces: _Pieces, matcher: Matcher, number: Mapping[str, int], place: Place, parsed: Parsed
) -> Ints:
    """Return the item of each piece, -1 where it is blank or a cut remainder."""
    columns = np.full(len(pieces.cell), -1)
    last = np.ones(len(pieces.cell), dtype=bool)
    last[:-1] = pieces.cell[1:] != pieces.cell[:-1]
    remainder = last & pieces.cut[pieces.cell]
    cut = bool(remainder.any())
    for text, places in pieces.distinct.places():
        match = matcher.find(text) if text else None
        whole = places[~remainder[places]] if cut else places
        at = whole if cut and match is not None and matcher.could_continue(text) else places
        if match is not None:
            columns[at] = number[match.label]
            if match.rule:
                parsed.repairs.append(place.repair(pieces.rows(at), text, match.label, match.rule))
        elif text:
            columns[whole] = number[ANOTHER]
            parsed.doubt(
                place,
                pieces.rows(whole),
                "unknown answer",
                f"{text!r} is not a listed answer; {matcher.hint(text)}",
            )
    return columns


def _note_repeated(pieces: _Pieces, columns: Ints, place: Place, parsed: Parsed) -> None:
    known = columns >= 0
    pairs = np.sort(pieces.cell[known] * (columns.max(initial=0) + 1) + columns[known])
    again = pairs[1:][pairs[1:] == pairs[:-1]]
    if len(again):
        twice = np.zeros(len(pieces.cells.texts), dtype=bool)
        twice[again // (columns.max(initial=0) + 1)] = True
        repeated = np.flatnonzero(twice[pieces.cells.codes])
        parsed.repairs.append(
            place.repair(repeated, "an option twice", "the option once", "duplicate option")
        )


def _country(
    cells: pa.ChunkedArray, question: Question, place: Place, others: Sequence[Question]
) -> Parsed:
    parsed = Parsed(None)
    distinct = Distinct.of(cells)
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
        elif match is not None and place.commas_lost and (name := _with_commas(text)):
            parsed.repairs.append(place.repair(distinct.rows(code), text, name, "comma restored"))
    names = sorted({match for match in found if match})
    of_text = np.array([names.index(match) if match else -1 for match in found] or [-1])
    parsed.values = ordinal(of_text[distinct.codes], names, ordered=False)
    return parsed


def _with_commas(text: str) -> str:
    """Return the form's spelling of a country, if ``text`` is what the exporter makes of it."""
    country = find_country(text)
    name = country.survey_name if country else ""
    return name if "," in name and damaged(name) == text else ""


def _country_code(text: str) -> str | None:
    country = find_country(text) if text else None
    return None if country is None else country.code


def _countries(
    cells: pa.ChunkedArray, question: Question, place: Place, others: Sequence[Question]
) -> Parsed:
    parsed = Parsed(None)
    distinct = Distinct.of(cells)
    lists = [_split_countries(text) for text in distinct.texts]
    known = sorted({code for codes in lists for code in codes or ()})
    items = with_another(known, None in lists)
    for code, (text, codes) in enumerate(zip(distinct.texts, lists, strict=True)):
        if codes is None:
            lists[code] = (ANOTHER,)
            parsed.doubt(
                place,
                distinct.rows(code),
                "unknown country",
                f"{text!r} is not a list of country codes",
            )
        elif "-" in text and len(codes) > 1 and place.commas_lost:
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
        piece in BESIDE_COUNTRIES or (len(piece) == 2 and _country_code(piece)) for piece in pieces
    )
    return tuple(dict.fromkeys(pieces)) if known and pieces else None


def _checkbox(
    cells: pa.ChunkedArray, question: Question, place: Place, others: Sequence[Question]
) -> Parsed:
    parsed = Parsed(None)
    distinct = Distinct.of(cells)
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
    return Parsed(text_column(plain(cells)))


_Parser = Callable[[pa.ChunkedArray, Question, Place, Sequence[Question]], Parsed]


def _parser(kind: Kind) -> _Parser:
    if kind.listed:
        return _several if kind.several else _single
    if kind.names_countries:
        return _countries if kind.several else _country
    return _checkbox if kind.ticked else _text
