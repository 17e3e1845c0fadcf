"""Plotly traces as plain dictionaries: nothing of plotly is imported to make a chart."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from survey.publish.rows import Row

__all__ = ["Trace", "bar", "customdata", "pruned", "scatter"]

Trace = dict[str, Any]


def bar(**given: Any) -> Trace:
    """Return a trace of bars; what is ``None`` is left out.

    Examples
    --------
    >>> bar(x=[1], y=[2], name=None)
    {'type': 'bar', 'x': [1], 'y': [2]}
    """
    return pruned({"type": "bar", **given})


def scatter(**given: Any) -> Trace:
    """Return a trace of points, lines or texts; what is ``None`` is left out."""
    return pruned({"type": "scatter", **given})


def pruned(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return a copy without keys whose value is ``None``, inner mappings included."""
    return {
        name: pruned(value) if isinstance(value, Mapping) else value
        for name, value in given.items()
        if value is not None
    }


def customdata(rows: Iterable[Row]) -> list[list[Any]]:
    """Return groups, answer, value, count, base and status, for those who read the JSON."""
    return [
        [*row.group, row.answer, row.value, row.count, row.base, str(row.status)] for row in rows
    ]
