"""Shares over all editions, and whether they move in one direction."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Final, Unpack

import numpy as np
import numpy.typing as npt
import pandas as pd

from survey.checked import checked
from survey.codebook import Unit
from survey.errors import EstimateError
from survey.estimates import statistic as columns
from survey.estimates.change.line import Line
from survey.estimates.design import Design, DesignOptions, design_of
from survey.estimates.design.arguments import is_ordered, source_of, title_of
from survey.estimates.design.checks import fraction, names, require
from survey.estimates.design.grouping import group_by
from survey.estimates.design.sample import Sample
from survey.estimates.notes import notes_on
from survey.estimates.precision.discovery import adjusted, verdicts
from survey.estimates.precision.precision import METHODS
from survey.estimates.shares.share import SHARE, Answered, count_answers
from survey.estimates.statistic import Arguments, Column, Role, table_of
from survey.estimates.table import Estimates, Status
from survey.estimates.tabulation import Tabulation
from survey.estimates.tabulation.counting import Counted, count
from survey.estimates.tabulation.offers import questions_of
from survey.responses import Responses

__all__ = ["trend"]

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


@checked(EstimateError)
def trend(
    answers: Responses | Design,
    concept: str,
    by: str | Sequence[str] | None = None,
    *,
    nets: Mapping[str, Sequence[str]] | None = None,
    top: int | None = None,
    items: Sequence[str] | None = None,
    interval: str = "auto",
    fdr: float = 0.05,
    **options: Unpack[DesignOptions],
) -> Estimates:
    """Return the share of each answer in every edition, with a test of a linear trend.

    Parameters
    ----------
    answers
        Typed answers of several editions.
    concept
        A closed question.
    by, nets, top, items, interval, options
        As in :func:`share`; editions are the outermost groups.
    fdr
        False discovery rate of the verdicts, over all answers and groups.

    Returns
    -------
    Estimates
        As from ``share(by="edition")``, and ``series`` (editions of another series than the
        newest are ``not comparable``), ``slope`` (change of the share per year),
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

    Examples
    --------
    >>> from survey.estimates.examples import answers
    >>> table = trend(answers(), "deployment_stage")
    >>> table.frame[["edition", "answer", "value", "slope", "verdict"]].round(2).head(1)
      edition      answer  value  slope         verdict
    0    2018  Production    0.7  -0.07  could be noise
    """
    require("Cannot test for a trend", fraction("fdr", fdr, 0.05))
    design = design_of(answers, **options)
    kept = {"items": items, "nets": nets, "top": top, "interval": interval, "fdr": fdr}
    arguments = Arguments(concept, ("edition", *names("by", by)), MappingProxyType(kept))
    found = count_answers(design, arguments)
    asked, counted = found.asked, _shown(found, arguments)
    line = Line(counted, _series(counted.sample, source_of(design.answers, concept)))
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


def _series(sample: Sample, concept: str) -> tuple[str, ...]:
    """Return the series of each edition, ``""`` where the question was not asked."""
    return tuple(
        (question.series or concept) if question else ""
        for question in questions_of(sample, concept)
    )


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
    tested = int(np.isfinite(line.p_value).sum())
    if tested:
        yield (
            f"Verdicts test a linear trend; of all called clear, {100 * rate:g} % may be false "
            f"(Benjamini-Hochberg over the {tested} answers and groups in this table)."
        )


def _tabulate(design: Design, arguments: Arguments) -> tuple[Tabulation, ...]:
    found = count_answers(design, arguments)
    table = found.tabulation()
    source = source_of(design.answers, arguments.concept)
    line = Line(found.counted, _series(found.counted.sample, source))
    other = np.repeat(~line.same_series, line.inner)[:, None] & table.known
    status = np.where(other, Status.NOT_COMPARABLE.value, table.presence)
    return (replace(table, presence=status.astype(object)),)


def _ask_again(design: Design, arguments: Arguments) -> Estimates:
    return trend(design, arguments.concept, arguments.by[1:], **arguments.options)


TREND: Final = replace(
    SHARE,
    name="trend",
    columns=MappingProxyType(
        {
            **SHARE.columns,
            "series": Column(Role.TEXT, "series"),
            "slope": Column(Role.DIAGNOSTIC, "change per year"),
            "slope_low": Column(Role.DIAGNOSTIC, "lower limit of the change per year"),
            "slope_high": Column(Role.DIAGNOSTIC, "upper limit of the change per year"),
            "p": columns.P_VALUE,
            "p_adjusted": columns.ADJUSTED_P_VALUE,
            "verdict": columns.VERDICT,
        }
    ),
    tabulate=_tabulate,
    ask_again=_ask_again,
    chart="lines",
)
