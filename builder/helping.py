"""Cells of help given and received, by group: one question, so one gate for all attributes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from sqlalchemy import Connection

from builder.attribute import Breakdown
from builder.cells import CellKey, Draft, judged
from builder.helping_gate import ASKED_OF, GAVE, GOT, HelpGate
from builder.places import ALL_TIME
from builder.whole import WholeRun
from disclosure.gate import Verdict
from metrics import measure
from metrics.connection.helping import HelpCounts
from metrics.definition import Result
from metrics.division import divide
from release.contents import Cell
from store import helping, reading
from store.aggregates import Grouping
from store.facts import Facts
from store.helping import ACROSS, ALL, SUMS

SUFFIXES = {ACROSS: "_across", ALL: ""}
"""Conversations across groups come first: they are what the page is about."""
BALANCE = "help_balance"
SHARES = {"help_given": GAVE, "help_received": GOT}


def help_cells(run: WholeRun) -> Iterator[Cell]:
    """Yield help given, help received and their balance, for the whole organisation."""
    if not run.runs or not helping.is_asked(run.connection):
        return
    data = HelpData(run.connection, run.facts, run.groupings)
    gate = HelpGate(data.answering, len(run.runs), run.thresholds)
    for kind in SUFFIXES:
        for position, own in enumerate(run.runs):
            yield from _cells(run, data, gate, position, own.breakdown, kind)


def _cells(
    run: WholeRun, data: HelpData, gate: HelpGate, position: int, cut: Breakdown, kind: str
) -> Iterator[Cell]:
    drafts: dict[str, list[Draft]] = {BALANCE: [], **{key: [] for key in SHARES}}
    for number, code, label in zip(
        cut.groups.numbers, cut.groups.codes, cut.groups.labels, strict=True
    ):
        counts = data.counts(position, number, kind, gate.behind(position, number, kind))
        verdicts = {
            key: _verdict(gate, data, run, (position, number, kind, side))
            for key, side in SHARES.items()
        }
        hidden = [each for each in verdicts.values() if each is not Verdict.SHOWN]
        verdicts[BALANCE] = hidden[0] if hidden else Verdict.SHOWN
        for key, into in drafts.items():
            name = f"{key}{SUFFIXES[kind]}"
            result = measure(name).compute(counts, ())
            into.append(_draft(run, cut, name, (code, label), result, verdicts[key]))
    for family in drafts.values():
        yield from judged(family)


Spot = tuple[int, int, str, str]
"""Position of the attribute, number of the group, which conversations, and which side of help."""


def _verdict(gate: HelpGate, data: HelpData, run: WholeRun, spot: Spot) -> Verdict:
    if data.largest(*spot) > run.thresholds.largest_share:
        return Verdict.PROTECTS
    return gate.offer(*spot)


def _draft(
    run: WholeRun,
    cut: Breakdown,
    key: str,
    group: tuple[str, str],
    result: Result,
    verdict: Verdict,
) -> Draft:
    code, label = group
    return Draft(
        key=CellKey(
            measure=key,
            slice=run.places.slices[0],
            when=ALL_TIME,
            breakdown=cut.attribute,
            breakdown_label=cut.label,
            group=code,
            group_labels=(label,),
            among=f"people whose {cut.label} is {label}",
        ),
        result=result,
        verdict=verdict,
        sensitivity=cut.sensitivity,
        thresholds=run.thresholds,
    )


@dataclass(frozen=True)
class Moments:
    """Rows of `store.helping.help_moments` over people and over pairs, by attribute and group."""

    persons: dict[tuple[int, int], dict[str, float]]
    pairs: dict[tuple[int, int], dict[str, float]]

    def products(self, position: int, number: int, kind: str) -> tuple[np.ndarray, np.ndarray]:
        """Return the sums of products of one group as two tables."""
        return tuple(
            _table(rows.get((position, number), {}), kind) for rows in (self.persons, self.pairs)
        )


def _table(row: dict[str, float], kind: str) -> np.ndarray:
    table = np.zeros((len(SUMS), len(SUMS)))
    for one, other in helping.PRODUCTS:
        first, second = SUMS.index(one), SUMS.index(other)
        value = float(row.get(f"{kind}_{one}_{other}") or 0.0)
        table[first, second] = table[second, first] = value
    return table


@dataclass(frozen=True)
class Totals:
    """Answers of one attribute by cohort and by both groups, column by column."""

    cohort: np.ndarray
    own: np.ndarray
    partner: np.ndarray
    yes: np.ndarray
    answers: np.ndarray

    def usual(self, inside: np.ndarray) -> np.ndarray:
        """Return the share of yes in the cohort of each row, among the rows inside."""
        size = self.cohort.max(initial=-1) + 1
        yes, answers = (
            np.bincount(self.cohort[inside], values[inside], size)
            for values in (self.yes, self.answers)
        )
        return divide(yes, answers, otherwise=0)[self.cohort]


class HelpData:
    """The aggregates of the question whether a conversation helped, each read once."""

    def __init__(self, connection: Connection, facts: Facts, groupings: Sequence[Grouping]) -> None:
        helped, size = helping.gather_helped(connection, facts, groupings), len(groupings)
        self.answering = reading.read_numbers(connection, helping.answering(helped))
        frame = reading.read_numbers(connection, helping.helped_by_groups(helped, size))
        self._totals = [_totals(frame, position) for position in range(size)]
        self._moments = Moments(
            *(
                {
                    (row["attribute_no"], row["group_no"]): row
                    for row in reading.rows(
                        connection, helping.help_moments(helped, size, by_pair=by_pair)
                    )
                }
                for by_pair in (False, True)
            )
        )

    def counts(self, position: int, number: int, kind: str, people: tuple[int, int]) -> HelpCounts:
        """Return what help of one group is computed from."""
        totals = self._totals[position]
        inside = _of_kind(totals, kind)
        usual = totals.usual(inside)
        sides = [inside & (_side(totals, side) == number) for side in (GAVE, GOT)]
        sums = [values[side].sum() for side in sides for values in (totals.yes, totals.answers)]
        persons, pairs = self._moments.products(position, number, kind)
        return HelpCounts(
            sums=np.array(sums, dtype=float),
            persons=persons,
            pairs=pairs,
            expected=tuple(
                float(divide((totals.answers * usual)[side].sum(), totals.answers[side].sum()))
                for side in sides
            ),
            people=people,
        )

    def largest(self, position: int, number: int, kind: str, side: str) -> float:
        """Return the largest part of the answers that touches one person; 0 without answers."""
        row = self._moments.persons.get((position, number), {})
        most = float(row.get(f"{kind}_most_{'given' if side == GAVE else 'got'}") or 0.0)
        totals = self._totals[position]
        every = totals.answers[_of_kind(totals, kind) & (_side(totals, side) == number)].sum()
        return most / every if every else 0.0


def _totals(frame: pd.DataFrame, position: int) -> Totals:
    rows = frame[frame["attribute_no"] == position]
    places = rows[["programme_no", "cohort_no"]].to_numpy()
    _, cohort = np.unique(places, axis=0, return_inverse=True)
    columns = {name: rows[name].to_numpy() for name in ("own", "partner", "yes", "answers")}
    return Totals(cohort=cohort.ravel(), **columns)


def _of_kind(totals: Totals, kind: str) -> np.ndarray:
    everything = np.ones(totals.own.size, dtype=bool)
    return everything if kind == ALL else totals.own != totals.partner


def _side(totals: Totals, side: str) -> np.ndarray:
    return {"own": totals.own, "partner": totals.partner}[ASKED_OF[side]]
