"""Which questions go together with one question: a ranking by strength of association."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from types import MappingProxyType
from typing import Final, Unpack

import numpy as np
import pandas as pd

from survey.checked import checked
from survey.errors import EstimateError, Problem, did_you_mean
from survey.estimates import statistic as columns
from survey.estimates.design import Design, DesignOptions, design_of
from survey.estimates.design.arguments import is_ordered, source_of, title_of, unit_of
from survey.estimates.design.checks import fraction, names, text
from survey.estimates.notes import RANDOM_DRAW, sample_notes
from survey.estimates.precision.discovery import adjusted
from survey.estimates.precision.imprecision import RULES, too_few
from survey.estimates.precision.strength import Strength, strength_of
from survey.estimates.shares.topline import closed_questions
from survey.estimates.statistic import Arguments, Column, Role, Statistic
from survey.estimates.table import Estimates, Measure, Status
from survey.estimates.table_of import table_of
from survey.estimates.tabulation.indicator import Indicator, read_indicator
from survey.estimates.tabulation.offers import lost
from survey.responses import Responses

__all__ = ["rank_associations"]

_METHOD = "Cramer's V, bias-corrected; limits from the noncentral chi-squared distribution"
_WORDS = ("clear association", "could be noise", "not comparable")


@checked(EstimateError)
def rank_associations(
    answers: Responses | Design,
    concept: str,
    *,
    against: Sequence[str] | None = None,
    fdr: float = 0.05,
    **options: Unpack[DesignOptions],
) -> Estimates:
    """Rank questions by how strongly they are associated with one question.

    Parameters
    ----------
    answers
        Typed answers.
    concept
        A closed question.
    against
        Questions to look at; by default every other closed question.
    options
        Who counts, and how, as in :func:`quantile`.
    fdr
        False discovery rate of the verdicts, over all questions looked at.

    Returns
    -------
    Estimates
        One row per question, clear associations first, then by strength; ``answer`` is the concept,
        ``count`` and ``base`` are the units that answered both, ``value`` is Cramer's V
        between 0 and 1. Beyond the core columns: ``title``, ``strongest`` (of a question with
        several answers, the answer that surely has most to do with it: its V is the value), ``p``,
        ``p_adjusted``, ``verdict``, ``clusters`` and ``imprecise_because``.

    Raises
    ------
    EstimateError
        If a question is unknown or not closed.

    Notes
    -----
    The test adds Pearson's statistics over all pairs of answers and refers them to the
    distribution that they have with organizations as clusters, to second order (Rao and Scott
    1984; with several answers Bilder and Loughin 2004). V is corrected for bias in the manner of
    Bergsma (2013), with the effective number of units.

    Examples
    --------
    >>> from survey.estimates.examples import answers
    >>> ranked = rank_associations(answers(), "compute_cores")
    >>> ranked.frame[["answer", "base", "value"]].round(2).head(2)
                        answer  base  value
    0         deployment_stage    50   0.31
    1  likelihood_to_recommend    50   0.08
    """
    design = design_of(answers, **options)
    others = closed_questions(design.answers) if against is None else names("against", against)
    _check(design.answers, concept, others, fdr)
    others = tuple(name for name in others if name != concept)
    # every question is counted on the same rows
    design = design.but(unit=design.unit or unit_of(design.answers, (concept, *others)))
    asked = design.asked((concept,), answered=True)
    sample = design.sample(asked)
    target = read_indicator(sample, concept).substantive()
    found: dict[str, Strength] = {}
    for name in others:
        other: Indicator = read_indicator(sample, name).substantive()
        found[name] = strength_of(target, other, sample.cluster, asked.level)
    tested = sum(np.isfinite(each.p_value) for each in found.values())
    kept = MappingProxyType({"against": against, "fdr": fdr})
    return table_of(
        RANK_ASSOCIATIONS,
        design,
        Arguments(concept, (), kept),
        asked,
        _tidy(design.answers, concept, found, fdr),
        names=(),
        title=f"What goes together with: {title_of(design.answers, concept)}",
        method=_METHOD,
        notes=(
            RANDOM_DRAW,
            "An association is not a cause, and the strongest of several answers is picked "
            "because it is strong.",
            f"Of all associations called clear, {100 * fdr:g} % may be false "
            f"(Benjamini-Hochberg over {tested} questions).",
            *_order_notes(design.answers, concept, others),
            *sample_notes(sample, asked, design.cluster),
        ),
        several=True,
    )


def _order_notes(answers: Responses, concept: str, others: Sequence[str]) -> Iterator[str]:
    ordered = [name for name in others if is_ordered(answers, name)]
    if is_ordered(answers, concept) and ordered:
        yield (
            "Cramer's V does not know that answers have an order, so that it can compare all "
            f"questions. With {', '.join(ordered)} association() follows the order, and finds "
            "weaker associations of more and less."
        )


def _ask_again(design: Design, arguments: Arguments) -> Estimates:
    return rank_associations(design, arguments.concept, **arguments.options)


RANK_ASSOCIATIONS: Final = Statistic(
    name="rank_associations",
    heading="strength",
    measure=Measure.RATIO,
    columns=MappingProxyType(
        {
            "title": Column(Role.TEXT, "question"),
            "strongest": Column(Role.TEXT, "strongest answer"),
            "p": columns.P_VALUE,
            "p_adjusted": columns.ADJUSTED_P_VALUE,
            "verdict": columns.VERDICT,
            "clusters": columns.CLUSTERS,
            "imprecise_because": columns.RULE,
        }
    ),
    ask_again=_ask_again,
)


def _tidy(
    answers: Responses, concept: str, found: dict[str, Strength], rate: float
) -> pd.DataFrame:
    rows = list(found.values())
    p = np.array([each.p_value for each in rows], dtype=np.float64)
    value = np.array([each.v for each in rows], dtype=np.float64)
    size = np.array([each.size for each in rows], dtype=np.intp)
    clusters = np.array([each.clusters for each in rows], dtype=np.intp)
    known = np.isfinite(p)
    freedom = np.array([each.freedom for each in rows], dtype=np.float64)
    rule = np.where(known, too_few(size, size, freedom), 0)
    p_adjusted = adjusted(p)
    words = np.where(p_adjusted <= rate, _WORDS[0], _WORDS[1]).astype(object)
    words[~known] = _WORDS[2]
    status = np.where(rule > 0, Status.IMPRECISE.value, Status.OK.value).astype(object)
    status[~known] = Status.EMPTY.value
    gone = lost(answers, source_of(answers, concept), answers.editions)
    absent = [gone or lost(answers, source_of(answers, name), answers.editions) for name in found]
    status[~known & np.array(absent, dtype=bool)] = Status.NOT_AVAILABLE.value
    frame = pd.DataFrame(
        {
            "answer": np.array(list(found), dtype=object),
            "count": size,
            "base": size,
            "value": np.where(known, value, np.nan),
            "low": np.where(known, [each.low for each in rows], np.nan),
            "high": np.where(known, [each.high for each in rows], np.nan),
            "status": status,
            "title": np.array([title_of(answers, name) for name in found], dtype=object),
            "strongest": np.array([each.strongest for each in rows], dtype=object),
            "p": p,
            "p_adjusted": p_adjusted,
            "verdict": words,
            "clusters": clusters,
            "imprecise_because": np.array(RULES, dtype=object)[rule],
        }
    )
    clear = words == _WORDS[0]
    order = np.lexsort((np.arange(len(rows)), -np.nan_to_num(value, nan=-1.0), ~clear))
    return frame.iloc[order].reset_index(drop=True)


def _check(answers: Responses, concept: str, others: Sequence[str], rate: float) -> None:
    known = answers.concepts
    problems = [
        Problem(
            "against",
            repr(name),
            "a concept that was asked",
            did_you_mean(name, known) or "see answers.concepts",
        )
        for name in others
        if source_of(answers, name) not in known
    ]
    problems += fraction("fdr", rate, 0.05) + text("concept", concept, "name of a question")
    if problems:
        raise EstimateError(f"Cannot screen for {concept!r}", problems)
