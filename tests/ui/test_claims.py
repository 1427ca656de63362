"""What the pictures of claims, ways of teaching and outcomes find, in words."""

from __future__ import annotations

import pytest

from release import Cell, Release
from release.contents import WHOLE
from tests.small_release import attribute, cell, contents, groups, measure, slice_, undefined
from ui.pictures.claims import LADDER, claim_finding, claims_pictures
from ui.pictures.modality import completion_finding, growth_finding, modality_pictures
from ui.pictures.outcomes import between_finding, gap_finding, outcome_pictures

NAMES = {"g0": "Empathy", "g1": "Agility"}
KEYS = (
    "growth_by_lottery", "growth_since_start", "growth_with_conversations", "growth_within_person",
    "growth_by_modality", "activity_completion", "outcome_gap", "outcome_gap_alike",
    "outcome_between_cohorts",
)  # fmt: skip
NOT_BY_LOT = "partners were not drawn by lot here"


def points(estimate: float, verdict: str, **facts: object) -> Cell:
    around = {"low": estimate - 0.1, "high": estimate + 0.1, "lottery_low": -0.1}
    told = {"expected": 0.0, "lottery_high": 0.1, "printed": f"{estimate:+.1f} points"}
    return cell(estimate, verdict, **(around | told | facts))


def release_of(*cells: Cell) -> Release:
    made = contents(cells=cells)
    scopes = (slice_("organisation", "Whole organisation"), attribute("function", "function"))
    parts = [
        group
        for breakdown in ("skill", "outcome", "modality")
        for group in groups(list(NAMES.values()), breakdown)
    ]
    texts = tuple(measure(key) for key in KEYS)
    fields = {"scopes": scopes, "groups": tuple(parts), "measures": texts}
    kept = {name: getattr(made, name) for name in ("cells", "periods", "about")}
    return Release(type(made)(**(kept | fields)))


def brief(words: str) -> str:
    assert len(words.split()) <= 14, words
    return words


@pytest.mark.parametrize("rung", LADDER, ids=[rung.measure for rung in LADDER])
def test_every_finding_is_brief_and_no_stronger_than_its_rung(rung):
    found = [points(0.4, "above", group="g0"), points(0.1, "noise", group="g1")]
    lower = [points(-0.4, "below", group="g0")]
    same = [points(0.1, "noise", group="g0")]
    words = [brief(claim_finding(rung, cells, NAMES, "function")) for cells in (found, lower, same)]
    refused = brief(claim_finding(rung, [undefined(group=WHOLE)], NAMES, "function"))
    assert ("caused" in words[0]) == (rung.word.startswith("caused"))
    assert ("no effect" in words[0]) == (rung.word == "associated")
    assert "empathy" in words[0]
    assert words[1].startswith("Less growth")
    both = [points(0.4, "above", group="g0"), points(0.2, "above", group="g1")]
    assert "More growth in two skills" in brief(claim_finding(rung, both, NAMES, "function"))
    assert "beyond noise" in words[2]
    assert "cannot be told" in refused


def test_the_ladder_says_why_there_is_no_stronger_word():
    release = release_of(
        undefined(
            measure="growth_by_lottery", breakdown="skill.function", group=WHOLE, reason=NOT_BY_LOT
        ),
        points(0.4, "above", measure="growth_with_conversations", breakdown="skill", group="g0"),
    )
    refused, claim = claims_pictures(release, "organisation", "function")
    assert refused.rows == []
    assert NOT_BY_LOT in refused.cells[0].reason
    assert "caused" not in refused.how_to_read
    assert NOT_BY_LOT in claim.note.replace("\\", "")
    assert claim.against["above"] == "more: associated"
    assert len(claim.rows) == 1


def test_nothing_published_gives_no_picture():
    empty = release_of()
    for pictures in (claims_pictures, modality_pictures, outcome_pictures):
        assert pictures(empty, "organisation", "function") == []
        assert pictures(empty, "organisation", None) == []


def test_peers_and_instructors_are_compared_in_words():
    place = {"measure": "growth_by_modality", "breakdown": "skill"}
    above = [points(0.3, "above", group="g0", **place)]
    below = [points(-0.3, "below", group="g0", **place)]
    assert "peers" in brief(growth_finding(above, NAMES))
    assert "instructors more" in brief(growth_finding(below, NAMES))
    same = brief(growth_finding([points(0.0, "noise", group="g0", **place)], NAMES))
    assert same == "Peers and instructors: no difference in growth beyond noise"
    assert "cannot" in brief(growth_finding([undefined(**place)], NAMES))


def test_completion_names_the_way_that_differs_most():
    place = {"measure": "activity_completion", "breakdown": "modality", "expected": 0.8}
    found = [
        cell(0.7, "below", group="g0", **place), cell(0.85, "above", group="g1", **place),
    ]  # fmt: skip
    words = brief(completion_finding(found, NAMES))
    assert words == "Empathy: completed less often than all ways together"
    same = [cell(0.8, "noise", group="g0", **place)]
    assert "equally often" in brief(completion_finding(same, NAMES))
    pictures = modality_pictures(release_of(*found), "organisation", None)
    assert [picture.key for picture in pictures] == ["activity_completion"]


def test_outcomes_say_that_people_chose():
    found = [points(10.0, "above", group="g0"), points(1.0, "noise", group="g1")]
    assert brief(gap_finding(found, NAMES)) == (
        "\u201cEmpathy\u201d is higher among people who chose to take part"
    )
    both = [points(10.0, "above", group="g0"), points(3.0, "above", group="g1")]
    assert brief(gap_finding(both, NAMES)) == (
        "\u201cEmpathy\u201d and \u201cAgility\u201d are higher among people who chose to take part"
    )
    assert "no difference" in brief(gap_finding([points(1.0, "noise", group="g0")], NAMES))
    few = [undefined(group=WHOLE, reason="only 12 cohorts have both")]
    assert "cannot be told" in brief(between_finding(few, NAMES, "function"))


def test_people_alike_stand_first_and_all_others_beside():
    place = {"breakdown": "outcome", "group": "g0"}
    release = release_of(
        points(9.0, "above", measure="outcome_gap_alike", **place),
        points(10.0, "above", measure="outcome_gap", **place),
        undefined(measure="outcome_between_cohorts", breakdown="outcome.function", group=WHOLE),
    )
    gap, between = outcome_pictures(release, "organisation", "function")
    assert gap.key == "outcome_gap_alike"
    assert "10" in gap.note
    assert between.rows == []
