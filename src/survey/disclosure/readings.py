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
from survey.disclosure.cells import ANSWERED, KINDS, Key, Row, rows_of
from survey.estimates.table import Estimates

__all__ = ["Reading", "half_a_digit", "readings", "sums"]


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
        The weighted sum, as the number gives it away; missing for "exactly".
    rounding
        By how much the weighted sum can differ from ``value``.
    telling
        Whether the weights are so unequal that the number tells every count: of
        2,345,678 = a * 1,000,000 + b * 100,000 + ... one reads off a, b, ... Then no further
        count helps, and the number itself has to go.
    """

    row: int
    weights: Mapping[Key, float]
    value: float
    rounding: float = 0.0
    telling: bool = False


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
    statistic = table.spec.statistic
    for row in rows_of(table, period):
        found = table.frame.iloc[row.place]
        if pd.isna(found["value"]):
            continue
        if statistic == "nps":
            yield from _of_score(row, found, table.spec.concept)
        bands = _bands(codebook, table.spec.concept, row.group["edition"])
        if bands and statistic in ("median", "quantile"):
            yield from _of_quantile(row, found, table.spec.concept, bands)
        if bands and statistic == "total":
            yield from _of_total(row, found, table.spec.concept, bands, digits)


def _bands(codebook: Codebook, concept: str, period: str) -> dict[str, Band]:
    """Return the bands of a question in some editions."""
    return {
        label: band
        for name in period.split("+")
        if name in codebook.editions
        for label, band in (
            codebook.edition(name).by_concept[concept].bands.items()
            if concept in codebook.edition(name).by_concept
            else ()
        )
    }


def _of_score(row: Row, found: pd.Series[Any], concept: str) -> Iterator[Reading]:
    """Promoters less detractors."""
    base = found["base"]
    if pd.notna(base):
        weights = {
            row.key(concept, KINDS["promoters"]): 1.0,
            row.key(concept, KINDS["detractors"]): -1.0,
        }
        yield Reading(row.place, weights, round(float(found["value"]) * float(base) / 100))


def _of_quantile(
    row: Row, found: pd.Series[Any], concept: str, bands: Mapping[str, Band]
) -> Iterator[Reading]:
    """How many are in the bands below the quantile: interpolation gives it away."""
    edge = found.get("lower_bound", math.nan)
    below = [label for label, band in bands.items() if band.high is not None and band.high < edge]
    if below and pd.notna(edge):
        weights = {row.key(concept, label): 1.0 for label in below}
        yield Reading(row.place, weights, math.nan)


def _of_total(
    row: Row, found: pd.Series[Any], concept: str, bands: Mapping[str, Band], digits: int
) -> Iterator[Reading]:
    """The sums of the bands' edges, and how many answers lie in a band without an edge."""
    keys = {label: row.key(concept, label) for label in bands}
    low = {keys[label]: float(band.low) for label, band in bands.items() if band.low}
    high = {keys[label]: float(band.high) for label, band in bands.items() if band.high}
    top = {keys[label]: 1.0 for label, band in bands.items() if band.high is None}
    for name, weights in (("lower_bound", low), ("upper_closed", high), ("open_top", top)):
        value = found.get(name, math.nan)
        if weights and pd.notna(value):
            rounding = 0.0 if name == "open_top" else half_a_digit(float(value), digits)
            yield Reading(row.place, weights, float(value), rounding, telling=True)


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
