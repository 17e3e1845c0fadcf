"""Code texts by a frame: each becomes a question with several answers, like any other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from survey.checked import checked
from survey.codebook import Choice, Codebook, Kind, Missing, Question
from survey.errors import Problem, ResponsesError
from survey.responses.answer_set import AnswerSetArray
from survey.responses.coding.coder import Coded
from survey.responses.coding.frame import LISTED, NOT_CODED, NOTHING, Frame
from survey.responses.coding.reading import Reading, question_problems, read_texts
from survey.responses.responses import Responses

__all__ = ["CODED", "code"]

CODED = "_coded"
#: A share of texts without a code is told in words only when both sides rest on so many
#: organizations, and then in tens of per cent: a note passes no other disclosure control.
_ENOUGH = 20


@checked(ResponsesError)
def code(answers: Responses, *frames: Frame) -> Responses:
    """Return the answers with their texts coded.

    Every question of a frame gets a question beside it, named like it with ``_coded``, which
    has several answers: the labels of the codes; "A listed option", for write-ins that name
    what the questionnaire offered; and "Not coded", so that the base is everybody who wrote
    something. Texts such as "n/a" decline to answer. It is tabulated, compared and protected
    like any other question; the texts stay as they are.

    Parameters
    ----------
    answers
        Typed answers.
    frames
        Coding frames, each question in one of them.

    Raises
    ------
    ResponsesError
        If a frame is for a question that is unknown, closed, about persons or coded already;
        the error lists everything.

    Notes
    -----
    A code says what a text is about. It does not say what is thought of it, and negation is
    left alone: "no upgrade problems" is coded like "upgrade problems".

    Examples
    --------
    >>> coded = code(answers, read_coding_frame("frames/wishes.toml"))  # doctest: +SKIP
    >>> sv.share(coded, "further_enhancement_coded")  # doctest: +SKIP
    """
    _check(answers, frames)
    for frame in frames:
        for concept in frame.questions:
            if concept in answers.concepts:
                answers = _with_codes(answers, concept, frame)
    return answers


def _check(answers: Responses, frames: Sequence[Frame]) -> None:
    problems: list[Problem] = []
    seen: dict[str, str] = {}
    for frame in frames:
        where = f"frame {frame.name!r}"
        problems += question_problems(answers.codebook, where, frame.questions)
        for concept in frame.questions:
            if concept in seen:
                got = f"{concept!r}, which is in frame {seen[concept]!r}, too"
                problems.append(Problem(where, got, "each question in one frame"))
            elif f"{concept}{CODED}" in answers.codebook.concepts:
                got = f"{concept!r}, which is coded already"
                problems.append(Problem(where, got, "answers that are not coded yet"))
            seen[concept] = frame.name
    if problems:
        raise ResponsesError("The answers cannot be coded", problems)


def _with_codes(answers: Responses, concept: str, frame: Frame) -> Responses:
    reading = read_texts(answers, concept, frame)
    unit = reading.question.unit
    table = answers.frame(unit)
    note = _note(answers, reading, frame)
    codebook = answers.codebook.with_questions(
        {each: [question] for each, question in _questions(answers.codebook, concept, frame, note)}
    )
    labels = _labels(codebook, f"{concept}{CODED}")
    column = AnswerSetArray.from_lists([_items(coded) for coded in reading.coded], labels)
    place = list(table.columns).index(concept) + 1 if concept in table else len(table.columns)
    added = pd.DataFrame({f"{concept}{CODED}": pd.Series(column, index=table.index)})
    coded = pd.concat([table.iloc[:, :place], added, table.iloc[:, place:]], axis=1)
    step = f"coded {concept} by the frame {frame.name!r}" + f" ({frame.digest[:12]})" * bool(
        frame.digest
    )
    return replace(
        answers.with_frame(unit, coded),
        codebook=codebook,
        provenance=answers.provenance.then(step),
        presence=answers.presence.following(concept, [f"{concept}{CODED}"]),
    )


def _questions(
    codebook: Codebook, concept: str, frame: Frame, note: str
) -> Iterator[tuple[str, Question]]:
    """Yield edition and coded question, for every edition that asks."""
    for edition in codebook:
        asked = edition.by_concept.get(concept)
        if asked is not None:
            yield (
                edition.name,
                Question(
                    concept=f"{concept}{CODED}",
                    heading=f"{asked.heading} (coded)",
                    title=f"{asked.title} (coded)",
                    kind=Kind.MULTIPLE,
                    unit=asked.unit,
                    choices=tuple(_choices(asked, codebook, edition.name, frame)),
                    series=asked.series,
                    note=note,
                    coded_from=concept,
                ),
            )


def _choices(
    question: Question, codebook: Codebook, edition: str, frame: Frame
) -> Iterator[Choice]:
    parent = codebook.edition(edition).by_concept.get(question.write_in_of)
    options = parent.labels if parent else ()
    for label in frame.labels(question.concept, edition):
        if label not in options:
            yield Choice(label, label)
    if parent:
        yield Choice(LISTED, LISTED)
    yield Choice(NOT_CODED, NOT_CODED)
    yield Choice(NOTHING, NOTHING, missing=Missing.REFUSED)


def _labels(codebook: Codebook, concept: str) -> tuple[str, ...]:
    asked = (edition.by_concept.get(concept) for edition in codebook)
    found = dict.fromkeys(label for each in asked if each for label in each.labels)
    last = [label for label in (LISTED, NOT_CODED, NOTHING) if label in found]
    return (*(label for label in found if label not in last), *last)


def _items(coded: Coded | None) -> Iterable[str] | None:
    if coded is None:
        return None
    if coded.nothing:
        return (NOTHING,)
    labels = [name.label for name in coded.codes] + [LISTED] * bool(coded.options)
    return labels or (NOT_CODED,)


def _note(answers: Responses, reading: Reading, frame: Frame) -> str:
    """Say how the codes came about, and how much of the texts they leave unexplained."""
    said = (
        f"Coded from free text by the frame {frame.name!r}: a text can have several codes, "
        "negation is not interpreted, and a text that fits no code counts as 'Not coded'."
    )
    owners = answers.frame(reading.question.unit)["organization"].to_numpy()
    found: dict[str, dict[bool, list[object]]] = {}
    for row, edition, _, coded in reading:
        if not coded.nothing:
            here = found.setdefault(edition, {True: [], False: []})
            here[coded.found].append(owners[row])
    shares = [
        f"{share} ({edition})" for edition, here in found.items() if (share := _roughly(here))
    ]
    if not shares:
        return said
    return f"{said} No code fits so much of the texts: {', '.join(shares)}."


def _roughly(owners: Mapping[bool, Sequence[object]]) -> str:
    """Return the share without a code in tens of per cent, if enough organizations are behind."""
    if any(len(set(each)) < _ENOUGH for each in owners.values()):
        return ""
    part = len(owners[False]) / (len(owners[True]) + len(owners[False]))
    return f"about {min(max(int(np.rint(part * 10)), 1), 9) * 10} %"
