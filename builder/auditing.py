"""Check a release against its promises, without taking the gate's word for anything."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd
from sqlalchemy import Connection, Engine

from builder.answered_audit import ANSWER_MEASURES, audit_answers
from builder.change_audit import audit_change, change_sets
from builder.claims_audit import CLAIM_MEASURES, audit_claims
from builder.cohort_fields import RATE
from builder.cohorts_audit import COHORT_MEASURES, audit_cohorts
from builder.crossed_audit import CROSSED_MEASURES, audit_crossed
from builder.dropouts_audit import audit_dropouts
from builder.equity_audit import EQUITY_MEASURES, audit_equity
from builder.funnel_audit import audit_funnel
from builder.gathering import AttributeData, GroupNumbers
from builder.groups import published_groups
from builder.growth_audit import GROWTH_MEASURES, audit_growth
from builder.helping_audit import audit_help
from builder.intake_ratios_audit import audit_intake_ratios
from builder.intakes_audit import audit_intakes
from builder.leftout_audit import audit_leftout
from builder.overall_audit import audit_overall
from builder.places import ALL_TIME, Places, Slice, read_places
from builder.preparing import thresholds_of
from builder.profiles_audit import PROFILE_MEASURES, audit_profiles
from builder.several_audit import audit_several
from builder.where_audit import WHERE_MEASURES, audit_where
from disclosure.audit import Finding, audit_item, audit_matrix
from disclosure.audit_printing import audit_published
from disclosure.publishing import CellStatus, PublishedCell
from disclosure.thresholds import Thresholds
from metrics.connection.change import PARTS
from release import Cell, Release, open_current
from release.contents import WHOLE
from settings import Settings
from store import reading
from store.attribute_view import AttributeViews
from store.database import connected
from store.facts import PLACE_KINDS
from store.stamping import read_facts

FIXED_PARTS = {"completion_by_crossing": ("same", "cross"), "change_split": PARTS}
"""Parts of a measure that are no groups of the attribute."""
ENGAGEMENT_PARTS = ("step", "outcome", "alarm_rule")
OPERATIONAL_PARTS = ("none", RATE, *PLACE_KINDS, *ENGAGEMENT_PARTS)
"""Breakdowns that no personal attribute touches."""
CONNECTION_MEASURES = (
    "cross_group_share", "cross_group_ratio", "coleman_index", "cross_group_reach", "mixing_load",
)  # fmt: skip
NUMBERS = (
    "estimate", "low", "high", "expected", "lottery_low", "lottery_high", "people", "pairs",
    "printed", "interval", "phrase", "sentence", "reason", "verdict",
)  # fmt: skip


def audit(engine: Engine, settings: Settings) -> list[Finding]:
    """Return every promise that the current release breaks."""
    release = open_current(settings.releases)
    with connected(engine) as connection:
        return audit_release(connection, release, thresholds_of(settings))


def audit_release(
    connection: Connection, release: Release, thresholds: Thresholds
) -> list[Finding]:
    """Return every promise that a release breaks, given the store it was built from."""
    facts = read_facts(connection)
    views = AttributeViews(connection, facts)
    places = read_places(connection, facts)
    published = {
        attribute: published_groups(connection, facts, views, attribute, thresholds)
        for attribute, scope in release.breakdowns.items()
        if not scope.note
    }
    findings = [*_printing(release, thresholds), *_not_published(release, published)]
    findings += audit_several(connection, facts, places, release, published, thresholds)
    findings += audit_where(connection, facts, release, published, thresholds)
    findings += audit_crossed(release, published)
    findings += audit_cohorts(release)
    findings += audit_dropouts(release, thresholds)
    findings += audit_equity(connection, facts, places, release, published, thresholds)
    findings += audit_intakes(connection, facts, places, release, thresholds)
    findings += audit_growth(connection, facts, places, release, published, thresholds)
    findings += audit_overall(release)
    findings += audit_claims(connection, facts, release, published, thresholds)
    findings += audit_answers(connection, facts, places, release, published, thresholds)
    findings += audit_help(connection, facts, release, published, thresholds)
    findings += audit_profiles(connection, facts, release, published, thresholds)
    cells = reading.cells(connection, facts)
    for attribute, groups in published.items():
        data = AttributeData(connection, views, groups)
        memberships = data.memberships.merge(cells, on="cell_no")
        findings += audit_change(release, attribute)
        findings += _isolation(attribute, release, groups, memberships, places, thresholds)
        findings += _tables(attribute, release, groups, data, places, thresholds)
        findings += audit_intake_ratios(connection, views, places, release, attribute, groups, data)
        findings += audit_leftout(connection, facts, places, release, attribute, groups, thresholds)
        findings += audit_funnel(connection, facts, release, attribute, groups, thresholds)
    return findings


def _not_published(release: Release, published: Mapping[str, GroupNumbers]) -> Iterator[Finding]:
    """Yield cells of attributes that are switched off, and of groups that stand in no union."""
    for cell in release.contents.cells:
        elsewhere = (
            *WHERE_MEASURES,
            *CROSSED_MEASURES,
            *GROWTH_MEASURES,
            *CLAIM_MEASURES,
            *ANSWER_MEASURES,
            *COHORT_MEASURES,
            *EQUITY_MEASURES,
            *PROFILE_MEASURES,
        )
        if cell.breakdown in ("none", *ENGAGEMENT_PARTS) or cell.measure in elsewhere:
            continue
        groups = published.get(cell.breakdown)
        if groups is None or not _is_known(cell, groups):
            words = "a cell of an attribute or a group that is not published"
            yield Finding(rule="not published", key=_name(cell), words=words)


def _is_known(cell: Cell, groups: GroupNumbers) -> bool:
    known = {WHOLE, *groups.codes, *FIXED_PARTS.get(cell.measure, ())}
    return set(cell.group.split("|")) <= known


def _printing(release: Release, thresholds: Thresholds) -> list[Finding]:
    """Check that hidden cells carry nothing, and shown ones no more than they may."""
    cells = release.contents.cells
    operational = {cell for cell in cells if cell.breakdown in OPERATIONAL_PARTS}
    other = [cell for cell in cells if cell not in operational]
    return [
        *audit_published(_as_published(operational), thresholds.operational),
        *audit_published(_as_published(other), thresholds.people),
    ]


def _as_published(cells: object) -> Mapping[str, PublishedCell]:
    return {
        _name(cell): PublishedCell(
            status=CellStatus(cell.status), **{name: getattr(cell, name) for name in NUMBERS}
        )
        for cell in cells
    }


def _name(cell: Cell) -> str:
    parts = (cell.measure, cell.slice, cell.breakdown, cell.group, cell.period)
    return " / ".join(parts)


def _isolation(
    attribute: str,
    release: Release,
    groups: GroupNumbers,
    memberships: pd.DataFrame,
    places: Places,
    thresholds: Thresholds,
) -> list[Finding]:
    """Check that all shown cells of an attribute together single nobody out."""
    people = (
        memberships.drop_duplicates("pattern_no").set_index("pattern_no")["people"].sort_index()
    )
    shown = {
        (cell.slice, cell.period, cell.group)
        for cell in release.contents.cells
        if cell.measure in CONNECTION_MEASURES
        and cell.breakdown == attribute
        and _is_known(cell, groups)
        and not cell.is_hidden
    }
    masks, names = [], []
    for slice_, when, group in sorted(shown):
        inside = _covered(memberships, groups, places, slice_, when, group)
        masks.append(people.index.isin(inside))
        names.append(f"{attribute} / {slice_} / {when} / {group}")
    for name, patterns in change_sets(release, attribute, memberships, places):
        masks.append(people.index.isin(patterns))
        names.append(name)
    if not masks:
        return []
    return audit_item(people.to_numpy(dtype=int), np.array(masks), thresholds, keys=names)


def _covered(
    memberships: pd.DataFrame,
    groups: GroupNumbers,
    places: Places,
    slice_key: str,
    period_key: str,
    group_key: str,
) -> pd.Series:
    """Return the patterns that a published cell covers, worked out from its key alone."""
    frame = memberships
    kind, _, code = slice_key.partition("=")
    if code:
        frame = frame[frame[f"{kind}_id"] == code]
    if period_key != WHOLE:
        numbers = {when.key: when.number for when in places.quarters}
        frame = frame[frame["quarter_no"] == numbers[period_key]]
    if group_key != WHOLE:
        frame = frame[frame["group_no"] == groups.numbers[groups.codes.index(group_key)]]
    return frame["pattern_no"].unique()


def _tables(
    attribute: str,
    release: Release,
    groups: GroupNumbers,
    data: AttributeData,
    places: Places,
    thresholds: Thresholds,
) -> list[Finding]:
    """Check each published group by group table."""
    findings = []
    for slice_ in places.slices:
        asked = release.by_group("group_pair_ratio", slice_.key, attribute)
        cells = tuple(cell for cell in asked if _is_known(cell, groups))
        if cells:
            shown, own = _shown(cells, slice_, release, attribute, groups)
            table = data.pair_table(slice_, ALL_TIME, "all", own)
            findings += _named(
                audit_matrix(
                    table.people,
                    table.distinct_pairs,
                    table.largest_share,
                    shown,
                    own,
                    thresholds,
                ),
                f"{attribute} / {slice_.key}",
            )
    return findings


def _shown(
    cells: tuple[Cell, ...],
    slice_: Slice,
    release: Release,
    attribute: str,
    groups: GroupNumbers,
) -> tuple[np.ndarray, np.ndarray]:
    position = {code: number for number, code in enumerate(groups.codes)}
    shown = np.zeros((len(groups), len(groups)), dtype=bool)
    for cell in cells:
        one, other = (position[code] for code in cell.group.split("|"))
        shown[one, other] = shown[other, one] = not cell.is_hidden
    own = release.by_group("cross_group_share", slice_.key, attribute)
    own_shown = np.zeros(len(groups), dtype=bool)
    for cell in own:
        if not _is_known(cell, groups):
            continue
        own_shown[position[cell.group]] = not cell.is_hidden
    return shown, own_shown


def _named(findings: list[Finding], where: str) -> Iterator[Finding]:
    for finding in findings:
        yield Finding(rule=finding.rule, key=f"{where}: {finding.key}", words=finding.words)
