"""Answers that an office program or pandas took for something else, as they were again.

A whole number became ``9.0``, a tick ``TRUE``, a band ``1-9`` the ninth of January; a text was
given invisible characters. Each is undone where the codebook lists the answer that it was, and
only one; anything else stays as it is and is named when answers are matched.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import cache, lru_cache, partial

from survey.codebook import Family
from survey.codebook.question import as_exported
from survey.exports.export import Export, Placement
from survey.exports.layouts.kept import by_identity
from survey.exports.repair.column_editor import Rewriting
from survey.exports.spelling import folded, unwrapped, visible
from survey.exports.times import MONTH_NAMES

__all__ = ["undo_conversions"]

_TRUE = frozenset(
    {"true", "wahr", "vrai", "verdadero", "vero", "истина", "真", "yes", "y", "ja", "oui", "si"}
    | {"sí", "да", "是", "x", "✓", "✔", "☑", "on", "checked"}
)
_FALSE = frozenset(
    {"false", "falsch", "faux", "falso", "ложь", "假", "no", "n", "nein", "non", "нет", "否"}
    | {"☐", "off", "unchecked"}
)
_ERROR = re.compile(
    r"#(?:REF!|NAME\?|VALUE!|DIV/0!|N/A|NULL!|NUM!|SPILL!|CALC!|FIELD!|ERROR!|BLOCKED!)|#{4,}"
    r"|Err:\d{3}"
).fullmatch
_SEPARATORS = ("\r\n", "\n", "\\n", ";", ",")  # of lists, where the exporter writes a bar
_NUMBER = re.compile(r"0*(\d+)(?:[.,]0*)?(?:[Ee]\+?(\d\d?))?").fullmatch
_GROUPED = re.compile(r"\d{1,3}(?:[.,'’ ]\d{3})+").fullmatch
_PAIR = re.compile(r"(\d{1,2})\s?[-/]\s?(\d{1,4})").fullmatch
_DAY_NAMED = re.compile(r"(\d{1,2})[-. /]{1,2}([^\W\d]{3,10})\.?").fullmatch
_NAMED_DAY = re.compile(r"([^\W\d]{3,10})\.?[-. /]{1,2}(\d{1,4})").fullmatch
_ISO = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?:[ T]00:00:00(?:\.0+)?)?").fullmatch
_SERIAL = re.compile(r"(\d{5})(?:\.0)?").fullmatch
_TICK, _TICK_OR_NOT = frozenset({"1"}), frozenset({"0", "1"})
_DAYS = range(1, 32)
_MONTHS = range(1, 13)
Key = tuple[int, int]
_Undone = tuple[str, str]


def undo_conversions(export: Export) -> Export:
    """Return the export with converted answers as the form wrote them; each is a repair."""
    work = Rewriting(export)
    table = export.edition.layout.family is Family.TABLE
    for placement, listed, fine in _closed(export.placements):
        odd = {
            column: set(held) - fine
            for column in placement.columns
            if not fine.issuperset(held := work.texts(column))
        }
        for column, texts in odd.items():
            if any(text[0] in "#E" and _is_error(text) for text in texts):
                _blank_errors(work, column)
        if table and not placement.question.kind.single_choice:
            continue
        undone = _only_dates(listed) if table else _undoing_of(placement, listed)
        for column, texts in odd.items():
            if any(map(undone, texts)):
                _undo(work, column, listed, undone)
        if not table and placement.items and not placement.question.kind.by_row:
            _tick_by_name(work, placement)
    return work.done() if work.columns else export


@by_identity
def _closed(
    placements: Sequence[Placement],
) -> list[tuple[Placement, frozenset[str], frozenset[str]]]:
    """Return each closed question, what its columns can hold, and what is no damage in them."""
    listed = ((placement, _listed(placement)) for placement in placements)
    return [
        (placement, known, frozenset({"", *known} - _errors(known)))
        for placement, known in listed
        if known is not None
    ]


def _listed(placement: Placement) -> frozenset[str] | None:
    """Return what can stand in the columns of a question; None where anything can."""
    question = placement.question
    if not question.kind.closed:
        return None
    if question.kind.ticked:
        return _TICK_OR_NOT
    if question.kind.names_countries:
        return frozenset()
    if question.kind.ranked and placement.items:
        return frozenset(map(str, range(len(placement.items) + 1)))
    return _TICK if question.kind.picked and placement.items else question.written_values


@cache
def _errors(listed: frozenset[str]) -> frozenset[str]:
    return frozenset(text for text in listed if text and _is_error(text))


def _is_error(text: str) -> bool:
    return _ERROR(text) is not None


def _blank_errors(work: Rewriting, column: int) -> None:
    """Take a spreadsheet's words for an error for what they are: an answer that is lost."""
    distinct = work.distinct(column)
    errors = [code for code, text in enumerate(distinct.texts) if text and _is_error(text)]
    for code in errors:
        message = f"{distinct.texts[code]!r} stands where a spreadsheet could not show the answer"
        work.doubt(column, distinct.rows(code).tolist(), "spreadsheet error", message)
    if errors:
        lost = {distinct.texts[code] for code in errors}
        work.map(column, lambda text: "" if text in lost else text)


def _undo(
    work: Rewriting,
    column: int,
    listed: frozenset[str],
    undone: Callable[[str], _Undone | None],
) -> None:
    odd = [text for text in work.distinct(column).texts if text and text not in listed]
    by_rule: dict[str, dict[str, str]] = defaultdict(dict)
    for text in odd:
        found = undone(text)
        if found is not None and found[0] != text:
            by_rule[found[1]][text] = found[0]
    for rule, changes in by_rule.items():
        work.map(column, lambda text, new=changes: new.get(text, text), rule)  # type: ignore[misc]


