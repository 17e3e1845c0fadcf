"""Published numbers at the length that they deserve."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from survey.estimates.statistic import Role, Statistic
from survey.estimates.table import Measure

__all__ = ["rounded", "significant"]

Floats = npt.NDArray[np.float64]
#: Measure -> step of values, step of limits; others have significant digits.
_STEPS: Final = {
    Measure.SHARE: (0.01, 0.005),
    Measure.DIFFERENCE: (0.01, 0.005),
    Measure.SCORE: (1.0, 0.5),
}


def rounded(frame: pd.DataFrame, statistic: Statistic, digits: int) -> pd.DataFrame:
    """Return a frame whose numbers are rounded for publication.

    Shares and differences are whole per cents with limits to half a per cent, scores are whole,
    other numbers have ``digits`` significant digits, and one where the upper limit is more than
    twice the lower one: there noise alone can move the second digit, and the first. Counts are
    whole.
    """
    found = frame.copy()
    steps = _STEPS.get(statistic.measure)
    wide = _wide(frame)
    for name in frame:
        role = _role(str(name), statistic)
        if role is None:
            continue
        values = pd.to_numeric(frame[name], errors="coerce").to_numpy(dtype=np.float64)
        if role in (Role.COUNT, Role.BASE):
            found[name] = pd.array(np.rint(values), dtype="Int64")
        elif role is Role.SHARE:
            found[name] = _to_step(values, 0.01)
        elif steps is None:
            found[name] = np.where(wide, significant(values, 1), significant(values, digits))
        else:
            found[name] = _to_step(values, steps[1] if role is Role.BOUND else steps[0])
    return found


def _wide(frame: pd.DataFrame) -> npt.NDArray[np.bool_]:
    """Return rows whose upper limit is more than twice the lower one."""
    low, high = (
        pd.to_numeric(frame[name], errors="coerce").to_numpy(dtype=np.float64)
        for name in ("low", "high")
    )
    return np.asarray((low > 0) & (high > 2 * low))


def _role(name: str, statistic: Statistic) -> Role | None:
    core = {
        "count": Role.COUNT,
        "base": Role.BASE,
        "value": Role.NUMBER,
        "low": Role.BOUND,
        "high": Role.BOUND,
    }
    if name in core:
        return core[name]
    column = statistic.columns.get(name)
    return None if column is None or column.role is Role.TEXT else column.role


def _to_step(values: Floats, step: float) -> Floats:
    # the step's inverse is whole, so that .07 comes out as the number that prints as .07
    return np.asarray(
        np.rint(values * round(1 / step)) / round(1 / step)
        if step < 1
        else np.rint(values / step) * step
    )


def significant(values: Floats, digits: int) -> Floats:
    """Return numbers rounded to so many significant digits.

    Examples
    --------
    >>> significant(np.array([0.0, 1234.0, 0.0567, np.nan]), 2).tolist()
    [0.0, 1200.0, 0.057, nan]
    """
    return np.array([_short(value, digits) for value in values.tolist()], dtype=np.float64)


def _short(value: Any, digits: int) -> float:
    if not np.isfinite(value) or value == 0:
        return float(value)
    return float(f"{value:.{digits - 1}e}")
