"""The engagement page in words: findings, actions, and rows of its charts."""

from __future__ import annotations

import pytest

from charts.engagement import curve_rows, curves, step_bars, step_rows, strip, strip_rows
from release import Cell, Release
from release.contents import Group
from tests.pages.conftest import charts_on, run_page, words_on  # noqa: F401
from tests.small_release import COHORT, PROGRAMME, cell, contents, hidden, measure, undefined
from ui.actions import ACTIONS, MOST_ACTIONS, actions_for
from ui.engagement_answer import engagement_findings, engagement_sentence
from ui.pictures.engagement import strip_finding, track_record_words
from ui.pictures.taking_part import step_finding
from ui.words import plain

CYCLES = ("1", "2", "3")
MEASURES = (
    "cycle_participation", "cohort_alarm", "alarm_record", "cycle_outcome", "step_share",
    "survival",
)  # fmt: skip
STEPS = {"invited": "Invited", "joined": "Joined", "met": "Met", "met_again": "Met again"}


def share(value: float, verdict: str = "noise", **facts: object) -> Cell:
    around = {
        "breakdown": "none", "slice": COHORT, "expected": 0.9, "lottery_low": 0.8,
        "lottery_high": 1.0, "printed": f"{100 * value:.0f} %", "phrase": "",
    }  # fmt: skip
    return cell(value, verdict, **(around | facts))


def every_cell(quiet: bool = True) -> list[Cell]:
    fallen = ("below", "since cycle 2") if quiet else ("noise", "")
    found = [share(0.5, fallen[0], measure="cohort_alarm", phrase=fallen[1])]
    found += [
        share(value, "below" if value < 0.6 else "noise", measure="cycle_participation", period=at)
        for at, value in zip(CYCLES, (0.9, 0.5, 0.4), strict=True)
    ]
    for where in ("organisation", PROGRAMME, COHORT):
        found += [
            share(value, measure="step_share", slice=where, breakdown="step", group=step)
            for step, value in zip(STEPS, (0.9, 0.7, 0.95, 0.8), strict=True)
        ]
    for where in (PROGRAMME, COHORT):
        found += [
            share(0.9 - 0.1 * number, measure="survival", slice=where, period=str(number))
            for number in (1, 2, 3)
        ]
        found.append(
            share(0.6, "below" if where == COHORT else "", measure="survival", slice=where)
        )
    found += [
        share(0.3, "above", measure="cycle_outcome", breakdown="outcome", group="no_show",
              expected=0.1),
        share(0.1, "noise", measure="cycle_outcome", breakdown="outcome", group="unknown"),
    ]  # fmt: skip
    return found


def groups() -> tuple[Group, ...]:
    named = {"step": STEPS, "outcome": {"no_show": "Somebody did not come", "unknown": "Not known"},
             "cycle": {key: f"cycle {key}" for key in CYCLES}}  # fmt: skip
    return tuple(
        Group(breakdown=breakdown, key=key, label=label, short=label, sort=number)
        for breakdown, names in named.items()
        for number, (key, label) in enumerate(names.items())
    )


def release_of(cells: list[Cell]) -> Release:
    base = contents(cells)
    return Release(
        type(base)(
            cells=base.cells, measures=(*base.measures, *map(measure, MEASURES)),
            scopes=base.scopes,
            groups=base.groups + groups(), periods=base.periods, about=base.about,
        )
    )  # fmt: skip


def test_the_answer_says_who_and_since_when_in_few_words() -> None:
    said = plain(engagement_sentence(release_of(every_cell()), "organisation"))
    assert said.startswith("Spring has been going quiet since cycle 2.")
    assert len(said.split()) <= 35


def test_no_alarm_is_a_finding_too() -> None:
    release = release_of(every_cell(quiet=False))
    assert "not going quiet" in plain(engagement_sentence(release, "organisation"))
    assert strip_finding(release, "organisation") == "Spring keeps its own rhythm"


@pytest.mark.parametrize(
    ("make", "words"),
    [(hidden, "Too few people"), (undefined, "enough cycles yet")],
)
def test_hidden_and_too_early_are_answers(make, words: str) -> None:
    one = make(measure="cohort_alarm", breakdown="none", slice=COHORT)
    assert words in engagement_sentence(release_of([one]), "organisation")


