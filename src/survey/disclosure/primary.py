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

from survey.disclosure.cells import counted, number
from survey.disclosure.policy import Policy
from survey.estimates.table import Estimates, Status

__all__ = ["RULES", "primary"]

Marks = npt.NDArray[np.bool_]
Numbers = npt.NDArray[np.float64]

_PERIOD = "edition"


def primary(
    table: Estimates, policy: Policy, behind: npt.NDArray[np.float64] | None = None
) -> pd.DataFrame:
    """Return which rows of ``table`` fall under which rule: one column per rule.

    Rows that are withheld already fall under none.

    Parameters
    ----------
    table
        Estimates as calculated.
    policy
        The thresholds.
    behind
        On how many organizations each count rests, where that is known.
    """
    withheld = (table.frame["status"].astype(str) == Status.SUPPRESSED).to_numpy()
    marks = {name: np.asarray(rule(table, policy) & ~withheld) for name, rule in RULES.items()}
    if behind is not None:
        marks["few organizations"] |= (behind > 0) & (behind < policy.organizations) & ~withheld
    return pd.DataFrame(marks, index=table.frame.index)


def _small_base(table: Estimates, policy: Policy) -> Marks:
    return _any(table, [
        (base > 0) & (base < policy.threshold)
        for base in (number(table.frame[name]) for name in _bases(table))
    ])


def _few_answers(table: Estimates, policy: Policy) -> Marks:
    if counted(table):
        return _none(table)
    count = number(table.frame["count"])
    return np.asarray((count > 0) & (count < policy.threshold))


def _small_count(table: Estimates, policy: Policy) -> Marks:
    return _any(table, [
        (count > 0) & (count < policy.cell_threshold) for count, _ in _pairs(table)
    ])


def _small_rest(table: Estimates, policy: Policy) -> Marks:
    return _any(table, [
        (count < base) & (base - count < policy.cell_threshold) for count, base in _pairs(table)
    ])


def _zero(table: Estimates, policy: Policy) -> Marks:
    if policy.zeros:
        return _none(table)
    return _any(table, [(count == 0) & (base > 0) for count, base in _pairs(table)])


def _one_answer(table: Estimates, policy: Policy) -> Marks:
    if not policy.unanimous or set(table.groups) <= {_PERIOD}:
        return _none(table)
    return _any(table, [
        (base > 0) & (count == base) & (base < 2 * policy.threshold)
        for count, base in _pairs(table)
    ])


def _few_organizations(table: Estimates, policy: Policy) -> Marks:
    return _any(table, [
        (behind > 0) & (behind < policy.organizations)
        for behind in (number(table.frame[name]) for name in ("clusters", "organizations")
                       if name in table.frame)
    ])


def _dominated(table: Estimates, policy: Policy) -> Marks:
    """The (1, k) rule, and the p % rule where the second largest part is known."""
    if "largest_share" not in table.frame:
        return _none(table)
    largest = number(table.frame["largest_share"])
    marks = largest > policy.dominance
    if "second_share" in table.frame:
        others = 1 - largest - number(table.frame["second_share"])
        marks |= others < policy.estimate_error * largest
    return np.asarray(marks)


def _bases(table: Estimates) -> tuple[str, ...]:
    return tuple(pair.base for pair in counted(table)) or ("base",)


def _pairs(table: Estimates) -> list[tuple[Numbers, Numbers]]:
    """Return every column of counts with its bases."""
    return [(number(table.frame[pair.count]), number(table.frame[pair.base]))
            for pair in counted(table)]


def _any(table: Estimates, marks: list[Marks]) -> Marks:
    return np.asarray(np.any(marks, axis=0)) if marks else _none(table)


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
