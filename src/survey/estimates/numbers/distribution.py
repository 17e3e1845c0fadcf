"""How clouds, and the numbers behind them, are spread over the bands."""

from __future__ import annotations

from collections.abc import Sequence
from types import MappingProxyType
from typing import Final, Unpack

import numpy as np
import numpy.typing as npt
import pandas as pd

from survey.checked import checked
from survey.errors import EstimateError
from survey.estimates import statistic as columns
from survey.estimates.design import Design, DesignOptions, design_of
from survey.estimates.numbers.banded import Banded, ask_bands, first_column
from survey.estimates.numbers.filling import AVERAGE, fill
from survey.estimates.numbers.resample_pool import pooled
from survey.estimates.precision.imprecision import RULES
from survey.estimates.precision.pooled import pooled_effect
from survey.estimates.precision.precision import METHODS, precision_of
from survey.estimates.statistic import Arguments, Column, Role, Statistic
from survey.estimates.table import Estimates, Measure, Status
from survey.estimates.table_of import table_of
from survey.estimates.tabulation.sums import cells
from survey.responses import Responses

__all__ = ["distribution"]

Floats = npt.NDArray[np.float64]

_NOTE: Final = (
    "The value is the share of units in the band; 'share_of_total' is the share of their sum, "
    "from a model of what lies inside the bands, with the bounds that the edges prove."
)


@checked(EstimateError)
def distribution(
    answers: Responses | Design,
    concept: str,
    by: str | Sequence[str] | None = None,
    *,
    family: str = AVERAGE,
    open_band: str | float | None = None,
    **options: Unpack[DesignOptions],
) -> Estimates:
    """Return per band the share of units, and the share of the total that they hold.

    Parameters
    ----------
    answers
        Typed answers.
    concept
        A question whose answers are bands of a number.
    by
        Groups: ``"edition"``, any closed question, ``"region"``; several are crossed.
    family, open_band
        How numbers are spread inside bands, see :func:`total`.
    options
        Who counts, and how, as in :func:`quantile`.

    Returns
    -------
    Estimates
        One row per group and band; ``value`` is the share of units that answered. Beyond the
        core columns: ``band_low`` and ``band_high`` (edges as worded; no high for an open
        band), ``share_of_total`` (model), ``total_lower`` and ``total_upper`` (hard bounds of
        that share), ``clusters`` and ``imprecise_because``. Bands of editions with
        other schemes stand side by side.

    Raises
    ------
    EstimateError
        If the answers are not bands of a number, or an argument is wrong.
    ResponsesError
        If none of the editions asks the question.

    Examples
    --------
    >>> from survey.estimates.examples import answers
    >>> table = distribution(answers(), "compute_cores")
    >>> table.frame[["answer", "count", "total_lower", "total_upper"]].round(3)
                    answer  count  total_lower  total_upper
    0        1 to 99 cores     18        0.000        0.096
    1     100 to 999 cores     17        0.000        0.531
    2  1,000 cores or more     15        0.444        1.000
    """
    design = design_of(answers, **options)
    banded = ask_bands(design, (concept,), by)
    kept = MappingProxyType({"family": family, "open_band": open_band})
    arguments = Arguments(concept, banded.grouping.names, kept)
    return table_of(
        DISTRIBUTION,
        design,
        arguments,
        banded.asked,
        _table(banded, family, open_band),
        names=banded.grouping.names,
        title=design.answers.question(concept).title,
        method=METHODS["auto"],
        notes=(_NOTE, *banded.notes()),
        counts=banded.only.counts,
    )


def _ask_again(design: Design, arguments: Arguments) -> Estimates:
    return distribution(design, arguments.concept, arguments.by, **arguments.options)


DISTRIBUTION: Final = Statistic(
    name="distribution",
    measure=Measure.SHARE,
    columns=MappingProxyType(
        {
            "band_low": Column(Role.BOUND, "lower edge"),
            "band_high": Column(Role.BOUND, "upper edge"),
            "share_of_total": Column(Role.SHARE, "share of the total"),
            "total_lower": Column(Role.BOUND, "at least"),
            "total_upper": Column(Role.BOUND, "at most"),
            "clusters": columns.CLUSTERS,
            "imprecise_because": columns.RULE,
        }
    ),
    ask_again=_ask_again,
)


def _table(banded: Banded, family: str, top: str | float | None) -> pd.DataFrame:
    own = banded.only.cells
    sums = banded.sums(banded.one_hot())
    found = cells(sums)
    precision = precision_of(found, banded.asked.level, pooled=pooled_effect(found))
    size, many = len(own), banded.grouping.groups.count
    status = np.repeat(banded.statuses(first_column(found.base))[:, None], size, axis=1)
    known = status == Status.OK.value
    rule = np.where(known, precision.rule, 0)
    status[rule > 0] = Status.IMPRECISE.value
    counts = sums.per_group(sums.chosen)
    lower, upper = _bounds(counts, own.low, own.high)

    def masked(values: Floats) -> Floats:
        return np.asarray(np.where(known, values, np.nan)).ravel()

    return pd.DataFrame(
        {
            **banded.columns(size),
            "answer": np.tile(np.array(own.labels, dtype=object), many),
            "count": found.count.ravel(),
            "base": found.base.ravel(),
            "value": masked(found.share),
            "low": masked(precision.limits.low),
            "high": masked(precision.limits.high),
            "status": status.ravel(),
            "band_low": np.tile(own.low, many),
            "band_high": np.tile(np.where(own.open, np.nan, own.high), many),
            "share_of_total": masked(_model(banded, counts, family, top)),
            "total_lower": masked(lower),
            "total_upper": masked(upper),
            "clusters": np.where(known, found.clusters, 0).ravel(),
            "imprecise_because": np.array(RULES, dtype=object)[rule].ravel(),
        }
    )


def _model(banded: Banded, counts: Floats, family: str, top: str | float | None) -> Floats:
    """Return groups x bands: share of the group's modelled total."""
    pool = pooled(banded)
    filling = fill(family, banded.only.cells, pool.counts, top, pool.mean_weight)
    expected = counts * filling.means[0]
    total = expected.sum(axis=1, keepdims=True)
    return np.asarray(np.divide(expected, total, out=np.zeros_like(expected), where=total > 0))


def _bounds(counts: Floats, low: Floats, high: Floats) -> tuple[Floats, Floats]:
    """Return the hard bounds of each band's share of the total, groups x bands."""
    least = counts * low
    most = np.multiply(counts, high, out=np.zeros_like(counts), where=counts > 0)
    others_least = least.sum(axis=1, keepdims=True) - least
    endless = np.isinf(most)
    finite = np.where(endless, 0.0, most)
    open_others = endless.sum(axis=1, keepdims=True) - endless > 0
    others_most = np.where(open_others, np.inf, finite.sum(axis=1, keepdims=True) - finite)
    return _part(least, others_most), _part(most, others_least)


def _part(own: Floats, others: Floats) -> Floats:
    """Return ``own / (own + others)``; all of it where ``own`` has no end, none of nothing."""
    with np.errstate(invalid="ignore", divide="ignore"):
        part = own / (own + others)
    return np.asarray(np.where(np.isinf(own), 1.0, np.nan_to_num(part)))
