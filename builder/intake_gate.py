"""The gate for contacts by intake: what stands apart from places that are already shown."""

from __future__ import annotations

import numpy as np
import pandas as pd

from builder.attribute import AttributeRun
from builder.places import ALL_TIME, Slice, When
from disclosure.gate import Gate, Verdict

BLOCK = ("cell_no", "intake_no", "first_no")
"""What contacts of intakes are told apart by. Whoever came again stands in several blocks."""


class IntakeGate:
    """The gate over blocks: people by intake who met in one cohort and quarter.

    A cohort and the intake of its people may be the very same people, and yet differ by contacts:
    those of the few who came again later. So what is known of people alone is not enough. The gate
    is told of every slice and period that is shown, by whatever rule; no intake may add to what
    they tell of a block.
    """

    def __init__(self, run: AttributeRun, belongs: pd.DataFrame) -> None:
        by = list(BLOCK)
        blocks = belongs[[*by, "person_no"]].drop_duplicates().groupby(by).size().rename("people")
        frame = blocks.reset_index().merge(run.cells, on="cell_no", how="left")
        self._columns = {name: frame[name].to_numpy() for name in frame.columns}
        self._gate = Gate(self._columns["people"], run.gate.thresholds, run.gate.sensitivity)
        for (slice_, when, part), verdict in run.gate.verdicts.items():
            if verdict is Verdict.SHOWN and not part:
                self._gate.count(self._within(slice_, when))

    def offer(self, slice_: Slice, number: int) -> Verdict:
        """Return the verdict on the blocks of an intake of a programme, or of the organisation."""
        return self._gate.offer(self._within(slice_) & of_intake(self._columns, slice_, number))

    def _within(self, slice_: Slice, when: When = ALL_TIME) -> np.ndarray:
        inside = np.ones(self._columns["people"].size, dtype=bool)
        wanted = {f"{slice_.level}_no": slice_.number, "quarter_no": when.number}
        for name, wanted_number in wanted.items():
            if wanted_number:
                inside &= self._columns[name] == wanted_number
        return inside


def of_intake(columns: dict[str, np.ndarray], slice_: Slice, number: int) -> np.ndarray:
    """Return which rows are of an intake: of a programme its own, of the organisation the first."""
    return columns["intake_no" if slice_.number else "first_no"] == number
