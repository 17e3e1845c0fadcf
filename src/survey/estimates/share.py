"""Shares: which part of a group gave each answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from survey.codebook import Unit
from survey.estimates.arguments import ask, given, is_ordered, title_of
from survey.estimates.counting import Counted, count
from survey.estimates.grouping import group_by
from survey.estimates.imprecision import REVIEWS, RULES
from survey.estimates.indicator import read_indicator
from survey.estimates.notes import notes_on
from survey.estimates.precision import METHODS, Precision
from survey.estimates.replicates import measured
from survey.estimates.sample import draw
from survey.estimates.selection import shown
from survey.estimates.table import Base, Estimates, Spec, Status
from survey.estimates.weights import Weights, weight_of
from survey.responses import Responses

__all__ = ["share"]

Floats = npt.NDArray[np.float64]
_Mask = Callable[[Floats], Floats]
_RULES = np.array(RULES, dtype=object)
_REVIEWS = np.array(REVIEWS, dtype=object)


def share(  # noqa: PLR0913
    answers: Responses,
    concept: str,
    by: str | Sequence[str] | None = None,
    *,
    unit: Unit | str | None = None,
    base: Base | str = Base.ANSWERED,
    level: float = 0.95,
    cluster: str | None = "organization",
    nets: Mapping[str, Sequence[str]] | None = None,
    top: int | None = None,
    items: Sequence[str] | None = None,
    copies: bool = False,
    weights: Weights | None = None,
    interval: str = "auto",
) -> Estimates:
    """Return the share of units that gave each answer to a closed question.

    Parameters
    ----------
    answers
        Typed answers of one or several editions.
    concept
        A closed question, or ``"region"`` (of the organization) or ``"deployment_region"``.
    by
        Groups: ``"edition"``, any closed question, ``"region"``; several are crossed. Where a
        unit can be in several groups it counts in each of them.
    unit
        What is counted; by default what the question is about. An organization counts in every
        answer that any of its units gave.
    base
        Who counts in the denominator: ``"answered"`` (gave a substantive answer; "don't know"
        and refusals are counted in the column ``declined``), ``"asked"`` (everybody in an
        edition that asked) or ``"all"``. A matrix is answered by whoever filled in any of its
        rows. An answer that some edition did not offer has its base in the others.
    level
        Confidence level.
    cluster
        Column whose units are not independent; ``None`` if all are.
    nets
        Name -> answers: further rows that count units which gave any of the answers.
    top
        Keep only the most frequent answers, and a rest: units that gave any of the others.
    items
        Keep only these answers; of a matrix, rows, levels or ``"row / level"``.
    copies
        Whether rows count that were carried over unchanged from another edition.
    weights
        Weights from :func:`rake` or :func:`poststratify`; default none.
    interval
        ``"auto"`` (Wilson for independent units, logit for clustered ones), ``"wilson"``,
        ``"logit"``, ``"beta"`` (Korn and Graubard) or ``"bootstrap"`` (of clusters).

    Returns
    -------
    Estimates
        Beyond the core columns: ``effective`` (effective number of units), ``deff`` (design
        effect), ``clusters``, ``se``, ``rule`` (why a share is imprecise), ``review`` (what to
        look at in one that is not: a share of 0 or 1, an imprecise complement) and ``declined``;
        ``item`` and ``level`` for a matrix, ``mean_rank`` and ``first`` for a ranking,
        ``weighted_base`` with weights.

    Raises
    ------
    EstimateError
        If the question is not closed, or an argument is not what it should be.
    ResponsesError
        If none of the editions asks the question.

    Notes
    -----
    Independent units have Wilson's interval (1927). With clusters the variance is linearized
    (Binder 1983) and the interval is symmetric on the logit scale with a Student reference,
    as ``svyciprop`` of R's ``survey`` has it; by simulation it covers nominally over the
    sizes and clusters of this survey, where Korn and Graubard's is longer and Wilson's at the
    effective number of units sometimes too short. Shares of 0 and 1 have Wilson's interval with
    organizations counted in place of units. A status ``imprecise`` follows the presentation
    standards of the NCHS (Parker et al. 2017).

    Examples
    --------
    >>> from survey.estimates.examples import answers
    >>> table = share(answers(), "deployment_stage", by="edition")
    >>> table.frame[["edition", "answer", "count", "base"]].head(2)
      edition      answer  count  base
    0    2018  Production     16    23
    1    2018     Testing      4    23
    """
    asked = ask(answers, (concept,), by, unit=unit, base=base, level=level)
    sample = draw(answers, asked.rows, cluster=asked.cluster(cluster), copies=copies)
    grouping = group_by(sample, by)
    indicator = shown(read_indicator(sample, concept), asked.base, items, nets, top)
    counted = count(
        sample,
        indicator,
        grouping,
        asked.base,
        weight_of(sample, asked, weights),
        organizations=asked.unit is Unit.ORGANIZATION,
    )
    precision = measured(counted, level, interval)
    options = {
        "cluster": cluster,
        "copies": copies,
        "items": items,
        "nets": nets,
        "top": top,
        "weights": weights,
    }
    return Estimates(
        tidy(counted, precision),
        Spec(
            "share",
            concept,
            grouping.names,
            asked.unit,
            asked.base,
            asked.level,
            METHODS[interval],
            options=given(options),
        ),
        answers.provenance,
        title=title_of(answers, concept),
        several=indicator.several or asked.unit is Unit.ORGANIZATION or bool(nets),
        ordered=is_ordered(answers, concept),
        notes=tuple(dict.fromkeys(notes_on(counted, asked, concept, cluster))),
    )


def tidy(counted: Counted, precision: Precision) -> pd.DataFrame:
    """Return one row per group and answer in the columns of every table of shares."""
    cells, indicator, grouping = counted.cells, counted.indicator, counted.grouping
    size, many = len(indicator.answers), grouping.groups.count
    status = counted.statuses
    known = status == Status.OK.value
    broken = known & (precision.rule > 0)
    status[broken] = Status.IMPRECISE.value
    with np.errstate(invalid="ignore"):
        deff = cells.base / precision.effective

    def masked(values: Floats) -> Floats:
        return np.asarray(np.where(known, values, np.nan)).ravel()

    columns: dict[str, Any] = {
        name: np.repeat(grouping.column(place), size) for place, name in enumerate(grouping.names)
    }
    columns |= {
        "answer": np.tile(np.array(indicator.answers, dtype=object), many),
        "count": np.where(known, cells.count, 0).ravel(),
        "base": np.where(counted.not_offered, 0, cells.base).ravel(),
        "value": masked(cells.share),
        "low": masked(precision.limits.low),
        "high": masked(precision.limits.high),
        "status": status.ravel(),
        "effective": masked(precision.effective),
        "deff": masked(deff),
        "clusters": np.where(known, cells.clusters, 0).ravel(),
        "se": masked(precision.se),
        "rule": _RULES[np.where(broken, precision.rule, 0)].ravel(),
        "review": _REVIEWS[np.where(known, precision.review, 0)].ravel(),
        "declined": np.repeat(counted.declined, size),
    }
    if counted.sums.weighted:
        columns["weighted_base"] = masked(cells.weighted_base)
    columns |= {
        name: np.tile(np.array(values, dtype=object), many)
        for name, values in indicator.columns.items()
    }
    if indicator.ranks is not None:
        columns |= _ranking(counted, masked)
    return pd.DataFrame(columns, copy=False)


def _ranking(counted: Counted, masked: _Mask) -> dict[str, Floats]:
    """Return the mean rank among those who ranked an item, and the share that put it first."""
    ranks = counted.indicator.ranks
    assert ranks is not None
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = counted.total_of(ranks) / counted.total_of(ranks > 0)
        first = counted.total_of(ranks == 1) / counted.total_of(np.ones_like(ranks))
    return {"mean_rank": masked(mean), "first": masked(first)}
