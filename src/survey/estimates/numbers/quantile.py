"""Quantiles of banded answers: hard bounds, an interpolated value, and an interval.

The share of clouds below the edge of a band is observed; between edges nothing is. So the
*bounds* of a quantile are the edges of the band that holds it, and these are certain for the
clouds that answered. The *value* interpolates between the edges on a logarithmic scale.
The *interval* inverts the confidence limits of the share below each edge.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Any, Final, Unpack

import numpy as np
import numpy.typing as npt

from survey.checked import checked
from survey.errors import EstimateError, Problem
from survey.estimates import statistic as columns
from survey.estimates.design import Design, DesignOptions
from survey.estimates.design.checks import fraction, one_of, require
from survey.estimates.exact_note import ExactNote
from survey.estimates.numbers.band_counts import tabulated_bands
from survey.estimates.numbers.banded import Banded, ask_bands, used_cells
from survey.estimates.numbers.distribution_limits import Curve, curve_of, share_limits
from survey.estimates.numbers.inversion import Axis, first_above, point, weighted_quantile
from survey.estimates.precision.imprecision import RULES, too_few
from survey.estimates.precision.intervals import Limits
from survey.estimates.precision.precision import METHODS
from survey.estimates.precision.public_limits import limits_with_noise
from survey.estimates.statistic import Arguments, Column, Noise, Public, Role, Statistic
from survey.estimates.table import Estimates, Measure, Status
from survey.estimates.table_of import table_of
from survey.estimates.tabulation import Point, Tabulation
from survey.estimates.tabulation.banded_answers import Cells
from survey.responses import Responses

__all__ = [
    "MEDIAN",
    "QUANTILE",
    "ends_of_quantiles",
    "interpolation_of",
    "median",
    "point_of_quantiles",
    "quantile",
]

Floats = npt.NDArray[np.float64]

METHOD: Final = (
    f"limits of the share below each edge ({METHODS['auto']}), inverted and interpolated "
    "(Woodruff 1952; Francisco and Fuller 1991)"
)
_INTERPOLATIONS: Final = ("smooth", "log", "linear")
OPEN_RULE: Final = "reaches into the open band"


@checked(EstimateError)
def median(
    answers: Responses | Design,
    concept: str,
    by: str | Sequence[str] | None = None,
    *,
    interpolation: str | None = None,
    **options: Unpack[DesignOptions],
) -> Estimates:
    """Return the median of a banded question: hard bounds, a value and an interval.

    Parameters
    ----------
    answers, concept, by, interpolation, options
        As for :func:`survey.estimates.quantile`, which also says what the columns hold.

    Examples
    --------
    >>> from survey.estimates.examples import answers
    >>> table = median(answers(), "compute_cores", by="edition")
    >>> table.frame[["edition", "band", "lower_bound", "upper_bound"]].head(1)
      edition              band  lower_bound  upper_bound
    0    2018  100 to 999 cores        100.0        999.0
    """
    table = quantile(answers, concept, 0.5, by, interpolation=interpolation, **options)
    return replace(table, spec=replace(table.spec, statistic="median"), statistic=MEDIAN)


@checked(EstimateError)
def quantile(
    answers: Responses | Design,
    concept: str,
    q: float | Sequence[float] = 0.5,
    by: str | Sequence[str] | None = None,
    *,
    interpolation: str | None = None,
    **options: Unpack[DesignOptions],
) -> Estimates:
    """Return quantiles of the number behind a banded question.

    Parameters
    ----------
    answers
        Typed answers of one or several editions; where their bands differ, they are read as
        intervals and pooled.
    concept
        A question whose answers are bands of a number.
    q
        Which quantiles, between 0 and 1.
    by
        Groups: ``"edition"``, any closed question, ``"region"``; several are crossed.
    interpolation
        How numbers are spread within a band: ``"smooth"`` (on a logarithmic scale, as a smooth
        curve through the shares below the edges goes; the default),
        ``"log"`` (evenly on a logarithmic scale) or ``"linear"`` (the default for percentages).
    options
        Who counts, and how, as :func:`design` takes it. With ``unit="organization"`` each
        organization has one voice, shared out over its clouds.

    Returns
    -------
    Estimates
        Beyond the core columns: ``lower_bound`` and ``upper_bound``, between which the
        quantile of those who answered certainly lies (no ``upper_bound`` where ``open_top``
        is set: the band has no upper edge); ``band`` that holds it; ``low_edge`` and
        ``high_edge``, the edges of the bands that hold ``low`` and ``high``, an interval that
        does not depend on the interpolation within bands; ``n_eff`` (effective number of
        units), ``deff`` (design effect), ``clusters``, ``asked`` and ``imprecise_because``.
        Where the value lies in the open band it is that band's lower edge: read "at least".

    Raises
    ------
    EstimateError
        If the answers are not bands of a number, or an argument is not what it should be.
    ResponsesError
        If none of the editions asks the question.

    Notes
    -----
    Sources: Woodruff (1952), Francisco and Fuller (1991); for pooled bands that overlap,
    Turnbull (1976) with a jackknife over clusters. A status ``imprecise`` follows the sample
    sizes and degrees of freedom of the NCHS presentation standards (Parker et al. 2017).

    Examples
    --------
    >>> from survey.estimates.examples import answers
    >>> table = quantile(answers(), "compute_cores", [0.25, 0.75], by="edition")
    >>> table.frame[["edition", "answer", "base"]].head(2)
      edition         answer  base
    0    2018  25 % quantile    23
    1    2018  75 % quantile    23
    """
    banded = _read(answers, concept, by, options)
    how = interpolation_of(banded.only.counts, interpolation)
    arguments = Arguments(
        concept, banded.grouping.names, MappingProxyType({"q": _quantiles(q), "interpolation": how})
    )
    found = point_of_quantiles(tabulated_bands(banded, keys=False), arguments)
    return table_of(
        QUANTILE,
        banded.design,
        arguments,
        banded.asked,
        found.frame(_precision(banded, found, arguments)),
        names=banded.grouping.names,
        title=banded.design.answers.question(concept).title,
        method=METHOD,
        notes=(*_notes(how, banded), *banded.notes()),
        counts=banded.only.counts,
    )


def _read(
    answers: Responses | Design,
    concept: str,
    by: str | Sequence[str] | None,
    options: DesignOptions,
) -> Banded:
    banded = ask_bands(answers, (concept,), by, stratified=True, **options)
    return banded.with_bands(used_cells(banded.only))


def point_of_quantiles(table: Tabulation, arguments: Arguments) -> Point:
    """Return quantiles from how many answers lie in each band, with the bounds of the bands."""
    bands, counts = _chosen(table)
    curve = curve_of(bands, counts)
    axis = Axis(curve.low, curve.reach, curve.single, arguments["interpolation"])
    size, known = table.base[:, 0].astype(np.float64), table.known[:, :1]
    parts = [_quantile(bands, curve, axis, size, q) for q in arguments["q"]]
    stacked = {name: np.stack([part[name] for part in parts], axis=1) for name in parts[0]}
    numbers = {
        name: np.where(known, values, np.nan)
        for name, values in stacked.items()
        if values.dtype == np.float64
    }
    return Point(
        table.names,
        table.groups,
        tuple(_name(q) for q in arguments["q"]),
        {
            "count": table.base[:, :1],
            "base": table.base[:, :1],
            "status": table.presence[:, :1],
            **numbers,
            "open_top": known & stacked["open_top"],
            "band": np.where(known, stacked["band"], ""),
        },
    )


def _chosen(table: Tabulation) -> tuple[Cells, Floats]:
    """Return the bands and their counts; where bands overlap, those that somebody chose.

    Other bands would divide the numbers. Of published counts these are the ones above 0, so that
    nothing tells a band that one or two chose from one that nobody did.
    """
    assert table.bands is not None
    used = np.flatnonzero(table.weighted_count.any(axis=0))
    if table.bands.disjoint or not len(used):
        return table.bands, table.weighted_count
    return table.bands.pick(used), table.weighted_count[:, used]


def _quantile(
    bands: Cells, curve: Curve, axis: Axis, size: Floats, q: float
) -> dict[str, npt.NDArray[Any]]:
    """Return what counts alone say of one quantile, one entry per group."""
    edges = np.where(bands.open, np.inf, bands.high)
    lower = weighted_quantile(bands.low, curve.counts, q)
    upper = weighted_quantile(edges, curve.counts, q, upper=True)
    return {
        "value": np.clip(point(axis, curve.share, size, q), lower, upper),
        "lower_bound": lower,
        "upper_bound": np.where(np.isinf(upper), np.nan, upper),
        "open_top": np.isinf(upper),
        "band": _band_names(bands, curve, q),
    }


def ends_of_quantiles(
    curve: Curve, axis: Axis, size: Floats, limits: Limits, found: Point, quantiles: Sequence[float]
) -> dict[str, npt.NDArray[Any]]:
    """Return the limits of quantiles, from the limits of the shares below each edge."""
    parts = []
    for place, q in enumerate(quantiles):
        value = found.value[:, place]
        low_cell, _ = first_above(limits.high, q)
        high_cell, _ = first_above(limits.low, q, strictly=True)
        low = axis.reached(curve.share, size, q, limit=limits.high)
        high = axis.reached(curve.share, size, q, limit=limits.low, strictly=True)
        endless = np.isinf(axis.reach[high_cell])
        parts.append(
            {
                "low": np.minimum(low, value),
                "high": np.where(endless, np.nan, np.maximum(high, value)),
                "low_edge": curve.low[low_cell],
                "high_edge": _finite(curve.top[high_cell]),
                "open_top": found.columns["open_top"][:, place] | endless,
            }
        )
    return {name: np.stack([part[name] for part in parts], axis=1) for name in parts[0]}


def _precision(banded: Banded, found: Point, arguments: Arguments) -> dict[str, npt.NDArray[Any]]:
    """Return the columns that sums by cluster give, groups x quantiles."""
    sizes = banded.sizes()
    count, clusters = sizes["answered"][:, None], sizes["clusters"][:, None]
    bands = banded.only.cells
    sums = banded.sums(banded.one_hot())
    curve = curve_of(bands, sums.per_group(sums.chosen))
    axis = Axis(curve.low, curve.reach, curve.single, arguments["interpolation"])
    limits, worth = share_limits(banded, curve)
    quantiles = arguments["q"]
    ends = ends_of_quantiles(curve, axis, count[:, 0].astype(np.float64), limits, found, quantiles)
    inside = np.stack([first_above(curve.share, q)[0] for q in quantiles], axis=1)
    effective = np.take_along_axis(worth, np.minimum(inside, worth.shape[1] - 1), axis=1)
    known = found.columns["status"] == Status.OK.value
    few = too_few(count, np.where(known, effective, 0.0), banded.freedom()[:, None])
    broken = np.where((few == 0) & ends["open_top"], len(RULES), few)
    rule = np.where(known, broken, 0)
    numbers = {
        name: np.where(known, values, np.nan) for name, values in ends.items() if name != "open_top"
    }
    return {
        **numbers,
        "status": np.where(rule > 0, Status.IMPRECISE.value, found.columns["status"]),
        "open_top": known & ends["open_top"],
        "n_eff": np.where(known, effective, np.nan),
        "deff": np.where(known, count / np.where(known, effective, 1.0), np.nan),
        "clusters": clusters,
        "asked": sizes["asked"][:, None],
        "imprecise_because": np.array([*RULES, OPEN_RULE], dtype=object)[rule],
    }


def limits_of_quantiles(table: Tabulation, arguments: Arguments, noise: Noise) -> Limits:
    """Return public limits: of the shares below each edge, inverted."""
    curve = curve_of(*_chosen(table))
    axis = Axis(curve.low, curve.reach, curve.single, arguments["interpolation"])
    below = np.arange(1.0, curve.share.shape[1] + 1)
    size = table.base[:, 0].astype(np.float64)
    limits = curve.settled(limits_with_noise(curve.share, size[:, None], noise, below, below[-1]))
    found = point_of_quantiles(table, arguments)
    ends = ends_of_quantiles(curve, axis, size, limits, found, arguments["q"])
    known = table.known[:, :1]
    return Limits(*(np.where(known, ends[name], np.nan) for name in ("low", "high")))


def _band_names(bands: Cells, curve: Curve, q: float) -> npt.NDArray[np.object_]:
    """Return the label of the band at the quantile; of two, where it lies between them."""
    place = np.arange(len(bands), dtype=np.float64)
    found = [weighted_quantile(place, curve.counts, q, upper=upper) for upper in (False, True)]
    labels = np.array([*bands.labels, ""], dtype=object)
    first, last = (np.where(np.isnan(each), len(bands), each).astype(np.intp) for each in found)
    return np.where(first == last, labels[first], labels[first] + " / " + labels[last])


def _finite(values: Floats) -> Floats:
    return np.asarray(np.where(np.isinf(values), np.nan, values))


def _name(q: float) -> str:
    return "median" if q == 0.5 else f"{100 * q:g} % quantile"


def _notes(how: str, banded: Banded) -> list[str]:
    spread = {
        "smooth": "as a smooth distribution through the band's edges would",
        "log": "evenly on a logarithmic scale",
        "linear": "evenly",
    }[how]
    value = f"The value spreads the answers of a band {spread}."
    bounds = f"Bounds {banded.bounds_hold()}: the edges of the band that holds the quantile."
    notes: list[str] = [ExactNote(f"{bounds} {value}", value)]
    if not banded.only.cells.disjoint:
        notes.append("Bands that overlap are pooled as intervals (Turnbull's estimate).")
    return notes


def _quantiles(q: float | Sequence[float]) -> tuple[float, ...]:
    given = tuple(q) if isinstance(q, Iterable) and not isinstance(q, str) else (q,)
    problems = [problem for each in given for problem in fraction("q", each, 0.5)]
    if not given:
        problems.append(Problem("q", "none", "numbers between 0 and 1, such as 0.5"))
    require("Cannot compute quantiles", problems)
    return tuple(float(each) for each in given)


def interpolation_of(counts: str, given: str | None = None) -> str:
    """Return how numbers are spread within a band: as given, else what suits what it counts."""
    if given is None:
        return "linear" if counts == "percent" else "smooth"
    require(f"Unknown interpolation {given!r}", one_of("interpolation", given, _INTERPOLATIONS))
    return given


def _tabulate(design: Design, arguments: Arguments) -> tuple[Tabulation, ...]:
    banded = ask_bands(design, (arguments.concept,), arguments.by, stratified=True)
    return (tabulated_bands(banded),)


def _ask_again(design: Design, arguments: Arguments) -> Estimates:
    return quantile(design, arguments.concept, by=arguments.by, **arguments.options)


QUANTILE: Final = Statistic(
    name="quantile",
    calculates=r"median|\d+(\.\d+)? % quantile",
    measure=Measure.NUMBER,
    columns=MappingProxyType(
        {
            "low_edge": Column(Role.BOUND, "lower edge of the band that holds the lower limit"),
            "high_edge": Column(Role.BOUND, "upper edge of the band that holds the upper limit"),
            "open_top": Column(Role.DIAGNOSTIC, "reaches into the open band"),
            "n_eff": columns.EFFECTIVE,
            "deff": columns.DESIGN_EFFECT,
            "clusters": columns.CLUSTERS,
            "asked": columns.ASKED,
            "imprecise_because": columns.RULE,
            "lower_bound": Column(Role.BOUND, "lower edge of the band"),
            "upper_bound": Column(Role.BOUND, "upper edge of the band"),
            "band": Column(Role.TEXT, "band", public=True, own_words=True),
        }
    ),
    tabulate=_tabulate,
    point=point_of_quantiles,
    ask_again=_ask_again,
    public=Public(limits_of_quantiles),
    varies=("largest", "unit"),
)
MEDIAN: Final = replace(QUANTILE, name="median")
