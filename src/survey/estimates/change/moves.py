"""What a move between bands proves: the least and the most growth that it allows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Final, Unpack

import numpy as np
import numpy.typing as npt
import pandas as pd

from survey.checked import checked
from survey.codebook import Unit
from survey.errors import EstimateError
from survey.estimates import statistic as columns
from survey.estimates.change.matched import Matched, Side, match_editions
from survey.estimates.design import Design, DesignOptions, design_of
from survey.estimates.design.arguments import Asked
from survey.estimates.design.checks import names, number, require
from survey.estimates.exact_note import ExactNote
from survey.estimates.file_notes import absent_notes
from survey.estimates.notes import RANDOM_DRAW, left_out_notes
from survey.estimates.numbers.bounded import limits_of_bounds, point_of_bounds, reasons_of
from survey.estimates.precision.imprecision import RULES
from survey.estimates.precision.intervals import Limits
from survey.estimates.precision.precision import METHODS, precision_of
from survey.estimates.statistic import Arguments, Column, Public, Role, Statistic
from survey.estimates.table import Estimates, Measure, Status
from survey.estimates.table_of import table_of
from survey.estimates.tabulation import Point, Tabulation
from survey.estimates.tabulation.followed_organizations import tabulated_organizations
from survey.estimates.tabulation.offers import lost, withdrawn
from survey.estimates.tabulation.sums import Groups, cells, summed
from survey.responses import Responses

__all__ = ["growth_above", "moves"]

Floats = npt.NDArray[np.float64]

_YES, _NO, _OPEN = "yes", "no", "undecidable"
_IN_WORDS: Final = {_YES: "growth proven", _NO: "growth excluded", _OPEN: "undecidable"}
_SEVERAL: Final = "several clouds"


@checked(EstimateError)
def moves(
    answers: Responses | Design,
    concept: str,
    earlier: str,
    later: str,
    *,
    more_than: float = 1.0,
    **options: Unpack[DesignOptions],
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
    options
        ``level`` and ``include_carried_over``, as :func:`design` takes them.

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
    design = design_of(answers, **options).only("level", "include_carried_over")
    kept = {"earlier": earlier, "later": later, "more_than": more_than}
    arguments = Arguments(concept, (), MappingProxyType(kept))
    asked = _asked(design, arguments)
    copies = design.include_carried_over
    matched = match_editions(design.answers, concept, (earlier, later), copies=copies)
    return table_of(
        MOVES,
        design,
        arguments,
        asked,
        _moves(matched, more_than, asked.level),
        names=(),
        title=f"{design.answers.question(concept).title}: moves from {earlier} to {later}",
        method=METHODS["wilson"],
        notes=(
            "Organizations that gave complete answers in both editions. Bands prove a least and a "
            "most growth; what lies between is undecidable.",
            *absent_notes(matched.sample, concept),
            *left_out_notes(matched.sample),
            RANDOM_DRAW,
        ),
        counts=matched.counts,
    )


def _asked(design: Design, arguments: Arguments) -> Asked:
    """Return what was asked; the answers are those of clouds, the units organizations."""
    asked = design.but(unit=Unit.DEPLOYMENT).asked((arguments.concept,), arguments.by)
    return replace(asked, unit=Unit.ORGANIZATION)


@checked(EstimateError)
def growth_above(
    answers: Responses | Design,
    concept: str,
    earlier: str,
    later: str,
    by: str | Sequence[str] | None = None,
    *,
    more_than: float = 1.0,
    **options: Unpack[DesignOptions],
) -> Estimates:
    """Return which share of the same organizations grew by more than some rate.

    Parameters
    ----------
    answers, concept, earlier, later, by, options
        As in :func:`decompose_change`.
    more_than
        The growth to be exceeded, as a fraction: 1 for "more than 100 %".

    Returns
    -------
    Estimates
        One row per group. ``value`` and ``count`` are those whose bands prove it; bands seldom
        do, so read it with ``lower_bound`` (the same) and ``upper_bound`` (those whose bands
        allow it). ``low`` and ``high`` cover both bounds. Further: ``undecidable`` (number of
        organizations), ``clusters`` and ``imprecise_because``.

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
    design = design_of(answers, **options).only("level", "include_carried_over")
    kept = {"earlier": earlier, "later": later, "more_than": more_than}
    arguments = Arguments(concept, names("by", by), MappingProxyType(kept))
    asked = _asked(design, arguments)
    copies = design.include_carried_over
    matched = match_editions(design.answers, concept, (earlier, later), by, copies=copies)
    frame = _above(matched, more_than, asked.level)
    return table_of(
        GROWTH_ABOVE,
        design,
        arguments,
        asked,
        withdrawn(frame) if lost(design.answers, concept, (earlier, later)) else frame,
        names=matched.grouping.names,
        title=(
            f"{design.answers.question(concept).title}: organizations that grew by more than "
            f"{100 * more_than:g} % from {earlier} to {later}"
        ),
        method=METHODS["wilson"],
        notes=(
            _WHOSE_BANDS,
            *absent_notes(matched.sample, concept),
            *left_out_notes(matched.sample),
            RANDOM_DRAW,
        ),
        counts=matched.counts,
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
            "imprecise_because": np.array(RULES, dtype=object)[rule],
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

    reason = reasons_of(rule, found.share[:, 0], found.share[:, 1])
    sure = np.where(reason != "", Status.IMPRECISE.value, Status.OK.value)
    status = np.where(known, sure, Status.EMPTY.value)
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
            "imprecise_because": reason,
        }
    )


