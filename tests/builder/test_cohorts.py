"""Cohorts in the release: what was planted is named alone, and nothing where nothing differs."""

from __future__ import annotations

from dataclasses import fields, replace
from itertools import pairwise
from types import SimpleNamespace

import numpy as np
import pytest

from builder.cells import judged
from builder.cohort_fields import Field, Quantity
from builder.cohorts import _compared
from builder.cohorts_audit import audit_cohorts, source_of
from builder.location_ratios import ratio_of_reach
from builder.places import Slice
from disclosure.thresholds import Thresholds
from metrics.cohorts.compared import ComparedMeans, ComparedRates
from metrics.cohorts.funnel import overdispersion
from metrics.connection.judging import HARDLY_EXPECTED, NO_CHOICE
from metrics.definition import Sensitivity
from release import Release
from release.contents import WHOLE, Cell, Contents
from sample_data import planted
from tests.builder.organisation import computed, filled_engine
from tests.store.small_organisation import Rows, make_rows

QUIET = f"cohort={planted.QUIET_COHORT}"
COMPARED = ("cohort_rate", "cohort_ratio", "cohort_change")
PROGRAMMES = (5, 4, 3)
PAGES = 240
RATE, SLACK = 0.05, 0.028
"""Two standard errors of 5 % in 240 pages are 2.8 points."""


def compared(cells: tuple[Cell, ...], kind: str = "cohort=") -> list[Cell]:
    return [cell for cell in cells if cell.measure in COMPARED and cell.slice.startswith(kind)]


def beyond(cells: list[Cell]) -> set[tuple[str, str]]:
    return {
        (cell.slice, cell.group) for cell in cells if cell.verdict in ("above", "below")
    }  # fmt: skip


def test_the_quiet_cohort_alone_differs_and_on_completion(sample_release: Release) -> None:
    # planted effect 5; the ratios of Open Table change with the rule (effect 10), within phi
    found = beyond(compared(sample_release.contents.cells))
    assert found == {(QUIET, "completion_rate")}
    cell = sample_release.cell("cohort_rate", QUIET, "rate", "completion_rate")
    assert cell.verdict == "below"


def test_programmes_differ_as_they_were_planned(sample_release: Release) -> None:
    # completion is lowest in Open Table (effect 9); Sounding Board crosses functions (effect 2)
    cells = sample_release.contents.cells
    found = beyond(compared(cells, "programme="))
    assert ("programme=open-table", "completion_rate") in found
    cell = sample_release.cell("cohort_ratio", "programme=sounding-board", "function")
    assert cell.verdict == "above"


def test_every_cohort_is_compared_on_all_that_it_has(sample_release: Release) -> None:
    rates = [cell for cell in compared(sample_release.contents.cells) if cell.breakdown == "rate"]
    assert len(rates) == 12 * 3
    assert all(cell.is_drawn for cell in rates)


def test_nothing_is_compared_that_is_not_published_by_itself(sample_release: Release) -> None:
    assert list(audit_cohorts(sample_release)) == []


def test_the_audit_notices_a_value_that_is_hidden_elsewhere(sample_release: Release) -> None:
    gone = [cell for cell in sample_release.contents.cells if cell.measure != "completion_rate"]
    found = list(audit_cohorts(Release(Contents(cells=tuple(gone)))))
    assert {finding.rule for finding in found} == {"compared"}
    assert len(found) >= 12


@pytest.mark.parametrize("measure", ["cohort_rate", "cohort_ratio", "cohort_change"])
def test_the_audit_notices_another_value_than_the_published_one(
    sample_release: Release, measure: str
) -> None:
    cells = list(sample_release.contents.cells)
    # of intakes nothing else is published: those are counted anew
    number = next(place for place, cell in enumerate(cells) if cell.is_drawn
                  and cell.measure == measure and not cell.slice.startswith("intake="))  # fmt: skip
    cells[number] = replace(cells[number], estimate=cells[number].estimate + 0.01)
    found = list(audit_cohorts(Release(Contents(cells=tuple(cells)))))
    assert [finding.rule for finding in found] == ["wrong number"]


