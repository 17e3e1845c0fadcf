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

from types import MappingProxyType
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from survey.dataclass import dataclass
from survey.estimates import statistic as columns
from survey.estimates.numbers.band_counts import tabulated_classes
from survey.estimates.numbers.banded import Banded, first_column
from survey.estimates.precision.imprecision import RULES
from survey.estimates.precision.intervals import Limits
from survey.estimates.precision.precision import Precision, precision_of
from survey.estimates.precision.public_limits import limits_with_noise
from survey.estimates.statistic import Arguments, Column, Noise, Role
from survey.estimates.table import Status
from survey.estimates.tabulation import Point, Tabulation
from survey.estimates.tabulation.sums import cells

__all__ = [
    "BOUNDED",
    "UNDECIDED",
    "Membership",
    "bounded_shares",
    "limits_of_bounds",
    "point_of_bounds",
    "reasons_of",
    "tabulated_memberships",
]

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
UNDECIDED: Final = "the answers do not decide it"
"""Why a share is imprecise whose certain bounds are 0 and 1."""


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


def tabulated_memberships(
    banded: Banded, among: Membership, having: Membership, *, keys: bool = True
) -> Tabulation:
    """Return how many rows are in each class of those that count alike.

    Scores of a class: whether it is in the base for certain, possibly and how likely; then
    the same of whether it counts.
    """
    known = banded.answered
    flags = np.column_stack(
        [
            *(each & known for each in (among.certain, among.possible)),
            among.likely * known,
            *(each & known for each in (having.certain, having.possible)),
            having.likely * known,
        ]
    ).astype(np.float64)
    some = flags[known].round(12) if known.any() else np.zeros((1, flags.shape[1]))
    scores, code = np.unique(some, axis=0, return_inverse=True)
    place = np.full(len(known), -1, dtype=np.intp)
    place[known] = code.reshape(-1)[: int(known.sum())]
    labels = tuple(_class_name(each) for each in scores.tolist())
    return tabulated_classes(banded, place, labels, scores.T, keys=keys)


def _class_name(scores: list[float]) -> str:
    base, count = (
        "certainly" if certain else "possibly" if possible else "not"
        for certain, possible in (scores[:2], scores[3:5])
    )
    return f"{base} in the base ({scores[2]:g}), {count} counted ({scores[5]:g})"


def point_of_bounds(table: Tabulation, arguments: Arguments) -> Point:
    """Return the share that is likely, with the bounds that are certain, from counted classes."""
    assert table.scores is not None
    base, may_base, likely, has, may_have, likely_has = table.scores
    number = table.weighted_count

    def part(over: Floats, under: Floats) -> Floats:
        top, bottom = number @ over, number @ under
        out = np.full(len(top), np.nan)
        return np.asarray(np.divide(top, bottom, out=out, where=bottom > 0))

    least = part(base * has, np.maximum(base, may_base * (1 - has)))
    most = part(may_base * may_have, np.maximum(base, may_base * may_have))
    lower = np.where(np.isnan(least), 0.0, least)
    upper = np.where(np.isnan(most), 1.0, most)
    value = part(likely * likely_has, likely)
    value = np.clip(np.where(np.isnan(value), least, value), lower, upper)
    units = table.count @ may_base
    apart = np.where(may_base != base, may_base, may_base * (may_have != has))
    presence = table.presence[:, 0]
    empty = (presence == Status.OK.value) & (units == 0)
    status = np.where(empty, Status.EMPTY.value, presence)
    known = status == Status.OK.value
    status = np.where(known & _decide_nothing(lower, upper), Status.IMPRECISE.value, status)

    def column(values: npt.NDArray[Any]) -> npt.NDArray[Any]:
        return values[:, None]

    return Point(
        table.names,
        table.groups,
        (str(arguments["answer"]),),
        {
            "count": column((table.count @ (base * has)).astype(np.int64)),
            "base": column(units.astype(np.int64)),
            "status": column(status),
            **{
                name: column(np.where(known, values, np.nan))
                for name, values in (
                    ("value", value),
                    ("lower_bound", lower),
                    ("upper_bound", upper),
                )
            },
            "undecided": column((table.count @ apart).astype(np.int64)),
        },
    )