def _check(more_than: float) -> None:
    wanted = "a fraction above -1, such as 1 for 100 %"
    require("Cannot compare growth", number("more_than", more_than, wanted, above=-1))


def _ask_moves(design: Design, arguments: Arguments) -> Estimates:
    return moves(design, arguments.concept, **arguments.options)


def _ask_above(design: Design, arguments: Arguments) -> Estimates:
    return growth_above(design, arguments.concept, by=arguments.by, **arguments.options)


MOVES: Final = Statistic(
    name="moves",
    measure=Measure.SHARE,
    columns=MappingProxyType(
        {
            "before": Column(Role.TEXT, "before"),
            "after": Column(Role.TEXT, "after"),
            "min_factor": Column(Role.BOUND, "grew at least to"),
            "max_factor": Column(Role.BOUND, "grew at most to"),
            "grew_more": Column(Role.TEXT, "grew more"),
            "imprecise_because": columns.RULE,
        }
    ),
    ask_again=_ask_moves,
)


def _tabulate_above(design: Design, arguments: Arguments) -> tuple[Tabulation, ...]:
    editions = (arguments["earlier"], arguments["later"])
    asked = design.answers, arguments.concept, editions, arguments.by
    matched = match_editions(*asked, copies=design.include_carried_over)
    factors = _factors(matched.earlier, matched.later)
    verdict = _verdicts(*factors, arguments["more_than"])
    classes = (_YES, _OPEN, _NO)
    code = np.array([classes.index(each) for each in verdict], dtype=np.intp)
    # everybody is in the base; who may have grown is likely not to have: bands prove what counts
    scores = np.array([[1, 1, 1]] * 3 + [[1, 0, 0], [1, 1, 0], [1, 0, 0]], dtype=np.float64)
    table = tabulated_organizations(
        matched.sample,
        matched.grouping,
        matched.group,
        np.where(matched.both, code, -1),
        tuple(_IN_WORDS[each] for each in classes),
        scores,
    )
    if lost(design.answers, arguments.concept, editions):
        gone = np.full(table.presence.shape, Status.NOT_AVAILABLE.value, dtype=object)
        table = replace(table, presence=gone)
    return (table,)


def _point_above(table: Tabulation, arguments: Arguments) -> Point:
    """Return the share that is proven to have grown, and that may have."""
    words = {"answer": f"more than {100 * arguments['more_than']:g} %"}
    found = point_of_bounds(table, replace(arguments, options=MappingProxyType(words)))
    columns = dict(found.columns)
    columns["undecidable"] = columns.pop("undecided")
    return replace(found, columns=columns)


_WHOSE_BANDS: Final = ExactNote(
    "The value is the share whose bands prove it; the upper bound adds those whose bands allow it.",
    "The value is the share whose bands show it; the interval reaches to those whose bands allow.",
)
GROWTH_ABOVE: Final = Statistic(
    name="growth_above",
    calculates=r"more than -?[\d.,]+ %",
    measure=Measure.SHARE,
    columns=MappingProxyType(
        {
            "lower_bound": Column(Role.BOUND, "at least"),
            "upper_bound": Column(Role.BOUND, "at most"),
            "undecidable": Column(Role.COUNT, "undecidable", public=True),
            "clusters": columns.CLUSTERS,
            "imprecise_because": columns.RULE,
        }
    ),
    ask_again=_ask_above,
    tabulate=_tabulate_above,
    point=_point_above,
    public=Public(limits_of_bounds),
)
