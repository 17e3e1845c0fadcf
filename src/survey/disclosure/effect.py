"""One design effect per question: what a public interval may know of clusters."""

from __future__ import annotations

from math import ceil
from typing import Final

import numpy as np

from survey.errors import SurveyError
from survey.estimates.shares.share import share
from survey.estimates.table import Estimates

__all__ = ["design_effect"]

_STEP, _LEAST, _MOST = 0.25, 1.0, 4.0
_USUAL: Final = 1.5
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
            rows = share(design.but(unit=table.spec.unit), arguments.concept).frame
        except SurveyError:
            return _USUAL
        deff, count = rows["deff"].to_numpy(dtype=float), rows["count"].to_numpy(dtype=float)
        usable = np.isfinite(deff) & (count > 0)
        mean = float(np.average(deff[usable], weights=count[usable])) if usable.any() else 1.0
        known[key] = min(_MOST, max(_LEAST, ceil(mean / _STEP - 1e-9) * _STEP))
    return float(known[key])
