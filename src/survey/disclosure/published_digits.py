"""Published numbers at the length that they deserve."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from survey.estimates.precision.intervals import Limits
from survey.estimates.statistic import Role, Statistic
from survey.estimates.table import Measure, Status
from survey.estimates.tabulation import Point, Tabulation

__all__ = [
    "few_in_small",
    "limit_small",
    "others_of",
    "print_bases",
    "printed_limits",
    "rounded",
    "significant",
    "withhold",
    "withhold_ranks",
]

Floats = npt.NDArray[np.float64]
Columns = Mapping[str, Any]
_FEW: Final = (0, 3, 4)
"""Shown counts that a small group does not tell apart."""
_SHOWN: Final = (Status.OK, Status.IMPRECISE)
#: Measure -> step of values, step of limits; others have significant digits.
_STEPS: Final = {
    Measure.SHARE: (0.01, 0.005),
    Measure.DIFFERENCE: (0.01, 0.005),
    Measure.SCORE: (1.0, 0.5),
}


def rounded(rows: Columns, statistic: Statistic, digits: int) -> dict[str, Any]:
    """Return the columns of a table, rounded for publication.

    Shares and differences are whole per cents with limits to half a per cent, scores are whole,
    other numbers have ``digits`` significant digits, and one where the upper limit is more than
    twice the lower one: there noise alone can move the second digit, and the first. That one is a
    whole or, up to 2, a half, so that no number moves by more than a quarter. A change, with
    the numbers of both editions, has one digit where its interval is longer than the larger of
    them: then theirs are as wide as that. Counts are whole.
    """
    steps = _STEPS.get(statistic.measure)
    found: dict[str, Any] = {**rows}
    for name in rows:
        role = _role(name, statistic)
        if role is None:
            continue
        values = _numbers(rows[name])
        if role in (Role.COUNT, Role.BASE):
            known = np.isfinite(values)
            whole = np.rint(np.where(known, values, 0)).astype(np.int64)
            found[name] = pd.arrays.IntegerArray(whole, ~known)
        elif role is Role.SHARE:
            found[name] = _to_step(values, 0.01)
        elif steps is None:
            wide = _wide(rows)
            found[name] = np.where(wide, _one_digit(values), significant(values, digits))
        else:
            found[name] = _to_step(values, steps[1] if role is Role.BOUND else steps[0])
    return found


def printed_limits(limits: Limits, statistic: Statistic) -> Limits:
    """Return limits as they are printed; those of numbers, whose digits differ, as they are."""
    steps = _STEPS.get(statistic.measure)
    if steps is None:
        return limits
    return Limits(*(_to_step(np.asarray(each, np.float64), steps[1]) for each in limits))


def _numbers(values: Any) -> Floats:
    if isinstance(values, np.ndarray) and values.dtype.kind in "iuf":
        return values.astype(np.float64)
    return np.asarray(pd.to_numeric(pd.Series(values), errors="coerce"), dtype=np.float64)


def _wide(rows: Columns) -> npt.NDArray[np.bool_]:
    """Return rows that have one digit."""
    low, high = (_numbers(rows[name]) for name in ("low", "high"))
    if "earlier" in rows:
        larger = np.fmax(*(np.abs(_numbers(rows[name])) for name in ("earlier", "later")))
        return np.asarray(high - low > larger)
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
    steps = round(1 / step)
    return 0.0 + np.asarray(np.rint(values * steps) / steps)  # no -0


def significant(values: Floats, digits: int) -> Floats:
    """Return numbers rounded to so many significant digits.

    Examples
    --------
    >>> significant(np.array([0.0, 1234.0, 0.0567, np.nan]), 2).tolist()
    [0.0, 1200.0, 0.057, nan]
    """
    return np.array([_short(value, digits) for value in values.tolist()], dtype=np.float64)


def _one_digit(values: Floats) -> Floats:
    """Return numbers with one digit; up to 2, halves of it count, too."""
    whole = significant(values, 1)
    with np.errstate(divide="ignore", invalid="ignore"):
        power = 10.0 ** np.floor(np.log10(np.abs(values)))
        halves = significant(np.rint(2 * values / power) * power / 2, 2)  # powers are not exact
    return np.where(np.abs(values) < 2.25 * power, halves, whole)


def _short(value: Any, digits: int) -> float:
    return float(f"{value:.{digits - 1}e}")


def withhold(columns: dict[str, npt.NDArray[Any]], hidden: npt.NDArray[np.bool_]) -> None:
    """Take away everything of some rows but that they exist."""
    for name, values in columns.items():
        if name == "status":
            values[hidden] = Status.SUPPRESSED.value
        elif values.dtype.kind in "iub":
            columns[name] = np.where(hidden, np.nan, values.astype(np.float64))
        elif values.dtype.kind == "f":
            values[hidden] = np.nan
        elif name not in ("item", "level"):
            values[hidden] = ""


def withhold_ranks(columns: dict[str, npt.NDArray[Any]], units: int) -> None:
    """Take away what only those tell who ranked an answer, where they are fewer than ``units``."""
    few = columns["count"] < units
    for name in set(columns) - {"count", "base", "value", "low", "high", "status"}:
        if columns[name].dtype.kind == "f":
            columns[name] = np.where(few, np.nan, columns[name])


_BASE_OF: Final = {"count": "base", "earlier_count": "earlier_base"}


def others_of(columns: Columns) -> dict[str, Floats]:
    """Return name of each count -> how many in its base did not give the answer."""
    return {
        name: columns[base].astype(np.float64) - columns[name].astype(np.float64)
        for name, base in _BASE_OF.items()
        if name in columns
    }


def few_in_small(
    columns: Columns, others: Mapping[str, Floats], small: int
) -> npt.NDArray[np.bool_]:
    """Return rows of a change that show few, or all but few, of a small group in an edition."""
    rows = [
        (columns[_BASE_OF[name]].astype(np.float64) < small)
        & (np.isin(columns[name], _FEW) | np.isin(rest, _FEW))
        for name, rest in others.items()
    ]
    return np.asarray(np.any(rows, axis=0) & np.isin(columns["status"], _SHOWN))


def limit_small(columns: dict[str, npt.NDArray[Any]], others: Floats, small: int) -> None:
    """In small groups, show a limit in place of shares of few answers, or of all but few."""
    base, count = (columns[name].astype(np.float64) for name in ("base", "count"))
    usable = np.isin(columns["status"], _SHOWN) & (base < small)
    with np.errstate(divide="ignore"):
        limit = np.ceil(400 / base / 5) * 0.05
    below = usable & np.isin(count, _FEW)
    above = usable & ~below & np.isin(others, _FEW)
    for flags, status, end, other in (
        (below, Status.BELOW, "high", "low"),
        (above, Status.ABOVE, "low", "high"),
    ):
        columns["status"][flags] = status.value
        columns[end][flags] = (limit if end == "high" else 1 - limit)[flags]
        columns[other][flags] = np.nan
        columns["value"][flags] = np.nan
    columns["count"] = np.where(below | above, np.nan, count)


def print_bases(
    columns: Columns, point: Point, public: Tabulation, bases: npt.NDArray[np.int64]
) -> None:
    """Put the printed base beside each answer that the tabulation names."""
    place = {answer: number for number, answer in enumerate(public.answers)}
    halves = bases.reshape(-1, len(point.groups), len(public.answers))[-2:]
    names = ("base",) if len(halves) == 1 else ("earlier_base", "base")
    for name, half in zip(names, halves, strict=True):
        for column, answer in enumerate(point.answers):
            if answer in place and name in columns:
                columns[name][:, column] = half[:, place[answer]]
