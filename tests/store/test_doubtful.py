"""Conversations that may be none between peers are counted, kept, and left out by choice.

63 is the number of this input in the project's list of bad inputs.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Engine, select

from store.database import connected, open_store
from store.doubtful import Doubtful, count_doubtful
from store.importing import import_tables
from store.stamping import read_facts, stamp, stamp_if_outdated
from tests.connectors.small_files import FILES, gather, write_csv

ENROLLED = "cohort_id,person_id,status,enrolled_on\nc1,p1,active,2026-01-05\nc1,p2,active,"
HIRED = "person_id,spell_no,hired_on,left_on\np1,1,2020-02-01,\n"
LINE = "person_id,valid_from,manager_person_id,valid_to\n"
TRIO = FILES["conversation_participant"] + "k1,3,00123,yes\n"
NOBODY = Doubtful(before_joining=0, after_leaving=0, with_manager=0)
# p1 and p2 talk on 12 January 2026 in cohort c1, after an offer of 5 January at 08:00
CASES: dict[str, tuple[dict[str, str], Doubtful]] = {
    "nothing odd": ({}, NOBODY),
    "joined the day before": ({"enrolment": f"{ENROLLED}2026-01-11\n"}, NOBODY),
    "joined on the day": ({"enrolment": f"{ENROLLED}2026-01-12\n"}, NOBODY),
    "joined the day after": (
        {"enrolment": f"{ENROLLED}2026-01-13\n"},
        Doubtful(before_joining=1, after_leaving=0, with_manager=0),
    ),
    "last day was the day": (
        {"employment_spell": f"{HIRED}p2,1,2021-01-01,2026-01-13\n"},
        NOBODY,
    ),
    "last day was the day before": (
        {"employment_spell": f"{HIRED}p2,1,2021-01-01,2026-01-12\n"},
        Doubtful(before_joining=0, after_leaving=1, with_manager=0),
    ),
    "left once and was back": (
        {"employment_spell": f"{HIRED}p2,1,2021-01-01,2024-01-01\np2,2,2026-01-12,\n"},
        NOBODY,
    ),
    "came back the day after": (
        {"employment_spell": f"{HIRED}p2,1,2021-01-01,2024-01-01\np2,2,2026-01-13,\n"},
        Doubtful(before_joining=0, after_leaving=1, with_manager=0),
    ),
    "manager and report": (
        {"reporting_line": f"{LINE}p1,2025-01-01,p2,\n"},
        Doubtful(before_joining=0, after_leaving=0, with_manager=1),
    ),
    "report and manager": (
        {"reporting_line": f"{LINE}p2,2025-01-01,p1,\n"},
        Doubtful(before_joining=0, after_leaving=0, with_manager=1),
    ),
    "manager until the day before": (
        {"reporting_line": f"{LINE}p1,2025-01-01,p2,2026-01-12\n"},
        NOBODY,
    ),
    "manager from the day after": ({"reporting_line": f"{LINE}p1,2026-01-13,p2,\n"}, NOBODY),
    "manager among three": (
        {"reporting_line": f"{LINE}p1,2025-01-01,p2,\n", "conversation_participant": TRIO},
        NOBODY,
    ),
    "never held": (
        {
            "enrolment": f"{ENROLLED}2026-01-13\n",
            "conversation": FILES["conversation"].replace("completed,attendance", "no_show,none"),
        },
        NOBODY,
    ),
}


@pytest.fixture(params=("duckdb", "sqlite"))
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Engine:
    return open_store(f"{request.param}:///{tmp_path / 'home' / 'store'}")


def filled(engine: Engine, tmp_path: Path, changed: dict[str, str]) -> None:
    frames, rejected, _ = gather(write_csv(tmp_path / "files", **changed))
    assert not rejected
    import_tables(engine, frames, source="test")


def pairings(engine: Engine, *, peers_only: bool) -> list[tuple[int, ...]]:
    """Return matched, scheduled and completed of every pairing."""
    with connected(engine) as connection:
        pairing = stamp(connection, peers_only=peers_only).pairing.c
        columns = (pairing.matched, pairing.scheduled, pairing.completed)
        found = [tuple(row) for row in connection.execute(select(*columns))]
        connection.commit()
    return found


@pytest.mark.parametrize(("changed", "doubtful"), CASES.values(), ids=CASES)
def test_63_doubtful_conversations_are_counted_by_kind(
    engine: Engine, tmp_path: Path, changed: dict[str, str], doubtful: Doubtful
) -> None:
    filled(engine, tmp_path, changed)
    with connected(engine) as connection:
        assert count_doubtful(connection) == doubtful
    engine.dispose()


@pytest.mark.parametrize(
    ("case", "left"),
    [
        ("nothing odd", [(1, 1, 1)]),
        # they were offered to each other, and did not meet while both were there
        ("joined the day after", [(1, 0, 0)]),
        ("last day was the day before", [(1, 0, 0)]),
        # nobody else's offer either
        ("manager and report", []),
    ],
)
def test_63_they_count_unless_the_deployment_chooses_otherwise(
    engine: Engine, tmp_path: Path, case: str, left: list[tuple[int, ...]]
) -> None:
    filled(engine, tmp_path, CASES[case][0])
    assert pairings(engine, peers_only=False) == [(1, 1, 1)]
    assert pairings(engine, peers_only=True) == left
    engine.dispose()


def test_63_in_a_circle_only_who_had_not_joined_is_left_out(engine: Engine, tmp_path: Path) -> None:
    filled(
        engine,
        tmp_path,
        {"enrolment": f"{ENROLLED}2026-01-13\n", "conversation_participant": TRIO},
    )
    # of three pairs, p1 with 00123 stays; p1 with p2 stays as an offer alone
    assert sum(completed for *_, completed in pairings(engine, peers_only=False)) == 3
    assert sum(completed for *_, completed in pairings(engine, peers_only=True)) == 1
    engine.dispose()


def test_63_a_build_works_out_again_who_met_whom_when_the_choice_changes(
    engine: Engine, tmp_path: Path
) -> None:
    filled(engine, tmp_path, CASES["manager and report"][0])
    with connected(engine) as connection:
        assert stamp_if_outdated(connection)
        assert not stamp_if_outdated(connection)
        assert stamp_if_outdated(connection, peers_only=True)
        assert not stamp_if_outdated(connection, peers_only=True)
        pairing = read_facts(connection).pairing
        assert connection.execute(select(pairing)).all() == []
    engine.dispose()
