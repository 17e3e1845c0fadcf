"""The plan of a chart: which rows it draws, in which order and colours, before anything draws.

Plotly's chart and the workbook's come from the same plan, so that they show the same rows in the
same order. A plan holds the rows in the table's own unit.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from enum import StrEnum
from functools import cached_property
from typing import Any

from survey.dataclass import dataclass
from survey.estimates.table import Estimates, Measure, Status
from survey.publish.rows import Row, scale_of

__all__ = ["ChartKind", "ChartPlan", "Drawing", "Key", "Native", "PlotRow", "Series", "Shape"]


@dataclass(frozen=True, slots=True)
class Series:
    """The rows of one colour: one for each label of the plan, ``None`` where there is none."""

    name: str
    colour: str
    rows: tuple[Row | None, ...]


@dataclass(frozen=True)
class ChartPlan:
    """What a chart shows.

    Attributes
    ----------
    kind
        Name of the chart, see :data:`survey.publish.charts.registry.KINDS`.
    table
        The table, for its measure, unit and title.
    labels
        Names along the axis of categories, in order.
    series
        The rows, in order of the legend.
    """

    kind: str
    table: Estimates
    labels: tuple[str, ...]
    series: tuple[Series, ...]

    @cached_property
    def rows(self) -> tuple[Row, ...]:
        """All rows, series by series."""
        return tuple(row for series in self.series for row in series.rows if row is not None)

    @property
    def statuses(self) -> frozenset[Status]:
        """The statuses that the chart has to show."""
        return frozenset(row.status for row in self.rows)

    def scaled(self) -> ChartPlan:
        """Return the plan with rows as the axis shows them, shares in per cent."""
        factor = scale_of(self.table.measure)
        series = tuple(
            replace(
                each, rows=tuple(None if row is None else row.scaled(factor) for row in each.rows)
            )
            for each in self.series
        )
        return replace(self, series=series)


@dataclass(frozen=True)
class Shape:
    """How the rows of a table are arranged, from which its chart follows.

    Attributes
    ----------
    measure, statistic
        What the values are, and which statistic made them.
    answers, groups
        How many different answers and groups there are.
    over_editions
        Whether the groups are two or more editions, and nothing else.
    whole
        Whether the answers of a group are parts of one whole.
    matrix
        Whether the answers are items of a matrix, each at one of several levels.
    columns
        Names of the columns that the statistic added.
    """

    measure: Measure
    statistic: str
    answers: int
    groups: int
    over_editions: bool
    whole: bool
    matrix: bool
    columns: frozenset[str]


class Native(StrEnum):
    """What a spreadsheet can draw of a plan."""

    BARS = "bars"
    LINES = "lines"
    STACKED = "stacked bars"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Key:
    """One entry of a legend."""

    label: str
    colour: str
    hatched: bool = False


@dataclass(frozen=True, slots=True)
class PlotRow:
    """One row: its label in full; its middle, its height and that of its marks in pixels."""

    label: str
    y: float
    height: float
    marks: float


@dataclass(frozen=True)
class Drawing:
    """A chart as plain values, without the words around it.

    Attributes
    ----------
    kind
        Name of the chart in words.
    traces
        Plotly traces, as plain dictionaries.
    layout
        Axes, shapes, annotations, ``margin`` and the ``height`` of the plot with its axes.
    reading
        How to read the marks, in a sentence.
    legend
        What the colours mean; empty where the labels say it.
    rows
        Rows, if it has any, so that a narrow page can put labels above the marks.
    """

    kind: str
    traces: tuple[dict[str, Any], ...]
    layout: Mapping[str, Any]
    reading: str
    legend: tuple[Key, ...] = ()
    rows: tuple[PlotRow, ...] = ()


def _never(shape: Shape, table: Estimates) -> bool:
    return False


@dataclass(frozen=True)
class ChartKind:
    """One kind of chart: when it suits, what it refuses, how it arranges and draws.

    A new kind is a module with one of these and a line in the registry.

    Attributes
    ----------
    name
        How people ask for it: ``figure(..., chart=name)``.
    words
        What it is called in a sentence: ``"bar chart"``.
    suits
        Whether a table of this shape gets this chart when nobody asks for another one. The
        first kind of the registry that suits is taken.
    refuses
        What a table lacks, in words after "expected"; empty when it can be drawn truthfully.
    arrange
        Labels and series of a table.
    draw
        The drawing of a plan whose rows are scaled for the axis.
    native
        What a spreadsheet draws in its place.
    beside
        What a page calls it where it is offered beside the kind that suits.
    offered
        Whether a page offers it for a table beside the kind that suits.
    """

    name: str
    words: str
    suits: Callable[[Shape], bool]
    refuses: Callable[[Shape, Estimates], str]
    arrange: Callable[[Estimates], tuple[tuple[str, ...], tuple[Series, ...]]]
    draw: Callable[[ChartPlan], Drawing]
    native: Callable[[ChartPlan], Native]
    beside: str = ""
    offered: Callable[[Shape, Estimates], bool] = _never
