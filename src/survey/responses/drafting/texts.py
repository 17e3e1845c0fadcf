"""Answers that a question does not list yet: renamed, merged, split or new ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from survey.codebook import Choice
from survey.codebook.bands import with_commas
from survey.codebook.question import Missing
from survey.codebook.release_calendar import Release
from survey.responses.drafting.facts import Answered
from survey.responses.drafting.likeness import alike, same_words, words
from survey.responses.drafting.scales import declines, is_other

__all__ = ["Listing", "new_choice", "relist"]

_RENAMED = 0.62
_LIKE_SHARES = 0.5


@dataclass
class Listing:
    """The choices of a question as a draft has them, with reasons."""

    choices: list[Choice]
    evidence: list[str] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)
    remarks: dict[str, str] = field(default_factory=dict)  # label -> remark on its line
    releases: dict[Release, str] = field(default_factory=dict)  # series beyond the calendar

    def put(self, choice: Choice, at: int | None = None) -> None:
        """Add a choice before "other" and before those that decline to answer, or at a place."""
        if at is None:
            last = [self._is_last(each) for each in self.choices]
            at = last.index(True) if True in last and not self._is_last(choice) else len(last)
        self.choices.insert(at, choice)

    @staticmethod
    def _is_last(choice: Choice) -> bool:
        return choice.missing is not None or is_other(choice.label)


def new_choice(text: str) -> Choice:
    """Return a choice for a text as the file has it; its label has the commas that were lost."""
    label = with_commas(text)
    said = declines(label)
    return Choice(label, label, missing=Missing(said) if said else None)


def relist(
    listing: Listing, unknown: Mapping[str, int], absent: Sequence[Choice], before: Answered
) -> None:
    """Find out what unknown answers are: former choices under another name, or new ones.

    Parameters
    ----------
    listing
        The choices so far; they and their reasons are added to.
    unknown
        Unlisted answer -> how often it was given.
    absent
        Listed choices that nobody gave.
    before
        What an earlier edition was answered.
    """
    left = dict(unknown)
    gone = [choice for choice in absent if choice.missing is None]
    _spelled_anew(listing, left, gone)
    _merged(listing, left, gone)
    _split(listing, left, gone)
    _renamed(listing, left, gone, before, sum(unknown.values()))
    for text, times in left.items():
        choice = new_choice(text)
        listing.put(choice)
        listing.remarks[choice.label] = f"new, given {times} times"
    if left:
        names = ", ".join(repr(with_commas(text)) for text in left)
        listing.doubts.append(f"not listed before: {names}")


def _spelled_anew(listing: Listing, left: dict[str, int], gone: list[Choice]) -> None:
    """Take answers that differ in capitals, spaces and punctuation alone."""
    for text in list(left):
        match = next(
            (c for c in gone if same_words(text, c.value) or same_words(text, c.label)), None
        )
        if match is not None:
            _take(listing, match, text)
            listing.evidence.append(f"{match.value!r} is spelled {text!r}")
            left.pop(text)
            gone.remove(match)


def _take(listing: Listing, choice: Choice, text: str) -> None:
    """Keep a choice's label, under another text."""
    place = listing.choices.index(choice)
    listing.choices[place] = replace(choice, value=with_commas(text))


def _merged(listing: Listing, left: dict[str, int], gone: list[Choice]) -> None:
    """Find answers that name two or more of the choices that nobody gave."""
    for text in list(left):
        own = set(words(text))
        parts = [c for c in gone if set(words(c.label)) and set(words(c.label)) <= own]
        parts = [
            c for c in parts if not any(set(words(c.label)) < set(words(d.label)) for d in parts)
        ]
        if len(parts) < 2:
            continue
        place = min(listing.choices.index(part) for part in parts)
        for part in parts:
            listing.choices.remove(part)
            gone.remove(part)
        names = tuple(part.label for part in parts)
        listing.put(replace(new_choice(text), renamed_from=names), place)
        listing.doubts.append(f"{text!r} seems to join {_and(names)}, which nobody gave")
        left.pop(text)


def _split(listing: Listing, left: dict[str, int], gone: list[Choice]) -> None:
    """Find choices that nobody gave, whose words stand in several of the unknown answers."""
    for choice in list(gone):
        own = set(words(choice.label))
        parts = [text for text in left if own and own < set(words(text))]
        if len(parts) < 2:
            continue
        place = listing.choices.index(choice)
        listing.choices.remove(choice)
        gone.remove(choice)
        for number, text in enumerate(parts):
            part = replace(new_choice(text), renamed_from=(choice.label,))
            listing.put(part, place + number)
            left.pop(text)
        listing.doubts.append(f"{choice.label!r} seems to have become {_and(parts)}")


def _renamed(
    listing: Listing, left: dict[str, int], gone: list[Choice], before: Answered, total: int
) -> None:
    """Pair answers with choices that nobody gave, by wording and by how often they are given."""
    scored = sorted(
        (
            (_likeness(text, times, choice, before, total), text, choice)
            for text, times in left.items()
            for choice in gone
            if bool(declines(text)) == bool(choice.missing)
        ),
        key=lambda each: -each[0],
    )
    for score, text, choice in scored:
        if score < _RENAMED or text not in left or choice not in gone:
            continue
        _take(listing, choice, text)
        said = f"{choice.value!r} seems to be called {text!r} now, given {left[text]} times"
        if before.answered:
            said += f"; {choice.label!r} had {before.share(choice.label):.0%} in {before.edition}"
        listing.doubts.append(said)
        left.pop(text)
        gone.remove(choice)


def _likeness(text: str, times: int, choice: Choice, before: Answered, total: int) -> float:
    score = alike(text, choice.label)
    earlier = before.times.get(choice.label, 0)
    if before.answered and earlier and score >= 0.35:
        now, then = times / max(total, 1), earlier / before.answered
        near = min(now, then) / max(now, then)
        score += 0.15 * (near >= _LIKE_SHARES)
    return score


def _and(names: Sequence[str]) -> str:
    return " and ".join(repr(name) for name in names)
