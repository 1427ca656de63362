"""Check the published claims: known parts, enough people, nobody counted who was not rated."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sqlalchemy import Connection

from builder.gathering import GroupNumbers
from builder.items import cut_breakdown
from builder.modality import BREAKDOWN as MODALITY
from builder.modality import LABELS
from builder.outcomes import BREAKDOWN as OUTCOME
from builder.outcomes import IN_A_HUNDRED
from disclosure.audit import Finding
from disclosure.thresholds import Thresholds
from metrics.claims import measures as claims
from release import Cell, Release
from release.contents import WHOLE
from store import exposure, outcomes, reading
from store.facts import Facts

CLAIM_MEASURES = frozenset(measure.key for measure in claims.MEASURES)
SKILL = "skill"
FIVE = 5
FLOATING_POINT = 1e-4


def audit_claims(
    connection: Connection,
    facts: Facts,
    release: Release,
    published: Mapping[str, GroupNumbers],
    thresholds: Thresholds,
) -> list[Finding]:
    """Return every promise that the claims break.

    Not noticed: a wrong estimate of growth by lottery, since a start or within persons, a wrong
    word for its strength, and what claims and means give away together.
    """
    cells = [cell for cell in release.contents.cells if cell.measure in CLAIM_MEASURES]
    if not cells:
        return []
    gaps = _gaps(connection, facts)
    rated = _rated(connection)
    findings = [*_unknown(cells, release, published, gaps)]
    for cell in cells:
        findings += _people(cell, rated, thresholds)
        findings += _gap(cell, gaps)
    return findings


def _unknown(
    cells: list[Cell],
    release: Release,
    published: Mapping[str, GroupNumbers],
    gaps: Mapping[str, float],
) -> Iterator[Finding]:
    """Yield cells of a part or an attribute that is not published."""
    parts = {SKILL: set(release.groups(SKILL)), OUTCOME: set(gaps), MODALITY: set(LABELS)}
    known = {
        cut_breakdown(part, attribute): codes | {WHOLE}
        for part, codes in parts.items()
        for attribute in ("", *published)
    }
    for cell in cells:
        if cell.group not in known.get(cell.breakdown, set()):
            yield Finding(rule="not published", key=_key(cell), words="a claim on an unknown part")


def _rated(connection: Connection) -> int:
    """Return how many people were rated at all."""
    return int(connection.scalar(exposure.people_rated()) or 0)


def _people(cell: Cell, rated: int, thresholds: Thresholds) -> Iterator[Finding]:
    if not cell.is_drawn:
        return
    least = thresholds.people if cell.breakdown == MODALITY else thresholds.mean
    # published to the nearest five, which may lie below the number itself
    if cell.people + FIVE / 2 < least:
        yield Finding(rule="few people", key=_key(cell), words="a claim on too few people")
    if cell.breakdown.partition(".")[0] == SKILL and cell.people - FIVE / 2 > rated:
        words = "a claim on more people than were rated"
        yield Finding(rule="wrong number", key=_key(cell), words=words)


def _gaps(connection: Connection, facts: Facts) -> dict[str, float]:
    """Return, by outcome, the mean of people who take part less that of others."""
    rows = reading.read(connection, outcomes.outcome_sums(facts, ())).to_dict("records")
    found = {}
    for code in {row["outcome_code"] for row in rows}:
        sides = {row["takes_part"]: row for row in rows if row["outcome_code"] == code}
        yes_or_no = all(row["yes_or_no"] == row["people"] for row in sides.values())
        means = [row["total"] / row["people"] for _, row in sorted(sides.items())]
        gap = means[1] - means[0] if len(means) == len((0, 1)) else float("nan")
        found[code] = gap * (IN_A_HUNDRED if yes_or_no else 1)
    return found


def _gap(cell: Cell, gaps: Mapping[str, float]) -> Iterator[Finding]:
    if cell.measure != "outcome_gap" or not cell.is_drawn:
        return
    exact = gaps.get(cell.group, float("nan"))
    if not cell.low - FLOATING_POINT <= exact <= cell.high + FLOATING_POINT:
        yield Finding(rule="wrong number", key=_key(cell), words="a gap outside its own interval")


def _key(cell: Cell) -> str:
    return " / ".join((cell.measure, cell.slice, cell.breakdown, cell.group, cell.period))
