"""What those who did not answer could change: worst cases beside the complete cases."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

import numpy as np
import pandas as pd

from survey.checked import checked
from survey.codebook import Unit
from survey.errors import EstimateError, Problem
from survey.estimates.design import Design, design_of
from survey.estimates.notes import bounds_hold
from survey.estimates.shares.share import share
from survey.estimates.table import Base, Estimates
from survey.responses import Responses

__all__ = ["nonresponse_bounds"]

_NOTE: Final = (
    "Bounds {hold}: as if all who did not answer had given other answers, and as if all had given "
    "this one. The value is that of those who answered; it holds for all if those who did not "
    "answer are like them."
)


@checked(EstimateError)
def nonresponse_bounds(
    answers: Responses | Design,
    concept: str,
    by: str | Sequence[str] | None = None,
    **options: Any,
) -> Estimates:
    """Return the shares of answers, and how far those who did not answer could move them.

    Parameters
    ----------
    answers, concept, by, options
        As in :func:`share`; the base is those who answered.

    Returns
    -------
    Estimates
        The table of :func:`share` with ``asked`` (units that were asked, as far as that is
        known), ``not_answered``, and ``lower_bound`` and ``upper_bound`` of the share among
        all who were asked. Those who declined or did not know count as not having answered.

    Raises
    ------
    EstimateError
        If the question is not closed, a base is asked for, or organizations are counted.

    Notes
    -----
    Sources: Manski, C. F. (1989). Anatomy of the selection problem. Journal of Human Resources
    24, 343-360; Horowitz, J. L. and Manski, C. F. (2000). Nonparametric analysis of randomized
    experiments with missing covariate and outcome data. JASA 95, 77-84.

    Examples
    --------
    >>> from survey.estimates.examples import answers
    >>> table = nonresponse_bounds(answers(), "deployment_stage")
    >>> table.frame[["answer", "value", "lower_bound", "upper_bound"]].round(2).values.tolist()[0]
    ['Production', 0.66, 0.66, 0.66]
    """
    if "base" in options:
        problem = Problem("base", repr(options["base"]), "no base: both are compared")
        raise EstimateError("Cannot bound what was not answered", [problem])
    design = design_of(answers)
    answered = share(design.but(base=Base.ANSWERED), concept, by, **options)
    if answered.spec.unit is Unit.ORGANIZATION:
        problem = Problem("unit", "'organization'", "'deployment' or 'respondent'")
        raise EstimateError("Cannot bound what was not answered", [problem])
    weights = answered.design.weights if answered.design is not None else None
    hold = bounds_hold(weights, answered.spec.unit, "those who were asked")
    asked = share(design.but(base=Base.ASKED), concept, by, **options)
    return replace(
        answered,
        frame=_bounded(answered, asked),
        spec=replace(answered.spec, statistic="nonresponse_bounds"),
        notes=(_NOTE.format(hold=hold), *answered.notes),
        statistic=None,
        design=None,
        arguments=None,
    )


def _bounded(answered: Estimates, asked: Estimates) -> pd.DataFrame:
    """Return the rows of those who answered with bounds among those who were asked."""
    keys = [*answered.groups, "answer"]
    size = "weighted_base" if "weighted_base" in answered.frame else "base"
    others = asked.frame[[*keys, "base", size]].set_axis([*keys, "asked", "of_all"], axis=1)
    frame = answered.frame.merge(others, on=keys, how="left", validate="one_to_one")
    with np.errstate(divide="ignore", invalid="ignore"):
        part = frame[size].to_numpy(dtype=float) / frame["of_all"].to_numpy(dtype=float)
    known = answered.frame["value"].notna().to_numpy()
    lower = np.where(known, frame["value"] * part, np.nan)
    return frame.drop(columns="of_all").assign(
        not_answered=np.where(known, frame["asked"] - frame["base"], 0).astype(np.intp),
        lower_bound=lower,
        upper_bound=np.where(known, lower + (1 - part), np.nan),
    )
