"""The gate for help given and received: it protects those who answer and those who helped alike."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from disclosure.gate import Gate, Verdict
from disclosure.thresholds import Thresholds
from metrics.definition import Sensitivity
from store.facts import FIRST_GROUP
from store.helping import ALL

GAVE, GOT = "gave", "got"
ASKED_OF = {GAVE: "partner", GOT: "own"}
"""Whose group decides: an answer is about the help that a partner gave and that its giver got."""
ENDS = ("answered_by", "helped_by")


class HelpGate:
    """Gates that all have to agree, one pair for each end of an answer.

    The first pair knows people, over the cells of all attributes: all answers of one person count
    as one value, and so does all help of one person.

    The others know blocks, the people of one group who answered about those of another, attribute
    by attribute: what all conversations leave when those across groups are subtracted are the
    answers inside a group, and those must be enough people too.

    Parameters
    ----------
    answering : DataFrame
        Rows of `store.helping.answering`: answered_by, helped_by, o0, p0, o1, ...
    attributes : int
        How many attributes there are.
    thresholds : Thresholds
        What must hold.
    """

    def __init__(self, answering: pd.DataFrame, attributes: int, thresholds: Thresholds) -> None:
        self._columns = {name: answering[name].to_numpy() for name in answering.columns}
        self._places, self._gates = {}, {}
        for end in ENDS:
            people, self._places[end] = np.unique(self._columns[end], return_inverse=True)
            ones = np.ones(people.size, dtype=int)
            self._gates[end] = Gate(ones, thresholds, Sensitivity.ATTITUDE)
        self._blocks = {
            (position, end): self._block(answering, position, end)
            for position in range(attributes)
            for end in ENDS
        }
        self._block_gates = {
            spot: Gate(blocks.to_numpy(), thresholds, Sensitivity.ATTITUDE)
            for spot, blocks in self._blocks.items()
        }

    def behind(self, position: int, number: int, kind: str) -> tuple[int, int]:
        """Return the people behind help given and help got: the fewer of both ends."""
        return tuple(
            min(int(covered.sum()) for _, covered in self._ends(position, number, kind, side))
            for side in (GAVE, GOT)
        )

    def offer(self, position: int, number: int, kind: str, side: str) -> Verdict:
        """Return the verdict on the answers about a group, or on those of it."""
        ends = list(self._ends(position, number, kind, side))
        blocks = [
            self._block_gates[position, end].offer(
                _chosen(self._blocks[position, end], number, kind, side)
            )
            for end in ENDS
        ]
        # a gate remembers what it lets through, so people are asked last
        if Verdict.PROTECTS in blocks:
            return Verdict.PROTECTS
        verdicts = [self._gates[end].offer(covered) for end, covered in ends]
        for hidden in (Verdict.SMALL, Verdict.PROTECTS):
            if hidden in verdicts:
                return hidden
        return Verdict.SHOWN

    def _ends(
        self, position: int, number: int, kind: str, side: str
    ) -> Iterator[tuple[str, np.ndarray]]:
        own, partner = (self._columns[f"{name}{position}"] for name in "op")
        inside = (own >= FIRST_GROUP) & (partner >= FIRST_GROUP)
        inside &= {"own": own, "partner": partner}[ASKED_OF[side]] == number
        if kind != ALL:
            inside &= own != partner
        for end in ENDS:
            covered = np.zeros(self._places[end].max(initial=-1) + 1, dtype=bool)
            covered[self._places[end][inside]] = True
            yield end, covered

    @staticmethod
    def _block(answering: pd.DataFrame, position: int, end: str) -> pd.Series:
        """Return the distinct people of each two groups."""
        named = {f"o{position}": "own", f"p{position}": "partner"}
        frame = answering[[*named, end]].rename(columns=named)
        known = frame[(frame["own"] >= FIRST_GROUP) & (frame["partner"] >= FIRST_GROUP)]
        return known.drop_duplicates().groupby(["own", "partner"]).size()


def _chosen(blocks: pd.Series, number: int, kind: str, side: str) -> np.ndarray:
    own, partner = (blocks.index.get_level_values(name).to_numpy() for name in ("own", "partner"))
    inside = {"own": own, "partner": partner}[ASKED_OF[side]] == number
    return inside if kind == ALL else inside & (own != partner)
