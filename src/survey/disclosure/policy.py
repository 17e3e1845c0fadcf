"""What may be published: the rules, as one small value."""

from __future__ import annotations

from dataclasses import dataclass

from survey.errors import DisclosureError, Problem

__all__ = ["Policy"]


@dataclass(frozen=True, slots=True)
class Policy:
    """Rules of disclosure control.

    Attributes
    ----------
    threshold
        A cell that rests on fewer organizations or units than this is withheld; the survey's
        own analytics page withheld below 10. The base of a table must reach it, too.
    cell_threshold
        A positive count below this is withheld.

    Raises
    ------
    DisclosureError
        If a threshold is below 1.

    Examples
    --------
    >>> Policy().threshold
    10
    """

    threshold: int = 10
    cell_threshold: int = 3

    def __post_init__(self) -> None:
        problems = [
            Problem("Policy", f"{name} = {value!r}", "a whole number from 1")
            for name, value in (
                ("threshold", self.threshold), ("cell_threshold", self.cell_threshold)
            )
            if not isinstance(value, int) or value < 1
        ]
        if problems:
            raise DisclosureError("The disclosure policy cannot be used", problems)
