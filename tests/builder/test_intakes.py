"""Intakes in the release: the same as cohorts where nobody came twice, and hidden where few."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from builder.intakes_audit import audit_intakes, compared_intakes, place_of
from builder.places import read_places
from disclosure.thresholds import Thresholds
from release import Release
from sample_data import planted
from store.database import open_store
from store.stamping import read_facts
from tests.builder.organisation import computed, filled_engine
from tests.store.small_organisation import make_rows

PROGRAMMES = {"crossings": 5, "open-table": 3, "sounding-board": 4}
QUIET = "intake=sounding-board.2025-Q2"


def rates(release: Release, kind: str = "intake=") -> list:
    return [cell for cell in release.contents.cells
            if cell.measure == "cohort_rate" and cell.slice.startswith(kind)]  # fmt: skip


def test_each_programme_and_the_whole_have_their_intakes(sample_release: Release) -> None:
    for programme, number in PROGRAMMES.items():
        assert len(rates(sample_release, f"intake={programme}.")) == 3 * number
    whole = [cell for cell in rates(sample_release) if "." not in cell.slice]
    assert len(whole) == 3 * 5
    limits = {cell.slice for cell in sample_release.contents.cells
              if cell.measure == "cohort_limits"}  # fmt: skip
    assert {"intakes", *(f"intakes={key}" for key in PROGRAMMES)} <= limits


def test_where_nobody_came_twice_an_intake_is_its_cohort(sample_release: Release) -> None:
    """Expected: value and interval that the sums of cohorts give, which are other statements.

    The sample enrols everybody once in a programme. A step of rounding apart at most, since offers
    are counted by person here and by pairing there.
    """
    for programme, number in PROGRAMMES.items():
        own = rates(sample_release, f"intake={programme}.")
        for place in range(number):
            cohort = f"cohort={programme}-{place + 1:02d}"
            for cell in own[place::number]:
                other = sample_release.cell("cohort_rate", cohort, "rate", cell.group)
                if cell.is_drawn:
                    assert cell.estimate == pytest.approx(other.estimate, abs=0.011)
                    assert (cell.low, cell.high) == pytest.approx(
                        (other.low, other.high), abs=0.015
                    )
                    assert (cell.people, cell.pairs) == (other.people, other.pairs)


def test_the_quiet_cohort_is_found_among_intakes_as_well(sample_release: Release) -> None:
    """Planted effect 5: the people of one cohort of Sounding Board fall silent."""
    assert planted.QUIET_COHORT == "sounding-board-01"
    found = {(cell.slice, cell.group) for cell in rates(sample_release)
             if cell.verdict in ("above", "below")}  # fmt: skip
    assert found == {(QUIET, "completion_rate")}


def test_an_intake_is_in_no_cell_but_those_that_compare(sample_release: Release) -> None:
    kinds = {cell.measure for cell in sample_release.contents.cells
             if cell.slice.startswith("intake")}  # fmt: skip
    assert kinds == {"cohort_rate", "cohort_rate_shrunk", "cohort_limits"}


def test_an_intake_of_few_is_hidden_and_does_not_follow_from_the_others() -> None:
    """Six people of the second cohort were in no cohort before it, and are the whole intake."""
    rows = make_rows(3, 160)
    for row in rows["cohort"]:
        if row["cohort_id"] == "a2":
            row["starts_on"] = date(2026, 4, 1)
    early, late = ([row["person_id"] for row in rows["enrolment"] if row["cohort_id"] == cohort]
                   for cohort in ("a1", "a2"))  # fmt: skip
    new = [person for person in late if person not in early]
    rows["enrolment"] += [
        {"cohort_id": "a1", "person_id": person, "status": "active"} for person in new[6:]
    ]
    contents = computed(filled_engine(rows))
    cells = [cell for cell in contents.cells
             if cell.measure == "cohort_rate" and cell.slice.startswith("intake=alpha.")
             and cell.group == "participation_rate"]  # fmt: skip
    assert [(cell.slice, cell.status) for cell in cells] == [
        ("intake=alpha.2026-Q1", "protects"), ("intake=alpha.2026-Q2", "small"),
    ]  # fmt: skip
    # the other programme has one intake, which is named and compared with nothing
    assert not [cell for cell in contents.cells if cell.slice.startswith("intake=beta.")]
    named = {group.key for group in contents.groups if group.breakdown == "unit"}
    assert "intake=beta.2026-Q1" in named


@pytest.fixture(scope="module")
def audited(sample_copy):
    engine = open_store(f"duckdb:///{sample_copy / 'store.duckdb'}")
    with engine.connect() as connection:
        facts = read_facts(connection)
        places = read_places(connection, facts)
        yield (
            lambda release: list(audit_intakes(connection, facts, places, release, Thresholds())),
            places,
        )
    engine.dispose()


def test_the_audit_counts_intakes_anew(audited, sample_release: Release) -> None:
    audit, places = audited
    assert audit(sample_release) == []
    assert place_of(compared_intakes(sample_release)[0], places)[1:] == (1, 8101)
    cells = list(sample_release.contents.cells)
    number = next(n for n, cell in enumerate(cells) if cell.slice == QUIET and cell.is_drawn)
    wrong = {"estimate": 0.1, "low": 0.08, "high": 0.12, "people": 5}
    cells[number] = replace(cells[number], **wrong)
    tampered = Release(replace(sample_release.contents, cells=tuple(cells)))
    assert {finding.rule for finding in audit(tampered)} == {"few people", "wrong number"}
