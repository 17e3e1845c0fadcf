"""Predictors of a regression: banded questions as numbers, others as yes or no."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

from survey.dataclass import dataclass
from survey.errors import EstimateError, Problem
from survey.estimates.design.arguments import source_of, title_of
from survey.estimates.design.sample import Sample
from survey.estimates.numbers.filling import fit_edges
from survey.estimates.numbers.models import fit
from survey.estimates.tabulation.banded_answers import Cells, read_bands
from survey.estimates.tabulation.indicator import read_indicator

__all__ = ["DOUBLED", "Term", "read_terms"]

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

DOUBLED = float(np.log(2))
"""What a coefficient of the logarithm is multiplied by to tell of a doubling."""


@dataclass(frozen=True)
class Term:
    """One column of predictors.

    Attributes
    ----------
    label
        What a row of the table calls it.
    reference
        With what it is compared.
    values
        Per row: logarithm of a number, or 0 and 1.
    published_figures
        Per row: whether the question was answered.
    doubling
        Whether the predictor is the logarithm of a number.
    """

    label: str
    reference: str
    values: Floats
    known: Flags
    doubling: bool


def read_terms(sample: Sample, concepts: Sequence[str]) -> tuple[Term, ...]:
    """Return the predictors of questions, in order.

    A banded question gives one term, the logarithm of its number. A single choice gives one for
    each answer but the most frequent, which is the reference; a multiple response one for each
    answer, against those who did not choose it. Answers that nobody or everybody gave have none.

    Raises
    ------
    EstimateError
        If a question is neither.
    """
    return tuple(term for concept in concepts for term in _terms(sample, concept))


def _terms(sample: Sample, concept: str) -> Iterator[Term]:
    answers = sample.answers
    title = title_of(answers, concept)
    if concept in answers.concepts and answers.question(concept).banded:
        bands = read_bands(sample, concept)
        values = _expected_logs(bands.cells, bands.code)
        yield Term(title, "half of it", values, bands.answered, doubling=True)
        return
    indicator = read_indicator(sample, concept)
    if indicator.ranks is not None or "item" in indicator.columns:
        kind = answers.question(source_of(answers, concept)).kind.value
        problem = Problem(
            f"concept {concept!r}", f"a question of kind {kind!r}", "bands, or a choice"
        )
        raise EstimateError("Cannot explain a number by it", [problem])
    known = np.asarray(indicator.answered & ~indicator.declined)
    chosen = indicator.chosen & known[:, None]
    times = chosen.sum(axis=0)
    used = np.flatnonzero((times > 0) & (times < known.sum()) & ~indicator.refusals)
    reference = "those who did not choose it"
    if not indicator.several and len(used):
        common = used[np.argmax(times[used])]
        used = used[used != common]
        reference = indicator.answers[common]
    for place in used:
        label = f"{title}: {indicator.answers[place]}"
        yield Term(label, reference, chosen[:, place].astype(float), known, doubling=False)


def _expected_logs(cells: Cells, code: npt.NDArray[np.intp]) -> Floats:
    """Return the expected logarithm in each row's band, under a lognormal fitted to all bands.

    A regression on expected predictors estimates the coefficients of the predictors themselves,
    while the middle of a band would be biased towards its edges where few answers lie.
    """
    from scipy.special import ndtr

    counts = np.bincount(code[code >= 0], minlength=len(cells)).astype(float)
    low, reach = fit_edges(cells)
    with np.errstate(divide="ignore"):
        start, end = np.log(low), np.log(reach)
    fitted = fit("lognormal", low, reach, counts[None])
    if fitted.settled[0]:
        mean, scale = fitted.theta[0, 0], np.exp(fitted.theta[0, 1])
    else:
        mean, scale = float(np.nanmean(np.where(np.isfinite(start), start, np.nan))), 1.0
    a, b = (start - mean) / scale, (end - mean) / scale
    density = [np.exp(-(np.where(np.isfinite(z), z, 0.0) ** 2) / 2) for z in (a, b)]
    first, last = (
        np.where(np.isfinite(z), d, 0.0) / np.sqrt(2 * np.pi)
        for z, d in zip((a, b), density, strict=True)
    )
    inside = np.where(a > 0, ndtr(-a) - ndtr(-b), ndtr(b) - ndtr(a))
    with np.errstate(divide="ignore", invalid="ignore"):
        expected = mean + scale * (first - last) / inside
    lower = np.where(np.isfinite(start), start, end - 1)
    upper = np.where(np.isfinite(end), end, lower + 5)
    expected = np.clip(np.where(np.isfinite(expected), expected, (lower + upper) / 2), lower, upper)
    return np.asarray(np.append(expected, np.nan)[code])
