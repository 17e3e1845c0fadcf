"""Tables with exact counts: above a threshold for publication, or complete for internal use."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from survey.disclosure.policy import INTERNAL, Policy
from survey.disclosure.published_digits import rounded
from survey.estimates.table import CORE_COLUMNS, Estimates, Status

__all__ = ["exact_table", "table_above_threshold"]


def exact_table(table: Estimates) -> Estimates:
    """Return a table as it is, without a way back to the answers; its title says so everywhere."""
    title = f"{INTERNAL}: {table.title or table.name}"
    frame = table.frame.copy(deep=True)
    return replace(table, frame=frame, title=title, design=None, arguments=None)


def table_above_threshold(table: Estimates, policy: Policy) -> Estimates | None:
    """Return a table without breakdowns with exact counts; nothing where it may not be shown.

    Tables by edition count as tables without breakdowns. Breakdowns can be subtracted from each
    other, and a statistic that is not computed from counts cannot be judged by them.
    """
    statistic = table.statistic
    if statistic is None or statistic.public is None or set(table.spec.by) - {"edition"}:
        return None
    columns = [*table.groups, *CORE_COLUMNS]
    kept = [*columns, *(name for name in statistic.public_columns if name in table.frame)]
    frame = table.frame[kept].copy()
    bases = [name for name in frame if name == "base" or str(name).endswith("_base")]
    small = (frame[bases].to_numpy(dtype=float) < policy.threshold).any(axis=1)
    hidden = small & ~frame["status"].isin([Status.EMPTY, Status.NOT_OFFERED]).to_numpy()
    for name in frame.columns.difference([*table.groups, "answer", "status"]):
        numeric = frame[name].dtype.kind in "iuf"
        frame[name] = frame[name].mask(hidden, np.nan if numeric else "")
    frame.loc[hidden, "status"] = Status.SUPPRESSED.value
    numbers = {str(name): frame[name].array for name in frame}
    printed = pd.DataFrame(rounded(numbers, statistic, policy.digits), index=frame.index)
    return replace(table.for_publication(), frame=printed)
