"""Shares over all editions, and whether they move in one direction."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Final, Unpack

import numpy as np
import numpy.typing as npt
import pandas as pd

from survey.checked import checked
from survey.codebook import PublishedFigure, Unit
from survey.errors import EstimateError, Problem
from survey.estimates.change.line import ONE_EDITION, SLOPES, Line, series_of
from survey.estimates.change.trend_of_totals import trend_of_totals
from survey.estimates.design import Design, DesignOptions, design_of
from survey.estimates.design.arguments import is_ordered, source_of, title_of
from survey.estimates.design.checks import fraction, names, one_of, require
from survey.estimates.exact_note import ExactNote
from survey.estimates.notes import notes_on
from survey.estimates.numbers.filling import AVERAGE
from survey.estimates.numbers.known import Figures
from survey.estimates.precision.discovery import adjusted, verdicts
from survey.estimates.precision.precision import METHODS
from survey.estimates.shares.share import SHARE, Answered, count_answers
from survey.estimates.statistic import Arguments
from survey.estimates.table import Estimates, Status
from survey.estimates.table_of import table_of
from survey.estimates.tabulation import Tabulation
from survey.estimates.tabulation.counting import Counted, count
from survey.estimates.tabulation.grouping import group_by
from survey.responses import Responses

__all__ = ["trend"]

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


@checked(EstimateError)
def trend(  # noqa: PLR0913
    answers: Responses | Design,
    concept: str,
    by: str | Sequence[str] | None = None,
    *,
    statistic: str = "share",
    nets: Mapping[str, Sequence[str]] | None = None,
    top: int | None = None,
    items: Sequence[str] | None = None,
    interval: str = "auto",
    family: str = AVERAGE,
    open_band: str | float | None = None,
    published_figures: Iterable[PublishedFigure] | Figures | None = None,
    fdr: float = 0.05,
    **options: Unpack[DesignOptions],
) -> Estimates:
    """Return a number in every edition, with a test of a linear trend.

    Parameters
    ----------
    answers
        Typed answers of several editions.
    concept
        A closed question; for totals one whose answers are bands of a number.
    by, nets, top, items, interval, options
        As in :func:`share`; editions are the outermost groups.
    statistic
        ``"share"`` (of each answer) or ``"total"`` (of those who answered).
    family, open_band, published_figures
        Of totals, as in :func:`total`: one fit serves all editions.
    fdr
        False discovery rate of the verdicts, over all answers and groups.

    Returns
    -------
    Estimates
        As from ``share(by="edition")`` or ``total(by="edition")``, and ``series`` (editions of
        another series than the newest are ``not comparable``), ``slope`` (change per year),
        ``slope_low``, ``slope_high``, ``p``, ``p_adjusted`` and ``verdict``, the same on all
        rows of an answer. An edition that did not offer the answer leaves a gap.

    Raises
    ------
    EstimateError
        If an argument is not what it should be.
    ResponsesError
        If none of the editions asks the question.

    Notes
    -----
    The slope is that of the answer regressed on the year of the edition over all units, with
    limits from a variance linearized by organization, as ``svyglm(answer ~ year)`` in R's
    ``survey`` has it. The test is the Cochran-Armitage test of trend for clusters: its variance
    is taken as if there were no trend, which keeps its level in small samples. Armitage, P.
    (1955). Tests for linear trends in proportions and frequencies. Biometrics 11, 375-386.
    The slope of totals is that of the totals on the year; its limits and test exchange editions
    within organizations, as those of a change of totals do.

    Examples
    --------
    >>> from survey.estimates.examples import answers
    >>> table = trend(answers(), "deployment_stage")
    >>> table.frame[["edition", "answer", "value", "slope", "verdict"]].round(2).head(1)
      edition      answer  value  slope         verdict
    0    2018  Production    0.7  -0.07  could be noise
    """
    problems = [*fraction("fdr", fdr, 0.05), *one_of("statistic", statistic, ("share", "total"))]
    require("Cannot test for a trend", problems)
    design = design_of(answers, **options)
    groups, chosen = ("edition", *names("by", by)), {"items": items, "nets": nets, "top": top}
    if statistic == "total":
        _refuse(chosen)
        figures = Figures.of(published_figures)
        model = {
            "statistic": statistic,
            "family": family,
            "open_band": open_band,
            "published_figures": figures if figures.footprints else None,
            "fdr": fdr,
        }
        return trend_of_totals(design, Arguments(concept, groups, MappingProxyType(model)))
    kept = {**chosen, "interval": interval, "fdr": fdr}
    arguments = Arguments(concept, groups, MappingProxyType(kept))
    found = count_answers(design, arguments)
    asked, counted = found.asked, _shown(found, arguments)
    line = Line(counted, series_of(counted.sample, source_of(design.answers, concept)))
    frame = _tidy(line, found.frame(arguments, interval), asked.level, fdr)
    return table_of(
        TREND,
        design,
        arguments,
        asked,
        frame,
        names=counted.grouping.names,
        title=f"{title_of(design.answers, concept)}, over the editions",
        method=METHODS[interval],
        notes=(*notes_on(counted, asked, concept, design.cluster), *_line_notes(line, fdr)),
        several=counted.indicator.several or asked.unit is Unit.ORGANIZATION or bool(nets),
        ordered=is_ordered(design.answers, concept),
    )


def _shown(found: Answered, arguments: Arguments) -> Counted:
    """Count the answers that a table shows, without those that it leaves out."""
    counted, places = found.counted, found.selection.shown
    if places == tuple(range(len(counted.indicator.answers))):
        return counted
    return count(
        counted.sample,
        counted.indicator.pick(np.array(places, dtype=np.intp)),
        group_by(counted.sample, arguments.by),
        found.asked.base,
        counted.weight,
        organizations=found.asked.unit is Unit.ORGANIZATION,
    )


def _refuse(chosen: Mapping[str, object]) -> None:
    """Refuse options that shares alone have."""
    problems = [
        Problem(name, repr(value), "nothing, with statistic='total'")
        for name, value in chosen.items()
        if value is not None
    ]
    require("Cannot test for a trend", problems)


def _tidy(line: Line, frame: pd.DataFrame, level: float, fdr: float) -> pd.DataFrame:
    """Add the line to the shares of every edition."""
    counted = line.counted
    each = line.inner * len(counted.indicator.answers)
    other = np.repeat(~line.same_series, each) & frame["status"].isin(["ok", "imprecise"])
    frame.loc[other, "status"] = Status.NOT_COMPARABLE.value
    frame.loc[other, ["value", "low", "high"]] = np.nan
    frame["series"] = np.repeat(np.array(line.series, dtype=object), each)
    p_adjusted = adjusted(line.p_value)
    low, high = line.limits(level)
    columns = {
        "slope": line.slope,
        "slope_low": low,
        "slope_high": high,
        "p": line.p_value,
        "p_adjusted": p_adjusted,
        "verdict": verdicts(p_adjusted, fdr, line.few),
    }
    for name, values in columns.items():
        frame[name] = np.tile(values.ravel(), len(line.editions))
    return frame


def _line_notes(line: Line, rate: float) -> Iterator[str]:
    older = [
        name
        for name, same, series in zip(line.editions, line.same_series, line.series, strict=True)
        if series and not same
    ]
    if older:
        yield f"Not comparable, because the question was worded differently: {', '.join(older)}."
    if len(line.editions) == 1:
        yield ONE_EDITION
    tested = int(np.isfinite(line.p_value).sum())
    if tested:
        yield ExactNote(
            "Verdicts test a linear trend over all editions: the rows of an answer have one, and "
            "compare() tests two editions. "
            f"Of all called clear, {100 * rate:g} % may be false "
            f"(Benjamini-Hochberg over the {tested} answers and groups in this table)."
        )


def _tabulate(design: Design, arguments: Arguments) -> tuple[Tabulation, ...]:
    found = count_answers(design, arguments)
    table = found.tabulation()
    source = source_of(design.answers, arguments.concept)
    line = Line(found.counted, series_of(found.counted.sample, source))
    other = np.repeat(~line.same_series, line.inner)[:, None] & table.known
    status = np.where(other, Status.NOT_COMPARABLE.value, table.presence)
    return (replace(table, presence=status.astype(object)),)


def _ask_again(design: Design, arguments: Arguments) -> Estimates:
    return trend(design, arguments.concept, arguments.by[1:], **arguments.options)


TREND: Final = replace(
    SHARE,
    name="trend",
    columns=MappingProxyType({**SHARE.columns, **SLOPES}),
    tabulate=_tabulate,
    ask_again=_ask_again,
)
