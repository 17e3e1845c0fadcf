"""Cells by groups: counts, bases and sums of record keys, from which all else is computed."""

from survey.estimates.tabulation.bands import tabulated_bands, tabulated_classes, with_whole
from survey.estimates.tabulation.point import Point
from survey.estimates.tabulation.tabulate import tabulated
from survey.estimates.tabulation.tabulation import Tabulation

__all__ = [
    "Point",
    "Tabulation",
    "tabulated",
    "tabulated_bands",
    "tabulated_classes",
    "with_whole",
]
