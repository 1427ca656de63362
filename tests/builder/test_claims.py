"""Claims on the sample organisation: what is planted is found, and refusals say why."""

from __future__ import annotations

from dataclasses import replace

import pytest

from builder.claims_audit import audit_claims
from disclosure.thresholds import Thresholds
from release import Release
from release.contents import WHOLE
from store.database import open_store
from store.stamping import read_facts

WORDS = {
    "growth_by_lottery": "caused, for those assigned",
    "growth_since_start": "consistent with an effect if trends were parallel",
    "growth_within_person": "associated",
    "growth_with_conversations": "associated",
    "growth_by_modality": "associated",
    "outcome_gap_alike": "associated",
    "outcome_gap": "associated",
}
PLACE = "organisation"


def shown(release: Release, measure: str) -> list:
    return [cell for cell in release.contents.cells if cell.measure == measure and cell.is_drawn]


def test_only_the_skill_planted_beside_conversations_goes_with_them(sample_release):
    """Expected: 60 % of the growth of empathy is in proportion to conversations (planted.py)."""
    cells = sample_release.by_group("growth_with_conversations", PLACE, "skill")
    above = [cell.group for cell in cells if cell.verdict == "above"]
    assert above == ["empathy"]
    # planted: 0.21 points for the mean participant's 15 conversations, 0.07 for five of them
    empathy = next(cell for cell in cells if cell.group == "empathy")
    assert empathy.low <= 0.07 <= empathy.high


def test_skills_without_planted_growth_do_not_grow_with_a_start(sample_release):
    """Expected: vulnerability, agility and systems design do not move (planted.py)."""
    for skill in ("vulnerability", "agility", "systems_design"):
        cell = sample_release.cell("growth_since_start", PLACE, "skill", skill)
        assert cell.verdict == "noise"


def test_nothing_is_caused_where_partners_were_not_drawn_by_lot(sample_release):
    cell = sample_release.cell("growth_by_lottery", "programme=sounding-board", "skill.function")
    assert (cell.group, cell.status) == (WHOLE, "undefined")
    assert cell.reason.startswith("partners were not drawn by lot here")


def test_a_fair_lottery_answers_and_says_that_it_cannot_tell_the_planted_effect(sample_release):
    """Expected: 0.21 points for 15 conversations across functions (planted.py), and people of
    Crossings have 10.8 conversations, so 0.15 points between all across and none.
    """
    cells = sample_release.by_group("growth_by_lottery", "programme=crossings", "skill.function")
    assert {cell.verdict for cell in cells} == {"noise"}
    empathy = next(cell for cell in cells if cell.group == "empathy")
    assert empathy.low <= 0.15 <= empathy.high


def test_a_draw_that_leans_is_no_lottery(sample_release):
    """Expected: the circles of 2025 cross locations 0.80 times as often as a lottery."""
    cell = sample_release.cell("growth_by_lottery", "programme=open-table", "skill.location")
    assert cell.status == "undefined"
    assert "fair lottery" in cell.reason


def test_people_who_take_part_stay_more_often_and_the_page_says_that_they_chose_to(sample_release):
    """Expected: 93 % against 83 % stay, which people's own choice brings about."""
    for measure in ("outcome_gap", "outcome_gap_alike"):
        cell = sample_release.cell(measure, PLACE, "outcome", "retained")
        assert cell.verdict == "above"
        assert cell.low <= 10 <= cell.high
        assert cell.phrase == "associated"
    alike = sample_release.cell("outcome_gap_alike", PLACE, "outcome", "retained")
    assert "at equal" in alike.sentence


def test_twelve_cohorts_are_not_enough_to_say(sample_release):
    cell = sample_release.cell("outcome_between_cohorts", PLACE, "outcome.function")
    assert cell.status == "undefined"
    assert cell.reason.startswith("only 12 cohorts")


def test_ways_of_teaching_do_not_differ_where_nothing_is_planted(sample_release):
    cells = sample_release.by_group("activity_completion", PLACE, "modality")
    assert len(cells) == 8
    assert {cell.verdict for cell in cells} == {"noise"}
    growth = sample_release.by_group("growth_by_modality", PLACE, "skill")
    assert {cell.verdict for cell in growth} == {"noise"}


@pytest.mark.parametrize("measure", WORDS)
def test_a_claim_uses_no_stronger_word_than_its_rung_allows(sample_release, measure):
    for cell in shown(sample_release, measure):
        found = cell.verdict in ("above", "below")
        assert cell.phrase == (WORDS[measure] if found else "no difference beyond noise")
        assert ("caused" in cell.sentence) <= (measure == "growth_by_lottery")


def test_no_claim_rests_on_fewer_people_than_a_mean_needs(sample_release):
    for measure in WORDS:
        assert all(cell.people >= 50 for cell in shown(sample_release, measure))


def test_the_release_without_ratings_or_outcomes_makes_no_claims(contents):
    assert not [cell for cell in contents.cells if cell.measure in WORDS]


TAMPERED = (
    ("outcome_gap", "retained", {"estimate": 40.0, "low": 38.0, "high": 42.0}, "wrong number"),
    ("growth_with_conversations", "empathy", {"people": 40}, "few people"),
    ("growth_with_conversations", "empathy", {"people": 9_000}, "wrong number"),
    ("growth_since_start", "empathy", {"group": "courage"}, "not published"),
)


@pytest.fixture(scope="module")
def audited(sample_copy, sample_release):
    """Return what audits the claims of a release against the store of the sample."""
    engine = open_store(f"duckdb:///{sample_copy / 'store.duckdb'}")
    published = {
        attribute: None for attribute, scope in sample_release.breakdowns.items() if not scope.note
    }
    with engine.connect() as connection:
        facts = read_facts(connection)
        yield lambda release: audit_claims(connection, facts, release, published, Thresholds())
    engine.dispose()


def test_the_audit_keeps_quiet_about_claims_that_are_right(audited, sample_release):
    assert audited(sample_release) == []


@pytest.mark.parametrize(("measure", "group", "changes", "rule"), TAMPERED)
def test_the_audit_notices_a_wrong_claim(audited, sample_release, measure, group, changes, rule):
    contents = sample_release.contents
    cells = [
        replace(cell, **changes) if (cell.measure, cell.group) == (measure, group) else cell
        for cell in contents.cells
    ]
    findings = audited(Release(replace(contents, cells=tuple(cells))))
    assert {finding.rule for finding in findings} == {rule}
