"""Weights, optional: raking and post-stratification to known margins."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from survey.codebook import Unit
from survey.errors import EstimateError, Problem
from survey.estimates.arguments import Asked
from survey.estimates.sample import Sample
from survey.responses import Responses

__all__ = ["Weights", "weight_of"]

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Weights:
    """One weight per respondent or deployment.

    Attributes
    ----------
    values
        The weights, indexed by edition and respondent (or deployment).
    unit
        Whose weights they are.
    """

    values: pd.Series[float]
    unit: Unit

    def on(self, answers: Responses, unit: Unit) -> Floats:
        """Return the weights of the rows of ``answers``, in their order.

        Raises
        ------
        EstimateError
            If they are weights of another unit, or some row has none.
        """
        if unit is not self.unit:
            raise EstimateError(
                "These weights do not fit",
                [Problem("weights", f"weights of {self.unit.value}s", f"weights of {unit.value}s")],
            )
        index = pd.MultiIndex.from_frame(answers.frame(unit)[["edition", unit.value]])
        aligned: Floats = np.asarray(self.values.reindex(index), dtype=np.float64)
        lacking = int(np.isnan(aligned).sum())
        if lacking:
            raise EstimateError(
                "These weights do not fit",
                [
                    Problem(
                        "weights",
                        f"{lacking} rows without a weight",
                        "one for every row",
                        "weight the answers that you estimate from",
                    )
                ],
            )
        return aligned


def weight_of(sample: Sample, asked: Asked, weights: Weights | None) -> Floats | None:
    """Return the weight of each row that counts; ``None`` without weights.

    Raises
    ------
    EstimateError
        If the weights do not fit, or organizations are counted.
    """
    if weights is None:
        return None
    if asked.unit is Unit.ORGANIZATION:
        raise EstimateError(
            "Organizations have no weights",
            [Problem("weights", "weights with unit 'organization'", "another unit")],
        )
    return sample.pick(weights.on(sample.answers, asked.rows))
