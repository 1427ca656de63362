"""The presets that are shipped: how each is told, and how it is mapped."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from connectors.contract import SourceError

FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class Preset:
    """An export of a service.

    Attributes
    ----------
    key : str
        Short name.
    words : str
        What it is called towards the user.
    signatures : tuple of tuple of str
        Column names that must stand in one line; one of several sets.
    mapping : dict
        A mapping as in YAML; columns that a file lacks are left out of it.
    rest : str
        What other columns may be: an answer, an attribute, or nothing.
    """

    key: str
    words: str
    signatures: tuple[tuple[str, ...], ...]
    mapping: dict[str, Any]
    rest: str = ""


@cache
def presets() -> tuple[Preset, ...]:
    """Return all presets; those with longer signatures come first."""
    found = [_preset(file) for file in FOLDER.glob("*.yaml")]
    return tuple(sorted(found, key=lambda p: (-max(len(names) for names in p.signatures), p.key)))


def _preset(file: Path) -> Preset:
    content = yaml.safe_load(file.read_text(encoding="utf-8"))
    try:
        return Preset(
            key=file.stem,
            words=content["words"],
            signatures=tuple(tuple(names) for names in content["signatures"]),
            mapping=content["mapping"],
            rest=content.get("rest", ""),
        )
    except (KeyError, TypeError):
        raise SourceError(f"{file.name}: the preset is not complete.") from None
