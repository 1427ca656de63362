"""Locations beside each other on meeting across groups, from what is published of units."""

from __future__ import annotations

from dataclasses import replace

from builder.cohort_fields import FEWEST, CellIndex, Field, Quantity, compared_means
from builder.locations import EVERYWHERE, location_slices, place_attribute
from builder.places import ORGANISATION
from builder.whole import WholeRun
from disclosure.printing import NOT_DEFINED, ratio_interval, signed_percent
from disclosure.publishing import DECIMALS, CellStatus
from metrics.connection.judging import HARDLY_EXPECTED, LEAST_EXPECTED, NO_CHOICE
from release.contents import WHOLE, Cell

REACH = "team_reach"


def location_ratio_field(run: WholeRun, quantity: Quantity, index: CellIndex) -> Field | None:
    """Return the ratio of each location beside that of the organisation.

    None where fewer than two are published: across locations themselves no location is a unit.
    """
    position = place_attribute(run)
    if position is None or quantity.measure != "cohort_ratio":
        return None
    attribute, places = run.attributes[position], location_slices(run)
    codes = run.runs[position].breakdown.groups.codes
    found = [
        (place, ratio_of_reach(cell))
        for place, code in zip(places, codes, strict=True)
        if (cell := index.get((REACH, ORGANISATION, quantity.breakdown, f"{attribute}={code}")))
    ]
    if len(found) < FEWEST:
        return None
    members, cells = zip(*found, strict=True)
    above = index.get((quantity.source, ORGANISATION, quantity.breakdown, WHOLE))
    return Field(quantity, EVERYWHERE, members, cells, compared_means(quantity, cells, above))


def ratio_of_reach(cell: Cell) -> Cell:
    """Return a unit's published contacts across groups over what a lottery gives its people.

    From rounded numbers alone, as everything is that stands beside a published value. The cell is
    for comparing; where there is no ratio it keeps the reason.
    """
    if not cell.is_drawn:
        return cell
    if not cell.expected:
        return _without(cell, NO_CHOICE)
    if (cell.pairs or 0) * cell.expected < LEAST_EXPECTED:
        return _without(cell, HARDLY_EXPECTED)
    ratio, low, high = (
        round(number / cell.expected, DECIMALS) for number in (cell.estimate, cell.low, cell.high)
    )
    return replace(
        cell,
        estimate=ratio,
        low=low,
        high=high,
        expected=1.0,
        printed=signed_percent(ratio),
        interval=ratio_interval(low, high),
    )


def _without(cell: Cell, reason: str) -> Cell:
    """Return the cell without a number, and why."""
    gone = dict.fromkeys(("estimate", "low", "high", "expected"))
    return replace(
        cell, **gone, status=CellStatus.UNDEFINED.value, printed=NOT_DEFINED, reason=reason
    )
