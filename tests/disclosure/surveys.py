"""Invented answers of any size, as typed tables: for protecting and attacking many surveys."""

from __future__ import annotations

import numpy as np
import pandas as pd

from survey.codebook import Codebook, Kind, Question, Unit, read_codebook
from survey.provenance import Provenance
from survey.responses import AnswerSetArray, Responses

__all__ = ["CONCEPTS", "GROUPS", "invented"]

BOOK = read_codebook()
RESPONDENT = ("likelihood_to_recommend", "industry", "organization_size", "primary_country")
DEPLOYMENT = (
    "deployment_stage",
    "deployment_type",
    "compute_cores",
    "hypervisors",
    "deployment_tools",
)
CONCEPTS = (*RESPONDENT[:3], *DEPLOYMENT)
GROUPS = ("deployment_stage", "compute_cores", "industry", "organization_size", "region")
COUNTRIES = ("US", "CN", "DE", "JP", "BR", "GB", "IN", "AU", "ZA", "FR")


def invented(
    respondents: int, seed: int, editions: tuple[str, ...] = ("2019",), codebook: Codebook = BOOK
) -> Responses:
    """Return answers of some editions: organizations with several clouds, gaps, rare answers."""
    drawn = np.random.default_rng(seed)
    people = pd.concat([_people(drawn, respondents, name) for name in editions], ignore_index=True)
    clouds = people.loc[people.index.repeat(drawn.choice([0, 1, 1, 1, 2, 3, 5], len(people)))]
    clouds = clouds[["edition", "respondent", "organization"]].reset_index(drop=True)
    clouds.insert(1, "deployment", np.arange(1, len(clouds) + 1))
    for frame, concepts in ((people, RESPONDENT), (clouds, DEPLOYMENT)):
        frame["copied"] = False
        frame["record_key"] = drawn.integers(1, 2**64, len(frame), dtype=np.uint64)
        for concept in concepts:
            frame[concept] = _answers(drawn, codebook.question(concept), len(frame))
    empty = pd.DataFrame()
    origin = Provenance(codebook=editions)
    return Responses(people, clouds, codebook, empty, empty, origin)


def _people(drawn: np.random.Generator, size: int, edition: str) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "edition": edition,
            "respondent": np.arange(1, size + 1),
            "member": [f"member-{n}" for n in range(size)],
            "language": "",
            "created": pd.NaT,
            "edited": pd.NaT,
            "organization": [f"org-{n}" for n in drawn.integers(0, max(2, int(size * 0.6)), size)],
        }
    )


def _answers(drawn: np.random.Generator, question: Question, size: int) -> object:
    if question.kind is Kind.COUNTRY:
        chances = 1 / np.arange(1, len(COUNTRIES) + 1)
        codes = drawn.choice(len(COUNTRIES), size, p=chances / chances.sum())
        return pd.Categorical.from_codes(codes, COUNTRIES)
    labels = [label for label in question.labels if label not in question.missing_labels]
    weights = drawn.dirichlet(np.full(len(labels), 0.4))
    missing = drawn.random(size) < 0.15
    if question.kind is Kind.SINGLE:
        codes = np.where(missing, -1, drawn.choice(len(labels), size, p=weights))
        return pd.Categorical.from_codes(codes, labels, ordered=question.banded)
    chosen = drawn.random((size, len(labels))) < np.clip(2 * weights, 0.003, 0.95)
    lists = [
        [] if gone else [label for label, yes in zip(labels, row, strict=True) if yes]
        for row, gone in zip(chosen, missing, strict=True)
    ]
    return AnswerSetArray.from_lists(lists, tuple(labels))


def unit_of(concept: str) -> Unit:
    """Return what a question is about."""
    return BOOK.question(concept).unit
