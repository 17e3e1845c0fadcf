"""Which edition each record belongs to, by the time at which it was begun.

Editions of neighbouring years have the same headings, so that these say little: the year of a
record weighs more. Answers to one edition come in one stretch of time, which may go over a new
year; where two stretches of different years lie apart, a file holds two editions. The survey
system numbers records in the order in which they are begun. A lone record whose number lies
among those of others was begun with them, whatever its time says.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import field
from datetime import datetime, timedelta

from survey.dataclass import dataclass
from survey.exports.times import Calendar

__all__ = ["Stamps", "Stretches"]

_APART = timedelta(days=45)
_FEW, _SMALL, _RARE = 2, 0.2, 0.05  # respondents whose times may be mistakes; shares of all
_UNKNOWN = 0


@dataclass(frozen=True)
class Stamps:
    """Number and times of every record, as text, in the order of the file."""

    numbers: Sequence[str]
    created: Sequence[str]
    edited: Sequence[str]

    def times(self) -> list[datetime | None]:
        """Return when each record was begun, else edited; None where neither can be read.

        Where the two are years apart, one of them is damaged: the usual year is believed.
        """
        calendar = Calendar.of([self.created, self.edited], self._whole_numbers())
        begun = [_middle(calendar, text) for text in self.created]
        edited = [_middle(calendar, text) for text in self.edited]
        years = Counter(time.year for time in begun if time)
        found = []
        for one, other in zip(begun, edited, strict=True):
            damaged = one and other and (one - other > _APART or other.year - one.year > 1)
            rarer = damaged and years[other.year] > years[one.year]  # type: ignore[union-attr]
            found.append(other if rarer or one is None else one)
        return found

    def _whole_numbers(self) -> list[int]:
        whole = all(map(str.isdecimal, self.numbers))
        return [int(text) for text in self.numbers] if whole else []


def _middle(calendar: Calendar, text: str) -> datetime | None:
    """Return a time, and the middle of its year where day and month cannot be told apart."""
    year = calendar.year(text)
    return calendar.at(text) or (datetime(year, 7, 1) if year else None)


@dataclass
class Stretches:
    """The stretches of time in which records were begun.

    Attributes
    ----------
    years
        For each record the year of its stretch; 0 where that is not known.
    strays
        Records whose own time says another year than their number does.
    rare
        Years of so few respondents that it is not likely to be an edition.
    """

    years: list[int]
    strays: list[int] = field(default_factory=list)
    rare: frozenset[int] = frozenset()

    @property
    def counts(self) -> Mapping[int, int]:
        """Records by the year of their stretch, without those of which it is not known."""
        return Counter(year for year in self.years if year != _UNKNOWN)

    @classmethod
    def of(cls, stamps: Stamps) -> Stretches:
        """Divide records by the time at which they were begun.

        Examples
        --------
        >>> begun = ["2023-05-01 10:00:00"] * 3 + ["2024-05-01 10:00:00"] * 4
        >>> Stretches.of(Stamps(list("1234567"), begun, begun)).counts
        Counter({2024: 4, 2023: 3})
        >>> begun = ["2023-12-20 10:00:00", "2024-01-10 10:00:00", "2024-02-01 10:00:00"]
        >>> Stretches.of(Stamps(list("123"), begun, begun)).counts
        Counter({2024: 3})
        """
        times = stamps.times()
        stretch = _stretch_of_each(times)
        numbers = [int(text) if text.isdecimal() else None for text in stamps.numbers]
        year_of = {
            which: _low_median(
                [
                    time.year
                    for time, own in zip(times, stretch, strict=True)
                    if own == which and time
                ]
            )
            for which in set(stretch) - {None}
        }
        own = [year_of.get(which, _UNKNOWN) for which in stretch]
        few = _few(own, stamps.numbers, _SMALL)
        main = [_UNKNOWN if year in few else year for year in own]
        by_number = _ByNumber.of(numbers, main)
        found, strays = [], []
        for row, (year, number) in enumerate(zip(main, numbers, strict=True)):
            near = by_number.year(number) if year == _UNKNOWN else year
            if near == _UNKNOWN and own[row] == _UNKNOWN:
                near = _beside(main, row)
            if near != _UNKNOWN and own[row] not in (_UNKNOWN, near):
                strays.append(row)
            found.append(near or own[row])
        return cls(found, strays, frozenset(_few(found, stamps.numbers, _RARE)))


def _stretch_of_each(times: Sequence[datetime | None]) -> list[int | None]:
    order = sorted((time, row) for row, time in enumerate(times) if time is not None)
    found: list[int | None] = [None] * len(times)
    which = 0
    for at, (time, row) in enumerate(order):
        before = order[at - 1][0] if at else time
        which += time.year != before.year and time - before > _APART
        found[row] = which
    return found


def _few(years: Sequence[int], numbers: Sequence[str], share: float) -> set[int]:
    """Return the years of a few respondents, who are less than a share of all."""
    people: dict[int, set[str]] = {}
    for year, number in zip(years, numbers, strict=True):
        people.setdefault(year, set()).add(number)
    most = sum(map(len, people.values()))
    few = {year for year, own in people.items() if len(own) <= _FEW and len(own) < share * most}
    return few - {_UNKNOWN}


@dataclass(frozen=True)
class _ByNumber:
    """The numbers whose year is known, in their order."""

    numbers: Sequence[int]
    years: Sequence[int]

    @classmethod
    def of(cls, numbers: Sequence[int | None], years: Sequence[int]) -> _ByNumber:
        pairs = zip(numbers, years, strict=True)
        known = sorted((n, year) for n, year in pairs if n is not None and year != _UNKNOWN)
        return cls([number for number, _ in known], [year for _, year in known])

    def year(self, number: int | None) -> int:
        """Return the year of the numbers on both sides, if it is the same."""
        if number is None or not self.numbers:
            return _UNKNOWN
        at = bisect_left(self.numbers, number)
        if at < len(self.numbers) and self.numbers[at] == number:
            return self.years[at]
        if at in (0, len(self.numbers)):
            return _UNKNOWN
        before, after = self.years[at - 1], self.years[at]
        return before if before == after else _UNKNOWN


def _beside(years: Sequence[int], row: int) -> int:
    """Return the year of the records above and below, if it is the same, or the only one."""
    known = set(years) - {_UNKNOWN}
    if len(known) == 1:
        return known.pop()
    above = next((year for year in reversed(years[:row]) if year != _UNKNOWN), _UNKNOWN)
    below = next((year for year in years[row + 1 :] if year != _UNKNOWN), _UNKNOWN)
    return above if above == below or not below else below if not above else _UNKNOWN


def _low_median(years: Sequence[int]) -> int:
    """Return the smaller of the middle years; ``statistics`` is dear to import for it alone."""
    return sorted(years)[(len(years) - 1) // 2]
