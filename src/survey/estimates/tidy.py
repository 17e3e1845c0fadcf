"""Tidy tables: rows of numbers in the same columns, and the question that they answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import field, replace
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final, Self

import pandas as pd

from survey.codebook import OPENSTACK, Unit, Vocabulary
from survey.dataclass import dataclass
from survey.estimates.reference import Reference
from survey.provenance import Provenance

__all__ = ["CORE_COLUMNS", "Base", "Measure", "Spec", "Status", "TidyTable"]

CORE_COLUMNS = ("answer", "count", "base", "value", "low", "high", "status")


class Status(StrEnum):
    """Whether a row's value can be used.

    Examples
    --------
    >>> Status.IMPRECISE.has_value, Status.NOT_AVAILABLE.has_value
    (True, False)
    """

    OK = "ok"
    IMPRECISE = "imprecise"
    BELOW = "below"  # a limit in ``high`` stands in place of a value
    ABOVE = "above"  # a limit in ``low`` stands in place of a value
    SUPPRESSED = "suppressed"
    NOT_AVAILABLE = "not available"  # the files have no column for it
    NOT_OFFERED = "not offered"
    NOT_COMPARABLE = "not comparable"
    EMPTY = "empty"

    @property
    def has_value(self) -> bool:
        """Whether ``value``, ``low`` and ``high`` may be present."""
        return self in (Status.OK, Status.IMPRECISE)


class Base(StrEnum):
    """Who counts in the denominator.

    Examples
    --------
    >>> Base("asked") is Base.ASKED
    True
    """

    ANSWERED = "answered"
    ASKED = "asked"
    ALL = "all"


class Measure(StrEnum):
    """What the values of a table are, hence how to print them."""

    SHARE = "share"  # a fraction between 0 and 1; print as per cent
    DIFFERENCE = "difference"  # of shares, between -1 and 1; print as percentage points
    NUMBER = "number"  # of what ``Spec.counts`` says: cores, nodes, ...
    SCORE = "score"  # a net promoter score, between -100 and 100
    RATIO = "ratio"


_HEADINGS: Final = MappingProxyType(
    {
        Measure.SHARE: "share",
        Measure.DIFFERENCE: "change",
        Measure.SCORE: "score",
        Measure.RATIO: "ratio",
    }
)


@dataclass(frozen=True)
class Spec:
    """The question that a table answers; with the same answers it gives the same table.

    Attributes
    ----------
    statistic
        Name of the function that made the table: ``"share"``, ``"median"``, ...
    concept
        What was asked.
    by
        Grouping concepts, outermost first; ``"edition"`` groups by edition.
    unit, base
        What is counted, and who counts in the denominator.
    level
        Confidence level of ``low`` and ``high``.
    method
        Name of the interval's method, with its source.
    counts
        What the numbers count (``"cores"``), for numbers.
    options
        Further arguments, as sorted pairs.
    """

    statistic: str
    concept: str
    by: tuple[str, ...] = ()
    unit: Unit = Unit.DEPLOYMENT
    base: Base = Base.ANSWERED
    level: float = 0.95
    method: str = ""
    counts: str = ""
    options: tuple[tuple[str, Any], ...] = ()


@dataclass(frozen=True, repr=False, eq=False)
class TidyTable:
    """What every table of numbers holds, whoever calculated them; see :class:`Estimates`."""

    frame: pd.DataFrame
    spec: Spec
    provenance: Provenance
    measure: Measure = Measure.SHARE
    title: str = ""
    several: bool = False
    name: str = ""
    topic: str = ""
    notes: tuple[str, ...] = field(default=())
    ordered: bool = False
    references: tuple[Reference, ...] = ()
    vocabulary: Vocabulary = OPENSTACK

    def __len__(self) -> int:
        return len(self.frame)

    @property
    def groups(self) -> tuple[str, ...]:
        """Names of the grouping columns."""
        columns = self.frame.columns
        known: tuple[object, tuple[str, ...]] | None = self.__dict__.get("_groups")
        if known is None or known[0] is not columns:  # an index never changes, a frame gets another
            names = columns.tolist()
            known = columns, tuple(names[: names.index("answer")])
            object.__setattr__(self, "_groups", known)
        return known[1]

    @property
    def value_heading(self) -> str:
        """What the values are, above their column: by the measure, or what they count."""
        return _HEADINGS.get(self.measure, self.spec.counts or "value")

    def with_frame(self, frame: pd.DataFrame) -> Self:
        """Return a copy with another frame of the same columns."""
        return replace(self, frame=frame)


class _Frame:
    """The frame of a table, which can be given as what makes it: made when first looked at."""

    def __get__(self, table: TidyTable | None, kind: type) -> _Frame | pd.DataFrame:
        if table is None:
            return self
        frame: pd.DataFrame | Callable[[], pd.DataFrame] = vars(table)["frame"]
        if not isinstance(frame, pd.DataFrame):
            frame = vars(table)["frame"] = frame()
        return frame

    def __set__(self, table: TidyTable, frame: pd.DataFrame | Callable[[], pd.DataFrame]) -> None:
        vars(table)["frame"] = frame


# set after the class is made: as a default in it, it would be what a table without a frame has
type.__setattr__(TidyTable, "frame", _Frame())
