"""What a move between bands proves: the least and the most growth that it allows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from survey.checked import checked
from survey.codebook import Unit
from survey.errors import EstimateError
from survey.estimates.arguments import ask, given
from survey.estimates.checks import number, require
from survey.estimates.file_notes import absent_notes
from survey.estimates.imprecision import RULES
from survey.estimates.intervals import Limits
from survey.estimates.matched import Matched, Side, match_editions
from survey.estimates.notes import RANDOM_DRAW, left_out_notes
from survey.estimates.offers import lost, withdrawn
from survey.estimates.precision import METHODS, precision_of
from survey.estimates.table import Estimates, Spec, Status
from survey.estimates.tabulate import Groups, cells, summed
from survey.responses import Responses

__all__ = ["growth_above", "moves"]

Floats = npt.NDArray[np.float64]

_YES, _NO, _OPEN = "yes", "no", "undecidable"
_IN_WORDS: Final = {_YES: "growth proven", _NO: "growth excluded", _OPEN: "undecidable"}
_SEVERAL: Final = "several clouds"


@checked(EstimateError)
def moves(
    answers: Responses,
    concept: str,
    earlier: str,
    later: str,
    *,
    more_than: float = 1.0,
    level: float = 0.95,
    copies: bool = False,
) -> Estimates:
    """Return from which band to which organizations moved, and what each move proves.

    Parameters
    ----------
    answers
        Typed answers of at least the two editions.
    concept
        A question whose answers are bands of a number.
    earlier, later
        The two editions.
    more_than
        The growth to be proven, as a fraction: 1 for "more than 100 %".
    level
        Confidence level.
    copies
        Whether answers count that were carried over unchanged from the earlier edition.

    Returns
    -------
    Estimates
        One row per move that occurred, its ``value`` the share of the organizations that gave
        complete answers in both editions. Beyond the core columns: ``before`` and ``after``
        (bands; organizations with more than one cloud together), ``min_factor`` and
        ``max_factor`` (the least and the most that the later number can be as a multiple of
        the earlier; no maximum where a band is open), and ``grew_more``: whether every, no or
        only some growth that the move allows is above ``more_than``: ``yes``, ``no``,
        ``undecidable``. For organizations with several clouds the factors span all of them.

    Raises
    ------
    EstimateError
        If an edition is not there, or the answers are not bands of a number.

    Examples
    --------
    >>> from survey.estimates.examples import answers
    >>> table = moves(answers(), "compute_cores", "2018", "2019")
    >>> set(table.frame["grew_more"]) <= {"yes", "no", "undecidable"}
    True
    """
    _check(more_than)
    asked = ask(answers, (concept,), unit=Unit.DEPLOYMENT, level=level)
    matched = match_editions(answers, concept, (earlier, later), copies=copies)
    return Estimates(
        _moves(matched, more_than, asked.level),
        Spec(
            "moves",
            concept,
            unit=Unit.ORGANIZATION,
            level=asked.level,
            method=METHODS["wilson"],
            counts=matched.counts,
            options=given(
                {"earlier": earlier, "later": later, "more_than": more_than, "copies": copies}
            ),
        ),
        answers.provenance,
        title=f"{answers.question(concept).title}: moves from {earlier} to {later}",
        notes=(
            "Organizations that gave complete answers in both editions. Bands prove a least and a "
            "most growth; what lies between is undecidable.",
            *absent_notes(matched.sample, concept),
            *left_out_notes(matched.sample),
            RANDOM_DRAW,
        ),
    )


@checked(EstimateError)
def growth_above(
    answers: Responses,
    concept: str,
    earlier: str,
    later: str,
    by: str | Sequence[str] | None = None,
    *,
    more_than: float = 1.0,
    level: float = 0.95,
    copies: bool = False,
) -> Estimates:
    """Return which share of the same organizations grew by more than some rate.

    Parameters
    ----------
    answers, concept, earlier, later, by, copies
        As in :func:`growth`.
    more_than
        The growth to be exceeded, as a fraction: 1 for "more than 100 %".
    level
        Confidence level.

    Returns
    -------
    Estimates
        One row per group. ``value`` and ``count`` are those whose bands prove it; bands seldom
        do, so read it with ``lower_bound`` (the same) and ``upper_bound`` (those whose bands
        allow it). ``low`` and ``high`` cover both bounds. Further: ``undecidable`` (number of
        organizations), ``clusters`` and ``rule``.

    Raises
    ------
    EstimateError
        If an edition is not there, or the answers are not bands of a number.

    Examples
    --------
    >>> from survey.estimates.examples import answers
    >>> table = growth_above(answers(), "compute_cores", "2018", "2019", more_than=1)
    >>> bool((table.frame["lower_bound"] <= table.frame["upper_bound"]).all())
    True
    """
    _check(more_than)
    asked = ask(answers, (concept,), by, unit=Unit.DEPLOYMENT, level=level)
    matched = match_editions(answers, concept, (earlier, later), by, copies=copies)
    frame = _above(matched, more_than, asked.level)
    return Estimates(
        withdrawn(frame) if lost(answers, concept, (earlier, later)) else frame,
        Spec(
            "growth_above",
            concept,
            matched.grouping.names,
            Unit.ORGANIZATION,
            level=asked.level,
            method=METHODS["wilson"],
            counts=matched.counts,
            options=given(
                {"earlier": earlier, "later": later, "more_than": more_than, "copies": copies}
            ),
        ),
        answers.provenance,
        title=(
            f"{answers.question(concept).title}: organizations that grew by more than "
            f"{100 * more_than:g} % from {earlier} to {later}"
        ),
        notes=(
            "The value is the share whose bands prove it; the upper bound adds those whose bands "
            "allow it. The truth lies between.",
            *absent_notes(matched.sample, concept),
            *left_out_notes(matched.sample),
            RANDOM_DRAW,
        ),
    )


def _factors(earlier: Side, later: Side) -> tuple[Floats, Floats]:
    """Return the least and the most that each organization can have grown, as a factor."""
    with np.errstate(divide="ignore", invalid="ignore"):
        least = later.low / earlier.top
        most = later.top / earlier.low
    return np.nan_to_num(least, nan=0.0), np.where(np.isnan(most), np.inf, most)


def _verdicts(least: Floats, most: Floats, more_than: float) -> npt.NDArray[np.object_]:
    """Return whether growth above ``more_than`` is proven, excluded, or neither."""
    factor = 1 + more_than
    return np.select([least > factor, most <= factor], [_YES, _NO], _OPEN).astype(object)


def _moves(matched: Matched, more_than: float, level: float) -> pd.DataFrame:
    both = matched.both
    least, most = (each[both] for each in _factors(matched.earlier, matched.later))
    before, after = (
        np.where(side.label[both] == "", _SEVERAL, side.label[both])
        for side in (matched.earlier, matched.later)
    )
    table = pd.DataFrame(
        {
            "before": before,
            "after": after,
            "low": matched.earlier.low[both],
            "end": matched.later.low[both],
            "least": least,
            "most": most,
            "verdict": _verdicts(least, most, more_than),
        }
    )
    keys = ["before", "after", "verdict"]
    found = table.groupby(keys, as_index=False, sort=False).agg(
        count=("least", "size"),
        low=("low", "min"),
        end=("end", "min"),
        least=("least", "min"),
        most=("most", "max"),
    )
    found = found.sort_values(["low", "end", *keys], kind="stable").reset_index(drop=True)
    share, limits, rule = _shares(found["count"].to_numpy(dtype=np.float64), len(table), level)
    status = np.where(rule > 0, Status.IMPRECISE.value, Status.OK.value)
    return pd.DataFrame(
        {
            "answer": _labels(found),
            "count": found["count"].astype(np.intp),
            "base": np.full(len(found), len(table), dtype=np.intp),
            "value": share,
            "low": limits.low,
            "high": limits.high,
            "status": status.astype(object),
            "before": found["before"].astype(object),
            "after": found["after"].astype(object),
            "min_factor": found["least"],
            "max_factor": found["most"].where(np.isfinite(found["most"])),
            "grew_more": found["verdict"].astype(object),
            "rule": np.array(RULES, dtype=object)[rule],
        }
    )


def _labels(found: pd.DataFrame) -> pd.Series[str]:
    """Return a name for each move; those of several clouds can need the verdict to differ."""
    moved = found["before"].astype(object) + " → " + found["after"].astype(object)
    told = moved + " (" + found["verdict"].map(_IN_WORDS).astype(object) + ")"
    return told.where(moved.duplicated(keep=False), moved)


def _shares(count: Floats, base: int, level: float) -> tuple[Floats, Limits, npt.NDArray[np.intp]]:
    """Return shares of independent organizations, with limits and rules."""
    chosen = np.repeat(np.eye(len(count)), count.astype(np.intp), axis=0)
    rows = np.arange(base)
    found = cells(summed(chosen, np.ones(base, dtype=bool), Groups.everyone(base), rows, base))
    precision = precision_of(found, level)
    limits = Limits(precision.limits.low[0], precision.limits.high[0])
    return found.share[0], limits, precision.rule[0]


def _above(matched: Matched, more_than: float, level: float) -> pd.DataFrame:
    verdict = _verdicts(*_factors(matched.earlier, matched.later), more_than)
    chosen = np.column_stack([verdict == _YES, verdict != _NO]).astype(np.float64)
    size, many = matched.sample.clusters, matched.grouping.groups.count
    sums = summed(chosen, matched.both, Groups(matched.group, many), np.arange(size), size)
    found = cells(sums)
    precision = precision_of(found, level)
    base = found.base[:, 0]
    known = base > 0
    rule = np.where(known, precision.rule.max(axis=1), 0)

    def masked(values: Floats) -> Floats:
        return np.asarray(np.where(known, values, np.nan))

    status = np.where(
        known, np.where(rule > 0, Status.IMPRECISE.value, Status.OK.value), Status.EMPTY.value
    )
    groups = {
        name: matched.grouping.column(place) for place, name in enumerate(matched.grouping.names)
    }
    return pd.DataFrame(
        {
            **groups,
            "answer": np.full(many, f"more than {100 * more_than:g} %", dtype=object),
            "count": found.count[:, 0],
            "base": base,
            "value": masked(found.share[:, 0]),
            "low": masked(precision.limits.low[:, 0]),
            "high": masked(precision.limits.high[:, 1]),
            "status": status.astype(object),
            "lower_bound": masked(found.share[:, 0]),
            "upper_bound": masked(found.share[:, 1]),
            "undecidable": found.count[:, 1] - found.count[:, 0],
            "clusters": base,
            "rule": np.array(RULES, dtype=object)[rule],
        }
    )


def _check(more_than: float) -> None:
    wanted = "a fraction above -1, such as 1 for 100 %"
    require("Cannot compare growth", number("more_than", more_than, wanted, above=-1))
