"""Employee numbers that one organisation gave out: another organisation's are other people."""

from __future__ import annotations

from pandas import Series

from connectors.files.layout import folded
from connectors.mapping.cells import cleaned
from connectors.mapping.model import Mapping
from connectors.reading import TextTable

BETWEEN = ":"
"""Stands between organisation and number, also where a person is named to a command."""


def own_numbers(cells: Series, organisation: Series | str) -> Series:
    """Return identifiers, those that are no mail address with their organisation in front."""
    numbers = cells.ne("") & ~cells.str.contains("@", regex=False)
    return cells.mask(numbers, organisation + BETWEEN + cells)


def owner_of_numbers(mapping: Mapping, table: TextTable) -> Series | str | None:
    """Return the organisation whose numbers a file's people have; None where they are anybody's."""
    if not mapping.own_numbers:
        return None
    otherwise = mapping.constants.get(
        "organisation", mapping.organisation.code if mapping.organisation else ""
    )
    for name, target in mapping.targets():
        if target.to == "organisation":
            column = [folded(each) for each in table.header].index(folded(name))
            cells = cleaned(table.columns[column], mapping.missing)
            return cells.mask(cells.eq(""), otherwise)
    return otherwise
