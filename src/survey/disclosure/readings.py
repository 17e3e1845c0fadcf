"""Readings: what numbers that are not counts tell about counts.

A median says how many clouds stand in the bands below it; the bounds of a total are a weighted
sum of the bands' counts; a net promoter score is the difference of two counts. Where counts are
published as well, each such number is one more equation for a reader who wants to know a
withheld one.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from survey.codebook import Band, Codebook, Unit
from survey.disclosure.cells import ANSWERED, KINDS, Key, Row, bands_of, rows_of
from survey.estimates.table import Estimates

__all__ = ["Reading", "half_a_digit", "readings", "sums"]


@dataclass(frozen=True)
class Reading:
    """A number in some row that is a weighted sum of counts.

    Attributes
    ----------
    row, columns
        Where the number stands; ``value`` stands for the row as a whole.
    weights
        Cell -> weight.
    value
        The weighted sum, as the number gives it away; missing for "exactly".
    rounding, rounding_of
        By how much the weighted sum can differ from ``value``: a number, or a part of a cell.
    """

    row: int
    columns: tuple[str, ...]
    weights: Mapping[Key, float]
    value: float
    rounding: float = 0.0
    rounding_of: Key | None = None


def sums(table: Estimates, codebook: Codebook, period: str) -> Iterator[tuple[list[Key], Key]]:
    """Yield cells that add up to another one, beyond answers and groups: kinds of scores."""
    if table.spec.statistic != "nps":
        return
    concept = table.spec.concept
    labels = codebook.question(concept).labels if concept in codebook.concepts else ()
    for row in rows_of(table, period):
        yield [row.key(concept, kind) for kind in KINDS.values()], row.key(concept, ANSWERED)
        for name, kind in KINDS.items():
            members = [label for label in labels if label.isdigit() and _kind(int(label)) == name]
            yield [row.key(concept, label) for label in members], row.key(concept, kind)


def _kind(score: int) -> str:
    return "promoters" if score >= 9 else "passives" if score >= 7 else "detractors"


def readings(table: Estimates, codebook: Codebook, period: str, digits: int) -> Iterator[Reading]:
    """Yield what the numbers of ``table`` tell about counts.

    Parameters
    ----------
    table
        Estimates, before rounding.
    codebook
        Says what bands stand for.
    period
        Editions that the table is about, where it does not group by edition.
    digits
        To how many significant digits totals will be rounded.
    """
    if table.spec.unit is Unit.ORGANIZATION:
        return
    concept, statistic = table.spec.concept, table.spec.statistic
    for row in rows_of(table, period):
        found = table.frame.iloc[row.place]
        if pd.isna(found["value"]):
            continue
        if statistic == "nps":
            yield from _of_score(row, found, concept)
        bands = bands_of(codebook, concept, row.group["edition"])
        if bands and statistic in ("median", "quantile"):
            yield from _of_quantile(row, found, concept, bands, digits)
        if bands and statistic == "total":
            yield from _of_total(row, found, concept, bands, digits)


def _of_score(row: Row, found: pd.Series[Any], concept: str) -> Iterator[Reading]:
    """Promoters less detractors."""
    base = found["base"]
    if pd.notna(base):
        weights = {
            row.key(concept, KINDS["promoters"]): 1.0,
            row.key(concept, KINDS["detractors"]): -1.0,
        }
        score = round(float(found["value"]) * float(base) / 100)
        yield Reading(row.place, ("value",), weights, score)


def _of_quantile(
    row: Row, found: pd.Series[Any], concept: str, bands: Mapping[str, Band], digits: int
) -> Iterator[Reading]:
    """How many are in the bands below the quantile: interpolation gives it away.

    The place of a quantile inside its band is the part of the band's count that lies below it;
    its rounding hides as large a part.
    """
    value = float(found["value"])
    inside = [label for label, band in bands.items() if band.low <= value]
    if not inside:
        return
    last = max(inside, key=lambda label: bands[label].low)
    below = [label for label in inside if bands[label].low < bands[last].low]
    if below:
        weights = {row.key(concept, label): 1.0 for label in below}
        part = _hidden_part(value, bands[last], half_a_digit(value, digits))
        yield Reading(row.place, ("value",), weights, math.nan, part, row.key(concept, last))


def _hidden_part(value: float, band: Band, rounding: float) -> float:
    """Return the part of a band's answers that rounding hides.

    Answers are spread evenly, on a logarithmic or a linear scale: whichever hides less.

    Examples
    --------
    >>> round(_hidden_part(1200, Band(1000, 9999), 50), 4)
    0.0056
    """
    if band.high is None or value <= rounding:
        return 1.0
    width, low = band.high + 1 - band.low, max(band.low, 1)
    on_logarithms = math.log((value + rounding) / (value - rounding)) / math.log(
        (band.high + 1) / low
    )
    return min(on_logarithms, 2 * rounding / width) / 2


def _of_total(
    row: Row, found: pd.Series[Any], concept: str, bands: Mapping[str, Band], digits: int
) -> Iterator[Reading]:
    """The sums of the bands' edges, which tell the count of every band."""
    keys = {label: row.key(concept, label) for label in bands}
    low = {keys[label]: float(band.low) for label, band in bands.items() if band.low}
    high = {keys[label]: float(band.high) for label, band in bands.items() if band.high}
    for columns, weights in ((("lower_bound",), low), (("upper_closed", "upper_bound"), high)):
        value = found.get(columns[0], math.nan)
        if weights and pd.notna(value):
            rounding = half_a_digit(float(value), digits)
            yield Reading(row.place, columns, weights, float(value), rounding)


def half_a_digit(value: float, digits: int) -> float:
    """Return by how much ``value`` can change when it is rounded to significant digits.

    Examples
    --------
    >>> half_a_digit(45_123_456.0, 2)
    500000.0
    """
    if value == 0 or not math.isfinite(value):
        return 0.0
    return float(0.5 * 10 ** (math.floor(math.log10(abs(value))) - digits + 1))
