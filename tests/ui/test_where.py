"""Findings on places and units, in words."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import pytest

from charts.where import unit_rows
from release import Release
from release.contents import Group
from tests.small_release import cell, hidden, opened, undefined
from ui.pictures.where import (
    _ticks,
    completion_finding,
    distance_words,
    place_finding,
    unit_finding,
    where_kinds,
    where_pictures,
)

MODES = {"mode=online": "Online", "mode=in_person": "In person"}
TOPICS = {f"topic={code}": code.capitalize() for code in ("goals", "skills", "worries")}
UNITS = {"function=sales": "Sales", "function=design": "Design"}


def places(labels, *verdicts):
    return [cell(1.1, verdict, group=key) for key, verdict in zip(labels, verdicts, strict=True)]


def team(mix, reach):
    pairs = zip(UNITS, mix, strict=True), zip(UNITS, reach, strict=True)
    return [
        [cell(0.3, verdict, group=key) for key, verdict in each] for each in pairs
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("verdicts", "words"),
    [
        (("above", "noise"), "Online, pairings cross function more than by lottery"),
        (("noise", "below"), "In person, pairings cross function less than by lottery"),
        (("above", "above"), "In every mode, pairings cross function more than by lottery"),
        (
            ("above", "below"),
            "Online, pairings cross function more than by lottery; in person, less",
        ),
        (("noise", "noise"), "No mode differs from a lottery beyond noise"),
    ],
)
def test_modes_beyond_noise_are_named(verdicts, words):
    assert place_finding(places(MODES, *verdicts), MODES, "mode", "function") == words


def test_topics_are_named_or_counted():
    one = places(TOPICS, "noise", "above", "noise")
    assert place_finding(one, TOPICS, "topic", "site") == (
        "On Skills, pairings cross site more than by lottery"
    )
    two = places(TOPICS, "above", "above", "noise")
    assert place_finding(two, TOPICS, "topic", "site") == (
        "On Goals and 1 other topic, pairings cross site more than by lottery"
    )


def test_distances_are_named_by_what_they_are():
    labels = {
        "distance=hours_0": "0 hours apart",
        "distance=hours_7_up": "7 hours or more apart",
    }
    assert place_finding(places(labels, "below", "above"), labels, "distance", "function") == (
        "7 hours or more apart, pairings cross function more than by lottery; "
        "without a time difference, less"
    )
    assert place_finding(places(labels, "above", "above"), labels, "distance", "function") == (
        "At every distance, pairings cross function more than by lottery"
    )
    plans = {key.partition("=")[2]: label for key, label in labels.items()}
    far = [cell(0.5, "noise", group="hours_0"), cell(0.4, "below", group="hours_7_up")]
    assert completion_finding(far, plans, "distance").startswith(
        "Plans 7 hours or more apart take place less often"
    )
    near = [cell(0.6, "above", group="hours_0"), cell(0.4, "noise", group="hours_7_up")]
    assert completion_finding(near, plans, "distance").startswith(
        "Plans without a time difference take place more often"
    )


@pytest.mark.parametrize(
    ("about", "words"),
    [
        ({}, "has a time zone, so distance in hours cannot be shown"),
        ({"distance_by": "function"}, "function itself says how far apart"),
        ({"distance_by": "location"}, ""),
    ],
)
def test_why_distance_is_not_shown_is_said_where_it_is_not(about, words):
    contents = opened().contents
    release = Release(replace(contents, about=contents.about | about))
    said = distance_words(release, "function")
    assert words in said
    assert bool(said) == bool(words)


def test_places_without_a_number_say_why():
    assert place_finding([hidden(group="mode=online")], MODES, "mode", "site") == (
        "Crossing by mode is hidden here"
    )
    assert place_finding([undefined(group="mode=online")], MODES, "mode", "site") == (
        "Crossing by mode is not defined here"
    )


def test_plans_that_come_about_are_named():
    cells = [
        cell(0.6, "above", group="in_person", expected=0.55, printed="60 %"),
        cell(0.54, "noise", group="online", expected=0.55),
    ]
    labels = {"in_person": "In person", "online": "Online"}
    assert completion_finding(cells, labels, "mode") == (
        "In-person plans take place more often, 60 % of the time"
    )
    same = [cell(0.54, "noise", group="online")]
    assert (
        completion_finding(same, labels, "mode") == "Plans take place about as often in every mode"
    )


def test_each_kind_of_place_is_a_choice_of_its_own(monkeypatch):
    monkeypatch.setattr("ui.pictures.where.mode", lambda: "light")
    crossing = [
        cell(1.1, "above", measure="cross_group_ratio_by_place", breakdown="function",
             group=f"{kind}={code}", slice=place)
        for place in ("organisation", "programme=table")
        for kind, code in (("mode", "online"), ("topic", "goals"), ("distance", "hours_0"))
    ]  # fmt: skip
    plans = [
        made("completion_by_place", kind, code, place)
        for place in ("organisation", "programme=table")
        for made, kind, code in ((planned, "mode", "online"), (planned, "distance", "hours_0"),
                                 (unknown, "topic", "goals"))
    ]  # fmt: skip
    groups = [
        Group(breakdown=kind, key=code, label=code, short=code, sort=0)
        for kind, code in (("mode", "online"), ("topic", "goals"), ("distance", "hours_0"))
    ]
    contents = opened().contents
    release = Release(replace(contents, cells=(*crossing, *plans),
                              groups=(*contents.groups, *groups)))  # fmt: skip
    assert where_kinds(release, "function", "organisation") == {
        "mode": "Mode", "topic": "Topic", "distance": "Hours apart",
    }  # fmt: skip
    pictures = {
        kind: where_pictures(release, "function", "organisation", kind)
        for kind in ("mode", "topic", "distance")
    }
    assert {kind: [one.key for one in shown] for kind, shown in pictures.items()} == {
        "mode": ["where_mode", "completion_mode"], "topic": ["where_topic"],
        "distance": ["where_distance", "completion_distance"],
    }  # fmt: skip
    assert "Which plans take place is not defined: afterwards" in pictures["topic"][0].note
    assert "not defined" not in pictures["mode"][0].note
    # programmes are to be kept apart only where they stand together
    assert "one programme" in pictures["distance"][1].note
    (_, alone) = where_pictures(release, "function", "programme=table", "distance")
    assert alone.note == ""
    assert where_pictures(release, "function", "organisation", None) == []


def planned(measure, kind, code, place):
    return cell(0.6, "noise", measure=measure, breakdown=kind, group=code, slice=place)


def unknown(measure, kind, code, place):
    return undefined(measure=measure, breakdown=kind, group=code, slice=place, reason="afterwards")


@pytest.mark.parametrize(
    ("mix", "reach", "words"),
    [
        ("below", "below", "Sales is little mixed by site, and its people keep to their own"),
        ("below", "above", "Sales is little mixed by site, yet its people talk across"),
        ("below", "noise", "Sales is little mixed by site, but talks across as by lottery"),
        ("noise", "below", "In Sales, people meet across site less than by lottery"),
        ("noise", "above", "In Sales, people meet across site more than by lottery"),
        ("above", "noise", "Sales is more mixed by site than everybody together"),
        ("noise", "noise", "By function, no unit's mix or conversations differ beyond noise"),
    ],
)
def test_a_unit_is_named_by_what_its_verdicts_say_together(mix, reach, words):
    cells = team((mix, "noise"), (reach, "noise"))
    assert unit_finding(*cells, UNITS, "site", "function") == words


def test_units_that_are_hidden_are_not_spoken_of():
    gone = [hidden(group=key) for key in UNITS]
    assert unit_finding(gone, gone, UNITS, "site", "function") == (
        "How mixed each unit by function is cannot be shown here"
    )


def test_the_axis_holds_every_square_whole():
    """A square at 0.08 stood at the edge of an axis that held conversations alone, as if at 0.4."""
    mix = [cell(0.08, group="function=a", expected=0.74), cell(0.7, group="function=b")]
    reach = [cell(0.55, group="function=a"), cell(0.5, group="function=b")]
    ticks = _ticks(unit_rows(mix, reach, {"function=a": "A", "function=b": "B"}))
    assert ticks[0] <= 0.05
    assert ticks[-1] >= 0.74


def test_every_finding_is_short_and_no_question():
    verdicts = ("above", "below", "noise")
    said = [
        place_finding(places(TOPICS, *each), TOPICS, "topic", "site")
        for each in product(verdicts, repeat=3)
    ]
    said += [
        unit_finding(*team(one, other), UNITS, "site", "function")
        for one in product(verdicts, repeat=2)
        for other in product(verdicts, repeat=2)
    ]
    for words in said:
        assert len(words.split()) <= 16
        assert not words.endswith((".", "?"))
