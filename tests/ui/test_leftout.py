"""What the pictures of reach, silence, load and Coleman's index find, in words."""

from __future__ import annotations

import pytest

from release import Cell, Release
from tests.small_release import cell, contents, hidden, undefined
from ui.pictures.leftout import (
    index_finding,
    leftout_pictures,
    load_finding,
    reach_finding,
    silence_finding,
)

NAMES = ("Design", "Sales", "Support")
RELEASE = Release(contents(names=NAMES))
FINDINGS = (load_finding, reach_finding, index_finding)


def cells(*facts: tuple[float, str, str]) -> list[Cell]:
    return [
        cell(estimate, verdict, printed=printed, group=f"g{number}")
        for number, (estimate, verdict, printed) in enumerate(facts)
    ]


def brief(words: str) -> str:
    assert len(words.split()) <= 14
    return words


def test_the_group_that_carries_most_beyond_a_lottery_is_named():
    found = cells((1.8, "above", "1.8 times"), (2.0, "noise", "2.0 times"), (0.4, "noise", "0.4"))
    words = brief(load_finding(found, RELEASE, "function"))
    assert (
        words.replace("\\", "") == "Design carries 1.8 times the cross-group conversations a head"
    )


def test_a_load_that_a_lottery_gives_is_called_unavoidable():
    found = cells((7.4, "noise", "7.4 times"), (0.5, "noise", "0.5 times"))
    words = brief(load_finding(found, RELEASE, "function"))
    assert words == "No group carries more of the mixing than is unavoidable"


def test_the_group_that_reaches_less_than_a_lottery_is_named():
    found = cells((0.7, "below", "70 %"), (0.9, "noise", "90 %"))
    words = brief(reach_finding(found, RELEASE, "function"))
    assert words == "70 % of Design reach another group, fewer than by lottery"


def test_reach_near_everybody_and_without_a_choice_are_said():
    near = cells((0.975, "noise", "over 95 %"), (0.975, "noise", "over 95 %"))
    assert "nearly everybody has met" in brief(reach_finding(near, RELEASE, "function"))
    alone = cells((0.025, "", "under 5 %"))
    assert "Nobody had a choice" in brief(reach_finding(alone, RELEASE, "function"))


def test_silence_names_a_group_only_beyond_noise():
    whole = cell(0.14, "", printed="14 %")
    found = cells((0.24, "above", "24 %"), (0.13, "noise", "13 %"))
    words = brief(silence_finding(found, whole, RELEASE, "function"))
    assert words == "24 % of Design have met nobody, more than of everybody"
    quiet = brief(silence_finding(cells((0.13, "noise", "13 %")), whole, RELEASE, "function"))
    assert quiet == "14 % have met nobody; no group stands out beyond noise"


def test_an_index_is_told_in_both_directions():
    inside = cells((0.3, "above", "+0.30"), (-0.2, "below", "−0.20"))
    assert index_finding(inside, RELEASE, "function") == "Design keeps most to itself"
    outside = cells((0.0, "noise", "0.00"), (-0.2, "below", "−0.20"))
    words = brief(index_finding(outside, RELEASE, "function"))
    assert words == "No group keeps to itself; Sales goes furthest towards others"


@pytest.mark.parametrize("finding", FINDINGS)
def test_nothing_shown_is_said_as_such(finding):
    kept_back = [hidden(group="g0"), hidden("protects", group="g1")]
    assert finding(kept_back, RELEASE, "function").endswith("cannot be shown here")
    empty = [undefined(group="g0"), undefined(group="g1")]
    assert finding(empty, RELEASE, "function").endswith("is not defined here")


def test_a_release_without_these_cells_has_no_pictures():
    assert leftout_pictures(RELEASE, "function", "organisation") == []


def test_the_foot_of_the_load_says_the_sentence_with_its_warning(monkeypatch):
    monkeypatch.setattr("ui.pictures.leftout.mode", lambda: "light")
    loads = [
        cell(1.0, measure="mixing_load", group="g0"),
        cell(1.8, "above", measure="mixing_load", group="g1", sentence="The same few."),
        hidden(measure="mixing_load", group="g2"),
    ]
    (picture,) = leftout_pictures(Release(contents(loads, names=NAMES)), "function", "organisation")
    assert picture.note.replace("\\", "") == "The same few."
    assert [row["group"] for row in picture.rows] == ["Sales", "Design", "Support"]
    assert picture.key == "mixing_load"
