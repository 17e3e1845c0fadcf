"""Ratios of two banded numbers: cores per node, cores per person, instances per core.

Each cloud's ratio is an interval: from its smallest numerator over its largest denominator to
the other way round. The bounds follow from these intervals; the value from a model of both
numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from types import MappingProxyType
from typing import Final, NamedTuple, Unpack

import numpy as np
import numpy.typing as npt
import pandas as pd

from survey.checked import checked
from survey.dataclass import dataclass
from survey.errors import EstimateError
from survey.estimates import statistic as columns
from survey.estimates.design import Design, DesignOptions, design_of
from survey.estimates.design.checks import MOST_REPLICATES, one_of, require, whole
from survey.estimates.numbers.banded import Banded, ask_bands
from survey.estimates.numbers.bivariate import correlation
from survey.estimates.numbers.filling import Filling, fill, fit_edges
from survey.estimates.numbers.inversion import weighted_quantile
from survey.estimates.precision.bootstrap import generator, resampled
from survey.estimates.precision.imprecision import RULES, too_few
from survey.estimates.precision.intervals import t_quantile
from survey.estimates.statistic import Arguments, Column, Role, Statistic
from survey.estimates.table import Estimates, Measure, Status
from survey.estimates.table_of import table_of
from survey.estimates.tabulation.banded_answers import BandedAnswers
from survey.estimates.tabulation.sums import Sums
from survey.responses import Responses

__all__ = ["OF", "bounds_of", "joint_sums", "ratio", "ratios_of"]

Floats = npt.NDArray[np.float64]

METHOD: Final = (
    "interval-censored bivariate lognormal; bootstrap of clusters (Rao and Wu 1988), Student "
    "interval on the logarithm"
)
OF: Final = ("median", "mean", "total")
_UNSETTLED: Final = "bands do not determine the model"


@checked(EstimateError)
def ratio(
    answers: Responses | Design,
    numerator: str,
    denominator: str,
    by: str | Sequence[str] | None = None,
    *,
    statistic: str = "median",
    replicates: int = 500,
    **options: Unpack[DesignOptions],
) -> Estimates:
    """Return the ratio of two numbers of the same cloud, from their bands.

    Parameters
    ----------
    answers
        Typed answers.
    numerator, denominator
        Two questions whose answers are bands of a number.
    by
        Groups: ``"edition"``, any closed question, ``"region"``; several are crossed.
    statistic
        ``"median"`` (of the clouds' ratios), ``"mean"`` (of the clouds' ratios) or
        ``"total"`` (all numerators over all denominators).
    options
        Who counts, and how, as in :func:`quantile`.
    replicates
        Number of bootstrap replicates.

    Returns
    -------
    Estimates
        Beyond the core columns: ``lower_bound`` and ``upper_bound``, between which the ratio
        among those who answered both certainly lies (no ``upper_bound`` where ``open_top`` is
        set); ``correlation`` of the logarithms; ``clusters``, ``asked`` and ``imprecise_because``.

    Raises
    ------
    EstimateError
        If the answers are not bands of a number, or an argument is wrong.
    ResponsesError
        If none of the editions asks a question.

    Notes
    -----
    Under a bivariate lognormal the median ratio is the ratio of the medians; the mean ratio
    takes the correlation into account (Olsson 1979); the ratio of totals takes both totals
    from the same answers, see :func:`total`.

    Examples
    --------
    >>> from survey.estimates.examples import answers
    >>> table = ratio(answers(), "compute_cores", "compute_cores", replicates=100)
    >>> table.frame["value"].round(6).tolist()
    [1.0]
    """
    _check(statistic, replicates)
    design = design_of(answers, **options)
    banded = ask_bands(design, (numerator, denominator), by)
    kept = {"denominator": denominator, "statistic": statistic, "replicates": replicates}
    arguments = Arguments(numerator, banded.grouping.names, MappingProxyType(kept))
    above, below = banded.bands
    name = f"{above.counts or numerator} per {_singular(below.counts) or denominator}"
    return table_of(
        RATIO,
        design,
        arguments,
        banded.asked,
        _table(banded, statistic, replicates),
        names=banded.grouping.names,
        title=f"{name.capitalize()}: {_TITLES[statistic]}",
        method=METHOD,
        notes=(_on_bounds(banded), *banded.notes()),
        counts=name,
    )


def _ask_again(design: Design, arguments: Arguments) -> Estimates:
    return ratio(design, arguments.concept, by=arguments.by, **arguments.options)


RATIO: Final = Statistic(
    name="ratio",
    calculates="median|mean|total|ratio",
    measure=Measure.RATIO,
    columns=MappingProxyType(
        {
            "lower_bound": Column(Role.BOUND, "at least"),
            "upper_bound": Column(Role.BOUND, "at most"),
            "open_top": Column(Role.DIAGNOSTIC, "reaches into the open band"),
            "correlation": Column(Role.DIAGNOSTIC, "correlation of the logarithms"),
            "clusters": columns.CLUSTERS,
            "asked": columns.ASKED,
            "imprecise_because": columns.RULE,
        }
    ),
    ask_again=_ask_again,
    varies=("largest", "unit"),
)


_TITLES: Final = {
    "median": "median over deployments",
    "mean": "mean over deployments",
    "total": "all together",
}


def _on_bounds(banded: Banded) -> str:
    return (
        f"Bounds {banded.bounds_hold('those who answered both questions')}: smallest numerators "
        "over largest denominators, and the other way round. The value is a model of what lies "
        "inside the bands."
    )


def _table(banded: Banded, of: str, replicates: int) -> pd.DataFrame:
    sizes = banded.sizes()
    many = banded.grouping.groups.count
    count, clusters = sizes["answered"], sizes["clusters"]
    modelled = [_model(banded, group, of, replicates) for group in range(many)]
    value, se, rho = (np.array([each[place] for each in modelled]) for place in range(3))
    settled = np.array([each[3] for each in modelled], dtype=bool)
    lower, upper = bounds_of(banded, of)
    status = banded.statuses(count)
    known = status == Status.OK.value
    freedom = banded.freedom()
    few = too_few(count, count, freedom)
    rule = np.where(known, np.where((few == 0) & ~settled, len(RULES), few), 0)
    status[rule > 0] = Status.IMPRECISE.value
    half = np.exp(np.nan_to_num(t_quantile(banded.asked.level, freedom) * se, nan=0.0))

    def masked(values: Floats) -> Floats:
        return np.asarray(np.where(known & np.isfinite(values), values, np.nan))

    inside = np.clip(value, lower, upper)
    return pd.DataFrame(
        {
            **banded.columns(),
            "answer": np.full(many, of, dtype=object),
            "count": count,
            "base": count,
            "value": masked(inside),
            "low": masked(inside / half),
            "high": masked(inside * half),
            "status": status,
            "lower_bound": masked(lower),
            "upper_bound": masked(upper),
            "open_top": known & np.isinf(upper),
            "correlation": masked(rho),
            "clusters": clusters,
            "asked": sizes["asked"],
            "imprecise_because": np.array([*RULES, _UNSETTLED], dtype=object)[rule],
        }
    )


@dataclass(frozen=True)
class _Tables:
    """Answers of one group: the observed ones first, then bootstrap replicates.

    ``joint`` is replicates x cells of the numerator x cells of the denominator.
    """

    above: BandedAnswers
    below: BandedAnswers
    joint: Floats


def _model(
    banded: Banded, group: int, of: str, replicates: int
) -> tuple[float, float, float, bool]:
    """Return value, standard error of its logarithm, correlation, and whether it is settled."""
    sums = joint_sums(banded)
    parts = sums.chosen[sums.group == group]
    if not len(parts):
        return np.nan, np.nan, np.nan, False
    weight = np.vstack(
        [np.ones((1, len(parts))), resampled(len(parts), replicates, generator(group))]
    )
    found = ratios_of(banded, weight @ parts, of)
    with np.errstate(divide="ignore", invalid="ignore"):
        spread = np.log(found.values[1:])
    usable = np.isfinite(spread)
    se = float(np.std(spread[usable], ddof=1)) if usable.sum() > 1 else np.nan
    return float(found.values[0]), se, found.correlation, found.settled


def joint_sums(banded: Banded) -> Sums:
    """Return the number of answers by group, cluster and pair of cells."""
    above, below = banded.bands
    pair = np.where(banded.answered, above.code * len(below.cells) + below.code, -1)
    hot = (pair[:, None] == np.arange(len(above.cells) * len(below.cells))).astype(np.float64)
    return banded.sums(hot)


class Ratios(NamedTuple):
    """Ratios of many replicates; correlation of the logarithms and whether it is settled."""

    values: Floats
    correlation: float
    settled: bool


def ratios_of(banded: Banded, counts: Floats, of: str) -> Ratios:
    """Return the modelled ratio per replicate.

    Parameters
    ----------
    banded
        Says what the cells are.
    counts
        Replicates x pairs of cells, the observed ones first.
    statistic
        One of :data:`OF`.
    """
    above, below = banded.bands
    joint = counts.reshape(-1, len(above.cells), len(below.cells))
    tables = _Tables(above, below, joint)
    first = fill("lognormal", above.cells, joint.sum(axis=2), "model")
    second = fill("lognormal", below.cells, joint.sum(axis=1), "model")
    settled = bool(first.settled[0] and second.settled[0])
    rho = _correlation(tables, first, second, 0 if of == "mean" else 1)
    values = _values(of, tables, first, second, rho)
    return Ratios(values, float(rho[0]) if settled else np.nan, settled)


def _correlation(tables: _Tables, above: Filling, below: Filling, only: int) -> Floats:
    """Return the correlation of the logarithms, per replicate, or of the ``only`` first ones."""
    used = above.settled & below.settled
    if only:
        used &= np.arange(len(used)) < only
    rho = np.zeros(len(used))
    if used.any():
        edges = [
            _standardized(bands, filling)[used]
            for bands, filling in ((tables.above, above), (tables.below, below))
        ]
        rho[used] = correlation(tables.joint[used], edges[0], edges[1])
    return rho


def _standardized(bands: BandedAnswers, filling: Filling) -> Floats:
    """Return replicates x cells x 2: lower and upper edges as standard normal numbers."""
    assert filling.fitted is not None
    low, reach = fit_edges(bands.cells)
    theta = filling.fitted.theta
    with np.errstate(divide="ignore"):
        edges = np.log(np.stack([low, reach], axis=-1))
    return np.asarray((edges - theta[:, 0, None, None]) / np.exp(theta[:, 1, None, None]))


def _values(of: str, tables: _Tables, above: Filling, below: Filling, rho: Floats) -> Floats:
    """Return the ratio per replicate."""
    totals = [
        (tables.joint.sum(axis=axis) * filling.means).sum(axis=1)
        for axis, filling in ((2, above), (1, below))
    ]
    with np.errstate(divide="ignore", invalid="ignore"):
        together = totals[0] / totals[1]
    if of == "total" or above.fitted is None or below.fitted is None:
        return np.asarray(together)
    first, second = above.fitted.theta, below.fitted.theta
    log_ratio = first[:, 0] - second[:, 0]
    if of == "mean":
        s, t = np.exp(first[:, 1]), np.exp(second[:, 1])
        log_ratio = log_ratio + (s**2 + t**2 - 2 * rho * s * t) / 2
    settled = above.settled & below.settled
    return np.asarray(np.where(settled, np.exp(np.clip(log_ratio, -600, 600)), together))


def bounds_of(banded: Banded, of: str) -> tuple[Floats, Floats]:
    """Return the hard bounds of every group's ratio; ``inf`` where there is no upper one."""
    above, below = banded.bands
    edges = [each.edge(name) for each in (above, below) for name in ("low", "high")]
    numbers = np.where(banded.answered, np.stack(edges), 0.0)
    low, high = _quotient(numbers[0], numbers[3]), _quotient(numbers[1], numbers[2])
    sums = banded.sums(np.where(np.isfinite(numbers), numbers, 0.0).T)
    totals = sums.per_group(sums.chosen)
    endless = banded.sums(np.isinf(numbers).astype(float).T)
    open_ended = endless.per_group(endless.chosen) > 0
    if of == "total":
        top = np.where(open_ended[:, 3], np.inf, totals[:, 3])
        lower = _quotient(totals[:, 0], top)
        upper = _quotient(np.where(open_ended[:, 1], np.inf, totals[:, 1]), totals[:, 2])
        return lower, upper
    if of == "mean":
        return _mean(banded, low), _mean(banded, high)
    return _middle(banded, low), _middle(banded, high, upper=True)


