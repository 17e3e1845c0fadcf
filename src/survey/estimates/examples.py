"""Small invented answers for the examples in this room's documentation.

Two editions of a questionnaire with five questions; 12 organizations, some with several
deployments, most of which answer both years. Nothing in here is random.
"""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd

from survey.codebook import Band, Choice, Codebook, Edition, Kind, Question, Unit
from survey.provenance import POOLED, Provenance
from survey.responses import AnswerSetArray, Responses

__all__ = ["answers"]

_STAGES = ("Production", "Testing", "Proof of concept")
_TOOLS = ("Ansible", "Puppet", "Kolla", "Juju")
_CORES = ("1 to 99 cores", "100 to 999 cores", "1,000 cores or more")
_BANDS = (Band(1, 99), Band(100, 999), Band(1000, None))
_SCORES = tuple(str(score) for score in range(11))


@cache
def answers() -> Responses:
    """Return the answers of 2018 and 2019.

    Examples
    --------
    >>> answers().editions
    ('2018', '2019')
    """
    questions = {
        "2018": (_recommend(), _stage(), _cores(), _tools(_TOOLS[:3])),
        "2019": (_recommend(), _stage(), _cores(), _tools(_TOOLS)),
    }
    editions = {
        year: Edition(year, f"Survey {year}", "observed", listed)
        for year, listed in questions.items()
    }
    respondents = pd.concat([_respondents(year) for year in editions], ignore_index=True)
    return Responses(
        respondents,
        _deployments(respondents),
        Codebook(MappingProxyType(editions)),
        pd.DataFrame(),
        pd.DataFrame(),
        Provenance(codebook=tuple(editions), steps=(POOLED,)),
    )


def _recommend() -> Question:
    return Question(
        "likelihood_to_recommend",
        "NetPromoter",
        "How likely to recommend OpenStack",
        Kind.SINGLE,
        Unit.RESPONDENT,
        tuple(Choice(score, score) for score in _SCORES),
    )


def _stage() -> Question:
    return Question(
        "deployment_stage",
        "DeploymentStage",
        "Stage of the deployment",
        Kind.SINGLE,
        Unit.DEPLOYMENT,
        tuple(Choice(stage, stage) for stage in _STAGES),
    )


def _cores() -> Question:
    choices = tuple(Choice(text, text, band) for text, band in zip(_CORES, _BANDS, strict=True))
    return Question(
        "compute_cores",
        "ComputeCores",
        "Physical cores",
        Kind.SINGLE,
        Unit.DEPLOYMENT,
        choices,
        measure="cores",
    )


def _tools(tools: tuple[str, ...]) -> Question:
    return Question(
        "deployment_tools",
        "DeploymentTools",
        "Tools for deploying OpenStack",
        Kind.MULTIPLE,
        Unit.DEPLOYMENT,
        tuple(Choice(tool, tool) for tool in tools),
    )


def _respondents(year: str) -> pd.DataFrame:
    later = year == "2019"
    numbers = range(2 * later, 10 + 2 * later)
    scores = [_SCORES[(7 * number + later) % 11] for number in numbers]
    return pd.DataFrame(
        {
            "edition": year,
            "respondent": [f"r{number}" for number in numbers],
            "organization": [f"organization {number}" for number in numbers],
            "copied": False,
            "record_key": [_key(f"{year} r{number}") for number in numbers],
            "likelihood_to_recommend": pd.Categorical(scores, _SCORES, ordered=True),
        }
    )


def _deployments(respondents: pd.DataFrame) -> pd.DataFrame:
    rows: list[dict[str, Any]] = []
    for place, person in enumerate(respondents.itertuples()):
        number = int(str(person.respondent)[1:])
        for cloud in range(1 + number % 4):
            rows.append(_cloud(person, 3 * place + 5 * number + 7 * cloud, cloud))
    tools = AnswerSetArray.from_lists([row.pop("deployment_tools") for row in rows], _TOOLS)
    frame = pd.DataFrame(rows)
    frame["deployment_stage"] = pd.Categorical(frame["deployment_stage"], _STAGES)
    frame["compute_cores"] = pd.Categorical(frame["compute_cores"], _CORES, ordered=True)
    return frame.assign(deployment_tools=tools)


def _cloud(person: Any, seed: int, number: int) -> dict[str, Any]:
    later = person.edition == "2019"
    offered = _TOOLS if later else _TOOLS[:3]
    return {
        "edition": person.edition,
        "deployment": f"{person.respondent}-{number}",
        "respondent": person.respondent,
        "organization": person.organization,
        "copied": False,
        "record_key": _key(f"{person.edition} {person.respondent}-{number}"),
        "deployment_stage": _STAGES[max(0, seed % 6 - 3)],
        "compute_cores": _CORES[(seed // 2 + later) % 3],
        "deployment_tools": [tool for place, tool in enumerate(offered) if seed >> place & 1],
    }


def _key(record: str) -> np.uint64:
    return np.uint64(int.from_bytes(sha256(record.encode()).digest()[:8], "big"))
