"""What changed since the edition before, and what became of the same organizations."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Final

from survey.checked import checked
from survey.codebook import PublishedFigure
from survey.errors import EstimateError
from survey.estimates import (
    CORE_COLUMNS,
    Estimates,
    Status,
    compare,
    decompose_change,
    end_classes,
    growth_above,
    new_clouds,
)
from survey.responses import Responses
from survey.topics.headline import CORES, total_changes
from survey.topics.words import worded

__all__ = ["MONTHS", "changes"]

MONTHS: Final = 9
"""How many months a cloud counts as new."""

_COMPARED = (
    "compute_cores",
    "deployment_stage",
    "releases_in_use",
    "team_size",
    "deployment_tools",
    "operating_system",
    "hypervisors",
)


_NUMBERS: Final = {"compute_cores": ("median",), "team_size": ("median",)}
"""Numbers behind bands of which the change stands in the report."""
_GROUPS: Final = (("region", "primary_country"), ("industry", "industry"))
"""What growth is told apart by, beside size: a grouping, and the question that it needs."""

_MANY: Final = (20, 40, 80, 120)
"""How many clouds classes of sizes hold at least, tried in this order."""


@checked(EstimateError)
@worded
def changes(
    answers: Responses, edition: str, figures: Sequence[PublishedFigure] = ()
) -> Iterator[Estimates]:
    """Yield the changes against the edition before, with intervals and verdicts.

    Organizations that answered both times are not independent; the intervals allow for it.
    """
    if "deployment_year" in answers.concepts and _dated(answers):
        yield new_clouds(answers, MONTHS, by="edition").named(
            "new_clouds", "changes", f"{{Units}} that came online within {MONTHS} months"
        )
    earlier = [name for name in answers.editions if name < edition]
    if earlier:
        yield from _changes(answers, earlier[-1], edition)
        if _asked_in_both(answers, CORES, earlier[-1], edition):
            yield from total_changes(answers, (earlier[-1], edition), figures)
            yield from _panel(answers, earlier[-1], edition, figures)


def _changes(answers: Responses, before: str, edition: str) -> Iterator[Estimates]:
    for concept in _COMPARED:
        if _asked_in_both(answers, concept, before, edition):
            title = answers.question(concept, edition).title
            span = f"change from {before} to {edition}"
            yield compare(answers, concept, before, edition).named(
                f"{concept}_change", "changes", f"{title}: {span}"
            )
            for statistic in _NUMBERS.get(concept, ()):
                yield compare(answers, concept, before, edition, statistic=statistic).named(
                    f"{concept}_{statistic}_change", "changes", f"{title}, {statistic}: {span}"
                )


def _panel(
    answers: Responses, before: str, edition: str, figures: Sequence[PublishedFigure]
) -> Iterator[Estimates]:
    """Yield where the change of the total comes from: who came, who left, who stayed."""
    span = f"from {before} to {edition}"
    where = f"Where the change of compute cores {span} comes from"
    taken_apart = partial(
        decompose_change,
        answers,
        CORES,
        before,
        edition,
        detail=False,
        one_per_cloud=True,
        published_figures=figures or None,
    )
    yield _lean(taken_apart()).named("core_growth", "changes", where)
    for by, concept in _GROUPS:
        if _one_answer(answers, concept):
            yield _lean(taken_apart(by=by)).named(
                f"core_growth_by_{by}", "changes", f"{where}, by {by}"
            )
    yield _lean(_by_size(answers.in_edition(before), taken_apart)).named(
        "core_growth_by_size", "changes", f"{where}, by the earlier size"
    )
    yield growth_above(answers, CORES, before, edition).named(
        "core_growth_proven", "changes", f"Organizations that more than doubled their cores {span}"
    )


def _by_size(earlier: Responses, taken_apart: Callable[..., Estimates]) -> Estimates:
    """Return the change by classes of size: the finest of which each can be told precisely."""
    found = []
    for least in _MANY:
        classes = end_classes(earlier, CORES, least=least)
        found.append(taken_apart(by=CORES, joined=classes or None))
        if not (found[-1].frame["status"] == Status.IMPRECISE).any():
            break
    return found[-1]


def _one_answer(answers: Responses, concept: str) -> bool:
    """Whether a question is asked that has one answer per record."""
    return concept in answers.concepts and not answers.question(concept).kind.several


def _lean(table: Estimates) -> Estimates:
    """Leave out the sums of edges, which with other tables tell single bands."""
    numbers = ["earlier", "later", "clusters", "p", "p_adjusted", "verdict", "imprecise_because"]
    kept = [*table.groups, *CORE_COLUMNS, *numbers]
    return table.with_frame(table.frame[kept])


def _dated(answers: Responses) -> bool:
    """Whether the records say on which day somebody answered."""
    return bool(answers.respondents["edited"].notna().any())


def _asked_in_both(answers: Responses, concept: str, before: str, edition: str) -> bool:
    return all(concept in answers.codebook.edition(name).by_concept for name in (before, edition))
