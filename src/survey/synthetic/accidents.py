"""Rare things that happen in every edition: blank answers, tests, answers without a column."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from survey.codebook import Edition, Unit
from survey.synthetic.answers import Answer, TrueDeployment, TrueRespondent
from survey.synthetic.database_texts import SEPARATOR, cut

__all__ = ["with_accidents"]

_ENOUGH = 40
People = list[TrueRespondent]
Orphans = Mapping[int, tuple[Mapping[str, Answer], ...]]


def with_accidents(
    edition: Edition, people: Sequence[TrueRespondent], orphans: Orphans
) -> tuple[TrueRespondent, ...]:
    """Return the surveys with one or two of each accident, in files of some size.

    Parameters
    ----------
    orphans
        Survey number -> per cloud, answers to questions of the edition before that this one
        no longer asks.
    """
    found = _with_orphan(list(people), orphans)
    if len(found) < _ENOUGH:
        return tuple(found)
    for question in edition.of_unit(Unit.RESPONDENT):
        if question.flat:
            flag = "blank_ranking_answer" if question.kind.ranked else "blank_flat_answer"
            found = _blank(found, question.heading, flag)
    organization = next((q.heading for q in edition.questions if q.kind.names_organization), "")
    found = _only_blank(found, organization) if organization else found
    found = _tick_everything(edition, found)
    labels = [q.heading for q in edition.of_unit(Unit.DEPLOYMENT) if q.kind.free_text]
    blank: Mapping[str, Answer] = {labels[0]: ""} if labels else {}
    found = _one_cloud(
        found,
        5,
        lambda cloud: replace(
            cloud, answers=blank, cloud="", copy=None, flags=("only_blank_answers",)
        ),
    )
    found = _one_cloud(found, 9, lambda cloud: replace(cloud, test=True, flags=()))
    return tuple(_one_cloud(found, 14, lambda cloud: replace(cloud, answers={}, flags=())))


def _fit(people: People) -> list[int]:
    """Return positions of ordinary exported surveys, the last one left alone."""
    plain = [n for n, each in enumerate(people) if not (each.test or each.member_deleted)]
    return [n for n in plain[:-1] if people[n].answers and not people[n].flags]


def _blank(people: People, name: str, flag: str) -> People:
    changed = list(people)
    for n in [n for n in _fit(people) if name in people[n].answers][3:12:4]:
        changed[n] = replace(people[n], answers={**people[n].answers, name: ()}, flags=(flag,))
    return changed


def _only_blank(people: People, name: str) -> People:
    changed = list(people)
    for n in [n for n in _fit(people) if not people[n].deployments][:1]:
        changed[n] = replace(people[n], answers={name: ""}, flags=("only_blank_answers",))
    return changed


def _one_cloud(
    people: People, turn: int, change: Callable[[TrueDeployment], TrueDeployment]
) -> People:
    """Return the surveys with one cloud changed, of a survey that describes several."""
    changed = list(people)
    several = [n for n in _fit(people) if len(people[n].deployments) > 1]
    for n in several[turn : turn + 1]:
        *others, last = people[n].deployments
        changed[n] = replace(people[n], deployments=(*others, change(last)))
    return changed


def _tick_everything(edition: Edition, people: People) -> People:
    """Return the surveys with a few lists ticked through, where that makes them too long."""
    changed = list(people)
    for question in edition.of_unit(Unit.DEPLOYMENT):
        values = tuple(choice.value for choice in question.choices)
        whole = SEPARATOR.join(values)
        if not question.kind.multiple_choice or cut(whole) == whole:
            continue
        for turn, n in enumerate([n for n in _fit(people) if people[n].deployments][2:11:4]):
            first, *others = changed[n].deployments
            answers = {**first.answers, question.heading: values[: len(values) - 2 * turn]}
            changed[n] = replace(changed[n], deployments=(replace(first, answers=answers), *others))
    return changed


def _with_orphan(people: People, orphans: Orphans) -> People:
    """Return the surveys with one answer that the heading line has no column for."""
    changed = list(people)
    for n, each in enumerate(people):
        left = orphans.get(each.respondent, ())
        if any(left) and each.deployments:
            clouds = [
                replace(
                    cloud,
                    answers={**cloud.answers, **gone},
                    flags=(*cloud.flags, *(["orphan_answer"] if gone else [])),
                )
                for cloud, gone in zip(each.deployments, left, strict=True)
            ]
            changed[n] = replace(each, deployments=tuple(clouds))
            break
    return changed
