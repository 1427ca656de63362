"""Every planted effect is there when it is counted plainly; expected values are those planted."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from sample_data import planted
from tests.sample_data import plainly


def of_programme(both: pd.DataFrame, programme: str) -> pd.DataFrame:
    return both[both.programme_id == programme]


def completion_ratio(both: pd.DataFrame) -> float:
    held = both[both.held > 0]
    return plainly.cross_share(held) / plainly.lottery_share(both)


def test_opportunity_location_pools_limit_who_can_meet_but_the_draw_within_them_is_fair(tables):
    both = of_programme(plainly.pairs(tables, "function"), "crossings")
    lottery = plainly.lottery_share(both)
    # by hand from the planted shares: 0.30 x 0.33 + 0.70 x 0.83 is 0.68, and 0.68 / 0.83 is 0.82
    assert lottery / plainly.headcount_share(both) == pytest.approx(0.82, abs=0.05)
    assert plainly.cross_share(both) / lottery == pytest.approx(1, abs=0.025)


def test_matching_mentoring_crosses_function_more_than_its_lottery(tables):
    both = of_programme(plainly.pairs(tables, "function"), "sounding-board")
    ratio = plainly.cross_share(both) / plainly.lottery_share(both)
    assert ratio == pytest.approx(planted.FUNCTION_RATIO, abs=0.05)


def test_uptake_offers_across_seniority_are_completed_less_often(tables):
    both = of_programme(plainly.pairs(tables, "seniority"), "crossings")
    rate = both.groupby("crosses")[["held", "due"]].sum().eval("held / due")
    assert rate[True] == pytest.approx(planted.COMPLETION_CROSS_SENIORITY, abs=0.03)
    assert rate[False] == pytest.approx(planted.COMPLETION_SAME_SENIORITY, abs=0.03)
    assert plainly.cross_share(both) / plainly.lottery_share(both) == pytest.approx(1, abs=0.025)
    assert 0.84 < completion_ratio(both) < 0.92


def test_uptake_differs_by_seniority_in_peer_coaching_only(tables):
    both = plainly.pairs(tables, "seniority")
    for programme in ("sounding-board", "open-table"):
        assert completion_ratio(of_programme(both, programme)) == pytest.approx(1, abs=0.04)


def test_the_null_attribute_makes_no_difference_to_completion(tables):
    seat = plainly.seats(tables)
    rate = seat.groupby("person_id").completed.mean()
    value = tables["person_attribute"].query(
        "attribute_code == @planted.NULL_ATTRIBUTE and state == 'given'"
    )
    value = value.set_index("person_id").value_code.reindex(rate.index)
    groups = [rate[value == band] for band in value.dropna().unique()]
    assert stats.f_oneway(*groups).pvalue > 0.01


def test_the_null_attribute_makes_no_difference_to_who_meets_whom(tables):
    both = plainly.pairs(tables, planted.NULL_ATTRIBUTE)
    for programme in planted.COMPLETION:
        here = of_programme(both, programme)
        share, lottery = plainly.cross_share(here), plainly.lottery_share(here)
        z = (share - lottery) / np.sqrt(lottery * (1 - lottery) / here.weight.sum())
        assert stats.norm.sf(abs(z)) * 2 > 0.01, programme
        assert completion_ratio(here) == pytest.approx(1, abs=0.03)


@pytest.mark.parametrize("attribute", ["function", "location", "gender", "seniority"])
def test_the_null_attribute_is_independent_of_the_other_attributes(tables, attribute):
    known = (
        tables["person_attribute"]
        .query("state == 'given'")
        .drop_duplicates(["person_id", "attribute_code"])
    )
    wide = known.set_index(["person_id", "attribute_code"]).value_code
    wide = pd.DataFrame({code: wide.xs(code, level=1) for code in ("gender", attribute, "tenure")})
    wide = wide[wide.gender != planted.SMALL_GENDER]
    table = pd.crosstab(wide[planted.NULL_ATTRIBUTE], wide[attribute])
    assert stats.chi2_contingency(table).pvalue > 0.01


def test_one_cohort_goes_quiet_over_three_cycles(tables):
    match = plainly.offers(tables).query("cohort_id == @planted.QUIET_COHORT")
    rate = match.groupby("round_no")[["held", "due"]].sum().eval("held / due")
    first = planted.QUIET_FROM_ROUND
    before, after = rate[rate.index < first], rate[rate.index >= first + 2]
    assert before.min() > 0.75
    assert rate[first] < before.mean() - 0.05 and rate[first + 1] < rate[first]
    usual = planted.COMPLETION["sounding-board"]
    assert after.mean() == pytest.approx(usual * planted.QUIET_FACTORS[-1], abs=0.08)


def test_no_other_mentoring_cohort_goes_quiet(tables):
    match = plainly.offers(tables).query("programme_id == 'sounding-board'")
    match = match[match.cohort_id != planted.QUIET_COHORT]
    rate = match.groupby(["cohort_id", "round_no"])[["held", "due"]].sum()
    assert rate[rate.due >= 40].eval("held / due").min() > 0.65


def test_simpson_women_complete_less_overall_and_more_in_every_programme(tables):
    seat = plainly.seats(tables)
    seat["gender"] = plainly.value_on(tables, seat.person_id, seat.day, "gender")
    seat = seat[seat.gender.isin(["woman", "man"])]
    overall = seat.groupby("gender").completed.mean()
    assert overall["woman"] - overall["man"] < -0.03
    within = seat.pivot_table(index="programme_id", columns="gender", values="completed")
    assert (within.woman >= within.man).all()


def test_trend_circles_cross_locations_more_after_the_new_rule(tables):
    both = of_programme(plainly.pairs(tables, "location"), "open-table")
    for quarter, planted_ratio in planted.LOCATION_RATIO.items():
        here = both[both.quarter == quarter]
        ratio = plainly.cross_share(here) / plainly.lottery_share(here)
        assert ratio == pytest.approx(planted_ratio, abs=0.06), quarter
    rounds = tables["match_round"].query("cohort_id.str.startswith('open-table')")
    ruled = rounds.run_at >= pd.Timestamp(planted.NEW_RULE_ON, tz="UTC")
    assert set(rounds.method[ruled]) == {"rule"} and set(rounds.method[~ruled]) == {"random"}


@pytest.mark.parametrize(("skill", "gain"), planted.SKILL_GAIN.items())
def test_skills_of_participants_grow_as_planted_in_the_eyes_of_peers(tables, skill, gain):
    change = plainly.changes(tables, "peer").query("participant and skill_code == @skill").change
    if skill == planted.TECHNICAL_SKILL:
        gain = planted.TECHNICAL_GAIN * 0.18  # operations' share of the people
    assert change.mean() == pytest.approx(gain, abs=3 * change.sem())


def test_empathy_grows_and_vulnerability_does_not(tables):
    change = plainly.changes(tables, "peer").query("participant").groupby("skill_code").change
    assert change.mean()["empathy"] / change.sem()["empathy"] > 5
    assert abs(change.mean()["vulnerability"]) / change.sem()["vulnerability"] < 2.58


def test_empathy_grows_more_with_more_cross_function_conversations(tables):
    seat = plainly.seats(tables).query("completed == 1 and attended == 'yes'")
    seat["value"] = plainly.value_on(tables, seat.person_id, seat.day, "function")
    crosses = seat.groupby("conversation_id").value.transform("nunique") > 1
    dose = seat[crosses].groupby("person_id").size()
    change = plainly.changes(tables, "peer").query("participant and skill_code == 'empathy'")
    change["dose"] = change.person_id.map(dose).fillna(0)
    result = stats.linregress(change.dose, change.change)
    assert result.slope > 0 and result.pvalue < 0.01


def test_participants_rate_their_own_awareness_lower_while_peers_rate_it_higher(tables):
    own = plainly.changes(tables, "self").query("participant and skill_code == 'awareness'").change
    peer = plainly.changes(tables, "peer").query("participant and skill_code == 'awareness'").change
    shift = planted.RESPONSE_SHIFT["awareness"]
    assert own.mean() == pytest.approx(shift, abs=3 * own.sem()) and own.mean() < -0.1
    assert peer.mean() > 0.1


def test_looking_back_shows_the_gain_that_the_moved_yardstick_hides(tables):
    own = tables["skill_rating"].query("rater_kind == 'self' and wave_id == 'wave-4'")
    back = own[own.about_wave_id.notna()].set_index("person_id").value_num
    last = own[own.about_wave_id.isna()].query("skill_code == 'awareness'")
    gain = (last.set_index("person_id").value_num - back).dropna()
    inside = gain.index.isin(plainly.participants(tables))
    for own_gain, planted_gain in (
        (gain[inside], planted.SKILL_GAIN["awareness"] - planted.RECALL),
        (gain[~inside], -planted.RECALL),
    ):
        assert own_gain.mean() == pytest.approx(planted_gain, abs=3 * own_gain.sem())


def test_one_technical_skill_grows_in_one_function_only(tables):
    change = plainly.changes(tables, "peer").query(
        "participant and skill_code == @planted.TECHNICAL_SKILL"
    )
    first_day = pd.Series(pd.Timestamp("2026-08-31"), index=change.index)
    function = plainly.value_on(tables, change.person_id, first_day, "function")
    inside = change.change[function == planted.TECHNICAL_FUNCTION]
    outside = change.change[function != planted.TECHNICAL_FUNCTION]
    assert inside.mean() > 0.2
    assert abs(outside.mean()) < 0.1


def test_a_gender_group_is_too_small_to_show(tables):
    value = tables["person_attribute"].query("value_code == @planted.SMALL_GENDER")
    assert value.person_id.nunique() == planted.SMALL_GENDER_PEOPLE
    assert 0 < len(plainly.participants(tables) & set(value.person_id)) < 10


def test_one_function_carries_more_of_the_mixing_load(tables):
    seat = plainly.seats(tables).query("programme_id == 'crossings' and completed == 1")
    function = plainly.value_on(tables, seat.person_id, seat.day, "function")
    per_person = seat.groupby(function).size() / seat.person_id.groupby(function).nunique()
    others = per_person.drop(planted.LOADED_FUNCTION)
    assert per_person[planted.LOADED_FUNCTION] > 1.3 * others.max()


def test_participants_stay_more_often(tables):
    kept = tables["outcome"].query("outcome_code == 'retained'")
    took_part = kept.person_id.isin(plainly.participants(tables))
    rate = kept.groupby(took_part).value_num.mean()
    assert rate[True] - rate[False] == pytest.approx(
        planted.LEAVE_OTHER - planted.LEAVE_PARTICIPANT, abs=0.05
    )


def test_participants_come_to_learn_more_from_peers(tables):
    answer = tables["answer"].query("item_id == 'learning_source' and state == 'given'")
    answer = answer.merge(tables["response"], on="response_id")
    answer = answer[answer.person_id.isin(plainly.participants(tables))]
    share = answer.groupby("wave_id").option_code.value_counts(normalize=True)
    for option in planted.LEARNING_SOURCE_START:
        start, end = planted.LEARNING_SOURCE_START[option], planted.LEARNING_SOURCE_END[option]
        assert share.loc["wave-1", option] == pytest.approx(start, abs=0.05)
        assert share.loc["wave-4", option] == pytest.approx(end, abs=0.05)


def test_feedback_is_given_after_55_to_70_percent_of_seats(tables):
    seat = plainly.seats(tables).query("completed == 1 and attended == 'yes'")
    assert 0.55 < tables["response"].conversation_id.notna().sum() / len(seat) < 0.70


def test_conversations_with_women_help_more_often(tables):
    answer = tables["answer"].query("item_id == 'after-helped_me' and state == 'given'")
    answer = answer.merge(tables["response"], on="response_id")
    there = tables["conversation_participant"].query("attended == 'yes'")
    both = answer.merge(there, on="conversation_id", suffixes=("", "_other"))
    both = both[both.person_id_other != both.person_id]
    gender = tables["person_attribute"].query("attribute_code == 'gender' and state == 'given'")
    both["gender"] = both.person_id_other.map(gender.set_index("person_id").value_code)
    # of two people alone, so that nobody else had a part in it
    alone = both[both.groupby("response_id").person_id_other.transform("size") == 1]
    share = (alone.option_code == "yes").groupby(alone.gender).mean()
    assert share["man"] == pytest.approx(planted.HELPED, abs=0.02)
    more = share[planted.HELPING_GENDER] - share["man"]
    assert more == pytest.approx(planted.HELPED_MORE, abs=0.03)


def test_psychological_safety_is_consistent_once_its_items_are_turned_round(tables):
    item = tables["item"].query("construct == 'psychological_safety'")
    answer = tables["answer"][tables["answer"].item_id.isin(item.item_id)]
    wide = answer.pivot_table(index="response_id", columns="item_id", values="value_num").dropna()
    turned = item.item_id[item.reversed]
    assert list(turned.str[-1]) == ["1", "3", "5"]  # Edmondson 1999
    wide[turned] = 6 - wide[turned]
    k = wide.shape[1]
    alpha = k / (k - 1) * (1 - wide.var().sum() / wide.sum(axis=1).var())
    assert k == 7 and 0.7 < alpha < 0.9


def test_some_people_change_function_or_are_promoted(tables):
    changed = tables["person_attribute"].dropna(subset=["valid_to"]).person_id.nunique()
    assert 0.04 < changed / len(tables["person"]) < 0.07