def test_without_a_record_the_page_says_that_a_simple_rule_is_in_use() -> None:
    assert "no history yet" in track_record_words(release_of(every_cell()))


def test_the_record_stands_beside_simple_rules() -> None:
    record = {"measure": "alarm_record", "slice": "organisation", "breakdown": "alarm_rule"}
    cells = [
        share(0.7, group="cusum", printed="14 of 19", interval="51 to 88 %", **record),
        share(0.1, group="random", printed="12 of 102", **record),
    ]
    said = plain(track_record_words(release_of(cells)))
    assert "14 of 19 (51 to 88 %)" in said
    assert "an alarm in any cycle: 12 of 102" in said


def test_each_finding_has_at_most_three_actions() -> None:
    found = engagement_findings(release_of(every_cell()), "organisation")
    assert [one.heading for one in found] == ["Spring", "The step “joined”"]
    assert [(one.slice, one.key) for one in found] == [
        (COHORT, "cohort_alarm"),
        ("organisation", "step_share=joined"),
    ]
    assert all(0 < len(one.actions) <= MOST_ACTIONS for one in found)
    assert found[0].actions == ACTIONS["no_show"]


def test_actions_for_two_reasons_take_turns() -> None:
    chosen = actions_for(["no_show", "cancelled"])
    assert chosen[:2] == [ACTIONS["no_show"][0], ACTIONS["cancelled"][0]]
    assert actions_for([]) == []


def test_the_largest_loss_counts_people() -> None:
    cells = [one for one in every_cell() if one.measure == "step_share"][:4]
    assert step_finding(cells, STEPS) == "Most people are lost at the step “joined”: 70 % reach it"


def test_bars_multiply_and_having_met_again_is_counted_from_having_met() -> None:
    cells = [one for one in every_cell() if one.measure == "step_share"][:4]
    reached = [row["estimate"] for row in step_rows(cells, STEPS)]
    # by hand: 0.9; 0.9 * 0.7; * 0.95; * 0.8
    assert reached == pytest.approx([0.9, 0.63, 0.5985, 0.4788])


def test_only_cycles_beyond_noise_have_a_tint_and_a_sign() -> None:
    cells = [one for one in every_cell() if one.measure == "cycle_participation"]
    rows = strip_rows(cells, {COHORT: "Spring"}, frozenset({(COHORT, "2")}))
    assert [row["tone"] for row in rows] == ["none", "less_2", "less_2"]
    assert [row["sign"] for row in rows] == ["", "▼▼", "▼▼"]
    assert [row["last"] for row in rows] == [False, True, False]


def test_a_curve_starts_with_everybody_and_is_named_at_its_end() -> None:
    cells = [one for one in every_cell() if one.measure == "survival" and one.slice == COHORT][:3]
    rows = curve_rows({"Sounding Board 1": cells}, {"Sounding Board 1": "less"})
    assert {row["name"] for row in rows} == {"Sounding\nBoard 1"}
    assert (rows[0]["order"], rows[0]["estimate"]) == (0, 1.0)
    assert [row["last"] for row in rows] == [False, False, False, True]


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_specs_are_built_once_and_hold_no_data(mode) -> None:
    for spec in (strip(3, CYCLES, True, mode), step_bars(4, True, mode), curves(3, mode)):
        assert "data" not in spec
        assert spec["autosize"] == {"type": "fit-x"}
    assert strip(3, CYCLES, True, mode) is strip(3, CYCLES, True, mode)


@pytest.mark.parametrize("place", ["organisation", PROGRAMME, COHORT])
@pytest.mark.parametrize("quiet", [True, False])
def test_the_page_shows_its_pictures(run_page, place: str, quiet: bool) -> None:  # noqa: F811
    app = run_page("engagement", release_of(every_cell(quiet)).contents, slice=place)
    assert list(app.exception) == []
    assert len(charts_on(app)) >= 3
    assert "What to do on Monday" in words_on(app)


def test_a_table_names_cohort_and_cycle(run_page) -> None:  # noqa: F811
    app = run_page("engagement", release_of(every_cell()).contents)
    app.session_state["numbers_cycle_participation"] = True
    app.run()
    assert list(app.exception) == []
    if app.table:
        assert "Spring, cycle 2" in [plain(name) for name in app.table[0].value["Group"]]