def test_values_and_intervals_are_those_of_the_other_pages(sample_release: Release) -> None:
    index = {(cell.measure, cell.slice, cell.breakdown, cell.group): cell
             for cell in sample_release.contents.cells if cell.period == WHOLE}  # fmt: skip
    drawn = [cell for cell in compared(sample_release.contents.cells) if cell.is_drawn]
    assert len(drawn) > 200
    for cell in drawn:
        source = source_of(cell, index)
        assert (cell.printed, cell.interval) == (source.printed, source.interval)
        assert (cell.estimate, cell.low, cell.high) == (source.estimate, source.low, source.high)


def test_locations_are_compared_on_rates_growth_and_meeting(sample_release: Release) -> None:
    found = compared(sample_release.contents.cells, "location=")
    named = {unit for unit in sample_release.groups("unit") if unit.startswith("location=")}
    assert {cell.slice for cell in found} == named
    assert len([cell for cell in found if cell.breakdown == "rate"]) == 4 * 3
    attributes = {"function", "seniority", "tenure", "company", "gender"}
    assert {cell.breakdown for cell in found} == {"rate", "skill", "scale"} | attributes
    # nothing is planted that would set one location apart
    assert beyond(found) == set()
    limits = [cell for cell in sample_release.contents.cells
              if cell.measure == "cohort_limits" and cell.slice == "location"]  # fmt: skip
    assert {cell.group for cell in limits} >= {"completion_rate.inner", "completion_rate.outer"}


def test_values_of_locations_are_those_of_their_groups(sample_release: Release) -> None:
    cells = sample_release.contents.cells
    index = {(cell.measure, cell.slice, cell.breakdown, cell.group): cell
             for cell in cells if cell.period == WHOLE}  # fmt: skip
    for cell in compared(cells, "location="):
        source = source_of(cell, index)
        assert (cell.status, cell.printed) == (source.status, source.printed)
        assert (cell.estimate, cell.low, cell.high) == (source.estimate, source.low, source.high)


def test_the_ratio_of_a_location_is_its_contacts_over_the_lottery(sample_release: Release) -> None:
    compared_on = 0
    for cell in compared(sample_release.contents.cells, "location="):
        reach = sample_release.cell("team_reach", "organisation", cell.breakdown, cell.slice)
        if cell.measure != "cohort_ratio":
            continue
        assert cell.status == reach.status
        if cell.is_drawn:
            compared_on += 1
            ends = (reach.estimate, reach.low, reach.high)
            assert (cell.estimate, cell.low, cell.high) == pytest.approx(
                [end / reach.expected for end in ends], abs=1e-4
            )
            assert (cell.people, cell.pairs) == (reach.people, reach.pairs)
    assert compared_on > 10


def published_reach(**changes: object) -> Cell:
    empty = {field.name: "" for field in fields(Cell)} | {"lottery_low": None, "lottery_high": None}
    given = {"measure": "team_reach", "status": "shown", "estimate": 0.6, "low": 0.5, "high": 0.7,
             "expected": 0.5, "people": 40, "pairs": 80}  # fmt: skip
    return Cell(**empty | given | changes)


def test_a_share_of_contacts_becomes_a_ratio_as_published() -> None:
    found = ratio_of_reach(published_reach())
    assert (found.estimate, found.low, found.high, found.expected) == (1.2, 1.0, 1.4, 1.0)
    assert (found.printed, found.interval) == ("+20\u202f%", "0 to +40\u202f%")
    hidden = published_reach(estimate=None, status="protects")
    assert ratio_of_reach(hidden) is hidden


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"expected": None}, NO_CHOICE),
        # 80 pairings of which a lottery would let 1 in 100 cross: 0.8 of them
        ({"expected": 0.01}, HARDLY_EXPECTED),
    ],
)
def test_without_a_choice_there_is_no_ratio_of_a_location(changes: dict, reason: str) -> None:
    found = ratio_of_reach(published_reach(**changes))
    assert (found.status, found.reason, found.is_drawn) == ("undefined", reason, False)


def test_the_audit_notices_a_location_that_is_hidden_elsewhere(sample_release: Release) -> None:
    gone = [cell for cell in sample_release.contents.cells if cell.measure != "equity_rate"]
    found = list(audit_cohorts(Release(Contents(cells=tuple(gone)))))
    assert len(found) == 4 * 3
    assert all("location=" in finding.key for finding in found)


