"""What the columns of a table mean, in plain values: for Parquet's metadata and the dictionary."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from survey.codebook import Choice, Question
from survey.responses.responses import Responses
from survey.responses.store.stored_columns import Column, Form, arrow_type

__all__ = ["describe", "options"]

_KEYS = {
    "edition": "edition that the record belongs to",
    "respondent": "number of the survey in the survey system; below zero where no file gave one",
    "deployment": "number of the deployment in the survey system",
    "organization": "pseudonym of the organization: the same over spellings, respondents, editions",
    "member": "pseudonym of the member who answered",
    "created": "when the survey was begun",
    "edited": "when it was last changed",
    "language": "language of the form",
    "copied": "whether a migration copied last year's answers",
    "record_key": "secret number of the record, from which published counts get their noise",
    "completed": "whether the record was finished, where a file says so",
    "cloud": "lowest deployment number of the same cloud, where colleagues described it, too",
    "account_email": "e-mail address of the member's account",
}
_PSEUDONYM = "; a pseudonym stands in its place"
Plain = dict[str, Any]


def describe(answers: Responses, edition: str, columns: Sequence[Column]) -> list[Plain]:
    """Return one entry per column, all with the same keys."""
    asked = answers.codebook.edition(edition).by_concept
    return [
        _described(answers, column, _type_name(column), asked.get(column.name))
        for column in columns
    ]


def _type_name(column: Column) -> str:
    """Return the name of the type in Parquet, the same in every version of Arrow."""
    names = {
        Form.CATEGORY: "ordered dictionary<string>" if column.ordered else "dictionary<string>",
        Form.SEVERAL: "list<string>",
        Form.TEXTS: "list<string>",
        Form.RANKING: "map<string, uint8>",
        Form.MATRIX: "map<string, string>",
        Form.JSON: "string (JSON)",
    }
    return names.get(column.form) or str(arrow_type(column))


def _described(answers: Responses, column: Column, kind: str, here: Question | None) -> Plain:
    question = here or _anywhere(answers, column.name)
    if question is None:
        return {**_EMPTY, "column": column.name, "type": kind, "title": _KEYS.get(column.name, "")}
    hidden = not answers.identified and (question.personal or question.kind == "organization")
    return {
        "column": column.name,
        "concept": question.concept,
        "unit": question.unit.value,
        "kind": question.kind.value,
        "type": kind,
        "title": question.title + _PSEUDONYM * hidden,
        "heading": here.heading if here else "",
        "asked": here is not None,
        "measure": question.measure,
        "write_in_of": question.write_in_of,
        "series": question.series,
        "personal": question.personal,
        "note": question.note,
        "choices": list(_choices(column, question, here)),
        "rows": [_choice(row, row.label, True) for row in question.rows],
    }


_EMPTY: Plain = {
    "column": "",
    "concept": "",
    "unit": "",
    "kind": "key",
    "type": "",
    "title": "",
    "heading": "",
    "asked": True,
    "measure": "",
    "write_in_of": "",
    "series": "",
    "personal": False,
    "note": "",
    "choices": [],
    "rows": [],
}


def _anywhere(answers: Responses, concept: str) -> Question | None:
    """Return the question as the newest present edition that asks it has it."""
    for name in reversed(answers.editions):
        found = answers.codebook.edition(name).by_concept.get(concept)
        if found is not None:
            return found
    return None


def _choices(column: Column, question: Question, here: Question | None) -> Iterator[Plain]:
    """Yield what can stand in a column, in its order, and whether this edition offered it."""
    offered = {choice.label: choice for choice in here.choices} if here else {}
    known = {choice.label: choice for choice in question.choices}
    for label in column.levels or column.labels:
        choice = offered.get(label) or known.get(label)
        listed = bool(here) and (label in offered or not here.choices)  # type: ignore[union-attr]
        yield _choice(choice, label, listed)


def _choice(choice: Choice | None, label: str, offered: bool) -> Plain:
    band = choice.band if choice else None
    missing = choice.missing if choice else None
    return {
        "label": label,
        "value": choice.value if choice else label,
        "low": band.low if band else None,
        "high": band.high if band else None,
        "missing": missing.value if missing else "",
        "offered": offered,
    }


def options(described: Mapping[str, Any]) -> Iterator[Plain]:
    """Yield one entry per choice and per row of a matrix."""
    for part, choices in (("row", described["rows"]), ("choice", described["choices"])):
        for number, choice in enumerate(choices, start=1):
            yield {"column": described["column"], "part": part, "number": number, **choice}
