"""The engagement page in words: findings, actions, and rows of its charts."""

from __future__ import annotations

from dataclasses import replace

import pytest

from charts.engagement import curve_rows, curves, step_bars, step_rows, strip, strip_rows
from release import Cell, Release
from release.contents import Group
from tests.pages.conftest import charts_on, run_page, words_on  # noqa: F401
from tests.small_release import COHORT, PROGRAMME, cell, contents, hidden, measure, undefined
from ui.actions import ACTIONS, MOST_ACTIONS, actions_for
from ui.engagement_answer import engagement_findings, engagement_sentence
from ui.pictures.alarm_record import record_names, records_in, track_record_words
from ui.pictures.engagement import engagement_pictures, strip_finding
from ui.pictures.taking_part import step_finding, survival_pictures
from ui.words import plain

CYCLES = ("1", "2", "3")
MEASURES = (
    "cycle_participation", "cohort_alarm", "alarm_record", "alarm_recall", "cycle_outcome",
    "step_share", "survival", "programme_lately",
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
            share(
                0.6,
                "below" if where == COHORT else "",
                measure="survival",
                slice=where,
                phrase="60 % still there after 3 cycles",
                sentence=f"In {where}, 60 % are left.",
            )
        )
    found += [
        share(0.3, "above", measure="cycle_outcome", breakdown="outcome", group="no_show",
              expected=0.1),
        share(0.1, "noise", measure="cycle_outcome", breakdown="outcome", group="unknown"),
    ]  # fmt: skip
    return found


def groups() -> tuple[Group, ...]:
    named = {"step": STEPS, "outcome": {"no_show": "Somebody did not come", "unknown": "Not known"},
             "cycle": {key: f"cycle {key}" for key in CYCLES},
             "alarm_rule": {"cusum": "Alarms", "random": "Any cycle"}}  # fmt: skip
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
        share(0.7, group="cusum", printed="14 of 19", interval="51 to 88 %",
              reason="half of them came 3 cycles before", **record),
        share(0.1, group="random", printed="12 of 102", interval="2 to 47 %", **record),
        share(0.9, group="cusum", printed="9 of 10", interval="60 to 98 %", reason="by lot 15 %",
              **(record | {"measure": "alarm_recall"})),
    ]  # fmt: skip
    said = plain(track_record_words(release_of(cells)))
    assert "14 of 19 (51 to 88 %)" in said
    assert "an alarm in any cycle: 12 of 102 (2 to 47 %)" in said
    assert "lasting falls noticed in time: 9 of 10 (60 to 98 %); by lot 15 %" in said
    rows = record_names(release_of(cells))
    assert [row.group for row in records_in(release_of(cells))] == [
        "alarm_record cusum", "alarm_record random", "alarm_recall cusum",
    ]  # fmt: skip
    assert rows["alarm_record cusum"] == "Alarms: right; half of them came 3 cycles before"
    assert rows["alarm_recall cusum"].startswith("Alarms: lasting falls noticed in time")


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


def test_the_finding_of_curves_says_after_how_many_cycles() -> None:
    found = survival_pictures(release_of(every_cell()), "organisation")[0].finding
    assert plain(found) == "Spring loses people sooner: 60 % still there after 3 cycles"
    alone = [one for one in every_cell() if one.measure != "survival" or one.slice == PROGRAMME]
    finding = survival_pictures(release_of(alone), "organisation")[0].finding
    assert plain(finding).startswith("In programme=p, 60 % are left")


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
    assert len(charts_on(app)) >= 1
    assert "What to do on Monday" in words_on(app)
    assert "lost at the step" in words_on(app)


@pytest.mark.parametrize("place", ["organisation", PROGRAMME, COHORT])
def test_steps_and_staying_are_a_view_of_their_own(run_page, place: str) -> None:  # noqa: F811
    view = "Steps and staying"
    app = run_page("engagement", release_of(every_cell()).contents, slice=place, view=view)
    assert list(app.exception) == []
    assert len(charts_on(app)) == 2


