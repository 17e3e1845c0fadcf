"""Turn the truth of the shared fixture back into the exporter's input."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from graphlib import TopologicalSorter
from itertools import pairwise
from typing import Any

from survey.codebook import Edition, Kind, Unit
from survey.synthetic.answers import Answer, TrueAnswers, TrueDeployment, TrueRespondent

_RECORD = re.compile(r'(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))')


def cells(line: str) -> list[str]:
    """Split one line of the exporter's dialect, in which every cell fits on one line."""
    found = _RECORD.finditer(line)
    return [(m[1].replace('""', '"') if m[1] is not None else m[2]) for m in found]


def table(content: bytes) -> list[list[str]]:
    return [cells(line) for line in content.decode("utf-8").split("\n")[:-1]]


def true_answers(
    edition: Edition,
    respondents: Mapping[str, Any],
    deployments: Mapping[str, Any],
    order: Mapping[str, tuple[str, ...]],
) -> TrueAnswers:
    clouds = defaultdict(list)
    for each in deployments["deployments"]:
        clouds[each["SurveyID"]].append(_deployment(edition, each, deployments))
    people = tuple(
        _respondent(edition, each, tuple(clouds[each["SurveyID"]]))
        for each in respondents["respondents"]
    )
    return TrueAnswers(edition, people, order)


def _respondent(
    edition: Edition, each: Mapping[str, Any], clouds: tuple[TrueDeployment, ...]
) -> TrueRespondent:
    answers = _answers(each["answers"])
    for name, loss in each["lost"].items():
        if loss["reason"] == "zero_not_stored":
            del answers[name]
    if "blank_ranking_answer" in each["flags"]:
        answers["BusinessDrivers"] = ()
    if "only_blank_answers" in each["flags"]:
        answers["Organization"] = ""
    return TrueRespondent(
        each["SurveyID"],
        each["CreatedByID"],
        each["AccountEmail"],
        each["Created"],
        each["LastEdited"],
        each["Language"] or "",
        answers,
        clouds,
    )


def _deployment(
    edition: Edition, each: Mapping[str, Any], deployments: Mapping[str, Any]
) -> TrueDeployment:
    answers = _answers(each["answers"])
    if "only_blank_answers" in each["flags"]:
        answers["Label"] = ""
    for orphan in deployments["shifted_rows"]["orphan_answer"]:
        if orphan["DeploymentID"] == each["DeploymentID"]:
            answers |= {name: tuple(values) for name, values in orphan["value"].items()}
    return TrueDeployment(each["DeploymentID"], answers)


def _answers(given: Mapping[str, Any]) -> dict[str, Answer]:
    return {name: _answer(answer) for name, answer in given.items()}


def _answer(answer: Any) -> Answer:
    if isinstance(answer, list):
        return tuple(answer)
    if isinstance(answer, dict):
        return answer["code"] if set(answer) == {"code", "name"} else answer
    return str(answer)


def option_order(
    edition: Edition, header: Sequence[str], flat_header: Sequence[str], rows: Iterable[list[str]]
) -> dict[str, tuple[str, ...]]:
    """Learn in which order the options were created, which no export states.

    Headings give it for matrices and for the flat export's questions; for the other lists it
    is any order that agrees with every cell of the file. Cells that contradict each other
    raise, since the exporter would then not follow one order.
    """
    rows = list(rows)
    order = {}
    for question in edition.questions:
        place = header.index(question.heading) if question.heading in header else None
        values = tuple(dict.fromkeys(c.value for c in question.rows or question.choices))
        written = {f"{question.heading} - {value}".replace(",", "-"): value for value in values}
        named = tuple(written[h] for h in (*header, *flat_header) if h in written)
        if named:
            order[question.heading] = tuple(dict.fromkeys(named))
        elif question.kind is Kind.MULTIPLE and place is not None:
            lists = [row[place].split("|") for row in rows if len(row) > place and row[place]]
            order[question.heading] = _agreeing(values, lists)
    return order


def _agreeing(values: tuple[str, ...], lists: Iterable[list[str]]) -> tuple[str, ...]:
    after: dict[str, set[str]] = {value.replace(",", "-"): set() for value in values}
    for items in lists:
        for first, second in pairwise(items):
            if first != second:
                after[second].add(first)
    whole = {value.replace(",", "-"): value for value in values}
    return tuple(whole[value] for value in TopologicalSorter(after).static_order())


def duplicated(edition: Edition, unit: Unit) -> set[str]:
    """Questions that list one option twice, so that an answer can hold it twice."""
    return {
        question.heading
        for question in edition.of_unit(unit)
        if len({c.value for c in question.choices}) < len(question.choices)
    }