def reasons_of(rule: npt.NDArray[np.intp], lower: Floats, upper: Floats) -> npt.NDArray[np.object_]:
    """Return why shares with certain bounds are imprecise; empty where they are not."""
    reasons = np.array(RULES, dtype=object)[rule]
    return np.asarray(np.where(_decide_nothing(lower, upper), UNDECIDED, reasons), dtype=object)


def _decide_nothing(lower: Floats, upper: Floats) -> Flags:
    """Return where certain bounds are 0 and 1: the answers say nothing of the share."""
    return np.asarray((lower <= 0) & (upper >= 1))


def bounded_shares(
    banded: Banded, among: Membership, having: Membership, arguments: Arguments
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
    arguments
        What was asked; ``"answer"`` is the label of the rows.
    """
    table = tabulated_memberships(banded, among, having, keys=False)
    found = point_of_bounds(table, arguments)
    known = banded.answered
    inside = Membership(among.certain & known, among.possible & known, among.likely * known)
    low_base = inside.certain | (inside.possible & ~having.certain)
    high_base = inside.certain | (inside.possible & having.possible)
    base = np.column_stack([low_base, high_base])
    chosen = np.column_stack([inside.certain & having.certain, having.possible])
    precision = precision_of(
        cells(banded.sums(chosen.astype(np.float64), base)), banded.asked.level
    )
    totals = banded.sums((inside.likely * having.likely)[:, None], inside.possible)
    whole = banded.sums(inside.likely[:, None], inside.possible)
    expected = np.divide(
        totals.per_group(totals.chosen),
        whole.per_group(whole.chosen),
        out=np.array(found.value),
        where=whole.per_group(whole.chosen) > 0,
    )
    lower, upper = found.columns["lower_bound"], found.columns["upper_bound"]
    undecided = inside.possible & (inside.certain != inside.possible) | (
        inside.possible & having.possible & ~having.certain
    )
    counts = {
        "count": _units(banded, chosen[:, 0], inside.possible)[:, None],
        "base": _units(banded, inside.possible, inside.possible)[:, None],
        "undecided": _units(banded, undecided, inside.possible)[:, None],
    }
    clusters = _clusters(banded, inside.possible)
    return found.frame(
        {**counts, "value": np.clip(expected, lower, upper), **_limits(found, precision, clusters)}
    )


def _limits(
    found: Point, precision: Precision, clusters: npt.NDArray[np.intp]
) -> dict[str, npt.NDArray[Any]]:
    """Return limits, status and rule: from the lower bound's to the upper bound's."""
    status = np.array(found.columns["status"])
    undecided = status == Status.IMPRECISE.value
    known = (status == Status.OK.value) | undecided
    both = np.sort(precision.rule, axis=1)
    rule = np.where(both[:, :1] > 0, both[:, :1], both[:, 1:])
    broken = known & (rule > 0)
    low, high = precision.limits.low[:, :1], precision.limits.high[:, 1:]
    return {
        "low": np.where(known, np.where(np.isnan(low), 0.0, low), np.nan),
        "high": np.where(known, np.where(np.isnan(high), 1.0, high), np.nan),
        "status": np.where(broken, Status.IMPRECISE.value, status),
        "clusters": np.where(known, clusters[:, None], 0),
        "imprecise_because": np.where(
            undecided, UNDECIDED, np.array(RULES, dtype=object)[np.where(known, rule, 0)]
        ),
    }


def limits_of_bounds(table: Tabulation, arguments: Arguments, noise: Noise) -> Limits:
    """Return public limits: from the lower bound's lower limit to the upper bound's upper one."""
    found = point_of_bounds(table, arguments)
    base = found.columns["base"].astype(np.float64)
    low = limits_with_noise(np.asarray(found.columns["lower_bound"]), base, noise).low
    high = limits_with_noise(np.asarray(found.columns["upper_bound"]), base, noise).high
    return Limits(low, high)


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


BOUNDED: Final = MappingProxyType(
    {
        "clusters": columns.CLUSTERS,
        "imprecise_because": columns.RULE,
        "lower_bound": Column(Role.BOUND, "at least"),
        "upper_bound": Column(Role.BOUND, "at most"),
        "undecided": Column(Role.COUNT, "undecided", public=True),
    }
)
"""Columns of shares with bounds beyond the core ones."""
