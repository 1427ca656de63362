"""The large sentences: every verdict with every trend, short, and with few colours."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pytest

from release import Cell, Release
from tests.small_release import (
    PROGRAMME,
    cell,
    contents,
    groups,
    hidden,
    opened,
    too_few,
    undefined,
)
from ui.answers import (
    connection_sentence,
    exceptions,
    group_finding,
    pair_finding,
    people_of,
    trend_finding,
    trend_note,
)
from ui.words import plain

STATES = {
    "above": cell(1.18, "above"),
    "below": cell(0.82, "below"),
    "noise": cell(1.03, "noise"),
    "small": hidden(),
    "protects": hidden("protects"),
    "undefined": undefined(),
    "too few": too_few(),
    "absent": None,
}
GROUPS = {group.key: group for group in groups(("Design", "Sales", "Support"))}
LOTTERY = "a lottery would give"
COLOURS = re.compile(r":(?:blue|orange|gray)\[")


def released(*cells: Cell | None) -> Release:
    return Release(contents([one for one in cells if one is not None]))


def trend(verdict: str) -> Cell:
    return cell(1.02, verdict, measure="cross_group_trend", sentence="It rose (a lot): 2 %.")


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("above", "People {outside} :blue[18 % more often] than {lottery}"),
        ("below", "People {outside} :orange[18 % less often] than {lottery}"),
        ("noise", "People {outside} about as often as {lottery}"),
        ("small", "How often people {outside} is hidden here: fewer than 10 people."),
        ("undefined", "Whether people {outside} is not defined here: nobody could meet."),
        ("too few", "Too few to say whether people {outside} more than {lottery}."),
    ],
)  # fmt: skip
def test_each_state_has_its_own_sentence(state: str, words: str) -> None:
    said = words.format(outside="meet outside their own function", lottery=LOTTERY)
    assert connection_sentence(STATES[state], opened()) == said


def test_what_is_not_in_the_catalogue_says_so_and_what_to_do() -> None:
    words = connection_sentence(None, opened())
    assert "not in the catalogue" in words
    assert "Choose" in words


def test_the_sentence_names_place_and_time_unless_it_is_about_all() -> None:
    release = opened()
    assert people_of(release, "organisation", "all") == "People"
    assert people_of(release, PROGRAMME, "all") == "In Crossings, people"
    assert people_of(release, PROGRAMME, "2026-Q1") == "In Crossings, Q1 2026, people"


def test_names_in_a_sentence_are_text() -> None:
    release = opened(label=":blue[x]", programme="[l](http://evil.example)")
    words = connection_sentence(STATES["noise"], release, people_of(release, PROGRAMME, "all"))
    assert ":blue[x]" not in words and "[l]" not in words
    assert ":blue[x]" in plain(words) and "[l](http://evil.example)" in plain(words)


def pairs(*verdicts: str) -> Sequence[Cell]:
    between = ("g0|g1", "g0|g2", "g1|g2", "g0|g3", "g1|g3")
    chosen = zip(verdicts, between, strict=False)
    return [cell(0.7, verdict, group=pair) for verdict, pair in chosen]


@pytest.mark.parametrize(
    ("verdicts", "words"),
    [
        (("above", "noise"), "One pair of groups meets more than a lottery gives"),
        (
            ("above", "above", "below"),
            "Two pairs of groups meet more than a lottery gives, one less",
        ),
        (("below", "below"), "Two pairs of groups meet less than a lottery gives"),
        (("noise", "noise"), "None of 2 pairs of groups differs from a lottery beyond noise"),
        (("noise",), "The only pair of groups shown meets as a lottery gives, within noise"),
        ((), "No pair of groups can be shown here"),
    ],
)
def test_a_finding_counts_pairs_of_two_groups(verdicts: tuple[str, ...], words: str) -> None:
    within = cell(1.3, "above", group="g0|g0")  # a group with itself is no pair of groups
    assert pair_finding([within, *pairs(*verdicts)]) == words


def test_the_pair_furthest_below_is_named_and_a_group_with_itself_is_not() -> None:
    within = cell(0.2, "below", group="g0|g0")
    apart = cell(0.8, "below", group="g0|g2")
    words = exceptions([within, apart], GROUPS)
    assert words == " Furthest below it: :orange[Design with Support]."
    assert exceptions([within], GROUPS) == ""


def grouped(*verdicts: str) -> Sequence[Cell]:
    return [cell(1.1, verdict, group=f"g{number}") for number, verdict in enumerate(verdicts)]


@pytest.mark.parametrize(
    ("verdicts", "words"),
    [
        (("above", "noise", "noise"), "Mixing is above a lottery for Design"),
        (("above", "below"), "Mixing is above a lottery for Design and below a lottery for Sales"),
        (("above", "above", "noise"), "Mixing is above a lottery for Design and Sales"),
        (("below", "below"), "Mixing is below a lottery for every group"),
        (("noise", "noise", "noise"), "No group differs from a lottery beyond noise"),
    ],
)  # fmt: skip
def test_a_finding_names_the_groups_beyond_noise(verdicts: tuple[str, ...], words: str) -> None:
    assert group_finding(grouped(*verdicts), opened(), "function") == words


def test_many_groups_are_counted() -> None:
    release = opened(names=("Design", "Sales", "Support", "Law"))
    found = group_finding(grouped("below", "below", "below", "noise"), release, "function")
    assert found == "Mixing is below a lottery for Design and 2 other groups"


def test_where_everything_is_too_weak_nothing_is_called_noise() -> None:
    assert pair_finding([too_few(group="g0|g1")]) == "Too few to say for any pair of groups"
    found = group_finding([too_few(group="g0")], opened(), "function")
    assert found == "Too few to say for any group"


def test_groups_that_are_all_hidden_are_said_to_be() -> None:
    cells = [hidden(group="g0"), undefined(group="g1")]
    assert group_finding(cells, opened(), "function") == "No group can be shown by itself here"


@pytest.mark.parametrize(
    ("series", "change", "words"),
    [
        ([cell()], trend("above"), "Meeting across function is rising against a lottery"),
        ([cell()], trend("below"), "Meeting across function is falling against a lottery"),
        ([cell()], trend("noise"), "Meeting across function shows no trend beyond noise"),
        ([cell()], None, "Meeting across function, quarter by quarter"),
        ([hidden()], trend("above"), "No single quarter can be shown here"),
    ],
)
def test_a_trend_beyond_noise_is_said_and_no_other(
    series: list[Cell], change: Cell | None, words: str
) -> None:
    assert trend_finding(series, change, "function") == words


def test_the_size_of_a_trend_is_said_only_beyond_noise_and_as_text() -> None:
    assert plain(trend_note(trend("above"))) == "It rose (a lot): 2 %"
    assert trend_note(trend("above")) != "It rose (a lot): 2 %"
    assert trend_note(trend("noise")) == trend_note(None) == ""
