"""How what has no value is drawn: a hatched mark and a word, never a length."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from survey.estimates.table import Estimates, Status
from survey.publish.charts.canvas import annotation
from survey.publish.charts.labels import plain
from survey.publish.charts.traces import Trace, bar, customdata
from survey.publish.charts.words import hover_of, said
from survey.publish.plan import Drawing, Key
from survey.publish.rows import Row
from survey.publish.statuses import words_of
from survey.publish.theme import LIGHT

__all__ = [
    "HATCH",
    "KEY",
    "WITHHELD",
    "draw_nothing",
    "hatched_rows",
    "no_unit",
    "reasons_in_rows",
    "signs_of",
]

WITHHELD = words_of(Status.SUPPRESSED).reason
HATCH = {
    "color": LIGHT.paper,
    "line": {"width": 0},
    "pattern": {
        "shape": "/",
        "fgcolor": LIGHT.hatch,
        "bgcolor": LIGHT.paper,
        "fillmode": "overlay",
        "size": 7,
        "solidity": 0.12,
    },
}
KEY = Key(WITHHELD, LIGHT.hatch, hatched=True)


def no_unit() -> dict[str, Any]:
    """Return a second axis that counts nothing, for marks that are no values."""
    return {"overlaying": "x", "range": [0, 1], "visible": False, "fixedrange": True}


def hatched_rows(
    table: Estimates,
    marks: Sequence[Row],
    ys: Sequence[float],
    *,
    width: float,
    spans: Sequence[tuple[float, float]] | None = None,
) -> Trace:
    """Return hatched strips in the rows of withheld marks, on the axis without a unit.

    Strips go all the way, or from a start to an end between 0 and 1.
    """
    between = [(0.0, 1.0)] * len(marks) if spans is None else spans
    return bar(
        orientation="h",
        base=[start for start, _ in between],
        x=[end - start for start, end in between],
        y=list(ys),
        width=[width] * len(marks),
        xaxis="x2",
        name=WITHHELD,
        marker=HATCH,
        hovertext=[hover_of(table, mark) for mark in marks],
        hoverinfo="text",
        customdata=customdata(marks),
        showlegend=spans is not None,
    )


def reasons_in_rows(
    table: Estimates, marks: Sequence[Row], ys: Sequence[float], **given: Any
) -> list[dict[str, Any]]:
    """Return the words that stand in rows without a value."""
    look = {"bgcolor": LIGHT.paper, "borderpad": 2} | given
    return [
        annotation(
            f"<i>{plain(said(table, mark))}</i>",
            xref="x domain",
            x=0,
            xshift=6,
            y=y,
            yref="y",
            **look,
        )
        for mark, y in zip(marks, ys, strict=True)
    ]


def signs_of(marks: Sequence[Row]) -> list[str]:
    """Return what the signs mean that stand for rows without a value, a sentence each."""
    found = {
        f"{words.sign} {words.reason}."
        for mark in marks
        if (words := words_of(mark.status)).sign and not mark.has_value
    }
    return sorted(found)


def draw_nothing(table: Estimates) -> Drawing:
    """Return the drawing of a table without rows: a sentence that says so."""
    counted = f"No {table.vocabulary.noun(table.spec.unit, 2)} to show."
    text = annotation(counted, xref="paper", yref="paper", x=0, y=0.5, yanchor="middle")
    axis = {"visible": False, "range": [0, 1]}
    layout = {
        "margin": {"l": 12, "r": 12, "t": 6, "b": 6},
        "height": 60,
        "xaxis": axis,
        "yaxis": axis,
        "annotations": [text],
    }
    return Drawing("empty chart", (), layout, "")
