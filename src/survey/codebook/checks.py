"""What a question must satisfy, beyond having fields of the right type."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from survey.codebook.question import Choice, Kind, Question, damaged
from survey.errors import Problem

__all__ = ["mistakes"]

_NEEDS_CHOICES = (Kind.SINGLE, Kind.MULTIPLE, Kind.RANKING, Kind.MATRIX)
_NO_CHOICES = (Kind.TEXT, Kind.ORGANIZATION, Kind.CHECKBOX)


def mistakes(where: str, question: Question) -> Iterator[Problem]:
    """Yield what is wrong with ``question``.

    Examples
    --------
    >>> from survey.codebook.question import Unit
    >>> question = Question("stage", "Stage", "Stage", Kind.SINGLE, Unit.DEPLOYMENT)
    >>> print(*mistakes("x.toml", question))
    x.toml: got no choices; expected choices, as the kind is 'single'.
    """
    if question.kind in _NEEDS_CHOICES and not question.choices:
        yield Problem(where, "no choices", f"choices, as the kind is {question.kind.value!r}")
    if question.kind in _NO_CHOICES and question.choices:
        yield Problem(where, "choices", f"none, as the kind is {question.kind.value!r}")
    if question.kind is Kind.MATRIX and not question.rows:
        yield Problem(where, "no rows", "rows, as the kind is 'matrix'")
    if question.kind is not Kind.MATRIX and question.rows:
        yield Problem(where, "rows", f"none, as the kind is {question.kind.value!r}")
    yield from _confused(f"{where}, choices", question.choices)
    yield from _confused(f"{where}, rows", question.rows)
    yield from _band_mistakes(where, question)


def _confused(where: str, choices: Sequence[Choice]) -> Iterator[Problem]:
    """Yield values that share a label, or that the exporter makes equal."""
    by_label, by_damaged = defaultdict(set), defaultdict(set)
    for choice in choices:
        by_label[choice.label].add(choice.value)
        by_damaged[damaged(choice.value)].add(choice.value)
    for label, values in by_label.items():
        if len(values) > 1:
            yield Problem(
                where, f"the label {label!r} for {_quoted(values)}", "a label of its own for each"
            )
    for text, values in by_damaged.items():
        if len(values) > 1:
            yield Problem(
                where,
                f"{_quoted(values)}, both exported as {text!r}",
                "values that stay apart when commas become hyphens",
            )


def _band_mistakes(where: str, question: Question) -> Iterator[Problem]:
    bands = [choice for choice in question.choices if choice.band]
    if bands and not question.measure:
        yield Problem(where, "bands without a measure", 'measure = "cores" or the like')
    lows = [choice.band.low for choice in bands if choice.band]
    if lows != sorted(lows):
        yield Problem(
            where,
            f"bands that begin at {', '.join(f'{low:g}' for low in lows)}",
            "bands in ascending order",
        )


def _quoted(values: set[str]) -> str:
    return " and ".join(repr(value) for value in sorted(values))
