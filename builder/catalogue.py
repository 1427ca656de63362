"""The catalogue: which cells a release has, and in which order the gate is asked for them.

The order is a product decision. Every published number uses up some of the protection of the people
in it, so what most readers need comes first: wholes before parts, all periods before quarters.
What is not listed here cannot be looked up, filtered or exported.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from store.aggregates import Level, Span

Parts = Literal["whole", "groups", "pairs"]


@dataclass(frozen=True)
class View:
    """Cells of one grain: every slice of a level, every period of a span, one kind of part."""

    level: Level
    span: Span
    parts: Parts = "whole"


CONNECTION: tuple[View, ...] = (
    View("organisation", "all"),
    View("programme", "all"),
    View("organisation", "quarter"),
    View("organisation", "all", "groups"),
    View("cohort", "all"),
    View("programme", "quarter"),
    View("programme", "all", "groups"),
    View("organisation", "all", "pairs"),
    View("programme", "all", "pairs"),
)
"""Views of every attribute, for the share and the ratio (pairs: for the ratio of group pairs)."""

TRENDS: tuple[Level, ...] = ("organisation", "programme")
"""Levels whose quarters are also tested for a trend."""

SEVERAL_LEVELS: tuple[Level, ...] = ("organisation", "programme")
"""Levels at which attributes are looked at together, and unknown groups are bounded."""
MOST_ATTRIBUTES = 4
"""How many attributes, the first on screen, are taken into account together."""

MOST_BESIDE = 2
"""With how many others the leading attribute and personal ones are crossed: each uses up some
protection."""
MOST_CROSSED = 60
"""How many crossed groups two attributes may have at most, to be looked at both at once."""

LEFT_OUT_LEVELS: tuple[Level, ...] = ("organisation", "programme")
"""Levels whose reach, load and people without a conversation are told, for all quarters."""

CHANGE_LEVELS: tuple[Level, ...] = ("organisation", "programme")
"""Levels whose changes from quarter to quarter are split and judged; never those of cohorts."""

FUNNEL_LEVELS: tuple[Level, ...] = ("organisation", "programme", "cohort")
"""Levels whose steps from available to met again are told, for all quarters."""

RATES: tuple[View, ...] = tuple(
    View(level, span)
    for level in ("organisation", "programme", "cohort")
    for span in ("all", "quarter")
)
"""Views of the operational rates, which no personal attribute touches."""

CLAIM_LEVELS: tuple[Level, ...] = ("organisation", "programme")
"""Levels at which claims on growth are made."""
