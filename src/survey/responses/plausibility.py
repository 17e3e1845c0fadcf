"""Records that can hardly be right: each rule says which, and none of them is taken away.

A rule compares what one record says in several places, or what it says with when it was said.
Bands are compared by their edges: a record is named only where no number inside its bands would
do. See Van den Broeck, Cunningham, Eeckels and Herbst (2005), Data cleaning, PLoS Medicine 2, on
why what is suspected is shown and diagnosed before anything is done about it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from survey.checked import checked
from survey.codebook import Question, Unit
from survey.dataclass import dataclass
from survey.errors import Problem, ResponsesError, did_you_mean
from survey.responses.answer_set import AnswerSetArray
from survey.responses.responses import Responses

__all__ = ["IMPLAUSIBLE_COLUMNS", "RULES", "implausible", "without_implausible"]

IMPLAUSIBLE_COLUMNS = ("edition", "unit", "id", "rule", "questions")
Mask = npt.NDArray[np.bool_]
Found = tuple[Unit, tuple[str, ...], Mask]
_FEWEST_ROWS: Final = 8
"""A matrix of fewer rows can be answered alike all over without it meaning anything."""
_NO_DAY = np.datetime64("NaT", "D")


@dataclass(frozen=True)
class Rule:
    """One way in which a record can be implausible: its name, and what finds such records."""

    name: str
    find: Callable[[Responses], Iterator[Found]]


@checked(ResponsesError)
def implausible(answers: Responses) -> pd.DataFrame:
    """Return the records that can hardly be right, one row per record, rule and question.

    Columns: ``edition``, ``unit``, ``id`` (number of the respondent or deployment), ``rule`` and
    ``questions``. The rules are those of ``RULES``; a question that the answers do not have
    finds nothing. Nothing is changed: see :func:`without_implausible`.

    Examples
    --------
    >>> implausible(answers)["rule"].value_counts()  # doctest: +SKIP
    """
    parts = [
        _rows(answers, unit, rule.name, concepts, mask)
        for rule in RULES
        for unit, concepts, mask in rule.find(answers)
        if mask.any()
    ]
    if not parts:
        return pd.DataFrame(columns=list(IMPLAUSIBLE_COLUMNS))
    return pd.concat(parts, ignore_index=True)


@checked(ResponsesError)
def without_implausible(answers: Responses, rules: Sequence[str] | None = None) -> Responses:
    """Return the answers without the records that can hardly be right.

    With a respondent all of the deployments go. Every output names the rules in its steps.

    Parameters
    ----------
    answers
        Typed answers.
    rules
        Names of rules; all by default.

    Raises
    ------
    ResponsesError
        If there is no such rule.

    Examples
    --------
    >>> share(without_implausible(answers), "compute_cores")  # doctest: +SKIP
    """
    wanted = tuple(RULE_NAMES if rules is None else rules)
    problems = [
        Problem("rules", repr(name), "a rule of plausibility", did_you_mean(name, RULE_NAMES))
        for name in wanted
        if name not in RULE_NAMES
    ]
    if problems:
        raise ResponsesError("Unknown rules", problems)
    found = implausible(answers)
    found = found[found["rule"].isin(wanted)]
    for unit in (Unit.RESPONDENT, Unit.DEPLOYMENT):
        plausible = ~_is_among(answers, unit, found[found["unit"] == unit.value])
        answers = answers.where(plausible, unit=unit, label="plausible records")
    step = f"without implausible records: {', '.join(wanted)}"
    steps = tuple(each for each in answers.provenance.steps if each != "selected")
    return replace(answers, provenance=replace(answers.provenance, steps=(*steps, step)))


def _rows(
    answers: Responses, unit: Unit, rule: str, concepts: Sequence[str], mask: Mask
) -> pd.DataFrame:
    frame = answers.frame(unit)[mask]
    return pd.DataFrame(
        {
            "edition": frame["edition"].astype(str).to_numpy(dtype=object),
            "unit": unit.value,
            "id": frame[unit.value].astype("int64").to_numpy(),
            "rule": rule,
            "questions": ", ".join(concepts),
        }
    )


def _is_among(answers: Responses, unit: Unit, found: pd.DataFrame) -> pd.Series[Any]:
    frame = answers.frame(unit)
    known = set(zip(found["edition"].astype(str), found["id"].astype("int64"), strict=True))
    rows = zip(frame["edition"].astype(str), frame[unit.value].astype("int64"), strict=True)
    return pd.Series([row in known for row in rows], index=frame.index, dtype=bool)


# What several questions say together


def _asked(answers: Responses, *concepts: str) -> bool:
    return all(concept in answers.concepts for concept in concepts)


def _edges(answers: Responses, concept: str) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]:
    """Return the lower and the upper edge of each deployment's band; missing without one."""
    column = answers.column(concept, Unit.DEPLOYMENT).astype(object)
    editions = answers.deployments["edition"].astype(str)
    low, high = np.full(len(column), np.nan), np.full(len(column), np.nan)
    for edition in answers.editions:
        asked = answers.codebook.edition(edition).by_concept.get(concept)
        here = (editions == edition).to_numpy()
        for label, band in (asked.bands if asked else {}).items():
            rows = here & (column == label).to_numpy(dtype=bool)
            low[rows], high[rows] = band.low, np.inf if band.high is None else band.high
    return low, high


