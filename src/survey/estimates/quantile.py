"""Quantiles of banded answers: hard bounds, an interpolated value, and an interval.

The share of clouds below the edge of a band is observed; between edges nothing is. So the
*bounds* of a quantile are the edges of the band that holds it, and these are certain for the
clouds that answered. The *value* interpolates between the edges on a logarithmic scale.
The *interval* inverts the confidence limits of the share below each edge.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from survey.checked import checked
from survey.codebook import Unit
from survey.errors import EstimateError, Problem
from survey.estimates.arguments import given
from survey.estimates.banded import Banded, ask_bands, used_cells
from survey.estimates.checks import fraction, one_of, require
from survey.estimates.distribution_limits import Below, share_below
from survey.estimates.imprecision import RULES, too_few
from survey.estimates.inversion import Axis, first_above, point, weighted_quantile
from survey.estimates.precision import METHODS
from survey.estimates.table import Estimates, Measure, Spec, Status
from survey.estimates.weights import Weights
from survey.responses import Responses

__all__ = ["median", "quantile"]

Floats = npt.NDArray[np.float64]

METHOD: Final = (
    f"limits of the share below each edge ({METHODS['auto']}), inverted and interpolated "
    "(Woodruff 1952; Francisco and Fuller 1991)"
)
_SPREADS: Final = ("smooth", "log", "linear")
OPEN_RULE: Final = "reaches into the open band"


@checked(EstimateError)
def median(  # noqa: PLR0913
    answers: Responses,
    concept: str,
    by: str | Sequence[str] | None = None,
    *,
    unit: Unit | str | None = None,
    level: float = 0.95,
    cluster: str | None = "organization",
    copies: bool = False,
    weights: Weights | None = None,
    spread: str | None = None,
) -> Estimates:
    """Return the median of a banded question: hard bounds, a value and an interval.

    Parameters
    ----------
    answers, concept, by, unit, level, cluster, copies, weights, spread
        As for :func:`survey.estimates.quantile`, which also says what the columns hold.

    Examples
    --------
    >>> from survey.estimates.examples import answers
    >>> table = median(answers(), "compute_cores", by="edition")
    >>> table.frame[["edition", "band", "lower_bound", "upper_bound"]].head(1)
      edition              band  lower_bound  upper_bound
    0    2018  100 to 999 cores        100.0        999.0
    """
    table = quantile(
        answers,
        concept,
        0.5,
        by,
        unit=unit,
        level=level,
        cluster=cluster,
        copies=copies,
        weights=weights,
        spread=spread,
    )
    return replace(table, spec=replace(table.spec, statistic="median"))


@checked(EstimateError)
def quantile(  # noqa: PLR0913
    answers: Responses,
    concept: str,
    q: float | Sequence[float] = 0.5,
    by: str | Sequence[str] | None = None,
    *,
    unit: Unit | str | None = None,
    level: float = 0.95,
    cluster: str | None = "organization",
    copies: bool = False,
    weights: Weights | None = None,
    spread: str | None = None,
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
    unit
        What is counted; by default what the question is about. With ``"organization"`` each
        organization has one voice, shared out over its clouds.
    level
        Confidence level.
    cluster
        Column whose units are not independent; ``None`` if all are.
    copies
        Whether rows count that were carried over unchanged from another edition.
    weights
        Weights from :func:`rake` or :func:`poststratify`; default none.
    spread
        How numbers are spread within a band: ``"smooth"`` (on a logarithmic scale, as a smooth
        curve through the shares below the edges goes; the default),
        ``"log"`` (evenly on a logarithmic scale) or ``"linear"`` (the default for percentages).

    Returns
    -------
    Estimates
        Beyond the core columns: ``lower_bound`` and ``upper_bound``, between which the
        quantile of those who answered certainly lies (no ``upper_bound`` where ``open_top``
        is set: the band has no upper edge); ``band`` that holds it; ``low_edge`` and
        ``high_edge``, the edges of the bands that hold ``low`` and ``high``, an interval that
        does not depend on the spread within bands; ``effective`` (effective number of
        units), ``deff`` (design effect), ``clusters``, ``asked`` and ``rule`` (why a value is
        imprecise). Where the value lies in the open band it is that band's lower edge: read
        "at least".

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
    wanted = _quantiles(q)
    banded = ask_bands(
        answers,
        (concept,),
        by,
        unit=unit,
        level=level,
        cluster=cluster,
        copies=copies,
        weights=weights,
    )
    banded = banded.with_bands(used_cells(banded.only))
    how = _spread(spread, banded.only.counts)
    below = share_below(banded)
    axis = Axis(below.low, below.reach, below.single, how)
    parts = [_rows(banded, below, axis, each) for each in wanted]
    return Estimates(
        _stacked(banded, parts),
        Spec(
            "quantile",
            concept,
            banded.grouping.names,
            banded.asked.unit,
            level=level,
            method=METHOD,
            counts=banded.only.counts,
            options=given(
                {
                    "q": wanted,
                    "cluster": cluster,
                    "copies": copies,
                    "weights": weights,
                    "spread": how,
                }
            ),
        ),
        answers.provenance,
        Measure.NUMBER,
        title=answers.question(concept).title,
        notes=tuple(dict.fromkeys((*_notes(how, below), *banded.notes()))),
    )


def _rows(banded: Banded, below: Below, axis: Axis, q: float) -> dict[str, npt.NDArray[Any]]:
    """Return the columns of one quantile, one entry per group."""
    cells, size = banded.only.cells, banded.sizes()["answered"].astype(np.float64)
    inside, _ = first_above(below.share, q)
    low_cell, _ = first_above(below.limits.high, q)
    high_cell, _ = first_above(below.limits.low, q, strictly=True)
    edges = np.where(cells.open, np.inf, cells.high)
    upper = weighted_quantile(edges, below.counts, q, upper=True)
    high = axis.reached(below.share, size, q, limit=below.limits.low, strictly=True)
    lower = weighted_quantile(cells.low, below.counts, q)
    value = np.clip(point(axis, below.share, size, q), lower, upper)
    low = axis.reached(below.share, size, q, limit=below.limits.high)
    return {
        "answer": np.full(len(upper), _name(q), dtype=object),
        "value": value,
        "low": np.minimum(low, value),
        "high": np.where(np.isinf(axis.reach[high_cell]), np.nan, np.maximum(high, value)),
        "lower_bound": lower,
        "upper_bound": np.where(np.isinf(upper), np.nan, upper),
        "open_top": np.isinf(upper) | np.isinf(axis.reach[high_cell]),
        "band": _band_names(banded, below, q),
        "low_edge": below.low[low_cell],
        "high_edge": _finite(below.top[high_cell]),
        "effective": below.effective[
            np.arange(len(inside)), np.minimum(inside, below.effective.shape[1] - 1)
        ],
    }


def _stacked(banded: Banded, parts: Sequence[dict[str, npt.NDArray[Any]]]) -> pd.DataFrame:
    """Return one row per group and quantile."""
    size = len(parts)
    columns = {name: np.stack([part[name] for part in parts], axis=1).ravel() for name in parts[0]}
    sizes = {name: np.repeat(values, size) for name, values in banded.sizes().items()}
    count, clusters = sizes["answered"], sizes["clusters"]
    status = np.repeat(banded.statuses(count[::size]), size)
    known = status == Status.OK.value
    few = too_few(count, np.where(known, columns["effective"], 0.0), clusters - 1)
    open_rule = len(RULES)
    rule = np.where(known, np.where((few == 0) & columns["open_top"], open_rule, few), 0)
    status[rule > 0] = Status.IMPRECISE.value
    columns |= {
        name: np.where(known, values, np.nan)
        for name, values in columns.items()
        if values.dtype == np.float64
    }
    columns["open_top"] &= known
    columns["band"] = np.where(known, columns["band"], "")
    core = {"answer": columns.pop("answer"), "count": count, "base": count}
    core |= {name: columns.pop(name) for name in ("value", "low", "high")}
    last = {
        "deff": np.where(known, count / np.where(known, columns["effective"], 1.0), np.nan),
        "clusters": clusters,
        "asked": sizes["asked"],
        "rule": np.array([*RULES, OPEN_RULE], dtype=object)[rule],
    }
    return pd.DataFrame({**banded.columns(size), **core, "status": status, **columns, **last})


def _band_names(banded: Banded, below: Below, q: float) -> npt.NDArray[np.object_]:
    """Return the label of the band at the quantile; of two, where it lies between them."""
    cells = banded.only.cells
    place = np.arange(len(cells), dtype=np.float64)
    found = [weighted_quantile(place, below.counts, q, upper=upper) for upper in (False, True)]
    labels = np.array([*cells.labels, ""], dtype=object)
    first, last = (np.where(np.isnan(each), len(cells), each).astype(np.intp) for each in found)
    return np.where(first == last, labels[first], labels[first] + " / " + labels[last])


def _finite(values: Floats) -> Floats:
    return np.asarray(np.where(np.isinf(values), np.nan, values))


def _name(q: float) -> str:
    return "median" if q == 0.5 else f"{100 * q:g} % quantile"


def _notes(how: str, below: Below) -> list[str]:
    spread = {
        "smooth": "as a smooth distribution through the band's edges would",
        "log": "evenly on a logarithmic scale",
        "linear": "evenly",
    }[how]
    notes = [
        "Bounds are certain for those who answered: the edges of the band that holds the "
        f"quantile. The value spreads the answers of a band {spread}."
    ]
    if below.pooled:
        notes.append("Bands that overlap are pooled as intervals (Turnbull's estimate).")
    return notes


def _quantiles(q: float | Sequence[float]) -> tuple[float, ...]:
    given = tuple(q) if isinstance(q, Iterable) and not isinstance(q, str) else (q,)
    problems = [problem for each in given for problem in fraction("q", each, 0.5)]
    if not given:
        problems.append(Problem("q", "none", "numbers between 0 and 1, such as 0.5"))
    require("Cannot compute quantiles", problems)
    return tuple(float(each) for each in given)


def _spread(spread: str | None, counts: str) -> str:
    if spread is None:
        return "linear" if counts == "percent" else "smooth"
    require(f"Unknown spread {spread!r}", one_of("spread", spread, _SPREADS))
    return spread
