"""Cohorts of fewer than ten people are watched together, as one unit of their programme."""

from __future__ import annotations

import random
from collections import defaultdict
from datetime import UTC, date, datetime, timedelta

import pytest

from builder.cohort_cycles import read_cohorts
from builder.engagement import TOO_SMALL, Watched, engagement_cells, watched_cohorts
from builder.places import read_places
from builder.preparing import thresholds_of
from builder.whole import WholeRun
from release.contents import WHOLE, Cell
from settings import Settings
from store.stamping import read_facts
from tests.builder.organisation import filled_engine
from tests.store.small_organisation import Rows

COHORTS, EACH, ROUNDS, FALL = 10, 8, 14, 10
USUAL, QUIET = 0.9, 0.35
PROGRAMME = "programme=small"


def small_cohorts(quiet: bool, large: int = 0) -> Rows:
    """Return a programme of ten cohorts of eight people, who all go quiet from round ten on.

    ``large`` adds one cohort of so many people, which does not.
    """
    draw, rows = random.Random(7), defaultdict(list)
    rows["programme"] = [{"programme_id": "small", "label": "Small", "kind": "peer_learning",
                          "cross_company": False}]  # fmt: skip
    sizes = [EACH] * COHORTS + ([large] if large else [])
    for number, size in enumerate(sizes):
        cohort = f"c{number:02d}"
        people = [f"{cohort}-{person}" for person in range(size)]
        rows["person"] += [{"person_id": person, "kind": "employee"} for person in people]
        rows["cohort"].append(
            {"cohort_id": cohort, "programme_id": "small", "label": cohort.upper(),
             "starts_on": date(2025, 1, 1), "arm": "delivered"}
        )  # fmt: skip
        rows["enrolment"] += [
            {"cohort_id": cohort, "person_id": person, "status": "active"} for person in people
        ]
        for turn in range(1, ROUNDS + 1):
            falls = quiet and size == EACH and turn >= FALL
            _add_round(rows, draw, cohort, people, turn, QUIET if falls else USUAL)
    return dict(rows)


def _add_round(
    rows: Rows, draw: random.Random, cohort: str, people: list[str], turn: int, share: float
) -> None:
    at = datetime(2025, 1, 5, 9, tzinfo=UTC) + timedelta(days=30 * (turn - 1))
    order = draw.sample(people, len(people))
    for one, other in zip(order[::2], order[1::2], strict=True):
        key = f"{cohort}-{turn}-{one}"
        rows["match"].append(
            {"match_id": key, "cohort_id": cohort, "round_no": turn, "status": "active",
             "offered_at": at}
        )  # fmt: skip
        rows["match_member"] += [
            {"match_id": key, "person_id": person, "role": "peer"} for person in (one, other)
        ]
        met = draw.random() < share
        rows["conversation"].append(
            {"conversation_id": key, "programme_id": "small", "cohort_id": cohort,
             "match_id": key, "scheduled_start_at": at + timedelta(days=5), "tz": "UTC",
             "status": "completed" if met else "no_show", "evidence": "one_reported",
             "mode": "online"}
        )  # fmt: skip
        rows["conversation_participant"] += [
            {"conversation_id": key, "slot": slot, "person_id": person, "role": "peer",
             "attended": "yes" if met else "unknown"}
            for slot, person in enumerate((one, other), 1)
        ]  # fmt: skip


def watched_in(rows: Rows) -> tuple[list[Watched], dict[str, Cell]]:
    """Return what is watched, and how each slice stands in the release."""
    settings = Settings()
    with filled_engine(rows).connect() as connection:
        facts = read_facts(connection)
        places = read_places(connection, facts)
        run = WholeRun(connection, facts, places, thresholds_of(settings), settings, ())
        units = watched_cohorts(read_cohorts(run))
        cells = {cell.slice: cell for cell in engagement_cells(run)
                 if cell.measure == "cohort_alarm" and cell.period == WHOLE}  # fmt: skip
    return units, cells


@pytest.fixture(scope="module")
def quiet() -> tuple[list[Watched], dict[str, Cell]]:
    return watched_in(small_cohorts(quiet=True))


def test_ten_cohorts_of_eight_are_one_unit_of_eighty(quiet) -> None:
    (unit,) = quiet[0]
    assert unit.cohort.slice.key == PROGRAMME
    assert len(unit.cohort.members) == COHORTS
    assert unit.cohort.people == COHORTS * EACH
    # a person may be in two of them, so only those of one are surely different people
    assert unit.cohort.surely == EACH
    # people meet in twos: forty independent trials a round
    assert set(unit.cycles.trials) == {40.0}


def test_none_of_them_is_watched_by_itself_and_the_release_says_why(quiet) -> None:
    own = {key: cell for key, cell in quiet[1].items() if key.startswith("cohort=")}
    assert len(own) == COHORTS
    assert {(cell.status, cell.reason) for cell in own.values()} == {("undefined", TOO_SMALL)}


def test_together_they_raise_the_alarm_in_the_round_in_which_they_fall(quiet) -> None:
    (unit,) = quiet[0]
    assert unit.watch.current is not None
    # rounds and months are the same here, and the first is at position 0
    assert unit.watch.current.raised == FALL - 1
    cell = quiet[1][PROGRAMME]
    assert cell.verdict == "below"
    assert cell.phrase.startswith("since month ")
    assert cell.estimate < cell.expected


def test_small_cohorts_that_keep_their_rhythm_raise_none() -> None:
    units, cells = watched_in(small_cohorts(quiet=False))
    assert units[0].watch.alarms == ()
    assert cells[PROGRAMME].verdict == "noise"


def test_a_large_cohort_beside_them_is_watched_by_itself() -> None:
    units, cells = watched_in(small_cohorts(quiet=True, large=40))
    assert [unit.cohort.slice.key for unit in units] == [f"cohort=c{COHORTS:02d}", PROGRAMME]
    assert cells[f"cohort=c{COHORTS:02d}"].verdict == "noise"
    assert cells[PROGRAMME].verdict == "below"


def test_small_cohorts_that_are_few_even_together_are_not_watched() -> None:
    rows = small_cohorts(quiet=True)
    kept = {"c00"}
    alone = {name: [row for row in part if row.get("cohort_id", "c00") in kept]
             for name, part in rows.items()}  # fmt: skip
    matches = {row["match_id"] for row in alone["match"]}
    for name, key in (
        ("match_member", "match_id"),
        ("conversation_participant", "conversation_id"),
    ):
        alone[name] = [row for row in rows[name] if row[key] in matches]
    units, cells = watched_in(alone)
    assert units == []
    assert cells["cohort=c00"].reason == TOO_SMALL
