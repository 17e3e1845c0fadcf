"""What the survey's web form keeps of an answer when a page is saved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from survey.checked import checked
from survey.codebook import Edition, Kind
from survey.errors import SurveyError
from survey.synthetic.answers import Answer, TrueAnswers, TrueDeployment, TrueRespondent

__all__ = ["forgotten", "saved"]


def forgotten(kind: Kind, answer: Answer) -> bool:
    """Whether the form throws the answer away: a typed ``0`` counts as nothing.

    Choices are posted as option numbers, so a choice whose text is ``0`` is kept.
    """
    return (kind.ticked or not kind.closed) and answer == "0"


@checked(SurveyError)
def saved(answers: TrueAnswers) -> TrueAnswers:
    """Return what reaches the database.

    Examples
    --------
    >>> from survey.codebook import read_codebook
    >>> person = TrueRespondent(1, 70, "ada@a.example", "2019-02-11 09:15:04",
    ...     "2019-02-11 09:20:00", answers={"NetPromoter": "0", "NetPromoterReason": "0"})
    >>> kept = saved(TrueAnswers(read_codebook().edition("2019"), (person,)))
    >>> kept.respondents[0].answers
    {'NetPromoter': '0'}
    """
    people = tuple(_respondent(answers.edition, each) for each in answers.respondents)
    return replace(answers, respondents=people)


def _respondent(edition: Edition, each: TrueRespondent) -> TrueRespondent:
    clouds = tuple(_deployment(edition, cloud) for cloud in each.deployments)
    return replace(each, answers=_kept(edition, each.answers), deployments=clouds)


def _deployment(edition: Edition, each: TrueDeployment) -> TrueDeployment:
    return replace(each, answers=_kept(edition, each.answers))


def _kept(edition: Edition, answers: Mapping[str, Answer]) -> dict[str, Answer]:
    asked = edition.by_heading
    return {
        name: answer
        for name, answer in answers.items()
        if name not in asked or not forgotten(asked[name].kind, answer)
    }
