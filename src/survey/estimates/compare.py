"""Change between two editions: difference, interval and a plain verdict."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from survey.codebook import Unit
from survey.errors import EstimateError, Problem, did_you_mean
from survey.estimates.arguments import ask, given, title_of, weight_of
from survey.estimates.association import TableTest, joint_test, rao_scott, table_scores
from survey.estimates.contrast import Scores, scores_of
from survey.estimates.counting import Counted, count
from survey.estimates.discovery import adjusted, verdicts
from survey.estimates.grouping import group_by
from survey.estimates.imprecision import RULES, too_few
from survey.estimates.indicator import questions_of, read_indicator
from survey.estimates.intervals import Limits, difference, difference_p_value
from survey.estimates.notes import notes_on
from survey.estimates.places import source_of
from survey.estimates.precision import Precision, precision_of
from survey.estimates.sample import draw
from survey.estimates.selection import shown
from survey.estimates.table import Base, Estimates, Measure, Spec, Status
from survey.estimates.weights import Weights
from survey.responses import Responses

__all__ = ["compare"]

Floats = npt.NDArray[np.float64]
_METHOD = "MOVER from Wilson limits, editions stacked and linearized by cluster"
_RULES = np.array(RULES, dtype=object)


def compare(  # noqa: PLR0913
    answers: Responses,
    concept: str,
    earlier: str,
    later: str,
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
    rate: float = 0.05,
) -> Estimates:
    """Return how the share of each answer changed between two editions.

    Parameters
    ----------
    answers
        Typed answers that include both editions.
    concept
        A closed question.
    earlier, later
        Names of the editions; the difference is ``later - earlier``.
    by, unit, base, level, cluster, nets, top, items, copies, weights
        As in :func:`share`.
    rate
        False discovery rate of the verdicts, over all rows of the table.

    Returns
    -------
    Estimates
        ``count`` and ``base`` are those of the later edition. Beyond the core columns:
        ``earlier`` and ``later`` (the shares), ``earlier_count``, ``earlier_base``, ``se``,
        ``clusters``, ``p``, ``p_adjusted``, ``verdict`` (``clear change``, ``could be noise``
        or ``not comparable``), ``joint_p`` (test of the whole distribution in the row's group)
        and ``rule``. An answer that one edition did not offer is ``not offered``; if the
        question was reworded, all are ``not comparable``.

    Raises
    ------
    EstimateError
        If an edition is not there, or an argument is not what it should be.
    ResponsesError
        If none of the editions asks the question.

    Notes
    -----
    The two editions are one design with organizations as clusters, so that an organization
    that answers both times counts once in the variance of the difference. The interval adds
    the squared distances to the Wilson limits of each edition and their covariance (Zou and
    Donner 2008); ``p`` is the level at which it reaches 0. Verdicts control the false discovery
    rate (Benjamini and Hochberg 1995). The test of the whole distribution is Rao and Scott's
    of second order; of a question with several answers, Bilder and Loughin's (2004).

    Examples
    --------
    >>> from survey.estimates.examples import answers
    >>> table = compare(answers(), "deployment_stage", "2018", "2019")
    >>> table.frame[["answer", "earlier", "later", "verdict"]].round(2).head(1)
           answer  earlier  later         verdict
    0  Production      0.7   0.63  could be noise
    """
    _check(answers, earlier, later, rate)
    asked = ask(answers, (concept,), by, unit=unit, base=base, level=level)
    sample = draw(
        answers, asked.rows, cluster=asked.cluster(cluster), copies=copies,
        editions=(earlier, later),
    )
    grouping = group_by(sample, ("edition", *((by,) if isinstance(by, str) else by or ())))
    indicator = shown(read_indicator(sample, concept), asked.base, items, nets, top)
    counted = count(sample, indicator, grouping, asked.base, weight_of(sample, asked, weights),
                    organizations=asked.unit is Unit.ORGANIZATION)
    series = {question.series for question in
              questions_of(sample, source_of(answers, concept)) if question}
    change = _Change(counted, level, comparable=len(series) < 2)
    options = {"earlier": earlier, "later": later, "cluster": cluster, "copies": copies,
               "items": items, "nets": nets, "rate": rate, "top": top, "weights": weights}
    return Estimates(
        _tidy(change, rate),
        Spec("compare", concept, grouping.names[1:], asked.unit, asked.base, asked.level,
             _METHOD, options=given(options)),
        answers.provenance,
        Measure.DIFFERENCE,
        title=f"{title_of(answers, concept)}: change from {earlier} to {later}",
        several=indicator.several or asked.unit is Unit.ORGANIZATION or bool(nets),
        notes=tuple(dict.fromkeys((
            *notes_on(counted, asked, concept, cluster), *_change_notes(change, rate),
        ))),
    )


@dataclass(frozen=True)
class _Change:
    """Shares in two editions, the earlier groups before the later ones."""

    counted: Counted
    level: float
    comparable: bool

    @property
    def inner(self) -> int:
        return self.counted.grouping.groups.count // 2

    def halves(self, values: npt.NDArray[Any]) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]:
        return values[: self.inner], values[self.inner :]

    @cached_property
    def precision(self) -> Precision:
        return precision_of(self.counted.cells, self.level)

    @cached_property
    def scores(self) -> Scores:
        share = self.counted.cells.share
        sign = np.repeat([-1.0, 1.0], self.inner)[:, None] * np.ones_like(share)
        return scores_of(self.counted.sums, share, sign, self.inner)

    @cached_property
    def correlation(self) -> Floats:
        """Correlation of the two shares, from organizations that are in both editions."""
        first, second = self.halves(self.counted.cells.variance)
        with np.errstate(invalid="ignore", divide="ignore"):
            joint = (first + second - self.scores.variance) / (2 * np.sqrt(first * second))
        return np.asarray(np.clip(np.nan_to_num(joint), -1.0, 1.0))

    @cached_property
    def limits(self) -> Limits:
        (p1, p2), (low1, low2), (high1, high2) = (
            self.halves(each) for each in (self.counted.cells.share, *self.precision.limits)
        )
        return difference(p1, Limits(low1, high1), p2, Limits(low2, high2), self.correlation)

    @cached_property
    def p_value(self) -> Floats:
        p1, p2 = self.halves(self.counted.cells.share)
        n1, n2 = self.halves(self.precision.size)
        return difference_p_value(p1, n1, p2, n2, self.correlation)

    @cached_property
    def status(self) -> npt.NDArray[np.object_]:
        first, second = self.halves(self.counted.statuses)
        status = np.where(first == Status.OK.value, second, first)
        missing = (first == Status.NOT_OFFERED.value) | (second == Status.NOT_OFFERED.value)
        status = np.where(missing, Status.NOT_OFFERED.value, status).astype(object)
        if not self.comparable:
            status[:] = Status.NOT_COMPARABLE.value
        return np.asarray(status)

    @cached_property
    def joint(self) -> tuple[TableTest | None, ...]:
        """Test of the whole distribution, one per group; None where it cannot be made."""
        known = self.status == Status.OK.value
        tester = _of_several if self.counted.indicator.several else _of_single
        return tuple(
            tester(self, group, np.flatnonzero(known[group])) if known[group].any() else None
            for group in range(self.inner)
        )


def _of_several(change: _Change, group: int, answers: npt.NDArray[np.intp]) -> TableTest:
    """Add the Pearson statistics of all answers; Bilder and Loughin's second-order test."""
    (p1, p2), (n1, n2) = (
        (first[group, answers], second[group, answers])
        for first, second in (change.halves(change.counted.cells.share),
                              change.halves(change.counted.cells.base))
    )
    pooled = (n1 * p1 + n2 * p2) / (n1 + n2)
    scale = pooled * (1 - pooled) * (1 / n1 + 1 / n2)
    inside = scale > 0
    root = np.sqrt(scale[inside])
    covariance = change.scores.covariance(group)[np.ix_(answers[inside], answers[inside])]
    pearson = float((((p2 - p1)[inside] / root) ** 2).sum())
    freedom = float(change.scores.cluster_count[group].max()) - 1
    return joint_test(pearson, covariance / np.outer(root, root), freedom)


def _of_single(change: _Change, group: int, answers: npt.NDArray[np.intp]) -> TableTest:
    """Rao and Scott's test of the table of editions by answers."""
    counted, groups = change.counted, change.counted.grouping.groups
    rows = np.arange(len(counted.sample)) if groups.rows is None else groups.rows
    chosen = counted.indicator.chosen[:, answers]
    domain = counted.domain if counted.domain.ndim == 1 else counted.domain.any(axis=1)
    member = (groups.code >= 0) & (groups.code % change.inner == group)
    rows = rows[member]
    rows = rows[domain[rows] & chosen[rows].any(axis=1)]
    edition = (counted.sample.edition[rows, None] == np.arange(2)).astype(float)
    weight = np.ones(len(rows)) if counted.weight is None else counted.weight[rows]
    cluster = counted.sample.cluster[rows]
    table, covariance = table_scores(
        edition, chosen[rows].astype(float), weight, cluster, counted.sample.clusters
    )
    return rao_scott(table, covariance, len(rows), len(np.unique(cluster)) - 1)


def _tidy(change: _Change, rate: float) -> pd.DataFrame:
    counted, cells = change.counted, change.counted.cells
    size, inner = len(counted.indicator.answers), change.inner
    status = change.status.copy()
    known = status == Status.OK.value
    p = np.where(known, change.p_value, np.nan)
    p_adjusted = adjusted(p)
    df1, df2 = change.halves(cells.clusters - 1)
    n1, n2 = change.halves(cells.base)
    e1, e2 = change.halves(change.precision.effective)
    rule = np.maximum(too_few(n1, e1, df1), too_few(n2, e2, df2))
    broken = known & (rule > 0)
    status[broken] = Status.IMPRECISE.value
    (p1, p2), (c1, c2) = change.halves(cells.share), change.halves(cells.count)
    joint = np.array([np.nan if test is None else test.p_value for test in change.joint])

    def masked(values: Floats) -> Floats:
        return np.asarray(np.where(known, values, np.nan)).ravel()

    columns: dict[str, Any] = {
        name: np.repeat(counted.grouping.column(place)[:inner], size)
        for place, name in enumerate(counted.grouping.names) if place
    }
    columns |= {
        "answer": np.tile(np.array(counted.indicator.answers, dtype=object), inner),
        "count": c2.ravel(),
        "base": n2.ravel(),
        "value": masked(p2 - p1),
        "low": masked(change.limits.low),
        "high": masked(change.limits.high),
        "status": status.ravel(),
        "earlier": masked(p1),
        "later": masked(p2),
        "earlier_count": c1.ravel(),
        "earlier_base": n1.ravel(),
        "se": masked(np.sqrt(change.scores.variance)),
        "clusters": np.where(known, change.scores.cluster_count, 0).astype(np.intp).ravel(),
        "p": p.ravel(),
        "p_adjusted": p_adjusted.ravel(),
        "verdict": verdicts(p_adjusted, rate).ravel(),
        "joint_p": np.repeat(joint, size),
        "rule": _RULES[np.where(broken, rule, 0)].ravel(),
    }
    columns |= {name: np.tile(np.array(values, dtype=object), inner)
                for name, values in counted.indicator.columns.items()}
    return pd.DataFrame(columns)
