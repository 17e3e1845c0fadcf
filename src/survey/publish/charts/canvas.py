"""What every chart is drawn on: rows, axes, and the words around the plot.

Rows are laid out in pixels: the vertical axis of a chart with rows counts pixels from its top, so
that a long label takes the room that it needs, bars keep their thickness whatever their number,
and the height of the figure follows from its content.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any

from survey.dataclass import dataclass
from survey.publish.charts.labels import BREAK, columns, lines_of, plain, wrapped
from survey.publish.charts.traces import pruned
from survey.publish.charts.words import Words
from survey.publish.plan import Drawing, Key, PlotRow
from survey.publish.theme import LIGHT, SMALL_SIZE, TEXT_SIZE, template_of

__all__ = [
    "PlotRows",
    "annotation",
    "compose",
    "is_tall",
    "meta_of",
    "rows_for",
    "value_axis",
]

LABEL_WIDTH, LABEL_LINES = 34, 6
_COLUMN, _LINE = 7.3, 17.0  # pixels that one column of text and one line take, generously
_EDGE = 12
_TALL = 620
_TITLE_WIDTH, _TEXT_WIDTH, _NOTE_WIDTH = 64, 96, 104  # columns, where the width is not known
_TITLE_COLUMN, _TEXT_COLUMN = 11.6, 7.3  # pixels, generously


@dataclass(frozen=True, slots=True)
class PlotRows:
    """The rows of a chart, top to bottom."""

    each: tuple[PlotRow, ...]
    margin: int

    @property
    def height(self) -> float:
        """All rows together."""
        return sum(row.height for row in self.each)

    def y(self, label: str) -> float:
        """Return the middle of a row."""
        return next(row.y for row in self.each if row.label == label)

    def axis(self) -> dict[str, Any]:
        """Return the vertical axis."""
        return {
            "range": [self.height, 0],
            "tickmode": "array",
            "tickvals": [row.y for row in self.each],
            "ticktext": [wrapped(row.label, LABEL_WIDTH, LABEL_LINES) for row in self.each],
            "showgrid": False,
            "ticks": "",
            "ticklabelstandoff": 8,
        }


def rows_for(labels: Iterable[str], *, least: float = 30) -> PlotRows:
    """Lay rows out, each as high as its label needs.

    Examples
    --------
    >>> rows = rows_for(["Nova", "A label that is so long that it takes a second line"])
    >>> [(row.y, row.height) for row in rows.each]
    [(15.0, 30), (52.0, 44)]
    """
    found: list[PlotRow] = []
    top = 0.0
    widest = 0
    for label in labels:
        lines = list(lines_of(label, LABEL_WIDTH))[:LABEL_LINES]
        height = max(least, 2 * math.ceil((len(lines) * _LINE + 9) / 2))
        found.append(PlotRow(label, top + height / 2, height, least))
        top += height
        widest = max(widest, *(columns(line) for line in lines))
    return PlotRows(tuple(found), _EDGE + 12 + round(widest * _COLUMN))


def is_tall(rows: PlotRows) -> bool:
    """Whether a reader who sees the first row does not see the last: the axis stands on top."""
    return rows.height > _TALL


def value_axis(rows: PlotRows | None = None, **given: Any) -> dict[str, Any]:
    """Return an axis of values with few, quiet ticks; above the rows where they are many."""
    return {
        "side": "top" if rows is not None and is_tall(rows) else None,
        "nticks": 6,
        "ticks": "",
        "zeroline": True,
        "zerolinecolor": LIGHT.zero,
        "zerolinewidth": 1,
        "tickfont": {"color": LIGHT.quiet, "size": SMALL_SIZE},
        **given,
    }


def annotation(text: str, **given: Any) -> dict[str, Any]:
    """Return a text without an arrow."""
    look = {"font": {"color": LIGHT.quiet, "size": SMALL_SIZE}, "align": "left", "xanchor": "left"}
    return pruned({"text": text, "showarrow": False, **look, **given})


def compose(drawing: Drawing, words: Words, width: int | None = None) -> dict[str, Any]:
    """Return the chart as Plotly's JSON has it: the drawing with title, legend and footnotes.

    Parameters
    ----------
    drawing, words
        What is drawn, and what is said around it.
    width
        In pixels, where it is known: title and notes are wrapped to it.

    Returns
    -------
    dict
        ``data`` and ``layout``, plain values only: no typed array, nothing of plotly.
    """
    layout = {**drawing.layout, "margin": dict(drawing.layout["margin"])}
    layout["annotations"] = list(layout.get("annotations", ()))
    layout["template"] = template_of(LIGHT)
    legend = _add_header(layout, drawing, words, width)
    _add_footnotes(layout, (drawing.reading, *words.footnotes), width)
    layout["legend"] = {
        "yref": "container", "y": 1 - legend / layout["height"], "yanchor": "top"
    }  # fmt: skip
    layout["meta"] = meta_of(drawing, words)
    return {"data": [dict(trace) for trace in drawing.traces], "layout": pruned(layout)}


def meta_of(drawing: Drawing, words: Words) -> dict[str, Any]:
    """Return what a page needs to know of a figure beside its marks, as plain values."""
    return {
        "kind": drawing.kind,
        "title": words.title,
        "subtitle": words.subtitle,
        "description": words.description,
        "rows": [
            {"label": row.label, "y": row.y, "height": row.height, "marks": row.marks}
            for row in drawing.rows
        ],
    }


def _columns(width: int | None, column: float, most: int) -> int:
    """Return how many columns of text fit into a width, at most those of a wide figure."""
    return most if width is None else max(16, min(most, int((width - 2 * _EDGE) / column)))


def _add_header(layout: dict[str, Any], drawing: Drawing, words: Words, width: int | None) -> float:
    """Put title and subtitle above the plot; return where the legend begins, in pixels."""
    title = wrapped(words.title, _columns(width, _TITLE_COLUMN, _TITLE_WIDTH), 6)
    subtitle = wrapped(words.subtitle, _columns(width, _TEXT_COLUMN, _TEXT_WIDTH), 8)
    top = 14 if _count(title) == 1 else 28  # Plotly moves several lines up by half a line and more
    height = top + 6 + 23 * _count(title) + 18 * _count(subtitle) + 12
    layout["title"] = {
        "text": f"<b>{title}</b>",
        "xref": "container",
        "yref": "container",
        "y": 1,
        "yanchor": "top",
        "pad": {"l": _EDGE, "t": top},
        "subtitle": {"text": subtitle, "font": {"size": TEXT_SIZE, "color": LIGHT.quiet}},
    }
    layout["showlegend"] = bool(drawing.legend)
    room = _columns(width, _TEXT_COLUMN, _TEXT_WIDTH)
    _grow(layout, "t", height + _legend_height(drawing.legend, room))
    return height


def _legend_height(legend: Sequence[Key], room: int) -> int:
    if not legend:
        return 0
    width = sum(columns(key.label) + 8 for key in legend)
    return 8 + 20 * (1 + width // room)


def _add_footnotes(layout: dict[str, Any], sentences: Iterable[str], width: int | None) -> None:
    most = _columns(width, _TEXT_COLUMN, _NOTE_WIDTH)
    lines = [line for sentence in sentences if sentence for line in lines_of(sentence, most)]
    if not lines:
        return
    margin = layout["margin"]
    layout["annotations"].append(
        annotation(
            BREAK.join(plain(line) for line in lines),
            xref="paper",
            yref="paper",
            x=0,
            y=0,
            xshift=_EDGE - margin["l"],
            yanchor="top",
            yshift=-margin["b"],
        )
    )
    _grow(layout, "b", 12 + 16 * len(lines))


def _grow(layout: dict[str, Any], side: str, pixels: float) -> None:
    layout["margin"][side] += pixels
    layout["height"] += pixels


def _count(text: str) -> int:
    return text.count(BREAK) + 1
