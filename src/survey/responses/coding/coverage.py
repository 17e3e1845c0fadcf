"""How much of what was written in own words is explained by options and codes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from survey.checked import checked
from survey.codebook import Question
from survey.errors import ResponsesError
from survey.responses.answer_set import AnswerSetArray
from survey.responses.coding.apply import CODED
from survey.responses.coding.frame import LISTED, NOT_CODED, NOTHING, Frame
from survey.responses.coding.reading import read_texts
from survey.responses.responses import Responses

__all__ = ["COVERAGE_COLUMNS", "coverage"]

COVERAGE_COLUMNS = (
    "edition", "concept", "texts", "says_nothing", "listed", "coded", "unmatched", "share",
)  # fmt: skip
Row = dict[str, Any]


@checked(ResponsesError)
def coverage(answers: Responses) -> pd.DataFrame:
    """Return per edition and question how many texts are matched by options or codes.

    Write-ins are always in it, other texts when they are coded. ``listed`` counts texts that
    certainly name a listed option and have no code, ``coded`` those that have a code,
    ``unmatched`` those with neither, and ``share`` is the unmatched share of the texts that
    say something.

    Examples
    --------
    >>> coverage(answers).sort_values("share").tail()  # doctest: +SKIP
    """
    rows: list[Row] = []
    for concept in answers.concepts:
        question = answers.question(concept)
        if question.coded_from:
            rows += _of_codes(answers, question)
        elif question.write_in_of and f"{concept}{CODED}" not in answers.concepts:
            rows += _of_options(answers, question)
    return pd.DataFrame(rows, columns=list(COVERAGE_COLUMNS))


def _of_codes(answers: Responses, question: Question) -> Iterator[Row]:
    table = answers.frame(question.unit)
    values = table[question.concept].array
    assert isinstance(values, AnswerSetArray)
    chosen = pd.DataFrame(values.chosen, columns=list(values.items))
    for edition, rows in chosen.groupby(table["edition"].astype(str).to_numpy(), sort=False):
        given = rows[rows.any(axis=1)]
        nothing, unmatched = int(given[NOTHING].sum()), int(given[NOT_CODED].sum())
        codes = given.drop(columns=[NOTHING, NOT_CODED, LISTED], errors="ignore").any(axis=1)
        coded = int(codes.sum())
        yield _row(str(edition), question.coded_from, len(given), nothing, coded, unmatched)


def _of_options(answers: Responses, question: Question) -> Iterator[Row]:
    reading = read_texts(answers, question.concept, Frame("none", (question.concept,)))
    for edition in answers.editions:
        here = [coded for _, where, _, coded in reading if where == edition]
        nothing = sum(coded.nothing for coded in here)
        unmatched = sum(not coded.found and not coded.nothing for coded in here)
        if here:
            yield _row(edition, question.concept, len(here), nothing, 0, unmatched)


def _row(edition: str, concept: str, texts: int, nothing: int, coded: int, unmatched: int) -> Row:
    said = texts - nothing
    return {
        "edition": edition,
        "concept": concept,
        "texts": texts,
        "says_nothing": nothing,
        "listed": said - coded - unmatched,
        "coded": coded,
        "unmatched": unmatched,
        "share": unmatched / said if said else float("nan"),
    }
