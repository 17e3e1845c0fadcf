"""How the survey system carries answers over from one edition to the next."""

from __future__ import annotations

from collections.abc import Mapping

from survey.codebook import Edition, Question
from survey.synthetic.answers import Answer

__all__ = ["carried_over"]


def carried_over(
    answers: Mapping[str, Answer], edition: Edition
) -> tuple[dict[str, Answer], dict[str, tuple[str, ...]]]:
    """Return the answers (by concept) that survive into ``edition``, and what is dropped.

    Options are found again by equal stored value, so what was renamed is lost. Where nothing
    of a list survives, an empty answer stays behind. Questions that are gone go silently.

    Examples
    --------
    >>> from survey.codebook import read_codebook
    >>> old = {"releases_in_use": ("Pike", "Ocata (2017.1)"), "no_longer_asked": "x"}
    >>> carried_over(old, read_codebook().edition("2021"))
    ({'releases_in_use': ('Pike',)}, {'CurrentReleases': ('Ocata (2017.1)',)})
    """
    kept: dict[str, Answer] = {}
    dropped: dict[str, tuple[str, ...]] = {}
    for concept, answer in answers.items():
        question = edition.by_concept.get(concept)
        if question is None:
            continue
        kept[concept], lost = _translated(question, answer)
        if lost:
            dropped[question.heading] = lost
    return kept, dropped


def _translated(question: Question, answer: Answer) -> tuple[Answer, tuple[str, ...]]:
    known = {choice.value for choice in question.choices}
    if isinstance(answer, Mapping):
        rows = {row.value for row in question.rows}
        pairs = {row: column for row, column in answer.items() if row in rows and column in known}
        return pairs, tuple(row for row in answer if row not in pairs)
    if isinstance(answer, str):
        free = not question.kind.listed
        return (answer, ()) if free or answer in known else ("", (answer,))
    if question.kind.country_set:
        return answer, ()
    kept = tuple(value for value in answer if value in known)
    return kept, tuple(value for value in dict.fromkeys(answer) if value not in known)
