"""Every statistic that there is: a new one is its file and a line here."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from survey.estimates.change.compare import COMPARE
from survey.estimates.change.compare_numbers import COMPARE_NUMBERS
from survey.estimates.change.compare_scores import COMPARE_SCORES
from survey.estimates.change.contrasts import CONTRAST
from survey.estimates.change.decompose import DECOMPOSE_CHANGE
from survey.estimates.change.moves import GROWTH_ABOVE, MOVES
from survey.estimates.change.returners import RETURNERS
from survey.estimates.change.transitions import TRANSITIONS
from survey.estimates.change.trend import TREND
from survey.estimates.numbers.distribution import DISTRIBUTION
from survey.estimates.numbers.families import COMPARE_FAMILIES
from survey.estimates.numbers.mean import MEAN
from survey.estimates.numbers.quantile import MEDIAN, QUANTILE
from survey.estimates.numbers.ratio import RATIO
from survey.estimates.numbers.total import TOTAL
from survey.estimates.sensitivity import SENSITIVITY
from survey.estimates.shares.adoption import ADOPTION
from survey.estimates.shares.concordance import ASSOCIATION
from survey.estimates.shares.crosstab import CROSSTAB
from survey.estimates.shares.new_clouds import NEW_CLOUDS
from survey.estimates.shares.nps import NPS
from survey.estimates.shares.rank_associations import RANK_ASSOCIATIONS
from survey.estimates.shares.share import SHARE
from survey.estimates.shares.share_where import SHARE_WHERE
from survey.estimates.statistic import Statistic
from survey.estimates.weighting_effect import WEIGHTING_EFFECT

__all__ = ["STATISTICS"]

STATISTICS: Final[Mapping[str, Statistic]] = MappingProxyType(
    {
        statistic.name: statistic
        for statistic in (
            SHARE,
            NPS,
            MEDIAN,
            QUANTILE,
            MEAN,
            TOTAL,
            RATIO,
            DISTRIBUTION,
            COMPARE_FAMILIES,
            SHARE_WHERE,
            NEW_CLOUDS,
            ADOPTION,
            TREND,
            COMPARE,
            COMPARE_NUMBERS,
            COMPARE_SCORES,
            DECOMPOSE_CHANGE,
            GROWTH_ABOVE,
            MOVES,
            TRANSITIONS,
            RETURNERS,
            CONTRAST,
            CROSSTAB,
            ASSOCIATION,
            RANK_ASSOCIATIONS,
            SENSITIVITY,
            WEIGHTING_EFFECT,
        )
    }
)
"""Name -> record, in the order of the documentation."""
