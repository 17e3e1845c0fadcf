"""Readings: what numbers that are not counts tell about counts.

A median says how many clouds stand in the bands below it; the bounds of a total are a weighted
sum of the bands' counts; a net promoter score is the difference of two counts; a change of
shares joins two counts. Where the counts are published as well, each such number is one more
equation for a reader who wants to know a withheld one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from survey.codebook import Codebook
from survey.disclosure.cells import Key
from survey.estimates.table import Estimates

__all__ = ["Reading", "readings"]


@dataclass(frozen=True)
class Reading:
    """A number in some row that is a weighted sum of counts.

    Attributes
    ----------
    row
        Position in the table.
    weights
        Cell -> weight.
    value
        The weighted sum, as the number gives it away.
    rounding
        By how much the weighted sum can differ from ``value``.
    """

    row: int
    weights: dict[Key, float]
    value: float
    rounding: float = 0.0


def readings(
    table: Estimates, codebook: Codebook, period: str, digits: int
) -> Iterator[Reading]:
    """Yield what the numbers of ``table`` tell about counts."""
    yield from ()