def _quotient(above: Floats, below: Floats) -> Floats:
    """Return a ratio of edges: 0 over nothing is 0, anything else over nothing has no bound."""
    with np.errstate(divide="ignore", invalid="ignore"):
        found = above / below
    return np.asarray(np.where(np.isnan(found), np.where(np.isinf(above), np.inf, 0.0), found))


def _mean(banded: Banded, values: Floats) -> Floats:
    finite = banded.sums(np.where(np.isfinite(values), values, 0.0)[:, None])
    endless = banded.sums(np.isinf(values).astype(float)[:, None])
    total, base = finite.per_group(finite.chosen)[:, 0], finite.per_group(finite.domain)[:, 0]
    mean = np.divide(total, base, out=np.full(len(base), np.nan), where=base > 0)
    return np.asarray(np.where(endless.per_group(endless.chosen)[:, 0] > 0, np.inf, mean))


def _middle(banded: Banded, values: Floats, *, upper: bool = False) -> Floats:
    places, code = np.unique(values[banded.answered], return_inverse=True)
    if not len(places):
        return np.full(banded.grouping.groups.count, np.nan)
    hot = np.zeros((len(values), len(places)))
    hot[np.flatnonzero(banded.answered), code] = 1.0
    sums = banded.sums(hot)
    return weighted_quantile(places, sums.per_group(sums.chosen), 0.5, upper=upper)


def _singular(noun: str) -> str:
    return {"people": "person"}.get(noun, noun.removesuffix("s"))


def _check(of: str, replicates: int) -> None:
    problems = one_of("statistic", of, OF) + whole("replicates", replicates, 100, MOST_REPLICATES)
    require("Cannot compute the ratio", problems)
