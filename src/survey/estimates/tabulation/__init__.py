"""Cells by groups: counts, bases and sums of record keys, from which all else is computed."""

from typing import TYPE_CHECKING

from survey.doors import open_room

if TYPE_CHECKING:
    from survey.estimates.tabulation.point import Point
    from survey.estimates.tabulation.tabulate import tabulated
    from survey.estimates.tabulation.tabulation import Members, Tabulation

__all__ = [
    "Members",
    "Point",
    "Tabulation",
    "tabulated",
]

if not TYPE_CHECKING:  # a type checker shall go on to report names that are not there
    open_room(
        __name__,
        {
            "Members": "tabulation",
            "Point": "point",
            "Tabulation": "tabulation",
            "tabulated": "tabulate",
        },
    )
