"""Answers -> numbers with uncertainty, always in the same columns."""

from survey.estimates.adoption import adoption
from survey.estimates.compare import compare
from survey.estimates.compare_numbers import compare_numbers
from survey.estimates.concordance import association
from survey.estimates.crosstab import crosstab
from survey.estimates.design import Design, design
from survey.estimates.distribution import distribution
from survey.estimates.end_classes import end_classes
from survey.estimates.families import compare_families
from survey.estimates.moves import growth_above, moves
from survey.estimates.new_clouds import new_clouds
from survey.estimates.nonresponse import nonresponse_bounds
from survey.estimates.nps import nps
from survey.estimates.numbers.influence import influence
from survey.estimates.numbers.population_size import population_size
from survey.estimates.numbers.regress import regress
from survey.estimates.panel import growth
from survey.estimates.quantile import median, quantile
from survey.estimates.raking import poststratify, rake
from survey.estimates.ratio import ratio
from survey.estimates.registry import STATISTICS
from survey.estimates.rounding import percentages, round_preserving
from survey.estimates.screen import screen
from survey.estimates.sensitivity import sensitivity
from survey.estimates.share import share
from survey.estimates.share_of import share_of
from survey.estimates.statistic import Statistic, tabulate_again
from survey.estimates.table import CORE_COLUMNS, Base, Estimates, Measure, Spec, Status
from survey.estimates.topline import topline
from survey.estimates.total import total
from survey.estimates.trend import trend
from survey.estimates.weights import Weights

__all__ = [
    "CORE_COLUMNS",
    "STATISTICS",
    "Base",
    "Design",
    "Estimates",
    "Measure",
    "Spec",
    "Statistic",
    "Status",
    "Weights",
    "adoption",
    "association",
    "compare",
    "compare_families",
    "compare_numbers",
    "crosstab",
    "design",
    "distribution",
    "end_classes",
    "growth",
    "growth_above",
    "influence",
    "median",
    "moves",
    "new_clouds",
    "nonresponse_bounds",
    "nps",
    "percentages",
    "population_size",
    "poststratify",
    "quantile",
    "rake",
    "ratio",
    "regress",
    "round_preserving",
    "screen",
    "sensitivity",
    "share",
    "share_of",
    "tabulate_again",
    "topline",
    "total",
    "trend",
]
