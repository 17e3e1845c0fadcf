"""Hidden standing of clouds and people on every choice of every question.

Each choice of the questionnaire has a slot. What a cloud answers comes from a standard normal
number in the slot: part of it belongs to the organization, part to the cloud and part to the
year. So clouds of one organization resemble each other, a cloud resembles itself next year,
and the share of clouds beyond a threshold is still the share that was asked for.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

import numpy as np
import numpy.typing as npt
from scipy.special import ndtri

from survey.codebook import Codebook
from survey.synthetic.streams import stream

__all__ = ["FACTORS", "Slots", "blend", "slots_of", "threshold"]

Numbers = npt.NDArray[np.float64]
Slots = Mapping[tuple[str, str], int]

FACTORS = ("size", "breadth", "upgrades", "contributes", "age", "spare")
"""Slots that several questions share."""

_WEIGHTS = np.sqrt([0.30, 0.52, 0.18])


@lru_cache(maxsize=4)
def _slots(names: tuple[tuple[str, str], ...]) -> dict[tuple[str, str], int]:
    return {name: place for place, name in enumerate(names)}


def slots_of(codebook: Codebook) -> Slots:
    """Return (concept, label) -> slot, over all editions, and (concept, "") for the whole."""
    labels = {
        (question.concept, choice.label)
        for edition in codebook
        for question in edition.questions
        for choice in (*question.choices, *question.rows)
    }
    concepts = {(concept, "") for concept in codebook.concepts}
    factors = [("", factor) for factor in FACTORS]
    return _slots((*factors, *sorted(labels | concepts)))


def blend(seed: int, size: int, organization: int, unit: tuple[int | str, ...], year: str
          ) -> Numbers:
    """Return standard normal numbers for one unit of an organization in one year.

    Examples
    --------
    >>> blend(7, 3, 12, ("cloud", 0), "2021").shape
    (3,)
    """
    kind = str(unit[0])
    parts = (
        stream(seed, "organization", kind, organization).standard_normal(size),
        stream(seed, "unit", organization, *unit).standard_normal(size),
        stream(seed, "year", organization, *unit, year).standard_normal(size),
    )
    total: Numbers = sum(weight * part for weight, part in zip(_WEIGHTS, parts, strict=True))
    return total


@lru_cache(maxsize=100_000)
def threshold(share: float) -> float:
    """Return the standard normal number that a ``share`` of all numbers stays below."""
    return float(ndtri(min(max(share, 0.0), 1.0)))
