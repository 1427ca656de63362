"""Who is behind the cells of an item, as the audits work it out; independent of the gate."""

from __future__ import annotations

import numpy as np
import pandas as pd


class Behind:
    """Patterns of people, and the rows that say where each of them is.

    Parameters
    ----------
    frame : DataFrame
        Rows of `store.patterns.patterns` of one item.
    """

    def __init__(self, frame: pd.DataFrame) -> None:
        self.columns = {name: frame[name].to_numpy() for name in frame.columns}
        numbers, self._position = np.unique(self.columns["pattern_no"], return_inverse=True)
        self.people = np.zeros(numbers.size, dtype=int)
        self.people[self._position] = self.columns["people"]

    def covered(self, rows: np.ndarray) -> np.ndarray:
        """Return which patterns some of the rows belong to."""
        covered = np.zeros(self.people.size, dtype=bool)
        covered[self._position[rows]] = True
        return covered
