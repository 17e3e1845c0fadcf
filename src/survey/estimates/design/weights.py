"""Weights, and how much they cost in precision."""

from __future__ import annotations

from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd

from survey.checked import checked
from survey.codebook import Unit
from survey.dataclass import dataclass
from survey.errors import EstimateError, Problem
from survey.estimates.design.arguments import Asked
from survey.estimates.design.design_columns import numbers_of
from survey.estimates.design.sample import Sample
from survey.responses import Responses

__all__ = ["Weights", "mean_weight_of", "weight_of"]

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

    @checked(EstimateError)
    def of_deployments(self, answers: Responses) -> Weights:
        """Return weights of deployments: each has that of its respondent.

        Respondents who describe several deployments then count for more in sum; margins that
        held over respondents need not hold over deployments.

        Raises
        ------
        EstimateError
            If they are weights of deployments already.

        Examples
        --------
        >>> weights = rake(answers, {"region": targets}, unit="respondent")  # doctest: +SKIP
        >>> share(  # doctest: +SKIP
        ...     answers, "deployment_stage", weights=weights.of_deployments(answers)
        ... )
        """
        if self.unit is not Unit.RESPONDENT:
            problem = Problem("weights", "weights of deployments", "weights of respondents")
            raise EstimateError("These are weights of deployments already", [problem])
        frame = answers.deployments
        people = pd.MultiIndex.from_frame(frame[["edition", "respondent"]].astype(str))
        index = pd.MultiIndex.from_frame(frame[["edition", "deployment"]].astype(str))
        values = pd.Series(self.values.reindex(people).to_numpy(dtype=np.float64), index=index)
        method = f"{self.method} of respondents"
        return Weights(values.dropna(), Unit.DEPLOYMENT, method, self.margins, self.trimmed)

    @checked(EstimateError)
    def on(self, answers: Responses, unit: Unit) -> Floats:
        """Return the weights of the rows of ``answers``, in their order; missing as ``nan``.

        Raises
        ------
        EstimateError
            If they are weights of another unit, or two rows that they were made for are of the same
            one.
        """
        if unit is not self.unit:
            hint = (
                "give each deployment the weight of its respondent: weights.of_deployments(answers)"
                if self.unit is Unit.RESPONDENT
                else "a respondent can describe several deployments; weight respondents instead"
            )
            got, wanted = f"weights of {self.unit.value}s", f"weights of {unit.value}s"
            problem = Problem("weights", got, wanted, hint)
            raise EstimateError("These weights do not fit", [problem])
        index = pd.MultiIndex.from_frame(answers.frame(unit)[["edition", unit.value]].astype(str))
        repeated = int(self.values.index.duplicated().sum())
        if repeated:
            got = f"{repeated} rows with the number of another {unit.value} of their edition"
            hint = f"give each row its own in the column {unit.value!r}"
            problem = Problem("weights", got, "a number for each", hint)
            raise EstimateError("Weights cannot be told apart", [problem])
        return np.asarray(self.values.reindex(index), dtype=np.float64)


def weight_of(sample: Sample, asked: Asked, weights: Weights | str | None) -> Floats | None:
    """Return the weight of each row that counts; ``None`` without weights.

    Weights by name are a column of the table, or one of the respondents that deployments share.

    Raises
    ------
    EstimateError
        If the weights do not fit, or organizations are counted.
    """
    if weights is None:
        return None
    if not isinstance(weights, Weights | str):
        problem = Problem("weights", repr(weights), "weights from rake() or poststratify()")
        raise EstimateError("These are no weights", [problem])
    if asked.unit is Unit.ORGANIZATION:
        raise EstimateError(
            "Organizations have no weights",
            [Problem("weights", "weights with unit 'organization'", "another unit")],
        )
    if isinstance(weights, str):
        return numbers_of(sample.answers, weights, asked.rows, "weights", sample.rows)
    found = sample.pick(weights.on(sample.answers, asked.rows))
    lacking = int(np.isnan(found).sum())
    if lacking:
        hint = "weight the answers that you estimate from"
        problem = Problem("weights", f"{lacking} rows without a weight", "one for every row", hint)
        raise EstimateError("These weights do not fit", [problem])
    wrong = int((~(found > 0) | ~np.isfinite(found)).sum())
    if wrong:
        got = f"{wrong} rows with a weight that is not above 0"
        hint = "leave those out who count for nothing, with answers.where(...)"
        problem = Problem("weights", got, "numbers above 0", hint)
        raise EstimateError("These weights do not fit", [problem])
    return found


def mean_weight_of(weight: Floats | None, counted: npt.NDArray[np.bool_]) -> float:
    """Return the mean weight of the rows that are counted; 1 without weights.

    Examples
    --------
    >>> mean_weight_of(np.array([2.0, 6.0, 1.0]), np.array([True, True, False]))
    4.0
    """
    if weight is None or not counted.any():
        return 1.0
    return float(weight[counted].mean())
