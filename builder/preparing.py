"""What a build needs before the first cell: places, attributes, their groups and people."""

from __future__ import annotations

import pandas as pd
from sqlalchemy import Connection

from builder.attribute import AttributeGate, AttributeRun, Breakdown
from builder.gathering import AttributeData
from builder.groups import published_groups
from builder.places import Places, read_places
from builder.whole import WholeRun
from disclosure.printing import percent
from disclosure.thresholds import Thresholds
from metrics.definition import Sensitivity
from release.contents import Scope
from settings import Settings
from store import reading
from store.attribute_view import AttributeViews
from store.facts import Facts
from store.stamping import read_facts

SWITCHED_OFF = (
    "A special category of personal data: switched off until a purpose is stated in the settings."
)
TOO_SMALL = (
    "Too few people in all but one group have met somebody whose group is known too; nothing can "
    "be compared."
)
FULL_COVERAGE = 0.995


class EmptyStore(LookupError):
    """There is nothing to build a release from."""


def thresholds_of(settings: Settings) -> Thresholds:
    """Return the gate's thresholds as the deployment set them."""
    return Thresholds(people=settings.minimum_people, effective=settings.minimum_effective)


def prepared(connection: Connection, settings: Settings) -> WholeRun:
    """Read the places, and the groups and people of every attribute."""
    if reading.holds_nobody(connection):
        raise EmptyStore(
            "The store holds nobody yet. Import data first: `python3 weft.py import FOLDER`."
        )
    facts = read_facts(connection)
    views = AttributeViews(connection, facts)
    places = read_places(connection, facts)
    has_met = reading.somebody_met(connection)
    attributes = [
        _attribute(connection, facts, views, places, settings, row, has_met)
        for row in reading.attributes(connection).itertuples()
    ]
    return WholeRun(
        connection,
        facts,
        places,
        thresholds_of(settings),
        settings,
        tuple(run for _, run in attributes if run is not None),
        tuple(scope for scope, _ in attributes),
        has_met,
    )


def _attribute(
    connection: Connection,
    facts: Facts,
    views: AttributeViews,
    places: Places,
    settings: Settings,
    row: object,
    has_met: bool,
) -> tuple[Scope, AttributeRun | None]:
    """Prepare one attribute, or say why it is not published."""
    sensitivity = Sensitivity.SPECIAL if row.sensitivity == "special" else Sensitivity.ATTITUDE
    allowed = {code.strip() for code in settings.special_attributes.split(",")}
    if sensitivity is Sensitivity.SPECIAL and row.attribute_code not in allowed:
        return _scope(row, note=SWITCHED_OFF), None
    thresholds = thresholds_of(settings)
    stage = "completed" if has_met else "arranged"
    groups = published_groups(connection, facts, views, row.attribute_code, thresholds, stage)
    if len(groups) < 2:
        return _scope(row, note=TOO_SMALL), None
    data = AttributeData(connection, views, groups)
    cells = reading.cells(connection, facts)
    gate = AttributeGate(data.memberships, cells, thresholds, sensitivity)
    breakdown = Breakdown(row.attribute_code, row.label, sensitivity, groups)
    run = AttributeRun(
        connection,
        facts,
        views,
        places,
        breakdown,
        data,
        gate,
        cells,
        settings.smallest_difference,
        leads=row.attribute_code == settings.headline_attribute,
        has_met=has_met,
    )
    scope = _scope(
        row, coverage=printed_coverage(data.coverage), left_out=", ".join(groups.left_out)
    )
    return scope, run


def _scope(row: object, *, note: str = "", coverage: str = "", left_out: str = "") -> Scope:
    return Scope(
        kind="breakdown",
        key=row.attribute_code,
        label=row.label,
        part_of="",
        note=note,
        coverage=coverage,
        left_out=left_out,
        sort=0,
    )


def printed_coverage(known: float) -> str:
    """Return the share of pairings with known groups, empty where that is as good as all."""
    return "" if pd.isna(known) or known > FULL_COVERAGE else percent(known)
