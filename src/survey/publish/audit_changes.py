"""Changes that a document states and its numbers do not carry.

A sentence that says that something rose or fell is held against what stands in it: a printed
interval of the change that holds zero, or two shares with their counts and bases whose difference
may be none. The interval of such a difference takes the units for a simple random sample (Wilson's
limits of both, combined as by Newcombe 1998); clusters would make it wider, so that what is found
is found for certain.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence

from survey.dataclass import dataclass
from survey.estimates.precision.intervals import wilson
from survey.publish.documents import Document, Line
from survey.publish.format import points

__all__ = ["UnclearChange", "unclear_changes"]

_VERB = re.compile(
    r"\b(increas(?:ed?|es|ing)|r(?:ose|ises?|isen|ising)|gr(?:ew|ows?|own|owing)|gain(?:ed|s)?|"
    r"climb(?:ed|s)?|jump(?:ed|s)?|decreas(?:ed?|es|ing)|fell|falls?|fallen|drop(?:ped|s)?|"
    r"declin(?:ed?|es|ing)|shr(?:ank|inks?|unk)|lost|went (?:up|down)|(?:is|are) (?:up|down))\b",
    re.IGNORECASE,
)
_HEDGED = re.compile(
    r"\bnot? (?:clear|significant|certain)|\bunclear|\bnoise\b|\boverlap|\bsampling error|"
    r"\bmay (?:be|have)\b|\bcould be\b|\bnot? clearly|\bno evidence",
    re.IGNORECASE,
)
_SIGNED = r"([+\u2212\u2013-]?\s?\d+(?:\.\d+)?)"
_UNIT = r"(?:\s*(?:%|percent|per cent|percentage points?|points?|pp))?"
_BRACKETS = re.compile(r"[(\[]([^()\[\]]*)[)\]]")
_LEVEL = re.compile(
    r"\b\d\d(?:\.\d)?\s*(?:%|percent|per cent)\s*(?=[a-z]*\s*(?:interval|CI\b|limits))", re.I
)
_SPANS = tuple(
    re.compile(rf"(?<![\d.])(?={_SIGNED}{_UNIT}\s*(?:{between})\s*{_SIGNED}{_UNIT})")
    for between in (r"to|\.\.\.?|and", r",|;")
)
"""Two ends with a word between them; with a comma, which may also divide a value from them."""
_SHARE = re.compile(r"(?<![\d.,])(\d[\d,]*)\s+(?:of|out of)\s+(?:the\s+|all\s+)?(\d[\d,]*)\b")
_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z\"'(])")


@dataclass(frozen=True, slots=True)
class UnclearChange:
    """A change that is stated though its interval holds zero.

    Attributes
    ----------
    line
        Line of the document.
    label
        The beginning of the sentence.
    verb
        The word that states it.
    low, high
        The interval: as printed, or of the difference in percentage points.
    why
        Where the interval comes from.
    """

    line: int
    label: str
    verb: str
    low: float
    high: float
    why: str

    def __str__(self) -> str:
        span = f"{self.low:+g} to {self.high:+g}"
        but = f"{self.verb!r}, but the interval is {span} ({self.why})"
        return f"line {self.line}: {self.label}: {but}"


def unclear_changes(document: Document) -> Iterator[UnclearChange]:
    """Yield sentences that state a change whose interval holds zero."""
    for line, sentence in _sentences(document.lines):
        verb = _VERB.search(sentence)
        if verb is None or _HEDGED.search(sentence):
            continue
        found = _printed(sentence) or _computed(sentence)
        if found is not None:
            low, high, why = found
            label = " ".join(sentence.split())
            label = label if len(label) <= 70 else f"{label[:69].rstrip()}…"
            yield UnclearChange(line, label, verb[0], low, high, why)


def _sentences(lines: Sequence[Line]) -> Iterator[tuple[int, str]]:
    """Yield the sentences of paragraphs, each with the line on which it begins."""
    paragraph: list[Line] = []
    for line in [*lines, Line(-1, "")]:
        follows = paragraph and line.number == paragraph[-1].number + 1
        if line.text.strip() and (follows or not paragraph):
            paragraph.append(line)
            continue
        yield from _divided(paragraph)
        paragraph = [line] if line.text.strip() else []


def _divided(paragraph: Sequence[Line]) -> Iterator[tuple[int, str]]:
    text = "\n".join(line.text for line in paragraph)
    lines = [line.number for line in paragraph for _ in line.text.split("\n")]
    start = 0
    for end in [*(match.start() for match in _END.finditer(text)), len(text)]:
        sentence = text[start:end]
        if sentence.strip():
            skipped = len(sentence) - len(sentence.lstrip())
            yield lines[text.count("\n", 0, start + skipped)], sentence
        start = end


def _printed(sentence: str) -> tuple[float, float, str] | None:
    """Return a printed interval with a negative and a positive end."""
    for inside in _BRACKETS.findall(sentence):
        text = _LEVEL.sub("", " ".join(inside.split()))
        spans = next((found for each in _SPANS if (found := each.findall(text))), [])
        for ends in spans:
            low, high = map(_number, ends)
            if low < 0 < high:
                return low, high, "the sentence prints it"
    return None


def _number(text: str) -> float:
    plain = re.sub(r"\s", "", text).replace("\u2212", "-").replace("\u2013", "-")
    return float(plain)


def _computed(sentence: str) -> tuple[float, float, str] | None:
    """Return the interval of the difference of the two shares of a sentence, if it holds zero."""
    pairs = [tuple(int(n.replace(",", "")) for n in match.groups())
             for match in _SHARE.finditer(sentence)]  # fmt: skip
    if len(pairs) != 2 or any(not 0 <= count <= base or not base for count, base in pairs):
        return None
    (first, low1, high1), (second, low2, high2) = (_limits(*pair) for pair in pairs)
    away = second - first
    low = away - math.hypot(second - low2, high1 - first)
    high = away + math.hypot(high2 - second, first - low1)
    if not low <= 0 <= high:
        return None
    return round(100 * low, 1), round(100 * high, 1), f"of a difference of {points(away)}"


def _limits(count: int, base: int) -> tuple[float, float, float]:
    share = count / base
    limits = wilson(share, base)
    return share, float(limits.low), float(limits.high)
