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

import calendar
import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cache
from importlib.resources import files

from survey.errors import CodebookError, Problem, did_you_mean

__all__ = [
    "FACTS_AS_OF",
    "TRUNK",
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
    "status_on",
]

FACTS_AS_OF = date(2026, 8, 21)
TRUNK = "Trunk"
_MAINTAINED_MONTHS = 18
_OCATA = date(2017, 2, 22)
_UNMAINTAINED_SINCE = date(2024, 1, 1)
_SLURP_SINCE = date(2023, 3, 22)


class Support(StrEnum):
    """How a release series is supported.

    Examples
    --------
    >>> Support.EXTENDED.alive, Support.END_OF_LIFE.alive
    (True, False)
    """

    DEVELOPMENT = "development"
    MAINTAINED = "maintained"
    EXTENDED = "extended maintenance"
    UNMAINTAINED = "unmaintained"
    END_OF_LIFE = "end of life"
    UNKNOWN = "unknown"

    @property
    def alive(self) -> bool:
        """Whether fixes can still be merged, by whomever."""
        return self not in (Support.END_OF_LIFE, Support.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Release:
    """One release series.

    Attributes
    ----------
    series
        Name as answers have it: ``"Caracal"``.
    version
        ``"2024.1"``; empty from Pike to Zed, which went by name alone.
    released
        First day of the release; planned if later than :data:`FACTS_AS_OF`.
    slurp
        Whether operators may skip the release after it ("Skip Level Upgrade Release Process",
        since 2023.1).
    left_maintenance
        First day on which it was no longer maintained, where it is on record.
    eol
        Day of the end of life, where it is on record.
    """

    series: str
    version: str
    released: date
    slurp: bool
    left_maintenance: date | None = None
    eol: date | None = None

    @property
    def planned(self) -> bool:
        """Whether the series was not out yet when the facts were collected."""
        return self.released > FACTS_AS_OF

    @property
    def name(self) -> str:
        """Name for readers, with the version where there is one.

        Examples
        --------
        >>> release("caracal").name, release("zed").name
        ('2024.1 Caracal', 'Zed')
        """
        return f"{self.version} {self.series}".strip()


@dataclass(frozen=True, slots=True)
class Phase:
    """A stretch of a series' life: what it is from which day, on record or by rule."""

    status: Support
    start: date
    recorded: bool


@cache
def releases() -> tuple[Release, ...]:
    """Return every series, oldest first.

    Examples
    --------
    >>> [each.series for each in releases()][:3], len(releases())
    (['Austin', 'Bexar', 'Cactus'], 35)
    """
    text = files("survey.codebook").joinpath("data/releases.csv").read_text(encoding="utf-8")
    return tuple(_release(row) for row in csv.DictReader(text.splitlines()))


def find_release(name: str) -> Release | None:
    """Return the series called ``name`` (series, version or both), or None.

    Examples
    --------
    >>> find_release("2024.1") == find_release("caracal") == find_release("2024.1 Caracal")
    True
    >>> find_release("Trunk") is None
    True
    """
    return _by_name().get(name.strip().casefold())


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
    found = find_release(name)
    if found is None:
        hint = did_you_mean(name, (each.series for each in releases()))
        problem = Problem("", repr(name), "a release series such as 'Caracal' or '2024.1'", hint)
        raise CodebookError(f"Unknown release {name!r}", [problem])
    return found


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
    out = [each for each in releases() if each.released <= day]
    if not out:
        first = releases()[0]
        problem = Problem("", f"{day}", f"a day from {first.released} ({first.series}) on")
        raise CodebookError("No release was out yet", [problem])
    return out[-1]


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
    if name.strip().casefold() == TRUNK.casefold():
        return Support.DEVELOPMENT
    past = [phase for phase in phases(name) if phase.start <= day]
    return past[-1].status if past else Support.UNKNOWN


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
    return _phases(release(name))


@cache
def _phases(one: Release) -> tuple[Phase, ...]:
    before = releases().index(one) - 1
    found = []
    if before >= 0:
        found.append(Phase(Support.DEVELOPMENT, releases()[before].released, recorded=False))
    found.append(Phase(Support.MAINTAINED, one.released, recorded=True))
    found.extend(_afterwards(one))
    return tuple(found)


def _afterwards(one: Release) -> Iterator[Phase]:
    """Yield what came after maintenance."""
    left, recorded = _left_maintenance(one)
    if left is None:  # the first three series: only that they have ended is on record
        yield Phase(Support.UNKNOWN, one.released + timedelta(days=1), recorded=False)
        yield Phase(Support.END_OF_LIFE, FACTS_AS_OF, recorded=True)
        return
    end = one.eol or (left if _ends_directly(one) else date.max)
    if left < min(end, _UNMAINTAINED_SINCE):
        yield Phase(Support.EXTENDED, left, recorded)
    if max(left, _UNMAINTAINED_SINCE) < end:
        unmaintained = max(left, _UNMAINTAINED_SINCE)
        yield Phase(Support.UNMAINTAINED, unmaintained, recorded and unmaintained == left)
    if end < date.max:
        yield Phase(Support.END_OF_LIFE, end, one.eol is not None)


def _left_maintenance(one: Release) -> tuple[date | None, bool]:
    """Return the day after maintenance, and whether it is on record."""
    if one.left_maintenance is not None:
        return one.left_maintenance, True
    if one.released < _OCATA or (_ends_directly(one) and one.eol is not None):
        return one.eol, True
    return _months_later(one.released, _MAINTAINED_MONTHS), False


def _ends_directly(one: Release) -> bool:
    return one.released < _OCATA or (one.released >= _SLURP_SINCE and not one.slurp)


def _months_later(day: date, months: int) -> date:
    year, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + year, month + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


@cache
def _by_name() -> Mapping[str, Release]:
    names = {}
    for each in releases():
        for name in (each.series, each.version, each.name):
            names[name.casefold()] = each
    names.pop("", None)
    return names


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
