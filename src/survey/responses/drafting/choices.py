"""What a file says about the choices of a question that the codebook knows."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from survey.codebook import Choice, Kind, Question
from survey.codebook.release_questions import RELEASES
from survey.codebook.releases import Calendar
from survey.responses.drafting.absent import doubt_absent
from survey.responses.drafting.facts import Answered, Column
from survey.responses.drafting.release_choices import add_releases
from survey.responses.drafting.texts import Listing, relist
from survey.responses.drafting.unlisted_bands import reband
from survey.responses.matching import Matcher

__all__ = ["draft_choices", "list_unknown"]

_YEAR = re.compile(r"(?:19|20)\d\d")
_SEVERAL = 5.0
_NO_YEAR = 9999


def draft_choices(
    question: Question,
    column: Column,
    others: Sequence[Question],
    before: Answered,
    calendar: Calendar,
    edition: str,
) -> tuple[Question, Listing]:
    """Return a question that lists what a file holds, with reasons.

    Parameters
    ----------
    question
        As the edition before asks it.
    column
        What the file holds.
    others
        The same question in other editions, whose spellings are known.
    before
        What an earlier edition was answered.
    calendar
        Release series.
    edition
        Name of the new edition.
    """
    listing = Listing(list(question.choices))
    if not question.kind.listed:
        return question, listing
    question = _of_kind(question, column, before, listing, edition)
    matcher = Matcher.of(question, others)
    answers = column.answers(question.kind)
    found = {text: matcher.find(text) for text in answers}
    unknown = {text: answers[text] for text, match in found.items() if match is None}
    given = {match.label for match in found.values() if match is not None}
    list_unknown(listing, question, unknown, given, before, calendar=calendar, edition=edition)
    doubt_absent(listing, question, column, before, matcher)
    return replace(question, choices=tuple(listing.choices)), listing


def list_unknown(
    listing: Listing,
    question: Question,
    unknown: Mapping[str, int],
    given: set[str],
    before: Answered,
    *,
    calendar: Calendar,
    edition: str,
) -> None:
    """Add answers that a question does not list: releases, years, bands, renamed and new ones."""
    if question.concept == RELEASES:
        unknown = add_releases(listing, unknown, given, calendar, edition)
    if _of_years(question):
        unknown = _add_years(listing, unknown, edition)
    if question.banded and unknown:
        unknown = reband(listing, question, unknown, given)
    absent = [choice for choice in listing.choices if _absent(choice, given, question)]
    relist(listing, unknown, absent, before)


def _absent(choice: Choice, given: set[str], question: Question) -> bool:
    listed = choice in question.choices  # not one that was added or renamed just now
    return listed and choice.label not in given and choice.band is None


def _of_kind(
    question: Question, column: Column, before: Answered, listing: Listing, edition: str
) -> Question:
    """Return the question with the kind that its cells have: one answer, or several."""
    if question.kind.single_choice and column.several:
        listing.doubts.append(
            f"{column.several} cells hold several answers: several can be chosen now, so that it "
            "is a question of its own, which is not comparable with the former one"
        )
        return replace(question, kind=Kind.MULTIPLE)
    if question.kind.multiple_choice and not column.several and before.answered:
        expected = before.several / before.answered * column.answered
        if expected >= _SEVERAL:
            listing.doubts.append(
                f"no cell holds several answers, as {before.several} of {before.answered} did in "
                f'{before.edition}: if only one can be chosen now, kind = "single" and a new series'
            )
    return question


def _of_years(question: Question) -> bool:
    years = sum(bool(_YEAR.fullmatch(choice.value)) for choice in question.choices)
    return years >= 3 and not question.banded


def _add_years(listing: Listing, unknown: Mapping[str, int], edition: str) -> dict[str, int]:
    """Add the years up to the edition's own that the list lacks, in its order."""
    newest = int(edition) if _YEAR.fullmatch(edition) else _NO_YEAR
    left = dict(unknown)
    for text in sorted(unknown):
        if not _YEAR.fullmatch(text) or int(text) > newest:
            continue
        years = [int(c.value) if _YEAR.fullmatch(c.value) else None for c in listing.choices]
        known = [year for year in years if year is not None]
        rising = known == sorted(known)
        place = next(
            (
                at
                for at, year in enumerate(years)
                if year is not None and (year > int(text) if rising else year < int(text))
            ),
            max(at for at, year in enumerate(years) if year is not None) + 1,
        )
        listing.choices.insert(place, Choice(text, text))
        listing.evidence.append(f"the year {text} is new")
        left.pop(text)
    listed = [int(c.value) for c in listing.choices if _YEAR.fullmatch(c.value)]
    if newest != _NO_YEAR and max(listed) < newest:
        listing.doubts.append(
            f"the years end at {max(listed)}, and nobody gave {newest}: add {newest} if the form "
            f"lists it. Without it nothing can be said of what is new in {newest}"
        )
    return left
