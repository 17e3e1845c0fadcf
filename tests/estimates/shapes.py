"""Invented answers of every shape that the verbs of shares tell apart, named by shape."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pandas as pd

from survey.codebook import Band, Choice, Unit
from survey.responses import AnswerSetArray, AnswerSetDtype, Presence, Responses
from tests.estimates import builders as make


def keyed(answers: Responses) -> Responses:
    """Return answers with columns beside the questions: weights, strata, sizes of populations."""
    for unit in (Unit.RESPONDENT, Unit.DEPLOYMENT):
        frame = answers.frame(unit)
        number = frame["organization"].str.slice(1).astype(int)
        place = np.arange(len(frame))
        frame = frame.assign(
            weight=0.5 + (place * 7 % 11) / 5,
            uneven=np.where(place == 4, np.nan, 1.0),
            stratum=np.where(number % 3 == 0, "large", "small"),
            population=np.where(number % 3 == 0, 40.0, 90.0),
            record_key=(place.astype(np.uint64) + 1) * np.uint64(0x9E3779B97F4A7C15),
        )
        answers = answers.with_frame(unit, frame)
    return answers


@cache
def clustered() -> Responses:
    """Two editions of 150 clouds in 60 organizations of unequal size."""
    return keyed(make.invented(11, clouds=150, organizations=60))


@cache
def alone() -> Responses:
    """One edition of forty clouds, each of an organization of its own; an answer nobody gave."""
    rows = [
        {
            "organization": f"o{place}",
            "score": str((place * 7) % 11),
            "stage": make.STAGES[(place % 5) // 2],
            "size": make.SIZES[place % 2],
            "tools": [tool for each, tool in enumerate(make.TOOLS[:3]) if place % (each + 2) == 0],
            "drivers": [make.DRIVERS[(place + each) % 4] for each in range(place % 4)],
            "public": place % 8 == 0,
            "primary_country": ("DE", "US", "FR")[place % 3],
        }
        for place in range(40)
    ]
    return keyed(make.build(rows, make.book(("2019",))))


@cache
def few() -> Responses:
    """Nine clouds: groups of one, all alike in one edition, copies, unanswered questions."""
    stages = ["Testing"] * 4 + ["Production", "Testing", "Testing", None, "Production"]
    rows = [
        {
            "edition": "2018" if place < 4 else "2019",
            "organization": f"o{place // 2}",
            "copied": place == 8,
            "score": ("9", "6", None, "10")[place // 2] if place < 8 else "7",
            "stage": stage,
            "size": (*make.SIZES, "Don't know", None)[place % 5],
            "tools": [make.TOOLS[place % 3]] if place % 4 else None,
            "drivers": list(make.DRIVERS[: place % 3]),
            "projects": {"Nova": make.LEVELS[place % 3]},
        }
        for place, stage in enumerate(stages)
    ]
    return keyed(make.build(rows))


@cache
def changed() -> Responses:
    """Editions of which one does not ask for tools, and lists two stages alone."""
    listed = {"choices": make.choices(*make.STAGES[:2])}
    book = make.book(changed={"2018": {"tools": None, "stage": listed, "score": None}})
    return replace(make.invented(5, clouds=70, organizations=40), codebook=book)


@cache
def chosen() -> Responses:
    """A selection: clouds in production, of organizations that have others, too."""
    answers = clustered()
    frame = answers.deployments
    return answers.where(pd.Series((frame["stage"] == "Production").to_numpy(), index=frame.index))


@cache
def lacking() -> Responses:
    """The file of one edition has no column for tools, scores, sizes and rows of a matrix."""
    held = {"tools": (), "score": (), "projects": ("Nova",), "size": ()}
    return replace(clustered(), presence=Presence({"2018": held}))


@cache
def recut() -> Responses:
    """Editions cut the numbers into other bands, some of which lie inside those of the other."""
    texts = {"1 to 9": Band(1, 9), "10 to 49": Band(10, 49), "50 to 99": Band(50, 99)}
    texts["100 or more"] = Band(100, None)
    listed = {"choices": tuple(Choice(text, text, band) for text, band in texts.items())}
    places = range(60)
    rows = [
        {"edition": "2018" if place % 2 else "2019", "organization": f"o{place // 2}"}
        for place in places
    ]
    answers = make.build(rows, make.book(changed={"2018": {"size": listed}}))
    sizes = [(list(texts) if place % 2 else make.SIZES)[place // 2 % 3] for place in places]
    ordered = pd.Categorical(sizes, [*texts, "10 to 99"], ordered=True)
    return with_column(answers, "size", ordered)


@cache
def same_names() -> Responses:
    """A matrix of which one row is named as a level is."""
    names = ("Nova", "Testing")
    rows = {"projects": {"rows": make.choices(*names)}}
    book = make.book(changed={"2018": rows, "2019": rows})
    dtype = AnswerSetDtype(names, make.LEVELS)
    answers = replace(few(), codebook=book)
    given = [
        {name: make.LEVELS[(place + each) % 3] for each, name in enumerate(names)}
        for place in range(9)
    ]
    return with_column(answers, "projects", AnswerSetArray._from_sequence(given, dtype=dtype))


def with_column(
    answers: Responses, name: str, values: Sequence[Any] | Mapping[Any, Any]
) -> Responses:
    """Return answers with one more column of deployments."""
    frame = answers.deployments
    return answers.with_frame(Unit.DEPLOYMENT, frame.assign(**{name: values}))
