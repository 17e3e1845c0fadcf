"""Match the text of a closed answer to the choice it came from."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from functools import cached_property

from survey.codebook import Choice, Question
from survey.codebook.question import as_exported
from survey.dataclass import dataclass
from survey.errors import did_you_mean
from survey.exports.spelling import folded

__all__ = ["Found", "Matcher"]


@dataclass(frozen=True, slots=True)
class Found:
    """A label, and the rule that led to it (empty when the text was the stored value)."""

    label: str
    rule: str = ""


class Matcher:
    """Finds choices by their stored value, damaged or not, or by a spelling of another edition.

    Parameters
    ----------
    choices
        Choices of the question as this edition asks it.
    others
        The same question in other editions: an answer carried over keeps its old spelling.

    Examples
    --------
    >>> matcher = Matcher([Choice("1,000 to 9,999 cores", "1,000 to 9,999 cores")])
    >>> matcher.find("1-000 to 9-999 cores")
    Found(label='1,000 to 9,999 cores', rule='comma restored')
    >>> matcher.find("many") is None
    True
    """

    def __init__(self, choices: Iterable[Choice], others: Iterable[Choice] = ()) -> None:
        self._own, self._others = tuple(choices), others
        self._stored: dict[str, Found] = {}
        for choice in self._own:
            self._stored.setdefault(choice.value, Found(choice.label))

    @cached_property
    def _labels(self) -> frozenset[str]:
        return frozenset(choice.label for choice in self._own)

    @cached_property
    def _known(self) -> dict[str, Found]:
        """Stored values, damaged ones and former spellings; columns without ask for the first."""
        known = dict(self._stored)
        for choice in self._own:
            known.setdefault(as_exported(choice.value), Found(choice.label, "comma restored"))
        spelt = dict.fromkeys(
            (choice.value, choice.label) for choice in (*self._own, *self._others)
        )
        for value, label in spelt:
            if label in self._labels:
                found = Found(label, "renamed option")
                for text in (value, as_exported(value), label):
                    known.setdefault(text, found)
        return known

    @cached_property
    def _in_any_spelling(self) -> dict[str, Found]:
        """The known texts and their folded forms; a column without damage never asks for them."""
        known = dict(self._known)
        for text, found in self._known.items():
            known.setdefault(folded(text), Found(found.label, found.rule or "spelling"))
        return known

    @cached_property
    def _in_order(self) -> list[str]:
        return sorted(self._in_any_spelling)

    @classmethod
    def of(cls, question: Question, others: Iterable[Question] = ()) -> Matcher:
        """Build the matcher for the choices of ``question``."""
        lists = {id(each.choices): each.choices for each in others}  # many editions share theirs
        return cls(question.choices, (choice for choices in lists.values() for choice in choices))

    def find(self, text: str) -> Found | None:
        """Return what ``text`` stands for, or None."""
        found = self._stored.get(text) or self._known.get(text)
        if found is not None:
            return found
        found = self._in_any_spelling.get(text)
        if found is not None:
            return found
        alike = self._in_any_spelling.get(folded(text))
        return Found(alike.label, alike.rule or "spelling") if alike else None

    def could_continue(self, text: str) -> bool:
        """Whether ``text`` is the beginning of a longer known answer."""
        place = bisect_right(self._in_order, text)
        return place < len(self._in_order) and self._in_order[place].startswith(text)

    def hint(self, text: str) -> str:
        """Return "did you mean ..." for an unknown answer, or advice."""
        return (
            did_you_mean(text, self._labels)
            or "add it to the codebook's choices if the questionnaire offered it"
        )
