"""Change of the net promoter score between two editions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Final, Unpack

import numpy as np
import numpy.typing as npt

from survey.estimates.change.change import farthest, unmoved
from survey.estimates.change.change_rows import Setting, change_notes, rows_of
from survey.estimates.change.number_change import Moved, Pair, Scale, moved_by_limits
from survey.estimates.change.statistic_change import change_of, not_comparable
from survey.estimates.design import Design, DesignOptions, design_of
from survey.estimates.design.arguments import Asked, source_of, title_of
from survey.estimates.design.checks import fraction, names, require
from survey.estimates.design.editions import edition_problems, same_words
from survey.estimates.notes import notes_on
from survey.estimates.precision.contrast import correlation_of, scores_of
from survey.estimates.precision.precision import precision_of
from survey.estimates.shares.nps import NPS, count_scores, limits_of, variance_of
from survey.estimates.statistic import Arguments
from survey.estimates.table import Estimates
from survey.estimates.table_of import table_of
from survey.estimates.tabulation import Tabulation, tabulated
from survey.estimates.tabulation.counting import Counted
from survey.estimates.tabulation.offers import questions_of
from survey.estimates.tabulation.sums import Sums
from survey.responses import Responses

__all__ = ["compare_scores", "score_correlation"]

Floats = npt.NDArray[np.float64]

_METHOD = "MOVER from each edition's limits (Zou and Donner 2008), linearized by cluster"


def compare_scores(
    answers: Responses | Design,
    concept: str,
    earlier: str,
    later: str,
    by: str | Sequence[str] | None = None,
    *,
    fdr: float = 0.05,
    **options: Unpack[DesignOptions],
) -> Estimates:
    """Return how the net promoter score changed between two editions.

    Parameters
    ----------
    answers, earlier, later, by, fdr, options
        As in :func:`compare_numbers`, the columns too.
    concept
        A question answered on a scale from 0 to 10.

    Examples
    --------
    >>> from survey.estimates.examples import answers
    >>> table = compare_scores(answers(), "likelihood_to_recommend", "2018", "2019")
    >>> table.frame[["earlier", "later", "value"]].round(6).values.tolist()
    [[-40.0, -50.0, -10.0]]
    """
    design = design_of(answers, **options)
    problems = [*edition_problems(design.answers, earlier, later), *fraction("fdr", fdr, 0.05)]
    require("Cannot compare the editions", problems)
    kept = MappingProxyType({"earlier": earlier, "later": later, "fdr": fdr})
    arguments = Arguments(concept, names("by", by), kept)
    asked, counted, comparable = _count(design, arguments)
    setting = Setting.of_counts(counted, comparable=comparable)
    frame = rows_of(setting, _moved(counted, asked.level, setting), "Net promoter score", fdr)
    title = title_of(design.answers, concept)
    return table_of(
        COMPARE_SCORES,
        design,
        arguments,
        asked,
        frame.drop(columns=["factor", "factor_low", "factor_high", "lower_bound", "upper_bound"]),
        names=counted.grouping.names[1:],
        title=f"Net promoter score: change from {earlier} to {later}, {title}",
        method=_METHOD,
        notes=(
            *change_notes(frame, fdr, comparable=comparable),
            *notes_on(counted, asked, concept, design.cluster),
        ),
    )


def _count(design: Design, arguments: Arguments) -> tuple[Asked, Counted, bool]:
    """Count both editions, stacked; and say whether they ask the same question."""
    editions = (arguments["earlier"], arguments["later"])
    stacked = replace(arguments, by=("edition", *arguments.by))
    asked, counted = count_scores(design, stacked, editions)
    source = source_of(design.answers, arguments.concept)
    return asked, counted, same_words(questions_of(counted.sample, source))


def _tabulate(design: Design, arguments: Arguments) -> tuple[Tabulation, ...]:
    asked, counted, comparable = _count(design, arguments)
    table = tabulated(counted, asked.unit, exclusive=True)
    return (table if comparable else not_comparable(table),)


def _ask_again(design: Design, arguments: Arguments) -> Estimates:
    return compare_scores(design, arguments.concept, by=arguments.by, **arguments.options)


COMPARE_SCORES: Final = change_of(NPS, "compare_scores", _tabulate, _ask_again)


def _moved(counted: Counted, level: float, setting: Setting) -> Moved:
    variance = variance_of(counted)
    low, high = limits_of(counted, precision_of(counted.cells, level, "wilson"), variance)
    score = counted.cells.share[:, 0] - counted.cells.share[:, 2]
    none = np.full(len(variance), np.nan)
    correlation = score_correlation(counted, variance)
    found = moved_by_limits(
        Pair(100 * score, 100 * low, 100 * high, none, none),
        correlation,
        Scale(level, setting.freedom, relative=False),
    )
    # one who changes can go from one end of the scale to the other
    earlier, later = np.split(counted.cells.voices[:, 0], 2)
    most = 200 * farthest(earlier, later, level)
    reach = np.maximum(-most, -100 - found.later), np.minimum(most, 100 - found.later)
    low, high = np.where(unmoved(correlation), reach, (found.low, found.high))
    return replace(found, low=low, high=high)


def score_correlation(counted: Counted, variance: Floats) -> Floats:
    """Return the correlation of the two scores, from organizations that are in both editions."""
    half = counted.grouping.groups.count // 2
    net = _net(counted.sums)
    center = (counted.cells.share[:, 0] - counted.cells.share[:, 2])[:, None]
    sign = np.repeat([-1.0, 1.0], half)[:, None]
    joint = scores_of(net, center, sign, half).variance[:, 0]
    first, second = np.split(variance, 2)
    return correlation_of(first, second, joint)


def _net(sums: Sums) -> Sums:
    """Return sums of promoters less detractors."""
    return replace(sums, chosen=sums.chosen[:, :1] - sums.chosen[:, 2:])
