"""The calendar of release series: what was out, and how it was supported, on any day.

The rules stand in :mod:`survey.codebook.releases`.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import field
from datetime import date, timedelta
from enum import StrEnum
from functools import cached_property
from types import MappingProxyType

from survey.dataclass import dataclass
from survey.errors import CodebookError, Problem, did_you_mean

__all__ = ["FACTS_AS_OF", "TRUNK", "Calendar", "Phase", "Release", "Support"]

FACTS_AS_OF = date(2026, 8, 21)
TRUNK = "Trunk"
_MAINTAINED_MONTHS = 18
_OCATA = date(2017, 2, 22)
_UNMAINTAINED_SINCE = date(2024, 1, 1)
_SLURP_SINCE = date(2023, 3, 22)
_WORDS = re.compile(r"[a-z]+|\d{4}\.\d", re.IGNORECASE)
_PLAIN_WORDS = frozenset({"openstack", "release", "series", "slurp"})


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
        >>> Release("Caracal", "2024.1", date(2024, 4, 3), slurp=True).name
        '2024.1 Caracal'
        """
        return f"{self.version} {self.series}".strip()


@dataclass(frozen=True, slots=True)
class Phase:
    """A stretch of a series' life: what it is from which day, on record or by rule."""

    status: Support
    start: date
    recorded: bool


@dataclass(frozen=True)
class Calendar:
    """Every series that is known, oldest first.

    Examples
    --------
    >>> from survey.codebook.releases import shipped_calendar
    >>> shipped_calendar().find("2025.1 Epoxy").series
    'Epoxy'
    >>> shipped_calendar().read("OpenStack 2025.1 (Epoxy)").series
    'Epoxy'
    """

    series: tuple[Release, ...]
    _phases: dict[str, tuple[Phase, ...]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Names of the series, oldest first."""
        return tuple(each.series for each in self.series)

    def plus(self, added: Iterable[Release]) -> Calendar:
        """Return a calendar with further series; one of the same name is replaced."""
        known = {each.series: each for each in self.series}
        known |= {each.series: each for each in added}
        return Calendar(tuple(sorted(known.values(), key=lambda each: each.released)))

    def find(self, name: str) -> Release | None:
        """Return the series called ``name`` (series, version or both), or None."""
        return self._by_name.get(name.strip().casefold())

    def read(self, text: str) -> Release | None:
        """Return the series that an answer names, however it is written, or None.

        ``"2025.1 Epoxy"``, ``"Epoxy (2025.1)"`` and ``"OpenStack Epoxy"`` are the same series. A
        text whose words name two series, or something else besides, names none.
        """
        found = self.find(text)
        if found is not None:
            return found
        words = [word.casefold() for word in _WORDS.findall(text)]
        named = {self._by_name.get(word) for word in words if word not in _PLAIN_WORDS}
        return named.pop() if len(named) == 1 else None

    def release(self, name: str) -> Release:
        """Return the series called ``name``.

        Raises
        ------
        CodebookError
            If there is none.
        """
        found = self.find(name)
        if found is None:
            hint = did_you_mean(name, self.names)
            problem = Problem(
                "", repr(name), "a release series such as 'Caracal' or '2024.1'", hint
            )
            raise CodebookError(f"Unknown release {name!r}", [problem])
        return found

    def latest_on(self, day: date) -> Release:
        """Return the newest series that was out on ``day``.

        Raises
        ------
        CodebookError
            If there was none yet.
        """
        out = [each for each in self.series if each.released <= day]
        if not out:
            first = self.series[0]
            problem = Problem("", f"{day}", f"a day from {first.released} ({first.series}) on")
            raise CodebookError("No release was out yet", [problem])
        return out[-1]

    def status_on(self, name: str, day: date) -> Support:
        """Return how a series was supported on ``day``; trunk is always in development."""
        if name.strip().casefold() == TRUNK.casefold():
            return Support.DEVELOPMENT
        past = [phase for phase in self.phases(name) if phase.start <= day]
        return past[-1].status if past else Support.UNKNOWN

    def phases(self, name: str) -> tuple[Phase, ...]:
        """Return the life of a series, first phase first."""
        one = self.release(name)
        if one.series not in self._phases:
            self._phases[one.series] = tuple(self._life(one))
        return self._phases[one.series]

    def _life(self, one: Release) -> Iterator[Phase]:
        before = self.series.index(one) - 1
        if before >= 0:
            yield Phase(Support.DEVELOPMENT, self.series[before].released, recorded=False)
        yield Phase(Support.MAINTAINED, one.released, recorded=True)
        yield from _afterwards(one)

    @cached_property
    def _by_name(self) -> Mapping[str, Release]:
        names = {
            name.casefold(): each
            for each in self.series
            for name in (each.series, each.version, each.name)
        }
        names.pop("", None)
        return MappingProxyType(names)


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
