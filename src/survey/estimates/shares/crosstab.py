"""Questions crossed with questions, in one tidy table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Final, Unpack

import numpy as np
import numpy.typing as npt
import pandas as pd

from survey.checked import checked
from survey.errors import EstimateError, Problem, did_you_mean
from survey.estimates import statistic as columns
from survey.estimates.design import Design, DesignOptions, design_of
from survey.estimates.design.arguments import source_of, title_of, unit_of
from survey.estimates.design.checks import fraction, names
from survey.estimates.file_notes import absent_notes, answer_notes
from survey.estimates.notes import RANDOM_DRAW, base_words, sample_notes
from survey.estimates.precision.precision import METHODS
from survey.estimates.shares.cross_rows import CrossPlan, cross_rows
from survey.estimates.shares.share import SHARE
from survey.estimates.statistic import Arguments, Column, Role, Statistic
from survey.estimates.table import Estimates, Measure
from survey.estimates.table_of import table_of
from survey.estimates.tabulation.indicator import read_indicator
from survey.estimates.tabulation.products import counted_products
from survey.responses import Responses

__all__ = ["STATS", "crosstab"]

Floats = npt.NDArray[np.float64]

STATS: Final = ("count", "share", "row share", "total share", "verdict", "letters")
"""What a cross-tabulation can show; ``share`` is the share within a column."""


@checked(EstimateError)
def crosstab(
    answers: Responses | Design,
    rows: str | Sequence[str],
    cols: str | Sequence[str],
    *,
    stats: Sequence[str] = ("count", "share", "verdict"),
    fdr: float = 0.05,
    **options: Unpack[DesignOptions],
) -> Estimates:
    """Cross one or several questions with one or several others.

    Parameters
    ----------
    answers
        Typed answers.
    rows
        Closed questions whose answers are the rows.
    cols
        Closed questions (or ``"edition"``, ``"region"``) whose answers are the columns: a
        banner. Questions with several answers are stacked: a unit counts in each of its columns.
    stats
        Any of ``"count"``, ``"share"`` (within the column, with its interval), ``"row share"``
        (the same unit's share within the row), ``"total share"`` (of all units that answered
        both questions, as stacked bars have it), ``"verdict"`` (each column compared with the
        rest of its banner) and ``"letters"`` (each pair of columns compared; a column bears
        the letters of those that it exceeds). With ``("count",)`` alone nothing but counts is
        computed, in one matrix product.
    options
        Who counts, and how, as in :func:`share`.
    fdr
        False discovery rate of verdicts and letters, over the whole table.

    Returns
    -------
    Estimates
        Grouping columns are ``question`` (with several rows), then the column concept itself,
        or ``banner`` and ``group`` with several. Beyond the columns of :func:`share`: ``letter``
        and ``higher_than``, ``verdict`` and ``p_adjusted``, ``row_share``, ``total_share``.

    Raises
    ------
    EstimateError
        If a statistic or a concept is unknown, or a question is not closed.

    Examples
    --------
    >>> from survey.estimates.examples import answers
    >>> table = crosstab(answers(), "deployment_stage", ["compute_cores", "edition"])
    >>> table.frame[["banner", "group", "answer", "count", "base", "verdict"]].head(1)
              banner          group      answer  count  base              verdict
    0  compute_cores  1 to 99 cores  Production      8    18  lower than the rest
    """
    down, across = names("rows", rows), names("cols", cols)
    _check(down, across, names("stats", stats, f"any of {', '.join(STATS)}"), fdr)
    design = design_of(answers, **options)
    # every question is counted on the same rows
    design = design.but(unit=design.unit or unit_of(design.answers, (*down, *across)))
    asked = design.asked(down)
    sample = design.sample(asked)
    plan = CrossPlan(asked, sample, names("stats", stats), design.weight(sample, asked), fdr)
    lean = set(plan.stats) == {"count"} and design.weights is None and not plan.organizations
    if lean:
        frame = counted_products(sample, down, across, asked.base)
    else:
        frame = cross_rows(plan, down, across)
    kept = {"cols": across, "fdr": fdr, "rows": down, "stats": plan.stats}
    questions = [design.answers.question(source_of(design.answers, name)) for name in down]
    table = table_of(
        CROSSTAB,
        design,
        Arguments(down[0], across, MappingProxyType(kept)),
        asked,
        _named(frame, down, across),
        names=_group_names(down, across),
        title=f"{_title(design.answers, down)}, by {_title(design.answers, across)}",
        method="" if lean else METHODS["auto"],
        notes=_notes(plan, frame, (*down, *across), design.cluster),
        counts="units" if lean else "",
        measure=Measure.NUMBER if lean else Measure.SHARE,
        several=any(question.kind.several for question in questions),
    )
    return replace(table, spec=replace(table.spec, concept=" + ".join(down)))


def _named(frame: pd.DataFrame, down: Sequence[str], across: Sequence[str]) -> pd.DataFrame:
    """Keep the grouping columns that tell rows apart."""
    if len(down) == 1:
        frame = frame.drop(columns="question")
    if len(across) == 1:
        frame = frame.drop(columns="banner").rename(columns={"group": across[0]})
    return frame


def _group_names(down: Sequence[str], across: Sequence[str]) -> tuple[str, ...]:
    columns = ("banner", "group") if len(across) > 1 else (across[0],)
    return ("question", *columns) if len(down) > 1 else columns


def _title(answers: Responses, names: Sequence[str]) -> str:
    if len(names) > 3:
        return f"{len(names)} questions"
    return "; ".join("Edition" if name == "edition" else title_of(answers, name) for name in names)


def _check(down: Sequence[str], across: Sequence[str], stats: Sequence[str], rate: float) -> None:
    problems = [
        Problem("stats", repr(name), f"any of {', '.join(STATS)}", did_you_mean(name, STATS))
        for name in stats
        if name not in STATS
    ]
    problems += [
        Problem(name, "nothing", "at least one concept")
        for name, concepts in (("rows", down), ("cols", across), ("stats", stats))
        if not concepts
    ]
    problems += fraction("fdr", rate, 0.05)
    problems += [
        Problem(where, f"{name!r} {given.count(name)} times", "each question once")
        for where, given in (("rows", down), ("cols", across))
        for name in dict.fromkeys(given)
        if given.count(name) > 1
    ]
    if problems:
        raise EstimateError("Cannot cross the questions", problems)


def _notes(
    plan: CrossPlan, frame: pd.DataFrame, concepts: Sequence[str], cluster: str | None
) -> Iterator[str]:
    yield RANDOM_DRAW
    yield f"Base: {base_words(plan.asked, plan.sample.answers.vocabulary)}, within each column."
    for name in dict.fromkeys(concepts):
        if name != "edition":
            indicator = read_indicator(plan.sample, name)
            yield from absent_notes(plan.sample, source_of(plan.sample.answers, name))
            yield from answer_notes(indicator.unlisted, indicator.written, plan.sample.unit)
    if "verdict" in plan.stats:
        tested = int(frame["p_adjusted"].notna().sum())
        yield (
            f"Verdicts compare a column with the rest of its banner; of all called clear, "
            f"{100 * plan.rate:g} % may be false (Benjamini-Hochberg over {tested} comparisons)."
        )
    if "letters" in plan.stats:
        yield (
            f"A column bears the letters of the columns whose share it exceeds (false discovery "
            f"rate {100 * plan.rate:g} % over all pairs of one question)."
        )
    yield from sample_notes(plan.sample, plan.asked, cluster)


def _ask_again(design: Design, arguments: Arguments) -> Estimates:
    return crosstab(design, **arguments.options)


CROSSTAB: Final = Statistic(
    name="crosstab",
    measure=Measure.SHARE,
    columns=MappingProxyType(
        {
            **SHARE.columns,
            "row_share": Column(Role.SHARE, "share within the row"),
            "total_share": Column(Role.SHARE, "share of all"),
            "difference": Column(Role.NUMBER, "difference from the rest"),
            "p_adjusted": columns.ADJUSTED_P_VALUE,
            "verdict": columns.VERDICT,
            "letter": Column(Role.TEXT, "letter"),
            "higher_than": Column(Role.TEXT, "higher than"),
        }
    ),
    ask_again=_ask_again,
)
