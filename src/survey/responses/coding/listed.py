"""Find the option that a write-in names, where that is certain, and what it resembles else."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

from survey.codebook import Question
from survey.dataclass import dataclass
from survey.responses.coding.wording import joined, words_of

__all__ = ["Name", "Names", "listed_names"]

_SHORTEST_MISSPELT = 6
_MISSPELT_WORDS = 2
_IN_BRACKETS = re.compile(r"^(?P<before>[^()]+?)\s*\((?P<inside>[^()]+)\)\s*$")
_LEAST_LIKE = 0.8


@dataclass(frozen=True, slots=True)
class Name:
    """What a text names, by which rule, and how alike the two are (1 is certain)."""

    label: str
    rule: str
    score: float = 1.0


class Names:
    """Labels by their names: each finds its label where no other label has the same name.

    A name that is a label itself is that label's, whatever others are known by.

    Parameters
    ----------
    names
        Pairs of a name and the label that it stands for.

    Examples
    --------
    >>> tools = Names([("Kolla-Ansible", "Kolla-Ansible"), ("Ansible", "Ansible")])
    >>> tools.find("kolla ansible"), tools.find("Anisble")
    (Name(label='Kolla-Ansible', rule='spelling', score=1.0), \
Name(label='Ansible', rule='misspelling', score=1.0))
    >>> tools.find("Kolla") is None
    True
    """

    def __init__(self, names: Iterable[tuple[str, str]]) -> None:
        found: dict[str, set[str]] = defaultdict(set)
        given = tuple(names)
        for name, label in given:
            found[_joined(name)].add(label)
        found.pop("", None)
        meant = {name: _own(name, labels) for name, labels in found.items()}
        self._label: Mapping[str, str] = {
            name: labels.pop() for name, labels in meant.items() if len(labels) == 1
        }
        self._confused = frozenset(found) - frozenset(self._label)
        self._words: Mapping[tuple[str, ...], str] = {
            _words(name): label for name, label in given if self._label.get(_joined(name)) == label
        }

    def __contains__(self, text: str) -> bool:
        return joined(text) in self._label

    def find(self, text: str) -> Name | None:
        """Return the label that ``text`` certainly names, or None."""
        key = joined(text)
        if key in self._label:
            return Name(self._label[key], "spelling")
        if key in self._confused:
            return None
        return self._misspelt(tuple(words_of(text)))

    def _misspelt(self, words: tuple[str, ...]) -> Name | None:
        """Return the only label from which no word differs by more than one slip."""
        if not any(len(word) >= _SHORTEST_MISSPELT for word in words):
            return None
        near = {label for known, label in self._words.items() if _slips(words, known)}
        return Name(near.pop(), "misspelling") if len(near) == 1 else None

    def near(self, text: str) -> Name | None:
        """Return the label that ``text`` most resembles: a proposal, nothing certain."""
        best = max(
            (Name(label, *_likeness(text, known)) for known, label in self._words.items()),
            key=lambda name: name.score,
            default=None,
        )
        return best if best is not None and best.score >= _LEAST_LIKE else None


# Of names, which come from codebooks and coding frames and again for every edition; texts of
# respondents are not kept.
@lru_cache(maxsize=8192)
def _joined(name: str) -> str:
    return joined(name)


@lru_cache(maxsize=8192)
def _words(name: str) -> tuple[str, ...]:
    return tuple(words_of(name))


def _own(name: str, labels: set[str]) -> set[str]:
    """Return the labels that a name stands for; the one that it is, if it is one itself."""
    own = {label for label in labels if _joined(label) == name}
    return set(own or labels)


def listed_names(question: Question, others: Iterable[Question] = ()) -> Iterator[tuple[str, str]]:
    """Yield the names by which the options of ``question`` are known.

    An option is known by its label, its stored value, either without what follows in brackets,
    an abbreviation in these brackets, and its values in other editions. "Other" and options
    that decline to answer are nobody's names.
    """
    labels = set(question.labels) - question.other_labels - question.missing_labels
    for choice in (c for each in (question, *others) for c in each.choices):
        if choice.label in labels:
            for text in dict.fromkeys((choice.label, choice.value)):
                yield text, choice.label
                yield from ((name, choice.label) for name in _around_brackets(text))


def _around_brackets(text: str) -> Iterator[str]:
    """Yield "Red Hat Enterprise Linux" and "RHEL" of "Red Hat Enterprise Linux (RHEL)"."""
    found = _IN_BRACKETS.match(text)
    if found:
        yield found["before"]
        if _abbreviates(found["inside"], found["before"]):
            yield found["inside"]


def _abbreviates(short: str, long: str) -> bool:
    letters = joined(short)
    return len(letters) > 1 and _initials(long).startswith(letters)


def _initials(text: str) -> str:
    return "".join(word[0] for word in words_of(text) if word not in ("and", "of", "the", "for"))


def _slips(words: tuple[str, ...], known: tuple[str, ...]) -> bool:
    """Whether ``words`` are ``known`` but for one slip in at most two long words.

    A slip is a letter added, left out, changed or swapped with its neighbour (Damerau 1964).
    First letters and digits stay: "Rocker" is not Docker, version 2 is not version 3.
    """
    if len(words) != len(known):
        return False
    differ = [pair for pair in zip(words, known, strict=True) if pair[0] != pair[1]]
    return 0 < len(differ) <= _MISSPELT_WORDS and all(_slip(*pair) for pair in differ)


def _slip(word: str, known: str) -> bool:
    from rapidfuzz.distance import OSA

    return (
        min(len(word), len(known)) >= _SHORTEST_MISSPELT
        and word[0] == known[0]
        and re.sub(r"\D", "", word) == re.sub(r"\D", "", known)
        and OSA.distance(word, known, score_cutoff=1) == 1
    )


def _likeness(text: str, known: tuple[str, ...]) -> tuple[str, float]:
    """Return by what rule, and how much, a text resembles a name."""
    from rapidfuzz import fuzz

    key, name = joined(text), "".join(known)
    written = set(words_of(text))
    if len(key) > 1 and key == _initials(" ".join(known)):
        return "abbreviation", 0.9
    if written and (written < set(known) or written > set(known)):
        return "part of the name", 0.85
    return "similar spelling", fuzz.ratio(key, name) / 100
