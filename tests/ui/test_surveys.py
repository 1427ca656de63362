"""What the pictures of answers find, in at most fourteen words."""

from __future__ import annotations

from dataclasses import replace

import pytest

from release import Release
from release.contents import Contents
from tests.small_release import hidden, undefined
from tests.survey_release import OPTIONS, SCALES, points, share, survey_contents
from ui.pictures import learning_source, surveys
from ui.pictures.learning_source import (
    groups_finding,
    learning_source_pictures,
    source_finding,
    trend_of_answers,
)
from ui.pictures.surveys import (
    ally_finding,
    feedback_finding,
    feedback_pictures,
    scale_groups_finding,
    scales_finding,
    survey_pictures,
)
from ui.words import plain

RELEASE = Release(survey_contents())
NAMES = {scale: label for scale, (label, *_) in SCALES.items()}


@pytest.fixture(autouse=True)
def light(monkeypatch):
    """Draw outside a session, which would know the colour scheme."""
    for module in (learning_source, surveys):
        monkeypatch.setattr(module, "mode", lambda: "light")


def brief(words):
    assert len(words.split()) <= 14
    assert not words.endswith((".", "?", "!"))
    return plain(words)


def lines(**last):
    """Return two waves of each answer, the last one with the verdict or cell given."""
    found = {}
    for code, (_, start, end, _) in OPTIONS.items():
        what = last.get(code, "noise")
        final = share(end, what) if isinstance(what, str) else what
        found[code] = [share(start), final]
    return found


@pytest.mark.parametrize(
    ("last", "words"),
    [
        ({"peers": "above"}, "“More from peers” rises from 40 % to 54 %"),
        ({"peers": "below"}, "“More from peers” falls from 40 % to 54 %"),
        ({}, "54 % learn more from peers, no change beyond noise"),
        ({"peers": hidden()}, "Most frequent answer: “More from managers”, 25 %"),
        (dict.fromkeys(OPTIONS, hidden()), "Too few answered to say where people learn"),
    ],
)
def test_the_finding_on_the_learning_source_follows_the_verdict(last, words):
    assert brief(source_finding(RELEASE, lines(**last))) == words


def test_other_answers_than_ours_are_told_by_the_most_frequent():
    other = {code: cells for code, cells in lines().items() if code != "peers"}
    assert "More from managers" in brief(source_finding(RELEASE, other))


@pytest.mark.parametrize(
    ("last", "words"),
    [
        ({"peers": "above", "managers": "below"},
         "“More from peers” gains, “More from managers” loses"),
        ({"both": "below"}, "“From both equally” loses since the first wave"),
        ({}, "Where people learn does not move beyond noise"),
        (dict.fromkeys(OPTIONS, hidden()), "No wave can be shown here"),
    ],
)  # fmt: skip
def test_the_trend_names_what_gains_and_what_loses(last, words):
    assert brief(trend_of_answers(RELEASE, lines(**last))) == words


def test_groups_differ_only_where_their_intervals_lie_apart():
    names = {"x": "Sales", "y": "Support"}
    apart = [share(0.6, group="x"), share(0.45, group="y")]
    alike = [share(0.6, group="x"), share(0.55, group="y")]
    assert brief(groups_finding(apart, names, "function")) == (
        "More from peers in Sales than in Support"
    )
    assert "beyond noise" in brief(groups_finding(alike, names, "function"))
    assert "No function" in brief(groups_finding([], names, "function"))


def scale_cells(*verdicts):
    return [
        points(0.2, verdict, group=scale) for scale, verdict in zip(SCALES, verdicts, strict=False)
    ]


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        (scale_cells("above", "noise"),
         "Psychological safety rises by 0.20 points; nothing else moves"),
        (scale_cells("above", "above"), "Psychological safety rises by 0.20 points"),
        (scale_cells("noise", "noise"), "No scale moves beyond noise"),
        (scale_cells("noise"), "Psychological safety does not move"),
        ([hidden()], "Too few answered to show a scale"),
        ([undefined()], "Nobody answered enough of the questions"),
    ],
)  # fmt: skip
def test_the_finding_on_scales_names_what_moves(cells, words):
    assert brief(scales_finding(cells, NAMES)) == words


@pytest.mark.parametrize(
    ("verdicts", "words"),
    [
        (("above", "above"), "Safety rises in every group shown"),
        (("above", "noise"), "Safety rises for Psychological safety only"),
        (("noise", "noise"), "Safety moves in no group beyond noise"),
    ],
)
def test_the_finding_by_group_counts_the_groups_that_move(verdicts, words):
    assert brief(scale_groups_finding(scale_cells(*verdicts), NAMES, "Safety")) == words


def test_feedback_within_noise_is_a_finding_as_well():
    cells = scale_cells("noise", "noise")
    assert brief(feedback_finding(cells, NAMES, "function")) == (
        "Conversations across function are rated like those within"
    )
    assert "Too few" in brief(feedback_finding([hidden()], NAMES, "function"))


@pytest.mark.parametrize(
    ("last", "words"),
    [
        (share(0.5, "above"), "50 % say that they speak up, more than at first"),
        (share(0.5, "noise"), "50 % say that they speak up, no change beyond noise"),
        (share(0.5), "50 % say that they speak up"),
        (hidden(), "Too few answered to say who speaks up"),
    ],
)
def test_the_finding_on_allies(last, words):
    assert brief(ally_finding([last])) == words


def test_all_pictures_are_drawn_and_none_is_empty():
    pictures = [
        *learning_source_pictures(RELEASE, "organisation", "function"),
        *survey_pictures(RELEASE, "organisation", "function"),
        *feedback_pictures(RELEASE, "organisation", "function"),
    ]
    assert [picture.key for picture in pictures] == [
        "learning_source", "learning_source_trend", "learning_source_groups",
        "scales", "scale_groups", "allies", "feedback",
    ]  # fmt: skip
    for picture in pictures:
        brief(picture.finding)
        assert picture.rows
        assert picture.table.num_rows == len(picture.rows)
        assert picture.alternative


def test_the_reference_is_called_a_landmark_and_says_where_it_comes_from():
    picture, *_ = learning_source_pictures(RELEASE, "organisation", None)
    assert "a landmark, not a target" in picture.how_to_read
    assert "One survey by a vendor" in picture.foot
    assert "55 % of those who take part answered" in plain(picture.foot)


def test_reliability_and_data_errors_stand_under_the_scales():
    contents = survey_contents()
    broken = tuple(
        undefined(measure=cell.measure, breakdown="scale", group=cell.group, reason="a data error")
        if cell.measure == "scale_alpha" and cell.group == "psychological_safety"
        else cell
        for cell in contents.cells
    )
    picture, *_ = survey_pictures(Release(replace(contents, cells=broken)), "organisation", None)
    assert "Psychological safety: a data error" in plain(picture.foot)
    assert "Belongingness: alpha 0.80" in plain(picture.foot)


def test_a_release_without_answers_has_no_pictures():
    empty = Release(Contents())
    assert learning_source_pictures(empty, "organisation", None) == []
    assert survey_pictures(empty, "organisation", None) == []
    assert feedback_pictures(empty, "organisation", "function") == []
    assert feedback_pictures(RELEASE, "organisation", None) == []
