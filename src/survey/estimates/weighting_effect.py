"""Before and after weighting: what weights change in a headline, and what they cost."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from survey.checked import checked
from survey.dataclass import dataclass
from survey.errors import EstimateError, Problem
from survey.estimates.design import Design
from survey.estimates.design.weights import Weights
from survey.estimates.precision.intervals import Limits, wald
from survey.estimates.shares.nps import count_scores
from survey.estimates.shares.share import count_answers
from survey.estimates.statistic import Arguments, Column, Role, Statistic
from survey.estimates.table import Estimates
from survey.estimates.tabulation.counting import Counted
from survey.estimates.tabulation.grouping import Grouping, group_by
from survey.estimates.tabulation.sums import Sums
from survey.estimates.tidy import CORE_COLUMNS, Measure, Status, TidyTable

__all__ = ["weighting_effect"]

Floats = npt.NDArray[np.float64]
WEIGHTING: Final = "weighting"
BEFORE: Final = "unweighted"
AFTER: Final = "weighted"
_CORE: Final = list(CORE_COLUMNS)


@checked(EstimateError)
def weighting_effect(table: Estimates, weights: Weights | str) -> Estimates:
    """Return a headline before and after weighting: both numbers, what differs, what it costs.

    Parameters
    ----------
    table
        A table that knows its answers, such as :func:`share`, :func:`median`, :func:`nps` or
        :func:`compare` make; best with few rows.
    weights
        Weights from :func:`rake` or :func:`poststratify`, or the name of a column of weights.

    Returns
    -------
    Estimates
        The rows of ``table`` without weights, then with them, in a first group ``weighting``, so
        that its chart shows them beside each other. Beyond the core columns: ``difference``
        (weighted less unweighted, in the unit of the value), of shares and net promoter scores
        with limits ``difference_low`` and ``difference_high``, and ``design_effect``, the factor
        by which unequal weights of a group's units inflate a variance (Kish 1965, section 11.7).
        Internal.

    Raises
    ------
    EstimateError
        If the table does not know its answers, or the weights do not fit.

    Notes
    -----
    Both numbers come from the same answers, so that their intervals overlap even where weighting
    certainly changes the number. The limits of the difference know it: what each organization
    adds to both numbers is linearized together (Binder 1983), with the weights as given. How far
    weights correct who answered depends on how much they explain of the answers; that cannot be
    read from the difference.

    Examples
    --------
    >>> from survey.estimates import rake, share
    >>> from survey.estimates.examples import answers
    >>> stages = {"Production": 0.5, "Testing": 0.25, "Proof of concept": 0.25}
    >>> weights = rake(answers(), {"deployment_stage": stages})
    >>> found = weighting_effect(share(answers(), "deployment_stage"), weights)
    >>> found.frame[["weighting", "answer", "value", "difference"]].round(2).values.tolist()[3]
    ['weighted', 'Production', 0.5, -0.16]
    """
    statistic, design, arguments = table.statistic, table.design, table.arguments
    if statistic is None or design is None or arguments is None:
        problem = Problem("table", repr(table.title), "a table that a verb made of answers")
        raise EstimateError("Cannot weight this table", [problem])
    weighted = design.but(weights=weights)
    before = statistic.ask_again(design.but(weights=None), arguments)
    after = statistic.ask_again(weighted, arguments)
    return replace(
        table,
        frame=_together(before, after, _kish(weighted, arguments)).assign(
            **_limits(statistic, weighted, arguments, after)
        ),
        spec=replace(after.spec, statistic="weighting_effect", by=(WEIGHTING, *table.spec.by)),
        statistic=WEIGHTING_EFFECT,
        title=f"{table.title}: before and after weighting",
        notes=(
            "Weighting assumes that, among those that the weights make alike, who answered is like "
            "who did not. The answers cannot decide whether it is so.",
            "Both numbers come from the same answers: their intervals overlap even where weighting "
            "certainly changes the number. The limits of the difference take the weights as given.",
            *after.notes,
        ),
    )


def _together(before: TidyTable, after: TidyTable, cost: pd.Series[float] | float) -> pd.DataFrame:
    """Return the rows without weights, then those with them and what they change."""
    keys = [*before.groups, "answer"]
    parts = []
    values = before.frame[[*keys, "value"]].rename(columns={"value": "before"})
    for name, table in ((BEFORE, before), (AFTER, after)):
        own = table.frame[[*before.groups, *_CORE]].merge(values, on=keys, how="left")
        usable = own["status"].isin([Status.OK.value, Status.IMPRECISE.value])
        change = (own["value"] - own["before"]).where(usable)
        effect = 1.0 if name == BEFORE else _looked_up(own, before.groups, cost)
        own = own.drop(columns="before").assign(difference=change, design_effect=effect)
        own.insert(0, WEIGHTING, name)
        parts.append(own)
    return pd.concat(parts, ignore_index=True)


def _limits(
    statistic: Statistic, weighted: Design, arguments: Arguments, after: TidyTable
) -> dict[str, Floats]:
    """Return the limits of what weights change, for both halves of the table; else ``nan``."""
    nothing = np.full(len(after.frame), np.nan)
    found = Limits(nothing, nothing)
    if statistic.name in _COUNTED:
        linearized = _COUNTED[statistic.name]
        limits = difference_limits(
            linearized(weighted, arguments),
            linearized(weighted.but(weights=None), arguments),
            weighted.level,
        )
        known = after.frame["status"].isin([Status.OK.value, Status.IMPRECISE.value]).to_numpy()
        if limits.low.size == len(known):
            found = Limits(*(np.where(known, each.ravel(), np.nan) for each in limits))
    names = ("difference_low", "difference_high")
    return {name: np.concatenate([nothing, each]) for name, each in zip(names, found, strict=True)}


def difference_limits(weighted: Linearized, unweighted: Linearized, level: float) -> Limits:
    """Return limits of weighted less unweighted numbers of the same records.

    An organization's part in both is one score, so that what weights leave alone cancels.
    """
    change = weighted.value - unweighted.value
    se = np.sqrt(weighted.sums.between(weighted.scores - unweighted.scores))
    return wald(change, se, weighted.freedom, level)


def _looked_up(
    frame: pd.DataFrame, groups: tuple[str, ...], cost: pd.Series[float] | float
) -> npt.NDArray[np.float64] | float:
    if isinstance(cost, float):
        return cost
    labels = [tuple(map(str, row)) for row in frame[list(groups)].itertuples(index=False)]
    return np.array([cost.get(label, np.nan) for label in labels], dtype=np.float64)


def _kish(design: Design, arguments: Arguments) -> pd.Series[float] | float:
    """Return the design effect of the weights of each group, by its labels; or that of all."""
    asked = design.asked((arguments.concept,), arguments.by)
    sample = design.sample(asked)
    weight = design.weight(sample, asked)
    assert weight is not None
    if not arguments.by:
        return float(len(weight) * (weight**2).sum() / weight.sum() ** 2)
    grouping = group_by(sample, arguments.by)
    number, total, squares = (_added(grouping, weight**power) for power in (0, 1, 2))
    effect = np.divide(number * squares, total**2, out=np.full(len(total), np.nan), where=total > 0)
    return pd.Series(dict(zip(grouping.tuples(), effect.tolist(), strict=True)))


def _added(grouping: Grouping, values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    groups = grouping.groups
    own = values if groups.rows is None else values[groups.rows]
    inside = groups.code >= 0
    sums = np.bincount(groups.code[inside], own[inside], minlength=groups.count)
    return sums.astype(np.float64)


@dataclass(frozen=True)
class Linearized:
    """Numbers of groups, with what each cluster adds to them.

    Attributes
    ----------
    value, freedom
        Groups x answers: the numbers, and the degrees of freedom of their variance.
    scores
        Parts x answers: linearized scores, which add up to 0 in a group.
    sums
        The parts.
    """

    value: Floats
    freedom: Floats
    scores: Floats
    sums: Sums


def _linearized(counted: Counted, mix: Floats) -> Linearized:
    """Return the numbers that are sums of shares; ``mix`` is answers x numbers."""
    sums, cells = counted.sums, counted.cells
    residual = sums.chosen - np.nan_to_num(cells.share)[sums.group] * sums.domain
    base = cells.weighted_base[sums.group]
    scores = np.divide(residual, base, out=np.zeros_like(residual), where=base > 0)
    freedom = np.broadcast_to(cells.freedom.min(axis=1, keepdims=True), (sums.groups, mix.shape[1]))
    return Linearized(cells.share @ mix, freedom, scores @ mix, sums)


def _shares(design: Design, arguments: Arguments) -> Linearized:
    found = count_answers(design, arguments)
    each = np.eye(found.counted.cells.share.shape[1])
    return _linearized(found.counted, each[:, list(found.selection.shown)])


def _scores(design: Design, arguments: Arguments) -> Linearized:
    _, counted = count_scores(design, arguments)
    return _linearized(counted, np.array([[100.0], [0.0], [-100.0]]))


_COUNTED: Final = MappingProxyType({"share": _shares, "nps": _scores})


def _ask_again(design: Design, arguments: Arguments) -> Estimates:
    raise EstimateError(
        "An effect of weighting is not asked again",
        [Problem("table", "an effect of weighting", "the table that it was made of")],
    )


WEIGHTING_EFFECT: Final = Statistic(
    name="weighting_effect",
    measure=Measure.SHARE,
    columns=MappingProxyType(
        {
            "difference": Column(Role.NUMBER, "weighted less unweighted"),
            "difference_low": Column(Role.NUMBER, "lower limit of the difference"),
            "difference_high": Column(Role.NUMBER, "upper limit of the difference"),
            "design_effect": Column(Role.DIAGNOSTIC, "design effect of the weights"),
        }
    ),
    ask_again=_ask_again,
)
