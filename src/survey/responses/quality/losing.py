"""What is lost, how many answers it concerns, and what would bring them back."""

from __future__ import annotations

from collections.abc import Iterator
from types import MappingProxyType
from typing import Any

import pandas as pd

from survey.codebook import Unit
from survey.responses.missing import zero_is_blank
from survey.responses.quality.section import Section, Subject, in_brief, listed, several, span

__all__ = ["issues", "lost"]

_COLUMNS = ["edition", "what", "question", "answers", "remedy"]
_ANSWERED_BY = MappingProxyType(
    {
        "last survey": (
            "deployments of the last respondent",
            "export again with a later end date and give both files",
        ),
        "cut answer": (
            "list cut at 1,024 bytes: what is kept was chosen, more may be missing",
            "",
        ),
        "uncertain cell": ("cell of a shifted record that has no certain place", "export again"),
        "contradictory record": ("two records with one number", "export again"),
        "contradictory cells": ("cells of one respondent that differ", "export again"),
    }
)
_UNKNOWN = frozenset({"unknown answer", "unknown country"})


def lost(subject: Subject) -> Section:
    """Say which answers the exporter lost or left in doubt."""
    found = [*_flagged(subject), *_zeros(subject), *_noted(subject)]
    table = pd.DataFrame(found, columns=_COLUMNS)
    table = table.groupby(_COLUMNS[:3], as_index=False, sort=False).agg(
        {"answers": "max", "remedy": "first"}
    )[_COLUMNS]
    certain = int(table["answers"].sum()) if len(table) else 0
    says = (
        f"{several(certain, 'answer')} cannot be trusted or told from a blank."
        if certain
        else "No answer is known to be lost.",
    )
    brief = table.groupby(["what", "question"], as_index=False, sort=False).agg(
        {"edition": span, "answers": "sum"}
    )
    brief = in_brief(brief, ("edition", "what", "question", "answers"), 12)
    glance = ("answers lost or in doubt", certain)
    return Section("lost", "Lost", says, table, brief=brief, glance=glance)


def _flagged(subject: Subject) -> Iterator[tuple[Any, ...]]:
    """Yield what single answers are flagged for, but unknown ones."""
    flags = subject.answers.flags
    flags = flags[~flags["reason"].isin(_UNKNOWN)]
    for (edition, reason), some in flags.groupby(["edition", "reason"], sort=True):
        what, remedy = _ANSWERED_BY.get(str(reason), (str(reason), ""))
        if reason == "last survey":
            yield edition, what, "all on deployments", len(some), remedy
            continue
        for concept, own in some.groupby("concept", sort=False):
            question = "the whole record" if concept == "*" else concept
            yield edition, what, question, len(own), remedy


def _zeros(subject: Subject) -> Iterator[tuple[Any, ...]]:
    """Yield questions on deployments whose answer ``0`` is written as a blank."""
    for edition in subject.editions:
        frame = subject.rows(Unit.DEPLOYMENT, edition)
        for question in subject.answers.codebook.edition(edition).of_unit(Unit.DEPLOYMENT):
            if zero_is_blank(question) and question.concept in frame:
                blank = int(frame[question.concept].isna().sum())
                if blank:
                    yield edition, "blank that can be a 0", question.concept, blank, ""


def _noted(subject: Subject) -> Iterator[tuple[Any, ...]]:
    """Yield answers that have no place, and questions that have no column."""
    log = subject.answers.issues
    for file, some in log[log["code"] == "surplus cell"].groupby("file", sort=False):
        edition = subject.edition_of.get(str(file), "")
        yield edition, "answer to a question of another edition", "", int(some["touched"].sum()), ""
    for file, some in log[log["code"] == "absent heading"].groupby("file", sort=False):
        edition = subject.edition_of.get(str(file), "")
        for heading in some["column"]:
            question = subject.asked_under(str(heading), edition)
            if (
                question is not None
                and edition
                and not subject.has_answers(question.concept, edition)
            ):
                base = len(subject.rows(question.unit, edition))
                yield (
                    edition,
                    "question without a column",
                    question.concept,
                    base,
                    "see What to do",
                )


def issues(subject: Subject) -> Section:
    """Count everything that was noted, by file and kind."""
    log = subject.answers.issues
    rows = [
        {
            "file": file,
            "code": code,
            "times": len(some),
            "answers": int(some["touched"].sum()),
            "most_in": listed(n for n in some["column"].value_counts().index if n),
        }
        for (file, code), some in log.groupby(["file", "code"], sort=False)
    ]
    table = pd.DataFrame(rows, columns=["file", "code", "times", "answers", "most_in"])
    table = table.sort_values("code", key=lambda code: code.isin(HARMLESS), kind="stable")
    table = table.reset_index(drop=True)
    harmless = table["code"].isin(HARMLESS)
    notable = int(table.loc[~harmless, "times"].sum())
    says = (
        (
            f"{several(notable, 'finding')} for a person to look at; each is a row of "
            "answers.issues.",
            *_in_many_columns(log),
        )
        if notable
        else ("Nothing for a person to look at.",)
    )
    brief = pd.DataFrame(
        [
            {
                "code": code,
                "files": some["file"].nunique(),
                "times": len(some),
                "most_in": listed((n for n in some["column"].value_counts().index if n), 2),
            }
            for code, some in log.groupby("code", sort=False)
        ]
    )
    glance = ("findings to look at", notable)
    return Section("issues", "Not put right", says, table, notable, brief, glance)


def _in_many_columns(log: pd.DataFrame) -> Iterator[str]:
    """Say of how few records the findings are that are made for every column of a record."""
    open_ended = log[log["code"] == "record may go on"]
    records = len(open_ended[["file", "line"]].drop_duplicates())
    if records < len(open_ended):
        yield (
            f"The {len(open_ended):,} 'record may go on' are about the columns of "
            f"{several(records, 'record')}."
        )


HARMLESS: frozenset[str] = frozenset(
    {
        "blank line",
        "repeated record",
        "repeated line",
        "absent heading",
        "ambiguous text",
        "listed without answers",
        "hidden rows",
        "hidden columns",
        "hidden sheet",
        "other sheet",
    }
)
"""Kinds of issues that touch no answer and need no person's eye."""
