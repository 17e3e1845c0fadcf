"""Change of the net promoter score between two editions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from survey.estimates.arguments import ask, given, source_of, title_of
from survey.estimates.checks import fraction, names, require
from survey.estimates.contrast import scores_of
from survey.estimates.counting import Counted, count
from survey.estimates.discovery import family_words
from survey.estimates.editions import edition_problems, same_words
from survey.estimates.grouping import group_by
from survey.estimates.indicator import read_indicator
from survey.estimates.notes import notes_on
from survey.estimates.nps import limits_of, sorted_scores, variance_of
from survey.estimates.number_change import Moved, Pair, Scale, moved_by_limits
from survey.estimates.number_rows import Setting, rows_of
from survey.estimates.offers import questions_of
from survey.estimates.precision import precision_of
from survey.estimates.sample import draw
from survey.estimates.table import Base, Estimates, Measure, Spec
from survey.estimates.tabulate import Sums
from survey.estimates.weights import Weights, weight_of
from survey.responses import Responses

__all__ = ["compare_scores", "correlation_of"]

Floats = npt.NDArray[np.float64]

_METHOD = "MOVER from each edition's limits (Zou and Donner 2008), linearized by cluster"


def compare_scores(  # noqa: PLR0913
    answers: Responses,
    concept: str,
    earlier: str,
    later: str,
    by: str | Sequence[str] | None = None,
    *,
    level: float = 0.95,
    cluster: str | None = "organization",
    copies: bool = False,
    weights: Weights | None = None,
    rate: float = 0.05,
) -> Estimates:
    """Return how the net promoter score changed between two editions.

    Parameters
    ----------
    answers, earlier, later, by, level, cluster, copies, weights, rate
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
    problems = [*edition_problems(answers, earlier, later), *fraction("rate", rate, 0.05)]
    require("Cannot compare the editions", problems)
    asked = ask(answers, (concept,), by, level=level)
    sample = draw(
        answers,
        asked.rows,
        cluster=asked.cluster(cluster),
        copies=copies,
        editions=(earlier, later),
    )
    indicator = sorted_scores(read_indicator(sample, concept), concept)
    counted = count(
        sample,
        indicator,
        group_by(sample, ("edition", *names("by", by))),
        Base.ANSWERED,
        weight_of(sample, asked, weights),
    )
    comparable = same_words(questions_of(sample, source_of(answers, concept)))
    setting = Setting.of_counts(counted, comparable=comparable)
    frame = rows_of(setting, _moved(counted, asked.level, setting), "Net promoter score", rate)
    options = {"earlier": earlier, "later": later, "cluster": cluster, "copies": copies}
    return Estimates(
        frame.drop(columns=["factor", "factor_low", "factor_high", "lower_bound", "upper_bound"]),
        Spec(
            "compare_scores",
            concept,
            counted.grouping.names[1:],
            asked.unit,
            level=asked.level,
            method=_METHOD,
            options=given({**options, "rate": rate, "weights": weights}),
        ),
        answers.provenance,
        Measure.SCORE,
        title=f"Net promoter score: change from {earlier} to {later}, {title_of(answers, concept)}",
        notes=tuple(
            dict.fromkeys(
                (*_notes(frame, comparable, rate), *notes_on(counted, asked, concept, cluster))
            )
        ),
    )


def _moved(counted: Counted, level: float, setting: Setting) -> Moved:
    variance = variance_of(counted)
    low, high = limits_of(counted, precision_of(counted.cells, level, "wilson"), variance)
    score = counted.cells.share[:, 0] - counted.cells.share[:, 2]
    none = np.full(len(variance), np.nan)
    return moved_by_limits(
        Pair(100 * score, 100 * low, 100 * high, none, none),
        correlation_of(counted, variance),
        Scale(level, setting.fewest - 1, relative=False),
    )


def correlation_of(counted: Counted, variance: Floats) -> Floats:
    """Return the correlation of the two scores, from organizations that are in both editions."""
    half = counted.grouping.groups.count // 2
    net = _net(counted.sums)
    center = (counted.cells.share[:, 0] - counted.cells.share[:, 2])[:, None]
    sign = np.repeat([-1.0, 1.0], half)[:, None]
    joint = scores_of(net, center, sign, half).variance[:, 0]
    first, second = np.split(variance, 2)
    spread = 2 * np.sqrt(first * second)
    shared = first + second - joint
    found = np.divide(shared, spread, out=np.zeros(half), where=spread > 1e-15)
    return np.asarray(np.clip(np.nan_to_num(found), -1.0, 1.0))


def _net(sums: Sums) -> Sums:
    """Return sums of promoters less detractors."""
    return replace(sums, chosen=sums.chosen[:, :1] - sums.chosen[:, 2:])


def _notes(frame: pd.DataFrame, comparable: bool, rate: float) -> Iterator[str]:
    if not comparable:
        yield "The question was worded differently in the two editions: not comparable."
    tested = int(frame["p"].notna().sum())
    if tested:
        yield family_words(tested, rate)
