"""A number from elsewhere that a table's numbers are held against."""

from __future__ import annotations

from collections.abc import Mapping

from survey.dataclass import dataclass

__all__ = ["Reference"]


@dataclass(frozen=True, slots=True)
class Reference:
    """A number that somebody else gave, beside a row of a table; charts draw it as another mark.

    Attributes
    ----------
    group
        Grouping column -> value of the row that it stands beside.
    value
        The number, in the unit of the table.
    source, method
        Where it was published, and how it was made as far as that is known.
    at_least
        Whether it was called a lower bound.
    """

    group: Mapping[str, str]
    value: float
    source: str
    method: str = ""
    at_least: bool = False
