"""What the pictures of skills find, in at most fourteen words, and what the page answers."""

from __future__ import annotations

from dataclasses import replace

import pytest

from release import Release
from tests.skill_release import change, skill_cells, skill_contents
from tests.small_release import hidden, undefined
from ui.growth_answer import growth_badges, growth_sentence, unrated
from ui.pictures.skill_groups import (
    cohort_finding,
    group_growth_finding,
    skill_for_whom_pictures,
)
from ui.pictures.skills import (
    missing_finding,
    nothing_drawn,
    size_finding,
    skill_pictures,
    skills_finding,
    telling_skill,
)
from ui.words import plain

RELEASE = Release(skill_contents())
GAINS = RELEASE.by_group("skill_gain", "organisation", "skill")
COHORTS = {f"cohort=c{n}": f"Cohort {n}" for n in range(6)}


def brief(words):
    assert len(words.split()) <= 14
    assert not words.endswith((".", "?", "!"))
    return plain(words)


def judged(*verdicts):
    return [replace(cell, verdict=verdict) for cell, verdict in zip(GAINS, verdicts, strict=False)]


@pytest.mark.parametrize(
    ("verdicts", "words"),
    [
        (("above", "above", "noise"), "Peers see two of three skills grow"),
        (("above", "above", "above"), "Peers see all three skills grow"),
        (("above", "below", "noise"), "Peers see one of three skills grow and one fall"),
        (("noise", "below", "noise"), "Peers see one of three skills fall"),
        (("noise", "noise", "noise"), "Peers see no skill move beyond noise"),
        (("above",), "Peers see the one skill rated grow"),
    ],
)
def test_the_finding_counts_the_skills_that_move(verdicts, words):
    assert brief(skills_finding(RELEASE, judged(*verdicts))) == words


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        (hidden(), "Too few people were rated first and last to show a change"),
        (undefined(reason="nobody was rated both at the first and at the last wave"),
         "Rated at one wave only: whether skills change is not known yet"),
        (undefined(reason="more than 40 % of those rated"),
         "Too many are missing at the end to tell a change"),
        (undefined(reason="other"), "Whether skills change is not defined here"),
    ],
)  # fmt: skip
def test_where_no_change_is_shown_the_finding_says_why(cell, words):
    assert brief(nothing_drawn([cell])) == words
    assert skills_finding(RELEASE, [cell]) == words


def test_the_size_finding_names_the_largest_change():
    assert brief(size_finding(RELEASE, "organisation", GAINS)) == "Empathy moves most: +0.35 points"
    quiet = judged("noise", "noise", "noise")
    assert brief(size_finding(RELEASE, "organisation", quiet)) == "No change is larger than noise"
    assert brief(size_finding(RELEASE, "organisation", [hidden()]))


def test_the_answer_names_who_sees_it_and_where_views_part():
    said = plain(growth_sentence(RELEASE, "organisation"))
    assert said == (
        "Peers see two of three skills growing, most of all empathy. In awareness people see "
        "themselves fall: their yardstick may have moved."
    )
    assert len(said.split()) <= 35
    assert plain(growth_badges(RELEASE, "organisation")[0]) == "2 of 3 beyond noise"
    assert plain(unrated(RELEASE)) == "Not rated by anybody: Silence."


def test_a_release_without_ratings_says_so():
    empty = Release(skill_contents([], rated=()))
    assert growth_sentence(empty, "organisation") == "No skills were rated in this release."
    assert skill_pictures(empty, "organisation", "gender") == []
    assert skill_for_whom_pictures(empty, "organisation", "gender") == []


def test_all_pictures_have_a_short_finding_and_cells_behind_them():
    pictures = [
        *skill_pictures(RELEASE, "organisation", "gender"),
        *skill_for_whom_pictures(RELEASE, "organisation", "gender"),
    ]
    assert [picture.key for picture in pictures] == [
        "skills", "skill_gains", "skill_missing", "skill_groups", "skill_cohorts",
    ]  # fmt: skip
    assert all(picture.cells and brief(picture.finding) for picture in pictures)
    assert all(picture.spec and picture.rows for picture in pictures)


def test_a_tick_stands_where_who_is_missing_was_allowed_for():
    def groups(*more):
        release = Release(skill_contents([*skill_cells(), *more]))
        return skill_for_whom_pictures(release, "organisation", "gender", "empathy")[0]

    weighted = change(
        0.25, "", measure="skill_gain_weighted", breakdown="skill.gender", group="empathy.g0"
    )
    assert not any(row["ticked"] for row in groups().rows) and "Tick" not in groups().how_to_read
    picture = groups(weighted)
    assert {row["expected"] for row in picture.rows if row["ticked"]} == {0.25}
    assert "Tick" in picture.how_to_read


def test_without_an_attribute_there_are_no_groups():
    keys = [picture.key for picture in skill_for_whom_pictures(RELEASE, "organisation", None)]
    assert keys == ["skill_cohorts"]


def test_the_skill_shown_first_is_the_one_that_grew_most():
    assert telling_skill(RELEASE, "organisation") == "empathy"


def test_groups_that_grow_are_named():
    names = {f"g{n}": name for n, name in enumerate(("Women", "Men", "Others"))}
    cells = [change(0.3, verdict, group=f"g{n}") for n, verdict in
             enumerate(("above", "noise", "noise"))]  # fmt: skip
    assert brief(group_growth_finding(cells, names, "Empathy")) == "Empathy grows for Women"
    none = [replace(cell, verdict="noise") for cell in cells]
    assert brief(group_growth_finding(none, names, "Empathy")) == (
        "Empathy moves in no group beyond noise"
    )
    every = [replace(cell, verdict="above") for cell in cells]
    assert "every group" in brief(group_growth_finding(every, names, "Empathy"))
    assert "cannot be shown" in brief(group_growth_finding([hidden()], names, "Empathy"))


@pytest.mark.parametrize(
    ("verdicts", "shrunk", "words"),
    [
        (("noise", "noise"), True, "Empathy: no cohort differs beyond what its size explains"),
        (("above", "noise"), True, "Empathy: one of two cohorts differs beyond its size"),
        (("above", "below"), True, "Empathy: two of two cohorts differ beyond their size"),
        (("above", "noise"), False, "Empathy moves beyond noise in one of two cohorts"),
    ],
)
def test_cohorts_are_told_apart_by_verdict_and_never_ranked(verdicts, shrunk, words):
    cells = [change(0.3, verdict) for verdict in verdicts]
    assert brief(cohort_finding(cells, "Empathy", shrunk=shrunk)) == words


def test_who_is_missing_matters_or_does_not():
    cells = [change(0.3, "", group="empathy")]
    assert "hardly alters" in brief(missing_finding(RELEASE, cells, []))
    assert "may matter for Empathy" in brief(missing_finding(RELEASE, cells, cells))
