"""Who answers in an edition, when, about which clouds, and what is merely carried over."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import field, replace
from datetime import date, datetime, time, timedelta
from itertools import accumulate, islice

import numpy as np

from survey.codebook import Codebook, Edition
from survey.dataclass import dataclass
from survey.synthetic.population import Cloud, Member, Organization, organization
from survey.synthetic.standing import moment_of
from survey.synthetic.streams import stream

__all__ = ["FIRST_YEAR", "MIGRATED_AT", "Fieldwork", "Plan"]

FIRST_YEAR = 2017
"""First edition that the modelled exporter wrote."""

MIGRATED_AT = datetime(2018, 8, 20)
"""When the system copied the surveys of 2017 for people who had not come back."""

_MIGRATED_EDITION = "2018"
_MIGRATED_SHARE = 0.15
_CARRIED: Mapping[str, float] = {
    "exact_copy": 0.04,
    "unchanged": 0.03,
    "clouds_unchanged": 0.03,
    "revised": 0.08,
}
_MOST_CLOUDS = 4
_SAME_CLOUD = 0.5
_PER_EDITION = 100_000
_WEEKS_OPEN = 18


@dataclass(frozen=True)
class Plan:
    """One survey of an edition, before anything is answered.

    Attributes
    ----------
    clouds
        Those the person describes, with their numbers in ``deployments``.
    source
        The survey of the edition before with which the form was pre-filled, as far as it shows.
    kind
        How much of ``source`` still stands; see :class:`~survey.synthetic.answers.Copy`.
    role
        ``"normal"``, ``"test"``, ``"empty"`` or ``"deleted"``: the last three are not exported.
    """

    edition: str
    owner: Organization
    member: Member
    clouds: tuple[Cloud, ...]
    created: datetime
    edited: datetime
    source: Plan | None = None
    kind: str = ""
    role: str = "normal"
    number: int = 0
    deployments: tuple[int, ...] = ()


@dataclass
class Fieldwork:
    """Plans of every edition for one seed and one number of respondents.

    Examples
    --------
    >>> from survey.codebook import read_codebook
    >>> work = Fieldwork(read_codebook(), seed=7, respondents=20)
    >>> len([plan for plan in work.plans("2021") if plan.role == "normal"])
    20
    """

    codebook: Codebook
    seed: int
    respondents: int
    _plans: dict[str, tuple[Plan, ...]] = field(default_factory=dict)

    def plans(self, edition: str) -> tuple[Plan, ...]:
        """Return the surveys of an edition in the order of their numbers."""
        if edition not in self._plans:
            self._plans[edition] = self._planned(self.codebook.edition(edition))
        return self._plans[edition]

    def _planned(self, edition: Edition) -> tuple[Plan, ...]:
        before, extra = self._before(edition.name), self._roles()
        migrated = edition.name == _MIGRATED_EDITION
        copied = round(_MIGRATED_SHARE * self.respondents) if migrated else 0
        visits = self._visits(edition)
        fresh = list(islice(visits, self.respondents - copied + len(extra)))
        copies = self._migrated(edition, before, fresh)[:copied]
        known = {plan.member.number for plan in copies}
        others = (plan for plan in visits if plan.member.number not in known)
        fresh += islice(others, copied - len(copies))
        normal = len(fresh) - len(extra)
        plans = [self._carried(plan, before) for plan in fresh[:normal]]
        plans += [replace(p, role=r) for p, r in zip(fresh[normal:], extra, strict=True)]
        return _numbered(edition, self.seed, _ends_with_clouds(edition, [*plans, *copies]))

    def _roles(self) -> list[str]:
        """Return the roles of surveys that come on top and are not exported."""
        some = max(1, self.respondents // 60)
        return ["test"] * some + ["empty"] * max(1, some // 3) + ["deleted"] * max(1, some // 5)

    def _before(self, edition: str) -> dict[int, Plan]:
        """Return the plans of the edition before, by account."""
        last_year = str(int(edition) - 1) if edition.isdigit() else ""
        if last_year not in self.codebook.editions or int(last_year) < FIRST_YEAR:
            return {}
        plans = self.plans(last_year)
        return {plan.member.number: plan for plan in plans if plan.role == "normal"}

    def _visits(self, edition: Edition) -> Iterator[Plan]:
        """Yield visits, organization after organization, without end."""
        number, now = 0, moment_of(edition.name)
        while True:
            owner = organization(self.seed, number)
            for place, member in enumerate(owner.members):
                draw = stream(self.seed, "visit", owner.number, place, edition.name)
                if owner.started <= now < owner.ended and draw.random() < member.habit:
                    created, edited = _times(edition, draw)
                    clouds = _reported(owner, place, member, _in_years(created))
                    yield Plan(edition.name, owner, member, clouds, created, edited)
            number += 1

    def _carried(self, plan: Plan, before: dict[int, Plan]) -> Plan:
        """Return the plan, for some with last year's answers left standing to some extent."""
        source = before.get(plan.member.number)
        draw = stream(self.seed, "carry", plan.member.number, plan.edition)
        chance = draw.random()
        kinds = zip(_CARRIED, accumulate(_CARRIED.values()), strict=True)
        kind = next((kind for kind, share in kinds if chance <= share), None)
        if source is None or kind is None:
            return plan
        carried = replace(plan, clouds=source.clouds, source=source, kind=kind)
        if kind == "exact_copy":
            return replace(carried, edited=plan.created + timedelta(seconds=int(draw.integers(4))))
        if kind == "unchanged":
            return replace(
                carried, edited=plan.created + timedelta(minutes=int(draw.integers(2, 12)))
            )
        return carried

    def _migrated(self, edition: Edition, before: dict[int, Plan], fresh: list[Plan]) -> list[Plan]:
        """Return copies for people of the edition before who have not come back."""
        came = {plan.member.number for plan in fresh}
        return [
            replace(
                plan,
                edition=edition.name,
                created=MIGRATED_AT,
                edited=MIGRATED_AT,
                source=plan,
                kind="migrated_copy",
            )
            for account, plan in sorted(before.items(), key=lambda pair: pair[0] % 997)
            if account not in came
        ]


