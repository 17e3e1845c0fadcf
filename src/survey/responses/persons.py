"""Respondents that a file knows by company, name and address instead of their number.

The dashboard's raw data gives a deployment's number and says who submitted it, but not in which
survey. Another file of the edition can tell: one that has the deployment, or one that has the
same person with the number of the survey.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

from survey.codebook import Unit
from survey.responses.tables import Tables

__all__ = ["with_numbers"]


def with_numbers(parts: Sequence[Tables]) -> list[Tables]:
    """Return the tables with the respondents' own numbers, as far as any of them has these.

    Whoever stays unknown keeps a number below zero, the same in every file.
    """
    known = _known(parts)
    return [
        _numbered(part, known) if (part.respondents.index < 0).any() else part for part in parts
    ]


def _known(parts: Sequence[Tables]) -> dict[int, int]:
    """Return stand-in -> survey number."""
    known: dict[int, int] = {}
    for part in parts:
        known |= {person: survey for person, survey in part.persons.items() if person < 0}
    described = pd.concat([part.deployments["respondent"] for part in parts])
    numbered = described[described >= 0]
    numbered = numbered[~numbered.index.duplicated()]
    for deployment, person in described[described < 0].items():
        if deployment in numbered.index:
            known.setdefault(int(person), int(numbered[deployment]))
    return known


def _numbered(part: Tables, known: dict[int, int]) -> Tables:
    respondents = part.respondents.copy()
    respondents.index = pd.Index([known.get(number, number) for number in respondents.index])
    deployments = part.deployments.copy()
    deployments["respondent"] = [known.get(each, each) for each in deployments["respondent"]]
    flags = [
        replace(flag, id=known.get(flag.id, flag.id)) if flag.unit is Unit.RESPONDENT else flag
        for flag in part.flags
    ]
    unique = respondents[~respondents.index.duplicated()]
    return replace(part, respondents=unique, deployments=deployments, flags=flags)
