"""Cells over several attributes, and bounds, against the rows of the small organisation."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from builder.auditing import audit_release
from disclosure.rounding import expected_step, share_step
from disclosure.thresholds import Thresholds
from metrics.connection.adjusted import adjusted_cross_group_ratio
from release import Release
from tests.builder.organisation import inside, met, people_by_hand
from tests.metrics.connection.pattern_tables import count_patterns

MODEL = ("function", "grade", "origin", "site")
SLICES = ("organisation", "programme=alpha", "programme=beta")


@pytest.fixture(scope="module")
def pairings(rows):
    """Return all completed pairings by attribute, in the same order."""
    return {attribute: met(rows, attribute) for attribute in MODEL}


def known_together(pairings, slice_):
    """Return pairings in which all four attributes of both are known: stratum, weight, ends."""
    found = []
    for same in zip(*pairings.values(), strict=True):
        pairing = same[0]
        if all(each.is_known for each in same) and slice_ in (
            "organisation",
            f"programme={pairing.programme}",
        ):
            ends = [(pairing.people[end], *(each.groups[end] for each in same)) for end in (0, 1)]
            found.append((pairing.stratum, pairing.weight, *ends))
    return found


def counted(every, slice_):
    pairings = known_together(every, slice_)
    people = sorted({end for _, _, *ends in pairings for end in ends})
    # somebody who changed groups counts as two people, as in the lottery
    number = {end: position for position, end in enumerate(people)}
    strata = sorted({stratum for stratum, *_ in pairings})
    codes = np.unique([end[1:] for end in people], return_inverse=True)[1]
    codes = codes.reshape(len(people), len(MODEL))
    return count_patterns(
        [(number[one], number[other]) for _, _, one, other in pairings],
        codes,
        strata=[strata.index(stratum) for stratum, *_ in pairings],
        weights=[weight for _, weight, *_ in pairings],
    )


def people_together(pairings, slice_):
    return {end[0] for _, _, *ends in known_together(pairings, slice_) for end in ends}


def nearly_repeats(pairings, slice_):
    """Tell whether some attribute by itself covers one to four people more."""
    together = people_together(pairings, slice_)
    alone = (inside(pairings[attribute], slice_, "all") for attribute in MODEL)
    more = [people_by_hand(each, "all") - len(together) for each in alone]
    return any(0 < number < 5 for number in more)


@pytest.mark.parametrize("slice_", SLICES)
def test_what_would_tell_a_few_people_apart_by_subtraction_is_hidden(contents, pairings, slice_):
    cells = [
        Release(contents).cell("adjusted_cross_group_ratio", slice_, attribute)
        for attribute in MODEL
    ]
    hidden = nearly_repeats(pairings, slice_)
    assert {cell.status for cell in cells} == {"protects" if hidden else "shown"}


def test_adjusted_ratios_are_those_of_pairings_counted_one_by_one(contents, pairings):
    shown = [slice_ for slice_ in SLICES if not nearly_repeats(pairings, slice_)]
    assert shown
    for slice_ in shown:
        patterns = counted(pairings, slice_)
        for number, attribute in enumerate(MODEL):
            cell = Release(contents).cell("adjusted_cross_group_ratio", slice_, attribute)
            exact = adjusted_cross_group_ratio(patterns, (number,))
            assert cell.people == pytest.approx(len(people_together(pairings, slice_)), abs=2.5)
            # the share behind the ratio lies within half a step, its base within a tenth of that
            half = share_step(cell.people) / 2 + expected_step(cell.people) / 2 * exact.estimate
            assert cell.estimate * exact.base == pytest.approx(
                exact.estimate * exact.base, abs=1.05 * half
            )
            assert "taken into account" in cell.sentence


def test_only_the_first_four_attributes_are_taken_into_account(contents):
    found = {c.breakdown for c in contents.cells if c.measure == "adjusted_cross_group_ratio"}
    assert found == set(MODEL)


@pytest.mark.parametrize("attribute", MODEL)
@pytest.mark.parametrize("slice_", SLICES)
def test_bounds_hold_every_answer_that_the_unknown_could_give(
    contents, pairings, attribute, slice_
):
    here = [
        pairing
        for pairing in pairings[attribute]
        if slice_ in ("organisation", f"programme={pairing.programme}")
    ]
    known = sum(pairing.weight for pairing in here if pairing.is_known)
    across = sum(pairing.weight for pairing in here if pairing.is_known and pairing.crosses)
    total = sum(pairing.weight for pairing in here)
    cell = Release(contents).cell("cross_group_bounds", slice_, attribute)
    low, high = across / total, (across + total - known) / total
    assert cell.low <= low + 1e-4
    assert high - 1e-4 <= cell.high
    assert cell.low == pytest.approx(low, abs=2 * share_step(cell.people))


@pytest.mark.parametrize(
    ("measure", "changes", "rule"),
    [
        ("cross_group_bounds", {"low": 0.9, "estimate": 0.95, "high": 0.99}, "bounds"),
        ("cross_group_share", {"status": "protects"}, "own number"),
    ],
)
def test_the_audit_notices_what_does_not_belong_together(engine, contents, measure, changes, rule):
    wrong = [
        replace(cell, **changes)
        if (cell.measure, cell.slice, cell.breakdown, cell.group, cell.period)
        == (measure, "organisation", "function", "all", "all")
        else cell
        for cell in contents.cells
    ]
    with engine.connect() as connection:
        found = audit_release(
            connection, Release(replace(contents, cells=tuple(wrong))), Thresholds()
        )
    assert rule in {finding.rule for finding in found}
