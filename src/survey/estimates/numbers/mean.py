"""Means: of numbers that are answers themselves, and of numbers known as bands."""

from __future__ import annotations

from collections.abc import Sequence
from types import MappingProxyType
from typing import Any, Final, Unpack

import numpy as np
import numpy.typing as npt
import pandas as pd

from survey.checked import checked
from survey.codebook import Unit
from survey.errors import EstimateError, Problem
from survey.estimates import statistic as columns
from survey.estimates.design import Design, DesignOptions, design_of
from survey.estimates.design.arguments import title_of
from survey.estimates.design.checks import MOST_REPLICATES, names, require, whole
from survey.estimates.notes import notes_on
from survey.estimates.numbers.banded import ask_bands
from survey.estimates.numbers.filling import AVERAGE, fill
from survey.estimates.numbers.resample_pool import pooled, resamples
from survey.estimates.precision.bootstrap import generator, percentile_limits
from survey.estimates.precision.imprecision import RULES, too_few
from survey.estimates.precision.intervals import wald
from survey.estimates.shares.share import count_answers
from survey.estimates.statistic import Arguments, Column, Role, Statistic
from survey.estimates.table import Estimates, Measure, Status
from survey.estimates.table_of import table_of
from survey.estimates.tabulation.banded_answers import check_additive
from survey.estimates.tabulation.sums import cells, summed
from survey.responses import Responses

__all__ = ["mean"]

Floats = npt.NDArray[np.float64]
_EXACT: Final = "linearized by cluster, Student reference"
_MODELLED: Final = "average of families (interval-censored), percentile bootstrap of clusters"
_ROW: Final = "mean"


@checked(EstimateError)
def mean(
    answers: Responses | Design,
    concept: str,
    by: str | Sequence[str] | None = None,
    *,
    replicates: int = 2000,
    **options: Unpack[DesignOptions],
) -> Estimates:
    """Return the mean of a number, with its standard error.

    Parameters
    ----------
    answers, by, options
        As in :func:`share`.
    concept
        A question whose answers are numbers, such as a scale from 0 to 10, or bands of a number.
    replicates
        Resamples of organizations; of bands only.

    Returns
    -------
    Estimates
        One row per group: ``value``, ``low``, ``high``, ``se``, ``clusters`` and
        ``imprecise_because``. Of bands also ``lower_bound`` and ``upper_bound``: what the edges
        say of those who answered (no upper one with an answer in an open band).

    Raises
    ------
    EstimateError
        If the answers are neither numbers nor bands of one.

    Notes
    -----
    Of numbers it is ``svymean`` of R's ``survey``. Of bands each cloud stands at its mean given
    the band, by the model of :func:`total`, of which this is the total per cloud; the standard
    error is that of resampled organizations with numbers redrawn inside their bands. A mean of
    sizes rests on few large clouds, and a sample without one cannot know of them: the median does
    not. Internal.

    Examples
    --------
    >>> from survey.estimates.examples import answers
    >>> table = mean(answers(), "likelihood_to_recommend", "edition")
    >>> table.frame[["edition", "count", "value"]].round(2).values.tolist()
    [['2018', 10, 5.1], ['2019', 10, 4.7]]
    """
    require("Cannot average", whole("replicates", replicates, 100, MOST_REPLICATES))
    design = design_of(answers, **options)
    arguments = Arguments(concept, names("by", by), MappingProxyType({"replicates": replicates}))
    if design.answers.question(concept).banded:
        return _of_bands(design, arguments)
    return _of_numbers(design, arguments)


def _of_numbers(design: Design, arguments: Arguments) -> Estimates:
    usual = {"items": None, "nets": None, "top": None, "interval": "auto"}
    asked_for = Arguments(arguments.concept, arguments.by, MappingProxyType(usual))
    found = count_answers(design, asked_for)
    counted, asked = found.counted, found.asked
    values = _values(arguments.concept, counted.indicator.answers)
    if asked.unit is Unit.ORGANIZATION or counted.indicator.several:
        problem = Problem("concept", repr(arguments.concept), "one number per respondent or cloud")
        raise EstimateError("Cannot average", [problem])
    score = counted.indicator.chosen.astype(np.float64) @ np.nan_to_num(values)
    # Who gave an answer that is no number, such as one that the codebook does not list, is out.
    domain = np.asarray(counted.indicator.chosen[:, np.isfinite(values)].any(axis=1))
    sample = counted.sample
    sums = summed(
        score[:, None],
        domain,
        counted.grouping.groups,
        sample.cluster,
        sample.clusters,
        weight=counted.weight,
        strata=sample.strata,
    )
    own = cells(sums)
    value, se, base = own.share[:, 0], np.sqrt(own.variance[:, 0]), own.base[:, 0]
    low, high = wald(value, se, own.freedom[:, 0], asked.level)
    status = np.where(base > 0, Status.OK.value, counted.statuses[:, 0]).astype(object)
    status[(base == 0) & (status == Status.OK.value)] = Status.EMPTY.value
    rule = too_few(base, base, own.freedom[:, 0])
    frame = _frame(
        counted.grouping.column, counted.grouping.names, base, status, rule, own.clusters[:, 0]
    )
    for name, each in (("value", value), ("low", low), ("high", high), ("se", se)):
        frame[name] = np.where(base > 0, each, np.nan)
    notes = tuple(notes_on(counted, asked, arguments.concept, design.cluster))
    groups = counted.grouping.names
    return _table(design, arguments, asked, frame, groups=groups, method=_EXACT, notes=notes)


