"""One band, read from its wording: every number that the text can mean.

The exporter makes commas hyphens, so that "100-999" can be a range or one number. Each text
therefore has several readings; :mod:`survey.codebook.bands.scale` chooses among them.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from survey.codebook.bands.band_words import (
    CONTINUOUS,
    FACTORS,
    MULTIPLIERS,
    plain,
    spellings,
)
from survey.codebook.question import Band
from survey.dataclass import dataclass

__all__ = ["Reading", "readings"]

_NUMBER = (
    r"(?<![\w.,])(?P<digits>\d{1,3}(?:,\d{3})+|\d+(?:\.\d+)?)"
    r"(?:\s*(?P<times>thousand|million|billion|bn|k|m)(?![a-z]))?"
    r"(?:\s*(?P<unit>gb|tb|pb|eb|zb|months?|years?|hours?|days?|weeks?|percent|per cent|%)"
    r"(?![a-z]))?"
)
_RANGE: Final = re.compile(r"^\s*(?:-|to|through|until|up to|and|but less than)\s*$")
_AT_LEAST: Final = re.compile(r"\b(?:at least|from|minimum of)\b|>=|≥")
_MORE: Final = re.compile(r"\b(?:more than|over|above|greater than|exceeding)\b|>(?!=)")
_OR_MORE: Final = re.compile(
    r"\+|\b(?:or|and) (?:more|above|higher|over|up|greater|longer|larger|older)\b|\bplus\b"
)
_LESS: Final = re.compile(r"\b(?:less than|fewer than|under|below|smaller than)\b|<(?!=)")
_AT_MOST: Final = re.compile(r"\b(?:up to|at most|no more than|maximum of)\b|<=|≤")
_OR_LESS: Final = re.compile(r"\b(?:or|and) (?:less|fewer|below|under|lower|smaller)\b")
_PADDED: Final = re.compile(r"(?<![\d.,])0\d")
_NONE: Final = re.compile(r"(?:none|nothing|no|zero)(?: [a-z]+)?")
_NOUN: Final = re.compile(r"[a-z][a-z' ]*$")
_NO_NOUN: Final = re.compile(
    r"\b(?:or|and|more|less|fewer|than|to|up|at|least|most|above|below|over|under|between|plus|"
    r"about|higher|lower|from|of|the)\b"
)


@dataclass(frozen=True, slots=True)
class Reading:
    """What a text can mean: its edges, what it counts, and the text with its commas."""

    band: Band
    measure: str
    text: str


@dataclass(frozen=True, slots=True)
class _Number:
    value: float
    times: float
    unit: str
    start: int
    end: int


@lru_cache(maxsize=4096)
def readings(text: str) -> tuple[Reading, ...]:
    """Return what a text can mean as a band of numbers; none if it is no band.

    Examples
    --------
    >>> [str(each.band) for each in readings("10-000 to 49-999 cores")]
    ['10,000 to 49,999']
    >>> [str(each.band) for each in readings("100-999 cores")]
    ['100 to 999', '100,999']
    >>> readings("Less than 1 TB")[0].band, readings("1 PB or more")[0].band
    (Band(low=0, high=1), Band(low=1000, high=None))
    >>> readings("Public cloud")
    ()
    """
    found: dict[Band, Reading] = {}
    for spelling in spellings(text):
        reading = _read(spelling)
        if reading is not None:
            found.setdefault(reading.band, reading)
    return tuple(found.values())


def _read(text: str) -> Reading | None:
    words = plain(text)
    if _NONE.fullmatch(words):
        return Reading(Band(0, 0), "", text)
    numbers = list(_numbers(words))
    if not 1 <= len(numbers) <= 2 or _PADDED.search(words):
        return None
    before, after = words[: numbers[0].start], words[numbers[-1].end :]
    if len(numbers) == 2 and not _MORE.search(before) and not _LESS.search(before):
        between = words[numbers[0].end : numbers[1].start]
        if not _RANGE.match(_without_noun(between)):
            return None
        edges: tuple[float, float | None] | None = _span(*numbers)
    elif len(numbers) == 1:
        edges = _open(before, after, numbers[0])
    else:
        return None
    if edges is None:
        return None
    low, high = edges
    measure = _measure(numbers, after, before)
    return Reading(Band(_whole(low), None if high is None else _whole(high)), measure, text)


def _numbers(words: str) -> Iterator[_Number]:
    for match in re.finditer(_NUMBER, words):
        digits = match["digits"].replace(",", "")
        unit = (match["unit"] or "").removesuffix("s").replace("per cent", "percent")
        times = MULTIPLIERS[match["times"]] if match["times"] else 1.0
        yield _Number(float(digits), times, unit, match.start(), match.end())


def _span(first: _Number, second: _Number) -> tuple[float, float] | None:
    """Return both edges; a unit or multiplier that stands at the end holds for both."""
    unit = first.unit or second.unit
    high = _counted(second, second.unit or first.unit)
    low = _counted(first, unit)
    if first.times == 1 and second.times > 1 and low * second.times < high:
        low *= second.times
    return (low, high) if low <= high else None


def _open(before: str, after: str, number: _Number) -> tuple[float, float | None] | None:
    value = _counted(number, number.unit)
    step = 0 if _unit(number.unit)[0] in CONTINUOUS else 1
    words = f"{before} # {after}"
    if _OR_MORE.search(after) or _AT_LEAST.search(before):
        return value, None
    if _AT_MOST.search(before) or _OR_LESS.search(after):
        return 0, value
    if _MORE.search(before):
        return value + step, None
    if _LESS.search(before):
        return 0, max(value - step, 0)
    exact = re.fullmatch(r"\W*(?:exactly|only|just)?\W*#[a-z' %()]*", words)
    return (value, value) if exact else None


def _counted(number: _Number, unit: str) -> float:
    return number.value * number.times * _unit(unit)[1]


def _unit(unit: str) -> tuple[str, float]:
    return FACTORS.get(unit, (unit, 1.0))


def _measure(numbers: list[_Number], after: str, before: str) -> str:
    unit = next((number.unit for number in reversed(numbers) if number.unit), "")
    if unit:
        return _unit(unit)[0]
    return _without_noun_words(after) or _without_noun_words(before)


def _without_noun(between: str) -> str:
    """Return what joins two numbers: "cores to" is "to"."""
    match = re.search(r"(?:-|to|through|until|up to|and|but less than)\s*$", between)
    words = between[: match.start()] if match else ""
    return match.group() if match and re.fullmatch(r"[a-z' ]*", words) else between


def _without_noun_words(text: str) -> str:
    words = " ".join(_NO_NOUN.sub(" ", re.sub(r"[^a-z' ]", " ", text)).split())
    match = _NOUN.search(words)
    return match.group() if match else ""


def _whole(number: float) -> float:
    return int(number) if math.isfinite(number) and number == int(number) else number
