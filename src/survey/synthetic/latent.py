"""Hidden standing of clouds and people on every choice of every question.

Each choice of the questionnaire has a slot. What a cloud answers comes from a standard normal
number in the slot: part of it belongs to the organization, part to the cloud and part to the
year. So clouds of one organization resemble each other, a cloud resembles itself next year,
and the share of clouds beyond a threshold is still the share that was asked for.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr, ndtri

from survey.codebook import Codebook
from survey.synthetic.streams import stream

__all__ = ["Hidden", "Numbers", "Slots", "blend", "deviate", "share_below", "slots_of"]

Numbers = npt.NDArray[np.float64]
Slots = Mapping[tuple[str, str], int]

_FACTORS = ("size", "breadth", "upgrades", "age", "spare")
_WEIGHTS = np.sqrt([0.30, 0.52, 0.18])
_BREADTH = 0.3


def slots_of(codebook: Codebook) -> Slots:
    """Return (concept, label) -> slot, over all editions, and (concept, "") for the whole.

    Examples
    --------
    >>> from survey.codebook import read_codebook
    >>> ("compute_cores", "") in slots_of(read_codebook())
    True
    """
    labels = {
        (question.concept, choice.label)
        for edition in codebook
        for question in edition.questions
        for choice in (*question.choices, *question.rows)
    }
    concepts = {(concept, "") for concept in codebook.concepts}
    names = [*(("", factor) for factor in _FACTORS), *sorted(labels | concepts)]
    return {name: place for place, name in enumerate(names)}


@dataclass(frozen=True)
class Hidden:
    """Standard normal numbers of one unit in one year, by slot.

    Attributes
    ----------
    alone
        The numbers as chances from 0 to 1.
    shared
        The same after mixing in how much of everything the unit uses.
    """

    slots: Slots
    numbers: Numbers

    @cached_property
    def alone(self) -> Numbers:
        """Chances from 0 to 1, one by one."""
        return np.asarray(ndtr(self.numbers), dtype=np.float64)

    @cached_property
    def shared(self) -> Numbers:
        """Chances from 0 to 1, lower all over for units that use much."""
        own = np.sqrt(1 - _BREADTH**2) * self.numbers
        return np.asarray(ndtr(own - _BREADTH * self.factor("breadth")), dtype=np.float64)

    def factor(self, name: str) -> float:
        """Return the number of a factor that questions share."""
        return float(self.numbers[self.slots["", name]])

    def number(self, concept: str) -> float:
        """Return the number of a question as a whole."""
        return float(self.numbers[self.slots.get((concept, ""), self.slots["", "spare"])])

    def chance(self, concept: str, label: str = "") -> float:
        """Return the chance of a question, or of one of its choices by itself."""
        return float(self.alone[self.slots.get((concept, label), self.slots["", "spare"])])

    def taken(self, concept: str, label: str) -> float:
        """Return the chance of a choice among several."""
        return float(self.shared[self.slots[concept, label]])


def blend(
    seed: int, slots: Slots, organization: int, unit: tuple[int | str, ...], year: str
) -> Hidden:
    """Return the hidden numbers of one unit of an organization in one year.

    Examples
    --------
    >>> blend(7, {("", "size"): 0}, 12, ("cloud", 0), "2021").numbers.shape
    (1,)
    """
    size = len(slots)
    parts = (
        stream(seed, "organization", str(unit[0]), organization).standard_normal(size),
        stream(seed, "unit", organization, *unit).standard_normal(size),
        stream(seed, "year", organization, *unit, year).standard_normal(size),
    )
    return Hidden(slots, _WEIGHTS @ np.stack(parts))


def deviate(share: float) -> float:
    """Return the standard normal number that a ``share`` of all numbers stays below."""
    return float(ndtri(min(max(share, 1e-9), 1 - 1e-9)))


def share_below(number: float) -> float:
    """Return the share of standard normal numbers below ``number``."""
    return float(ndtr(number))
