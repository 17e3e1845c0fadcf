"""Two editions as arguments, and whether a question means the same in both."""

from __future__ import annotations

from collections.abc import Iterable

from survey.codebook import Question
from survey.errors import Problem, did_you_mean
from survey.responses import Responses

__all__ = ["edition_problems", "same_words"]


def edition_problems(answers: Responses, earlier: str, later: str) -> list[Problem]:
    """Return what is wrong with the names of two editions."""
    problems = [
        Problem(
            where,
            repr(name),
            f"one of {', '.join(answers.editions)}",
            did_you_mean(name, answers.editions),
        )
        for where, name in (("earlier", earlier), ("later", later))
        if name not in answers.editions
    ]
    if earlier == later:
        problems.append(Problem("later", repr(later), "another edition than the earlier one"))
    return problems


def same_words(questions: Iterable[Question | None]) -> bool:
    """Return whether all editions that ask a question ask it in the same words."""
    return len({question.series for question in questions if question}) < 2
