"""The one reading of a table's rows: numbers where the status lets them through, none elsewhere.

Charts, pages, workbook, CSV, JSON and claims read tables here and nowhere else, so that a slip
before this point cannot show what is withheld, and a number is the same wherever it stands.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any, ParamSpec, TypeVar

import pandas as pd

from survey.dataclass import dataclass
from survey.disclosure.publication import handing_out_once
from survey.estimates.table import CORE_COLUMNS, Estimates, Measure, Status

__all__ = [
    "Limits",
    "Row",
    "bounds_of",
    "once",
    "reading_once",
    "record_of",
    "records_of",
    "rows_of",
    "says_nothing",
    "scale_of",
]

Limits = tuple[float | None, float | None]

_SCALES = {Measure.SHARE: 100.0, Measure.DIFFERENCE: 100.0}
_BOUNDS = (("lower_bound", "upper_bound"), ("bound_low", "bound_high"))
_ROUNDED = 0.005  # a share below it is printed as 0 %
_PROTECTED = frozenset({"suppressed", "below", "above"})
_TOLD_ANYWAY = frozenset({"item", "level", "months", "earlier_base"})  # say what a row is about
_NOT_ASKED = frozenset({"not offered", "not available"})


_REST = re.compile(r"(any )?other\b|another answer\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table as every output reads it.

    Attributes
    ----------
    group
        Values of the grouping columns, as text.
    answer
        The answer.
    status
        Whether there is a value.
    value, low, high
        Numbers in the table's own unit (shares as fractions of 1); ``None`` where there are none.
        Of a row that is ``below`` or ``above`` only the limit stands: ``high`` or ``low``.
    count, base
        Units that gave the answer, and units that could have; ``None`` where withheld or where
        the question was not asked.
    more
        What the statistic added; empty where the row is withheld.
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
        """Whether there is a number to show."""
        return self.value is not None

    @property
    def imprecise(self) -> bool:
        """Whether the value rests on too little."""
        return self.status is Status.IMPRECISE

    @property
    def name(self) -> str:
        """The answer inside a sentence: without the full stop of an answer that is one itself."""
        return self.answer.removesuffix(".")

    @property
    def at_least(self) -> bool:
        """Whether the value is the least that bands show, and some answers leave more open."""
        least = self.more.get("lower_bound", self.value)  # publications have no bounds
        return self.has_value and bool(self.more.get("undecidable")) and least == self.value

    @property
    def is_rest(self) -> bool:
        """Whether the answer is no answer in particular, such as "Other": what leads is another."""
        return bool(_REST.match(self.answer))

    def word(self, column: str) -> str:
        """Return an added text, empty where there is none or no value."""
        found = self.more.get(column) if self.has_value else None
        return found if isinstance(found, str) else ""

    def scaled(self, factor: float) -> Row:
        """Return the row as an axis shows it: finite, to ten significant digits.

        Ten digits keep the noise of binary fractions out of files.
        """
        return Row(
            self.group,
            self.answer,
            self.status,
            value=_finite(self.value, factor),
            low=_finite(self.low, factor),
            high=_finite(self.high, factor),
            count=_finite(self.count, 1.0),
            base=_finite(self.base, 1.0),
            more=self.more,
        )


_Asked = tuple[Callable[..., Any], int, tuple[Any, ...], tuple[tuple[str, Any], ...]]

# what was asked of which table or plan -> the table, which must not go while its id is a key, and
# the answer
_known: ContextVar[dict[_Asked, tuple[Any, Any]] | None] = ContextVar("_known", default=None)

P = ParamSpec("P")
T = TypeVar("T")


def once(function: Callable[P, T]) -> Callable[P, T]:
    """Keep what a function says of a table, its first argument, inside :func:`reading_once`.

    The answer is shared, so that nobody may change it.
    """

    @wraps(function)
    def asked(*args: P.args, **options: P.kwargs) -> T:
        known = _known.get()
        if known is None:
            return function(*args, **options)
        key = (function, id(args[0]), args[1:], tuple(options.items()))
        if key not in known:
            known[key] = (args[0], function(*args, **options))
        answer: T = known[key][1]
        return answer

    return asked


@once
def rows_of(table: Estimates) -> tuple[Row, ...]:
    """Return the rows of ``table`` in their order.

    Only a status of ``ok`` or ``imprecise`` lets numbers through, whatever the frame holds. An
    edition that did not ask has neither count nor base: 0 would say that nobody answered.

    Examples
    --------
    >>> from survey.estimates import share
    >>> from survey.estimates.examples import answers
    >>> row = rows_of(share(answers(), "compute_cores"))[0]
    >>> row.answer, row.value, row.base
    ('1 to 99 cores', 0.36, 50.0)
    """
    return _read(table)


@contextmanager
def reading_once() -> Iterator[None]:
    """Read every table once inside: for writers of files, whose tables nobody changes meanwhile.

    Examples
    --------
    >>> from survey.estimates import share
    >>> from survey.estimates.examples import answers
    >>> table = share(answers(), "compute_cores")
    >>> with reading_once():
    ...     print(rows_of(table) is rows_of(table))
    True
    """
    token = _known.set({})
    try:
        with handing_out_once():
            yield
    finally:
        _known.reset(token)


def _read(table: Estimates) -> tuple[Row, ...]:
    known = {*table.groups, *CORE_COLUMNS}
    added = [str(name) for name in table.frame.columns if name not in known]
    groups = table.groups
    return tuple(_row(record, groups, added) for record in _records(table.frame))


def _records(frame: pd.DataFrame) -> Iterator[dict[Hashable, Any]]:
    """Yield the rows as mappings; column by column, which is much faster than ``to_dict``."""
    names = frame.columns.tolist()
    for values in zip(*(frame[name].tolist() for name in names), strict=True):
        yield dict(zip(names, values, strict=True))


def _row(record: Mapping[Hashable, Any], groups: Sequence[str], added: Sequence[str]) -> Row:
    status = Status(str(record["status"]))
    usable = status.has_value and _number(record["value"]) is not None
    value, count = (_number(record[name]) if usable else None for name in ("value", "count"))
    return Row(
        tuple(str(record[name]) for name in groups),
        str(record["answer"]),
        status,
        value,
        _number(record["low"]) if usable or str(status) == "above" else None,
        _number(record["high"]) if usable or str(status) == "below" else None,
        count,
        _base(record["base"], asked=str(status) not in _NOT_ASKED),
        {
            name: None if _missing(record[name]) else record[name]
            for name in added
            if str(status) not in _PROTECTED or name in _TOLD_ANYWAY
        },
    )


def _base(value: Any, *, asked: bool) -> float | None:
    found = _number(value)
    return found if asked or found else None


@once
def records_of(table: Estimates) -> list[dict[str, Any]]:
    """Return the rows of ``table`` as mappings from column to value, for tables of columns."""
    return list(_mappings(table, rows_of(table)))


def record_of(table: Estimates, row: Row) -> dict[str, Any]:
    """Return a row as a mapping from column to value, in the order of the table's columns."""
    return next(_mappings(table, (row,)))