def test_hidden_values_stay_hidden_for_the_same_reason(sample_release: Release) -> None:
    cells = sample_release.contents.cells
    index = {(cell.measure, cell.slice, cell.breakdown, cell.group): cell
             for cell in cells if cell.period == WHOLE}  # fmt: skip
    hidden = [cell for cell in compared(cells) if cell.is_hidden]
    assert hidden
    for cell in hidden:
        assert source_of(cell, index).status == cell.status


def test_limits_say_where_they_allow_for_more_than_chance(sample_release: Release) -> None:
    # completion strays over all cohorts (phi above 1.8), participation does not
    groups = {"completion_rate.inner": "times as wide", "participation_rate.inner": ""}
    for group, words in groups.items():
        reasons = {
            cell.reason
            for cell in sample_release.contents.cells
            if cell.measure == "cohort_limits" and cell.group == group
            and cell.slice.startswith("programme=")
        }  # fmt: skip
        assert len(reasons) == 1
        assert words in reasons.pop()


def test_a_cohort_drawn_in_lies_between_itself_and_its_programme(sample_release: Release) -> None:
    for cell in compared(sample_release.contents.cells):
        drawn = sample_release.cell(
            f"{cell.measure}_shrunk", cell.slice, cell.breakdown, cell.group
        )
        if drawn is None or not cell.is_drawn:
            continue
        # shrunk to the mean of all distances from the programme, which is near 0, and rounded
        low, high = sorted((cell.estimate, cell.expected))
        assert low - 0.03 <= drawn.estimate <= high + 0.03


def test_limits_narrow_with_size_and_hold_the_target(sample_release: Release) -> None:
    cells = [cell for cell in sample_release.contents.cells if cell.measure == "cohort_limits"]
    curves: dict[tuple[str, str, str], list[Cell]] = {}
    for cell in cells:
        curves.setdefault((cell.slice, cell.breakdown, cell.group), []).append(cell)
    assert len(curves) > 30
    for curve in curves.values():
        widths = [cell.high - cell.low for cell in sorted(curve, key=lambda c: int(c.period))]
        # exact limits move in steps of one trial, so a hair of widening is allowed
        assert all(later <= before + 0.005 for before, later in pairwise(widths))
        assert all(cell.low <= cell.estimate <= cell.high for cell in curve)


@pytest.fixture(scope="module")
def small() -> Rows:
    return make_rows(3, 160)


def without_people_of(rows: Rows, cohort: str, kept: int) -> Rows:
    """Return the rows with only so many people in one cohort."""
    seen = [row["person_id"] for row in rows["enrolment"] if row["cohort_id"] == cohort]
    gone = set(seen[kept:])
    matches = {row["match_id"] for row in rows["match"] if row["cohort_id"] == cohort}
    talks = {row["conversation_id"] for row in rows["conversation"] if row["cohort_id"] == cohort}
    keep = {
        "enrolment": lambda row: row["cohort_id"] != cohort or row["person_id"] not in gone,
        "match_pool": lambda row: row["cohort_id"] != cohort or row["person_id"] not in gone,
        "match_member": lambda row: row["match_id"] not in matches or row["person_id"] not in gone,
        "conversation_participant": lambda row: (
            row["conversation_id"] not in talks or row["person_id"] not in gone
        ),
    }
    return {name: [row for row in part if keep.get(name, lambda _: True)(row)]
            for name, part in rows.items()}  # fmt: skip


def test_a_cohort_of_three_is_hidden_in_every_comparison(small: Rows) -> None:
    cohort = small["cohort"][0]["cohort_id"]
    cells = computed(filled_engine(without_people_of(small, cohort, 3))).cells
    own = [cell for cell in cells if cell.measure in COMPARED and cell.slice == f"cohort={cohort}"]
    assert own
    assert not [cell for cell in own if cell.is_drawn]


def test_one_cohort_alone_is_not_compared(small: Rows) -> None:
    only = small["cohort"][0]
    single = {
        name: [
            row
            for row in part
            if row.get("cohort_id", only["cohort_id"]) == only["cohort_id"]
            and row.get("programme_id", only["programme_id"]) == only["programme_id"]
        ]
        for name, part in small.items()
    }
    kept = {row["match_id"] for row in single["match"]}
    single["match_member"] = [row for row in single["match_member"] if row["match_id"] in kept]
    talks = {row["conversation_id"] for row in single["conversation"]}
    single["conversation_participant"] = [
        row for row in single["conversation_participant"] if row["conversation_id"] in talks
    ]
    cells = computed(filled_engine(single)).cells
    assert compared(cells) == []
    assert not [cell for cell in cells if cell.measure == "cohort_limits"]


