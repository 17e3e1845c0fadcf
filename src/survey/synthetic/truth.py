"""The true answers as two JSON documents, beside the files that they were exported to.

One document for respondents and one for deployments: the answers per question Name, what the
exporter destroyed and why, which surveys it leaves out, who described the same cloud, what was
copied from an earlier edition, and which organization each respondent really belongs to.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from survey.checked import checked
from survey.codebook import Kind, Question, Unit
from survey.errors import SurveyError
from survey.synthetic import export_damage as damage
from survey.synthetic.answers import (
    Answer,
    Copy,
    TrueAnswers,
    TrueDeployment,
    TrueRespondent,
    exported_deployments,
)
from survey.synthetic.countries import country_names
from survey.synthetic.saving import saved

__all__ = ["Document", "schema", "template_number", "truth_of_deployments", "truth_of_respondents"]

Document = dict[str, Any]
_NEVER_EXPORTED = [
    "State (INCOMPLETE/SAVED/COMPLETE)",
    "IsMigrated",
    "deployment Created/LastEdited/Lang/editor",
    "which blank means not asked / not answered / 0",
    "account e-mail when the form Email is answered (still in Survey_by_companies)",
]


@checked(SurveyError)
def truth_of_respondents(answers: TrueAnswers) -> Document:
    """Return everything true about the respondents of one edition.

    Examples
    --------
    >>> from survey.codebook import read_codebook
    >>> person = TrueRespondent(1, 70, "ada@a.example", "2019-02-11 09:15:04",
    ...     "2019-02-11 09:20:00", answers={"UserCountry": "TR"})
    >>> truth = truth_of_respondents(TrueAnswers(read_codebook().edition("2019"), (person,)))
    >>> truth["respondents"][0]["answers"]
    {'UserCountry': {'code': 'TR', 'name': 'Turkey'}}
    """
    people = _exported(answers)
    documents = [_respondent(answers, each, each is people[-1]) for each in people]
    return {
        "edition": answers.edition.name,
        "template_id": template_number(answers.edition.name),
        "connection_charset": "utf8mb4",
        "respondents": documents,
        "test_surveys_excluded": [each.respondent for each in answers if each.test],
        "not_exported": _left_out(answers, people),
        "carry_overs": [
            {
                "SurveyID": each.respondent,
                "from_SurveyID": each.copy.source,
                **_copy(each.copy),
                "blank_rows": [name for name, answer in each.answers.items() if not answer],
            }
            for each in people
            if each.copy
        ],
        "lost_by_exporter": _losses("SurveyID", documents),
        "surveys_without_deployments": [each.respondent for each in people if not each.deployments],
        "shifted_rows": {
            "flat_blank_answer": [each.respondent for each in people if _shifts(answers, each)],
            "orphan_answer": [
                _orphans("SurveyID", each.respondent, answers, each.answers)
                for each in people
                if _unknown(answers, each.answers)
            ],
        },
        "edition_level_losses": list(_NEVER_EXPORTED),
    }


@checked(SurveyError)
def truth_of_deployments(answers: TrueAnswers) -> Document:
    """Return everything true about the deployments of one edition."""
    people = _exported(answers)
    pairs = [(person, cloud) for person in people for cloud in person.deployments]
    documents = [_deployment(answers, p, cloud, p is not people[-1]) for p, cloud in pairs]
    return {
        "edition": answers.edition.name,
        "template_id": template_number(answers.edition.name) + 1,
        "deployments": documents,
        "test_deployments_excluded": [
            cloud.deployment
            for each in answers
            for cloud in each.deployments
            if cloud.test or each.test
        ],
        "not_exported": _silent_clouds(answers, people),
        "duplicates": _duplicates(pairs),
        "carry_overs": [
            {
                "DeploymentID": cloud.deployment,
                "from_DeploymentID": cloud.copy.source,
                **_copy(cloud.copy),
            }
            for _, cloud in pairs
            if cloud.copy
        ],
        "lost_by_exporter": _losses("DeploymentID", documents),
        "shifted_rows": {
            "orphan_answer": [
                _orphans("DeploymentID", cloud.deployment, answers, cloud.answers)
                for _, cloud in pairs
                if _unknown(answers, cloud.answers)
            ]
        },
    }


def schema(answers: TrueAnswers) -> Document:
    """Return question classes and options of the edition, for scoring by question class."""
    levels = {"survey": Unit.RESPONDENT, "deployment": Unit.DEPLOYMENT}
    return {
        answers.edition.name: {
            level: {
                question.heading: _class(question) for question in answers.edition.of_unit(unit)
            }
            for level, unit in levels.items()
        }
    }


def template_number(edition: str) -> int:
    """Return the number of the edition's questionnaire: 10 for 2017, then every second one."""
    return 10 + 2 * (int(edition) - 2017) if edition.isdigit() else 0


def _exported(answers: TrueAnswers) -> tuple[TrueRespondent, ...]:
    """Return the exported respondents, each with the deployments that count as theirs."""
    stored = {each.respondent: each for each in saved(answers).exported()}
    return tuple(
        replace(each, deployments=_kept(each, stored[each.respondent]))
        for each in answers.exported()
        if each.respondent in stored
    )


def _kept(typed: TrueRespondent, stored: TrueRespondent) -> tuple[TrueDeployment, ...]:
    numbers = {cloud.deployment for cloud in exported_deployments(stored)}
    return tuple(cloud for cloud in exported_deployments(typed) if cloud.deployment in numbers)


