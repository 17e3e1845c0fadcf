"""Before and after weighting: what weights change in a headline, and what they cost."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from survey.checked import checked
from survey.errors import EstimateError, Problem
from survey.estimates.design import Design
from survey.estimates.design.grouping import Grouping, group_by
from survey.estimates.design.weights import Weights
from survey.estimates.statistic import Arguments, Column, Role, Statistic
from survey.estimates.table import CORE_COLUMNS, Estimates, Measure, Status

__all__ = ["weighting_effect"]

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
        (weighted less unweighted, in the unit of the value) and ``design_effect``, the factor by
        which unequal weights of a group's units inflate a variance (Kish 1965, section 11.7).
        Internal.

    Raises
    ------
    EstimateError
        If the table does not know its answers, or the weights do not fit.

    Notes
    -----
    Both numbers come from the same answers, so that their intervals overlap even where weighting
    certainly changes the number. How far weights correct who answered depends on how much they
    explain of the answers; that cannot be read from the difference.

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
        frame=_together(before, after, _kish(weighted, arguments)),
        spec=replace(after.spec, statistic="weighting_effect", by=(WEIGHTING, *table.spec.by)),
        statistic=WEIGHTING_EFFECT,
        title=f"{table.title}: before and after weighting",
        notes=(
            "Weighting assumes that, among those that the weights make alike, who answered is like "
            "who did not. The answers cannot decide whether it is so.",
            "Both numbers come from the same answers: their intervals overlap even where weighting "
            "certainly changes the number.",
            *after.notes,
        ),
    )


def _together(before: Estimates, after: Estimates, cost: pd.Series[float] | float) -> pd.DataFrame:
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
            "design_effect": Column(Role.DIAGNOSTIC, "design effect of the weights"),
        }
    ),
    ask_again=_ask_again,
)
