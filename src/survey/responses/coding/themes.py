"""Words and phrases that many organizations use: what a coding frame of free text could hold."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field

from survey.responses.coding.frame import Proposal
from survey.responses.coding.wording import PERSONAL, joined, plain, word_list, words_of

__all__ = ["Themes"]

_CLAUSE = re.compile(
    r"[.,;:!?()\[\]\"“”]+(?:\s|$)|[、。，；：！？\n\r]|\s[(\"“]|(?<=\S)-\s|\s[-–—/]\s"
)
_LONGEST = 3
_SHORTEST_STEM = 5
_SUBSUMED = 0.8
_ENDINGS = ("ments", "ment", "ations", "ation", "ings", "ing", "ers", "er", "ies", "ied",
            "ed", "es", "e", "s", "y")  # fmt: skip
Phrase = tuple[str, ...]


@dataclass
class _Use:
    """Who uses a phrase, in which of its forms."""

    organizations: set[object] = field(default_factory=set)
    rows: set[int] = field(default_factory=set)
    editions: set[str] = field(default_factory=set)
    forms: dict[str, set[object]] = field(default_factory=lambda: defaultdict(set))

    @property
    def form(self) -> str:
        """The form that most organizations use."""
        return min(self.forms, key=lambda text: (-len(self.forms[text]), text))


class Themes:
    """Counts words and phrases by organization.

    Parameters
    ----------
    names
        Words that are names of people, which are never proposed.

    Examples
    --------
    >>> themes = Themes()
    >>> for number, text in enumerate(["Upgrades hurt", "easier upgrading", "upgrade, please"]):
    ...     themes.count(text, number, f"org{number}", "2024")
    >>> [(p.label, p.words, p.organizations) for p in themes.proposed("liked", 3, ())]
    [('upgrade', ('upgrad*',), 3)]
    """

    def __init__(self, names: Collection[str] = ()) -> None:
        self._uses: dict[Phrase, _Use] = defaultdict(_Use)
        self._everybody: set[object] = set()
        self._names = frozenset(plain(name) for name in names)
        self._common = word_list("common_words.txt")

    def count(self, text: str, row: int, organization: object, edition: str) -> None:
        """Count the phrases of one text, each once."""
        self._everybody.add(organization)
        for clause in _CLAUSE.split(PERSONAL.sub(" \n ", text)):
            for phrase in self._phrases(words_of(clause)):
                use = self._uses[tuple(map(_stem, phrase))]
                use.organizations.add(organization)
                use.rows.add(row)
                use.editions.add(edition)
                use.forms[" ".join(phrase)].add(organization)

    def _phrases(self, words: Sequence[str]) -> Iterator[Phrase]:
        for start in range(len(words)):
            for length in range(1, _LONGEST + 1):
                phrase = tuple(words[start : start + length])
                if len(phrase) == length and self._telling(phrase):
                    yield phrase

    def _telling(self, phrase: Phrase) -> bool:
        """Whether a phrase says something by itself, and names nobody."""
        edges = {phrase[0], phrase[-1]}
        return (
            not edges & self._common
            and not self._names.intersection(phrase)
            and not any(word.isdigit() for word in phrase)
            and (len(phrase) > 1 or len(phrase[0]) > 2 or not phrase[0].isascii())
        )

    def proposed(self, question: str, least: int, settled: Collection[str]) -> Iterator[Proposal]:
        """Yield the phrases that at least so many organizations use, most used first."""
        often = {p: use for p, use in self._uses.items() if len(use.organizations) >= least}
        order = sorted(often, key=lambda p: (-len(often[p].organizations), -len(p), p))
        for phrase in order:
            use = often[phrase]
            if joined(use.form) in settled or _subsumed(phrase, often):
                continue
            words = tuple(_pattern(phrase, use, least))
            if any(joined(word) in settled for word in words):
                continue
            yield Proposal(
                label=use.form,
                words=words,
                question=question,
                score=len(use.organizations) / len(self._everybody),
                organizations=len(use.organizations),
                answers=len(use.rows),
                editions=tuple(sorted(use.editions)),
                evidence=f"{len(use.forms)} forms" if len(use.forms) > 1 else "one form",
            )


def _subsumed(phrase: Phrase, often: dict[Phrase, _Use]) -> bool:
    """Whether hardly anybody uses a phrase but inside a longer one."""
    own = len(often[phrase].organizations)
    return any(
        len(longer) > len(phrase)
        and any(
            longer[start : start + len(phrase)] == phrase
            for start in range(len(longer) - len(phrase) + 1)
        )
        and len(use.organizations) >= _SUBSUMED * own
        for longer, use in often.items()
    )


def _pattern(phrase: Phrase, use: _Use, least: int) -> Iterator[str]:
    """Yield the words that find a phrase: its stem, or the forms that many use."""
    if len(use.forms) > 1 and all(len(stem) >= _SHORTEST_STEM for stem in phrase):
        yield " ".join(f"{stem}*" for stem in phrase)
        return
    often = [form for form, users in use.forms.items() if len(users) >= least]
    yield from sorted(often) or [use.form]


def _stem(word: str) -> str:
    """Return a word without an English ending, where five letters are left.

    A light stemmer in the spirit of Harman's (1991): its stems only propose, a person decides.
    """
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST_STEM:
            return word[: -len(ending)]
    return word
