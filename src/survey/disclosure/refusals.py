"""Tables that cannot be published, and what to do about it."""

from __future__ import annotations

from typing import NoReturn

from survey.errors import DisclosureError, Problem
from survey.estimates.table import Estimates
from survey.estimates.tabulation import Tabulation

__all__ = ["refuse_unknown_design", "refuse_without_keys"]


def refuse_unknown_design(table: Estimates) -> NoReturn:
    """Refuse a table that does not know how it was counted."""
    problem = Problem(
        table.name or table.title,
        "a table that does not know who was counted",
        "a table as a verb returned it",
        "pass the tables of share(), median(), ... and the topics as they are",
    )
    raise DisclosureError("This cannot be published", [problem])


def refuse_without_keys(table: Estimates, cells: Tabulation) -> None:
    """Refuse counts of records that have no keys: they can have no noise."""
    if ((cells.count > 0) & (cells.count_keys == 0)).any():
        problem = Problem(
            table.name or table.title,
            "records without keys",
            "answers whose records have keys",
            "clean the exports again: clean(exports, key=...) gives every record its key",
        )
        raise DisclosureError("This cannot be published", [problem])
