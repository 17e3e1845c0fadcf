"""How complete the answers are, question by question, and why the others are missing."""

from __future__ import annotations

import numpy as np
import pandas as pd

from survey.codebook import Unit
from survey.responses.missing import Answered, answered
from survey.responses.quality.section import Section, Subject, listed

__all__ = ["KINDS", "completeness"]

KINDS = (
    Answered.ANSWERED,
    Answered.REFUSED,
    Answered.UNKNOWN,
    Answered.NOT_ANSWERED,
    Answered.NOT_ASKED,
    Answered.LOST,
)
"""What can have become of a question that the edition asks."""

_NAMES = {kind: kind.value.replace(" ", "_") for kind in KINDS} | {Answered.LOST: "lost"}
_LEAST = 12


def completeness(subject: Subject) -> Section:
    """Say for each question of each edition how many answered, and why others did not.

    The base is everybody in the edition; the share is of those whom the form asked.
    """
    answers = subject.answers
    asked = [
        question
        for unit in (Unit.RESPONDENT, Unit.DEPLOYMENT)
        for question in (answers.question(concept) for concept in answers.concepts)
        if question.unit is unit and question.concept in answers.frame(unit)
    ]
    parts = [_of_question(subject, q.concept, q.title, q.unit) for q in asked]
    rows = [row for part in parts for row in part]
    place = {edition: number for number, edition in enumerate(subject.editions)}
    rows.sort(key=lambda row: -place[str(row["edition"])])
    columns = ["edition", "concept", "title", "unit", "base", *_NAMES.values(), "asked", "share"]
    table = pd.DataFrame(rows, columns=columns)
    return Section(
        "completeness", "How complete", _said(subject, table), table, brief=_least(table)
    )


def _least(table: pd.DataFrame) -> pd.DataFrame:
    """Return the questions that fewest have answered, in the newest edition."""
    newest = table[table["edition"] == table["edition"].iloc[0]] if len(table) else table
    least = newest.sort_values("share", kind="stable").head(_LEAST)
    return pd.DataFrame(
        {
            "least_answered": least["concept"],
            "edition": least["edition"],
            "share": least["share"],
            "asked": least["asked"],
            "lost": least["lost"],
        }
    )


def _of_question(subject: Subject, concept: str, title: str, unit: Unit) -> list[dict[str, object]]:
    """Return one row per edition that asks the question."""
    answers = subject.answers
    editions = answers.frame(unit)["edition"].astype(str).to_numpy()
    kind = answered(answers, concept, unit).cat.codes.to_numpy()
    rows: list[dict[str, object]] = []
    for edition in subject.editions:
        asked = concept in answers.codebook.edition(edition).by_concept
        if not asked or not answers.available(concept, edition):
            continue
        times = np.bincount(kind[editions == edition], minlength=len(Answered))
        by_kind = dict(zip(Answered, times.tolist(), strict=True))
        counts = {each: by_kind[each] for each in KINDS}
        base = sum(counts.values())
        shown_to = base - counts[Answered.NOT_ASKED]
        given = counts[Answered.ANSWERED] + counts[Answered.REFUSED] + counts[Answered.UNKNOWN]
        rows.append(
            {
                "edition": edition,
                "concept": concept,
                "title": title,
                "unit": unit.value,
                "base": base,
                **{_NAMES[kind]: counts[kind] for kind in KINDS},
                "asked": shown_to,
                "share": given / shown_to if shown_to else float("nan"),
            }
        )
    return rows


def _said(subject: Subject, table: pd.DataFrame) -> tuple[str, ...]:
    """Return what is true of the whole, and which questions single editions do not ask."""
    if table.empty:
        return ("No question is answered.",)
    half = table.groupby("edition")["share"].median()
    least, most = f"{half.min():.0%}".rstrip("%"), f"{half.max():.0%}".rstrip("%")
    said = f"{least} %" if least == most else f"{least} to {most} %, by edition,"
    says = [f"Half of the questions are answered by at least {said} of those asked."]
    for edition in reversed(subject.editions):
        here = subject.answers.codebook.edition(edition).by_concept
        absent = [concept for concept in subject.answers.concepts if concept not in here]
        if absent:
            says.append(f"Not asked in {edition}: {listed(absent, 4)}.")
        lost = [name for name in here if not subject.answers.available(name, edition)]
        if lost:
            says.append(f"Asked in {edition}, but not in its files: {listed(lost, 4)}.")
    return tuple(says)
