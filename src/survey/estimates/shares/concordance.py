"""Association of two banded questions, such as whether larger clouds have larger teams.

Bands give an order but no numbers, so association is counted in pairs of clouds: concordant
if the larger cloud has the larger team, discordant if it has the smaller one, tied if the
bands do not tell.

Sources
-------
Kendall, M. G. (1945). The treatment of ties in ranking problems. Biometrika 33, 239-251.
Somers, R. H. (1962). A new asymmetric measure of association for ordinal variables. American
    Sociological Review 27, 799-811.
Newson, R. (2006). Confidence intervals for rank statistics: Somers' D and extensions. Stata
    Journal 6, 309-334.
"""

from __future__ import annotations

from collections.abc import Sequence
from types import MappingProxyType
from typing import Any, Final, Unpack

import numpy as np
import numpy.typing as npt
import pandas as pd

from survey.checked import checked
from survey.errors import EstimateError
from survey.estimates import statistic as columns
from survey.estimates.design import Design, DesignOptions, design_of
from survey.estimates.numbers.banded import Banded, ask_bands
from survey.estimates.precision.imprecision import RULES, too_few
from survey.estimates.precision.intervals import Limits, t_quantile
from survey.estimates.statistic import Arguments, Column, Role, Statistic
from survey.estimates.table import Estimates, Measure, Status
from survey.estimates.table_of import table_of
from survey.estimates.tabulation.banded_answers import Cells
from survey.responses import Responses

__all__ = ["association", "rank_measures"]

Floats = npt.NDArray[np.float64]

METHOD: Final = "jackknife over clusters on Fisher's z scale, Student reference (Newson 2006)"
_NO_ORDER: Final = "all answers agree, so there is no order to compare"
_ALWAYS: Final = "every pair agrees: no variance to estimate"
_ALIKE: Final = "clusters do not differ: no variance to estimate"


@checked(EstimateError)
def association(
    answers: Responses | Design,
    x: str,
    y: str,
    by: str | Sequence[str] | None = None,
    **options: Unpack[DesignOptions],
) -> Estimates:
    """Return how strongly two banded questions go together: Kendall's tau-b and Somers' D.

    Parameters
    ----------
    answers
        Typed answers.
    x, y
        Two questions whose answers are bands of a number.
    by
        Groups: ``"edition"``, any closed question, ``"region"``; several are crossed.
    options
        Who counts, and how, as in :func:`quantile`.

    Returns
    -------
    Estimates
        Three rows per group: Kendall's tau-b; Somers' D of ``y`` given ``x`` (among pairs
        that differ in ``x``: share in which ``y`` is larger for the larger ``x``, less share
        in which it is smaller), and of ``x`` given ``y``. Beyond the core columns:
        ``concordant``, ``discordant`` (shares of all pairs), ``se``, ``clusters``,
        ``imprecise_because``.

    Raises
    ------
    EstimateError
        If the answers are not bands of a number, or an argument is wrong.
    ResponsesError
        If none of the editions asks a question.

    Notes
    -----
    Pooled schemes are compared as intervals: a number is larger only if its whole band lies
    above. The interval is a jackknife over clusters, taken on Fisher's z scale as Newson
    (2006) recommends, with a Student reference.

    Examples
    --------
    >>> from survey.estimates.examples import answers
    >>> table = association(answers(), "compute_cores", "compute_cores")
    >>> table.frame["value"].tolist()
    [1.0, 1.0, 1.0]
    """
    design = design_of(answers, **options)
    banded = ask_bands(design, (x, y), by)
    arguments = Arguments(y, banded.grouping.names, MappingProxyType({"x": x}))
    one, other = x.replace("_", " "), y.replace("_", " ")
    labels = (
        "Kendall's tau-b",
        f"Somers' D of {other} given {one}",
        f"Somers' D of {one} given {other}",
    )
    titles = [design.answers.question(name).title for name in (x, y)]
    return table_of(
        ASSOCIATION,
        design,
        arguments,
        banded.asked,
        _table(banded, labels),
        names=banded.grouping.names,
        title=f"{titles[0]} and {titles[1]}: association",
        method=METHOD,
        notes=banded.notes(),
        several=True,
    )


def _ask_again(design: Design, arguments: Arguments) -> Estimates:
    return association(design, arguments["x"], arguments.concept, arguments.by)


ASSOCIATION: Final = Statistic(
    name="association",
    calculates=r"Kendall's tau-b|Somers' D of [a-z_ ]+ given [a-z_ ]+",
    heading="strength",
    measure=Measure.RATIO,
    columns=MappingProxyType(
        {
            "concordant": Column(Role.SHARE, "concordant pairs"),
            "discordant": Column(Role.SHARE, "discordant pairs"),
            "se": columns.STANDARD_ERROR,
            "clusters": columns.CLUSTERS,
            "imprecise_because": columns.RULE,
        }
    ),
    ask_again=_ask_again,
)


