"""Compare my own: a reader's own numbers beside the published groups, sent nowhere.

The page knows the published shares of a few questions. What a reader enters stays in the page: it
is put into the address only when the reader asks for it.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from survey.publish.charts.order import lower_edge
from survey.publish.dashboard.blocks import Block, Tab
from survey.publish.dashboard.context import Context
from survey.publish.dashboard.page_frame import COMPARE, page_of
from survey.publish.format import interval, percent, value_text
from survey.publish.html import element
from survey.publish.rows import Row, rows_of
from survey.publish.statuses import words_of

__all__ = ["compare_page", "compare_record"]

_SIZES = ("compute_cores", "compute_nodes", "compute_instances", "team_size")
_CHOICES = ("releases_in_use", "deployment_type", "deployment_countries", "primary_country")


def compare_page(context: Context) -> str:
    """Return the page; its script builds a field for each question that can be compared."""
    unit = context.words.unit
    content = [
        element("h1", f"Compare your {unit}"),
        element(
            "p",
            f"Enter what you know of your {unit} to see where it stands among those that answered. "
            "Nothing is sent: the page works out everything by itself.",
            class_="standfirst",
        ),
        element("p", class_="message", role="status", id="message", hidden=True),
        element("form", id="own", class_="own"),
        element("div", id="compared", aria_live="polite"),
    ]
    return page_of(context, f"Compare your {unit}", content, current=COMPARE, data=("compare",))


def compare_record(context: Context) -> list[dict[str, Any]]:
    """Return the questions that can be compared, with their published rows."""
    blocks = {block.id: block for block in context.blocks}
    found = []
    for name in (*_SIZES, *_CHOICES):
        block = blocks.get(name)
        if block is None or block.views[0].tab != Tab.NOW:
            continue
        rows = rows_of(block.main)
        if name in _SIZES and not _are_bands(rows):
            continue
        found.append(_question(block, rows, context, sizes=name in _SIZES))
    return found


def _are_bands(rows: tuple[Row, ...]) -> bool:
    edges = [lower_edge(row.answer) for row in rows]
    known = [edge for edge in edges if edge is not None]
    return len(known) == len(rows) > 1 and all(a < b for a, b in pairwise(known))


def _question(
    block: Block, rows: tuple[Row, ...], context: Context, *, sizes: bool
) -> dict[str, Any]:
    return {
        "id": block.id,
        "title": block.main.title,
        "page": context.chapter_of[block.id].file,
        "kind": "size" if sizes else "choice",
        "units": context.words.noun(block.main.spec.unit, 2),
        "rows": [
            {**_row(block, row), **(sums if sizes else {})}
            for row, sums in zip(rows, _around(rows), strict=True)
        ],
    }


def _row(block: Block, row: Row) -> dict[str, Any]:
    table = block.main
    said = words_of(row.status).reason if row.value is None else value_text(table, row.value)
    return {
        "label": row.answer,
        "edge": lower_edge(row.answer),
        "share": row.value,
        "text": said,
        "interval": interval(table, row.low, row.high) if row.has_value else "",
    }


def _around(rows: tuple[Row, ...]) -> Iterator[dict[str, str]]:
    """Yield the shares below and above each band; nothing where a band has no share."""
    values = [row.value for row in rows]
    for place in range(len(rows)):
        below, above = values[:place], values[place + 1 :]
        yield {"below": _sum_text(below), "above": _sum_text(above)}


def _sum_text(values: list[float | None]) -> str:
    known = [value for value in values if value is not None]
    return percent(min(1.0, sum(known))) if len(known) == len(values) else ""
