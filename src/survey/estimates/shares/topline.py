"""The whole questionnaire, one table per closed question."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from survey.checked import checked
from survey.codebook import Unit
from survey.errors import EstimateError
from survey.estimates.design import Design
from survey.estimates.shares.share import share
from survey.estimates.table import Estimates
from survey.responses import Responses

__all__ = ["closed_questions", "topline"]


@checked(EstimateError)
def topline(
    answers: Responses | Design, by: str | Sequence[str] | None = None, **options: Any
) -> Mapping[str, Estimates]:
    """Return the shares of every closed question, in the order of the form.

    Parameters
    ----------
    answers
        Typed answers.
    by
        Groups, as in :func:`share`. A question about respondents, grouped by one about
        deployments, is counted per deployment.
    options
        Whatever else :func:`share` takes.

    Examples
    --------
    >>> from survey.estimates.examples import answers
    >>> list(topline(answers()))
    ['likelihood_to_recommend', 'deployment_stage', 'compute_cores', 'deployment_tools']
    """
    asked = answers.answers if isinstance(answers, Design) else answers
    tables = {
        concept: share(answers, concept, by, **options) for concept in closed_questions(asked)
    }
    return MappingProxyType(tables)


def closed_questions(answers: Responses) -> tuple[str, ...]:
    """Return the closed questions that identify nobody, respondent questions first."""
    questions = [answers.question(concept) for concept in answers.concepts]
    closed = [each for each in questions if each.kind.closed and not each.personal]
    return tuple(each.concept for each in sorted(closed, key=lambda q: q.unit is Unit.DEPLOYMENT))
