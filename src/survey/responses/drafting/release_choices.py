"""Answers on releases that a question does not list: by the calendar, beyond it, or none."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from survey.codebook import Choice
from survey.codebook.bands import with_commas
from survey.codebook.releases import TRUNK, Calendar, Release
from survey.responses.drafting.new_releases import misspelled_release, unknown_release
from survey.responses.drafting.scales import declines, is_other
from survey.responses.drafting.texts import Listing, new_choice

__all__ = ["add_releases"]

_TRUNK_WORDS = re.compile(r"\b(?:trunk|master|main branch)\b", re.IGNORECASE)


def add_releases(
    listing: Listing,
    unknown: Mapping[str, int],
    given: Collection[str],
    calendar: Calendar,
    edition: str,
) -> dict[str, int]:
    """Add releases newest first, and return the answers that decline.

    What the calendar lacks is a series that it does not know yet, or no release at all. A label
    stands once: a second text for a series that was given counts as another answer.
    """
    left = {}
    known = calendar
    taken = set(given)
    for text, times in unknown.items():
        if calendar.read(text) is None and (declines(text) or is_other(text)):
            left[text] = times
            continue
        release = _release(listing, text, calendar.read(text), known, edition)
        label = TRUNK if _TRUNK_WORDS.search(text) else release.series if release else ""
        if not label or label in taken:
            _put_other(listing, text, label)
            continue
        taken.add(label)
        if release is not None:
            calendar = calendar.plus([release])
        _put(listing, replace(new_choice(text), label=label), calendar)
    return left


def _release(
    listing: Listing, text: str, by_calendar: Release | None, known: Calendar, edition: str
) -> Release | None:
    """Return the series that a text means, with the reason; None for trunk and other words."""
    if by_calendar is not None:
        listing.evidence.append(f"{text!r} is {by_calendar.name} by the calendar of releases")
        return by_calendar
    if _TRUNK_WORDS.search(text):
        listing.doubts.append(f"{text!r} seems to be the branch under development")
        return None
    near = misspelled_release(text, known)
    if near is not None:
        listing.doubts.append(f"{text!r} seems to be {near.name}")
        return near
    release = unknown_release(text, known)
    if release is not None:
        listing.releases[release] = f"{text!r} is not in the calendar of releases"
        listing.doubts.append(
            f"{text!r} is not in the calendar of releases: correct version, day and slurp of "
            f"{release.series} under [[releases]]{_after(release, edition)}"
        )
    return release


def _after(release: Release, edition: str) -> str:
    """Say what it means that a release has a day after the year of the edition."""
    if not edition.isdigit() or release.released.year <= int(edition):
        return ""
    return (
        f". The guessed day, {release.released}, is after the answers: as long as it stands, the "
        "age, lag and support of this release are unknown"
    )


def _put_other(listing: Listing, text: str, label: str) -> None:
    """Add a text that cannot stand under the label of a series."""
    listing.put(replace(new_choice(text), label=f"Other: {with_commas(text)}"))
    why = f"as {label!r} was given besides" if label else "as it is no release of the calendar"
    listing.doubts.append(f"{text!r} counts as another answer, {why}")


def _put(listing: Listing, choice: Choice, calendar: Calendar) -> None:
    """Give a listed series the wording of the file, or add one in its place."""
    listed = [each.label for each in listing.choices]
    if choice.label in listed:
        place = listed.index(choice.label)
        listing.choices[place] = replace(listing.choices[place], value=choice.value)
    elif choice.label == TRUNK:
        listing.choices.insert(0, choice)
    else:
        listing.choices.insert(_release_place(listing.choices, choice.label, calendar), choice)


def _release_place(choices: Sequence[Choice], series: str, calendar: Calendar) -> int:
    """Return where a release stands in a list, the newest first."""
    own = calendar.names.index(series)
    for place, choice in enumerate(choices):
        if choice.label in calendar.names and calendar.names.index(choice.label) < own:
            return place
    trunk = [choice.label for choice in choices]
    return trunk.index(TRUNK) + 1 if TRUNK in trunk else len(choices)
