"""Invented organizations that live on from edition to edition, with their clouds and people.

Organization number ``n`` of a seed is always the same: when it starts with OpenStack and
stops, how large it is, whether it is renamed or taken over, which clouds it builds and who of
it answers surveys. Editions only look at it at different times.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

import numpy as np

from survey.dataclass import dataclass
from survey.synthetic import assumptions
from survey.synthetic import invented_names as names
from survey.synthetic.streams import stream

__all__ = ["Cloud", "Member", "Organization", "organization"]

_FIRST, _LAST = 2010.8, 2026.0
_LIFE = 11.0
_CLOUD_LIFE = 8.5
_NEW_CLOUDS = 0.2
_MOST_CLOUDS = 7
_NO_TIME = 9999.0


@dataclass(frozen=True)
class Cloud:
    """A deployment from the day it is built to the day it is switched off."""

    number: int
    built: float
    closed: float
    label: int
    shift: float

    def alive(self, time: float) -> bool:
        """Whether the cloud runs at ``time``, in years."""
        return self.built <= time < self.closed


@dataclass(frozen=True)
class Member:
    """A person who may answer for an organization."""

    number: int
    given: str
    surname: str
    address: str
    spelling: int
    habit: float
    has_cloud: bool


@dataclass(frozen=True)
class Organization:
    """An organization over all its years.

    Attributes
    ----------
    industry
        Label of its industry.
    scale
        How large its clouds are, in standard deviations.
    employees
        People it employs.
    started, ended
        When it runs OpenStack, in years.
    renamed, merged
        When it takes its second name and when its neighbour takes it over; 9999 is never.
    """

    number: int
    country: str
    industry: str
    scale: float
    employees: float
    started: float
    ended: float
    renamed: float
    merged: float
    clouds: tuple[Cloud, ...]
    members: tuple[Member, ...]

    @property
    def identity(self) -> str:
        """Name-free identity that survives renaming."""
        return f"O{self.number:05d}"

    @property
    def buyer(self) -> int:
        """Number of the organization that takes this one over, if one does."""
        return self.number - 1

    def name(self, time: float) -> str:
        """Return the official name at ``time``."""
        return names.organization_name(self.number, int(time >= self.renamed))


@lru_cache(maxsize=20_000)
def organization(seed: int, number: int) -> Organization:
    """Return organization ``number`` of the population that belongs to ``seed``.

    Examples
    --------
    >>> organization(7, 5) == organization(7, 5)
    True
    """
    draw = stream(seed, "life", number)
    started = _FIRST + (_LAST - _FIRST) * draw.beta(0.75, 1.6)
    ended = started + 0.5 + draw.exponential(_LIFE)
    fate = draw.random()
    scale = float(draw.standard_normal())
    moment = started + 0.3 + (min(ended, _LAST) - started) * draw.random()
    return Organization(
        number=number,
        country=_pick(assumptions.COUNTRIES, draw.random()),
        industry=_pick(assumptions.SINGLE["industry"], draw.random()),
        scale=scale,
        employees=float(10 ** max(0.0, 2.9 + 0.75 * scale + draw.standard_normal())),
        started=started,
        ended=ended,
        renamed=moment if fate < 0.07 else _NO_TIME,
        merged=moment if 0.07 <= fate < 0.16 and _can_merge(seed, number, moment) else _NO_TIME,
        clouds=_clouds(draw, started, ended),
        members=_members(draw, number),
    )


def _can_merge(seed: int, number: int, moment: float) -> bool:
    """Whether the neighbour can take over at ``moment``; only odd numbers are ever taken over."""
    if number % 2 == 0:
        return False
    buyer = organization(seed, number - 1)
    return buyer.started < moment < buyer.ended


def _pick(shares: Mapping[str, float], draw: float) -> str:
    """Return the key into whose share the draw falls."""
    reached = np.cumsum(list(shares.values()))
    return tuple(shares)[int(np.searchsorted(reached, draw * reached[-1], side="right"))]


def _clouds(draw: np.random.Generator, started: float, ended: float) -> tuple[Cloud, ...]:
    """Return the first cloud and those that follow at random times."""
    built = [started]
    while len(built) < _MOST_CLOUDS:
        built.append(built[-1] + draw.exponential(1 / _NEW_CLOUDS / max(1, len(built) - 1)))
        if built[-1] > ended:
            built.pop()
            break
    lives = 0.8 + draw.exponential(_CLOUD_LIFE, len(built))
    labels = draw.integers(0, 20, len(built))
    shifts = draw.standard_normal(len(built))
    ends = np.minimum(ended, np.array(built) + lives)
    if len(built) == 1:
        ends[0] = ended
    return tuple(
        Cloud(place, built[place], float(ends[place]), int(labels[place]), float(shifts[place]))
        for place in range(len(built))
    )


def _members(draw: np.random.Generator, number: int) -> tuple[Member, ...]:
    size = 1 + int(np.searchsorted([0.74, 0.93, 1.0], draw.random()))
    domain = f"{names.slug(names.organization_name(number, 0))}.example"
    return tuple(_member(draw, number, place, domain) for place in range(size))


def _member(draw: np.random.Generator, number: int, place: int, domain: str) -> Member:
    account = 70_000 + 4 * number + place
    given = names.GIVEN[int(draw.integers(len(names.GIVEN)))]
    surname = names.SURNAMES[int(draw.integers(len(names.SURNAMES)))]
    styles = len(names.SPELLING_WEIGHTS)
    regular = draw.random() < 0.55
    return Member(
        number=account,
        given=given,
        surname=surname,
        address=f"{names.slug(given)}.{account}@{domain}",
        spelling=int(draw.choice(styles, p=names.SPELLING_WEIGHTS)),
        habit=0.88 if regular else 0.38,
        has_cloud=bool(draw.random() < 0.88),
    )
