"""What a number known as a band depends on: regression with intervals by organization."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from types import MappingProxyType
from typing import Final, Unpack

import numpy as np
import numpy.typing as npt
import pandas as pd

from survey.checked import checked
from survey.codebook import Unit
from survey.errors import EstimateError, Problem
from survey.estimates.design import Design, DesignOptions, design_of
from survey.estimates.design.arguments import Asked, given, title_of
from survey.estimates.design.checks import names
from survey.estimates.exact_note import WEIGHTED
from survey.estimates.notes import RANDOM_DRAW, sample_notes, weights_note
from survey.estimates.numbers.interval_regression import IntervalFit, fit_intervals
from survey.estimates.numbers.predictors import DOUBLED, Term, read_terms
from survey.estimates.precision.intervals import t_quantile
from survey.estimates.statistic import Arguments
from survey.estimates.table import Estimates, Measure, Spec, Status
from survey.estimates.tabulation.banded_answers import BandedAnswers, read_bands
from survey.responses import Responses

__all__ = ["regress"]

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

METHOD: Final = (
    "interval-censored lognormal regression by maximum likelihood; sandwich variance by cluster, "
    "Student reference"
)
_RULES: Final = (
    "",
    "fewer than 30 units",
    "fewer than 10 units on one side",
    "fewer than 8 degrees of freedom",
    "bands do not determine the model",
)
_FEWEST, _SIDE, _FREEDOM = 30, 10, 8
_NOTES: Final = (
    "Association, not cause: what respondents did not tell may explain it.",
    "Numbers are known as bands; within a band the model assumes a lognormal distribution "
    "around the prediction. Predictors that are bands enter with their expected logarithm.",
)


@checked(EstimateError)
def regress(
    answers: Responses | Design,
    concept: str,
    on: str | Sequence[str],
    **options: Unpack[DesignOptions],
) -> Estimates:
    """Return how a banded number depends on other answers, each with the others held equal.

    Parameters
    ----------
    answers
        Typed answers, or a design of them.
    concept
        A question whose answers are bands of a number.
    on
        What explains it: banded questions, single choices, multiple responses, regions.
    options
        Who counts, and how; see :func:`design`.

    Returns
    -------
    Estimates
        One row per term. ``value`` is the factor that goes with it: for a banded predictor that
        of twice the number, else that of the answer against its ``reference``. ``count`` are
        the units that gave the answer (of a banded predictor, all). Beyond the core columns:
        ``coefficient`` with ``se`` on the scale of the logarithm, which is the elasticity for
        banded predictors, with ``coefficient_low`` and ``coefficient_high``; ``p``,
        ``reference``, ``clusters`` and ``imprecise_because`` (why a row is imprecise).

    Raises
    ------
    EstimateError
        If the answers are not bands of a number, a predictor cannot be used, predictors depend
        on each other, or fewer units than terms answered everything.
    ResponsesError
        If none of the editions asks a question.

    Notes
    -----
    Only units that answered every question count. Sources: Tobin (1958), Stewart (1983), Binder
    (1983); see ``survey.estimates.numbers.interval_regression``. Internal: a coefficient cannot
    be computed from perturbed counts.

    Examples
    --------
    >>> from survey.estimates.examples import answers
    >>> table = regress(answers(), "compute_cores", ["deployment_stage"])
    >>> table.frame[["answer", "reference", "count"]].values.tolist()[0]
    ['Stage of the deployment: Testing', 'Production', 10]
    """
    design = design_of(answers, **options)
    predictors = names("on", on)
    asked = design.asked((concept, *predictors), answered=True)
    if asked.unit is Unit.ORGANIZATION:
        problem = Problem("unit", "'organization'", "'deployment' or 'respondent'")
        raise EstimateError("Cannot regress per organization", [problem])
    sample = design.sample(asked)
    bands = read_bands(sample, concept)
    terms = read_terms(sample, predictors)
    used = np.asarray(np.all([bands.answered, *(term.known for term in terms)], axis=0))
    terms = tuple(term for term in terms if len(np.unique(term.values[used])) > 1)
    _check(concept, terms, bands.code[used])
    weight = design.weight(sample, asked)
    fitted = _fitted(bands, terms, used, sample.cluster, weight)
    return Estimates(
        _rows(fitted, terms, used, asked),
        Spec(
            "regress",
            concept,
            unit=asked.unit,
            level=asked.level,
            method=METHOD,
            counts="times",
            options=given({**design.spoken(), "on": predictors}),
        ),
        design.answers.provenance,
        Measure.RATIO,
        title=(
            f"{title_of(design.answers, concept)}: what it goes with"
            f"{WEIGHTED if design.weights is not None else ''}"
        ),
        several=True,
        notes=(
            RANDOM_DRAW,
            *weights_note(design.weights),
            *_reference_notes(terms),
            f"Base: {asked.unit.value}s that answered every question.",
            *_NOTES,
            *sample_notes(sample, asked, design.cluster),
        ),
        design=design,
        arguments=Arguments(concept, (), MappingProxyType({"on": predictors})),
    )


def _reference_notes(terms: Sequence[Term]) -> Iterator[str]:
    """Say what each factor is against."""
    doubled = [term.label for term in terms if term.doubling]
    if doubled:
        yield f"The factor is that of twice the number for: {', '.join(doubled)}."
    against: dict[str, list[str]] = {}
    for term in terms:
        if not term.doubling:
            against.setdefault(term.reference, []).append(term.label)
    for reference, labels in against.items():
        yield f"The factor is against {reference!r} for: {', '.join(labels)}."


def _check(concept: str, terms: Sequence[Term], band: npt.NDArray[np.intp]) -> None:
    problems, units = [], len(band)
    if not terms:
        problems.append(Problem("on", "no predictor that differs between units", "one or more"))
    if units <= len(terms) + 2:
        problems.append(
            Problem(
                "answers",
                f"{units} units that answered everything",
                f"more than {len(terms) + 2}, for {len(terms)} terms",
                "leave predictors out",
            )
        )
    if units and len(np.unique(band)) == 1:
        got = f"all {units} units that answered everything in one band of {concept!r}"
        problems.append(Problem("answers", got, "answers in two bands or more"))
    if problems:
        raise EstimateError(f"Cannot explain {concept!r}", problems)


def _fitted(
    bands: BandedAnswers,
    terms: Sequence[Term],
    used: Flags,
    cluster: npt.NDArray[np.intp],
    weight: Floats | None,
) -> IntervalFit:
    columns = [term.values[used] for term in terms]
    low, reach = bands.edge("low")[used], bands.edge("reach")[used]
    # the lowest band begins at 0: nothing lies below it, and its edge is only how it is worded
    low = np.where(low <= bands.cells.low.min(), 0.0, low)
    return fit_intervals(
        low,
        reach,
        np.column_stack([np.ones(int(used.sum())), *columns]),
        cluster[used],
        None if weight is None else weight[used],
    )


def _rows(fitted: IntervalFit, terms: Sequence[Term], used: Flags, asked: Asked) -> pd.DataFrame:
    from scipy.special import stdtr

    base = int(used.sum())
    coefficient = fitted.coefficients[1:]
    se = np.sqrt(np.diag(fitted.covariance))[1:-1]
    freedom = np.full(len(terms), fitted.freedom)
    half = t_quantile(asked.level, freedom) * se
    step = np.array([DOUBLED if term.doubling else 1.0 for term in terms])
    gave = np.array([base if term.doubling else int(term.values[used].sum()) for term in terms])
    other = np.where([term.doubling for term in terms], base, base - gave)
    rule = np.select(
        [
            np.full(len(terms), base < _FEWEST),
            np.minimum(gave, other) < _SIDE,
            freedom < _FREEDOM,
            np.full(len(terms), not fitted.converged),
        ],
        [1, 2, 3, 4],
        0,
    )
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        p_value = 2 * stdtr(np.maximum(freedom, 1), -np.abs(coefficient / se))
        value, low, high = (
            np.exp(step * each) for each in (coefficient, coefficient - half, coefficient + half)
        )
    return pd.DataFrame(
        {
            "answer": [term.label for term in terms],
            "count": gave,
            "base": base,
            "value": value,
            "low": low,
            "high": high,
            "status": np.where(rule > 0, Status.IMPRECISE.value, Status.OK.value),
            "coefficient": coefficient,
            "coefficient_low": coefficient - half,
            "coefficient_high": coefficient + half,
            "se": se,
            "p": p_value,
            "reference": [term.reference for term in terms],
            "clusters": fitted.clusters,
            "imprecise_because": np.array(_RULES, dtype=object)[rule],
        }
    )
