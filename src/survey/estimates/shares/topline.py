"""The whole questionnaire, one table per closed question."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Unpack

from survey.checked import checked
from survey.codebook import Unit
from survey.errors import EstimateError
from survey.estimates.design import Design, DesignOptions, design_of
from survey.estimates.design.checks import names
from survey.estimates.shares.share import shares_of
from survey.estimates.table import Estimates
from survey.responses import Responses

__all__ = ["closed_questions", "topline"]


@checked(EstimateError)
def topline(
    answers: Responses | Design,
    by: str | Sequence[str] | None = None,
    *,
    nets: Mapping[str, Sequence[str]] | None = None,
    top: int | None = None,
    items: Sequence[str] | None = None,
    interval: str = "auto",
    **options: Unpack[DesignOptions],
) -> Mapping[str, Estimates]:
    """Return the shares of every closed question, in the order of the form.

    Parameters
    ----------
    answers
        Typed answers.
    by
        Groups, as in :func:`share`. A question about respondents, grouped by one about
        deployments, is counted per deployment.
    nets, top, items, interval
        For each question, as in :func:`share`.
    options
        Who counts, and how, as in :func:`share`.

    Examples
    --------
    >>> from survey.estimates.examples import answers
    >>> list(topline(answers()))
    ['likelihood_to_recommend', 'deployment_stage', 'compute_cores', 'deployment_tools']
    """
    design = design_of(answers, **options)
    concepts = closed_questions(design.answers)
    kept = {"items": items, "nets": nets, "top": top, "interval": interval}
    tables = shares_of(design, concepts, names("by", by), kept)
    return MappingProxyType(dict(zip(concepts, tables, strict=True)))


def closed_questions(answers: Responses) -> tuple[str, ...]:
    """Return the closed questions that identify nobody, respondent questions first."""
    questions = [answers.question(concept) for concept in answers.concepts]
    closed = [each for each in questions if each.kind.closed and not each.personal]
    return tuple(each.concept for each in sorted(closed, key=lambda q: q.unit is Unit.DEPLOYMENT))