def _mappings(table: Estimates, rows: Sequence[Row]) -> Iterator[dict[str, Any]]:
    names = (*table.groups, *CORE_COLUMNS)
    added = [str(name) for name in table.frame.columns if name not in names]
    for row in rows:
        core = (row.answer, row.count, row.base, row.value, row.low, row.high, row.status)
        found: dict[str, Any] = dict(zip(names, (*row.group, *core), strict=True))
        found.update((name, row.more.get(name)) for name in added)
        yield found


def scale_of(measure: Measure) -> float:
    """Return by what values are multiplied for an axis: shares are drawn in per cent."""
    return _SCALES.get(measure, 1.0)


def says_nothing(table: Estimates, row: Row) -> bool:
    """Whether a share lies between 0 and 100 % as printed, so that any share fits.

    By its bounds that need no model; where there are none, as in publications, by its interval.
    """
    if table.measure is not Measure.SHARE:
        return False
    low, high = bounds_of(row) or (row.low, row.high)
    return high is not None and (low or 0.0) < _ROUNDED and high > 1 - _ROUNDED


def bounds_of(row: Row) -> Limits | None:
    """Return the bounds that need no model, if the table has any; ``None`` is no limit."""
    for low, high in _BOUNDS if row.has_value else ():
        least = _finite(_number(row.more.get(low)), 1.0)
        if least is not None:
            return least, _finite(_number(row.more.get(high)), 1.0)
    return None


def _missing(value: Any) -> bool:
    """Whether a cell is empty; numbers and text, which nearly all cells are, at once."""
    if isinstance(value, float):
        return math.isnan(value)
    return not isinstance(value, str | int) and bool(pd.isna(value))


def _number(value: Any) -> float | None:
    return None if _missing(value) else float(value)


def _finite(value: float | None, factor: float) -> float | None:
    if value is None or not math.isfinite(value):
        return None
    return float(f"{value * factor:.10g}")
