"""A matrix question as stacked bars: one bar per item, divided into its levels."""

from __future__ import annotations

from survey.estimates.table import Estimates, Measure
from survey.publish.charts.meanings import colours_of
from survey.publish.charts.order import by_value, in_order
from survey.publish.charts.stacked import draw_parts
from survey.publish.plan import ChartKind, ChartPlan, Drawing, Native, Series, Shape
from survey.publish.rows import Row, rows_of
from survey.publish.theme import LIGHT, ordered_colours

__all__ = ["KIND"]


def _suits(shape: Shape) -> bool:
    return shape.measure is Measure.SHARE and shape.matrix and shape.groups == 1


def _refuses(shape: Shape, table: Estimates) -> str:
    if shape.measure is not Measure.SHARE or not shape.matrix:
        return "shares of a matrix question, each item at one of several levels"
    return "" if shape.groups == 1 else "one group"


def _arrange(table: Estimates) -> tuple[tuple[str, ...], tuple[Series, ...]]:
    """Return the items as labels, those that most chose at the first level on top."""
    cells = {_divided(row): row for row in rows_of(table)}
    levels = in_order(level for _, level in cells)
    first = [row for (_, level), row in cells.items() if level == levels[0]]
    labels = tuple(by_value(first, key=lambda row: _divided(row)[0]))
    plain = dict(zip(levels, ordered_colours(LIGHT, len(levels))[::-1], strict=True))
    colours = (colours_of(levels) or plain).values()
    return labels, tuple(
        Series(level, colour, tuple(cells.get((label, level)) for label in labels))
        for level, colour in zip(levels, colours, strict=True)
    )


def _divided(row: Row) -> tuple[str, str]:
    """Return item and level of a cell, from its columns or from its label."""
    item, level = row.more.get("item"), row.more.get("level")
    if isinstance(item, str) and isinstance(level, str):
        return item, level
    item, _, level = row.answer.rpartition(" / ")
    return item, level


def _draw(plan: ChartPlan) -> Drawing:
    return draw_parts(plan, None)


def _native(plan: ChartPlan) -> Native:
    return Native.STACKED


KIND = ChartKind("matrix", "stacked bar chart", _suits, _refuses, _arrange, _draw, _native)
