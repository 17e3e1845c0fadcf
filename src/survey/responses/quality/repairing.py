"""What was put right, by rule, with examples that everybody may see."""

from __future__ import annotations

import pandas as pd

from survey.codebook import Question
from survey.codebook.geography import find_country
from survey.responses.quality.section import Section, Subject, in_brief, listed, several

__all__ = ["repairs"]


def repairs(subject: Subject) -> Section:
    """Say what was put right: by which rule, how often, in which columns, with an example."""
    log = subject.answers.repairs
    rows = []
    for rule, some in log.groupby("rule", sort=False):
        columns = some["column"].value_counts()
        rows.append(
            {
                "rule": rule,
                "times": len(some),
                "files": some["file"].nunique(),
                "most_in": listed((name for name in columns.index if name), 2),
                "example": _example(subject, some),
            }
        )
    table = pd.DataFrame(rows, columns=["rule", "times", "files", "most_in", "example"])
    table = table.sort_values("times", ascending=False, kind="stable", ignore_index=True)
    brief = in_brief(table, ("rule", "times", "most_in", "example"), 20)
    says, glance = (_said(len(log), len(table)),), ("cells and lines put right", len(log))
    return Section("repairs", "Put right", says, table, brief=brief, glance=glance)


def _said(cells: int, rules: int) -> str:
    if not cells:
        return "Nothing had to be put right."
    return (
        f"{several(cells, 'cell or line', 'cells and lines')} by {several(rules, 'rule')}. The "
        "files themselves are never written to; each repair is a row of answers.repairs."
    )


def _example(subject: Subject, log: pd.DataFrame) -> str:
    """Return the most frequent repair that can be shown: of a listed answer."""
    pairs = log.groupby(["column", "before", "after"], sort=False).size()
    for column, before, after in pairs.sort_values(ascending=False, kind="stable").index[:50]:
        question = subject.asked_under(str(column))
        if question is not None and _public(question, str(before), str(after)):
            return f"{before} -> {after}"
    return ""


def _public(question: Question, before: str, after: str) -> bool:
    """Whether a repair shows nothing but what the questionnaire lists."""
    if question.personal or not question.kind.closed:
        return False
    if question.kind.names_countries:
        codes = after.split(",")
        letters = sum(map(str.isalpha, before)) <= max(2 * len(codes), 40)
        return letters and all(find_country(code) is not None for code in codes)
    known = {
        text
        for choice in (*question.choices, *question.rows)
        for text in (choice.value, choice.label)
    }
    return after in known and _bare(before) == _bare(after)


def _bare(text: str) -> str:
    return "".join(letter for letter in text.casefold() if letter.isalnum())
