"""Raw data of one graph of the dashboard: one line per respondent (or deployment) and answer.

The file does not say which question it holds, nor of which edition. Its name often does
(``compute_cores.csv``, ``industries_12.csv``: the number is that of the questionnaire); else the
answers must fit one question only. ``SurveyId`` is a deployment's number where the question is
about deployments, and then only company, submitter and address say whose it is.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from survey.codebook import Edition, Question, Unit
from survey.codebook.geography import find_country
from survey.dataclass import dataclass
from survey.errors import ExportError, Problem
from survey.exports.export import Export, Issue, Layout, Placement
from survey.exports.layouts.heading_plan import Plan, joiner, nowhere
from survey.exports.repair.column_editor import Distinct, Rewriting
from survey.exports.text_table import TextTable

__all__ = ["PERSON", "PLANS", "fold_answers"]

PERSON = "(person)"
_HEADINGS = ("SurveyId", "Company", "Submitter", "Email", "Answer")
_NO_COMPANY, _NO_EMAIL = "N/A", "N/a"
_ENOUGH = 0.9
_TEMPLATES: Mapping[int, str] = {
    **dict.fromkeys(range(6, 12), "2017"),
    **dict.fromkeys((12, 13), "2018"),
    **dict.fromkeys((14, 15), "2019"),
}
_GRAPHS: Mapping[str, str] = {
    "nps": "likelihood_to_recommend",
    "industries": "industry",
    "orgsize": "organization_size",
    "cloudtype": "deployment_type",
    "activities": "roles",
    "cores": "compute_cores",
    "nodes": "compute_nodes",
    "instances": "compute_instances",
    "releases": "releases_in_use",
    "projects": "projects_used",
    "stage": "deployment_stage",
}
_TEMPLATE_IN_NAME = re.compile(r"_(\d{1,2})$")
Rows = npt.NDArray[np.int64]


@dataclass(frozen=True)
class _Fit:
    """A question, and how many of the distinct answers it lists."""

    edition: Edition
    question: Question
    share: float


def fold_answers(export: Export, editions: Sequence[Edition]) -> Export:
    """Return one record per ``SurveyId``, in the form of the survey system's own export.

    Raises
    ------
    ExportError
        If there are no answers, or they fit no question, or several.
    """
    if not len(export):
        raise _error(
            export,
            "no answers",
            "at least one",
            "the dashboard writes an empty file for open questions: use the survey's export",
        )
    fit = _question(export, editions)
    lines = _Lines.of(export)
    cells = _spread(lines, fit.question) if fit.question.kind.by_row else _joined(lines, fit)
    return _folded(export, fit, lines, cells)


@dataclass(frozen=True)
class _Lines:
    """The lines of the file, each answer of each record once, in the order of the records.

    ``first`` is a line of each record; ``record`` and ``answer`` say of each pair which they are.
    """

    texts: list[str]
    first: Rows
    record: Rows
    answer: Rows
    repeated: Rows

    @classmethod
    def of(cls, export: Export) -> _Lines:
        ids = np.asarray(pc.cast(export.table.column(0), pa.int64()))
        _, first, record = np.unique(ids, return_index=True, return_inverse=True)
        answers = Distinct.of(export.table.stored(4))
        pairs = record * len(answers.texts) + answers.codes
        _, kept = np.unique(pairs, return_index=True)
        repeated = np.setdiff1d(np.arange(len(ids)), kept)
        kept = kept[np.lexsort((kept, record[kept]))]
        return cls(answers.texts, first, record[kept], answers.codes[kept], repeated)


def _joined(lines: _Lines, fit: _Fit) -> dict[str, pa.Array]:
    """Return one column with the answers of each record joined."""
    offsets = np.searchsorted(lines.record, np.arange(len(lines.first) + 1))
    texts = pa.array(lines.texts, pa.string()).take(pa.array(lines.answer))
    lists = pa.ListArray.from_arrays(pa.array(offsets, pa.int32()), texts)
    return {"": pc.binary_join(lists, joiner(fit.question))}


def _spread(lines: _Lines, question: Question) -> dict[str, pa.Array]:
    """Return one column per row of a matrix; answers read ``Row/Column``."""
    columns = {}
    for row in question.rows:
        level = {f"{row.value}/{choice.value}": choice.value for choice in question.choices}
        of_text = np.array([level.get(text, "") for text in lines.texts], dtype=object)
        cells = np.full(len(lines.first), "", dtype=object)
        here = of_text[lines.answer] != ""
        cells[lines.record[here]] = of_text[lines.answer[here]]
        columns[row.label] = pa.array(cells.tolist(), pa.string())
    return columns


def _folded(export: Export, fit: _Fit, lines: _Lines, cells: Mapping[str, pa.Array]) -> Export:
    question = fit.question
    about = export.table.take(lines.first)
    deployment = question.unit is Unit.DEPLOYMENT
    own = {
        "DeploymentID" if deployment else "SurveyID": about.column(0),
        PERSON: _persons(about),
        "Org": _without(about.column(1), _NO_COMPANY),
        "Email": _without(about.column(3), _NO_EMAIL),
    }
    items = tuple(cells) if question.kind.by_row else ()
    names = [f"{question.heading} - {item}" if item else question.heading for item in cells]
    headings = (*own, *names)
    work = Rewriting(
        replace(
            export,
            edition=fit.edition,
            headings=headings,
            table=TextTable.of([*own.values(), *cells.values()]),
            lines=export.lines[lines.first],
            placements=tuple(_placed(fit, headings, len(own), items)),
            counts=_counts(export, lines),
            keys={
                "deployment" if deployment else "respondent": headings[0],
                "person": PERSON,
                "account_email": "Email",
            },
        )
    )
    _note_doubts(work, lines, question, len(own))
    return work.done()


def _placed(
    fit: _Fit, headings: Sequence[str], own: int, items: tuple[str, ...]
) -> Iterator[Placement]:
    columns = tuple(range(own, len(headings)))
    yield Placement(fit.question, columns, items, joiner(fit.question))
    organization = fit.edition.by_concept.get("organization_name")
    if organization is not None:
        yield Placement(organization, (headings.index("Org"),))


def _counts(export: Export, lines: _Lines) -> dict[str, int]:
    """Every line stays, but for those that say again what another one says."""
    repeated = {"repeated line": len(lines.repeated)} if len(lines.repeated) else {}
    kept = export.counts["kept"] - len(lines.repeated)
    return {**export.counts, "kept": kept, **repeated}


def _without(cells: pa.ChunkedArray, nothing: str) -> pa.ChunkedArray:
    return pc.if_else(pc.equal(pc.utf8_lower(cells), nothing.lower()), "", cells)


def _persons(about: TextTable) -> pa.Array:
    """Return a number that stands for whoever submitted: company, name and address together."""
    whose = pc.binary_join_element_wise(about.column(1), about.column(2), about.column(3), "\x1f")
    distinct = Distinct.of(whose)
    return distinct.cells([str(_person(text)) for text in distinct.texts])


def _person(text: str) -> int:
    """Return a number below zero, so that no survey has it, that is the same in every file."""
    return -2 - int.from_bytes(hashlib.sha256(text.encode()).digest()[:7], "big")


def _note_doubts(work: Rewriting, lines: _Lines, question: Question, column: int) -> None:
    for row in lines.repeated:
        line = int(row) + 2
        message = "the same number and answer as on an earlier line; left out"
        work.issues.append(Issue(work.export.name, line, "Answer", "repeated line", message, 0))
    several = np.flatnonzero(np.bincount(lines.record, minlength=len(lines.first)) > 1)
    if question.kind.ranked:
        work.doubt(column, several.tolist(), "rank order lost", "the file does not keep the order")
    elif not question.kind.several:
        message = "more than one answer to a question that takes one; none is taken"
        work.doubt(column, several.tolist(), "two answers", message)


# Which question it is


def _question(export: Export, editions: Sequence[Edition]) -> _Fit:
    """Return the one question that the answers, or the name of the file, point to."""
    stem = export.name.removesuffix(".csv").removesuffix(".xlsx").lower()
    answers = [text for text in Distinct.of(export.table.stored(4)).texts if text]
    template = _TEMPLATE_IN_NAME.search(stem)
    named = _TEMPLATES.get(int(template.group(1))) if template else None
    possible = [each for each in editions if named is None or each.name == named] or [*editions]
    fits = [
        _Fit(edition, question, share)
        for edition in possible
        for question in edition.questions
        if question.kind.closed and (share := _share(question, answers)) >= _ENOUGH
    ]
    graph = _TEMPLATE_IN_NAME.sub("", stem)
    by_name = [fit for fit in fits if _called(fit.question, graph)]
    best = _most(by_name or fits)
    if not best:
        raise _error(
            export,
            f"{len(answers)} different answers that no question of {_names(possible)} lists",
            "the answers to one closed question",
            "name the edition: read_export(path, edition=...); graphs of organizations and of open "
            "questions hold nothing that the survey's export has not",
        )
    if len(best) > 1:
        raise _ambiguous(export, best)
    return best[0]


def _names(editions: Sequence[Edition]) -> str:
    return ", ".join(edition.name for edition in editions)


def _called(question: Question, graph: str) -> bool:
    names = {question.concept, question.concept.replace("_", ""), question.heading.lower()}
    return graph in names or _GRAPHS.get(graph) == question.concept


def _most(fits: Sequence[_Fit]) -> list[_Fit]:
    highest = max((fit.share for fit in fits), default=0.0)
    return [fit for fit in fits if fit.share == highest]


def _share(question: Question, answers: Sequence[str]) -> float:
    """Return the share of the distinct answers that the question lists."""
    if not answers:
        return 0.0
    return sum(map(_knows(question), answers)) / len(answers)


def _knows(question: Question) -> Callable[[str], bool]:
    """Return whether an answer is one that the question lists."""
    listed = question.label_of
    if question.kind.by_row:
        pairs = {f"{a.value}/{b.value}" for a in question.rows for b in question.choices}
        return pairs.__contains__
    if question.kind.names_countries:
        return lambda text: text in listed or _is_code(text)
    return (frozenset({"0", "1"}) if question.kind.ticked else listed).__contains__


def _is_code(text: str) -> bool:
    return len(text) == 2 and text.isupper() and find_country(text) is not None


def _ambiguous(export: Export, fits: Sequence[_Fit]) -> ExportError:
    concepts = list(dict.fromkeys(fit.question.concept for fit in fits))
    editions = list(dict.fromkeys(fit.edition.name for fit in fits))
    if len(concepts) > 1:
        return _error(
            export,
            f"answers that fit {', '.join(concepts[:5])}",
            "one question",
            f"name the file after its question, such as {concepts[0]}.csv",
        )
    return _error(
        export,
        f"answers to {concepts[0]} that fit the editions {', '.join(editions)}",
        "one edition",
        "name it: read_export(path, edition=...), or leave the number of the questionnaire in "
        "the name of the file",
    )


def _error(export: Export, got: str, expected: str, hint: str) -> ExportError:
    return ExportError(f"Cannot read {export.name}", [Problem(export.name, got, expected, hint)])


PLANS = (
    Plan(
        Layout.DASHBOARD,
        lambda edition: _HEADINGS,
        nowhere,
        keys=lambda edition: {"respondent": "SurveyId"},
        enough=0.99,
        names_edition=False,
        line_feeds=True,
    ),
)
