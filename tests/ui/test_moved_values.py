"""What a page says of plans for a compared value and for a kind of participation, on their day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from plans import Plan
from release import Cell, Release
from tests.plans.test_book import plan
from tests.small_release import COHORT, cell, contents, hidden
from ui.cohorts_answer import cohorts_findings
from ui.moved import moved
from ui.moved_values import GONE, NO_BEFORE, NO_PROOF, TOO_EARLY
from ui.profiles_answer import profiles_findings
from ui.words import plain

TODAY = date(2026, 9, 24)  # the release is as of 23 September
NAME = "gives little feedback"


def feedback(period: str, share: float, **facts: object) -> Cell:
    around = {
        "measure": "feedback_rate", "slice": COHORT, "breakdown": "none", "period": period,
        "low": share - 0.04, "high": share + 0.04, "printed": f"{100 * share:.0f} %",
        "interval": f"{100 * share - 4:.0f} to {100 * share + 4:.0f} %",
    }  # fmt: skip
    return cell(share, "", **(around | facts))


def compared(**facts: object) -> Cell:
    around = {"measure": "cohort_rate", "slice": COHORT, "breakdown": "rate",
              "group": "feedback_rate"}  # fmt: skip
    return cell(0.4, "below", **(around | facts))


def kind(period: str = "all", verdict: str = "", **facts: object) -> Cell:
    around = {
        "measure": "profile_share", "breakdown": "profile", "group": "kind-2", "period": period,
        "printed": "29 %", "phrase": NAME, "interval": "27 to 31 %",
    }  # fmt: skip
    return cell(0.29, verdict, **(around | facts))


def release_of(*cells: Cell) -> Release:
    return Release(contents(list(cells)))


def said(one: Plan, *cells: Cell) -> str:
    return plain(moved(release_of(*cells), one, TODAY))


def of_value(**facts: object) -> Plan:
    base = {"page": "cohorts", "finding": "feedback_rate", "since": date(2026, 2, 2)}
    return plan(**(base | facts))


def of_kind() -> Plan:
    return plan(page="profiles", slice="organisation", finding=f"profile={NAME}")


@pytest.mark.parametrize(
    ("later", "starts", "ends"),
    [(0.52, "▲", NO_PROOF), (0.28, "▼", NO_PROOF), (0.45, "40 %", "nothing moved beyond noise.")],
)
def test_a_rate_stands_in_the_quarter_before_and_in_the_last_whole_one_since(
    later: float, starts: str, ends: str
) -> None:
    """Expected by hand: intervals of ±4 points round 40 % overlap those round 45 %, not 52 %."""
    words = said(of_value(), compared(), feedback("2025-Q4", 0.4), feedback("2026-Q2", later))
    assert words.startswith(starts)
    assert words.endswith(ends)
    assert "40 % (36 to 44 %) in Q4 2025" in words and "in Q2 2026" in words


def test_the_quarter_in_which_a_plan_began_is_neither_before_nor_since() -> None:
    cells = compared(), feedback("2026-Q1", 0.4), feedback("2026-Q2", 0.6)
    assert said(of_value(), *cells) == NO_BEFORE
    assert said(of_value(), compared(), feedback("2026-Q1", 0.4)) == TOO_EARLY


def test_a_hidden_quarter_is_not_compared() -> None:
    gone = {"measure": "feedback_rate", "slice": COHORT, "breakdown": "none", "period": "2026-Q2"}
    assert said(of_value(), compared(), feedback("2025-Q4", 0.4), hidden(**gone)) == TOO_EARLY


def test_what_is_published_over_all_time_says_so_with_its_value() -> None:
    whole = feedback("all", 0.41)
    words = said(of_value(), compared(), whole)
    assert words.startswith("It is published over all time together")
    assert words.endswith("now: 41 % (37 to 45 %).")


def test_completion_of_a_cohort_is_followed_by_cycle() -> None:
    change = cell(
        0.03, measure="cohort_change_since", slice=COHORT, breakdown="none", period="2026-05-11"
    )
    words = said(of_value(finding="completion_rate", since=date(2026, 5, 4)), change)
    assert words.startswith("Nothing moved beyond what chance and the other cohorts explain")


@pytest.mark.parametrize(
    ("verdict", "starts", "ends"),
    [("above", "▲ Now 29 %", NO_PROOF), ("noise", "Now 29 %", "no change beyond noise.")],
)
def test_a_kind_stands_beside_one_quarter_ago(verdict: str, starts: str, ends: str) -> None:
    words = said(of_kind(), kind(verdict=verdict), kind("2026-Q1", printed="25 %"))
    assert words.startswith(starts)
    assert "one quarter ago 25 %" in words
    assert words.endswith(ends)


def test_a_kind_that_is_gone_is_said() -> None:
    assert said(of_kind(), kind(phrase="gives much feedback")) == GONE


def test_a_kind_without_an_earlier_quarter_has_nothing_beside_it() -> None:
    assert "nothing is published of a quarter ago" in said(of_kind(), kind())


def test_what_differs_can_be_acted_upon() -> None:
    found = cohorts_findings(release_of(compared()), "organisation", "cohort")
    (one,) = found
    assert (one.slice, one.key) == (COHORT, "feedback_rate")
    assert "lower than its size explains" in one.heading
    assert one.actions
    better = cohorts_findings(
        release_of(replace(compared(), verdict="above")), "organisation", "cohort"
    )
    assert "hosts" in better[0].actions[0]
    assert not cohorts_findings(
        release_of(replace(compared(), verdict="noise")), "organisation", "cohort"
    )


def test_a_kind_is_kept_by_what_it_is_called() -> None:
    habit = cell(
        0.2, "below", measure="profile_habit", breakdown="profile.habit",
        group="kind-2.feedback", phrase="low",
    )  # fmt: skip
    release = release_of(kind(), habit)
    names = {"feedback": "Feedback"}
    given = release.contents
    from release import Group

    groups = tuple(
        Group(breakdown="profile.habit", key=key, label=label, short=label, sort=0)
        for key, label in names.items()
    )
    (found,) = profiles_findings(Release(replace(given, groups=(*given.groups, *groups))))
    assert found.key == f"profile={NAME}"
    assert found.actions[0].startswith("Ask two questions")
