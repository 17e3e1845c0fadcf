"""How figures look: colours, type, and a Plotly template for light and for dark.

Why these colours. The six colours of unordered things keep a distance of at least 9 (hundredths
in OKLab, about four just noticeable differences) from each other for full colour vision and for
protanopia, deuteranopia and tritanopia at full strength (Machado, Oliveira and Fernandes 2009),
and a contrast of at least 3 to 1 against the background, as WCAG 2.2 (1.4.11) asks of graphics.
Ordered answers take steps of one hue whose lightness falls evenly, so that the order survives a
grey printout. Text has a contrast of at least 4.5 to 1 (1.4.3). The tests compute all of this.

A figure names the colours of :data:`LIGHT`. Each stands for one role, so that a page can turn
the figure dark by exchanging each for the colour of the same role in :data:`DARK`
(:func:`exchange`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from functools import cache
from types import MappingProxyType
from typing import Any

from survey.dataclass import dataclass

__all__ = [
    "DARK",
    "FONT",
    "LIGHT",
    "Theme",
    "darkened",
    "exchange",
    "luminance",
    "ordered_colours",
    "register_templates",
    "template_of",
    "text_on",
]

FONT = (
    'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", '
    '"Liberation Sans", Arial, sans-serif'
)
TITLE_SIZE, TEXT_SIZE, SMALL_SIZE = 18, 13, 12


@dataclass(frozen=True, slots=True)
class Theme:
    """The colours of one mode, by role.

    Attributes
    ----------
    name
        ``"light"`` or ``"dark"``.
    paper, page
        Background of figures, and of the page around them.
    ink, quiet
        Text and secondary text.
    line, zero
        Grid lines, and the line that values start from.
    lead, pale
        Most marks, and marks of imprecise values.
    whisker, hatch
        Intervals, and what is withheld.
    up, down, same
        Clear increase, clear decrease, no clear change.
    accent
        What must not be overlooked.
    brand, notice, notice_line
        Edge of the page, and its banner.
    on_pale, on_middle, on_deep, on_qualitative
        Text on the steps of ``ordered``, and on the colours of ``qualitative``.
    qualitative
        Things without an order.
    ordered
        Things with an order, least first.
    """

    name: str
    paper: str
    page: str
    ink: str
    quiet: str
    line: str
    zero: str
    lead: str
    pale: str
    whisker: str
    hatch: str
    up: str
    down: str
    same: str
    accent: str
    brand: str
    notice: str
    notice_line: str
    on_pale: str
    on_middle: str
    on_deep: str
    on_qualitative: tuple[str, ...]
    qualitative: tuple[str, ...]
    ordered: tuple[str, ...]

    def roles(self) -> Mapping[str, str]:
        """Return role -> colour; ``qualitative`` and ``ordered`` are numbered.

        Examples
        --------
        >>> LIGHT.roles()["qualitative-1"]
        '#e06500'
        """
        found: dict[str, str] = {}
        for each in fields(self):
            value = getattr(self, each.name)
            if isinstance(value, tuple):
                found |= {f"{each.name}-{number}": colour for number, colour in enumerate(value)}
            elif each.name != "name":
                found[each.name.replace("_", "-")] = value
        return MappingProxyType(found)

    def role_of(self, colour: str) -> str:
        """Return the first role that has ``colour``."""
        return next(role for role, value in self.roles().items() if value == colour)

    def on(self, colour: str) -> str:
        """Return the colour of text on a step of ``ordered`` or a colour of ``qualitative``.

        Examples
        --------
        >>> LIGHT.on(LIGHT.ordered[8]), LIGHT.on(LIGHT.ordered[0])
        ('#fefefe', '#10161d')
        """
        if colour in self.qualitative:
            return self.on_qualitative[self.qualitative.index(colour)]
        middle = len(self.ordered) // 2
        place = self.ordered.index(colour)
        return self.on_middle if place == middle else (self.on_pale, self.on_deep)[place > middle]


LIGHT = Theme(
    name="light",
    paper="#ffffff",
    page="#f5f7f9",
    ink="#151c24",
    quiet="#545f6b",
    line="#e4e8ec",
    zero="#8d97a2",
    lead="#2471b6",
    pale="#b9d5ee",
    whisker="#0b2238",
    hatch="#9aa5b1",
    up="#0b62b0",
    down="#bd4b00",
    same="#6f7a86",
    accent="#a4262c",
    brand="#d3222a",
    notice="#fff4ce",
    notice_line="#ecd27e",
    on_pale="#10161d",
    on_middle="#10161e",
    on_deep="#fefefe",
    on_qualitative=("#fffffe", "#11171d", "#11171d", "#11171d", "#fffffe", "#fffffe"),
    qualitative=("#0a5cb8", "#e06500", "#00a07f", "#c26bdc", "#8f4d00", "#394047"),
    ordered=("#d8ebf9", "#a8d4f7", "#7ebcee", "#5aa3e0", "#3c8acd", "#2471b5", "#14589a",
             "#0d427a", "#0c2d57"),
)  # fmt: skip
DARK = Theme(
    name="dark",
    paper="#171c22",
    page="#0f1317",
    ink="#e9edf1",
    quiet="#a5b0bb",
    line="#2b333c",
    zero="#77828d",
    lead="#63a8e2",
    pale="#2f4d69",
    whisker="#f0f5fa",
    hatch="#66717c",
    up="#76b6f0",
    down="#f39a55",
    same="#97a2ad",
    accent="#ff9a93",
    brand="#e5484f",
    notice="#33290b",
    notice_line="#5e4c15",
    on_pale="#f6f8fa",
    on_middle="#0c1116",
    on_deep="#0c1115",
    on_qualitative=("#0c1114",) * 6,
    qualitative=("#7099f2", "#eb7a14", "#93ecd8", "#c07fb5", "#f2dc5a", "#adb5be"),
    ordered=("#223852", "#244b75", "#265d92", "#2d70ab", "#448cc9", "#5fa5df", "#81beef",
             "#a8d6fa", "#d5edff"),
)  # fmt: skip


def exchange() -> Mapping[str, str]:
    """Return colour of the light theme -> colour of the same role in the dark one.

    Examples
    --------
    >>> exchange()["#ffffff"]
    '#171c22'
    """
    dark = DARK.roles()
    return MappingProxyType({colour: dark[role] for role, colour in LIGHT.roles().items()})


_TO_DARK = exchange()


def darkened(value: Any) -> Any:
    """Return a chart of plain values in which every colour has become that of the dark theme.

    Examples
    --------
    >>> darkened({"paper_bgcolor": "#ffffff", "width": 2})
    {'paper_bgcolor': '#171c22', 'width': 2}
    """
    if isinstance(value, Mapping):
        return {name: darkened(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [darkened(inner) for inner in value]
    return _TO_DARK.get(value, value) if isinstance(value, str) else value


def ordered_colours(theme: Theme, count: int) -> tuple[str, ...]:
    """Return ``count`` colours for ordered things, spread over the ramp.

    Examples
    --------
    >>> ordered_colours(LIGHT, 3) == (LIGHT.ordered[0], LIGHT.ordered[4], LIGHT.ordered[8])
    True
    """
    ramp, last = theme.ordered, len(theme.ordered) - 1
    if count == 1:
        return (ramp[last // 2 + 1],)
    places = [number * last / (count - 1) for number in range(count)]
    if count <= len(ramp):
        return tuple(ramp[round(place)] for place in places)
    return tuple(_between(ramp[int(p)], ramp[min(int(p) + 1, last)], p % 1) for p in places)


def text_on(colour: str, theme: Theme) -> str:
    """Return the dark or the light text colour, whichever reads better on ``colour``.

    Examples
    --------
    >>> text_on("#ffffff", LIGHT), text_on("#0c2d57", LIGHT)
    ('#10161d', '#fefefe')
    """
    return max(
        (theme.on_pale, theme.on_deep),
        key=lambda text: _contrast(luminance(text), luminance(colour)),
    )


def luminance(colour: str) -> float:
    """Return the relative luminance of a colour, as WCAG 2 defines it."""
    parts = [value / 255 for value in _channels(colour)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
              for part in parts]  # fmt: skip
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(first: float, second: float) -> float:
    return (max(first, second) + 0.05) / (min(first, second) + 0.05)


def _between(start: str, end: str, step: float) -> str:
    pairs = zip(_channels(start), _channels(end), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * step):02x}" for a, b in pairs)


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


@cache
def template_of(theme: Theme) -> dict[str, Any]:
    """Return the Plotly template of a theme, as plain values."""
    axis: dict[str, Any] = {
        "gridcolor": theme.line,
        "linecolor": theme.zero,
        "zeroline": False,
        "tickcolor": theme.zero,
        "tickfont": {"color": theme.ink, "size": TEXT_SIZE},
        "title": {"font": {"color": theme.quiet, "size": SMALL_SIZE}},
        "automargin": False,
        "fixedrange": True,
    }
    hover = {
        "bgcolor": theme.paper,
        "bordercolor": theme.zero,
        "font": {"family": FONT, "size": TEXT_SIZE, "color": theme.ink},
        "align": "left",
    }
    return {
        "layout": {
            "font": {"family": FONT, "size": TEXT_SIZE, "color": theme.ink},
            "title": {"font": {"size": TITLE_SIZE, "color": theme.ink}, "x": 0, "xanchor": "left",
                      "xref": "paper", "y": 1, "yanchor": "top", "yref": "container"},
            "paper_bgcolor": theme.paper,
            "plot_bgcolor": theme.paper,
            "colorway": list(theme.qualitative),
            "xaxis": axis,
            "yaxis": axis,
            "hoverlabel": hover,
            "hovermode": "closest",
            "legend": {"orientation": "h", "traceorder": "normal", "x": 0, "xanchor": "left",
                       "font": {"color": theme.ink, "size": SMALL_SIZE}},
            "bargap": 0,
            "dragmode": False,
        }
    }  # fmt: skip


def register_templates() -> tuple[str, str]:
    """Offer the templates to Plotly under names; the default stays what it was.

    Returns
    -------
    tuple
        ``("survey", "survey-dark")``, for ``figure.update_layout(template="survey")``.

    Examples
    --------
    >>> register_templates()
    ('survey', 'survey-dark')
    """
    import plotly.io

    names = ("survey", "survey-dark")
    for name, theme in zip(names, (LIGHT, DARK), strict=True):
        plotly.io.templates[name] = template_of(theme)
    return names
