"""The run: read the store, compute the whole catalogue, ask the gate, freeze a release."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import pandas as pd
from sqlalchemy import Connection, Engine

from builder.answered import answer_cells, answer_names
from builder.attribute import AttributeGate, AttributeRun, Breakdown
from builder.bounds import bounds_cells
from builder.change import change_cells
from builder.claims import claim_cells
from builder.connection import connection_cells
from builder.engagement import engagement_cells, engagement_names
from builder.funnel import funnel_cells
from builder.gathering import AttributeData, RateData
from builder.groups import published_groups
from builder.growth import skill_cells, skill_names
from builder.leftout import leftout_cells
from builder.modality import modality_cells, modality_names
from builder.outcomes import outcome_cells, outcome_names
from builder.place_rates import place_groups, place_rate_cells
from builder.places import Places, read_places
from builder.rates import rate_cells
from builder.several import adjusted_cells
from builder.where import where_cells
from builder.whole import WholeRun
from disclosure.printing import percent
from disclosure.thresholds import Thresholds
from disclosure.unions import OTHER
from metrics import MEASURES
from metrics.definition import Sensitivity
from release.contents import Cell, Contents, Group, MeasureText, Scope
from release.shelf import Entry, publish
from settings import Settings
from store import reading
from store.attribute_view import AttributeViews
from store.database import connected
from store.facts import Facts
from store.stamping import read_facts, stamp_if_outdated

SWITCHED_OFF = (
    "A special category of personal data: switched off until a purpose is stated in the settings."
)
TOO_SMALL = "Too few people in all but one group; nothing can be compared."
FULL_COVERAGE = 0.995

MAKERS: tuple[Callable[[AttributeRun], Iterator[Cell]], ...] = (
    connection_cells,
    bounds_cells,
    leftout_cells,
    funnel_cells,
    change_cells,
)
"""What makes cells of an attribute, in the order in which the gate is asked."""

JOINT_MAKERS: tuple[Callable[[Sequence[AttributeRun], Sequence[Cell]], Iterator[Cell]], ...] = (
    adjusted_cells,
    where_cells,
)
"""What makes cells of several attributes together, once each has cells by itself."""

WHOLE_MAKERS: tuple[Callable[[WholeRun], Iterator[Cell]], ...] = (
    skill_cells,
    claim_cells,
    modality_cells,
    outcome_cells,
    answer_cells,
    engagement_cells,
)
"""What makes cells that no single attribute owns, once all attributes have theirs."""

WHOLE_NAMES: tuple[Callable[[WholeRun], Iterator[Group]], ...] = (
    skill_names,
    modality_names,
    outcome_names,
    answer_names,
    engagement_names,
)
"""What names the parts of those cells: skills, scales, answers, waves."""

Progress = Callable[[int, int, str], None]


class EmptyStore(LookupError):
    """There is nothing to build a release from."""


@dataclass(frozen=True)
class Summary:
    """What a build did: cells by status, the release, and seconds."""

    entry: Entry
    statuses: Counter
    seconds: float


def thresholds_of(settings: Settings) -> Thresholds:
    """Return the gate's thresholds as the deployment set them."""
    return Thresholds(people=settings.minimum_people, effective=settings.minimum_effective)


def build(engine: Engine, settings: Settings, progress: Progress | None = None) -> Summary:
    """Compute everything that any page may show, and freeze it as the current release."""
    started = time.monotonic()
    with connected(engine) as connection:
        stamp_if_outdated(connection)
        connection.commit()
        contents = compute(connection, settings, progress or (lambda *_: None))
    entry = publish(contents, settings.releases)
    statuses = Counter(cell.status for cell in contents.cells)
    return Summary(entry, statuses, time.monotonic() - started)


def compute(connection: Connection, settings: Settings, progress: Progress) -> Contents:
    """Return the contents of a release; nothing in them is about a person."""
    latest = reading.latest_conversation(connection)
    if latest is None:
        raise EmptyStore(
            "The store holds no completed conversation yet. Import data first: "
            "`python3 weft.py import FOLDER`."
        )
    facts, thresholds = read_facts(connection), thresholds_of(settings)
    views = AttributeViews(connection, facts)
    places = read_places(connection, facts)
    attributes = reading.attributes(connection)
    steps = len(attributes) + 1
    progress(0, steps, "participation, completion, feedback")
    cells = list(rate_cells(RateData(connection, facts), places, thresholds))
    cells += place_rate_cells(connection, facts, places, thresholds)
    scopes, groups, runs = places.scopes(), place_groups(connection, facts), []
    for number, row in enumerate(attributes.itertuples(), 1):
        progress(number, steps, row.label)
        scope, run = _attribute(connection, facts, views, places, settings, row)
        scopes.append(scope)
        if run is not None:
            runs.append(run)
            groups += _named(run.breakdown)
            cells += [cell for make in MAKERS for cell in make(run)]
    cells += [cell for make in JOINT_MAKERS for cell in make(runs, tuple(cells))]
    whole = WholeRun(connection, facts, places, thresholds, settings, tuple(runs))
    cells += [cell for make in WHOLE_MAKERS for cell in make(whole)]
    groups += [group for name in WHOLE_NAMES for group in name(whole)]
    progress(steps, steps, "freezing")
    return Contents(
        cells=tuple(cells),
        measures=tuple(_texts()),
        scopes=tuple(scopes),
        groups=tuple(groups),
        periods=tuple(places.periods()),
        about=_about(connection, settings, thresholds, latest),
    )


def _attribute(
    connection: Connection,
    facts: Facts,
    views: AttributeViews,
    places: Places,
    settings: Settings,
    row: object,
) -> tuple[Scope, AttributeRun | None]:
    """Prepare one attribute, or say why it is not published."""
    sensitivity = Sensitivity.SPECIAL if row.sensitivity == "special" else Sensitivity.ATTITUDE
    allowed = {code.strip() for code in settings.special_attributes.split(",")}
    if sensitivity is Sensitivity.SPECIAL and row.attribute_code not in allowed:
        return _scope(row, note=SWITCHED_OFF), None
    thresholds = thresholds_of(settings)
    groups = published_groups(connection, facts, views, row.attribute_code, thresholds)
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


def _named(breakdown: Breakdown) -> Iterator[Group]:
    pairs = zip(breakdown.groups.codes, breakdown.groups.labels, strict=True)
    for number, (code, label) in enumerate(pairs):
        short = "Other" if code == OTHER else label
        yield Group(breakdown=breakdown.attribute, key=code, label=label, short=short, sort=number)


def _texts() -> Iterator[MeasureText]:
    for number, definition in enumerate(MEASURES):
        yield MeasureText(
            key=definition.key,
            title=definition.title,
            question=definition.question,
            unit=str(definition.unit),
            sensitivity=str(definition.sensitivity),
            better=definition.better,
            definition=definition.definition,
            caveat=definition.caveat,
            source=definition.source,
            sort=number,
        )


def _about(
    connection: Connection, settings: Settings, thresholds: Thresholds, latest: object
) -> dict[str, str]:
    as_of = latest if isinstance(latest, datetime) else datetime.fromisoformat(str(latest))
    return {
        "built_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "as_of": as_of.date().isoformat(),
        "organisation": reading.host(connection),
        "minimum_people": str(thresholds.people),
        "minimum_effective": str(thresholds.effective),
        "lowered": "yes" if thresholds.lowered else "",
        "headline_attribute": settings.headline_attribute,
        "special_purpose": settings.special_purpose,
    }
