"""Check the published ratios of intakes: none of an unknown intake, none far from what is counted.

Whether they rest on enough people, and single nobody out, is checked in `builder.where_audit`.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection

from builder.gathering import AttributeData, GroupNumbers
from builder.intake_ratios import BY_INTAKE, IntakeContacts
from builder.intakes_audit import spot_of
from builder.places import Places
from disclosure.audit import Finding
from metrics import measure
from release import Release
from store.attribute_view import AttributeViews

FLOATING_POINT = 1e-4


def audit_intake_ratios(
    connection: Connection,
    views: AttributeViews,
    places: Places,
    release: Release,
    attribute: str,
    groups: GroupNumbers,
    data: AttributeData,
) -> Iterator[Finding]:
    """Yield ratios of an attribute that lie outside their own interval once counted anew."""
    cells = [
        cell
        for cell in release.contents.cells
        if cell.measure == BY_INTAKE and cell.breakdown == attribute and cell.is_drawn
    ]
    if not cells:
        return
    contacts = IntakeContacts(connection, views.of(groups.grouping), data, groups)
    slices = {one.number: one for one in places.slices if one.level != "cohort"}
    for cell in cells:
        programme, number = spot_of(cell, places)
        found = contacts.contacts(slices[programme], number, cell.people or 0)
        result = measure(BY_INTAKE).compute(found, ())
        # an undefined ratio is nowhere, so not inside the interval either
        if not cell.low - FLOATING_POINT <= result.estimate <= cell.high + FLOATING_POINT:
            words = "a ratio of an intake outside its own interval"
            key = " / ".join((cell.measure, cell.slice, cell.breakdown))
            yield Finding(rule="wrong number", key=key, words=words)
