"""From the rows of a table to marks: plain numbers, and none where a status forbids it."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import pandas as pd

from survey.estimates.table import CORE_COLUMNS, Estimates, Measure, Status

__all__ = ["Mark", "bounds_of", "by_value", "in_order", "marks_of", "names_bands", "scale_of"]

_SCALES = {Measure.SHARE: 100.0, Measure.DIFFERENCE: 100.0}
_BOUNDS = (("lower_bound", "upper_bound"), ("bound_low", "bound_high"))
_LAST = re.compile(r"^(any )?other\b|^none\b|^(i )?(do not|don['’]t) know\b|^prefer not\b", re.I)
_NUMBER = re.compile(r"\d[\d,.\u00a0\u202f]*")
_WORDS = {"thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12,
          "gb": 1e9, "tb": 1e12, "pb": 1e15, "eb": 1e18, "zb": 1e21}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Mark:
    """One row of a table, ready to draw.

    Attributes
    ----------
    group
        Values of the grouping columns, as text.
    answer
        The answer.
    status
        Whether there is a value.
    value, low, high
        Numbers in the unit of the axis (shares in per cent); ``None`` where there are none.
    count, base
        Units that gave the answer, and units that could have; ``None`` where withheld.
    more
        What the statistic added; empty where there is no value.
    """

    group: tuple[str, ...]
    answer: str
    status: Status
    value: float | None
    low: float | None
    high: float | None
    count: float | None
    base: float | None
    more: Mapping[str, Any]

    @property
    def has_value(self) -> bool:
        """Whether there is something to draw."""
        return self.value is not None

    @property
    def imprecise(self) -> bool:
        """Whether the value rests on too little."""
        return self.status is Status.IMPRECISE

    def word(self, column: str) -> str:
        """Return an added text, empty where there is none."""
        found = self.more.get(column)
        return found if isinstance(found, str) else ""


def marks_of(table: Estimates) -> tuple[Mark, ...]:
    """Return the rows of ``table`` as marks, in their order.

    Only a status of ``ok`` or ``imprecise`` lets numbers through, whatever the frame holds, so
    that a slip before this point cannot show what is withheld.

    Examples
    --------
    >>> from survey.estimates import share
    >>> from survey.estimates.examples import answers
    >>> mark = marks_of(share(answers(), "compute_cores"))[0]
    >>> mark.answer, mark.value, mark.base
    ('1 to 99 cores', 36.0, 50.0)
    """
    scale = scale_of(table.measure)
    known = {*table.groups, *CORE_COLUMNS}
    added = [str(name) for name in table.frame.columns if name not in known]
    rows = table.frame.to_dict("records")
    return tuple(_mark(row, table.groups, scale, added) for row in rows)


def _mark(
    row: Mapping[Hashable, Any], groups: Sequence[str], scale: float, added: Iterable[str]
) -> Mark:
    status = Status(str(row["status"]))
    usable = status.has_value and _finite(row["value"], 1) is not None
    value, low, high = (
        _finite(row[name], scale) if usable else None for name in ("value", "low", "high")
    )
    return Mark(
        tuple(str(row[name]) for name in groups),
        str(row["answer"]),
        status,
        value,
        low,
        high,
        _finite(row["count"], 1) if usable else None,
        _finite(row["base"], 1),
        {name: row[name] for name in added} if usable else {},
    )


def scale_of(measure: Measure) -> float:
    """Return by what values are multiplied for an axis: shares are drawn in per cent."""
    return _SCALES.get(measure, 1.0)


def bounds_of(mark: Mark) -> tuple[float | None, float | None] | None:
    """Return the bounds that need no model, if the table has any; ``None`` is no limit."""
    for low, high in _BOUNDS:
        if low in mark.more and _finite(mark.more[low], 1) is not None:
            return _finite(mark.more[low], 1), _finite(mark.more.get(high), 1)
    return None


def _finite(value: Any, scale: float) -> float | None:
    """Return a plain number to ten significant digits, so that no noise of floats is printed."""
    if value is None or pd.isna(value) or not math.isfinite(value):
        return None
    return float(f"{float(value) * scale:.10g}")


def in_order(names: Iterable[str]) -> tuple[str, ...]:
    """Return each name once, in the order of appearance."""
    return tuple(dict.fromkeys(names))


def by_value(
    marks: Sequence[Mark], key: Callable[[Mark], str] = lambda mark: mark.answer
) -> list[str]:
    """Return names, largest value first; then rests such as "Other", then those without value.

    Examples
    --------
    >>> from survey.estimates import share
    >>> from survey.estimates.examples import answers
    >>> by_value(marks_of(share(answers(), "deployment_tools")))
    ['Kolla', 'Puppet', 'Ansible', 'Juju']
    """
    best: dict[str, float] = {}
    for mark in marks:
        value = -math.inf if mark.value is None else mark.value
        best[key(mark)] = max(best.get(key(mark), -math.inf), value)
    return sorted(
        best, key=lambda name: (best[name] == -math.inf, bool(_LAST.match(name)), -best[name])
    )


def names_bands(names: Sequence[str]) -> bool:
    """Whether names are bands or steps in ascending order, so that they must keep it.

    Examples
    --------
    >>> names_bands(["1 to 9 cores", "10 to 99 cores", "1 million cores or more"])
    True
    >>> names_bands(["Less than 1 TB", "1 TB to 9 TB", "10 to 99 PB", "1 EB or more"])
    True
    >>> names_bands(["Train", "Ussuri", "Victoria"]), names_bands(["2 to 9", "1"])
    (False, False)
    """
    firsts = [found for name in names if (found := _first_number(name)) is not None]
    enough = len(firsts) >= max(2, len(names) - 1)
    return enough and all(a < b for a, b in pairwise(firsts))


def _first_number(name: str) -> float | None:
    found = _NUMBER.search(name)
    if found is None:
        return None
    digits = re.sub(r"[^\d]", "", found[0].split(".")[0])
    following = name[found.end() :].lower().split()
    if following[:1] == ["to"]:  # "100 to 999 EB": the unit stands behind the second number
        following = following[2:]
    factor = _WORDS.get(following[0], 1.0) if following else 1.0
    least = name.lower().startswith(("fewer", "less", "under", "below", "up to"))
    return (float(digits) * factor - (0.5 if least else 0.0)) if digits else None
