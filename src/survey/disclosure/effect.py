"""One design effect per question: what a public interval may know of clusters."""

from __future__ import annotations

from math import ceil
from types import MappingProxyType
from typing import Final

import numpy as np
import numpy.typing as npt

from survey.errors import SurveyError
from survey.estimates.design import Design
from survey.estimates.precision.pooled import pooled_effect
from survey.estimates.precision.precision import effective_of
from survey.estimates.shares.share import count_answers
from survey.estimates.statistic import Arguments
from survey.estimates.table import Estimates

__all__ = ["USUAL", "design_effect"]

Floats = npt.NDArray[np.float64]
_STEP, _LEAST, _MOST = 0.25, 1.0, 4.0
USUAL: Final = 1.5
"""Where no share of the question can be computed."""


def design_effect(table: Estimates) -> float:
    """Return by how much clusters and weights inflate variances of a question, roughly.

    The design effects of a question's answers, averaged with their counts as weights and
    rounded up to a quarter: ten digits of a standard error tell how many organizations stand
    behind a count, this number does not.
    """
    design, arguments = table.design, table.arguments
    assert design is not None
    assert arguments is not None
    key = (design_effect, arguments.concept, table.spec.unit, *design.options().items())
    known = design.answers.remembered
    if key not in known:
        try:
            deff, count = _effects(design.but(unit=table.spec.unit), arguments.concept)
        except SurveyError:
            return USUAL
        usable = np.isfinite(deff) & (count > 0)
        mean = float(np.average(deff[usable], weights=count[usable])) if usable.any() else 1.0
        known[key] = min(_MOST, max(_LEAST, ceil(mean / _STEP - 1e-9) * _STEP))
    return float(known[key])


def _effects(design: Design, concept: str) -> tuple[Floats, Floats]:
    """Return the design effect of each answer, as a share has it, and how many gave it.

    The shares and their intervals are not needed, and take ten times as long.
    """
    options = {"items": None, "nets": None, "top": None, "interval": "auto"}
    found = count_answers(design, Arguments(concept, (), MappingProxyType(options)))
    table, cells = found.tabulation(keys=False), found.counted.cells
    effective = effective_of(cells, pooled_effect(cells, found.selection.elementary))
    with np.errstate(invalid="ignore", divide="ignore"):
        effect = np.where(table.known, cells.base / effective, np.nan)[:, table.places]
    return effect, np.where(table.known, table.count, 0)[:, table.places].astype(np.float64)
