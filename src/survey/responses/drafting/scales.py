"""A plausible order for the answers of a new question."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

__all__ = ["declines", "in_order", "is_other"]

_SCALES: Final = (
    ("never", "rarely", "seldom", "occasionally", "sometimes", "frequently", "often", "usually",
     "most of the time", "always"),
    ("strongly disagree", "disagree", "somewhat disagree", "neither agree nor disagree", "neutral",
     "somewhat agree", "agree", "strongly agree"),
    ("very dissatisfied", "dissatisfied", "somewhat dissatisfied", "neutral",
     "neither satisfied nor dissatisfied", "somewhat satisfied", "satisfied", "very satisfied"),
    ("very poor", "poor", "fair", "average", "good", "very good", "excellent"),
    ("not at all important", "not important", "slightly important", "somewhat important",
     "moderately important", "important", "very important", "extremely important"),
    ("not at all", "slightly", "a little", "somewhat", "moderately", "very", "very much",
     "extremely"),
    ("very easy", "easy", "neutral", "moderate", "difficult", "hard", "very difficult",
     "very hard"),
    ("very low", "low", "medium", "moderate", "high", "very high"),
    ("much worse", "worse", "about the same", "the same", "better", "much better"),
    ("very unlikely", "unlikely", "somewhat unlikely", "neutral", "somewhat likely", "likely",
     "very likely"),
    ("none", "few", "some", "half", "most", "all"),
    ("hourly", "daily", "weekly", "monthly", "quarterly", "twice a year", "yearly", "annually",
     "less often", "never"),
    ("no plans", "not planned", "no", "interested", "considering", "evaluating", "planned",
     "planning", "testing", "pilot", "piloting",
     "proof of concept", "in progress", "partly", "partially", "production",
     "in production", "fully", "yes"),
    ("beginner", "intermediate", "advanced", "expert"),
    ("small", "medium", "large", "very large"),
)  # fmt: skip
_UNKNOWN: Final = re.compile(
    r"(?:i |we )?(?:do not|don'?t|don’t) know.*|unknown|not sure.*|unsure|no idea|can'?t say",
    re.IGNORECASE,
)
_REFUSED: Final = re.compile(
    r"(?:i |we )?(?:would )?prefer not.*|decline.*|no answer|rather not say", re.IGNORECASE
)
_OTHER: Final = re.compile(r"other\b|none of (?:the|these)", re.IGNORECASE)


def declines(text: str) -> str:
    """Return ``"unknown"`` or ``"refused"`` where a text declines to answer, else nothing.

    Examples
    --------
    >>> declines("I don't know."), declines("Prefer not to say"), declines("Yes")
    ('unknown', 'refused', '')
    """
    stripped = text.strip().rstrip(".")
    return (
        "unknown" if _UNKNOWN.fullmatch(stripped) else
        "refused" if _REFUSED.fullmatch(stripped) else ""
    )  # fmt: skip


def is_other(text: str) -> bool:
    """Whether a text says no more than that it was something else."""
    return bool(_OTHER.match(text))


def in_order(times: Mapping[str, int]) -> tuple[tuple[str, ...], bool]:
    """Return answers in a plausible order, and whether they are a scale.

    A scale that is known by its words, or numbers, ascend; other answers stand by how often
    they were given. "Other", and who declines to answer, come last.

    Examples
    --------
    >>> in_order({"Often": 9, "Never": 3, "Other": 1, "Sometimes": 20})
    (('Never', 'Sometimes', 'Often', 'Other'), True)
    >>> in_order({"Blue": 2, "Red": 7})
    (('Red', 'Blue'), False)
    """
    last = [text for text in times if declines(text) or is_other(text)]
    main = [text for text in times if text not in last]
    places = _places(main)
    if places is None:
        main.sort(key=lambda text: (-times[text], text))
    else:
        main.sort(key=lambda text: places[text])
    last.sort(key=lambda text: (bool(declines(text)), text))
    return (*main, *last), places is not None


def _places(texts: Sequence[str]) -> dict[str, float] | None:
    if len(texts) < 2:
        return None
    if all(re.fullmatch(r"\d+", text) for text in texts):
        return {text: float(text) for text in texts}
    return next(filter(None, (_along(scale, texts) for scale in _SCALES)), None)


def _along(scale: Sequence[str], texts: Iterable[str]) -> dict[str, float] | None:
    """Return the place of each text on a scale, if all of them stand on it."""
    found = {}
    for text in texts:
        short = re.split(r"[(,:–—]|- ", text.casefold())[0].strip().rstrip(".")
        if short not in scale:
            return None
        found[text] = float(scale.index(short))
    return found if len(set(found.values())) == len(found) else None
