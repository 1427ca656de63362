"""Small files, mappings and pseudonyms that the tests of mapped files share."""

from __future__ import annotations

from collections.abc import Mapping as Given
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pandas import DataFrame

from connectors.contract import VARIANTS, Rejected
from connectors.identity import Pseudonyms
from connectors.mapping.mapped_file import MappedFile
from connectors.mapping.model import mapping_of

PSEUDONYMS = Pseudonyms(b"a key for tests alone, thirty-two bytes")
NOW = datetime(2026, 6, 1, tzinfo=UTC)

PEOPLE: dict[str, Any] = {
    "holds": "people",
    "as_of": "2026-01-01",
    "organisation": {"code": "acme", "label": "Acme"},
    "columns": {
        "Mail": {"to": "person"},
        "Dept": {"to": "attribute", "code": "dept", "sensitivity": "plain"},
    },
}
TALKS: dict[str, Any] = {
    "holds": "conversations",
    "timezone": "Europe/Berlin",
    "programme": {"code": "pairs", "label": "Pairs"},
    "columns": {
        "A": {"to": "person"},
        "B": {"to": "person"},
        "When": {"to": "actual_start_at"},
    },
}


class Result:
    """Everything that a mapped file yields."""

    def __init__(self, file: Path, mapping: Given[str, Any]) -> None:
        connector = MappedFile(file, mapping_of(dict(mapping), "test"), PSEUDONYMS, now=NOW)
        batches = list(connector.batches())
        self.tables: dict[str, DataFrame] = {
            b.table: b.frame for b in batches if b.table != VARIANTS
        }
        self.rejected: list[Rejected] = [r for b in batches for r in b.rejected]
        self.notes: list[str] = [note for b in batches for note in b.notes]

    @property
    def codes(self) -> list[str]:
        """Return the codes of all reasons."""
        return [row.code for row in self.rejected]


def read(tmp_path: Path, content: str | bytes, mapping: Given[str, Any], name: str = "f.csv"):
    """Write a file, read it with a mapping, and return what came out."""
    file = tmp_path / name
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    return Result(file, mapping)


def pseudonym(identifier: str) -> str:
    """Return what an identifier becomes."""
    from pandas import Series

    return PSEUDONYMS.of(Series([identifier]))[0]
