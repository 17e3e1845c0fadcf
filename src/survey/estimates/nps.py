"""Net promoter score, from counts, with an interval."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from survey.checked import checked
from survey.codebook import Unit
from survey.errors import EstimateError, Problem
from survey.estimates.arguments import ask, given, title_of
from survey.estimates.counting import Counted, count
from survey.estimates.grouping import group_by
from survey.estimates.imprecision import RULES, too_few
from survey.estimates.indicator import Indicator, read_indicator
from survey.estimates.intervals import Limits, difference
from survey.estimates.notes import notes_on
from survey.estimates.precision import Precision, precision_of
from survey.estimates.sample import draw
from survey.estimates.table import Base, Estimates, Measure, Spec, Status
from survey.estimates.weights import Weights, weight_of
from survey.responses import ANOTHER, Responses

__all__ = ["limits_of", "nps", "sorted_scores", "variance_of"]

Floats = npt.NDArray[np.float64]
_METHOD = "MOVER from Wilson limits of promoters and detractors, linearized by cluster"
_RULES = np.array(RULES, dtype=object)
_PROMOTER, _DETRACTOR = 9, 6
_KINDS = ("Promoters", "Passives", "Detractors")


@checked(EstimateError)
def nps(
    answers: Responses,
    by: str | Sequence[str] | None = None,
    *,
    concept: str = "likelihood_to_recommend",
    unit: Unit | str | None = None,
    level: float = 0.95,
    cluster: str | None = "organization",
    copies: bool = False,
    weights: Weights | None = None,
) -> Estimates:
    """Return the net promoter score: per cent of promoters (9, 10) less detractors (0 to 6).

    Parameters
    ----------
    answers
        Typed answers.
    by, unit, level, cluster, copies, weights
        As in :func:`share`.
    concept
        A question answered on a scale from 0 to 10.

    Returns
    -------
    Estimates
        One row per group; ``count`` and ``base`` are the units that answered. Beyond the core
        columns: ``promoters``, ``passives``, ``detractors`` (counts), ``effective`` (effective
        number of units), ``deff`` (design effect), ``clusters``, ``se`` and ``rule``.

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
    asked = ask(answers, (concept,), by, unit=unit, level=level)
    if asked.unit is Unit.ORGANIZATION:
        problem = Problem("unit", "'organization'", "'respondent'", "people recommend, one by one")
        raise EstimateError("Organizations have no net promoter score", [problem])
    sample = draw(answers, asked.rows, cluster=asked.cluster(cluster), copies=copies)
    indicator = sorted_scores(read_indicator(sample, concept), concept)
    counted = count(
        sample, indicator, group_by(sample, by), Base.ANSWERED, weight_of(sample, asked, weights)
    )
    options = {"cluster": cluster, "copies": copies, "weights": weights}
    return Estimates(
        _tidy(counted, asked.level),
        Spec(
            "nps",
            concept,
            counted.grouping.names,
            asked.unit,
            Base.ANSWERED,
            asked.level,
            _METHOD,
            options=given(options),
        ),
        answers.provenance,
        Measure.SCORE,
        title=f"Net promoter score: {title_of(answers, concept)}",
        notes=tuple(notes_on(counted, asked, concept, cluster)),
    )


def sorted_scores(indicator: Indicator, concept: str) -> Indicator:
    """Sort the scores into promoters, passives and detractors."""
    scale = indicator.without(ANOTHER).substantive()
    try:
        scores = [int(answer) for answer in scale.answers]
    except ValueError:
        scores = [-1]
    if not scores or min(scores) < 0 or max(scores) > 10:
        raise EstimateError(
            f"{concept!r} has no net promoter score",
            [
                Problem(
                    f"concept {concept!r}",
                    f"answers such as {scale.answers[:2]}",
                    "answers from 0 to 10",
                    "use 'likelihood_to_recommend'",
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


def _tidy(counted: Counted, level: float) -> pd.DataFrame:
    cells, grouping = counted.cells, counted.grouping
    precision = precision_of(cells, level, "wilson")
    variance = variance_of(counted)
    limits = limits_of(counted, precision, variance)
    status = counted.statuses[:, 0].copy()
    known = status == Status.OK.value
    score = cells.share[:, 0] - cells.share[:, 2]
    spread = cells.share[:, 0] + cells.share[:, 2] - score**2
    effective = np.divide(spread, variance, out=np.full(len(score), np.inf), where=variance > 0)
    effective = np.minimum(effective, precision.effective.max(axis=1))
    rule = np.where(known, too_few(cells.base[:, 0], effective, cells.clusters[:, 0] - 1), 0)
    status[rule > 0] = Status.IMPRECISE.value

    def masked(values: Floats) -> Floats:
        return np.asarray(np.where(known, 100 * values, np.nan))

    columns: dict[str, Any] = {
        name: grouping.column(place) for place, name in enumerate(grouping.names)
    }
    columns |= {
        "answer": np.full(len(score), "Net promoter score", dtype=object),
        "count": cells.base[:, 0],
        "base": cells.base[:, 0],
        "value": masked(score),
        "low": masked(limits.low),
        "high": masked(limits.high),
        "status": status,
        "promoters": cells.count[:, 0],
        "passives": cells.count[:, 1],
        "detractors": cells.count[:, 2],
        "effective": np.where(known, effective, np.nan),
        "deff": np.where(known, cells.base[:, 0] / np.where(known, effective, 1.0), np.nan),
        "clusters": np.where(known, cells.clusters[:, 0], 0),
        "se": masked(np.sqrt(variance)),
        "rule": _RULES[rule],
    }
    return pd.DataFrame(columns)


def variance_of(counted: Counted) -> Floats:
    """Return the linearized variance of promoters less detractors, per group."""
    sums, cells = counted.sums, counted.cells
    if sums.clusters < 2:
        return np.zeros(sums.groups)
    residual = sums.chosen - np.nan_to_num(cells.share)[sums.group] * sums.domain
    squares = sums.per_group((residual[:, :1] - residual[:, 2:]) ** 2)[:, 0]
    factor = sums.clusters / (sums.clusters - 1)
    base = cells.weighted_base[:, 0]
    return np.divide(factor * squares, base**2, out=np.zeros(len(base)), where=base > 0)


def limits_of(counted: Counted, precision: Precision, variance: Floats) -> Limits:
    """Return the limits of promoters less detractors, per group."""
    share, single = counted.cells.share, counted.cells.variance
    joint = single[:, 0] + single[:, 2] - variance
    spread = 2 * np.sqrt(single[:, 0] * single[:, 2])
    correlation = np.divide(joint, spread, out=np.zeros(len(joint)), where=spread > 1e-15)
    low, high = precision.limits
    return difference(
        share[:, 2],
        Limits(low[:, 2], high[:, 2]),
        share[:, 0],
        Limits(low[:, 0], high[:, 0]),
        np.clip(correlation, -1.0, 1.0),
    )
