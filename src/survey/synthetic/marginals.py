"""The marginal distribution that the simulator gives each question, and where it comes from.

``sources`` lists, for every concept and edition, whether the numbers were published (all, or
one option of several) or made up. A figure published for one year serves other years too,
where it counts as made up.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum
from functools import cache

import numpy as np
import pandas as pd

from survey.checked import checked
from survey.codebook import Codebook, Question
from survey.dataclass import dataclass
from survey.errors import SurveyError
from survey.synthetic import assumptions
from survey.synthetic import published_figures as figures

__all__ = [
    "Marginal",
    "Origin",
    "answer_rate",
    "marginal",
    "project_key",
    "project_shares",
    "sources",
]

Shares = Mapping[str, float]


class Origin(StrEnum):
    """Where a marginal distribution comes from."""

    PUBLISHED = "published"
    PARTLY = "partly published"
    INVENTED = "invented"


@dataclass(frozen=True)
class Marginal:
    """Shares of answers by label, in percent, with their origin.

    Several-choice questions: of those who answer. Labels without a share get a small one.
    """

    shares: Shares
    origin: Origin
    note: str = ""


_FOLLOWED = (
    "deployment_stage",
    "likelihood_to_recommend",
    "interacting_clouds",
    "upgrade_policy",
    "stable_branch_use",
    "ways_to_contribute",
)
_PARTLY = {
    "likelihood_to_recommend": "only the net score of 36 was published",
    "interacting_clouds": "shares of those who interact; that they are two thirds is derived",
}
_NOVA = 0.92
_BASE_RATE = 71.0
_TEXT_RATE = 13.0
_FEEDBACK_RATE = 34.0


def marginal(question: Question, edition: str) -> Marginal:
    """Return the distribution that answers to ``question`` follow in ``edition``.

    Examples
    --------
    >>> from survey.codebook import read_codebook
    >>> found = marginal(read_codebook().question("deployment_stage", "2021"), "2021")
    >>> found.origin, found.shares["Proof of Concept"]
    (<Origin.PUBLISHED: 'published'>, 8)
    """
    special = _SPECIAL.get(question.concept)
    if special is not None:
        return special(question, edition)
    if question.concept in _FOLLOWED:
        return _published(question, edition)
    return _invented(question, edition)


def _published(question: Question, edition: str) -> Marginal:
    table = figures.published(question.concept)
    year = _nearest(table, edition)
    shares = _fitted(table[year], question.labels)
    if year != edition:
        return Marginal(shares, Origin.INVENTED, f"as published for {year}")
    note = _PARTLY.get(question.concept, "")
    return Marginal(shares, Origin.PARTLY if note else Origin.PUBLISHED, note)


def _fitted(shares: Shares, labels: Iterable[str]) -> Shares:
    """Return shares under the labels of the form, which may explain more in brackets."""
    longer = {label.split(" (", maxsplit=1)[0]: label for label in labels}
    known = set(labels)
    return {
        name if name in known else longer.get(name, name): share for name, share in shares.items()
    }


def _invented(question: Question, edition: str) -> Marginal:
    known = assumptions.SINGLE if question.kind.single_choice else assumptions.MULTIPLE
    shares = {**known.get(question.concept, _falling(question))}
    told = figures.one_option(question.concept)
    if not told:
        return Marginal(shares, Origin.INVENTED)
    year = _nearest(told, edition)
    if int(edition) >= int(year):
        shares |= told[year]
    if year != edition:
        return Marginal(shares, Origin.INVENTED, f"partly as published for {year}")
    return Marginal(shares, Origin.PARTLY, f"published: {', '.join(told[year])}")


def _falling(question: Question) -> Shares:
    """Return shares that fall along the list, declining answers last of all."""
    labels = [label for label in question.labels if label not in question.missing_labels]
    first, ratio = (30.0, 0.85) if question.kind.single_choice else (34.0, 0.9)
    shares = {label: first * ratio**place for place, label in enumerate(labels)}
    return shares | dict.fromkeys(question.missing_labels, 4.0)


def _cores(question: Question, edition: str) -> Marginal:
    if edition == "2021":
        return Marginal(figures.published("compute_cores")["2021"], Origin.PUBLISHED)
    shares = assumptions.CORES[_nearest(assumptions.CORES, edition)]
    note = "published: 56 % have 100 to 9,999 cores" if edition == "2022" else ""
    labels = tuple(figures.published("compute_cores")["2021"])
    origin = Origin.PARTLY if note else Origin.INVENTED
    return Marginal(dict(zip(labels, shares, strict=True)), origin, note)


def _releases(question: Question, edition: str) -> Marginal:
    """Return shares by age: the list of 2021 moved along, a little faster every later year."""
    chart = figures.published("releases_in_use")["2021"]
    if edition == "2021":
        early = {"Juno": 0.2, "Icehouse": 0.2, "Havana": 0.2, "Grizzly": 0.2, "Folsom": 0.1}
        return Marginal({**chart, **early, "Essex": 0.1}, Origin.PUBLISHED)
    known = [share for label, share in chart.items() if label != "Trunk"]
    reached = np.concatenate([[0.0], np.cumsum([*known, *[0.1] * 40])])
    labels = [label for label in question.labels if label != "Trunk"]
    pace = 1.0 + 0.06 * max(0, int(edition) - 2021) if edition.isdigit() else 1.0
    edges = np.interp(pace * np.arange(len(labels) + 1), np.arange(len(reached)), reached)
    shares = np.diff(edges) * sum(known) / (edges[-1] - edges[0])
    found = {"Trunk": 4.0, **dict(zip(labels, shares.tolist(), strict=True))}
    return Marginal(found, Origin.INVENTED, "ages as published for 2021, newer every year")


def project_key(label: str) -> str:
    """Return what a project is called whatever the list explains about it.

    Examples
    --------
    >>> project_key("OpenStack-Ansible (Ansible Playbooks for OpenStack)")
    'openstackansible'
    """
    return re.sub(r"[^a-z0-9]", "", label.split("(", maxsplit=1)[0].lower())


@cache
def project_shares(concept: str, edition: str, label: str) -> tuple[float, float, float]:
    """Return shares (0 to 1) of production, testing and interest for one project.

    Clouds that are not yet in production test what others run.
    """
    key = project_key(label)
    production, testing, interest = figures.project_chart().get(key, (1.0, 1.0, 5.0))
    if concept == "projects_interest":
        return 0.0, min(0.95, 0.008 * (production + testing)), interest / 100
    counted = figures.project_users()
    users = counted.get(_nearest((*counted, "2021"), edition))
    if users is not None:
        production = 100 * _NOVA * users.get(key, 1) / users["nova"]
    return production / 100, min(testing, 99 - production) / 100, interest / 100


def _projects(question: Question, edition: str) -> Marginal:
    in_use = question.concept == "projects_used"
    if in_use and edition == "2021":
        return Marginal({}, Origin.PUBLISHED, "shares under 3 % are not shown and taken as 0 to 2")
    if in_use and edition in figures.project_users():
        return Marginal({}, Origin.PARTLY, "published: counts of production users")
    return Marginal({}, Origin.INVENTED)


def _contributions(question: Question, edition: str) -> Marginal:
    table = figures.published(question.concept)
    year = _nearest(tuple(table), edition)
    counts, base = table[year], figures.contributors()[year]
    shares = {
        label: max(0.4, 100 * counts.get(project_key(label), 0) / base) for label in question.labels
    }
    return Marginal(shares, Origin.PUBLISHED if year == edition else Origin.INVENTED)


def _operating_system(question: Question, edition: str) -> Marginal:
    known = figures.published(question.concept)
    year = _nearest((*assumptions.OPERATING_SYSTEMS, *known), edition)
    if year not in known:
        return Marginal(assumptions.OPERATING_SYSTEMS[year], Origin.INVENTED)
    if year != edition:
        return Marginal(known[year], Origin.INVENTED, f"as published for {year}")
    return Marginal(known[year], Origin.PUBLISHED)


def _nearest(years: Iterable[str], edition: str) -> str:
    wanted = int(edition) if edition.isdigit() else 2021
    return min(sorted(years), key=lambda year: abs(int(year) - wanted))


_SPECIAL: Mapping[str, Callable[[Question, str], Marginal]] = {
    "compute_cores": _cores,
    "operating_system": _operating_system,
    "projects_contributed_to": _contributions,
    "projects_interest": _projects,
    "projects_used": _projects,
    "releases_in_use": _releases,
}


def answer_rate(question: Question) -> float:
    """Return the share (0 to 1) of those asked who answer."""
    if question.required:
        return 0.992
    if question.concept in assumptions.ANSWER_RATES:
        return assumptions.ANSWER_RATES[question.concept] / 100
    if question.write_in_of:
        return 0.85
    if question.kind.free_text:
        return _TEXT_RATE / 100
    about_projects = "feedback" in question.concept or "challenges" in question.concept
    return (_FEEDBACK_RATE if about_projects else _BASE_RATE) / 100


@checked(SurveyError)
def sources(codebook: Codebook) -> pd.DataFrame:
    """Return concept, edition, origin and note of every closed question's distribution.

    Examples
    --------
    >>> from survey.codebook import read_codebook
    >>> table = sources(read_codebook()).set_index(["concept", "edition"])
    >>> table.loc[("deployment_stage", "2021"), "origin"]
    'published'
    >>> table.loc[("team_size", "2023"), "origin"]
    'invented'
    """
    rows = [
        (question.concept, edition.name, found.origin.value, found.note)
        for edition in codebook
        for question in edition.questions
        if question.kind.closed
        for found in [marginal(question, edition.name)]
    ]
    return pd.DataFrame(rows, columns=["concept", "edition", "origin", "note"])
