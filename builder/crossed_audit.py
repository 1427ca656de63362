"""Check the cells of crossed groups: known groups only, and steadied only where also counted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from builder.gathering import GroupNumbers
from disclosure.audit import Finding
from release import Cell, Release

KEY, ALONE = "crossed_group_ratio", "crossed_group_ratio_alone"
CROSSED_MEASURES = (KEY, ALONE)

Condition = tuple[tuple[str, tuple[int, ...]], ...]
"""Columns of what people met as, each with the numbers of which one must hold."""


def audit_crossed(release: Release, published: Mapping[str, GroupNumbers]) -> Iterator[Finding]:
    """Yield every broken promise of a crossed group's cells, isolation aside."""
    cells = [cell for cell in release.contents.cells if cell.measure in CROSSED_MEASURES]
    counted = {(cell.breakdown, cell.group): cell for cell in cells if cell.measure == ALONE}
    for cell in cells:
        if not crossed_condition(cell, published):
            words = "a cell of an attribute or a crossed group that is not published"
            yield Finding(rule="not published", key=_name(cell), words=words)
        alone = counted.get((cell.breakdown, cell.group))
        if not cell.is_hidden and (alone is None or alone.is_hidden):
            yield Finding(
                rule="own number",
                key=_name(cell),
                words="steadied although the value as counted is not shown",
            )


def crossed_conditions(
    release: Release, attribute: str, published: Mapping[str, GroupNumbers]
) -> dict[str, Condition]:
    """Return who belongs to each crossed group of an attribute, worked out from its key alone."""
    found = {
        cell.group: crossed_condition(cell, published)
        for cell in release.contents.cells
        if cell.measure in CROSSED_MEASURES and cell.breakdown == attribute
    }
    return {group: condition for group, condition in found.items() if condition}


def crossed_condition(cell: Cell, published: Mapping[str, GroupNumbers]) -> Condition:
    """Return the conditions of a key such as ``woman|grade=director|manager``; () if unknown."""
    own, _, rest = cell.group.partition("|")
    beside, _, codes = rest.partition("=")
    if cell.breakdown == beside or not {cell.breakdown, beside} <= set(published):
        return ()
    groups, others = published[cell.breakdown], published[beside]
    members = codes.split("|")
    if own not in groups.codes or not set(members) <= set(others.codes):
        return ()
    numbers = tuple(others.numbers[others.codes.index(code)] for code in members)
    position = list(published).index(beside)
    return (
        ("group_no", (groups.numbers[groups.codes.index(own)],)),
        (f"own_{position}", numbers),
    )


def _name(cell: Cell) -> str:
    return " / ".join((cell.measure, cell.slice, cell.breakdown, cell.group, cell.period))
