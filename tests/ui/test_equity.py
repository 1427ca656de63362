"""What the pictures of gaps and of people who take part find, in words."""

from __future__ import annotations

from dataclasses import replace

import pytest

from charts.theme import HIDDEN
from release import Cell, Group, Release
from tests.small_release import (
    attribute,
    cell,
    contents,
    groups,
    hidden,
    measure,
    slice_,
    undefined,
)
from ui.pictures import beside, equity
from ui.pictures.beside import NO_WORKFORCE, NOT_LOADED, SELF_SELECTION, beside_pictures
from ui.pictures.equity import MOST_ROWS, SPREAD, equity_pictures
from ui.words import plain

PLACE = "organisation"
NAMES = ("Design", "Sales", "Support")
OUTCOMES = ("Participation", "Completion", "Feedback", "Retained")
KEYS = ("equity_gap", "equity_gap_adjusted", "equity_ratio", "outcome_gap", "outcome_gap_alike")


@pytest.fixture(autouse=True)
def in_light(monkeypatch):
    """There is no browser to ask for its colours."""
    for module in (equity, beside):
        monkeypatch.setattr(module, "mode", lambda: "light")


def gap(
    estimate: float | None,
    verdict: str = "noise",
    *,
    alike: bool = False,
    group: str = "o0.g0",
    place: str = PLACE,
    phrase: str = "",
) -> Cell:
    key = "equity_gap_adjusted" if alike else "equity_gap"
    facts = {"measure": key, "slice": place, "breakdown": "equity.function", "group": group}
    if estimate is None:
        return hidden(**facts)
    written = f"{100 * estimate:+.0f} points".replace("-", "−")
    told = {"expected": 0.0, "lottery_low": -0.02, "lottery_high": 0.02, "printed": written}
    return cell(estimate, verdict, phrase=phrase, **facts, **told)


def release_of(*cells: Cell, names: tuple[str, ...] = NAMES) -> Release:
    made = contents(cells=cells)
    scopes = (
        slice_(PLACE, "Whole organisation"),
        slice_("programme=p", "Crossings", PLACE),
        slice_("programme=q", "Open Table", PLACE),
        attribute("function", "function"),
    )
    outcomes = tuple(
        Group(breakdown=part, key=f"o{number}", label=label, short=label, sort=number)
        for part in ("equity", "outcome")
        for number, label in enumerate(OUTCOMES)
    )
    fields = {
        "scopes": scopes,
        "groups": (*groups(names), *outcomes),
        "measures": tuple(measure(key) for key in KEYS),
    }
    kept = {name: getattr(made, name) for name in ("cells", "periods", "about")}
    return Release(type(made)(**(kept | fields)))


def everything(estimate: float = 0.01, *, group_count: int = 3) -> list[Cell]:
    return [
        gap(estimate, alike=alike, group=f"o{outcome}.g{group}")
        for outcome in range(len(OUTCOMES))
        for group in range(group_count)
        for alike in (False, True)
    ]


def first(*cells: Cell, names: tuple[str, ...] = NAMES) -> str:
    words = equity_pictures(release_of(*cells, names=names), PLACE, "function")[0].finding
    assert len(words.split()) <= 14, words
    return words


def test_no_gap_is_a_finding():
    found = first(*everything())
    assert found == "No group by function differs beyond noise in any of four outcomes"


def test_a_gap_that_turns_round_is_said_and_shown_by_programme():
    cells = [
        gap(-0.04, "below"),
        gap(0.03, "above", alike=True, phrase="reverses"),
        gap(0.03, "above", place="programme=p"),
        gap(0.04, "noise", place="programme=q"),
        *(gap(0.0, group=f"o0.g{number}") for number in (1, 2)),
    ]
    over_all, within = equity_pictures(release_of(*cells), PLACE, "function")
    assert over_all.finding == (
        "Participation for Design is lower overall, yet higher among people alike"
    )
    assert SPREAD in over_all.note
    assert within.finding == "Within every programme the gap is the other way round: higher"
    assert [row["group"].strip("\u200b") for row in within.rows] == [
        "All together", "Crossings", "Open Table",
    ]  # fmt: skip


def test_a_gap_that_fades_is_said():
    cells = (gap(-0.04, "below"), gap(-0.01, alike=True, phrase="shrinks"))
    assert first(*cells) == "Participation for Design is lower, but hardly among people alike"


def test_a_gap_that_stays_names_its_size():
    cells = (gap(-0.04, "below"), gap(-0.05, "below", alike=True))
    assert first(*cells) == "Participation for Design is 5 points lower than elsewhere"


