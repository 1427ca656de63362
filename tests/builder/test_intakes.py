"""Intakes in the release: the same as cohorts where nobody came twice, and hidden where few."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from builder.answered_audit import audit_answers
from builder.groups import published_groups
from builder.growth_audit import audit_growth
from builder.intakes_audit import audit_intakes, compared_intakes, place_of
from builder.places import read_places
from disclosure.thresholds import Thresholds
from release import Cell, Release
from sample_data import planted
from store.attribute_view import AttributeViews
from store.database import open_store
from store.stamping import read_facts
from tests.builder.organisation import computed, filled_engine
from tests.store.small_organisation import make_rows

PROGRAMMES = {"crossings": 5, "open-table": 3, "sounding-board": 4}
QUIET = "intake=sounding-board.2025-Q2"
RATIOS = ("cross_group_ratio_by_intake", "cohort_ratio", "cohort_ratio_shrunk")


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
    assert kinds - {*RATIOS} == {
        "cohort_rate", "cohort_rate_shrunk", "cohort_change", "cohort_change_shrunk",
        "cohort_limits",
    }  # fmt: skip


def changes(release: Release, kind: str = "intake=") -> list:
    return [cell for cell in release.contents.cells
            if cell.measure == "cohort_change" and cell.slice.startswith(kind)]  # fmt: skip


@pytest.mark.parametrize("part", ["skill", "scale"])
def test_where_nobody_came_twice_an_intake_grows_as_its_cohort(sample_release, part) -> None:
    """Expected: the published change of the cohort, which is another place of the same sums.

    The values and sizes are the very same; the intervals as far as limits are widened alike.
    """
    drawn = 0
    for programme, number in PROGRAMMES.items():
        own = [cell for cell in changes(sample_release, f"intake={programme}.")
               if cell.breakdown == part]  # fmt: skip
        assert len(own) % number == 0 and own
        for place in range(number):
            cohort = f"cohort={programme}-{place + 1:02d}"
            for cell in own[place::number]:
                other = sample_release.cell("cohort_change", cohort, part, cell.group)
                # a cohort may be hidden to protect others, and its intake with it
                assert cell.status == other.status
                assert (cell.estimate, cell.people) == (other.estimate, other.people)
                assert cell.expected == other.expected
                if cell.is_drawn:
                    drawn += 1
                    bounds = (cell.low, cell.high)
                    assert bounds == pytest.approx((other.low, other.high), abs=0.051)
    assert drawn > 20


def test_growth_of_intakes_of_all_programmes_follows_from_nothing_hidden(sample_release) -> None:
    whole = [cell for cell in changes(sample_release) if "." not in cell.slice]
    assert {cell.slice for cell in whole} >= {"intake=2025-Q2", "intake=2026-Q2"}
    assert {cell.breakdown for cell in whole} == {"skill", "scale"}
    # few are rated by peers of those who began last, and a mean takes fifty people
    last = [cell for cell in whole if cell.slice == "intake=2026-Q2"]
    assert {cell.status for cell in last} == {"small"}
    assert all(cell.people >= 50 for cell in whole if cell.is_drawn)


def test_no_intake_grows_otherwise_where_nothing_is_planted(sample_release: Release) -> None:
    """No planted effect is of a cohort's growth; q = 0.05 over all intakes of a kind."""
    assert {cell.verdict for cell in changes(sample_release)} <= {"noise", ""}


@pytest.mark.parametrize("part", ["skill", "scale"])
def test_the_audit_counts_changes_of_intakes_anew(auditing, sample_release, part) -> None:
    cell = next(one for one in changes(sample_release)
                if one.breakdown == part and one.is_drawn)  # fmt: skip
    assert auditing(sample_release, part, cell) == set()
    wrong = replace(cell, estimate=cell.estimate + 0.3)
    assert auditing(sample_release, part, wrong) == {"value"}


def test_the_audit_notices_a_change_of_an_intake_of_few(auditing, sample_release) -> None:
    hidden = next(one for one in changes(sample_release)
                  if one.status == "small" and one.breakdown == "skill")  # fmt: skip
    shown = next(one for one in changes(sample_release) if one.is_drawn)
    told = {name: getattr(shown, name) for name in ("status", "estimate", "low", "high", "people")}
    assert "people behind a mean" in auditing(sample_release, "skill", replace(hidden, **told))


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
def auditing(sample_copy):
    """Return what finds the rules that one changed cell of an intake breaks."""
    engine = open_store(f"duckdb:///{sample_copy / 'store.duckdb'}")
    with engine.connect() as connection:
        facts = read_facts(connection)
        places, views = read_places(connection, facts), AttributeViews(connection, facts)
        thresholds = Thresholds()
        gender = published_groups(connection, facts, views, "gender", thresholds)

        def rules(release: Release, part: str, cell: Cell) -> set[str]:
            own = [one for one in release.contents.cells if one.breakdown == part
                   and one.measure in ("skill_gain", "scale_change")]  # fmt: skip
            alone = Release(replace(release.contents, cells=(*own, cell)))
            audit = {"skill": audit_growth, "scale": audit_answers}[part]
            found = audit(connection, facts, places, alone, {"gender": gender}, thresholds)
            return {finding.rule for finding in found}

        yield rules
    engine.dispose()


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
    rates_of_intakes = compared_intakes(sample_release)
    number = cells.index(next(cell for cell in rates_of_intakes if cell.slice == QUIET))
    wrong = {"estimate": 0.1, "low": 0.08, "high": 0.12, "people": 5}
    cells[number] = replace(cells[number], **wrong)
    tampered = Release(replace(sample_release.contents, cells=tuple(cells)))
    assert {finding.rule for finding in audit(tampered)} == {"few people", "wrong number"}
