"""Weights, and how much they cost in precision."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd

from survey.codebook import Unit
from survey.errors import EstimateError, Problem
from survey.estimates.design.arguments import Asked
from survey.estimates.design.sample import Sample
from survey.responses import Responses

__all__ = ["Weights", "weight_of"]

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Weights:
    """One weight per respondent or deployment; made by :func:`rake` or :func:`poststratify`.

    Attributes
    ----------
    values
        The weights, indexed by edition and respondent (or deployment); their mean is 1.
    unit
        Whose weights they are.
    method
        How they were made.
    margins
        What they were made to meet: one row per margin and answer with ``target``, and the
        shares ``before`` and ``after`` weighting.
    trimmed
        How many weights stand at the limit that trimming set.
    """

    values: pd.Series[float]
    unit: Unit
    method: str
    margins: pd.DataFrame
    trimmed: int = 0

    @cached_property
    def design_effect(self) -> float:
        """Factor by which unequal weights inflate a variance (Kish 1965, section 11.7)."""
        squares = float((self.values**2).mean())
        return squares / float(self.values.mean()) ** 2

    @property
    def effective(self) -> float:
        """Number of equally weighted units that would be as informative."""
        return len(self.values) / self.design_effect

    @property
    def range(self) -> tuple[float, float]:
        """Smallest and largest weight, as multiples of the mean."""
        mean = float(self.values.mean())
        return float(self.values.min()) / mean, float(self.values.max()) / mean

    def __repr__(self) -> str:
        low, high = self.range
        return (
            f"<Weights by {self.method}: {len(self.values)} {self.unit.value}s, from {low:.2f} to "
            f"{high:.2f}, design effect {self.design_effect:.2f}>"
        )

    def on(self, answers: Responses, unit: Unit) -> Floats:
        """Return the weights of the rows of ``answers``, in their order; missing as ``nan``.

        Raises
        ------
        EstimateError
            If they are weights of another unit.
        """
        if unit is not self.unit:
            raise EstimateError(
                "These weights do not fit",
                [Problem("weights", f"weights of {self.unit.value}s", f"weights of {unit.value}s")],
            )
        index = pd.MultiIndex.from_frame(answers.frame(unit)[["edition", unit.value]].astype(str))
        return np.asarray(self.values.reindex(index), dtype=np.float64)


def weight_of(sample: Sample, asked: Asked, weights: Weights | None) -> Floats | None:
    """Return the weight of each row that counts; ``None`` without weights.

    Raises
    ------
    EstimateError
        If the weights do not fit, or organizations are counted.
    """
    if weights is None:
        return None
    if not isinstance(weights, Weights):
        problem = Problem("weights", repr(weights), "weights from rake() or poststratify()")
        raise EstimateError("These are no weights", [problem])
    if asked.unit is Unit.ORGANIZATION:
        raise EstimateError(
            "Organizations have no weights",
            [Problem("weights", "weights with unit 'organization'", "another unit")],
        )
    found = sample.pick(weights.on(sample.answers, asked.rows))
    lacking = int(np.isnan(found).sum())
    if lacking:
        hint = "weight the answers that you estimate from"
        problem = Problem("weights", f"{lacking} rows without a weight", "one for every row", hint)
        raise EstimateError("These weights do not fit", [problem])
    return found
