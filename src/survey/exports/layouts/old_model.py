"""Answers as the survey's old data model was exported, from 2014 to February 2016.

``survey_results*.csv`` has one row per deployment, ``app_dev_surveys*.csv`` one per application
developer. Several answers stand in one cell, joined by commas: which became hyphens on
26 February 2015, and which nothing protected before. The flat variants have a column per choice,
filled by asking whether the stored text *contains* the choice, so that ``xenserver`` counts as
``xen``, too.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from itertools import permutations

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from survey.codebook import Edition, Family, Question, Unit
from survey.codebook.question import as_exported
from survey.exports.export import Export, Layout, Placement
from survey.exports.layouts.heading_plan import Plan
from survey.exports.realign.unquoted_commas import comma_checks
from survey.exports.repair.column_editor import Rewriting
from survey.exports.splitting import COMMA_TOKEN, Splitter, spellings

__all__ = ["PLANS", "RENAMED"]

_FIXED = (
    "SurveyID",
    "SurveyCreated",
    "SurveyEdited",
    "OrgID",
    "DeploymentID",
    "DeploymentCreated",
    "DeploymentEdited",
)
_APP_FIXED = (
    "SurveyID",
    "SurveyCreated",
    "SurveyEdited",
    "OrgID",
    "AppSurveyID",
    "AppSurveyCreated",
    "AppSurveyEdited",
)
_KEYS = {
    "respondent": "SurveyID",
    "deployment": "DeploymentID",
    "created": "SurveyCreated",
    "edited": "SurveyEdited",
}
_APP = "app_"
_APP_FORMATS = "APIFormats (application developers)"
RENAMED: Mapping[str, str] = {
    "Dev/QA": "Under development/in testing",
    "On-Premise Private Cloud": "On-Premises Private Cloud",
}
_NOTHING = "unspecified"
_SYSTEMS = "DeploymentOperatingSystems"
_SYSTEM_GROUPS = ("Linux", "Mac OS X", "Windows")


def _questions(edition: Edition, *, apps: bool) -> tuple[Question, ...]:
    """Return what a file of deployments, or of application developers, holds."""
    if apps:
        return edition.of_unit(Unit.RESPONDENT)
    return tuple(each for each in edition.questions if not each.concept.startswith(_APP))


def _heading(question: Question) -> str:
    return "APIFormats" if question.heading == _APP_FORMATS else question.heading


def _headings(edition: Edition, *, apps: bool) -> tuple[str, ...]:
    fixed = _APP_FIXED if apps else _FIXED
    return (*fixed, *map(_heading, _questions(edition, apps=apps)))


def _spread(question: Question) -> dict[str, str]:
    """Return the headings of a question's choices in a flat export -> label."""
    if question.kind.by_row or question.kind.country_set or not question.choices:
        return {}
    return {
        f"{_heading(question)} - {text}": choice.label
        for choice in question.choices
        for text in (as_exported(choice.value), choice.value)
    }


def _fold(edition: Edition, *, apps: bool) -> dict[str, str]:
    columns = {f"{_SYSTEMS} - {group}": _SYSTEMS for group in _SYSTEM_GROUPS}
    for question in _questions(edition, apps=apps):
        columns |= dict.fromkeys(_spread(question), _heading(question))
    return columns


def _headline(edition: Edition, rows: Sequence[tuple[str, ...]], *, apps: bool) -> tuple[str, ...]:
    """Put headings together again that hold commas, as they did until 24 March 2015."""
    if not {"SurveyCreated", "SurveyEdited", "OrgID"}.intersection(rows[0]):
        return rows[0]
    known = {each: each for each in (*_headings(edition, apps=apps), *_fold(edition, apps=apps))}
    splitter = Splitter(known, (",",), join_unknown=False)
    joined = splitter.split(",".join(rows[0]))
    return joined.pieces if not joined.unknown and joined.certain else rows[0]


def _place(edition: Edition, headings: Sequence[str], *, apps: bool) -> tuple[Placement, ...]:
    position = {heading: column for column, heading in enumerate(headings)}
    found = (_place_one(each, position) for each in _questions(edition, apps=apps))
    return tuple(placement for placement in found if placement is not None)