def test_hidden_gaps_are_no_finding():
    assert first(gap(None), gap(None, alike=True)) == "Gaps by function cannot be told here"


def test_of_two_groups_one_is_drawn_with_a_row_for_each_outcome():
    cells = everything(group_count=2)
    (picture,) = equity_pictures(release_of(*cells, names=NAMES[:2]), PLACE, "function")
    assert [row["group"].strip("\u200b") for row in picture.rows] == list(OUTCOMES)


def test_several_groups_stand_under_a_heading_for_each_outcome():
    (picture,) = equity_pictures(release_of(*everything()), PLACE, "function")
    headings = [row["group"].strip("\u200b\u200c") for row in picture.rows if row["heading"]]
    assert headings == list(OUTCOMES)
    assert len({row["group"] for row in picture.rows}) == len(picture.rows)


def test_of_very_many_gaps_those_furthest_from_nothing_are_drawn():
    names = tuple(f"Group {number}" for number in range(8))
    (picture,) = equity_pictures(
        release_of(*everything(group_count=8), names=names), PLACE, "function"
    )
    assert len([row for row in picture.rows if not row["heading"]]) == MOST_ROWS
    assert len(picture.cells) == 8 * len(OUTCOMES)
    assert "all are in the table" in picture.note


def test_a_hidden_gap_keeps_its_place():
    cells = [*everything()[2:], gap(None), gap(None, alike=True)]
    (picture,) = equity_pictures(release_of(*cells), PLACE, "function")
    assert HIDDEN in {row["verdict"] for row in picture.rows}


def test_a_note_on_four_fifths_calls_itself_no_legal_finding():
    ratio = cell(
        0.7, "", measure="equity_ratio", breakdown="equity.function", group="o0.g0",
        phrase="below four fifths",
    )  # fmt: skip
    cells = (gap(-0.2, "below"), gap(-0.2, "below", alike=True), ratio)
    (picture,) = equity_pictures(release_of(*cells), PLACE, "function")
    assert "no legal finding" in picture.note


def test_nothing_published_is_no_picture():
    assert equity_pictures(release_of(), PLACE, "function") == []
    assert equity_pictures(release_of(gap(0.1)), PLACE, None) == []


def outcome(estimate: float, verdict: str, key: str = "outcome_gap_alike") -> Cell:
    told = {"expected": 0.0, "low": estimate - 1, "high": estimate + 1}
    return cell(estimate, verdict, measure=key, breakdown="outcome", group="o3", **told)


def test_people_who_take_part_are_said_to_have_chosen_it():
    cells = (outcome(8.0, "above"), outcome(10.0, "above", "outcome_gap"))
    (picture,) = beside_pictures(release_of(*cells), "programme=p")
    assert picture.finding == "“Retained” is higher among people who chose to take part"
    assert picture.note == SELF_SELECTION
    assert picture.how_to_read.startswith("For the whole organisation")
    (row,) = picture.rows
    assert (row["crude"], row["estimate"]) == (0.10, 0.08)


def test_no_difference_to_others_is_a_finding():
    (picture,) = beside_pictures(release_of(outcome(0.5, "noise")), PLACE)
    assert picture.finding.startswith("People who take part fare like others")


def test_a_workforce_that_is_not_loaded_is_an_answer():
    (nothing,) = beside_pictures(release_of(), PLACE)
    assert nothing.finding == NOT_LOADED
    alone = undefined(measure="outcome_gap", breakdown="outcome", group="o3")
    (picture,) = beside_pictures(release_of(alone), PLACE)
    assert picture.finding == NO_WORKFORCE
    assert all(len(words.split()) <= 14 for words in (NOT_LOADED, NO_WORKFORCE))
    assert not picture.rows


def test_where_both_ways_to_compare_people_alike_differ_it_is_said():
    alike = gap(0.03, "above", alike=True)
    other = replace(gap(0.01, "noise"), measure="equity_gap_standardised")
    (picture,) = equity_pictures(release_of(gap(0.02), alike, other), PLACE, "function")
    assert picture.columns[equity.EQUALLY_SPREAD] == ["+1 points"]
    assert "+3 points between people alike, +1 points if all were spread" in plain(picture.note)
    agreeing = replace(other, verdict="above")
    (picture,) = equity_pictures(release_of(gap(0.02), alike, agreeing), PLACE, "function")
    assert "spread as everybody" not in picture.note
