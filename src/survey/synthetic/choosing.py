"""From hidden numbers to choices: single, several, ranked, in a matrix, in bands."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Mapping
from itertools import accumulate

import numpy as np

from survey.codebook import Question
from survey.synthetic.latent import Hidden
from survey.synthetic.marginals import project_shares

__all__ = ["band", "matrix", "ranking", "several", "single", "values"]

Shares = Mapping[str, float]
_RARE = 0.5
_MOST_RANKED = 5
_PROJECT_COLUMNS = ("Production", "Testing", "Interested")


def values(question: Question, labels: Collection[str]) -> tuple[str, ...]:
    """Return the stored values behind labels, one that is listed twice as often as listed."""
    return tuple(choice.value for choice in question.choices if choice.label in labels)


def single(question: Question, shares: Shares, chance: float) -> str:
    """Return the choice into whose share the chance falls, in the order of the list.

    Examples
    --------
    >>> from survey.codebook import read_codebook
    >>> stage = read_codebook().question("deployment_stage", "2021")
    >>> single(stage, {"Proof of Concept": 50}, 0.1)
    'Proof of Concept'
    """
    weights = np.array([max(0.0, shares.get(label, _RARE)) for label in question.labels])
    reached = np.cumsum(weights)
    place = int(np.searchsorted(reached, chance * reached[-1], side="right"))
    return question.value_of[question.labels[min(place, len(reached) - 1)]]


def band(question: Question, number: float) -> str:
    """Return the highest band that starts at or below ``number``.

    Examples
    --------
    >>> from survey.codebook import read_codebook
    >>> band(read_codebook().question("compute_cores", "2021"), 2400)
    '1,000 to 9,999 cores'
    """
    lowest = next(iter(question.bands))
    reached = [(each.low, label) for label, each in question.bands.items() if each.low <= number]
    return question.value_of[max(reached)[1] if reached else lowest]


def several(question: Question, shares: Shares, hidden: Hidden) -> tuple[str, ...]:
    """Return the choices whose chance is below their share.

    Where none is, the nearest one is taken, though not the most common: its share would no
    longer be the one that was asked for.
    """
    slack = {
        label: hidden.taken(question.concept, label) - shares.get(label, _RARE) / 100
        for label in question.labels
    }
    chosen = {label for label, distance in slack.items() if distance < 0}
    if not chosen:
        slack.pop(max(shares, key=lambda label: shares[label]), None)
        chosen = {min(slack, key=lambda label: slack[label])}
    return values(question, chosen)


def ranking(question: Question, shares: Shares, hidden: Hidden) -> tuple[str, ...]:
    """Return the chosen items, the most wanted first; five at most."""
    slack = sorted(
        (hidden.chance(question.concept, label) - shares.get(label, 2.0) / 100, label)
        for label in question.labels
    )
    chosen = [label for distance, label in slack if distance < 0] or [slack[0][1]]
    return tuple(question.value_of[label] for label in chosen[:_MOST_RANKED])


def matrix(question: Question, edition: str, hidden: Hidden) -> dict[str, str]:
    """Return row -> column; tables of projects follow the published shares."""
    columns = {choice.label: choice.value for choice in question.choices}
    about_projects = set(columns) <= set(_PROJECT_COLUMNS)
    found = {}
    for row in question.rows:
        shares = (
            project_shares(question.concept, edition, row.label)
            if about_projects
            else (0.5 / len(columns),) * len(columns)
        )
        names = _PROJECT_COLUMNS if about_projects else tuple(columns)
        place = bisect_left(tuple(accumulate(shares)), hidden.taken(question.concept, row.label))
        if place < len(names) and names[place] in columns:
            found[row.value] = columns[names[place]]
    return found
