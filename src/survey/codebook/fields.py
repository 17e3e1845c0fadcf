"""Typed access to the fields of a TOML table; what has the wrong type becomes a problem."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any, TypeVar

from survey.errors import Problem, did_you_mean
from survey.files import read_toml

__all__ = ["Fields", "read_toml"]

_Enum = TypeVar("_Enum", bound=StrEnum)


@dataclass
class Fields:
    """A table, the place where it stands, and the list that takes its problems.

    Every getter returns an empty value of its type where the field is absent or wrong.

    Examples
    --------
    >>> problems = []
    >>> Fields("x.toml", {"flat": "yes"}, problems).flag("flat")
    False
    >>> print(problems[0])
    x.toml: got flat = 'yes'; expected true or false.
    """

    where: str
    content: object
    problems: list[Problem]
    _values: Mapping[str, Any] = field(init=False)

    def __post_init__(self) -> None:
        self._values = self.content if isinstance(self.content, dict) else {}
        if not isinstance(self.content, dict):
            self.wrong(repr(self.content), 'a table such as { value = "..." }')

    def __contains__(self, key: str) -> bool:
        return key in self._values

    def only(self, known: Iterable[str]) -> None:
        """Report the keys that are not ``known``."""
        known = tuple(known)
        for key in sorted(set(self._values) - set(known)):
            self.wrong(f"unknown key {key!r}", "", did_you_mean(key, known))

    def text(self, key: str) -> str:
        """Return a text."""
        return str(self._typed(key, str, "text in quotes", ""))

    def flag(self, key: str) -> bool:
        """Return a truth value."""
        return bool(self._typed(key, bool, "true or false", False))

    def day(self, key: str) -> date | None:
        """Return a date."""
        day: date | None = self._typed(key, date, "a date such as 2018-03-31", None)
        return day

    def items(self, key: str) -> list[object]:
        """Return a list."""
        return list(self._typed(key, list, "a list in square brackets", []))

    def texts(self, key: str) -> tuple[str, ...]:
        """Return a list of texts."""
        items = self.items(key)
        if not all(isinstance(item, str) and item for item in items):
            self.wrong(f"{key} = {items!r}", "texts in quotes")
            return ()
        return tuple(str(item) for item in items)

    def table(self, key: str) -> Mapping[str, Any]:
        """Return a table."""
        table: Mapping[str, Any] = self._typed(key, dict, "a table", {})
        return table

    def number(self, key: str) -> float | None:
        """Return a finite number."""
        value = self._values.get(key)
        if value is None:
            return None
        if (
            isinstance(value, bool)
            or not isinstance(value, int | float)
            or not math.isfinite(value)
        ):
            self.wrong(f"{key} = {value!r}", "a number")
            return None
        return value

    def member(self, key: str, enum: type[_Enum]) -> _Enum | None:
        """Return a member of ``enum``."""
        value = self._values.get(key)
        known = [member.value for member in enum]
        if value in known:
            return enum(value)
        self.wrong(
            f"{key} = {value!r}", f"one of {', '.join(known)}", did_you_mean(str(value), known)
        )
        return None

    def _typed(self, key: str, kind: type, expected: str, default: Any) -> Any:
        value = self._values.get(key, default)
        if key in self._values and type(value) is not kind:
            self.wrong(f"{key} = {value!r}", expected)
            return default
        return value

    def wrong(self, got: str, expected: str, hint: str = "") -> None:
        """Report that something else was expected here."""
        self.problems.append(Problem(self.where, got, expected, hint))
