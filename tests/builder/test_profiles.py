"""Kinds of participation in the release: planted habits are found, and odd data stay readable."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from sklearn.metrics import adjusted_rand_score
from sqlalchemy import Engine
from threadpoolctl import threadpool_limits

from builder import profile_cells, profiles
from builder.places import read_places
from builder.profile_cells import kind_names
from builder.profiles import ALL_NEW, FEW, GRADUAL, NOBODY, GroupShares, HabitOfKind, Kinds
from builder.profiles_audit import audit_profiles
from builder.whole import WholeRun
from disclosure.gate import Verdict
from disclosure.thresholds import Thresholds
from metrics.profiles.habits import FEWEST_CYCLES, habits, placed, yardsticks
from metrics.profiles.segments import find_segments
from release import Release
from release.contents import WHOLE, Contents
from sample_data import planted
from sample_data.generator import draw_participation
from sample_data.programmes import plan_cohorts
from settings import Settings
from store import profiles as behaviour
from store import reading
from store.database import connected, open_store
from store.stamping import read_facts
from tests.builder.organisation import filled_engine, without
from tests.store.small_organisation import Rows, make_rows

ORGANISATION, SIZE, SEED = "organisation", 2400, 2026
AS_OF = date(2026, 9, 23)
SHARE, OF_HABIT, BY_GROUP = "profile_share", "profile_habit", "profile_share_by_group"


def run_of(engine: Engine) -> tuple[WholeRun, object]:
    """Return a run without attributes, and its connection to be closed."""
    connection, settings = engine.connect(), Settings()
    facts = read_facts(connection)
    places = read_places(connection, facts)
    return WholeRun(connection, facts, places, Thresholds(), settings, ()), connection


def made(rows: Rows) -> Release:
    """Return a release of kinds alone."""
    run, connection = run_of(filled_engine(rows))
    with connection:
        cells = tuple(profile_cells.profile_cells(run))
        names = tuple(profile_cells.profile_names(run))
        return Release(Contents(cells=cells, groups=names, scopes=tuple(run.places.scopes())))


def kinds_of(release: Release) -> dict[str, str]:
    """Return the names of the kinds, the most common first."""
    found = release.by_group(SHARE, ORGANISATION, "profile")
    return {cell.group: cell.phrase for cell in found if cell.group not in ("new", WHOLE)}


def test_the_habits_that_behaviour_shows_are_found(sample_release: Release) -> None:
    # planted are steady, reserved (little feedback) and fading (withdraw) people
    assert kinds_of(sample_release) == {
        "kind-1": "gives much feedback",
        "kind-2": "gives little feedback",
        "kind-3": "has not met lately",
    }


def test_the_kinds_do_what_was_planted(sample_release: Release) -> None:
    feedback = {
        kind: sample_release.cell(OF_HABIT, ORGANISATION, "profile.habit", f"{kind}.feedback")
        for kind in kinds_of(sample_release)
    }
    steady, reserved, _ = planted.FEEDBACK_GIVING
    # among the people of a kind are some of another habit
    assert feedback["kind-1"].estimate == pytest.approx(steady, abs=0.05)
    assert feedback["kind-2"].estimate == pytest.approx(reserved, abs=0.05)
    assert feedback["kind-1"].phrase == "high"
    assert feedback["kind-2"].phrase == "low"
    assert "half of them" in feedback["kind-1"].behind


def test_what_was_not_planted_makes_no_kinds(sample_release: Release) -> None:
    # partners are drawn by lot and nobody's rhythm changes within the own cycles
    for habit in ("partners", "trend"):
        cell = sample_release.cell(OF_HABIT, ORGANISATION, "profile.habit", habit)
        assert cell.status == "undefined"
        assert "little more than chance" in cell.reason


def test_shares_sum_to_everybody_and_stand_beside_a_quarter_ago(sample_release: Release) -> None:
    for period in (WHOLE, "2026-Q2"):
        found = [sample_release.cell(SHARE, ORGANISATION, "profile", kind, period)
                 for kind in kinds_of(sample_release)]  # fmt: skip
        assert sum(cell.estimate for cell in found) == pytest.approx(1, abs=0.02)
    now = sample_release.cell(SHARE, ORGANISATION, "profile", "kind-3")
    then = sample_release.cell(SHARE, ORGANISATION, "profile", "kind-3", "2026-Q2")
    assert now.expected == pytest.approx(then.estimate, abs=0.01)
    # people go on withdrawing at the pace at which they always did: among people who had been
    # there as long a quarter ago nearly as many were silent
    assert now.verdict == "noise"


def test_kinds_do_not_track_any_group_and_never_a_special_one(sample_release: Release) -> None:
    cells = sample_release.contents.cells
    found = [cell for cell in cells if cell.measure == "profile_association"]
    assert {cell.breakdown for cell in found} == {
        f"profile.{code}"
        for code in ("function", "seniority", "location", "tenure", "company", "gender")
    }
    assert all(cell.estimate < 0.3 for cell in found)
    assert not [cell for cell in cells if "ethnicity" in cell.breakdown and "profile" in
                cell.breakdown]  # fmt: skip


def test_tenure_which_has_no_effect_shows_none(sample_release: Release) -> None:
    cells = sample_release.by_group(BY_GROUP, ORGANISATION, f"profile.{planted.NULL_ATTRIBUTE}")
    assert {cell.verdict for cell in cells} <= {"noise", "small", "protects"}


def test_the_planted_habits_are_recovered(sample_copy: Path) -> None:
    cohorts = plan_cohorts(SIZE)
    people, _ = draw_participation(np.random.default_rng(SEED), SIZE, SEED, cohorts)
    habit = dict(zip(people.keys, people.habit, strict=True))
    with connected(open_store(f"duckdb:///{sample_copy / 'store.duckdb'}")) as connection:
        facts = read_facts(connection)
        frame = reading.read_numbers(connection, behaviour.behaviour(facts, AS_OF))
        keys = {row["person_no"]: row["person_id"] for row in
                reading.rows(connection, facts.person.select())}  # fmt: skip
    frame = frame[frame["cycles"] >= FEWEST_CYCLES]
    true = np.array([habit[keys[number]] for number in frame["person_no"]])
    sums = {name: frame[name].to_numpy(dtype=float) for name in behaviour.SUMS}
    found = habits(sums)
    points = placed(found, yardsticks(found))
    with threadpool_limits(limits=1):
        segments = find_segments(points, 1)
    assert len(segments.centres) == 3
    # the product reads neither enrolments nor habits, only who met whom and gave feedback
    assert adjusted_rand_score(true, segments.assign(points)) >= 0.8


def test_nobody_is_named_or_numbered_outside_the_run(sample_release: Release) -> None:
    found = [cell for cell in sample_release.contents.cells if cell.measure.startswith("profile")]
    assert found
    assert all(cell.people is None or cell.people % 5 == 0 for cell in found)


def test_an_organisation_without_habits_has_no_kinds() -> None:
    release = made(make_rows(3, 400))
    cell = release.cell(SHARE, ORGANISATION, "profile")
    assert cell.status == "undefined"
    assert cell.reason == GRADUAL
    assert kinds_of(release) == {}


def test_few_people_are_told_so() -> None:
    cell = made(make_rows(3, 60)).cell(SHARE, ORGANISATION, "profile")
    assert (cell.status, cell.reason) == ("undefined", FEW)


def test_where_everybody_is_new_that_is_said() -> None:
    rows = make_rows(3, 80)
    first = {row["match_id"] for row in rows["match"]
             if row["round_no"] == 1 and row["cohort_id"] == "a1"}  # fmt: skip
    kept = rows | {
        name: [row for row in rows[name] if row["match_id"] in first]
        for name in ("match", "match_member", "conversation")
    }
    talks = {row["conversation_id"] for row in kept["conversation"]}
    for name in ("conversation_participant", "response"):
        kept[name] = [row for row in rows[name] if row["conversation_id"] in talks]
    kept["match_pool"] = [row for row in rows["match_pool"] if row["round_no"] == 1]
    kept["enrolment"] = [row for row in rows["enrolment"] if row["cohort_id"] == "a1"]
    release = made(kept)
    assert release.cell(SHARE, ORGANISATION, "profile").reason == ALL_NEW
    assert release.cell(SHARE, ORGANISATION, "profile", "new").printed.startswith("over")


def test_without_cohorts_nobody_has_cycles() -> None:
    rows = without(make_rows(3, 60), "match", "match_member", "match_pool", "enrolment")
    for talk in rows["conversation"]:
        talk["cohort_id"] = None
        talk["match_id"] = None
    cell = made(rows).cell(SHARE, ORGANISATION, "profile")
    assert cell.is_hidden or cell.reason == NOBODY


def kinds(**changes: object) -> Kinds:
    """Return two kinds of 60 and 40 people."""
    one, other = (
        HabitOfKind(share=share, usual=0.6, distance=far, middle=(0.2, 0.4))
        for share, far in ((0.8, 1.0), (0.3, -1.5))
    )
    groups = [
        GroupShares(code="a", label="A", counts=(30, 30), verdict=Verdict.SHOWN),
        GroupShares(code="b", label="B", counts=(30, 10), verdict=Verdict.PROTECTS),
    ]
    base = {
        "people": 100, "newcomers": 20, "counts": (60, 40), "overlap": (0.9, 0.8),
        "earlier": (40, 40), "habits": {"feedback": [one, other]}, "groups": {"site": groups},
    }  # fmt: skip
    return Kinds(**(base | changes))


def test_kinds_are_named_after_what_sets_them_apart() -> None:
    assert kind_names(kinds()) == ["gives much feedback", "gives little feedback"]
    alike = HabitOfKind(share=0.6, usual=0.6, distance=0.1)
    assert kind_names(kinds(habits={"feedback": [alike, alike]}))[0] == "takes part as most do"
    less, least = (HabitOfKind(share=0.2, usual=0.6, distance=far) for far in (-0.8, -2.0))
    assert kind_names(kinds(habits={"feedback": [least, less]})) == [
        "gives little feedback, more so",
        "gives little feedback",
    ]


def test_a_store_too_small_for_the_gate_shows_no_group(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    run, connection = run_of(engine)
    with connection:
        monkeypatch.setattr(profile_cells, "find_kinds", lambda _: kinds(groups={}))
        cells = list(profile_cells.profile_cells(run))
    assert {cell.measure for cell in cells} == {SHARE, OF_HABIT}
    shown = {cell.group: cell.printed for cell in cells if cell.measure == SHARE
             and cell.period == WHOLE}  # fmt: skip
    # 20 of 120, in steps of five people: 17 %
    assert shown["new"].startswith("17")


def test_the_audit_finds_kinds_that_are_too_small_or_by_something_unknown(
    engine: Engine, sample_release: Release
) -> None:
    run, connection = run_of(engine)
    sample = sample_release.contents.cells
    one = next(cell for cell in sample if cell.measure == OF_HABIT and cell.is_drawn)
    planted_faults = (
        replace(one, people=20),
        replace(one, breakdown="profile.belief", group="kind-1.b1"),
        replace(one, group="kind-1.shoe_size"),
    )
    with connection:
        for fault in planted_faults:
            release = Release(Contents(cells=(fault,)))
            assert audit_profiles(connection, run.facts, release, {}, run.thresholds)


def test_the_sample_release_passes_its_own_audit(
    sample_copy: Path, sample_release: Release
) -> None:
    from builder.groups import published_groups
    from store.attribute_view import AttributeViews

    thresholds = Thresholds()
    with connected(open_store(f"duckdb:///{sample_copy / 'store.duckdb'}")) as connection:
        facts = read_facts(connection)
        views = AttributeViews(connection, facts)
        groups = {
            key: published_groups(connection, facts, views, key, thresholds)
            for key, scope in sample_release.breakdowns.items()
            if not scope.note
        }
        assert audit_profiles(connection, facts, sample_release, groups, thresholds) == []


def test_two_runs_give_the_same_kinds(sample_copy: Path) -> None:
    with connected(open_store(f"duckdb:///{sample_copy / 'store.duckdb'}")) as connection:
        facts = read_facts(connection)
        places = read_places(connection, facts)
        run = WholeRun(connection, facts, places, Thresholds(), Settings(), ())
        one, other = profiles.find_kinds(run), profiles.find_kinds(run)
    assert (one.counts, one.earlier) == (other.counts, other.earlier)
    assert kind_names(one) == kind_names(other)
    # a database adds up in any order, so the last digit of a sum may differ
    assert one.overlap == pytest.approx(other.overlap)
