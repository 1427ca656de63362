"""Targets for the signs of the first page: what was said to be reached, and until when."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from math import isfinite
from pathlib import Path

from plans.lines import BookDamaged, append, numbered
from plans.plan import PlanError

FILE = "targets.jsonl"
FURTHEST = timedelta(days=5 * 366)
LONGEST_SIGN = 300


@dataclass(frozen=True, kw_only=True)
class Target:
    """One target; the last that was set for a sign holds.

    Attributes
    ----------
    sign : str
        What it is for, by its key in the catalogue.
    value : float
        In the unit of the sign: a share of 1, a ratio to a lottery, points.
    by : date
        When it is to be reached.
    set_on : date
        When it was set.
    dropped : bool
        Whether there is no target any more.
    """

    sign: str
    value: float
    by: date
    set_on: date
    dropped: bool = False

    def __post_init__(self) -> None:
        """Refuse what could not be read again or would say nothing."""
        if not 0 < len(self.sign) <= LONGEST_SIGN:
            raise PlanError("A target needs the sign that it is for.")
        if not isfinite(self.value):
            raise PlanError("A target needs a number.")
        if not self.set_on < self.by <= self.set_on + FURTHEST:
            raise PlanError("A target lies ahead, by five years at most.")

    def as_text(self) -> dict[str, str]:
        """Return the target as it is written down."""
        return {
            "sign": self.sign,
            "value": repr(self.value),
            "by": self.by.isoformat(),
            "set_on": self.set_on.isoformat(),
            "dropped": "yes" if self.dropped else "",
        }


class Targets:
    """All targets of a home: one file of its own, which every rebuild of the data leaves alone."""

    def __init__(self, home: Path) -> None:
        self.file = home / FILE

    def by_sign(self) -> dict[str, Target]:
        """Return the target of each sign that has one."""
        latest: dict[str, Target] = {}
        for number, line in numbered(self.file):
            target = self._read(line, number)
            latest[target.sign] = target
        return {sign: target for sign, target in latest.items() if not target.dropped}

    def keep(self, target: Target) -> None:
        """Write a target down."""
        append(self.file, target.as_text())

    def _read(self, line: str, number: int) -> Target:
        try:
            return _read_target(json.loads(line))
        except (json.JSONDecodeError, PlanError) as error:
            raise BookDamaged(
                f"Line {number} of {self.file.name} is no target; take it out or put it right."
            ) from error


def _read_target(written: Mapping[str, str]) -> Target:
    try:
        dates = {name: date.fromisoformat(written[name]) for name in ("by", "set_on")}
        return Target(
            sign=written["sign"],
            value=float(written["value"]),
            dropped=written["dropped"] == "yes",
            **dates,
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise PlanError("This is no target.") from error
