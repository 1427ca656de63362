"""The operational rates equal plain Python, and say what was not recorded."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

import pytest

from builder.places import When, still_runs
from disclosure.rounding import share_step, to_five
from tests.builder.organisation import computed, filled_engine, with_attributes, without
from tests.store import by_hand


def rate(contents, measure, slice_="organisation", period="all"):
    (found,) = (
        cell
        for cell in contents.cells
        if (cell.measure, cell.slice, cell.period) == (measure, slice_, period)
    )
    return found


def rates_of(rows):
    """Return a release of the rates alone: this attribute has one group that is large enough."""
    return computed(filled_engine(with_attributes(rows, "badge")))


@pytest.mark.parametrize("slice_", ["organisation", "programme=alpha", "cohort=b1"])
def test_completion_is_pairings_held_over_pairings_offered(contents, rows, slice_):
    kind, _, code = slice_.partition("=")
    offered = [
        pairing
        for pairing in by_hand.pairings(rows)
        if pairing["matched"] and (not code or pairing[kind] == code)
    ]
    cell = rate(contents, "completion_rate", slice_)
    exact = sum(pairing["completed"] for pairing in offered) / len(offered)
    people = {pairing[side] for pairing in offered for side in "ab"}
    assert cell.estimate == pytest.approx(exact, abs=share_step(len(people)) / 2 + 1e-4)
    assert (cell.people, cell.pairs) == (to_five(len(people)), to_five(len(offered)))


def test_participation_is_enrolled_people_who_met_somebody_in_the_same_programme(contents, rows):
    cohorts = defaultdict(set)
    for row in rows["enrolment"]:
        cohorts[row["cohort_id"]].add(row["person_id"])
    enrolled = cohorts["a1"] | cohorts["a2"]
    met = {
        pairing[side]
        for pairing in by_hand.pairings(rows)
        if pairing["completed"] and pairing["programme"] == "alpha"
        for side in "ab"
    }
    cell = rate(contents, "participation_rate", "programme=alpha")
    exact = len(met & enrolled) / len(enrolled)
    assert cell.estimate == pytest.approx(exact, abs=share_step(len(enrolled)) / 2 + 1e-4)
    assert cell.people == to_five(len(enrolled))


def test_feedback_is_answers_over_seats_in_completed_conversations(contents, rows):
    held = {row["conversation_id"] for row in rows["conversation"] if row["status"] == "completed"}
    seats = {
        (row["conversation_id"], row["person_id"])
        for row in rows["conversation_participant"]
        if row["conversation_id"] in held and row["person_id"] and row["attended"] != "no"
    }
    given = {(row["conversation_id"], row["person_id"]) for row in rows["response"]}
    cell = rate(contents, "feedback_rate")
    people = {person for _, person in seats}
    exact = len(given & seats) / len(seats)
    assert cell.estimate == pytest.approx(exact, abs=share_step(len(people)) / 2 + 1e-4)
    assert cell.people == to_five(len(people))


@pytest.mark.parametrize(
    ("tables", "measure", "reason"),
    [
        (("response",), "feedback_rate", "feedback was not recorded"),
        (("match", "match_member", "match_pool"), "completion_rate", "offers were not recorded"),
        (("enrolment",), "participation_rate", "who could have taken part was not recorded"),
    ],
)
def test_what_was_not_recorded_is_not_defined_and_says_why(rows, tables, measure, reason):
    cell = rate(rates_of(without(rows, *tables)), measure)
    assert (cell.status, cell.reason) == ("undefined", reason)
    assert cell.printed == "not defined" and cell.estimate is None


def test_conversations_that_name_no_offer_leave_completion_undefined(rows):
    unlinked = [row | {"match_id": None} for row in rows["conversation"]]
    cell = rate(rates_of(rows | {"conversation": unlinked}), "completion_rate")
    assert cell.status == "undefined"
    assert cell.reason == "no completed conversation was tied to an offer"


def test_a_cohort_in_which_nobody_met_yet_has_a_rate_and_no_excuse(rows):
    talks = [row for row in rows["conversation"] if row["cohort_id"] != "a2"]
    cell = rate(rates_of(rows | {"conversation": talks}), "participation_rate", "cohort=a2")
    # 150 people are enrolled in each cohort; none of them is printed as a bound
    assert cell.status == "shown" and cell.people == 150
    assert cell.printed == "under 5\u202f%"


@pytest.mark.parametrize(
    ("as_of", "runs"),
    [
        (date(2026, 8, 1), True),
        (date(2026, 9, 27), True),
        (date(2026, 9, 28), False),
        (date(2026, 12, 1), False),
    ],
)
def test_a_quarter_runs_until_three_days_before_its_end(as_of, runs):
    assert still_runs(When(2026 * 4 + 2, "2026-Q3", "Q3 2026"), as_of) == runs
    assert not still_runs(When(2025 * 4 + 3, "2025-Q4", "Q4 2025"), as_of)


def test_a_quarter_that_still_runs_is_shown_and_not_compared(sample_release):
    """The sample goes up to 23 September 2026."""
    for key in ("participation_rate", "completion_rate", "feedback_rate"):
        *_, before, last = sample_release.series(key, "organisation", "none")
        assert last.period == "2026-Q3"
        assert last.is_drawn and not last.verdict and last.expected is None
        assert "still runs" in last.reason
        assert before.verdict and before.expected is not None
