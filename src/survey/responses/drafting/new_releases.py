"""Release series that answers name and the calendar lacks."""

from __future__ import annotations

import re
from datetime import date
from difflib import get_close_matches

from survey.codebook.release_calendar import Calendar, Release
from survey.responses.drafting.scales import declines, is_other

__all__ = ["misspelled_release", "unknown_release"]

_VERSION = re.compile(r"\b(20\d\d)\.([12])\b")
_SERIES = re.compile(r"[A-Z][a-z]{2,}")
_PLAIN_WORDS = frozenset({"Openstack", "Release", "Series", "Slurp", "Version"})
_LIKE = 0.84


def misspelled_release(text: str, calendar: Calendar) -> Release | None:
    """Return the series whose name a text has nearly, or None.

    Examples
    --------
    >>> from survey.codebook.releases import shipped_calendar
    >>> misspelled_release("Caracall", shipped_calendar()).series
    'Caracal'
    """
    named = _series(text)
    near = get_close_matches(named, calendar.names, n=1, cutoff=_LIKE) if named else []
    return calendar.find(near[0]) if near else None


def unknown_release(text: str, calendar: Calendar) -> Release | None:
    """Return the series that a text seems to name and the calendar lacks, or None.

    The day of release follows from the version; without one from the name, as series are called
    in the order of the alphabet, two in each year. Every second one is a SLURP release.

    Examples
    --------
    >>> from survey.codebook.releases import shipped_calendar
    >>> unknown_release("Jackfruit", shipped_calendar())
    Release(series='Jackfruit', version='2027.2', released=datetime.date(2027, 10, 1), slurp=False, left_maintenance=None, eol=None)
    >>> unknown_release("Vendor's own", shipped_calendar()) is None
    True
    """  # noqa: E501
    series = _series(text)
    if not series or declines(text) or is_other(text):
        return None
    version = _VERSION.search(text)
    year, half = (int(version[1]), int(version[2])) if version else _after(series, calendar)
    day = date(year, 4 if half == 1 else 10, 1)
    return Release(series, f"{year}.{half}", day, slurp=half == 1)


def _series(text: str) -> str:
    """Return the one word of a text that can be the name of a series."""
    words = [word.capitalize() for word in re.findall(r"[^\W\d_]+", _VERSION.sub(" ", text))]
    named = [word for word in words if word not in _PLAIN_WORDS]
    return named[0] if len(named) == 1 and _SERIES.fullmatch(named[0]) else ""


def _after(series: str, calendar: Calendar) -> tuple[int, int]:
    """Return year and half of a series by its first letter, counted from the newest one."""
    newest = calendar.series[-1]
    year, half = newest.released.year, 1 if newest.released.month < 7 else 2
    steps = (ord(series[0]) - ord(newest.series[0]) - 1) % 26 + 1
    halves = year * 2 + half - 1 + steps
    return halves // 2, halves % 2 + 1