def _left_out(answers: TrueAnswers, exported: Iterable[TrueRespondent]) -> list[Document]:
    shown = {each.respondent for each in exported}
    return [
        {
            "SurveyID": each.respondent,
            "reason": "member_deleted" if each.member_deleted else "no_answers",
            "DeploymentIDs": [cloud.deployment for cloud in each.deployments],
        }
        for each in answers
        if not each.test and each.respondent not in shown
    ]


def _silent_clouds(answers: TrueAnswers, exported: Iterable[TrueRespondent]) -> list[Document]:
    shown = {each.respondent: {c.deployment for c in each.deployments} for each in exported}
    return [
        {"DeploymentID": cloud.deployment, "SurveyID": each.respondent, "reason": "no_answer_rows"}
        for each in answers
        for cloud in each.deployments
        if cloud.deployment not in shown.get(each.respondent, {cloud.deployment}) and not cloud.test
    ]


def _respondent(answers: TrueAnswers, each: TrueRespondent, last: bool) -> Document:
    document = {
        "SurveyID": each.respondent,
        "CreatedByID": each.member,
        "AccountEmail": each.account_email,
        "Created": each.created,
        "LastEdited": each.edited,
        "Language": each.language,
        "State": each.state,
        "IsMigrated": bool(each.copy and each.copy.kind == "migrated_copy"),
        "org_id": each.organization,
        "org_name": each.organization_name,
        "n_deployments_true": len(each.deployments),
        "flags": [*each.flags, *(["last_survey"] if last else [])],
        "answers": _answers(answers, each.answers, Unit.RESPONDENT),
        "lost": _lost(damage.of_respondent(answers, each)),
    }
    return document | ({"merged_org_id": each.merged_into} if each.merged_into else {})


def _deployment(
    answers: TrueAnswers, person: TrueRespondent, cloud: TrueDeployment, in_file: bool
) -> Document:
    return {
        "DeploymentID": cloud.deployment,
        "SurveyID": person.respondent,
        "in_file": in_file,
        "org_id": person.organization,
        "cloud_id": cloud.cloud or None,
        "flags": list(cloud.flags),
        "answers": _answers(answers, cloud.answers, Unit.DEPLOYMENT),
        "lost": _lost(damage.of_deployment(answers, cloud, in_file=in_file)),
    }


def _answers(answers: TrueAnswers, given: Mapping[str, Answer], unit: Unit) -> Document:
    return {
        question.heading: _plain(question, given[question.heading])
        for question in answers.edition.of_unit(unit)
        if given.get(question.heading)
    }


def _plain(question: Question, answer: Answer) -> object:
    if isinstance(answer, Mapping):
        return dict(answer)
    if isinstance(answer, tuple):
        return list(dict.fromkeys(answer))
    if question.kind.one_country and answer in country_names():
        return {"code": answer, "name": country_names()[answer]}
    return answer


def _lost(damages: Mapping[str, damage.Damage]) -> Document:
    return {
        name: {"reason": each.reason}
        | (
            {}
            if each.residue is None
            else {
                "residue": (each.residue if isinstance(each.residue, str) else list(each.residue))
            }
        )
        for name, each in damages.items()
    }


def _losses(key: str, documents: Iterable[Mapping[str, Any]]) -> list[Document]:
    losses = []
    for document in documents:
        if not document.get("in_file", True):
            losses.append({key: document[key], "Name": "*", "reason": "last_survey"})
            continue
        losses += [
            {key: document[key], "Name": name, **each} for name, each in document["lost"].items()
        ]
    return losses


def _copy(copy: Copy) -> Document:
    dropped = {name: list(values) for name, values in copy.dropped.items()}
    told = {"from_edition": copy.edition, "kind": copy.kind, "dropped": dropped}
    return told | ({"changed": list(copy.changed)} if copy.kind == "revised" else {})


def _duplicates(pairs: Iterable[tuple[TrueRespondent, TrueDeployment]]) -> list[Document]:
    same = defaultdict(list)
    for _, cloud in pairs:
        if cloud.cloud:
            same[cloud.cloud].append(cloud.deployment)
    return [
        {"cloud_id": name, "DeploymentIDs": numbers}
        for name, numbers in same.items()
        if len(numbers) > 1
    ]


def _shifts(answers: TrueAnswers, person: TrueRespondent) -> bool:
    """Whether a blank answer moves the cells of the person's flat rows to the right."""
    spread = (q for q in answers.edition.of_unit(Unit.RESPONDENT) if q.flat and not q.kind.ranked)
    return any(person.answers.get(question.heading) in ("", ()) for question in spread)


def _unknown(answers: TrueAnswers, given: Mapping[str, Answer]) -> dict[str, Answer]:
    return {n: answer for n, answer in given.items() if n not in answers.edition.by_heading}


def _orphans(key: str, number: int, answers: TrueAnswers, given: Mapping[str, Answer]) -> Document:
    value = {
        name: list(answer) if isinstance(answer, tuple) else answer
        for name, answer in _unknown(answers, given).items()
    }
    return {key: number, "value": value, "note": "one cell too many in the row"}


def _class_name(kind: Kind) -> str:
    return "multi" if kind.multiple_choice else "country-multi" if kind.country_set else kind.value


def _class(question: Question) -> Document:
    rows = [row.value for row in question.rows]
    values = [choice.value for choice in question.choices]
    return {
        "cls": _class_name(question.kind),
        "options": [] if rows else values,
        "rows": rows or None,
        "cols": values if rows else None,
    }
