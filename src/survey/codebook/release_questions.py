"""Questions that nobody asked, but that the answers on releases and their day decide.

How old is the newest release of a cloud, and was it still maintained on the day of the answer?
Each such question has a concept of its own, so that every estimate can ask it like any other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations
from types import MappingProxyType
from typing import Final, NamedTuple

from survey.codebook.codebook import Codebook, Edition
from survey.codebook.question import Band, Choice, Kind, Missing, Question, Unit
from survey.codebook.release_calendar import TRUNK, Calendar, Support

__all__ = [
    "AGES",
    "BACK",
    "BEFORE",
    "ENDED",
    "LAGS",
    "MOVES",
    "PATH",
    "RELEASES",
    "SAME",
    "SLURP",
    "SPREADS",
    "STEP",
    "STEPS",
    "SUPPORTED",
    "UNKNOWN",
    "path_between",
    "with_release_questions",
]

RELEASES: Final = "releases_in_use"
BEFORE: Final = "newest_release_before"
STEP: Final = "upgrade_step"
PATH: Final = "upgrade_path"
BACK: Final = "Back to an older release"
SAME: Final = "The same release"
_MOST: Final = 10
_WIDEST: Final = 6
_DAY: Final = "Of the releases in use, on the day on which the record was last changed."
_TRUNK: Final = "The development branch (trunk) counts as newer than every release."

LAGS: Final = (
    "The newest release, or trunk",
    "1 release behind",
    *(f"{number} releases behind" for number in range(2, _MOST)),
    f"{_MOST} or more releases behind",
)
"""How many newer releases were out: by place."""
SPREADS: Final = (
    "One release alone",
    "2 releases in a row",
    *(f"A span of {number} releases" for number in range(3, _WIDEST)),
    f"A span of {_WIDEST} or more releases",
)
"""From the oldest to the newest release of a cloud: by place."""
AGES: Final = (
    ("Under half a year", 0, 182),
    ("Half a year to 1 year", 183, 364),
    ("1 to 2 years", 365, 729),
    ("2 to 3 years", 730, 1094),
    ("3 to 4 years", 1095, 1459),
    ("4 to 5 years", 1460, 1824),
    ("5 years or more", 1825, None),
)
"""Label, least and largest number of days since the release."""
ENDED: Final = ("None of its releases", "Some of its releases", "All of its releases")
SLURP: Final = ("On a SLURP release", "On no SLURP release")
STEPS: Final = (
    BACK,
    SAME,
    "1 release further",
    "2 releases further",
    "3 releases further",
    "4 or more releases further",
)


class Moves(NamedTuple):
    """Whether an upgrade went from one SLURP release to a later one."""

    concept: str
    slurp: str
    other: str
    none: str


MOVES: Final = Moves(
    "slurp_upgrade",
    "From SLURP to SLURP release",
    "Another upgrade",
    "No upgrade",
)
SUPPORTED: Final = {status: status.value.capitalize() for status in Support}
"""Status of a series -> label."""
UNKNOWN: Final = SUPPORTED[Support.UNKNOWN]
"""Age, lag and span of a release that was not even in development on the day of the answer."""


def with_release_questions(codebook: Codebook) -> Codebook:
    """Return the codebook with the derived questions in every edition that asks for releases.

    Examples
    --------
    >>> from survey.codebook import read_codebook
    >>> book = with_release_questions(read_codebook())
    >>> book.question("newest_release_support", "2019").title
    'Support of the newest release in use'
    """
    editions = {edition.name: _extended(edition, codebook.calendar) for edition in codebook}
    return replace(codebook, editions=MappingProxyType(editions))


def path_between(before: str, after: str) -> str:
    """Return the words for an upgrade.

    Examples
    --------
    >>> path_between("Yoga", "Antelope")
    'Yoga to Antelope'
    """
    return f"{before} to {after}"


def _extended(edition: Edition, calendar: Calendar) -> Edition:
    asked = edition.by_concept.get(RELEASES)
    if asked is None or "newest_release" in edition.by_concept:
        return edition
    derived = (replace(q, confirmed=asked.confirmed) for q in _questions(asked, calendar))
    return replace(edition, questions=(*edition.questions, *derived))


def _questions(asked: Question, calendar: Calendar) -> tuple[Question, ...]:
    named = [label for label in asked.labels if label not in asked.missing_labels]
    series = tuple(Choice(label, label) for label in named)
    support = tuple(Choice(label, label) for label in SUPPORTED.values())
    lags, paths = _in_steps(LAGS), _paths(named, calendar)
    ages = (*(Choice(label, label, Band(low, high)) for label, low, high in AGES), _UNKNOWN)
    could_skip = any(found.slurp for label in named if (found := calendar.find(label)))
    spreads, behind = _in_steps(SPREADS), "How many releases behind the"
    return (
        _question("newest_release", "Newest release in use", series, _TRUNK),
        _question("oldest_release", "Oldest release in use", series, _TRUNK),
        _question("newest_release_lag", f"{behind} newest in use is", lags, _TRUNK, "releases"),
        _question("oldest_release_lag", f"{behind} oldest in use is", lags, _TRUNK, "releases"),
        _question("release_spread", "Span of the releases in use", spreads, _TRUNK, "releases"),
        _question("newest_release_age", "Age of the newest release in use", ages, "", "days"),
        _question("oldest_release_age", "Age of the oldest release in use", ages, "", "days"),
        _question("newest_release_support", "Support of the newest release in use", support),
        _question("oldest_release_support", "Support of the oldest release in use", support),
        _question("releases_ended", "Releases in use that have ended", _plain(ENDED)),
        *([_question("slurp_in_use", "Clouds on a SLURP release", _plain(SLURP))] * could_skip),
        _question(BEFORE, "Newest release in use, in the edition before", series, _TRUNK),
        _question(STEP, "How far the same cloud was upgraded", _plain(STEPS), _TRUNK),
        _question(PATH, "Upgrades of the same cloud", paths, _TRUNK),
        *([_question(MOVES.concept, "Upgrades between SLURP releases", _moves())] * could_skip),
    )


def _moves() -> tuple[Choice, ...]:
    return _plain((MOVES.slurp, MOVES.other, MOVES.none))


def _paths(named: Sequence[str], calendar: Calendar) -> tuple[Choice, ...]:
    """Return every way from one release to a newer one, and those of no upgrade."""
    known = calendar.names
    newest = max((known.index(label) for label in named if label in known), default=-1)
    pairs = combinations((*known[: newest + 1], TRUNK), 2)
    return _plain((*(path_between(old, new) for old, new in pairs), SAME, BACK))


def _plain(labels: tuple[str, ...]) -> tuple[Choice, ...]:
    return tuple(Choice(label, label) for label in labels)


def _in_steps(labels: tuple[str, ...]) -> tuple[Choice, ...]:
    """Return whole numbers as bands of one number each, the last one open, and unknown."""
    last = len(labels) - 1
    bands = (Band(place, None if place == last else place) for place in range(len(labels)))
    return (*(Choice(each, each, band) for each, band in zip(labels, bands, strict=True)), _UNKNOWN)


_UNKNOWN: Final = Choice(UNKNOWN, UNKNOWN, missing=Missing.UNKNOWN)


def _question(
    concept: str, title: str, choices: tuple[Choice, ...], note: str = "", measure: str = ""
) -> Question:
    return Question(
        concept,
        f"{concept} (derived)",
        title,
        Kind.SINGLE,
        Unit.DEPLOYMENT,
        choices,
        series=concept,
        measure=measure,
        note=f"{_DAY} {note}".strip(),
    )