# -- simulation -------------------------------------------------------------------------------


def slices() -> list[tuple[Slice, tuple[Slice, ...]]]:
    found = []
    for number, size in enumerate(PROGRAMMES):
        whole = Slice("programme", number, f"programme={number}", f"P{number}", "organisation")
        members = tuple(
            Slice("cohort", each, f"cohort={number}-{each}", f"C{each}", whole.key)
            for each in range(size)
        )
        found.append((whole, members))
    return found


def shown(slice_: Slice) -> Cell:
    """Return a published value, of which the comparison reads only that it is shown."""
    return SimpleNamespace(is_drawn=True, status="shown", people=100, reason="", key=slice_.key)


def drawn_fields(draw: np.random.Generator, outlier: float) -> list[Field]:
    """Return three rates and six changes of twelve cohorts; the first cohort may stray on one."""
    fields = []
    for number in range(9):
        operational = Sensitivity.OPERATIONAL if number < 3 else Sensitivity.ATTITUDE
        key = "cohort_rate" if number < 3 else "cohort_change"
        quantity = Quantity(key, "", "rate", f"q{number}", "x", sensitivity=operational)
        family = []
        for position, (whole, members) in enumerate(slices()):
            strays = outlier if number == 0 and position == 0 else 0.0
            given = (rates if number < 3 else means)(draw, len(members), strays)
            family.append(Field(quantity, whole, members, tuple(map(shown, members)), given))
        phi = overdispersion(np.concatenate([field.given.scores for field in family]))
        fields += [field.widened(phi) for field in family]
    return fields


def rates(draw: np.random.Generator, size: int, strays: float) -> ComparedRates:
    people = draw.integers(30, 300, size)
    truth = np.full(size, draw.uniform(0.3, 0.9))
    truth[0] = max(truth[0] - strays, 0.02)
    events = draw.binomial(people, truth).astype(float)
    return ComparedRates(
        events=events, trials=people.astype(float), people=people, sizes=people.astype(float),
        target=float(events.sum() / people.sum()), trials_each=1.0,
        effective=people.astype(float),
    )  # fmt: skip


def means(draw: np.random.Generator, size: int, _: float) -> ComparedMeans:
    people = draw.integers(50, 300, size)
    errors = 0.9 / np.sqrt(people)
    values = 0.2 + errors * draw.standard_normal(size)
    return ComparedMeans(
        values=values, errors=errors, people=people, sizes=people.astype(float),
        target=float(np.average(values, weights=people)), scale=(1.0, 5.0),
    )  # fmt: skip


def named(seed: int, outlier: float) -> set[str]:
    """Return the cohorts that a page would name."""
    run = SimpleNamespace(thresholds=Thresholds())
    fields = drawn_fields(np.random.default_rng(seed), outlier)
    cells = judged([draft for field in fields for draft in _compared(run, field)])
    return {cell.slice for cell in cells if cell.verdict in ("above", "below")}


@pytest.mark.simulation
def test_where_nothing_differs_at_most_one_page_in_twenty_names_a_cohort() -> None:
    pages = [bool(named(seed, 0.0)) for seed in range(PAGES)]
    assert sum(pages) / PAGES <= RATE + SLACK


@pytest.mark.simulation
def test_a_cohort_that_completes_far_less_is_named_and_alone() -> None:
    found = [named(seed, 0.35) for seed in range(PAGES // 4)]
    assert sum("cohort=0-0" in each for each in found) / len(found) >= 0.8
    # others of the same programme may lie above what the outlier pulled down
    strangers = [each for each in found if any(not key.startswith("cohort=0") for key in each)]
    assert len(strangers) / len(found) <= RATE + 2 * SLACK


def test_what_is_compared_stands_in_the_order_on_screen(sample_release: Release) -> None:
    cells = compared(sample_release.contents.cells)
    order = list(dict.fromkeys(cell.breakdown for cell in cells))
    assert order[0] == "rate"
    assert order[-2:] == ["skill", "scale"]
