"""Engagement in the release: what was planted is found alone, and odd data stay readable."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

import pytest

from builder.engagement import engagement_cells, engagement_names
from builder.places import read_places
from builder.preparing import thresholds_of
from builder.whole import WholeRun
from release import Release
from release.contents import WHOLE, Cell, Contents
from sample_data import planted
from settings import Settings
from store.stamping import read_facts
from tests.builder.organisation import filled_engine
from tests.store.small_organisation import Rows, make_rows

QUIET = f"cohort={planted.QUIET_COHORT}"


def made(rows: Rows) -> Release:
    """Return a release of engagement alone."""
    settings = Settings()
    with filled_engine(rows).connect() as connection:
        facts = read_facts(connection)
        places = read_places(connection, facts)
        run = WholeRun(connection, facts, places, thresholds_of(settings), settings, ())
        cells, names = tuple(engagement_cells(run)), tuple(engagement_names(run))
        return Release(Contents(cells=cells, groups=names, scopes=tuple(places.scopes())))


def alarms(release: Release) -> dict[str, Cell]:
    return {
        cell.slice: cell
        for cell in release.contents.cells
        if cell.measure == "cohort_alarm" and cell.period == WHOLE
    }


def test_the_quiet_cohort_is_found_and_dated(sample_release: Release) -> None:
    cell = alarms(sample_release)[QUIET]
    assert cell.verdict == "below"
    # its ninth round was offered on 12 January 2026, its last on 27 July; by 23
    # September two more of 28 days each would have been due
    assert cell.phrase == f"since cycle {planted.QUIET_FROM_ROUND} (January 2026)"
    assert cell.reason == "it has ended: its last was cycle 16 (July 2026)"
    assert cell.low < cell.estimate < cell.high < cell.expected


def test_no_other_cohort_is_called_quiet(sample_release: Release) -> None:
    found = [key for key, cell in alarms(sample_release).items() if cell.verdict == "below"]
    assert found == [QUIET]
    assert len(alarms(sample_release)) == 12


def test_the_alarm_came_within_two_cycles(sample_release: Release) -> None:
    raised = [
        int(cell.period)
        for cell in sample_release.contents.cells
        if cell.measure == "cohort_alarm" and cell.slice == QUIET and cell.period != WHOLE
    ]
    assert raised in ([planted.QUIET_FROM_ROUND], [planted.QUIET_FROM_ROUND + 1])


def test_cancelled_and_not_coming_explain_it(sample_release: Release) -> None:
    cells = sample_release.by_group("cycle_outcome", QUIET, "outcome")
    assert {cell.group for cell in cells if cell.verdict == "above"} == {"cancelled", "no_show"}


def test_every_alarm_carries_its_record(sample_release: Release) -> None:
    record = sample_release.cell("alarm_record", "organisation", "alarm_rule", "cusum")
    assert record.printed == "1 of 1"
    # Wilson 1927 for 1 of 1: 0.207 to 1, printed outwards
    assert record.interval.startswith("20 to 100")
    other = sample_release.cell("alarm_record", "organisation", "alarm_rule", "random")
    assert other.estimate < record.estimate
    noticed = sample_release.cell("alarm_recall", "organisation", "alarm_rule", "cusum")
    assert noticed.printed == "1 of 1"
    assert "drawn by lot" in noticed.reason


def test_no_programme_of_the_sample_falls_as_a_whole(sample_release: Release) -> None:
    found = [cell for cell in sample_release.contents.cells if cell.measure == "programme_lately"]
    # the quiet cohort has ended, so that it is not among those of its programme
    assert len(found) == 3
    assert all(cell.estimate > 0.9 * cell.expected for cell in found)


def test_the_quiet_cohort_loses_people_sooner(sample_release: Release) -> None:
    cell = sample_release.cell("survival", QUIET, "none")
    assert cell.verdict == "below"
    assert "people stop sooner" in cell.reason
    assert cell.phrase == f"{cell.printed} still there after 11 cycles"


def test_survival_never_rises(sample_release: Release) -> None:
    for scope in sample_release.slices:
        shares = [
            cell.estimate
            for cell in sample_release.contents.cells
            if cell.measure == "survival" and cell.slice == scope and cell.period != WHOLE
            and cell.is_drawn
        ]  # fmt: skip
        # a bound near 0 is published as its middle, so half a step of rounding is allowed
        assert all(later <= before + 0.05 for before, later in pairwise(shares))


@pytest.fixture(scope="module")
def rows() -> Rows:
    return make_rows(3, 120)


def test_three_rounds_are_too_few_to_know_what_is_usual(rows: Rows) -> None:
    cells = alarms(made(rows))
    assert cells
    assert {cell.status for cell in cells.values()} == {"undefined"}


def test_without_rounds_quarters_are_the_cycles(rows: Rows) -> None:
    bare = {name: [] if name.startswith("match") else part for name, part in rows.items()}
    bare["conversation"] = [{**row, "match_id": None} for row in rows["conversation"]]
    periods = {
        cell.period for cell in made(bare).contents.cells if cell.measure == "cycle_participation"
    }
    assert periods
    assert all("-Q" in period for period in periods)


def test_without_conversations_nothing_fails(rows: Rows) -> None:
    empty = ("conversation", "conversation_participant", "match", "match_member", "match_round",
             "match_pool", "response", "answer")  # fmt: skip
    release = made({name: [] if name in empty else part for name, part in rows.items()})
    assert not [cell for cell in release.contents.cells if cell.verdict == "below"]


def test_a_cohort_of_three_is_hidden(rows: Rows) -> None:
    three = {row["person_id"] for row in rows["match_member"][:3]}
    small = dict(rows)
    for name in ("match_member", "match_pool", "enrolment", "conversation_participant"):
        small[name] = [row for row in rows.get(name, []) if row["person_id"] in three]
    shown = [cell for cell in made(small).contents.cells if cell.is_drawn]
    assert not [cell for cell in shown if cell.measure != "alarm_record"]


def test_a_cycle_that_is_not_over_is_not_judged(rows: Rows) -> None:
    planned = dict(rows)
    latest = max(row["scheduled_start_at"] for row in rows["conversation"])
    last = {row["match_id"] for row in rows["match"] if row["round_no"] == 3}
    planned["conversation"] = [
        {**row, "status": "scheduled", "evidence": "none", "actual_start_at": None,
         "scheduled_start_at": latest + timedelta(days=9)}
        if row["match_id"] in last
        else row
        for row in rows["conversation"]
    ]  # fmt: skip
    periods = {
        cell.period
        for cell in made(planned).contents.cells
        if cell.measure == "cycle_participation"
    }
    assert "1" in periods
    assert "3" not in periods
