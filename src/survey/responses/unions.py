"""Answers taken together: coarser bands, unions of options."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

from survey.codebook import Band, Choice, Kind, Question
from survey.errors import Problem, ResponsesError, did_you_mean
from survey.responses.answer_set import AnswerSetArray, AnswerSetDtype
from survey.responses.frame_access import FrameAccess
from survey.responses.ordinal import ordinal

__all__ = ["union"]


def union(
    answers: FrameAccess, name: str, groups: Mapping[str, Sequence[str]], of: str, title: str
) -> tuple[Question, pd.Series[Any]]:
    """Return a question whose answers each take several answers of another one together.

    Raises
    ------
    ResponsesError
        If the other question does not list an answer that is named; all are listed.
    """
    source = answers.question(of)
    listed = [label for name in answers.editions for label in _labels_of(answers, of, name)]
    problems = [
        Problem(
            f"derive({name!r})", repr(member), f"an answer to {of!r}", did_you_mean(member, listed)
        )
        for members in groups.values()
        for member in members
        if member not in listed
    ]
    if problems:
        raise ResponsesError(f"Cannot derive {name!r}", problems)
    column = answers.column(of)
    labels = tuple(groups)
    choices = tuple(_choice(source, label, members) for label, members in groups.items())
    values = column.array
    if isinstance(values, AnswerSetArray):
        made: Any = _any_of(values, groups)
    else:
        place = {member: at for at, label in enumerate(labels) for member in groups[label]}
        texts = column.astype(object)
        codes = [place.get(text, -1) if isinstance(text, str) else -1 for text in texts]
        made = ordinal(codes, labels, ordered=source.ordered)
    banded = any(choice.band for choice in choices)
    question = Question(
        name,
        f"{name} (derived)",
        title or source.title,
        Kind.MULTIPLE if isinstance(values, AnswerSetArray) else Kind.SINGLE,
        source.unit,
        choices,
        series=name,
        measure=source.measure if banded else "",
    )
    return question, pd.Series(made, index=column.index)


def _labels_of(answers: FrameAccess, concept: str, edition: str) -> Sequence[str]:
    asked = answers.codebook.edition(edition).by_concept.get(concept)
    return asked.labels if asked else ()


def _any_of(values: AnswerSetArray, groups: Mapping[str, Sequence[str]]) -> AnswerSetArray:
    chosen = [
        values.chosen[:, [at for at, item in enumerate(values.items) if item in members]].any(
            axis=1
        )
        for members in groups.values()
    ]
    codes = np.column_stack(chosen).astype(np.uint8)
    return AnswerSetArray(codes, AnswerSetDtype(tuple(groups)))


def _choice(source: Question, label: str, members: Sequence[str]) -> Choice:
    """Return a choice that stands for several: a band if they are bands that meet."""
    bands = sorted((source.bands[m] for m in members if m in source.bands), key=lambda b: b.low)
    if not bands or len(bands) < len(members):
        return Choice(label, label)
    meet = all(one.high is not None and one.high + 1 >= other.low for one, other in pairwise(bands))
    return Choice(label, label, Band(bands[0].low, bands[-1].high) if meet else None)
