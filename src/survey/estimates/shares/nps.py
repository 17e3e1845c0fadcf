"""Net promoter score, from counts, with an interval."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Any, Final, Unpack

import numpy as np
import numpy.typing as npt

from survey.checked import checked
from survey.codebook import Unit
from survey.errors import EstimateError, Problem
from survey.estimates import statistic as columns
from survey.estimates.design import Design, DesignOptions, design_of
from survey.estimates.design.arguments import Asked, title_of
from survey.estimates.design.checks import names
from survey.estimates.notes import notes_on
from survey.estimates.precision.contrast import correlation_of
from survey.estimates.precision.imprecision import RULES, too_few
from survey.estimates.precision.intervals import Limits, difference
from survey.estimates.precision.precision import Precision, precision_of
from survey.estimates.precision.public_limits import limits_of_shares, variance_of_shares
from survey.estimates.statistic import Arguments, Column, Noise, Public, Role, Statistic
from survey.estimates.table import Base, Estimates, Measure, Status
from survey.estimates.table_of import table_of
from survey.estimates.tabulation import Point, Tabulation, tabulated
from survey.estimates.tabulation.counting import Counted, count
from survey.estimates.tabulation.grouping import group_by
from survey.estimates.tabulation.indicator import Indicator, read_indicator
from survey.responses import ANOTHER, Responses

__all__ = [
    "NPS",
    "is_scored",
    "limits_of",
    "nps",
    "point_of_scores",
    "sorted_scores",
    "variance_of",
]

Floats = npt.NDArray[np.float64]
_METHOD = "MOVER from Wilson limits of promoters and detractors, linearized by cluster"
_RULES = np.array(RULES, dtype=object)
_PROMOTER, _DETRACTOR = 9, 6
_SCORES = frozenset(map(str, range(11)))
_KINDS = ("Promoters", "Passives", "Detractors")


@checked(EstimateError)
def nps(
    answers: Responses | Design,
    by: str | Sequence[str] | None = None,
    *,
    concept: str = "likelihood_to_recommend",
    **options: Unpack[DesignOptions],
) -> Estimates:
    """Return the net promoter score: per cent of promoters (9, 10) less detractors (0 to 6).

    Parameters
    ----------
    answers
        Typed answers, or a design of them.
    by, options
        As in :func:`share`; the base is who answered.
    concept
        A question answered on a scale from 0 to 10.

    Returns
    -------
    Estimates
        One row per group; ``count`` and ``base`` are the units that answered. Beyond the core
        columns: ``promoters``, ``passives``, ``detractors`` (counts), ``n_eff`` (effective
        number of units), ``deff`` (design effect), ``clusters``, ``se`` and ``imprecise_because``.

    Raises
    ------
    EstimateError
        If the question's answers are not numbers from 0 to 10, or an argument is wrong.
    ResponsesError
        If none of the editions asks the question.

    Notes
    -----
    The score comes from counts, never from rounded percentages. Its interval adds the squared
    distances to the Wilson limits of both shares and their covariance (Zou and Donner 2008);
    that of the score with 20 promoters out of 20 is not a point. Rocks, B. (2016), Interval
    estimation for the net promoter score, The American Statistician 70, 365-372, compares
    alternatives.

    Examples
    --------
    >>> from survey.estimates.examples import answers
    >>> nps(answers(), by="edition").frame[["edition", "promoters", "detractors", "value"]]
      edition  promoters  detractors  value
    0    2018          2           6  -40.0
    1    2019          2           7  -50.0
    """
    design = design_of(answers, **options)
    arguments = Arguments(concept, names("by", by))
    asked, counted = count_scores(design, arguments)
    found = point_of_scores(_tabulated(counted, asked, keys=False), arguments)
    return table_of(
        NPS,
        design,
        arguments,
        asked,
        found.frame(_precision(counted, found, asked.level)),
        names=counted.grouping.names,
        title=f"Net promoter score: {title_of(design.answers, concept)}",
        method=_METHOD,
        notes=notes_on(counted, asked, concept, design.cluster),
    )


def count_scores(
    design: Design, arguments: Arguments, editions: Sequence[str] | None = None
) -> tuple[Asked, Counted]:
    """Count promoters, passives and detractors in groups."""
    asked = design.asked((arguments.concept,), arguments.by, answered=True)
    if asked.unit is Unit.ORGANIZATION:
        problem = Problem("unit", "'organization'", "'respondent'", "people recommend, one by one")
        raise EstimateError("Organizations have no net promoter score", [problem])
    sample = design.sample(asked, editions, stratified=True)
    indicator = sorted_scores(
        read_indicator(sample, arguments.concept), arguments.concept, design.answers
    )
    grouping = group_by(sample, arguments.by)
    weight = design.weight(sample, asked)
    return asked, count(sample, indicator, grouping, Base.ANSWERED, weight)


def _tabulated(counted: Counted, asked: Asked, *, keys: bool = True) -> Tabulation:
    return tabulated(counted, asked.unit, exclusive=True, keys=keys)


def is_scored(answers: Responses, concept: str) -> bool:
    """Whether every listed answer to a question, in every edition that asks it, is 0 to 10.

    Examples
    --------
    >>> is_scored(answers, "likelihood_to_recommend")  # doctest: +SKIP
    True
    """
    books = (answers.codebook.edition(name).by_concept for name in answers.editions)
    asked = [book[concept] for book in books if concept in book]
    labels = {label for each in asked for label in each.labels if label not in each.missing_labels}
    return bool(labels) and labels <= _SCORES


def sorted_scores(indicator: Indicator, concept: str, answers: Responses) -> Indicator:
    """Sort the scores into promoters, passives and detractors."""
    scale = indicator.without(ANOTHER).substantive()
    try:
        scores = [int(answer) for answer in scale.answers]
    except ValueError:
        scores = [-1]
    if not scores or min(scores) < 0 or max(scores) > 10:
        others = [repr(each) for each in answers.concepts if is_scored(answers, each)]
        raise EstimateError(
            f"{concept!r} has no net promoter score",
            [
                Problem(
                    f"concept {concept!r}",
                    f"answers such as {scale.answers[:2]}",
                    "answers from 0 to 10",
                    f"use {' or '.join(others)}" if others else "no question here has them",
                )
            ],
        )
    names = [
        _KINDS[0] if score >= _PROMOTER else _KINDS[2] if score <= _DETRACTOR else _KINDS[1]
        for score in scores
    ]
    for kind in _KINDS:
        scale = scale.union(
            kind, [a for a, name in zip(scale.answers, names, strict=False) if name == kind]
        )
    kept = scale.pick(np.arange(len(scores), len(scores) + len(_KINDS)))
    asked = np.repeat(kept.asked[:, None], len(_KINDS), axis=1)
    lost = np.asarray(~kept.asked & kept.absent.any(axis=1))[:, None].repeat(len(_KINDS), axis=1)
    return replace(kept, offered=asked, absent=lost)


def point_of_scores(table: Tabulation, arguments: Arguments) -> Point:
    """Return the scores: per cent of promoters less per cent of detractors."""
    known = table.known[:, :1]
    with np.errstate(invalid="ignore", divide="ignore"):
        share = table.weighted_count / table.weighted_base
    score = share[:, :1] - share[:, 2:]
    kinds = ("promoters", "passives", "detractors")
    return Point(
        table.names,
        table.groups,
        ("Net promoter score",),
        {
            "count": table.base[:, :1],
            "base": table.base[:, :1],
            "value": np.where(known, 100 * score, np.nan),
            "status": table.presence[:, :1],
            **{name: table.count[:, [place]] for place, name in enumerate(kinds)},
        },
    )


def limits_of_scores(table: Tabulation, arguments: Arguments, noise: Noise) -> Limits:
    """Return public limits: MOVER from those of promoters and detractors, as inside."""
    base = table.base[:, 0].astype(np.float64)
    share, single = variance_of_shares(table, noise)
    score, both = share[:, 0] - share[:, 2], share[:, 0] + share[:, 2]
    # the noise of promoters, passives and detractors weighs 1 - s, -s and -1 - s over the base
    weight = (1 - score) ** 2 + score**2 + (1 + score) ** 2
    with np.errstate(invalid="ignore", divide="ignore"):
        variance = noise.design_effect * (both - score**2) + noise.variance * weight / base
        variance = variance / base
    limits = limits_of_shares(table, arguments, noise)
    found = _mover(share, single, limits, variance)
    known = table.known[:, 0]
    return Limits(*(np.where(known, 100 * each, np.nan)[:, None] for each in found))


def _precision(counted: Counted, found: Point, level: float) -> dict[str, npt.NDArray[Any]]:
    """Return the columns that sums by cluster give, groups x 1."""
    cells = counted.cells
    precision = precision_of(cells, level, "wilson")
    variance = variance_of(counted)
    limits = limits_of(counted, precision, variance)
    status = np.array(found.columns["status"])
    known = status == Status.OK.value
    score = found.value[:, 0] / 100
    spread = cells.share[:, 0] + cells.share[:, 2] - score**2
    effective = np.divide(spread, variance, out=np.full(len(score), np.inf), where=variance > 0)
    effective = np.minimum(effective, precision.effective.max(axis=1))
    few = too_few(cells.base[:, 0], effective, cells.freedom[:, 0])
    rule = np.where(known, few[:, None], 0)
    status[rule > 0] = Status.IMPRECISE.value

    def masked(values: Floats) -> Floats:
        return np.asarray(np.where(known, 100 * values[:, None], np.nan))

    worth = np.where(known, effective[:, None], np.nan)
    return {
        "low": masked(limits.low),
        "high": masked(limits.high),
        "status": status,
        "n_eff": worth,
        "deff": found.columns["base"] / worth,
        "clusters": np.where(known, cells.clusters[:, :1], 0),
        "se": masked(np.sqrt(variance)),
        "imprecise_because": _RULES[rule],
    }


def variance_of(counted: Counted) -> Floats:
    """Return the linearized variance of promoters less detractors, per group."""
    sums, cells = counted.sums, counted.cells
    if sums.clusters < 2:
        return np.zeros(sums.groups)
    residual = sums.chosen - np.nan_to_num(cells.share)[sums.group] * sums.domain
    spread = sums.between(residual[:, :1] - residual[:, 2:])[:, 0]
    base = cells.weighted_base[:, 0]
    return np.divide(spread, base**2, out=np.zeros(len(base)), where=base > 0)


def limits_of(counted: Counted, precision: Precision, variance: Floats) -> Limits:
    """Return the limits of promoters less detractors, per group."""
    return _mover(counted.cells.share, counted.cells.variance, precision.limits, variance)


def _mover(share: Floats, single: Floats, limits: Limits, variance: Floats) -> Limits:
    """Return limits of a difference of shares from theirs and from all three variances."""
    correlation = correlation_of(single[:, 0], single[:, 2], variance)
    low, high = limits
    return difference(
        share[:, 2],
        Limits(low[:, 2], high[:, 2]),
        share[:, 0],
        Limits(low[:, 0], high[:, 0]),
        correlation,
    )


def _tabulate(design: Design, arguments: Arguments) -> tuple[Tabulation, ...]:
    asked, counted = count_scores(design, arguments)
    return (_tabulated(counted, asked),)


def _ask_again(design: Design, arguments: Arguments) -> Estimates:
    return nps(design, arguments.by, concept=arguments.concept)


NPS: Final = Statistic(
    name="nps",
    calculates="Net promoter score",
    called="net promoter score",
    measure=Measure.SCORE,
    columns=MappingProxyType(
        {
            "n_eff": columns.EFFECTIVE,
            "deff": columns.DESIGN_EFFECT,
            "clusters": columns.CLUSTERS,
            "se": columns.STANDARD_ERROR,
            "imprecise_because": columns.RULE,
            "promoters": Column(Role.COUNT, "promoters", public=True),
            "passives": Column(Role.COUNT, "passives", public=True),
            "detractors": Column(Role.COUNT, "detractors", public=True),
        }
    ),
    tabulate=_tabulate,
    point=point_of_scores,
    ask_again=_ask_again,
    public=Public(limits_of_scores),
    varies=(),
)
