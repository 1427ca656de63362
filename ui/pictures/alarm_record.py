"""The track record of alarms in words: under the strip of cohorts, and in the table behind it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from release import Cell, Release
from ui.words import safe

RECORD, RECALL, RULE = "alarm_record", "alarm_recall", "alarm_rule"
NO_HISTORY = (
    "How often such alarms were right: no history yet; the limit keeps false alarms below one in "
    "two cycles"
)
BESIDE = {"last_fell": "an alarm at every lower cycle", "random": "an alarm in any cycle"}
"""Simple rules, which a good alarm is right more often than."""
OF_WHAT = {RECORD: "right", RECALL: "lasting falls noticed in time"}


def _of(release: Release, measure: str) -> dict[str, Cell]:
    found = release.by_group(measure, "organisation", RULE)
    return {cell.group: cell for cell in found if cell.is_drawn}


def track_record_words(release: Release) -> str:
    """Return how often alarms were right and what they noticed, beside two simple rules.

    It always stands there.
    """
    records, noticed = _of(release, RECORD), _of(release, RECALL)
    if "cusum" not in records:
        return NO_HISTORY
    words = [f"How often such alarms were right: {_with_interval(records['cusum'])}"]
    words += [records["cusum"].reason] if records["cusum"].reason else []
    words += _noticed(noticed)
    words += [f"{name}: {_with_interval(records[rule])}" for rule, name in BESIDE.items()
              if rule in records]  # fmt: skip
    return safe("; ".join(words))


def _with_interval(cell: Cell) -> str:
    return f"{cell.printed} ({cell.interval})" if cell.interval else cell.printed


def _noticed(noticed: Mapping[str, Cell]) -> list[str]:
    if "cusum" not in noticed:
        return []
    own = noticed["cusum"]
    by_lot = [own.reason] if own.reason else []
    return [f"{OF_WHAT[RECALL]}: {_with_interval(own)}", *by_lot]


def records_in(release: Release) -> list[Cell]:
    """Return what is known of each rule, as rows of a table."""
    return [
        replace(cell, group=_row(cell))
        for measure in OF_WHAT
        for cell in _of(release, measure).values()
    ]


def record_names(release: Release) -> dict[str, str]:
    """Return what each of these rows is called, with what is known of how early alarms came."""
    labels = release.groups(RULE)
    return {
        _row(cell): "; ".join(
            filter(None, (f"{labels[rule].label}: {OF_WHAT[measure]}", cell.reason))
        )
        for measure in OF_WHAT
        for rule, cell in _of(release, measure).items()
        if rule in labels
    }


def _row(cell: Cell) -> str:
    return f"{cell.measure} {cell.group}"
