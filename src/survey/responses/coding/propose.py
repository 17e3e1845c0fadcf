"""Propose codes for what no code and no listed option explains yet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from survey.checked import checked
from survey.errors import Problem, ResponsesError, did_you_mean
from survey.responses.coding.frame import Frame, Proposal
from survey.responses.coding.parts import enumerated
from survey.responses.coding.reading import (
    Reading,
    coder_of,
    question_problems,
    read_texts,
    text_concept,
)
from survey.responses.coding.spellings import proposed_spellings
from survey.responses.coding.themes import Themes
from survey.responses.coding.voices import Tally
from survey.responses.coding.wording import words_of
from survey.responses.responses import Responses

__all__ = ["LEAST", "propose_frame"]

#: What fewer organizations wrote is not shown: it could be a name, and it could be theirs.
LEAST = 3


@checked(ResponsesError)
def propose_frame(
    answers: Responses,
    *questions: str,
    frame: Frame | None = None,
    least: int = LEAST,
) -> Frame:
    """Return a frame with proposals for what its codes and the listed options do not explain.

    Write-ins are grouped by spelling; of free text, words and phrases are proposed that many
    organizations use. Nothing is coded by a proposal before a person accepts it. A proposal
    holds no text that fewer than ``least`` organizations wrote, and never an address or a
    telephone number; how many answers were left out for that is in ``withheld``.

    Parameters
    ----------
    answers
        Typed answers, of one or several editions. In identified answers, names of respondents
        are left out of the phrases, too.
    questions
        Texts, or closed questions whose write-ins are meant; those of the frame by default.
    frame
        Last year's frame: only what is new is proposed.
    least
        Least number of organizations that wrote a text for it to be shown.

    Raises
    ------
    ResponsesError
        If a question is unknown, or no text.

    Examples
    --------
    >>> draft = propose_frame(answers, "deployment_tools")  # doctest: +SKIP
    >>> [(each.label, each.organizations) for each in draft.proposals]  # doctest: +SKIP
    [('Terraform', 9), ('Foreman', 7)]
    """
    concepts = [text_concept(answers.codebook, name) for name in questions]
    base = frame or Frame(concepts[0] if concepts else "frame", tuple(concepts))
    concepts = list(dict.fromkeys(concepts or base.questions))
    _check(answers, base, concepts, least)
    base = replace(base, questions=tuple(dict.fromkeys((*base.questions, *concepts))))
    proposals: list[Proposal] = []
    withheld = {"rare": 0, "personal": 0}
    for concept in concepts:
        reading = read_texts(answers, concept, base)
        found, hidden = _proposed(answers, reading, base, least)
        proposals += found
        withheld = {reason: withheld[reason] + hidden[reason] for reason in withheld}
    return replace(base.with_proposals(proposals), withheld=MappingProxyType(withheld))


def _check(answers: Responses, frame: Frame, concepts: Sequence[str], least: int) -> None:
    problems = list(question_problems(answers.codebook, f"frame {frame.name!r}", concepts))
    if not concepts:
        problems.append(Problem("propose_frame()", "no question", "at least one text"))
    if least < 1:
        problems.append(Problem("propose_frame()", f"least = {least!r}", "a whole number from 1"))
    if not problems:
        problems = [
            Problem(
                f"answers of {', '.join(answers.editions)}",
                f"the question {concept!r}",
                "a text that was asked",
                did_you_mean(concept, answers.concepts),
            )
            for concept in concepts
            if concept not in answers.concepts
        ]
    if problems:
        raise ResponsesError("Codes cannot be proposed", problems)


def _proposed(
    answers: Responses, reading: Reading, frame: Frame, least: int
) -> tuple[list[Proposal], dict[str, int]]:
    concept = reading.question.concept
    settled = frame.settled(concept)
    question = concept if len(frame.questions) > 1 else ""
    rest = list(_rest(answers, reading))
    if not reading.question.write_in_of:
        themes = Themes(_names(answers))
        for row, part, owner, edition in rest:
            themes.count(part, row, owner, edition)
        return list(themes.proposed(question, least, settled)), {"rare": 0, "personal": 0}
    tally = Tally()
    for row, part, owner, edition in rest:
        for piece in enumerated(part):
            tally.count(piece, row, owner, edition)
    near = coder_of(answers.codebook, concept, _newest(answers, concept), frame)
    proposals = list(proposed_spellings(tally, question, least, settled, near))
    rare = sum(len(said.rows) for said in tally.said.values() if len(said.organizations) < least)
    return proposals, {"rare": rare, "personal": tally.personal}


def _rest(answers: Responses, reading: Reading) -> Iterator[tuple[int, str, object, str]]:
    """Yield row, text, organization and edition of what is not explained yet."""
    owners = answers.frame(reading.question.unit)["organization"].to_numpy()
    for row, edition, text, coded in reading:
        if coded.nothing:
            continue
        if reading.question.write_in_of:
            yield from ((row, part, owners[row], edition) for part in coded.rest)
        elif not coded.codes:
            yield row, text, owners[row], edition


def _newest(answers: Responses, concept: str) -> str:
    asked = (
        each for each in answers.editions if concept in answers.codebook.edition(each).by_concept
    )
    return tuple(asked)[-1]


def _names(answers: Responses) -> set[str]:
    """Return the words in names of respondents, where these are known."""
    if not answers.identified:
        return set()
    columns = (
        question.concept
        for edition in answers.codebook
        for question in edition.questions
        if question.personal and question.concept in answers.respondents
    )
    texts: set[Any] = set()
    for column in set(columns):
        texts |= set(answers.respondents[column].dropna())
    return {word for text in texts for word in words_of(str(text)) if len(word) > 2}