def _more(larger: str, smaller: str) -> Callable[[Responses], Iterator[Found]]:
    """Return what finds clouds that have more of one thing than of another, for certain."""

    def find(answers: Responses) -> Iterator[Found]:
        if _asked(answers, larger, smaller):
            least, _ = _edges(answers, larger)
            _, most = _edges(answers, smaller)
            yield Unit.DEPLOYMENT, (larger, smaller), np.asarray(least > most)

    return find


# What was said, and when


def _days(answers: Responses) -> npt.NDArray[np.datetime64]:
    """Return the last day on which each deployment can have been described."""
    stamps = [answers.respondents[name] for name in ("edited", "created")]
    last = pd.to_datetime(stamps[0]).fillna(pd.to_datetime(stamps[1]))
    days = np.append(last.to_numpy().astype("datetime64[D]"), _NO_DAY)[answers.respondent_rows]
    editions = answers.deployments["edition"].astype(str)
    for name in answers.editions:
        closed = answers.codebook.edition(name).closed
        unknown = np.isnat(days) & (editions == name).to_numpy()
        days[unknown] = np.datetime64(closed) if closed else _NO_DAY
    return days


def _future_release(answers: Responses) -> Iterator[Found]:
    concept = "releases_in_use"
    if not _asked(answers, concept):
        return
    values = answers.column(concept).array
    if not isinstance(values, AnswerSetArray):
        return
    days, early = _days(answers), np.zeros(len(values), dtype=bool)
    for place, label in enumerate(values.items):
        release = answers.codebook.calendar.find(label)
        if release is not None:
            early |= values.chosen[:, place] & (np.datetime64(release.released) > days)
    yield Unit.DEPLOYMENT, (concept,), early


def _future_year(answers: Responses) -> Iterator[Found]:
    concept = "deployment_year"
    if not _asked(answers, concept):
        return
    years = pd.to_numeric(answers.column(concept).astype(object), errors="coerce").to_numpy()
    answered = _days(answers).astype("datetime64[Y]").astype(np.float64) + 1970
    yield Unit.DEPLOYMENT, (concept,), np.asarray(years > np.where(answered < 0, np.nan, answered))


# What one question says


def _of_several(answers: Responses) -> Iterator[tuple[Question, AnswerSetArray]]:
    for concept in answers.concepts:
        question = answers.question(concept)
        values = answers.column(concept).array
        if isinstance(values, AnswerSetArray) and not question.coded_from:
            yield question, values


def _contradictory(answers: Responses) -> Iterator[Found]:
    """Find who says "None" or "Prefer not to say", and something else."""
    for question, values in _of_several(answers):
        alone = np.array(
            [item in question.missing_labels or item.casefold() == "none" for item in values.items],
            dtype=bool,
        )
        if alone.any() and not values.levels:
            chosen = values.chosen
            both = chosen[:, alone].any(axis=1) & chosen[:, ~alone].any(axis=1)
            yield question.unit, (question.concept,), np.asarray(both)
    flags = answers.flags
    told = flags[flags["reason"].astype(str).str.startswith(("contradict", "two answers"))]
    for unit in (Unit.RESPONDENT, Unit.DEPLOYMENT):
        for concept, some in told[told["unit"] == unit.value].groupby("concept", sort=False):
            name = "whole record" if concept == "*" else str(concept)
            yield unit, (name,), _is_among(answers, unit, some).to_numpy()


def _straight_line(answers: Responses) -> Iterator[Found]:
    """Find who gave one answer to every row of a matrix, or ticked everything there was."""
    for question, values in _of_several(answers):
        codes = values.codes
        if question.kind.by_row:
            least = max(_FEWEST_ROWS, len(question.rows))
            alike = codes.max(axis=1, initial=0) == codes.min(axis=1, initial=255)
            line = (codes.shape[1] >= least) & alike & values.answered
        elif question.kind.multiple_choice:
            listed = [place for place, item in enumerate(values.items) if _listed(question, item)]
            line = (len(listed) >= _FEWEST_ROWS) & values.chosen[:, listed].all(axis=1)
        else:
            continue
        yield question.unit, (question.concept,), np.asarray(line)


def _listed(question: Question, item: str) -> bool:
    """Whether the newest edition lists a substantive choice that is not "Other"."""
    apart = question.missing_labels | question.other_labels
    return item in question.labels and item not in apart


RULES: Final = (
    Rule("more nodes than cores", _more("compute_nodes", "compute_cores")),
    Rule("more cells than nodes", _more("nova_cells", "compute_nodes")),
    Rule("team larger than the organization", _more("team_size", "organization_size")),
    Rule("release newer than the answer", _future_release),
    Rule("first year after the answer", _future_year),
    Rule("contradictory answers", _contradictory),
    Rule("straight line", _straight_line),
)
"""In the order in which they are reported."""

RULE_NAMES: Final = tuple(rule.name for rule in RULES)
