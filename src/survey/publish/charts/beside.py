"""Numbers published earlier, beside the rows of a chart: another mark, source and method on it."""

from __future__ import annotations

from collections.abc import Sequence

from survey.estimates.reference import Reference
from survey.estimates.table import Estimates
from survey.publish.charts.labels import BREAK, plain
from survey.publish.charts.traces import Trace, scatter
from survey.publish.format import value_text
from survey.publish.rows import Row
from survey.publish.theme import LIGHT

__all__ = ["diamonds", "published_beside"]


def published_beside(
    table: Estimates, placed: Sequence[tuple[Row, float]]
) -> list[tuple[Reference, float]]:
    """Return what was published earlier of each row that a chart shows, with the row's height."""
    heights = {mark.group: y for mark, y in placed}
    rows = (tuple(each.group.get(name, "") for name in table.groups) for each in table.references)
    found = zip(table.references, rows, strict=True)
    return [(each, heights[row]) for each, row in found if row in heights]


def diamonds(table: Estimates, beside: Sequence[tuple[Reference, float]]) -> list[Trace]:
    """Return the trace of the earlier numbers; none where there are none."""
    if not beside:
        return []
    return [
        scatter(
            x=[each.value for each, _ in beside],
            y=[y for _, y in beside],
            mode="markers",
            name="Published earlier",
            marker={
                "size": 10,
                "symbol": "diamond-open",
                "color": LIGHT.ink,
                "line": {"color": LIGHT.ink, "width": 1.5},
            },
            hovertext=[_hover(table, each) for each, _ in beside],
            hoverinfo="text",
            showlegend=False,
        )
    ]


def _hover(table: Estimates, each: Reference) -> str:
    head = " \N{MIDDLE DOT} ".join(each.group.get(name, "") for name in table.groups)
    said = ("at least " if each.at_least else "") + value_text(table, each.value)
    lines = (f"Published earlier: {said}", each.source, each.method)
    return BREAK.join((f"<b>{plain(head)}</b>", *(plain(line) for line in lines if line)))
