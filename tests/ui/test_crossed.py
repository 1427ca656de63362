"""Findings and pictures of two attributes at once, and of ranked pairs."""

from __future__ import annotations

from dataclasses import replace

import pytest

from charts.crossed import HEADING, crossed_rows
from charts.rows import MOST_GAPS, MOST_PAIRS, pair_rows
from charts.theme import HIDDEN
from release import Group, Release
from tests.small_release import attribute, cell, contents, groups, hidden, undefined
from ui.answers import ranking_finding
from ui.pictures.crossed import ALONE, KEY, crossed_finding, crossed_pictures

KEYS = ("woman|grade=director", "woman|grade=senior", "man|grade=director")
NAMES = {
    "woman|grade=director": ("Women", "Directors"),
    "woman|grade=senior": ("Women", "Seniors"),
    "man|grade=director": ("Men", "Directors"),
}


def crossed(*verdicts):
    values = {"above": 1.2, "noise": 1.0, "below": 0.8}
    return [
        cell(values[verdict], verdict, measure="crossed_group_ratio", group=key)
        for key, verdict in zip(KEYS, verdicts, strict=True)
    ]


@pytest.mark.parametrize(
    ("verdicts", "words"),
    [
        (
            ("below", "noise", "noise"),
            "Mixing across gender is below a lottery for Women × Directors",
        ),
        (
            ("above", "below", "below"),
            "Mixing across gender is below a lottery for Women × Seniors and 1 more",
        ),
        (
            ("noise", "noise", "above"),
            "Mixing across gender is above a lottery for Men × Directors",
        ),
        (
            ("noise", "noise", "noise"),
            "No group of gender × grade differs from a lottery beyond noise",
        ),
    ],
)
def test_a_crossed_group_beyond_noise_is_named_the_left_out_first(verdicts, words):
    assert crossed_finding(crossed(*verdicts), NAMES, "gender", "grade") == words
    assert len(words.split()) <= 14


def test_where_all_is_hidden_the_finding_says_so():
    cells = [hidden(group=key) for key in KEYS]
    assert crossed_finding(cells, NAMES, "gender", "grade") == (
        "No group of gender × grade can be shown here"
    )


def test_a_few_shown_of_many_do_not_stand_for_the_others():
    cells = [*crossed("above", "noise", "noise")[:1], *(hidden(group=key) for key in KEYS[1:])]
    assert crossed_finding(cells, NAMES, "gender", "grade") == (
        "Only 1 of 3 groups of gender × grade can be shown"
    )


def test_crossed_groups_stand_under_their_first_group_and_are_not_ranked():
    cells = crossed("noise", "above", "below")
    rows = crossed_rows(cells, {KEYS[0]: cell(0.7, "", group=KEYS[0])}, NAMES)
    assert [row["group"].split("\n")[1] for row in rows] == [
        "Women", "Directors", "Seniors", "Men", "Directors",
    ]  # fmt: skip
    assert [row["verdict"] == HEADING for row in rows] == [True, False, False, True, False]
    assert [row["alone"] for row in rows] == [None, 0.7, None, None, None]
    assert len({row["group"] for row in rows}) == len(rows)
    assert [row["first"] for row in rows] == [True, False, False, False, False]


def test_a_first_group_of_which_all_is_hidden_has_one_hidden_row():
    cells = [hidden(group=KEYS[0]), hidden(group=KEYS[1]), *crossed("noise", "noise", "above")[2:]]
    rows = crossed_rows(cells, {}, NAMES)
    assert [row["verdict"] for row in rows][:2] == [HIDDEN, HEADING]
    assert len(rows) == 3


def groups_of(number):
    return {
        f"g{place}": Group(
            breakdown="function",
            key=f"g{place}",
            label=f"Group {place}",
            short=f"Group {place}",
            sort=place,
        )
        for place in range(number)
    }


def pair(one, other, estimate=1.0, verdict="noise"):
    return cell(estimate, verdict, measure="group_pair_ratio", group=f"g{one}|g{other}")


def test_pairs_are_ranked_with_hidden_and_impossible_ones_last():
    cells = [
        hidden(group="g0|g1"), pair(0, 2, 0.8, "below"), undefined(group="g1|g3"),
        pair(2, 3, 1.3, "above"),
    ]  # fmt: skip
    rows = pair_rows(cells, groups_of(4))
    assert [row["group"].replace("\n", " ") for row in rows] == [
        "Group 2 Group 3", "Group 0 Group 2", "Group 0 Group 1", "Group 1 Group 3",
    ]  # fmt: skip
    assert [row["first"] for row in rows] == [True, False, False, False]


def test_of_very_many_pairs_those_beyond_noise_and_furthest_are_drawn():
    cells = [pair(0, number, 1 + number / 100) for number in range(1, 20)]
    cells += [pair(1, 2, 0.99, "below"), *(hidden(group=f"g2|g{n}") for n in range(3, 9))]
    rows = pair_rows(cells, groups_of(20))
    assert len(rows) == MOST_PAIRS
    assert sum(row["verdict"] == HIDDEN for row in rows) == MOST_GAPS
    # by hand: the one beyond noise, and the ten furthest from 1
    drawn = [row["estimate"] for row in rows if row["estimate"] is not None]
    assert drawn == pytest.approx([1 + number / 100 for number in range(19, 9, -1)] + [0.99])


def test_the_two_groups_that_meet_least_are_named_or_else_those_that_meet_most():
    groups = groups_of(4)
    both = [pair(0, 1, 0.7, "below"), pair(1, 2, 0.6, "below"), pair(2, 3, 1.5, "above")]
    assert ranking_finding(both, groups) == "Group 1 and Group 2 meet least against a lottery"
    assert ranking_finding(both[2:], groups) == "Group 2 and Group 3 meet most against a lottery"
    noise = [pair(0, 1, 1.4), pair(1, 2, 0.6)]
    assert ranking_finding(noise, groups) == "No two groups stand out beyond noise"
    assert (
        ranking_finding([hidden(group="g0|g1")], groups) == "No pair of groups can be ranked here"
    )


def test_what_is_hidden_in_both_numbers_is_counted_once():
    both = [hidden(measure=key, group="g0|grade=g0") for key in (KEY, ALONE)]
    made = replace(contents(both), groups=groups(["Design"]) + groups(["Directors"], "grade"))
    scopes = (*made.scopes, attribute("grade", "grade"))
    (picture,) = crossed_pictures(Release(replace(made, scopes=scopes)), "function", "organisation")
    assert len(picture.cells) == 1
