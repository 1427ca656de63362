"""Gaps in growth on the sample: they follow from published gains, and are hidden with them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from builder.cells import CellKey, Draft
from builder.groups import published_groups
from builder.growth_audit import audit_growth
from builder.growth_spots import Families
from builder.places import ALL_TIME, Slice, read_places
from disclosure.gate import Verdict
from disclosure.thresholds import Thresholds
from metrics.definition import Result, Sensitivity
from release import Cell, Release
from sample_data import planted
from store.attribute_view import AttributeViews
from store.database import open_store
from store.stamping import read_facts

PLACE = "organisation"
PROGRAMMES = ("programme=crossings", "programme=open-table", "programme=sounding-board")


def gaps(release: Release, key: str = "growth_gap") -> list[Cell]:
    return [cell for cell in release.contents.cells if cell.measure == key]


def test_every_skill_is_compared_across_every_attribute(sample_release: Release) -> None:
    skills = set(sample_release.groups("skill"))
    for where in (PLACE, *PROGRAMMES):
        own = [cell for cell in gaps(sample_release) if cell.slice == where]
        assert {cell.group.partition(".")[0] for cell in own} == skills
        assert {"skill.gender", "skill.function"} <= {cell.breakdown for cell in own}
    assert len(gaps(sample_release)) == len(gaps(sample_release, "growth_gap_adjusted"))
    shown = {cell.slice for cell in gaps(sample_release) if cell.is_drawn}
    assert {PLACE, "programme=crossings", "programme=open-table"} <= shown


def test_a_gap_follows_from_the_gains_of_the_group_and_of_everybody(
    sample_release: Release,
) -> None:
    """Expected: (own - whole) N / (N - n), from published gains; rounded, so within steps."""
    drawn = [cell for cell in gaps(sample_release) if cell.is_drawn and cell.slice == PLACE]
    assert len(drawn) > 120
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
            if cell.slice != PLACE:
                continue
            own = sample_release.cell("skill_gain", PLACE, cell.breakdown, cell.group)
            assert own.is_drawn or not cell.is_drawn
    hidden = [cell for cell in gaps(sample_release) if cell.is_hidden]
    assert hidden


def test_what_is_planted_is_found_and_nothing_else(sample_release: Release) -> None:
    """Planted effect 8: data analysis grows by 0.45 in operations only.

    Beside everybody else, of whom nobody grows in it; an interval holds it.
    """
    group = f"{planted.TECHNICAL_SKILL}.{planted.TECHNICAL_FUNCTION}"
    for key in ("growth_gap", "growth_gap_adjusted"):
        found = [cell for cell in gaps(sample_release, key) if cell.verdict in ("above", "below")]
        whole = [cell for cell in found if cell.slice == PLACE]
        assert {cell.group for cell in found} == {group}
        assert [cell.verdict for cell in whole] == ["above"]
        assert whole[0].low < planted.TECHNICAL_GAIN < whole[0].high


def gap_of(skill: str, estimate: float) -> Draft:
    """Return the draft of a gap with an error of 0.1 points."""
    return Draft(
        key=CellKey(
            "growth_gap", Slice(PLACE, 0, PLACE, "Whole organisation"), ALL_TIME, "skill.gender",
            "gender", f"{skill}.woman", (skill, "Women"), by="peers", scale="1 to 5",
        ),
        result=Result(estimate=estimate, low=estimate - 0.2, high=estimate + 0.2, people=400,
                      expected=0.0, expected_error=0.1, spread=2.0, scale=(1, 5)),
        verdict=Verdict.SHOWN,
        sensitivity=Sensitivity.ATTITUDE,
        thresholds=Thresholds(),
    )  # fmt: skip


@pytest.mark.parametrize(("skills", "verdict"), [(1, "above"), (9, "noise")])
def test_all_skills_of_an_attribute_are_judged_together(skills: int, verdict: str) -> None:
    """Expected by hand: z about 2.4 is p = 0.016: less than 0.05, not than 0.05 / 9."""
    families = Families()
    for number in range(skills):
        skill = f"skill{number}"
        families.add(skill, gap_of(skill, 0.0 if number else 0.25))
    assert next(families.cells()).verdict == verdict


def audited(
    sample_copy, cells: tuple[Cell, ...], release: Release, attribute: str = "gender"
) -> set[str]:
    """Return the rules that these cells break."""
    engine = open_store(f"duckdb:///{sample_copy / 'store.duckdb'}")
    with engine.connect() as connection:
        facts = read_facts(connection)
        views, places = AttributeViews(connection, facts), read_places(connection, facts)
        thresholds = Thresholds()
        groups = published_groups(connection, facts, views, attribute, thresholds)
        one = Release(replace(release.contents, cells=cells))
        found = audit_growth(connection, facts, places, one, {attribute: groups}, thresholds)
    engine.dispose()
    return {finding.rule for finding in found}


@pytest.mark.parametrize(
    ("change", "rule"),
    [({}, None), ({"estimate": 0.4}, "value"), ({"group": "empathy.nobody"}, "not published")],
)
@pytest.mark.parametrize("key", ["growth_gap", "growth_gap_adjusted"])
@pytest.mark.parametrize("where", [PLACE, "programme=crossings"])
def test_the_audit_notices_a_wrong_gap(
    sample_copy, sample_release, change, rule, key, where
) -> None:
    cell = next(
        cell
        for cell in gaps(sample_release, key)
        if cell.group.endswith(".woman") and cell.slice == where and cell.is_drawn
    )
    found = audited(sample_copy, (replace(cell, **change),), sample_release)
    assert found == ({rule} if rule else set())


def test_the_audit_notices_a_gap_that_tells_of_few(sample_copy, sample_release) -> None:
    """A group of fewer than fifty people in a programme, made to look shown."""
    shown = next(cell for cell in gaps(sample_release) if cell.is_drawn)
    hidden = next(cell for cell in gaps(sample_release) if cell.status == "small"
                  and cell.breakdown == "skill.function" and cell.slice != PLACE)  # fmt: skip
    told = {name: getattr(shown, name) for name in ("estimate", "people", "status", "printed")}
    assert "people behind a mean" in audited(
        sample_copy, (replace(hidden, **told),), sample_release, "function"
    )
