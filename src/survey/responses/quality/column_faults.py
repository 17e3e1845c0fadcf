"""Columns that a file lacks or that do not fit its records, and records left out for it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterator
from types import MappingProxyType

import pandas as pd

from survey.responses.quality.section import Subject, listed, several

__all__ = ["absent_columns", "exports_again", "left_out", "misfits"]

_Step = tuple[str, str, str]
_FEW = 3  # findings of one kind in one column: no chance
_MOST = 0.8  # of the findings of one kind
_MANY = 5  # columns that differ at once: the numbers of the records are what moved
_REASONS = MappingProxyType(
    {
        "short record": "fewer cells than headings",
        "long record": "more cells than headings",
        "record without key": "no number of a respondent",
    }
)


def absent_columns(subject: Subject) -> dict[str, list[str]]:
    """Return, per file, the headings of questions whose answers no other file has."""
    log = subject.answers.issues
    absent = log[log["code"] == "absent heading"]
    found: dict[str, list[str]] = defaultdict(list)
    for file, heading in zip(absent["file"].map(str), absent["column"].map(str), strict=True):
        edition = subject.edition_of.get(file, "")
        question = subject.asked_under(heading, edition) if edition else None
        if question is None:
            continue
        alone = list(subject.edition_of.values()).count(edition) == 1
        if alone or not subject.has_answers(question.concept, edition):
            found[file].append(heading)
    return dict(found)


def exports_again(subject: Subject, renamed: Container[tuple[str, str]]) -> Iterator[_Step]:
    """Yield which files to export again with every column.

    ``renamed`` are edition and heading of columns that stand in the file under another name.
    """
    for file, headings in absent_columns(subject).items():
        edition = subject.edition_of[file]
        lacking = [heading for heading in headings if (edition, heading) not in renamed]
        if lacking:
            absent = several(len(lacking), "column is", "columns are") + " absent"
            yield (
                edition,
                f"export {file} again with all its columns",
                f"{absent}: {listed(lacking, 2)}",
            )


def misfits(subject: Subject) -> Iterator[_Step]:
    """Yield columns that were sorted or moved without the others, one per file."""
    log = subject.answers.issues
    for file, some in log.groupby("file", sort=False):
        column, why = _misfit(subject, str(file), some)
        if not column:
            continue
        follow = int((some["code"] == "record may go on").sum())
        if follow:
            why += f"; {several(follow, 'finding')} 'record may go on' can come from it"
        do = (
            f"export {file} again: {column} no longer fits the records, as if it had been "
            "sorted or moved by itself"
        )
        yield subject.edition_of.get(str(file), ""), do, why


def _misfit(subject: Subject, file: str, log: pd.DataFrame) -> tuple[str, str]:
    """Return the column that most findings of a kind are about, and what was found in it."""
    contradicted = _by_column(log, "contradictory cells")
    nameless = _by_column(log, "deployment without number")
    if len(contradicted) >= _MANY:
        keys = next((e.keys for e in subject.exports if e.name == file), {})
        column = keys.get("respondent", "of the numbers of respondents")
        return f"column {column}", "records of one respondent differ in what they say of it"
    for columns, noun, nouns in (
        (
            contradicted,
            "record differs in it from another of its respondent",
            "records differ in it from others of their respondent",
        ),
        (
            nameless,
            "record has an answer, but no number of a deployment",
            "records have an answer, but no number of a deployment",
        ),
    ):
        if len(columns) and columns.iloc[0] >= _MOST * columns.sum():
            return f"column {columns.index[0]}", several(int(columns.iloc[0]), noun, nouns)
    return "", ""


def _by_column(log: pd.DataFrame, code: str) -> pd.Series[int]:
    """Return how many findings of a kind there are in each column that has several."""
    times = log.loc[log["code"] == code, "column"].value_counts()
    return times[times >= _FEW]


def left_out(subject: Subject) -> Iterator[_Step]:
    """Yield where records stand that were not kept, and why."""
    log = subject.answers.issues
    log = log[log["code"].isin(list(_REASONS))]
    for (file, code), some in log.groupby(["file", "code"], sort=False):
        lines = listed(sorted(some["line"].unique()), 4)
        do = f"look at {file}, lines {lines}, or export it again"
        number = several(len(some), "record is", "records are")
        yield subject.edition_of.get(str(file), ""), do, f"{number} left out: {_REASONS[str(code)]}"
