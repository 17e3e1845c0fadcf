"""Shares that the answers do not decide: from what is certain to what is possible.

Where a band straddles a threshold, a unit may or may not count. The *bounds* of the share
take all such units one way and the other; they need no assumption. The *interval* runs from
the lower limit of the lower bound to the upper limit of the upper bound, and so covers
whatever the truth inside the bounds is.

Source
------
Imbens, G. W. and Manski, C. F. (2004). Confidence intervals for partially identified
    parameters. Econometrica 72, 1845-1857.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from survey.estimates.banded import Banded, first_column
from survey.estimates.imprecision import RULES
from survey.estimates.precision import precision_of
from survey.estimates.table import Status
from survey.estimates.tabulate import cells

__all__ = ["Membership", "bounded_shares"]

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Membership:
    """Per row: whether a condition holds for certain, may hold, and how likely it holds.

    Examples
    --------
    >>> sure = Membership(np.array([True]), np.array([True]), np.array([1.0]))
    >>> (sure & sure).likely.tolist()
    [1.0]
    """

    certain: Flags
    possible: Flags
    likely: Floats

    def __and__(self, other: Membership) -> Membership:
        return Membership(
            self.certain & other.certain,
            self.possible & other.possible,
            self.likely * other.likely,
        )

    @classmethod
    def everyone(cls, size: int) -> Membership:
        """Return the condition that holds for all rows."""
        return cls(np.ones(size, dtype=bool), np.ones(size, dtype=bool), np.ones(size))


def bounded_shares(
    banded: Banded, among: Membership, having: Membership, known: Flags, answer: str
) -> pd.DataFrame:
    """Return per group the share of ``among`` that is ``having``, with its bounds.

    Parameters
    ----------
    banded
        Rows and groups.
    among
        Who is in the base.
    having
        Who counts.
    known
        Rows that answered what is needed.
    answer
        Label of the rows of the table.
    """
    inside = Membership(among.certain & known, among.possible & known, among.likely * known)
    low_base = inside.certain | (inside.possible & ~having.certain)
    high_base = inside.certain | (inside.possible & having.possible)
    base = np.column_stack([low_base, high_base])
    chosen = np.column_stack([inside.certain & having.certain, having.possible])
    found = cells(banded.sums(chosen.astype(np.float64), base))
    precision = precision_of(found, banded.asked.level)
    expected = banded.sums(
        np.column_stack([inside.likely * having.likely, inside.likely]), inside.possible
    )
    totals = expected.per_group(expected.chosen)
    value = np.divide(
        totals[:, 0], totals[:, 1], out=found.share[:, 0].copy(), where=totals[:, 1] > 0
    )
    undecided = inside.possible & (inside.certain != inside.possible) | (
        inside.possible & having.possible & ~having.certain
    )
    shown = {
        "count": _units(banded, chosen[:, 0], inside.possible),
        "base": _units(banded, inside.possible, inside.possible),
        "undecided": _units(banded, undecided, inside.possible),
        "clusters": _clusters(banded, inside.possible),
    }
    return _table(banded, answer, shown, value, found.share, precision)


def _table(
    banded: Banded,
    answer: str,
    shown: dict[str, npt.NDArray[np.intp]],
    value: Floats,
    bounds: Floats,
    precision: Any,
) -> pd.DataFrame:
    status = banded.statuses(shown["base"])
    known = status == Status.OK.value
    both = np.sort(precision.rule, axis=1)
    rule = np.where(known, np.where(both[:, 0] > 0, both[:, 0], both[:, 1]), 0)
    status[rule > 0] = Status.IMPRECISE.value

    def masked(values: Floats) -> Floats:
        return np.asarray(np.where(known, values, np.nan))

    lower = np.where(np.isnan(bounds[:, 0]), 0.0, bounds[:, 0])
    upper = np.where(np.isnan(bounds[:, 1]), 1.0, bounds[:, 1])
    low, high = precision.limits
    return pd.DataFrame(
        {
            **banded.columns(),
            "answer": np.full(len(status), answer, dtype=object),
            "count": shown["count"],
            "base": shown["base"],
            "value": masked(np.clip(value, lower, upper)),
            "low": masked(np.where(np.isnan(low[:, 0]), 0.0, low[:, 0])),
            "high": masked(np.where(np.isnan(high[:, 1]), 1.0, high[:, 1])),
            "status": status,
            "lower_bound": masked(lower),
            "upper_bound": masked(upper),
            "undecided": shown["undecided"],
            "clusters": np.where(known, shown["clusters"], 0),
            "rule": np.array(RULES, dtype=object)[rule],
        }
    )


def _units(banded: Banded, flag: Flags, domain: Flags) -> npt.NDArray[np.intp]:
    sums = banded.sums(flag[:, None].astype(np.float64), domain)
    if banded.asked.unit.value == "organization":
        return first_column(sums.per_group((sums.chosen_units > 0).astype(np.float64))).astype(
            np.intp
        )
    return first_column(sums.per_group(sums.chosen_units)).astype(np.intp)


def _clusters(banded: Banded, domain: Flags) -> npt.NDArray[np.intp]:
    sums = banded.sums(np.ones((len(domain), 1)), domain)
    return first_column(sums.per_group((sums.domain_units > 0).astype(np.float64))).astype(np.intp)
