"""What statistics are asked with, checked all at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from typing import Any, TypeVar

from survey.codebook import Unit
from survey.dataclass import dataclass
from survey.errors import EstimateError, Problem, did_you_mean
from survey.estimates.design.checks import fraction, names, text
from survey.estimates.design.places import REGION_OF
from survey.estimates.tidy import Base
from survey.responses import Responses

__all__ = ["Asked", "ask", "given", "is_ordered", "source_of", "title_of", "unit_of"]

_Enum = TypeVar("_Enum", bound=StrEnum)


@dataclass(frozen=True)
class Asked:
    """Arguments that passed: the unit counted, the table whose rows are read, the base.

    For organizations the rows are those of the question's own table, or of the deployments
    when a grouping describes deployments.
    """

    unit: Unit
    rows: Unit
    base: Base
    level: float

    def cluster(self, column: str | None) -> str | None:
        """Return the cluster column; organizations are counted as clusters."""
        if column is not None and text("cluster", column, "a column of the table, or None"):
            problem = Problem("cluster", repr(column), "a column of the table, or None")
            raise EstimateError("Unknown cluster", [problem])
        return "organization" if self.unit is Unit.ORGANIZATION else column


def ask(
    answers: Responses,
    concepts: Sequence[str],
    by: str | Sequence[str] | None = None,
    *,
    unit: Unit | str | None = None,
    base: Base | str = Base.ANSWERED,
    level: float = 0.95,
) -> Asked:
    """Check the arguments that all statistics share.

    Parameters
    ----------
    answers, concepts, by
        What is asked of whom; see :func:`unit_of` for the default unit.
    unit, base, level
        As given by the caller.

    Raises
    ------
    EstimateError
        If one of them is not what it should be; all are listed.
    ResponsesError
        If none of the editions asks the first concept.
    """
    grouped = names("by", by, "'edition', a concept that was asked, or several of them")
    problems = [each for name in concepts for each in text("concept", name, "name of a question")]
    if problems:
        raise EstimateError("Unknown concept", problems)
    answers.question(source_of(answers, concepts[0]))  # refuses what was never asked
    own = unit_of(answers, (*concepts, *grouped))
    chosen = own if unit is None else _member("unit", Unit, unit, problems)
    denominator = _member("base", Base, base, problems)
    problems += fraction("level", level, 0.95)
    if problems or chosen is None or denominator is None:
        raise EstimateError(f"Cannot count {concepts[0]!r}", problems)
    rows = chosen
    if chosen is Unit.ORGANIZATION:
        rows = own
    return Asked(chosen, rows, denominator, float(level))


def unit_of(answers: Responses, concepts: Iterable[str]) -> Unit:
    """Return the deployment if any of some questions is about deployments, else the respondent.

    Examples
    --------
    >>> from survey.estimates.examples import answers
    >>> unit_of(answers(), ["likelihood_to_recommend", "edition"]).value
    'respondent'
    >>> unit_of(answers(), ["likelihood_to_recommend", "compute_cores"]).value
    'deployment'
    """
    some = any(_of_deployments(answers, each) for each in concepts)
    return Unit.DEPLOYMENT if some else Unit.RESPONDENT


def source_of(answers: Responses, concept: str) -> str:
    """Return the concept whose answers are read: itself, or where a region comes from."""
    if concept not in REGION_OF or concept in answers.concepts:
        return concept
    return REGION_OF[concept]


def title_of(answers: Responses, concept: str) -> str:
    """Return the question in words."""
    source = source_of(answers, concept)
    title = answers.question(source).title
    return title if source == concept else f"{title}, by region"


def is_ordered(answers: Responses, concept: str) -> bool:
    """Return whether the answers have an order: bands of a number, or a scale."""
    return concept in answers.concepts and answers.question(concept).ordered


def _of_deployments(answers: Responses, concept: str) -> bool:
    source = source_of(answers, concept)
    return source in answers.concepts and answers.question(source).unit is Unit.DEPLOYMENT


def _member(
    name: str, enum: type[_Enum], value: _Enum | str, problems: list[Problem]
) -> _Enum | None:
    try:
        return enum(value)
    except ValueError:
        known = [member.value for member in enum]
        problems.append(
            Problem(
                name, repr(value), f"one of {', '.join(known)}", did_you_mean(str(value), known)
            )
        )
        return None


def given(options: Mapping[str, Any]) -> tuple[tuple[str, Any], ...]:
    """Return the options that were given, sorted, in values that cannot change.

    Examples
    --------
    >>> given({"top": None, "copies": False, "items": ["KVM"]})
    (('items', ('KVM',)),)
    """
    return tuple(
        (name, _frozen(value))
        for name, value in sorted(options.items())
        if value is not None and value is not False
    )


def _frozen(value: Any) -> Any:
    if isinstance(value, Mapping):
        return tuple((name, _frozen(members)) for name, members in value.items())
    return tuple(value) if isinstance(value, list) else value
