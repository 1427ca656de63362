"""How far a sign is from its target, in words."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from plans import Target
from release import Cell
from ui.words import NARROW, written_date

SHARE, RATIO, CHANGE, LEVEL = "share", "ratio", "change", "level"
MINUS = "\u2212"
TO_REACH = {
    "reached": "reached",
    "about": "reached, though within noise",
    "near": "not yet, though within noise",
    "far": "not yet",
}


def written_value(value: float, kind: str) -> str:
    """Return a value of a sign as tiles print it."""
    return WRITTEN[kind](value).replace("-", MINUS)


WRITTEN: dict[str, Callable[[float], str]] = {
    SHARE: lambda value: f"{100 * value:.0f}{NARROW}%",
    RATIO: lambda value: f"{100 * (value - 1):+.0f}{NARROW}%",
    CHANGE: lambda value: f"{value:+.2f}{NARROW}points",
    LEVEL: lambda value: f"{value:.2f}",
}


def as_typed(value: float, kind: str) -> float:
    """Return a value of a sign as a reader types it: shares and ratios in per cent."""
    return round({SHARE: 100 * value, RATIO: 100 * (value - 1)}.get(kind, value), 2)


def as_kept(typed: float, kind: str) -> float:
    """Return a value of a sign in its own unit, as it was typed."""
    return {SHARE: typed / 100, RATIO: 1 + typed / 100}.get(kind, typed)


def target_words(cell: Cell | None, target: Target, kind: str, as_of: date) -> str:
    """Return a target, until when, and whether the published value with its interval reaches it."""
    said = f"target {written_value(target.value, kind)} by {written_date(target.by.isoformat())}"
    if cell is None or cell.estimate is None or cell.low is None or cell.high is None:
        return said
    state = _state(cell, target.value)
    if state in ("near", "far") and as_of > target.by:
        return f"{said}: not reached in time"
    return f"{said}: {TO_REACH[state]}"


def _state(cell: Cell, value: float) -> str:
    if cell.low >= value:
        return "reached"
    if cell.estimate >= value:
        return "about"
    return "near" if cell.high >= value else "far"
