"""Every kind of chart: a new one is a module and a line here.

A module is imported when its kind is asked for: most charts of a session are of one or two kinds.
That of bars comes with the registry, so that ``survey.publish.charts.bars`` is the function, which
the package defines after it, and not the module.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module
from types import MappingProxyType
from typing import Final

from survey.errors import Problem, PublishError, did_you_mean
from survey.estimates.table import Estimates, Measure
from survey.publish.charts.gaps import draw_nothing
from survey.publish.plan import ChartKind, ChartPlan, Drawing, Shape
from survey.publish.rows import once, rows_of

__all__ = ["KINDS", "beside", "drawing_of", "plan_of", "shape_of"]


class _Kinds(Mapping[str, ChartKind]):
    """Name -> kind, whose module is imported when it is first looked up."""

    def __init__(self, modules: Mapping[str, str]) -> None:
        self._modules = modules

    def __getitem__(self, name: str) -> ChartKind:
        module = import_module(f"survey.publish.charts.{self._modules[name]}")
        kind: ChartKind = module.KIND
        return kind

    def __contains__(self, name: object) -> bool:
        return name in self._modules

    def __iter__(self) -> Iterator[str]:
        return iter(self._modules)

    def __len__(self) -> int:
        return len(self._modules)


_MODULE_OF: Final = {
    "adoption": "adoption",
    "differences": "differences",
    "waterfall": "waterfall",
    "diverging": "diverging",
    "matrix": "matrix",
    "bars": "bars",
    "stacked": "stacked",
    "slope": "slope",
    "lines": "lines",
    "ranges": "ranges",
    "dots": "dots",
    "heatmap": "heat",
    "multiples": "multiples",
    "paths": "paths",
    "tiles": "tiles",
    "histogram": "histogram",
    "boxes": "boxes",
}
KINDS: Mapping[str, ChartKind] = _Kinds(MappingProxyType(_MODULE_OF))
"""Name -> kind, in the order in which a table is offered to them."""

import_module("survey.publish.charts.bars")  # before the package defines the function of that name


@once
def shape_of(table: Estimates) -> Shape:
    """Return how the rows of ``table`` are arranged.

    Examples
    --------
    >>> from survey.estimates import share
    >>> from survey.estimates.examples import answers
    >>> shape_of(share(answers(), "deployment_tools", by="edition")).over_editions
    True
    """
    rows = rows_of(table)
    groups = len({row.group for row in rows}) if table.groups else 1
    return Shape(
        table.measure,
        table.spec.statistic,
        len({row.answer for row in rows}),
        groups,
        over_editions=table.groups == ("edition",) and groups > 1,
        whole=table.measure is Measure.SHARE and not table.several,
        matrix="level" in table.frame,
        columns=frozenset(map(str, table.frame.columns)),
    )


def plan_of(table: Estimates, chart: str | None = None) -> ChartPlan:
    """Return the plan of the named chart, or of the one that suits the table.

    Raises
    ------
    PublishError
        If there is no such chart, or it would misrepresent the table.
    """
    return _planned(table, chart)


@once
def _planned(table: Estimates, chart: str | None) -> ChartPlan:
    kind = _kind(table, chart)
    if not len(table):
        return ChartPlan(kind.name, table, (), ())
    labels, series = kind.arrange(table)
    return ChartPlan(kind.name, table, labels, series)


def beside(table: Estimates) -> tuple[ChartKind, ...]:
    """Return the kinds that a page offers beside the one that suits a table."""
    shape = shape_of(table)
    offered = (kind for kind in KINDS.values() if kind.offered(shape, table))
    return tuple(kind for kind in offered if not kind.refuses(shape, table))


@once
def drawing_of(plan: ChartPlan) -> Drawing:
    """Return the drawing of a plan."""
    if not len(plan.table):
        return draw_nothing(plan.table)
    return KINDS[plan.kind].draw(plan.scaled())


def _kind(table: Estimates, chart: str | None) -> ChartKind:
    shape = shape_of(table)
    if chart is None:
        fitting = (k for k in KINDS.values() if k.suits(shape) and not k.refuses(shape, table))
        found = next(fitting, None)
        if found is None:
            problem = Problem("figure()", f"a table {_by(table)}", "fewer groups at a time")
            raise PublishError("No chart fits the table", [problem])
        return found
    if chart not in KINDS:
        problem = Problem(
            "chart", repr(chart), f"one of {', '.join(sorted(KINDS))}", did_you_mean(chart, KINDS)
        )
        raise PublishError(f"There is no chart {chart!r}", [problem])
    if expected := KINDS[chart].refuses(shape, table):
        got = f"a table of {table.measure.value}s" + (", several answers each" * table.several)
        problem = Problem(chart, got, expected, "survey.figure(table) picks a chart that fits")
        raise PublishError(f"Cannot draw {chart}", [problem])
    return KINDS[chart]


def _by(table: Estimates) -> str:
    return f"by {' and '.join(table.groups)}" if table.groups else f"of {table.spec.statistic}"
