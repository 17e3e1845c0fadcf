"""Every statistic that there is: a new one is its file and a line here."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from survey.estimates.adoption import ADOPTION
from survey.estimates.compare import COMPARE
from survey.estimates.compare_numbers import COMPARE_NUMBERS
from survey.estimates.compare_scores import COMPARE_SCORES
from survey.estimates.concordance import ASSOCIATION
from survey.estimates.crosstab import CROSSTAB
from survey.estimates.distribution import DISTRIBUTION
from survey.estimates.families import COMPARE_FAMILIES
from survey.estimates.moves import GROWTH_ABOVE, MOVES
from survey.estimates.new_clouds import NEW_CLOUDS
from survey.estimates.nps import NPS
from survey.estimates.panel import GROWTH
from survey.estimates.quantile import MEDIAN, QUANTILE
from survey.estimates.ratio import RATIO
from survey.estimates.screen import SCREEN
from survey.estimates.sensitivity import SENSITIVITY
from survey.estimates.share import SHARE
from survey.estimates.share_of import SHARE_OF
from survey.estimates.statistic import Statistic
from survey.estimates.total import TOTAL
from survey.estimates.trend import TREND

__all__ = ["STATISTICS"]

STATISTICS: Final[Mapping[str, Statistic]] = MappingProxyType(
    {
        statistic.name: statistic
        for statistic in (
            SHARE,
            NPS,
            MEDIAN,
            QUANTILE,
            TOTAL,
            RATIO,
            DISTRIBUTION,
            COMPARE_FAMILIES,
            SHARE_OF,
            NEW_CLOUDS,
            ADOPTION,
            TREND,
            COMPARE,
            COMPARE_NUMBERS,
            COMPARE_SCORES,
            GROWTH,
            GROWTH_ABOVE,
            MOVES,
            CROSSTAB,
            ASSOCIATION,
            SCREEN,
            SENSITIVITY,
        )
    }
)
"""Name -> record, in the order of the documentation."""
