"""Intakes on meeting across groups: as their cohorts where nobody came twice, exposing nobody."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from builder.gathering import AttributeData
from builder.groups import published_groups
from builder.intake_gate import IntakeGate
from builder.intake_ratios import BY_INTAKE
from builder.intake_ratios_audit import audit_intake_ratios
from builder.places import ALL_TIME, ORGANISATION, Slice, When, read_places
from builder.where_audit import _added_by_intakes
from builder.whole import with_intakes
from disclosure.gate import Verdict
from disclosure.rounding import expected_step, share_step
from disclosure.thresholds import Thresholds
from metrics.definition import Sensitivity
from release import Release
from release.contents import WHOLE
from store.attribute_view import AttributeViews
from store.database import open_store
from store.stamping import read_facts

PROGRAMMES = {"crossings": 5, "open-table": 3, "sounding-board": 4}
ALPHA = Slice("programme", 1, "programme=alpha", "Alpha", ORGANISATION)
FIRST, SECOND = (
    Slice("cohort", number, f"cohort=a{number}", f"A{number}", ALPHA.key) for number in (1, 2)
)
EVERYBODY = Slice(ORGANISATION, 0, ORGANISATION, "Whole organisation")
BEGAN = 8101
"""The quarter in which the first cohort began, the second of 2025."""


def of_intakes(release: Release, measure: str, kind: str = "intake=") -> list:
    return [cell for cell in release.contents.cells
            if cell.measure == measure and cell.slice.startswith(kind)]  # fmt: skip


def test_where_nobody_came_twice_an_intake_has_the_ratio_of_its_cohort(
    sample_release: Release,
) -> None:
    """Expected: what the pairings of cohorts give, which are other sums.

    A step of rounding of both shares apart at most: weights are told by group here and not there.
    """
    compared = 0
    for programme, number in PROGRAMMES.items():
        keys = dict.fromkeys(
            cell.slice for cell in of_intakes(sample_release, BY_INTAKE, f"intake={programme}.")
        )
        assert len(keys) == number
        for place, key in enumerate(keys, 1):
            for cell in of_intakes(sample_release, BY_INTAKE, key):
                cohort = f"cohort={programme}-{place:02d}"
                other = sample_release.cell("cross_group_ratio", cohort, cell.breakdown)
                assert (cell.status, cell.people, cell.pairs) == (
                    other.status, other.people, other.pairs,
                )  # fmt: skip
                if cell.is_drawn:
                    compared += 1
                    base = expected_share(sample_release, cohort, cell.breakdown)
                    step = share_step(cell.people) + expected_step(cell.people) * cell.high
                    for name in ("estimate", "low", "high"):
                        own, wanted = getattr(cell, name), getattr(other, name)
                        assert own == pytest.approx(wanted, abs=step / base), (key, name)
    assert compared > 50


def expected_share(release: Release, slice_: str, attribute: str) -> float:
    return release.cell("cross_group_share", slice_, attribute).expected


def test_intakes_are_compared_by_what_is_published_of_each(sample_release: Release) -> None:
    own = {(cell.slice, cell.breakdown): cell for cell in of_intakes(sample_release, BY_INTAKE)}
    compared = of_intakes(sample_release, "cohort_ratio")
    assert {(cell.slice, cell.breakdown) for cell in compared} == own.keys()
    for cell in compared:
        source = own[cell.slice, cell.breakdown]
        assert (cell.status, cell.estimate, cell.low, cell.high) == (
            source.status, source.estimate, source.low, source.high,
        )  # fmt: skip
        if cell.is_drawn:
            assert cell.pairs == source.pairs
            programme = cell.slice.removeprefix("intake=").rpartition(".")[0]
            whole = f"programme={programme}" if programme else ORGANISATION
            above = sample_release.cell("cross_group_ratio", whole, cell.breakdown)
            assert cell.expected == pytest.approx(above.estimate, abs=1e-4)


def test_ratios_of_intakes_are_steadied_and_have_limits(sample_release: Release) -> None:
    drawn = {cell.slice for cell in of_intakes(sample_release, "cohort_ratio")
             if cell.is_drawn and cell.breakdown == "gender"}  # fmt: skip
    steadied = {cell.slice for cell in of_intakes(sample_release, "cohort_ratio_shrunk")
                if cell.breakdown == "gender"}  # fmt: skip
    assert drawn == steadied
    # twelve of programmes and five of the organisation
    assert len(drawn) == 17
    limits = {cell.slice for cell in sample_release.contents.cells
              if cell.measure == "cohort_limits" and cell.breakdown == "gender"}  # fmt: skip
    assert {"intakes", *(f"intakes={programme}" for programme in PROGRAMMES)} <= limits


def test_no_intake_stands_out_where_nothing_was_planted(sample_release: Release) -> None:
    """Planted effects on matching are of programmes, and change with a cohort within phi."""
    found = of_intakes(sample_release, "cohort_ratio")
    assert {cell.verdict for cell in found if cell.is_drawn} == {"noise"}


def test_people_of_no_dated_enrolment_are_of_no_intake() -> None:
    rows = pd.DataFrame({"person_no": [1, 2, 2, 3], "programme_no": [1, 1, 2, 1]})
    people = pd.DataFrame(
        {"person_no": [2, 1], "programme_no": [1, 1], "intake_no": [8102, 8101],
         "first_no": [8100, 8101]}
    )  # fmt: skip
    found = with_intakes(rows, people)
    assert found["intake_no"].tolist() == [8101, 8102, 0, 0]
    assert found["first_no"].tolist() == [8101, 8100, 0, 0]


def met_in_two_cohorts(again: int) -> pd.DataFrame:
    """Twenty people met in the first cohort, as many new ones in the second, where some came back.

    The first cohort is cell 1, the second cell 2.
    """
    people = [(person, 1, BEGAN) for person in range(20)]
    people += [(person, 2, BEGAN + 1) for person in range(20, 40)]
    people += [(person, 2, BEGAN) for person in range(again)]
    frame = pd.DataFrame(people, columns=["person_no", "cell_no", "intake_no"])
    return frame.assign(first_no=frame["intake_no"], programme_no=1)


def gate_of(belongs: pd.DataFrame, *shown: tuple[Slice, When]) -> IntakeGate:
    cells = pd.DataFrame({"cell_no": [1, 2], "programme_no": [1, 1], "cohort_no": [1, 2],
                          "quarter_no": [BEGAN, BEGAN + 1]})  # fmt: skip
    gate = SimpleNamespace(
        thresholds=Thresholds(),
        sensitivity=Sensitivity.ATTITUDE,
        verdicts={(*place, ()): Verdict.SHOWN for place in shown},
    )
    return IntakeGate(SimpleNamespace(cells=cells, gate=gate), belongs)


@pytest.mark.parametrize(
    ("again", "shown", "verdict"),
    [
        # the intake is the cohort, with the later contacts of three people beside
        (3, [(ALPHA, ALL_TIME), (FIRST, ALL_TIME)], Verdict.PROTECTS),
        (3, [(ALPHA, ALL_TIME), (EVERYBODY, When(BEGAN, "2025-Q2", ""))], Verdict.PROTECTS),
        (0, [(ALPHA, ALL_TIME), (FIRST, ALL_TIME)], Verdict.SHOWN),
        (12, [(ALPHA, ALL_TIME), (FIRST, ALL_TIME), (SECOND, ALL_TIME)], Verdict.SHOWN),
        # without the cohort the later contacts are in it and cannot be told from the others
        (3, [(ALPHA, ALL_TIME)], Verdict.SHOWN),
    ],
)
def test_contacts_of_the_few_who_came_again_do_not_follow(again, shown, verdict) -> None:
    gate = gate_of(met_in_two_cohorts(again), *shown)
    assert gate.offer(ALPHA, BEGAN) is verdict


def test_an_intake_of_the_organisation_is_asked_for_by_the_first_of_all() -> None:
    belongs = met_in_two_cohorts(0).assign(first_no=BEGAN)
    gate = gate_of(belongs, (EVERYBODY, ALL_TIME))
    assert gate.offer(EVERYBODY, BEGAN) is Verdict.SHOWN
    assert gate.offer(EVERYBODY, BEGAN + 1) is Verdict.SMALL


@pytest.mark.parametrize(("again", "rules"), [(3, {"effective group size"}), (12, set())])
def test_the_audit_sees_the_few_who_came_again(again: int, rules: set[str]) -> None:
    rows = met_in_two_cohorts(again)
    shown = [
        (key, WHOLE, WHOLE) for key in ("programme=alpha", "cohort=a1", "intake=alpha.2025-Q2")
    ]
    covered = [np.ones(len(rows), dtype=bool), (rows["cell_no"] == 1).to_numpy(),
               (rows["intake_no"] == BEGAN).to_numpy()]  # fmt: skip
    found = list(_added_by_intakes("gender", rows, shown, covered, Thresholds()))
    assert {finding.rule for finding in found} == rules


@pytest.fixture(scope="module")
def audited(sample_copy):
    engine = open_store(f"duckdb:///{sample_copy / 'store.duckdb'}")
    with engine.connect() as connection:
        facts = read_facts(connection)
        views = AttributeViews(connection, facts)
        groups = published_groups(connection, facts, views, "gender", Thresholds())
        data = AttributeData(connection, views, groups)
        places = read_places(connection, facts)
        yield lambda release: list(
            audit_intake_ratios(connection, views, places, release, "gender", groups, data)
        )
    engine.dispose()


def test_the_audit_counts_ratios_of_intakes_anew(audited, sample_release: Release) -> None:
    assert audited(sample_release) == []
    cells = list(sample_release.contents.cells)
    number = next(n for n, cell in enumerate(cells)
                  if (cell.measure, cell.breakdown) == (BY_INTAKE, "gender")
                  and cell.is_drawn)  # fmt: skip
    wrong = replace(cells[number], estimate=1.5, low=1.4, high=1.6)
    unknown = replace(cells[number], slice="intake=crossings.1999-Q1")
    cells[number:number] = [unknown]
    cells[number + 1] = wrong
    found = audited(Release(replace(sample_release.contents, cells=tuple(cells))))
    assert [finding.rule for finding in found] == ["wrong number", "wrong number"]
