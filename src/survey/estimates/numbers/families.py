"""Which family of distributions fits the bands, and what each would make of the total."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Final, Unpack

import numpy as np
import numpy.typing as npt
import pandas as pd

from survey.checked import checked
from survey.codebook import PublishedFigure
from survey.errors import EstimateError
from survey.estimates.design import Design, DesignOptions, design_of
from survey.estimates.design.checks import names
from survey.estimates.numbers.banded import Banded, ask_bands
from survey.estimates.numbers.filling import AVERAGE, FILLINGS, fill, fit_edges
from survey.estimates.numbers.known import Figures, apply_known
from survey.estimates.numbers.models import FAMILIES, Fit
from survey.estimates.numbers.resample_pool import pooled
from survey.estimates.numbers.total import TOTAL, totals_by
from survey.estimates.statistic import Arguments, Column, Role, Statistic
from survey.estimates.table import Estimates, Measure
from survey.responses import Responses

__all__ = ["compare_families"]

Floats = npt.NDArray[np.float64]

_NOTE: Final = (
    "AIC ranks the families with parameters; it treats records as independent. 'fit_p' tests a "
    "family against the shares of the bands themselves; a small one says that it does not fit."
)


@checked(EstimateError)
def compare_families(
    answers: Responses | Design,
    concept: str,
    by: str | Sequence[str] | None = None,
    *,
    published_figures: Iterable[PublishedFigure] | Figures | None = None,
    replicates: int = 1000,
    **options: Unpack[DesignOptions],
) -> Estimates:
    """Return the total under every family of distributions, and how well each fits.

    Parameters
    ----------
    answers, concept, by, known, options
        As in :func:`total`.
    replicates
        Number of bootstrap replicates.

    Returns
    -------
    Estimates
        One row per group and family, with the columns of :func:`total` and ``aic``,
        ``aic_above_best``, ``location`` and ``spread`` (parameters on the scale of the natural
        logarithm, see ``survey.estimates.numbers.models``) and ``fit_p`` (likelihood ratio test
        against the observed shares of the bands). The average of the families and the two ways
        without a family have none of these.

    Raises
    ------
    EstimateError
        If the answers are not bands of a number, or an argument is wrong.

    Notes
    -----
    Source: Burnham and Anderson (2002), Model Selection and Multimodel Inference, chapter 2.

    Examples
    --------
    >>> from survey.estimates.examples import answers
    >>> compare_families(answers(), "compute_cores", replicates=100).frame["answer"].tolist()
    ['lognormal', 'weibull', 'gamma', 'average', 'turnbull', 'pareto']
    """
    figures = Figures.of(published_figures)
    design = design_of(answers, **options)
    kept = {
        "family": AVERAGE,
        "open_band": None,
        "gross_up": False,
        "replicates": replicates,
        "published_figures": figures if figures.footprints else None,
    }
    arguments = Arguments(concept, names("by", by), MappingProxyType(kept))
    tables = totals_by(design, arguments, FILLINGS)
    banded = ask_bands(design, (concept,), by)
    banded = banded.with_bands(apply_known(banded.sample, banded.only, figures).bands)
    frame = pd.concat(
        [
            table.frame.assign(answer=name, **_fits(banded, name))
            for name, table in zip(FILLINGS, tables, strict=True)
        ]
    )
    frame = frame.sort_index(kind="stable").reset_index(drop=True)
    keys = [*banded.grouping.names]
    alike = frame.groupby(keys) if keys else frame.groupby(lambda _: 0)
    frame["aic_above_best"] = frame["aic"] - alike["aic"].transform("min")
    first = tables[0]
    asked = tuple(pair for pair in first.spec.options if pair[0] != "family")
    return replace(
        first,
        frame=frame,
        spec=replace(first.spec, statistic="compare_families", options=asked),
        several=True,
        notes=(_NOTE, *first.notes),
        statistic=COMPARE_FAMILIES,
    )


def _ask_again(design: Design, arguments: Arguments) -> Estimates:
    known, replicates = arguments["published_figures"], arguments["replicates"]
    return compare_families(
        design, arguments.concept, arguments.by, published_figures=known, replicates=replicates
    )


COMPARE_FAMILIES: Final = Statistic(
    name="compare_families",
    calculates="total|mean",
    measure=Measure.NUMBER,
    columns=MappingProxyType(
        {
            **TOTAL.columns,
            "aic": Column(Role.DIAGNOSTIC, "AIC"),
            "aic_above_best": Column(Role.DIAGNOSTIC, "AIC above the best"),
            "location": Column(Role.DIAGNOSTIC, "location"),
            "spread": Column(Role.DIAGNOSTIC, "scale"),
            "fit_p": Column(Role.P_VALUE, "p-value of the fit"),
        }
    ),
    ask_again=_ask_again,
)


def _fits(banded: Banded, name: str) -> dict[str, Floats]:
    """Return parameters and fit of one family, the same for all groups."""
    many = banded.grouping.groups.count
    columns = {key: np.full(many, np.nan) for key in ("aic", "location", "spread", "fit_p")}
    if name not in FAMILIES:
        return columns
    pool = pooled(banded)
    counts = pool.counts / pool.mean_weight
    fitted = fill(name, banded.only.cells, counts).fitted
    if fitted is not None and fitted.settled[0]:
        columns["aic"][:] = fitted.aic[0]
        columns["location"][:] = fitted.theta[0, 0]
        columns["spread"][:] = np.exp(fitted.theta[0, 1])
        columns["fit_p"][:] = _goodness(banded, counts[0], fitted)
    return columns


def _goodness(banded: Banded, counts: Floats, fitted: Fit) -> float:
    """Return the p value of the likelihood ratio test against the bands' own shares."""
    from scipy.special import chdtrc

    own = banded.only.cells
    low, _ = fit_edges(own)
    freedom = len(own) - 3
    if not own.disjoint or freedom < 1 or bool((low[1:] < own.reach[:-1]).any()):
        return float("nan")
    total_count = counts.sum()
    with np.errstate(divide="ignore", invalid="ignore"):
        saturated = np.nansum(np.where(counts > 0, counts * np.log(counts / total_count), 0.0))
    statistic = 2 * float(saturated - fitted.log_likelihood[0])
    return float(chdtrc(freedom, max(statistic, 0.0)))
