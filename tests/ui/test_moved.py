"""What a page says of a plan once the day to look again has come, and before."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from plans import Plan, State
from release import Cell, Release
from tests.plans.test_book import plan
from tests.small_release import COHORT, cell, contents, undefined
from ui.moved import NO_CYCLES, NO_PROOF, NOT_YET, TOO_EARLY, TWO_CYCLES, moved, two_cycles
from ui.words import plain

TODAY = date(2026, 9, 24)  # the release is as of 23 September
DAYS = ("2026-04-06", "2026-05-11", "2026-06-08", "2026-07-06")


def change(day: str, verdict: str = "noise", **facts: object) -> Cell:
    base = {
        "measure": "cohort_change_since", "slice": COHORT, "breakdown": "none", "period": day,
        "printed": "+3 points", "interval": "−5 to +11 points", "phrase": f"from {day} here",
        "sentence": f"In Spring, participation rose since {day}.",
    }  # fmt: skip
    return cell(0.03, verdict, **(base | facts))


def release_of(*cells: Cell) -> Release:
    return Release(contents(list(cells)))


def said(release: Release, one: Plan, today: date = TODAY) -> str:
    return plain(moved(release, one, today))


def test_the_first_cycle_that_began_on_or_after_the_day_is_taken() -> None:
    release = release_of(*(change(day, "above") for day in reversed(DAYS)))
    # 4 May: the next cycle begins on 11 May
    assert "since 2026-05-11" in said(release, plan())
    assert "since 2026-06-08" in said(release, plan(since=date(2026, 6, 8)))


def test_nothing_moved_is_said_plainly() -> None:
    words = said(release_of(change(DAYS[1])), plan())
    assert words.startswith("Nothing moved beyond what chance and the other cohorts explain")
    assert "+3 points against them (−5 to +11 points)" in words


@pytest.mark.parametrize(("verdict", "sign"), [("above", "▲"), ("below", "▼")])
def test_a_change_beyond_noise_is_no_proof(verdict: str, sign: str) -> None:
    words = said(release_of(change(DAYS[1], verdict)), plan())
    assert words.startswith(sign)
    assert words.endswith(NO_PROOF)


def test_before_the_day_it_says_nothing_of_the_change() -> None:
    later = plan(look_again=date(2026, 12, 1))
    assert said(release_of(change(DAYS[1], "above")), later) == NOT_YET


def test_on_the_day_with_older_data_it_asks_for_newer() -> None:
    due = plan(look_again=date(2026, 9, 24))
    assert "data go up to 23 September 2026 only" in said(release_of(), due)


def test_a_plan_that_is_done_is_not_urged() -> None:
    release = release_of()
    done = plan(look_again=date(2026, 9, 24)).as_text() | {"state": State.DONE}
    dates = {name: date.fromisoformat(done[name]) for name in ("since", "look_again")}
    assert said(release, Plan(**done | dates)) == NOT_YET


def test_without_a_cycle_since_it_is_too_early() -> None:
    young = plan(since=date(2026, 8, 1), look_again=date(2026, 9, 1))
    assert said(release_of(change(DAYS[1], "above")), young) == TOO_EARLY
    assert said(release_of(), young) == NO_CYCLES


def test_what_cannot_be_compared_says_why() -> None:
    assert "no others" in said(release_of(), plan(slice="organisation"))
    assert "not followed" in said(release_of(), plan(finding="step_share=met_again"))
    gap = undefined(measure="cohort_change_since", slice=COHORT, breakdown="none", period=DAYS[1])
    assert said(release_of(gap), plan()) == "Not defined."


def test_two_cycles_are_those_of_the_cohort() -> None:
    # by hand: 35, 28 and 28 days between the starts; the middle one, twice
    assert two_cycles(release_of(*map(change, DAYS)), COHORT) == timedelta(days=56)
    assert two_cycles(release_of(change(DAYS[0]), change(DAYS[1])), COHORT) == timedelta(days=70)
    assert two_cycles(release_of(), COHORT) == TWO_CYCLES
