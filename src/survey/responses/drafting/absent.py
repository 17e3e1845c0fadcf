"""Listed answers that nobody gave: rare ones, or ones that the form no longer offers.

Three kinds of evidence: how many answers were expected from people who answer for the first
time, at the rate of earlier editions; how many people who gave the answer before are back, and
how often such people keep an answer; and whether somebody who gave nothing else is back and
leaves the question blank.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property

from survey.codebook import Choice, Question
from survey.codebook.release_questions import RELEASES
from survey.dataclass import dataclass
from survey.responses.drafting.facts import Answered, Column
from survey.responses.drafting.texts import Listing
from survey.responses.matching import Matcher

__all__ = ["doubt_absent"]

_FEW_CHOICES = 12
_MANY_CHOICES = 25
_EXPECTED = 2.0  # then nobody gives it with a chance of one in seven
_EXPECTED_OF_A_BAND = (1.0, 3.0)  # in a short list and in a long one
_EXPECTED_OF_RELEASES = 5.0  # the oldest ones leave use from year to year
_KEPT = (0.3, 0.9)  # shares of answers kept that are believed of few people
_MANY_ANSWERS = 10
_BLANKED = "0"  # which the exporter leaves out


def doubt_absent(
    listing: Listing, question: Question, column: Column, before: Answered, matcher: Matcher
) -> None:
    """Doubt choices that nobody gave although somebody should have, were they still offered.

    Short lists are doubted at once, for to look at them costs little; lists of more than
    ``_FEW_CHOICES`` where an earlier giver is back, longer ones where the evidence is strong.
    Elsewhere the choice alone is not confirmed: whether it was offered is not known.
    """
    given = {match.label for text in column.answers(question.kind) if (match := matcher.find(text))}
    absent = [
        choice
        for choice in listing.choices
        if choice in question.choices and choice.label not in given and choice.value != _BLANKED
    ]
    evidence = _Evidence(question, column, before, matcher)
    missed = [choice for choice in absent if evidence.speaks_for_its_end(choice)]
    rare = [choice for choice in absent if choice not in missed and evidence.is_rare(choice)]
    for choice in (*missed, *rare):
        times, rate = before.times.get(choice.label, 0), before.rates[choice.label]
        said = f"nobody gave it; {times} of {before.answered} in {before.edition}"
        said += "" if times else f", {rate:.1%} over several years"
        listing.remarks[choice.label] = said if missed else f"LOOK: {said}"
    if missed:
        listing.doubts.append(
            f"nobody gave {_named(missed)}: delete the lines of what the form no longer offers"
        )
    elif rare:
        _leave_open(listing, rare)
    if not before.answered:
        _doubt_without_history(listing, question, column, absent)


def _leave_open(listing: Listing, rare: list[Choice]) -> None:
    """Mark choices of which nobody can tell whether the form offered them."""
    for choice in rare:
        listing.choices[listing.choices.index(choice)] = replace(choice, confirmed=False)
    listing.evidence.append(
        f"nobody gave {_named(rare)}, and few did before: no share is shown until confirmed = "
        "false is deleted, or the whole line where the form no longer offers the answer"
    )


def _doubt_without_history(
    listing: Listing, question: Question, column: Column, absent: list[Choice]
) -> None:
    """Doubt the absent choices of a short list, where no earlier export says what to expect."""
    few = len(question.labels) <= _FEW_CHOICES
    many = column.answered >= _MANY_ANSWERS * len(question.labels)
    if few and many and absent and not question.banded:
        listing.remarks |= {choice.label: "nobody gave it" for choice in absent}
        listing.doubts.append(
            f"nobody gave {_named(absent)}: delete what the form no longer offers"
        )


@dataclass(frozen=True)
class _Evidence:
    """What earlier editions say about the choices of one question that nobody gives now."""

    question: Question
    column: Column
    before: Answered
    matcher: Matcher

    def speaks_for_its_end(self, choice: Choice) -> bool:
        """Whether somebody should have given the choice, were it still offered."""
        if not self._rate(choice):
            return False
        many = len(self.question.labels) > _FEW_CHOICES
        if self.question.concept == RELEASES:
            share = self.before.share(choice.label)
            return share * self.column.answered >= _EXPECTED_OF_RELEASES
        if choice.band is not None:
            times = self.before.times.get(choice.label, 0)
            expected = self._rate(choice) * self.column.answered
            return times > 0 and expected >= _EXPECTED_OF_A_BAND[many]
        if not many:
            return True
        back = len(self.question.labels) <= _MANY_CHOICES and self._is_back(choice)
        return back or self._gave_nothing_else(choice) or self._expected(choice) >= _EXPECTED

    def is_rare(self, choice: Choice) -> bool:
        """Whether people gave the choice before, too few to tell whether it is offered."""
        listed = self.question.concept != RELEASES and choice.band is None
        return listed and self._rate(choice) > 0

    def _rate(self, choice: Choice) -> float:
        return self.before.rates.get(choice.label, 0.0)

    @cached_property
    def _here(self) -> frozenset[str]:
        """Accounts of the new file."""
        return frozenset(filter(None, self.column.members))

    @cached_property
    def _now(self) -> Mapping[str, frozenset[str]]:
        return self.column.labels_by_member(self.question.kind, self.matcher)

    @cached_property
    def _kept(self) -> float:
        """Share of their former answers that those who answered in both years gave again."""
        both = [(labels, self._now[m]) for m, labels in self._back.items()]
        had = sum(len(then) for then, _ in both)
        kept = sum(len(then & now) for then, now in both) / had if had else 0.5
        return min(max(kept, _KEPT[0]), _KEPT[1])

    @cached_property
    def _back(self) -> Mapping[str, frozenset[str]]:
        """Former answers of those who answered in the newest earlier edition and now."""
        return {m: labels for m, labels in self.before.members.items() if m in self._now}

    def _expected(self, choice: Choice) -> float:
        """Return minus the logarithm of the chance that nobody gives a choice still offered."""
        new = 1 - len(self._back) / len(self._now) if self._now else 1.0
        back = sum(choice.label in labels for labels in self._back.values())
        return self._rate(choice) * self.column.answered * new - back * math.log(1 - self._kept)

    def _is_back(self, choice: Choice) -> bool:
        """Whether somebody whose last answer it was is in the file."""
        ever = self.before.ever
        return any(choice.label in labels and m in self._here for m, labels in ever.items())

    def _gave_nothing_else(self, choice: Choice) -> bool:
        """Whether somebody gave it alone, is in the file, and leaves the question blank."""
        alone = [m for m, labels in self.before.members.items() if labels == {choice.label}]
        return any(m in self._here and m not in self._now for m in alone)


def _named(choices: list[Choice]) -> str:
    return ", ".join(repr(choice.label) for choice in choices)
