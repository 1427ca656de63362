"""The connection measures, in the order on screen."""

from __future__ import annotations

from metrics.connection.cross_group import (
    CROSS_GROUP_RATIO,
    CROSS_GROUP_SHARE,
    cross_group_ratio,
    cross_group_share,
)
from metrics.connection.group_pairs import GROUP_PAIR_RATIO, group_pair_ratio
from metrics.connection.trend import CROSS_GROUP_TREND, cross_group_trend
from metrics.definition import Measure

MEASURES: tuple[Measure, ...] = (
    CROSS_GROUP_SHARE,
    CROSS_GROUP_RATIO,
    GROUP_PAIR_RATIO,
    CROSS_GROUP_TREND,
)

__all__ = [
    "MEASURES",
    "cross_group_ratio",
    "cross_group_share",
    "cross_group_trend",
    "group_pair_ratio",
]
