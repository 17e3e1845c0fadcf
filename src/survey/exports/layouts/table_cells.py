"""Cells of another survey tool's file, in the form of the survey system's own exports.

Ticks become ``1``, lists are joined by ``|``, numbers name their band, what was written beside
"Other" ticks it. What fits nothing stays as it is, and is counted as another answer later.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache, partial

import numpy as np
import numpy.typing as npt

from survey.codebook import Choice, FileLayout, Question
from survey.codebook.geography import find_country
from survey.exports.export import Export, Placement
from survey.exports.layouts.numbers import Numbers, band_of, whole
from survey.exports.layouts.table_lists import with_separator
from survey.exports.repair.column_editor import Distinct, Rewriting
from survey.exports.spelling import folded, spaceless
from survey.exports.splitting import Splitter

__all__ = ["Spellings", "as_exported", "divider", "other_of", "says_no"]

_OTHER_CODES = ("-oth-",)  # LimeSurvey's code of an answer that was written
_SPELLING, _DECIMALS, _BANDED = "spelling", "whole number", "number in its band"
_MANY = 5  # records with one text: perhaps an option that the codebook lacks
_WRITE_IN = "write-in counts as Other"
Marked = npt.NDArray[np.bool_]


class Spellings(Mapping[str, str]):
    """Finds the stored value of a listed answer by any of its spellings.

    Examples
    --------
    >>> found = Spellings([Choice("1-9", "few"), Choice("10", "ten")])
    >>> found.get("1 – 9"), found.get("FEW"), found.get("10.0"), found.get("11")
    ('1-9', '1-9', '10', None)
    """

    def __init__(self, choices: Iterable[Choice]) -> None:
        listed = tuple(choices)
        self._exact = {choice.value: choice.value for choice in listed}
        self._folded: dict[str, str] = {}
        for choice in listed:
            self._folded.setdefault(folded(choice.value), choice.value)
        for choice in listed:
            self._folded.setdefault(folded(choice.label), choice.value)
        self._spaceless: dict[str, str] = {}
        for choice in listed:
            key = spaceless(choice.value)
            one = self._spaceless.setdefault(key, choice.value)
            self._spaceless[key] = choice.value if one == choice.value else ""

    def __getitem__(self, text: str) -> str:
        found = self._exact.get(text) or self._folded.get(folded(text))
        found = found or self._spaceless.get(spaceless(text)) or None
        if found is None and text[:1].isdigit():
            found = self._folded.get(folded(whole(text)))
        if found is None:
            raise KeyError(text)
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(self._exact)

    def __len__(self) -> int:
        return len(self._exact)


def other_of(question: Question) -> Choice | None:
    """Return the choice that says that it was something else; None where there are several."""
    found = [choice for choice in question.choices if choice.label in question.other_labels]
    return found[0] if len({choice.label for choice in found}) == 1 else None


def as_exported(export: Export, placement: Placement, write_in: int | None) -> Rewriting:
    """Return the export with the answers to one question rewritten.

    Parameters
    ----------
    export
        The file as it was read.
    placement
        Where the answers are.
    write_in
        Column with what was written beside "Other", if it is one of its own.
    """
    work, question, layout = Rewriting(export), placement.question, export.edition.layout
    for column in placement.columns:
        _clear_missing(work, column, layout)
    if placement.items and not question.kind.by_row:
        _rewrite_own_texts(work, placement)
        for column, label in zip(placement.columns, placement.items, strict=True):
            _rewrite_ticks(work, question, column, label)
    elif question.kind.ticked:
        work.map(placement.columns[0], _ticks(question, "", layout, unchecked="0"))
    elif question.kind.joined:
        separator = question.separator or layout.separator
        rewritten = with_separator(Spellings(question.choices), separator)
        work.map(placement.columns[0], rewritten, "other separator")
        _divide(work, placement, write_in)
    elif question.kind.listed:
        for column in placement.columns:
            _rewrite_single(work, question, column, write_in)
    elif question.kind.country_set:
        separator = question.separator or layout.separator
        work.map(placement.columns[0], lambda text: _codes(text, separator))
    if write_in is not None:
        _tick_other(work, placement, write_in)
    return work


def _clear_missing(work: Rewriting, column: int, layout: FileLayout) -> None:
    missing = frozenset(map(folded, layout.missing))
    if missing:
        work.map(column, lambda text: "" if folded(text) in missing else text, "missing text")


# A column for each choice


def _rewrite_own_texts(work: Rewriting, placement: Placement) -> None:
    """Tick choices whose columns hold one text each, and no other column the same one.

    That is how tools write the text of a choice whose wording the codebook does not have.
    """
    question, layout = placement.question, work.export.edition.layout
    if question.kind.ranked:
        return
    other, strange = other_of(question), {}
    for column, label in zip(placement.columns, placement.items, strict=True):
        tick = _ticks(question, label, layout)
        texts = {text.strip() for text in work.distinct(column).texts} - {""}
        unknown = {text for text in texts if tick(text) not in ("", "1")}
        if other is None or label != other.label:
            strange[column] = (unknown, len(texts))
    several = Counter(text for texts, _ in strange.values() for text in texts)
    alone = {
        column: next(iter(texts))
        for column, (texts, number) in strange.items()
        if len(texts) == number == 1 and several[next(iter(texts))] == 1
    }
    if all(len(texts) < 2 for texts, _ in strange.values()):
        for column, text in alone.items():
            work.map(column, partial(_ticked, text), "text of the choice")


def _ticked(own: str, text: str) -> str:
    return "1" if text.strip() == own else text


def _rewrite_ticks(work: Rewriting, question: Question, column: int, label: str) -> None:
    layout = work.export.edition.layout
    if question.kind.ranked:
        work.map(column, lambda text: whole(text.strip()), _DECIMALS)
        return
    other = other_of(question)
    work.map(column, _ticks(question, label, layout))
    if other is not None and label == other.label and layout.write_ins:
        _log_write_ins(work, column, lambda text: text not in ("", "1"))
        work.map(column, lambda text: "1" if text else "")


def _ticks(
    question: Question, label: str, layout: FileLayout, unchecked: str = ""
) -> Callable[[str], str]:
    """Return what turns a text into ``1`` or nothing; what is neither stays and is reported."""
    own = {each.value for each in question.choices if each.label == label} | {label}
    yes = set(map(folded, (*layout.checked, *own))) - {""}
    no = set(map(folded, layout.unchecked))

    def tick(text: str) -> str:
        bare = folded(whole(text.strip()))
        return "1" if bare in yes else unchecked if bare in no else text.strip()

    return tick


def says_no(export: Export, placement: Placement) -> Marked:
    """Return the records in which the tool says of every choice that it was not chosen."""
    layout = export.edition.layout
    no = set(map(folded, layout.unchecked))
    other = other_of(placement.question)
    nothing, said = np.ones(len(export), dtype=bool), np.zeros(len(export), dtype=bool)
    work = Rewriting(export)
    for column, label in zip(placement.columns, placement.items, strict=True):
        found = work.distinct(column)
        denied = [folded(whole(text.strip())) in no for text in found.texts]
        blank = [not text.strip() for text in found.texts]
        here = np.array(denied, dtype=bool)[found.codes]
        said |= here
        written = other is not None and label == other.label
        nothing &= here | (np.array(blank, dtype=bool)[found.codes] & written)
    return nothing & said


# One column for the whole answer


def _rewrite_single(work: Rewriting, question: Question, column: int, write_in: int | None) -> None:
    known, layout = Spellings(question.choices), work.export.edition.layout
    texts = [text.strip() for text in work.distinct(column).texts]
    other = _other_value(question, layout)
    strange = [text for text in texts if text and text not in known]
    numbers = _numbers(question, layout, strange)
    takes_write_ins = other and write_in is None and question.kind.single_choice

    @cache
    def meaning(text: str) -> tuple[str, str]:
        """Return the stored value, and the rule that led to it."""
        bare = text.strip()
        if not bare or bare in question.label_of:
            return bare, ""
        if bare in known:
            return known[bare], _SPELLING if whole(bare) == bare else _DECIMALS
        if other and folded(bare) in _OTHER_CODES:
            return other, ""
        banded = _banded(question, numbers, bare)
        if banded or (question.banded and numbers.readings(bare)):
            return banded or bare, _BANDED
        return (other, _WRITE_IN) if takes_write_ins else (bare, "")

    _doubt_numbers(work, question, column, numbers)
    for rule in (_SPELLING, _DECIMALS, _BANDED):
        work.map(column, partial(_by, meaning, rule), rule)
    for reported in (_log_write_ins, _report_frequent):
        reported(work, column, lambda text: meaning(text)[1] == _WRITE_IN)
    work.map(column, lambda text: meaning(text)[0])


def _by(meaning: Callable[[str], tuple[str, str]], rule: str, text: str) -> str:
    value, found = meaning(text)
    return value if found == rule else text


def _log_write_ins(work: Rewriting, column: int, is_one: Callable[[str], bool]) -> None:
    """Log how many write-ins count as "Other", without what was written."""
    found = work.distinct(column)
    written = np.array([is_one(text) for text in found.texts], dtype=bool)
    rows = np.flatnonzero(written[found.codes])
    if len(rows):
        work.repair(column, rows, "a write-in", "Other", _WRITE_IN)


def _report_frequent(work: Rewriting, column: int, is_one: Callable[[str], bool]) -> None:
    """Report what many wrote in the same words: the codebook may lack an option."""
    found = work.distinct(column)
    records = np.bincount(found.codes, minlength=len(found.texts)).tolist()
    for text, times in zip(found.texts, records, strict=False):
        if times >= _MANY and is_one(text):
            message = (
                f"{text!r} is not a listed answer, and counts as Other in {times} records: add "
                "it to the choices if the questionnaire offered it"
            )
            work.note(work.export.headings[column], "frequent write-in", message, times)


def _other_value(question: Question, layout: FileLayout) -> str:
    other = other_of(question)
    return other.value if other is not None and layout.write_ins else ""


def _numbers(question: Question, layout: FileLayout, texts: Sequence[str]) -> Numbers:
    if not question.banded:
        return Numbers()
    noun = question.measure
    return Numbers(layout.decimal, noun) if layout.decimal else Numbers.told_by(texts, noun)


def _banded(question: Question, numbers: Numbers, text: str) -> str:
    """Return the band of a number; nothing if its readings lie in different ones."""
    if not question.banded:
        return ""
    bands = {band_of(question, number) for number in numbers.readings(text)}
    return (bands.pop() or "") if len(bands) == 1 else ""


def _doubt_numbers(work: Rewriting, question: Question, column: int, numbers: Numbers) -> None:
    """Report numbers of which nothing tells whether thousands or decimals are meant."""
    if not question.banded:
        return
    found = work.distinct(column)
    for code, text in enumerate(found.texts):
        readings = numbers.readings(text)
        if (
            len(readings) > 1
            and text not in question.label_of
            and not _banded(question, numbers, text)
        ):
            work.doubt(
                column,
                found.rows(code).tolist(),
                "ambiguous number",
                f"{text!r} is {readings[0]:g} or {readings[1]:g}: say decimal = ',' or '.' in "
                "[layout]",
            )


def divider(question: Question, layout: FileLayout) -> Splitter:
    """Return what divides a list of answers to ``question``."""
    separator = question.separator or layout.separator
    whole_write_ins = bool(_other_value(question, layout))
    return Splitter(Spellings(question.choices), (separator,), join_unknown=whole_write_ins)


def _divide(work: Rewriting, placement: Placement, write_in: int | None) -> None:
    question, column = placement.question, placement.columns[0]
    splitter = divider(question, work.export.edition.layout)
    other = "" if write_in is not None else _other_value(question, work.export.edition.layout)
    work.doubt_lists(column, lambda text: splitter.split(text).certain)
    values = {choice.value for choice in question.choices}

    def listed(text: str) -> str:
        pieces = splitter.split(text).pieces
        kept = [piece if piece in values or not other else other for piece in pieces if piece]
        return placement.separator.join(dict.fromkeys(kept))

    def holds_write_in(text: str) -> bool:
        return any(piece and piece not in values for piece in splitter.split(text).pieces)

    if other:
        _log_write_ins(work, column, holds_write_in)
        _report_frequent(work, column, holds_write_in)
    work.map(column, listed)


def _codes(text: str, separator: str) -> str:
    """Return a list of countries as codes joined by hyphens; as it is if one is unknown."""
    names = [name.strip() for name in text.split(separator) if name.strip()]
    found = [find_country(name) for name in names]
    codes = [country.code for country in found if country is not None]
    return "-".join(codes) if len(codes) == len(names) else text


# A column of its own for what was written beside "Other"


def _tick_other(work: Rewriting, placement: Placement, write_in: int) -> None:
    """Count as "Other" what was written: of a single choice, where nothing was chosen."""
    layout, column = work.export.edition.layout, placement.columns[0]
    other = _other_value(placement.question, layout)
    if not other:
        return
    single, joiner = placement.question.kind.single_choice, placement.separator
    missing = {"", *map(folded, layout.missing)}
    written, given = work.distinct(write_in), work.distinct(column)
    filled = np.array([folded(text) not in missing for text in written.texts], dtype=bool)
    ticked = np.array(
        [bool(t) if single else other in t.split(joiner) for t in given.texts], dtype=bool
    )
    rows = np.flatnonzero(filled[written.codes] & ~ticked[given.codes])
    if not len(rows):
        return
    more = [f"{text}{joiner}{other}" if text else other for text in given.texts]
    codes = given.codes.copy()
    codes[rows] += len(given.texts)
    work.columns[column] = Distinct([*given.texts, *more], codes).cells([*given.texts, *more])
    work.repair(column, rows, "a write-in", "Other", _WRITE_IN)
