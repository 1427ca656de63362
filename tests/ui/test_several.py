"""Findings over all attributes, in words."""

from __future__ import annotations

from tests.small_release import cell
from ui.pictures.several import adjusted_finding, bounds_finding

NAMES = {"function": "Function", "site": "Site", "grade": "Grade"}


def cells(verdicts, **facts):
    return [cell(1.1, verdict, breakdown=key, **facts) for key, verdict in verdicts.items()]


def finding(before, after):
    alone = {each.breakdown: each for each in cells(before)}
    return adjusted_finding(cells(after), alone, NAMES)


def test_a_difference_that_the_others_take_away_comes_first():
    words = finding({"function": "above", "site": "above"}, {"function": "above", "site": "noise"})
    assert words == "Site differs alone, but not once the others are taken into account"
    assert len(words.split()) <= 14


def test_differences_that_appear_or_stay_are_named():
    assert finding({"site": "noise"}, {"site": "below"}) == (
        "Site differs only once the others are taken into account"
    )
    both = {"site": "below", "grade": "above"}
    assert (
        finding(both, both) == "Site and Grade still differ once the others are taken into account"
    )


def test_nothing_beyond_noise_is_said_as_such():
    none = {"site": "noise"}
    assert finding(none, none) == (
        "No attribute differs from a lottery beyond noise, alone or together"
    )
    hidden = [cell(None, "", breakdown="site", status="small")]
    assert adjusted_finding(hidden, {}, NAMES) == "The attributes cannot be told apart here"


def test_fragile_verdicts_are_named_and_others_hold():
    told = cells({"site": "above", "grade": "noise"})
    assert bounds_finding(told, NAMES) == "What we say holds, whatever the unknown groups are"
    fragile = cells({"site": "above"}, reason="people of unknown group could overturn it")
    assert bounds_finding(fragile, NAMES) == (
        "People of unknown group could overturn what we say about Site"
    )
    assert bounds_finding(cells({"site": "noise"}), NAMES) == (
        "Nothing differs beyond noise where groups are known"
    )
    hidden = [cell(None, "", breakdown="site", status="small")]
    assert bounds_finding(hidden, NAMES) == "What unknown groups leave open cannot be shown here"
