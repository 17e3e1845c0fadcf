"""Which organizations a total or its change rests on: without each of them, and winsorized."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final, NamedTuple, Unpack

import numpy as np
import numpy.typing as npt
import pandas as pd

from survey.checked import checked
from survey.codebook import Unit
from survey.errors import EstimateError, Problem
from survey.estimates.design import Design, DesignOptions, design_of
from survey.estimates.design.arguments import given, title_of
from survey.estimates.design.checks import require, whole
from survey.estimates.design.editions import edition_problems
from survey.estimates.design.sample import Sample
from survey.estimates.design.weights import mean_weight_of
from survey.estimates.numbers.filling import AVERAGE, fill
from survey.estimates.numbers.total_of_counts import chosen_family
from survey.estimates.statistic import Arguments
from survey.estimates.table import Estimates, Measure, Spec, Status
from survey.estimates.tabulation.banded_answers import BandedAnswers, check_additive, read_bands
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
    earlier: str | None = None,
    later: str | None = None,
    most: int = 10,
    family: str = AVERAGE,
    open_band: str | float | None = None,
    **options: Unpack[DesignOptions],
) -> Estimates:
    """Return how far a total, or its change, would move without each organization. Internal.

    Parameters
    ----------
    answers
        Typed answers of one edition, or a design of them; of several for a change.
    concept
        A question whose answers are bands of a number.
    earlier, later
        Two editions: the pull is then on the change of the total between them.
    most
        How many organizations to show, those that pull most first.
    family, open_band
        How numbers are spread inside bands and in the open band, see :func:`total`.
    options
        Who counts, and how; see :func:`design`. Clusters are organizations.

    Returns
    -------
    Estimates
        One row per organization: ``value`` is the total (or change) less that without it, with
        the model fitted anew; ``count`` its clouds with an answer, ``share_of_total`` its pull as
        a part of the total (or change), ``without`` what remains without it. The last row, ``all
        others``, is what the organizations shown leave. The notes name the total (or change) and
        a winsorized one, in which the largest organization counts like the second largest.

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
    pair = _pair(design.answers, earlier, later)
    _check(sample, asked.unit, pair)
    bands = read_bands(sample, concept)
    check_additive(bands)
    weight = design.weight(sample, asked)
    parts = _by_cluster(sample, bands, weight, pair)
    replicates = _with_each_left_out(parts.fitted)
    name = chosen_family(family, bands.cells, replicates[:1])
    mean_weight = mean_weight_of(weight, bands.answered)
    means = fill(name, bands.cells, replicates, open_band, mean_weight).means
    totals = (_with_each_left_out(parts.summed) * means).sum(axis=1)
    own = (parts.summed * means[0]).sum(axis=1)
    frame = _rows(sample, parts, totals, most)
    counted = bands.counts or "units"
    what = f"change from {earlier} to {later}" if pair else "total"
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
                {
                    **design.spoken(),
                    "earlier": earlier,
                    "later": later,
                    "most": most,
                    "family": family,
                    "open_band": open_band,
                }
            ),
        ),
        design.answers.provenance,
        Measure.NUMBER,
        title=f"{title_of(design.answers, concept)}: what the {what} rests on",
        several=True,
        notes=(
            "Internal: rows are single organizations.",
            f"The {what} is {totals[0]:,.0f} {counted}; with the largest organization counted "
            f"like the second largest it is {_winsorized(own):,.0f} (winsorized).",
        ),
        design=design,
        arguments=Arguments(concept, (), MappingProxyType({"most": most})),
    )


def _pair(answers: Responses, earlier: str | None, later: str | None) -> tuple[str, str] | None:
    if earlier is None and later is None:
        return None
    if earlier is None or later is None:
        problem = Problem("earlier, later", f"{earlier!r} and {later!r}", "both editions, or none")
        raise EstimateError("Cannot tell what a change rests on", [problem])
    require("Cannot tell what a change rests on", edition_problems(answers, earlier, later))
    return earlier, later


def _check(sample: Sample, unit: Unit, pair: tuple[str, str] | None) -> None:
    problems = []
    if len(sample.editions) > 1 and pair is None:
        hint = "answers.in_edition(...), or earlier= and later= for a change"
        problems.append(Problem("answers", f"{len(sample.editions)} editions", "one", hint))
    if unit is Unit.ORGANIZATION:
        problems.append(Problem("unit", "'organization'", "'deployment' or 'respondent'"))
    if problems:
        raise EstimateError("Cannot tell what a total rests on", problems)


class _Parts(NamedTuple):
    """Clusters that answered; clusters x cells: what is fitted, what is added up, and clouds."""

    clusters: Ints
    fitted: Floats
    summed: Floats
    clouds: Floats


def _by_cluster(
    sample: Sample, bands: BandedAnswers, weight: Floats | None, pair: tuple[str, str] | None
) -> _Parts:
    """Return the (weighted) answers of each cluster; of a change later less earlier ones."""
    rows = np.flatnonzero(bands.answered)
    clusters, place = np.unique(sample.cluster[rows], return_inverse=True)
    each = np.ones(len(rows)) if weight is None else weight[rows]
    sign = np.ones(len(rows))
    if pair is not None:
        first, second = (sample.edition[rows] == sample.editions.index(name) for name in pair)
        sign = second.astype(np.float64) - first
    shape = (len(clusters), len(bands.cells))
    fitted, added, clouds = np.zeros(shape), np.zeros(shape), np.zeros(shape)
    for table, values in ((fitted, each), (added, each * sign), (clouds, np.abs(sign))):
        np.add.at(table, (place, bands.code[rows]), values)
    return _Parts(clusters, fitted, added, clouds)


def _with_each_left_out(parts: Floats) -> Floats:
    """Return the sum of all clusters, and the sums without each of them."""
    whole_sum = parts.sum(axis=0)
    return np.vstack([whole_sum, whole_sum - parts])


def _rows(sample: Sample, parts: _Parts, totals: Floats, most: int) -> pd.DataFrame:
    clusters = parts.clusters
    pull = totals[0] - totals[1:]
    order = np.argsort(-np.abs(pull), kind="stable")[:most]
    first = pd.Series(sample.cluster).drop_duplicates()
    row_of = dict(zip(first.to_numpy(), first.index.to_numpy(), strict=True))
    organizations = sample.pick(
        sample.answers.frame(sample.unit)["organization"].astype(object).to_numpy()
    )
    names = [str(organizations[row_of[clusters[place]]]) for place in order]
    sizes = parts.clouds.sum(axis=1)
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
    """Return the sum in which the largest part counts no more than the second largest."""
    if len(own) < 2:
        return float(own.sum())
    second, largest = np.argsort(np.abs(own), kind="stable")[-2:]
    return float(own.sum() - own[largest] + np.sign(own[largest]) * abs(own[second]))
