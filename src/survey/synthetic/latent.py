"""Hidden standing of clouds and people on every choice of every question.

Each choice of the questionnaire has a slot. What a cloud answers comes from a standard normal
number in the slot: part of it belongs to the organization, part to the cloud and part to the
year. So clouds of one organization resemble each other, a cloud resembles itself next year,
and the share of clouds beyond a threshold is still the share that was asked for.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr, ndtri

from survey.codebook import Codebook
from survey.dataclass import dataclass
from survey.synthetic.streams import Keys, chances, name_keys

__all__ = [
    "ANSWERS",
    "SLIPS",
    "Hidden",
    "Numbers",
    "Slots",
    "blend",
    "deviate",
    "share_below",
    "slots_of",
]

Numbers = npt.NDArray[np.float64]

ANSWERS, SLIPS = "\x00answers", "\x00slips"
_FACTORS = ("size", "breadth", "upgrades", "age", "spare")
_WEIGHTS = np.sqrt([0.30, 0.52, 0.18])
_BREADTH = 0.3


@dataclass(frozen=True, eq=False)
class Slots:
    """Where each (concept, label) stands in a row of numbers, and the key that it draws with.

    Besides labels there is one slot for a question as a whole (label ``""``), one for whether
    it is answered and one for slips.
    """

    place: Mapping[tuple[str, str], int]
    keys: Keys


def slots_of(codebook: Codebook) -> Slots:
    """Return the slots of every question in any edition.

    Examples
    --------
    >>> from survey.codebook import read_codebook
    >>> ("compute_cores", "") in slots_of(read_codebook()).place
    True
    """
    labels = {
        (question.concept, choice.label)
        for edition in codebook
        for question in edition.questions
        for choice in (*question.choices, *question.rows)
    }
    whole = {(c, label) for c in codebook.concepts for label in ("", ANSWERS, SLIPS)}
    names = [*(("", factor) for factor in _FACTORS), *sorted(labels | whole)]
    return Slots({name: place for place, name in enumerate(names)}, name_keys(names))


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
        return float(self.numbers[self.slots.place["", name]])

    def number(self, concept: str) -> float:
        """Return the number of a question as a whole."""
        return float(self.numbers[self._place(concept, "")])

    def chance(self, concept: str, label: str = "") -> float:
        """Return the chance of a question, or of one of its choices by itself."""
        return float(self.alone[self._place(concept, label)])

    def taken(self, concept: str, label: str) -> float:
        """Return the chance of a choice among several."""
        return float(self.shared[self.slots.place[concept, label]])

    def _place(self, concept: str, label: str) -> int:
        return self.slots.place.get((concept, label), self.slots.place["", "spare"])


def blend(
    seed: int, slots: Slots, organization: int, unit: tuple[int | str, ...], year: str
) -> Hidden:
    """Return the hidden numbers of one unit of an organization in one year.

    Examples
    --------
    >>> slots = Slots({("", "size"): 0}, name_keys([("", "size")]))
    >>> blend(7, slots, 12, ("cloud", 0), "2021").numbers.shape
    (1,)
    """
    parts = (
        chances(slots.keys, seed, "organization", str(unit[0]), organization),
        chances(slots.keys, seed, "unit", organization, *unit),
        chances(slots.keys, seed, "year", organization, *unit, year),
    )
    return Hidden(slots, _WEIGHTS @ ndtri(np.stack(parts)))


def deviate(share: float) -> float:
    """Return the standard normal number that a ``share`` of all numbers stays below."""
    return float(ndtri(min(max(share, 1e-9), 1 - 1e-9)))


def share_below(number: float) -> float:
    """Return the share of standard normal numbers below ``number``."""
    return float(ndtr(number))