def test_a_cohort_that_has_ended_is_no_longer_going_quiet() -> None:
    last = "it has ended: its last was cycle 3 (May 2026)"
    cells = [
        replace(one, reason=last) if one.measure == "cohort_alarm" else one for one in every_cell()
    ]
    release = release_of(cells)
    said = plain(engagement_sentence(release, "organisation"))
    assert said.startswith("Spring had been going quiet since cycle 2 when it ended.")
    assert (
        strip_finding(release, "organisation")
        == "Spring had been below its own rhythm since cycle 2"
    )
    first = engagement_findings(release, "organisation")[0]
    assert plain(first.heading) == "Spring, which has ended: for the next one"


def together(value: float, **facts: object) -> Cell:
    return share(value, "below", measure="programme_lately", slice=PROGRAMME,
                 sentence="In Crossings, 20 % met.", **facts)  # fmt: skip


def test_where_all_cohorts_fall_together_none_is_said_to_keep_its_rhythm() -> None:
    release = release_of([*every_cell(quiet=False), together(0.2)])
    for slice_ in ("organisation", PROGRAMME, COHORT):
        said = plain(engagement_sentence(release, slice_))
        assert said == "All cohorts of Crossings fell together: 20 % met in the latest cycles."
    assert strip_finding(release, "organisation") == "All cohorts of Crossings fell together"
    strip_picture = engagement_pictures(release, "organisation")[0]
    assert "In Crossings, 20 % met" in plain(strip_picture.foot)


def test_where_one_is_quiet_the_others_that_fell_are_told_too() -> None:
    said = plain(engagement_sentence(release_of([*every_cell(), together(0.2)]), "organisation"))
    assert said.endswith("since cycle 2; all other cohorts of Crossings fell together.")


def test_a_shared_fall_of_less_than_a_fifth_is_not_spoken_of() -> None:
    release = release_of([*every_cell(quiet=False), together(0.8)])
    assert "fell together" not in engagement_sentence(release, "organisation")


def test_a_cohort_that_goes_on_is_named_before_one_that_ended() -> None:
    ended, other = "it has ended: its last was cycle 9", "cohort=other"
    found = [
        share(0.5, "below", measure="cohort_alarm", phrase="since cycle 2", reason=ended),
        share(0.5, "below", measure="cohort_alarm", phrase="since cycle 5", slice=other),
    ]
    base = release_of(found)
    scope = replace(base.slices[COHORT], key=other, label="Autumn")
    contents = base.contents
    release = Release(replace(contents, scopes=(*contents.scopes, scope)))
    said = plain(engagement_sentence(release, "organisation"))
    assert said.startswith(
        "Autumn since cycle 5 and Spring since cycle 2 until it ended are going quiet"
    )


def test_a_loss_that_is_published_as_a_bound_is_no_largest_loss() -> None:
    cells = [share(0.975, measure="step_share", group=step, printed="over 95 %", people=900)
             for step in STEPS]  # fmt: skip
    assert step_finding(cells, STEPS) == "Hardly anybody is lost at any step"


def test_cohorts_that_cannot_be_judged_are_counted_with_the_reason() -> None:
    young = undefined(measure="cohort_alarm", breakdown="none", slice="cohort=other",
                      reason="fewer than five cycles are over")  # fmt: skip
    base = release_of([*every_cell(quiet=False), young])
    scope = replace(base.slices[COHORT], key="cohort=other", label="Autumn")
    release = Release(replace(base.contents, scopes=(*base.contents.scopes, scope)))
    said = plain(engagement_sentence(release, "organisation"))
    assert said.startswith("The only cohort with enough people and cycles is not going quiet")
    strip_picture = engagement_pictures(release, "organisation")[0]
    assert "1 cohort is not judged: fewer than five cycles are over" in plain(strip_picture.foot)


def test_a_table_names_cohort_and_cycle(run_page) -> None:  # noqa: F811
    app = run_page("engagement", release_of(every_cell()).contents)
    app.session_state["numbers_cycle_participation"] = True
    app.run()
    assert list(app.exception) == []
    if app.table:
        assert "Spring, cycle 2" in [plain(name) for name in app.table[0].value["Group"]]
