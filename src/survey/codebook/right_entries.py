"""Questions of a codebook file that is known to be right, such as those that are shipped.

Looking for mistakes takes four times as long as reading.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from survey.codebook.question import Band, Choice, Condition, Kind, Missing, Unit

__all__ = ["right_choices", "right_values"]

_READ: Mapping[str, Callable[[Any], Any]] = {
    "kind": {each.value: each for each in Kind}.__getitem__,
    "unit": {each.value: each for each in Unit}.__getitem__,
    "choices": lambda entries: tuple(right_choices(entries)),
    "rows": lambda entries: tuple(right_choices(entries)),
    "shown_if": lambda given: tuple(Condition(name, tuple(each)) for name, each in given.items()),
}
_NOT_OF_THE_QUESTION = frozenset({"after", "choices_by_edition"})


def right_values(entry: Mapping[str, Any], edition: str) -> dict[str, Any]:
    """Return the arguments of a Question that an entry gives for one of the editions.

    Examples
    --------
    >>> right_values({"concept": "size", "kind": "single", "choices": ["1", "2"]}, "2024")["kind"]
    <Kind.SINGLE: 'single'>
    """
    values = {
        key: _READ[key](value) if key in _READ else value
        for key, value in entry.items()
        if key not in _NOT_OF_THE_QUESTION
    }
    by_edition = entry.get("choices_by_edition", {})
    if edition in by_edition:
        values["choices"] = tuple(right_choices(by_edition[edition]))
    return values


def right_choices(entries: Iterable[str | Mapping[str, Any]]) -> Iterator[Choice]:
    """Yield what a list of choices says, each other spelling as a choice of its own.

    Examples
    --------
    >>> [(each.value, each.label) for each in right_choices(["KVM", {"value": "x", "label": "X"}])]
    [('KVM', 'KVM'), ('x', 'X')]
    """
    for entry in entries:
        if isinstance(entry, str):
            yield Choice(entry, entry)
            continue
        value, low = entry["value"], entry.get("low")
        choice = Choice(
            value,
            entry.get("label") or value,
            None if low is None else Band(low, entry.get("high")),
            Missing(entry["missing"]) if "missing" in entry else None,
            entry.get("column", ""),
            tuple(entry.get("renamed_from", ())),
            entry.get("confirmed", True),
        )
        yield choice
        for text in entry.get("also", ()):
            yield replace(choice, value=text)
