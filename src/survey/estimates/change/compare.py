"""Change between two editions: difference, interval and a plain verdict."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Any, Final, Unpack

import numpy as np
import numpy.typing as npt
import pandas as pd

from survey.checked import checked
from survey.codebook import Unit
from survey.errors import EstimateError, Problem
from survey.estimates.change.change import Change
from survey.estimates.change.change_rows import Tested, change_frame, change_notes
from survey.estimates.change.compare_numbers import compare_numbers
from survey.estimates.change.compare_scores import compare_scores
from survey.estimates.change.statistic_change import change_of, not_comparable
from survey.estimates.design import Design, DesignOptions, design_of
from survey.estimates.design.arguments import Asked, is_ordered, source_of, title_of
from survey.estimates.design.checks import fraction, names, require
from survey.estimates.design.editions import edition_problems, same_words
from survey.estimates.exact_note import ExactNote
from survey.estimates.notes import notes_on
from survey.estimates.precision.discovery import p_words
from survey.estimates.precision.imprecision import RULES, too_few
from survey.estimates.shares.selection import shown
from survey.estimates.shares.share import SHARE, count_answers
from survey.estimates.statistic import Arguments
from survey.estimates.table import Estimates, Measure, Status
from survey.estimates.table_of import table_of
from survey.estimates.tabulation import Tabulation
from survey.estimates.tabulation.counting import Counted, count
from survey.estimates.tabulation.grouping import group_by
from survey.estimates.tabulation.indicator import read_indicator
from survey.estimates.tabulation.offers import questions_of
from survey.responses import Responses

__all__ = ["compare"]

Floats = npt.NDArray[np.float64]
_METHOD = "MOVER from Wilson limits, editions stacked and linearized by cluster"
_RULES = np.array(RULES, dtype=object)


@checked(EstimateError)
def compare(  # noqa: PLR0913
    answers: Responses | Design,
    concept: str,
    earlier: str,
    later: str,
    by: str | Sequence[str] | None = None,
    *,
    statistic: str | float = "share",
    per: str | None = None,
    nets: Mapping[str, Sequence[str]] | None = None,
    top: int | None = None,
    items: Sequence[str] | None = None,
    fdr: float = 0.05,
    **options: Unpack[DesignOptions],
) -> Estimates:
    """Return how the share of each answer, or the number behind, changed between two editions.

    Parameters
    ----------
    answers
        Typed answers that include both editions.
    concept
        A closed question.
    earlier, later
        Names of the editions; the difference is ``later - earlier``.
    statistic
        What is compared: ``"share"`` of each answer; of a banded question also ``"median"``,
        another quantile as a number such as 0.9, ``"mean"``, ``"total"`` or ``"ratio"`` (to
        ``per``), see :func:`compare_numbers`, which has further options; of a scale from 0 to
        10 also ``"nps"``.
    per
        The denominator of a ratio, another banded question.
    by, nets, top, items, options
        As in :func:`share`.
    fdr
        False discovery rate of the verdicts, over all rows of the table.

    Returns
    -------
    Estimates
        ``count`` and ``base`` are those of the later edition. Beyond the core columns:
        ``earlier`` and ``later`` (the shares), ``earlier_count``, ``earlier_base``, ``se``,
        ``clusters``, ``p``, ``p_adjusted``, ``verdict`` (``clear change``, ``could be noise``
        or ``not comparable``), ``joint_p`` (test of the whole distribution in the row's group)
        and ``imprecise_because``. An answer that one edition did not offer is ``not offered``;
        if the question was reworded, all are ``not comparable``.

    Raises
    ------
    EstimateError
        If an edition is not there, or an argument is not what it should be.
    ResponsesError
        If none of the editions asks the question.

    Notes
    -----
    The two editions are one design with organizations as clusters, so that an organization
    that answers both times counts once in the variance of the difference. The interval adds
    the squared distances to the Wilson limits of each edition and their covariance (Zou and
    Donner 2008); ``p`` is the level at which it reaches 0. Verdicts control the false discovery
    rate (Benjamini and Hochberg 1995). The test of the whole distribution is Rao and Scott's
    of second order (of a question with several answers, Bilder and Loughin's 2004), with mean and
    variance over exchanges of the editions between organizations, which hold their size too.

    Examples
    --------
    >>> from survey.estimates.examples import answers
    >>> table = compare(answers(), "deployment_stage", "2018", "2019")
    >>> table.frame[["answer", "earlier", "later", "verdict"]].round(2).head(1)
           answer  earlier  later         verdict
    0  Production      0.7   0.63  could be noise
    """
    kept: dict[str, Any] = {"items": items, "nets": nets, "top": top}
    design = design_of(answers, **options)
    if statistic != "share":
        _refuse(statistic, kept)
        return _compare_numbers(design, (concept, earlier, later, by), statistic, per, fdr)
    _check(design.answers, earlier, later, per, fdr)
    asked_for = {"earlier": earlier, "later": later, "fdr": fdr, **kept}
    arguments = Arguments(concept, names("by", by), MappingProxyType(asked_for))
    asked, counted = _counted(design, arguments)
    comparable = same_words(questions_of(counted.sample, source_of(design.answers, concept)))
    change = Change(counted, asked.level, comparable=comparable, nets=len(nets or ()))
    moved = None
    if counted.sample.left_out:
        moved = _moved(change, _counted(design.but(include_carried_over=True), arguments)[1])
    frame = _tidy(change, fdr)
    return table_of(
        COMPARE,
        design,
        arguments,
        asked,
        frame,
        names=counted.grouping.names[1:],
        title=f"{title_of(design.answers, concept)}: change from {earlier} to {later}",
        method=_METHOD,
        notes=(
            *notes_on(counted, asked, concept, design.cluster),
            *change_notes(frame, fdr, comparable=comparable),
            *_share_notes(change, moved),
        ),
        several=counted.indicator.several or asked.unit is Unit.ORGANIZATION or bool(nets),
        ordered=is_ordered(design.answers, concept),
    )


def _tidy(change: Change, fdr: float) -> pd.DataFrame:
    counted, cells = change.counted, change.counted.cells
    size, inner = len(counted.indicator.answers), change.inner
    status = change.status.copy()
    known = status == Status.OK.value
    df1, df2 = change.halves(cells.freedom)
    n1, n2 = change.halves(cells.base)
    e1, e2 = change.halves(change.precision.effective)
    rule = np.maximum(too_few(n1, e1, df1), too_few(n2, e2, df2))
    broken = known & (rule > 0)
    status[broken] = Status.IMPRECISE.value
    (p1, p2), (c1, c2) = change.halves(cells.share), change.halves(cells.count)
    joint = np.array([np.nan if test is None else test.p_value for test in change.joint])

    def masked(values: Floats) -> Floats:
        return np.asarray(np.where(known, values, np.nan))

    groups = {
        name: np.repeat(counted.grouping.column(place)[:inner], size)
        for place, name in enumerate(counted.grouping.names)
        if place
    }
    frame = change_frame(
        groups,
        {
            "answer": np.tile(np.array(counted.indicator.answers, dtype=object), inner),
            "count": c2,
            "base": n2,
            "value": masked(p2 - p1),
            "low": masked(change.limits.low),
            "high": masked(change.limits.high),
            "status": status,
        },
        {
            "earlier": masked(p1),
            "later": masked(p2),
            "earlier_count": c1,
            "earlier_base": n1,
            "se": masked(np.sqrt(change.scores.variance)),
            "clusters": np.where(known, change.scores.cluster_count, 0).astype(np.intp),
            "joint_p": np.repeat(joint, size),
        },
        Tested(np.where(known, change.p_value, np.nan), fdr, change.few & known),
        _RULES[np.where(broken, rule, 0)],
    )
    further = {
        name: np.tile(np.array(values, dtype=object), inner)
        for name, values in counted.indicator.columns.items()
    }
    return frame.assign(**further)


def _counted(design: Design, arguments: Arguments) -> tuple[Asked, Counted]:
    """Count the shown answers in both editions, stacked."""
    asked = design.asked((arguments.concept,), arguments.by)
    editions = (arguments["earlier"], arguments["later"])
    sample = design.sample(asked, editions, stratified=True)
    grouping = group_by(sample, ("edition", *arguments.by))
    kept = {name: arguments[name] for name in ("items", "nets", "top")}
    indicator = shown(read_indicator(sample, arguments.concept), asked.base, **kept)
    weight = design.weight(sample, asked)
    organizations = asked.unit is Unit.ORGANIZATION
    return asked, count(
        sample, indicator, grouping, asked.base, weight, organizations=organizations
    )


def _moved(change: Change, with_copies: Counted) -> float:
    """Return by how much the differences would move at most if copies counted."""
    labels = with_copies.indicator.answers
    here = [
        place for place, label in enumerate(change.counted.indicator.answers) if label in labels
    ]
    there = [labels.index(change.counted.indicator.answers[place]) for place in here]
    before, after = change.halves(change.counted.cells.share[:, here])
    first, second = change.halves(with_copies.cells.share[:, there])
    gaps = np.abs((second - first) - (after - before))
    return float(np.nanmax(gaps)) if np.isfinite(gaps).any() else 0.0


def _share_notes(change: Change, moved: float | None) -> Iterator[str]:
    tests = [test for test in change.joint if test is not None and np.isfinite(test.p_value)]
    if len(tests) == 1:
        name = "Bilder-Loughin" if change.counted.indicator.several else "Rao-Scott"
        yield ExactNote(
            f"All answers taken together: F({tests[0].df1:.1f}, {tests[0].df2:.0f}) = "
            f"{tests[0].statistic:.2f}, {p_words(tests[0].p_value)} ({name}, second order, by "
            "exchange of editions between organizations)."
        )
    if moved is not None:
        yield ExactNote(
            "If untouched copies of earlier answers counted, differences would move by up to "
            f"{100 * moved:.1f} percentage points (see sensitivity())."
        )


def _compare_numbers(
    design: Design,
    what: tuple[str, str, str, str | Sequence[str] | None],
    of: str | float,
    per: str | None,
    rate: float,
) -> Estimates:
    """Compare scores, or numbers behind bands."""
    if of == "nps":
        _refuse(of, {"per": per, "unit": design.unit})
        return compare_scores(design, *what, fdr=rate)
    return compare_numbers(design, *what, statistic=of, per=per, fdr=rate)


def _refuse(of: str | float, options: Mapping[str, Any]) -> None:
    """Refuse options that shares alone have."""
    problems = [
        Problem(name, repr(value), f"nothing, with statistic={of!r}")
        for name, value in options.items()
        if value is not None
    ]
    require("Cannot compare the editions", problems)


def _check(answers: Responses, earlier: str, later: str, per: str | None, rate: float) -> None:
    problems = [*edition_problems(answers, earlier, later), *fraction("fdr", rate, 0.05)]
    if per is not None:
        problems.append(Problem("per", repr(per), "nothing, unless statistic='ratio'"))
    require("Cannot compare the editions", problems)


def _tabulate(design: Design, arguments: Arguments) -> tuple[Tabulation, ...]:
    editions = (arguments["earlier"], arguments["later"])
    stacked = replace(arguments, by=("edition", *arguments.by))
    found = count_answers(design, stacked, editions)
    source = source_of(design.answers, arguments.concept)
    comparable = same_words(questions_of(found.counted.sample, source))
    table = replace(found.tabulation(), ranked=())
    return (table if comparable else not_comparable(table),)


def _ask_again(design: Design, arguments: Arguments) -> Estimates:
    return compare(design, arguments.concept, by=arguments.by, **arguments.options)


COMPARE: Final = replace(
    change_of(SHARE, "compare", _tabulate, _ask_again, Measure.DIFFERENCE),
    varies=("base", "unit"),
)