def rank_measures(table: Floats, x_less: Floats, y_less: Floats) -> Floats:
    """Return tau-b, D(y|x), D(x|y), and the shares of concordant and discordant pairs.

    Parameters
    ----------
    table
        ``... x cells of x x cells of y``: how many units; several tables at once.
    x_less, y_less
        Whether the numbers of one cell are all smaller than those of another.

    Examples
    --------
    >>> less = np.array([[0.0, 1.0], [0.0, 0.0]])
    >>> rank_measures(np.array([[3.0, 1.0], [1.0, 3.0]]), less, less)[:3].tolist()
    [0.5, 0.5, 0.5]
    """
    above = x_less @ table
    agree = (table * (above @ y_less.T)).sum(axis=(-2, -1))
    differ = (table * (above @ y_less)).sum(axis=(-2, -1))
    rows, columns = table.sum(axis=-1), table.sum(axis=-2)
    x_apart = ((rows @ x_less) * rows).sum(axis=-1)
    y_apart = ((columns @ y_less) * columns).sum(axis=-1)
    size = table.sum(axis=(-2, -1))
    pairs = np.maximum((size**2 - size) / 2, 1e-300)
    with np.errstate(invalid="ignore", divide="ignore"):
        excess = agree - differ
        measures = (excess / np.sqrt(x_apart * y_apart), excess / x_apart, excess / y_apart)
        return np.stack([*measures, agree / pairs, differ / pairs], axis=-1)


def _table(banded: Banded, names: Sequence[str]) -> pd.DataFrame:
    sizes = banded.sizes()
    count, clusters = sizes["answered"], sizes["clusters"]
    found = _all_groups(banded)
    value, se = found["value"], found["se"]
    status = np.repeat(banded.statuses(count)[:, None], len(names), axis=1)
    status[(count > 0)[:, None] & np.isnan(value)] = Status.EMPTY.value
    known = status == Status.OK.value
    freedom = banded.freedom()
    rule = np.where(known, too_few(count, count, freedom)[:, None], 0)
    status[rule > 0] = Status.IMPRECISE.value
    low, high = _limits(value, se, freedom[:, None], banded.asked.level)
    fixed = known & np.isnan(low)
    status[fixed] = Status.IMPRECISE.value
    words = np.array(RULES, dtype=object)[rule]
    words[fixed] = np.where(np.abs(value[fixed]) < 1, _ALIKE, _ALWAYS)
    words[(count > 0)[:, None] & np.isnan(value)] = _NO_ORDER
    size = len(names)

    def masked(values: Floats) -> Floats:
        return np.asarray(np.where(known, values, np.nan)).ravel()

    return pd.DataFrame(
        {
            **banded.columns(size),
            "answer": np.tile(np.array(names, dtype=object), len(count)),
            "count": np.repeat(count, size),
            "base": np.repeat(count, size),
            "value": masked(value),
            "low": masked(np.where(np.isnan(low), value, low)),
            "high": masked(np.where(np.isnan(high), value, high)),
            "status": status.ravel(),
            "concordant": masked(np.repeat(found["agree"][:, None], size, axis=1)),
            "discordant": masked(np.repeat(found["differ"][:, None], size, axis=1)),
            "se": masked(se),
            "clusters": np.repeat(clusters, size),
            "imprecise_because": words.ravel(),
        }
    )


def _all_groups(banded: Banded) -> dict[str, Floats]:
    """Return measures and jackknife standard errors of every group."""
    x, y = banded.bands[0], banded.bands[1]
    x_less, y_less = _less(x.cells), _less(y.cells)
    pair = np.where(banded.answered, x.code * len(y.cells) + y.code, -1)
    hot = (pair[:, None] == np.arange(len(x.cells) * len(y.cells))).astype(np.float64)
    sums = banded.sums(hot)
    shape = (-1, len(x.cells), len(y.cells))
    many = banded.grouping.groups.count
    found: dict[str, Any] = {
        "value": np.full((many, 3), np.nan),
        "se": np.full((many, 3), np.nan),
        "agree": np.full(many, np.nan),
        "differ": np.full(many, np.nan),
    }
    for group in range(many):
        parts = sums.chosen[sums.group == group].reshape(shape)
        if not len(parts):
            continue
        whole = parts.sum(axis=0)
        measured = rank_measures(whole, x_less, y_less)
        found["value"][group] = measured[:3]
        found["agree"][group], found["differ"][group] = measured[3:]
        found["se"][group] = _jackknife(rank_measures(whole - parts, x_less, y_less), measured)
    return found


def _jackknife(left_out: Floats, whole: Floats) -> Floats:
    """Return the standard error from estimates without one cluster each."""
    usable = ~np.isnan(left_out[:, 0])
    size = int(usable.sum())
    if size < 2:
        return np.full(3, np.nan)
    off = left_out[usable, :3] - whole[:3]
    return np.asarray(np.sqrt((size - 1) / size * (off**2).sum(axis=0)))


def _limits(value: Floats, se: Floats, df: Floats, level: float) -> Limits:
    """Return limits on Fisher's z scale; ``nan`` where all pairs agree or nothing varies."""
    inside = (np.abs(value) < 1) & (se > 0)
    safe = np.where(inside, value, 0.0)
    center = np.arctanh(safe)
    half = t_quantile(level, df) * np.where(inside, se, np.nan) / (1 - safe**2)
    return Limits(np.asarray(np.tanh(center - half)), np.asarray(np.tanh(center + half)))


def _less(cells: Cells) -> Floats:
    """Return whether every number of one cell is smaller than every number of another."""
    return (cells.reach[:, None] <= cells.low[None, :]).astype(np.float64)
