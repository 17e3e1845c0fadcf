"""Which true answers an export destroys, and what it leaves of them."""

from __future__ import annotations

from collections.abc import Mapping

from survey.codebook import Question, Unit
from survey.dataclass import dataclass
from survey.synthetic.answers import Answer, TrueAnswers, TrueDeployment, TrueRespondent
from survey.synthetic.database_texts import SEPARATOR, cut, text_of
from survey.synthetic.dialect import image, keeps_text
from survey.synthetic.saving import forgotten

__all__ = ["Damage", "of_deployment", "of_respondent"]


@dataclass(frozen=True, slots=True)
class Damage:
    """Why an answer cannot be read back, and what the file still says.

    Reasons: ``text_ambiguous`` (commas, line ends or tabs were replaced, or may have been),
    ``zero_not_stored``, ``zero_blanked``, ``truncated``, ``rank_lost``, ``option_numbers``,
    ``colon_dropped`` and ``last_survey``.
    """

    reason: str
    residue: str | tuple[str, ...] | None = None


def of_respondent(answers: TrueAnswers, respondent: TrueRespondent) -> dict[str, Damage]:
    """Return question Name -> damage for a respondent's own answers.

    Examples
    --------
    >>> from survey.codebook import read_codebook
    >>> person = TrueRespondent(1, 70, "ada@a.example", "2019-02-11 09:15:04",
    ...     "2019-02-11 09:20:00", answers={"Surname": "Rivera, M."})
    >>> of_respondent(TrueAnswers(read_codebook().edition("2019"), (person,)), person)
    {'Surname': Damage(reason='text_ambiguous', residue='Rivera- M.')}
    """
    return _damages(answers, respondent.answers, Unit.RESPONDENT)


def of_deployment(
    answers: TrueAnswers, deployment: TrueDeployment, *, in_file: bool
) -> dict[str, Damage]:
    """Return question Name -> damage for one cloud, all of it when it is not in the file."""
    if in_file:
        return _damages(answers, deployment.answers, Unit.DEPLOYMENT)
    known = answers.edition.by_heading
    return {
        name: Damage("last_survey")
        for name, answer in deployment.answers.items()
        if answer and name in known
    }


def _damages(answers: TrueAnswers, given: Mapping[str, Answer], unit: Unit) -> dict[str, Damage]:
    found = {
        question.heading: _damage(question, given[question.heading], answers.options(question))
        for question in answers.edition.of_unit(unit)
        if given.get(question.heading)
    }
    return {name: damage for name, damage in found.items() if damage is not None}


def _damage(question: Question, answer: Answer, options: tuple[str, ...]) -> Damage | None:
    if question.unit is Unit.DEPLOYMENT and answer == "0":
        return Damage("zero_blanked")
    if forgotten(question.kind, answer):
        return Damage("zero_not_stored")
    if not question.kind.closed:
        text = str(answer)
        return None if keeps_text(text) else Damage("text_ambiguous", image(text))
    if isinstance(answer, Mapping):
        return _of_matrix(question, answer)
    if question.kind.joined:
        return _of_list(question, tuple(answer), options)
    return None


def _of_matrix(question: Question, answer: Mapping[str, str]) -> Damage | None:
    if question.unit is Unit.RESPONDENT:
        return Damage("option_numbers")
    dropped = any(":" in row or ":" in column for row, column in answer.items())
    return Damage("colon_dropped") if dropped else None


def _of_list(
    question: Question, answer: tuple[str, ...], options: tuple[str, ...]
) -> Damage | None:
    whole = SEPARATOR.join(answer)
    if cut(whole) != whole:
        left = text_of(question, answer, options).split(SEPARATOR)
        return Damage("truncated", tuple(item for item in left if item in answer))
    if question.kind.ranked and question.unit is Unit.DEPLOYMENT and len(answer) > 1:
        return Damage("rank_lost", tuple(sorted(answer, key=options.index)))
    return None