def _tick_by_name(work: Rewriting, placement: Placement) -> None:
    """Tick a choice where its column has the choice's own text."""
    if placement.question.kind.ranked:
        return
    for column, label in zip(placement.columns, placement.items, strict=True):
        if any(text not in ("", "1") for text in work.texts(column)):
            own = {
                folded(text)
                for choice in placement.question.choices
                if choice.label == label
                for text in (choice.value, as_exported(choice.value), label)
            }
            work.map(column, partial(_ticked, own=own), "tick by name")


def _ticked(text: str, own: Collection[str]) -> str:
    """Return a tick for a text that names the choice of the column."""
    return "1" if folded(text) in own else text


def _undoing_of(placement: Placement, listed: frozenset[str]) -> Callable[[str], _Undone | None]:
    lists = placement.question.kind.joined and not placement.items
    return _undoing(listed, lists=lists, spread=bool(placement.items))


@lru_cache(maxsize=1 << 10)
def _undoing(
    listed: frozenset[str], *, lists: bool, spread: bool
) -> Callable[[str], _Undone | None]:
    """Return what undoes the conversions of texts in the columns of a question."""
    days = _days(listed)
    known = cache(lambda: frozenset(map(folded, listed)))  # few columns ask for it
    whole = "" not in listed
    ticks = "1" in listed and listed <= {"0", "1"}
    no = "0" if "0" in listed and not spread else ""

    @lru_cache(maxsize=1 << 12)
    def undone(text: str) -> _Undone | None:
        if whole and _is_plain_list(text):
            return None
        bare = unwrapped(visible(text))
        if bare != text and (bare in listed or not text.isascii()):
            again = undone(bare) if bare not in listed else None
            wrapped = text.strip().startswith(("=", "'"))
            return again or (bare, "wrapped text" if wrapped else "invisible character")
        if "|" in bare and whole:  # a list; nothing below has a bar
            return None
        number = _whole(bare)
        if number in listed or (ticks and number == "0"):
            return (number if number in listed else no), "whole number"
        if ticks and bare.casefold() in _TRUE | _FALSE:
            return ("1" if bare.casefold() in _TRUE else no), "truth value"
        divided = _divided(bare, known) if lists else ""
        return (divided, "other separator") if divided else _as_day(bare, days)

    return undone


def _is_plain_list(text: str) -> bool:
    """Whether a text is a list as the system writes it, as most are; nothing else is undone."""
    plain = text.isascii() and text.isprintable()
    return plain and "|" in text and text == text.strip(" ='")


def _divided(text: str, known: Callable[[], frozenset[str]]) -> str:
    """Return a list with bars between its answers, if another sign divides all of it."""
    for separator in _SEPARATORS if "|" not in text else ():
        pieces = [piece.strip() for piece in text.split(separator) if piece.strip()]
        if len(pieces) > 1 and known().issuperset(map(folded, pieces)):
            return "|".join(pieces)
    return ""


def _only_dates(listed: frozenset[str]) -> Callable[[str], _Undone | None]:
    days = _days(listed)
    return lambda text: _as_day(visible(text), days)


def _whole(text: str) -> str:
    """Return a whole number without decimals, zeros in front and powers of ten."""
    found = _NUMBER(re.sub(r"\D", "", text) if _GROUPED(text) else text)
    if found is None:
        return ""
    digits, power = found.groups()
    return digits + "0" * int(power or 0)


def _as_day(text: str, days: Mapping[Key, str]) -> _Undone | None:
    found = {days[key] for key in _keys_of(text) if key in days}
    return (found.pop(), "date undone") if len(found) == 1 else None


def _days(listed: Iterable[str]) -> Mapping[Key, str]:
    """Return the listed answers that a spreadsheet takes for a day: month and day -> answer.

    A month and a year stand as month and year.
    """
    return _days_of(frozenset(text for text in listed if _PAIR(text)))


@cache
def _days_of(pairs: frozenset[str]) -> Mapping[Key, str]:
    found: dict[Key, set[str]] = defaultdict(set)
    for text in pairs:
        match = _PAIR(text)
        assert match is not None
        for key in _keys(int(match.group(1)), match.group(2)):
            found[key].add(text)
    return {key: texts.pop() for key, texts in found.items() if len(texts) == 1}


def _keys(first: int, second: str) -> Iterator[Key]:
    number = int(second)
    if first in _MONTHS and number in _DAYS:
        yield first, number
    if number in _MONTHS and first in _DAYS:
        yield number, first
    if first in _MONTHS and number not in _DAYS:
        yield first, number if len(second) == 4 else _full_year(number)


def _full_year(number: int) -> int:
    return number + (1900 if number > 29 else 2000)


def _keys_of(text: str) -> Iterator[Key]:
    """Yield what a text can be as a date: month and day, or month and year."""
    iso, named, day_named, serial = _ISO(text), _NAMED_DAY(text), _DAY_NAMED(text), _SERIAL(text)
    if iso:
        year, month, day = map(int, iso.groups())
        yield month, day
        if day == 1:
            yield month, year
    elif day_named and day_named.group(2).casefold()[:3] in MONTH_NAMES:
        yield MONTH_NAMES[day_named.group(2).casefold()[:3]], int(day_named.group(1))
    elif named and named.group(1).casefold()[:3] in MONTH_NAMES:
        month, number = MONTH_NAMES[named.group(1).casefold()[:3]], int(named.group(2))
        yield month, number
        if number not in _DAYS:
            yield month, number if number > 99 else _full_year(number)
    elif serial and 36_526 <= int(serial.group(1)) < 55_153:
        day_of = date(1899, 12, 30) + timedelta(days=int(serial.group(1)))
        yield day_of.month, day_of.day
