"""The tables obey what the schema declares."""

from __future__ import annotations

import pandas as pd
import pytest
from sqlalchemy import Boolean, Date, Integer

from schema import CANONICAL, IMPORT_ORDER, UtcTimestamp, allowed_values, is_required, reference

TABLES = pytest.mark.parametrize("name", IMPORT_ORDER)


def declared(name: str) -> list:
    return [column for column in CANONICAL[name].columns if not column.info.get("lineage")]


@TABLES
def test_a_table_has_exactly_the_declared_columns_and_some_rows(tables, name):
    assert list(tables[name].columns) == [column.name for column in declared(name)]
    assert len(tables[name]) > 0


@TABLES
def test_keys_are_unique_and_filled(tables, name):
    key = [column.name for column in declared(name) if column.primary_key]
    assert not tables[name].duplicated(key).any()
    assert not tables[name][key].isna().any().any()


@TABLES
def test_required_columns_are_filled_and_words_are_allowed(tables, name):
    for column in declared(name):
        values = tables[name][column.name]
        if is_required(column):
            assert values.notna().all(), column.name
        if allowed_values(column):
            assert set(values.dropna()) <= set(allowed_values(column)), column.name


@TABLES
def test_references_resolve(tables, name):
    for column in declared(name):
        if reference(column) is None:
            continue
        table, target = reference(column)
        assert tables[name][column.name].dropna().isin(tables[table][target]).all(), column.name


@TABLES
def test_types_are_those_of_the_schema(tables, name):
    for column in declared(name):
        kind = tables[name][column.name].dtype
        if isinstance(column.type, UtcTimestamp):
            assert str(kind) == "datetime64[s, UTC]"
        elif isinstance(column.type, Date):
            assert str(kind) == "datetime64[s]"
            assert (tables[name][column.name].dropna().dt.hour == 0).all()
        elif isinstance(column.type, Boolean):
            assert str(kind) == "bool"
        elif isinstance(column.type, Integer):
            assert (tables[name][column.name].dropna() % 1 == 0).all()


def test_instants_and_days_lie_within_the_eighteen_months(tables):
    start = tables["conversation"].scheduled_start_at
    assert start.min() >= pd.Timestamp("2025-04-01", tz="UTC")
    assert start.max() < pd.Timestamp("2026-10-01", tz="UTC")
    assert set(tables["cohort"].ends_on.dt.year) <= {2026}


def test_spans_of_time_do_not_run_backwards(tables):
    spell, place = tables["employment_spell"], tables["enrolment"]
    value = tables["person_attribute"]
    assert not (spell.left_on < spell.hired_on).any()
    assert not (place.ended_on < place.enrolled_on).any()
    assert not (value.valid_to <= value.valid_from).any()


def test_nobody_is_offered_or_seated_twice_and_every_offer_has_two_members(tables):
    seat = tables["conversation_participant"].dropna(subset=["person_id"])
    assert not seat.duplicated(["conversation_id", "person_id"]).any()
    assert tables["match_member"].groupby("match_id").size().between(2, 4).all()
    assert set(tables["match"].match_id) == set(tables["match_member"].match_id)


def test_everybody_offered_was_in_the_pool_and_employed(tables):
    member = tables["match_member"].merge(tables["match"], on="match_id")
    pooled = member.merge(tables["match_pool"], on=["cohort_id", "round_no", "person_id"])
    assert len(pooled) == len(member)
    spell = (
        tables["employment_spell"].sort_values("spell_no").drop_duplicates("person_id", keep="last")
    )
    day = pooled.offered_at.dt.tz_localize(None)
    hired = pooled.person_id.map(spell.set_index("person_id").hired_on)
    left = pooled.person_id.map(spell.set_index("person_id").left_on)
    assert (hired <= day).all() and not (left <= day.dt.normalize()).any()


def test_completed_conversations_have_evidence_a_start_and_a_length(tables):
    held = tables["conversation"].query("status == 'completed'")
    assert (held.evidence != "none").all()
    assert held[["actual_start_at", "duration_s", "topic_code"]].notna().all().all()
    assert tables["conversation"].query("status != 'completed'").duration_s.isna().all()


def test_a_value_is_given_exactly_where_its_state_says_so(tables):
    value, answer = tables["person_attribute"], tables["answer"]
    assert ((value.value_code != "") == (value.state == "given")).all()
    filled = (answer.option_code != "") ^ answer.value_num.notna()
    assert (filled == (answer.state == "given")).all()
    rating = tables["skill_rating"]
    assert (rating.value_num.notna() == (rating.state == "given")).all()
    assert rating.value_num.dropna().between(1, 5).all()
    assert answer.value_num.dropna().between(1, 5).all()


def test_feedback_comes_from_people_who_were_there_and_after_it(tables):
    given = tables["response"].dropna(subset=["conversation_id"])
    seat = tables["conversation_participant"].query("attended == 'yes'")
    there = given.merge(seat, on=["conversation_id", "person_id"])
    there = there.merge(tables["conversation"], on="conversation_id")
    assert len(there) == len(given)
    assert (there.submitted_at > there.actual_start_at).all()


def test_one_attribute_value_holds_at_a_time_unless_it_is_multi(tables):
    value = tables["person_attribute"].query("attribute_code != 'ethnicity'")
    value = value.sort_values(["person_id", "attribute_code", "valid_from"])
    later = value.groupby(["person_id", "attribute_code"]).valid_from.shift(-1)
    assert (value.valid_to[later.notna()] == later.dropna()).all()
    assert value.valid_to[later.isna()].isna().all()
