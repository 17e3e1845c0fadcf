"""OpenStack release series: dates, and how each was supported on a given day.

Facts come from the release team's own table of series (``series_status.yaml`` of the releases
repository, as of :data:`FACTS_AS_OF`): days of release and of end of life, and which series
are SLURP releases, between which operators may skip a release. Days in the future are plans.
``left_maintenance`` is filled where the table, now or in former years, or an announcement
gives the planned day; in fact some series moved on a few weeks later.

Rules, where no day is on record:

1. *Development* begins when the previous series is released.
2. Up to Newton, a series was maintained until its end of life.
3. From Ocata on, a series is maintained for about 18 months (Project Team Guide, "Stable
   Branches"): taken as 18 calendar months. A series without SLURP that ends directly is
   maintained until its end of life, if that day is on record.
4. After that came *extended maintenance* (Technical Committee resolution of 2018-03-01), which
   the resolution of 2023-07-24 renamed *unmaintained*; branches moved early in 2024, taken
   as 2024-01-01.
5. From 2023.1 on, SLURP releases become unmaintained and the others reach end of life.

:func:`phases` says of every phase whether its day is on record or follows from a rule. Where
neither says anything, the status is *unknown*.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib.resources import files

from survey.codebook.release_calendar import (
    FACTS_AS_OF,
    TRUNK,
    Calendar,
    Phase,
    Release,
    Support,
)

__all__ = [
    "FACTS_AS_OF",
    "TRUNK",
    "Calendar",
    "Phase",
    "Release",
    "Support",
    "age_in_cycles",
    "age_in_days",
    "find_release",
    "latest_on",
    "phases",
    "release",
    "releases",
    "shipped_calendar",
    "status_on",
]


@cache
def shipped_calendar() -> Calendar:
    """Return the calendar of every series on record; a codebook file can add to it."""
    text = files("survey.codebook").joinpath("data/releases.csv").read_text(encoding="utf-8")
    return Calendar(tuple(_release(row) for row in csv.DictReader(text.splitlines())))


def releases() -> tuple[Release, ...]:
    """Return every series, oldest first.

    Examples
    --------
    >>> [each.series for each in releases()][:3], len(releases())
    (['Austin', 'Bexar', 'Cactus'], 35)
    """
    return shipped_calendar().series


def find_release(name: str) -> Release | None:
    """Return the series called ``name`` (series, version or both), or None.

    Examples
    --------
    >>> find_release("2024.1") == find_release("caracal") == find_release("2024.1 Caracal")
    True
    >>> find_release("Trunk") is None
    True
    """
    return shipped_calendar().find(name)


def release(name: str) -> Release:
    """Return the series called ``name``.

    Raises
    ------
    CodebookError
        If there is none; ``"Trunk"`` is the development branch, not a release.

    Examples
    --------
    >>> release("Stein").released
    datetime.date(2019, 4, 10)
    """
    return shipped_calendar().release(name)


def latest_on(day: date) -> Release:
    """Return the newest series that was out on ``day``.

    Raises
    ------
    CodebookError
        If there was none yet.

    Examples
    --------
    >>> latest_on(date(2019, 8, 31)).series
    'Stein'
    """
    return shipped_calendar().latest_on(day)


def age_in_days(name: str, day: date) -> int:
    """Return for how many days a series had been out on ``day``; negative before its release.

    Examples
    --------
    >>> age_in_days("Stein", date(2019, 4, 20))
    10
    """
    return (day - release(name).released).days


def age_in_cycles(name: str, day: date) -> int:
    """Return how many newer series were out on ``day``: 0 for the newest, negative if unreleased.

    Examples
    --------
    >>> age_in_cycles("Stein", date(2019, 8, 1)), age_in_cycles("Queens", date(2019, 8, 1))
    (0, 2)
    """
    order = releases()
    return order.index(latest_on(day)) - order.index(release(name))


def status_on(name: str, day: date) -> Support:
    """Return how a series was supported on ``day``.

    ``"Trunk"``, the branch under development, is always in development. The rules stand in
    this module's description.

    Raises
    ------
    CodebookError
        If there is no such series.

    Examples
    --------
    >>> status_on("Queens", date(2019, 8, 1)), status_on("Queens", date(2020, 8, 1))
    (<Support.MAINTAINED: 'maintained'>, <Support.EXTENDED: 'extended maintenance'>)
    >>> status_on("Trunk", date(2019, 8, 1))
    <Support.DEVELOPMENT: 'development'>
    """
    return shipped_calendar().status_on(name, day)


def phases(name: str) -> tuple[Phase, ...]:
    """Return the life of a series, first phase first.

    Raises
    ------
    CodebookError
        If there is no such series.

    Examples
    --------
    >>> for phase in phases("Zed"):
    ...     print(phase.start, phase.status, "on record" if phase.recorded else "by rule")
    2022-03-30 development by rule
    2022-10-05 maintained on record
    2024-05-02 unmaintained on record
    """
    return shipped_calendar().phases(name)


def _release(row: Mapping[str, str]) -> Release:
    return Release(
        series=row["series"],
        version=row["version"],
        released=date.fromisoformat(row["released"]),
        slurp=row["slurp"] == "yes",
        left_maintenance=_day(row["left_maintenance"]),
        eol=_day(row["eol"]),
    )


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
