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

from survey.disclosure.cells import counts, number
from survey.disclosure.policy import Policy
from survey.estimates.table import Estimates, Measure, Status

__all__ = ["RULES", "primary"]

Marks = npt.NDArray[np.bool_]

_PERIOD = "edition"


def primary(table: Estimates, policy: Policy) -> pd.DataFrame:
    """Return which rows of ``table`` fall under which rule: one column per rule.

    Rows that are withheld already, were not offered, or rest on nobody fall under none.

    Parameters
    ----------
    table
        Estimates as calculated.
    policy
        The thresholds.
    """
    status = table.frame["status"].astype(str)
    told = ~status.isin([Status.SUPPRESSED, Status.NOT_OFFERED, Status.EMPTY]).to_numpy()
    marks = {name: rule(table, policy) & told for name, rule in RULES.items()}
    return pd.DataFrame(marks, index=table.frame.index)


def _small_base(table: Estimates, policy: Policy) -> Marks:
    base = number(table.frame["base"])
    return (base > 0) & (base < policy.threshold)


def _few_answers(table: Estimates, policy: Policy) -> Marks:
    if table.measure in (Measure.SHARE, Measure.DIFFERENCE):
        return _none(table)
    count = number(table.frame["count"])
    return (count > 0) & (count < policy.threshold)


def _small_count(table: Estimates, policy: Policy) -> Marks:
    if table.measure not in (Measure.SHARE, Measure.DIFFERENCE):
        return _none(table)
    count = number(table.frame["count"])
    return (count > 0) & (count < policy.cell_threshold)


def _small_rest(table: Estimates, policy: Policy) -> Marks:
    if not counts(table):
        return _none(table)
    rest = number(table.frame["base"]) - number(table.frame["count"])
    return (rest > 0) & (rest < policy.cell_threshold)


def _zero(table: Estimates, policy: Policy) -> Marks:
    if policy.zeros or not counts(table):
        return _none(table)
    return (number(table.frame["count"]) == 0) & (number(table.frame["base"]) > 0)


def _one_answer(table: Estimates, policy: Policy) -> Marks:
    if not policy.unanimous or not counts(table) or set(table.groups) <= {_PERIOD}:
        return _none(table)
    count, base = number(table.frame["count"]), number(table.frame["base"])
    return (base > 0) & (count == base) & (base < 2 * policy.threshold)


def _few_organizations(table: Estimates, policy: Policy) -> Marks:
    if "clusters" not in table.frame:
        return _none(table)
    clusters = number(table.frame["clusters"])
    return (clusters > 0) & (clusters < policy.organizations)


def _dominated(table: Estimates, policy: Policy) -> Marks:
    """The (1, k) rule, and the p % rule where the second largest part is known."""
    if "largest" not in table.frame:
        return _none(table)
    largest = number(table.frame["largest"])
    marks = largest > policy.dominance
    if "second" in table.frame:
        others = 1 - largest - number(table.frame["second"])
        marks |= others < policy.estimate_error * largest
    return marks


def _none(table: Estimates) -> Marks:
    return np.zeros(len(table.frame), dtype=bool)


#: Name of a rule, as the audit says it -> the rule.
RULES: Mapping[str, Callable[[Estimates, Policy], Marks]] = MappingProxyType({
    "small base": _small_base,
    "few answers": _few_answers,
    "small count": _small_count,
    "small rest": _small_rest,
    "zero": _zero,
    "one answer": _one_answer,
    "few organizations": _few_organizations,
    "dominated": _dominated,
})
