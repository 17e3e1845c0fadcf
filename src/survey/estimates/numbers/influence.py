"""Which organizations a total rests on: the total without each of them, and a winsorized one."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final, Unpack

import numpy as np
import numpy.typing as npt
import pandas as pd

from survey.checked import checked
from survey.codebook import Unit
from survey.errors import EstimateError, Problem
from survey.estimates.design import Design, DesignOptions, design_of
from survey.estimates.design.arguments import given, title_of
from survey.estimates.design.checks import require, whole
from survey.estimates.design.sample import Sample
from survey.estimates.numbers.bands import BandedAnswers, check_additive, read_bands
from survey.estimates.numbers.filling import fill
from survey.estimates.statistic import Arguments
from survey.estimates.table import Estimates, Measure, Spec, Status
from survey.responses import Responses

__all__ = ["influence"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.intp]

METHOD: Final = "deletion of one organization at a time, with the model fitted anew"
REST: Final = "all others"
_MOST = 1000


@checked(EstimateError)
def influence(
    answers: Responses | Design,
    concept: str,
    *,
    most: int = 10,
    family: str = "average",
    open_band: str | float = "pareto",
    **options: Unpack[DesignOptions],
) -> Estimates:
    """Return how far a total would fall without each organization. Internal.

    Parameters
    ----------
    answers
        Typed answers of one edition, or a design of them.
    concept
        A question whose answers are bands of a number.
    most
        How many organizations to show, those that pull most first.
    family, open_band
        How numbers are spread inside bands and in the open band, see :func:`total`.
    options
        Who counts, and how; see :func:`design`. Clusters are organizations.

    Returns
    -------
    Estimates
        One row per organization: ``value`` is the total less the total without it, with the
        model fitted anew; ``count`` its clouds with an answer, ``share_of_total`` its pull as a
        part of the total, ``without`` the total without it. The last row, ``all others``, is
        what the organizations shown leave. The notes name the total and a winsorized one, in
        which the largest organization counts like the second largest.

    Raises
    ------
    EstimateError
        If the answers are of several editions, or not bands of a number that can be added up.

    Notes
    -----
    Sources: Cook and Weisberg (1982), Residuals and Influence in Regression, chapter 3
    (deletion); Chambers and others (2000), Winsorization for identifying and treating outliers
    in business surveys.

    Examples
    --------
    >>> from survey.estimates.examples import answers
    >>> now = answers().in_edition("2019")
    >>> influence(now, "compute_cores", most=2).frame[["answer", "count"]].values.tolist()[2]
    ['all others', 20]
    """
    require("Cannot tell what a total rests on", whole("most", most, 1, _MOST))
    design = design_of(answers, **options)
    asked = design.asked((concept,), answered=True)
    sample = design.sample(asked)
    _check(sample, asked.unit)
    bands = read_bands(sample, concept)
    check_additive(bands)
    clusters, counts = _by_cluster(sample, bands, design.weight(sample, asked))
    whole_counts = counts.sum(axis=0)
    without = whole_counts - counts
    replicates = np.vstack([whole_counts, without])
    means = fill(family, bands.cells, replicates, open_band).means
    totals = (replicates * means).sum(axis=1)
    own = (counts * means[0]).sum(axis=1)
    frame = _rows(sample, clusters, counts, totals, most)
    counted = bands.counts or "units"
    return Estimates(
        frame,
        Spec(
            "influence",
            concept,
            unit=Unit.ORGANIZATION,
            level=asked.level,
            method=METHOD,
            counts=bands.counts,
            options=given(
                {**design.spoken(), "most": most, "family": family, "open_band": open_band}
            ),
        ),
        design.answers.provenance,
        Measure.NUMBER,
        title=f"{title_of(design.answers, concept)}: what the total rests on",
        several=True,
        notes=(
            "Internal: rows are single organizations.",
            f"The total is {totals[0]:,.0f} {counted}; with the largest organization counted "
            f"like the second largest it is {_winsorized(own):,.0f} (winsorized).",
        ),
        design=design,
        arguments=Arguments(concept, (), MappingProxyType({"most": most})),
    )


def _check(sample: Sample, unit: Unit) -> None:
    problems = []
    if len(sample.editions) > 1:
        problems.append(
            Problem("answers", f"{len(sample.editions)} editions", "one", "answers.in_edition(...)")
        )
    if unit is Unit.ORGANIZATION:
        problems.append(Problem("unit", "'organization'", "'deployment' or 'respondent'"))
    if problems:
        raise EstimateError("Cannot tell what a total rests on", problems)


def _by_cluster(sample: Sample, bands: BandedAnswers, weight: Floats | None) -> tuple[Ints, Floats]:
    """Return the clusters that answered, and clusters x cells: (weighted) answers."""
    rows = np.flatnonzero(bands.answered)
    clusters, place = np.unique(sample.cluster[rows], return_inverse=True)
    counts = np.zeros((len(clusters), len(bands.cells)))
    np.add.at(counts, (place, bands.code[rows]), 1.0 if weight is None else weight[rows])
    return clusters, counts


def _rows(
    sample: Sample, clusters: Ints, counts: Floats, totals: Floats, most: int
) -> pd.DataFrame:
    pull = totals[0] - totals[1:]
    order = np.argsort(-np.abs(pull), kind="stable")[:most]
    first = pd.Series(sample.cluster).drop_duplicates()
    row_of = dict(zip(first.to_numpy(), first.index.to_numpy(), strict=True))
    organizations = sample.pick(
        sample.answers.frame(sample.unit)["organization"].astype(object).to_numpy()
    )
    names = [str(organizations[row_of[clusters[place]]]) for place in order]
    sizes = counts.sum(axis=1)
    rest = np.setdiff1d(np.arange(len(clusters)), order)
    value = np.append(pull[order], totals[0] - pull[order].sum())
    scale = totals[0] or 1.0
    count = np.append(sizes[order], sizes[rest].sum())
    return pd.DataFrame(
        {
            "answer": [*names, REST],
            "count": np.round(count).astype(np.intp),
            "base": round(float(sizes.sum())),
            "value": value,
            "low": np.nan,
            "high": np.nan,
            "status": Status.OK.value,
            "share_of_total": value / scale,
            "without": np.append(totals[1:][order], np.nan),
        }
    )


def _winsorized(own: Floats) -> float:
    """Return the sum with the largest part replaced by the second largest."""
    ordered = np.sort(own)
    return float(ordered[:-1].sum() + ordered[-2:-1].sum()) if len(own) > 1 else float(own.sum())
