"""Answers -> numbers with uncertainty, always in the same columns."""

from survey.estimates.share import share
from survey.estimates.table import CORE_COLUMNS, Base, Estimates, Measure, Spec, Status

__all__ = ["CORE_COLUMNS", "Base", "Estimates", "Measure", "Spec", "Status", "share"]
