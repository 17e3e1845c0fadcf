"""What lies inside the bands: the expected number of each cell under a model.

A *filling* says how the numbers are spread inside each cell: by a family of distributions
fitted to all cells, or evenly on a logarithmic scale, which assumes the least. The open band
has no upper edge, so what it holds is an assumption of its own, the *top rule*:

``"model"``
    as the fitted family says, its mean at most a thousand times the edge;
``"lower edge"``
    every number is the lower edge: nothing is added to what the answers prove;
``"pareto"``
    a power law that continues the two highest bands, cut off one decade above the edge;
a number
    the mean of the open band.

Sources
-------
Burnham, K. P. and Anderson, D. R. (2002). Model Selection and Multimodel Inference, 2nd edition.
    Springer. Chapter 2 (Akaike weights).
Parker, R. N. and Fenwick, R. (1983). The Pareto curve and its utility for open-ended income
    distributions in survey research. Social Forces 61, 872-885.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

import numpy as np
import numpy.typing as npt

from survey.dataclass import dataclass
from survey.errors import Problem, did_you_mean
from survey.estimates.design.checks import number, one_of, require
from survey.estimates.numbers.models import FAMILIES, Fit, fit
from survey.estimates.numbers.turnbull import innermost, turnbull
from survey.estimates.tabulation.banded_answers import Cells

__all__ = ["AVERAGE", "FILLINGS", "PARETO", "TOP_RULES", "Filling", "fill", "fit_edges"]

Floats = npt.NDArray[np.float64]
Places = npt.NDArray[np.intp]
Values = Callable[[Floats, Places, Places], Floats]
"""Draws numbers from uniform random ones, given the replicate and the cell of each."""

AVERAGE: Final = "average"
PARETO: Final = "pareto"
"""How totals are modelled by default: see calibration/README.md."""
FILLINGS: Final = (*FAMILIES, AVERAGE, "turnbull", "pareto")
"""What a model can be called."""
TOP_RULES: Final = ("model", "lower edge", "pareto")
"""What an open band can be assumed to hold."""

# The gamma family changes the error of no simulated world and takes most of the time to fit
# (calibration/results/totals.csv).
_AVERAGED = ("lognormal", "weibull")
_HEAVY: Final = frozenset({"lognormal"})
"""Families whose own tail is too heavy, so that a few clouds in the open band decide a total."""
_DRAWS = 32
_EXACT = 2.0**20
_GOLDEN = (5**0.5 - 1) / 2
_FARTHEST = 1000.0  # no open band's mean is more than so many times its edge
_DECADE = np.log(10.0)


@dataclass(frozen=True)
class Filling:
    """Expected numbers inside cells, for many replicates.

    Attributes
    ----------
    name
        Family, or how numbers are spread.
    means
        Replicates x cells: expected number.
    values
        Draws numbers: from uniform random numbers, each with its replicate and its cell.
    fitted
        The fitted family, if there is one.
    settled
        Per replicate: whether the cells determine the family.
    mean_weight
        Mean weight of a unit.
    """

    name: str
    means: Floats
    values: Values
    fitted: Fit | None
    settled: npt.NDArray[np.bool_]
    mean_weight: float = 1.0

    def drawn_totals(self, counts: Floats, random: np.random.Generator) -> Floats:
        """Return totals of numbers drawn inside their cells, per replicate.

        Numbers of a cell are drawn one by one, up to 32; for more, the mean of the drawn
        ones departs from what is expected as the mean of that many would. How many there are is
        what weighted counts are over the mean weight.
        """
        counts = counts / self.mean_weight
        size = np.clip(np.ceil(counts), 1, _DRAWS)
        drawn = random.random((*counts.shape, _DRAWS))
        taken = (np.arange(_DRAWS) < size[..., None]) & (counts != 0)[..., None]
        rows, cells, _ = taken.nonzero()
        numbers = self.values(drawn[taken], rows, cells)  # a model of the others costs the most
        drawn[~taken], drawn[taken] = 0.0, numbers
        mean = drawn.sum(axis=-1) / size
        narrower = np.sqrt(size / np.maximum(counts, size))
        spread = narrower * mean + (1 - narrower) * self.means
        return np.asarray(self.mean_weight * (counts * spread).sum(axis=-1))

    def pass_over(self, cells: int, random: np.random.Generator) -> None:
        """Leave out the random numbers of so many cells, as if their numbers had been drawn."""
        random.random(cells * _DRAWS)


def fill(
    name: str,
    cells: Cells,
    counts: Floats,
    top: str | float | None = None,
    mean_weight: float = 1.0,
) -> Filling:
    """Return what lies inside the cells, given how many units chose each.

    Parameters
    ----------
    name
        A family (``"lognormal"``, ``"weibull"``, ``"gamma"``), ``"average"`` (of the first
        two, each with the weight of evidence that the bands give it), ``"turnbull"`` (evenly on a
        logarithmic scale; the open band at its lower edge) or ``"pareto"`` (the same with a
        power law at the top).
    cells
        The cells.
    counts
        Replicates x cells; with weights, sums of them.
    top
        The top rule; by default a power law (in the average the Weibull family keeps a
        lighter tail of its own), and the lower edge without a family.
    mean_weight
        Mean weight of a unit. Evidence for a family is that of the units, and not of their weights,
        which may have any scale.

    Raises
    ------
    EstimateError
        If the model or the top rule is unknown.
    """
    _check(name, top)
    counts = counts / mean_weight
    rule = _rule(name, top)
    if name in FAMILIES:
        base = _family(name, cells, counts)
    elif name == AVERAGE:
        families = [_family(each, cells, counts) for each in _AVERAGED]
        if top is None:
            families = [_in_average(each, cells, counts) for each in families]
        base = _averaged(families)
    else:
        base = _evenly(name, cells, counts)
    has_top = rule == "model" or (name == AVERAGE and top is None)
    filling = base if has_top else _with_top(base, cells, counts, rule)
    # sums of such numbers are exact in whatever order they are added, up to eight thousand million,
    # so that parts add up to wholes and one change is one number wherever it is computed
    means = np.round(filling.means * _EXACT) / _EXACT
    return replace(filling, means=means, mean_weight=mean_weight)


def _rule(name: str, top: str | float | None) -> str | float:
    """Return the top rule; the two ways without a family have no model of the open band."""
    if top is None:
        return "lower edge" if name == "turnbull" else PARETO
    without_family = {"turnbull": "lower edge", "pareto": "pareto"}
    return without_family.get(name, top) if top == "model" else top


def fit_edges(cells: Cells) -> tuple[Floats, Floats]:
    """Return the edges that a likelihood uses.

    Nothing lies below the lowest band, so that it begins at 0. A single large number is known
    to within a tenth, as published figures are.
    """
    low, reach = cells.low.copy(), cells.reach.copy()
    narrow = reach < 1.2 * low
    low[narrow], reach[narrow] = low[narrow] / 1.1, reach[narrow] * 1.1
    return _from_zero(low), reach


def _from_zero(low: Floats) -> Floats:
    return np.where((low == low.min(initial=np.inf)) & (low <= 1), 0.0, low)


def _fitted_cells(cells: Cells) -> Floats:
    """Return 1 per cell, and 0 for those that hold the number 0 alone."""
    return np.where(cells.high > 0, 1.0, 0.0)


def _family(name: str, cells: Cells, counts: Floats) -> Filling:
    fitted = fit(name, *fit_edges(cells), counts * _fitted_cells(cells))
    return _by_family(fitted, cells)


def _in_average(family: Filling, cells: Cells, counts: Floats) -> Filling:
    """Return a family as the average has it by default: a power law in the open band.

    The Weibull family keeps its own tail where that is lighter: if the bands speak for it, a power
    law through the last two of them is less certain.
    """
    topped = _with_top(family, cells, counts, PARETO)
    if family.name in _HEAVY:
        return topped
    own = family.settled[:, None] & (family.means < topped.means)

    def values(share: Floats, rows: Places, cells: Places) -> Floats:
        which = own[rows, cells].astype(np.intp)
        return _by_one_of([topped.values, family.values], which, share, rows, cells)

    means = np.where(own, family.means, topped.means)
    return Filling(family.name, means, values, family.fitted, family.settled)


def _by_one_of(
    ways: Sequence[Values], which: Places, share: Floats, rows: Places, cells: Places
) -> Floats:
    """Return numbers that are drawn each in ``which`` of several ways."""
    drawn = np.empty(len(share))
    for way, values in enumerate(ways):
        here = which == way
        if here.any():
            drawn[here] = values(share[here], rows[here], cells[here])
    return drawn


def _averaged(fillings: Sequence[Filling]) -> Filling:
    """Return the average of fitted families by Akaike weights (Burnham and Anderson 2002).

    Means are averaged. Draws come from one family per replicate, families in proportion to
    their weights, so that intervals hold the doubt about the family as well.
    """
    settled = np.stack([each.settled for each in fillings])
    aic = np.stack([each.fitted.aic for each in fillings if each.fitted is not None])
    # where no family settles all are the same even filling, and any weights do
    aic = np.where(settled | ~settled.any(axis=0), aic, np.inf)
    weight = np.exp(-(aic - aic.min(axis=0)) / 2)
    weight /= weight.sum(axis=0)
    means = np.einsum("fr,frc->rc", weight, np.stack([each.means for each in fillings]))
    # a fixed sequence that fills the unit interval evenly, so that results repeat
    place = (np.arange(weight.shape[1]) + 0.5) * _GOLDEN % 1.0
    chosen = (place >= weight.cumsum(axis=0)[:-1]).sum(axis=0)

    def values(share: Floats, rows: Places, cells: Places) -> Floats:
        return _by_one_of([each.values for each in fillings], chosen[rows], share, rows, cells)

    return Filling(AVERAGE, means, values, None, np.asarray(settled.any(axis=0)))


def _by_family(fitted: Fit, cells: Cells) -> Filling:
    """Return the filling of a fitted family; where cells do not determine it, an even one."""
    low, reach = cells.low, cells.reach
    highest = np.where(cells.open, _FARTHEST * low, cells.high)
    even = np.minimum(_log_means(low, reach), highest)
    settled = fitted.settled[:, None]
    start = _from_zero(low)
    means = np.clip(fitted.family.means(start, reach, fitted.theta), low, highest)
    means = np.where(cells.unit_width, low, np.where(settled, means, even))

    def values(share: Floats, rows: Places, places: Places) -> Floats:
        drawn = fitted.family.values(share, start, reach, fitted.theta, rows, places)
        spread = np.maximum(drawn, low[places])
        if not fitted.settled.all():
            even_ones = _log_values(share, low[places], reach[places])
            spread = np.where(fitted.settled[rows], spread, even_ones)
        spread = np.minimum(spread, np.where(cells.open, 10 * highest, highest)[places])
        return np.where(cells.unit_width[places], low[places], spread)

    return Filling(fitted.family.name, means, values, fitted, fitted.settled)


def _evenly(name: str, cells: Cells, counts: Floats) -> Filling:
    """Return the filling that is even on a logarithmic scale; overlaps follow Turnbull."""
    low, reach = cells.low, cells.reach
    means = np.broadcast_to(_log_means(low, reach), counts.shape)
    if not cells.disjoint:
        means = _pooled_means(cells, counts)
    means = np.where(cells.unit_width, low, means)

    def values(share: Floats, rows: Places, places: Places) -> Floats:
        highest = np.where(cells.open, low, cells.high)[places]
        drawn = np.minimum(_log_values(share, low[places], reach[places]), highest)
        return np.where(cells.unit_width[places], low[places], drawn)

    return Filling(name, means, values, None, np.ones(len(counts), dtype=bool))


def _pooled_means(cells: Cells, counts: Floats) -> Floats:
    cells = cells.snapped()
    used = counts.any(axis=0)
    begin, end = innermost(cells.low[used], cells.reach[used])
    share = turnbull(cells.low, cells.reach, counts, (begin, end)).share
    holds = (cells.low[:, None] <= begin) & (end <= cells.reach[:, None])
    inside = share @ holds.T
    part = (share * _log_means(begin, end)) @ holds.T
    even = np.broadcast_to(_log_means(cells.low, cells.reach), counts.shape)
    return np.divide(part, inside, out=even.copy(), where=inside > 1e-12)


def _log_means(low: Floats, reach: Floats) -> Floats:
    """Return the mean of numbers spread evenly on a logarithmic scale; open: the lower edge."""
    start = np.where(low > 0, low, np.nan)
    end = np.where(np.isinf(reach), np.nan, reach)
    with np.errstate(invalid="ignore", divide="ignore"):
        even = (end - start) / np.log(end / start)
    middle = np.where(np.isinf(reach), low, (low + np.where(np.isinf(reach), low, reach)) / 2)
    return np.asarray(np.where(np.isnan(even), middle, even))


def _log_values(share: Floats, low: Floats, reach: Floats) -> Floats:
    """Return a number for each share, spread evenly on a logarithmic scale between its edges."""
    end = np.where(np.isinf(reach), low, reach)
    safe = np.where(low > 0, low, 1.0)
    ratio = np.where(low > 0, end / safe, 1.0)
    return np.where(low > 0, safe * ratio**share, low + share * (end - low))


def _with_top(base: Filling, cells: Cells, counts: Floats, rule: str | float) -> Filling:
    """Return the filling with another assumption on the open cells."""
    low, is_open = cells.low, cells.open
    if rule == "pareto":
        alpha = _tail_slope(cells, counts)
        top = low * _cut_pareto_mean(alpha)
        draw = _cut_pareto_draw
    else:
        fixed = low if rule == "lower edge" else np.maximum(float(rule), low)
        top = np.broadcast_to(fixed, counts.shape)
        alpha = np.zeros((len(counts), 1))
        draw = None
    means = np.where(is_open, top, base.means)

    def held(share: Floats, rows: Places, places: Places) -> Floats:
        if draw is None:
            return np.asarray(top[rows, places])
        return np.asarray(low[places] * draw(share, alpha[rows, 0]))

    def values(share: Floats, rows: Places, places: Places) -> Floats:
        which = is_open[places].astype(np.intp)
        return _by_one_of([base.values, held], which, share, rows, places)

    return Filling(base.name, means, values, base.fitted, base.settled)


def _tail_slope(cells: Cells, counts: Floats) -> Floats:
    """Return the exponent of the power law through the open and the closed band below it."""
    edge = cells.low[cells.open].max(initial=0.0)
    beyond = counts[:, cells.low >= edge].sum(axis=1)
    under = (cells.reach <= edge) & ~cells.open
    start = cells.low[under].max(initial=1.0)
    near = counts[:, under & (cells.low == start)].sum(axis=1)
    width = np.log(max(edge, 2.0) / start)
    ratio = np.divide(near + beyond, beyond, out=np.full(len(counts), np.e), where=beyond > 0)
    return np.asarray(np.clip(np.log(ratio) / width, 0.0, 5.0))[:, None]


def _cut_pareto_mean(alpha: Floats) -> Floats:
    """Return the mean of a power law from 1 to 10, with density falling as x**-(alpha + 1)."""

    def powered(exponent: Floats) -> Floats:
        near = np.abs(exponent) < 1e-8
        safe = np.where(near, 1.0, exponent)
        return np.asarray(np.where(near, _DECADE, np.expm1(safe * _DECADE) / safe))

    return np.asarray(powered(1 - alpha) / powered(-alpha))


def _cut_pareto_draw(share: Floats, alpha: Floats) -> Floats:
    near = alpha < 1e-8
    safe = np.where(near, 1.0, alpha)
    curved = (1 - share * (1 - 10.0**-safe)) ** (-1 / safe)
    return np.asarray(np.where(near, 10.0**share, curved))


def _check(name: str, top: str | float | None) -> None:
    problems = one_of("family", name, FILLINGS)
    if isinstance(top, str) and top not in TOP_RULES:
        problems.append(
            Problem(
                "open_band",
                repr(top),
                f"one of {', '.join(TOP_RULES)}, or the mean of the open band",
                did_you_mean(top, TOP_RULES),
            )
        )
    if not (top is None or isinstance(top, str)):
        problems += number("open_band", top, "a number above 0", above=0)
    require("Cannot model what lies inside the bands", problems)
