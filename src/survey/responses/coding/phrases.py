"""Find words and phrases in texts: the patterns of a coding frame."""

from __future__ import annotations

import re
from collections.abc import Iterable

from survey.responses.coding.wording import plain, words_of

__all__ = ["Phrases", "phrase_problem"]

_WITHOUT_SPACES = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]"
)
_GAP = r"[^\w+#]+"


class Phrases:
    """Words and phrases of a code, looked for in plain text.

    Words match as wholes, except in scripts that put no spaces between words. ``*`` at the end
    of a word stands for any ending. What stands before a phrase is not looked at: "no upgrade
    problems" is about upgrades, too.

    Examples
    --------
    >>> upgrades = Phrases(["upgrad*", "rolling update", "升级"])
    >>> [upgrades.found_in(t) for t in ("Painful Upgrades!", "a rolling-update", "需要升级")]
    [True, True, True]
    """

    def __init__(self, phrases: Iterable[str]) -> None:
        patterns = [_pattern(phrase) for phrase in phrases]
        self._pattern = re.compile("|".join(patterns)) if patterns else None

    def found_in(self, text: str) -> bool:
        """Whether any of the phrases stands in ``text``."""
        return self._pattern is not None and self._pattern.search(plain(text)) is not None


def phrase_problem(phrase: str) -> str:
    """Say what a phrase should be instead; nothing if it is fine.

    Examples
    --------
    >>> phrase_problem("up*grade"), phrase_problem("upgrad*")
    ("'*' at the end of a word only", '')
    """
    if re.search(r"\*\S", phrase.replace("**", "*x")):
        return "'*' at the end of a word only"
    parts = phrase.split()
    short = [part for part in parts if part.endswith("*") and len(part) < 4]
    if short and not _WITHOUT_SPACES.search(phrase):
        return "at least three letters before '*'"
    return "" if words_of(phrase) else "at least one word"


def _pattern(phrase: str) -> str:
    words = []
    for part in plain(phrase).split():
        inner = words_of(part)
        ending = r"[\w+#]*" if part.endswith("*") else ""
        words += [re.escape(word) for word in inner[:-1]]
        words += [re.escape(word) + ending for word in inner[-1:]]
    pattern = _GAP.join(words)
    before = "" if _WITHOUT_SPACES.match(plain(phrase)) else r"(?<![\w+#])"
    after = "" if _WITHOUT_SPACES.search(pattern[-1:]) else r"(?![\w+#])"
    return f"{before}{pattern}{after}"
