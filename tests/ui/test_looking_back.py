"""The then-test beside the plain change: only where it was asked, and named the generous view."""

from __future__ import annotations

import pytest

from release import Release
from tests.skill_release import change, skill_cells, skill_contents
from tests.small_release import hidden
from ui.pictures.looking_back import looking_back_pictures
from ui.words import plain

PLACE = {"breakdown": "skill.then"}


def asked(skill="awareness", then=0.4, shift=-0.6, verdict="below", **facts):
    """Return what people say of a skill looking back."""
    group = PLACE | {"group": f"{skill}.then"} | facts
    return [
        change(then, measure="skill_gain_then", **group),
        change(shift, verdict, measure="skill_response_shift", sentence="It moved.", **group),
    ]


def pictures(*cells):
    release = Release(skill_contents([*skill_cells(), *cells]))
    return looking_back_pictures(release, "organisation", None)


def test_nothing_stands_there_where_nobody_was_asked():
    assert pictures() == []


def test_the_cautious_stands_before_the_generous_and_the_note_says_which_is_which():
    picture, *more = pictures(*asked())
    assert not more
    assert [row["group"] for row in picture.rows] == ["Peers", "Themselves", "Looking back"]
    assert [row["estimate"] for row in picture.rows] == [0.2, -0.2, 0.4]
    words = plain(picture.finding)
    assert words == "Awareness: \u22120.20 wave to wave, +0.40 points looking back"
    assert "generous view" in picture.note and picture.note.endswith("It moved")


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        (asked(shift=0.0, verdict="noise"),
         "Awareness: looking back tells the same as wave to wave"),
        ([*asked(), *asked("agility", verdict="noise")],
         "Looking back differs from wave to wave in one of two skills"),
        ([hidden(**PLACE, measure=key, group="awareness.then")
          for key in ("skill_gain_then", "skill_response_shift")],
         "Too few looked back to show it"),
    ],
)  # fmt: skip
def test_the_finding_says_whether_looking_back_tells_another_story(cells, words):
    picture = pictures(*cells)[0]
    assert plain(picture.finding) == words and len(words.split()) <= 14


def test_with_several_skills_each_row_names_its_skill_and_the_largest_shift_stands_first():
    picture = pictures(*asked(shift=-0.1), *asked("agility", shift=-0.5))[0]
    names = [row["group"].replace("\n", " ") for row in picture.rows]
    assert names[:3] == ["Agility: peers", "Agility: themselves", "Agility: looking back"]
    assert names[3] == "Awareness: peers"


def test_who_takes_part_in_nothing_stands_last_where_shown():
    outside = change(0.1, measure="skill_gain_then", **PLACE, group="awareness.outside")
    assert pictures(*asked(), outside)[0].rows[-1]["estimate"] == 0.1
