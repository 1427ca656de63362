"""What the picture of gaps in growth finds, in words."""

from __future__ import annotations

from dataclasses import replace

import pytest

from release import Cell, Group, Release
from tests.small_release import attribute, cell, contents, groups, hidden, measure, slice_
from ui.pictures import growth_gaps
from ui.pictures.growth_gaps import growth_gap_pictures, most_rated, skills_with_gaps
from ui.words import plain

PLACE = "organisation"
KEYS = ("growth_gap", "growth_gap_adjusted")
NAMES = ("Design", "Sales")


@pytest.fixture(autouse=True)
def in_light(monkeypatch):
    """There is no browser to ask for its colours."""
    monkeypatch.setattr(growth_gaps, "mode", lambda: "light")


SKILLS = {"empathy": "Empathy", "focus": "Focus"}


def gap(
    estimate: float | None,
    verdict: str = "noise",
    *,
    alike: bool = False,
    group: int = 0,
    skill: str = "empathy",
    where: str = PLACE,
) -> Cell:
    facts = {"measure": KEYS[alike], "slice": where, "breakdown": "skill.function",
             "group": f"{skill}.g{group}"}  # fmt: skip
    if estimate is None:
        return hidden(**facts)
    written = f"{estimate:+.1f} points".replace("-", "−")
    told = {"expected": 0.0, "lottery_low": -0.1, "lottery_high": 0.1, "printed": written}
    return cell(estimate, verdict, **facts, **told)


def gain(skill: str, people: int) -> Cell:
    return cell(0.1, measure="skill_gain", breakdown="skill", group=skill, people=people)


def held(*cells: Cell) -> Release:
    """Return a release with these cells, in which most people were rated on empathy."""
    told = (gain("focus", 90), gain("empathy", 120), *cells)
    kinds = {"skill_rater": "peers", "skill_scale": "1 to 5"}
    named = [("skill", key, label) for key, label in SKILLS.items()]
    named += [(kind, key, label) for kind, label in kinds.items() for key in SKILLS]
    known = tuple(Group(breakdown=kind, key=key, label=label, short=label, sort=number)
                  for number, (kind, key, label) in enumerate(named))  # fmt: skip
    scopes = (slice_(PLACE, "Whole organisation"), attribute("function", "function"))
    return Release(
        replace(contents(cells=told), scopes=scopes, groups=(*groups(NAMES), *known),
                measures=tuple(measure(key) for key in KEYS))
    )  # fmt: skip


def pictures(*cells: Cell, where: str = PLACE, skill: str | None = None) -> list:
    found = growth_gap_pictures(held(*cells), where, "function", skill)
    assert all(len(plain(each.finding).split()) <= 16 for each in found)
    return found


@pytest.mark.parametrize(
    ("cells", "finding"),
    [
        ((gap(0.0), gap(0.1, alike=True)),
         "No group by function grows more or less than others in empathy beyond noise"),
        ((gap(-0.2, "below"), gap(-0.3, "below", alike=True), gap(0.1, group=1)),
         "Design gains 0.3 points less in empathy than others"),
        ((gap(0.3, "above"), gap(0.1, alike=True)),
         "Design gains more in empathy, no longer beyond noise among people alike"),
        ((gap(None), gap(None, alike=True)),
         "Too few people to say who grows more in empathy by function"),
    ],
)  # fmt: skip
def test_the_finding_is_that_between_people_alike(cells, finding) -> None:
    (picture,) = pictures(*cells)
    assert plain(picture.finding) == finding


def test_the_skill_its_raters_and_its_scale_are_named() -> None:
    (picture,) = pictures(gap(0.1), gap(0.1, alike=True))
    assert "scale from 1 to 5" in picture.how_to_read and "seen by peers" in picture.how_to_read
    assert "2 comparisons in 1 skill judged together" in plain(picture.note)
    assert picture.columns == {"As it is": ["+0.1 points"]}


def test_where_nobody_is_alike_the_gap_as_it_is_stands_and_it_is_said() -> None:
    (picture,) = pictures(gap(0.1), gap(None, alike=True), gap(0.0, group=1))
    assert [row["estimate"] for row in picture.rows] == [None, None]
    assert [row["crude"] for row in picture.rows] == [0.1, 0.0]
    assert "too few to say: Design and Sales" in plain(picture.note)


def test_why_nobody_is_alike_is_said_where_it_is_the_same_for_all() -> None:
    alone = [replace(gap(0.1, alike=True, group=number), estimate=None, status="undefined",
                     reason="everybody here is of one programme and place", verdict="")
             for number in (0, 1)]  # fmt: skip
    (picture,) = pictures(gap(0.1), gap(0.0, group=1), *alone)
    said = "nothing can be told of Design and Sales: everybody here is of one programme and place"
    assert said in plain(picture.note)


def test_a_reader_chooses_among_skills_with_a_gap_and_begins_with_the_most_rated() -> None:
    release = held(gap(None), gap(0.2, "above", skill="focus"))
    assert most_rated(release) == "empathy"
    assert skills_with_gaps(release, PLACE, "function") == {"focus": "Focus"}
    assert skills_with_gaps(release, PLACE, None) == {}
    both = [gap(0.0), gap(0.2, "above", skill="focus"), gap(0.1, alike=True, skill="focus")]
    (first,), (chosen,) = pictures(*both), pictures(*both, skill="focus")
    assert "in empathy beyond noise" in plain(first.finding)
    assert "in focus" in plain(chosen.finding)
    # whichever is looked at, all of them are judged together
    for picture in (first, chosen):
        assert "3 comparisons in 2 skills judged together" in plain(picture.note)


def test_a_programme_has_gaps_of_its_own() -> None:
    cells = (gap(0.0), gap(0.3, "above", where="programme=p"))
    (own,) = pictures(*cells, where="programme=p")
    assert plain(own.finding) == "Design gains 0.3 points more in empathy than others"
    assert "1 comparison in 1 skill judged together" in plain(own.note)
    assert pictures(*cells, where="programme=other") == []


def test_no_gap_is_no_picture() -> None:
    assert pictures() == []
