"""Answers built by hand, named by shape, for the tests of shares and what rests on them.

``questionnaire`` has one question of every closed kind; ``build`` takes one mapping per
deployment, ``invented`` draws many of them with clusters, blanks and two or more editions.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd

from survey.codebook import Band, Choice, Codebook, Edition, Kind, Missing, Question, Unit
from survey.provenance import Provenance
from survey.responses import AnswerSetArray, AnswerSetDtype, Responses

STAGES = ("Production", "Testing", "Proof of concept")
SIZES = ("1 to 9", "10 to 99", "100 or more")
TOOLS = ("Ansible", "Puppet", "Kolla", "Juju", "None of these")
DRIVERS = ("Save money", "Innovate", "Avoid lock-in", "Other")
PROJECTS = ("Nova", "Neutron", "Cinder")
LEVELS = ("Production", "Testing", "Interested")
SCORES = tuple(str(score) for score in range(11))


def choices(*labels: str) -> tuple[Choice, ...]:
    return tuple(Choice(label, label) for label in labels)


def questionnaire() -> tuple[Question, ...]:
    """Return one question of every closed kind, and a text."""
    sizes = tuple(
        Choice(text, text, band)
        for text, band in zip(SIZES, (Band(1, 9), Band(10, 99), Band(100, None)), strict=True)
    )
    unknown = Choice("?", "Don't know", missing=Missing.UNKNOWN)
    of_cloud, of_person = Unit.DEPLOYMENT, Unit.RESPONDENT
    return (
        Question("score", "S", "How likely to recommend", Kind.SINGLE, of_person, choices(*SCORES)),
        Question("drivers", "B", "Reasons, ranked", Kind.RANKING, of_person, choices(*DRIVERS)),
        Question("primary_country", "C", "Country", Kind.COUNTRY, of_person),
        Question("remark", "R", "Remark", Kind.TEXT, of_person),
        Question("stage", "G", "Stage", Kind.SINGLE, of_cloud, choices(*STAGES)),
        Question("size", "Z", "Size", Kind.SINGLE, of_cloud, (*sizes, unknown), measure="cores"),
        Question("tools", "T", "Tools", Kind.MULTIPLE, of_cloud, choices(*TOOLS)),
        Question(
            "projects", "P", "Projects", Kind.MATRIX, of_cloud, choices(*LEVELS), choices(*PROJECTS)
        ),
        Question("public", "U", "Public", Kind.CHECKBOX, of_cloud),
        Question(
            "deployment_countries",
            "D",
            "Where",
            Kind.COUNTRIES,
            of_cloud,
            (Choice("Prefer not to say", "Prefer not to say", missing=Missing.REFUSED),),
        ),
    )


def book(
    editions: Sequence[str] = ("2018", "2019"),
    changed: Mapping[str, Mapping[str, Mapping[str, Any] | None]] = MappingProxyType({}),
) -> Codebook:
    """Return a codebook; ``changed`` maps edition -> concept -> new attributes, or None."""
    made = {}
    for year in editions:
        listed = []
        for question in questionnaire():
            change = changed.get(year, {}).get(question.concept, {})
            if change is not None:
                series = {"series": question.concept} | dict(change)
                listed.append(replace(question, **series))
        made[year] = Edition(year, f"Survey {year}", "observed", tuple(listed))
    return Codebook(MappingProxyType(made))


def build(rows: Sequence[Mapping[str, Any]], codebook: Codebook | None = None) -> Responses:
    """Build answers from one mapping per deployment; a respondent answers per organization.

    Keys are ``edition``, ``organization``, ``copied`` and concepts; a respondent's answers
    are taken from the first of the organization's deployments in the edition.
    """
    codebook = codebook or book()
    table = [
        {"edition": "2019", "organization": f"o{place}", "copied": False} | dict(row)
        for place, row in enumerate(rows)
    ]
    for place, row in enumerate(table):
        row["respondent"] = row.get("respondent", f"r-{row['organization']}")
        row["deployment"] = f"d{place}"
    people = list({(row["edition"], row["respondent"]): row for row in reversed(table)}.values())
    people.reverse()
    return Responses(
        _typed(people, Unit.RESPONDENT, ("edition", "respondent", "organization", "copied")),
        _typed(
            table,
            Unit.DEPLOYMENT,
            ("edition", "deployment", "respondent", "organization", "copied"),
        ),
        codebook,
        pd.DataFrame(),
        pd.DataFrame(),
        Provenance(codebook=tuple(codebook.editions)),
    )


def _typed(rows: Sequence[Mapping[str, Any]], unit: Unit, keys: Sequence[str]) -> pd.DataFrame:
    frame = pd.DataFrame({key: [row[key] for row in rows] for key in keys})
    for question in questionnaire():
        if question.unit is unit:
            frame[question.concept] = _column(question, [row.get(question.concept) for row in rows])
    return frame


def _column(question: Question, values: Sequence[Any]) -> Any:
    if question.kind is Kind.SINGLE:
        return pd.Categorical(values, question.labels, ordered=question.banded)
    if question.kind is Kind.COUNTRY:
        return pd.Categorical(values)
    if question.kind is Kind.CHECKBOX:
        return pd.array(values, dtype="boolean")
    if question.kind is Kind.MATRIX:
        dtype = AnswerSetDtype(question.row_labels, question.labels)
        return AnswerSetArray._from_sequence(values, dtype=dtype)
    if question.kind is Kind.COUNTRIES:
        codes = sorted({code for value in values for code in value or ()})
        return AnswerSetArray.from_lists(values, codes)
    if question.kind is Kind.TEXT:
        return pd.Series(values, dtype=object)
    return AnswerSetArray.from_lists(values, question.labels, ranked=question.kind is Kind.RANKING)


def invented(
    seed: int,
    clouds: int = 120,
    organizations: int = 50,
    editions: Sequence[str] = ("2018", "2019"),
    blank: float = 0.1,
    lean: float = 0.6,
) -> Responses:
    """Draw answers in which the clouds of an organization resemble each other."""
    rng = np.random.default_rng(seed)
    habit = rng.random((organizations, 32))
    rows = []
    for _ in range(clouds):
        place = int(rng.integers(organizations) * rng.random())
        taste = np.where(rng.random(32) < lean, habit[place], rng.random(32))
        row: dict[str, Any] = {
            "edition": str(rng.choice(editions)),
            "organization": f"o{place:03}",
            "score": SCORES[int(11 * taste[0])],
            "stage": STAGES[int(3 * taste[1] ** 2)],
            "size": (*SIZES, "Don't know")[int(4 * taste[2])],
            "tools": [tool for tool, use in zip(TOOLS, taste[3:], strict=False) if use < 0.4],
            "drivers": [DRIVERS[i] for i in np.argsort(taste[8:12])][: int(5 * taste[12])],
            "projects": {
                name: LEVELS[int(3 * level)]
                for name, use, level in zip(PROJECTS, taste[13:], taste[16:], strict=False)
                if use < 0.7
            },
            "public": bool(taste[20] < 0.3),
            "primary_country": ("DE", "US", "JP", "BR")[int(4 * taste[21])],
            "deployment_countries": sorted(
                {
                    ("DE", "FR", "US", "Prefer not to say")[int(4 * each)]
                    for each in taste[22 : 22 + int(1 + 2 * taste[24])]
                }
            ),
        }
        kept = {
            key: value
            for key, value in row.items()
            if key in ("edition", "organization") or rng.random() > blank
        }
        rows.append(kept)
    return build(rows, book(editions))
