"""Lists of answers whose separator may stand inside an answer, too.

``Openstack Compute (Nova)-nova-network`` is two answers, although it has two hyphens: the
listed answers say where the list can be divided. Of all ways to divide it, those with the
fewest unknown words are possible, and of these the one with the longest answers is taken; where
there are several, the result is not certain.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from survey.codebook import Question
from survey.codebook.question import as_exported
from survey.dataclass import dataclass

__all__ = ["Split", "Splitter", "spellings"]

COMMA_TOKEN = "{comma}"
_Cost = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Split:
    """A list divided: its pieces, how many words of it are unknown, whether it is certain."""

    pieces: tuple[str, ...]
    unknown: int
    certain: bool


def spellings(question: Question, renamed: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return every way in which a listed answer is written in a file -> its stored value."""
    known: dict[str, str] = {}
    for choice in question.choices:
        for text in (
            choice.value,
            as_exported(choice.value),
            choice.value.replace(",", COMMA_TOKEN),
            choice.value.strip(),
        ):
            known.setdefault(text, choice.value)
    for old, new in (renamed or {}).items():
        if new in known:
            known.setdefault(old, known[new])
    return known


class Splitter:
    """Divides lists at a separator that listed answers may hold.

    Parameters
    ----------
    known
        Spelling -> answer.
    separators
        What may join answers; the first that a text holds, in a way that leaves fewest
        unknown words, is taken.
    join_unknown
        Whether unknown words side by side are one piece.

    Examples
    --------
    >>> listed = ["Heat", "nova-network", "Hyper-V"]
    >>> splitter = Splitter({name: name for name in listed}, ("-",))
    >>> splitter.split("nova-network-Heat").pieces
    ('nova-network', 'Heat')
    >>> splitter.split("Heat-Xen-Server-Hyper-V")
    Split(pieces=('Heat', 'Xen-Server', 'Hyper-V'), unknown=2, certain=True)
    """

    def __init__(
        self, known: Mapping[str, str], separators: Sequence[str], *, join_unknown: bool = True
    ) -> None:
        self._known = known
        self._separators = tuple(separators)
        self._join_unknown = join_unknown
        self._longest = {
            separator: max((text.count(separator) + 1 for text in known), default=1)
            for separator in self._separators
        }
        self.split = lru_cache(maxsize=1 << 16)(self._split)

    def _split(self, text: str) -> Split:
        """Return the pieces of ``text``."""
        if not text:
            return Split((), 0, True)
        present = [each for each in self._separators if each in text] or self._separators[:1]
        found = [self._divide(text, separator) for separator in present]
        return min(found, key=lambda split: (split.unknown, len(split.pieces)))

    def _divide(self, text: str, separator: str) -> Split:
        words = text.split(separator)
        best: list[_Cost] = [(0, 0)]
        last: list[tuple[int, str | None]] = [(0, None)]
        ways = [1]
        for stop in range(1, len(words) + 1):
            options = list(self._steps(words, stop, separator, best))
            cost, start, piece = min(options, key=lambda option: option[0])
            least = cost[0]
            ways.append(sum(ways[begin] for spent, begin, _ in options if spent[0] == least))
            best.append(cost)
            last.append((start, piece))
        return Split(self._pieces(words, last, separator), best[-1][0], ways[-1] == 1)

    def _steps(
        self, words: Sequence[str], stop: int, separator: str, best: Sequence[_Cost]
    ) -> Iterable[tuple[_Cost, int, str | None]]:
        """Yield what could come last before ``stop``: cost so far, where it starts, answer."""
        for start in range(max(0, stop - self._longest[separator]), stop):
            answer = self._known.get(separator.join(words[start:stop]).strip())
            if answer is not None:
                yield (best[start][0], best[start][1] + 1), start, answer
        before = best[stop - 1]
        if not words[stop - 1].strip():
            yield before, stop - 1, ""
        elif words[stop - 1].strip() not in self._known:
            yield (before[0] + 1, before[1] + 1), stop - 1, None

    def _pieces(
        self, words: Sequence[str], last: Sequence[tuple[int, str | None]], separator: str
    ) -> tuple[str, ...]:
        pieces: list[str] = []
        unknown: list[str] = []
        stop = len(words)
        while stop > 0:
            start, answer = last[stop]
            if answer is None:
                unknown.insert(0, words[start])
            if unknown and (answer is not None or start == 0 or not self._join_unknown):
                pieces.insert(0, separator.join(unknown).strip())
                unknown = []
            if answer:
                pieces.insert(0, answer)
            stop = start
        return tuple(pieces)
