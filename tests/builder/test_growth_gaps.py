"""Gaps in growth on the sample: they follow from published gains, and are hidden with them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from builder.groups import published_groups
from builder.growth_audit import audit_growth
from builder.places import read_places
from disclosure.thresholds import Thresholds
from release import Cell, Release
from store.attribute_view import AttributeViews
from store.database import open_store
from store.stamping import read_facts

PLACE = "organisation"


def gaps(release: Release, key: str = "growth_gap") -> list[Cell]:
    return [cell for cell in release.contents.cells if cell.measure == key]


def test_one_skill_is_compared_across_every_attribute(sample_release: Release) -> None:
    """Expected: the skill with the most people behind its gain, as peers see it."""
    skills = {cell.group.partition(".")[0] for cell in gaps(sample_release)}
    (skill,) = skills
    people = {cell.group: cell.people for cell in sample_release.contents.cells
              if cell.measure == "skill_gain" and cell.slice == PLACE
              and cell.breakdown == "skill"}  # fmt: skip
    assert people[skill] == max(people.values())
    assert {"skill.gender", "skill.function"} <= {cell.breakdown for cell in gaps(sample_release)}
    assert len(gaps(sample_release)) == len(gaps(sample_release, "growth_gap_adjusted"))


def test_a_gap_follows_from_the_gains_of_the_group_and_of_everybody(
    sample_release: Release,
) -> None:
    """Expected: (own - whole) N / (N - n), from published gains; rounded, so within steps."""
    drawn = [cell for cell in gaps(sample_release) if cell.is_drawn]
    assert len(drawn) > 12
    for cell in drawn:
        skill = cell.group.partition(".")[0]
        own = sample_release.cell("skill_gain", PLACE, cell.breakdown, cell.group)
        whole = sample_release.cell("skill_gain", PLACE, "skill", skill)
        part = whole.people / (whole.people - own.people)
        # half a step of a group of so many (0.1 for 50, 0.02 for 250 or more), whole, and gap
        step = 0.1 if own.people < 100 else 0.05 if own.people < 250 else 0.02
        expected = (own.estimate - whole.estimate) * part
        assert cell.estimate == pytest.approx(expected, abs=part * (step + 0.01) / 2 + 0.05)


def test_a_gap_is_hidden_where_the_gain_of_its_group_is(sample_release: Release) -> None:
    for key in ("growth_gap", "growth_gap_adjusted"):
        for cell in gaps(sample_release, key):
            own = sample_release.cell("skill_gain", PLACE, cell.breakdown, cell.group)
            assert own.is_drawn or not cell.is_drawn
    hidden = [cell for cell in gaps(sample_release) if cell.is_hidden]
    assert hidden


def test_nothing_is_found_where_nothing_is_planted(sample_release: Release) -> None:
    """Planted by function is data analysis alone, which is not the skill compared."""
    for key in ("growth_gap", "growth_gap_adjusted"):
        found = [cell for cell in gaps(sample_release, key) if cell.verdict in ("above", "below")]
        assert found == []


@pytest.mark.parametrize(
    ("change", "rule"),
    [({}, None), ({"estimate": 0.4}, "value"), ({"group": "empathy.nobody"}, "not published")],
)
def test_the_audit_notices_a_wrong_gap(sample_copy, sample_release, change, rule) -> None:
    (number,) = (
        place for place, cell in enumerate(sample_release.contents.cells)
        if cell.measure == "growth_gap" and cell.group.endswith(".woman")
    )  # fmt: skip
    cell = replace(sample_release.contents.cells[number], **change)
    engine = open_store(f"duckdb:///{sample_copy / 'store.duckdb'}")
    with engine.connect() as connection:
        facts = read_facts(connection)
        views, places = AttributeViews(connection, facts), read_places(connection, facts)
        thresholds = Thresholds()
        gender = published_groups(connection, facts, views, "gender", thresholds)
        one = Release(replace(sample_release.contents, cells=(cell,)))
        found = audit_growth(connection, facts, places, one, {"gender": gender}, thresholds)
    engine.dispose()
    assert {finding.rule for finding in found} == ({rule} if rule else set())
