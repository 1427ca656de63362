"""Where partners are drawn by lottery, verdicts are rare from end to end; where not, they come."""

from __future__ import annotations

import random
from collections import defaultdict

import pytest
from sqlalchemy import create_engine

from schema import METADATA
from tests.builder.organisation import computed
from tests.store import by_hand
from tests.store.small_organisation import fill, make_rows

ORGANISATIONS = 20
PEOPLE = 160
CHAIN = ("cross_group_share", "cross_group_ratio", "group_pair_ratio", "cross_group_trend")
RATE = 0.05
"""Verdicts are corrected to 5 % false ones over what is looked at together."""
SLACK = 0.05
"""Two standard errors of 5 % in about 80 views."""


def organisation_without_effect(seed):
    """Return an organisation of one programme whose pairs were drawn by lot inside pools."""
    rows = make_rows(seed, PEOPLE)
    rows["cohort"] = [row for row in rows["cohort"] if row["programme_id"] == "alpha"]
    rows["programme"] = [row for row in rows["programme"] if row["programme_id"] == "alpha"]
    cohorts = {row["cohort_id"] for row in rows["cohort"]}
    for table in ("enrolment", "match", "match_pool", "conversation"):
        rows[table] = [row for row in rows[table] if row["cohort_id"] in cohorts]
    rows["attribute_def"] = rows["attribute_def"][:1]
    for table in ("attribute_value_def", "person_attribute"):
        rows[table] = [row for row in rows[table] if row["attribute_code"] == "function"]
    return rows


def with_half_of_the_meetings_inside_groups(rows, seed):
    """Return the rows without half of the conversations in which nobody crosses a group."""
    draw = random.Random(seed)
    seats = defaultdict(set)
    for row in rows["conversation_participant"]:
        if row["person_id"]:
            seats[row["conversation_id"]].add(row["person_id"])
    kept = []
    for row in rows["conversation"]:
        moment = row["scheduled_start_at"]
        groups = {
            by_hand.group_at(rows, person, "function", moment)
            for person in seats[row["conversation_id"]]
        }
        if len(groups) > 1 or draw.random() < 0.5:
            kept.append(row)
    return rows | {"conversation": kept}


@pytest.fixture(scope="module")
def engine():
    """Return one store for all organisations: its statements are compiled once."""
    return create_engine("sqlite://")


def verdicts(engine, rows):
    """Return the verdicts of each view: measure, slice and breakdown."""
    METADATA.drop_all(engine)
    fill(engine, rows)
    found = defaultdict(set)
    for cell in computed(engine).cells:
        if cell.breakdown != "none" and cell.verdict:
            found[cell.measure, cell.slice, cell.breakdown].add(cell.verdict)
    return found


def share_beyond_noise(views):
    """Return the share of views in which anything is said to be above or below."""
    return sum(bool({"above", "below"} & each) for each in views) / len(views)


@pytest.mark.simulation
def test_where_pairs_are_drawn_by_lot_few_views_show_anything_beyond_noise(engine):
    by_view, single = defaultdict(set), []
    for seed in range(ORGANISATIONS):
        found = verdicts(engine, organisation_without_effect(seed))
        for (measure, slice_, attribute), said in found.items():
            single.append(said)
            if measure in CHAIN:
                by_view[seed, slice_, attribute] |= said
    assert len(by_view) > 3 * ORGANISATIONS
    assert share_beyond_noise(list(by_view.values())) <= RATE + SLACK
    assert share_beyond_noise(single) <= RATE


def test_where_people_meet_half_as_often_inside_groups_it_is_said(engine):
    rows = with_half_of_the_meetings_inside_groups(organisation_without_effect(0), seed=0)
    found = verdicts(engine, rows)
    assert "above" in found["cross_group_ratio", "organisation", "function"]
    assert "below" not in found["cross_group_ratio", "organisation", "function"]
