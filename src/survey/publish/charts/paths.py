"""Upgrade paths as a heat map: from where down, to where across."""

from __future__ import annotations

import re

from survey.codebook.releases import find_release
from survey.estimates.table import Estimates, Measure
from survey.publish.charts.heat import draw_cells
from survey.publish.charts.order import in_order
from survey.publish.plan import ChartKind, ChartPlan, Drawing, Native, Series, Shape
from survey.publish.rows import Row, rows_of
from survey.publish.theme import LIGHT

__all__ = ["KIND"]

_PATH = re.compile(r"^([A-Z0-9]\S*(?: [A-Z0-9]\S*)*) to ([A-Z0-9]\S*(?: [A-Z0-9]\S*)*)$")
_REST = "any"
_FEWEST, _MOST_COLUMNS = 2, 12


def _paths(table: Estimates) -> list[tuple[str, str, Row]]:
    """Return rows that lead from one thing to another; others lead to ``any``."""
    found = []
    for row in rows_of(table):
        match = _PATH.match(row.answer)
        found.append((match[1], match[2], row) if match else (row.answer, _REST, row))
    return found


def _suits(shape: Shape) -> bool:
    return False  # bars say how frequent paths are; a page offers this beside them


def _offered(shape: Shape, table: Estimates) -> bool:
    concept = table.spec.concept.endswith("_path")
    return concept and not _refuses(shape, table)


def _refuses(shape: Shape, table: Estimates) -> str:
    if shape.measure is not Measure.SHARE or shape.groups != 1 or table.groups:
        return "shares of one group"
    pairs = [(start, end) for start, end, _ in _paths(table) if end != _REST]
    if len(pairs) < _FEWEST:
        return "answers that lead from one thing to another, as 'Yoga to Zed'"
    few = len({end for _, end in pairs}) < _MOST_COLUMNS
    return "" if few else f"at most {_MOST_COLUMNS - 1} ends: more headings run into each other"


def _arrange(table: Estimates) -> tuple[tuple[str, ...], tuple[Series, ...]]:
    """Return starts down and ends across; answers that are no path stand below, under 'any'."""
    paths = _paths(table)
    starts = _by_age(in_order(start for start, end, _ in paths if end != _REST))
    others = in_order(start for start, end, _ in paths if end == _REST)
    ends = _by_age(in_order(end for _, end, _ in paths if end != _REST))
    labels = (*(f"From {start}" for start in starts), *others)
    found = {(start, end): row for start, end, row in paths}
    names = (*starts, *others)
    columns = (*ends, *((_REST,) if others else ()))
    return labels, tuple(
        Series(
            "Any" if end == _REST else f"to {end}",
            LIGHT.lead,
            tuple(found.get((start, end)) for start in names),
        )
        for end in columns
    )


def _by_age(names: tuple[str, ...]) -> tuple[str, ...]:
    """Return releases oldest first, so that steps run along the diagonal; else as they come."""
    days = {name: found.released for name in names if (found := find_release(name)) is not None}
    if len(days) < len(names) or any(day is None for day in days.values()):
        return names
    return tuple(sorted(names, key=lambda name: str(days[name])))


def _draw(plan: ChartPlan) -> Drawing:
    return draw_cells(plan)


def _native(plan: ChartPlan) -> Native:
    return Native.NONE


KIND = ChartKind(
    "paths", "heat map", _suits, _refuses, _arrange, _draw, _native,
    beside="From and to", offered=_offered,
)  # fmt: skip
