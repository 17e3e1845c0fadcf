"""Propose organizations that may be one: for a person to decide, never for the program."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd

from survey.checked import checked
from survey.codebook import Unit
from survey.dataclass import dataclass
from survey.errors import Problem, ResponsesError
from survey.responses.aliases import Aliases
from survey.responses.linkage.blocking import candidates
from survey.responses.linkage.profile import Profile, profiles_of
from survey.responses.linkage.weighed import Evidence, Weigher
from survey.responses.responses import Responses
from survey.responses.similarity import likeness

__all__ = ["OrganizationPair", "propose_organizations"]

LEAST_SCORE = 0.1
_PER_ORGANIZATION = 0.2
_ALIKE, _ENOUGH = 0.6, 8
_ALIKE_BITS = 4.0
_MOST_CLOUDS = 6


@dataclass(frozen=True)
class OrganizationPair:
    """Two organizations that may be one.

    Attributes
    ----------
    one, other
        Their pseudonyms.
    names
        Their names as written, the most common of each first. Personal data of the survey's
        members: not for a log, a report or a commit message.
    score
        From 0 to 1: the probability that they are one, if every piece of evidence told
        something of its own. It ranks; it does not decide.
    evidence
        What speaks for and against, strongest first.
    editions
        When each of the two answered.
    """

    one: str
    other: str
    names: tuple[str, ...]
    score: float
    evidence: tuple[Evidence, ...]
    editions: tuple[tuple[str, ...], tuple[str, ...]]

    @property
    def followed(self) -> bool:
        """Whether one answered only after the last answer of the other."""
        one, other = self.editions
        return max(one) < min(other) or max(other) < min(one)


@checked(ResponsesError)
def propose_organizations(
    answers: Responses, aliases: Aliases | None = None, *, least: float = LEAST_SCORE
) -> tuple[OrganizationPair, ...]:
    """Return pairs of organizations that may be one, the likeliest first.

    Parameters
    ----------
    answers
        Identified answers, of one or several editions: names and addresses are the evidence.
    aliases
        What was decided already; pairs that are distinct are not proposed again.
    least
        Lowest score of a proposal.

    Raises
    ------
    ResponsesError
        If the answers are not identified.

    Notes
    -----
    Names are compared as wholes, word by word, as abbreviations and in Latin letters; then
    mail domains, accounts, clouds, country, city, industry and size. Weights are those of
    Fellegi and Sunter (1969) with frequencies from the answers (Winkler 1990).

    Examples
    --------
    >>> pairs = propose_organizations(clean(exports, identified=True))  # doctest: +SKIP
    >>> round(pairs[0].score, 2), str(pairs[0].evidence[0])  # doctest: +SKIP
    (0.98, 'same mail domain (+7.1)')
    """
    if not answers.identified:
        problem = Problem(
            "propose_organizations()", "answers without names", "clean(..., identified=True)"
        )
        raise ResponsesError("Organizations cannot be compared", [problem])
    known = aliases or Aliases()
    profiles = profiles_of(answers)
    pairs = [pair for pair in candidates(profiles) if not _distinct(known, *_of(profiles, pair))]
    weigher = Weigher(profiles)
    weighed = [(pair, weigher.weigh(*_of(profiles, pair))) for pair in pairs]
    floor = _bits_of(least) - _prior(len(profiles)) - _ALIKE_BITS
    likely = [(pair, found) for pair, found in weighed if sum(e.bits for e in found) >= floor]
    alike = _clouds_alike(answers, [_of(profiles, pair) for pair, _ in likely])
    found = [
        _pair(profiles, pair, [*evidence, *clouds])
        for (pair, evidence), clouds in zip(likely, alike, strict=True)
    ]
    ranked = sorted(found, key=lambda each: (-each.score, each.names))
    return tuple(each for each in ranked if each.score >= least)


def _of(profiles: Sequence[Profile], pair: tuple[int, int]) -> tuple[Profile, Profile]:
    return profiles[pair[0]], profiles[pair[1]]


def _distinct(aliases: Aliases, one: Profile, other: Profile) -> bool:
    if not aliases.distinct_names:
        return False
    return any(aliases.distinct(a, b) for a in one.squeezed for b in other.squeezed)


def _pair(
    profiles: Sequence[Profile], pair: tuple[int, int], evidence: Iterable[Evidence]
) -> OrganizationPair:
    one, other = _of(profiles, pair)
    ordered = tuple(sorted(evidence, key=lambda each: (-abs(each.bits), each.what)))
    bits = _total(_prior(len(profiles)), ordered)
    return OrganizationPair(
        one.key,
        other.key,
        (one.name, other.name),
        1 / (1 + 2.0 ** -max(min(bits, 500.0), -500.0)),
        ordered,
        (tuple(sorted(one.editions)), tuple(sorted(other.editions))),
    )


def _total(prior: float, evidence: Sequence[Evidence]) -> float:
    """Return the odds in bits; circumstances by themselves make no more than even odds."""
    around = sum(each.bits for each in evidence if each.circumstance)
    telling = sum(each.bits for each in evidence if not each.circumstance)
    return prior + telling + min(around, max(-prior, 0.0))


def _prior(size: int) -> float:
    """Return the odds, in bits, that any two organizations are one.

    One in five organizations is assumed to have a second identity.
    """
    pairs = max(size * (size - 1) / 2, 1.0)
    return math.log2(max(_PER_ORGANIZATION * size, 0.5) / pairs)


def _bits_of(score: float) -> float:
    return math.log2(score / (1 - score)) if 0 < score < 1 else -math.inf


def _clouds_alike(
    answers: Responses, pairs: Sequence[tuple[Profile, Profile]]
) -> list[list[Evidence]]:
    """Return for each pair whether any two of their clouds were described alike."""
    rows = [
        (number, mine, theirs)
        for number, (one, other) in enumerate(pairs)
        for mine in one.clouds[-_MOST_CLOUDS:]
        for theirs in other.clouds[-_MOST_CLOUDS:]
    ]
    found: list[list[Evidence]] = [[] for _ in pairs]
    if not rows:
        return found
    number, left, right = (np.array(each, dtype=np.int64) for each in zip(*rows, strict=True))
    closed = [
        question
        for question in answers.codebook.edition(answers.editions[-1]).of_unit(Unit.DEPLOYMENT)
        if question.kind.closed and question.concept != "is_public"
    ]
    alike = likeness(answers.deployments, closed, left, right)
    best = pd.Series(np.where(alike.both >= _ENOUGH, alike.agreement, 0.0)).groupby(number).max()
    for place, agreement in best[best >= _ALIKE].items():
        found[int(str(place))].append(Evidence(f"clouds {agreement:.0%} alike", _ALIKE_BITS, True))
    return found
