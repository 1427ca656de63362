"""The connection measures, in the order on screen."""

from __future__ import annotations

from metrics.connection.adjusted import ADJUSTED_CROSS_GROUP_RATIO
from metrics.connection.bounds import CROSS_GROUP_BOUNDS
from metrics.connection.change import CHANGE_SPLIT
from metrics.connection.cross_group import (
    CROSS_GROUP_RATIO,
    CROSS_GROUP_SHARE,
    cross_group_ratio,
    cross_group_share,
)
from metrics.connection.crossed import CROSSED_GROUP_RATIO_ALONE
from metrics.connection.funnel_measures import MEASURES as FUNNEL
from metrics.connection.group_pairs import GROUP_PAIR_RATIO, group_pair_ratio
from metrics.connection.helping import MEASURES as HELPING
from metrics.connection.inbreeding import COLEMAN_INDEX
from metrics.connection.intakes import CROSS_GROUP_RATIO_BY_INTAKE
from metrics.connection.load import MIXING_LOAD
from metrics.connection.pooling import CROSSED_GROUP_RATIO
from metrics.connection.ratio_change import RATIO_CHANGE
from metrics.connection.reach import CROSS_GROUP_REACH, NO_CONVERSATION_SHARE
from metrics.connection.teams import TEAM_MIX, TEAM_REACH
from metrics.connection.trend import CROSS_GROUP_TREND, cross_group_trend
from metrics.connection.where import COMPLETION_BY_PLACE, CROSS_GROUP_RATIO_BY_PLACE
from metrics.definition import Measure

MEASURES: tuple[Measure, ...] = (
    CROSS_GROUP_SHARE,
    CROSS_GROUP_RATIO,
    *FUNNEL,
    GROUP_PAIR_RATIO,
    CROSS_GROUP_TREND,
    COLEMAN_INDEX,
    CROSS_GROUP_REACH,
    NO_CONVERSATION_SHARE,
    MIXING_LOAD,
    *HELPING,
    ADJUSTED_CROSS_GROUP_RATIO,
    CROSS_GROUP_BOUNDS,
    CROSS_GROUP_RATIO_BY_PLACE,
    COMPLETION_BY_PLACE,
    TEAM_MIX,
    TEAM_REACH,
    CROSS_GROUP_RATIO_BY_INTAKE,
    CHANGE_SPLIT,
    RATIO_CHANGE,
    CROSSED_GROUP_RATIO,
    CROSSED_GROUP_RATIO_ALONE,
)

__all__ = [
    "MEASURES",
    "cross_group_ratio",
    "cross_group_share",
    "cross_group_trend",
    "group_pair_ratio",
]
