"""``[[releases]]`` of a codebook file, and the releases that a question lists.

A project adds series where the shipped calendar ends::

    [[releases]]
    series = "Jackfruit"
    version = "2027.2"
    released = 2027-09-29
    slurp = false
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from survey.codebook.fields import Fields
from survey.codebook.question import Choice, Question
from survey.codebook.release_calendar import TRUNK, Calendar, Release
from survey.errors import Problem, did_you_mean

__all__ = ["RELEASE_KEYS", "by_calendar", "read_releases"]

RELEASE_KEYS = ("series", "version", "released", "slurp", "left_maintenance", "eol")


def read_releases(where: str, entries: object, problems: list[Problem]) -> Iterator[Release]:
    """Yield the series that a file's ``[[releases]]`` describe."""
    if not isinstance(entries, list):
        problems.append(Problem(where, "releases that are not a list", "[[releases]]"))
        return
    for number, entry in enumerate(entries, start=1):
        fields = Fields(f"{where}, release {number}", entry, problems)
        fields.only(RELEASE_KEYS)
        series, released = fields.text("series"), fields.day("released")
        if not series or released is None:
            fields.wrong(
                "no series or no day of release", 'series = "Epoxy" and released = 2025-04-02'
            )
            continue
        yield Release(
            series,
            fields.text("version"),
            released,
            fields.flag("slurp"),
            fields.day("left_maintenance"),
            fields.day("eol"),
        )


def by_calendar(
    where: str, question: Question, calendar: Calendar, problems: list[Problem]
) -> Question:
    """Return a question on releases whose labels are the calendar's names of the series.

    Examples
    --------
    >>> from survey.codebook.question import Kind, Unit
    >>> from survey.codebook.releases import shipped_calendar
    >>> listed = (Choice("2025.1", "2025.1"),)
    >>> asked = Question("r", "R", "R", Kind.MULTIPLE, Unit.DEPLOYMENT, listed)
    >>> by_calendar("x.toml", asked, shipped_calendar(), []).labels
    ('Epoxy',)
    """
    named = [_named(choice, question, calendar) for choice in question.choices]
    problems.extend(_outside(where, named, question, calendar))
    return replace(question, choices=tuple(named))


def _named(choice: Choice, question: Question, calendar: Calendar) -> Choice:
    if _no_release(choice, question):
        return choice
    found = calendar.read(choice.label)
    return choice if found is None else replace(choice, label=found.series)


def _no_release(choice: Choice, question: Question) -> bool:
    """Whether a choice is the development branch, "other", or declines to answer."""
    return bool(
        choice.missing
        or choice.label.casefold() == TRUNK.casefold()
        or choice.label in question.other_labels
    )


def _outside(
    where: str, choices: Iterable[Choice], question: Question, calendar: Calendar
) -> Iterator[Problem]:
    for choice in choices:
        if not _no_release(choice, question) and calendar.find(choice.label) is None:
            hint = did_you_mean(choice.label, calendar.names) or (
                "add the series to the file: [[releases]] with series, version, released, slurp"
            )
            yield Problem(
                f"{where}, choices", f"the release {choice.label!r}", "one of the calendar", hint
            )
