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
from metrics.engagement.before_after import BeforeAfter
from metrics.engagement.measures import ComparedShare
from metrics.engagement.record import AlarmRecord, Counted, Record
from metrics.engagement.risk import Expectation
from metrics.engagement.survival import life_table
from metrics.equity.four_fifths import GroupRates
from metrics.growth.missing import Started
from metrics.participation import RateMoments
from metrics.profiles.measures import Association
from metrics.surveys.bands import BandSums
from metrics.surveys.reliability import QuestionSums
from tests.metrics.claims.nobody import claims_of_nobody
from tests.metrics.cohorts.nobody import cohorts_of_nobody
from tests.metrics.connection.crossed_tables import count_crossed
from tests.metrics.connection.pairing_tables import count_pairings
from tests.metrics.connection.pattern_tables import count_patterns
from tests.metrics.connection.stage_tables import count_stages
from tests.metrics.connection.test_change import summed
from tests.metrics.connection.test_helping import help_counts
from tests.metrics.connection.test_leftout import outreach_of
from tests.metrics.connection.test_pooling import crossed_ratios
from tests.metrics.connection.test_teams import unit_contacts
from tests.metrics.connection.test_where import place_counts
from tests.metrics.equity.tables import single
from tests.metrics.growth.test_gain import paired, waves
from tests.metrics.growth.test_gaps import gain_sums
from tests.metrics.growth.test_overall import published_skills
from tests.metrics.growth.test_retrospective import looking_back
from tests.metrics.surveys.test_scales import differences

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
    "help_balance_across",
    "help_given_across",
    "help_received_across",
    "help_balance",
    "help_given",
    "help_received",
    "adjusted_cross_group_ratio",
    "cross_group_bounds",
    "cross_group_ratio_by_place",
    "completion_by_place",
    "team_mix",
    "team_reach",
    "cross_group_ratio_by_intake",
    "change_split",
    "ratio_change",
    "crossed_group_ratio",
    "crossed_group_ratio_alone",
    "skill_gain",
    "skill_mean",
    "skill_gain_standardised",
    "skill_coverage",
    "skill_gain_weighted",
    "skill_rise_bounds",
    "skill_gain_shrunk",
    "skill_gain_then",
    "skill_response_shift",
    "growth_gap",
    "growth_gap_adjusted",
    "growth_overall",
    "growth_level",
    "learning_source_share",
    "psychological_safety",
    "inclusion_score",
    "scale_score",
    "scale_change",
    "scale_band_share",
    "survey_response_rate",
    "scale_alpha",
    "scale_omega",
    "feedback_mean",
    "feedback_difference",
    "ally_share",
    "ally_no_occasion_share",
    "growth_by_lottery",
    "growth_since_start",
    "growth_within_person",
    "growth_with_conversations",
    "growth_by_modality",
    "activity_completion",
    "outcome_gap_alike",
    "outcome_gap",
    "outcome_between_cohorts",
    "cycle_participation",
    "cohort_alarm",
    "programme_lately",
    "alarm_record",
    "alarm_recall",
    "cycle_outcome",
    "step_share",
    "survival",
    "expected_dropouts",
    "cohort_change_since",
    "cohort_rate",
    "cohort_rate_shrunk",
    "cohort_ratio",
    "cohort_ratio_shrunk",
    "cohort_change",
    "cohort_change_shrunk",
    "cohort_limits",
    "equity_gap",
    "equity_gap_adjusted",
    "equity_gap_standardised",
    "equity_rate",
    "equity_ratio",
    "profile_share",
    "profile_habit",
    "profile_share_by_group",
    "profile_association",
)


def empty_input(measure: Measure) -> tuple[object, Part]:
    """Return an aggregate of nobody, and a part of it."""
    nothing = np.zeros(0)
    nothing_claimed = claims_of_nobody()
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
    if measure.reads == "help counts":
        return help_counts([]), ()
    if measure.reads == "silence":
        nobody = np.zeros(2)
        return Silence(people=nobody, silent=nobody, whole_people=0, whole_silent=0), (0,)
    if measure.reads == "place counts":
        return place_counts([], [0, 1], []), ()
    if measure.reads == "crossed counts":
        return count_crossed([], [0, 1], [0, 0])[0], (0,)
    if measure.reads == "crossed ratios":
        return crossed_ratios([np.nan, np.nan]), (0,)
    if measure.reads == "unit members":
        return UnitMembers(people=np.zeros(2), everybody=np.zeros(2)), ()
    if measure.reads == "unit contacts":
        return unit_contacts([], [0, 1], [1, 1]), ()
    if measure.reads == "crossings by period":
        return PeriodCounts(labels=(), observed=nothing, expected=nothing, variance=nothing), ()
    if measure.reads == "paired ratings":
        return paired([], []), ()
    if measure.reads in ("published changes of skills", "published levels of skills"):
        return published_skills([], []), ()
    if measure.reads == "gain sums":
        return gain_sums([], [], []), ()
    if measure.reads == "ratings looking back":
        return looking_back([], [], []), ()
    if measure.reads == "ratings by wave":
        return waves([]), ()
    if measure.reads == "scores in bands":
        return BandSums(people=0, low=0, high=0), (0,)
    if measure.reads == "scores by wave":
        return waves([]), ()
    if measure.reads == "score differences":
        return differences([]), ()
    if measure.reads == "products of answers":
        return QuestionSums(people=0, totals=nothing, products=np.zeros((0, 0))), ()
    if measure.reads == "people who started":
        return Started(x=nothing, y=nothing, known=np.zeros((0, 1)), scale=(1.0, 5.0)), ()
    if measure.reads == "compared shares":
        return ComparedShare(share=0.0, people=0, trials=0.0), ()
    if measure.reads == "alarm records":
        return AlarmRecord(record=Record(Counted(0, 0, 0.0), Counted(0, 0, 0.0)), people=0), ()
    if measure.reads == "changes of cohorts":
        return BeforeAfter(own=None, others=(), people=0), ()
    if measure.reads == "chances to stop":
        return Expectation(chances=np.zeros(0), alike=np.zeros(0)), ()
    if measure.reads == "life tables":
        return life_table([], []), (0,)
    if measure.reads == "group sums":
        return single(np.zeros((0, 2)), np.zeros((0, 2))), ()
    if measure.reads == "group rates":
        return GroupRates(shares=nothing, sizes=nothing, people=nothing), (0,)
    if measure.key in cohorts_of_nobody():
        return cohorts_of_nobody()[measure.key], (0,)
    if measure.reads == "associations":
        return Association(value=float("nan"), people=0), ()
    if measure.reads == "cohorts together":
        return None, (0,)
    if measure.key in nothing_claimed:
        return nothing_claimed[measure.key], ()
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
