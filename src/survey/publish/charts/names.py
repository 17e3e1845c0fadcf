"""What rows and groups are called on an axis, and how tall a chart must be for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from survey.publish.charts.frame import View, usable
from survey.publish.format import label

__all__ = ["Row", "category_axis", "group_name", "height_for", "largest_first", "row_name"]

Row = Mapping[str, Any]


def height_for(count: int, *, each: int = 30, least: int = 260) -> int:
    """Return the height of a chart with ``count`` lines."""
    return max(least, 150 + each * count)


def row_name(view: View, row: Row) -> str:
    """Return what a row is called: its groups and its answer."""
    return label(" · ".join([*(str(row[group]) for group in view.groups), str(row["answer"])]))


def group_name(view: View, row: Row) -> str:
    """Return what a row's group is called."""
    return label(" · ".join(str(row[group]) for group in view.groups), width=26)


def category_axis(names: Sequence[str], **more: Any) -> dict[str, Any]:
    """Return a vertical axis that lists ``names`` from top to bottom, used or not."""
    return {
        "type": "category",
        "categoryorder": "array",
        "categoryarray": list(names)[::-1],
        "range": [-0.6, len(names) - 0.4],
        **more,
    }


def largest_first(rows: Sequence[Row]) -> list[Row]:
    """Sort rows by value, those without one last."""

    def size(row: Row) -> float:
        return -float(row["value"]) if usable(row) else 2.0

    return sorted(rows, key=size)
