"""One attribute's view of the facts: the same names and columns, whichever attribute it shows.

The aggregates of all attributes are the same statements then, and SQLAlchemy compiles each once;
compiling them anew for every attribute took a third of a build. The view is no copy: the database
reads through it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import (
    Column,
    Connection,
    CreateView,
    DropView,
    MetaData,
    Select,
    SmallInteger,
    Table,
    select,
)

from store.aggregates import Grouping
from store.facts import Facts

OWN, BESIDE = "own", "beside"
"""Attribute codes inside a view: the attribute itself, and one that is looked at beside it."""
SIDES = {"pairing": "ab", "profile": "g", "available": "g"}
"""The tables that know groups, and how the names of their columns begin."""


class AttributeViews:
    """Views of the fact tables in which groups have the numbers that are published.

    What a call returns reads the same views whatever it was called for: run a statement made of it
    before the next call.
    """

    def __init__(self, connection: Connection, facts: Facts) -> None:
        self._connection = connection
        self._facts = facts
        self._shown: dict[int, tuple[Grouping, ...]] = {}
        self._layouts = {count: _layout(facts, count) for count in (1, 2)}

    def of(self, grouping: Grouping) -> tuple[Facts, Grouping]:
        """Return the facts as one attribute sees them, and the grouping by it."""
        return self._show(grouping), Grouping(OWN)

    def beside(self, grouping: Grouping, other: Grouping) -> tuple[Facts, Grouping, Grouping]:
        """Return the facts as two attributes see them, and the groupings by both."""
        return self._show(grouping, other), Grouping(OWN), Grouping(BESIDE)

    def _show(self, *groupings: Grouping) -> Facts:
        layout = self._layouts[len(groupings)]
        if self._shown.get(len(groupings)) != groupings:
            for name, sides in SIDES.items():
                source, table = getattr(self._facts, name), getattr(layout, name)
                chosen = _renumbered(source, sides, self._facts, groupings)
                self._connection.execute(DropView(table, if_exists=True))
                self._connection.execute(CreateView(chosen, table.name, temporary=True))
            self._shown[len(groupings)] = groupings
        return layout


def _layout(facts: Facts, count: int) -> Facts:
    tables = {}
    for name in SIDES:
        source = getattr(facts, name)
        kept = [Column(column.name, column.type) for column in _common(source, SIDES[name])]
        groups = [
            Column(f"{side}{number}", SmallInteger)
            for number in range(count)
            for side in SIDES[name]
        ]
        tables[name] = Table(f"{name}_of_{count}", MetaData(), *kept, *groups)
    return replace(facts, attributes=(OWN, BESIDE)[:count], **tables)


def _common(table: Table, sides: str) -> list[Column]:
    """Return the columns that are about no attribute."""
    return [column for column in table.c if not _is_group(column.name, sides)]


def _is_group(name: str, sides: str) -> bool:
    return name[0] in sides and name[1:].isdigit()


def _renumbered(table: Table, sides: str, facts: Facts, groupings: Sequence[Grouping]) -> Select:
    groups = [
        grouping.renumbered(table.c[f"{side}{facts.attributes.index(grouping.attribute)}"]).label(
            f"{side}{number}"
        )
        for number, grouping in enumerate(groupings)
        for side in sides
    ]
    return select(*_common(table, sides), *groups)
