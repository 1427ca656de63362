"""What the picture of gaps in growth finds, in words."""

from __future__ import annotations

from dataclasses import replace

import pytest

from release import Cell, Group, Release
from tests.small_release import attribute, cell, contents, groups, hidden, measure, slice_
from ui.pictures import growth_gaps
from ui.pictures.growth_gaps import growth_gap_pictures
from ui.words import plain

PLACE = "organisation"
KEYS = ("growth_gap", "growth_gap_adjusted")
NAMES = ("Design", "Sales")


@pytest.fixture(autouse=True)
def in_light(monkeypatch):
    """There is no browser to ask for its colours."""
    monkeypatch.setattr(growth_gaps, "mode", lambda: "light")


def gap(estimate: float | None, verdict: str = "noise", *, alike: bool = False, group=0) -> Cell:
    facts = {"measure": KEYS[alike], "breakdown": "skill.function", "group": f"empathy.g{group}"}
    if estimate is None:
        return hidden(**facts)
    written = f"{estimate:+.1f} points".replace("-", "−")
    told = {"expected": 0.0, "lottery_low": -0.1, "lottery_high": 0.1, "printed": written}
    return cell(estimate, verdict, **facts, **told)


def pictures(*cells: Cell, where: str = PLACE) -> list:
    named = {"skill": "Empathy", "skill_rater": "peers", "skill_scale": "1 to 5"}
    made = contents(cells=cells)
    known = tuple(Group(breakdown=key, key="empathy", label=label, short=label, sort=0)
                  for key, label in named.items())  # fmt: skip
    scopes = (slice_(PLACE, "Whole organisation"), attribute("function", "function"))
    release = Release(
        replace(made, scopes=scopes, groups=(*groups(NAMES), *known),
                measures=tuple(measure(key) for key in KEYS))
    )  # fmt: skip
    found = growth_gap_pictures(release, where, "function")
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
    assert "most people were rated on empathy" in plain(picture.note)
    assert picture.columns == {"As it is": ["+0.1 points"]}


def test_where_nobody_is_alike_the_gap_as_it_is_stands_and_it_is_said() -> None:
    (picture,) = pictures(gap(0.1), gap(None, alike=True), gap(0.0, group=1))
    assert [row["estimate"] for row in picture.rows] == [None, None]
    assert [row["crude"] for row in picture.rows] == [0.1, 0.0]
    assert "too few to say: Design and Sales" in plain(picture.note)


def test_no_gap_is_no_picture_and_programmes_have_none() -> None:
    assert pictures() == []
    assert pictures(gap(0.1), where="programme=p") == []
