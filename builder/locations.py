"""Locations beside each other: their rates, from the sums that gaps between groups are made of."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from builder.cohort_fields import RATE, RATES, Field, Quantity, rate_of_all
from builder.equity_sums import PLACES, Outcome
from builder.places import ORGANISATION, Slice
from builder.whole import WholeRun
from disclosure.rounding import significant, to_five
from metrics.cohorts.compared import ComparedRates
from metrics.cohorts.funnel import overdispersion
from metrics.definition import Result
from metrics.equity.sums import BETWEEN, GROUP, WITHIN_GROUP, GroupSums
from release.contents import Cell, Group

LOCATION = "location"
UNIT, TOGETHER = "unit", "units"
"""The breakdowns under which stand the names of what is compared beside programmes and cohorts, and
of all of it together."""
EVERYWHERE = Slice(LOCATION, 0, LOCATION, "all locations")
RATE_OF = {
    "participation": "participation_rate",
    "completion": "completion_rate",
    "feedback": "feedback_rate",
}
FEWEST, DIGITS = 2, 2


def place_attribute(run: WholeRun) -> int | None:
    """Return the position of the attribute that says where people are, where one is published."""
    return next((run.attributes.index(code) for code in PLACES if code in run.attributes), None)


def location_slices(run: WholeRun) -> tuple[Slice, ...]:
    """Return the published locations as places of their own, in the order of their groups."""
    position = place_attribute(run)
    if position is None:
        return ()
    groups = run.runs[position].breakdown.groups
    return tuple(
        Slice(LOCATION, number, f"{LOCATION}={code}", label, ORGANISATION)
        for number, code, label in zip(groups.numbers, groups.codes, groups.labels, strict=True)
    )


def location_names(run: WholeRun) -> Iterator[Group]:
    """Yield the names of locations as they are compared, and of all of them together."""
    found = location_slices(run)
    for number, place in enumerate(found):
        yield Group(
            breakdown=UNIT, key=place.key, label=place.label, short=place.label, sort=number
        )
    if found:
        every = EVERYWHERE.label
        yield Group(breakdown=TOGETHER, key=EVERYWHERE.key, label=every, short=every, sort=0)


def rate_field(
    run: WholeRun,
    outcome: Outcome,
    sums: Sequence[GroupSums],
    results: Sequence[Result],
    cells: Sequence[Cell],
) -> Field | None:
    """Return one rate of all locations beside that of them together, None where it is no rate.

    Parameters
    ----------
    run : WholeRun
        The run.
    outcome : Outcome
        What people may reach.
    sums, results, cells : sequences, one entry per location
        The sums of each beside everybody else, its own rate, and what is published of it.
    """
    position, key = place_attribute(run), RATE_OF.get(outcome.code)
    if position is None or key is None or len(cells) < FEWEST:
        return None
    breakdown = run.runs[position].breakdown
    quantity = Quantity(
        "cohort_rate", key, RATE, key, RATES[key], sensitivity=breakdown.sensitivity
    )
    field = Field(quantity, EVERYWHERE, location_slices(run), tuple(cells),
                  compared_rates(sums, results, cells))  # fmt: skip
    return field.widened(overdispersion(field.given.scores))


def compared_rates(
    sums: Sequence[GroupSums],
    results: Sequence[Result],
    cells: Sequence[Cell],
    *,
    by_pairing: bool = False,
) -> ComparedRates:
    """Return the rates; what is hidden is no trial, so that nothing else tells of it.

    The size of each is its people, or ``by_pairing`` the offers in which any of them is.
    """
    wholes = [each.whole for each in sums]
    drawn = np.array([cell.is_drawn for cell in cells])
    trials, events, people, pairings = (
        np.where(drawn, np.array(column, dtype=float), 0.0)
        for column in zip(*map(_counts, wholes), strict=True)
    )
    sizes = np.array([float(to_five(count)) for count in (pairings if by_pairing else people)])
    effective = np.array([each.effective_size or 0.0 for each in results])
    return ComparedRates(
        events=events,
        trials=trials,
        people=people.astype(int),
        sizes=sizes,
        target=rate_of_all(float(events.sum()), float(trials.sum()), int(people.sum())),
        trials_each=significant(float(effective[drawn].sum()) / sizes.sum(), DIGITS)
        if sizes.sum() else 1.0,
        effective=effective,
        are_pairings=by_pairing,
    )  # fmt: skip


def _counts(whole: GroupSums) -> tuple[float, float, float, float]:
    """Return trials, events and people of a group, and the offers in which any of them is."""
    own = (each[0, GROUP] for each in (whole.trials, whole.successes, whole.people))
    return (*own, whole.pairs[0, BETWEEN] + whole.pairs[0, WITHIN_GROUP])