def _values(concept: str, labels: Sequence[str]) -> Floats:
    """Return the number that each answer is; ``nan`` for one that is none."""
    found = pd.to_numeric(pd.Series(list(labels), dtype=object), errors="coerce")
    values = found.to_numpy(dtype=np.float64)
    if np.isfinite(values).sum() < 2:
        some = ", ".join(map(repr, labels[:3]))
        hint = "share() counts answers in words"
        problem = Problem("concept", f"{concept!r} with answers {some}", "numbers, or bands", hint)
        raise EstimateError("Cannot average", [problem])
    return values


def _of_bands(design: Design, arguments: Arguments) -> Estimates:
    banded = ask_bands(design, (arguments.concept,), arguments.by)
    check_additive(banded.only)
    pool, own, random = pooled(banded), banded.only.cells, generator()
    replicates = arguments["replicates"]
    samples = resamples(pool, replicates, random)
    filling = fill(AVERAGE, own, samples.counts, None, pool.mean_weight)
    observed = fill(AVERAGE, own, pool.counts, None, pool.mean_weight).means[0]
    many = banded.grouping.groups.count
    found = np.full((6, many), np.nan)
    for group in range(many):
        counts = pool.parts(group)[1].sum(axis=0)
        size = counts.sum()
        if not size:
            continue
        drawn = samples.counts_of(group)
        totals, sizes = filling.drawn_totals(drawn, random)[1:], drawn.sum(axis=1)[1:]
        each = totals[sizes > 0] / sizes[sizes > 0]
        value = float(counts @ observed / size)
        low, high = percentile_limits(each, banded.asked.level)
        top = np.where(counts > 0, own.high, 0.0)
        most = float(counts @ top / size) if np.isfinite(top).all() else np.nan
        bounds = float(counts @ own.low / size), most
        found[:, group] = value, min(low, value), max(high, value), each.std(ddof=1), *bounds
    sizes_of = banded.sizes()
    base, clusters_of = sizes_of["answered"], sizes_of["clusters"]
    rule = too_few(base, base, banded.freedom())
    status = banded.statuses(base)
    grouping = banded.grouping
    frame = _frame(grouping.column, grouping.names, base, status, rule, clusters_of)
    for place, name in enumerate(("value", "low", "high", "se", "lower_bound", "upper_bound")):
        frame[name] = found[place]
    notes = (
        f"What lies inside the bands is modelled; bounds {banded.bounds_hold()}. A mean "
        "of sizes rests on few large clouds: read the median beside it.",
        *banded.notes(),
    )
    return _table(
        design,
        arguments,
        banded.asked,
        frame,
        groups=grouping.names,
        method=_MODELLED,
        notes=notes,
        counts=banded.only.counts,
    )


def _frame(
    column: Any,
    groups: tuple[str, ...],
    base: npt.NDArray[np.intp],
    status: npt.NDArray[np.object_],
    rule: npt.NDArray[np.intp],
    clusters: npt.NDArray[np.intp],
) -> pd.DataFrame:
    """Return the columns of every mean but its numbers."""
    rule = np.where(status == Status.OK.value, rule, 0)
    shown = np.where(rule > 0, Status.IMPRECISE.value, status).astype(object)
    nothing = np.full(len(base), np.nan)
    return pd.DataFrame(
        {
            **{name: column(place) for place, name in enumerate(groups)},
            "answer": np.full(len(base), _ROW, dtype=object),
            "count": base,
            "base": base,
            **dict.fromkeys(("value", "low", "high"), nothing),
            "status": shown,
            "se": nothing,
            "clusters": clusters,
            "imprecise_because": np.array(RULES, dtype=object)[rule],
        }
    )


def _table(
    design: Design,
    arguments: Arguments,
    asked: Any,
    frame: pd.DataFrame,
    *,
    groups: tuple[str, ...],
    method: str,
    notes: tuple[str, ...],
    counts: str = "",
) -> Estimates:
    return table_of(
        MEAN,
        design,
        arguments,
        asked,
        frame,
        names=groups,
        title=f"{title_of(design.answers, arguments.concept)}: mean",
        method=method,
        notes=notes,
        counts=counts,
    )


def _ask_again(design: Design, arguments: Arguments) -> Estimates:
    return mean(design, arguments.concept, arguments.by, **arguments.options)


MEAN: Final = Statistic(
    name="mean",
    measure=Measure.NUMBER,
    columns=MappingProxyType(
        {
            "se": columns.STANDARD_ERROR,
            "clusters": columns.CLUSTERS,
            "imprecise_because": columns.RULE,
            "lower_bound": Column(Role.BOUND, "at least"),
            "upper_bound": Column(Role.BOUND, "at most"),
        }
    ),
    ask_again=_ask_again,
    calculates=_ROW,
)