def _reported(owner: Organization, place: int, member: Member, now: float) -> tuple[Cloud, ...]:
    """Return the clouds a person describes: colleagues partly describe the same one."""
    alive = [cloud for cloud in owner.clouds if cloud.alive(now)]
    if not member.has_cloud or not alive:
        return ()
    if place == 0:
        return tuple(alive[:_MOST_CLOUDS])
    same = (member.number * 0.6180339887) % 1 < _SAME_CLOUD
    return tuple(alive[:1] if same or len(alive) == 1 else alive[1:2])


def _in_years(moment: datetime) -> float:
    return moment.year + (moment - datetime(moment.year, 1, 1)).days / 366


def _window(edition: Edition) -> tuple[date, date]:
    """Return first and last day: what the codebook says, if it lies in the edition's year."""
    year = int(edition.name) if edition.name.isdigit() else 2021
    known = edition.closed is not None and edition.closed.year == year
    closed = edition.closed if known and edition.closed else date(year, 8, 20)
    opened = edition.opened if known else None
    return opened or closed - timedelta(days=_WEEKS_OPEN * 7), closed


def _times(edition: Edition, draw: np.random.Generator) -> tuple[datetime, datetime]:
    """Return first visit and last change: half come in the last weeks, most stay an hour."""
    opened, closed = _window(edition)
    days = (closed - opened).days
    day = int(days * draw.beta(1.6, 1.0))
    created = datetime.combine(opened, time()) + timedelta(
        days=day, seconds=int(draw.integers(86_400))
    )
    stay = timedelta(minutes=5 + int(draw.exponential(40)))
    back = timedelta(days=int(draw.exponential(9))) if draw.random() < 0.4 else timedelta(0)
    return created, min(_end(edition), created + stay + back)


def _end(edition: Edition) -> datetime:
    return datetime.combine(_window(edition)[1], time(23, 59, 59))


def _ends_with_clouds(edition: Edition, plans: list[Plan]) -> list[Plan]:
    """Return the plans by first visit; the last exported one describes a cloud, to lose it."""
    ordered = sorted(plans, key=lambda plan: (plan.created, plan.member.number))
    own = [n for n, plan in enumerate(ordered) if plan.role == "normal" and not plan.source]
    with_clouds = [n for n in own if ordered[n].clouds]
    if not with_clouds:
        return ordered
    last = ordered.pop(with_clouds[-1])
    created = max(plan.created for plan in [*ordered, last])
    edited = min(created + (last.edited - last.created), _end(edition))
    return [*ordered, replace(last, created=created, edited=max(created, edited))]


def _numbered(edition: Edition, seed: int, plans: list[Plan]) -> tuple[Plan, ...]:
    """Return plans with the numbers that the survey system gives surveys and deployments."""
    draw = stream(seed, "numbers", edition.name)
    year = int(edition.name) - 2010 if edition.name.isdigit() else 90
    free = year * _PER_EDITION
    numbered = []
    for plan in plans:
        steps = draw.integers(1, 4, 1 + len(plan.clouds)).cumsum()
        numbers = [free + int(step) for step in steps]
        free = numbers[-1]
        numbered.append(replace(plan, number=numbers[0], deployments=tuple(numbers[1:])))
    return tuple(numbered)
