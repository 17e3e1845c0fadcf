"""Fold write-ins back into the question that they belong to, and keep a record of each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from survey.checked import checked
from survey.codebook import Question
from survey.errors import Problem, ResponsesError, did_you_mean
from survey.responses.answer_set import AnswerSetArray
from survey.responses.coding.frame import Frame
from survey.responses.coding.listed import Name
from survey.responses.coding.reading import read_texts, text_concept
from survey.responses.responses import RECODED_COLUMNS, Responses

__all__ = ["fold_write_ins"]

Change = tuple[str, str, str]


@checked(ResponsesError)
def fold_write_ins(
    answers: Responses, *frames: Frame, questions: Iterable[str] | None = None
) -> Responses:
    """Return the answers with write-ins that name a listed option counted as that option.

    Only what is certain is folded: the whole text names options and nothing else. Then the
    option takes the place of "Other"; in a ranking it takes its rank, if it has none yet. What
    was recoded is in ``recoded``, one row per answer and question; the texts stay.

    Parameters
    ----------
    answers
        Typed answers.
    frames
        Coding frames whose codes give listed options further names.
    questions
        Closed questions, or their write-ins; all by default.

    Raises
    ------
    ResponsesError
        If a question has no write-ins.

    Examples
    --------
    >>> folded = fold_write_ins(answers, questions=["deployment_tools"])  # doctest: +SKIP
    >>> folded.recoded[["concept", "before", "after"]]  # doctest: +SKIP
    """
    for text in _texts(answers, questions):
        frame = next((each for each in frames if text in each.questions), Frame("none", (text,)))
        answers = _folded(answers, text, frame)
    return answers


def _texts(answers: Responses, questions: Iterable[str] | None) -> Sequence[str]:
    """Return the write-ins to fold, in form order."""
    parents = {
        concept: answers.question(concept).write_in_of
        for concept in answers.concepts
        if answers.question(concept).write_in_of
    }
    if questions is None:
        return list(parents)
    wanted = [text_concept(answers.codebook, name) for name in questions]
    closed = tuple(parents.values())
    problems = [
        Problem(
            "fold_write_ins()",
            repr(name),
            "a question with write-ins",
            did_you_mean(name, closed),
        )
        for name in wanted
        if name not in parents and name not in answers.codebook.concepts
    ]
    if problems:
        raise ResponsesError("Cannot fold the write-ins", problems)
    return [name for name in wanted if name in parents]


def _folded(answers: Responses, text: str, frame: Frame) -> Responses:
    reading = read_texts(answers, text, frame)
    parent = answers.question(reading.question.write_in_of)
    table = answers.frame(parent.unit)
    if not (parent.kind.picked or parent.kind.ranked) or parent.concept not in table:
        return answers
    named = {row: coded.options for row, _, _, coded in reading if coded.options}
    fold = _fold_set if parent.kind.several else _fold_single
    fold = _fold_ranking if parent.kind.ranked else fold
    column, changes = fold(table[parent.concept], parent, named)
    if not changes:
        return answers
    table = table.assign(**{parent.concept: column})
    names, numbers = table["edition"].tolist(), table[parent.unit.value].tolist()
    log = pd.DataFrame(
        [
            (names[row], parent.unit.value, int(numbers[row]), parent.concept, text, *change)
            for row, change in changes.items()
        ],
        columns=list(RECODED_COLUMNS),
    )
    recoded = log if answers.recoded.empty else pd.concat([answers.recoded, log], ignore_index=True)
    return replace(
        answers.with_frame(parent.unit, table),
        recoded=recoded,
        provenance=answers.provenance.then(f"folded {text} into {parent.concept}"),
    )


def _fold_set(
    column: pd.Series[Any], parent: Question, named: dict[int, tuple[Name, ...]]
) -> tuple[pd.Series[Any], dict[int, Change]]:
    values: AnswerSetArray = column.array
    place = {item: number for number, item in enumerate(values.items)}
    others = [place[label] for label in parent.other_labels if label in place]
    codes = values.codes.copy()
    for row, options in named.items():
        codes[row, others] = 0
        codes[row, [place[name.label] for name in options]] = 1
    folded = AnswerSetArray(codes, values.dtype)
    return _changed(column, folded, named)


def _fold_ranking(
    column: pd.Series[Any], parent: Question, named: dict[int, tuple[Name, ...]]
) -> tuple[pd.Series[Any], dict[int, Change]]:
    values: AnswerSetArray = column.array
    place = {item: number for number, item in enumerate(values.items)}
    others = [place[label] for label in parent.other_labels if label in place]
    codes = values.codes.copy()
    for row, options in named.items():
        ranked = [other for other in others if codes[row, other]]
        option = place[options[0].label]
        if len(options) == len(ranked) == 1 and not codes[row, option]:
            codes[row, option] = codes[row, ranked[0]]
            codes[row, ranked[0]] = 0
    return _changed(column, AnswerSetArray(codes, values.dtype), named)


def _fold_single(
    column: pd.Series[Any], parent: Question, named: dict[int, tuple[Name, ...]]
) -> tuple[pd.Series[Any], dict[int, Change]]:
    values = column.array.copy()
    for row, options in named.items():
        if len(options) == 1 and values[row] in parent.other_labels:
            values[row] = options[0].label
    return _changed(column, values, named)


def _changed(
    column: pd.Series[Any], values: Any, named: dict[int, tuple[Name, ...]]
) -> tuple[pd.Series[Any], dict[int, Change]]:
    """Return the new column, and before, after and rule of each row that differs."""
    changes = {}
    for row, options in named.items():
        before, after = column.array[row], values[row]
        if before is not after and before != after:
            rules = dict.fromkeys(name.rule for name in options)
            changes[row] = (_words(before), _words(after), ", ".join(rules))
    return pd.Series(values, index=column.index, name=column.name), changes


def _words(answer: Any) -> str:
    if isinstance(answer, tuple):
        return "|".join(answer)
    return answer if isinstance(answer, str) else ""
