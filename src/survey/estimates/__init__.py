"""Answers -> numbers with uncertainty, always in the same columns."""

from typing import TYPE_CHECKING

from survey.doors import open_room

if TYPE_CHECKING:
    from survey.estimates.change.compare import compare
    from survey.estimates.change.compare_numbers import compare_numbers
    from survey.estimates.change.contrasts import contrast
    from survey.estimates.change.decompose import decompose_change
    from survey.estimates.change.moves import growth_above, moves
    from survey.estimates.change.returners import returner_weights, returners
    from survey.estimates.change.transitions import transitions
    from survey.estimates.change.trend import trend
    from survey.estimates.design import Design, design
    from survey.estimates.design.weights import Weights
    from survey.estimates.numbers.distribution import distribution
    from survey.estimates.numbers.families import compare_families
    from survey.estimates.numbers.influence import influence
    from survey.estimates.numbers.mean import mean
    from survey.estimates.numbers.population_size import population_size
    from survey.estimates.numbers.quantile import median, quantile
    from survey.estimates.numbers.ratio import ratio
    from survey.estimates.numbers.regress import regress
    from survey.estimates.numbers.total import total
    from survey.estimates.registry import STATISTICS
    from survey.estimates.rounding import percentages, round_preserving
    from survey.estimates.sensitivity import sensitivity
    from survey.estimates.shares.adoption import adoption
    from survey.estimates.shares.concordance import association
    from survey.estimates.shares.crosstab import crosstab
    from survey.estimates.shares.end_classes import end_classes
    from survey.estimates.shares.new_clouds import new_clouds
    from survey.estimates.shares.nonresponse import nonresponse_bounds
    from survey.estimates.shares.nps import nps
    from survey.estimates.shares.rank_associations import rank_associations
    from survey.estimates.shares.share import share
    from survey.estimates.shares.share_where import share_where
    from survey.estimates.shares.topline import topline
    from survey.estimates.statistic import Statistic
    from survey.estimates.table import CORE_COLUMNS, Base, Estimates, Measure, Spec, Status
    from survey.estimates.table_of import tabulate_again
    from survey.estimates.weighting.raking import poststratify, rake
    from survey.estimates.weighting_effect import weighting_effect

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
    "contrast",
    "crosstab",
    "decompose_change",
    "design",
    "distribution",
    "end_classes",
    "growth_above",
    "influence",
    "mean",
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
    "rank_associations",
    "ratio",
    "regress",
    "returner_weights",
    "returners",
    "round_preserving",
    "sensitivity",
    "share",
    "share_where",
    "tabulate_again",
    "topline",
    "total",
    "transitions",
    "trend",
    "weighting_effect",
]

if not TYPE_CHECKING:  # a type checker shall go on to report names that are not there
    open_room(
        __name__,
        {
            "CORE_COLUMNS": "table",
            "STATISTICS": "registry",
            "Base": "table",
            "Design": "design",
            "Estimates": "table",
            "Measure": "table",
            "Spec": "table",
            "Statistic": "statistic",
            "Status": "table",
            "Weights": "design.weights",
            "adoption": "shares.adoption",
            "association": "shares.concordance",
            "compare": "change.compare",
            "compare_families": "numbers.families",
            "compare_numbers": "change.compare_numbers",
            "contrast": "change.contrasts",
            "crosstab": "shares.crosstab",
            "decompose_change": "change.decompose",
            "design": "design",
            "distribution": "numbers.distribution",
            "end_classes": "shares.end_classes",
            "growth_above": "change.moves",
            "influence": "numbers.influence",
            "mean": "numbers.mean",
            "median": "numbers.quantile",
            "moves": "change.moves",
            "new_clouds": "shares.new_clouds",
            "nonresponse_bounds": "shares.nonresponse",
            "nps": "shares.nps",
            "percentages": "rounding",
            "population_size": "numbers.population_size",
            "poststratify": "weighting.raking",
            "quantile": "numbers.quantile",
            "rake": "weighting.raking",
            "rank_associations": "shares.rank_associations",
            "ratio": "numbers.ratio",
            "regress": "numbers.regress",
            "returner_weights": "change.returners",
            "returners": "change.returners",
            "round_preserving": "rounding",
            "sensitivity": "sensitivity",
            "share": "shares.share",
            "share_where": "shares.share_where",
            "tabulate_again": "table_of",
            "topline": "shares.topline",
            "total": "numbers.total",
            "transitions": "change.transitions",
            "trend": "change.trend",
            "weighting_effect": "weighting_effect",
        },
    )
