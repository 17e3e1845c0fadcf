"""Primary rules: which rows must not be shown for what they are.

Each rule is a function of a table and a policy that marks rows; a row falls under a rule
whatever other tables show. Terms and rules follow Hundepool et al. (2012), *Statistical
Disclosure Control*, chapters 4 (magnitude tables) and 5 (frequency tables).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np
import numpy.typing as npt
import pandas as pd

from survey.disclosure.cells import Counted, counted, number
from survey.disclosure.policy import Policy
from survey.estimates.table import Estimates, Measure, Status

__all__ = ["RULES", "primary", "primary_of"]

Marks = npt.NDArray[np.bool_]
Numbers = npt.NDArray[np.float64]

_PERIOD = "edition"


def primary(table: Estimates, policy: Policy) -> pd.DataFrame:
    """Return which rows of ``table`` fall under which rule: one column per rule.

    Rows that are withheld already fall under none.
    """
    pairs = counted(table) or (None,)
    frames = [primary_of(table, pair, policy) for pair in pairs]
    return pd.DataFrame(
        {name: np.any([frame[name] for frame in frames], axis=0) for name in RULES},
        index=table.frame.index,
    )


def primary_of(
    table: Estimates, pair: Counted | None, policy: Policy, behind: Numbers | None = None
) -> pd.DataFrame:
    """Return which rows fall under which rule on account of one column of counts.

    Parameters
    ----------
    table
        Estimates as calculated.
    pair
        The counts and their bases; nothing for a table of other numbers.
    policy
        The thresholds.
    behind
        On how many organizations each count rests, where that is known.
    """
    told = (table.frame["status"].astype(str) != Status.SUPPRESSED).to_numpy()
    marks = {name: np.asarray(rule(table, pair, policy) & told) for name, rule in RULES.items()}
    if behind is not None:
        marks["few organizations"] |= (behind > 0) & (behind < policy.organizations) & told
    return pd.DataFrame(marks, index=table.frame.index)


def _small_base(table: Estimates, pair: Counted | None, policy: Policy) -> Marks:
    base = number(table.frame[pair.base if pair else "base"])
    return np.asarray((base > 0) & (base < policy.threshold))


def _few_answers(table: Estimates, pair: Counted | None, policy: Policy) -> Marks:
    if pair and table.measure is not Measure.NUMBER:
        return _none(table)
    count = number(table.frame["count"])
    return np.asarray((count > 0) & (count < policy.threshold))


def _small_count(table: Estimates, pair: Counted | None, policy: Policy) -> Marks:
    if pair is None:
        return _none(table)
    count = number(table.frame[pair.count])
    return np.asarray((count > 0) & (count < policy.cell_threshold))


def _small_rest(table: Estimates, pair: Counted | None, policy: Policy) -> Marks:
    if pair is None:
        return _none(table)
    rest = number(table.frame[pair.base]) - number(table.frame[pair.count])
    if table.measure is Measure.NUMBER:  # how many are left out tells nothing of their numbers
        return _none(table)
    return np.asarray((rest > 0) & (rest < policy.cell_threshold))


def _zero(table: Estimates, pair: Counted | None, policy: Policy) -> Marks:
    if policy.zeros or pair is None:
        return _none(table)
    count, base = number(table.frame[pair.count]), number(table.frame[pair.base])
    return np.asarray((count == 0) & (base > 0))


def _one_answer(table: Estimates, pair: Counted | None, policy: Policy) -> Marks:
    if not policy.unanimous or pair is None or set(table.groups) <= {_PERIOD}:
        return _none(table)
    count, base = number(table.frame[pair.count]), number(table.frame[pair.base])
    return np.asarray((base > 0) & (count == base) & (base < 2 * policy.threshold))


def _few_organizations(table: Estimates, pair: Counted | None, policy: Policy) -> Marks:
    marks = _none(table)
    for name in {"clusters", "organizations"} & set(table.frame.columns):
        behind = number(table.frame[name])
        marks |= (behind > 0) & (behind < policy.organizations)
    return marks


def _dominated(table: Estimates, pair: Counted | None, policy: Policy) -> Marks:
    """The (1, k) rule, and the p % rule where the second largest part is known."""
    if "largest_share" not in table.frame:
        return _none(table)
    largest = number(table.frame["largest_share"])
    marks = largest > policy.dominance
    if "second_share" in table.frame:
        others = 1 - largest - number(table.frame["second_share"])
        marks |= others < policy.estimate_error * largest
    return np.asarray(marks)


def _none(table: Estimates) -> Marks:
    return np.zeros(len(table.frame), dtype=bool)


#: Name of a rule, as the audit says it -> the rule.
RULES: Mapping[str, Callable[[Estimates, Counted | None, Policy], Marks]] = MappingProxyType(
    {
        "small base": _small_base,
        "few answers": _few_answers,
        "small count": _small_count,
        "small rest": _small_rest,
        "zero": _zero,
        "one answer": _one_answer,
        "few organizations": _few_organizations,
        "dominated": _dominated,
    }
)
