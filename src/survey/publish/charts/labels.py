"""Labels that fit: escaped for Plotly's markup, wrapped, and kept from overlapping.

Plotly reads a small subset of HTML in every text that it draws. Labels come from questionnaires
and answers, so each is escaped first: ``<b>`` is drawn as the three characters that it is.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from html import escape

from survey.dataclass import dataclass

__all__ = ["columns", "lines_of", "plain", "spread_apart", "wrapped"]

BREAK = "<br>"
_CUT = "…"
_SPACES = re.compile(r"[^\S\u00a0\u202f]+")  # all but those that must not break


def plain(text: str) -> str:
    r"""Return ``text`` on one line, safe in Plotly's markup.

    A per cent sign before a brace would start a template; a zero-width joiner keeps them apart.
    Two dollar signs would start a formula where MathJax is loaded, as in notebooks.

    Examples
    --------
    >>> plain("<b>bold</b>\n& co")
    '&lt;b&gt;bold&lt;/b&gt; &amp; co'
    """
    shown = text
    if not text.isprintable():
        shown = "".join(char for char in text if char.isspace() or char.isprintable())
    safe = escape(_SPACES.sub(" ", shown).strip(), quote=False)
    return safe.replace("$", "&#36;").replace("%{", "%\N{WORD JOINER}{")


def columns(text: str) -> int:
    """Return how many columns ``text`` is wide; East Asian characters take two.

    Examples
    --------
    >>> columns("Nova"), columns("中国移动")
    (4, 8)
    """
    if text.isascii():
        return len(text)
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def wrapped(text: str, width: int, lines: int = 3) -> str:
    """Return ``text`` in at most ``lines`` lines of ``width`` columns, safe and cut with a mark.

    Examples
    --------
    >>> wrapped("Container orchestration (Kubernetes)", 24)
    'Container orchestration<br>(Kubernetes)'
    >>> wrapped("中国移动通信集团", 8)
    '中国移动<br>通信集团'
    """
    found = list(lines_of(text, width))
    if len(found) > lines:
        last = found[lines - 1]
        while last and columns(last) >= width:
            last = last[:-1]
        found = [*found[: lines - 1], last.rstrip(" ,;") + _CUT]
    return BREAK.join(plain(line) for line in found)


def lines_of(text: str, width: int) -> Iterator[str]:
    """Yield ``text`` in lines of at most ``width`` columns; long words are divided."""
    line = ""
    for word in _SPACES.split(text.strip()):
        for part in _parts(word, width):
            if not line:
                line = part
            elif columns(line) + 1 + columns(part) <= width:
                line = f"{line} {part}"
            else:
                yield line
                line = part
    yield line


def _parts(word: str, width: int) -> Iterator[str]:
    if columns(word) <= width:
        yield word
        return
    part = ""
    for char in word:
        if columns(part) + columns(char) > width:
            yield part
            part = ""
        part += char
    yield part


def spread_apart(places: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Return places moved as little as needed to be ``gap`` apart between ``low`` and ``high``.

    Examples
    --------
    >>> spread_apart([10, 11, 40], 8, 0, 100)
    [6.5, 14.5, 40.0]
    """
    room = _Room(gap, low, high)
    clusters: list[list[int]] = []
    for number in sorted(range(len(places)), key=lambda number: places[number]):
        clusters.append([number])
        while len(clusters) > 1 and room.touch(*(_at(places, c) for c in clusters[-2:])):
            last = clusters.pop()
            clusters[-1] += last
    found = [0.0] * len(places)
    for members in clusters:
        start = room.start(_at(places, members))
        for step, number in enumerate(members):
            found[number] = start + step * gap
    return found


def _at(places: Sequence[float], members: Sequence[int]) -> list[float]:
    return [places[number] for number in members]


@dataclass(frozen=True, slots=True)
class _Room:
    """Where a cluster of labels begins, as near to its places as the ends allow."""

    gap: float
    low: float
    high: float

    def start(self, places: Sequence[float]) -> float:
        length = (len(places) - 1) * self.gap
        middle = sum(places) / len(places)
        return max(min(middle - length / 2, self.high - length), self.low)

    def touch(self, first: Sequence[float], second: Sequence[float]) -> bool:
        return self.start(second) - self.start(first) < len(first) * self.gap
