"""Figures from elsewhere that may stand beside an answer, each with where it comes from."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

FILE = Path(__file__).with_name("references.toml")
REQUIRED = ("title", "wording", "year", "population", "sponsor", "caveat")


class UnsourcedReference(ValueError):
    """A figure from elsewhere that does not say where it comes from."""


@dataclass(frozen=True, kw_only=True)
class Reference:
    """Shares of one survey, and what a reader must know to weigh them.

    Attributes
    ----------
    title, wording, year, population, sponsor, caveat : str
        What it is called, what was asked, when, of whom, who paid for it, and what it leaves open.
    shares : mapping of str to float
        By code of the option; they sum to 1.
    """

    title: str
    wording: str
    year: str
    population: str
    sponsor: str
    caveat: str
    shares: Mapping[str, float]

    @property
    def provenance(self) -> str:
        """Return where the figures come from, in one piece."""
        return (
            f"{self.title}, by {self.sponsor}. Asked: {self.wording[:1].lower()}"
            f"{self.wording[1:]}. Year: {self.year}. Population: {self.population}. {self.caveat}"
        )


@lru_cache(maxsize=4)
def references(file: Path = FILE) -> Mapping[str, Reference]:
    """Return the references by construct.

    Raises
    ------
    UnsourcedReference
        Where an entry lacks wording, year, population, sponsor, caveat or shares, or its shares do
        not sum to 1.
    """
    written = tomllib.loads(file.read_text(encoding="utf-8"))
    return {construct: _checked(construct, entry) for construct, entry in written.items()}


def _checked(construct: str, entry: Mapping[str, object]) -> Reference:
    missing = [name for name in REQUIRED if not str(entry.get(name, "")).strip()]
    if missing:
        raise UnsourcedReference(f"{construct}: no {', '.join(missing)}")
    shares = entry.get("shares") or {}
    if abs(sum(shares.values()) - 1) > 1e-9:
        raise UnsourcedReference(f"{construct}: the shares do not sum to 1")
    return Reference(**{name: str(entry[name]) for name in REQUIRED}, shares=dict(shares))
