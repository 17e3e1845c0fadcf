"""The order of choices: bands of a number by their edges, and the scales that surveys use."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from survey.exports.spelling import folded

__all__ = ["as_bands", "in_order", "round_bands"]

_N = r"[$€£]?\s*(\d[\d.,' ]*)\s*([km])?"
_RANGE = re.compile(rf"\D{{0,12}}?{_N}\s*%?\s*(?:-|to|and|up to|bis)\s*{_N}\b.*", re.IGNORECASE)
_BELOW = re.compile(rf"(?:<|less than|fewer than|under|below|up to|at most)\s*=?\s*{_N}\b.*", re.I)
_ABOVE = re.compile(rf"(?:>|more than|over|above|at least)\s*=?\s*{_N}\b.*", re.IGNORECASE)
_MORE = r"(?:\+|or more|and more|or over|or above|plus)"
_OPEN = re.compile(rf"\D{{0,12}}?{_N}\s*%?\s*(?:[a-z ]{{0,12}}?){_MORE}.*", re.IGNORECASE)
_ONE = re.compile(rf"{_N}(\s*[a-z%]+)?", re.IGNORECASE)
_NONE = re.compile(r"none|no(t| )?\w*|zero", re.IGNORECASE)

_SCALES: Final = (
    ("strongly disagree", "disagree", "somewhat disagree", "neither agree nor disagree", "neutral",
     "somewhat agree", "agree", "strongly agree"),
    ("never", "almost never", "rarely", "seldom", "yearly", "occasionally", "sometimes", "monthly",
     "weekly", "often", "frequently", "very often", "usually", "daily", "almost always", "always"),
    ("very dissatisfied", "dissatisfied", "somewhat dissatisfied",
     "neither satisfied nor dissatisfied", "neutral", "somewhat satisfied", "satisfied",
     "very satisfied", "extremely satisfied"),
    ("not at all important", "not important", "slightly important", "somewhat important",
     "moderately important", "important", "very important", "extremely important", "critical"),
    ("not at all likely", "very unlikely", "unlikely", "somewhat unlikely", "neutral",
     "somewhat likely", "likely", "very likely", "extremely likely"),
    ("terrible", "horrible", "very poor", "poor", "bad", "fair", "ok", "okay", "average", "good",
     "very good", "great", "excellent"),
    ("not at all", "not very", "a little", "slightly", "somewhat", "moderately", "quite", "very",
     "very much", "extremely", "completely"),
    ("no", "definitely not", "probably not", "maybe", "unsure", "probably", "yes",
     "yes, definitely!", "definitely"),
    ("very difficult", "difficult", "somewhat difficult", "neutral", "somewhat easy", "easy",
     "very easy"),
    ("none", "beginner", "novice", "basic", "intermediate", "advanced", "proficient", "expert"),
    ("decreased significantly", "decreased", "stayed the same", "no change", "increased",
     "increased significantly"),
)  # fmt: skip
_PLACES = tuple({name: place for place, name in enumerate(scale)} for scale in _SCALES)
_LAST = re.compile(
    r"(i )?(don.t|do not|dont) know|not sure|unsure|prefer not.*|n/?a\b.*|not applicable.*|"
    r"no (opinion|answer).*|other\b.*",
    re.IGNORECASE,
)


def in_order(choices: Sequence[str]) -> tuple[tuple[str, ...], bool]:
    """Return choices in the order of their scale, and whether they are one.

    Answers that are no part of it, such as "Don't know", come last.

    Examples
    --------
    >>> in_order(["Always", "Never", "Sometimes"])
    (('Never', 'Sometimes', 'Always'), True)
    >>> in_order(["Red", "Green"])
    (('Red', 'Green'), False)
    """
    own = [choice for choice in choices if not _LAST.fullmatch(choice)]
    last = [choice for choice in choices if choice not in own]
    if len(own) > 2 or (len(own) == 2 and not {"yes", "no"} >= set(map(folded, own))):
        numbers = [choice for choice in own if choice.isdigit()]
        if len(numbers) == len(own):
            return (*sorted(own, key=int), *last), len(own) > 2
        for places in _PLACES:
            if all(folded(choice) in places for choice in own):
                return (*sorted(own, key=lambda each: places[folded(each)]), *last), True
    return (*own, *last), False


def as_bands(choices: Sequence[str]) -> tuple[tuple[str, float, float | None], ...]:
    """Return choices as bands in ascending order; nothing unless nearly all are bands.

    Examples
    --------
    >>> as_bands(["50 or more", "1-9", "10-49"])
    (('1-9', 1, 9), ('10-49', 10, 49), ('50 or more', 50, None))
    """
    own = [choice for choice in choices if not _LAST.fullmatch(choice)]
    found = [(choice, band) for choice in own if (band := _band(choice)) is not None]
    if len(own) < 3 or len(found) < len(own):
        return ()
    ordered = sorted(found, key=lambda each: each[1][0])
    lows = [band[0] for _, band in ordered]
    if len(set(lows)) < len(lows) or sum(band[1] is None for _, band in ordered) > 1:
        return ()
    overlap = any(
        ours[1] is None or ours[1] > theirs[0] for (_, ours), (_, theirs) in pairwise(ordered)
    )
    return () if overlap else tuple((text, low, high) for text, (low, high) in ordered)


def _band(text: str) -> tuple[float, float | None] | None:
    plain = folded(text)
    if found := _RANGE.fullmatch(plain):
        return _number(found[1], found[2] or found[4]), _number(found[3], found[4])
    if found := _BELOW.fullmatch(plain):
        edge = _number(found[1], found[2])
        own = plain.startswith(("up to", "at most")) or "=" in plain
        return 0, edge if own else max(edge - 1, 0)
    if found := _ABOVE.fullmatch(plain):
        edge = _number(found[1], found[2])
        return (edge if plain.startswith("at least") or "=" in plain else edge + 1), None
    if found := _OPEN.fullmatch(plain):
        return _number(found[1], found[2]), None
    if found := _ONE.fullmatch(plain):
        number = _number(found[1], found[2])
        return number, number
    return (0, 0) if _NONE.fullmatch(plain) else None


def _number(text: str, factor: str | None) -> float:
    bare = re.sub(r"[,.' ](?=\d{3}\b)", "", text.strip()).replace(",", ".").rstrip(". '")
    times = {"k": 1_000, "m": 1_000_000}.get(factor or "", 1)
    number = float(bare) * times
    return int(number) if number == int(number) else number


def round_bands(numbers: Sequence[float]) -> tuple[tuple[str, float, float | None], ...]:
    """Return bands with round edges that divide some numbers, for numbers that were asked.

    Examples
    --------
    >>> round_bands([1, 4, 30, 80, 700])
    (('0 to 9', 0, 9), ('10 to 99', 10, 99), ('100 or more', 100, None))

    Numbers of one order of magnitude, as of incomes, would all be in the last of these.

    >>> [name for name, _, _ in round_bands([31_000, 48_000, 75_000])][:2]
    ['0 to 39,999', '40,000 to 49,999']
    """
    largest = max(numbers)
    small = sorted(numbers)[len(numbers) // 20]
    edges = [0.0]
    if small > max(largest / 100, 100):
        step = _round_step((largest - small) / 5)
        first = math.floor(small / step) + 1
        edges += [step * number for number in range(first, math.floor(largest / step) + 1)]
    elif largest > 100:
        edges += [10.0**power for power in range(1, int(math.log10(largest)) + 1)]
    else:
        step = next(each for each in (1, 2, 5, 10, 20, 25) if largest / each <= 5)
        edges += [float(step * number) for number in range(1, math.ceil(largest / step) + 1)]
    bands: list[tuple[str, float, float | None]] = []
    for low, high in zip(edges, [*edges[1:], None], strict=True):
        name = f"{low:,.0f} or more" if high is None else f"{low:,.0f} to {high - 1:,.0f}"
        bands.append((name, int(low), None if high is None else int(high) - 1))
    return tuple(bands)


def _round_step(least: float) -> float:
    """Return the smallest of 1, 2 and 5 times a power of ten, 1 and more, that is not less."""
    power = 10.0 ** math.floor(math.log10(max(least, 1.0)))
    return next(step * power for step in (1, 2, 5, 10) if step * power >= least)
