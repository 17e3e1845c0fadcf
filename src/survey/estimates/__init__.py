"""Answers -> numbers with uncertainty, always in the same columns."""

from survey.estimates.compare import compare
from survey.estimates.nps import nps
from survey.estimates.quantile import median, quantile
from survey.estimates.share import share
from survey.estimates.table import CORE_COLUMNS, Base, Estimates, Measure, Spec, Status
from survey.estimates.total import total
from survey.estimates.trend import trend

__all__ = [
    "CORE_COLUMNS",
    "Base",
    "Estimates",
    "Measure",
    "Spec",
    "Status",
    "compare",
    "median",
    "nps",
    "quantile",
    "share",
    "total",
    "trend",
]
