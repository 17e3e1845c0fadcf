"""Bands as stretches of an axis: their edges, read from the labels of a table's answers."""

from __future__ import annotations

import re
from collections.abc import Sequence

from survey.dataclass import dataclass
from survey.publish.charts.order import lower_edge, names_bands

__all__ = ["Stretch", "power", "stretches_of", "unit_of"]

_LEAST = re.compile(r"^\s*(fewer|less|under|below|up to|at most)\b", re.I)
_MOST = re.compile(r"\bor (more|over|larger)\b|\band (more|over|above)\b|\bover\b|\+\s*$", re.I)
_SPAN = re.compile(r"\d\s*(?:to|[-\u2013])\s*\d|\d\D*\bto \d", re.I)
_DECADE = 10.0
_SUFFIXES = ("", "k", "M", "G", "T", "P", "E", "Z", "Y")
_BYTES = frozenset({"KB", "MB", "GB", "TB", "PB", "EB", "ZB"})


@dataclass(frozen=True, slots=True)
class Stretch:
    """A band on a logarithmic axis.

    Attributes
    ----------
    label
        The answer.
    low, high
        Its edges. What has no lower edge, or none above zero, begins a power of ten below its
        upper edge, and what has no upper edge ends a power of ten above its lower one.
    open
        Whether an edge was put there for drawing alone.
    """

    label: str
    low: float
    high: float
    open: bool


def stretches_of(labels: Sequence[str]) -> tuple[Stretch, ...]:
    """Return the bands of ``labels`` in ascending order; nothing if they are no bands.

    Examples
    --------
    >>> found = stretches_of(["Up to 99 cores", "100 to 999 cores", "1,000 or more cores"])
    >>> [(each.low, each.high, each.open) for each in found]
    [(10.0, 100.0, True), (100.0, 1000.0, False), (1000.0, 10000.0, True)]
    >>> stretches_of(["Ansible", "Puppet"])
    ()
    """
    spans = any(_SPAN.search(label) for label in labels)  # scores from 0 to 10 are no bands
    if len(labels) < 2 or not spans or not names_bands(labels):
        return ()
    lows = [lower_edge(label) for label in labels]
    known = [low for low in lows if low is not None]
    if len(known) < len(labels):
        return ()
    found = []
    for place, label in enumerate(labels):
        last = place == len(labels) - 1
        high = known[place] * _DECADE if last else known[place + 1]
        endless = bool(_LEAST.match(label)) or known[place] <= 0
        low = high / _DECADE if endless else known[place]
        found.append(Stretch(label, low, high, endless or (last and bool(_MOST.search(label)))))
    return tuple(found)


def unit_of(bands: Sequence[Stretch]) -> str:
    """Return what bands count: the last word of most of their labels.

    Examples
    --------
    >>> unit_of(stretches_of(["1 to 9 cores", "10 or more cores"]))
    'cores'
    """
    words = [band.label.split()[-1] for band in bands if band.label.split()]
    unit = max(dict.fromkeys(words), key=words.count) if words else ""
    return "bytes" if unit.upper() in _BYTES else unit


def power(step: int) -> str:
    """Return a power of ten as shortly as it can be written: "10", "100k", "1M".

    Examples
    --------
    >>> power(-1), power(2), power(5), power(6)
    ('0.1', '100', '100k', '1M')
    """
    if step < 0:
        return f"{10.0**step:g}"
    thousands = min(step // 3, len(_SUFFIXES) - 1)
    return f"{10 ** (step - 3 * thousands)}{_SUFFIXES[thousands]}"
