"""Cells of the track record of alarms, beside two simple rules."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from builder.cells import CellKey, Draft, judged
from builder.places import ALL_TIME
from builder.whole import WholeRun
from disclosure.gate import Verdict
from metrics import measure
from metrics.definition import Sensitivity
from metrics.engagement.alarms import Array, Watch
from metrics.engagement.record import AlarmRecord, track_record
from metrics.engagement.rhythm import Cycles
from release.contents import Cell

RECORD, RECALL = "alarm_record", "alarm_recall"
RULE_WORDS = {
    "cusum": "Alarms on this page",
    "last_fell": "An alarm whenever a cycle is lower",
    "random": "An alarm in any cycle",
}


def record_cells(
    run: WholeRun, past: Sequence[tuple[Cycles, Watch, Array]], people: int
) -> Iterator[Cell]:
    """Yield of each rule how often it was right, and how many falls it noticed.

    An alarm in any cycle notices every fall, which says nothing, so that it has no such cell.
    """
    for rule, record in track_record(past).items():
        given = AlarmRecord(record=record, people=people)
        for key in (RECORD,) if rule == "random" else (RECORD, RECALL):
            where = CellKey(
                key,
                run.places.slices[0],
                ALL_TIME,
                breakdown="alarm_rule",
                group=rule,
                group_labels=(RULE_WORDS[rule],),
            )
            result = measure(key).compute(given, ())
            operational = Sensitivity.OPERATIONAL
            draft = Draft(where, result, Verdict.SHOWN, operational, run.thresholds)
            yield from judged([draft])