def _place_one(question: Question, position: Mapping[str, int]) -> Placement | None:
    column = position.get(_heading(question))
    if column is not None:
        return Placement(question, (column,))
    spread = _spread(question)
    present = {position[each]: label for each, label in spread.items() if each in position}
    return Placement(question, tuple(present), tuple(present.values())) if present else None


def _finish(export: Export) -> Export:
    """Divide lists, undo what the flat export makes up, and say what a file of then may hold."""
    work = Rewriting(export)
    for placement in export.placements:
        if placement.items:
            _undo_implied(work, placement)
        else:
            _restore(work, placement.question, placement.columns[0])
    _note_lost_systems(work)
    work.note(
        "",
        "test surveys",
        "exports before 23 February 2016 hold test surveys, which nothing in them marks",
        0,
    )
    return work.done()


def _restore(work: Rewriting, question: Question, column: int) -> None:
    if question.kind.joined:
        _divide(work, question, column)
        return
    renamed = RENAMED if question.kind.single_choice else {}
    nothing = question.kind.single_choice and _NOTHING not in question.label_of
    work.map(column, lambda text: "" if nothing and text == _NOTHING else text, "no answer")
    work.map(column, lambda text: renamed.get(text, text), "renamed option")
    work.restore(column, COMMA_TOKEN, ",", "comma restored")


def _divide(work: Rewriting, question: Question, column: int) -> None:
    splitter = Splitter(spellings(question), (",", "-"))
    work.doubt_lists(column, lambda text: splitter.split(text).certain)
    work.map(column, lambda text: "|".join(splitter.split(text).pieces), "list divided")


def _undo_implied(work: Rewriting, placement: Placement) -> None:
    """Take back answers that stand there only because a longer one contains them."""
    question = placement.question
    if question.kind.ranked:
        return
    value_of = {label: question.value_of[label] for label in placement.items}
    at = dict(zip(placement.items, placement.columns, strict=True))
    for short, long in permutations(placement.items, 2):
        if value_of[short] in value_of[long]:
            both = _ticked(work.export, at[short]) & _ticked(work.export, at[long])
            rows = np.flatnonzero(both)
            if len(rows):
                _take_back(work, placement, at[short], rows, (short, long))


def _ticked(export: Export, column: int) -> npt.NDArray[np.bool_]:
    return np.asarray(pc.equal(export.table.column(column), "1").combine_chunks(), dtype=bool)


def _take_back(
    work: Rewriting,
    placement: Placement,
    column: int,
    rows: npt.NDArray[np.int64],
    pair: tuple[str, str],
) -> None:
    short, long = pair
    distinct = work.distinct(column)
    mask = np.zeros(len(distinct.codes), dtype=bool)
    mask[rows] = True
    cells = np.array(distinct.texts, dtype=object)[distinct.codes]
    cells[mask] = "0"
    work.columns[column] = pa.array(cells.tolist(), pa.string())
    work.repair(column, rows, "1", "0", "implied answer")
    if not placement.question.kind.single_choice:
        work.doubt(
            column,
            rows.tolist(),
            "implied answer",
            f"{long!r} contains {short!r}, so that the flat export has both; whether {short!r} "
            "was chosen, too, cannot be told: it is left out",
        )


def _note_lost_systems(work: Rewriting) -> None:
    export = work.export
    spread = [f"{_SYSTEMS} - {group}" for group in _SYSTEM_GROUPS]
    if any(heading in export.headings for heading in spread):
        work.note(
            _SYSTEMS,
            "operating systems lost",
            "the flat export has the answers of another question in these columns; the "
            "distribution stands in the export that is not flat",
            len(export),
        )


def _plan(layout: Layout, *, apps: bool) -> Plan:
    keys = {role: heading for role, heading in _KEYS.items() if role != "deployment" or not apps}
    return Plan(
        layout,
        lambda edition: _headings(edition, apps=apps),
        lambda edition, headings: _place(edition, headings, apps=apps),
        family=Family.OLD_MODEL,
        keys=lambda edition: keys,
        fold=lambda edition: _fold(edition, apps=apps),
        headline=lambda edition, rows: _headline(edition, rows, apps=apps),
        delimiters=(",", "\t", ";"),
        bare_commas=partial(comma_checks, renamed={**RENAMED, _NOTHING: ""}),
        finish=_finish,
    )


PLANS = (_plan(Layout.OLD_MODEL, apps=False), _plan(Layout.OLD_MODEL_APPS, apps=True))
