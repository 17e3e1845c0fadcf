"""How figures look: colours, type and a Plotly template, light and dark.

Colours are Okabe and Ito's set (2008), which people with common colour vision deficiencies can
tell apart, led by a blue that carries most charts. Ordered answers take a single hue from light
to dark, so that order survives a grey printout. Text has a contrast of at least 4.5 to 1.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import plotly.graph_objects as go

__all__ = ["DARK", "FONT", "LIGHT", "Theme", "ordered_colours", "text_on"]

FONT = (
    'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", Arial, sans-serif'
)


@dataclass(frozen=True)
class Theme:
    """Colours of one mode.

    Attributes
    ----------
    paper, ink, quiet, line
        Background, text, secondary text, grid lines.
    lead, accent
        Colour of most marks, and of what stands out.
    qualitative
        Colours of things without an order.
    low, middle, high
        Stops of the ramp for things with an order.
    """

    name: str
    paper: str
    ink: str
    quiet: str
    line: str
    lead: str
    accent: str
    whisker: str
    qualitative: tuple[str, ...]
    low: str
    middle: str
    high: str

    def template(self) -> go.layout.Template:
        """Return the Plotly template."""
        axis: dict[str, Any] = {
            "gridcolor": self.line,
            "linecolor": self.line,
            "zerolinecolor": self.quiet,
            "tickcolor": self.line,
            "automargin": True,
            "title": {"standoff": 10},
            "tickfont": {"color": self.ink},
        }
        return go.layout.Template(
            layout={
                "font": {"family": FONT, "size": 13, "color": self.ink},
                "title": {
                    "font": {"size": 18},
                    "x": 0,
                    "xref": "container",
                    "xanchor": "left",
                    "pad": {"l": 16, "t": 8},
                    "y": 1,
                    "yanchor": "top",
                    "yref": "container",
                },
                "paper_bgcolor": self.paper,
                "plot_bgcolor": self.paper,
                "colorway": list(self.qualitative),
                "xaxis": axis,
                "yaxis": axis,
                "hoverlabel": {
                    "bgcolor": self.paper,
                    "bordercolor": self.quiet,
                    "font": {"family": FONT, "color": self.ink},
                    "align": "left",
                },
                "legend": {
                    "orientation": "h",
                    "yref": "container",
                    "y": 0,
                    "yanchor": "bottom",
                    "x": 0,
                    "traceorder": "normal",
                },
                "margin": {"l": 16, "r": 24, "t": 84, "b": 56},
                "bargap": 0.28,
            }
        )


LIGHT = Theme(
    name="light",
    paper="#ffffff",
    ink="#1b2430",
    quiet="#5b6776",
    line="#e3e7ec",
    lead="#0b62a8",
    accent="#b3261e",
    whisker="#1b2430",
    qualitative=("#0b62a8", "#d55e00", "#00805f", "#b0528f", "#8a6a00", "#3d8fc7", "#5b6776"),
    low="#cfe3f5",
    middle="#3f8ac6",
    high="#062a52",
)
DARK = Theme(
    name="dark",
    paper="#12181f",
    ink="#e8edf3",
    quiet="#9fb0c0",
    line="#2a3542",
    lead="#5ba8e5",
    accent="#ff8a80",
    whisker="#e8edf3",
    qualitative=("#5ba8e5", "#f0914a", "#3fc19b", "#d98cc0", "#d9b44a", "#9ad0f5", "#9fb0c0"),
    low="#1b3a57",
    middle="#4793d1",
    high="#cfe8fd",
)


def ordered_colours(theme: Theme, count: int) -> tuple[str, ...]:
    """Return ``count`` colours from the low to the high end of the ramp.

    Examples
    --------
    >>> ordered_colours(LIGHT, 3)
    ('#cfe3f5', '#3f8ac6', '#062a52')
    """
    steps = [2 * number / max(count - 1, 1) for number in range(count)]
    return tuple(
        _between(theme.low, theme.middle, step)
        if step <= 1
        else _between(theme.middle, theme.high, step - 1)
        for step in steps
    )


def _between(start: str, end: str, step: float) -> str:
    pairs = zip(_channels(start), _channels(end), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * step):02x}" for a, b in pairs)


def text_on(colour: str, theme: Theme) -> str:
    """Return black or white, whichever reads better on ``colour`` (WCAG 2 luminance)."""
    luminance = _luminance(_channels(colour))
    return "#1b2430" if (luminance + 0.05) / 0.062 > 1.05 / (luminance + 0.05) else "#ffffff"


def _luminance(channels: Sequence[int]) -> float:
    linear = [
        value / 255 / 12.92 if value <= 10 else ((value / 255 + 0.055) / 1.055) ** 2.4
        for value in channels
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)
