"""What a question must satisfy, beyond having fields of the right type."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence

from survey.codebook.question import Choice, Question, damaged
from survey.errors import Problem, did_you_mean

__all__ = ["TAKEN", "mistakes", "unreachable"]

_DIGIT = re.compile(r"\d")

_KEY_COLUMNS = frozenset(
    [
        "edition",
        "respondent",
        "deployment",
        "organization",
        "member",
        "created",
        "edited",
        "language",
        "copied",
        "completed",
        "record_key",
        "cloud",
        "account_email",
        "region",
        "deployment_region",
    ]
)
_RESULT_COLUMNS = frozenset(
    ["answer", "count", "base", "value", "low", "high", "status", "item", "level"]
)
TAKEN = _KEY_COLUMNS | _RESULT_COLUMNS
"""Names that no concept can have: columns of every table of answers or results."""


def mistakes(where: str, question: Question, *, other: bool = False) -> Iterator[Problem]:
    """Yield what is wrong with ``question``; with ``other``, as asked by another survey's tool.

    There several stored values can have one label: an answer in several languages, or a wording
    that changed.

    Examples
    --------
    >>> from survey.codebook.question import Kind, Unit
    >>> question = Question("stage", "Stage", "Stage", Kind.SINGLE, Unit.DEPLOYMENT)
    >>> print(*mistakes("x.toml", question))
    x.toml: got no choices; expected choices, as the kind is 'single'.
    """
    yield from _taken(where, question)
    if question.kind.listed and not question.choices:
        yield Problem(where, "no choices", f"choices, as the kind is {question.kind.value!r}")
    if question.choices and not (question.kind.listed or question.kind.names_countries):
        yield Problem(where, "choices", f"none, as the kind is {question.kind.value!r}")
    if question.kind.by_row and not question.rows:
        yield Problem(where, "no rows", "rows, as the kind is 'matrix'")
    if not question.kind.by_row and question.rows:
        yield Problem(where, "rows", f"none, as the kind is {question.kind.value!r}")
    if question.multiple and not question.kind.by_row:
        yield Problem(where, "multiple = true", "kind = 'matrix'; or kind = 'multiple' without it")
    yield from _confused(f"{where}, choices", question.choices, other=other)
    yield from _confused(f"{where}, rows", question.rows, other=other)
    yield from _band_mistakes(where, question)


def _taken(where: str, question: Question) -> Iterator[Problem]:
    """Yield a concept that is the name of a column which every table has."""
    name, holder = question.concept, ""
    if name in _KEY_COLUMNS:
        holder = "answers have a column of that name, which says of every record what it is"
    elif name in _RESULT_COLUMNS:
        holder = "every table of results has a column of that name"
    if holder:
        hint = f"{holder}: call it {name}_given or the like"
        yield Problem(where, f"concept = {name!r}", "a name that is not taken", hint)


def unreachable(where: str, questions: Mapping[str, Question]) -> Iterator[Problem]:
    """Yield conditions on which a question is shown that no answer of its edition can meet."""
    for question in questions.values():
        for condition in question.shown_if:
            here, got = f"{where}, question {question.concept!r}", f"shown_if {condition.concept!r}"
            earlier = questions.get(condition.concept)
            if earlier is None or earlier is question:
                hint = did_you_mean(condition.concept, questions)
                yield Problem(here, got, "another question of the same edition", hint)
                continue
            for label in condition.answers:
                if label not in earlier.labels:
                    hint = did_you_mean(label, earlier.labels)
                    yield Problem(here, f"{got} = {label!r}", "a label of its choices", hint)


def _confused(where: str, choices: Sequence[Choice], *, other: bool) -> Iterator[Problem]:
    """Yield values that share a label, or that the exporter makes equal."""
    by_label, by_damaged = defaultdict(set), defaultdict(set)
    for choice in choices:
        by_label[choice.label].add(choice.value)
        by_damaged[choice.value if other else damaged(choice.value)].add(choice.value)
    if other:
        yield from _unlike_namesakes(where, choices)
        return
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


def _unlike_namesakes(where: str, choices: Sequence[Choice]) -> Iterator[Problem]:
    """Yield labels whose values stand for different numbers, and values that occur twice."""
    meanings, values = defaultdict(set), Counter(choice.value for choice in choices)
    for choice in choices:
        meanings[choice.label].add((choice.band, choice.missing))
    for label, found in meanings.items():
        if len(found) > 1:
            yield Problem(where, f"the label {label!r} for different numbers", "one meaning each")
    for value, times in values.items():
        if times > 1:
            yield Problem(where, f"the value {value!r} {times} times", "each value once")


def _band_mistakes(where: str, question: Question) -> Iterator[Problem]:
    bands = [choice for choice in question.choices if choice.band]
    if bands and not question.measure:
        yield Problem(where, "bands without a measure", 'measure = "cores" or the like')
    if question.measure or bands:
        for choice in question.choices:
            if choice.band is None and choice.missing is None and _DIGIT.search(choice.label):
                yield Problem(
                    where,
                    f"the band {choice.label!r} without edges",
                    "low, and high unless it is open",
                )
    lows = list(dict.fromkeys(choice.band.low for choice in bands if choice.band))
    if lows != sorted(lows):
        yield Problem(
            where,
            f"bands that begin at {', '.join(f'{low:g}' for low in lows)}",
            "bands in ascending order",
        )


def _quoted(values: set[str]) -> str:
    return " and ".join(repr(value) for value in sorted(values))
