"""The canonical tables, declared once: the words that every other room shares."""

from schema.columns import (
    Allowed,
    UtcTimestamp,
    about,
    allowed_values,
    column_default,
    has_later_columns,
    is_required,
    lineage_columns,
    reference,
)
from schema.tables import CANONICAL, IMPORT_ORDER, METADATA

__all__ = [
    "CANONICAL",
    "IMPORT_ORDER",
    "METADATA",
    "Allowed",
    "UtcTimestamp",
    "about",
    "allowed_values",
    "column_default",
    "has_later_columns",
    "is_required",
    "lineage_columns",
    "reference",
]
