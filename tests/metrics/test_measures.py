"""What every measure promises."""

from __future__ import annotations

import re
from dataclasses import fields

import numpy as np
import pytest

from metrics import MEASURES, measure
from metrics.connection.bounds import KnownAndUnknown
from metrics.connection.ratio_change import TwoPeriods
from metrics.connection.reach import Silence
from metrics.connection.teams import UnitMembers
from metrics.connection.trend import PeriodCounts
from metrics.definition import Measure, Part, Result, Status
from metrics.participation import RateMoments
from tests.metrics.connection.pairing_tables import count_pairings
from tests.metrics.connection.pattern_tables import count_patterns
from tests.metrics.connection.stage_tables import count_stages
from tests.metrics.connection.test_change import summed
from tests.metrics.connection.test_leftout import outreach_of
from tests.metrics.connection.test_teams import unit_contacts
from tests.metrics.connection.test_where import place_counts

KEYS = (
    "participation_rate",
    "completion_rate",
    "feedback_rate",
    "cross_group_share",
    "cross_group_ratio",
    "opportunity_factor",
    "matching_factor",
    "meeting_factor",
    "uptake_factor",
    "continuation_factor",
    "connection_factor",
    "completion_by_crossing",
    "group_pair_ratio",
    "cross_group_trend",
    "coleman_index",
    "cross_group_reach",
    "no_conversation_share",
    "mixing_load",
    "adjusted_cross_group_ratio",
    "cross_group_bounds",
    "cross_group_ratio_by_place",
    "completion_by_place",
    "team_mix",
    "team_reach",
    "change_split",
    "ratio_change",
)


def empty_input(measure: Measure) -> tuple[object, Part]:
    """Return an aggregate of nobody, and a part of it."""
    nothing = np.zeros(0)
    if measure.reads == "pairing counts":
        part = {"group_pair_ratio": (0, 1), "coleman_index": (0,)}.get(measure.key, ())
        return count_pairings([], [], groups=2), part
    if measure.reads == "stage counts":
        part = (1,) if measure.key == "completion_by_crossing" else ()
        return count_stages([], [0, 1]), part
    if measure.reads == "difference patterns":
        return count_patterns([], np.zeros((0, 2), dtype=int)), (0,)
    if measure.reads == "pairing counts, known and unknown":
        return KnownAndUnknown(counts=count_pairings([], [], groups=2), unknown=0.0), ()
    if measure.reads == "outreach":
        return outreach_of([], [0, 1]), (0,)
    if measure.reads == "silence":
        nobody = np.zeros(2)
        return Silence(people=nobody, silent=nobody, whole_people=0, whole_silent=0), (0,)
    if measure.reads == "place counts":
        return place_counts([], [0, 1], []), ()
    if measure.reads == "unit members":
        return UnitMembers(people=np.zeros(2), everybody=np.zeros(2)), ()
    if measure.reads == "unit contacts":
        return unit_contacts([], [0, 1], [1, 1]), ()
    if measure.reads == "crossings by period":
        return PeriodCounts(labels=(), observed=nothing, expected=nothing, variance=nothing), ()
    if measure.key == "change_split":
        return summed([]), (0,)
    if measure.key == "ratio_change":
        empty = count_pairings([], [], groups=2)
        return TwoPeriods(earlier=empty, later=empty, people=(0, 0)), ()
    sums = ("denominator_squared", "product", "numerator_squared")
    return RateMoments(numerator=0, denominator=0, people=0, **dict.fromkeys(sums, 0.0)), ()


def test_keys_are_those_that_links_and_files_rely_on() -> None:
    assert tuple(each.key for each in MEASURES) == KEYS


@pytest.mark.parametrize("each", MEASURES, ids=[each.key for each in MEASURES])
def test_every_field_is_filled(each: Measure) -> None:
    for field in fields(each):
        assert getattr(each, field.name), field.name


@pytest.mark.parametrize("each", MEASURES, ids=[each.key for each in MEASURES])
def test_words_for_readers_are_whole_sentences(each: Measure) -> None:
    assert each.question.endswith("?")
    assert all(text.endswith(".") for text in (each.definition, each.caveat, each.source))
    assert not re.search(r"\s{2}|\bTODO\b", each.definition + each.caveat + each.source)


@pytest.mark.parametrize("each", MEASURES, ids=[each.key for each in MEASURES])
def test_nobody_gives_an_undefined_result_with_a_reason(each: Measure) -> None:
    result = each.compute(*empty_input(each))
    assert isinstance(result, Result)
    assert result.status is Status.UNDEFINED
    assert result.reason
    assert np.isnan([result.estimate, result.low, result.high]).all()


def test_a_measure_is_found_by_its_key() -> None:
    assert measure("feedback_rate").key == "feedback_rate"
    with pytest.raises(KeyError, match="cross_group_trend"):
        measure("missing")
