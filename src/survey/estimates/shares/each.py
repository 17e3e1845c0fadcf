"""The shares of many questions by the same groups, what they have in common computed once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from survey.estimates.design import design_of
from survey.estimates.shares.share import shares_of
from survey.estimates.table import Estimates
from survey.responses import Responses

__all__ = ["shares_of_each"]

_AS_IT_IS: Final = {"items": None, "nets": None, "top": None, "interval": "auto"}


def shares_of_each(
    answers: Responses, concepts: Sequence[str], by: Sequence[str] = ()
) -> list[Estimates]:
    """Return what :func:`share` returns of each question, by the same groups.

    Raises
    ------
    EstimateError
        If a question is not closed.
    ResponsesError
        If none of the editions asks a question.

    Examples
    --------
    >>> from survey.estimates.examples import answers
    >>> [table.spec.concept for table in shares_of_each(answers(), ["deployment_stage"])]
    ['deployment_stage']
    """
    return shares_of(design_of(answers), concepts, tuple(by), _AS_IT_IS) if concepts else []
