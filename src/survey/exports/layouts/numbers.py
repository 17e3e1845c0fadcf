"""Numbers as people and programs write them: ``1,024``, ``1.024``, ``1 024`` or ``99,5``.

A comma or a point can stand before decimals or between thousands. One number alone often does
not tell; a column of them mostly does, because one program wrote it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from survey.codebook import Question
from survey.dataclass import dataclass

__all__ = ["Numbers", "band_of", "whole"]

_SPACES = re.compile(r"(?<=\d)[\s'’\u00a0\u2009\u202f](?=\d{3}(?!\d))")
_NUMBER = re.compile(r"[+-]?(\d+([.,]\d+)*|[.,]\d+)([eE][+-]?\d{1,3})?")
_GROUPED = re.compile(r"[+-]?[1-9]\d{0,2}([.,])\d{3}(\1\d{3})*")
_WHOLE = re.compile(r"([+-]?\d+)[.,]0+")


def whole(text: str) -> str:
    """Return a whole number that a program wrote with decimals as it was; else the same text.

    Examples
    --------
    >>> whole("3.0"), whole("3.5"), whole("3")
    ('3', '3.5', '3')
    """
    found = _WHOLE.fullmatch(text)
    return found[1] if found else text


@dataclass(frozen=True)
class Numbers:
    """How the numbers of one column are written.

    Attributes
    ----------
    decimal
        What stands before decimals; empty if nothing tells.
    noun
        What the numbers count, which may stand behind them.
    """

    decimal: str = ""
    noun: str = ""

    @classmethod
    def told_by(cls, texts: Iterable[str], noun: str = "") -> Numbers:
        """Return what the numbers in ``texts`` tell; nothing if they contradict each other.

        Examples
        --------
        >>> Numbers.told_by(["1.024", "99,5"]).decimal, Numbers.told_by(["1.024"]).decimal
        (',', '')
        """
        bare = cls(noun=noun)
        marks = {mark for text in texts if (mark := _decimal_mark(bare.plain(text)))}
        return cls(marks.pop() if len(marks) == 1 else "", noun)

    def plain(self, text: str) -> str:
        """Return a text without spaces between thousands and without the noun behind it."""
        bare = _SPACES.sub("", text.strip())
        if self.noun and bare.casefold().endswith(self.noun.casefold()):
            bare = bare[: -len(self.noun)].rstrip()
        return bare

    def readings(self, text: str) -> tuple[float, ...]:
        """Return what a text can mean as a number: nothing, one number, or two.

        Examples
        --------
        >>> Numbers(",").readings("1.024"), Numbers().readings("1.024"), Numbers().readings("x")
        ((1024.0,), (1.024, 1024.0), ())
        """
        bare = self.plain(text)
        if not _NUMBER.fullmatch(bare):
            return ()
        marks = (self.decimal,) if self.decimal else (".", ",")
        own = _decimal_mark(bare)
        if own and not self.decimal:
            marks = (own,)
        found = (_read(bare, mark) for mark in marks)
        return tuple(sorted({number for number in found if number is not None}))


def _decimal_mark(text: str) -> str:
    """Return what must stand before the decimals of a number, if it can be told."""
    if not _NUMBER.fullmatch(text):
        return ""
    points, commas = text.count("."), text.count(",")
    if points and commas:
        return max(".,", key=text.rfind)
    if points + commas == 1:
        mark = "." if points else ","
        return "" if _GROUPED.fullmatch(text) else mark
    return {True: ",", False: "."}[points > 1] if points + commas > 1 else ""


def _read(text: str, decimal: str) -> float | None:
    """Return a number whose decimals stand behind ``decimal``; None if it cannot be one."""
    thousands = "," if decimal == "." else "."
    before, _, after = text.partition(decimal)
    if decimal in after or thousands in after:
        return None
    if thousands in before and not _GROUPED.fullmatch(before):
        return None
    return float(before.replace(thousands, "") + (f".{after}" if after else ""))


def band_of(question: Question, number: float) -> str | None:
    """Return the stored value of the band that holds a number.

    Bands are worded for whole numbers; what lies between the end of one and the beginning of
    the next one, less than 1 above, belongs to the lower.
    """
    for choice in question.choices:
        band = choice.band
        if band is None or number < band.low:
            continue
        if band.high is None or number <= band.high:
            return choice.value
        following = (each.band.low for each in question.choices if each.band)
        if number < band.high + 1 and band.high + 1 in following:
            return choice.value
    return None
